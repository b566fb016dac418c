//! One kind of export: the rows of all its files one above the other, in the parts in which they were read, until
//! whoever knows their order makes a table of them.

use std::cmp::Ordering;

use super::batch::Part;
use super::collect::FileRows;
use super::column::Column;
use super::exports::{Table, tie};
use super::layout::NamedColumn;
use crate::source::field::{Field, Kind};

/// The rows of a kind. A row's number counts all rows, those that cannot be used too.
#[derive(Debug)]
pub struct Stack {
    /// What its rows are.
    pub kind: Kind,
    /// The columns of each part, which are empty where the part's file lacks them.
    columns: Vec<NamedColumn>,
    parts: Vec<Part>,
    /// How many of the parts, from the first, come from exports of the kind.
    read: usize,
}

/// Where each row of a stack goes in a table, [`NONE`](super::words::NONE) for one that is left out; and how many rows the table has.
#[derive(Debug)]
pub struct Places {
    /// By the number of the row.
    pub of: Vec<u32>,
    /// The rows of the table.
    pub rows: usize,
}

impl Stack {
    /// No rows yet.
    pub fn new(kind: Kind) -> Stack {
        Stack { kind, columns: Vec::new(), parts: Vec::new(), read: 0 }
    }

    /// Adds the rows of a file, whose rejects are all known, below those that are there. `is_read` says that it is an
    /// export of the kind.
    pub fn add(&mut self, mut file: FileRows, is_read: bool) {
        let mut parts = std::mem::take(&mut file.parts);
        for part in &mut parts {
            part.unused = file.unused(part);
        }
        let targets: Vec<usize> = file.columns.iter().map(|named| self.place(named)).collect();
        for mut part in parts {
            let own = std::mem::take(&mut part.columns);
            part.columns = self.columns.iter().map(|named| Column::new(named.cell)).collect();
            for (column, target) in own.into_iter().zip(&targets) {
                part.columns[*target] = column;
            }
            self.parts.push(part);
            self.read += usize::from(is_read);
        }
    }

    fn place(&mut self, named: &NamedColumn) -> usize {
        self.column(&named.name).unwrap_or_else(|| {
            self.columns.push(named.clone());
            self.parts.iter_mut().for_each(|part| part.columns.push(Column::new(named.cell)));
            self.columns.len() - 1
        })
    }

    /// The place of a column in each part.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The place of a canonical field's column in each part.
    pub fn field(&self, field: Field) -> Option<usize> {
        self.column(field.as_str())
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts, to change the values of their rows.
    pub fn parts_mut(&mut self) -> &mut [Part] {
        &mut self.parts
    }

    /// The parts that do not come from exports of the kind: the ratings of tickets, among the surveys.
    pub fn other_parts(&self) -> &[Part] {
        self.parts.get(self.read..).unwrap_or_default()
    }

    /// The parts that come from exports of the kind.
    pub fn read_parts(&self) -> &[Part] {
        self.parts.get(..self.read).unwrap_or_default()
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    /// Finds the part of a row, and its place in it.
    pub fn finder<'a>(&'a self) -> impl Fn(u32) -> (&'a Part, usize) {
        let ends: Vec<usize> = self
            .parts
            .iter()
            .scan(0, |end, part| {
                *end += part.len();
                Some(*end)
            })
            .collect();
        move |row| {
            let number = ends.partition_point(|end| *end <= row as usize);
            (&self.parts[number], row as usize - number.checked_sub(1).map_or(0, |before| ends[before]))
        }
    }

    /// Compares two rows by all that was read of them: see [`Table::tie`].
    pub fn tie(&self) -> impl Fn((&Part, usize), (&Part, usize)) -> Ordering {
        let compare = tie(self.columns.iter());
        move |(a, row), (b, other)| {
            compare(&|column| a.columns[column].value(row), &|column| b.columns[column].value(other))
        }
    }

    /// Leaves a column out of the table that is to come.
    pub fn drop_column(&mut self, field: Field) {
        if let Some(place) = self.field(field) {
            self.columns.remove(place);
            self.parts.iter_mut().for_each(|part| drop(part.columns.remove(place)));
        }
    }

    /// Puts each row where it belongs. Each part gives up its columns as soon as they are copied.
    pub fn into_table(mut self, places: &Places) -> Table {
        let mut columns = Vec::with_capacity(self.columns.len());
        while let Some(named) = self.columns.pop() {
            let is_wide = self.parts.iter().any(|part| part.columns.last().is_some_and(Column::is_wide));
            let is_whole =
                self.parts.iter().all(|part| part.columns.last().map_or(0, Column::len) == part.len());
            let new = if is_whole { Column::to_come } else { Column::blank };
            let mut whole = new(named.cell, places.rows, is_wide);
            let mut start = 0;
            for part in &mut self.parts {
                if let Some(column) = part.columns.pop() {
                    let end = start + part.len();
                    column.scatter(places.of.get(start..end).unwrap_or_default(), &mut whole);
                    start = end;
                }
            }
            columns.push((named, whole));
        }
        columns.reverse();
        Table::new(self.kind, places.rows, columns)
    }
}
