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
    /// For each word half of its hash and its code: a table that grows need not read the words again.
    table: HashTable<(u32, u32)>,
    /// Words that were asked for lately, each in the place that its hash gives it.
    recent: Vec<Recent>,
}

/// A short word with its code.
#[derive(Debug, Clone, Copy)]
struct Recent {
    word: Short,
    code: u32,
}

/// How many short words are remembered besides the table.
const RECENT: usize = 64;

impl Words {
    /// The code of a word, a new one if it was not met before.
    #[inline]
    pub fn code(&mut self, word: &[u8]) -> u32 {
        let Some(short) = Short::of(word) else { return self.code_of(word, half(word)) };
        let hash = short.hash();
        if self.recent.is_empty() {
            self.recent = vec![Recent { word: Short::default(), code: NONE }; RECENT];
        }
        let place = hash as usize % RECENT;
        if let Some(recent) =
            self.recent.get(place).filter(|recent| recent.word == short && recent.code != NONE)
        {
            return recent.code;
        }
        let code = self.code_of(word, (hash >> 32) as u32);
        self.recent[place] = Recent { word: short, code };
        code
    }

    fn code_of(&mut self, word: &[u8], half: u32) -> u32 {
        let is_it = |&(other, code): &(u32, u32)| other == half && self.bytes(code) == word;
        if let Some(&(_, code)) = self.table.find(spread(half), is_it) {
            return code;
        }
        let code = self.ends.len() as u32;
        self.text.extend_from_slice(word);
        self.ends.push(self.text.len());
        self.table.insert_unique(spread(half), (half, code), |&(half, _)| spread(half));
        code
    }

    /// The code of a word that was met before.
    pub fn find(&self, word: &str) -> Option<u32> {
        let half = half(word.as_bytes());
        let is_it = |&(other, code): &(u32, u32)| other == half && self.bytes(code) == word.as_bytes();
        self.table.find(spread(half), is_it).map(|(_, code)| *code)
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

    /// Forgets all words.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.table.clear();
        self.recent.clear();
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
        let code = code as usize;
        let start = if code == 0 { 0 } else { self.ends.get(code - 1).copied().unwrap_or(self.text.len()) };
        let end = self.ends.get(code).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }
}

/// Half of a word's hash.
fn half(word: &[u8]) -> u32 {
    (Short::of(word).map_or_else(|| hash(word), Short::hash) >> 32) as u32
}

/// A word of up to 16 bytes as two numbers and its length: equal if and only if the words are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Short {
    first: u64,
    last: u64,
    len: usize,
}

impl Short {
    /// The halves overlap where there are fewer than twice as many bytes: no byte is moved one by one.
    #[inline]
    fn of(word: &[u8]) -> Option<Short> {
        let len = word.len();
        let (first, last) = match len {
            8..=16 => {
                (u64::from_le_bytes(*word.first_chunk::<8>()?), u64::from_le_bytes(*word.last_chunk::<8>()?))
            }
            4..8 => (
                u64::from(u32::from_le_bytes(*word.first_chunk::<4>()?)),
                u64::from(u32::from_le_bytes(*word.last_chunk::<4>()?)),
            ),
            1..4 => (u64::from(word[0]) | u64::from(word[len / 2]) << 8, u64::from(word[len - 1])),
            _ => return None,
        };
        Some(Short { first, last, len })
    }

    #[inline]
    fn hash(self) -> u64 {
        let one = self.first ^ 0x9e37_79b9_7f4a_7c15;
        let other = self.last.rotate_left(32) ^ 0xd1b5_4a32_d192_ed03 ^ self.len as u64;
        let product = u128::from(one) * u128::from(other);
        (product >> 64) as u64 ^ product as u64
    }
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
