//! Exports in which only a part of each row stands, the rest in another export of the run: the other one is looked up by
//! its key and written behind each row, as text. It must not know what a column means.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher as _;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use serde::Deserialize;

use super::columns::{key, normalise};
use super::converted::CsvText;
use super::mapping::{Header, find};
use super::opened::Opened;
use super::records::{Reader, Record};
use crate::error::{Error, Result};
use crate::text;

/// Whether the rows of an export stand in it as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Beside {
    /// They do.
    #[default]
    Nothing,
    /// The rest of each stands in another export.
    Rest(Rest),
    /// They are the rest of the rows of others, and no rows by themselves.
    Part,
}

impl Beside {
    /// Where the rest of each row stands, if that is another export.
    pub fn rest(&self) -> Option<&Rest> {
        match self {
            Beside::Rest(rest) => Some(rest),
            _ => None,
        }
    }
}

/// Where the rest of each row stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// The preset of the other export.
    pub preset: String,
    /// The columns that tell which row it is, each with the one that is equal to it there.
    pub by: BTreeMap<String, String>,
}

/// The rows of the exports that hold the rest of others, in memory, each found by its key.
#[derive(Debug)]
pub struct Parts {
    /// The columns of the others that tell which row it is.
    by: Vec<String>,
    /// The columns that are written behind a row: all but those of the key.
    names: Vec<String>,
    /// The cells of every row, those of its key first, each with its length before it.
    cells: Vec<u8>,
    rows: Vec<Row>,
    by_key: HashTable<u32>,
    files: Vec<PartFile>,
}

#[derive(Debug)]
struct Row {
    /// Where its cells begin.
    start: usize,
    /// Where those behind its key begin, and how many there are.
    rest: usize,
    count: u32,
    is_found: AtomicBool,
}

#[derive(Debug)]
struct PartFile {
    name: String,
    preset: String,
    /// How many rows stand before its own.
    first: usize,
    account: Account,
}

/// What became of the rows of one such export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// Those read.
    pub rows: u64,
    /// Those in whose place a later one of the same key stands.
    pub repeated: u64,
    /// Those that do not fit their header.
    pub rejected: u64,
    /// Those to which no row of the others belongs.
    pub unmatched: u64,
}

/// The same parts are the same ones in memory.
impl PartialEq for Parts {
    fn eq(&self, other: &Parts) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Parts {}

impl Parts {
    /// Reads the exports that hold the rest of others, in the order given: of rows with one key the last counts.
    ///
    /// # Errors
    /// When one cannot be read, or lacks a column of the key.
    pub fn read<'a>(rest: &Rest, files: impl Iterator<Item = &'a mut Opened>) -> Result<Parts> {
        let mut files: Vec<&mut Opened> = files.collect();
        let mut parts = Parts {
            by: rest.by.keys().cloned().collect(),
            names: Vec::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            by_key: HashTable::new(),
            files: Vec::new(),
        };
        let mut places = Places::default();
        let mut columns = Vec::new();
        for file in &files {
            let there: Vec<String> = rest.by.values().cloned().collect();
            let keys = columns_of(&file.name, &file.mapping.header, &there)?;
            columns.push((places.of(&file.mapping.header, &keys), keys));
        }
        parts.names = places.names;
        for (file, (rest, keys)) in files.iter_mut().zip(&columns) {
            parts.add(file, keys, rest)?;
        }
        Ok(parts)
    }

    fn add(&mut self, file: &mut Opened, keys: &[usize], rest: &[Option<usize>]) -> Result<()> {
        let preset = file.mapping.shape.preset.as_ref().map(|preset| preset.name.clone()).unwrap_or_default();
        let (name, first) = (file.name.clone(), self.rows.len());
        self.files.push(PartFile { name: name.clone(), preset, first, account: Account::default() });
        let mut reader = file.records()?;
        let mut account = Account::default();
        while let Some(record) = reader.read()? {
            account.rows += 1;
            if record.is_ragged() {
                account.rejected += 1;
            } else {
                self.put(&record, keys, rest);
            }
        }
        if u32::try_from(self.rows.len()).is_err() {
            return Err(Error::export(format!("`{name}` has more rows than can be joined to others"))
                .hint("split it, and report the parts apart"));
        }
        if let Some(file) = self.files.last_mut() {
            // Those repeated were counted while the rows were read.
            file.account = Account { repeated: file.account.repeated, ..account };
        }
        Ok(())
    }

