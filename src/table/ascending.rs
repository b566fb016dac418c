//! Whether ids come in ascending order: those that do cannot repeat, so that nobody need look for duplicates.

use std::cmp::Ordering;

use super::word_list::WordList;
use crate::source::short::Short;

/// What is known of the order of the ids of some rows. Shorter ids come first, so that `T9` is before `T10`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Ascending {
    /// There is no id.
    #[default]
    Empty,
    /// Each comes after the one before it: the first and the last.
    Yes(Vec<u8>, Vec<u8>),
    /// Some does not.
    No,
}

impl Ascending {
    /// That of ids in the order of their rows; blank ones are none.
    pub fn of(ids: &WordList) -> Ascending {
        let mut known = (0..ids.len() as u32).filter(|at| !ids.is_blank(*at));
        let Some(first) = known.next() else { return Ascending::Empty };
        let (mut last, mut key) = (first, ids.short(first).map(Short::by_length));
        for at in known {
            let next = ids.short(at).map(Short::by_length);
            let ascends = match (key, next) {
                (Some(key), Some(next)) => key < next,
                _ => compare(ids.get(last), ids.get(at)) == Ordering::Less,
            };
            if !ascends {
                return Ascending::No;
            }
            (last, key) = (at, next);
        }
        Ascending::Yes(ids.get(first).to_vec(), ids.get(last).to_vec())
    }

    /// That of these ids and those of the rows behind them.
    #[must_use]
    pub fn and(self, behind: Ascending) -> Ascending {
        match (self, behind) {
            (Ascending::Empty, one) | (one, Ascending::Empty) => one,
            (Ascending::Yes(first, last), Ascending::Yes(next, end))
                if compare(&last, &next) == Ordering::Less =>
            {
                Ascending::Yes(first, end)
            }
            _ => Ascending::No,
        }
    }

    /// Whether no id repeats in any of several files, in whichever order these are.
    pub fn is_in_all<'a>(files: impl Iterator<Item = &'a Ascending>) -> bool {
        let mut ends: Vec<(&[u8], &[u8])> = Vec::new();
        for file in files {
            match file {
                Ascending::Empty => {}
                Ascending::Yes(first, last) => ends.push((first, last)),
                Ascending::No => return false,
            }
        }
        ends.sort_by(|one, other| compare(one.0, other.0));
        ends.is_sorted_by(|one, other| compare(one.1, other.0) == Ordering::Less)
    }
}

/// Shorter ones first, those of one length by their bytes.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ids: &str) -> Ascending {
        let mut list = WordList::default();
        ids.split(' ').for_each(|id| {
            list.push(id.as_bytes());
        });
        Ascending::of(&list)
    }

    fn yes(first: &str, last: &str) -> Ascending {
        Ascending::Yes(first.into(), last.into())
    }

    #[test]
    fn numbers_ascend_as_numbers() {
        assert_eq!(of("T8 T9 T10 T11"), yes("T8", "T11"));
        assert_eq!(of("a  b "), yes("a", "b"));
        assert_eq!(
            (of("a a"), of("b a"), of("10 9"), of(" ")),
            (Ascending::No, Ascending::No, Ascending::No, Ascending::Empty)
        );
    }

    #[test]
    fn parts_ascend_where_each_starts_behind_the_one_before() {
        assert_eq!(of("1 2").and(of("3 10")), yes("1", "10"));
        assert_eq!(of("1 3").and(of("3 10")), Ascending::No);
        assert_eq!(of("").and(of("3")).and(of("")), yes("3", "3"));
        let files = ["5 9", "", "1 4", "10 11"].map(of);
        assert!(Ascending::is_in_all(files.iter()));
        let files = ["5 9", "1 5"].map(of);
        assert!(!Ascending::is_in_all(files.iter()));
        let mixed: Vec<Ascending> =
            (0..80).rev().map(|n| of(if n % 3 == 0 { "2 1" } else { "3 4" })).collect();
        assert!(!Ascending::is_in_all(mixed.iter()));
    }
}
