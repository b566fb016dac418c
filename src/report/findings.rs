//! What a question about several numbers found: one table of typed cells beside the account of the exports. It must not
//! know how a cell is written.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Report, Unit};

/// What a command found that sets numbers against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The command: `compare`.
    pub command: &'static str,
    /// What a reader sees first: `NPS compared by channel`.
    pub title: String,
    /// What is to be known before the table.
    pub about: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, in a fixed order, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// How the table is to be read.
    pub remarks: Vec<String>,
    /// The account of the exports: sources, settings, caveats, ledger; its results are not shown.
    pub account: Report,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The names for programs: two where the cells are limits.
    pub keys: Vec<&'static str>,
    /// The heading for people; none where only programs see the column.
    pub title: Option<String>,
}

impl Column {
    /// A column that people and programs see.
    pub fn new(key: &'static str, title: impl Into<String>) -> Column {
        Column { keys: vec![key], title: Some(title.into()) }
    }

    /// A column that only programs see.
    pub fn hidden(key: &'static str) -> Column {
        Column { keys: vec![key], title: None }
    }

    /// The two limits of an interval, which people see as one.
    pub fn limits(keys: [&'static str; 2], title: impl Into<String>) -> Column {
        Column { keys: keys.to_vec(), title: Some(title.into()) }
    }
}

/// A cell. What is not defined is `None`, never 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A word, or the label of a group.
    Text(String),
    /// A number of cases.
    Count(u64),
    /// A value in its unit.
    Value(Option<f64>, Unit),
    /// A signed difference of two values of that unit.
    Change(Option<f64>, Unit),
    /// The lower and the upper limit of a value.
    Limits(Option<f64>, Option<f64>, Unit),
    /// The lower and the upper limit of a signed difference.
    ChangeLimits(Option<f64>, Option<f64>, Unit),
    /// A probability, 0–1.
    Probability(Option<f64>),
    /// Yes or no.
    Flag(bool),
    /// Nothing: the column is about other rows.
    Blank,
    /// A value that is not shown, since its group is too small.
    Hidden,
    /// The two limits of such a value.
    HiddenLimits,
}

/// What a program reads of a cell.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Datum<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Count(u64),
    /// A number; `null` where it is not defined.
    Number(Option<f64>),
    /// `true` or `false`.
    Flag(bool),
}

impl Cell {
    /// What programs read: one datum, or two for limits.
    pub fn data(&self) -> Vec<Datum<'_>> {
        match self {
            Cell::Text(text) => vec![Datum::Text(text)],
            Cell::Count(n) => vec![Datum::Count(*n)],
            Cell::Value(x, _) | Cell::Change(x, _) | Cell::Probability(x) => vec![Datum::Number(*x)],
            Cell::Limits(lower, upper, _) | Cell::ChangeLimits(lower, upper, _) => {
                vec![Datum::Number(*lower), Datum::Number(*upper)]
            }
            Cell::Flag(is) => vec![Datum::Flag(*is)],
            Cell::Blank | Cell::Hidden => vec![Datum::Number(None)],
            Cell::HiddenLimits => vec![Datum::Number(None); 2],
        }
    }
}

impl Findings {
    /// The names of the columns, for programs.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.columns.iter().flat_map(|column| column.keys.iter().copied())
    }

    /// A row as programs read it.
    pub fn record<'a>(&'a self, row: &'a [Cell]) -> Row<'a> {
        Row { findings: self, cells: row }
    }
}

/// A row as an object: each key with its datum.
pub struct Row<'a> {
    findings: &'a Findings,
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, datum) in self.findings.keys().zip(self.cells.iter().flat_map(Cell::data)) {
            map.serialize_entry(key, &datum)?;
        }
        map.end()
    }
}

/// The rows as a list of objects.
struct Rows<'a>(&'a Findings);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            list.serialize_element(&self.0.record(row))?;
        }
        list.end()
    }
}

/// The account as in a report, then the rows as `results`.
impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let account = &self.account;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", account.schema)?;
        map.serialize_entry("command", self.command)?;
        map.serialize_entry("as_of", &account.as_of)?;
        map.serialize_entry("confidence", &account.confidence)?;
        map.serialize_entry("timezone", &account.timezone)?;
        map.serialize_entry("sources", &account.sources)?;
        map.serialize_entry("join", &account.join)?;
        map.serialize_entry("journey", &account.journey)?;
        map.serialize_entry("settings", &account.settings)?;
        map.serialize_entry("caveats", &account.caveats)?;
        map.serialize_entry("after_as_of", &account.after_as_of)?;
        map.serialize_entry("ledger", &account.ledger)?;
        map.serialize_entry("metrics", &account.metrics)?;
        map.serialize_entry("results", &Rows(self))?;
        map.serialize_entry("remarks", &self.remarks)?;
        map.end()
    }
}