    fn put(&mut self, record: &Record<'_>, keys: &[usize], rest: &[Option<usize>]) {
        let (start, number) = (self.cells.len(), self.rows.len());
        let has_key = push_key(&mut self.cells, record, keys);
        let behind = self.cells.len();
        for column in rest {
            push(&mut self.cells, &column.map_or(Cow::Borrowed(&b""[..]), |column| record.field(column)));
        }
        let count = rest.len() as u32;
        self.rows.push(Row { start, rest: behind, count, is_found: AtomicBool::new(false) });
        if !has_key {
            return;
        }
        let Parts { cells, rows, by_key, files, .. } = self;
        let key_of = |row: &u32| rows.get(*row as usize).and_then(|row| cells.get(row.start..row.rest));
        let own = cells.get(start..behind);
        let hash = |row: &u32| hash(key_of(row).unwrap_or_default());
        let entry = by_key.entry(self::hash(own.unwrap_or_default()), |known| key_of(known) == own, hash);
        match entry {
            hashbrown::hash_table::Entry::Occupied(mut known) => {
                let earlier = std::mem::replace(known.get_mut(), number as u32) as usize;
                let file = files.iter_mut().rev().find(|file| file.first <= earlier);
                file.into_iter().for_each(|file| file.account.repeated += 1);
            }
            hashbrown::hash_table::Entry::Vacant(free) => {
                free.insert(number as u32);
            }
        }
    }

    /// The row of that key.
    fn find(&self, key: &[u8]) -> Option<&Row> {
        let is_it = |row: &u32| {
            let row = self.rows.get(*row as usize);
            row.and_then(|row| self.cells.get(row.start..row.rest)) == Some(key)
        };
        let row = self.by_key.find(hash(key), is_it)?;
        self.rows.get(*row as usize)
    }

    /// The cells of a row that stand behind its key, blank where its file lacks the column.
    fn cells(&self, row: &Row) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.cells.get(row.rest..).unwrap_or_default();
        (0..self.names.len()).map(move |column| {
            let length = rest.split_first_chunk::<4>().filter(|_| column < row.count as usize);
            let cell = length
                .and_then(|(length, behind)| behind.split_at_checked(u32::from_le_bytes(*length) as usize));
            cell.map_or(&b""[..], |(cell, behind)| {
                rest = behind;
                cell
            })
        })
    }

    /// For each export its name, its preset, and what became of its rows, once those of the others are read.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &str, Account)> {
        let ends = self.files.iter().skip(1).map(|file| file.first).chain([self.rows.len()]);
        self.files.iter().zip(ends).map(|(file, end)| {
            let own = self.rows.get(file.first..end).unwrap_or_default();
            let unfound = own.iter().filter(|row| !row.is_found.load(Ordering::Relaxed)).count() as u64;
            let unmatched = unfound.saturating_sub(file.account.repeated);
            (file.name.as_str(), file.preset.as_str(), Account { unmatched, ..file.account })
        })
    }
}

/// The columns behind the keys, over several exports whose columns need not be the same.
#[derive(Default)]
struct Places {
    names: Vec<String>,
    /// The place of a name, by how many of that name come before it in its file.
    known: HashMap<(String, usize), usize>,
}

