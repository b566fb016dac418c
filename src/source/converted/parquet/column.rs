//! The cells of a Parquet column, some rows at a time; it must not know the other columns.

use parquet::column::reader::ColumnReader;
use parquet::data_type::AsBytes as _;
use parquet::errors::Result;

use super::cell::{Meaning, fraction, put};

/// A column of a row group, and the cells of its rows at hand.
pub struct Column {
    reader: ColumnReader,
    meaning: Meaning,
    /// The level of a value that is there.
    most: i16,
    is_list: bool,
    defined: Vec<i16>,
    repeated: Vec<i16>,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Column {
    /// A column whose values are there at definition level `most`.
    pub fn new(reader: ColumnReader, meaning: Meaning, most: i16, is_list: bool) -> Column {
        let (defined, repeated, text, ends) = Default::default();
        Column { reader, meaning, most, is_list, defined, repeated, text, ends }
    }

    /// The text of the cell of a row at hand.
    pub fn cell(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(row).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    /// Reads the cells of up to `rows` rows and says how many they are.
    pub fn read(&mut self, rows: usize) -> Result<usize> {
        self.text.clear();
        self.ends.clear();
        self.defined.clear();
        self.repeated.clear();
        let meaning = self.meaning;
        macro_rules! read {
            ($reader:ident, $write:expr) => {{
                let mut values = Vec::new();
                let mut read = 0;
                while read < rows {
                    let defined = (self.most > 0).then_some(&mut self.defined);
                    let repeated = self.is_list.then_some(&mut self.repeated);
                    match $reader.read_records(rows - read, defined, repeated, &mut values)? {
                        (0, ..) => break,
                        (count, ..) => read += count,
                    }
                }
                let levels = Levels { most: self.most, defined: &self.defined, repeated: &self.repeated };
                levels.cells(read, &values, &mut self.text, &mut self.ends, $write);
                Ok(read)
            }};
        }
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => read!(reader, |value: &bool, text| put(text, value)),
            ColumnReader::Int32ColumnReader(reader) => {
                read!(reader, |value: &i32, text| meaning.whole(i64::from(*value), 32, text))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                read!(reader, |value: &i64, text| meaning.whole(*value, 64, text))
            }
            ColumnReader::Int96ColumnReader(reader) => {
                read!(reader, |value: &parquet::data_type::Int96, text| meaning.whole(
                    nanos(value.data()),
                    64,
                    text
                ))
            }
            ColumnReader::FloatColumnReader(reader) => {
                read!(reader, |value: &f32, text| fraction(*value, text))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                read!(reader, |value: &f64, text| fraction(*value, text))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                read!(reader, |value: &parquet::data_type::ByteArray, text| meaning
                    .bytes(value.as_bytes(), text))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                read!(reader, |value: &parquet::data_type::FixedLenByteArray, text| {
                    meaning.bytes(value.as_bytes(), text);
                })
            }
        }
    }
}

/// Nanoseconds since 1970 of nanoseconds of a day and a day in Julian's count.
fn nanos(parts: &[u32]) -> i64 {
    const EPOCH: i64 = 2_440_588;
    let [low, high, day] = [0, 1, 2].map(|place| parts.get(place).copied().unwrap_or(0));
    let of_day = (i64::from(high) << 32) | i64::from(low);
    (i64::from(day) - EPOCH).saturating_mul(86_400_000_000_000).saturating_add(of_day)
}

/// Which rows have which values.
struct Levels<'a> {
    most: i16,
    defined: &'a [i16],
    repeated: &'a [i16],
}

impl Levels<'_> {
    /// Writes the cells of `rows` rows; the values of a list stand in one.
    fn cells<T>(
        &self,
        rows: usize,
        values: &[T],
        text: &mut Vec<u8>,
        ends: &mut Vec<usize>,
        write: impl Fn(&T, &mut Vec<u8>),
    ) {
        let mut values = values.iter();
        if self.defined.is_empty() {
            values.take(rows).for_each(|value| {
                write(value, text);
                ends.push(text.len());
            });
            return;
        }
        for (place, level) in self.defined.iter().enumerate() {
            let goes_on = self.repeated.get(place).is_some_and(|repeated| *repeated > 0);
            if goes_on && let Some(start) = ends.pop() {
                // What is behind the cell before last is the cell that goes on.
                let before = ends.last().copied().unwrap_or(0);
                if *level == self.most && start > before {
                    text.extend_from_slice(b", ");
                }
            }
            if *level == self.most
                && let Some(value) = values.next()
            {
                write(value, text);
            }
            ends.push(text.len());
        }
    }
}
