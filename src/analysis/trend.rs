//! `cxm trend`: series of a metric with their limits as a table, a row a period, and in words what is a signal. It must not
//! know how a number is written.

use std::ops::Range;

use super::periods;
use super::series::{self, Judgement, Point, Series};
use crate::dimension::Period;
use crate::metric::Metric;
use crate::metric::reading::Reading;
use crate::plan::Plan;
use crate::reduce::Reduced;
use crate::report::{Cell, Column, Findings, Line, Report, Unit};
use crate::scope;
use crate::text;

/// The series of one definition of a metric, for every breakdown of the plan.
pub struct Trend {
    metric: &'static Metric,
    definition: String,
    /// The breakdown of each series, and the series.
    series: Vec<(usize, Series)>,
}

impl Trend {
    /// The series of every definition that was tallied by period, in the order of the plan.
    pub fn all(plan: &Plan, reduced: &[Reduced]) -> Vec<Trend> {
        let own = |metric: &&'static Metric| reduced.iter().find(|one| std::ptr::eq(one.metric, *metric));
        plan.metrics.iter().filter_map(own).map(|reduced| Trend::of(plan, reduced)).collect()
    }

    /// The series of a definition.
    fn of(plan: &Plan, reduced: &Reduced) -> Trend {
        let metric = reduced.metric;
        let applies = |breakdown: &usize| scope::applies(metric, &plan.breakdowns[*breakdown]);
        let all =
            |breakdown| series::all(plan, reduced, breakdown).into_iter().map(move |one| (breakdown, one));
        Trend {
            metric,
            definition: plan.words(metric.definition),
            series: (0..plan.breakdowns.len()).filter(applies).flat_map(all).collect(),
        }
    }
}

/// What stands for the series of all cases where others stand for groups.
const ALL: &str = "(all)";

/// The series as a table with remarks.
pub fn findings(plan: &Plan, trends: &[Trend], account: Report) -> Findings {
    let noun = periods::noun(plan.period.unwrap_or(Period::Week));
    let title = trends.first().map_or("", |trend| trend.metric.title);
    let dimensions: Vec<String> = account.dimensions().into_iter().map(str::to_owned).collect();
    let several = trends.len() > 1;
    let counted = super::counted(plan, trends.iter().map(|trend| trend.metric));
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for trend in trends {
        for (breakdown, series) in &trend.series {
            let name = name(trend, series, several);
            lines.extend(line(series, name, trend.metric.unit));
            let groups = groups(plan, *breakdown, &dimensions, series);
            rows.extend(series.points.iter().map(|point| row(trend, series, point, &groups, plan.min_n)));
        }
    }
    if lines.len() > 1 {
        lines.iter_mut().filter(|line| line.label.is_empty()).for_each(|line| line.label = ALL.to_owned());
    }
    let account =
        Report { results: account.results.into_iter().filter(|record| record.n > 0).collect(), ..account };
    Findings {
        command: "trend",
        title: format!("{title} by {noun}"),
        about: counted.into_iter().chain(about(trends)).collect(),
        lines,
        columns: columns(&dimensions, trends),
        rows,
        remarks: remarks(trends, noun),
        account,
    }
}

/// What each series comes to: signals one by one, then those without any together.
fn remarks(trends: &[Trend], noun: &str) -> Vec<String> {
    let all = trends.iter().flat_map(|trend| trend.series.iter().map(move |(_, series)| (trend, series)));
    let named = |trend, series| match name(trend, series, trends.len() > 1) {
        name if name.is_empty() => ALL.to_owned(),
        name => name,
    };
    let alone = all.clone().count() == 1;
    let mut said = Vec::new();
    let mut alike: Vec<(Judgement, Range<usize>, Vec<String>)> = Vec::new();
    for (trend, series) in all {
        let (name, judged) = (named(trend, series), series.judged());
        match series.judgement() {
            Judgement::Signals(signals) => said.extend(signals.iter().map(|signal| match alone {
                true => text::capital(&signal.told(noun)) + ".",
                false => format!("{name}: {}.", signal.told(noun)),
            })),
            judgement => match alike.iter_mut().find(|(known, ..)| *known == judgement) {
                Some((_, range, names)) => {
                    *range = range.start.min(judged)..range.end.max(judged);
                    names.push(name);
                }
                None => alike.push((judgement, judged..judged, vec![name])),
            },
        }
    }
    said.extend(alike.into_iter().map(|(judgement, range, names)| {
        match (judgement.told(range, noun), alone) {
            (told, true) => text::capital(&told) + ".",
            (told, false) => format!("{}: {told}.", text::list(&names)),
        }
    }));
    said.extend(by_chance(trends));
    if said.is_empty() {
        said.extend(
            trends.first().map(|trend| format!("There are no {} in any {noun}.", trend.metric.cases.noun())),
        );
    }
    said
}

/// How the limits are made, where there are any.
fn about(trends: &[Trend]) -> impl Iterator<Item = String> {
    let has_limits = |trend: &&Trend| trend.series.iter().any(|(_, series)| series.centre.is_some());
    let several = trends.len() > 1;
    trends.iter().filter(has_limits).map(move |trend| {
        let how = match (trend.metric.reading)(&super::empty(trend.metric)) {
            Some(Reading::Share { .. } | Reading::Net { .. }) => {
                "each period's own n, widened by as much as the periods differ beyond that (Laney p′)"
            }
            _ => "how far neighbouring periods lie apart (XmR)",
        };
        let of = if several { format!(" of {}", trend.definition) } else { String::new() };
        format!("Limits{of}: three standard deviations to either side of the centre, from {how}.")
    })
}

