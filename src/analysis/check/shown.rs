//! Judgements as findings: the table, and in words what failed and what could not be told. It must not judge.

use super::{Asked, Judgement};
use crate::analysis::gate::Demand;
use crate::analysis::periods::{self, Label};
use crate::report::{Caveat, Cell, Column, Findings, Report, Verdict};
use crate::text;

/// The findings of gates.
pub fn findings(
    asked: &[Asked],
    judged: &[Judgement],
    raw: bool,
    mut account: Report,
    caveats: Vec<Caveat>,
) -> Findings {
    account.caveats.extend(caveats);
    for caveat in account.caveats.iter_mut().filter(|caveat| caveat.kind == MIXED) {
        caveat.remedy = "judge them apart: by relation".to_owned();
    }
    account.results.retain(|record| {
        judged.iter().any(|one| {
            (&one.period, &one.definition, &one.group)
                == (&record.period, &record.definition, &record.group.0)
                && one.metric.id == record.metric
        })
    });
    let dimensions = dimensions(asked);
    let changes = asked.iter().any(|one| matches!(one.gate.demand, Demand::Steady(_)));
    Findings {
        command: "check",
        title: "Gates".to_owned(),
        about: [vec![summary(asked, judged)], period(judged), baselines(asked)].concat(),
        lines: Vec::new(),
        columns: columns(&dimensions, changes),
        rows: judged.iter().map(|one| row(one, &dimensions)).collect(),
        remarks: remarks(asked, judged, raw),
        account,
    }
}

/// `3 gates: 1 fails, 1 has not enough data, 1 passes`.
fn summary(asked: &[Asked], judged: &[Judgement]) -> String {
    let worst = |one: &Asked| {
        let own = judged.iter().filter(|judgement| std::ptr::eq(judgement.gate, one.gate));
        own.map(|judgement| judgement.verdict).max()
    };
    let verdicts: Vec<Verdict> = asked.iter().filter_map(worst).collect();
    let told = |verdict: Verdict, one: &str, many: &str| {
        let n = verdicts.iter().filter(|known| **known == verdict).count();
        (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { many }))
    };
    let parts: Vec<String> = [
        told(Verdict::Fail, "fails", "fail"),
        told(Verdict::NotEnoughData, "has not enough data", "have not enough data"),
        told(Verdict::Pass, "passes", "pass"),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{}: {}", text::count(verdicts.len() as u64, "gate"), parts.join(", "))
}

/// Which period is judged, where there are periods.
fn period(judged: &[Judgement]) -> Vec<String> {
    let label = judged.iter().find_map(|one| one.period.as_deref());
    let kind = |label| Some(periods::noun(Label::read(label)?.period));
    let line = label.and_then(|label| Some(format!("Judged: {label}, the last whole {}", kind(label)?)));
    line.into_iter().collect()
}

