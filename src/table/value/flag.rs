//! Yes or no from a cell, in the languages that exports come in; knows no column.

use super::{Cell, blank};

// Letters beyond ASCII stand here in both cases, since the comparison folds ASCII only.
const YES: [&str; 24] = [
    "1",
    "true",
    "yes",
    "y",
    "t",
    "x",
    "1.0",
    "ja",
    "oui",
    "sí",
    "sÍ",
    "si",
    "sim",
    "tak",
    "jah",
    "waar",
    "wahr",
    "vrai",
    "verdadero",
    "verdadeiro",
    "prawda",
    "tõene",
    "tÕene",
    "✓",
];
const NO: [&str; 25] = [
    "0", "false", "no", "n", "f", "0.0", "nee", "nein", "non", "não", "nÃo", "nao", "nie", "ei", "onwaar",
    "falsch", "faux", "falso", "fałsz", "faŁsz", "väär", "vÄÄr", "vals", "✗", "✘",
];

/// A flag: `true`, `yes`, `1`, `x` and the like, or the words of Dutch, German, French, Spanish,
/// Portuguese, Polish, Estonian and Afrikaans, in any case; also the truth values that spreadsheets write
/// in those languages.
pub fn parse(cell: &[u8]) -> Cell<bool> {
    let text = blank::trim(cell);
    let among = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()));
    if among(&YES) {
        Cell::Value(true)
    } else if among(&NO) {
        Cell::Value(false)
    } else if blank::is_null_word(text) {
        Cell::Blank
    } else {
        Cell::Bad
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yes_no_blank_and_bad() {
        for text in ["1", "TRUE", " Yes ", "y", "x", "Ja", "OUI", "SÍ", "sim", "Tak", "jah", "WAHR", "1.0"] {
            assert_eq!(parse(text.as_bytes()), Cell::Value(true), "{text}");
        }
        for text in ["0", "False", "NO", "n", "nee", "Nein", "non", "NÃO", "nie", "Ei", "FAŁSZ", "0.0"] {
            assert_eq!(parse(text.as_bytes()), Cell::Value(false), "{text}");
        }
        for text in ["", " ", "n/a", "NULL", "-", "none"] {
            assert_eq!(parse(text.as_bytes()), Cell::Blank, "{text}");
        }
        for text in ["2", "maybe", "yes!", "10", "tru"] {
            assert_eq!(parse(text.as_bytes()), Cell::Bad, "{text}");
        }
    }

    #[test]
    fn no_word_says_both() {
        assert!(YES.iter().all(|word| !NO.contains(word)));
    }

    proptest! {
        #[test]
        fn never_panics(cell: Vec<u8>) {
            parse(&cell);
        }
    }
}
