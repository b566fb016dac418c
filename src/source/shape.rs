//! What a preset makes of one file: which columns a field is taken from, what its cells stand for, and which rows are no
//! data. It names columns by their place and reads no cell.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::field::Field;
use super::preset::{
    Amounts, Condition, FileRules, LeftOut, Names, Place, Preset, Several, SharedPreset, Test,
};

/// What of a file is not to be taken as it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// The preset that says so.
    pub preset: Option<SharedPreset>,
    /// The fields whose cells are not those of a column as they stand.
    pub fields: BTreeMap<Field, Shaped>,
    /// Which rows are no data.
    pub drops: Vec<RowTest>,
    /// For each column the zone that the header names.
    pub zones: Vec<Option<Tz>>,
}

/// A field whose cells are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    /// What they are made from.
    pub from: From,
    /// What they are made from in some rows instead: by the first test that holds.
    pub when: Vec<(CellTest, From)>,
    /// Words for nothing, in lower case.
    pub nulls: Vec<String>,
    /// Whether a leading `'` may guard the cell.
    pub guard: bool,
    /// What words stand for, the words in lower case.
    pub labels: BTreeMap<String, String>,
    /// Blank where this column has one of these words, in lower case.
    pub blank_if: Option<(usize, Vec<String>)>,
    /// Amounts that stand in the smallest unit of the currency that this says.
    pub minor: Option<Currency>,
}

/// What the cells of a field are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// One column.
    Column(usize),
    /// The first of these that is not blank.
    Filled(Vec<usize>),
    /// The texts with a space between them.
    Joined(Vec<usize>),
    /// The numbers multiplied.
    Product(Vec<usize>),
    /// The same for every row.
    Constant(String),
    /// `yes` where the column has one of the first words, `no` where one of the second.
    Status(usize, Vec<String>, Vec<String>),
}

impl From {
    /// The columns, the first of which is the field's.
    pub fn columns(&self) -> &[usize] {
        match self {
            From::Column(column) | From::Status(column, ..) => std::slice::from_ref(column),
            From::Filled(columns) | From::Joined(columns) | From::Product(columns) => columns,
            From::Constant(_) => &[],
        }
    }
}

/// How the currency of an amount is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Currency {
    /// From a column.
    Column(usize),
    /// It is this one, or unknown where the text is empty.
    Known(String),
}

/// A row that is no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTest {
    /// Why not.
    pub why: LeftOut,
    /// What tells it.
    pub cell: CellTest,
    /// What tells that it is data all the same.
    pub unless: Option<CellTest>,
    /// Whether it stays so.
    pub is_final: bool,
}

/// What a cell of a row must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellTest {
    /// Its column.
    pub column: usize,
    /// What it must be.
    pub test: Test,
}

impl Shape {
    /// What a preset makes of a file. `find` finds a column by its name; `said` are the columns that the user names, and
    /// `questions` those that were found to be questions.
    pub fn of(
        preset: &SharedPreset,
        find: impl Fn(&str) -> Option<usize>,
        said: &BTreeMap<Field, From>,
        is_denied: impl Fn(Field) -> bool,
    ) -> Shape {
        let first = |names: &[String]| names.iter().find_map(|name| find(name));
        let mut sources: BTreeMap<Field, From> =
            said.iter().map(|(field, from)| (*field, from.clone())).collect();
        for (field, place) in preset.columns.iter().filter(|(field, _)| *field != Field::Alias) {
            let from = from_place(place, &find);
            if let Some(from) = from.filter(|_| !sources.contains_key(field) && !is_denied(*field)) {
                sources.insert(*field, from);
            }
        }
        for (field, value) in &preset.constants {
            sources.entry(*field).or_insert(From::Constant(value.clone()));
        }
        let status = preset.status.as_ref().and_then(|rule| {
            let own = || sources.get(&Field::Status).and_then(|from| from.columns().first().copied());
            let column = rule.column.as_ref().map_or_else(own, |names| first(names.all()))?;
            Some((column, lower(&rule.resolved), lower(&rule.open)))
        });
        if let Some((column, resolved, open)) = &status {
            sources.entry(Field::Settled).or_insert(From::Status(*column, resolved.clone(), open.clone()));
        }
        let open = status.map(|(column, _, open)| (column, open));
        let money = currency(&sources, &preset.file);
        let fields = sources.into_iter().map(|(field, from)| {
            let blank_if = open.clone().filter(|_| field == Field::ResolvedAt);
            (field, Shaped { blank_if, ..Shaped::new(preset, field, from) })
        });
        let mut fields: BTreeMap<Field, Shaped> = fields.collect();
        let is_open = |field: Field| !said.contains_key(&field) && !is_denied(field);
        put_elsewhere(&mut fields, preset, &find, is_open);
        for (_, shaped) in fields.iter_mut().filter(|(field, _)| field.is_money()) {
            shaped.minor.clone_from(&money);
        }
        let drops = preset.drops.iter().filter(|drop| is_met(drop.needs.as_ref(), &find));
        let drops = drops.filter_map(|drop| {
            let unless = drop.unless.as_ref().and_then(|rows| cell_test(rows, &find));
            let cell = cell_test(&drop.rows, &find)?;
            Some(RowTest { why: drop.why, cell, unless, is_final: drop.is_final })
        });
        let drops = drops.collect();
        Shape { preset: Some(preset.clone()), fields, drops, zones: Vec::new() }
    }

    /// The column that is each field.
    pub fn claims(&self) -> impl Iterator<Item = (Field, usize)> {
        let own = self.fields.iter().filter(|(_, shaped)| !matches!(shaped.from, From::Status(..)));
        own.filter_map(|(field, shaped)| Some((*field, *shaped.from.columns().first()?)))
    }

