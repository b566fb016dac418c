//! From the cells of one column to its values, record by record; knows nothing of other columns.

use super::batch::Sample;
use super::cell::{self, CellError};
use super::codes::Codes;
use super::column::{BLANK, NO_SCORE};
use super::layout::Slot;
use super::read::Cells;
use super::reason::Reason;
use super::sheet::View;
use super::value::dates::Place;
use super::value::time::{self, TimeCell};
use super::value::{blank, key, shortened, signs};
use super::words::{NONE, Recent, Words};
use crate::metric::{self, case::Question};
use crate::source::field::Field;

impl Cells<'_> {
    pub(super) fn customers(&mut self, slot: &Slot, codes: &mut Codes) {
        let View { bytes, walk, places } = self.view(slot);
        let mut suspects: Vec<usize> = Vec::new();
        let customers = &mut self.batch.customers;
        let rows = places.iter().zip(&self.records.rejected).zip(0..);
        codes.extend(rows.map(|((at, rejected), row)| {
            let plain = walk.plain(bytes, *at, slot.source);
            if let Some(key) = plain.filter(|plain| rejected.is_none() && key::is_key(*plain)) {
                if shortened::may_be(key) {
                    suspects.push(row);
                }
                return customers.push_short(key);
            }
            let cell = walk.cell(bytes, *at, slot.source);
            if shortened::may_be_cell(&cell) {
                suspects.push(row);
            }
            let key = key::normalise(&cell, self.key).filter(|_| rejected.is_none());
            key.map_or(NONE, |key| customers.push(key))
        }));
        self.suspect(slot, suspects);
    }

    /// Keeps in mind the ids of these records, which begin like a number that a spreadsheet shortened.
    fn suspect(&mut self, slot: &Slot, rows: Vec<usize>) {
        let place = self.layout.slots.iter().position(|known| std::ptr::eq(known, slot));
        self.suspects.extend(place.filter(|_| !rows.is_empty()).map(|place| (place, rows)));
    }

    /// Looks closer at those of the records that can be used, once these are known.
    pub(super) fn check_ids(&mut self) {
        for (place, rows) in std::mem::take(&mut self.suspects) {
            let slot = &self.layout.slots[place];
            let View { bytes, walk, places } = self.view(slot);
            let field = &self.layout.columns[slot.target].name;
            for row in rows.into_iter().filter(|row| self.records.rejected[*row].is_none()) {
                let cell = walk.cell(bytes, places[row], slot.source);
                self.batch.check_id(&cell, self.records.lines[row], &slot.header, field);
            }
        }
    }

    pub(super) fn words(&mut self, slot: &Slot, codes: &mut Codes) {
        let View { bytes, walk, places } = self.view(slot);
        let words = &mut self.batch.words[slot.target];
        let mut recent = Recent::default();
        let rows = places.iter().zip(&self.records.rejected);
        codes.extend(rows.map(|(at, rejected)| {
            let mut find = || match blank::trim(&walk.cell(bytes, *at, slot.source)) {
                [] => NONE,
                word => words.code(word),
            };
            match walk.short(bytes, *at, slot.source) {
                _ if rejected.is_some() => NONE,
                Some(cell) => recent.code(cell, find),
                None => find(),
            }
        }));
    }

    /// The hashes of ids; the text of the rows' own is kept for a while.
    pub(super) fn ids(&mut self, slot: &Slot, ids: &mut Vec<u64>, is_own: bool) {
        let View { bytes, walk, places } = self.view(slot);
        let mut suspects: Vec<usize> = Vec::new();
        for (row, at) in places.iter().enumerate() {
            let plain = walk.plain(bytes, *at, slot.source);
            if let Some((plain, id)) = plain.and_then(|plain| Some((plain, cell::short_id(plain)?))) {
                ids.push(id);
                if shortened::may_be(plain) {
                    suspects.push(row);
                }
                if is_own {
                    self.records.ids.push_short(plain);
                }
                continue;
            }
            let cell = walk.cell(bytes, *at, slot.source);
            let id = key::whole(blank::trim(&cell));
            ids.push(cell::id(id));
            if shortened::may_be_cell(id) {
                suspects.push(row);
            }
            if is_own {
                self.records.ids.push(id);
            }
        }
        self.suspect(slot, suspects);
    }

    pub(super) fn time(&mut self, slot: &Slot, values: &mut Vec<i64>) {
        let View { bytes, walk, places } = self.view(slot);
        self.times.turn_to(slot.zone.unwrap_or(self.layout.how.zone));
        let records = &mut *self.records;
        let rows = places.iter().zip(&mut records.rejected).zip(&records.lines);
        for (row, ((at, rejected), line)) in rows.enumerate() {
            let cell = walk.cell(bytes, *at, slot.source);
            if rejected.is_some() {
                values.push(BLANK);
                continue;
            }
            if let Some(time) = self.times.common(&cell) {
                values.push(time);
                continue;
            }
            let place = Place { line: u64::from(*line), column: &slot.header };
            values.push(match self.times.parse(&cell, place) {
                TimeCell::At(time) => time,
                TimeCell::Blank => BLANK,
                TimeCell::Bad => {
                    *rejected = Some(Reason::BadTime);
                    self.batch.sample(
                        Reason::BadTime,
                        || Sample::of(&cell, place.line, &slot.header).because(time::why_bad(&cell)),
                        place.line,
                    );
                    BLANK
                }
                TimeCell::Open(open) => {
                    self.opened.push((slot.target, row, open));
                    0
                }
            });
        }
    }

    /// Amounts; where no cell beside them says their currency, which ones they name themselves.
    pub(super) fn money(&mut self, slot: &Slot, values: &mut Vec<i64>) {
        let layout = self.layout;
        let currency = layout.slot(Field::Currency).map(|place| &layout.slots[place]);
        let stated = currency.map(|slot| (slot.source, self.view(slot)));
        let is_stated = |row: usize| {
            stated.as_ref().is_some_and(|(source, View { bytes, walk, places })| {
                !blank::trim(&walk.cell(bytes, places[row], *source)).is_empty()
            })
        };
        let mut signs: Vec<(String, String, usize)> = Vec::new();
        let mut row = 0;
        let parse = |cell: &[u8]| {
            row += 1;
            let amount = cell::money(cell, layout.decimal, |cell| layout.is_ambiguous(cell));
            if !signs::is_bare(cell)
                && matches!(amount, Ok(Some(_)))
                && !is_stated(row - 1)
                && let Some((code, sign)) = signs::named(cell)
                && !signs.iter().any(|(known, ..)| *known == code)
            {
                signs.push((code, sign, row - 1));
            }
            amount
        };
        self.values(slot, parse, values, BLANK);
        let line = |row: usize| self.records.lines.get(row).map_or(0, |line| u64::from(*line));
        self.batch.signs.extend(signs.into_iter().map(|(code, sign, row)| (code, sign, line(row))));
    }

    /// A score is read by the rules of its question.
    pub(super) fn scores(
        &mut self,
        slot: &Slot,
        scores: &mut Vec<i32>,
        question: impl Fn(usize) -> Option<&'static Question>,
    ) {
        let decimal = self.layout.decimal;
        let mut row = 0;
        let parse = |cell: &[u8]| {
            row += 1;
            cell::score(cell, question(row - 1), decimal)
        };
        self.values(slot, parse, scores, NO_SCORE);
    }

    /// Parses the cells of a slot one by one; `blank` stands for a blank, and for what is rejected.
    pub(super) fn values<T: Copy>(
        &mut self,
        slot: &Slot,
        mut parse: impl FnMut(&[u8]) -> Result<Option<T>, CellError>,
        values: &mut Vec<T>,
        blank: T,
    ) {
        let View { bytes, walk, places } = self.view(slot);
        let records = &mut *self.records;
        let rows = places.iter().zip(&mut records.rejected).zip(&records.lines);
        for ((at, rejected), line) in rows {
            let cell = walk.cell(bytes, *at, slot.source);
            values.push(match parse(&cell) {
                Ok(value) => value.unwrap_or(blank),
                Err(CellError(reason)) => {
                    if rejected.is_none() {
                        *rejected = Some(reason);
                        let line = u64::from(*line);
                        self.batch.sample(reason, || Sample::of(&cell, line, &slot.header), line);
                    }
                    blank
                }
            });
        }
    }
}

/// For each code of the metric column the question that it names.
pub(super) struct Questions(Vec<Option<&'static Question>>);

impl Questions {
    pub(super) fn of(words: &Words) -> Questions {
        Questions(words.iter().map(metric::question).collect())
    }

    pub(super) fn of_code(&self, code: u32) -> Option<&'static Question> {
        self.0.get(code as usize).copied().flatten()
    }
}
