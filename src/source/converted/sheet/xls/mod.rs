//! The sheets of a workbook of Excel before 2007 (BIFF8 and BIFF5), whatever its bytes are; it must not know tables.

mod container;
mod text;

use calamine::{CellErrorType, Data, ExcelDateTime, ExcelDateTimeType};
use container::number;

/// The kinds of records that matter.
mod kind {
    pub const FORMULA: u64 = 0x06;
    pub const END: u64 = 0x0a;
    pub const DATES: u64 = 0x22;
    pub const PASSWORD: u64 = 0x2f;
    pub const CONTINUE: u64 = 0x3c;
    pub const SHEET: u64 = 0x85;
    pub const MANY: u64 = 0xbd;
    pub const RICH: u64 = 0xd6;
    pub const CELL_FORMAT: u64 = 0xe0;
    pub const TEXTS: u64 = 0xfc;
    pub const SHARED: u64 = 0xfd;
    pub const NUMBER: u64 = 0x203;
    pub const LABEL: u64 = 0x204;
    pub const FLAG: u64 = 0x205;
    pub const RESULT: u64 = 0x207;
    pub const SHORT: u64 = 0x27e;
    pub const FORMAT: u64 = 0x41e;
    pub const START: u64 = 0x809;
}

/// A workbook.
#[derive(Debug, Default)]
pub struct Book {
    stream: Vec<u8>,
    is_biff8: bool,
    is_1904: bool,
    /// The names of the sheets, whether each is visible, and where it starts.
    sheets: Vec<(String, bool, usize)>,
    texts: Vec<String>,
    /// The formats of numbers, and which of them each format of cells has.
    formats: Vec<(u64, Option<ExcelDateTimeType>)>,
    of_cells: Vec<u64>,
}

/// A cell and its row and column.
pub type Cell = (u32, u32, Data);

type Result<T> = std::result::Result<T, &'static str>;

impl Book {
    /// Opens a workbook.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(file: &[u8]) -> Result<Book> {
        let stream = container::stream(file, &["Workbook", "Book", "WORKBOOK", "BOOK"]);
        let stream = stream.ok_or("it is damaged, or holds no workbook")?;
        let mut book = Book { stream, ..Book::default() };
        let first = Records { bytes: &book.stream, at: 0 }.next().filter(|record| record.kind == kind::START);
        book.is_biff8 = match first.and_then(|record| number(record.data, 0, 2)) {
            Some(0x600) => true,
            Some(0x500) => false,
            _ => return Err("it is older than Excel 5"),
        };
        let stream = std::mem::take(&mut book.stream);
        let mut records = Records { bytes: &stream, at: 0 }.skip(1).peekable();
        while let Some(Record { kind, data }) = records.next() {
            match kind {
                kind::END => break,
                kind::PASSWORD => return Err("it has a password"),
                kind::TEXTS => {
                    let mut parts = vec![data];
                    while let Some(more) = records.next_if(|record| record.kind == kind::CONTINUE) {
                        parts.push(more.data);
                    }
                    book.texts = text::shared(&parts);
                }
                kind => drop(book.global(kind, data)),
            }
        }
        book.stream = stream;
        Ok(book)
    }

    /// Takes what a record says of the workbook.
    fn global(&mut self, kind: u64, data: &[u8]) -> Option<()> {
        match kind {
            kind::DATES => self.is_1904 = number(data, 0, 2)? == 1,
            // Only sheets of cells, no charts.
            kind::SHEET if number(data, 5, 1)? == 0 => {
                let name = text::text(data.get(7..)?, number(data, 6, 1)? as usize, self.is_biff8)?;
                let is_visible = number(data, 4, 1)? & 3 == 0;
                self.sheets.push((name, is_visible, number(data, 0, 4)? as usize));
            }
            kind::CELL_FORMAT => self.of_cells.push(number(data, 2, 2)?),
            kind::FORMAT => {
                let size = if self.is_biff8 { 2 } else { 1 };
                let count = number(data, 2, size)? as usize;
                let format = text::text(data.get(2 + size..)?, count, self.is_biff8)?;
                self.formats.push((number(data, 0, 2)?, of_format(&format)));
            }
            _ => {}
        }
        Some(())
    }

    /// The names of its sheets, and whether each is visible.
    pub fn sheets(&self) -> Vec<(String, bool)> {
        self.sheets.iter().map(|(name, is_visible, _)| (name.clone(), *is_visible)).collect()
    }

    /// The cells of a sheet, row by row.
    pub fn cells(&self, name: &str) -> Vec<Cell> {
        let start = self.sheets.iter().find(|sheet| sheet.0 == name).map(|sheet| sheet.2);
        let Some(start) = start else { return Vec::new() };
        let (mut cells, mut depth) = (Vec::new(), 0);
        for record in (Records { bytes: &self.stream, at: start }) {
            match record.kind {
                kind::START => depth += 1,
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                // A chart on the sheet has records of its own.
                _ if depth == 1 => drop(self.cell(&record, &mut cells)),
                _ => {}
            }
        }
        cells.sort_by_key(|(row, column, _)| (*row, *column));
        cells
    }

    fn cell(&self, record: &Record<'_>, cells: &mut Vec<Cell>) -> Option<()> {
        let data = record.data;
        if record.kind == kind::RESULT {
            // The text that the formula before it makes.
            let text = text::text(data.get(2..)?, number(data, 0, 2)? as usize, self.is_biff8)?;
            cells.last_mut()?.2 = Data::String(text);
            return Some(());
        }
        let (row, column) = (number(data, 0, 2)? as u32, number(data, 2, 2)? as u32);
        let format = number(data, 4, 2)? as usize;
        let cell = match record.kind {
            kind::NUMBER => self.number(f64::from_bits(number(data, 6, 8)?), format),
            kind::SHORT => self.number(short(number(data, 6, 4)?), format),
            kind::MANY => {
                for (place, part) in (column..).zip(data.get(4..)?.as_chunks::<6>().0) {
                    let format = number(part, 0, 2)? as usize;
                    cells.push((row, place, self.number(short(number(part, 2, 4)?), format)));
                }
                return Some(());
            }
            kind::SHARED => Data::String(self.texts.get(number(data, 6, 4)? as usize)?.clone()),
            kind::LABEL | kind::RICH => {
                Data::String(text::text(data.get(8..)?, number(data, 6, 2)? as usize, self.is_biff8)?)
            }
            kind::FLAG => flag(number(data, 6, 1)?, number(data, 7, 1)? == 1),
            kind::FORMULA if number(data, 12, 2)? == 0xffff => match number(data, 6, 1)? {
                1 => flag(number(data, 8, 1)?, false),
                2 => flag(number(data, 8, 1)?, true),
                _ => Data::Empty,
            },
            kind::FORMULA => self.number(f64::from_bits(number(data, 6, 8)?), format),
            _ => return Some(()),
        };
        cells.push((row, column, cell));
        Some(())
    }

    /// A number, which the format of its cell may make a time.
    fn number(&self, value: f64, cell: usize) -> Data {
        let format = self.of_cells.get(cell).copied().unwrap_or(0);
        let own = self.formats.iter().find(|(number, _)| *number == format).map(|(_, is)| *is);
        let known = match format {
            46 => Some(ExcelDateTimeType::TimeDelta),
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Some(ExcelDateTimeType::DateTime),
            _ => None,
        };
        match own.unwrap_or(known) {
            Some(kind) => Data::DateTime(ExcelDateTime::new(value, kind, self.is_1904)),
            None => Data::Float(value),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Record<'a> {
    kind: u64,
    data: &'a [u8],
}

/// The records of a stream, as many as are whole.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let kind = number(self.bytes, self.at, 2)?;
        let start = self.at + 4;
        let end = start + number(self.bytes, self.at + 2, 2)? as usize;
        let data = self.bytes.get(start..end)?;
        self.at = end;
        Some(Record { kind, data })
    }
}

