//! From one cell to the value that its column holds, or the reason to reject its row. Knows no column.

use super::reason::Reason;
use super::value::number::{self, Decimal};
use super::value::{Cell, blank, flag, key, score};
use super::words;
use crate::metric::case::Question;
use crate::source::short::Short;

/// Why a cell's row is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellError(pub Reason);

/// A value, none for a blank.
type Parsed<T> = Result<Option<T>, CellError>;

fn number<T>(cell: Cell<T>) -> Parsed<T> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Value(value) => Ok(Some(value)),
        Cell::Bad => Err(CellError(Reason::BadNumber)),
    }
}

/// An amount in 1/10 000 of the currency.
#[inline]
pub fn money(cell: &[u8], decimal: Decimal, is_ambiguous: impl Fn(&[u8]) -> bool) -> Parsed<i64> {
    if is_ambiguous(cell) { Err(CellError(Reason::BadNumber)) } else { number(number::money(cell, decimal)) }
}

/// How much was paid back: `yes` pays back everything, `no` nothing, an amount that much, be it written as less than
/// nothing, as many exports do.
pub fn refund(cell: &[u8], decimal: Decimal, is_ambiguous: impl Fn(&[u8]) -> bool) -> Parsed<i64> {
    match flag::parse(cell) {
        Cell::Bad => money(cell, decimal, is_ambiguous).map(|amount| amount.map(i64::abs)),
        answer => number(answer.and_then(|yes| Some(if yes { i64::MAX } else { 0 }))),
    }
}

/// How much an answer counts, in millionths: more than nothing.
pub fn weight(cell: &[u8], decimal: Decimal) -> Parsed<i64> {
    match number::millionths(cell, decimal) {
        Cell::Blank => Ok(None),
        Cell::Value(weight) if weight > 0 => Ok(Some(weight)),
        Cell::Value(_) | Cell::Bad => Err(CellError(Reason::BadWeight)),
    }
}

/// A count.
#[inline]
pub fn whole(cell: &[u8], decimal: Decimal) -> Parsed<u32> {
    number(number::whole(cell, decimal))
}

/// 1 for yes, 0 for no.
pub fn flag(cell: &[u8]) -> Parsed<u8> {
    number(flag::parse(cell).and_then(|yes| Some(u8::from(yes))))
}

/// The hash of an id that is trimmed; a blank and the words for nothing have 0.
#[inline]
pub fn id(id: &[u8]) -> u64 {
    if blank::is_null_word(id) { 0 } else { words::hash(id).max(1) }
}

/// The hash of a plain short id (see [`Short::plain_within`]); none where it may be a word for nothing, or a fraction.
#[inline]
pub fn short_id(id: Short) -> Option<u64> {
    if blank::begins_null_word(id.first()) || key::may_be_fraction(id) {
        return None;
    }
    Some(words::hash(id.bytes().get(..id.len())?).max(1))
}

/// A score in thousandths, by the rules of its question. What another question's answer says is not read, but that
/// there is one counts as a response.
#[inline]
pub fn score(cell: &[u8], question: Option<&Question>, decimal: Decimal) -> Parsed<i32> {
    let Some(question) = question else { return Ok((!blank::is_null_word(cell)).then_some(0)) };
    match score::parse(cell, decimal) {
        Cell::Blank => Ok(None),
        Cell::Value(score) if question.whole_only && score % 1000 != 0 => Err(CellError(Reason::BadScore)),
        Cell::Value(score) => Ok(Some(score)),
        Cell::Bad => Err(CellError(Reason::BadScore)),
    }
}
