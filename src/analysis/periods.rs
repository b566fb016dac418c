//! Calendar periods by their labels: read strictly, put in order, and those between two of them. It must not know what
//! fell in them.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use crate::dimension::Period;

/// The kinds of periods, with a label of each.
pub const KINDS: [(Period, &str); 5] = [
    (Period::Day, "2026-02-11"),
    (Period::Week, "2026-W07"),
    (Period::Month, "2026-02"),
    (Period::Quarter, "2026-Q1"),
    (Period::Year, "2026"),
];

/// One calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Its kind.
    pub period: Period,
    /// Its first day.
    pub first: NaiveDate,
}

impl Label {
    /// The period of that label, and of no other spelling of it: `2026-02-11`, `2026-W07`, `2026-02`, `2026-Q1`, `2026`.
    pub fn read(text: &str) -> Option<Label> {
        KINDS.iter().find_map(|(period, _)| {
            let first = first_day(*period, text)?;
            // A year has four digits, so that labels are in order as texts.
            (first.year() >= 1000 && period.label(first) == text).then_some(Label { period: *period, first })
        })
    }

    /// The period before.
    pub fn before(self) -> Option<Label> {
        let last = self.first.checked_sub_days(Days::new(1))?.and_time(NaiveTime::MIN).and_utc();
        let first = self.period.start(last.timestamp_micros(), Tz::UTC)?;
        Some(Label { first, ..self })
    }

    /// The period after.
    pub fn after(self) -> Option<Label> {
        Some(Label { first: self.period.next(self.first)?, ..self })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.period.label(self.first))
    }
}

/// The first day of the period that a text may be the label of.
fn first_day(period: Period, text: &str) -> Option<NaiveDate> {
    let date = |text: String, format: &str| NaiveDate::parse_from_str(&text, format).ok();
    match period {
        Period::Day => date(text.to_owned(), "%Y-%m-%d"),
        Period::Week => date(format!("{text}-1"), "%G-W%V-%u"),
        Period::Month => date(format!("{text}-01"), "%Y-%m-%d"),
        Period::Quarter => {
            let (year, quarter) = text.split_once("-Q")?;
            let month = 3 * quarter.parse::<u32>().ok()?.checked_sub(1)?.min(4) + 1;
            NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)
        }
        Period::Year => date(format!("{text}-01-01"), "%Y-%m-%d"),
    }
}

/// Every label from one to another, both included; those two where they are no labels.
pub fn between(first: &str, last: &str) -> Vec<String> {
    let (Some(start), Some(end)) = (Label::read(first), Label::read(last)) else {
        return [first, last].map(str::to_owned).to_vec();
    };
    let all = std::iter::successors(Some(start), |label| label.after());
    all.take_while(|label| label.first <= end.first).map(|label| label.to_string()).collect()
}

/// The name of one period of that kind.
pub fn noun(period: Period) -> &'static str {
    match period {
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_by_its_label() {
        for (period, text) in KINDS {
            let label = Label::read(text).unwrap();
            assert_eq!((label.period, label.to_string().as_str()), (period, text));
        }
        assert_eq!(Label::read("2026-W53").unwrap().first.to_string(), "2026-12-28");
        assert_eq!(Label::read("2025-W01").unwrap().first.to_string(), "2024-12-30");
    }

    #[test]
    fn another_spelling_is_none() {
        let none =
            ["2026-2", "2026-W7", "2026-W54", "2025-W53", "2026-Q5", "2026-Q0", "2026-13", "26", "Q1", ""];
        for text in
            none.into_iter().chain(["2026-02-30", "2026-2-11", " 2026", "+2026", "2026-w07", "2026-Q1 "])
        {
            assert_eq!(Label::read(text), None, "{text}");
        }
    }

    #[test]
    fn before_and_after_undo_each_other_across_the_year() {
        let pairs = [
            ("2025-12-31", "2026-01-01"),
            ("2026-W53", "2027-W01"),
            ("2025-12", "2026-01"),
            ("2025-Q4", "2026-Q1"),
            ("2025", "2026"),
        ];
        for (one, next) in pairs {
            let (one, next) = (Label::read(one).unwrap(), Label::read(next).unwrap());
            assert_eq!((one.after(), next.before()), (Some(next), Some(one)));
        }
    }

    #[test]
    fn no_period_between_two_is_passed_over() {
        assert_eq!(between("2025-11", "2026-02"), ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(between("2026-W52", "2027-W01").len(), 3);
        assert_eq!(between("2026", "2026"), ["2026"]);
        assert!(between("2026", "2025").is_empty());
    }
}
