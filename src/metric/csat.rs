//! Customer satisfaction: the share of answers in the top two boxes of the scale.

use super::case::{Cases, Question};
use super::judge::percent;
use super::{Metric, TallyKind};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Scale, Score, Share, Tally};

/// The metric.
pub static CSAT: Metric = Metric {
    id: "csat",
    title: "CSAT",
    short: "CSAT",
    unit: Unit::Percent,
    definition: "top2",
    about: "satisfied answers (the top two of the scale: 4–5 of 1–5), of all answers",
    needs: &[(Kind::Surveys, &[Field::Score, Field::Csat])],
    cases: Cases::Answers(Question {
        name: "csat",
        scales: &[Scale::new(1, 5), Scale::new(1, 7), Scale::new(1, 10)],
        whole_only: false,
    }),
    tally: TallyKind::Histogram,
    estimate,
};

/// Whether a score on that scale is in the top two boxes.
pub fn is_satisfied(score: Score, scale: Scale) -> bool {
    score >= lowest_satisfied(scale)
}

fn lowest_satisfied(scale: Scale) -> Score {
    Score(scale.highest.0 - 1000)
}

fn estimate(tally: &Tally, level: f64) -> Estimate {
    let Tally::Histogram(scores) = tally else { return Estimate::undefined(0, "no answers") };
    let n = scores.n();
    if n == 0 {
        return Estimate::undefined(0, "no answers");
    }
    let satisfied = scores.between(lowest_satisfied(scores.scale), scores.scale.highest);
    percent(&Share { successes: satisfied, failures: n - satisfied, pending: 0 }, level)
        .with("satisfied", satisfied)
        .with("scale", scores.scale.to_string().as_str())
}
