//! The Customer Effort Score: how easy it was, as a mean, as a share, or as effort in its first form.

use super::case::{Cases, Question};
use super::{Better, Metric, Page, TallyKind, scores};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Histogram, Scale, Score, Tally};

static PAGE: Page = Page {
    means: "How easy customers found it to get done what they came for. In the second form (2.0) people agree from 1 to 7 \
        that it was easy, and high is good; in the first form (1.0) they say from 1 to 5 how much effort it took, and low \
        is good.",
    assumes: &[
        "The distance from 2 to 3 is the same as that from 6 to 7: that is what a mean takes for granted. The share that \
         found it easy does without.",
        "All answers are on one scale that runs one way: the two forms are never mixed.",
    ],
    misleads: &[
        "A mean of 5.5 may be everybody at 5 or 6, or two camps at 7 and 1. Look at the share, or at the hard cases.",
        "It says nothing of those who gave up before they could be asked.",
        "Moving from the first form to the second turns good into bad without a word: name the definition.",
    ],
};

/// Of 1 to 7, where 7 is easy.
pub static CES: Metric = Metric {
    id: "ces",
    title: "CES",
    short: "CES",
    unit: Unit::Score,
    better: Better::Higher,
    definition: "2.0",
    about: "mean of 1–7, where 7 is easy",
    formula: "Σ score / answers; t interval, ended with the scale",
    source: "CEB 2013, Customer Effort Score 2.0",
    page: &PAGE,
    needs: &[(Kind::Surveys, &[Field::Score, Field::Ces])],
    cases: Cases::Answers(Question { name: "ces", scales: &[Scale::new(1, 7)], whole_only: false }),
    tally: TallyKind::Histogram,
    reading: |tally| Some(scores::mean(scores::of(tally)?, Score::value)),
    estimate: mean,
};

/// Of 1 to 5, where 5 is much effort.
pub static EFFORT: Metric = Metric {
    definition: "1.0",
    better: Better::Lower,
    about: "mean of 1–5, where 5 is much effort: low is good",
    source: "Dixon, Freeman and Toman 2010, Stop Trying to Delight Your Customers",
    cases: Cases::Answers(Question { name: "ces", scales: &[Scale::new(1, 5)], whole_only: false }),
    ..CES
};

/// The share that found it easy.
pub static EASY: Metric = Metric {
    definition: "easy",
    unit: Unit::Percent,
    about: "answers of 5–7, of all answers from 1 to 7",
    formula: "100 · answers of 5–7 / answers; Wilson interval",
    source: "the top-3-box form of CES 2.0",
    reading: |tally| Some(scores::share(scores::of(tally)?, is_easy)),
    estimate: easy,
    ..CES
};

/// Easy less hard.
pub static NET: Metric = Metric {
    definition: "net",
    unit: Unit::Points,
    about: "easy (5–7) less hard (1–3), of all answers from 1 to 7",
    formula: "100 · (answers of 5–7 − answers of 1–3) / answers; score interval (Tango 1998)",
    source: "the net form of CES 2.0, as NPS is of its scale",
    reading: |tally| Some(scores::net(scores::of(tally)?, HARD, Score::whole(5))),
    estimate: net,
    ..CES
};

/// Who gives at most this found it hard.
const HARD: Score = Score::whole(3);

fn is_easy(score: Score) -> bool {
    score >= Score::whole(5)
}

fn with_scale(estimate: Estimate, scores: &Histogram) -> Estimate {
    if scores.answers() == 0 { estimate } else { estimate.with("scale", scores.scale.to_string().as_str()) }
}

fn mean(tally: &Tally, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    scores::mean_estimate(answers, level)
}

fn easy(tally: &Tally, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    let reading = scores::share(answers, is_easy);
    let estimate = scores::estimate(answers, &reading, scores::PERCENT, level);
    with_scale(estimate.with("easy", answers.between(Score::whole(5), answers.scale.highest)), answers)
}

fn net(tally: &Tally, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    let reading = scores::net(answers, HARD, Score::whole(5));
    with_scale(scores::estimate(answers, &reading, scores::POINTS, level), answers)
        .with("easy", answers.between(Score::whole(5), answers.scale.highest))
        .with("hard", answers.between(answers.scale.lowest, HARD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::is_about;
    use crate::tally::Observation;

    fn by(metric: &Metric, scores: &[i32]) -> Estimate {
        let given: Vec<Observation> =
            scores.iter().map(|score| Observation::Score(Score::whole(*score))).collect();
        (metric.estimate)(&metric.tallied(&given), 0.95)
    }

    fn of(scores: &[i32]) -> Estimate {
        by(&CES, scores)
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

    #[test]
    fn easy_is_5_to_7_and_hard_1_to_3() {
        let answers = [1, 3, 4, 5, 7, 7, 6, 2];
        assert_eq!(by(&EASY, &answers).value, Some(50.0));
        assert_eq!(by(&NET, &answers).value, Some(12.5));
        assert!(is_about(by(&EFFORT, &[1, 2, 5]).value, 2.667));
    }
}
