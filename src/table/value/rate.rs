//! What one unit of a currency is worth in another, exact; knows no currency.

use super::Cell;
use super::digits::{Decimal, Digits};

/// A rate of exchange: positive, of at most 18 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(Digits);

impl Rate {
    /// Reads a rate; none where the cell holds nothing, no number, none above zero, or more digits than can be used.
    pub fn parse(cell: &[u8], decimal: Decimal) -> Option<Rate> {
        match Digits::read(cell, decimal) {
            Cell::Value(digits) if digits.is_factor() => Some(Rate(digits)),
            _ => None,
        }
    }

    /// Whether it changes nothing.
    pub fn is_one(self) -> bool {
        // As precise as an amount can tell.
        self.convert(MUCH) == Some(MUCH)
    }

    /// An amount in the other currency, in the same fractions of a unit, rounded half to even; none where it is out of
    /// reach of numbers.
    ///
    /// Something paid back stays less than nothing, however little it is worth: it is no order.
    pub fn convert(self, units: i64) -> Option<i64> {
        let converted = self.0.times(units)?;
        Some(if converted == 0 && units < 0 { -1 } else { converted })
    }
}

/// A large amount.
const MUCH: i64 = 1_000_000_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(text: &str) -> Option<Rate> {
        Rate::parse(text.as_bytes(), Decimal::Point)
    }

    fn convert(text: &str, units: i64) -> Option<i64> {
        rate(text).and_then(|rate| rate.convert(units))
    }

    #[test]
    fn amounts_are_converted_exactly() {
        assert_eq!(convert("1.25", 100_000), Some(125_000));
        assert_eq!(convert("0.92", -1_000_000), Some(-920_000));
        // 10 000 rupiah at 0.000057 are 0.57.
        assert_eq!(convert("0.000057", 100_000_000), Some(5_700));
        assert_eq!(convert("5.7E-05", 100_000_000), Some(5_700));
        // Ties go to the even neighbour.
        assert_eq!((convert("0.5", 1), convert("0.5", 3), convert("0.5", -3)), (Some(0), Some(2), Some(-2)));
        assert_eq!(convert("0.001", -1), Some(-1));
        assert_eq!(convert("999999999999999999", i64::MAX), None);
        assert_eq!(Rate::parse(b"0,92", Decimal::Comma).and_then(|rate| rate.convert(100)), Some(92));
    }

    #[test]
    fn what_is_no_rate() {
        for text in
            ["", "0", "0.000", "-1", "(2)", "NaN", "inf", "x", "1/2", "1e999", "1234567890123456789", "n/a"]
        {
            assert_eq!(rate(text), None, "{text}");
        }
        assert!(rate("1").unwrap().is_one() && rate("1.000").unwrap().is_one());
        assert!(!rate("1.00000001").unwrap().is_one());
    }

    proptest! {
        #[test]
        fn never_panics(cell: Vec<u8>, units: i64) {
            Rate::parse(&cell, Decimal::Point).map(|rate| rate.convert(units));
        }

        #[test]
        fn a_rate_of_cents_is_a_hundredth(cents in 1i64..100_000, units in -1_000_000_000_000i64..1_000_000_000_000) {
            let text = format!("{}.{:02}", cents / 100, cents % 100);
            let exact = units as i128 * cents as i128;
            let found = convert(&text, units).unwrap() as i128 * 100;
            prop_assert!((found - exact).abs() <= 50 || units < 0 && found == -100, "{} {}", text, units);
        }
    }
}
