//! The records of an export as raw fields with exact line numbers; it must not know what a column means.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;

use super::input::{Input, Stream};
use super::split::{Split, split};
use super::window::{RECORD_LIMIT, Window};
use super::{delimiter, text};
use crate::error::{Error, Result};

/// The bytes read at a time: large enough to hide the calls, small enough to stay in a core's cache.
const CAPACITY: usize = 256 << 10;

/// How to read an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// The character between columns; told from the header where it is not given.
    pub delimiter: Option<u8>,
}

/// Reads the records below the header, one at a time, in bounded memory.
pub struct Reader<R = Stream> {
    window: Window<R>,
    input: Input,
    delimiter: u8,
    header: Vec<String>,
    header_line: u64,
    /// The line on which the next record starts.
    line: u64,
    ends: Vec<u32>,
}

impl Reader {
    /// Opens `input` and reads its header.
    pub fn open(input: &Input, options: Options) -> Result<Self> {
        Self::new(Window::new(text::open(input)?, CAPACITY), input, options)
    }
}

impl<R: Read> Reader<R> {
    fn new(mut window: Window<R>, input: &Input, options: Options) -> Result<Self> {
        window.fill().map_err(|cause| input.unreadable(&cause))?;
        let delimiter = options.delimiter.unwrap_or_else(|| delimiter::detect(window.bytes()));
        let mut reader = Reader {
            window,
            input: input.clone(),
            delimiter,
            header: Vec::new(),
            header_line: 1,
            line: 1,
            ends: Vec::new(),
        };
        reader.read_header()?;
        Ok(reader)
    }

    fn read_header(&mut self) -> Result<()> {
        let Some(first) = self.read()? else {
            return Err(Error::export(format!("`{}` is empty", self.input.display())));
        };
        let line = first.line();
        let names: Vec<String> = (0..first.len())
            .map(|column| String::from_utf8_lossy(&first.field(column)).trim().to_owned())
            .collect();
        let one_line = names.iter().any(|name| name.contains('\r') && !name.contains('\n'));
        if names.iter().all(String::is_empty) {
            return Err(self.error(line, "holds no column name, where the header should be"));
        }
        if one_line {
            return Err(self
                .error(line, "ends in a lone carriage return, which is not read as a line end")
                .hint("save the file with LF or CRLF line ends"));
        }
        (self.header, self.header_line) = (names, line);
        Ok(())
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
        self.delimiter
    }

    /// The next record, blank lines skipped; none at the end.
    pub fn read(&mut self) -> Result<Option<Record<'_>>> {
        loop {
            let found = split(self.window.bytes(), self.delimiter, self.window.is_last(), &mut self.ends);
            match found {
                Split::Record { len, next, lines } => {
                    let line = self.line;
                    self.line += lines;
                    self.window.pass(next);
                    if len > 0 {
                        let raw = self.window.passed(next, len);
                        return Ok(Some(Record { line, raw, ends: &self.ends, width: self.header.len() }));
                    }
                }
                Split::Unfinished => self.fill()?,
                Split::OpenQuote => return Err(self.open_quote()),
                Split::End => return Ok(None),
            }
        }
    }

    fn fill(&mut self) -> Result<()> {
        match self.window.fill() {
            Ok(true) => Ok(()),
            Ok(false) => Err(self
                .error(self.line, &format!("starts a record of over {} MiB", RECORD_LIMIT >> 20))
                .hint("a quote may be left open there: close it, or double a quote that is text")),
            Err(cause) => Err(Error::export(format!(
                "could not read `{}` from line {} on: {cause}",
                self.input.display(),
                self.line
            ))
            .hint("the file may be cut off or damaged: copy or download it again")),
        }
    }

    fn open_quote(&self) -> Error {
        let bytes = self.window.bytes();
        let opened = self.ends.last().map_or(0, |&end| end as usize + 1).min(bytes.len());
        let lines = memchr::memchr_iter(b'\n', &bytes[..opened]).count() as u64;
        self.error(self.line + lines, "opens a quote that is never closed")
            .hint("close it, or double a quote that is text")
    }

    fn error(&self, line: u64, what: &str) -> Error {
        Error::export(format!("line {line} of `{}` {what}", self.input.display()))
    }
}

/// One record, as it is in the file.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    line: u64,
    raw: &'a [u8],
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
        let Some(&end) = self.ends.get(column) else { return Cow::Borrowed(&[]) };
        let start = if column == 0 { 0 } else { self.ends[column - 1] as usize + 1 };
        match self.raw.get(start..end as usize).unwrap_or_default() {
            [b'"', quoted @ ..] => unquote(quoted),
            plain => Cow::Borrowed(plain),
        }
    }

    /// Its bytes as they are in the file, quotes included, without the line end.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Whether its fields do not fit the header. Empty fields beyond the header's last are forgiven.
    pub fn is_ragged(&self) -> bool {
        self.len() < self.width || (self.width..self.len()).any(|column| !self.field(column).is_empty())
    }

    /// Whether it is no text in UTF-8, or holds a NUL.
    pub fn bad_encoding(&self) -> bool {
        let is_text = self.raw.is_ascii() || std::str::from_utf8(self.raw).is_ok();
        !is_text || memchr::memchr(0, self.raw).is_some()
    }
}

/// The value of a field from behind its opening quote.
fn unquote(quoted: &[u8]) -> Cow<'_, [u8]> {
    let Some(close) = memchr::memchr(b'"', quoted) else { return Cow::Borrowed(quoted) };
    if close + 1 == quoted.len() {
        return Cow::Borrowed(&quoted[..close]);
    }
    let mut value = Vec::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        value.extend_from_slice(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix(b"\"") {
            Some(doubled) => rest = doubled,
            // Text behind the closing quote belongs to the value, its quotes too.
            None => break,
        }
        value.push(b'"');
    }
    value.extend_from_slice(rest);
    Cow::Owned(value)
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
mod tests;
