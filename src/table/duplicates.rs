//! Rows that came before: the same row again, or of two states of one thing the earlier. Looks at all files of a kind.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};

use super::ascending::Ascending;
use super::batch::Part;
use super::collect::FileRows;
use super::column::{BLANK, CellType, Column, NO_SCORE, own_id};
use super::reason::Reason;
use super::words::{self, Words};
use crate::error::Result;
use crate::source::field::Field;
use crate::source::preset::{LeftOut, Repeated};

/// Where a row stands: which file, which part of it, which row of that.
type RowPlace = (usize, usize, usize);

/// Rejects every row whose id came before: the same row again, or of two states of one thing the earlier. `metrics` are
/// the words of the metric columns; `texts` reads the records on some lines of a file again, and says what each holds.
///
/// # Errors
/// When a file cannot be read again where its text decides.
pub fn reject_duplicates(
    files: &mut [&mut FileRows],
    metrics: Option<&Words>,
    texts: impl Fn(usize, &BTreeSet<u64>) -> Result<BTreeMap<u64, u64>>,
) -> Result<()> {
    if Ascending::is_in_all(files.iter().map(|file| &file.ids)) {
        return Ok(());
    }
    let hash = |word: &str| words::hash(word.as_bytes()).rotate_left(1);
    let metrics: Vec<u64> = metrics.map(|words| words.iter().map(hash).collect()).unwrap_or_default();
    let mut alike = alike(files, &metrics);
    let items = take_items(files, &mut alike);
    let texts = undecided(files, &alike)
        .iter()
        .enumerate()
        .map(|(file, lines)| texts(file, lines))
        .collect::<Result<Vec<_>>>()?;
    let state = |place: &RowPlace| {
        let (file, line) = (place.0, u64::from(line(files, *place)));
        let known = files[file].parts[place.1].texts.get(place.2).copied();
        let text = known.or_else(|| texts[file].get(&line).copied()).unwrap_or(0);
        let amounts = files[file].parts[place.1].longs(files[file].column(Field::Amount));
        // Of two exports of an order, one may end within it: more items are more of it.
        let items = items.get(place).copied().unwrap_or(0);
        (State::of(files[file], *place), items, text, amounts.get(place.2).copied())
    };
    let mut duplicates: Vec<RowPlace> = Vec::new();
    for places in &alike {
        let mut latest = places[0];
        for place in &places[1..] {
            // Of rows that are alike in all the first one stays.
            let is_later = state(place) > state(&latest);
            duplicates.push(if is_later { std::mem::replace(&mut latest, *place) } else { *place });
        }
    }
    for place in duplicates {
        let line = line(files, place);
        files[place.0].reject(line, Reason::Duplicate);
    }
    Ok(())
}

/// Where the further rows of a file with one id are items of an order, leaves the first of each file among those that are
/// alike, and adds the amounts of the others where the order is their sum. For orders in several files: how many others.
fn take_items(files: &mut [&mut FileRows], alike: &mut Vec<Vec<RowPlace>>) -> BTreeMap<RowPlace, usize> {
    let mut items = BTreeMap::new();
    if files.iter().all(|file| file.repeated == Repeated::No) {
        return items;
    }
    for places in alike.iter_mut() {
        let mut order = places[0];
        let first = order;
        let mut counted: Vec<(RowPlace, usize)> = Vec::new();
        places.retain(|place| {
            let repeated = files[place.0].repeated;
            if *place == first || place.0 != order.0 || repeated == Repeated::No {
                order = *place;
                return true;
            }
            if repeated == Repeated::Sum {
                add_amount(files, order, *place);
            }
            let line = line(files, *place);
            files[place.0].reject(line, Reason::LeftOut(LeftOut::LineItem));
            match counted.last_mut() {
                Some((counted, items)) if *counted == order => *items += 1,
                _ => counted.push((order, 1)),
            }
            false
        });
        if places.len() > 1 {
            items.extend(counted);
        }
    }
    alike.retain(|places| places.len() > 1);
    items
}

/// Adds the amount of a further item to that of its order.
fn add_amount(files: &mut [&mut FileRows], order: RowPlace, item: RowPlace) {
    let file = &mut files[order.0];
    let Some(column) = file.column(Field::Amount) else { return };
    let amount = file.parts[item.1].longs(Some(column))[item.2];
    if let Column::Long(amounts) = &mut file.parts[order.1].columns[column]
        && let Some(sum) = amounts.get_mut(order.2).filter(|_| amount != BLANK)
    {
        *sum = if *sum == BLANK { amount } else { sum.saturating_add(amount) };
    }
}

fn line(files: &[&mut FileRows], (file, part, row): RowPlace) -> u32 {
    files[file].parts[part].lines.line(row as u32)
}

