//! A column: compact typed values with a sentinel for a blank.

use super::codes::{Codes, scatter};
use super::words::NONE;
use crate::source::field::{Field, Kind};

/// A blank among 64-bit values.
pub const BLANK: i64 = i64::MIN;
/// A blank among scores and ratings.
pub const NO_SCORE: i32 = i32::MIN;

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
    /// An amount in 1/10 000 of the currency.
    Money,
    /// How much of an order was paid back: an amount, or yes for all of it.
    Refund,
    /// How much an answer counts, in millionths.
    Weight,
    /// A count.
    Whole,
    /// Yes or no.
    Flag,
}

impl CellType {
    /// How a canonical field is read; `None` for one that no metric reads yet.
    pub fn of(field: Field) -> Option<CellType> {
        Some(match field {
            Field::Customer | Field::Alias => CellType::Customer,
            Field::At | Field::SentAt | Field::CreatedAt | Field::FirstReplyAt | Field::ResolvedAt => {
                CellType::Time
            }
            Field::StartedAt | Field::EndedAt => CellType::Time,
            Field::Score | Field::Nps | Field::Csat | Field::Ces => CellType::Score,
            Field::Response | Field::Ticket | Field::Order | Field::Subscription => CellType::Id,
            Field::Amount | Field::Mrr => CellType::Money,
            Field::Refunded => CellType::Refund,
            Field::Reopens | Field::Replies | Field::CustomerReplies | Field::Agents => CellType::Whole,
            Field::Escalated | Field::Settled => CellType::Flag,
            Field::Metric | Field::Survey | Field::Channel | Field::Stage | Field::Touchpoint => {
                CellType::Word
            }
            Field::Status | Field::Topic | Field::Agent | Field::HandledBy => CellType::Word,
            Field::Currency | Field::Product | Field::Plan | Field::Reason => CellType::Word,
            Field::Rating => CellType::Rating,
            Field::Weight => CellType::Weight,
            Field::Comment | Field::Sentiment => return None,
        })
    }
}

/// The field that identifies a row of that kind.
pub fn own_id(kind: Kind) -> Field {
    match kind {
        Kind::Surveys => Field::Response,
        Kind::Tickets => Field::Ticket,
        Kind::Purchases => Field::Order,
        Kind::Subscriptions => Field::Subscription,
        // It is no id that is hashed: see `crosswalk`.
        Kind::Customers => Field::Customer,
    }
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Times, amounts: [`BLANK`] where there is none.
    Long(Vec<i64>),
    /// Scores, codes of ratings: [`NO_SCORE`] where there is none.
    Score(Vec<i32>),
    /// Codes of words or customers, counts.
    Code(Codes),
    /// Hashes of ids: 0 where there is none.
    Id(Vec<u64>),
    /// 0, 1, or 2 where there is none.
    Flag(Vec<u8>),
}

impl Column {
    /// An empty column for cells of that type.
    pub fn new(cell: CellType) -> Self {
        Column::blank(cell, 0, cell == CellType::Customer)
    }

    /// A column of `rows` blanks, with room for wide codes if they are `wide`.
    pub fn blank(cell: CellType, rows: usize, wide: bool) -> Self {
        match cell {
            CellType::Time | CellType::Money | CellType::Refund | CellType::Weight => {
                Column::Long(vec![BLANK; rows])
            }
            CellType::Score | CellType::Rating => Column::Score(vec![NO_SCORE; rows]),
            CellType::Customer | CellType::Word | CellType::Whole => Column::Code(Codes::blank(rows, wide)),
            CellType::Id => Column::Id(vec![0; rows]),
            CellType::Flag => Column::Flag(vec![2; rows]),
        }
    }