impl Places {
    /// For each place the column of a file that has it.
    fn of(&mut self, header: &[String], keys: &[usize]) -> Vec<Option<usize>> {
        let mut met: HashMap<String, usize> = HashMap::new();
        let mut columns = vec![None; self.names.len()];
        for (column, name) in header.iter().enumerate().filter(|(column, _)| !keys.contains(column)) {
            let same = key(&normalise(name));
            let namesakes = met.entry(same.clone()).or_default();
            let place = *self.known.entry((same, *namesakes)).or_insert(self.names.len());
            *namesakes += 1;
            if place == self.names.len() {
                self.names.push(name.clone());
                columns.push(None);
            }
            columns[place] = Some(column);
        }
        columns
    }
}

/// The columns of a file of these names.
fn columns_of(file: &str, header: &[String], names: &[String]) -> Result<Vec<usize>> {
    let unique = Header::new(file, header).names;
    let column = |name: &String| {
        find(header, &unique, name).first().copied().ok_or_else(|| {
            let cause = format!("`{file}` has no column `{name}`, which tells the row that it belongs to");
            Error::export(cause)
                .hint(format!("export it again with `{name}`; it has {}", text::quoted(header, 12)))
        })
    };
    names.iter().map(column).collect()
}

fn hash(key: &[u8]) -> u64 {
    FixedState::with_seed(0x0063_786d).hash_one(key)
}

fn push(cells: &mut Vec<u8>, cell: &[u8]) {
    cells.extend_from_slice(&(cell.len() as u32).to_le_bytes());
    cells.extend_from_slice(cell);
}

/// Adds the cells of a key; false where all of them are blank.
fn push_key(cells: &mut Vec<u8>, record: &Record<'_>, columns: &[usize]) -> bool {
    let mut has_key = false;
    for column in columns {
        let cell = record.field(*column);
        has_key |= !cell.trim_ascii().is_empty();
        push(cells, cell.trim_ascii());
    }
    has_key
}

/// How many bytes are written at a time.
const BLOCK: usize = 64 << 10;

/// An export with the rest of each row behind it, as CSV text.
pub(super) struct Joined {
    base: Reader,
    parts: Arc<Parts>,
    /// The columns that tell which row it is.
    keys: Vec<usize>,
    csv: CsvText,
    /// The key of the row at hand.
    key: Vec<u8>,
}

impl Joined {
    /// The export that `base` reads, of which nothing below its header is read yet.
    ///
    /// # Errors
    /// When it lacks a column by which rows are found.
    pub(super) fn new(base: Reader, parts: Arc<Parts>, file: &str) -> Result<Joined> {
        let keys = columns_of(file, base.header(), &parts.by)?;
        let mut csv = CsvText::with(base.delimiter(), base.header_line());
        csv.record(base.header_line(), base.header().iter().chain(&parts.names).map(String::as_bytes));
        Ok(Joined { base, parts, keys, csv, key: Vec::new() })
    }

    fn fill(&mut self) -> Result<()> {
        let Joined { base, parts, keys, csv, key } = self;
        let width = base.header().len();
        while csv.waiting() < BLOCK {
            let Some(record) = base.read()? else { return Ok(()) };
            let cells: Vec<Cow<'_, [u8]>> = (0..record.len()).map(|column| record.field(column)).collect();
            let own = cells.iter().map(AsRef::as_ref);
            if record.is_ragged() {
                // As few cells as make it so beside the longer header too.
                csv.record(record.line(), own.take(width + parts.names.len() - 1));
                continue;
            }
            key.clear();
            let row = push_key(key, &record, keys).then(|| parts.find(key)).flatten();
            let blank = parts.names.iter().map(|_| &b""[..]);
            match row {
                Some(row) => {
                    row.is_found.store(true, Ordering::Relaxed);
                    csv.record(record.line(), own.take(width).chain(parts.cells(row)));
                }
                None => csv.record(record.line(), own.take(width).chain(blank)),
            }
        }
        Ok(())
    }
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.csv.waiting() == 0 {
            self.fill().map_err(io::Error::other)?;
        }
        Ok(self.csv.take(buffer))
    }
}
