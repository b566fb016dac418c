//! Customer satisfaction: the share of answers in the top two boxes of the scale, or of good among good and bad.

use super::case::{Cases, Question};
use super::judge::percent;
use super::reading::Reading;
use super::{Better, GOOD_OR_BAD, Metric, TallyKind};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Scale, Score, Share, Tally};

/// Of answers on a scale.
pub static CSAT: Metric = Metric {
    id: "csat",
    title: "CSAT",
    short: "CSAT",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "top2",
    about: "satisfied answers (the top two of the scale: 4–5 of 1–5), of all answers",
    needs: &[(Kind::Surveys, &[Field::Score, Field::Csat])],
    cases: Cases::Answers(Question {
        name: "csat",
        scales: &[Scale::new(1, 5), Scale::new(1, 7), Scale::new(1, 10)],
        whole_only: false,
    }),
    tally: TallyKind::Histogram,
    reading,
    estimate,
};

/// Of the ratings of tickets that say good or bad: good is 1, bad is 0.
pub static GOOD: Metric = Metric {
    id: "csat",
    title: "CSAT",
    short: "CSAT",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "good",
    about: "tickets rated good, of those rated good or bad",
    needs: &[(Kind::Tickets, &[Field::Rating])],
    cases: Cases::Answers(Question { name: GOOD_OR_BAD, scales: &[Scale::new(0, 1)], whole_only: true }),
    tally: TallyKind::Histogram,
    reading: reading_good,
    estimate: estimate_good,
};

/// Whether a score on that scale is in the top two boxes.
pub fn is_satisfied(score: Score, scale: Scale) -> bool {
    score >= lowest_satisfied(scale)
}

fn lowest_satisfied(scale: Scale) -> Score {
    Score(scale.highest.0 - 1000)
}

fn reading(tally: &Tally) -> Option<Reading<'_>> {
    let Tally::Histogram(scores) = tally else { return None };
    let satisfied = scores.between(lowest_satisfied(scores.scale), scores.scale.highest);
    Some(Reading::Share { successes: satisfied as f64, n: scores.n() as f64 })
}

fn estimate(tally: &Tally, level: f64) -> Estimate {
    let Tally::Histogram(scores) = tally else { return Estimate::undefined(0, "no answers") };
    let n = scores.n();
    if n == 0 {
        return Estimate::undefined(0, "no answers");
    }
    let satisfied = scores.between(lowest_satisfied(scores.scale), scores.scale.highest);
    percent(&Share { successes: satisfied, failures: n - satisfied, ..Share::default() }, level)
        .with("satisfied", satisfied)
        .with("scale", scores.scale.to_string().as_str())
}

fn reading_good(tally: &Tally) -> Option<Reading<'_>> {
    let Tally::Histogram(ratings) = tally else { return None };
    let good = ratings.between(ratings.scale.highest, ratings.scale.highest);
    Some(Reading::Share { successes: good as f64, n: ratings.n() as f64 })
}

fn estimate_good(tally: &Tally, level: f64) -> Estimate {
    let Tally::Histogram(ratings) = tally else { return Estimate::undefined(0, "no ratings") };
    let n = ratings.n();
    if n == 0 {
        return Estimate::undefined(0, "no ratings");
    }
    let good = ratings.between(ratings.scale.highest, ratings.scale.highest);
    percent(&Share { successes: good, failures: n - good, ..Share::default() }, level)
        .with("good", good)
        .with("bad", n - good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::is_about;
    use crate::tally::{Histogram, Observation};

    fn on(scale: Scale, scores: &[i32]) -> Estimate {
        let mut tally = Tally::Histogram(Histogram::new(scale));
        scores.iter().for_each(|score| tally.add(Observation::Score(Score(*score))));
        estimate(&tally, 0.95)
    }

    #[test]
    fn the_top_two_of_each_scale_are_satisfied() {
        for (highest, lowest_satisfied) in [(5, 4), (7, 6), (10, 9)] {
            let satisfied = |score: i32| is_satisfied(Score(score), Scale::new(1, highest));
            assert!(satisfied(1000 * lowest_satisfied) && satisfied(1000 * highest), "1-{highest}");
            assert!(!satisfied(1000 * lowest_satisfied - 1) && !satisfied(1000), "1-{highest}");
        }
    }

    #[test]
    fn three_of_four_are_75_percent_between_30_and_95() {
        let csat = on(Scale::new(1, 5), &[1000, 4000, 4500, 5000]);
        assert_eq!((csat.n, csat.value, csat.detail.number("satisfied")), (4, Some(75.0), Some(3.0)));
        assert!(is_about(csat.lower, 30.065) && is_about(csat.upper, 95.441), "{csat:?}");
        assert_eq!(on(Scale::new(1, 5), &[]).note, "no answers");
    }

    #[test]
    fn good_is_counted_among_good_and_bad() {
        let rated = |good: usize, bad: usize| {
            let ratings = [vec![1000; good], vec![0; bad]].concat();
            let given: Vec<Observation> =
                ratings.iter().map(|score| Observation::Score(Score(*score))).collect();
            estimate_good(&GOOD.tallied(&given), 0.95)
        };
        let three_of_four = rated(3, 1);
        assert_eq!((three_of_four.n, three_of_four.value), (4, Some(75.0)));
        assert!(is_about(three_of_four.lower, 30.065) && is_about(three_of_four.upper, 95.441));
        let counts = ["good", "bad"].map(|name| three_of_four.detail.number(name));
        assert_eq!(counts, [Some(3.0), Some(1.0)]);
        assert_eq!((rated(0, 2).value, rated(0, 0).note.as_str()), (Some(0.0), "no ratings"));
    }
}