    /// A column of `rows` values all of which are still to come, with room for wide codes if they are `wide`. Memory
    /// comes cleared, and is not written before the values are.
    pub fn to_come(cell: CellType, rows: usize, wide: bool) -> Self {
        match Column::new(cell) {
            Column::Long(_) => Column::Long(vec![0; rows]),
            Column::Score(_) => Column::Score(vec![0; rows]),
            Column::Code(_) if wide => Column::Code(Codes::Wide(vec![0; rows])),
            Column::Code(_) => Column::Code(Codes::Narrow(vec![0; rows])),
            Column::Id(_) => Column::Id(vec![0; rows]),
            Column::Flag(_) => Column::Flag(vec![0; rows]),
        }
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        match self {
            Column::Long(values) => values.len(),
            Column::Score(values) => values.len(),
            Column::Code(values) => values.len(),
            Column::Id(values) => values.len(),
            Column::Flag(values) => values.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a value, or a blank.
    #[inline]
    pub fn push(&mut self, value: Option<i64>) {
        match self {
            Column::Long(values) => values.push(value.unwrap_or(BLANK)),
            Column::Score(values) => values.push(value.map_or(NO_SCORE, |score| score as i32)),
            Column::Code(values) => values.push(value.map_or(NONE, |code| code as u32)),
            Column::Id(values) => values.push(value.map_or(0, |id| id as u64)),
            Column::Flag(values) => values.push(value.map_or(2, |flag| flag as u8)),
        }
    }

    /// The value of a row as [`push`](Self::push) takes it.
    pub fn value(&self, row: usize) -> Option<i64> {
        match self {
            Column::Long(values) => values.get(row).copied().filter(|value| *value != BLANK),
            Column::Score(values) => {
                values.get(row).filter(|score| **score != NO_SCORE).map(|v| i64::from(*v))
            }
            Column::Code(values) => Some(values.get(row)).filter(|code| *code != NONE).map(i64::from),
            Column::Id(values) => values.get(row).filter(|id| **id != 0).map(|id| *id as i64),
            Column::Flag(values) => values.get(row).filter(|flag| **flag < 2).map(|flag| i64::from(*flag)),
        }
    }

    /// Keeps the values of these rows, in their order; a row may come again.
    pub fn pick(&mut self, rows: impl Iterator<Item = usize>) {
        fn picked<T: Copy>(values: &mut Vec<T>, rows: impl Iterator<Item = usize>) {
            *values = rows.filter_map(|row| values.get(row).copied()).collect();
        }
        match self {
            Column::Long(values) => picked(values, rows),
            Column::Score(values) => picked(values, rows),
            Column::Code(values) => *values = rows.map(|row| values.get(row)).collect(),
            Column::Id(values) => picked(values, rows),
            Column::Flag(values) => picked(values, rows),
        }
    }

    /// Translates the codes of one numbering to those of another.
    pub fn translate(&mut self, codes: &[u32]) {
        if let Column::Code(values) = self {
            values.translate(codes);
        }
    }

    /// Whether it holds codes that may need more than a byte.
    pub fn is_wide(&self) -> bool {
        matches!(self, Column::Code(codes) if codes.is_wide())
    }

    /// A column of the same type without rows, and with room for so many.
    pub fn with_room(&self, rows: usize) -> Column {
        match self {
            Column::Long(_) => Column::Long(Vec::with_capacity(rows)),
            Column::Score(_) => Column::Score(Vec::with_capacity(rows)),
            Column::Code(values) => Column::Code(values.with_room(rows)),
            Column::Id(_) => Column::Id(Vec::with_capacity(rows)),
            Column::Flag(_) => Column::Flag(Vec::with_capacity(rows)),
        }
    }

    /// How many rows can be added before more memory is needed.
    pub fn room(&self) -> usize {
        match self {
            Column::Long(values) => values.capacity() - values.len(),
            Column::Score(values) => values.capacity() - values.len(),
            Column::Code(values) => values.room(),
            Column::Id(values) => values.capacity() - values.len(),
            Column::Flag(values) => values.capacity() - values.len(),
        }
    }

    /// Adds the rows of another column of the same type.
    pub fn append(&mut self, other: &Column) {
        match (self, other) {
            (Column::Long(values), Column::Long(other)) => values.extend_from_slice(other),
            (Column::Score(values), Column::Score(other)) => values.extend_from_slice(other),
            (Column::Code(values), Column::Code(other)) => values.append(other),
            (Column::Id(values), Column::Id(other)) => values.extend_from_slice(other),
            (Column::Flag(values), Column::Flag(other)) => values.extend_from_slice(other),
            (one, other) => debug_assert!(false, "{one:?} and {other:?} are of different types"),
        }
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        match self {
            Column::Long(values) => values.clear(),
            Column::Score(values) => values.clear(),
            Column::Code(values) => values.clear(),
            Column::Id(values) => values.clear(),
            Column::Flag(values) => values.clear(),
        }
    }

    /// Puts each value where `places` says into a column of the same type; one whose place is beyond its end
    /// is left out.
    pub fn scatter(&self, places: &[u32], into: &mut Column) {
        match (self, into) {
            (Column::Long(from), Column::Long(into)) => scatter(from, places, into),
            (Column::Score(from), Column::Score(into)) => scatter(from, places, into),
            (Column::Code(from), Column::Code(into)) => from.scatter(places, into),
            (Column::Id(from), Column::Id(into)) => scatter(from, places, into),
            (Column::Flag(from), Column::Flag(into)) => scatter(from, places, into),
            (from, into) => debug_assert!(false, "{from:?} and {into:?} are of different types"),
        }
    }
}
