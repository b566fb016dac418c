//! Turns a report into text, one format a file; every function here is pure and cannot change a number.
//! Knows nothing of exports, metrics or where the text goes.

mod account;
mod clean;
mod csv;
mod definitions;
mod estimates;
mod findings;
mod grid;
mod inspection;
mod json;
mod junit;
mod keys;
mod markdown;
mod matrix;
mod note;
mod number;
mod page;
mod pivot;
mod remark;
mod series;
mod sparkline;
mod table;
mod wrap;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sample;

pub use clean::clean as printable;
pub use definitions::definitions;
pub use findings::findings;
pub use inspection::inspection;
pub use note::{presets, registry, settings};

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::report::Report;

/// How a report is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for people.
    Table,
    /// One record a row, comma between fields.
    Csv,
    /// One record a row, tab between fields.
    Tsv,
    /// The whole report as one object.
    Json,
    /// One record a line, each an object.
    Jsonl,
    /// Headings and pipe tables, to be pasted into a pull request.
    Md,
    /// Gates as the cases of a test, of `check` alone: other results have none, and it is not in [`Format::ALL`].
    Junit,
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: [Format; 6] =
        [Format::Table, Format::Csv, Format::Tsv, Format::Json, Format::Jsonl, Format::Md];

    /// As it is typed after `--format`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Md => "md",
            Format::Junit => "junit",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Format::ALL.into_iter().find(|format| format.as_str() == text).ok_or_else(|| {
            let names = Format::ALL.map(Format::as_str).join("`, `");
            Error::usage(format!("there is no format `{text}`")).hint(format!("pass --format with `{names}`"))
        })
    }
}

/// What the text is for; only [`Format::Table`] looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns available. Below 60 a table keeps 60.
    pub width: usize,
    /// Goes to a terminal: box lines are allowed.
    pub terminal: bool,
    /// Headings are bold.
    pub color: bool,
}

/// The report as text in that format, ending with a line break.
pub fn render(report: &Report, format: Format, style: &Style) -> String {
    match format {
        // A report has no gates; the command line does not ask for them.
        Format::Table | Format::Junit => table::render(report, style),
        Format::Csv => csv::comma(report),
        Format::Tsv => csv::tab(report),
        Format::Json => json::pretty(report),
        Format::Jsonl => json::lines(report),
        Format::Md => markdown::render(report),
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn every_format_is_read_back_from_its_name() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
        }
        let error = "xml".parse::<Format>().unwrap_err();
        assert_eq!((error.to_string().as_str(), error.status()), ("there is no format `xml`", 2));
        assert!(error.advice().is_some_and(|hint| hint.contains("--format")));
    }
}
