//! What is worth saying beside a number: a phrase for each of a metric's own statistics that a reader needs,
//! then its note. Knows nothing of layout and of which metric it is.

use super::number;
use crate::estimate::Figure;
use crate::report::{Record, Unit};

/// Writes one statistic as a phrase, given the record that it belongs to.
type Phrase = fn(&Figure, &Record) -> Option<String>;

/// The statistics that are told, by their names in `detail`, in the order of telling.
const PHRASES: [(&str, Phrase); 11] = [
    ("promoters", |figure, record| {
        Some(format!("promoters {}", weighed("promoters_percent", figure, record)?))
    }),
    ("passives", |figure, record| Some(format!("passives {}", weighed("passives_percent", figure, record)?))),
    ("detractors", |figure, record| {
        Some(format!("detractors {}", weighed("detractors_percent", figure, record)?))
    }),
    ("effective_n", |figure, _| {
        let Figure::Number(worth) = figure else { return None };
        Some(format!("worth {} answers", number::bare(*worth, Unit::Points)))
    }),
    ("p90", |figure, record| Some(format!("90\u{a0}% within {}", amount(figure, record.unit)?))),
    ("open", |figure, record| {
        some(figure).and_then(|_| Some(format!("{} still open", share(figure, record)?)))
    }),
    ("closed_only_median", |figure, record| {
        some(record.detail.figure("open")?)?;
        Some(format!("the closed ones alone would say {}", amount(figure, record.unit)?))
    }),
    ("pending", |figure, _| Some(format!("{} not yet mature", some(figure)?))),
    ("silences_ended", |figure, record| {
        let Figure::Count(ended) = figure else { return None };
        let silences = some(record.detail.figure("silences")?)?;
        Some(format!("{} of {silences} silences this long ended in a return", number::count(*ended)))
    }),
    ("retained_value", |figure, record| {
        let stayed = format!("of those who stayed {}", amount(figure, Unit::Percent)?);
        let limits = (record.detail.number("difference_lower")?, record.detail.number("difference_upper")?);
        let clear =
            if limits.0 > 0.0 || limits.1 < 0.0 { "a clear difference" } else { "no clear difference" };
        Some(format!("{stayed}, {clear}"))
    }),
    ("identity_coverage", |figure, _| {
        Some(format!("{} of issues name a customer", amount(figure, Unit::Percent)?))
    }),
];

/// The phrases of a record, then its note; empty where there is nothing to say.
pub fn remark(record: &Record) -> String {
    let told = if record.suppressed { String::new() } else { phrases(record) };
    let parts = [told, record.note.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Groups of answers are one phrase with commas; every other statistic is a phrase of its own.
fn phrases(record: &Record) -> String {
    let mut text = String::new();
    let mut shares = false;
    for (name, phrase) in PHRASES {
        let Some(words) = record.detail.figure(name).and_then(|figure| phrase(figure, record)) else {
            continue;
        };
        let share = matches!(name, "promoters" | "passives" | "detractors");
        match (text.is_empty(), share && shares) {
            (true, _) => {}
            (false, true) => text.push_str(", "),
            (false, false) => text.push_str("; "),
        }
        text.push_str(&words);
        shares = share;
    }
    text
}

/// The percentage of that name where there is one, since answers may be weighed and n need not count them; else the share.
fn weighed(percent: &str, figure: &Figure, record: &Record) -> Option<String> {
    record
        .detail
        .number(percent)
        .map_or_else(|| share(figure, record), |pct| Some(number::whole_percent(pct)))
}

/// A count as its part of the record's n; a number as the percent that it is.
fn share(figure: &Figure, record: &Record) -> Option<String> {
    match figure {
        Figure::Count(part) => number::share(*part, record.n),
        Figure::Number(pct) => Some(number::whole_percent(*pct)),
        Figure::Text(_) | Figure::Missing => None,
    }
}

fn amount(figure: &Figure, unit: Unit) -> Option<String> {
    match figure {
        Figure::Number(x) => Some(number::in_unit(*x, unit)),
        Figure::Count(n) => Some(number::in_unit(*n as f64, unit)),
        Figure::Text(_) | Figure::Missing => None,
    }
}

fn some(figure: &Figure) -> Option<String> {
    match figure {
        Figure::Count(n) if *n > 0 => Some(number::count(*n)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::remark;
    use crate::estimate::Figure;

    #[test]
    fn statistics_are_told_as_phrases_before_the_note() {
        let mut record = sample::single().results[0].clone();
        record.n = 100;
        record.detail.0 = vec![
            ("detractors", Figure::Count(55)),
            ("promoters", Figure::Number(26.0)),
            ("pending", Figure::Count(0)),
            ("p90", Figure::Missing),
        ];
        record.note = "clustered".to_owned();
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(plain(remark(&record)), "promoters 26 %, detractors 55 %; clustered");
        record.suppressed = true;
        assert_eq!(remark(&record), "clustered");
    }

    #[test]
    fn groups_of_answers_are_parts_of_their_weights_where_n_counts_customers() {
        let mut record = sample::single().results[0].clone();
        (record.n, record.note) = (2, String::new());
        record.detail.0 = vec![
            ("promoters", Figure::Count(3)),
            ("detractors", Figure::Count(1)),
            ("promoters_percent", Figure::Number(50.0)),
            ("detractors_percent", Figure::Number(25.0)),
        ];
        assert_eq!(remark(&record).replace('\u{a0}', " "), "promoters 50 %, detractors 25 %");
    }
}
