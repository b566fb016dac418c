//! A column while it is read: compact typed values with a sentinel for a blank. Becomes a Polars column.

use polars::prelude::{
    BooleanChunked, ChunkedArray, Column as Series, Int32Type, Int64Type, IntoColumn, NewChunkedArray,
    PlSmallStr, PolarsNumericType, StringChunked, UInt32Type, UInt64Type,
};

use super::value::blank::is_null_word;
use super::words::{self, NONE};
use crate::source::field::{Field, Kind};

/// A blank among 64-bit values.
pub const BLANK: i64 = i64::MIN;

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    /// A customer key.
    Customer,
    /// A moment.
    Time,
    /// A score on a scale.
    Score,
    /// A ticket's rating, by its code.
    Rating,
    /// A word with a small code.
    Word,
    /// An id that is compared, never shown: its hash.
    Id,
    /// A text that is kept, to sort by.
    Text,
    /// An amount in 1/10 000 of the currency.
    Money,
    /// How much of an order was paid back: an amount, or yes for all of it.
    Refund,
    /// A count.
    Whole,
    /// Yes or no.
    Flag,
}

impl CellType {
    /// How a canonical field of that kind is read; `None` for one that no metric reads yet.
    pub fn of(kind: Kind, field: Field) -> Option<CellType> {
        Some(match field {
            Field::Customer => CellType::Customer,
            Field::At | Field::SentAt | Field::CreatedAt | Field::FirstReplyAt | Field::ResolvedAt => {
                CellType::Time
            }
            Field::Score | Field::Nps | Field::Csat | Field::Ces => CellType::Score,
            Field::Ticket if kind == Kind::Tickets => CellType::Text,
            Field::Response | Field::Ticket | Field::Order => CellType::Id,
            Field::Amount => CellType::Money,
            Field::Refunded => CellType::Refund,
            Field::Reopens | Field::Replies => CellType::Whole,
            Field::Escalated => CellType::Flag,
            Field::Metric | Field::Survey | Field::Channel | Field::Stage | Field::Touchpoint => {
                CellType::Word
            }
            Field::Status | Field::Topic | Field::Agent | Field::HandledBy => CellType::Word,
            Field::Currency | Field::Product => CellType::Word,
            Field::Rating => CellType::Rating,
            Field::Weight | Field::Comment | Field::Sentiment => return None,
        })
    }
}

/// The values of one column of one file.
#[derive(Debug, Clone)]
pub enum Column {
    /// Times, amounts: [`BLANK`] where there is none.
    Long(Vec<i64>),
    /// Scores, codes of ratings: `i32::MIN` where there is none.
    Score(Vec<i32>),
    /// Codes of words or customers, counts: [`NONE`] where there is none.
    Code(Vec<u32>),
    /// Hashes of ids: 0 where there is none.
    Id(Vec<u64>),
    /// 0, 1, or 2 where there is none.
    Flag(Vec<u8>),
    /// Texts, empty where there is none.
    Text(Texts),
}

/// Texts one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    /// Adds a text.
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    /// The hash of each text, 0 for a blank one: the same as that of an id column.
    pub fn hashes(&self) -> Vec<u64> {
        let hash =
            |text: &str| if is_null_word(text.as_bytes()) { 0 } else { words::hash(text.as_bytes()).max(1) };
        self.iter().map(hash).collect()
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| {
            std::str::from_utf8(self.bytes.get(start..end).unwrap_or_default()).unwrap_or_default()
        })
    }
}

impl Column {
    /// An empty column for cells of that type.
    pub fn new(cell: CellType) -> Self {
        match cell {
            CellType::Time | CellType::Money | CellType::Refund => Column::Long(Vec::new()),
            CellType::Score | CellType::Rating => Column::Score(Vec::new()),
            CellType::Customer | CellType::Word | CellType::Whole => Column::Code(Vec::new()),
            CellType::Id => Column::Id(Vec::new()),
            CellType::Flag => Column::Flag(Vec::new()),
            CellType::Text => Column::Text(Texts::default()),
        }
    }

    /// Adds a value as the row reader hands it on, or a blank. A text is added with [`Texts::push`].
    pub fn push(&mut self, value: Option<i64>) {
        match self {
            Column::Long(values) => values.push(value.unwrap_or(BLANK)),
            Column::Score(values) => values.push(value.map_or(i32::MIN, |score| score as i32)),
            Column::Code(values) => values.push(value.map_or(NONE, |code| code as u32)),
            Column::Id(values) => values.push(value.map_or(0, |id| id as u64)),
            Column::Flag(values) => values.push(value.map_or(2, |flag| flag as u8)),
            Column::Text(texts) => texts.push(b""),
        }
    }

    /// Translates the codes of this file's words to those of all files.
    pub fn translate(&mut self, codes: &[u32]) {
        if let Column::Code(values) = self {
            for value in values {
                *value = codes.get(*value as usize).copied().unwrap_or(NONE);
            }
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Long(values) => values.len(),
            Column::Score(values) => values.len(),
            Column::Code(values) => values.len(),
            Column::Id(values) => values.len(),
            Column::Flag(values) => values.len(),
            Column::Text(texts) => texts.ends.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds `rows` blanks: a file that lacks the column.
    pub fn pad(&mut self, rows: usize) {
        for _ in 0..rows {
            self.push(None);
        }
    }

    /// Adds the values of the next file.
    pub fn append(&mut self, other: Column) {
        match (self, other) {
            (Column::Long(a), Column::Long(b)) => a.extend(b),
            (Column::Score(a), Column::Score(b)) => a.extend(b),
            (Column::Code(a), Column::Code(b)) => a.extend(b),
            (Column::Id(a), Column::Id(b)) => a.extend(b),
            (Column::Flag(a), Column::Flag(b)) => a.extend(b),
            (Column::Text(a), Column::Text(b)) => b.iter().for_each(|text| a.push(text.as_bytes())),
            (a, b) => debug_assert!(false, "{a:?} and {b:?} are of different types"),
        }
    }

    /// The column as Polars holds it: blanks become nulls.
    pub fn into_polars(self, name: &str) -> Series {
        let name = PlSmallStr::from_str(name);
        match self {
            Column::Long(values) => numbers::<Int64Type>(name, values, BLANK),
            Column::Score(values) => numbers::<Int32Type>(name, values, i32::MIN),
            Column::Code(values) => numbers::<UInt32Type>(name, values, NONE),
            Column::Id(values) => numbers::<UInt64Type>(name, values, 0),
            Column::Flag(values) => {
                BooleanChunked::from_iter_options(name, values.into_iter().map(|v| (v < 2).then_some(v == 1)))
                    .into_column()
            }
            Column::Text(texts) => StringChunked::from_iter_values(name, texts.iter()).into_column(),
        }
    }
}

/// The values as they are, without a copy; those that are blank become nulls.
fn numbers<T: PolarsNumericType>(name: PlSmallStr, values: Vec<T::Native>, blank: T::Native) -> Series
where
    ChunkedArray<T>: IntoColumn,
{
    let is_there = || BooleanChunked::from_iter_values("".into(), values.iter().map(|value| *value != blank));
    let validity = values.contains(&blank).then(is_there);
    let validity =
        validity.and_then(|there| there.downcast_iter().next().map(|there| there.values().clone()));
    ChunkedArray::<T>::from_vec_validity(name, values, validity).into_column()
}
