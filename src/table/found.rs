//! Where the records of a chunk stand, and what is known of each before its cells are parsed.

use super::batch::Batch;
use super::layout::Layout;
use super::reason::Reason;
use super::value::blank;
use super::word_list::WordList;
use crate::source::chunks::Chunk;
use crate::source::preset::LeftOut;
use crate::source::records::{RecordPlace, Walk};

/// A record that is left out, and whether it stays so.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeftOutRecord {
    pub(super) line: u32,
    pub(super) place: RecordPlace,
    pub(super) is_final: bool,
}

/// The records of a chunk that may become rows.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The line of each.
    pub(super) lines: Vec<u32>,
    /// Where each stands.
    pub(super) places: Vec<RecordPlace>,
    /// The id of each, where the kind has one.
    pub(super) ids: WordList,
    /// For each slot of a question the scores of a wide survey.
    pub(super) answers: Vec<Vec<i32>>,
    /// Those that are left out and tell a state, where another file may hold an earlier one: see `gone`.
    pub(super) gone: Vec<LeftOutRecord>,
    /// Why each is rejected.
    pub(super) rejected: Vec<Option<Reason>>,
}

impl Records {
    /// Finds the records of a chunk; those that are no text or have too few fields are rejected at once.
    pub(super) fn find(&mut self, layout: &Layout, chunk: &mut Chunk, walk: &mut Walk, batch: &mut Batch) {
        self.lines.clear();
        self.places.clear();
        self.rejected.clear();
        self.gone.clear();
        self.ids.clear();
        self.answers.resize_with(layout.slots.len(), Vec::new);
        self.answers.iter_mut().for_each(Vec::clear);
        let is_text = chunk.bytes.is_ascii() && memchr::memchr(0, &chunk.bytes).is_none();
        walk.restart(layout.delimiter, layout.width);
        walk.enter(chunk);
        let mut last = None;
        loop {
            let found = match walk.step(chunk) {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(fault) => {
                    batch.fault = Some(fault);
                    break;
                }
            };
            batch.records += 1;
            last = Some(found);
            let record = walk.record(chunk, found);
            let line = u32::try_from(record.line()).unwrap_or(u32::MAX);
            if layout.is_footer(&record) {
                batch.rejects.push((line, Reason::LeftOut(LeftOut::Footer)));
            } else if !is_text && record.bad_encoding() {
                batch.rejects.push((line, Reason::BadEncoding));
            } else if record.is_ragged() {
                batch.rejects.push((line, Reason::RaggedRow));
            } else if let Some(drop) = layout.leaves_out(|column| record.field(column)) {
                batch.rejects.push((line, Reason::LeftOut(drop.why)));
                if layout.has_others && drop.why.is_state() {
                    self.gone.push(LeftOutRecord { line, place: found.place(), is_final: drop.is_final });
                }
            } else {
                self.lines.push(line);
                self.places.push(found.place());
            }
        }
        let last = last.map(|found| walk.record(chunk, found));
        batch.total =
            last.filter(|last| is_total(&last.field(0))).and_then(|last| last.line().try_into().ok());
        batch.line_count = walk.line();
        self.rejected.resize(self.lines.len(), None);
    }
}

/// What stands first in the line below the data that adds it up, in lower case.
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand total",
    "grand totals",
    "sum",
    "totaal",
    "gesamt",
    "summe",
    "gesamtsumme",
    "total général",
    "total general",
    "suma",
    "razem",
    "kokku",
];

fn is_total(cell: &[u8]) -> bool {
    let text = String::from_utf8_lossy(blank::trim(cell)).to_lowercase();
    TOTALS.contains(&text.trim_end_matches([':', ' ']))
}
