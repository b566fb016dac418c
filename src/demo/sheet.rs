//! One CSV file being written, and one line of it; it does not know what the columns mean.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::calendar::write_instant;
use crate::error::{Error, Result};

/// A CSV file that grows line by line and counts its rows.
pub struct Sheet {
    path: PathBuf,
    writer: csv::Writer<File>,
    /// Rows written, the header not among them.
    pub rows: u64,
}

impl Sheet {
    /// Creates the file with its header. An existing file is replaced only by `force`.
    pub fn create(path: PathBuf, columns: &[&str], force: bool) -> Result<Sheet> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).create_new(!force);
        let file = options.open(&path).map_err(|cause| failed(&path, &cause))?;
        let mut writer = csv::WriterBuilder::new().flexible(true).buffer_capacity(1 << 18).from_writer(file);
        writer.write_record(columns).map_err(|cause| failed(&path, &cause))?;
        Ok(Sheet { path, writer, rows: 0 })
    }

    /// Adds a row, which may have too few fields.
    pub fn write(&mut self, record: &ByteRecord) -> Result<()> {
        self.rows += 1;
        self.writer.write_byte_record(record).map_err(|cause| failed(&self.path, &cause))
    }

    /// Hands what is still buffered to the file.
    pub fn finish(&mut self) -> Result<()> {
        self.writer.flush().map_err(|cause| failed(&self.path, &cause))
    }
}

fn failed(path: &Path, cause: &dyn std::fmt::Display) -> Error {
    Error::output(format!("could not write `{}`: {cause}", path.display()))
}

/// A line being filled from left to right; its memory is used again for the next one.
#[derive(Default)]
pub struct Line {
    record: ByteRecord,
    field: Vec<u8>,
}

impl Line {
    /// Forgets the fields.
    pub fn clear(&mut self) {
        self.record.clear();
    }

    /// The fields so far.
    pub fn record(&self) -> &ByteRecord {
        &self.record
    }

    /// Adds text as it is.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.record.push_field(text.as_bytes());
        self
    }

    /// Adds a number of at least `width` digits after a prefix, which may be empty.
    pub fn number(&mut self, prefix: &str, number: u64, width: usize) -> &mut Self {
        self.field.clear();
        self.field.extend_from_slice(prefix.as_bytes());
        write_digits(&mut self.field, number, width);
        self.push()
    }

    /// Adds an amount given in cents, as `-12.50`.
    pub fn money(&mut self, cents: i64) -> &mut Self {
        self.field.clear();
        if cents < 0 {
            self.field.push(b'-');
        }
        write_digits(&mut self.field, cents.unsigned_abs() / 100, 1);
        self.field.push(b'.');
        write_digits(&mut self.field, cents.unsigned_abs() % 100, 2);
        self.push()
    }

    /// Adds a time, or an empty field where there is none.
    pub fn instant(&mut self, at: Option<i64>) -> &mut Self {
        self.field.clear();
        if let Some(at) = at {
            write_instant(&mut self.field, at);
        }
        self.push()
    }

    fn push(&mut self) -> &mut Self {
        self.record.push_field(&self.field);
        self
    }
}

fn write_digits(out: &mut Vec<u8>, mut number: u64, width: usize) {
    let start = out.len();
    while number > 0 || out.len() - start < width {
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
    }
    out[start..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_read_as_people_write_them() {
        let mut line = Line::default();
        line.number("C", 42, 8)
            .number("R", 7, 1)
            .number("", 0, 1)
            .money(-1205)
            .money(5)
            .instant(None)
            .text("a, b");
        let fields: Vec<&[u8]> = line.record().iter().collect();
        let expected: [&[u8]; 7] = [b"C00000042", b"R7", b"0", b"-12.05", b"0.05", b"", b"a, b"];
        assert_eq!(fields, expected);
    }
}
