//! Customer satisfaction: the share of answers in the top boxes of the scale, of good among good and bad, or a mean.

use super::case::{Cases, Question};
use super::reading::Reading;
use super::{Better, GOOD_OR_BAD, Metric, Page, TallyKind, scores};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Histogram, Scale, Score, Tally};

static PAGE: Page = Page {
    means: "How many of those who answered were satisfied. By default that is the share of the top two answers of the \
        scale (4 and 5 of 1–5), or of good among good and bad.",
    assumes: &[
        "Those who answered are like those who did not. The angry and the delighted answer more often.",
        "All answers are on one scale: 1–5 and 1–7 are never mixed.",
    ],
    misleads: &[
        "The same answers give 42 % or 65 depending on the definition: a top-2-box share, a mean turned into percent and a \
         percent of the maximum are three numbers. Compare like with like.",
        "Percent of the maximum is never 0: on 1–5 the worst possible score is 20 %.",
        "A satisfied customer may leave all the same: look at the satisfied defectors.",
    ],
};

/// Of answers on a scale.
pub static CSAT: Metric = Metric {
    id: "csat",
    title: "CSAT",
    short: "CSAT",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "top2",
    about: "satisfied answers (the top two of the scale: 4–5 of 1–5), of all answers",
    formula: "100 · answers in the top two of the scale / answers; Wilson interval",
    source: "the usual top-2-box score of survey research",
    page: &PAGE,
    needs: &[(Kind::Surveys, &[Field::Score, Field::Csat])],
    cases: Cases::Answers(Question {
        name: "csat",
        scales: &[Scale::new(1, 5), Scale::new(1, 7), Scale::new(1, 10)],
        whole_only: false,
    }),
    tally: TallyKind::Histogram,
    reading: |tally| Some(boxes(scores::of(tally)?, 2)),
    estimate: |tally, level| top(tally, 2, level),
};

/// Of the ratings of tickets that say good or bad: good is 1, bad is 0.
pub static GOOD: Metric = Metric {
    definition: "good",
    about: "tickets rated good, of those rated good or bad",
    formula: "100 · good / (good + bad), each ticket once by its last rating; Wilson interval",
    source: "Zendesk's satisfaction score",
    needs: &[(Kind::Tickets, &[Field::Rating])],
    cases: Cases::Answers(Question { name: GOOD_OR_BAD, scales: &[Scale::new(0, 1)], whole_only: true }),
    reading: |tally| Some(boxes(scores::of(tally)?, 1)),
    estimate: good,
    ..CSAT
};

/// The same under the vendor's name.
pub static ZENDESK: Metric = Metric {
    definition: "zendesk",
    about: "tickets rated good, of those rated good or bad, as Zendesk counts them",
    ..GOOD
};

/// The share of the best answer.
pub static TOP1: Metric = Metric {
    definition: "top1",
    about: "answers of the highest score, of all answers",
    formula: "100 · answers of the highest score / answers; Wilson interval",
    source: "the usual top-box score of survey research",
    reading: |tally| Some(boxes(scores::of(tally)?, 1)),
    estimate: |tally, level| top(tally, 1, level),
    ..CSAT
};

/// The mean score.
pub static MEAN: Metric = Metric {
    definition: "mean",
    unit: Unit::Score,
    about: "mean of the scores",
    formula: "Σ score / answers; t interval, ended with the scale",
    source: "the plain mean",
    reading: |tally| Some(scores::mean(scores::of(tally)?, Score::value)),
    estimate: mean,
    ..CSAT
};

/// The mean as a part of the highest score.
pub static PERCENT_OF_MAX: Metric = Metric {
    definition: "percent-of-max",
    about: "mean score, in percent of the highest score",
    formula: "100 · mean / highest score; t interval, ended with the scale",
    source: "\"percent CSAT\" of many dashboards: the sum of the scores, of the most that it could be",
    reading: |tally| scores::of(tally).map(|scores| scores::mean(scores, of_max(scores.scale))),
    estimate: |tally, level| scaled(tally, of_max, level),
    ..CSAT
};

/// The mean between the ends of the scale.
pub static RESCALED: Metric = Metric {
    definition: "rescaled",
    about: "mean score on 0–100, where 0 is the lowest score and 100 the highest",
    formula: "100 · (mean − lowest) / (highest − lowest); t interval, ended with the scale",
    source: "the form of the national satisfaction indices (ACSI: Fornell et al. 1996)",
    reading: |tally| scores::of(tally).map(|scores| scores::mean(scores, rescale(scores.scale))),
    estimate: |tally, level| scaled(tally, rescale, level),
    ..CSAT
};

/// Satisfied less dissatisfied.
pub static NET: Metric = Metric {
    definition: "net",
    unit: Unit::Points,
    about: "satisfied answers (the top two) less dissatisfied ones (the bottom two), of all answers",
    formula: "100 · (answers in the top two − answers in the bottom two) / answers; score interval (Tango 1998)",
    source: "net satisfaction of survey research",
    reading: |tally| scores::of(tally).map(net_reading),
    estimate: net,
    ..CSAT
};

