//! The rows of an export as text, as they were understood: for whoever wants to see what a mapping made of a file. It
//! changes no value and knows no metric.

use std::collections::BTreeSet;

use super::batch::Part;
use super::collect::{Collector, FileRows};
use super::column::{CellType, Column, NO_SCORE};
use super::crosswalk;
use super::layout::Layout;
use super::sheet;
use super::value::blank;
use super::value::number::{self, Decimal};
use super::value::rating::RatingCell;
use super::veil;
use super::words::NONE;
use crate::error::Result;
use crate::instant::Instant;
use crate::metric;
use crate::pseudonym::{COMMENT_LEFT_OUT, Keys};
use crate::source::columns::Mapping;
use crate::source::field::Field;
use crate::source::input::Input;
use crate::source::records::{Options, Record, reread};

/// A value that rows have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A canonical field.
    Field(Field),
    /// A further name of a customer, by the column's name.
    Alias(String),
}

impl Value {
    /// What its column is called.
    pub fn name(&self) -> &str {
        match self {
            Value::Field(field) => field.as_str(),
            Value::Alias(name) => name,
        }
    }
}

/// The values that the rows of these files of one kind have, in the order of the kind's fields. The questions of a wide
/// survey are its metric and its score.
pub fn columns(mappings: &[&Mapping]) -> Vec<Value> {
    let any = |field: Field| mappings.iter().any(|mapping| mapping.has(field));
    let is_wide = Field::QUESTIONS.iter().any(|field| any(*field));
    let has = |field: &Field| match field {
        Field::Nps | Field::Csat | Field::Ces | Field::Alias => false,
        Field::Metric | Field::Score => is_wide || any(*field),
        field => any(*field),
    };
    let kind = mappings.first().map(|mapping| mapping.kind);
    let fields = kind.into_iter().flat_map(Field::of).copied().filter(has);
    let mut values: Vec<Value> = fields.map(Value::Field).collect();
    for (_, name) in mappings.iter().flat_map(|mapping| mapping.aliases()) {
        let alias = Value::Alias(name.to_owned());
        if !values.contains(&alias) {
            values.push(alias);
        }
    }
    values
}

/// One file whose rows are to be written.
pub struct Canonical<'a> {
    /// Its rows.
    pub file: &'a FileRows,
    /// How they were read.
    pub layout: &'a Layout,
    /// What its columns are.
    pub mapping: &'a Mapping,
    /// What customers and words are called.
    pub names: &'a Collector,
    /// How the key of a customer is shown.
    pub keys: &'a Keys,
}

