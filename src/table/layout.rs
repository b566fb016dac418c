//! Which columns of a file are parsed, and what becomes of each. Found once a file, shared by all that read it.

use chrono_tz::Tz;

use super::column::{CellType, own_id};
use super::crosswalk;
use super::value::blank;
use super::value::dates::DateOrder;
use super::value::number::Decimal;
use super::words;
use crate::metric::{self, case::Question};
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};

/// How the cells of an export are to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The zone of times that name none.
    pub zone: Tz,
    /// The order of day and month, where the user said it.
    pub dates: Option<DateOrder>,
    /// The decimal mark, where the user said it; else a comma goes with `;` between columns.
    pub decimal: Option<Decimal>,
}

/// The columns to parse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Canonical fields.
    pub fields: Vec<Field>,
    /// Normalised names of other columns, read as words.
    pub others: Vec<String>,
}

/// A column of the typed rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedColumn {
    /// The canonical field's name, or the file's own name for it, normalised.
    pub name: String,
    /// How its cells are read.
    pub cell: CellType,
}

/// One column of the file that is parsed.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) cell: CellType,
    /// Its position in the file.
    pub(super) source: usize,
    /// Its name in the file, for messages.
    pub(super) header: String,
    /// The question, if it is a question column of a wide survey.
    pub(super) question: Option<&'static Question>,
    /// Its column in the rows; question columns share the score.
    pub(super) target: usize,
}

/// What the rows of a file consist of, and how its cells are read.
#[derive(Debug)]
pub struct Layout {
    /// What its rows are.
    pub kind: Kind,
    /// Its name for messages.
    pub file: String,
    /// The columns of the typed rows.
    pub columns: Vec<NamedColumn>,
    /// Whether the file cannot be read again, so that what its rows say is to be kept, as a hash.
    pub keep_texts: bool,
    /// How many columns the header names.
    pub width: usize,
    /// The character between them.
    pub delimiter: u8,
    pub(super) how: Reading,
    pub(super) slots: Vec<Slot>,
    pub(super) decimal: Decimal,
    /// A survey with a column for each question.
    pub(super) wide: bool,
    /// The column of response ids that the file lacks and its rows stand for.
    pub(super) response: Option<usize>,
    /// The hash of the file's name, which tells its rows from those of another.
    pub(super) salt: u64,
}

/// In a survey the metric and the score come first.
pub(super) const METRIC: usize = 0;
pub(super) const SCORE: usize = 1;

impl Layout {
    /// What is read of a file of that mapping. `file` is its name.
    pub fn of(mapping: &Mapping, wanted: &Wanted, how: Reading, delimiter: u8, file: &str) -> Layout {
        let kind = mapping.kind;
        let mut layout = Layout {
            kind,
            file: file.to_owned(),
            columns: Vec::new(),
            keep_texts: false,
            width: mapping.header.len(),
            delimiter,
            how,
            slots: Vec::new(),
            decimal: how.decimal.unwrap_or(if delimiter == b';' { Decimal::Comma } else { Decimal::Point }),
            wide: kind == Kind::Surveys && mapping.column(Field::Metric).is_none(),
            response: None,
            salt: words::hash(file.as_bytes()),
        };
        if kind == Kind::Surveys {
            layout.column(Field::Metric.as_str(), CellType::Word);
            layout.column(Field::Score.as_str(), CellType::Score);
        }
        layout.add_slots(mapping, wanted);
        // The answers of one row of a wide survey belong together even where nothing else says so.
        if layout.wide && mapping.column(Field::Response).is_none() {
            layout.response = Some(layout.column(Field::Response.as_str(), CellType::Id));
        }
        layout
    }

    fn add_slots(&mut self, mapping: &Mapping, wanted: &Wanted) {
        for &field in &wanted.fields {
            let (Some(source), Some(cell)) = (mapping.column(field), CellType::of(field)) else { continue };
            let question =
                Field::QUESTIONS.contains(&field).then(|| metric::question(field.as_str())).flatten();
            let skipped = if self.wide { field == Field::Score } else { question.is_some() };
            if !skipped {
                let name = if question.is_some() { Field::Score.as_str() } else { field.as_str() };
                self.add_slot(name, cell, source, mapping, question);
            }
        }
        for (source, name) in mapping.aliases() {
            self.add_slot(&crosswalk::column(name), CellType::Customer, source, mapping, None);
        }
        for name in &wanted.others {
            if let Some(source) = mapping.other(name) {
                self.add_slot(name, CellType::Word, source, mapping, None);
            }
        }
    }

    fn add_slot(
        &mut self,
        name: &str,
        cell: CellType,
        source: usize,
        mapping: &Mapping,
        question: Option<&'static Question>,
    ) {
        let target = self.column(name, cell);
        let header = mapping.header.get(source).cloned().unwrap_or_default();
        self.slots.push(Slot { cell, source, header, question, target });
    }

    fn column(&mut self, name: &str, cell: CellType) -> usize {
        self.columns.iter().position(|column| column.name == name).unwrap_or_else(|| {
            self.columns.push(NamedColumn { name: name.to_owned(), cell });
            self.columns.len() - 1
        })
    }

    /// Whether a comma was only guessed to be the decimal mark, and `9.500` may be nine and a half or nine thousand.
    pub(super) fn is_ambiguous(&self, cell: &[u8]) -> bool {
        let three_behind_a_point = || {
            let mut parts = blank::trim(cell).split(|byte| *byte == b'.');
            let behind = parts.nth(1).filter(|_| parts.next().is_none());
            behind.is_some_and(|behind| behind.len() == 3 && behind.iter().all(u8::is_ascii_digit))
        };
        self.decimal == Decimal::Comma && self.how.decimal.is_none() && three_behind_a_point()
    }

    /// The slot of a field; a question column of a wide survey is the slot of no field.
    pub(super) fn slot(&self, field: Field) -> Option<usize> {
        self.slots
            .iter()
            .position(|slot| slot.question.is_none() && self.columns[slot.target].name == field.as_str())
    }

    /// The slot of what identifies a row of the kind.
    pub(super) fn own_id(&self) -> Option<usize> {
        self.slot(own_id(self.kind))
    }
}
