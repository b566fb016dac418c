//! A survey score from a cell, in thousandths; knows no scale and no metric.

use super::Cell;
use super::blank;
use super::digits::{Decimal, Digits};

/// A score in thousandths: `9`, `4,5`, and labels that begin with their number: `10 - Extremely likely`,
/// `9 (very likely)`, `0: Not at all likely`, `1. Poor`.
///
/// Bad are words alone, fractions such as `4/5`, ranges, and a number that only rounding to thousandths
/// would make whole. A negative score is read: it is off the scale, not unreadable.
#[inline]
pub fn parse(cell: &[u8], decimal: Decimal) -> Cell<i32> {
    match cell {
        [digit @ b'0'..=b'9'] => Cell::Value(i32::from(digit - b'0') * 1_000),
        [b'1', b'0'] => Cell::Value(10_000),
        _ => parse_any(cell, decimal),
    }
}

fn parse_any(cell: &[u8], decimal: Decimal) -> Cell<i32> {
    let cell = blank::trim(cell);
    let unsigned = cell.strip_prefix(b"+").filter(|rest| !rest.starts_with(b"-")).unwrap_or(cell);
    match Digits::lead(unsigned, decimal) {
        Some((digits, rest)) if rest.is_empty() || is_label(rest) => {
            thousandths(digits).map_or(Cell::Bad, Cell::Value)
        }
        None if blank::is_null_word(cell) => Cell::Blank,
        _ => Cell::Bad,
    }
}

/// What follows the number in a label: a mark, then words that do not begin with another number.
fn is_label(text: &[u8]) -> bool {
    const MARKS: [&str; 8] = ["-", "–", "—", ":", "=", "(", ". ", ") "];
    let marked = blank::trim(text);
    let from = if text.starts_with(b".") || text.starts_with(b")") { text } else { marked };
    let words = MARKS.iter().find_map(|mark| from.strip_prefix(mark.as_bytes())).map(blank::trim);
    words
        .and_then(|words| words.first())
        .is_some_and(|first| first.is_ascii_alphabetic() || !first.is_ascii())
}

/// 6.9996 must not become the whole score 7, which would hide it from those that refuse fractions.
fn thousandths(digits: Digits) -> Option<i32> {
    let (score, exact) = digits.scaled(3)?;
    let score = i32::try_from(score).ok()?;
    (exact || score % 1_000 != 0).then_some(score)
}

#[cfg(test)]
mod tests {
    use super::Decimal::{Comma, Point};
    use super::*;
    use proptest::prelude::*;

    fn score(text: &str) -> Cell<i32> {
        parse(text.as_bytes(), Point)
    }

    #[test]
    fn numbers() {
        for (text, thousandths) in [
            ("0", 0),
            ("9", 9_000),
            ("10", 10_000),
            (" 7 ", 7_000),
            ("4.5", 4_500),
            ("5.0", 5_000),
            ("4.3333333", 4_333),
            ("-1", -1_000),
            ("+3", 3_000),
            ("100", 100_000),
            ("08", 8_000),
            ("-0", 0),
        ] {
            assert_eq!(score(text), Cell::Value(thousandths), "{text}");
        }
        assert_eq!(parse(b"4,5", Comma), Cell::Value(4_500));
    }

    #[test]
    fn labels_that_begin_with_their_number() {
        for (text, thousandths) in [
            ("10 - Extremely likely", 10_000),
            ("9 (very likely)", 9_000),
            ("0: Not at all likely", 0),
            ("7 – likely", 7_000),
            ("1. Very poor", 1_000),
            ("2) Poor", 2_000),
            ("5 = great", 5_000),
            ("4—élevé", 4_000),
            ("1 - äußerst", 1_000),
            ("10 -Très", 10_000),
        ] {
            assert_eq!(score(text), Cell::Value(thousandths), "{text}");
        }
    }

    #[test]
    fn what_is_no_score() {
        for text in [
            "5/5",
            "Score 9",
            "good",
            "9-10",
            "7 - 8",
            "2025-03-04",
            "9 (10)",
            "4,5",
            "9 10",
            "9x",
            "5 stars",
            "4:",
            "$5",
            "1e1",
            "6.9996",
            "4.9999999",
            "+-1",
            "3000000",
            "12345678901234567890",
            ".5",
            "9:30",
            "1.5.2",
            "9 -",
        ] {
            assert_eq!(score(text), Cell::Bad, "{text}");
        }
        assert_eq!(parse(b"4.5", Comma), Cell::Bad);
    }

    #[test]
    fn nothing_is_not_zero() {
        for text in ["", " ", "N/A", "-", "nan", "null"] {
            assert_eq!(score(text), Cell::Blank, "{text}");
        }
        assert_eq!(score("0.0"), Cell::Value(0));
    }

    proptest! {
        #[test]
        fn never_panics(cell: Vec<u8>) {
            parse(&cell, Point);
            parse(&cell, Comma);
        }

        #[test]
        fn the_fast_path_is_the_slow_path(text in "[0-9.,: a-]{0,3}") {
            prop_assert_eq!(score(&text), parse_any(text.as_bytes(), Point));
        }

        #[test]
        fn thousandths_written_out_are_read_back(value: i32) {
            let (sign, size) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
            let text = format!("{sign}{}.{:03}", size / 1_000, size % 1_000);
            prop_assert_eq!(score(&text), Cell::Value(value));
        }
    }
}
