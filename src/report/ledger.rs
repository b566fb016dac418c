//! What went in and what was left out: by file, by metric, by the join, by the way a stage was found.

use serde::Serialize;

/// Names with values, in a fixed order; a JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts<V>(pub Vec<(String, V)>);

impl<V> Counts<V> {
    /// The value of that name.
    pub fn named(&self, name: &str) -> Option<&V> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Counts<u64> {
    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, n)| n).sum()
    }
}

/// One export: rows = used + rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceSummary {
    /// `surveys`, `tickets`, `purchases`.
    pub kind: String,
    /// As it was given; `-` for standard input.
    pub path: String,
    /// The preset by which it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// The exports in which the rest of each row stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<PartSummary>,
    /// Data rows read.
    pub rows: u64,
    /// Rows that entered a table.
    pub used: u64,
    /// Rows that could not be used, by reason.
    pub rejected: Counts<u64>,
    /// The first line numbers of each reason.
    pub rejected_lines: Counts<Vec<u64>>,
    /// Rows that are no data, by what they are: `test`, `unfinished`, `line-item` …
    #[serde(skip_serializing_if = "Counts::is_empty")]
    pub left_out: Counts<u64>,
    /// Distinct customers among the rows used.
    pub customers: u64,
    /// Rows used that name no customer.
    pub without_customer: u64,
}

/// One export that holds the rest of others' rows: rows = those that belong to a row of others + repeated + rejected +
/// unmatched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartSummary {
    /// As it was given; `-` for standard input.
    pub path: String,
    /// The preset by which it was read.
    pub preset: String,
    /// Rows read.
    pub rows: u64,
    /// Rows in whose place a later one of the same id stands.
    pub repeated: u64,
    /// Rows that do not fit their header.
    pub rejected: u64,
    /// Rows to which no row of the others belongs.
    pub unmatched: u64,
}

/// How well the exports join.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Join {
    /// Distinct customers over all exports.
    pub customers: u64,
    /// Distinct customers by kind of export.
    pub by_kind: Counts<u64>,
    /// For each ordered pair of kinds: how many of the one's customers the other has.
    pub matches: Vec<Match>,
}

/// The customers of one kind that another kind has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Match {
    /// Whose customers.
    pub of: String,
    /// Where they are looked for.
    #[serde(rename = "in")]
    pub within: String,
    /// How many there are.
    pub customers: u64,
    /// How many are found.
    pub found: u64,
    /// Found / customers in percent.
    pub percent: Option<f64>,
}

/// How the stage of each row was found, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Journey {
    /// The stages in journey order.
    pub stages: Vec<String>,
    /// One line a kind of export.
    pub found_by: Vec<StageCounts>,
}

/// Rows by the way their stage was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageCounts {
    /// `surveys`, `tickets`, `purchases`.
    pub kind: String,
    /// From the row's own stage column.
    pub given: u64,
    /// From a rule on its touchpoint, topic or survey.
    pub rule: u64,
    /// From what the join says.
    pub join: u64,
    /// Not found: there is no join to say it.
    pub unknown: u64,
}

/// One metric's account: rows = used + excluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetricLedger {
    /// The metric's id.
    pub metric: String,
    /// The definition's id.
    pub definition: String,
    /// What a row is here: `answers`, `invitations`, `tickets`, `issues`, `customers`.
    pub of: String,
    /// Rows that came in.
    pub rows: u64,
    /// Rows that the overall value rests on.
    pub used: u64,
    /// Rows left out, by reason.
    pub excluded: Counts<u64>,
    /// The answers of customers who answered more than once in a period; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeated>,
}

/// The answers of customers who answered more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Repeated {
    /// The answers.
    pub answers: u64,
    /// The customers, in each period anew.
    pub respondents: u64,
}
