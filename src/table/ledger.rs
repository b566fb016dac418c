//! The account of each file: rows read, used and rejected, by reason and line. Decides when too much is wrong.

use std::collections::BTreeMap;

use super::batch::Sample;
use super::codes::Codes;
use super::collect::FileRows;
use super::reason::Reason;
use crate::error::{Error, Result};
use crate::metric;
use crate::report::{Counts, SourceSummary};
use crate::source::field::{Field, Kind};
use crate::source::preset::LeftOut;
use crate::tally::Scale;
use crate::text;

/// How many line numbers of a reason are shown.
const SHOWN_LINES: usize = 5;

/// How much may be wrong before a run stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// The first reject is an error.
    pub strict: bool,
    /// The share of a file's rows that may be rejected, 0–1.
    pub most: f64,
}

/// What happened to the rows of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLedger {
    /// What its rows are.
    pub kind: Kind,
    /// The name for messages.
    pub name: String,
    /// The preset by which it was read.
    pub preset: Option<String>,
    /// Which comes first in its dates, and which of them shows it.
    pub dates: Option<String>,
    /// Data rows read.
    pub rows: u64,
    /// The lines rejected or left out, each with its reason.
    pub rejects: BTreeMap<u32, Reason>,
    /// For each reason that lies in one cell, the first such cell.
    pub samples: BTreeMap<Reason, Sample>,
    /// The questions that its rows answer, and the scale that each is read on.
    pub questions: Vec<(&'static str, Scale)>,
    /// Distinct customers among the rows used.
    pub customers: u64,
    /// Rows used without a customer.
    pub without_customer: u64,
}

/// Marks the customers of rows as seen; false if some row has none.
fn mark_all(codes: &Codes, seen: &mut [bool]) -> bool {
    let Codes::Wide(codes) = codes else { return false };
    let mut mark = |code: &u32| seen.get_mut(*code as usize).map(|seen| *seen = true).is_some();
    codes.iter().fold(true, |all, code| all & mark(code))
}

impl FileLedger {
    /// The account of a file whose rejects are all known; `customers` is how many the run knows.
    pub fn of(file: &FileRows, customers: usize) -> Self {
        let mut seen = vec![false; customers];
        let mut without_customer = 0;
        let column = file.column(Field::Customer);
        for part in &file.parts {
            let (codes, unused) = (part.codes(column), file.unused(part));
            if unused.is_empty() && mark_all(codes, &mut seen) {
                continue;
            }
            let mut last = None;
            for row in (0..part.len()).filter(|row| !unused.get(*row).copied().unwrap_or(false)) {
                if let Some(seen) = seen.get_mut(codes.get(row) as usize) {
                    *seen = true;
                    continue;
                }
                // The rows of one wide answer are one row of the file.
                let line = part.lines.line(row as u32);
                without_customer += u64::from(last != Some(line));
                last = Some(line);
            }
        }
        FileLedger {
            kind: file.kind,
            name: file.name.clone(),
            preset: file.preset.clone(),
            dates: file.dates.clone(),
            rows: file.records,
            rejects: file.rejects.clone(),
            samples: file.samples.clone(),
            questions: file.seen.iter().map(|seen| (seen.question, seen.scale)).collect(),
            customers: seen.iter().filter(|seen| **seen).count() as u64,
            without_customer,
        }
    }

    /// Rows that entered a table.
    pub fn used(&self) -> u64 {
        self.rows - self.rejects.len() as u64
    }

    /// Rows that cannot be used.
    fn rejected(&self) -> u64 {
        self.rejects.values().filter(|reason| !reason.is_left_out()).count() as u64
    }

    /// The lines of each reason that occurred, in the fixed order of reasons.
    fn by_reason(&self) -> impl Iterator<Item = (Reason, Vec<u64>)> {
        self.lines(Reason::ALL.into_iter())
    }

    /// The lines that are no data, by what they are.
    fn left_out(&self) -> impl Iterator<Item = (Reason, Vec<u64>)> {
        self.lines(LeftOut::ALL.iter().map(|why| Reason::LeftOut(*why)))
    }

    fn lines(&self, reasons: impl Iterator<Item = Reason>) -> impl Iterator<Item = (Reason, Vec<u64>)> {
        reasons.filter_map(|reason| {
            let lines =
                self.rejects.iter().filter(|(_, why)| **why == reason).map(|(line, _)| u64::from(*line));
            let lines: Vec<u64> = lines.collect();
            (!lines.is_empty()).then_some((reason, lines))
        })
    }

    /// A reason with its lines and the first cell that shows it.
    fn told(&self, reason: Reason, lines: &[u64]) -> String {
        let mut told = reason_with_lines(reason, lines);
        if let Some(Sample { line, column, value }) = self.samples.get(&reason) {
            told.push_str(&format!(", such as {value} in column `{column}` on line {line}"));
        }
        told
    }

    /// For the report.
    pub fn summary(&self) -> SourceSummary {
        let named = |reason: Reason| reason.as_str().to_owned();
        let left_out = self.left_out().map(|(why, lines)| (named(why), lines.len() as u64)).collect();
        SourceSummary {
            kind: self.kind.as_str().to_owned(),
            path: self.name.clone(),
            preset: self.preset.clone(),
            beside: Vec::new(),
            rows: self.rows,
            used: self.used(),
            rejected: Counts(self.by_reason().map(|(why, lines)| (named(why), lines.len() as u64)).collect()),
            rejected_lines: Counts(
                self.by_reason()
                    .map(|(why, lines)| (named(why), lines.into_iter().take(SHOWN_LINES).collect()))
                    .collect(),
            ),
            left_out: Counts(left_out),
            customers: self.customers,
            without_customer: self.without_customer,
        }
    }

