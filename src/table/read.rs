//! From the records of one file to a batch of typed columns, in one pass; only the wanted columns are parsed.

use chrono_tz::Tz;

use super::batch::{Batch, NamedColumn, Sample};
use super::column::{CellType, Column};
use super::reason::Reason;
use super::value::dates::{DateOrder, OpenDate, Place};
use super::value::number::{self, Decimal};
use super::value::time::{TimeCell, TimeParser};
use super::value::{Cell, blank, flag, key, rating, score};
use super::words;
use crate::error::Result;
use crate::metric::{self, case::Question};
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};
use crate::source::records::{Reader, Record};

/// How the cells of an export are to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The zone of times that name none.
    pub zone: Tz,
    /// The order of day and month, where the user said it.
    pub dates: Option<DateOrder>,
    /// The decimal mark, where the user said it; else a comma goes with `;` between columns.
    pub decimal: Option<Decimal>,
}

/// The columns to parse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Canonical fields.
    pub fields: Vec<Field>,
    /// Normalised names of other columns, read as words.
    pub others: Vec<String>,
}

/// Reads all records of a file whose header is known. `file` is its name for messages.
///
/// # Errors
/// When the file cannot be read on, or its dates do not show their order.
pub fn read(
    mut reader: Reader,
    mapping: &Mapping,
    wanted: &Wanted,
    how: Reading,
    file: &str,
) -> Result<Batch> {
    let mut rows = Rows::new(mapping, wanted, how, reader.delimiter(), file);
    while let Some(record) = reader.read()? {
        rows.add(&record);
    }
    rows.finish(file)
}

/// One column of the file that is parsed.
struct Slot {
    cell: CellType,
    /// Its position in the file.
    source: usize,
    /// Its name in the file, for messages.
    header: String,
    /// The question, if it is a question column of a wide survey.
    question: Option<&'static Question>,
    /// Its column in the batch; question columns share the score.
    target: usize,
}

/// A cell's value as the columns take it, or why its row is rejected.
type Parsed = std::result::Result<Option<i64>, Reason>;

/// The rows of a file, as they are read.
struct Rows {
    batch: Batch,
    slots: Vec<Slot>,
    /// The values of the record at hand, one a slot.
    values: Vec<Option<i64>>,
    times: TimeParser,
    open: Vec<(usize, usize, OpenDate)>,
    opened: Vec<(usize, OpenDate)>,
    decimal: Decimal,
    /// The user said which mark is the decimal one.
    decimal_said: bool,
    scratch: String,
    /// For each code of the metric column: the question it names.
    questions: Vec<Option<&'static Question>>,
    keep_texts: bool,
    wide: bool,
    /// The column of response ids that the file lacks and its rows stand for.
    response: Option<usize>,
    /// The hash of the file's name, which tells its rows from those of another.
    salt: u64,
}

impl Rows {
    fn new(mapping: &Mapping, wanted: &Wanted, how: Reading, delimiter: u8, file: &str) -> Self {
        let kind = mapping.kind;
        let mut batch = Batch::new(kind);
        let wide = kind == Kind::Surveys && mapping.column(Field::Metric).is_none();
        if kind == Kind::Surveys {
            batch.columns.push(NamedColumn::new(Field::Metric.as_str(), CellType::Word));
            batch.columns.push(NamedColumn::new(Field::Score.as_str(), CellType::Score));
        }
        let mut rows = Rows {
            batch,
            slots: Vec::new(),
            values: Vec::new(),
            times: TimeParser::new(how.zone, how.dates),
            open: Vec::new(),
            opened: Vec::new(),
            decimal: how.decimal.unwrap_or(if delimiter == b';' { Decimal::Comma } else { Decimal::Point }),
            decimal_said: how.decimal.is_some(),
            scratch: String::new(),
            questions: Vec::new(),
            keep_texts: [Field::Response, Field::Ticket, Field::Order]
                .iter()
                .any(|id| own_id(kind) == Some(*id) && mapping.column(*id).is_some()),
            wide,
            response: None,
            salt: words::hash(file.as_bytes()),
        };
        rows.add_slots(mapping, wanted);
        // The answers of one row of a wide survey belong together even where nothing else says so.
        if rows.wide && mapping.column(Field::Response).is_none() {
            rows.batch.columns.push(NamedColumn::new(Field::Response.as_str(), CellType::Id));
            rows.response = Some(rows.batch.columns.len() - 1);
        }
        rows.values = vec![None; rows.slots.len()];
        rows
    }

    fn add_slots(&mut self, mapping: &Mapping, wanted: &Wanted) {
        for &field in &wanted.fields {
            let (Some(source), Some(cell)) = (mapping.column(field), CellType::of(mapping.kind, field))
            else {
                continue;
            };
            let question =
                Field::QUESTIONS.contains(&field).then(|| metric::question(field.as_str())).flatten();
            let skipped = if self.wide { field == Field::Score } else { question.is_some() };
            if !skipped {
                let name = if question.is_some() { Field::Score.as_str() } else { field.as_str() };
                self.add_slot(name, cell, source, mapping, question);
            }
        }
        for name in &wanted.others {
            if let Some(source) = mapping.other(name) {
                self.add_slot(name, CellType::Word, source, mapping, None);
            }
        }
    }

