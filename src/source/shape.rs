//! What a preset makes of one file: which columns a field is taken from, what its cells stand for, and which rows are no
//! data. It names columns by their place and reads no cell.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::field::Field;
use super::preset::{Amounts, FileRules, LeftOut, Place, Preset, Several, SharedPreset, Test};

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
    /// The column that tells.
    pub column: usize,
    /// What tells it.
    pub test: Test,
    /// Whether it stays so.
    pub is_final: bool,
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
            let from = match place {
                Place::Column(names) => first(names.all()).map(From::Column),
                Place::Several(several) => from_several(several, &find),
            };
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
            let minor = money.clone().filter(|_| field.is_money());
            (field, Shaped { blank_if, minor, ..Shaped::new(preset, field, from) })
        });
        let fields = fields.collect();
        let drops = preset.drops.iter().filter_map(|drop| {
            let column = first(drop.column.all())?;
            Some(RowTest { why: drop.why, column, test: drop.test.clone(), is_final: drop.is_final })
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
        self.fields.values().any(|shaped| shaped.from.columns().contains(&column))
    }

    /// Whether the column tells which rows are no data, or which tickets are settled.
    pub fn is_test(&self, column: usize) -> bool {
        let tells = |shaped: &Shaped| {
            matches!(shaped.from, From::Status(at, ..) if at == column)
                || shaped.blank_if.as_ref().is_some_and(|(at, _)| *at == column)
        };
        self.drops.iter().any(|drop| drop.column == column) || self.fields.values().any(tells)
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
        Shaped { from, nulls: Vec::new(), guard: false, labels: BTreeMap::new(), blank_if: None, minor: None }
    }

    fn new(preset: &Preset, field: Field, from: From) -> Shaped {
        let rules = &preset.file;
        Shaped {
            from,
            nulls: lower(&rules.nulls),
            guard: rules.guard,
            labels: preset.labels.get(&field).cloned().unwrap_or_default(),
            blank_if: None,
            minor: None,
        }
    }

    /// Whether the cells are those of a column as they stand.
    fn is_plain(&self) -> bool {
        matches!(self.from, From::Column(_))
            && self.nulls.is_empty()
            && !self.guard
            && self.labels.is_empty()
            && self.blank_if.is_none()
            && self.minor.is_none()
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
