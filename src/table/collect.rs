//! From batches, which come in the order of the files, to the rows of each file under one numbering of customers and
//! words.

use std::collections::BTreeMap;

use super::ascending::Ascending;
use super::batch::{Batch, Part, Sample};
use super::column::{BLANK, CellType, Column, NO_SCORE};
use super::exports::Dictionaries;
use super::gone::Gone;
use super::layout::{Layout, NamedColumn};
use super::reason::Reason;
use super::settle::Seen;
use super::value::dates::{OpenDate, OrderEvidence};
use super::value::time::TimeParser;
use super::words::{NONE, Words};
use crate::error::Result;
use crate::source::field::{Field, Kind};
use crate::source::input::Input;
use crate::source::preset::{LeftOut, Repeated};

/// What one file held. Not yet checked against other files.
#[derive(Debug)]
pub struct FileRows {
    /// What its rows are.
    pub kind: Kind,
    /// The name for messages.
    pub name: String,
    /// The preset by which it was read.
    pub preset: Option<String>,
    /// Data rows in the file.
    pub records: u64,
    /// The columns of the parts.
    pub columns: Vec<NamedColumn>,
    /// The rows, in order.
    pub parts: Vec<Part>,
    /// The lines that cannot be used, each with the first reason found.
    pub rejects: BTreeMap<u32, Reason>,
    /// For each reason that lies in one cell, the first such cell.
    pub samples: BTreeMap<Reason, Sample>,
    /// The currencies that its amounts name themselves, where no cell beside them does: how each is written, and the first line.
    pub signs: BTreeMap<String, (String, u64)>,
    /// What its rows that are left out name, where there are other files of the kind.
    pub gone: Vec<Gone>,
    /// Whether the ids of its rows ascend.
    pub ids: Ascending,
    /// What further rows with one id are.
    pub repeated: Repeated,
    /// Which comes first in its dates, and which of them shows it.
    pub dates: Option<String>,
    /// What the answers to each question show of its scale, once it is settled.
    pub seen: Vec<Seen>,
}

impl FileRows {
    /// A file of which nothing has been read.
    pub fn new(kind: Kind, name: &str, columns: Vec<NamedColumn>) -> Self {
        FileRows {
            kind,
            name: name.to_owned(),
            preset: None,
            records: 0,
            columns,
            parts: Vec::new(),
            rejects: BTreeMap::new(),
            samples: BTreeMap::new(),
            signs: BTreeMap::new(),
            gone: Vec::new(),
            ids: Ascending::Empty,
            repeated: Repeated::No,
            dates: None,
            seen: Vec::new(),
        }
    }

