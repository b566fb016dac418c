//! From the records of one chunk to a batch of typed columns; only the wanted columns are parsed, one after the other.

use super::ascending::Ascending;
use super::batch::Batch;
use super::cell;
use super::column::{BLANK, CellType, Column, NO_SCORE};
use super::found::Records;
use super::gone;
use super::layout::{Layout, METRIC, SCORE, Slot};
use super::parse::Questions;
use super::reason::Reason;
use super::sheet::{Sheet, View};
use super::value::dates::OpenDate;
use super::value::rating;
use super::value::time::TimeParser;
use super::words::{self, NONE};
use crate::source::chunks::{Chunk, End};
use crate::source::field::{Field, Kind};
use crate::source::records::Walk;

/// A chunk of a file, with what tells it from the others.
pub struct Piece {
    /// Its number among the chunks of the file.
    pub number: u64,
    /// The line on which it starts, for the first chunk of a file.
    pub first_line: Option<u64>,
    /// Its records.
    pub chunk: Chunk,
}

/// What reading a chunk needs for a while, kept for the next one.
#[derive(Debug, Default)]
pub struct Scratch {
    walk: Walk,
    records: Records,
    sheet: Sheet,
    /// A key that is not written as it is compared.
    key: String,
}

/// Reads the records of a file's chunk, in the memory of a batch that is used no more.
pub fn read(layout: &Layout, piece: &mut Piece, used: Batch, scratch: &mut Scratch) -> Batch {
    let Piece { number, first_line, chunk } = piece;
    let Scratch { walk, records, sheet, key } = scratch;
    let mut batch = used.cleared(&layout.columns);
    batch.first_line = *first_line;
    batch.is_last = !matches!(chunk.end, End::Record);
    records.find(layout, chunk, walk, &mut batch);
    let times = TimeParser::new(layout.how.zone, layout.how.dates);
    let places = std::mem::take(&mut records.places);
    let file = View { bytes: &chunk.bytes, walk, places: &places };
    sheet.fill(layout, file);
    let made = sheet.view();
    let mut cells =
        Cells { layout, file, made, records, batch, times, opened: Vec::new(), suspects: Vec::new(), key };
    layout.slots.iter().enumerate().for_each(|(place, slot)| cells.parse(place, slot));
    cells.check();
    cells.check_ids();
    let mut batch = cells.finish(*number);
    records.places = places;
    if !records.gone.is_empty() {
        gone::read(layout, View { bytes: &chunk.bytes, walk, places: &[] }, &records.gone, key, &mut batch);
    }
    batch
}

/// The cells of a chunk while they are parsed.
pub(super) struct Cells<'a> {
    pub(super) layout: &'a Layout,
    pub(super) file: View<'a>,
    pub(super) made: View<'a>,
    pub(super) records: &'a mut Records,
    pub(super) batch: Batch,
    pub(super) times: TimeParser,
    /// The dates whose order is not known yet: their column, their record and what they may be.
    pub(super) opened: Vec<(usize, usize, OpenDate)>,
    /// The ids that a spreadsheet may have shortened: their slot and their records.
    pub(super) suspects: Vec<(usize, Vec<usize>)>,
    pub(super) key: &'a mut String,
}

