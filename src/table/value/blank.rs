//! What counts as nothing in a cell; must not know what the cell was meant to hold.

/// Words that other systems write where a time, a number or a score is missing, in lower case.
const NULL_WORDS: [&str; 15] =
    ["-", "?", "–", "—", "na", "\\n", "nan", "nat", "nil", "n/a", "null", "none", "<na>", "#n/a", "(null)"];

/// The bytes of the longest of them.
const LONGEST: usize = 6;

/// The cell without white space around it, Unicode's and the invisible marks (byte order mark, zero-width
/// space) included. Bytes that are not UTF-8 lose ASCII white space only.
#[inline]
pub fn trim(cell: &[u8]) -> &[u8] {
    let inner = cell.trim_ascii();
    match (inner.first(), inner.last()) {
        (Some(first), Some(last)) if !(first.is_ascii_graphic() && last.is_ascii_graphic()) => {
            trim_wide(inner)
        }
        _ => inner,
    }
}

#[cold]
fn trim_wide(cell: &[u8]) -> &[u8] {
    let white = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    std::str::from_utf8(cell).map_or(cell, |text| text.trim_matches(white).as_bytes())
}

/// Whether the cell is empty or white space only.
#[inline]
pub fn is_blank(cell: &[u8]) -> bool {
    cell.is_empty() || trim(cell).is_empty()
}

/// Whether the cell is blank or holds a word for nothing (`null`, `N/A`, `nan`, `-` …, in any case).
///
/// For times, numbers, scores and flags. Not for text or a customer's key: somebody may be called `Nan`.
pub fn is_null_word(cell: &[u8]) -> bool {
    let cell = trim(cell);
    match cell.first() {
        None => true,
        Some(first) if cell.len() > LONGEST || !begins_null_word(*first) => false,
        Some(_) => NULL_WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word.as_bytes())),
    }
}

/// Whether a word for nothing may begin with this byte: few others do.
#[inline]
pub fn begins_null_word(first: u8) -> bool {
    matches!(first, b'n' | b'N' | b'-' | b'?' | b'\\' | b'<' | b'#' | b'(' | 0xe2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_blank_and_zero_is_not() {
        for cell in ["", " ", "\t\r\n", "\u{a0}", "\u{feff} ", "\u{3000}\u{200b}"] {
            assert!(is_blank(cell.as_bytes()), "{cell:?}");
            assert!(is_null_word(cell.as_bytes()), "{cell:?}");
        }
        for cell in ["0", "0.0", "-", "a"] {
            assert!(!is_blank(cell.as_bytes()), "{cell:?}");
        }
    }

    #[test]
    fn words_for_nothing_in_any_case() {
        for cell in ["NULL", " n/a ", "NaN", "None", "-", "—", "\\N", "#N/A", "<NA>", "NaT", "?"] {
            assert!(is_null_word(cell.as_bytes()), "{cell:?}");
        }
        for cell in ["0", "no", "--", "nothing", "n", "null0"] {
            assert!(!is_null_word(cell.as_bytes()), "{cell:?}");
        }
    }

    #[test]
    fn words_for_nothing_begin_like_such_words() {
        let firsts =
            NULL_WORDS.iter().flat_map(|word| [word.as_bytes()[0], word.as_bytes()[0].to_ascii_uppercase()]);
        assert!(firsts.into_iter().all(begins_null_word));
    }

    #[test]
    fn trims_only_around_and_leaves_broken_text_alone() {
        assert_eq!(trim(b"  a b\t"), b"a b");
        assert_eq!(trim("\u{a0}é\u{202f}".as_bytes()), "é".as_bytes());
        assert_eq!(trim(b" \xff\xa0 "), b"\xff\xa0");
    }

    proptest! {
        #[test]
        fn never_panics_and_trimming_twice_changes_nothing(cell: Vec<u8>) {
            let once = trim(&cell);
            prop_assert_eq!(trim(once), once);
            prop_assert!(!is_blank(&cell) || is_null_word(&cell));
        }
    }
}