    /// The place of a canonical field's column; none if the file has no such column.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.name == field.as_str())
    }

    /// Rejects a line; the first reason stays.
    pub fn reject(&mut self, line: u32, reason: Reason) {
        self.rejects.entry(line).or_insert(reason);
    }

    /// Whether each row of a part can be used.
    pub fn is_used<'a>(&'a self, part: &'a Part) -> impl Iterator<Item = bool> + 'a {
        // Both are ascending; the lines of most parts hold no reject at all.
        let first = part.lines.line(0);
        let mut rejects = self.rejects.range(first..).map(|(line, _)| *line).peekable();
        part.lines.iter().map(move |line| {
            while rejects.peek().is_some_and(|reject| *reject < line) {
                rejects.next();
            }
            rejects.peek() != Some(&line)
        })
    }

    /// The columns of words of all parts, with their names.
    pub fn columns_of_words(&mut self) -> impl Iterator<Item = (&str, &mut Column)> {
        let FileRows { columns, parts, .. } = self;
        let named = parts.iter_mut().flat_map(|part| columns.iter().zip(&mut part.columns));
        let words = named.filter(|(named, _)| named.cell == CellType::Word);
        words.map(|(named, column)| (named.name.as_str(), column))
    }

    /// Leaves out the column of ratings, whose answers are taken.
    pub fn drop_ratings(&mut self) {
        if let Some(rating) = self.column(Field::Rating) {
            self.columns.remove(rating);
            self.parts.iter_mut().for_each(|part| drop(part.columns.remove(rating)));
        }
    }

    /// The number of rows in the parts.
    pub fn rows(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    /// Whether each row of a part cannot be used; nothing where all can.
    pub fn unused(&self, part: &Part) -> Vec<bool> {
        let Some(last) = part.len().checked_sub(1) else { return Vec::new() };
        let lines = part.lines.line(0)..=part.lines.line(last as u32);
        if self.rejects.range(lines).next().is_none() {
            return Vec::new();
        }
        let unused: Vec<bool> = self.is_used(part).map(|used| !used).collect();
        if unused.contains(&true) { unused } else { Vec::new() }
    }

    /// The scores of a part, each with the code of the metric that it answers; none where there is no score.
    pub fn scores<'a>(&self, part: &'a Part) -> impl Iterator<Item = Option<(u32, i32)>> + 'a {
        let codes = part.codes(self.column(Field::Metric));
        part.scores(self.column(Field::Score)).iter().enumerate().map(|(row, score)| {
            let code = codes.get(row);
            (*score != NO_SCORE && code != NONE).then_some((code, *score))
        })
    }

    /// Rejects the rows that end before they start. A blank end is no end.
    fn reject_reversed(&mut self, start: Field, ends: &[Field]) {
        let start = self.column(start);
        let mut reversed = Vec::new();
        for part in &self.parts {
            for end in ends {
                let times = part.longs(start).iter().zip(part.longs(self.column(*end)));
                let is_reversed =
                    |(start, end): (&i64, &i64)| *end != BLANK && *start != BLANK && end < start;
                let rows = times.zip(0..).filter(|(times, _)| is_reversed(*times));
                reversed.extend(rows.map(|(_, row)| part.lines.line(row)));
            }
        }
        reversed.into_iter().for_each(|line| self.reject(line, Reason::EndsBeforeStart));
    }
}

/// How many batches the first part of a file holds.
const FIRST_PART: usize = 8;

/// The files of a run while they are read, and the numbering that they share.
#[derive(Debug, Default)]
pub struct Collector {
    /// The files so far.
    pub files: Vec<FileRows>,
    /// The words of their columns.
    pub words: Dictionaries,
    /// The customers of all of them.
    pub customers: Words,
    /// The sign of several currencies that amounts bear which are taken to be in the one that counts.
    pub sign: Option<String>,
    at_hand: AtHand,
}

/// What is known of the file at hand alone.
#[derive(Debug, Default)]
struct AtHand {
    /// The line on which the next batch starts.
    line: u64,
    evidence: OrderEvidence,
    /// Dates without an order: their part, column and row.
    open: Vec<(usize, usize, usize, OpenDate)>,
    /// Those of what is left out, by its place.
    open_gone: Vec<(usize, OpenDate)>,
    /// The line of the last record so far, if that adds up those above it.
    total: Option<u32>,
}