impl<'a> Cells<'a> {
    /// Where the cells of a slot stand.
    pub(super) fn view(&self, slot: &Slot) -> View<'a> {
        if slot.is_made { self.made } else { self.file }
    }

    /// Parses the cells of a slot into its column. A record that is rejected has a blank there.
    fn parse(&mut self, place: usize, slot: &Slot) {
        if let Some(question) = slot.question {
            let mut scores = std::mem::take(&mut self.records.answers[place]);
            self.scores(slot, &mut scores, |_| Some(question));
            self.records.answers[place] = scores;
            return;
        }
        let empty = Column::Flag(Vec::new());
        let mut column = std::mem::replace(&mut self.batch.part.columns[slot.target], empty);
        let decimal = self.layout.decimal;
        match (&mut column, slot.cell) {
            (Column::Code(codes), CellType::Customer) => self.customers(slot, codes),
            (Column::Code(codes), CellType::Word) => self.words(slot, codes),
            (Column::Long(values), CellType::Time) => self.time(slot, values),
            (Column::Long(values), CellType::Money) => self.money(slot, values),
            (Column::Long(values), CellType::Refund) => {
                let is_ambiguous = |cell: &[u8]| self.layout.is_ambiguous(cell);
                self.values(slot, |cell| cell::refund(cell, decimal, is_ambiguous), values, BLANK);
            }
            (Column::Score(scores), CellType::Score) => {
                let questions = Questions::of(&self.batch.words[METRIC]);
                let metrics =
                    std::mem::replace(&mut self.batch.part.columns[METRIC], Column::Flag(Vec::new()));
                self.scores(slot, scores, |row| match &metrics {
                    Column::Code(codes) => questions.of_code(codes.get(row)),
                    _ => None,
                });
                self.batch.part.columns[METRIC] = metrics;
            }
            // A rating that cannot be read is no reason to lose the ticket: see `ratings`.
            (Column::Score(codes), CellType::Rating) => {
                self.values(slot, |cell| Ok(rating::parse(cell, decimal).code()), codes, NO_SCORE);
            }
            (Column::Id(ids), CellType::Id) => self.ids(slot, ids, self.layout.own_id() == Some(place)),
            (Column::Long(values), CellType::Weight) => {
                self.values(slot, |cell| cell::weight(cell, decimal), values, BLANK);
            }
            (Column::Flag(flags), CellType::Flag) => self.values(slot, cell::flag, flags, 2),
            (Column::Code(codes), CellType::Whole) => {
                let mut counts = Vec::with_capacity(self.records.lines.len());
                self.values(slot, |cell| cell::whole(cell, decimal), &mut counts, NONE);
                codes.extend(counts.into_iter());
            }
            (column, cell) => debug_assert!(false, "{column:?} does not hold {cell:?}"),
        }
        self.batch.part.columns[slot.target] = column;
    }

    /// Rejects the records that lack what the kind requires of a row.
    fn check(&mut self) {
        let layout = self.layout;
        let target = |field: Field| layout.slot(field).map(|slot| layout.slots[slot].target);
        let at = match layout.kind {
            Kind::Tickets => Field::CreatedAt,
            Kind::Subscriptions => Field::StartedAt,
            _ => Field::At,
        };
        let part = &self.batch.part;
        let [at, sent_at, weight] = [at, Field::SentAt, Field::Weight].map(|field| part.longs(target(field)));
        let is_weighed = target(Field::Weight).is_some();
        let customers = part.codes(target(Field::Customer));
        let scores = part.scores(target(Field::Score));
        let Records { rejected, answers, .. } = &mut *self.records;
        let has = |times: &[i64], row: usize| times.get(row).is_some_and(|time| *time != BLANK);
        let scored = |scores: &[i32], row: usize| scores.get(row).is_some_and(|score| *score != NO_SCORE);
        for (row, rejected) in rejected.iter_mut().enumerate().filter(|(_, rejected)| rejected.is_none()) {
            let is_answer = || scored(scores, row) || answers.iter().any(|answers| scored(answers, row));
            *rejected = match layout.kind {
                Kind::Purchases | Kind::Subscriptions | Kind::Customers if customers.get(row) == NONE => {
                    Some(Reason::MissingCustomer)
                }
                Kind::Customers => None,
                Kind::Surveys if is_weighed && !has(weight, row) && is_answer() => Some(Reason::BadWeight),
                _ if has(at, row) => None,
                Kind::Surveys if has(sent_at, row) && !is_answer() => None,
                _ => Some(Reason::MissingTime),
            };
        }
    }

    /// Leaves out what is rejected, makes a row of each question of a wide survey, and settles the dates whose order
    /// the chunk shows.
    fn finish(mut self, number: u64) -> Batch {
        if let Some(order) = self.times.evidence().proven() {
            for (target, row, open) in std::mem::take(&mut self.opened) {
                let time = self.times.settle(open, order);
                self.batch.part.settle(target, row, time);
            }
        }
        if self.layout.wide {
            self.stand_in(number);
        }
        let rows = self.rows();
        let is_same = rows.len() == self.records.lines.len() && !self.layout.wide;
        if is_same {
            self.batch.part.lines.extend(&self.records.lines);
        } else {
            self.pick(&rows);
            for row in &rows {
                self.batch.part.lines.push(self.records.lines[row.0 as usize]);
            }
        }
        self.keep_texts(&rows);
        let rejected = self.records.rejected.iter().zip(&self.records.lines);
        self.batch.rejects.extend(rejected.filter_map(|(reason, line)| Some((*line, (*reason)?))));
        let opened = std::mem::take(&mut self.opened);
        self.batch.open = if is_same { opened } else { moved(&opened, &rows) };
        self.batch.evidence = self.times.into_evidence();
        self.batch
    }

    /// The rows to be: the record of each, and the slot of its question in a wide survey.
    fn rows(&self) -> Vec<(u32, u32)> {
        let used = self.records.rejected.iter().zip(0..).filter(|(reason, _)| reason.is_none());
        let used = used.map(|(_, record)| record);
        if !self.layout.wide {
            return used.map(|record| (record, 0)).collect();
        }
        let questions: Vec<u32> = (0..)
            .zip(&self.layout.slots)
            .filter(|(_, slot)| slot.question.is_some())
            .map(|(n, _)| n)
            .collect();
        used.flat_map(|record| questions.iter().map(move |question| (record, *question))).collect()
    }

    /// Makes the columns those of the rows.
    fn pick(&mut self, rows: &[(u32, u32)]) {
        let wide = self.layout.wide;
        let part = &mut self.batch.part;
        let columns = part.columns.iter_mut().enumerate();
        columns.filter(|(column, _)| !wide || (*column != METRIC && *column != SCORE)).for_each(
            |(_, column)| {
                column.pick(rows.iter().map(|(record, _)| *record as usize));
            },
        );
        if !wide {
            return;
        }
        let slots = self.layout.slots.iter();
        let metrics: Vec<u32> = slots
            .map(|slot| slot.question.map_or(NONE, |q| self.batch.words[METRIC].code(q.name.as_bytes())))
            .collect();
        let score = |(record, slot): &(u32, u32)| self.records.answers[*slot as usize][*record as usize];
        part.columns[METRIC] = Column::Code(rows.iter().map(|(_, slot)| metrics[*slot as usize]).collect());
        part.columns[SCORE] = Column::Score(rows.iter().map(score).collect());
    }

    /// Where a wide row names neither its response nor a customer, nothing else says that its answers belong together:
    /// they get a response id of the row's own, which no other row has.
    fn stand_in(&mut self, number: u64) {
        let layout = self.layout;
        let own_id = |line: &u32| {
            let place = [layout.salt ^ number, u64::from(*line)].map(u64::to_le_bytes);
            words::hash(place.as_flattened()).max(1)
        };
        let lines = &self.records.lines;
        if let Some(response) = layout.response {
            self.batch.part.columns[response] = Column::Id(lines.iter().map(own_id).collect());
            return;
        }
        let Some(response) = layout.own_id().map(|slot| layout.slots[slot].target) else { return };
        let customer = layout.slot(Field::Customer).map(|slot| layout.slots[slot].target);
        let customers = self.batch.part.codes(customer).clone();
        if let Column::Id(ids) = &mut self.batch.part.columns[response] {
            let nameless = ids.iter_mut().zip(lines).enumerate();
            nameless
                .filter(|(row, (id, _))| **id == 0 && customers.get(*row) == NONE)
                .for_each(|(_, (id, line))| *id = own_id(line));
        }
    }

    /// Keeps what is wanted of the text itself: the ids of tickets, whether ids ascend, and which rows pay an order back.
    fn keep_texts(&mut self, rows: &[(u32, u32)]) {
        let layout = self.layout;
        let part = &mut self.batch.part;
        self.batch.ids = Ascending::of(&self.records.ids);
        if layout.kind == Kind::Tickets {
            if rows.len() < self.records.ids.len() {
                part.ids = self.records.ids.pick(rows.iter().map(|(record, _)| *record));
            } else {
                std::mem::swap(&mut part.ids, &mut self.records.ids);
            }
        }
        if layout.keep_texts {
            let text = |(record, _): &(u32, u32)| {
                let at = self.file.places[*record as usize];
                words::hash(self.file.walk.text(self.file.bytes, at))
            };
            part.texts.extend(rows.iter().map(text));
        }
        let amount = layout.slot(Field::Amount).map(|slot| layout.slots[slot].target);
        let paid_back = part.longs(amount).iter().zip(rows).zip(0..);
        let paid_back = paid_back.filter(|((amount, _), _)| **amount < 0 && **amount != BLANK);
        let refunds = paid_back.map(|((_, (record, _)), row)| {
            let at = self.file.places[*record as usize];
            (row, words::hash(self.file.walk.text(self.file.bytes, at)))
        });
        part.refunds = refunds.collect();
    }
}

/// The open dates by their row, where rows were left out or made of one record.
fn moved(opened: &[(usize, usize, OpenDate)], rows: &[(u32, u32)]) -> Vec<(usize, usize, OpenDate)> {
    let of_record = |record: usize| {
        let from = rows.partition_point(|(row, _)| (*row as usize) < record);
        (from..rows.len()).take_while(move |row| rows[*row].0 as usize == record)
    };
    let open = opened.iter();
    open.flat_map(|(column, record, open)| of_record(*record).map(|row| (*column, row, *open))).collect()
}