/// The rows that share an id with another, by id, each in the order in which they were read.
fn alike(files: &[&mut FileRows], metrics: &[u64]) -> Vec<Vec<RowPlace>> {
    let suspects = suspects(files, metrics);
    let mut number: HashMap<u64, usize, FixedState> = HashMap::default();
    let mut alike: Vec<Vec<RowPlace>> = Vec::new();
    for (file_number, file) in files.iter().enumerate() {
        for (part_number, part) in file.parts.iter().enumerate() {
            let ids = Ids::of(file, part, metrics);
            for (row, is_used) in file.is_used(part).enumerate() {
                let Some(id) = ids.id(row).filter(|id| is_used && suspects.contains(id)) else { continue };
                let place = *number.entry(id).or_insert(alike.len());
                if place == alike.len() {
                    alike.push(Vec::new());
                }
                alike[place].push((file_number, part_number, row));
            }
        }
    }
    alike.retain(|places| places.len() > 1);
    alike
}

/// For each file the lines whose text decides, since nothing else does.
fn undecided(files: &[&mut FileRows], alike: &[Vec<RowPlace>]) -> Vec<BTreeSet<u64>> {
    let mut lines = vec![BTreeSet::new(); files.len()];
    for places in alike {
        let states: Vec<State> = places.iter().map(|place| State::of(files[place.0], *place)).collect();
        let latest = states.iter().max();
        let tied = places.iter().zip(&states).filter(|(_, state)| Some(*state) == latest);
        let tied: Vec<&RowPlace> = tied.map(|(place, _)| place).collect();
        if tied.len() > 1 {
            tied.into_iter().for_each(|place| {
                lines[place.0].insert(u64::from(line(files, *place)));
            });
        }
    }
    lines
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

/// What tells which of two records about one thing is the later one: the later time; where the times are equal, an answer
/// is later than the blank before it, and more paid back than less. Then the text decides, so that the order of the rows
/// never does. The rows of one record, a question each, have one state.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    pub(super) time: i64,
    is_answered: bool,
    paid_back: i64,
}

impl State {
    pub(super) fn of(file: &FileRows, (_, part, row): RowPlace) -> State {
        let part = &file.parts[part];
        let times = file.columns.iter().zip(&part.columns).filter(|(named, _)| named.cell == CellType::Time);
        let line = part.lines.line(row as u32);
        let is_of_record = |row: &usize| part.lines.line(*row as u32) == line;
        let before = (0..row).rev().take_while(is_of_record);
        let mut record = before.chain((row..part.len()).take_while(is_of_record));
        let scores = part.scores(file.column(Field::Score));
        State {
            time: times.filter_map(|(_, column)| column.value(row)).max().unwrap_or(BLANK),
            paid_back: part.longs(file.column(Field::Refunded)).get(row).copied().unwrap_or(BLANK),
            is_answered: record.any(|row| scores.get(row).is_some_and(|score| *score != NO_SCORE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::customer::fixture::given;
    use crate::source::field::Kind;

    /// The overall value and n of a question, of answers that stand in this order.
    fn value(header: &str, rows: &[&str], question: &str, by: &str) -> (Option<f64>, u64) {
        let text = format!("{header}\n{}\n", rows.join("\n"));
        let given = given(&[(Kind::Surveys, &text)], |plan| {
            plan.metrics = crate::metric::METRICS.to_vec();
            (plan.every, plan.min_n) = (true, 0);
            plan.breakdowns.extend((!by.is_empty()).then(|| vec![by.to_owned()]));
        });
        let report = given.report();
        let overall = report.results.iter().find(|one| one.metric == question && one.group.0.is_empty());
        overall.map_or((None, 0), |one| (one.value, one.n))
    }

    #[test]
    fn of_rows_with_the_same_time_the_text_decides_and_nothing_else() {
        let header = "response_id,customer,date,metric,score,country";
        let rows = ["r1,a,2026-01-01,nps,9,NL", "r1,a,2026-01-01,nps,1,BE", "r0,b,2026-01-01,nps,8,NL"];
        let kept = value(header, &rows, "nps", "");
        assert_eq!(kept.1, 2);
        let turned = [rows[1], rows[2], rows[0]];
        for by in ["", "country"] {
            assert_eq!((value(header, &rows, "nps", by), value(header, &turned, "nps", by)), (kept, kept));
        }
    }

    #[test]
    fn a_wide_answer_that_was_exported_twice_is_kept_whole_and_once() {
        let header = "response_id,customer,date,nps,csat,ces";
        for copies in [["9,,5", ",4,5"], ["9,4,5", "1,2,6"], [",,5", "9,4,"], ["9,4,5", "9,4,5"]] {
            let rows = copies.map(|answers| format!("r1,a,2026-01-01,{answers}"));
            let rows = [rows[0].as_str(), rows[1].as_str(), "r0,b,2026-01-01,8,3,4"];
            let n = ["nps", "csat", "ces"].map(|question| value(header, &rows, question, "").1);
            let whole = copies.map(|copy| {
                let answered: Vec<u64> =
                    copy.split(',').map(|cell| 1 + u64::from(!cell.is_empty())).collect();
                [answered[0], answered[1], answered[2]]
            });
            assert!(whole.contains(&n), "{copies:?} became {n:?}");
        }
    }

    #[test]
    fn a_later_state_replaces_an_earlier_one_wherever_it_stands() {
        let header = "response_id,customer,date,metric,score";
        let rows = ["r9,a,2026-01-02,nps,9", "r2,b,2026-01-01,nps,9", "r9,a,2026-01-01,nps,0"];
        assert_eq!(value(header, &rows, "nps", ""), (Some(100.0), 2));
    }
}
