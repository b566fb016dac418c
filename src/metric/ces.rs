//! Customer Effort Score 2.0: the mean of how easy it was.

use super::case::{Cases, Question};
use super::{Metric, TallyKind};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::stats::mean::{Moments, mean_sd, t_interval};
use crate::tally::{Scale, Tally};

pub static CES: Metric = Metric {
    id: "ces",
    title: "CES",
    short: "CES",
    unit: Unit::Score,
    definition: "2.0",
    about: "mean of 1–7, where 7 is easy",
    needs: &[(Kind::Surveys, &[Field::Score, Field::Ces])],
    cases: Cases::Answers(Question { name: "ces", scales: &[Scale::new(1, 7)], whole_only: false }),
    tally: TallyKind::Histogram,
    estimate,
};

fn estimate(tally: &Tally, level: f64) -> Estimate {
    let Tally::Histogram(scores) = tally else { return Estimate::undefined(0, "no answers") };
    let Moments { n, mean, sd } = mean_sd(scores.scores());
    let Some(mean) = mean else { return Estimate::undefined(0, "no answers") };
    let interval = sd.and_then(|sd| t_interval(mean, sd, n as f64, level));
    // A t interval knows nothing of the scale's ends, and a mean cannot lie beyond them.
    let (lowest, highest) = (scores.scale.lowest.value(), scores.scale.highest.value());
    Estimate {
        n,
        value: Some(mean),
        lower: interval.map(|limits| limits.lower.max(lowest)),
        upper: interval.map(|limits| limits.upper.min(highest)),
        note: if interval.is_none() { "one answer has no variance".into() } else { String::new() },
        ..Estimate::default()
    }
    .with("sd", sd)
    .with("scale", scores.scale.to_string().as_str())
}
