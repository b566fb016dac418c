//! Which currencies the amounts of a column name themselves, `$5` and `5 EUR`; knows no rate and no column.

use super::digits::currencies;

/// The usual signs of currencies, in capitals, with their codes.
const CODES: [(&str, &str); 20] = [
    ("US$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("R$", "BRL"),
    ("A$", "AUD"),
    ("AU$", "AUD"),
    ("C$", "CAD"),
    ("CA$", "CAD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("S$", "SGD"),
    ("MX$", "MXN"),
    ("₹", "INR"),
    ("RS", "INR"),
    ("RS.", "INR"),
    ("KR.", "KR"),
    ("ZŁ", "PLN"),
    ("KČ", "CZK"),
    ("FT", "HUF"),
    ("R", "ZAR"),
];

/// The signs that several currencies have, with their codes.
const AMBIGUOUS: [(&str, &[&str]); 6] = [
    ("$", &DOLLARS),
    ("＄", &DOLLARS),
    ("﹩", &DOLLARS),
    ("¥", &YUAN_AND_YEN),
    ("￥", &YUAN_AND_YEN),
    ("KR", &["DKK", "ISK", "NOK", "SEK"]),
];

/// The currencies that are written with a plain `$`, first that which is meant where nothing says which.
const DOLLARS: [&str; 22] = [
    "USD", "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "FJD", "HKD", "JMD", "MXN",
    "NAD", "NZD", "SGD", "TTD", "TWD", "UYU", "XCD",
];

const YUAN_AND_YEN: [&str; 2] = ["CNY", "JPY"];

/// The currencies that a sign may stand for (see [`named`]); none where it stands for one alone.
pub fn meanings(code: &str) -> &'static [&'static str] {
    AMBIGUOUS.iter().find(|(sign, _)| *sign == code).map_or(&[], |(_, codes)| codes)
}

/// Whether it is a plain `$`: that of the United States where nothing says otherwise.
pub fn is_dollar(code: &str) -> bool {
    meanings(code).first() == Some(&"USD")
}

/// Whether an amount bears no sign at all, as most.
pub fn is_bare(cell: &[u8]) -> bool {
    matches!(cell.strip_prefix(b"-").unwrap_or(cell), [b'0'..=b'9', .., b'0'..=b'9'] | [b'0'..=b'9'] | [])
}

/// The currency that an amount names: how it is compared, and as it is written; none where it names none. A sign that
/// several currencies have (see [`meanings`]) is compared as it is, unless a code stands behind it.
pub fn named(cell: &[u8]) -> Option<(String, String)> {
    if is_bare(cell) {
        return None;
    }
    let [before, behind] = currencies(cell).map(|sign| sign.and_then(|sign| std::str::from_utf8(sign).ok()));
    let is_code = |sign: &&str| sign.len() == 3 && sign.bytes().all(|byte| byte.is_ascii_alphabetic());
    let sign = behind.filter(is_code).or(before).or(behind)?;
    let capitals = sign.to_uppercase();
    let code = CODES.iter().find(|(known, _)| *known == capitals).map(|(_, code)| (*code).to_owned());
    Some((code.unwrap_or(capitals), sign.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_currency_under_all_its_signs() {
        for (cell, code, sign) in [
            ("$5", "$", "$"),
            ("-$5.00", "$", "$"),
            ("(US$ 5)", "USD", "US$"),
            ("5 usd", "USD", "usd"),
            ("$5 CAD", "CAD", "CAD"),
            ("5 €", "EUR", "€"),
            ("R$ 5", "BRL", "R$"),
            ("5 kr.", "KR", "kr."),
            ("R 5", "ZAR", "R"),
            ("৳2,999", "৳", "৳"),
        ] {
            assert_eq!(named(cell.as_bytes()), Some((code.to_owned(), sign.to_owned())), "{cell}");
        }
        for cell in ["", "5", "-5.00", "1,234", "(5)", "--", "free", "+5"] {
            assert_eq!(named(cell.as_bytes()), None, "{cell}");
        }
    }
}
