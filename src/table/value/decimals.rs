//! How many decimals a currency has, and an amount in its smallest unit as one in the usual unit; knows no file.

use std::borrow::Cow;

use super::Cell;
use super::digits::Decimal;
use super::number;

/// Currencies (ISO 4217) whose smallest unit is the usual one.
const NONE: [&str; 17] = [
    "bif", "clp", "djf", "gnf", "isk", "jpy", "kmf", "krw", "pyg", "rwf", "ugx", "uyi", "vnd", "vuv", "xaf",
    "xof", "xpf",
];
/// Currencies with three.
const THREE: [&str; 7] = ["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"];

/// The number of decimals of a currency; two where it is not known.
pub fn of(currency: &str) -> u32 {
    let code = currency.trim().to_lowercase();
    match code.as_str() {
        code if NONE.contains(&code) => 0,
        code if THREE.contains(&code) => 3,
        _ => 2,
    }
}

/// The text of an amount in the usual unit, from that of one in the smallest unit of the currency. What is no amount
/// stays as it is, so that it is found to be none.
pub fn major<'a>(amount: Cow<'a, [u8]>, currency: &[u8], decimal: Decimal) -> Cow<'a, [u8]> {
    let places = of(&String::from_utf8_lossy(currency));
    match number::money(&amount, decimal) {
        Cell::Value(units) if places > 0 => Cow::Owned(number::text(units / 10_i64.pow(places), decimal)),
        _ => amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_by_the_currency() {
        for (amount, currency, is) in [
            ("1234", "eur", "12.34"),
            ("1200", "USD", "12"),
            ("1234", "jpy", "1234"),
            ("-5", "usd", "-0.05"),
            ("12345", "KWD", "12.345"),
            ("1050", "", "10.5"),
            ("", "usd", ""),
            ("n/a", "usd", "n/a"),
            ("ten", "usd", "ten"),
        ] {
            let text = major(Cow::Borrowed(amount.as_bytes()), currency.as_bytes(), Decimal::Point);
            assert_eq!(String::from_utf8_lossy(&text), is, "{amount} {currency}");
        }
    }
}
