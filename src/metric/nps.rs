//! The Net Promoter Score: promoters less detractors, of all answers from 0 to 10, or of shorter scales.

use super::case::{Cases, Question};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, scores};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Histogram, Scale, Score, Tally};

/// A promoter gives at least this.
pub const PROMOTER: Score = Score::whole(9);

/// A passive gives at least this, and a detractor less.
pub const PASSIVE: Score = Score::whole(7);

static PAGE: Page = Page {
    means: "How many more customers would recommend you than would warn others off. +100 means that everybody would \
        recommend you, −100 that nobody would; the passives in between count for nothing but are part of the whole.",
    assumes: &[
        "Those who answered are like those who did not. Look at the response rate beside it.",
        "Each answer is its own: where customers answer again and again, --answers latest counts each once.",
    ],
    misleads: &[
        "With a hundred answers it moves by some 15 points from week to week although nothing has changed: look at the \
         interval, and let cxm trend say what is a signal.",
        "It depends on when and where you ask. Answers after a purchase and answers by a yearly letter are not one number.",
        "The same score hides different customers: 40 is 40 % promoters and 60 % passives, or 70 % and 30 % detractors.",
        "Numbers of other countries, industries and vendors are not comparable: people use the scale differently.",
    ],
};

/// Of 0 to 10.
pub static NPS: Metric = Metric {
    id: "nps",
    title: "NPS",
    short: "NPS",
    unit: Unit::Points,
    better: Better::Higher,
    definition: "0-10",
    about: "promoters (9–10) less detractors (0–6), per hundred answers",
    formula: "100 · (answers of 9–10 − answers of 0–6) / answers; score interval (Tango 1998)",
    source: "Reichheld 2003, The One Number You Need to Grow",
    page: &PAGE,
    needs: &[(Kind::Surveys, &[Field::Score, Field::Nps])],
    cases: Cases::Answers(Question { name: "nps", scales: &[Scale::new(0, 10)], whole_only: true }),
    tally: TallyKind::Histogram,
    reading: |tally| Some(cut(scores::of(tally)?, Score(PASSIVE.0 - 1), PROMOTER)),
    estimate: |tally, level| estimate(tally, Score(PASSIVE.0 - 1), PROMOTER, level),
};

/// Of 1 to 5.
pub static FIVE_POINT: Metric = Metric {
    definition: "5-point",
    about: "promoters (5) less detractors (1–3), per hundred answers from 1 to 5",
    formula: "100 · (answers of 5 − answers of 1–3) / answers; score interval (Tango 1998)",
    source: "by analogy with 0–10, as most tools that ask on five points cut: no standard fixes it, and it does not compare with 0–10",
    cases: Cases::Answers(Question { name: "nps", scales: &[Scale::new(1, 5)], whole_only: true }),
    reading: |tally| Some(cut(scores::of(tally)?, Score::whole(3), Score::whole(5))),
    estimate: |tally, level| estimate(tally, Score::whole(3), Score::whole(5), level),
    ..NPS
};

/// Of 1 to 7.
pub static SEVEN_POINT: Metric = Metric {
    definition: "7-point",
    about: "promoters (6–7) less detractors (1–4), per hundred answers from 1 to 7",
    formula: "100 · (answers of 6–7 − answers of 1–4) / answers; score interval (Tango 1998)",
    source: "by analogy with 0–10, in the same parts of the scale: no standard fixes it, and it does not compare with 0–10",
    cases: Cases::Answers(Question { name: "nps", scales: &[Scale::new(1, 7)], whole_only: true }),
    reading: |tally| Some(cut(scores::of(tally)?, Score::whole(4), Score::whole(6))),
    estimate: |tally, level| estimate(tally, Score::whole(4), Score::whole(6), level),
    ..NPS
};

fn cut(scores: &Histogram, detractor: Score, promoter: Score) -> Reading<'static> {
    scores::net(scores, detractor, promoter)
}

fn estimate(tally: &Tally, detractor: Score, promoter: Score, level: f64) -> Estimate {
    let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
    let reading = cut(answers, detractor, promoter);
    let estimate = scores::estimate(answers, &reading, scores::POINTS, level);
    let Reading::Net { detractors, passives, promoters } = reading else { return estimate };
    let all = reading.n();
    if all <= 0.0 {
        return estimate;
    }
    let given = |from: Score, to: Score| answers.between(from, to);
    let (against, for_it) = (given(answers.scale.lowest, detractor), given(promoter, answers.scale.highest));
    let percent = |part: f64| 100.0 * part / all;
    estimate
        .with("promoters", for_it)
        .with("passives", answers.answers() - for_it - against)
        .with("detractors", against)
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

    fn by(metric: &Metric, scores: &[i32]) -> Estimate {
        let given: Vec<Observation> = scores
            .iter()
            .map(|score| Question::observe(&Answer { score: Some(Score::whole(*score)), weight: None }))
            .collect();
        (metric.estimate)(&metric.tallied(&given), 0.95)
    }

    fn of(scores: &[i32]) -> Estimate {
        by(&NPS, scores)
    }

    #[test]
    fn zero_is_a_detractor_and_a_blank_is_nobody() {
        let nps = of(&[0, 6, 7, 8, 9, 10, 10]);
        let counts = ["detractors", "passives", "promoters"].map(|group| nps.detail.number(group));
        assert_eq!((nps.n, counts), (7, [Some(2.0), Some(2.0), Some(3.0)]));
        assert!(is_about(nps.value, 14.286), "{nps:?}");
        let blank = Question::observe(&Answer { score: None, weight: None });
        assert_eq!(blank, Observation::Excluded("no-answer"));
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

    #[test]
    fn shorter_scales_have_their_own_cuts() {
        assert_eq!(by(&FIVE_POINT, &[5, 5, 4, 3]).value, Some(25.0));
        assert_eq!(by(&SEVEN_POINT, &[7, 6, 5, 4]).value, Some(25.0));
    }
}
