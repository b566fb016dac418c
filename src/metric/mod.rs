//! The registry: one metric a file, one line each in [`METRICS`]. Metrics know cases and tallies, never tables.

pub mod case;

mod bot_containment;
mod ces;
mod channel_hop;
mod churn;
pub mod csat;
mod escalation_rate;
mod fcr;
mod first_reply_time;
mod grr;
pub mod interval;
mod judge;
pub mod nps;
mod nrr;
pub mod reading;
mod reopen_rate;
mod repeat_rate;
mod resolution_time;
mod response_rate;
mod retention;
#[cfg(test)]
mod sample;
mod satisfied_defectors;
pub mod scores;

use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::columns::vocabulary;
use crate::source::field::{Field, Kind};
use crate::tally::{Arms, Durations, Histogram, Ratio, Scale, Share, Tally};
use case::{Cases, Question};
use reading::Reading;

/// Every metric, in the order of every output.
pub static METRICS: &[&Metric] = &[
    &nps::NPS,
    &csat::CSAT,
    &csat::GOOD,
    &ces::CES,
    &response_rate::RESPONSE_RATE,
    &fcr::FCR,
    &first_reply_time::FIRST_REPLY_TIME,
    &resolution_time::RESOLUTION_TIME,
    &reopen_rate::REOPEN_RATE,
    &escalation_rate::ESCALATION_RATE,
    &bot_containment::BOT_CONTAINMENT,
    &channel_hop::CHANNEL_HOP,
    &retention::RETENTION,
    &churn::CHURN,
    &repeat_rate::REPEAT_RATE,
    &grr::GRR,
    &nrr::NRR,
    &satisfied_defectors::SATISFIED_DEFECTORS,
];

/// Further definitions of these metrics, asked for by name.
pub static DEFINITIONS: &[&Metric] = &[
    &nps::FIVE_POINT,
    &nps::SEVEN_POINT,
    &csat::TOP1,
    &csat::MEAN,
    &csat::PERCENT_OF_MAX,
    &csat::RESCALED,
    &csat::NET,
    &csat::ZENDESK,
    &ces::EFFORT,
    &ces::EASY,
    &ces::NET,
    &response_rate::ALL,
    &fcr::ZENDESK,
    &fcr::ONE_TOUCH,
    &fcr::FRESHSERVICE,
    &fcr::INTERCOM,
    &fcr::SURVEY,
];

/// What a number means: what it counts, how it is judged, how it becomes a value with an interval.
pub struct Metric {
    /// `first_reply_time`.
    pub id: &'static str,
    /// For a table's row.
    pub title: &'static str,
    /// For a table's column.
    pub short: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// The id of the definition, which travels with the number.
    pub definition: &'static str,
    /// One line that says what is counted.
    pub about: &'static str,
    /// How the value and its interval come about.
    pub formula: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// What the number says in plain words.
    pub page: &'static Page,
    /// The columns without which it cannot be computed: for each entry, one of its fields.
    pub needs: &'static [(Kind, &'static [Field])],
    /// The cases and the judgement of each.
    pub cases: Cases,
    /// How cases are remembered.
    pub tally: TallyKind,
    /// The sufficient statistics as the methods of comparison take them; `None` for those of another kind.
    pub reading: for<'a> fn(&'a Tally) -> Option<Reading<'a>>,
    /// From the sufficient statistics to a value, with an interval at the given level.
    pub estimate: fn(&Tally, f64) -> Estimate,
}

/// A metric in plain words, whatever its definition: fit for somebody who must act on it.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// What the number means.
    pub means: &'static str,
    /// What it takes for granted.
    pub assumes: &'static [&'static str],
    /// When it misleads.
    pub misleads: &'static [&'static str],
}

/// Which way a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// A higher value is.
    Higher,
    /// A lower value is.
    Lower,
    /// The value is neither good nor bad by itself.
    Neither,
}

/// Which sufficient statistics a metric keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TallyKind {
    /// Successes, failures, pending.
    Share,
    /// Scores.
    Histogram,
    /// Times, ended or censored.
    Durations,
    /// Pairs of amounts.
    Ratio,
    /// Two shares.
    Arms,
}

impl std::fmt::Debug for Metric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

impl TallyKind {
    /// The empty tally, which is the identity of merging.
    pub fn empty(self, scale: Scale) -> Tally {
        match self {
            TallyKind::Share => Tally::Share(Share::default()),
            TallyKind::Histogram => Tally::Histogram(Histogram::new(scale)),
            TallyKind::Durations => Tally::Durations(Durations::default()),
            TallyKind::Ratio => Tally::Ratio(Ratio::default()),
            TallyKind::Arms => Tally::Arms(Arms::default()),
        }
    }
}

impl Metric {
    /// The metric of that id, the first of its definitions; hyphens and underscores are the same.
    pub fn named(id: &str) -> Option<&'static Metric> {
        let id = id.replace('-', "_");
        METRICS.iter().find(|metric| metric.id == id).copied()
    }

    /// Every definition of the metric of that id, the usual ones first.
    pub fn definitions(id: &str) -> impl Iterator<Item = &'static Metric> {
        METRICS.iter().chain(DEFINITIONS).copied().filter(move |metric| metric.id == id)
    }

    /// The name by which its definition is asked for: without the window that follows it.
    pub fn definition_name(&self) -> &'static str {
        self.definition.split('{').next().unwrap_or(self.definition).trim_end_matches('-')
    }

    /// The name of its command: `first-reply-time`.
    pub fn command(&self) -> String {
        self.id.replace('_', "-")
    }

    /// The survey question it rests on, if it rests on one.
    pub fn question(&self) -> Option<&Question> {
        match &self.cases {
            Cases::Answers(question) => Some(question),
            _ => None,
        }
    }

    /// Whether its cases are customers, whose windows end at the as-of moment or at the period's end.
    pub fn is_of_customers(&self) -> bool {
        matches!(self.cases, Cases::Customers(_))
    }
}

/// The name of the question that only a ticket's rating answers, by good or bad.
pub const GOOD_OR_BAD: &str = "csat-good";

/// The survey question of that name, in any spelling of case, or of the words that columns of it go by:
/// `Net Promoter Score`.
pub fn question(name: &str) -> Option<&'static Question> {
    let field = || vocabulary().sense(Kind::Surveys, name).map(|sense| sense.field);
    let field = field().filter(|field| Field::QUESTIONS.contains(field));
    let name = field.map_or(name.trim(), |field| field.as_str());
    questions().find(|question| question.name.eq_ignore_ascii_case(name) && question.name != GOOD_OR_BAD)
}

/// The question that a ticket's rating answers: `csat` on a scale, or [`GOOD_OR_BAD`].
pub fn rating_question(name: &str) -> Option<&'static Question> {
    questions().find(|question| question.name == name && ["csat", GOOD_OR_BAD].contains(&name))
}

fn questions() -> impl Iterator<Item = &'static Question> {
    METRICS.iter().chain(DEFINITIONS).filter_map(|metric| metric.question())
}
