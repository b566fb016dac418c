//! A metric over calendar periods, with limits and signals: which periods differ from the others by more than chance. It
//! must not know how they are shown.
//!
//! A period that is not over says nothing yet: it is a point without limits, and no limit rests on it. Nor does one on a
//! period without a value or whose group is too small to show: those on either side of it are neighbours.

mod signal;

use std::collections::BTreeMap;

use super::{Part, order, parts, periods};
use crate::assemble::small::{self, Hidden};
use crate::dimension::{Period, Window};
use crate::estimate::Estimate;
use crate::instant::DAY;
use crate::metric::Metric;
use crate::metric::reading::Reading;
use crate::plan::Plan;
use crate::reduce::Reduced;
use crate::report::Unit;
use crate::stats::Interval;
use crate::stats::p_chart::{self, Chart};
use crate::stats::quantile;
use crate::stats::runs::{self, Runs};
use crate::stats::xmr::xmr;
use crate::tally::Tally;
pub use signal::{Judgement, Signal};

/// With fewer points no point within a series can lie beyond its limits, however far off it is: it widens them itself.
pub const FEWEST: usize = 8;
/// With fewer points the limits are provisional.
pub const FIRM: usize = 20;

/// One group's values over the periods, or those of all cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The labels of the breakdown's dimensions, as they may be shown; none for all cases.
    pub labels: Vec<String>,
    /// Every period from the first with a case to the last of the metric.
    pub points: Vec<Point>,
    /// The line that values are expected around; `None` where there are no limits.
    pub centre: Option<f64>,
    /// The line that runs are counted about.
    pub line: Option<Line>,
    /// Runs and crossings of the points that limits rest on.
    pub runs: Option<Runs>,
    /// The windows of neighbouring periods overlap, so that there can be no limits.
    pub overlaps: bool,
}

/// The line of a series that a value of mere noise is as likely above as below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line {
    /// The centre of its limits: shares and scores of many answers lie evenly about it.
    Centre(f64),
    /// The median of its values: times and sums of money do not lie evenly about their mean.
    Median(f64),
}

impl Line {
    /// Its place.
    pub fn at(self) -> f64 {
        match self {
            Line::Centre(at) | Line::Median(at) => at,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Line::Centre(_) => "centre",
            Line::Median(_) => "median",
        }
    }
}

/// One period of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The label of the period.
    pub period: String,
    /// It is cut short.
    pub partial: bool,
    /// Its value and interval; without cases `n` is 0.
    pub estimate: Estimate,
    /// Why the value is not shown.
    pub hidden: Option<Hidden>,
    /// Between which values it is expected, in the metric's unit.
    pub limits: Option<Interval>,
    /// It is strictly above (`true`) or below its limits.
    pub beyond: Option<bool>,
    /// It is in a run longer than chance allows.
    pub in_run: bool,
}

/// A point with what it rests on; an empty period rests on nothing.
type Tallied<'a> = (Point, Option<&'a Tally>);

/// The series of each group of a breakdown, which is overall where it is 0. The plan has periods.
pub fn all(plan: &Plan, reduced: &Reduced, breakdown: usize) -> Vec<Series> {
    let mut of_period: BTreeMap<&str, Vec<Part<'_>>> = BTreeMap::new();
    for part in parts(plan, reduced, breakdown) {
        of_period.entry(part.period.map_or("", |(label, _)| label)).or_default().push(part);
    }
    let mut known: BTreeMap<Vec<String>, BTreeMap<String, Tallied<'_>>> = BTreeMap::new();
    for parts in of_period.values() {
        for (labels, point, tally) in points(plan, reduced.metric, parts) {
            known.entry(labels).or_default().insert(point.period.clone(), (point, Some(tally)));
        }
    }
    let lists: Vec<Vec<&[String]>> =
        of_period.values().map(|parts| parts.iter().map(|part| part.labels.as_slice()).collect()).collect();
    // Labels of one kind of period are in order as texts.
    let whole: BTreeMap<&str, bool> = parts(plan, reduced, 0)
        .chain(parts(plan, reduced, breakdown))
        .filter_map(|part| part.period)
        .collect();
    let order = order::merged(&lists);
    let series = |labels: &&[String]| {
        let points = filled(reduced.metric, known.get(*labels)?, &whole)?;
        Some(Series::of(plan, reduced.metric, labels.to_vec(), points))
    };
    order.iter().filter_map(series).collect()
}

