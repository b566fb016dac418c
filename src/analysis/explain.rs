//! The change of a mean between two periods, split into what its groups did (rate) and what their parts of the whole did
//! (mix). It must not know how a number is written.
//!
//! Groups of which either period has too few cases stand as one group: so the parts add up to the change, and none of them
//! can be computed back.

mod noise;
mod table;

use std::collections::BTreeMap;

use super::periods::Label;
use super::{order, parts};
use crate::assemble::small;
use crate::error::{Error, Result};
use crate::metric::Metric;
use crate::metric::reading::Reading;
use crate::plan::Plan;
use crate::reduce::Reduced;
use crate::stats::kitagawa::{self, Decomposition, Effect};
use crate::tally::Tally;
use noise::Noise;
pub use table::findings;

/// The change of one definition of a metric, split by one breakdown.
#[derive(Debug, Clone)]
pub struct Change {
    /// The metric.
    pub metric: &'static Metric,
    /// The definition's id.
    pub definition: String,
    /// The index of the breakdown in the plan.
    pub breakdown: usize,
    /// The value of all groups before and after, in the metric's unit.
    pub values: [f64; 2],
    /// The cases of each period whose window has not passed.
    pub pending: [u64; 2],
    /// What each group did, those of both periods first, then those of one.
    pub groups: Vec<Piece>,
    /// What all of them did.
    pub all: Piece,
}

/// A group, or all of them, and what it did to the change.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Which cases it is of.
    pub of: Of,
    /// Its cases before and after.
    pub n: [u64; 2],
    /// Its part of all cases before and after, in percent.
    pub share: [f64; 2],
    /// Its value before and after; `None` without cases.
    pub value: [Option<f64>; 2],
    /// By being a larger or smaller part of the whole.
    pub mix: f64,
    /// By changing itself.
    pub rate: f64,
    /// The standard error of `rate`, with the parts of the whole as given; `None` where it is not known.
    pub rate_error: Option<f64>,
    /// The lower and the upper limit of `rate`, in the same way.
    pub rate_limits: Option<[f64; 2]>,
    /// Its own change is more than noise, all groups being looked at.
    pub is_clear: bool,
    /// The limits of the whole change; of all groups alone.
    pub change_limits: Option<[f64; 2]>,
}

/// Which cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A group that both periods have.
    Group(Vec<String>),
    /// A group that the first period does not have.
    New(Vec<String>),
    /// A group that the second period does not have.
    Gone(Vec<String>),
    /// The groups, so many of them, that are too small to show.
    Small(usize),
    /// All.
    All,
}

impl Of {
    /// The labels, where it is one group.
    pub fn labels(&self) -> Option<&[String]> {
        match self {
            Of::Group(labels) | Of::New(labels) | Of::Gone(labels) => Some(labels),
            Of::Small(_) | Of::All => None,
        }
    }
}

/// Whether a metric is a mean of what each case adds, which alone can be split: a median and a ratio of money are none.
pub fn is_mean(metric: &Metric) -> bool {
    let empty = super::empty(metric);
    let reading = (metric.reading)(&empty);
    matches!(reading, Some(Reading::Net { .. } | Reading::Share { .. } | Reading::Mean { .. }))
}

/// The two periods to compare: those that were named; else the last complete one and the one before.
///
/// # Errors
/// When one of them has no cases, or is not over and `unfinished` ones are not asked for.
pub fn between(
    plan: &Plan,
    reduced: &[Reduced],
    [from, to]: [Option<Label>; 2],
    unfinished: bool,
) -> Result<[Label; 2]> {
    let mut known: BTreeMap<&str, (u64, bool)> = BTreeMap::new();
    for reduced in reduced {
        for part in parts(plan, reduced, 0) {
            let Some((label, cut)) = part.period else { continue };
            known.entry(label).or_insert((0, cut)).0 += cases(reduced.metric, part.tally);
        }
    }
    known.retain(|_, (n, _)| *n > 0);
    let noun = reduced.first().map_or("cases", |reduced| reduced.metric.cases.noun());
    let complete = known.iter().rev().find(|(_, (_, cut))| !cut || unfinished);
    let last = || {
        let last = complete.and_then(|(label, _)| Label::read(label));
        last.ok_or_else(|| Error::usage(format!("no period with {noun} is complete")).hint("pass --partial"))
    };
    let to = to.map_or_else(last, Ok)?;
    let from = from.or_else(|| to.before()).unwrap_or(to);
    for label in [from, to] {
        let text = label.to_string();
        match known.get(text.as_str()) {
            None => return Err(absent(&text, noun, known.keys().copied())),
            Some((_, true)) if !unfinished => {
                return Err(Error::usage(format!(
                    "{text} is cut short, by the as-of moment, --since or --until, and says little yet"
                ))
                .hint("name periods that are over, or pass --partial to compare it all the same"));
            }
            Some(_) => {}
        }
    }
    Ok([from, to])
}