    /// One line for standard error: rows read, used, rejected by reason with the first line numbers.
    pub fn sentence(&self) -> String {
        let rows = text::count(self.rows, "row");
        if self.rows == 0 {
            return format!("{}: no rows, read as {}", self.name, self.kind);
        }
        if self.rejects.is_empty() {
            return format!("{}: {} read as {}, all used", self.name, rows, self.kind);
        }
        let told = |(reason, lines): (Reason, Vec<u64>)| reason_with_lines(reason, &lines);
        let rejected: Vec<String> = self.by_reason().map(told).collect();
        let left_out: Vec<String> = self.left_out().map(told).collect();
        let mut sentence =
            format!("{}: {rows} read as {}, {} used", self.name, self.kind, text::thousands(self.used()));
        let count = text::thousands(self.rejected());
        if !rejected.is_empty() {
            sentence.push_str(&format!(", {count} rejected: {}", rejected.join("; ")));
        }
        if !left_out.is_empty() {
            let count = text::thousands(self.rejects.len() as u64 - self.rejected());
            sentence.push_str(&format!(", {count} left out: {}", left_out.join("; ")));
        }
        sentence
    }

    /// # Errors
    /// When nothing is left, or more was rejected than is tolerated.
    pub fn check(&self, tolerance: Tolerance) -> Result<()> {
        let name = &self.name;
        if self.rows == 0 {
            return Err(Error::export(format!("`{name}` has a header and no rows")));
        }
        // Rows that are no data are no fault of the file, nor part of what may be wrong in it.
        let (rejected, rows) = (self.rejected(), self.used() + self.rejected());
        if rows == 0 {
            let left_out: Vec<String> = self.left_out().map(|(why, _)| why.as_str().to_owned()).collect();
            let cause =
                format!("`{name}` holds no data: all its rows are left out ({})", text::list(&left_out));
            let hint = match self.preset {
                Some(_) => "pass --preset none to take every row as it stands",
                None => "pass --map purchases.refunded= to count every order, whatever its status says",
            };
            return Err(Error::export(cause).hint(hint));
        }
        let mut rejects = self.rejects.iter().filter(|(_, reason)| !reason.is_left_out());
        if let Some((line, reason)) = rejects.next().filter(|_| tolerance.strict) {
            return Err(Error::export(format!("line {line} of `{name}` is rejected: {}", reason.as_str()))
                .hint("mend the row, or leave out --strict to count it and go on"));
        }
        if rejected as f64 > tolerance.most * rows as f64 {
            let most = self.by_reason().max_by_key(|(_, lines)| lines.len());
            let (why, hint) = most
                .map(|(reason, lines)| (self.told(reason, &lines), self.remedy(reason)))
                .unwrap_or_default();
            return Err(Error::export(format!(
                "{} of {} of `{name}` cannot be used, more than --max-rejects {}% allows; most of all {why}",
                text::thousands(rejected),
                text::count(rows, "row"),
                100.0 * tolerance.most
            ))
            .hint(hint));
        }
        Ok(())
    }

    /// What helps against most rows being rejected for that reason.
    fn remedy(&self, reason: Reason) -> String {
        let helps = match reason {
            Reason::MissingCustomer | Reason::MissingTime => "name the column that holds it with --map",
            Reason::BadTime => "name the column of times with --map, or its order with --dates dmy|mdy",
            Reason::BadScore => {
                "name the column of scores with --map: they are numbers, or labels that begin with one"
            }
            Reason::ScoreOutOfRange => &self.scales(),
            Reason::BadNumber => {
                "name the decimal mark with --decimal . or --decimal , or the column with --map"
            }
            Reason::BadWeight => {
                "a weight is a number above 0 on each answer; --map surveys.weight= counts every answer once"
            }
            Reason::Duplicate => {
                "see whether the id is that of a row: --map names another column; or whether the exports overlap, so that a row comes \
                 twice"
            }
            Reason::EndsBeforeStart => {
                "see whether the columns of times are the right ones: --map names others"
            }
            Reason::RaggedRow => "name the character between columns with --delimiter",
            Reason::BadEncoding => "save the file as UTF-8, or name its encoding with --encoding",
            Reason::LeftOut(_) => "see what its preset says: cxm presets NAME",
        };
        format!(
            "{helps}; `cxm inspect` shows what was recognised, --max-rejects 100% goes on without these rows"
        )
    }

    /// What helps where scores are off the scale: that of CSAT alone can be named.
    fn scales(&self) -> String {
        let of = |(question, scale): &(&'static str, Scale)| {
            let usual = metric::question(question).and_then(|question| question.scales.first());
            match (*question, usual) {
                (name @ ("nps" | "ces"), Some(usual)) if usual != scale => format!(
                    "{} is counted on {scale} by the definition that was asked for: leave that out where the answers are \
                     on {usual}",
                    name.to_uppercase()
                ),
                ("nps", _) => "NPS is on 0-10: export answers coded 1 to 11 as 0 to 10".to_owned(),
                ("ces", _) => "CES is on 1-7: name the column that holds it with --map".to_owned(),
                _ => "name the scale with --scale, e.g. --scale csat=1-7".to_owned(),
            }
        };
        let helps: Vec<String> = self.questions.iter().map(of).collect();
        helps.join("; ")
    }
}

/// `3 duplicate (lines 4, 9 and 12)`.
fn reason_with_lines(reason: Reason, lines: &[u64]) -> String {
    let shown: Vec<String> = lines.iter().take(SHOWN_LINES).map(u64::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let list =
        if lines.len() > SHOWN_LINES { format!("{} …", shown.join(", ")) } else { text::list(&shown) };
    format!("{} {} ({word} {list})", text::thousands(lines.len() as u64), reason.as_str())
}