/// The groups of one period as points, with their labels.
fn points<'a>(plan: &Plan, metric: &Metric, parts: &[Part<'a>]) -> Vec<(Vec<String>, Point, &'a Tally)> {
    let estimates: Vec<Estimate> =
        parts.iter().map(|part| (metric.estimate)(part.tally, plan.confidence)).collect();
    let counts: Vec<u64> = estimates.iter().map(|estimate| estimate.n).collect();
    let hidden = small::hidden(plan.min_n, &counts);
    let points = parts.iter().zip(estimates).zip(hidden).map(|((part, estimate), hidden)| {
        let (period, partial) = part.period.unwrap_or_default();
        // The total of all cases is never hidden.
        let hidden = hidden.filter(|_| !part.labels.is_empty());
        (part.labels.clone(), Point::of(period.to_owned(), partial, estimate, hidden), part.tally)
    });
    points.collect()
}

/// The points from the first with a case to the last period of the metric, none passed over; `periods` are those with
/// cases, and whether they are cut short. None without a case.
fn filled<'a>(
    metric: &Metric,
    known: &BTreeMap<String, Tallied<'a>>,
    periods: &BTreeMap<&str, bool>,
) -> Option<Vec<Tallied<'a>>> {
    let (first, _) = known.iter().find(|(_, (point, _))| point.estimate.n > 0)?;
    let (last, _) = periods.last_key_value()?;
    let point = |period: String| {
        known.get(&period).cloned().unwrap_or_else(|| {
            let partial = periods.get(period.as_str()).copied().unwrap_or(false);
            let empty = Estimate::undefined(0, format!("no {}", metric.cases.noun()));
            (Point::of(period, partial, empty, None), None)
        })
    };
    Some(periods::between(first, last).into_iter().map(point).collect())
}

