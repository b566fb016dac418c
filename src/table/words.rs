//! Text to small codes and back: each distinct word is hashed and kept once. Knows nothing of columns.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// The code of a blank.
pub const NONE: u32 = u32::MAX;

/// Distinct words, numbered in the order in which they first came.
#[derive(Debug, Clone, Default)]
pub struct Words {
    text: Vec<u8>,
    ends: Vec<usize>,
    table: HashTable<u32>,
    /// The code that was asked for last: exports often repeat a word from row to row.
    last: u32,
}

impl Words {
    /// The code of a word, a new one if it was not met before.
    pub fn code(&mut self, word: &[u8]) -> u32 {
        if !self.is_empty() && self.bytes(self.last) == word {
            return self.last;
        }
        let hash = hash(word);
        if let Some(&code) = self.table.find(hash, |&code| self.bytes(code) == word) {
            self.last = code;
            return code;
        }
        let code = self.ends.len() as u32;
        self.text.extend_from_slice(word);
        self.ends.push(self.text.len());
        let (text, ends) = (&self.text, &self.ends);
        self.table.insert_unique(hash, code, |&code| self::hash(slice(text, ends, code)));
        code
    }

    /// The code of a word that was met before.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.table.find(hash(word.as_bytes()), |&code| self.bytes(code) == word.as_bytes()).copied()
    }

    /// The word of a code; empty for [`NONE`].
    pub fn word(&self, code: u32) -> &str {
        std::str::from_utf8(self.bytes(code)).unwrap_or_default()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Every word in the order of its code.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.word(code))
    }

    /// Takes in the words of another part; the result maps the other's codes to these.
    pub fn merge(&mut self, other: &Words) -> Vec<u32> {
        (0..other.len() as u32).map(|code| self.code(other.bytes(code))).collect()
    }

    /// The same words, numbered in the order of their bytes.
    #[must_use]
    pub fn sorted(&self) -> Words {
        let mut words: Vec<&[u8]> = (0..self.len() as u32).map(|code| self.bytes(code)).collect();
        words.sort_unstable();
        let mut sorted = Words::default();
        words.into_iter().for_each(|word| {
            sorted.code(word);
        });
        sorted
    }

    fn bytes(&self, code: u32) -> &[u8] {
        slice(&self.text, &self.ends, code)
    }
}

fn slice<'a>(text: &'a [u8], ends: &[usize], code: u32) -> &'a [u8] {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends.get(code - 1).copied().unwrap_or(text.len()) };
    let end = ends.get(code).copied().unwrap_or(start);
    text.get(start..end).unwrap_or_default()
}

/// A hash that is the same in every run and on every machine.
pub fn hash(bytes: &[u8]) -> u64 {
    FixedState::with_seed(0x0063_786d).hash_one(bytes)
}

#[cfg(test)]
mod tests {
    use super::{NONE, Words};

    #[test]
    fn a_word_keeps_its_code() {
        let mut words = Words::default();
        assert_eq!([b"web".as_slice(), b"app", b"web", b""].map(|word| words.code(word)), [0, 1, 0, 2]);
        assert_eq!((words.word(1), words.word(2), words.word(NONE)), ("app", "", ""));
        assert_eq!((words.find("app"), words.find("chat"), words.len()), (Some(1), None, 3));
    }

    #[test]
    fn merging_maps_the_other_codes() {
        let (mut a, mut b) = (Words::default(), Words::default());
        a.code(b"x");
        b.code(b"y");
        b.code(b"x");
        assert_eq!(a.merge(&b), [1, 0]);
        assert_eq!(a.iter().collect::<Vec<_>>(), ["x", "y"]);
    }
}
