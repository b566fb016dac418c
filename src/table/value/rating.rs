//! A ticket's rating from a cell: good, bad, offered, or a score; knows no ticket system by name.

use super::digits::Decimal;
use super::{Cell, blank, score};

/// What a ticket's rating says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatingCell {
    /// The customer was not asked.
    Blank,
    /// The customer was asked and did not answer: an invitation.
    Offered,
    /// Rated good.
    Good,
    /// Rated bad.
    Poor,
    /// Rated on a scale, in thousandths.
    Score(i32),
    /// Something else.
    Unreadable,
}

impl RatingCell {
    /// The rating as one number, so that a column of them is compact: a score is itself, in thousandths; none for a
    /// blank. A negative score is on no scale and would pass for another rating.
    pub fn code(self) -> Option<i32> {
        match self {
            RatingCell::Blank => None,
            RatingCell::Score(score) if score >= 0 => Some(score),
            RatingCell::Offered => Some(-1),
            RatingCell::Good => Some(-2),
            RatingCell::Poor => Some(-3),
            RatingCell::Score(_) | RatingCell::Unreadable => Some(-4),
        }
    }

    /// The rating of a code.
    pub fn of_code(code: i32) -> Self {
        match code {
            i32::MIN => RatingCell::Blank,
            score if score >= 0 => RatingCell::Score(score),
            -1 => RatingCell::Offered,
            -2 => RatingCell::Good,
            -3 => RatingCell::Poor,
            _ => RatingCell::Unreadable,
        }
    }
}

/// Reads `good`, `bad` (also `Good, with comment` or `good_with_comment`), `offered` and `unrated` (asked,
/// no answer), `unoffered` and `not offered` (blank), or a score as [`score::parse`] does.
pub fn parse(cell: &[u8], decimal: Decimal) -> RatingCell {
    match score::parse(cell, decimal) {
        Cell::Blank => RatingCell::Blank,
        Cell::Value(score) => RatingCell::Score(score),
        Cell::Bad => words(blank::trim(cell)),
    }
}

fn words(text: &[u8]) -> RatingCell {
    let is = |word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    if is("offered") || is("unrated") {
        RatingCell::Offered
    } else if is("unoffered") || is("not offered") || is("not_offered") {
        RatingCell::Blank
    } else if begins_with(text, b"good") {
        RatingCell::Good
    } else if begins_with(text, b"bad") {
        RatingCell::Poor
    } else {
        RatingCell::Unreadable
    }
}

/// Whether the text is the word, or goes on after it with something that is no part of a word.
fn begins_with(text: &[u8], word: &[u8]) -> bool {
    text.split_at_checked(word.len()).is_some_and(|(start, rest)| {
        start.eq_ignore_ascii_case(word)
            && rest.first().is_none_or(|next| next.is_ascii() && !next.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_kind_of_rating() {
        for (text, rating) in [
            ("Good", RatingCell::Good),
            ("good_with_comment", RatingCell::Good),
            ("Good, I'm satisfied", RatingCell::Good),
            (" BAD ", RatingCell::Poor),
            ("Bad with comment", RatingCell::Poor),
            ("Offered", RatingCell::Offered),
            ("unrated", RatingCell::Offered),
            ("Not Offered", RatingCell::Blank),
            ("unoffered", RatingCell::Blank),
            ("", RatingCell::Blank),
            ("-", RatingCell::Blank),
            ("0", RatingCell::Score(0)),
            ("5", RatingCell::Score(5_000)),
            ("4 - happy", RatingCell::Score(4_000)),
            ("goods", RatingCell::Unreadable),
            ("not good", RatingCell::Unreadable),
            ("badly", RatingCell::Unreadable),
            ("5/5", RatingCell::Unreadable),
            ("great", RatingCell::Unreadable),
        ] {
            assert_eq!(parse(text.as_bytes(), Decimal::Point), rating, "{text}");
        }
        assert_eq!(parse(b"4,5", Decimal::Comma), RatingCell::Score(4_500));
    }

    #[test]
    fn a_code_is_its_rating() {
        let plain = [RatingCell::Offered, RatingCell::Good, RatingCell::Poor, RatingCell::Unreadable];
        for rating in plain.into_iter().chain([0, 5_000, i32::MAX].map(RatingCell::Score)) {
            assert_eq!(rating.code().map(RatingCell::of_code), Some(rating));
        }
        assert_eq!((RatingCell::Blank.code(), RatingCell::of_code(i32::MIN)), (None, RatingCell::Blank));
        let negative = RatingCell::Score(-1).code().map(RatingCell::of_code);
        assert_eq!(negative, Some(RatingCell::Unreadable));
    }

    proptest! {
        #[test]
        fn never_panics(cell: Vec<u8>) {
            parse(&cell, Decimal::Point);
        }
    }
}
