//! Comparisons as a table, a row a pair, with what they come to in words. It must not know how a number is written.

use super::{Comparison, Groups, Side, words};
use crate::analysis;
use crate::dimension::RELATION;
use crate::metric::Metric;
use crate::metric::reading::Reading;
use crate::plan::Plan;
use crate::report::{Caveat, Cell, Column, Findings, Report, Unit};
use crate::text;

/// The caveat of answers of two relations in one number.
const MIXED: &str = "mixed-relation";

/// What was asked to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The groups of dimensions.
    Groups,
    /// Two conditions.
    Conditions,
    /// What came before a moment, as it was typed, and what came after.
    Moment(String),
}

/// The comparisons as findings. `groups` says, for those of dimensions, what was left out of each.
pub fn findings(
    plan: &Plan,
    asked: &Asked,
    comparisons: &[Comparison],
    groups: &[(String, Groups)],
    account: Report,
) -> Findings {
    let metric = plan.metrics.first().copied();
    let title = metric.map_or("", words::name);
    let title = match asked {
        Asked::Groups => {
            let mut by: Vec<&str> = groups.iter().map(|(by, _)| by.as_str()).collect();
            by.dedup();
            format!("{title} compared by {}", text::list(&by))
        }
        Asked::Conditions => format!("{title} under two conditions"),
        Asked::Moment(moment) => format!("{title} before {moment} and from then on"),
    };
    let mut remarks = words::judged(comparisons, plan.confidence);
    if comparisons.is_empty() {
        remarks.push("There are no two groups to compare.".to_owned());
    }
    if *asked != Asked::Groups {
        remarks.extend(comparisons.first().into_iter().flat_map(pending));
    }
    remarks.extend(groups.iter().flat_map(|(by, groups)| left_out(plan, by, groups)));
    Findings {
        command: "compare",
        title,
        about: comparisons.first().map(|one| about(plan, asked, one, comparisons)).unwrap_or_default(),
        lines: Vec::new(),
        columns: columns(asked, comparisons, plan.confidence),
        rows: comparisons.iter().map(|one| row(plan, one)).collect(),
        remarks,
        account: Report { results: Vec::new(), caveats: caveats(plan, account.caveats), ..account },
    }
}

/// The caveats of a report, with a remedy that helps here; what sets the relations apart does not mix them.
fn caveats(plan: &Plan, mut caveats: Vec<Caveat>) -> Vec<Caveat> {
    let is_apart = plan.dimensions().contains(&RELATION);
    caveats.retain(|caveat| !(is_apart && caveat.kind == MIXED));
    for caveat in caveats.iter_mut().filter(|caveat| caveat.kind == MIXED) {
        caveat.remedy = "--where 'relation = transactional' compares those alone".to_owned();
    }
    caveats
}

/// What the columns are, and by which method.
fn about(plan: &Plan, asked: &Asked, first: &Comparison, comparisons: &[Comparison]) -> Vec<String> {
    let metric = first.metric;
    let empty = analysis::empty(metric);
    let method = match (metric.reading)(&empty) {
        _ if comparisons.iter().any(|one| !std::ptr::eq(one.metric, metric)) => {
            "its interval and p by the method that fits each definition"
        }
        Some(Reading::Net { .. }) if plan.adjusted_wald => "its interval and p by the adjusted Wald method",
        Some(Reading::Share { .. }) if plan.exact => {
            "its interval is Newcombe's, p that of Fisher's exact test"
        }
        Some(Reading::Net { .. }) => "its interval and p by MOVER on the score limits",
        Some(Reading::Share { .. }) => {
            "its interval is Newcombe's, p that of the pooled z test, or of Fisher's where few are expected"
        }
        Some(Reading::Mean { .. }) => "its interval and p by Welch's t test",
        Some(Reading::Times(_)) => {
            "the values are medians, the difference that of the mean times up to the shorter of the two \
             longest ones, p that of the log-rank test"
        }
        Some(Reading::Money(_)) | None => "its interval and p from the linearised ratios",
    };
    let holm = match comparisons.len() {
        0 | 1 => String::new(),
        n => format!("; p is adjusted for {} (Holm)", text::count(n as u64, "comparison")),
    };
    let one_unit = comparisons.iter().all(|one| one.metric.unit == metric.unit);
    let unit = if one_unit { words::noun(metric.unit) } else { "the unit of the values" };
    // Conditions are too long for a column, and the same in every row.
    let sides = (*asked != Asked::Groups).then(|| format!("A: {}. B: {}.", first.a.label, first.b.label));
    let mut metrics: Vec<&Metric> = Vec::new();
    for one in comparisons {
        if !metrics.iter().any(|known| std::ptr::eq(*known, one.metric)) {
            metrics.push(one.metric);
        }
    }
    let counted = analysis::counted(plan, metrics.into_iter());
    counted
        .into_iter()
        .chain(sides)
        .chain([format!("The difference is A less B in {unit}; {method}{holm}.")])
        .collect()
}

