//! All exports of a run as Polars tables that share one numbering of customers and words.

use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataFrame, IdxCa, NewChunkedArray, PolarsNumericType, PolarsResult,
};
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::batch::{Batch, NamedColumn};
use super::column::{CellType, Column as Values};
use super::ratings::{Ratings, UnusedRatings};
use super::settle::{FileBatch, Scales};
use super::words::{NONE, Words};
use crate::error::{Error, Result};
use crate::source::field::{Field, Kind};

/// The words of every column that has words, by the column's name: `email` is the same channel in every export.
#[derive(Debug, Clone, Default)]
pub struct Dictionaries(BTreeMap<String, Words>);

impl Dictionaries {
    /// The words of the columns of that name.
    pub fn of(&self, name: &str) -> Option<&Words> {
        self.0.get(name)
    }

    /// The words of the columns of that name, to add to them.
    pub fn entry(&mut self, name: &str) -> &mut Words {
        self.0.entry(name.to_owned()).or_default()
    }
}

/// One kind of export: every usable row of all its files.
#[derive(Debug, Clone)]
pub struct Table {
    /// What its rows are.
    pub kind: Kind,
    /// The columns, by canonical or normalised name.
    pub frame: DataFrame,
}

/// Everything that was read and can be used.
#[derive(Debug, Default)]
pub struct Exports {
    /// The tables, at most one a kind.
    pub tables: Vec<Table>,
    /// The words of the columns.
    pub words: Dictionaries,
    /// The customers of all tables.
    pub customers: Words,
    /// The scale of each survey question.
    pub scales: Scales,
    /// The last rows of the surveys are ratings of tickets: for each the row of its ticket.
    pub rated: Vec<u32>,
    /// The ratings that cannot be used.
    pub unused_ratings: Vec<UnusedRatings>,
    /// Whether a survey export was given.
    surveyed: bool,
}

impl Exports {
    /// The table of a kind.
    pub fn table(&self, kind: Kind) -> Option<&Table> {
        self.tables.iter().find(|table| table.kind == kind)
    }

    /// How many rows of a table, from the first, come from exports of its kind; none where there is no such export.
    pub fn rows_read(&self, table: &Table) -> Option<usize> {
        match table.kind {
            Kind::Surveys => self.surveyed.then(|| table.rows() - self.rated.len()),
            _ => Some(table.rows()),
        }
    }

    /// Stacks the files of each kind, without the rows that were rejected, and numbers customers and words alike in
    /// all of them. Words are numbered in the order of the alphabet, so that no result depends on which came first.
    /// The ratings of tickets stand behind the rows of the surveys.
    ///
    /// # Errors
    /// When the rows do not fit into tables.
    pub fn of(mut kinds: Vec<(Kind, Vec<FileBatch>)>, scales: Scales, ratings: Ratings) -> Result<Exports> {
        let surveyed = kinds.iter().any(|(kind, _)| *kind == Kind::Surveys);
        let Ratings { batch, tickets: rated, unused: unused_ratings } = ratings;
        if !rated.is_empty() {
            if !surveyed {
                kinds.insert(0, (Kind::Surveys, Vec::new()));
            }
            let surveys = kinds.iter_mut().find(|(kind, _)| *kind == Kind::Surveys);
            if let Some((_, files)) = surveys {
                files.push(FileBatch { name: String::new(), batch });
            }
        }
        let mut exports = Exports { scales, rated, unused_ratings, surveyed, ..Exports::default() };
        let batches = || kinds.iter().flat_map(|(_, files)| files).map(|file| &file.batch);
        let worded =
            || batches().flat_map(|batch| &batch.columns).filter(|named| named.cell == CellType::Word);
        worded().for_each(|named| {
            exports.words.entry(&named.name).merge(&named.words);
        });
        exports.words.0.values_mut().for_each(|words| *words = words.sorted());
        for (kind, files) in kinds {
            exports.add(kind, files)?;
        }
        Ok(exports)
    }

    fn add(&mut self, kind: Kind, files: Vec<FileBatch>) -> Result<()> {
        let mut columns: Vec<NamedColumn> = Vec::new();
        let mut keep: Vec<bool> = Vec::new();
        for FileBatch { batch, .. } in files {
            keep.extend(batch.lines.iter().map(|line| !batch.rejects.contains_key(line)));
            self.append(&mut columns, batch, keep.len());
        }
        let height = keep.len();
        let columns = columns.into_iter().map(|named| named.column.into_polars(&named.name)).collect();
        let frame = DataFrame::new(height, columns).and_then(|frame| kept(frame, &keep)).map_err(internal)?;
        self.tables.push(Table { kind, frame });
        Ok(())
    }

    /// Adds a batch's columns below those of the files before it, blanks where either lacks one.
    fn append(&mut self, columns: &mut Vec<NamedColumn>, batch: Batch, rows: usize) {
        let before = rows - batch.lines.len();
        let customers = self.customers.merge(&batch.customers);
        for mut named in batch.columns {
            match named.cell {
                CellType::Word => named.column.translate(&self.words.entry(&named.name).merge(&named.words)),
                CellType::Customer => named.column.translate(&customers),
                _ => {}
            }
            let known = columns.iter().position(|column| column.name == named.name).unwrap_or_else(|| {
                let mut column = Values::new(named.cell);
                column.pad(before);
                columns.push(NamedColumn {
                    column,
                    words: Words::default(),
                    name: named.name,
                    cell: named.cell,
                });
                columns.len() - 1
            });
            columns[known].column.append(named.column);
        }
        for column in columns {
            let missing = rows - column.column.len();
            column.column.pad(missing);
        }
    }
}

