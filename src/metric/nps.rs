//! Net Promoter Score: promoters less detractors, of all who answered.

use super::case::{Cases, Question};
use super::reading::Reading;
use super::{Better, Metric, TallyKind};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::stats::nps::score_interval;
use crate::tally::{Scale, Score, Tally};

/// The metric.
pub static NPS: Metric = Metric {
    id: "nps",
    title: "NPS",
    short: "NPS",
    unit: Unit::Points,
    better: Better::Higher,
    definition: "0-10",
    about: "promoters (9–10) less detractors (0–6), per hundred answers",
    needs: &[(Kind::Surveys, &[Field::Score, Field::Nps])],
    cases: Cases::Answers(Question { name: "nps", scales: &[Scale::new(0, 10)], whole_only: true }),
    tally: TallyKind::Histogram,
    reading,
    estimate,
};

/// A promoter gives at least this.
pub const PROMOTER: Score = Score::whole(9);

/// A passive gives at least this, and a detractor less.
pub const PASSIVE: Score = Score::whole(7);

fn reading(tally: &Tally) -> Option<Reading<'_>> {
    let Tally::Histogram(scores) = tally else { return None };
    let promoters = scores.between(PROMOTER, scores.scale.highest);
    let detractors = scores.between(scores.scale.lowest, Score(PASSIVE.0 - 1));
    let [detractors, passives, promoters] =
        [detractors, scores.n() - promoters - detractors, promoters].map(|n| n as f64);
    Some(Reading::Net { detractors, passives, promoters })
}

fn estimate(tally: &Tally, level: f64) -> Estimate {
    let Tally::Histogram(scores) = tally else { return Estimate::undefined(0, "no answers") };
    let n = scores.n();
    let promoters = scores.between(PROMOTER, scores.scale.highest);
    let detractors = scores.between(scores.scale.lowest, Score(PASSIVE.0 - 1));
    let passives = n - promoters - detractors;
    let Some(interval) = score_interval(detractors as f64, passives as f64, promoters as f64, level) else {
        return Estimate::undefined(n, "no answers");
    };
    let percent = |part: u64| 100.0 * part as f64 / n as f64;
    Estimate {
        n,
        value: Some(100.0 * (promoters as f64 - detractors as f64) / n as f64),
        lower: Some(100.0 * interval.lower),
        upper: Some(100.0 * interval.upper),
        ..Estimate::default()
    }
    .with("promoters", promoters)
    .with("passives", passives)
    .with("detractors", detractors)
    .with("promoters_percent", percent(promoters))
    .with("passives_percent", percent(passives))
    .with("detractors_percent", percent(detractors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::case::Answer;
    use crate::metric::sample::is_about;
    use crate::tally::Observation;

    fn of(scores: &[i32]) -> Estimate {
        let given: Vec<Observation> = scores
            .iter()
            .map(|score| Question::observe(&Answer { score: Some(Score::whole(*score)) }))
            .collect();
        estimate(&NPS.tallied(&given), 0.95)
    }

    #[test]
    fn zero_is_a_detractor_and_a_blank_is_nobody() {
        let nps = of(&[0, 6, 7, 8, 9, 10, 10]);
        let counts = ["detractors", "passives", "promoters"].map(|group| nps.detail.number(group));
        assert_eq!((nps.n, counts), (7, [Some(2.0), Some(2.0), Some(3.0)]));
        assert!(is_about(nps.value, 14.286), "{nps:?}");
        assert_eq!(Question::observe(&Answer { score: None }), Observation::Excluded("no-answer"));
        assert_eq!(of(&[0]).value, Some(-100.0));
    }

    #[test]
    fn ten_promoters_end_at_100_and_not_beyond() {
        let nps = of(&[9; 10]);
        assert_eq!((nps.value, nps.upper), (Some(100.0), Some(100.0)));
        assert!(nps.lower.is_some_and(|lower| (lower - 44.5).abs() < 0.05), "{nps:?}");
    }

    #[test]
    fn no_answers_are_no_score() {
        assert_eq!((of(&[]).n, of(&[]).value, of(&[]).note.as_str()), (0, None, "no answers"));
    }
}