    fn add_slot(
        &mut self,
        name: &str,
        cell: CellType,
        source: usize,
        mapping: &Mapping,
        question: Option<&'static Question>,
    ) {
        let columns = &mut self.batch.columns;
        let target = columns.iter().position(|column| column.name == name).unwrap_or_else(|| {
            columns.push(NamedColumn::new(name, cell));
            columns.len() - 1
        });
        let header = mapping.header.get(source).cloned().unwrap_or_default();
        self.slots.push(Slot { cell, source, header, question, target });
    }

    fn add(&mut self, record: &Record<'_>) {
        self.batch.records += 1;
        let line = u32::try_from(record.line()).unwrap_or(u32::MAX);
        self.opened.clear();
        if let Err(reason) = self.parse(record).and_then(|()| self.check()) {
            self.batch.reject(line, reason);
            return;
        }
        let text = if self.keep_texts { words::hash(record.raw()) } else { 0 };
        if self.wide {
            self.stand_in(line);
            for slot in 0..self.slots.len() {
                if let Some(question) = self.slots[slot].question {
                    let metric = self.batch.columns[METRIC].words.code(question.name.as_bytes());
                    self.push(record, line, text, Some(i64::from(metric)), self.values[slot]);
                }
            }
        } else {
            self.push(record, line, text, None, None);
        }
    }

    /// Where a wide row names neither its response nor a customer, nothing else says that its answers belong together.
    fn stand_in(&mut self, line: u32) {
        let named = |slot: &Slot, field: Field| self.batch.columns[slot.target].name == field.as_str();
        let place = |field: Field| self.slots.iter().position(|slot| named(slot, field));
        let blank = |place: &usize| self.values[*place].is_none();
        let response = place(Field::Response).filter(blank);
        if let Some(response) = response.filter(|_| place(Field::Customer).is_none_or(|place| blank(&place)))
        {
            self.values[response] = Some(self.record_id(line));
        }
    }

    /// A response id of the row's own, which no other row has.
    fn record_id(&self, line: u32) -> i64 {
        words::hash(&(self.salt ^ u64::from(line)).to_le_bytes()).max(1) as i64
    }

