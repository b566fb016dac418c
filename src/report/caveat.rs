//! What a reader must keep in mind: typed warnings, each with its cause and its remedy.

use serde::Serialize;

/// A warning that belongs to the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caveat {
    /// A stable name: `low-match-rate`, `mixed-relation` …
    pub kind: &'static str,
    /// What was found, with its figures, in one sentence without a full stop.
    pub cause: String,
    /// What to do or to type; empty where nothing can be done.
    pub remedy: String,
}
