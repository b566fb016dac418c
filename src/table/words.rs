//! Text to small codes and back: each distinct word is hashed and kept once. Knows nothing of columns.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::word_list::WordList;
use crate::source::short::Short;

/// The code of a blank.
pub const NONE: u32 = u32::MAX;

/// Distinct words, numbered in the order in which they first came.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Each word at the place of its code.
    list: WordList,
    /// For each word half of its hash and its code: a table that grows need not read the words again.
    table: HashTable<(u32, u32)>,
}

impl Words {
    /// The code of a word, a new one if it was not met before.
    #[inline]
    pub fn code(&mut self, word: &[u8]) -> u32 {
        match Short::of(word) {
            Some(short) => self.code_of_short(short, half(short.hash())),
            None => self.code_of_long(word),
        }
    }

    #[inline]
    fn code_of_short(&mut self, word: Short, half: u32) -> u32 {
        let is_it = |&(other, code): &(u32, u32)| other == half && self.list.is_short(code, word);
        if let Some(&(_, code)) = self.table.find(spread(half), is_it) {
            return code;
        }
        let code = self.list.push_short(word);
        self.table.insert_unique(spread(half), (half, code), |&(half, _)| spread(half));
        code
    }

    fn code_of_long(&mut self, word: &[u8]) -> u32 {
        let half = half(hash(word));
        let is_it = |&(other, code): &(u32, u32)| other == half && self.list.get(code) == word;
        if let Some(&(_, code)) = self.table.find(spread(half), is_it) {
            return code;
        }
        let code = self.list.push(word);
        self.table.insert_unique(spread(half), (half, code), |&(half, _)| spread(half));
        code
    }

    /// The code of a word that was met before.
    pub fn find(&self, word: &str) -> Option<u32> {
        let half = half(Short::of(word.as_bytes()).map_or_else(|| hash(word.as_bytes()), Short::hash));
        let is_it = |&(other, code): &(u32, u32)| other == half && self.list.get(code) == word.as_bytes();
        self.table.find(spread(half), is_it).map(|(_, code)| *code)
    }

    /// The word of a code; empty for [`NONE`].
    pub fn word(&self, code: u32) -> &str {
        std::str::from_utf8(self.list.get(code)).unwrap_or_default()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Every word in the order of its code.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.word(code))
    }

    /// Forgets all words.
    pub fn clear(&mut self) {
        self.list.clear();
        self.table.clear();
    }

    /// Takes in the words of another part; the result maps the other's codes to these.
    pub fn merge(&mut self, other: &Words) -> Vec<u32> {
        self.codes(&other.list)
    }

    /// The words of these codes, numbered from the first on.
    #[must_use]
    pub fn picked(&self, codes: impl Iterator<Item = u32>) -> Words {
        let mut picked = Words::default();
        picked.codes(&self.list.pick(codes));
        picked
    }

    /// The code of each word of a list.
    pub fn codes(&mut self, list: &WordList) -> Vec<u32> {
        let code = |place| match list.short(place) {
            Some(short) => self.code_of_short(short, half(short.hash())),
            None => self.code_of_long(list.get(place)),
        };
        (0..list.len() as u32).map(code).collect()
    }

    /// The same words, numbered in the order of their bytes.
    #[must_use]
    pub fn sorted(&self) -> Words {
        let mut words: Vec<&[u8]> = (0..self.len() as u32).map(|code| self.list.get(code)).collect();
        words.sort_unstable();
        let mut sorted = Words::default();
        words.into_iter().for_each(|word| {
            sorted.code(word);
        });
        sorted
    }
}

/// The codes of short cells that came lately, as they stand in the file: most need not be unquoted, trimmed and looked
/// up again.
#[derive(Debug, Clone)]
pub struct Recent([(u128, u32); Recent::PLACES]);

impl Recent {
    const PLACES: usize = 64;

    /// The code of a cell; where it did not come lately, what `find` says.
    #[inline]
    pub fn code(&mut self, cell: Short, find: impl FnOnce() -> u32) -> u32 {
        let number = cell.number();
        let mixed = (number as u64 ^ (number >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let known = &mut self.0[(mixed >> 32) as usize % Self::PLACES];
        if known.0 != number {
            *known = (number, find());
        }
        known.1
    }
}

impl Default for Recent {
    /// No cell: no length is as great as that of all these bits.
    fn default() -> Recent {
        Recent([(u128::MAX, NONE); Recent::PLACES])
    }
}

/// Half of a word's hash.
fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Half a hash as the table wants it: its top and its low bits both differ.
fn spread(half: u32) -> u64 {
    u64::from(half).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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
    fn words_of_every_length_are_told_apart() {
        let mut words = Words::default();
        let all: Vec<Vec<u8>> = (0..40usize)
            .flat_map(|len| (0..=len.min(3)).map(move |at| [vec![b'a'; len - at], vec![b'b'; at]].concat()))
            .collect();
        let codes: Vec<u32> = all.iter().map(|word| words.code(word)).collect();
        assert_eq!(codes, (0..all.len() as u32).collect::<Vec<_>>());
        let again: Vec<u32> = all.iter().rev().map(|word| words.code(word)).collect();
        assert_eq!(again, (0..all.len() as u32).rev().collect::<Vec<_>>());
        assert!(all.iter().zip(codes).all(|(word, code)| words.word(code).as_bytes() == word));
        words.clear();
        assert_eq!((words.code(b"bb"), words.len()), (0, 1));
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