/// Whether a score on that scale is in the top two boxes.
pub fn is_satisfied(score: Score, scale: Scale) -> bool {
    score >= lowest_of(scale, 2)
}

/// The lowest score that is in the top boxes.
fn lowest_of(scale: Scale, boxes: i32) -> Score {
    Score(scale.highest.0 - 1000 * (boxes - 1))
}

fn boxes(scores: &Histogram, boxes: i32) -> Reading<'static> {
    let lowest = lowest_of(scores.scale, boxes);
    scores::share(scores, |score| score >= lowest)
}

fn of_max(scale: Scale) -> Box<dyn Fn(Score) -> f64> {
    Box::new(move |score| 100.0 * score.value() / scale.highest.value())
}

fn rescale(scale: Scale) -> Box<dyn Fn(Score) -> f64> {
    let (lowest, highest) = scores::ends(scale);
    Box::new(move |score| 100.0 * (score.value() - lowest) / (highest - lowest))
}

fn net_reading(scores: &Histogram) -> Reading<'static> {
    scores::net(scores, Score(scores.scale.lowest.0 + 1000), lowest_of(scores.scale, 2))
}

fn top(tally: &Tally, count: i32, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    let estimate = scores::estimate(answers, &boxes(answers, count), scores::PERCENT, level);
    if answers.answers() == 0 {
        return estimate;
    }
    estimate
        .with("satisfied", answers.between(lowest_of(answers.scale, count), answers.scale.highest))
        .with("scale", answers.scale.to_string().as_str())
}

fn good(tally: &Tally, level: f64) -> Estimate {
    let Some(ratings) = scores::of(tally) else { return Estimate::undefined(0, "no ratings") };
    let n = ratings.answers();
    if n == 0 {
        return Estimate::undefined(0, "no ratings");
    }
    let good = ratings.between(ratings.scale.highest, ratings.scale.highest);
    scores::estimate(ratings, &boxes(ratings, 1), scores::PERCENT, level)
        .with("good", good)
        .with("bad", n - good)
}

fn mean(tally: &Tally, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    scores::mean_estimate(answers, level)
}

fn scaled(tally: &Tally, value: fn(Scale) -> Box<dyn Fn(Score) -> f64>, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    let value = value(answers.scale);
    let ends = (value(answers.scale.lowest), value(answers.scale.highest));
    scores::of_mean(answers, value, ends, level)
}

fn net(tally: &Tally, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    let scale = answers.scale;
    scores::estimate(answers, &net_reading(answers), scores::POINTS, level)
        .with("satisfied", answers.between(lowest_of(scale, 2), scale.highest))
        .with("dissatisfied", answers.between(scale.lowest, Score(scale.lowest.0 + 1000)))
        .with("scale", scale.to_string().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::is_about;
    use crate::tally::Observation;

    fn by(metric: &Metric, scale: Scale, scores: &[i32]) -> Estimate {
        let mut tally = Tally::Histogram(Histogram::new(scale));
        scores.iter().for_each(|score| tally.add(Observation::Score(Score(*score))));
        (metric.estimate)(&tally, 0.95)
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
        let csat = by(&CSAT, Scale::new(1, 5), &[1000, 4000, 4500, 5000]);
        assert_eq!((csat.n, csat.value, csat.detail.number("satisfied")), (4, Some(75.0), Some(3.0)));
        assert!(is_about(csat.lower, 30.065) && is_about(csat.upper, 95.441), "{csat:?}");
        assert_eq!(by(&CSAT, Scale::new(1, 5), &[]).note, "no answers");
    }

    #[test]
    fn good_is_counted_among_good_and_bad() {
        let rated =
            |good: usize, bad: usize| by(&GOOD, Scale::new(0, 1), &[vec![1000; good], vec![0; bad]].concat());
        let three_of_four = rated(3, 1);
        assert_eq!((three_of_four.n, three_of_four.value), (4, Some(75.0)));
        assert!(is_about(three_of_four.lower, 30.065) && is_about(three_of_four.upper, 95.441));
        let counts = ["good", "bad"].map(|name| three_of_four.detail.number(name));
        assert_eq!(counts, [Some(3.0), Some(1.0)]);
        assert_eq!((rated(0, 2).value, rated(0, 0).note.as_str()), (Some(0.0), "no ratings"));
    }

    #[test]
    fn one_set_of_answers_is_six_numbers() {
        // 1, 3, 4, 4, 5 of 1-5: mean 3.4.
        let answers = [1000, 3000, 4000, 4000, 5000];
        let values = [&CSAT, &TOP1, &MEAN, &PERCENT_OF_MAX, &RESCALED, &NET]
            .map(|metric| by(metric, Scale::new(1, 5), &answers).value.map(|x| (x * 1e9).round() / 1e9));
        assert_eq!(values, [60.0, 20.0, 3.4, 68.0, 60.0, 40.0].map(Some));
        // All at the top: the interval of a mean ends with the scale.
        let best = by(&RESCALED, Scale::new(1, 5), &[5000, 5000, 4000]);
        assert_eq!(best.upper, Some(100.0));
        assert_eq!(by(&PERCENT_OF_MAX, Scale::new(1, 5), &[1000, 1000, 2000]).lower, Some(20.0));
    }
}
