//! What a question about several numbers found: one table of typed cells beside the account of the exports. It must not
//! know how a cell is written.

use std::borrow::Cow;

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
    /// What is drawn before the table, for people alone.
    pub lines: Vec<Line>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, in a fixed order, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// How the table is to be read.
    pub remarks: Vec<String>,
    /// The account of the exports: sources, settings, caveats, ledger; its results are not shown.
    pub account: Report,
}

/// A series of values over calendar periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Whose values they are; empty where there is only one line.
    pub label: String,
    /// The first and the last period.
    pub ends: [String; 2],
    /// The value of each period between them; `None` where there is none to show.
    pub values: Vec<Option<f64>>,
    /// The unit of the values.
    pub unit: Unit,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The names for programs: two where the cells hold two numbers.
    pub keys: Vec<Cow<'static, str>>,
    /// The heading for people; none where only programs see the column.
    pub title: Option<String>,
}

impl Column {
    /// A column that people and programs see.
    pub fn new(key: impl Into<Cow<'static, str>>, title: impl Into<String>) -> Column {
        Column { keys: vec![key.into()], title: Some(title.into()) }
    }

    /// A column that only programs see.
    pub fn hidden(key: impl Into<Cow<'static, str>>) -> Column {
        Column { keys: vec![key.into()], title: None }
    }

    /// Two columns for programs, which people see as one: the limits of an interval, a number before and after.
    pub fn limits(keys: [&'static str; 2], title: impl Into<String>) -> Column {
        Column { keys: keys.map(Cow::Borrowed).to_vec(), title: Some(title.into()) }
    }
}

/// A cell. What is not defined is `None`, never 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A word, or the label of a group.
    Text(String),
    /// The label of a group; `None` for all cases together.
    Group(Option<String>),
    /// A calendar period, and whether it is cut short.
    Period(String, bool),
    /// A number of cases.
    Count(u64),
    /// A number of cases before and after.
    CountFromTo(u64, u64),
    /// A value in its unit.
    Value(Option<f64>, Unit),
    /// A value before and after.
    FromTo(Option<f64>, Option<f64>, Unit),
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
    /// What a gate comes to.
    Verdict(Verdict),
    /// Nothing: the column is about other rows.
    Blank,
    /// A value that is not shown, since its group is too small.
    Hidden,
    /// The two limits of such a value.
    HiddenLimits,
}

/// What a gate comes to, the better before the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The evidence says that it holds.
    Pass,
    /// The evidence says neither.
    NotEnoughData,
    /// The evidence says that it does not hold.
    Fail,
}

impl Verdict {
    /// As in the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::NotEnoughData => "not-enough-data",
            Verdict::Fail => "fail",
        }
    }
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
    /// What programs read: one datum, or two.
    pub fn data(&self) -> Vec<Datum<'_>> {
        match self {
            Cell::Text(text) | Cell::Period(text, _) => vec![Datum::Text(text)],
            Cell::Group(label) => vec![Datum::Text(label.as_deref().unwrap_or_default())],
            Cell::Count(n) => vec![Datum::Count(*n)],
            Cell::CountFromTo(from, to) => vec![Datum::Count(*from), Datum::Count(*to)],
            Cell::Value(x, _) | Cell::Change(x, _) | Cell::Probability(x) => vec![Datum::Number(*x)],
            Cell::Limits(one, other, _) | Cell::ChangeLimits(one, other, _) | Cell::FromTo(one, other, _) => {
                vec![Datum::Number(*one), Datum::Number(*other)]
            }
            Cell::Flag(is) => vec![Datum::Flag(*is)],
            Cell::Verdict(verdict) => vec![Datum::Text(verdict.as_str())],
            Cell::Blank | Cell::Hidden => vec![Datum::Number(None)],
            Cell::HiddenLimits => vec![Datum::Number(None); 2],
        }
    }
}

impl Findings {
    /// The names of the columns, for programs.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().flat_map(|column| column.keys.iter().map(Cow::as_ref))
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
