//! What one file held, typed: columns of its rows, its customers, its rejects. Not yet checked against other files.

use std::collections::BTreeMap;

use super::column::{BLANK, CellType, Column};
use super::reason::Reason;
use super::words::{NONE, Words};
use crate::metric::{self, case::Question};
use crate::source::field::{Field, Kind};

/// The typed rows of one file. A row of a wide survey is one row here for each question column.
#[derive(Debug)]
pub struct Batch {
    /// What its rows are.
    pub kind: Kind,
    /// Data rows in the file.
    pub records: u64,
    /// The line in the file of each row here.
    pub lines: Vec<u32>,
    /// The hash of each row's text, where rows have an id.
    pub texts: Vec<u64>,
    /// The columns, by name.
    pub columns: Vec<NamedColumn>,
    /// The customers of this file.
    pub customers: Words,
    /// The lines that cannot be used, each with the first reason found.
    pub rejects: BTreeMap<u32, Reason>,
    /// For each reason that lies in one cell, the first such cell.
    pub samples: BTreeMap<Reason, Sample>,
}

/// A cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The line in the file.
    pub line: u64,
    /// The column's name in the file.
    pub column: String,
    /// What it holds, shortened.
    pub value: String,
}

/// A column with its name and, if it holds words, their dictionary.
#[derive(Debug)]
pub struct NamedColumn {
    /// The canonical field's name, or the file's own name for it, normalised.
    pub name: String,
    /// How its cells were read.
    pub cell: CellType,
    /// The values.
    pub column: Column,
    /// The words behind the codes.
    pub words: Words,
}

impl NamedColumn {
    /// An empty column.
    pub fn new(name: impl Into<String>, cell: CellType) -> Self {
        NamedColumn { name: name.into(), cell, column: Column::new(cell), words: Words::default() }
    }
}

impl Sample {
    /// The longest value that is shown.
    const SHOWN: usize = 40;

    /// A cell for a message, which shows its form and not what somebody wrote: words of more than four letters become
    /// `a`, and all digits of a long number `9`.
    pub fn of(cell: &[u8], line: u64, column: &str) -> Sample {
        let text = String::from_utf8_lossy(cell);
        let short: String = text.trim().chars().take(Self::SHOWN).collect();
        let many_digits = short.chars().filter(char::is_ascii_digit).count() > 14;
        let word = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() > 4 || short.contains('@');
        let masked = |part: &str| -> String {
            let hide = word(part);
            let mask = |c: char| match c {
                _ if c.is_alphabetic() && hide => 'a',
                _ if c.is_ascii_digit() && many_digits => '9',
                _ => c,
            };
            part.chars().map(mask).collect()
        };
        let shown: Vec<String> = short.split(' ').map(masked).collect();
        let more = if short.len() < text.trim().len() { "…" } else { "" };
        Sample { line, column: column.to_owned(), value: format!("`{}{more}`", shown.join(" ")) }
    }
}

impl Batch {
    /// A file of which nothing has been read.
    pub fn new(kind: Kind) -> Self {
        Batch {
            kind,
            records: 0,
            lines: Vec::new(),
            texts: Vec::new(),
            columns: Vec::new(),
            customers: Words::default(),
            rejects: BTreeMap::new(),
            samples: BTreeMap::new(),
        }
    }

    /// Rejects a line; the first reason stays.
    pub fn reject(&mut self, line: u32, reason: Reason) {
        self.rejects.entry(line).or_insert(reason);
    }

    /// The column of a canonical field.
    pub fn column(&self, field: Field) -> Option<&NamedColumn> {
        self.columns.iter().find(|column| column.name == field.as_str())
    }

    /// The times of a field, [`BLANK`] where there is none; empty if the file has no such column.
    pub fn longs(&self, field: Field) -> &[i64] {
        match self.column(field).map(|column| &column.column) {
            Some(Column::Long(values)) => values,
            _ => &[],
        }
    }

    /// Takes the codes of the tickets' ratings out; none if the file has no such column.
    pub fn take_ratings(&mut self) -> Option<Vec<i32>> {
        let place = self.columns.iter().position(|column| column.cell == CellType::Rating)?;
        match self.columns.remove(place).column {
            Column::Score(codes) => Some(codes),
            _ => None,
        }
    }

    /// The scores with the code of the metric that each answers; none where there is no score.
    pub fn scores(&self) -> impl Iterator<Item = Option<(u32, i32)>> {
        let scores: &[i32] = match self.column(Field::Score).map(|column| &column.column) {
            Some(Column::Score(values)) => values,
            _ => &[],
        };
        let metrics: &[u32] = match self.column(Field::Metric).map(|column| &column.column) {
            Some(Column::Code(codes)) => codes,
            _ => &[],
        };
        scores
            .iter()
            .zip(metrics)
            .map(|(&score, &code)| (score != i32::MIN && code != NONE).then_some((code, score)))
    }

    /// For each code of the metric column the question it names.
    pub fn questions(&self) -> Vec<Option<&'static Question>> {
        let words = self.column(Field::Metric).map(|column| &column.words);
        words.map(|words| words.iter().map(metric::question).collect()).unwrap_or_default()
    }

    /// Rejects the rows that end before they start. A blank end is no end.
    pub fn reject_reversed(&mut self, start: Field, ends: &[Field]) {
        let mut reversed = Vec::new();
        for &end in ends {
            let pairs = self.longs(start).iter().zip(self.longs(end)).zip(&self.lines);
            reversed.extend(
                pairs
                    .filter(|((start, end), _)| **end != BLANK && **start != BLANK && end < start)
                    .map(|(_, line)| *line),
            );
        }
        reversed.into_iter().for_each(|line| self.reject(line, Reason::EndsBeforeStart));
    }
}
