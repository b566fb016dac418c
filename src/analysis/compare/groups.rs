//! Which groups of a breakdown are compared with which: each with each, with one of them, or with all the others together.
//! It must not know what comes of it.

use super::Comparison;
use crate::analysis::parts;
use crate::assemble::small;
use crate::dimension::UNKNOWN;
use crate::error::{Error, Result};
use crate::parallel;
use crate::plan::{Plan, Repeats};
use crate::reduce::Reduced;
use crate::scope;
use crate::tally::Tally;
use crate::text;

/// So many groups are compared each with each, unless something else is asked for: fifteen rows can still be read.
const MOST_IN_PAIRS: usize = 6;

/// The other side of a group that is compared with all the others together.
pub const REST: &str = "rest";

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// Each group with each.
    Pairs,
    /// Each group with all the others together.
    Rest,
    /// Each group with the one of that label.
    Label(String),
}

impl Against {
    /// `pairs`, `rest`, or the label of a group.
    pub fn read(text: &str) -> Against {
        match text.trim() {
            "pairs" => Against::Pairs,
            "rest" => Against::Rest,
            label => Against::Label(label.to_owned()),
        }
    }
}

/// What was compared where nothing was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The groups.
    pub groups: usize,
}

/// The groups of one breakdown under one definition, and what becomes of them.
#[derive(Debug, Default)]
pub struct Groups {
    /// The comparisons, in the order of the groups.
    pub comparisons: Vec<Comparison>,
    /// The labels of the groups that are too small to show, or stand beside the only one that is.
    pub hidden: Vec<String>,
    /// The cases without a group.
    pub unknown: u64,
    /// That the groups were too many to compare each with each.
    pub too_many: Option<Chosen>,
}

/// A group with cases.
struct Group<'a> {
    label: String,
    is_unknown: bool,
    is_hidden: bool,
    n: u64,
    tally: &'a Tally,
}

impl Group<'_> {
    /// Whether it is compared with others.
    fn is_shown(&self) -> bool {
        !self.is_hidden && !self.is_unknown
    }
}

impl Groups {
    /// Compares the groups of a breakdown.
    ///
    /// # Errors
    /// When no group has the label that is asked for, or it is too small to show.
    pub fn of(plan: &Plan, reduced: &Reduced, breakdown: usize, against: Option<&Against>) -> Result<Groups> {
        let dimensions = plan.breakdowns.get(breakdown).map(Vec::as_slice).unwrap_or_default();
        if !scope::applies(reduced.metric, dimensions) {
            return Ok(Groups::default());
        }
        let by = dimensions.join("*");
        let groups = known(plan, reduced, breakdown);
        let own: Vec<&Group<'_>> = groups.iter().filter(|group| group.is_shown()).collect();
        let compared = |sides: [(&str, &Tally); 2]| Comparison::of(plan, reduced.metric, &by, sides);
        let of_rest = |sides: [(&str, &Tally); 2]| {
            let mut found = compared(sides);
            // Tallies hold no names, so that nobody can be found in two of them.
            if joins_customers(plan) && reduced.metric.question().is_some() && found.note.is_empty() {
                found.note = "of the rest, whoever answered in several groups counts in each".to_owned();
            }
            found
        };
        let too_many = against.is_none() && own.len() > MOST_IN_PAIRS;
        let comparisons = match against {
            Some(Against::Label(label)) => {
                let base = base(&groups, label, &by)?;
                let others = own.iter().filter(|group| group.label != base.label);
                others
                    .map(|group| compared([(&group.label, group.tally), (&base.label, base.tally)]))
                    .collect()
            }
            Some(Against::Rest) => with_the_rest(&groups, plan.threads, of_rest),
            None if too_many => with_the_rest(&groups, plan.threads, of_rest),
            Some(Against::Pairs) | None => {
                let pairs =
                    own.iter().enumerate().flat_map(|(at, a)| own[at + 1..].iter().map(move |b| [(a), (b)]));
                pairs.map(|[a, b]| compared([(&a.label, a.tally), (&b.label, b.tally)])).collect()
            }
        };
        // Those without a label are told by their number.
        let hidden = groups.iter().filter(|group| group.is_hidden && !group.is_unknown);
        Ok(Groups {
            comparisons,
            hidden: hidden.map(|group| group.label.clone()).collect(),
            unknown: groups.iter().filter(|group| group.is_unknown).map(|group| group.n).sum(),
            too_many: too_many.then_some(Chosen { groups: own.len() }),
        })
    }
}

