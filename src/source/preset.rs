//! A vendor's export as data: how it is recognised, which column is which field, and what is not to be taken as it
//! stands. It knows no vendor by name and sees no file.

mod apply;
mod fit;
mod known;
mod read;
mod rule;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

pub use apply::apply;
pub use fit::{Choice, Head};
pub use known::{known, user_presets};
pub use rule::{Condition, Drop, LeftOut, Test, When};

use super::beside::Beside;
use super::field::{Field, Kind};

/// What is known of one vendor's export.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// The name by which it is asked for: that of its file.
    pub name: String,
    /// What a person calls the export.
    pub title: String,
    /// What its rows are.
    pub kind: Kind,
    /// How well its facts are known.
    pub evidence: Evidence,
    /// Where they come from.
    pub source: String,
    /// What whoever uses such an export must know.
    pub note: Option<String>,
    /// What recognises it.
    pub signature: Signature,
    /// Whether its rows stand in it as a whole.
    pub beside: Beside,
    /// How the file is laid out and written.
    pub file: FileRules,
    /// Where each field stands.
    pub columns: Vec<(Field, Place)>,
    /// Fields that no column says and every row has.
    pub constants: Vec<(Field, String)>,
    /// Which statuses settle a ticket.
    pub status: Option<Status>,
    /// The ends of a question's scale, by the question.
    pub scale: Vec<(Field, String)>,
    /// For a field the values that words stand for, the words in lower case.
    pub labels: BTreeMap<Field, BTreeMap<String, String>>,
    /// Rows in which fields stand elsewhere.
    pub whens: Vec<When>,
    /// Rows that are no data.
    pub drops: Vec<Drop>,
    /// The text it was read from.
    pub text: String,
    /// The file that it stands in; none for one that comes with the program.
    pub path: Option<String>,
}

/// How well the facts of a preset are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Evidence {
    /// Genuine bytes, or the vendor's own source or specification.
    A,
    /// Programs of others that were written against real exports.
    B,
    /// The names of an interface or of a warehouse's tables only.
    C,
}

impl Evidence {
    /// The grade in words.
    pub fn about(self) -> &'static str {
        match self {
            Evidence::A => "genuine exports, or the vendor's own description",
            Evidence::B => "programs of others that read real exports",
            Evidence::C => "names of an interface or a warehouse only",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// One name, or several of which one will do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// The only name.
    One(String),
    /// The names, the best first.
    Any(Vec<String>),
}

impl Names {
    /// The names, the best first.
    pub fn all(&self) -> &[String] {
        match self {
            Names::One(name) => std::slice::from_ref(name),
            Names::Any(names) => names,
        }
    }
}

/// What recognises an export. A preset that names no column is used only when it is asked for, and one that the first
/// column alone tells only where no other fits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signature {
    /// Each must be there.
    pub all: Vec<Names>,
    /// One of these must be there, if there are any.
    pub any: Vec<Names>,
    /// None of these may be there.
    pub none: Vec<Names>,
    /// The first column is called one of these, spelt so, if there are any.
    pub first: Vec<String>,
    /// A cell of the last header row begins with one of these, if there are any.
    pub row_below: Vec<String>,
}

/// How the file is laid out and written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileRules {
    /// How many rows stand above the data.
    pub header_rows: usize,
    /// Which of them names the columns.
    pub names: NamesRow,
    /// Which of them has the texts of the questions.
    pub labels: Option<usize>,
    /// The decimal mark.
    pub decimal: Option<char>,
    /// `dmy` or `mdy`.
    pub dates: Option<String>,
    /// The zone of times that name none.
    #[serde(deserialize_with = "zone")]
    pub zone: Option<Tz>,
    /// Words for nothing beyond the usual.
    pub nulls: Vec<String>,
    /// Whether a leading `'` may guard a cell.
    pub guard: bool,
    /// Rows whose first cell begins so are no data.
    pub footer: Vec<String>,
    /// Columns whose names end so are no questions, though they repeat the text of one.
    pub no_question: Vec<String>,
    /// In which unit amounts stand.
    pub amounts: Amounts,
    /// What further rows of one order are.
    pub repeated: Repeated,
}

impl Default for FileRules {
    fn default() -> Self {
        FileRules {
            header_rows: 1,
            names: NamesRow::Row(1),
            labels: None,
            decimal: None,
            dates: None,
            zone: None,
            nulls: Vec::new(),
            guard: false,
            footer: Vec::new(),
            no_question: Vec::new(),
            amounts: Amounts::Major,
            repeated: Repeated::No,
        }
    }
}

fn zone<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Tz>, D::Error> {
    let name = String::deserialize(input)?;
    let unknown =
        || D::Error::custom(format!("`{name}` is no zone; use an IANA name such as Europe/Amsterdam"));
    name.parse().map(Some).map_err(|_| unknown())
}

/// Which header row names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum NamesRow {
    /// The row of that number, from 1.
    Row(usize),
    /// The first row, continued to the right, with the second behind it.
    Joined(Joined),
}

/// `"joined"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Joined {
    /// The only word there is.
    Joined,
}

/// In which unit amounts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Amounts {
    /// Euros, dollars.
    Major,
    /// Cents, öre: as many decimals as the currency has.
    Minor,
}

/// What further rows with the id of an earlier one are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "RepeatedWord")]
pub enum Repeated {
    /// Duplicates.
    No,
    /// Further items of the order, whose amount stands on each row and is taken once.
    Once,
    /// Further items of the order, each with an amount of its own.
    Sum,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RepeatedWord {
    Flag(bool),
    Word(SumWord),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum SumWord {
    Sum,
}

impl From<RepeatedWord> for Repeated {
    fn from(word: RepeatedWord) -> Self {
        match word {
            RepeatedWord::Flag(false) => Repeated::No,
            RepeatedWord::Flag(true) => Repeated::Once,
            RepeatedWord::Word(SumWord::Sum) => Repeated::Sum,
        }
    }
}

/// Where a field stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// In the first of these columns that the file has.
    Column(Names),
    /// In several.
    Several(Several),
}

impl Place {
    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        match self {
            Place::Column(names) => names.all(),
            Place::Several(Several::Filled(names) | Several::Joined(names) | Several::Product(names)) => {
                names
            }
        }
    }
}

/// A field that takes more than one column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Several {
    /// In each row the first of these cells that is not blank.
    Filled(Vec<String>),
    /// The texts with a space between them.
    Joined(Vec<String>),
    /// The numbers multiplied.
    Product(Vec<String>),
}

/// Which statuses settle a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The column that is judged, if it is not that of the status.
    pub column: Option<Names>,
    /// Settled, even where no time says so.
    #[serde(default)]
    pub resolved: Vec<String>,
    /// Not settled, even where a time stands there.
    #[serde(default)]
    pub open: Vec<String>,
}

/// A preset that many files may share.
pub type SharedPreset = Arc<Preset>;
