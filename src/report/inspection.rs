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
    /// Its columns, in the order of the file.
    pub columns: Vec<ColumnNote>,
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
