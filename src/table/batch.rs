//! What one chunk of a file held, typed: columns of its rows, its own numbering of customers and words, its rejects.
//! Nothing in it knows what came before the chunk.

use std::collections::BTreeMap;

use super::ascending::Ascending;
use super::codes::{Codes, NO_CODES};
use super::column::{CellType, Column};
use super::crosswalk::PREFIX as ALIAS;
use super::gone::Gone;
use super::layout::NamedColumn;
use super::lines::Lines;
use super::reason::Reason;
use super::value::dates::{OpenDate, OrderEvidence};
use super::value::{blank, shortened};
use super::word_list::WordList;
use super::words::Words;
use crate::error::Error;
use crate::source::fault::Fault;
use crate::source::field::{Field, Kind};

/// The typed rows of one chunk, with lines counted from its start. A row of a wide survey is one row here for each
/// question column.
#[derive(Debug, Default)]
pub struct Batch {
    /// Data rows in the chunk.
    pub records: u64,
    /// The line of its last record, if that adds up those above it.
    pub total: Option<u32>,
    /// Lines in the chunk.
    pub line_count: u64,
    /// The rows.
    pub part: Part,
    /// How the cells of its columns were read.
    cells: Vec<CellType>,
    /// The customers of its rows, in their order: whether one comes twice is asked only where all chunks are numbered.
    pub customers: WordList,
    /// For each column its words, if it holds words.
    pub words: Vec<Words>,
    /// The lines that cannot be used, each with the first reason found.
    pub rejects: Vec<(u32, Reason)>,
    /// For each reason that lies in one cell, the first such cell.
    pub samples: BTreeMap<Reason, Sample>,
    /// Whether the ids of its records ascend.
    pub ids: Ascending,
    /// What its dates show of the order of day and month.
    pub evidence: OrderEvidence,
    /// The dates whose order it does not show: their column and row.
    pub open: Vec<(usize, usize, OpenDate)>,
    /// What its rows that are left out name.
    pub gone: Vec<Gone>,
    /// The open dates of those, each with its place among them.
    pub open_gone: Vec<(usize, OpenDate)>,
    /// The currencies that amounts name themselves, where no cell beside them does: how it is compared, how it is written,
    /// the first line.
    pub signs: Vec<(String, String, u64)>,
    /// The first id that a spreadsheet shortened.
    pub damaged: Option<DamagedId>,
    /// Why nothing could be read beyond it.
    pub fault: Option<Fault>,
    /// The line on which it starts, if it is the first of its file.
    pub first_line: Option<u64>,
    /// Whether it is the last of its file.
    pub is_last: bool,
}

/// Some rows of a file, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The line in the file of each row.
    pub lines: Lines,
    /// The values, in the order of the file's columns.
    pub columns: Vec<Column>,
    /// The ids of tickets as they are written, to sort by.
    pub ids: WordList,
    /// For each row that pays an order back, the hash of all its text: an order may be paid back in parts, each a row.
    pub refunds: Vec<(u32, u64)>,
    /// Whether each row cannot be used, once that is known; empty where all can.
    pub unused: Vec<bool>,
    /// The hash of each row's text, where its file cannot be read again.
    pub texts: Vec<u64>,
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

/// An id of which only some digits are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedId {
    /// The line in the file.
    pub line: u64,
    /// The column's name in the file.
    pub column: String,
    /// The field that it is.
    pub field: String,
    /// What stands there.
    pub text: String,
    /// How many digits are left.
    pub digits: usize,
}

impl DamagedId {
    /// Why the file cannot be used. `line` is that on which its batch starts.
    pub fn error(&self, kind: Kind, file: &str, line: u64) -> Error {
        let DamagedId { column, field, text, digits, .. } = self;
        let digits = crate::text::count(*digits as u64, "digit");
        let is_optional = |one: &Field| one.as_str() == field && !Field::required(kind).contains(one);
        let none = match Field::of(kind).iter().any(is_optional) {
            true => format!("; or go on without, --map {kind}.{field}="),
            false => String::new(),
        };
        Error::export(format!(
            "line {} of `{file}` has the {field} `{text}` in column `{column}`: a spreadsheet took the id for a number and \
             kept {digits}, so that different ones look alike",
            self.line + line
        ))
        .hint(format!(
            "export the file again and leave it as it is, or import that column as text; or {}",
            match field.strip_prefix(ALIAS) {
                Some(name) => format!("do without its ids: --no-alias {name}"),
                None => format!("name another column with --map {kind}.{field}=COLUMN{none}"),
            }
        ))
    }
}

impl Batch {
    /// Keeps the id of the first line that a spreadsheet shortened, if this is one.
    #[cold]
    pub fn check_id(&mut self, id: &[u8], line: u32, column: &str, field: &str) {
        let line = u64::from(line);
        if let Some(digits) = shortened::digits_left(id)
            && self.damaged.as_ref().is_none_or(|known| line < known.line)
        {
            let text = String::from_utf8_lossy(blank::trim(id)).into_owned();
            let (column, field) = (column.to_owned(), field.to_owned());
            self.damaged = Some(DamagedId { line, column, field, text, digits });
        }
    }