fn kept(frame: DataFrame, keep: &[bool]) -> PolarsResult<DataFrame> {
    if keep.iter().all(|keep| *keep) {
        return Ok(frame);
    }
    let mask = BooleanChunked::from_slice("".into(), keep);
    by_column(&frame, keep.iter().filter(|keep| **keep).count(), |column| column.filter(&mask))
}

/// Column by column on this thread: Polars' own threads would not be those that `--threads` allows.
fn by_column(
    frame: &DataFrame,
    height: usize,
    change: impl FnMut(&Column) -> PolarsResult<Column>,
) -> PolarsResult<DataFrame> {
    DataFrame::new(height, frame.columns().iter().map(change).collect::<PolarsResult<Vec<Column>>>()?)
}

/// An error that no input should cause: the tables are made here, of equal length and known types.
pub fn internal(cause: polars::prelude::PolarsError) -> Error {
    Error::export(format!("the tables do not fit together: {cause}"))
}

impl Table {
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// Whether the export has the column.
    pub fn has(&self, name: &str) -> bool {
        self.frame.get_column_index(name).is_some()
    }

    /// Whether the export has the column and it holds codes of words.
    pub fn has_words(&self, name: &str) -> bool {
        let Some(field) = Field::named(self.kind, name) else { return self.has(name) };
        CellType::of(self.kind, field) == Some(CellType::Word) && self.has(name)
    }

    /// The rows whose time is not after a moment, and how many are. A row without the time stays.
    ///
    /// # Errors
    /// When Polars cannot filter the table.
    pub fn up_to(&self, field: Field, moment: i64) -> Result<(Table, u64)> {
        let keep: Vec<bool> =
            self.longs(field).iter().map(|time| time.is_none_or(|time| time <= moment)).collect();
        let after = keep.iter().filter(|keep| !**keep).count() as u64;
        let frame = kept(self.frame.clone(), &keep).map_err(internal)?;
        Ok((Table { kind: self.kind, frame }, after))
    }

    /// The rows in another order: `rows` are the places of the present ones.
    ///
    /// # Errors
    /// When a row is not there.
    pub fn in_order(&self, rows: &[u32]) -> Result<Table> {
        let rows = IdxCa::from_slice("".into(), rows);
        let frame = by_column(&self.frame, rows.len(), |column| column.take(&rows)).map_err(internal)?;
        Ok(Table { kind: self.kind, frame })
    }

    /// Compares two rows by all that was read of them. Slow, and only for ties that nothing else settles, so that the
    /// order of the rows in an export never does.
    pub fn tie(&self) -> impl Fn(usize, usize) -> Ordering + '_ {
        let is_of_the_row = |column: &&Column| !["customer", "response"].contains(&column.name().as_str());
        let mut columns: Vec<&Column> = self.frame.columns().iter().filter(is_of_the_row).collect();
        columns.sort_by_key(|column| column.name().as_str());
        move |a, b| {
            let cells = columns.iter().map(|column| (column.get(a).ok(), column.get(b).ok()));
            cells
                .map(|(a, b)| a.partial_cmp(&b).unwrap_or(Ordering::Equal))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        }
    }

    /// Times, amounts; all blank where the export lacks the column.
    pub fn longs(&self, field: Field) -> Vec<Option<i64>> {
        self.numbers(self.column(field.as_str()).and_then(|column| column.i64().ok()))
    }

    /// Codes of words or customers, counts; [`NONE`] where there is none.
    pub fn codes(&self, name: &str) -> Vec<u32> {
        let Some(codes) = self.column(name).and_then(|column| column.u32().ok()) else {
            return vec![NONE; self.rows()];
        };
        match codes.cont_slice() {
            Ok(codes) => codes.to_vec(),
            Err(_) => codes.iter().map(|code| code.unwrap_or(NONE)).collect(),
        }
    }

    /// Scores in thousandths.
    pub fn scores(&self) -> Vec<Option<i32>> {
        self.numbers(self.column(Field::Score.as_str()).and_then(|column| column.i32().ok()))
    }

    /// Hashes of ids.
    pub fn ids(&self, field: Field) -> Vec<Option<u64>> {
        self.numbers(self.column(field.as_str()).and_then(|column| column.u64().ok()))
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.frame.column(name).ok()
    }

    /// A column's values; a column without blanks is copied at once.
    fn numbers<T: PolarsNumericType>(&self, column: Option<&ChunkedArray<T>>) -> Vec<Option<T::Native>> {
        let Some(values) = column else { return vec![None; self.rows()] };
        match values.cont_slice() {
            Ok(values) => values.iter().copied().map(Some).collect(),
            Err(_) => values.iter().collect(),
        }
    }

    /// Texts, empty where there is none; nothing where the export lacks the column.
    pub fn texts(&self, field: Field) -> impl Iterator<Item = &str> {
        let column = self.column(field.as_str()).and_then(|column| column.str().ok());
        column.into_iter().flat_map(|texts| texts.iter().map(|text| text.unwrap_or_default()))
    }

    /// Yes and no.
    pub fn flags(&self, field: Field) -> Vec<Option<bool>> {
        let column = self.column(field.as_str()).and_then(|column| column.bool().ok());
        column.map_or_else(|| vec![None; self.rows()], |flags| flags.iter().collect())
    }
}
