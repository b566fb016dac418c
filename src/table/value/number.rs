//! Numbers, amounts of money and counts from cells; knows no currency and no bounds.

use super::Cell;
pub use super::digits::Decimal;
use super::digits::Digits;

/// Decimals of a unit of money.
const MONEY_PLACES: i32 = 4;

/// An amount in ten-thousandths of the currency, so that currencies with three decimals and unit prices with four are
/// exact; read without a floating-point step. Sign, digits, decimals, exponent; thousands parted by the other mark, a
/// space or an apostrophe, in full groups of three; the symbol, the code or a usual word of a currency on either side, but
/// no sign of a cent; `(12.00)` is negative; `NaN` and `--` are words for nothing. More than four decimals, as net prices
/// have, are rounded half to even. An amount of more than a million million is bad.
#[inline]
pub fn money(cell: &[u8], decimal: Decimal) -> Cell<i64> {
    let within = |units: &i64| units.unsigned_abs() <= MOST_MONEY;
    Digits::read(cell, decimal).and_then(|digits| {
        digits.scaled(MONEY_PLACES).and_then(|(units, _)| i64::try_from(units).ok()).filter(within)
    })
}

/// A million million of the currency: no order is dearer, and sums of such amounts stay far from the end of the numbers.
pub const MOST_MONEY: u64 = 10_000_000_000_000_000;

/// A number in millionths, up to a thousand million.
pub fn millionths(cell: &[u8], decimal: Decimal) -> Cell<i64> {
    Digits::read(cell, decimal).and_then(|digits| {
        let within = |parts: &i64| parts.unsigned_abs() <= 1_000_000_000_000_000;
        digits.scaled(6).and_then(|(parts, _)| i64::try_from(parts).ok()).filter(within)
    })
}

/// A count: a whole number from 0 up, also written `3.0`.
#[inline]
pub fn whole(cell: &[u8], decimal: Decimal) -> Cell<u32> {
    if let [digit @ b'0'..=b'9'] = cell {
        return Cell::Value(u32::from(digit - b'0'));
    }
    Digits::read(cell, decimal).and_then(|digits| match digits.scaled(0)? {
        (count, true) => u32::try_from(count).ok(),
        _ => None,
    })
}

/// The text of an amount in ten-thousandths, with no more decimals than it has.
pub fn text(units: i64, decimal: Decimal) -> Vec<u8> {
    let mark = if decimal == Decimal::Comma { ',' } else { '.' };
    let (whole, part) = (units.unsigned_abs() / 10_000, units.unsigned_abs() % 10_000);
    let sign = if units < 0 { "-" } else { "" };
    let fraction = format!("{part:04}");
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}{mark}{fraction}"),
    }
    .into_bytes()
}

/// The text of the product of some amounts, blank where one of them is. What is no amount stays as it is, so that it is
/// found to be none.
pub fn product<C: AsRef<[u8]>>(factors: &[C], decimal: Decimal) -> Vec<u8> {
    let mut product = i128::from(10_000);
    for factor in factors {
        match money(factor.as_ref(), decimal) {
            Cell::Value(units) => product = product.saturating_mul(i128::from(units)) / 10_000,
            Cell::Blank => return Vec::new(),
            Cell::Bad => return factor.as_ref().to_vec(),
        }
    }
    i64::try_from(product).map_or_else(|_| product.to_string().into_bytes(), |units| text(units, decimal))
}