    /// Keeps the first cell that shows a reason.
    pub fn sample(&mut self, reason: Reason, sample: impl FnOnce() -> Sample, line: u64) {
        if self.samples.get(&reason).is_none_or(|known| line < known.line) {
            self.samples.insert(reason, sample());
        }
    }

    /// A batch without rows for a file of these columns, in the memory of this one.
    #[must_use]
    pub fn cleared(mut self, columns: &[NamedColumn]) -> Batch {
        let is_alike = self.cells.iter().eq(columns.iter().map(|named| &named.cell));
        let mut part = if is_alike { std::mem::take(&mut self.part) } else { Part::default() };
        let mut words = if is_alike { std::mem::take(&mut self.words) } else { Vec::new() };
        part.clear();
        words.iter_mut().for_each(Words::clear);
        self.customers.clear();
        if !is_alike {
            part.columns = columns.iter().map(|named| Column::new(named.cell)).collect();
            words.resize(columns.len(), Words::default());
            self.cells = columns.iter().map(|named| named.cell).collect();
        }
        Batch { part, words, customers: self.customers, cells: self.cells, ..Batch::default() }
    }
}

/// The most room that is set aside for the ids of a part.
const MOST_ID_BYTES: usize = 64 << 20;

impl Part {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether a row can be used, once that is known.
    #[inline]
    pub fn is_used(&self, row: usize) -> bool {
        !self.unused.get(row).copied().unwrap_or(false)
    }

    /// Whether a row pays an order back.
    pub fn pays_back(&self, row: usize) -> bool {
        self.refunds.binary_search_by_key(&(row as u32), |(row, _)| *row).is_ok()
    }

    /// Sets a time whose order of day and month is known now.
    pub fn settle(&mut self, column: usize, row: usize, time: i64) {
        if let Some(Column::Long(times)) = self.columns.get_mut(column)
            && let Some(known) = times.get_mut(row)
        {
            *known = time;
        }
    }

    /// The times or amounts of a column; none if there is no such column.
    pub fn longs(&self, column: Option<usize>) -> &[i64] {
        match column.and_then(|column| self.columns.get(column)) {
            Some(Column::Long(values)) => values,
            _ => &[],
        }
    }

    /// The scores or ratings of a column; none if there is no such column.
    pub fn scores(&self, column: Option<usize>) -> &[i32] {
        match column.and_then(|column| self.columns.get(column)) {
            Some(Column::Score(values)) => values,
            _ => &[],
        }
    }

    /// The codes of a column; none if there is no such column.
    pub fn codes(&self, column: Option<usize>) -> &Codes {
        match column.and_then(|column| self.columns.get(column)) {
            Some(Column::Code(values)) => values,
            _ => &NO_CODES,
        }
    }

    /// The hashes of ids of a column; none if there is no such column.
    pub fn ids(&self, column: Option<usize>) -> &[u64] {
        match column.and_then(|column| self.columns.get(column)) {
            Some(Column::Id(values)) => values,
            _ => &[],
        }
    }

    /// A part without rows, with room for as many as `like` has, so many times over.
    pub fn with_room(like: &Part, times: usize) -> Part {
        let rows = like.len() * times;
        Part {
            columns: like.columns.iter().map(|column| column.with_room(rows)).collect(),
            // A single long id among short ones must not ask for as much again for every row to come.
            ids: like.ids.with_room(times, MOST_ID_BYTES),
            ..Part::default()
        }
    }

    /// Whether the rows of another part fit into the room that is left.
    pub fn has_room(&self, other: &Part) -> bool {
        let rooms = self.columns.iter().map(Column::room).min().unwrap_or(usize::MAX);
        rooms >= other.len() && self.ids.has_room(&other.ids)
    }

    /// Adds the rows of another part with the same columns.
    pub fn append(&mut self, other: &Part) {
        let rows = self.len() as u32;
        self.columns.iter_mut().zip(&other.columns).for_each(|(column, other)| column.append(other));
        self.ids.append(&other.ids);
        self.refunds.extend(other.refunds.iter().map(|(row, hash)| (row + rows, *hash)));
        self.texts.extend_from_slice(&other.texts);
        self.lines.append(&other.lines);
    }

    /// Forgets all rows and keeps their memory.
    fn clear(&mut self) {
        self.columns.iter_mut().for_each(Column::clear);
        self.ids.clear();
        self.refunds.clear();
        self.texts.clear();
        self.lines = Lines::default();
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

    /// The same cell with what is wrong about it, where that is known.
    #[must_use]
    pub fn because(mut self, why: Option<String>) -> Sample {
        if let Some(why) = why {
            self.value.push_str(&format!(" ({why})"));
        }
        self
    }
}