impl Series {
    /// Judges the points that limits may rest on.
    fn of(plan: &Plan, metric: &Metric, labels: Vec<String>, points: Vec<Tallied<'_>>) -> Series {
        let overlaps = plan.period.is_some_and(|period| overlap(metric, plan.windows.retention, period));
        let judged: Vec<(usize, Judged<'_>)> = points
            .iter()
            .enumerate()
            .filter(|(_, (point, _))| !point.partial && point.hidden.is_none())
            .filter_map(|(at, (point, tally))| {
                let tally = (*tally)?;
                Some((at, Judged { value: point.estimate.value?, tally, reading: (metric.reading)(tally)? }))
            })
            .collect();
        let (places, readings): (Vec<usize>, Vec<Judged<'_>>) = judged.into_iter().unzip();
        let chart = if overlaps { None } else { limits(&readings, metric.unit) };
        let values: Vec<f64> = readings.iter().map(|judged| judged.value).collect();
        let mut points: Vec<Point> = points.into_iter().map(|(point, _)| point).collect();
        let Some(Limits { centre, line, limits }) = chart else {
            return Series { labels, points, centre: None, line: None, runs: None, overlaps };
        };
        let (beyond, runs) = (runs::beyond(&values, &limits), runs::anhoej(&values, line.at()));
        for (number, at) in places.into_iter().enumerate() {
            let point = &mut points[at];
            point.limits = limits.get(number).copied();
            point.beyond = beyond.get(number).is_some_and(|is| *is).then_some(values[number] > centre);
            point.in_run = runs.as_ref().and_then(|runs| runs.in_long_run.get(number)).is_some_and(|is| *is);
        }
        Series { labels, points, centre: Some(centre), line: Some(line), runs, overlaps }
    }
}

/// A value that limits may rest on.
struct Judged<'a> {
    value: f64,
    tally: &'a Tally,
    reading: Reading<'a>,
}

/// The limits of values.
struct Limits {
    centre: f64,
    line: Line,
    limits: Vec<Interval>,
}

/// Whether the windows of customers who are judged at the ends of neighbouring periods overlap: then the same orders count
/// in both, neighbours are alike for that alone, and limits from their distances would be far too narrow.
fn overlap(metric: &Metric, window: Window, period: Period) -> bool {
    let shortest = match period {
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => 28,
        Period::Quarter => 90,
        Period::Year => 365,
    };
    match window {
        Window::Length(length) => metric.is_of_customers() && length > shortest * DAY,
        Window::Calendar(_) => false,
    }
}

/// The limits of values with their tallies, in the metric's unit: Laney's for shares and net scores, natural
/// limits for everything else. A single value has none.
fn limits(points: &[Judged<'_>], unit: Unit) -> Option<Limits> {
    if points.len() < 2 {
        return None;
    }
    let share = |judged: &Judged<'_>| match judged.reading {
        Reading::Share { successes, n } => Some((successes, n)),
        _ => None,
    };
    let score = |judged: &Judged<'_>| match judged.reading {
        Reading::Net { detractors, passives, promoters } => Some([detractors, passives, promoters]),
        _ => None,
    };
    if let Some(shares) = points.iter().map(share).collect::<Option<Vec<_>>>() {
        return Some(of_chart(p_chart::shares(&shares)?));
    }
    if let Some(scores) = points.iter().map(score).collect::<Option<Vec<_>>>() {
        return Some(of_chart(p_chart::scores(&scores)?));
    }
    of_values(points, unit)
}

/// A chart of shares in percent. Where all answers are of one kind, the limits are the value.
fn of_chart(chart: Chart) -> Limits {
    let limits = chart.laney.unwrap_or(chart.within);
    let percent =
        |Interval { lower, upper }: Interval| Interval { lower: 100.0 * lower, upper: 100.0 * upper };
    let centre = 100.0 * chart.centre;
    Limits { centre, line: Line::Centre(centre), limits: limits.into_iter().map(percent).collect() }
}

/// Natural limits, cut to where values can lie.
fn of_values(points: &[Judged<'_>], unit: Unit) -> Option<Limits> {
    let values: Vec<f64> = points.iter().map(|judged| judged.value).collect();
    let chart = xmr(&values)?;
    let limits = points.iter().map(|judged| {
        let Interval { lower, upper } = range(unit, judged.tally);
        Interval { lower: chart.limits.lower.max(lower), upper: chart.limits.upper.min(upper) }
    });
    let mut sorted = values;
    sorted.sort_unstable_by(f64::total_cmp);
    let line = Line::Median(quantile::type7(&sorted, 0.5)?);
    Some(Limits { centre: chart.centre, line, limits: limits.collect() })
}

/// Where values of that unit can lie.
fn range(unit: Unit, tally: &Tally) -> Interval {
    let (lower, upper) = match (unit, tally) {
        (Unit::Score, Tally::Histogram(scores)) => {
            (scores.scale.lowest.value(), scores.scale.highest.value())
        }
        (Unit::Percent, Tally::Histogram(_)) => (0.0, 100.0),
        (Unit::Points, _) => (-100.0, 100.0),
        _ => (0.0, f64::INFINITY),
    };
    Interval { lower, upper }
}

impl Point {
    fn of(period: String, partial: bool, estimate: Estimate, hidden: Option<Hidden>) -> Point {
        Point { period, partial, estimate, hidden, limits: None, beyond: None, in_run: false }
    }
}