    /// Whether a field is taken from the column.
    pub fn is_source(&self, column: usize) -> bool {
        self.fields.values().any(|shaped| shaped.is_made_of(column))
    }

    /// Whether the column tells which rows are no data, in which rows fields stand elsewhere, or which tickets are settled.
    pub fn is_test(&self, column: usize) -> bool {
        let tells = |shaped: &Shaped| {
            matches!(shaped.from, From::Status(at, ..) if at == column)
                || shaped.blank_if.as_ref().is_some_and(|(at, _)| *at == column)
                || shaped.when.iter().any(|(cell, _)| cell.column == column)
        };
        let drops = |drop: &RowTest| {
            drop.cell.column == column || drop.unless.as_ref().is_some_and(|cell| cell.column == column)
        };
        self.drops.iter().any(drops) || self.fields.values().any(tells)
    }

    /// Forgets the fields whose cells are taken as they stand from the column that is theirs.
    pub fn settled(mut self, claimed: &[Option<Field>]) -> Shape {
        let is_own = |field: Field, shaped: &Shaped| {
            shaped.from.columns().first().is_some_and(|column| claimed.get(*column) == Some(&Some(field)))
        };
        self.fields.retain(|field, shaped| !(shaped.is_plain() && is_own(*field, shaped)));
        self
    }

    /// The rules of the file.
    pub fn rules(&self) -> Option<&FileRules> {
        self.preset.as_ref().map(|preset| &preset.file)
    }

    /// What the first cell of a line begins with that is no data.
    pub fn footer(&self) -> &[String] {
        self.rules().map_or(&[], |rules| &rules.footer)
    }
}

impl Shaped {
    /// Cells that are made of columns and mean what they say.
    pub fn plain(from: From) -> Shaped {
        Shaped {
            from,
            when: Vec::new(),
            nulls: Vec::new(),
            guard: false,
            labels: BTreeMap::new(),
            blank_if: None,
            minor: None,
        }
    }

    /// Whether the cells of some rows are made of those of the column.
    pub fn is_made_of(&self, column: usize) -> bool {
        let mut others = self.when.iter().map(|(_, from)| from);
        self.from.columns().contains(&column) || others.any(|from| from.columns().contains(&column))
    }

    fn new(preset: &Preset, field: Field, from: From) -> Shaped {
        let rules = &preset.file;
        Shaped {
            nulls: lower(&rules.nulls),
            guard: rules.guard,
            labels: preset.labels.get(&field).cloned().unwrap_or_default(),
            ..Shaped::plain(from)
        }
    }

    /// Whether the cells are those of a column as they stand.
    fn is_plain(&self) -> bool {
        matches!(self.from, From::Column(_))
            && self.when.is_empty()
            && self.nulls.is_empty()
            && !self.guard
            && self.labels.is_empty()
            && self.blank_if.is_none()
            && self.minor.is_none()
    }
}

/// Adds where fields stand in some rows; `is_open` says of which fields the preset may say so.
fn put_elsewhere(
    fields: &mut BTreeMap<Field, Shaped>,
    preset: &Preset,
    find: impl Fn(&str) -> Option<usize>,
    is_open: impl Fn(Field) -> bool,
) {
    for when in preset.whens.iter().filter(|when| is_met(when.needs.as_ref(), &find)) {
        let Some(cell) = cell_test(&when.rows, &find) else { continue };
        for (field, place) in when.columns.iter().filter(|(field, _)| is_open(*field)) {
            let Some(from) = from_place(place, &find) else { continue };
            // A field that no other rows have is blank in these.
            let shaped = || Shaped::new(preset, *field, From::Filled(Vec::new()));
            fields.entry(*field).or_insert_with(shaped).when.push((cell.clone(), from));
        }
    }
}

/// Whether a file has one of the columns that a rule needs.
fn is_met(needs: Option<&Names>, find: impl Fn(&str) -> Option<usize>) -> bool {
    needs.is_none_or(|names| names.all().iter().any(|name| find(name).is_some()))
}

fn cell_test(rows: &Condition, find: impl Fn(&str) -> Option<usize>) -> Option<CellTest> {
    let column = rows.column.all().iter().find_map(|name| find(name))?;
    Some(CellTest { column, test: rows.test.clone() })
}

fn from_place(place: &Place, find: impl Fn(&str) -> Option<usize>) -> Option<From> {
    match place {
        Place::Column(names) => names.all().iter().find_map(|name| find(name)).map(From::Column),
        Place::Several(several) => from_several(several, find),
    }
}

fn from_several(several: &Several, find: impl Fn(&str) -> Option<usize>) -> Option<From> {
    let found = |names: &[String]| names.iter().filter_map(|name| find(name)).collect::<Vec<usize>>();
    match several {
        Several::Filled(names) => Some(found(names)).filter(|found| !found.is_empty()).map(From::Filled),
        Several::Joined(names) => {
            find(names.first()?)?;
            Some(From::Joined(found(names)))
        }
        Several::Product(names) => {
            Some(found(names)).filter(|found| found.len() == names.len()).map(From::Product)
        }
    }
}

/// How the currency is known where amounts stand in its smallest unit.
fn currency(sources: &BTreeMap<Field, From>, rules: &FileRules) -> Option<Currency> {
    let currency = || match sources.get(&Field::Currency) {
        Some(From::Constant(code)) => Currency::Known(code.clone()),
        Some(from) => {
            from.columns().first().map_or(Currency::Known(String::new()), |at| Currency::Column(*at))
        }
        None => Currency::Known(String::new()),
    };
    (rules.amounts == Amounts::Minor).then(currency)
}

fn lower(words: &[String]) -> Vec<String> {
    words.iter().map(|word| word.trim().to_lowercase()).collect()
}