impl Canonical<'_> {
    /// Hands on each row that is used: its line and its values. The file is read once more, for what of it
    /// is kept as a number only.
    ///
    /// # Errors
    /// When it cannot be read again.
    pub fn each(
        &self,
        (input, options): (&Input, Options),
        values: &[Value],
        mut row: impl FnMut(u64, Vec<String>) -> Result<()>,
    ) -> Result<()> {
        let parts = self.file.parts.iter();
        let used = parts.flat_map(|part| {
            let rows = self.file.is_used(part).zip(0u32..).filter(|(is_used, _)| *is_used);
            rows.map(move |(_, row)| (u64::from(part.lines.line(row)), part, row as usize))
        });
        let used: Vec<(u64, &Part, usize)> = used.collect();
        let lines: BTreeSet<u64> = used.iter().map(|(line, ..)| *line).collect();
        let mut rest = used.as_slice();
        reread(input, options, &lines, |line, record| {
            let count = rest.iter().take_while(|(of, ..)| *of == line).count();
            let (of_line, behind) = rest.split_at(count);
            rest = behind;
            let said = |(at, _): &(usize, _)| !self.layout.wide || self.is_said(of_line, *at);
            for (_, (_, part, at)) in of_line.iter().enumerate().filter(said) {
                row(line, values.iter().map(|value| self.value(part, *at, value, record)).collect())?;
            }
            Ok(())
        })
    }

    fn value(&self, part: &Part, row: usize, value: &Value, record: &Record<'_>) -> String {
        match value {
            Value::Field(field) => veil::text(self.keys, self.of_field(part, row, *field, record)),
            Value::Alias(name) => {
                let name = crosswalk::column(name);
                let column = self.file.columns.iter().position(|column| column.name == name);
                self.customer(part.codes(column).get(row))
            }
        }
    }

    fn customer(&self, code: u32) -> String {
        let key = self.names.customers.word(code);
        if self.keys.are_pseudonyms() && code != NONE { self.keys.shown(key) } else { key.to_owned() }
    }

    fn of_field(&self, part: &Part, row: usize, field: Field, record: &Record<'_>) -> String {
        let column = self.file.column(field);
        let cell = column.and_then(|at| Some((self.file.columns.get(at)?.cell, part.columns.get(at)?)));
        match cell {
            // What answers another question than those that are known is kept as a mark that there is an answer.
            Some((CellType::Score, column))
                if column.value(row).is_some() && !self.is_question(part, row) =>
            {
                self.text(field, record)
            }
            Some((CellType::Id, _)) | None => self.text(field, record),
            Some((cell, column)) => self.typed(cell, field, column, row),
        }
    }

    /// Whether a row answers one of the questions that are known.
    fn is_question(&self, part: &Part, row: usize) -> bool {
        let code = part.codes(self.file.column(Field::Metric)).get(row);
        let words = self.names.words.of(Field::Metric.as_str());
        words.is_some_and(|words| metric::question(words.word(code)).is_some())
    }

    /// Whether a row is all that its record says, or one of its answers.
    fn is_said(&self, of_line: &[(u64, &Part, usize)], at: usize) -> bool {
        let score = self.file.column(Field::Score);
        let has = |(_, part, row): &(u64, &Part, usize)| {
            part.scores(score).get(*row).is_some_and(|score| *score != NO_SCORE)
        };
        has(&of_line[at]) || (at == 0 && !of_line.iter().any(has))
    }

    /// What the record says of a field that is not kept as it is written.
    fn text(&self, field: Field, record: &Record<'_>) -> String {
        if field == Field::Comment && self.keys.are_pseudonyms() {
            return COMMENT_LEFT_OUT.to_owned();
        }
        let cell = match self.mapping.shape.fields.get(&field) {
            Some(shaped) => sheet::made(shaped, self.layout, |column| record.field(column)).into_owned(),
            None => match self.mapping.column(field) {
                Some(column) => record.field(column).into_owned(),
                None => Vec::new(),
            },
        };
        let is_nothing = CellType::of(field) == Some(CellType::Id) && blank::is_null_word(&cell);
        if is_nothing { String::new() } else { String::from_utf8_lossy(blank::trim(&cell)).into_owned() }
    }

    fn typed(&self, cell: CellType, field: Field, column: &Column, row: usize) -> String {
        let Some(value) = column.value(row) else { return String::new() };
        let decimal = |units: i64| String::from_utf8(number::text(units, Decimal::Point)).unwrap_or_default();
        match cell {
            CellType::Time => Instant(value).rfc3339(),
            CellType::Score => decimal(value * 10),
            CellType::Money => decimal(value),
            CellType::Weight => (value as f64 / 1e6).to_string(),
            CellType::Refund if value == i64::MAX => "yes".to_owned(),
            CellType::Refund if value == 0 => "no".to_owned(),
            CellType::Refund => decimal(value),
            CellType::Rating => rating(RatingCell::of_code(value as i32)),
            CellType::Flag => if value == 1 { "yes" } else { "no" }.to_owned(),
            CellType::Customer => self.customer(value as u32),
            CellType::Word => {
                let words = self.names.words.of(field.as_str());
                words.map(|words| words.word(value as u32).to_owned()).unwrap_or_default()
            }
            CellType::Whole | CellType::Id => value.to_string(),
        }
    }
}

fn rating(rating: RatingCell) -> String {
    match rating {
        RatingCell::Blank => String::new(),
        RatingCell::Offered => "offered".to_owned(),
        RatingCell::Good => "good".to_owned(),
        RatingCell::Poor => "bad".to_owned(),
        RatingCell::Score(score) => {
            let text = number::text(i64::from(score) * 10, Decimal::Point);
            String::from_utf8(text).unwrap_or_default()
        }
        RatingCell::Unreadable => "unreadable".to_owned(),
    }
}