/// What the baselines are.
fn baselines(asked: &[Asked]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for baseline in asked.iter().filter_map(|one| one.baseline) {
        let said = |(name, word): (&str, &str)| Some(format!(", {word} {}", baseline.settings.get(name)?));
        let span: String = [("since", "from"), ("until", "before")].into_iter().filter_map(said).collect();
        let line = format!("Baseline: {}, as of {}{span}", baseline.file, baseline.as_of);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Every dimension of a gate, each once.
fn dimensions(asked: &[Asked]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in asked.iter().flat_map(|one| &one.gate.by) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The columns; people see only those in which there is something.
fn columns(dimensions: &[String], changes: bool) -> Vec<Column> {
    let shown = |is: bool, key: &'static str, title: &str| {
        if is { Column::new(key, title) } else { Column::hidden(key) }
    };
    let mut columns =
        vec![Column::hidden("metric"), Column::hidden("definition"), Column::new("gate", "Gate")];
    columns.extend(dimensions.iter().map(|name| Column::new(name.clone(), name.clone())));
    columns.extend([
        Column::hidden("period"),
        Column::new("result", "Result"),
        Column::new("n", "n"),
        Column::new("value", "Value"),
        Column::limits(["lower", "upper"], "Interval"),
        Column::hidden("n_needed"),
        Column::hidden("baseline_file"),
        Column::hidden("baseline_n"),
        Column::hidden("baseline"),
        shown(changes, "change", "Change"),
    ]);
    let mut limits = Column::limits(["change_lower", "change_upper"], "Its interval");
    limits.title = limits.title.filter(|_| changes);
    columns.push(limits);
    columns.extend(["p", "method", "unit", "note"].map(Column::hidden));
    columns
}

fn row(one: &Judgement, dimensions: &[String]) -> Vec<Cell> {
    let (unit, figures) = (one.metric.unit, one.figures);
    let change = one.change.as_ref();
    let difference = change.and_then(|change| change.difference);
    let text = Cell::Text;
    let count = |n: Option<u64>| n.map_or(Cell::Blank, Cell::Count);
    let hidden = |cell: Cell, hidden: Cell| if one.hidden { hidden } else { cell };
    let label = |name: &String| one.group.iter().find(|(known, _)| known == name).map(|(_, label)| label);
    let mut row =
        vec![text(one.metric.id.to_owned()), text(one.definition.clone()), text(one.gate.text.clone())];
    row.extend(dimensions.iter().map(|name| Cell::Group(label(name).cloned())));
    row.extend([
        text(one.period.clone().unwrap_or_default()),
        Cell::Verdict(one.verdict),
        Cell::Count(one.n),
        hidden(Cell::Value(figures.value, unit), Cell::Hidden),
        hidden(Cell::Limits(figures.lower, figures.upper, unit), Cell::HiddenLimits),
        count(one.needed),
        text(change.map(|change| change.file.clone()).unwrap_or_default()),
        count(change.map(|change| change.n)),
        change.map_or(Cell::Blank, |change| Cell::Value(change.value, unit)),
        change.map_or(Cell::Blank, |_| Cell::Change(difference.map(|found| found.value), unit)),
        Cell::ChangeLimits(
            difference.and_then(|found| found.lower),
            difference.and_then(|found| found.upper),
            unit,
        ),
        Cell::Probability(difference.and_then(|found| found.p)),
        text(difference.map_or("", |found| found.method).to_owned()),
        text(unit.as_str().to_owned()),
        text(one.why.clone()),
    ]);
    row
}

/// The labels of a group on one line.
fn labels(one: &Judgement) -> String {
    one.group.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(" × ")
}

/// What failed and what could not be told, each with the groups that it is true of; then how a gate is judged.
fn remarks(asked: &[Asked], judged: &[Judgement], raw: bool) -> Vec<String> {
    let mut alike: Vec<Vec<&Judgement>> = Vec::new();
    for verdict in [Verdict::Fail, Verdict::NotEnoughData] {
        for one in judged.iter().filter(|one| one.verdict == verdict) {
            let same = |known: &&mut Vec<&Judgement>| {
                known.iter().all(|known| {
                    std::ptr::eq(known.gate, one.gate) && (known.verdict, &known.why) == (verdict, &one.why)
                })
            };
            match alike.iter_mut().find(same) {
                Some(known) => known.push(one),
                None => alike.push(vec![one]),
            }
        }
    }
    let mut lines: Vec<String> = alike.iter().map(|alike| remark(alike)).collect();
    let any = |is: fn(&Demand) -> bool| asked.iter().any(|one| is(&one.gate.demand));
    if raw {
        lines.push("With --raw plain values are judged: a gate may fail or pass by chance alone".to_owned());
    } else if any(|demand| matches!(demand, Demand::Level(_))) {
        lines.push(HOW_LEVEL.to_owned());
    }
    lines
}

/// One gate's judgements of one kind, in a sentence.
fn remark(alike: &[&Judgement]) -> String {
    let Some(one) = alike.first() else { return String::new() };
    let word = if one.verdict == Verdict::Fail { "Fails" } else { "Not enough data" };
    let named = |one: &&&Judgement| !one.group.is_empty();
    let groups: Vec<String> = alike.iter().filter(named).map(|one| labels(one)).collect();
    let of = if groups.is_empty() { String::new() } else { format!(" for {}", text::list(&groups)) };
    let needed = alike.iter().filter_map(|one| {
        let n = text::thousands(one.needed?);
        Some(if one.group.is_empty() { n } else { format!("{n} ({})", labels(one)) })
    });
    let needed: Vec<String> = needed.collect();
    let needed = if needed.is_empty() {
        needed.concat()
    } else {
        let (noun, stays) =
            (one.metric.cases.noun(), if needed.len() == 1 { "value stays" } else { "values stay" });
        format!("; about {} {noun} would tell, if the {stays}", text::list(&needed))
    };
    format!("{word}: {}{of}: {}{needed}", one.gate.text, one.why)
}

/// Answers of two relations in one number.
const MIXED: &str = "mixed-relation";

/// How a level is judged.
const HOW_LEVEL: &str = "A level passes where the whole interval meets it and fails where none of it does; where the limit lies within, so few cases cannot tell";
