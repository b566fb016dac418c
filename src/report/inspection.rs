//! What `cxm inspect` found out about the exports: plain and serialisable, like the report.

use serde::Serialize;

use super::{Caveat, Counts, Heading, Join, Journey, SourceSummary};
use crate::instant::Instant;

/// What was recognised, mapped, rejected and joined.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// Always [`super::SCHEMA`].
    pub schema: &'static str,
    /// The moment that ends every window.
    pub as_of: Option<Instant>,
    /// The files, in the order given.
    pub files: Vec<FileNote>,
    /// The files that could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// How well they join.
    pub join: Join,
    /// How stages were found.
    pub journey: Journey,
    /// What to keep in mind.
    pub caveats: Vec<Caveat>,
    /// The metrics that these exports allow.
    pub metrics: Vec<Heading>,
    /// Those that they do not, with the reason.
    pub skipped: Counts<String>,
    /// What numbers can be broken down by.
    pub dimensions: Vec<String>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileNote {
    /// Its rows.
    #[serde(flatten)]
    pub source: SourceSummary,
    /// `csv`, `ndjson`, `json`, `xlsx`, `xls`, `ods`, `parquet`.
    pub format: &'static str,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// `comma`, `semicolon`, `tab`, `bar` between the columns of a CSV.
    pub delimiter: Option<&'static str>,
    /// Its encoding.
    pub encoding: String,
    /// `long` or `wide` for surveys.
    pub layout: Option<&'static str>,
    /// How many rows stand above the data.
    pub header_rows: usize,
    /// The preset by which it is read, and why.
    pub read_by: Option<ReadBy>,
    /// The zone of times that name none, and who says so.
    pub timezone: Option<Said>,
    /// Which comes first in its dates, and which of them shows it.
    pub dates: Option<String>,
    /// The decimal mark, and who says so.
    pub decimal: Option<Said>,
    /// Fields that no column says and every row has.
    pub constants: Counts<String>,
    /// Its columns, in the order of the file.
    pub columns: Vec<ColumnNote>,
    /// What to type where something is missing or doubtful.
    pub advice: Vec<String>,
}

/// A value, and who says so: `--tz`, `preset`, `default`, `the file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The value.
    pub value: String,
    /// Who says so.
    pub by: &'static str,
}

/// The preset of a file, and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadBy {
    /// The preset.
    #[serde(flatten)]
    pub preset: PresetNote,
    /// The columns that it is known by; none where the user asked for it.
    pub known_by: Vec<String>,
}

/// An export that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its name.
    pub path: String,
    /// Why not.
    pub error: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// One preset, for the list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresetNote {
    /// The name by which it is asked for.
    pub name: String,
    /// What its rows are: `tickets`.
    pub kind: String,
    /// `A`, `B` or `C`.
    pub evidence: String,
    /// What a person calls the export.
    pub title: String,
    /// Where its facts come from.
    pub source: String,
    /// What whoever uses such an export must know.
    pub note: Option<String>,
    /// The file that it stands in; none for one that comes with the program.
    pub path: Option<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnNote {
    /// The name in the file.
    pub column: String,
    /// What it was read as; none if it is only a dimension.
    pub field: Option<String>,
    /// Whether it tells which rows are no data, or which tickets are settled.
    pub is_test: bool,
    /// Some of its values, as they stand in the file; a customer's as it may be shown.
    pub samples: Vec<String>,
    /// The zone of its times, where the header says it.
    pub timezone: Option<String>,
    /// The name to break down by, where that is possible.
    pub dimension: Option<String>,
}

/// Every setting of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingsNote {
    /// Always [`super::SCHEMA`].
    pub schema: &'static str,
    /// The config, where there is one.
    pub config: Option<String>,
    /// The settings, then the exports.
    pub settings: Vec<SettingNote>,
}

/// One setting and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingNote {
    /// Its name in a config: `windows.window`.
    pub name: String,
    /// Its value, as it would be typed; none where the exports show it or nothing is set.
    pub value: Option<String>,
    /// What holds where there is no value.
    pub note: String,
    /// `flag --tz`, `cxm.toml line 3`, `default`.
    pub from: String,
    /// The line of the config.
    pub line: Option<usize>,
}
