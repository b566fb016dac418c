//! What sets several tallies of a metric against each other: a room for questions that one number cannot answer. It knows
//! tallies, readings and statistics, and neither exports nor text.

pub mod baseline;
pub mod check;
pub mod compare;
pub mod difference;
pub mod explain;
pub mod gate;
mod methods;
mod order;
pub mod periods;
pub mod power;
pub mod series;
pub mod trend;
pub mod verdict;

use crate::estimate::{Estimate, Figure};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::reduce::{Group, Reduced};
use crate::tally::{Scale, Tally};
use crate::text;

/// A group of cases by its label, with what it is remembered by.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<'a> {
    /// The labels of the breakdown's dimensions, as they may be shown.
    pub labels: Vec<String>,
    /// The period, and whether it is cut short.
    pub period: Option<(&'a str, bool)>,
    /// What the group is remembered by.
    pub tally: &'a Tally,
}

/// What a metric remembers of no case: how it is read tells which methods fit it.
pub fn empty(metric: &Metric) -> Tally {
    let scale = metric.question().map_or(Scale::new(0, 1), |question| question.scales[0]);
    metric.tally.empty(scale)
}

/// What each definition counts, in a sentence; its name before it where there are several.
pub fn counted<'a>(plan: &Plan, metrics: impl ExactSizeIterator<Item = &'a Metric>) -> Vec<String> {
    let several = metrics.len() > 1;
    let about = |metric: &Metric| {
        let about = plan.words(metric.about);
        if several {
            format!("{}: {about}", plan.words(metric.definition))
        } else {
            text::capital(&about) + "."
        }
    };
    metrics.map(about).collect()
}

/// The cases whose window has not passed: when it has, the value may be another.
pub fn pending(estimate: &Estimate) -> u64 {
    match estimate.detail.figure("pending") {
        Some(Figure::Count(n)) => *n,
        _ => 0,
    }
}

/// The groups of one breakdown of a metric, in their order.
pub fn parts<'a>(plan: &'a Plan, reduced: &'a Reduced, breakdown: usize) -> impl Iterator<Item = Part<'a>> {
    let groups = reduced.groups.iter().filter(move |group| group.breakdown == breakdown);
    groups.map(|group: &Group| Part {
        labels: plan.labels(&group.labels),
        period: group.period.as_ref().map(|(label, cut)| (label.as_str(), *cut)),
        tally: &group.tally,
    })
}
