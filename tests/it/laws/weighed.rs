//! What weights, customers and the choice of answers must not change.

use std::fmt::Write as _;

use cxm::tally::{Score, UNIT, Weight};
use serde_json::Value;

use super::*;
use crate::values::run;

/// What is said of the same answers, each weighed by what `weight` says of its place.
fn weighed(metric: &Metric, scores: &[Score], weight: impl Fn(u32) -> Weight) -> Estimate {
    let mut tally = empty(metric);
    (0..).zip(scores).for_each(|(at, score)| tally.add(Observation::Weighed(*score, weight(at))));
    tally.settle();
    (metric.estimate)(&tally, 0.95)
}

fn is_same(one: &Estimate, other: &Estimate) -> bool {
    let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < 1e-7,
        (one, other) => one == other,
    };
    one.n == other.n
        && near(one.value, other.value)
        && near(one.lower, other.lower)
        && near(one.upper, other.upper)
        && one.note == other.note
}

/// Each survey metric in each definition, with the answers that count of some random cases.
fn surveys(law: impl Fn(&Metric, &[Score], &Estimate) -> Result<(), TestCaseError>) {
    holds(|cases| {
        for metric in all().filter(|metric| metric.question().is_some()) {
            let score =
                |case| if let Observation::Score(score) = judged(metric, case) { Some(score) } else { None };
            let scores: Vec<Score> = cases.iter().filter_map(score).collect();
            let plain = (metric.estimate)(&tallied(metric, cases), 0.95);
            law(metric, &scores, &plain)?;
        }
        Ok(())
    });
}

#[test]
fn weights_that_are_all_alike_are_none() {
    surveys(|metric, scores, plain| {
        for millionths in [UNIT / 3, UNIT, 7_500_000] {
            let found = weighed(metric, scores, |_| Weight { millionths, cluster: None, shared: None });
            let what = format!("{} {} by {millionths}", metric.id, metric.definition);
            prop_assert!(is_same(&found, plain), "{}: {:?} {:?}", what, found, plain);
        }
        Ok(())
    });
}

#[test]
fn customers_of_one_answer_each_are_answers() {
    surveys(|metric, scores, plain| {
        for shared in [None, Some(1)] {
            let one_each = |at| Weight { millionths: UNIT, cluster: Some(at), shared };
            let found = weighed(metric, scores, one_each);
            let what = format!("{} {}", metric.id, metric.definition);
            prop_assert!(is_same(&found, plain), "{}: {:?} {:?}", what, found, plain);
        }
        Ok(())
    });
}

#[test]
fn limits_of_weighed_answers_surround_the_value_and_stay_in_its_range() {
    surveys(|metric, scores, _| {
        let mut tally = empty(metric);
        for (at, score) in (0u32..).zip(scores) {
            let millionths = u64::from(at * 7919 % 13 + 1) * UNIT / 4;
            tally.add(Observation::Weighed(
                *score,
                Weight { millionths, cluster: Some(at / 3), shared: None },
            ));
        }
        tally.settle();
        let found = LEVELS.map(|level| (metric.estimate)(&tally, level));
        let (lowest, highest) = range(metric);
        for found in &found {
            let what = format!("{} {}: {found:?}", metric.id, metric.definition);
            for number in [found.lower, found.value, found.upper].into_iter().flatten() {
                prop_assert!(
                    number.is_finite() && lowest - 1e-9 <= number && number <= highest + 1e-9,
                    "{}",
                    what
                );
            }
            if let (Some(lower), Some(value), Some(upper)) = (found.lower, found.value, found.upper) {
                prop_assert!(lower <= value + 1e-9 && value <= upper + 1e-9, "{}", what);
            }
        }
        for pair in found.windows(2) {
            prop_assert!(
                pair[1].lower <= pair[0].lower.map(|limit| limit + 1e-9),
                "{} {:?}",
                metric.id,
                pair
            );
            prop_assert!(
                pair[1].upper.map(|limit| limit + 1e-9) >= pair[0].upper,
                "{} {:?}",
                metric.id,
                pair
            );
        }
        Ok(())
    });
}

/// Through the program: where everybody answered a question once, it does not matter which answer counts.
#[test]
fn with_one_answer_each_every_choice_of_answers_is_the_same() {
    let config = Config { cases: 4, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let answers = vec((0..11u8, 1..6u8, 1..8u8, 0..3u8), 1..60);
    runner
        .run(&answers, |answers| {
            let mut text = "date,customer,channel,nps,csat,ces\n".to_owned();
            for (at, (nps, csat, ces, channel)) in answers.iter().enumerate() {
                // Some have no name: nobody knows whether they answered before.
                let customer = if at % 5 == 4 { String::new() } else { format!("c{at}") };
                writeln!(text, "2026-01-{:02},{customer},ch{channel},{nps},{csat},{ces}", at % 28 + 1).unwrap();
            }
            let of = |choice: &str| {
                let line = format!(
                    "report --surveys s.csv --scale csat=1-5 --min-n 0 --by channel --format json -q --answers {choice}"
                );
                let outcome = run(&[("s.csv", &text)], &line);
                assert_eq!(outcome.status, 0, "{}", outcome.stderr);
                let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
                report["results"].as_array().unwrap().clone()
            };
            let all = of("all");
            for choice in ["latest", "first", "mean"] {
                let chosen = of(choice);
                prop_assert_eq!(chosen.len(), all.len());
                for (one, other) in chosen.iter().zip(&all) {
                    prop_assert_eq!((&one["metric"], &one["group"], &one["n"]), (&other["metric"], &other["group"], &other["n"]));
                    for name in ["value", "lower", "upper"] {
                        let near = match (one[name].as_f64(), other[name].as_f64()) {
                            (Some(one), Some(other)) => (one - other).abs() < 1e-7,
                            (one, other) => one == other,
                        };
                        prop_assert!(near, "{} of {}: {} {}", name, choice, one, other);
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}