fn absent<'a>(text: &str, noun: &str, mut known: impl DoubleEndedIterator<Item = &'a str>) -> Error {
    let error = Error::usage(format!("{text} has no {noun}"));
    match (known.next(), known.next_back()) {
        (Some(first), Some(last)) => error.hint(format!("they are from {first} to {last}")),
        (Some(only), None) => error.hint(format!("all of them are in {only}")),
        _ => error,
    }
}

fn cases(metric: &Metric, tally: &Tally) -> u64 {
    (metric.estimate)(tally, 0.95).n
}

/// A group's cases before and after, or those of several.
type Sides = [Tally; 2];

/// Splits the change of a metric by the groups of a breakdown; `None` where one of the periods has no cases.
pub fn change(plan: &Plan, reduced: &Reduced, breakdown: usize, periods: [Label; 2]) -> Option<Change> {
    let metric = reduced.metric;
    let groups = groups(plan, reduced, breakdown, periods);
    // Not the sum of the groups: a customer who counts as one case may be in several of them.
    let (_, whole) = self::groups(plan, reduced, 0, periods).pop()?;
    let known = arranged(plan.min_n, metric, groups);
    let parts: Vec<[kitagawa::Part; 2]> = known
        .iter()
        .map(|(_, sides)| sides.each_ref().map(|side| part(metric, side).unwrap_or_default()))
        .collect();
    let Decomposition { before, after, all, groups } = kitagawa::decompose(&parts)?;
    let noise = Noise { metric, level: plan.confidence, groups: known.len() };
    let pieces = pieces(&noise, &known, &parts, &groups);
    let all = Piece {
        n: whole.each_ref().map(|side| cases(metric, side)),
        value: [Some(before), Some(after)],
        rate_limits: noise::added(&pieces),
        change_limits: noise.of_change(&whole),
        ..Piece::of(Of::All, [100.0; 2], &all)
    };
    let definition = plan.words(metric.definition);
    let pending = whole.each_ref().map(|side| super::pending(&(metric.estimate)(side, plan.confidence)));
    Some(Change { metric, definition, breakdown, values: [before, after], pending, groups: pieces, all })
}

/// The groups of a breakdown that have cases in one of two periods, in their order.
fn groups(
    plan: &Plan,
    reduced: &Reduced,
    breakdown: usize,
    periods: [Label; 2],
) -> Vec<(Vec<String>, Sides)> {
    let of_period = periods.map(|period| {
        let label = period.to_string();
        let parts = parts(plan, reduced, breakdown);
        let own = parts.filter(|part| part.period.is_some_and(|(known, _)| known == label));
        own.map(|part| (part.labels, part.tally)).collect::<Vec<(Vec<String>, &Tally)>>()
    });
    let empty =
        || reduced.groups.first().map_or_else(|| super::empty(reduced.metric), |one| one.tally.emptied());
    let tally = |labels: &[String], parts: &[(Vec<String>, &Tally)]| {
        let own = parts.iter().find(|(known, _)| known == labels);
        own.map_or_else(empty, |(_, tally)| (*tally).clone())
    };
    let lists = of_period.each_ref().map(|parts| parts.iter().map(|(labels, _)| labels.as_slice()).collect());
    let all = order::merged(&lists).into_iter();
    let sides = all.map(|labels| (labels.to_vec(), of_period.each_ref().map(|parts| tally(labels, parts))));
    sides.filter(|(_, sides)| sides.iter().any(|side| cases(reduced.metric, side) > 0)).collect()
}

/// Groups that both periods have, then those too small to show as one, then those of one period.
fn arranged(min_n: u64, metric: &Metric, groups: Vec<(Vec<String>, Sides)>) -> Vec<(Of, Sides)> {
    let count = |sides: &Sides| sides.each_ref().map(|side| cases(metric, side));
    let counts: Vec<[u64; 2]> = groups.iter().map(|(_, sides)| count(sides)).collect();
    let small = small_groups(min_n, &counts);
    let mut known: Vec<(Of, Sides)> = Vec::new();
    let mut pooled: Option<Sides> = None;
    for (((labels, sides), counts), is_small) in groups.into_iter().zip(&counts).zip(&small) {
        match (is_small, counts) {
            (true, _) => pooled = Some(pooled.map_or(sides.clone(), |pooled| merged(pooled, &sides))),
            (false, [0, _]) => known.push((Of::New(labels), sides)),
            (false, [_, 0]) => known.push((Of::Gone(labels), sides)),
            (false, _) => known.push((Of::Group(labels), sides)),
        }
    }
    let hidden = small.iter().filter(|is_small| **is_small).count();
    known.extend(pooled.map(|sides| (Of::Small(hidden), sides)));
    known.sort_by_key(|(of, _)| match of {
        Of::Group(_) => 0,
        Of::Small(_) => 1,
        Of::New(_) => 2,
        Of::Gone(_) | Of::All => 3,
    });
    known
}