impl Collector {
    /// Adds the next batch of the file that is the last one so far, or of the one behind it.
    ///
    /// # Errors
    /// When the file cannot be read on, or its dates do not show their order.
    pub fn add(&mut self, layout: &Layout, input: &Input, batch: &mut Batch) -> Result<()> {
        self.number(layout, batch);
        if let Some(line) = batch.first_line {
            let file = FileRows::new(layout.kind, &layout.file, layout.columns.clone());
            self.files.push(FileRows { repeated: layout.repeated, preset: layout.preset.clone(), ..file });
            self.at_hand = AtHand { line, ..AtHand::default() };
        }
        let Some(file) = self.files.last_mut() else { return Ok(()) };
        let line = self.at_hand.line;
        // What was read stands before what could not be.
        if let Some(damaged) = &batch.damaged {
            return Err(damaged.error(layout.kind, &layout.file, line));
        }
        if let Some(fault) = &batch.fault {
            return Err(fault.error(input, line));
        }
        let lines = u32::try_from(line).unwrap_or(u32::MAX);
        file.records += batch.records;
        file.ids = std::mem::take(&mut file.ids).and(std::mem::take(&mut batch.ids));
        for (line, reason) in batch.rejects.drain(..) {
            file.reject(line.saturating_add(lines), reason);
        }
        for (reason, sample) in std::mem::take(&mut batch.samples) {
            file.samples.entry(reason).or_insert(Sample { line: sample.line + line, ..sample });
        }
        for (code, sign, first) in batch.signs.drain(..) {
            file.signs.entry(code).or_insert((sign, first + line));
        }
        let open_gone = batch.open_gone.drain(..);
        self.at_hand.open_gone.extend(open_gone.map(|(gone, open)| (file.gone.len() + gone, open)));
        file.gone.append(&mut batch.gone);
        batch.part.lines.shift(lines);
        if batch.records > 0 {
            self.at_hand.total = batch.total.map(|total| total.saturating_add(lines));
        }
        self.at_hand.evidence.append(std::mem::take(&mut batch.evidence), line);
        if file.parts.last().is_none_or(|part| !part.has_room(&batch.part)) {
            // Each part has room for as much as all before it: memory is had in a few large pieces, of which what no
            // row needs is never touched.
            let before = file.parts.iter().map(Part::len).sum::<usize>() / batch.part.len().max(1);
            file.parts
                .push(Part::with_room(&batch.part, if batch.is_last { 1 } else { before.max(FIRST_PART) }));
        }
        let place = file.parts.len() - 1;
        if let Some(part) = file.parts.last_mut() {
            let open = batch.open.drain(..);
            self.at_hand.open.extend(open.map(|(column, row, open)| (place, column, part.len() + row, open)));
            part.append(&batch.part);
        }
        self.at_hand.line += batch.line_count;
        if batch.is_last { self.end(layout) } else { Ok(()) }
    }

    /// Gives a batch the numbers of customers and words that hold in the whole run.
    fn number(&mut self, layout: &Layout, batch: &mut Batch) {
        let customers = self.customers.codes(&batch.customers);
        let columns = layout.columns.iter().zip(&batch.words).zip(&mut batch.part.columns);
        for ((named, words), column) in columns {
            match named.cell {
                CellType::Customer => column.translate(&customers),
                CellType::Word => column.translate(&self.words.entry(&named.name).merge(words)),
                _ => {}
            }
        }
    }

    /// Settles the dates whose order the file shows, and rejects what ends before it starts.
    fn end(&mut self, layout: &Layout) -> Result<()> {
        let AtHand { evidence, open, open_gone, total, .. } = std::mem::take(&mut self.at_hand);
        let Some(file) = self.files.last_mut() else { return Ok(()) };
        if let Some(total) = total {
            file.rejects.insert(total, Reason::LeftOut(LeftOut::Footer));
        }
        file.dates = evidence.told();
        if let Some(order) = evidence.verdict(&file.name)? {
            let mut times = TimeParser::new(layout.how.zone, layout.how.dates);
            for (part, column, row, open) in open {
                if let Some(part) = file.parts.get_mut(part) {
                    part.settle(column, row, times.settle(open, order));
                }
            }
            for (gone, open) in open_gone {
                if let Some(gone) = file.gone.get_mut(gone) {
                    gone.time = gone.time.max(times.settle(open, order));
                }
            }
        }
        if layout.kind == Kind::Tickets {
            file.reject_reversed(Field::CreatedAt, &[Field::FirstReplyAt, Field::ResolvedAt]);
        }
        if layout.kind == Kind::Subscriptions {
            file.reject_reversed(Field::StartedAt, &[Field::EndedAt]);
        }
        Ok(())
    }
}