/// Whose series it is: nothing where there is only one.
fn name(trend: &Trend, series: &Series, several: bool) -> String {
    let definition = several.then_some(trend.definition.as_str());
    definition.into_iter().chain(series.labels.iter().map(String::as_str)).collect::<Vec<_>>().join(", ")
}

/// What chance does where many series are looked at.
fn by_chance(trends: &[Trend]) -> Option<String> {
    let series = trends.iter().flat_map(|trend| &trend.series).map(|(_, series)| series.judgement());
    let is_judged = |judgement: &Judgement| matches!(judgement, Judgement::Signals(_) | Judgement::Quiet);
    let judged: Vec<Judgement> = series.filter(is_judged).collect();
    let any = judged.iter().any(|judgement| matches!(judgement, Judgement::Signals(_)));
    (any && judged.len() > 1).then(|| {
        format!(
            "{} series were judged. Of those that are noise alone, 4 in 100 show a signal in 12 periods, 8 in 26 \
             and 16 in 52.",
            judged.len()
        )
    })
}

fn line(series: &Series, label: String, unit: Unit) -> Option<Line> {
    let shown = |point: &&Point| point.hidden.is_none() && !point.partial;
    let points: Vec<&Point> = series.points.iter().collect();
    let is_shown = |point: &&Point| shown(point) && point.estimate.value.is_some();
    let (first, last) = (points.iter().position(is_shown)?, points.iter().rposition(is_shown)?);
    let points = &points[first..=last];
    let ends = [points.first()?, points.last()?].map(|point| point.period.clone());
    let values = points.iter().map(|point| point.estimate.value.filter(|_| shown(point))).collect();
    Some(Line { label, ends, values, unit })
}

/// The cell of each dimension: empty where the series is not broken down by it.
fn groups(plan: &Plan, breakdown: usize, dimensions: &[String], series: &Series) -> Vec<Cell> {
    let own = plan.breakdowns.get(breakdown).map(Vec::as_slice).unwrap_or_default();
    let cell = |name: &String| {
        let place = own.iter().position(|known| known == name);
        Cell::Group(place.and_then(|place| series.labels.get(place).cloned()))
    };
    dimensions.iter().map(cell).collect()
}

fn columns(dimensions: &[String], trends: &[Trend]) -> Vec<Column> {
    let points = || trends.iter().flat_map(|trend| &trend.series).flat_map(|(_, series)| &series.points);
    let seen = |is_seen: bool, key: &'static str, title: &'static str| {
        if is_seen { Column::new(key, title) } else { Column::hidden(key) }
    };
    let mut columns = vec![Column::hidden("metric"), seen(trends.len() > 1, "definition", "Definition")];
    columns.extend(dimensions.iter().map(|name| Column::new(name.clone(), name.clone())));
    columns.extend([
        Column::new("period", "Period"),
        Column::new("n", "n"),
        Column::new("value", "Value"),
        Column::limits(["lower", "upper"], "Interval"),
        Column::hidden("centre"),
        Column::limits(["limit_lower", "limit_upper"], "Limits"),
        seen(points().any(|point| point.beyond.is_some()), "signal", "Signal"),
        seen(points().any(|point| point.in_run), "in_run", "Run"),
        Column::hidden("runs"),
        Column::hidden("partial"),
        Column::hidden("suppressed"),
        Column::hidden("unit"),
        seen(points().any(|point| point.hidden.is_none() && !note(point, 0).is_empty()), "note", "Note"),
    ]);
    columns
}

fn row(trend: &Trend, series: &Series, point: &Point, groups: &[Cell], min_n: u64) -> Vec<Cell> {
    let unit = trend.metric.unit;
    let text = |text: &str| Cell::Text(text.to_owned());
    let Point { estimate, limits, .. } = point;
    let is_hidden = point.hidden.is_some();
    let (value, interval) = match is_hidden {
        true => (Cell::Hidden, Cell::HiddenLimits),
        false => (Cell::Value(estimate.value, unit), Cell::Limits(estimate.lower, estimate.upper, unit)),
    };
    let signal = match point.beyond {
        Some(true) => "above limits",
        Some(false) => "below limits",
        None => "",
    };
    let head = [text(trend.metric.id), text(&trend.definition)];
    let tail = [
        Cell::Period(point.period.clone(), point.partial),
        Cell::Count(estimate.n),
        value,
        interval,
        Cell::Value(series.centre, unit),
        Cell::Limits(limits.map(|limits| limits.lower), limits.map(|limits| limits.upper), unit),
        text(signal),
        Cell::Flag(point.in_run),
        Cell::Text(runs(series)),
        Cell::Flag(point.partial),
        Cell::Flag(is_hidden),
        text(unit.as_str()),
        Cell::Text(note(point, min_n)),
    ];
    head.into_iter().chain(groups.iter().cloned()).chain(tail).collect()
}

/// Why a value or a limit is missing, or how many cases are still to come in.
fn note(point: &Point, min_n: u64) -> String {
    match (point.hidden, super::pending(&point.estimate)) {
        (Some(hidden), _) => hidden.told(min_n),
        (None, pending) if pending > 0 && point.estimate.note.is_empty() => {
            format!("{} not yet mature", text::thousands(pending))
        }
        (None, _) => point.estimate.note.clone(),
    }
}

/// The rules about runs that the series breaks.
fn runs(series: &Series) -> String {
    let runs = series.runs.as_ref();
    let rules = [
        (runs.is_some_and(|runs| runs.too_long()), "long run"),
        (runs.is_some_and(|runs| runs.too_few_crossings()), "few crossings"),
    ];
    rules.iter().filter(|(broken, _)| *broken).map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}
