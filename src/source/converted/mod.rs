//! From formats that are not CSV to a stream of CSV text, so that everything behind it reads one format; it must not know
//! what a column means.

mod csv;
mod format;
mod guard;
mod json;
mod parquet;
mod sheet;

use std::io::{Cursor, Read};
use std::sync::{Arc, OnceLock};

pub(super) use csv::CsvText;
pub use format::Format;
pub use json::{Json, is_json};

use super::input::{Input, Stream};
use super::packed;
use crate::error::Result;

/// What was found out about an input when it was converted, for when it is read again.
#[derive(Debug, Clone, Default)]
pub struct Memo(Arc<OnceLock<Known>>);

#[derive(Debug)]
enum Known {
    Json(json::Known),
    Sheet(sheet::Sheet),
}

/// What is remembered of an input is no part of what it is.
impl PartialEq for Memo {
    fn eq(&self, _: &Memo) -> bool {
        true
    }
}

impl Eq for Memo {}

/// A text in JSON as CSV.
///
/// # Errors
/// When it cannot be read, or is not JSON as it is read here.
pub fn json(text: &Json<'_>, input: &Input) -> Result<(Stream, Format)> {
    let memo = &input.memo().0;
    if memo.get().is_none() {
        // Where another thread was faster, both know the same.
        let _ = memo.set(Known::Json(json::know(text, input)?));
    }
    match memo.get() {
        Some(Known::Json(known)) => Ok((json::convert(text, known, input)?, known.format())),
        _ => Err(input.changed()),
    }
}

/// A format that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// A workbook of Excel or OpenDocument.
    Workbook,
    /// A Parquet file.
    Parquet,
}

impl Binary {
    /// What a file that begins with `head` is, if it is such a format.
    pub fn of(head: &[u8]) -> Option<Binary> {
        const PARQUET: [&[u8]; 2] = [b"PAR1", b"PARE"];
        const OLD: &[u8] = b"\xd0\xcf\x11\xe0";
        if PARQUET.iter().any(|magic| head.starts_with(magic)) {
            return Some(Binary::Parquet);
        }
        (head.starts_with(OLD) || packed::is_workbook(head)).then_some(Binary::Workbook)
    }

    /// The CSV text of what `stream` holds from its first byte.
    ///
    /// # Errors
    /// When it cannot be read, or it is not clear which table is meant.
    pub fn open(self, stream: &mut Stream, input: &Input) -> Result<(Stream, Format)> {
        match self {
            Binary::Workbook => workbook(stream, input),
            Binary::Parquet => parquet::open(stream, input),
        }
    }
}

/// A workbook is read once, and its table is held.
fn workbook(stream: &mut Stream, input: &Input) -> Result<(Stream, Format)> {
    let memo = &input.memo().0;
    if memo.get().is_none() {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).map_err(|cause| input.unreadable(&cause))?;
        let sheet = sheet::read(bytes, input)?;
        let _ = memo.set(Known::Sheet(sheet));
    }
    match memo.get() {
        Some(Known::Sheet(sheet)) => {
            let format = Format::Sheet(sheet.workbook, sheet.name.clone());
            Ok((Box::new(Cursor::new(Arc::clone(&sheet.csv))), format))
        }
        _ => Err(input.changed()),
    }
}