/// Which side has cases still to come in.
fn pending(one: &Comparison) -> Vec<String> {
    let noun = one.metric.cases.noun();
    let sides = [&one.a, &one.b].into_iter().filter(|side| side.pending > 0);
    let said = |side: &Side| {
        format!(
            "{}: {} {noun} are not yet mature and not counted, so that its value may still change.",
            side.label,
            text::thousands(side.pending)
        )
    };
    sides.map(said).collect()
}

/// What is not compared, and why.
fn left_out(plan: &Plan, by: &str, groups: &Groups) -> Vec<String> {
    let noun = plan.metrics.first().map_or("cases", |metric| metric.cases.noun());
    let mut said = Vec::new();
    if let Some(chosen) = groups.too_many {
        said.push(format!(
            "{} of {by} are too many to compare each with each: each is compared with all the others together; \
             --against pairs or --against LABEL for something else.",
            text::count(chosen.groups as u64, "group")
        ));
    }
    if !groups.hidden.is_empty() {
        let names = text::list(&groups.hidden);
        let alone = if groups.hidden.len() == 1 { "it is" } else { "they are" };
        said.push(format!(
            "Not compared: {names}, since {alone} of fewer than {} cases or would give such a group away.",
            plan.min_n
        ));
    }
    if groups.unknown > 0 {
        said.push(format!("Not compared: {} {noun} without a {by}.", text::thousands(groups.unknown)));
    }
    said
}

fn columns(asked: &Asked, comparisons: &[Comparison], level: f64) -> Vec<Column> {
    let is_grouped = *asked == Asked::Groups;
    let shown = |is: bool, key: &'static str, title: &str| {
        if is { Column::new(key, title) } else { Column::hidden(key) }
    };
    let several =
        |of: fn(&Comparison) -> &str| comparisons.windows(2).any(|pair| of(&pair[0]) != of(&pair[1]));
    let many = comparisons.len() > 1;
    let any_clear = comparisons.iter().any(|one| one.is_clear(level));
    vec![
        Column::hidden("metric"),
        shown(several(|one| &one.definition), "definition", "Definition"),
        shown(several(|one| &one.by), "dimension", "By"),
        shown(is_grouped, "a", "A"),
        shown(is_grouped, "b", "B"),
        Column::new("n_a", "n A"),
        Column::new("n_b", "n B"),
        Column::new("value_a", "Value A"),
        Column::new("value_b", "Value B"),
        Column::new("difference", "Difference"),
        Column::limits(["difference_lower", "difference_upper"], "Interval"),
        Column::hidden("p"),
        Column::new("p_adjusted", if many { "p (Holm)" } else { "p" }),
        Column::new("detectable", "Could show"),
        shown(many && any_clear, "clear", "Clear"),
        Column::hidden("method"),
        Column::hidden("unit"),
        Column::hidden("note"),
    ]
}

fn row(plan: &Plan, one: &Comparison) -> Vec<Cell> {
    let unit = one.metric.unit;
    let found = one.contrast;
    let difference = found.map(|found| found.difference);
    let text = |text: &str| Cell::Text(text.to_owned());
    let value = |x: Option<f64>| if one.hidden { Cell::Hidden } else { Cell::Value(x, unit) };
    let (lower, upper) = (difference.and_then(|found| found.lower), difference.and_then(|found| found.upper));
    let (change, limits) = match one.hidden {
        true => (Cell::Hidden, Cell::HiddenLimits),
        false => {
            (Cell::Change(difference.map(|found| found.value), unit), Cell::ChangeLimits(lower, upper, unit))
        }
    };
    vec![
        text(one.metric.id),
        text(&one.definition),
        text(&one.by),
        text(&one.a.label),
        text(&one.b.label),
        Cell::Count(one.a.n),
        Cell::Count(one.b.n),
        value(one.a.value),
        value(one.b.value),
        change,
        limits,
        Cell::Probability(difference.and_then(|found| found.p)),
        Cell::Probability(one.p_adjusted),
        Cell::Value(found.and_then(|found| found.detectable), bare(unit)),
        Cell::Flag(one.is_clear(plan.confidence)),
        text(found.map_or("", |found| found.method)),
        text(unit.as_str()),
        text(&one.note),
    ]
}

/// A difference of percentages is in points, and not in percent of anything.
fn bare(unit: Unit) -> Unit {
    if unit == Unit::Percent { Unit::Points } else { unit }
}
