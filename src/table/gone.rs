//! What a file leaves out and another still has: a ticket that was deleted, an order that was voided. Looks at all files of
//! a kind, and knows no preset.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::batch::Batch;
use super::collect::FileRows;
use super::column::{BLANK, CellType, own_id};
use super::duplicates::State;
use super::found::{LeftOutRecord, Records};
use super::layout::Layout;
use super::read::Cells;
use super::reason::Reason;
use super::sheet::{Sheet, View};
use super::value::dates::OpenDate;
use super::value::time::TimeParser;
use crate::source::field::Field;

/// A thing that a row names which is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// The hash of its id.
    pub id: u64,
    /// The latest time of the row, [`BLANK`] where it has none.
    pub time: i64,
    /// Whether it stays out.
    pub is_final: bool,
}

/// Reads ids and times of the records of a chunk that are left out, and adds to its batch what these name. A row that pays
/// an order back is a thing of its own, and no state of the order.
pub(super) fn read(
    layout: &Layout,
    chunk: View<'_>,
    left_out: &[LeftOutRecord],
    key: &mut String,
    batch: &mut Batch,
) {
    let Some(own_id) = layout.own_id().map(|slot| &layout.slots[slot]) else { return };
    if own_id.cell != CellType::Id {
        return;
    }
    let places: Vec<_> = left_out.iter().map(|record| record.place).collect();
    let file = View { places: &places, ..chunk };
    let mut sheet = Sheet::default();
    sheet.fill(layout, file);
    let mut records = Records {
        lines: left_out.iter().map(|record| record.line).collect(),
        rejected: vec![None; left_out.len()],
        ..Records::default()
    };
    // What is wrong with such a row is no fault of the file: the batch of these cells is thrown away.
    let aside = Batch::default().cleared(&layout.columns);
    let times = TimeParser::new(layout.how.zone, layout.how.dates);
    let (made, records, opened) = (sheet.view(), &mut records, Vec::new());
    let mut cells =
        Cells { layout, file, made, records, batch: aside, times, opened, suspects: Vec::new(), key };
    let mut ids = Vec::new();
    cells.ids(own_id, &mut ids, false);
    let (latest, open) = times_of(&mut cells, left_out.len());
    let mut amounts = Vec::new();
    if let Some(amount) = layout.slot(Field::Amount) {
        cells.money(&layout.slots[amount], &mut amounts);
    }
    let pays_back = |row: usize| amounts.get(row).is_some_and(|amount| *amount < 0 && *amount != BLANK);
    let mut places = vec![None; left_out.len()];
    for (row, record) in left_out.iter().enumerate().filter(|(row, _)| ids[*row] != 0 && !pays_back(*row)) {
        places[row] = Some(batch.gone.len());
        batch.gone.push(Gone { id: ids[row], time: latest[row], is_final: record.is_final });
    }
    batch.open_gone.extend(open.into_iter().filter_map(|(row, date)| Some((places[row]?, date))));
}

/// The latest time of each record, and the dates whose order only the whole file shows.
fn times_of(cells: &mut Cells<'_>, records: usize) -> (Vec<i64>, Vec<(usize, OpenDate)>) {
    let layout = cells.layout;
    let mut latest = vec![BLANK; records];
    let mut open = Vec::new();
    for slot in layout.slots.iter().filter(|slot| slot.cell == CellType::Time) {
        let mut values = Vec::with_capacity(records);
        cells.time(slot, &mut values);
        for (_, row, date) in cells.opened.drain(..) {
            values[row] = BLANK;
            open.push((row, date));
        }
        latest.iter_mut().zip(values).for_each(|(latest, time)| *latest = time.max(*latest));
        cells.records.rejected.fill(None);
    }
    (latest, open)
}

/// What one file holds of a thing that another leaves out.
#[derive(Default)]
struct Held {
    /// The lines of its rows.
    lines: Vec<u32>,
    /// The latest time of them but refunds, if there is one.
    latest: Option<i64>,
}

/// By the id of a thing and the number of a file.
type HeldOf = HashMap<(u64, usize), Held, FixedState>;

/// By the id of a thing the files that leave it out.
type GoneFrom = HashMap<u64, Vec<(usize, Gone)>, FixedState>;

impl Gone {
    /// Whether this is the last word about a thing of which another file has that.
    fn is_after(&self, held: &Held) -> bool {
        let Some(latest) = held.latest else { return self.is_final };
        self.time > latest || (self.is_final && (self.time == latest || self.time == BLANK))
    }
}

/// Rejects the rows about things that another file leaves out later on. Of one moment, the file that leaves a thing out is
/// the later one where nothing comes after that. A file that leaves out one row about a thing and counts another, as with
/// an attempt to pay and the payment, does not say that the thing is gone.
pub fn reject_gone(files: &mut [&mut FileRows]) {
    let mut gone: GoneFrom = HashMap::default();
    for (number, file) in files.iter().enumerate() {
        for one in &file.gone {
            gone.entry(one.id).or_default().push((number, *one));
        }
    }
    if gone.is_empty() {
        return;
    }
    let held = held(files, &gone);
    for ((id, number), one) in &held {
        let says_so = |(other, gone): &(usize, Gone)| {
            other != number && !held.contains_key(&(*id, *other)) && gone.is_after(one)
        };
        if gone.get(id).is_some_and(|gone| gone.iter().any(says_so)) {
            one.lines.iter().for_each(|line| files[*number].reject(*line, Reason::Duplicate));
        }
    }
}

/// The rows that count of all things that some file leaves out.
fn held(files: &[&mut FileRows], gone: &GoneFrom) -> HeldOf {
    let mut held = HeldOf::default();
    for (number, file) in files.iter().enumerate() {
        for (part_number, part) in file.parts.iter().enumerate() {
            let ids = part.ids(file.column(own_id(file.kind)));
            let rows = ids.iter().copied().zip(file.is_used(part)).enumerate();
            for (row, (id, _)) in rows.filter(|(_, (id, is_used))| *is_used && gone.contains_key(id)) {
                let one = held.entry((id, number)).or_default();
                one.lines.push(part.lines.line(row as u32));
                if !part.pays_back(row) {
                    one.latest = one.latest.max(Some(State::of(file, (number, part_number, row)).time));
                }
            }
        }
    }
    held
}
