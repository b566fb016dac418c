//! The customer key: one spelling for all spellings of the same customer; knows no table.

use unicode_normalization::UnicodeNormalization;

use super::blank;
use crate::source::short::Short;

/// Words that mean no customer, in lower case. Fewer than elsewhere: a customer may be called `Na`.
const NOBODY: [&str; 5] = ["null", "n/a", "none", "-", "anonymous"];

/// The customer that a cell names: trimmed, in Unicode NFC, white space inside folded to single spaces,
/// and in lower case if it is an address (has an `@`). A cell that is an address as mail programs write it,
/// `mailto:ann@example.com` or `"Ann" <ann@example.com>`, is that address. `None` where the cell names no customer, or is not
/// UTF-8.
///
/// A key that is normal already, as most are, is a slice of the cell; `scratch` is written only for the
/// others.
#[inline]
pub fn normalise<'a>(cell: &'a [u8], scratch: &'a mut String) -> Option<&'a [u8]> {
    let key = if is_normal(cell) {
        cell
    } else {
        rewrite(std::str::from_utf8(blank::trim(cell)).ok()?, scratch);
        scratch.as_bytes()
    };
    let key = whole(key);
    let nobody = key.is_empty() || NOBODY.iter().any(|word| key.eq_ignore_ascii_case(word.as_bytes()));
    (!nobody).then_some(key)
}

/// An id without the `.0` that a number gets where it passed through a column of fractions: `17841.0` is `17841`. No
/// system has an id of digits alone beside the same with `.0` behind it.
#[inline]
pub fn whole(id: &[u8]) -> &[u8] {
    match id.strip_suffix(b".0") {
        Some(digits) if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => digits,
        _ => id,
    }
}

/// Whether a plain short text (see [`Short::plain_within`]) may be an id that [`whole`] changes.
#[inline]
pub fn may_be_fraction(text: Short) -> bool {
    // Most ids begin with a letter, or all do.
    if !text.first().is_ascii_digit() || text.len() < 3 {
        return false;
    }
    (text.number() >> (8 * (text.len() - 2))) as u16 == u16::from_le_bytes(*b".0")
}

/// Whether a plain short text (see [`Short::plain_within`]) is the normal key of a customer: what is not is looked at
/// once more.
#[inline]
pub fn is_key(text: Short) -> bool {
    if may_be_fraction(text) {
        return false;
    }
    let may_be_nobody = matches!(text.first(), b'n' | b'N' | b'-' | b'a' | b'A');
    let is_nobody = || NOBODY.iter().any(|word| Short::of(word.as_bytes()) == Some(text.lower()));
    !(may_be_nobody && is_nobody())
}

/// Whether a cell may be an address in brackets or behind `mailto:`, at a glance.
#[inline]
fn is_mail(cell: &[u8]) -> bool {
    cell.last() == Some(&b'>') || matches!(cell, [b'm' | b'M', b'a' | b'A', b'i' | b'I', ..])
}

/// The address in a cell of the exact shape `mailto:ADDRESS`, `<ADDRESS>` or `Name <ADDRESS>`; none of any other.
fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let bracketed = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    let (name, inner) = bracketed.unwrap_or(("", text));
    let (scheme, rest) = inner.split_at_checked(MAILTO.len()).unwrap_or(("", inner));
    let is_link = scheme.eq_ignore_ascii_case(MAILTO);
    let address = if is_link { rest } else { inner };
    let is_plain = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>()[]:;,\"\\@".contains(c))
    };
    let is_address = address.split_once('@').is_some_and(|(name, host)| is_plain(name) && is_plain(host));
    let is_shape = bracketed.is_some() || is_link;
    (is_shape && is_address && !name.contains(['<', '>', '@'])).then_some(address)
}

/// Stands before an address that is a link.
const MAILTO: &str = "mailto:";

/// Whether normalising would change nothing: plain ASCII, single spaces inside, no address in upper case.
fn is_normal(cell: &[u8]) -> bool {
    let (mut address, mut upper, mut space) = (false, false, true);
    for &byte in cell {
        match byte {
            b' ' if space => return false,
            b' ' => {}
            b'@' => address = true,
            b'A'..=b'Z' => upper = true,
            b'!'..=b'~' => {}
            _ => return false,
        }
        space = byte == b' ';
    }
    let is_written_as_mail =
        || is_mail(cell) && std::str::from_utf8(cell).is_ok_and(|c| self::address(c).is_some());
    !(space || address && (upper || is_written_as_mail()))
}

