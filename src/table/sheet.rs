//! The cells that a preset makes of others, as a small sheet of their own beside the chunk: whoever parses cells need not
//! know where they come from. It knows no type and no metric.

use std::borrow::Cow;

use super::layout::Layout;
use super::value::{blank, decimals, number};
use crate::source::chunks::{Chunk, End};
use crate::source::records::{RecordPlace, Walk};
use crate::source::shape::{CellTest, Currency, From, Shaped};

/// Cells as they are parsed: their bytes, and where those of each record stand.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) walk: &'a Walk,
    pub(super) places: &'a [RecordPlace],
}

impl<'a> View<'a> {
    fn cell(&self, row: usize, column: usize) -> Cow<'a, [u8]> {
        self.places.get(row).map_or(Cow::Borrowed(b""), |place| self.walk.cell(self.bytes, *place, column))
    }
}

/// The cells that are made, a record a line.
#[derive(Debug)]
pub(super) struct Sheet {
    chunk: Chunk,
    walk: Walk,
    places: Vec<RecordPlace>,
}

impl Default for Sheet {
    fn default() -> Self {
        let chunk = Chunk { bytes: Vec::new(), end: End::Data };
        Sheet { chunk, walk: Walk::default(), places: Vec::new() }
    }
}

impl Sheet {
    /// Makes the cells of every record.
    pub(super) fn fill(&mut self, layout: &Layout, records: View<'_>) {
        self.places.clear();
        self.chunk.bytes.clear();
        if layout.made.is_empty() {
            return;
        }
        for row in 0..records.places.len() {
            self.chunk.bytes.push(b'|');
            for shaped in &layout.made {
                self.chunk.bytes.push(b',');
                let cell = made(shaped, layout, |column| records.cell(row, column));
                quote(&mut self.chunk.bytes, &cell);
            }
            self.chunk.bytes.push(b'\n');
        }
        self.chunk.end = End::Data;
        self.walk.restart(b',', layout.made.len() + 1);
        self.walk.enter(&self.chunk);
        // The last line end is followed by nothing, so that each step finds the record of a line.
        while let Ok(Some(found)) = self.walk.step(&mut self.chunk) {
            self.places.push(found.place());
        }
    }

    /// The cells, to be parsed.
    pub(super) fn view(&self) -> View<'_> {
        View { bytes: &self.chunk.bytes, walk: &self.walk, places: &self.places }
    }
}

fn quote(bytes: &mut Vec<u8>, cell: &[u8]) {
    if memchr::memchr3(b',', b'"', b'\n', cell).is_none() && !cell.contains(&b'\r') {
        bytes.extend_from_slice(cell);
        return;
    }
    bytes.push(b'"');
    for byte in cell {
        bytes.extend(std::iter::repeat_n(*byte, if *byte == b'"' { 2 } else { 1 }));
    }
    bytes.push(b'"');
}

/// The cell that is made of those of a record.
pub fn made<'a>(shaped: &'a Shaped, layout: &Layout, cell: impl Fn(usize) -> Cow<'a, [u8]>) -> Cow<'a, [u8]> {
    const NOTHING: Cow<'static, [u8]> = Cow::Borrowed(b"");
    let is_one = |column: usize, words: &[String]| words.contains(&folded(&cell(column)));
    if shaped.blank_if.as_ref().is_some_and(|(column, words)| is_one(*column, words)) {
        return NOTHING;
    }
    let cleaned = |column: usize| cleaned(shaped, cell(column));
    let elsewhere = shaped.when.iter().find(|(test, _)| holds(test, &cell));
    let text = match elsewhere.map_or(&shaped.from, |(_, from)| from) {
        From::Column(column) => cleaned(*column),
        From::Filled(columns) => {
            let mut cells = columns.iter().map(|column| cleaned(*column));
            cells.find(|cell| !blank::is_null_word(cell)).unwrap_or(NOTHING)
        }
        From::Joined(columns) => {
            let cells: Vec<Cow<'a, [u8]>> = columns.iter().map(|column| cleaned(*column)).collect();
            let parts: Vec<&[u8]> = cells.iter().map(|cell| blank::trim(cell)).collect();
            // A date that has its time already needs no other.
            let has_time = |part: &[u8]| part.contains(&b':');
            match parts.first() {
                None | Some([]) => NOTHING,
                Some(first) if has_time(first) && parts[1..].iter().any(|part| has_time(part)) => {
                    Cow::Owned(first.to_vec())
                }
                Some(_) => Cow::Owned(blank::trim(&parts.join(&b' ')).to_vec()),
            }
        }
        From::Product(columns) => {
            let factors: Vec<Cow<'a, [u8]>> = columns.iter().map(|column| cleaned(*column)).collect();
            Cow::Owned(number::product(&factors, layout.decimal))
        }
        From::Constant(value) => Cow::Borrowed(value.as_bytes()),
        From::Status(column, resolved, open) => {
            let answer: &[u8] = match () {
                () if is_one(*column, resolved) => b"yes",
                () if is_one(*column, open) => b"no",
                () => b"",
            };
            Cow::Borrowed(answer)
        }
    };
    let text = labelled(shaped, text);
    match &shaped.minor {
        Some(Currency::Column(column)) => decimals::major(text, &cell(*column), layout.decimal),
        Some(Currency::Known(code)) => decimals::major(text, code.as_bytes(), layout.decimal),
        None => text,
    }
}

/// Whether a cell of a record is what the test asks.
pub(super) fn holds<'a>(test: &CellTest, cell: impl Fn(usize) -> Cow<'a, [u8]>) -> bool {
    test.test.holds(&folded(&cell(test.column)))
}

/// A cell without its guard, and nothing where it holds a word for nothing.
fn cleaned<'a>(shaped: &Shaped, cell: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
    if !shaped.nulls.is_empty() && shaped.nulls.contains(&folded(&cell)) {
        return Cow::Borrowed(b"");
    }
    let is_guarded =
        |cell: &[u8]| matches!(cell, [b'\'', b'=' | b'+' | b'-' | b'@' | b'\t' | b'0'..=b'9', ..]);
    match cell {
        cell if !shaped.guard || !is_guarded(&cell) => cell,
        Cow::Borrowed(cell) => Cow::Borrowed(&cell[1..]),
        Cow::Owned(cell) => Cow::Owned(cell[1..].to_vec()),
    }
}

/// What the cell stands for, if it is a word with a meaning.
fn labelled<'a>(shaped: &'a Shaped, cell: Cow<'a, [u8]>) -> Cow<'a, [u8]> {
    if shaped.labels.is_empty() {
        return cell;
    }
    shaped.labels.get(&folded(&cell)).map_or(cell, |value| Cow::Borrowed(value.as_bytes()))
}

/// A cell as words are compared: trimmed, in lower case.
fn folded(cell: &[u8]) -> String {
    String::from_utf8_lossy(blank::trim(cell)).to_lowercase()
}
