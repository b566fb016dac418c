//! Customer Effort Score 2.0: the mean of how easy it was.

use super::case::{Cases, Question};
use super::reading::Reading;
use super::{Better, Metric, TallyKind};
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
    better: Better::Higher,
    definition: "2.0",
    about: "mean of 1–7, where 7 is easy",
    needs: &[(Kind::Surveys, &[Field::Score, Field::Ces])],
    cases: Cases::Answers(Question { name: "ces", scales: &[Scale::new(1, 7)], whole_only: false }),
    tally: TallyKind::Histogram,
    reading,
    estimate,
};

fn reading(tally: &Tally) -> Option<Reading<'_>> {
    let Tally::Histogram(scores) = tally else { return None };
    let Moments { n, mean, sd } = mean_sd(scores.scores());
    Some(Reading::Mean { n: n as f64, mean: mean.unwrap_or(0.0), sd })
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::is_about;
    use crate::tally::{Observation, Score};

    fn of(scores: &[i32]) -> Estimate {
        let given: Vec<Observation> =
            scores.iter().map(|score| Observation::Score(Score::whole(*score))).collect();
        estimate(&CES.tallied(&given), 0.95)
    }

    #[test]
    fn the_mean_with_its_t_interval_ends_with_the_scale() {
        // Mean 19/3, deviation 0.577, t(2) = 4.303: 6.333 ± 1.434, and nobody can find it easier than 7.
        let ces = of(&[6, 6, 7]);
        assert_eq!(ces.n, 3);
        assert!(is_about(ces.value, 6.333) && is_about(ces.lower, 4.899), "{ces:?}");
        assert_eq!(
            (ces.upper, ces.detail.number("sd").map(|sd| (sd * 1000.0).round())),
            (Some(7.0), Some(577.0))
        );
        assert_eq!(of(&[1, 1, 2]).lower, Some(1.0));
    }

    #[test]
    fn one_answer_has_a_value_and_no_interval() {
        let one = of(&[4]);
        assert_eq!((one.n, one.value, one.lower, one.upper), (1, Some(4.0), None, None));
        assert_eq!(one.note, "one answer has no variance");
        assert_eq!((of(&[]).value, of(&[]).note.as_str()), (None, "no answers"));
    }
}
