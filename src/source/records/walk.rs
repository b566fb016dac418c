//! Goes through the records of chunks, and finds the fields of each; it must not know what a column means.

use std::borrow::Cow;

use super::Record;
use crate::source::chunks::{Chunk, End};
use crate::source::fault::{Cause, Fault};
use crate::source::quotes::unquoted;
use crate::source::short::Short;
use crate::source::split::{Bounds, Fields, Format, Split};

/// Goes through the records of one chunk after the other.
#[derive(Debug, Default)]
pub struct Walk {
    pub(super) format: Format,
    /// The line on which the next record starts.
    pub(super) line: u64,
    /// Where in the chunk it starts.
    pub(super) at: usize,
    fields: Fields,
}

/// Where a record stands in its chunk.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    line: u64,
    start: usize,
    len: usize,
    /// Which of the ends is that of its first field, and how many fields it has.
    first: usize,
    fields: usize,
}

/// Where a record and its fields stand, in little: see [`Walk::cell`].
#[derive(Debug, Clone, Copy)]
pub struct RecordPlace {
    start: u32,
    first: u32,
}

impl Found {
    /// Where it stands.
    pub fn place(&self) -> RecordPlace {
        RecordPlace { start: self.start as u32, first: self.first as u32 }
    }
}

impl Walk {
    /// A walk whose first record starts on `line`.
    pub fn new(delimiter: u8, width: usize, line: u64) -> Self {
        Walk { format: Format { delimiter, width }, line, ..Walk::default() }
    }

    /// Begins anew, at the first line of a chunk.
    pub fn restart(&mut self, delimiter: u8, width: usize) {
        (self.format, self.line) = (Format { delimiter, width }, 0);
    }

    /// The line on which the next record starts.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Goes on to a chunk.
    pub fn enter(&mut self, chunk: &Chunk) {
        self.at = 0;
        self.fields.enter(&chunk.bytes, self.format.delimiter);
    }

    /// Finds the next record of the chunk, blank lines skipped; none at its end.
    ///
    /// # Errors
    /// Where the chunk does not end with a record, once they are all found.
    #[inline(always)]
    pub fn step(&mut self, chunk: &mut Chunk) -> std::result::Result<Option<Found>, Fault> {
        loop {
            let (start, last) = (self.at, matches!(chunk.end, End::Data));
            match self.fields.split(&chunk.bytes, start, self.format, last) {
                Split::Record(Bounds { len, next, lines, first, fields }) => {
                    let line = self.line;
                    self.line += lines;
                    self.at = next;
                    if len > 0 {
                        return Ok(Some(Found { line, start, len, first, fields }));
                    }
                }
                none => return self.over(chunk, none).map_or(Ok(None), Err),
            }
        }
    }

    /// Why no record is left, if it is not that the data ends.
    #[cold]
    fn over(&self, chunk: &mut Chunk, split: Split) -> Option<Fault> {
        if let Split::OpenQuote { field } = split {
            return Some(self.open_quote(&chunk.bytes, self.at, field));
        }
        let cause = match std::mem::replace(&mut chunk.end, End::Record) {
            End::Record | End::Data => return None,
            End::Limit => Cause::Limit,
            End::Failure(cause) => Cause::Unreadable(cause),
        };
        Some(Fault { line: self.line, cause })
    }

    /// A record that was found in the chunk.
    pub fn record<'a>(&'a self, chunk: &'a Chunk, found: Found) -> Record<'a> {
        let Found { line, start, len, first, fields } = found;
        let ends = self.fields.ends().get(first..first + fields).unwrap_or_default();
        Record { line, bytes: &chunk.bytes, start, len, ends, width: self.format.width }
    }

    /// The value of a field of a record that was found in the chunk and has that field, without its quotes.
    #[inline]
    pub fn cell<'a>(&self, bytes: &'a [u8], place: RecordPlace, column: usize) -> Cow<'a, [u8]> {
        unquoted(bytes, self.span(place, column))
    }

    /// The text of a field as it stands, quotes and all, if it is short and not too near the end of the chunk.
    #[inline]
    pub fn short(&self, bytes: &[u8], place: RecordPlace, column: usize) -> Option<Short> {
        let (start, end) = self.span(place, column);
        Short::within(bytes, start as usize, end as usize)
    }

    /// The text of a field, if it is short and plain: see [`Short::plain_within`].
    #[inline]
    pub fn plain(&self, bytes: &[u8], place: RecordPlace, column: usize) -> Option<Short> {
        let (start, end) = self.span(place, column);
        Short::plain_within(bytes, start as usize, end as usize)
    }

    /// Where a field stands in the chunk.
    #[inline]
    fn span(&self, place: RecordPlace, column: usize) -> (u32, u32) {
        let (first, ends) = (place.first as usize + column, self.fields.ends());
        if column == 0 {
            return (place.start, ends.get(first).copied().unwrap_or(place.start));
        }
        match ends.get(first - 1..=first) {
            Some(&[before, end]) => (before + 1, end),
            _ => (place.start, place.start),
        }
    }

    /// The text of a record that was found in the chunk, with the fields that the header names.
    pub fn text<'a>(&self, bytes: &'a [u8], place: RecordPlace) -> &'a [u8] {
        let last = (place.first as usize + self.format.width).checked_sub(1);
        let end = last.and_then(|last| self.fields.ends().get(last)).copied().unwrap_or(place.start);
        bytes.get(place.start as usize..end as usize).unwrap_or_default()
    }

    fn open_quote(&self, bytes: &[u8], start: usize, field: usize) -> Fault {
        let before = bytes.get(start..field).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', before).count() as u64;
        Fault { line: self.line + lines, cause: Cause::OpenQuote }
    }
}
