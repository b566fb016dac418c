//! The signs of currencies that stand before or behind an amount; knows no rate and no amount.

use super::blank;

/// The codes of ISO 4217 for money that is in use.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD \
    CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ \
    GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD \
    LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR \
    PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY \
    TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Words for money other than codes, the longer before what they begin with.
const WORDS: [&str; 17] = [
    "kr.", "kr", "zł", "Kč", "Ft", "Rs.", "Rs", "Rp.", "Rp", "RM", "Fr.", "S/", "руб.", "руб", "лв.", "лв",
    "lei",
];

/// What follows the sign of a currency at the start of a text: `$`, `R$`, `US$`, `EUR`, `kr`, `R` before digits.
pub(super) fn before(text: &[u8]) -> Option<&[u8]> {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (letters, behind) = text.split_at_checked(letters)?;
    if letters.len() <= 3
        && let Some(rest) = after_symbol(behind)
    {
        return Some(rest);
    }
    if is_code(letters) {
        return Some(behind);
    }
    if letters == b"R" && blank::trim(behind).first().is_some_and(u8::is_ascii_digit) {
        return Some(behind);
    }
    let text = std::str::from_utf8(text).ok()?;
    let rest = WORDS.iter().find_map(|word| split_ignoring_case(text, word.len(), word))?.1;
    (!rest.starts_with(char::is_alphabetic)).then_some(rest.as_bytes())
}

/// What stands before the sign of a currency at the end of a text.
pub(super) fn behind(text: &[u8]) -> Option<&[u8]> {
    if let Some(at) = text.len().checked_sub(3)
        && let Some((rest, code)) = text.split_at_checked(at)
        && is_code(code)
        && !rest.last().is_some_and(u8::is_ascii_alphabetic)
    {
        return Some(rest);
    }
    let text = std::str::from_utf8(text).ok()?;
    let mut letters = text.chars();
    if letters.next_back().is_some_and(is_symbol) {
        return Some(letters.as_str().as_bytes());
    }
    let split = |word: &&str| split_ignoring_case(text, text.len().checked_sub(word.len())?, word);
    let rest = WORDS.iter().find_map(split)?.0;
    (!rest.ends_with(char::is_alphabetic)).then_some(rest.as_bytes())
}

/// What stands before and behind a word in a text, if it begins or ends there.
fn split_ignoring_case<'a>(text: &'a str, at: usize, word: &str) -> Option<(&'a str, &'a str)> {
    let (front, back) = text.split_at_checked(at)?;
    let same = |part: &str| part == word || part.eq_ignore_ascii_case(word);
    (same(front) || same(back)).then_some((front, back))
}

fn after_symbol(text: &[u8]) -> Option<&[u8]> {
    let first = text.iter().position(|byte| *byte == b'$');
    if first == Some(0) {
        return text.get(1..);
    }
    // A symbol is at most four bytes; what follows may be no text.
    (2..=4).find_map(|length| {
        let (head, rest) = text.split_at_checked(length)?;
        let mut letters = std::str::from_utf8(head).ok()?.chars();
        (letters.next().is_some_and(is_symbol) && letters.next().is_none()).then_some(rest)
    })
}

fn is_code(word: &[u8]) -> bool {
    let is_it = |code: &str| code.as_bytes().eq_ignore_ascii_case(word);
    word.len() == 3 && CODES.split_ascii_whitespace().any(is_it)
}

/// Unicode's category of currency symbols (Sc), but for the signs of a cent, which are hundredths of what they follow.
fn is_symbol(c: char) -> bool {
    matches!(
        c,
        '$' | '£'..='¥'
            | '\u{58f}'
            | '\u{60b}'
            | '\u{7fe}'..='\u{7ff}'
            | '\u{9f2}'..='\u{9f3}'
            | '\u{9fb}'
            | '\u{af1}'
            | '\u{bf9}'
            | '\u{e3f}'
            | '\u{17db}'
            | '\u{20a0}'..='\u{20c1}'
            | '\u{a838}'
            | '\u{fdfc}'
            | '\u{fe69}'
            | '\u{ff04}'
            | '\u{ffe1}'
            | '\u{ffe5}'..='\u{ffe6}'
            | '\u{11fdd}'..='\u{11fe0}'
            | '\u{1e2ff}'
            | '\u{1ecb0}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_before_an_amount() {
        for (text, rest) in [
            ("$1", "1"),
            ("৳2,999", "2,999"),
            ("R$ 1", " 1"),
            ("US$1", "1"),
            ("usd 12", " 12"),
            ("EUR12", "12"),
            ("kr. 5", " 5"),
            ("KR 5", " 5"),
            ("zł5", "5"),
            ("R 5", " 5"),
            ("£-1", "-1"),
            ("S/ 9", " 9"),
        ] {
            assert_eq!(before(text.as_bytes()), Some(rest.as_bytes()), "{text}");
        }
        for text in
            ["", "1", "PCS 5", "EURO 5", "krona 5", "R", "Rx 5", "¢5", "ABCD$5", "May 5", "abc", "-$1"]
        {
            assert_eq!(before(text.as_bytes()), None, "{text}");
        }
        assert_eq!(before(b"$\xff"), Some(b"\xff".as_slice()));
        assert_eq!(before(b"\xff$"), None);
    }

    #[test]
    fn signs_behind_an_amount() {
        for (text, rest) in [
            ("1 €", "1 "),
            ("1EUR", "1"),
            ("1 kr", "1 "),
            ("1 Kč", "1 "),
            ("1 zł", "1 "),
            ("1,- kr.", "1,- "),
        ] {
            assert_eq!(behind(text.as_bytes()), Some(rest.as_bytes()), "{text}");
        }
        for text in ["", "1", "5 PCS", "5 xEUR", "5¢", "5 min", "5%"] {
            assert_eq!(behind(text.as_bytes()), None, "{text}");
        }
    }
}