/// Whether the answers of a customer count together.
fn joins_customers(plan: &Plan) -> bool {
    plan.cluster || plan.answers == Repeats::Mean
}

/// The groups that have cases.
fn known<'a>(plan: &'a Plan, reduced: &'a Reduced, breakdown: usize) -> Vec<Group<'a>> {
    let group = |part: crate::analysis::Part<'a>| Group {
        is_unknown: part.labels.iter().any(|label| label == UNKNOWN),
        label: part.labels.join(" × "),
        is_hidden: false,
        n: reduced.metric.estimated(part.tally, plan.intervals()).n,
        tally: part.tally,
    };
    let mut groups: Vec<Group<'a>> =
        parts(plan, reduced, breakdown).map(group).filter(|group| group.n > 0).collect();
    let counts: Vec<u64> = groups.iter().map(|group| group.n).collect();
    for (group, hidden) in groups.iter_mut().zip(small::hidden(plan.min_n, &counts)) {
        group.is_hidden = hidden.is_some();
    }
    groups
}

/// Each group with all the others together, those that are not shown and those without a label too: nothing more is told
/// of these than by the total.
fn with_the_rest(
    groups: &[Group<'_>],
    threads: usize,
    compared: impl Fn([(&str, &Tally); 2]) -> Comparison + Sync,
) -> Vec<Comparison> {
    let Some(first) = groups.first().filter(|_| groups.len() > 1) else { return Vec::new() };
    let pooled = |tallies: &mut dyn Iterator<Item = &Tally>| {
        let mut all = first.tally.emptied();
        tallies.for_each(|tally| all.merge(tally));
        all
    };
    // Pooled in parts first: of thousands of groups not each needs to be added to the rest of each other.
    let parts: Vec<&[Group<'_>]> = groups.chunks(groups.len().isqrt()).collect();
    let totals =
        parallel::map(threads, parts.clone(), |part| pooled(&mut part.iter().map(|group| group.tally)));
    let of_part = |at: usize| {
        let others = totals.iter().enumerate().filter(|(other, _)| *other != at);
        let outside = pooled(&mut others.map(|(_, total)| total));
        let own = parts[at].iter().filter(|group| group.is_shown());
        let comparison = |group: &Group<'_>| {
            let mut rest = outside.clone();
            let others = parts[at].iter().filter(|other| !std::ptr::eq(*other, group));
            others.for_each(|other| rest.merge(other.tally));
            rest.settle();
            compared([(&group.label, group.tally), (REST, &rest)])
        };
        own.map(comparison).collect::<Vec<Comparison>>()
    };
    parallel::map(threads, (0..parts.len()).collect(), of_part).into_iter().flatten().collect()
}

/// The group that the others are compared with.
fn base<'a, 'b>(groups: &'b [Group<'a>], label: &str, by: &str) -> Result<&'b Group<'a>> {
    let found = groups.iter().find(|group| group.label == label);
    let found = found.or_else(|| groups.iter().find(|group| group.label.eq_ignore_ascii_case(label)));
    let shown = || groups.iter().filter(|group| !group.is_hidden).map(|group| group.label.as_str());
    match found {
        Some(group) if group.is_hidden => {
            Err(Error::usage(format!("`--against {label}` names a group of {by} that is too small to show"))
                .hint("compare with another group, or pass --against rest"))
        }
        Some(group) => Ok(group),
        None => {
            let near = text::nearest(label, shown());
            let hint = if near.is_empty() {
                format!("the groups are {}", text::quoted(&shown().collect::<Vec<_>>(), 40))
            } else {
                format!("did you mean {}?", text::either(&near))
            };
            Err(Error::usage(format!("`--against {label}` names no group of {by}")).hint(hint))
        }
    }
}
