//! What a change or a margin takes as a table, and in words what the cases at hand could show. It must not know how a
//! number is written.

use super::{Planned, Spread, Surety};
use crate::analysis::{self, compare::words};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::report::{Cell, Column, Findings, Report, Unit};
use crate::text;

/// All cases together, where others stand for groups.
const ALL: &str = "(all)";

/// Where it is known from how much the values vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis {
    /// Exports were read.
    Exports,
    /// It was said.
    Said(Spread),
}

/// The answers as findings.
pub fn findings(
    plan: &Plan,
    metric: &Metric,
    planned: &[Planned],
    basis: Basis,
    sure: Surety,
    account: Report,
) -> Findings {
    let noun = metric.cases.noun();
    Findings {
        command: "power",
        title: format!("{}: how many {noun} it takes", words::name(metric)),
        about: about(plan, metric, planned, basis, sure),
        lines: Vec::new(),
        columns: columns(planned),
        rows: planned.iter().map(|one| row(one, sure)).collect(),
        remarks: remarks(metric, planned, basis, sure),
        account: Report { results: Vec::new(), ..account },
    }
}

fn about(plan: &Plan, metric: &Metric, planned: &[Planned], basis: Basis, sure: Surety) -> Vec<String> {
    let percent = |share: f64| format!("{} %", words::plain(100.0 * share));
    let basis = match basis {
        Basis::Exports => format!("from how much the {} of these exports vary", metric.cases.noun()),
        Basis::Said(Spread::Net { promoters, detractors }) => {
            format!("with {} promoters and {} detractors", percent(promoters), percent(detractors))
        }
        Basis::Said(Spread::Share(share)) => format!("with a share of {}", percent(share)),
        Basis::Said(Spread::Mean(sd)) => format!("with a standard deviation of {}", words::plain(sd)),
        Basis::Said(Spread::Other(_)) => String::new(),
    };
    let mut metrics: Vec<&Metric> = Vec::new();
    for one in planned {
        if !metrics.iter().any(|known| std::ptr::eq(*known, one.metric)) {
            metrics.push(one.metric);
        }
    }
    let power = if is_margin_alone(planned) {
        String::new()
    } else {
        format!("; a change that is there shows in {} of comparisons", percent(sure.power))
    };
    let counted = analysis::counted(plan, metrics.into_iter());
    counted.into_iter().chain([format!("In {}, {basis}{power}.", words::noun(metric.unit))]).collect()
}

/// Whether nothing but a margin is asked for.
fn is_margin_alone(planned: &[Planned]) -> bool {
    planned.iter().all(|one| one.question.change.is_none() && one.n.is_none())
}

fn columns(planned: &[Planned]) -> Vec<Column> {
    let shown = |is: bool, key: &'static str, title: &str| {
        if is { Column::new(key, title) } else { Column::hidden(key) }
    };
    let any = |is: fn(&Planned) -> bool| planned.iter().any(is);
    let several = |of: fn(&Planned) -> &str| planned.windows(2).any(|pair| of(&pair[0]) != of(&pair[1]));
    let by_group = any(|one| !one.by.is_empty());
    let many_by = planned.iter().filter(|one| !one.by.is_empty()).map(|one| &one.by);
    let many_by = many_by.clone().any(|by| many_by.clone().next() != Some(by));
    vec![
        Column::hidden("metric"),
        shown(several(|one| &one.definition), "definition", "Definition"),
        shown(many_by, "dimension", "By"),
        shown(by_group, "group", "Group"),
        shown(by_group, "n", "n"),
        shown(by_group, "value", "Value"),
        shown(by_group, "margin_at_hand", "Margin now ±"),
        shown(by_group, "detectable", "Could show"),
        shown(any(|one| one.question.change.is_some()), "change", "Change"),
        shown(any(|one| one.question.change.is_some()), "n_per_group", "n per group"),
        shown(any(|one| one.question.margin.is_some()), "margin", "Margin ±"),
        shown(any(|one| one.question.margin.is_some()), "n_for_margin", "n for margin"),
        Column::hidden("power"),
        Column::hidden("unit"),
        Column::hidden("note"),
    ]
}

fn row(one: &Planned, sure: Surety) -> Vec<Cell> {
    let unit = one.metric.unit;
    let size = if unit == Unit::Percent { Unit::Points } else { unit };
    let text = |text: &str| Cell::Text(text.to_owned());
    let hidden = |cell: Cell| if one.hidden { Cell::Hidden } else { cell };
    let count = |n: Option<u64>| n.map_or(Cell::Blank, Cell::Count);
    let asked = |x: Option<f64>| x.map_or(Cell::Blank, |x| Cell::Value(Some(x), size));
    let answer = |asked: Option<f64>, n: Option<u64>| match n {
        None if asked.is_some() => hidden(Cell::Value(None, size)),
        n => count(n),
    };
    let question = one.question;
    vec![
        text(one.metric.id),
        text(&one.definition),
        text(&one.by),
        Cell::Group((!one.group.is_empty()).then(|| one.group.clone())),
        count(one.n),
        if one.n.is_some() { hidden(Cell::Value(one.value, unit)) } else { Cell::Blank },
        if one.n.is_some() { hidden(Cell::Value(one.margin_now, size)) } else { Cell::Blank },
        if one.n.is_some() { hidden(Cell::Value(one.detectable, size)) } else { Cell::Blank },
        asked(question.change),
        answer(question.change, one.n_per_group),
        asked(question.margin),
        answer(question.margin, one.n_for_margin),
        Cell::Probability(Some(sure.power)),
        text(unit.as_str()),
        text(&one.note),
    ]
}

fn remarks(metric: &Metric, planned: &[Planned], basis: Basis, sure: Surety) -> Vec<String> {
    let noun = metric.cases.noun();
    let mut said = Vec::new();
    if let Some(one) = planned.iter().find(|one| one.by.is_empty() && basis == Basis::Exports) {
        let n = text::thousands(one.n.unwrap_or_default());
        said.extend(one.detectable.map(|size| {
            format!(
                "The {n} {noun} at hand could have shown a change of about {} {} against as many, in {} of 100 such \
                 comparisons.",
                words::round(size),
                words::noun(metric.unit),
                words::plain(100.0 * sure.power)
            )
        }));
    }
    let mut notes: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in planned.iter().filter(|one| !one.note.is_empty()) {
        let group = if one.group.is_empty() { ALL } else { &one.group };
        match notes.iter_mut().find(|(note, _)| *note == one.note) {
            Some((_, groups)) if groups.contains(&group) => {}
            Some((_, groups)) => groups.push(group),
            None => notes.push((&one.note, vec![group])),
        }
    }
    said.extend(
        notes.iter().map(|(note, groups)| format!("Without a number: {}, {note}.", text::list(groups))),
    );
    if planned.iter().any(|one| one.question.change.is_some()) {
        said.push(
            "These numbers are of one look at the end: whoever looks every day and stops at the first difference \
             finds some that are not there."
                .to_owned(),
        );
    }
    said
}
