//! All exports of a run as tables that share one numbering of customers and words.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::codes::{Codes, NO_CODES};
use super::collect::{Collector, FileRows};
use super::column::{BLANK, CellType, Column, NO_SCORE};
use super::exchange::Exchange;
use super::layout::NamedColumn;
use super::ratings::{Ratings, UnusedRatings};
use super::settle::{Scales, Seen};
use super::stack::Stack;
use super::words::Words;
use crate::parallel;
use crate::source::field::{Field, Kind};

/// The words of every column that has words, by the column's name: `email` is the same channel in every export.
#[derive(Debug, Clone, Default)]
pub struct Dictionaries(BTreeMap<String, Words>);

/// For the columns of a name, what the code of each word becomes; none where all stay as they are.
pub type Translations = BTreeMap<String, Vec<u32>>;

impl Dictionaries {
    /// The words of the columns of that name.
    pub fn of(&self, name: &str) -> Option<&Words> {
        self.0.get(name)
    }

    /// The words of the columns of that name, to add to them.
    pub fn entry(&mut self, name: &str) -> &mut Words {
        self.0.entry(name.to_owned()).or_default()
    }

    /// Numbers the words in the order of the alphabet, so that no result depends on which came first.
    fn sort(&mut self) -> Translations {
        let mut translations = Translations::new();
        for (name, words) in &mut self.0 {
            let mut sorted = words.sorted();
            let codes = sorted.merge(words);
            if codes.iter().zip(0..).any(|(code, before)| *code != before) {
                translations.insert(name.clone(), codes);
                *words = sorted;
            }
        }
        translations
    }
}

/// Everything that was read and can be used.
#[derive(Debug, Default)]
pub struct Exports {
    /// The rows, at most one stack a kind.
    pub stacks: Vec<Stack>,
    /// The words of the columns.
    pub words: Dictionaries,
    /// The customers of all exports.
    pub customers: Words,
    /// The scale of each survey question.
    pub scales: Scales,
    /// What the answers to each survey question show of its scale; ratings of tickets are not among them.
    pub seen: Vec<Seen>,
    /// The last rows of the surveys are ratings of tickets: for each the ticket, counted among those that can be used.
    pub rated: Vec<u32>,
    /// The ratings that cannot be used.
    pub unused_ratings: Vec<UnusedRatings>,
    /// The sign of several currencies that amounts bear which are taken to be in the one that counts.
    pub sign: Option<String>,
    /// What became of amounts in several currencies, where the user said which one counts.
    pub exchange: Option<Exchange>,
}

impl Exports {
    /// Stacks the files of each kind, without the rows that were rejected. The ratings of tickets stand behind the rows
    /// of the surveys.
    pub fn of(read: Collector, scales: Scales, ratings: Ratings, threads: usize) -> Exports {
        let Collector { mut files, mut words, customers, sign, .. } = read;
        let Ratings { mut rows, tickets: rated, unused: unused_ratings } = ratings;
        let seen = Seen::together(&files);
        let translations = words.sort();
        let columns = files.iter_mut().chain([&mut rows]).flat_map(FileRows::columns_of_words);
        let untranslated = columns.filter_map(|(name, column)| Some((translations.get(name)?, column)));
        parallel::map(threads, untranslated.collect(), |(codes, column)| column.translate(codes));
        let mut stacks: BTreeMap<Kind, Stack> = BTreeMap::new();
        let mut add = |file: FileRows, is_read: bool| {
            let stack = stacks.entry(file.kind).or_insert_with(|| Stack::new(file.kind));
            stack.add(file, is_read);
        };
        files.into_iter().for_each(|file| add(file, true));
        if !rated.is_empty() {
            add(rows, false);
        }
        let mut exports = Exports {
            stacks: stacks.into_values().collect(),
            words,
            customers,
            scales,
            seen,
            rated,
            unused_ratings,
            sign,
            exchange: None,
        };
        exports.drop_ids();
        exports
    }

    /// Gives up the ids that nothing will ask for, now that duplicates are known: a quarter of what is held.
    fn drop_ids(&mut self) {
        let has = |stack: &Stack, field: Field| stack.field(field).is_some();
        let surveys = self.stack(Kind::Surveys);
        let are_requested = surveys.is_some_and(|stack| has(stack, Field::SentAt));
        let name_tickets = surveys.is_some_and(|stack| has(stack, Field::Ticket));
        for stack in &mut self.stacks {
            match stack.kind {
                Kind::Surveys if !are_requested => stack.drop_column(Field::Response),
                Kind::Tickets if !name_tickets => stack.drop_column(Field::Ticket),
                _ => {}
            }
        }
    }

    /// The rows of a kind.
    pub fn stack(&self, kind: Kind) -> Option<&Stack> {
        self.stacks.iter().find(|stack| stack.kind == kind)
    }
}

