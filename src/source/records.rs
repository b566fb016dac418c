//! The records of an export as raw fields with exact line numbers; it must not know what a column means.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;

use super::chunks::{Chunk, Chunks, End};
use super::converted::Format as FileFormat;
use super::encoding::{Encoding, Shown};
use super::fault::{Cause, Fault, error};
use super::input::{Input, Stream};
use super::quotes::unquoted;
use super::short::Short;
use super::split::{Bounds, Fields, Format, Split};
use super::{delimiter, text};
use crate::error::{Error, Result};

/// The bytes read at a time: large enough to hide what a chunk costs, small enough to stay in a core's cache.
pub const CHUNK: usize = 1 << 18;

/// How to read an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The character between columns; told from the header where it is not given.
    pub delimiter: Option<u8>,
    /// The encoding; told from the bytes where it is not given.
    pub encoding: Option<Encoding>,
    /// About how many bytes are read at a time. No result depends on it.
    pub chunk: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { delimiter: None, encoding: None, chunk: CHUNK }
    }
}

/// Reads the records below the header, one at a time or in chunks, in bounded memory.
pub struct Reader<R = Stream> {
    chunks: Chunks<R>,
    /// The chunk at hand, and how far it is read.
    chunk: Chunk,
    walk: Walk,
    input: Input,
    shown: Shown,
    format: FileFormat,
    header: Vec<String>,
    header_line: u64,
}

impl Reader {
    /// Opens `input` and reads its header.
    pub fn open(input: &Input, options: Options) -> Result<Self> {
        let text::Text { stream, shown, format } = text::open(input, options.encoding)?;
        // What is converted has commas, whatever the files beside it have.
        let delimiter = if format == FileFormat::Csv { options.delimiter } else { Some(b',') };
        let reader = Self::new(stream, input, Options { delimiter, ..options }, format.first_line())?;
        Ok(Reader { shown, format, ..reader })
    }
}

impl<R: Read> Reader<R> {
    fn new(source: R, input: &Input, options: Options, line: u64) -> Result<Self> {
        let tell = |head: &[u8]| options.delimiter.unwrap_or_else(|| delimiter::detect(head));
        let chunks = Chunks::new(source, options.chunk, tell);
        let mut reader = Reader {
            walk: Walk::new(chunks.delimiter(), 0, line),
            chunks,
            chunk: Chunk { bytes: Vec::new(), end: End::Record },
            input: input.clone(),
            shown: Shown::default(),
            format: FileFormat::default(),
            header: Vec::new(),
            header_line: 1,
        };
        reader.read_header()?;
        Ok(reader)
    }

    fn read_header(&mut self) -> Result<()> {
        let (mut line, mut names, is_hint) = self.read_names()?;
        if is_hint {
            (line, names, _) = self.read_names()?;
        }
        let one_line = names.iter().any(|name| name.contains('\r') && !name.contains('\n'));
        if names.iter().all(String::is_empty) {
            return Err(error(&self.input, line, "holds no column name, where the header should be"));
        }
        if one_line {
            let what = "ends in a lone carriage return, which is not read as a line end";
            return Err(error(&self.input, line, what).hint("save the file with LF or CRLF line ends"));
        }
        self.walk.format.width = names.len();
        (self.header, self.header_line) = (names, line);
        Ok(())
    }

    /// The next record as names, its line, and whether it only says what stands between columns.
    fn read_names(&mut self) -> Result<(u64, Vec<String>, bool)> {
        let Some(first) = self.read()? else {
            return Err(Error::export(format!("`{}` is empty", self.input.display())));
        };
        let name = |column| String::from_utf8_lossy(&first.field(column)).trim().to_owned();
        let is_hint = first.line() == 1 && delimiter::said(first.raw()).is_some();
        Ok((first.line(), (0..first.len()).map(name).collect(), is_hint))
    }

    /// The column names, trimmed.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The line on which the header starts: 1, unless blank lines come before it.
    pub fn header_line(&self) -> u64 {
        self.header_line
    }

