//! Ids that a spreadsheet took for numbers and shortened, `1.03E+13` for `10300612345678`; knows no column.

use super::blank;
use crate::source::short::Short;

/// Whether a plain short text (see [`Short::plain_within`]) may be a shortened id: asked of every id, so that it looks at
/// two bytes only.
#[inline]
pub fn may_be(id: Short) -> bool {
    let [first, second, ..] = id.bytes();
    begins_alike(first, second)
}

/// The same of any cell.
#[inline]
pub fn may_be_cell(id: &[u8]) -> bool {
    matches!(blank::trim(id), [first, second, ..] if begins_alike(*first, *second))
}

#[inline]
fn begins_alike(first: u8, second: u8) -> bool {
    matches!(first, b'1'..=b'9') & is_mark(second)
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b',' | b'e' | b'E')
}

/// How many digits are left of an id that became a number in scientific notation; none for any other text.
///
/// Such a number has one digit, then decimals or a sign in the exponent or both, and an exponent of two or three
/// digits: `1.03E+13`, `1,03e13`, `1E+13`. `12E3` and `1E5` are ids as they should be.
pub fn digits_left(id: &[u8]) -> Option<usize> {
    let id = blank::trim(id);
    if !may_be_cell(id) {
        return None;
    }
    let exponent = id.iter().position(|byte| matches!(byte, b'e' | b'E'))?;
    let (number, exponent) = (id.get(1..exponent)?, id.get(exponent + 1..)?);
    let decimals = match number {
        [] => 0,
        [b'.' | b',', decimals @ ..] if !decimals.is_empty() && all_digits(decimals) => decimals.len(),
        _ => return None,
    };
    let (is_signed, power) = exponent.strip_prefix(b"+").map_or((false, exponent), |power| (true, power));
    let is_power = matches!(power.len(), 2 | 3) && all_digits(power);
    (is_power && (is_signed || decimals > 0)).then_some(1 + decimals)
}

fn all_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_spreadsheets_leave_of_an_id() {
        for (id, left) in [
            ("1.03E+13", 3),
            ("1,03E+13", 3),
            ("1.03006E+13", 6),
            ("1.03006e+13", 6),
            ("1E+13", 1),
            ("9.1E+102", 2),
            ("1.03006E13", 6),
        ] {
            assert_eq!(digits_left(id.as_bytes()), Some(left), "{id}");
        }
    }

    #[test]
    fn ids_as_they_should_be() {
        for id in [
            "",
            "1",
            "12E3",
            "1E5",
            "1E13",
            "12E+13",
            "1.0E7",
            "1.03",
            "1,234",
            "1.E+13",
            "E+13",
            "0.1E+13",
            "a.3E+13",
            "1.03E-13",
            "1.03E+1",
            "1.03E+1234",
            "1.0.3E+13",
            "1.03E+13x",
            "-1.03E+13",
            "10300612345678",
            "4e5f1a",
        ] {
            assert_eq!(digits_left(id.as_bytes()), None, "{id}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shortened_is_seen_at_first_sight(id in "[1-9][.,]?[0-9]{0,5}[eE][+]?[0-9]{1,3}|[0-9.,eE+]{1,12}") {
            let padded = [id.as_bytes(), &[0; 16]].concat();
            let plain = Short::plain_within(&padded, 0, id.len()).unwrap();
            prop_assert!(may_be(plain) || digits_left(id.as_bytes()).is_none(), "{}", id);
        }

        // As spreadsheets write a number of 12 to 20 digits.
        #[test]
        fn every_long_number_in_scientific_notation_is_found(number in 100_000_000_000u64.., decimals in 0usize..6) {
            let power = number.ilog10();
            let leading = number / 10u64.pow(power - decimals as u32);
            let text = leading.to_string();
            let point = if decimals > 0 { "." } else { "" };
            let id = format!("{}{point}{}E+{power}", &text[..1], &text[1..]);
            prop_assert_eq!(digits_left(id.as_bytes()), Some(decimals + 1), "{}", id);
        }
    }
}