/// One kind of export: every usable row of all its files, in the order that the join gave them.
#[derive(Debug, Clone)]
pub struct Table {
    /// What its rows are.
    pub kind: Kind,
    rows: usize,
    /// The columns, by canonical or normalised name.
    columns: Vec<(NamedColumn, Column)>,
}

/// The times or amounts of a column.
#[derive(Debug, Clone, Default)]
pub struct Longs(Vec<i64>);

impl Longs {
    /// That of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        self.0.get(row).copied().filter(|value| *value != BLANK)
    }

    /// One for each of so many rows, [`BLANK`] where there is none.
    pub fn values(self, rows: usize) -> Vec<i64> {
        let Longs(mut values) = self;
        values.resize(rows, BLANK);
        values
    }
}

/// The scores of a column.
#[derive(Debug, Clone, Default)]
pub struct Scores(Vec<i32>);

impl Scores {
    /// That of a row, in thousandths.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i32> {
        self.0.get(row).copied().filter(|score| *score != NO_SCORE)
    }
}

/// The yes and no of a column.
#[derive(Debug, Clone, Default)]
pub struct Flags(Vec<u8>);

impl Flags {
    /// That of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<bool> {
        self.0.get(row).filter(|flag| **flag < 2).map(|flag| *flag == 1)
    }
}

impl Table {
    /// A table of columns that all have that many rows.
    pub fn new(kind: Kind, rows: usize, columns: Vec<(NamedColumn, Column)>) -> Table {
        Table { kind, rows, columns }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether the export has the column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(named, _)| named.name == name)
    }

    /// Whether the export has the column and it holds codes of words.
    pub fn has_words(&self, name: &str) -> bool {
        self.columns.iter().any(|(named, _)| named.name == name && named.cell == CellType::Word)
    }

    /// Compares two rows by all that was read of them and not taken out. Slow, and only for ties that nothing else
    /// settles, so that the order of the rows in an export never does.
    pub fn tie(&self) -> impl Fn(usize, usize) -> Ordering + '_ {
        let compare = tie(self.columns.iter().map(|(named, _)| named));
        move |a, b| {
            compare(&|column| self.columns[column].1.value(a), &|column| self.columns[column].1.value(b))
        }
    }

    /// Codes of words, counts; all blank where the export lacks the column.
    pub fn codes(&self, name: &str) -> &Codes {
        match self.columns.iter().find(|(named, _)| named.name == name) {
            Some((_, Column::Code(codes))) => codes,
            _ => &NO_CODES,
        }
    }

    /// Hashes of ids, 0 for none; empty where the export lacks the column.
    pub fn ids(&self, field: Field) -> &[u64] {
        match self.columns.iter().find(|(named, _)| named.name == field.as_str()) {
            Some((_, Column::Id(ids))) => ids,
            _ => &[],
        }
    }

    /// Takes a column out of the table; an empty one where the export lacks it.
    fn take(&mut self, field: Field) -> Column {
        let place = self.columns.iter().position(|(named, _)| named.name == field.as_str());
        place.map_or(Column::Flag(Vec::new()), |place| self.columns.remove(place).1)
    }

    /// Takes times or amounts out of the table; none where the export lacks the column.
    pub fn take_longs(&mut self, field: Field) -> Longs {
        Longs(if let Column::Long(values) = self.take(field) { values } else { Vec::new() })
    }

    /// Takes codes or counts out of the table; none where the export lacks the column.
    pub fn take_codes(&mut self, field: Field) -> Codes {
        if let Column::Code(values) = self.take(field) { values } else { NO_CODES.clone() }
    }

    /// Takes the scores out of the table, in thousandths; none where the export lacks the column.
    pub fn take_scores(&mut self) -> Scores {
        Scores(if let Column::Score(values) = self.take(Field::Score) { values } else { Vec::new() })
    }

    /// Takes a column of yes and no out of the table; none where the export lacks it.
    pub fn take_flags(&mut self, field: Field) -> Flags {
        Flags(if let Column::Flag(values) = self.take(field) { values } else { Vec::new() })
    }
}

/// A cell of a row, by the place of its column.
type CellOf<'a> = &'a dyn Fn(usize) -> Option<i64>;

/// How two rows compare by their cells in the columns of these names, blanks first; whose they are is no part of it.
pub fn tie<'a>(
    columns: impl Iterator<Item = &'a NamedColumn>,
) -> impl Fn(CellOf<'_>, CellOf<'_>) -> Ordering {
    let mut order: Vec<(usize, &NamedColumn)> = columns
        .enumerate()
        .filter(|(_, named)| !["customer", "response"].contains(&named.name.as_str()))
        .collect();
    order.sort_by_key(|(_, named)| named.name.as_str());
    let order: Vec<usize> = order.into_iter().map(|(place, _)| place).collect();
    move |a, b| {
        order.iter().map(|at| a(*at).cmp(&b(*at))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}
