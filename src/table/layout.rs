//! Which columns of a file are parsed, and what becomes of each. Found once a file, shared by all that read it.

use std::borrow::Cow;

use chrono_tz::Tz;

use super::column::{CellType, own_id};
use super::crosswalk;
use super::sheet::holds;
use super::value::blank;
use super::value::dates::DateOrder;
use super::value::number::Decimal;
use super::words;
use crate::metric::{self, case::Question};
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};
use crate::source::preset::Repeated;
use crate::source::records::Record;
use crate::source::shape::{RowTest, Shaped};

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

impl Wanted {
    /// Every field of the kind.
    pub fn every_field(kind: Kind) -> Wanted {
        Wanted { fields: Field::of(kind).to_vec(), others: Vec::new() }
    }
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
    /// Its position in the file, or in the sheet of cells that are made.
    pub(super) source: usize,
    /// Whether its cells are made by the file's preset, and stand in the sheet of these.
    pub(super) is_made: bool,
    /// Its name in the file, for messages.
    pub(super) header: String,
    /// The zone of its times, where the file says it.
    pub(super) zone: Option<Tz>,
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
    /// Whether other files hold rows of the kind, so that what this one leaves out may be a later state of one of them.
    pub has_others: bool,
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
    /// The cells that the file's preset makes of others, in the order of their sheet.
    pub(super) made: Vec<Shaped>,
    /// Which rows are no data.
    drops: Vec<RowTest>,
    /// What the first cell of a line begins with that is no data.
    footer: Vec<String>,
    /// What further rows with one id are.
    pub repeated: Repeated,
    /// The preset of the file.
    pub preset: Option<String>,
}

/// A slot of words for a column of the file.
fn slot_of_column(source: usize, mapping: &Mapping) -> Slot {
    let header = mapping.header.get(source).cloned().unwrap_or_default();
    let zone = mapping.zone(source);
    Slot { cell: CellType::Word, source, is_made: false, header, zone, question: None, target: 0 }
}

fn mark(mark: char) -> Decimal {
    if mark == ',' { Decimal::Comma } else { Decimal::Point }
}

impl Reading {
    /// How the cells of a file are to be read: what the user said, else what its preset says, else what it shows. A
    /// zone that was said of this export alone wins over its preset; one of the run is for times of which nothing is
    /// known.
    pub fn of_file(self, mapping: &Mapping, decimal: Option<char>, is_own_zone: bool) -> Reading {
        let shown = decimal.map(mark);
        let Some(rules) = mapping.shape.rules() else {
            return Reading { decimal: self.decimal.or(shown), ..self };
        };
        let dates = rules.dates.as_deref().map(|order| match order {
            "dmy" => DateOrder::DayFirst,
            _ => DateOrder::MonthFirst,
        });
        let decimal = rules.decimal.map(mark).or(shown);
        Reading {
            zone: rules.zone.filter(|_| !is_own_zone).unwrap_or(self.zone),
            dates: self.dates.or(dates),
            decimal: self.decimal.or(decimal),
        }
    }
}

/// The zones that the header names, each once; none where it leaves a column of times without one.
pub fn named_zones(mapping: &Mapping) -> Option<Vec<&'static str>> {
    let is_time = |field: &Option<Field>| field.and_then(CellType::of) == Some(CellType::Time);
    let columns = mapping.claimed.iter().enumerate().filter(|(_, field)| is_time(field));
    let zones: Option<Vec<&str>> = columns.map(|(column, _)| Some(mapping.zone(column)?.name())).collect();
    let mut zones = zones?;
    zones.sort_unstable();
    zones.dedup();
    Some(zones).filter(|zones| !zones.is_empty())
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
            has_others: false,
            width: mapping.header.len(),
            delimiter,
            how,
            slots: Vec::new(),
            decimal: how.decimal.unwrap_or(if delimiter == b';' { Decimal::Comma } else { Decimal::Point }),
            wide: kind == Kind::Surveys && !mapping.has(Field::Metric),
            response: None,
            salt: words::hash(file.as_bytes()),
            made: Vec::new(),
            drops: mapping.shape.drops.clone(),
            footer: mapping.shape.footer().to_vec(),
            repeated: mapping.shape.rules().map_or(Repeated::No, |rules| rules.repeated),
            preset: mapping.shape.preset.as_ref().map(|preset| preset.name.clone()),
        };
        if kind == Kind::Surveys {
            layout.column(Field::Metric.as_str(), CellType::Word);
            layout.column(Field::Score.as_str(), CellType::Score);
        }
        layout.add_slots(mapping, wanted);
        // The answers of one row of a wide survey belong together even where nothing else says so.
        if layout.wide && !mapping.has(Field::Response) {
            layout.response = Some(layout.column(Field::Response.as_str(), CellType::Id));
        }
        layout
    }

    fn add_slots(&mut self, mapping: &Mapping, wanted: &Wanted) {
        for &field in &wanted.fields {
            let Some(cell) = CellType::of(field).filter(|_| mapping.has(field)) else { continue };
            let question =
                Field::QUESTIONS.contains(&field).then(|| metric::question(field.as_str())).flatten();
            let skipped = if self.wide { field == Field::Score } else { question.is_some() };
            if !skipped {
                let name = if question.is_some() { Field::Score.as_str() } else { field.as_str() };
                let target = self.column(name, cell);
                let slot = self.slot_of(field, mapping);
                self.slots.push(Slot { cell, question, target, ..slot });
            }
        }
        for (source, name) in mapping.aliases() {
            let target = self.column(&crosswalk::column(name), CellType::Customer);
            let slot = slot_of_column(source, mapping);
            self.slots.push(Slot { cell: CellType::Customer, target, ..slot });
        }
        for name in &wanted.others {
            if let Some(source) = mapping.other(name) {
                let target = self.column(name, CellType::Word);
                self.slots.push(Slot { target, ..slot_of_column(source, mapping) });
            }
        }
    }

    /// A slot for a field that the file says; its type, its question and its target are still to come.
    fn slot_of(&mut self, field: Field, mapping: &Mapping) -> Slot {
        let column = slot_of_column(mapping.column(field).unwrap_or_default(), mapping);
        let Some(shaped) = mapping.shape.fields.get(&field) else { return column };
        self.made.push(shaped.clone());
        // The sheet's first column is there so that no row of it is blank.
        let source = self.made.len();
        let header = shaped.from.columns().first().and_then(|column| mapping.header.get(*column));
        Slot { source, is_made: true, header: header.cloned().unwrap_or_else(|| field.to_string()), ..column }
    }

    /// Whether the record is a line of text below the data, where the file may have some: it begins as such lines do, or
    /// is one text where several cells should be.
    #[inline]
    pub(super) fn is_footer(&self, record: &Record<'_>) -> bool {
        let begins = |start: &String| record.field(0).trim_ascii_start().starts_with(start.as_bytes());
        let is_one_text = || record.len() == 1 && self.width > 1;
        !self.footer.is_empty() && (is_one_text() || self.footer.iter().any(begins))
    }

    /// Why a record with these cells is no data, if it is none.
    #[inline]
    pub(super) fn leaves_out<'a>(&self, cell: impl Fn(usize) -> Cow<'a, [u8]>) -> Option<&RowTest> {
        let is_spared = |drop: &RowTest| drop.unless.as_ref().is_some_and(|unless| holds(unless, &cell));
        self.drops.iter().find(|drop| holds(&drop.cell, &cell) && !is_spared(drop))
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
