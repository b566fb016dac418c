//! Which currencies the amounts of a column name themselves, `$5` and `5 EUR`; knows no rate and no column.

use super::digits::currencies;

/// The usual signs of currencies, in capitals, with their codes.
const CODES: [(&str, &str); 21] = [
    ("$", "USD"),
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

/// The currency that an amount names: how it is compared, and as it is written; none where it names none. A plain
/// `$` is that of the United States unless a code stands behind it.
pub fn named(cell: &[u8]) -> Option<(String, String)> {
    // Most amounts are bare.
    if let [b'0'..=b'9', .., b'0'..=b'9'] | [b'0'..=b'9'] | [] = cell.strip_prefix(b"-").unwrap_or(cell) {
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
            ("$5", "USD", "$"),
            ("-$5.00", "USD", "$"),
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
