//! Which comes first in `03/04/2026`: what a file shows about it, and the error when it shows nothing;
//! reads no text.

use std::fmt;

use chrono_tz::Tz;

use super::clock::Clock;
use crate::error::{Error, Result};

/// The order of day and month in dates with `/` or `-` that end in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `25/12/2026`, `--dates dmy`.
    DayFirst,
    /// `12/25/2026`, `--dates mdy`.
    MonthFirst,
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateOrder::DayFirst => "day first",
            DateOrder::MonthFirst => "month first",
        })
    }
}

/// Where a cell stands, for messages.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column's name in the file.
    pub column: &'a str,
}

/// A time that is two possible times until the order is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenDate {
    pub(super) day_first: i64,
    pub(super) month_first: i64,
    pub(super) clock: Clock,
    /// The zone of its column.
    pub(super) zone: Tz,
}

/// What the dates of one file have shown so far: the first witness of each kind.
#[derive(Debug, Default)]
pub struct OrderEvidence {
    day_first: Option<Witness>,
    month_first: Option<Witness>,
    open: Option<Witness>,
}

#[derive(Debug)]
struct Witness {
    line: u64,
    column: String,
    date: String,
}

impl OrderEvidence {
    /// A date that can be read in this order only.
    pub(super) fn saw_proof(&mut self, order: DateOrder, cell: &[u8], place: Place<'_>) {
        let witness = match order {
            DateOrder::DayFirst => &mut self.day_first,
            DateOrder::MonthFirst => &mut self.month_first,
        };
        keep_first(witness, cell, place);
    }

    /// A date that can be read in both orders, met while the order was unknown.
    pub(super) fn saw_open(&mut self, cell: &[u8], place: Place<'_>) {
        keep_first(&mut self.open, cell, place);
    }

    /// Takes in what the dates behind these have shown, whose lines are counted from `lines` on.
    pub fn append(&mut self, behind: OrderEvidence, lines: u64) {
        let later = |witness: Option<Witness>| {
            witness.map(|witness| Witness { line: witness.line + lines, ..witness })
        };
        self.day_first = self.day_first.take().or_else(|| later(behind.day_first));
        self.month_first = self.month_first.take().or_else(|| later(behind.month_first));
        self.open = self.open.take().or_else(|| later(behind.open));
    }

    /// The order that is proven so far and not contradicted.
    pub fn proven(&self) -> Option<DateOrder> {
        match (&self.day_first, &self.month_first) {
            (Some(_), None) => Some(DateOrder::DayFirst),
            (None, Some(_)) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// The order that is proven, and the first date that shows it.
    pub fn told(&self) -> Option<String> {
        let witness = self.day_first.as_ref().or(self.month_first.as_ref())?;
        self.proven().map(|order| format!("{order}, as {witness} shows"))
    }

    /// The order of the whole file; `None` where it has no date that depends on it.
    ///
    /// # Errors
    /// Where `03/04/2026` could not be told from its twin, or the file holds proofs of both orders.
    pub fn verdict(&self, file: &str) -> Result<Option<DateOrder>> {
        match (&self.day_first, &self.month_first, &self.open) {
            (Some(day_first), Some(month_first), _) => Err(contradiction(file, day_first, month_first)),
            (None, None, Some(open)) => Err(undecided(file, open)),
            _ => Ok(self.proven()),
        }
    }
}

/// The first witness is that of the first line: the columns of a file are read one after the other.
fn keep_first(witness: &mut Option<Witness>, cell: &[u8], place: Place<'_>) {
    if witness.as_ref().is_none_or(|known| place.line < known.line) {
        *witness = Some(Witness::new(cell, place));
    }
}

impl Witness {
    /// The cell is known to be a date, so that it may be shown.
    fn new(cell: &[u8], place: Place<'_>) -> Self {
        let date = String::from_utf8_lossy(cell).into_owned();
        Witness { line: place.line, column: place.column.to_owned(), date }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on line {} in column `{}`", self.date, self.line, self.column)
    }
}

fn undecided(file: &str, open: &Witness) -> Error {
    Error::export(format!(
        "could not tell day from month in `{file}`: {open} can be read both ways, and no other date in the file \
         shows the order"
    ))
    .hint("pass --dates dmy (day first) or --dates mdy (month first)")
}

fn contradiction(file: &str, day_first: &Witness, month_first: &Witness) -> Error {
    Error::export(format!(
        "could not tell day from month in `{file}`: {day_first} has the day first, {month_first} the month"
    ))
    .hint("pass --dates dmy or --dates mdy; dates that do not fit it are then rejected as bad-time")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Place<'static> = Place { line: 7, column: "Created" };

    #[test]
    fn one_proof_settles_the_file_and_the_first_is_kept() {
        let mut evidence = OrderEvidence::default();
        evidence.saw_open(b"03/04/2026", AT);
        assert_eq!(evidence.proven(), None);
        evidence.saw_proof(DateOrder::MonthFirst, b"03/25/2026", AT);
        assert_eq!(evidence.verdict("a.csv"), Ok(Some(DateOrder::MonthFirst)));
    }

    #[test]
    fn a_file_without_such_dates_has_no_order() {
        assert_eq!(OrderEvidence::default().verdict("a.csv"), Ok(None));
    }

    #[test]
    fn of_two_parts_the_first_witness_of_either_is_kept() {
        let (mut first, mut second) = (OrderEvidence::default(), OrderEvidence::default());
        first.saw_open(b"03/04/2026", AT);
        second.saw_open(b"01/02/2026", AT);
        second.saw_proof(DateOrder::DayFirst, b"25/03/2026", AT);
        first.append(second, 100);
        assert_eq!(first.open.as_ref().map(|open| open.line), Some(7));
        assert_eq!(first.day_first.as_ref().map(|proof| proof.line), Some(107));
        assert_eq!(first.verdict("a.csv"), Ok(Some(DateOrder::DayFirst)));
    }

    #[test]
    fn no_proof_is_an_error_that_names_the_first_open_date() {
        let mut evidence = OrderEvidence::default();
        evidence.saw_open(b"03/04/2026", AT);
        evidence.saw_open(b"05/06/2026", Place { line: 9, ..AT });
        let error = evidence.verdict("a.csv").unwrap_err();
        assert_eq!(
            error.to_string(),
            "could not tell day from month in `a.csv`: `03/04/2026` on line 7 in column `Created` can be read both \
             ways, and no other date in the file shows the order"
        );
        assert_eq!(error.advice(), Some("pass --dates dmy (day first) or --dates mdy (month first)"));
    }

    #[test]
    fn both_proofs_are_an_error_that_names_both() {
        let mut evidence = OrderEvidence::default();
        evidence.saw_proof(DateOrder::MonthFirst, b"03/25/2026", AT);
        evidence.saw_proof(DateOrder::DayFirst, b"25/03/2026", Place { line: 8, ..AT });
        let error = evidence.verdict("a.csv").unwrap_err();
        assert_eq!(
            error.to_string(),
            "could not tell day from month in `a.csv`: `25/03/2026` on line 8 in column `Created` has the day first, \
             `03/25/2026` on line 7 in column `Created` the month"
        );
        assert_eq!(error.status(), 3);
    }
}
