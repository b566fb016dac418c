//! Gates on control charts: whether the last whole period is more than chance, for the worse. It must not know how limits are
//! drawn.

use super::Judgement;
use crate::analysis::periods::noun;
use crate::analysis::series::{self, Point, Series, Signal};
use crate::analysis::verdict::Figures;
use crate::dimension::Period;
use crate::metric::{Better, Metric, TallyKind};
use crate::plan::Plan;
use crate::reduce::Reduced;
use crate::report::{Unit, Verdict};

/// The series of the groups of a metric's definition.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The metric, under its definition.
    pub metric: &'static Metric,
    /// The dimensions of the groups; none for the series of all cases.
    pub by: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
}

/// The series of every metric of a plan with periods, in every breakdown.
pub fn charts(plan: &Plan, reduced: &[Reduced]) -> Vec<Chart> {
    let of_breakdown = |one: &Reduced, at: usize, by: &Vec<String>| Chart {
        metric: one.metric,
        by: by.clone(),
        series: series::all(plan, one, at),
    };
    let all = |one| plan.breakdowns.iter().enumerate().map(move |(at, by)| of_breakdown(one, at, by));
    reduced.iter().flat_map(all).collect()
}

/// The judgements of a gate on the series of its groups.
pub fn judgements<'a>(plan: &Plan, blank: &Judgement<'a>, charts: &[Chart]) -> Vec<Judgement<'a>> {
    let is_judged = |chart: &&Chart| std::ptr::eq(chart.metric, blank.metric) && chart.by == blank.gate.by;
    let noun = noun(plan.period.unwrap_or(Period::Week));
    let all = charts.iter().filter(is_judged).flat_map(|chart| &chart.series);
    all.map(|series| judgement(blank, series, noun)).collect()
}

fn judgement<'a>(blank: &Judgement<'a>, series: &Series, noun: &str) -> Judgement<'a> {
    let group = blank.gate.by.iter().cloned().zip(series.labels.iter().cloned()).collect();
    let judged = Judgement { group, ..blank.clone() };
    let is_last = |point: &&Point| Some(&point.period) == blank.period.as_ref();
    let Some(point) = series.points.iter().find(is_last) else { return judged };
    let estimate = &point.estimate;
    let hidden = point.hidden.is_some();
    let figures = Figures { value: estimate.value, lower: estimate.lower, upper: estimate.upper };
    let figures = if hidden { Figures::default() } else { figures };
    let judged = Judgement { n: estimate.n, hidden, figures, ..judged };
    let (verdict, why) = match (hidden, point.limits) {
        (true, _) => (Verdict::NotEnoughData, "too small a group to show".to_owned()),
        (false, None) if estimate.value.is_none() => (Verdict::NotEnoughData, judged.why.clone()),
        _ => verdict(judged.metric, series, point, noun),
    };
    Judgement { verdict, why, ..judged }
}

/// The verdict on a point that has a value, and why.
fn verdict(metric: &Metric, series: &Series, point: &Point, noun: &str) -> (Verdict, String) {
    let signals = signals(series, point);
    let told = |signals: Vec<&Signal>| {
        signals.into_iter().map(|signal| signal.told(noun)).collect::<Vec<_>>().join("; ")
    };
    let is_worse = |above: bool| match metric.better {
        Better::Higher => !above,
        Better::Lower => above,
        Better::Neither => true,
    };
    let worse =
        signals.iter().filter(|(above, _)| is_worse(*above)).map(|(_, signal)| signal).collect::<Vec<_>>();
    let is_beyond = worse.iter().all(|signal| matches!(signal, Signal::Beyond { .. }));
    if is_beyond && !worse.is_empty() && are_rough(metric, series, point) {
        let why = "so few cases lie beyond the limits by chance more often than the limits say";
        return (Verdict::NotEnoughData, format!("{}, and {why}", told(worse)));
    }
    if !worse.is_empty() {
        return (Verdict::Fail, told(worse));
    }
    let judged = series.judged();
    // With fewer periods no signal is possible, so that none is no pass.
    if judged < series::FEWEST || series.overlaps {
        let comes_to =
            if series.overlaps { series::Judgement::Overlapping } else { series::Judgement::TooFew };
        return (Verdict::NotEnoughData, comes_to.told(judged..judged, noun));
    }
    let why = match signals.is_empty() {
        true => format!("no signal in {}", point.period),
        false => format!("for the better: {}", told(signals.iter().map(|(_, signal)| signal).collect())),
    };
    (Verdict::Pass, why)
}

/// Whether a period has too few cases for limits of three standard deviations: fewer than five are expected on the rarer
/// side of a share, or of a net score taken as one.
fn are_rough(metric: &Metric, series: &Series, point: &Point) -> bool {
    const EXPECTED: f64 = 5.0;
    let Some(centre) = series.centre.filter(|_| metric.tally != TallyKind::Ratio) else { return false };
    let share = match metric.unit {
        Unit::Percent => centre / 100.0,
        Unit::Points => (centre + 100.0) / 200.0,
        Unit::Score | Unit::Hours => return false,
    };
    point.estimate.n as f64 * share.min(1.0 - share) < EXPECTED
}

/// What of a series is a signal in one period, and whether that lies above the line that runs are counted about.
fn signals(series: &Series, point: &Point) -> Vec<(bool, Signal)> {
    let (Some(line), Some(value)) = (series.line, point.estimate.value) else { return Vec::new() };
    let is_above = value > line.at();
    let own = series.signals().into_iter().filter_map(|signal| match signal {
        Signal::Beyond { above, periods } => periods
            .contains(&point.period)
            .then(|| (above, Signal::Beyond { above, periods: vec![point.period.clone()] })),
        Signal::LongRun { above, ref periods, .. } => {
            periods.contains(&point.period).then_some((above, signal))
        }
        // A level that has shifted or drifts is where it is now.
        Signal::FewCrossings { .. } => (value != line.at()).then_some((is_above, signal)),
    });
    own.collect()
}
