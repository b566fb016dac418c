//! A text in TOML as messages speak of it: its keys in the order in which they were written, and the line of each. It must
//! not know what a key means.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A key with its value, and where both stand.
pub type Item<'a, 'i> = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>);

/// The keys of a table in the order of the text, so that the first mistake is the one that is told.
pub fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Item<'a, 'i>> {
    let mut items: Vec<Item<'a, 'i>> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}

/// The line, from 1, on which the byte at that place of a text stands.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_order_and_their_lines() {
        let text = "b = 1\n# between\na = 2\n";
        let table = DeTable::parse(text).unwrap();
        let lines = in_order(table.get_ref()).into_iter();
        let lines: Vec<_> = lines
            .map(|(key, _)| (key.get_ref().as_ref().to_owned(), line_of(text, key.span().start)))
            .collect();
        assert_eq!(lines, [("b".to_owned(), 1), ("a".to_owned(), 3)]);
    }
}