#[cfg(test)]
mod tests {
    use super::Decimal::{Comma, Point};
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str, decimal: Decimal) -> Cell<i64> {
        money(text.as_bytes(), decimal)
    }

    fn units(value: f64) -> Cell<i64> {
        Cell::Value((value * 10_000.0).round() as i64)
    }

    #[test]
    fn numbers_with_a_point() {
        for (text, value) in [
            ("0", 0.0),
            ("-0.5", -0.5),
            ("007", 7.0),
            (" 12.50 ", 12.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("+3", 3.0),
            ("1,234.56", 1234.56),
            ("1 234 567", 1_234_567.0),
            ("1\u{a0}234.5", 1234.5),
            ("1'000", 1000.0),
            ("1.5e3", 1500.0),
            ("1E-2", 0.01),
            ("$1,234.56", 1234.56),
            ("-$1.17", -1.17),
            ("€ -1.5", -1.5),
            ("(12.00)", -12.0),
            ("($12)", -12.0),
            ("12 €", 12.0),
            ("৳2,999", 2999.0),
            ("₹ 1", 1.0),
            ("USD 12.50", 12.5),
            ("usd12.50", 12.5),
            ("12.50 EUR", 12.5),
            ("$12.50 USD", 12.5),
            ("US$-3", -3.0),
            ("R$ 1,234.56", 1234.56),
            ("kr 100", 100.0),
            ("100 kr.", 100.0),
            ("CHF 1'234.50", 1234.5),
            ("$(12.00)", -12.0),
            ("(12.00 EUR)", -12.0),
            ("-12.00 zł", -12.0),
            ("£\u{a0}5", 5.0),
            ("\u{2212}2", -2.0),
            ("0.1", 0.1),
            ("0.30000000000000004", 0.30000000000000004),
        ] {
            assert_eq!(number(text, Point), units(value), "{text}");
        }
    }

    #[test]
    fn numbers_with_a_comma() {
        for (text, value) in [
            ("1.234,56", 1234.56),
            ("0,25", 0.25),
            ("1.234", 1234.0),
            ("1 234,5 €", 1234.5),
            ("-1.234,56", -1234.56),
            ("R$ 1.234,56", 1234.56),
            ("12,50 EUR", 12.5),
            ("(0,25)", -0.25),
        ] {
            assert_eq!(number(text, Comma), units(value), "{text}");
        }
        for text in ["4.5", "1,234.56", "12.34", "0.123"] {
            assert_eq!(number(text, Comma), Cell::Bad, "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "1,5",
            "0,123",
            "1,2345",
            "1234,567",
            "1,234 567",
            "1,00,000",
            "12,",
            ".",
            "1.2.3",
            "5%",
            "5¢",
            "12 PCS",
            "EUR",
            "EUR EUR 5",
            "5 EUR USD",
            "EUR 5 EUR",
            "EURO 5",
            "kr",
            "$ kr 5",
            "((5))",
            "-(5)",
            "(-$5)",
            "E 5",
            "1e",
            "1,000e3",
            "inf",
            "-Infinity",
            "1e999",
            "12 000 00",
            "(-1)",
            "--1",
            "$$1",
            "€1€",
            "1 2",
            "12a",
            "()",
            "$",
            "-nan",
        ] {
            assert_eq!(number(text, Point), Cell::Bad, "{text}");
        }
        for text in ["", "NaN", "n/a", "-", "null", "--", " -- "] {
            assert_eq!(number(text, Point), Cell::Blank, "{text}");
        }
    }

    #[test]
    fn money_is_exact() {
        let units = |text: &str| money(text.as_bytes(), Point);
        assert_eq!(units("0.1"), Cell::Value(1_000));
        assert_eq!(units("1.005"), Cell::Value(10_050));
        assert_eq!(units("-$1,234.5678"), Cell::Value(-12_345_678));
        assert_eq!(units("96990"), Cell::Value(969_900_000));
        assert_eq!(units("12.396694"), Cell::Value(123_967));
        assert_eq!(units("1000000000000.0000"), Cell::Value(MOST_MONEY as i64));
        assert_eq!(units("1000000000000.0001"), Cell::Bad);
        assert_eq!(units("free"), Cell::Bad);
        assert_eq!(money(b"0,25", Comma), Cell::Value(2_500));
    }

    #[test]
    fn counts_are_whole() {
        let count = |text: &str| whole(text.as_bytes(), Point);
        assert_eq!(
            (count("0"), count("3.0"), count("1,000")),
            (Cell::Value(0), Cell::Value(3), Cell::Value(1_000))
        );
        assert_eq!((count("3.5"), count("-1"), count("5000000000")), (Cell::Bad, Cell::Bad, Cell::Bad));
        assert_eq!(count("n/a"), Cell::Blank);
    }

    proptest! {
        #[test]
        fn never_panics(cell: Vec<u8>) {
            for decimal in [Point, Comma] {
                money(&cell, decimal);
                whole(&cell, decimal);
            }
        }

        #[test]
        fn never_panics_on_what_looks_like_a_number(cell in "[0-9.,eE$€() +-]{0,45}") {
            money(cell.as_bytes(), Comma);
        }

        #[test]
        fn never_panics_on_what_looks_like_money(cell in "(\\PC|[-$€( ]|EUR|kr|R\\$){0,3}[0-9.,]{0,9}(\\PC|[-$€) ]|EUR|kr){0,3}") {
            money(cell.as_bytes(), Point);
        }

        // What is written around an amount changes neither its size nor, but for brackets, its sign.
        #[test]
        fn money_is_the_same_in_every_dress(units in 0i64..=MOST_MONEY as i64, dress in 0usize..7) {
            let plain = format!("{}.{:04}", units / 10_000, units % 10_000);
            let thousands = |size: i64| {
                let text = size.to_string();
                let groups: Vec<&str> = text.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
                groups.join(".")
            };
            let (text, decimal, sign) = match dress {
                0 => (format!("${plain}"), Point, 1),
                1 => (format!("-€ {plain}"), Point, -1),
                2 => (format!("({plain})"), Point, -1),
                3 => (format!("{plain} sek"), Point, 1),
                4 => (format!("R$ {},{:04}", thousands(units / 10_000), units % 10_000), Comma, 1),
                5 => (format!("-{},{:04} zł", thousands(units / 10_000), units % 10_000), Comma, -1),
                _ => (format!("${plain} CAD"), Point, 1),
            };
            prop_assert_eq!(money(text.as_bytes(), decimal), Cell::Value(sign * units), "{}", text);
        }

        // Words alone, and numbers in a sentence, are no amounts.
        #[test]
        fn no_words_are_money(cell in "[a-zA-Zé ]{1,12}|[a-zA-Z]{4,8} [0-9]{1,4}|[0-9]{1,4} [a-zA-Z]{5,8}") {
            prop_assert!(!matches!(money(cell.as_bytes(), Point), Cell::Value(_)), "{}", cell);
        }

        #[test]
        fn money_written_out_is_read_back(units in -(MOST_MONEY as i64)..=MOST_MONEY as i64) {
            let (sign, size) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
            let text = format!("{sign}{}.{:04}", size / 10_000, size % 10_000);
            prop_assert_eq!(money(text.as_bytes(), Point), Cell::Value(units));
        }
    }
}