fn rewrite(text: &str, scratch: &mut String) {
    scratch.clear();
    let text = address(text).unwrap_or(text);
    let address = text.contains('@');
    for (position, word) in text.split_whitespace().enumerate() {
        if position > 0 {
            scratch.push(' ');
        }
        if word.is_ascii() {
            scratch.push_str(word);
        } else if address {
            // Lower case first: it may leave a letter and its accent apart.
            scratch.extend(word.chars().flat_map(char::to_lowercase).nfc());
        } else {
            scratch.extend(word.nfc());
        }
    }
    if address {
        scratch.make_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(cell: &str) -> Option<String> {
        let mut scratch = String::new();
        normalise(cell.as_bytes(), &mut scratch).map(|key| String::from_utf8(key.to_vec()).unwrap())
    }

    #[test]
    fn one_spelling_of_a_customer() {
        assert_eq!(key(" C-1001\t").as_deref(), Some("C-1001"));
        assert_eq!(key("Ann  de\u{a0}\nVries").as_deref(), Some("Ann de Vries"));
        assert_eq!(key(" Anna@Example.COM ").as_deref(), Some("anna@example.com"));
        assert_eq!(key("JOS\u{c9}@example.com"), key("jose\u{301}@example.com"));
        assert_eq!(key("Zoe\u{308}").as_deref(), Some("Zo\u{eb}"));
        assert_eq!(key("0").as_deref(), Some("0"));
        assert_eq!(key("\u{feff}C-1").as_deref(), Some("C-1"));
        assert_eq!((key("17841.0").as_deref(), key(" 0.0").as_deref()), (Some("17841"), Some("0")));
        for other in ["17841.00", "17841.5", "C1.0", ".0", "1.2.0", "v.0"] {
            assert_eq!(key(other).as_deref(), Some(other));
        }
    }

    #[test]
    fn an_address_as_mail_programs_write_it() {
        for cell in [
            "mailto:Ann@Example.com",
            " MAILTO:ann@example.com ",
            "<ann@example.com>",
            "Ann <ann@example.com>",
            "\"Vries, Ann\" <Ann@example.com>",
            "Ann de Vries<mailto:ann@example.com>",
            "a@b.c",
            "<a@b.c>",
            "Mailto:a@b.c",
        ] {
            let is = if cell.contains("b.c") { "a@b.c" } else { "ann@example.com" };
            assert_eq!(key(cell).as_deref(), Some(is), "{cell:?}");
        }
        // Nothing else is cut: what is left may be somebody else.
        for cell in ["ann+shop@example.com", "<ann>", "a@b.c <d@e.f>", "ann@b.c (her)", "<a@b@c>", "mailto:x"]
        {
            assert_eq!(key(cell).as_deref(), Some(cell));
        }
    }

    #[test]
    fn nobody() {
        for cell in ["", "  ", "NULL", "n/a", "None", "-", "Anonymous ", "\u{a0}"] {
            assert_eq!(key(cell), None, "{cell:?}");
        }
        for cell in ["na", "Nan", "Null Island", "--"] {
            assert!(key(cell).is_some(), "{cell:?}");
        }
        assert_eq!(normalise(b"caf\xe9", &mut String::new()), None);
    }

    #[test]
    fn a_normal_key_is_not_copied() {
        for cell in ["C-1001", "Ann de Vries", "anna@example.com"] {
            let mut scratch = String::from("untouched");
            assert_eq!(normalise(cell.as_bytes(), &mut scratch), Some(cell.as_bytes()));
            assert_eq!(scratch, "untouched");
        }
    }

    proptest! {
        #[test]
        fn never_panics(cell: Vec<u8>) {
            normalise(&cell, &mut String::new());
        }

        #[test]
        fn normalising_twice_changes_nothing(cell in "[ -~\u{a0}\u{200b}\u{2003}\u{301}éÉİΣK]{0,12}|\\PC{0,12}|(?i:mailto:|<){0,2}[a-b@<]{1,5}>{0,2}") {
            if let Some(once) = key(&cell) {
                let twice = key(&once);
                prop_assert_eq!(twice.as_deref(), Some(once.as_str()));
            }
        }

        #[test]
        fn a_key_at_first_sight_is_a_key(cell in "[ -~]{0,15}|[0-9a]{0,13}\\.0|(?i:null|n/a|none|-|anonymous)") {
            let padded = [cell.as_bytes(), &[0; 16]].concat();
            if let Some(plain) = Short::plain_within(&padded, 0, cell.len()) {
                let is_its_own = key(&cell).as_ref() == Some(&cell);
                prop_assert!(!is_key(plain) || is_its_own);
                prop_assert!(is_key(plain) || !is_its_own || cell.ends_with(".0"));
                prop_assert_eq!(may_be_fraction(plain), cell.len() > 2 && cell.ends_with(".0") && cell.as_bytes()[0].is_ascii_digit());
            }
        }

        #[test]
        fn the_fast_path_is_the_slow_path(cell in "[ -C@a-c]{1,8}|(mailto:|<){0,2}[ -b@<]{1,5}>?") {
            let mut slow = String::new();
            rewrite(&cell, &mut slow);
            prop_assert_eq!(is_normal(cell.as_bytes()), slow == cell);
        }
    }
}