    /// The character between columns.
    pub fn delimiter(&self) -> u8 {
        self.walk.format.delimiter
    }

    /// The encoding, once it is read.
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// What kind of file it is.
    pub fn format(&self) -> &FileFormat {
        &self.format
    }

    /// The line on which the next record starts.
    pub fn line(&self) -> u64 {
        self.walk.line
    }

    /// The next record, blank lines skipped; none at the end.
    pub fn read(&mut self) -> Result<Option<Record<'_>>> {
        loop {
            match self.walk.step(&mut self.chunk) {
                Ok(Some(found)) => return Ok(Some(self.walk.record(&self.chunk, found))),
                Ok(None) => match self.chunks.next(std::mem::take(&mut self.chunk.bytes)) {
                    Some(chunk) => {
                        self.walk.enter(&chunk);
                        self.chunk = chunk;
                    }
                    None => return Ok(None),
                },
                Err(fault) => return Err(fault.error(&self.input, 0)),
            }
        }
    }

    /// The records that are not read yet, in chunks to be read by a [`Walk`] each; none at the end. `bytes` is memory
    /// that the chunk may use.
    pub fn next_chunk(&mut self, bytes: Vec<u8>) -> Option<Chunk> {
        let read = std::mem::take(&mut self.walk.at);
        let mut rest = std::mem::replace(&mut self.chunk, Chunk { bytes: Vec::new(), end: End::Record });
        if read < rest.bytes.len() || !matches!(rest.end, End::Record) {
            rest.bytes.drain(..read);
            return Some(rest);
        }
        self.chunks.next(bytes)
    }
}

/// Goes through the records of one chunk after the other.
#[derive(Debug, Default)]
pub struct Walk {
    format: Format,
    /// The line on which the next record starts.
    line: u64,
    /// Where in the chunk it starts.
    at: usize,
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

/// One record, as it is in the file.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    line: u64,
    /// The chunk, and where in it the record stands.
    bytes: &'a [u8],
    start: usize,
    len: usize,
    ends: &'a [u32],
    width: usize,
}

impl<'a> Record<'a> {
    /// The line on which it starts, from 1, as an editor counts them.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Its number of fields.
    #[expect(clippy::len_without_is_empty, reason = "a record has at least one field")]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The value of a field, without its quotes; empty where the record is too short.
    pub fn field(&self, column: usize) -> Cow<'a, [u8]> {
        let Some(end) = self.ends.get(column) else { return Cow::Borrowed(b"") };
        let before = column.checked_sub(1).and_then(|before| self.ends.get(before));
        unquoted(self.bytes, (before.map_or(self.start as u32, |before| before + 1), *end))
    }

    /// Its bytes as they are in the file, quotes included, without the line end.
    pub fn raw(&self) -> &'a [u8] {
        self.bytes.get(self.start..self.start + self.len).unwrap_or_default()
    }

    /// Whether its fields do not fit the header. Empty fields beyond the header's last are forgiven.
    pub fn is_ragged(&self) -> bool {
        self.len() < self.width || (self.width..self.len()).any(|column| !self.field(column).is_empty())
    }

    /// Whether it is no text in UTF-8, or holds a NUL.
    pub fn bad_encoding(&self) -> bool {
        let raw = self.raw();
        let is_text = raw.is_ascii() || std::str::from_utf8(raw).is_ok();
        !is_text || memchr::memchr(0, raw).is_some()
    }
}

/// Reads `input` once more and hands on the raw bytes of the records that start at `lines`.
pub fn reread(
    input: &Input,
    options: Options,
    lines: &BTreeSet<u64>,
    mut each: impl FnMut(u64, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::open(input, options)?;
    for &line in lines {
        let changed =
            || Error::export(format!("`{}` changed while it was read: line {line} is gone", input.display()));
        loop {
            let record = reader.read()?.ok_or_else(changed)?;
            if record.line() > line {
                return Err(changed());
            }
            if record.line() == line {
                each(line, record.raw())?;
                break;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod chunk_tests;
#[cfg(test)]
mod tests;
