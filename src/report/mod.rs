//! What a run found, plain and in a fixed order: the one thing renderers know. Holds no text layout.

mod caveat;
mod definitions;
mod findings;
mod inspection;
mod ledger;

pub use caveat::Caveat;
pub use definitions::{DefinitionNote, FoundValue, MetricPage};
pub use findings::{Cell, Column, Datum, Findings, Line, Row, Verdict};
pub use inspection::{
    ColumnNote, FileNote, Inspection, PresetNote, ReadBy, Said, SettingNote, SettingsNote, Unread,
};
pub use ledger::{
    Counts, Join, Journey, Match, MetricLedger, PartSummary, Repeated, SourceSummary, StageCounts,
};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::estimate::Detail;
use crate::instant::Instant;

/// The version of the record schema; it only grows.
pub const SCHEMA: &str = "cxm/1";

/// Everything that a run found.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The moment that ends every window.
    pub as_of: Option<Instant>,
    /// The confidence of every interval, 0–1.
    pub confidence: f64,
    /// The IANA name of the zone that times without one and periods are in.
    pub timezone: String,
    /// What each export held and lost, in the order given.
    pub sources: Vec<SourceSummary>,
    /// How well the exports join by customer.
    pub join: Join,
    /// How the journey stage of each row was found.
    pub journey: Journey,
    /// The settings that shape the numbers, by name.
    pub settings: Counts<String>,
    /// What is to be kept in mind, each with its cause and its remedy.
    pub caveats: Vec<Caveat>,
    /// Rows that came after the as-of moment, by kind of export: read, and left out of everything but response rates.
    pub after_as_of: Counts<u64>,
    /// For each metric: rows in = used + excluded by reason.
    pub ledger: Vec<MetricLedger>,
    /// The metrics of this report, in the order of the registry.
    pub metrics: Vec<Heading>,
    /// The metrics that these exports do not allow, each with the reason.
    pub skipped: Counts<String>,
    /// The breakdowns, in order: the names of their dimensions; the first is overall, with none.
    pub breakdowns: Vec<Vec<String>>,
    /// One record per metric × period × group, in a fixed order.
    pub results: Vec<Record>,
}

impl Report {
    /// The records of one breakdown: those whose group has just these dimensions, in this order.
    pub fn breakdown<'a>(&'a self, dimensions: &'a [String]) -> impl Iterator<Item = &'a Record> {
        self.results.iter().filter(move |record| {
            record.group.0.len() == dimensions.len()
                && record.group.0.iter().zip(dimensions).all(|((name, _), dimension)| name == dimension)
        })
    }

    /// Every dimension of every breakdown, each once, in the order of the breakdowns.
    pub fn dimensions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.breakdowns.iter().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// The heading of a metric.
    pub fn heading(&self, metric: &str) -> Option<&Heading> {
        self.metrics.iter().find(|heading| heading.id == metric)
    }
}

/// What a reader is told of a metric before its numbers.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Heading {
    /// `nps`, `first_reply_time` …
    pub id: String,
    /// For a table's row: `First-contact resolution`.
    pub title: String,
    /// For a table's column: `FCR`.
    pub short: String,
    /// The unit of the values.
    pub unit: Unit,
    /// The id of the definition: `no-repeat-7d`.
    pub definition: String,
    /// One line that says what is counted.
    pub about: String,
}

/// One number: a metric for one period and one group.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Record {
    /// The metric's id.
    pub metric: String,
    /// The definition's id, which travels with the number.
    pub definition: String,
    /// `2026-W07`, `2026-02`, `2026-Q1`, `2026`; `None` without `--period`.
    pub period: Option<String>,
    /// Dimension → value; empty for the overall record.
    pub group: Counts<String>,
    /// The cases the value rests on.
    pub n: u64,
    /// The value, in `unit`.
    pub value: Option<f64>,
    /// The lower limit of the interval.
    pub lower: Option<f64>,
    /// The upper limit of the interval.
    pub upper: Option<f64>,
    /// The unit of value and limits.
    pub unit: Unit,
    /// The period is cut by the as-of moment, or by `--since` or `--until`.
    pub partial: bool,
    /// The group is too small to show.
    pub suppressed: bool,
    /// Why something is missing, or what to keep in mind.
    pub note: String,
    /// The metric's own statistics.
    pub detail: Detail,
}

/// The unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Unit {
    /// −100 … 100.
    #[serde(rename = "points")]
    Points,
    /// 0 … 100.
    #[serde(rename = "%")]
    Percent,
    /// On the scale of the survey.
    #[serde(rename = "score")]
    Score,
    /// Hours.
    #[serde(rename = "hours")]
    Hours,
}

impl Unit {
    /// As in the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Points => "points",
            Unit::Percent => "%",
            Unit::Score => "score",
            Unit::Hours => "hours",
        }
    }
}

impl<V: Serialize> Serialize for Counts<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
