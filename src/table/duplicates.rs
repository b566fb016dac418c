//! Rows that came before: the same row again, or of two states of one thing the earlier. Looks at all files of a kind.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::ascending::Ascending;
use super::batch::Part;
use super::collect::FileRows;
use super::column::{BLANK, CellType, Column, NO_SCORE, own_id};
use super::exports::Dictionaries;
use super::layout::NamedColumn;
use super::reason::Reason;
use super::words::{self, Words};
use crate::source::field::Field;

/// Where a row stands: which file, which part of it, which row of that.
type Place = (usize, usize, usize);

/// Rejects every row whose id came before: the same row again, or of two states of one thing the earlier.
pub fn reject_duplicates(files: &mut [&mut FileRows], words: &Dictionaries, customers: &Words) {
    if Ascending::is_in_all(files.iter().map(|file| &file.ids)) {
        return;
    }
    let metrics: Vec<u64> = words
        .of(Field::Metric.as_str())
        .map(|words| words.iter().map(|word| words::hash(word.as_bytes()).rotate_left(1)).collect())
        .unwrap_or_default();
    let suspects = suspects(files, &metrics);
    if suspects.is_empty() {
        return;
    }
    let mut seen: HashMap<u64, Place, FixedState> = HashMap::default();
    let mut duplicates: Vec<Place> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        for (part_number, part) in file.parts.iter().enumerate() {
            let ids = Ids::of(file, part, &metrics);
            for (row, is_used) in file.is_used(part).enumerate() {
                let Some(id) = ids.id(row).filter(|id| is_used && suspects.contains(id)) else { continue };
                let here = (number, part_number, row);
                let before = seen.insert(id, here);
                let Some(before) = before else { continue };
                let state = |place| State::of(files, place, words, customers);
                duplicates.push(if state(here) > state(before) {
                    before
                } else {
                    seen.insert(id, before);
                    here
                });
            }
        }
    }
    for (file, part, row) in duplicates {
        let line = files[file].parts[part].lines.line(row as u32);
        files[file].reject(line, Reason::Duplicate);
    }
}

/// The ids that may be those of several rows: each that finds its bit set.
///
/// A table of all ids would be by far the largest thing in memory. With 16 bits a row, some three ids in a hundred
/// find the bit of another; only those and the true duplicates are then compared.
fn suspects(files: &[&mut FileRows], metrics: &[u64]) -> HashSet<u64, FixedState> {
    let rows: usize = files.iter().map(|file| file.rows()).sum();
    let bits = (rows * 16).next_power_of_two().max(64);
    let mut met = vec![0u64; bits / 64];
    let mut suspects = HashSet::default();
    for file in files {
        for part in &file.parts {
            let ids = Ids::of(file, part, metrics);
            for id in (0..part.len()).filter_map(|row| ids.id(row)) {
                let bit = (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits.trailing_zeros())) as usize;
                let (word, mask) = (&mut met[bit / 64], 1 << (bit % 64));
                if *word & mask != 0 {
                    suspects.insert(id);
                }
                *word |= mask;
            }
        }
    }
    suspects
}

/// The ids of a part's rows.
struct Ids<'a> {
    ids: &'a [u64],
    part: &'a Part,
    metric: Option<usize>,
    /// For each code of the metric column a hash of its word.
    metrics: &'a [u64],
}

impl<'a> Ids<'a> {
    fn of(file: &FileRows, part: &'a Part, metrics: &'a [u64]) -> Self {
        let metric = file.column(Field::Metric);
        Ids { ids: part.ids(file.column(own_id(file.kind))), part, metric, metrics }
    }

    /// What two rows must share to be the same thing: the id, the question, and for a refund all of its text.
    #[inline]
    fn id(&self, row: usize) -> Option<u64> {
        let id = *self.ids.get(row)?;
        let question = || self.metrics.get(self.part.codes(self.metric).get(row) as usize);
        let question = if self.metric.is_some() { question().copied().unwrap_or(0) } else { 0 };
        (id != 0).then(|| id ^ question ^ self.refund(row))
    }

    fn refund(&self, row: usize) -> u64 {
        let refunds = &self.part.refunds;
        if refunds.is_empty() {
            return 0;
        }
        let place = refunds.binary_search_by_key(&(row as u32), |(row, _)| *row);
        place.map_or(0, |place| refunds[place].1.rotate_left(2) | 1)
    }
}

/// What tells which of two rows about one thing is the later one: the later time; where the times are equal, an answer
/// is later than the blank before it; and then what was read, so that the order of the rows never decides.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct State {
    time: i64,
    is_answered: bool,
    content: u64,
}

impl State {
    fn of(
        files: &[&mut FileRows],
        (file, part, row): Place,
        words: &Dictionaries,
        customers: &Words,
    ) -> State {
        let file = &files[file];
        let part = &file.parts[part];
        let cells = || file.columns.iter().zip(&part.columns);
        let times = cells().filter(|(named, _)| named.cell == CellType::Time);
        let is_score = |column: &Column| matches!(column, Column::Score(scores) if scores.get(row).is_some_and(|score| *score != NO_SCORE));
        let content = |(named, column): (&NamedColumn, &Column)| {
            let value = column.value(row);
            let code = value.map_or(words::NONE, |value| value as u32);
            let value = match named.cell {
                CellType::Word => {
                    words.of(&named.name).map_or(0, |words| words::hash(words.word(code).as_bytes()))
                }
                CellType::Customer => words::hash(customers.word(code).as_bytes()),
                _ => value.map_or(0, |value| words::hash(&value.to_le_bytes())),
            };
            words::hash(&[words::hash(named.name.as_bytes()), value].map(u64::to_le_bytes).concat())
        };
        State {
            time: times.filter_map(|(_, column)| column.value(row)).max().unwrap_or(BLANK),
            is_answered: cells().any(|(_, column)| is_score(column)),
            content: cells().map(content).fold(0, u64::wrapping_add),
        }
    }
}
