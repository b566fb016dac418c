//! A metric in words: what it means, and every definition of it, with its value where exports were given.

use serde::Serialize;

use super::Unit;
use crate::instant::Instant;

/// A metric with all its definitions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricPage {
    /// Always [`super::SCHEMA`].
    pub schema: &'static str,
    /// The metric's id.
    pub metric: String,
    /// What people call it.
    pub title: String,
    /// What the number means, in plain words.
    pub means: String,
    /// What it takes for granted.
    pub assumes: Vec<String>,
    /// When it misleads.
    pub misleads: Vec<String>,
    /// The moment that ends every window, where exports were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Instant>,
    /// The confidence of the intervals, where exports were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// The definitions, the usual ones first.
    pub definitions: Vec<DefinitionNote>,
}

/// One definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DefinitionNote {
    /// The id that travels with the number.
    pub definition: String,
    /// The name by which `--def` asks for it.
    pub name: String,
    /// Whether it counts where none is asked for.
    pub usual: bool,
    /// The unit of its values.
    pub unit: Unit,
    /// What is counted.
    pub about: String,
    /// How the value and its interval come about.
    pub formula: String,
    /// Where it comes from.
    pub source: String,
    /// What it came to; absent without exports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<FoundValue>,
}

/// What a definition came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundValue {
    /// The cases that the value rests on.
    pub n: u64,
    /// The value.
    pub value: Option<f64>,
    /// The lower limit of its interval.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
    /// Why something is missing.
    pub note: String,
}