/// A number in four bytes: the upper half of a fraction or a whole number, maybe times 100.
fn short(bits: u64) -> f64 {
    let value = if bits & 2 == 0 {
        f64::from_bits((bits & !3) << 32)
    } else {
        f64::from((bits as u32).cast_signed() >> 2)
    };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

fn flag(value: u64, is_error: bool) -> Data {
    if !is_error {
        return Data::Bool(value != 0);
    }
    Data::Error(match value {
        0 => CellErrorType::Null,
        7 => CellErrorType::Div0,
        15 => CellErrorType::Value,
        23 => CellErrorType::Ref,
        29 => CellErrorType::Name,
        36 => CellErrorType::Num,
        _ => CellErrorType::NA,
    })
}

/// Whether a format shows a number as a time: it has a letter for a part of one, outside of quotes and brackets.
fn of_format(format: &str) -> Option<ExcelDateTimeType> {
    let (mut is_quoted, mut is_escaped, mut is_bracket) = (false, false, false);
    let format = format.to_ascii_lowercase();
    let first = format.split(';').next().unwrap_or_default();
    if ["[h", "[m", "[s"].iter().any(|lasting| first.contains(lasting)) && !first.contains("[mag") {
        return Some(ExcelDateTimeType::TimeDelta);
    }
    let is_part = |c: char| {
        let is_literal = is_escaped || (is_quoted && c != '"') || (is_bracket && c != ']');
        is_escaped = !is_escaped && matches!(c, '\\' | '_' | '*') && !is_literal;
        match c {
            _ if is_literal => return false,
            '"' => is_quoted = !is_quoted,
            '[' => is_bracket = true,
            ']' => is_bracket = false,
            _ => {}
        }
        matches!(c, 'd' | 'm' | 'y' | 'h' | 's')
    };
    first.chars().any(is_part).then_some(ExcelDateTimeType::DateTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        // 1.5, 150 / 100, -2 and -250 / 100.
        let fraction = 1.5_f64.to_bits() >> 32;
        assert_eq!(short(fraction), 1.5);
        assert_eq!(short(150 << 2 | 3), 1.5);
        assert_eq!(short(u64::from((-2_i32 << 2) as u32) | 2), -2.0);
        assert_eq!(short(u64::from((-250_i32 << 2) as u32) | 3), -2.5);
    }

    #[test]
    fn formats_of_times() {
        for (format, wanted) in [
            ("yyyy-mm-dd hh:mm", Some(ExcelDateTimeType::DateTime)),
            ("[$-409]d/m/yy", Some(ExcelDateTimeType::DateTime)),
            ("[hh]:mm:ss", Some(ExcelDateTimeType::TimeDelta)),
            ("[Red]#,##0.00", None),
            ("0 \"days\"", None),
            ("0\\d", None),
            ("#,##0.00;dd", None),
            ("General", None),
        ] {
            assert_eq!(of_format(format), wanted, "{format}");
        }
    }

    #[test]
    fn shared_texts_go_on_in_the_next_record() {
        let head = [0; 8];
        let first = [&head[..], &[5, 0, 0], b"abc"].concat();
        let second = [&[1][..], b"d\0e\0", &[2, 0, 8, 1, 0], b"fg", &[9, 9, 9, 9], &[1, 0, 0], b"h"].concat();
        assert_eq!(text::shared(&[&first, &second]), ["abcde", "fg", "h"]);
        assert_eq!(text::shared(&[&first]), [] as [&str; 0]);
    }
}
