//! The records of an export as raw fields with exact line numbers; it must not know what a column means.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use super::beside::{Joined, Parts};
use super::chunks::{Chunk, Chunks, End};
use super::converted::Format as FileFormat;
use super::encoding::{Encoding, Shown};
use super::fault::error;
use super::input::{Input, Stream};
use super::preset::Head;
use super::quotes::unquoted;
use super::{delimiter, text};
use crate::error::{Error, Result};

/// The bytes read at a time: large enough to hide what a chunk costs, small enough to stay in a core's cache.
pub const CHUNK: usize = 1 << 18;

/// How much is looked at ahead of reading.
const MOST_PEEKED: usize = 4 << 20;

/// How to read an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The character between columns; told from the header where it is not given.
    pub delimiter: Option<u8>,
    /// The encoding; told from the bytes where it is not given.
    pub encoding: Option<Encoding>,
    /// About how many bytes are read at a time. No result depends on it.
    pub chunk: usize,
    /// How many rows stand above the data.
    pub header_rows: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { delimiter: None, encoding: None, chunk: CHUNK, header_rows: 1 }
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
        match input.parts() {
            // The rows above the data are passed over once the rest stands behind them.
            Some(parts) => {
                Self::alone(input, Options { header_rows: 1, ..options })?.joined(input, parts, options)
            }
            None => Self::alone(input, options),
        }
    }

    fn alone(input: &Input, options: Options) -> Result<Self> {
        let text::Text { stream, shown, format } = text::open(input, options.encoding)?;
        // What is converted has commas, whatever the files beside it have.
        let delimiter = if format == FileFormat::Csv { options.delimiter } else { Some(b',') };
        let reader = Self::new(stream, input, Options { delimiter, ..options }, format.first_line())?;
        Ok(Reader { shown, format, ..reader })
    }

    /// What is read on, nothing below the header being read yet, with the rest of each row behind it.
    ///
    /// # Errors
    /// When it lacks a column by which the rest is found.
    pub(super) fn joined(self, input: &Input, parts: &Arc<Parts>, options: Options) -> Result<Self> {
        let (shown, format, line) = (self.shown.clone(), self.format.clone(), self.header_line);
        let options = Options { delimiter: Some(self.delimiter()), ..options };
        let joined: Stream = Box::new(Joined::new(self, Arc::clone(parts), &input.display().to_string())?);
        Ok(Reader { shown, format, ..Self::new(joined, input, options, line)? })
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
        reader.skip(options.header_rows.saturating_sub(1))?;
        Ok(reader)
    }

    /// Passes over rows.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn skip(&mut self, rows: usize) -> Result<()> {
        for _ in 0..rows {
            self.read()?;
        }
        Ok(())
    }

    /// The header with the rows below it that may belong to it.
    pub fn head(&mut self) -> Head {
        let mut head = Head::new(&self.header, self.input.parts().is_some());
        self.peek(Head::ROWS - 1, |row| head.push((0..row.len()).map(|column| row.text(column)).collect()));
        head
    }

    /// Looks at up to so many of the next records, which are still to be read. How many that are does not depend on the
    /// size of the chunks.
    pub fn peek(&mut self, rows: usize, mut each: impl FnMut(&Record<'_>)) {
        while self.walk_at_hand(rows, |_| ()) && self.read_on() {}
        self.walk_at_hand(rows, &mut each);
    }

    /// Goes through the next records as far as they are at hand; true where there may be more of those wanted.
    fn walk_at_hand(&self, rows: usize, mut each: impl FnMut(&Record<'_>)) -> bool {
        let bytes = self.chunk.bytes.get(self.walk.at..).unwrap_or_default().to_vec();
        let is_last = matches!(self.chunk.end, End::Data);
        let mut chunk = Chunk { bytes, end: if is_last { End::Data } else { End::Record } };
        let mut walk = Walk::new(self.delimiter(), self.header.len(), 1);
        walk.enter(&chunk);
        let mut seen = 0;
        for _ in 0..rows {
            let Ok(Some(found)) = walk.step(&mut chunk) else { return !is_last };
            let record = walk.record(&chunk, found);
            seen += record.raw().len();
            each(&record);
            if seen > MOST_PEEKED {
                return false;
            }
        }
        false
    }

    /// Reads on until as much again is at hand; false where there is no more.
    fn read_on(&mut self) -> bool {
        self.chunk.bytes.drain(..std::mem::take(&mut self.walk.at));
        let wanted = 2 * self.chunk.bytes.len().max(1);
        let mut has_more = false;
        while self.chunk.bytes.len() < wanted && matches!(self.chunk.end, End::Record) {
            let Some(next) = self.chunks.next(Vec::new()) else { break };
            self.chunk.bytes.extend_from_slice(&next.bytes);
            self.chunk.end = next.end;
            has_more = true;
        }
        self.walk.enter(&self.chunk);
        has_more
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

    /// The text of a field, trimmed.
    pub fn text(&self, column: usize) -> String {
        String::from_utf8_lossy(&self.field(column)).trim().to_owned()
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

/// Reads `input` once more and hands on the records that start at `lines`.
pub fn reread(
    input: &Input,
    options: Options,
    lines: &BTreeSet<u64>,
    mut each: impl FnMut(u64, &Record<'_>) -> Result<()>,
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
                each(line, &record)?;
                break;
            }
        }
    }
    Ok(())
}

mod walk;

pub use walk::{Found, RecordPlace, Walk};

#[cfg(test)]
mod chunk_tests;
#[cfg(test)]
mod tests;