fn merged(mut one: Sides, other: &Sides) -> Sides {
    one.iter_mut().zip(other).for_each(|(one, other)| one.merge(other));
    one
}

/// What each group did, from its effects.
fn pieces(
    noise: &Noise,
    known: &[(Of, Sides)],
    parts: &[[kitagawa::Part; 2]],
    effects: &[Effect],
) -> Vec<Piece> {
    let total = [0, 1].map(|period| parts.iter().map(|sides| sides[period].n).sum::<f64>());
    let piece = |(((of, sides), parts), effect): (((&Of, &Sides), &[kitagawa::Part; 2]), &Effect)| {
        let share = [0, 1].map(|period| 100.0 * parts[period].n / total[period]);
        let (limits, is_clear) = noise.of_rate(sides, f64::midpoint(share[0], share[1]) / 100.0);
        Piece {
            n: sides.each_ref().map(|side| cases(noise.metric, side)),
            value: parts.map(|part| (part.n > 0.0).then(|| part.sum / part.n)),
            rate_limits: limits,
            is_clear,
            ..Piece::of(of.clone(), share, effect)
        }
    };
    known.iter().map(|(of, sides)| (of, sides)).zip(parts).zip(effects).map(piece).collect()
}

/// A group as a part of the whole: by the weights of its answers, whose number they are where they are not weighed. The
/// variance is that of which the error follows from as many answers.
fn part(metric: &Metric, tally: &Tally) -> Option<kitagawa::Part> {
    let reading = (metric.reading)(tally)?;
    let (worth, mean) = (reading.n(), reading.mean()?);
    let n = match tally {
        Tally::Histogram(scores) => scores.worths().into_iter().fold(0.0, |sum, (_, worth)| sum + worth),
        _ => worth,
    };
    let variance = reading.variance().map(|variance| variance * (n / worth));
    Some(kitagawa::Part { n, sum: n * mean, variance })
}

impl Piece {
    fn of(of: Of, share: [f64; 2], effect: &Effect) -> Piece {
        Piece {
            of,
            n: [0; 2],
            share,
            value: [None; 2],
            mix: effect.mix,
            rate: effect.rate,
            rate_error: effect.rate_error,
            rate_limits: None,
            is_clear: false,
            change_limits: None,
        }
    }
}

/// Which groups are pooled, by their cases before and after: those that a report of either period hides; and while those
/// together are still too few, the next smallest too.
fn small_groups(min_n: u64, counts: &[[u64; 2]]) -> Vec<bool> {
    let of = |period: usize| counts.iter().map(|counts| counts[period]).collect::<Vec<u64>>();
    let hidden = [0, 1].map(|period| small::hidden(min_n, &of(period)));
    let mut pooled: Vec<bool> =
        (0..counts.len()).map(|at| hidden.iter().any(|hidden| hidden[at].is_some())).collect();
    loop {
        let next = [0, 1].into_iter().find_map(|period| {
            let pool: u64 = counts.iter().zip(&pooled).filter(|(_, is)| **is).map(|(n, _)| n[period]).sum();
            let others = (0..counts.len()).filter(|at| !pooled[*at] && counts[*at][period] > 0);
            others.min_by_key(|at| counts[*at][period]).filter(|_| pool > 0 && pool < min_n)
        });
        match next {
            Some(at) => pooled[at] = true,
            None => return pooled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_are_pooled_with_what_hides_them() {
        // The second is small in the first period, the third the next smallest there.
        assert_eq!(small_groups(5, &[[40, 50], [3, 60], [20, 70]]), [false, true, true]);
        // Two small ones that together are too few still, and a third.
        assert_eq!(small_groups(5, &[[40, 50], [1, 9], [2, 9], [7, 80]]), [false, true, true, true]);
        assert_eq!(small_groups(5, &[[40, 50], [0, 50]]), [false; 2]);
        assert_eq!(small_groups(5, &[[3, 4]]), [true]);
    }
}
