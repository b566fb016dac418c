//! Words one behind the other, each in sixteen bytes if it fits. Knows not whether a word comes twice.

use crate::source::short::Short;

/// Words by their place.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    /// A short word itself; for a long one where it stands in `text`.
    entries: Vec<[u8; 16]>,
    /// The long words.
    text: Vec<u8>,
}

/// What stands in place of a long word's length.
const LONG: u8 = u8::MAX;

impl WordList {
    /// How many words there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a word and gives its place.
    #[inline]
    pub fn push(&mut self, word: &[u8]) -> u32 {
        match Short::of(word) {
            Some(short) => self.push_short(short),
            None => self.push_long(word),
        }
    }

    /// Adds a short word and gives its place.
    #[inline]
    pub fn push_short(&mut self, word: Short) -> u32 {
        self.entries.push(word.bytes());
        self.entries.len() as u32 - 1
    }

    fn push_long(&mut self, word: &[u8]) -> u32 {
        let start = (self.text.len() as u64).to_le_bytes();
        let [l0, l1, l2, l3] = (word.len() as u32).to_le_bytes();
        let [s0, s1, s2, s3, s4, s5, s6, s7] = start;
        self.entries.push([s0, s1, s2, s3, s4, s5, s6, s7, l0, l1, l2, l3, 0, 0, 0, LONG]);
        self.text.extend_from_slice(word);
        self.entries.len() as u32 - 1
    }

    /// The word at a place, if it is short.
    #[inline]
    pub fn short(&self, place: u32) -> Option<Short> {
        let entry = self.entries.get(place as usize)?;
        (entry[15] != LONG).then_some(Short::from_number(u128::from_le_bytes(*entry)))
    }

    /// Whether the word at a place is this one.
    #[inline]
    pub fn is_short(&self, place: u32, word: Short) -> bool {
        self.entries.get(place as usize).is_some_and(|entry| u128::from_le_bytes(*entry) == word.number())
    }

    /// Whether the word at a place is empty.
    #[inline]
    pub fn is_blank(&self, place: u32) -> bool {
        self.entries.get(place as usize).is_none_or(|entry| *entry == [0; 16])
    }

    /// The words at these places.
    #[must_use]
    pub fn pick(&self, places: impl Iterator<Item = u32>) -> WordList {
        let mut picked = WordList::default();
        places.for_each(|place| {
            picked.push(self.get(place));
        });
        picked
    }

    /// No words, with room for so many times as many as there are here, but not for more than `most` bytes of long ones.
    #[must_use]
    pub fn with_room(&self, times: usize, most: usize) -> WordList {
        let text = (self.text.len() * times).min(most).max(self.text.len());
        WordList { entries: Vec::with_capacity(self.entries.len() * times), text: Vec::with_capacity(text) }
    }

    /// Whether the words of another list fit into the room that is left.
    pub fn has_room(&self, other: &WordList) -> bool {
        let room = |has: usize, used: usize| has - used;
        room(self.entries.capacity(), self.len()) >= other.len()
            && room(self.text.capacity(), self.text.len()) >= other.text.len()
    }

    /// Adds the words of another list.
    pub fn append(&mut self, other: &WordList) {
        if other.text.is_empty() {
            self.entries.extend_from_slice(&other.entries);
        } else {
            (0..other.len() as u32).for_each(|place| {
                self.push(other.get(place));
            });
        }
    }

    /// The word at a place; empty where there is none.
    pub fn get(&self, place: u32) -> &[u8] {
        let Some(entry) = self.entries.get(place as usize) else { return &[] };
        if entry[15] != LONG {
            return entry.get(..usize::from(entry[15])).unwrap_or_default();
        }
        let number = u128::from_le_bytes(*entry);
        let (start, len) = (number as u64 as usize, (number >> 64) as u32 as usize);
        self.text.get(start..start + len).unwrap_or_default()
    }

    /// Forgets all words.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_stay_what_they_are(words: Vec<Vec<u8>>) {
            let mut list = WordList::default();
            let places: Vec<u32> = words.iter().map(|word| list.push(word)).collect();
            prop_assert_eq!(places, (0..words.len() as u32).collect::<Vec<_>>());
            for (place, word) in (0..).zip(&words) {
                prop_assert_eq!(list.get(place), word.as_slice());
                prop_assert_eq!(list.is_blank(place), word.is_empty());
                prop_assert_eq!(list.short(place).is_some(), word.len() < 16);
            }
            let mut twice = list.with_room(2, usize::MAX);
            for _ in 0..2 {
                prop_assert!(twice.has_room(&list));
                twice.append(&list);
            }
            let last = list.pick((0..list.len() as u32).skip(1));
            prop_assert_eq!(last.get(0), twice.get(list.len() as u32 + 1));
        }
    }
}