    /// Parses the wanted cells of a record.
    fn parse(&mut self, record: &Record<'_>) -> std::result::Result<(), Reason> {
        if record.bad_encoding() {
            return Err(Reason::BadEncoding);
        }
        if record.is_ragged() {
            return Err(Reason::RaggedRow);
        }
        for slot in 0..self.slots.len() {
            let field = record.field(self.slots[slot].source);
            match self.cell(slot, &field, record.line()) {
                Ok(value) => self.values[slot] = value,
                Err(reason) => {
                    let header = &self.slots[slot].header;
                    let sample = || Sample::of(&field, record.line(), header);
                    self.batch.samples.entry(reason).or_insert_with(sample);
                    return Err(reason);
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, slot: usize, cell: &[u8], line: u64) -> Parsed {
        let Slot { cell: cell_type, question, target, .. } = self.slots[slot];
        let number = |cell: Cell<i64>| match cell {
            Cell::Blank => Ok(None),
            Cell::Value(value) => Ok(Some(value)),
            Cell::Bad => Err(Reason::BadNumber),
        };
        match cell_type {
            CellType::Customer => {
                let key = key::normalise(cell, &mut self.scratch);
                Ok(key.map(|key| i64::from(self.batch.customers.code(key.as_bytes()))))
            }
            CellType::Time => self.time(slot, cell, line),
            CellType::Word => {
                let word = blank::trim(cell);
                let code = |words: &mut words::Words| i64::from(words.code(word));
                Ok((!word.is_empty()).then(|| code(&mut self.batch.columns[target].words)))
            }
            CellType::Score => self.score(question, cell),
            // A rating that cannot be read is no reason to lose the ticket: see `ratings`.
            CellType::Rating => Ok(rating::parse(cell, self.decimal).code().map(i64::from)),
            CellType::Id => Ok(id(cell)),
            CellType::Text => Ok(None),
            CellType::Money | CellType::Refund if self.is_ambiguous(cell) => Err(Reason::BadNumber),
            CellType::Money => number(number::money(cell, self.decimal)),
            CellType::Refund => number(refund(cell, self.decimal)),
            CellType::Whole => {
                number(number::whole(cell, self.decimal).and_then(|count| Some(i64::from(count))))
            }
            CellType::Flag => number(flag::parse(cell).and_then(|yes| Some(i64::from(yes)))),
        }
    }

    /// Whether a comma was only guessed to be the decimal mark, and `9.500` may be nine and a half or nine thousand.
    fn is_ambiguous(&self, cell: &[u8]) -> bool {
        let three_behind_a_point = || {
            let mut parts = blank::trim(cell).split(|byte| *byte == b'.');
            let behind = parts.nth(1).filter(|_| parts.next().is_none());
            behind.is_some_and(|behind| behind.len() == 3 && behind.iter().all(u8::is_ascii_digit))
        };
        self.decimal == Decimal::Comma && !self.decimal_said && three_behind_a_point()
    }

    fn time(&mut self, slot: usize, cell: &[u8], line: u64) -> Parsed {
        let place = Place { line, column: &self.slots[slot].header };
        match self.times.parse(cell, place) {
            TimeCell::Blank => Ok(None),
            TimeCell::At(time) => Ok(Some(time)),
            TimeCell::Bad => Err(Reason::BadTime),
            TimeCell::Open(open) => {
                self.opened.push((slot, open));
                Ok(Some(0))
            }
        }
    }

    /// A score is read by the rules of its question.
    fn score(&mut self, question: Option<&'static Question>, cell: &[u8]) -> Parsed {
        let question = if self.wide { question } else { self.named_question() };
        // What another question's answer says is not read, but that there is one counts as a response.
        let Some(question) = question else { return Ok((!blank::is_null_word(cell)).then_some(0)) };
        match score::parse(cell, self.decimal) {
            Cell::Blank => Ok(None),
            Cell::Value(score) if question.whole_only && score % 1000 != 0 => Err(Reason::BadScore),
            Cell::Value(score) => Ok(Some(i64::from(score))),
            Cell::Bad => Err(Reason::BadScore),
        }
    }

    /// The question that the record's metric cell names. The metric is parsed before the score.
    fn named_question(&mut self) -> Option<&'static Question> {
        let slot = self.slots.iter().position(|slot| slot.target == METRIC)?;
        let code = usize::try_from(self.values[slot]?).ok()?;
        while self.questions.len() <= code {
            let word = self.batch.columns[METRIC].words.word(self.questions.len() as u32);
            self.questions.push(metric::question(word));
        }
        self.questions.get(code).copied().flatten()
    }

    /// What the kind requires of a row.
    fn check(&self) -> std::result::Result<(), Reason> {
        let has = |field: Field| {
            self.slots.iter().zip(&self.values).any(|(slot, value)| {
                value.is_some()
                    && self.batch.columns.get(slot.target).is_some_and(|c| c.name == field.as_str())
            })
        };
        match self.batch.kind {
            Kind::Surveys if has(Field::At) || (has(Field::SentAt) && !has(Field::Score)) => Ok(()),
            Kind::Tickets if has(Field::CreatedAt) => Ok(()),
            Kind::Purchases if !has(Field::Customer) => Err(Reason::MissingCustomer),
            Kind::Purchases if has(Field::At) => Ok(()),
            _ => Err(Reason::MissingTime),
        }
    }

    /// Adds one row to every column. `metric` and `score` are given for a wide survey.
    fn push(&mut self, record: &Record<'_>, line: u32, text: u64, metric: Option<i64>, score: Option<i64>) {
        let row = self.batch.lines.len();
        for (slot, value) in self.slots.iter().zip(&self.values) {
            if slot.question.is_some() {
                continue;
            }
            match &mut self.batch.columns[slot.target].column {
                Column::Text(texts) => texts.push(blank::trim(&record.field(slot.source))),
                column => column.push(*value),
            }
        }
        if self.wide {
            self.batch.columns[METRIC].column.push(metric);
            self.batch.columns[SCORE].column.push(score);
        }
        if let Some(response) = self.response {
            let id = self.record_id(line);
            self.batch.columns[response].column.push(Some(id));
        }
        self.batch.lines.push(line);
        if self.keep_texts {
            self.batch.texts.push(text);
        }
        self.open.extend(self.opened.iter().map(|&(slot, open)| (self.slots[slot].target, row, open)));
    }

    /// Settles the dates whose order the file shows, and rejects what ends before it starts.
    fn finish(mut self, file: &str) -> Result<Batch> {
        if let Some(order) = self.times.order(file)? {
            for (target, row, open) in std::mem::take(&mut self.open) {
                if let Column::Long(times) = &mut self.batch.columns[target].column {
                    times[row] = self.times.settle(open, order);
                }
            }
        }
        if self.batch.kind == Kind::Tickets {
            self.batch.reject_reversed(Field::CreatedAt, &[Field::FirstReplyAt, Field::ResolvedAt]);
        }
        Ok(self.batch)
    }
}

/// In a batch of answers the metric and the score come first.
const METRIC: usize = 0;
const SCORE: usize = 1;

/// The field that identifies a row of that kind.
pub fn own_id(kind: Kind) -> Option<Field> {
    match kind {
        Kind::Surveys => Some(Field::Response),
        Kind::Tickets => Some(Field::Ticket),
        Kind::Purchases => Some(Field::Order),
    }
}

/// The hash of an id; a blank and the words for nothing have none.
fn id(cell: &[u8]) -> Option<i64> {
    let id = blank::trim(cell);
    if blank::is_null_word(id) { None } else { Some(words::hash(id).max(1) as i64) }
}

/// `yes` pays back everything, `no` nothing, an amount that much.
fn refund(cell: &[u8], decimal: Decimal) -> Cell<i64> {
    match flag::parse(cell) {
        Cell::Bad => number::money(cell, decimal),
        answer => answer.and_then(|yes| Some(if yes { i64::MAX } else { 0 })),
    }
}
