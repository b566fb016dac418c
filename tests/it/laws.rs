//! What holds for every metric of the registry in every definition, on random cases: merging, bounds, intervals, names.

mod cases;
mod names;
mod weighed;

use cases::{Raw, judged};
use cxm::estimate::{Estimate, Figure};
use cxm::metric::{DEFINITIONS, METRICS, Metric};
use cxm::report::Unit;
use cxm::tally::{Observation, Scale, Tally};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

const LEVELS: [f64; 6] = [0.5, 0.8, 0.9, 0.95, 0.99, 0.9999];

/// The same cases in every run.
fn holds(law: impl Fn(&[Raw]) -> Result<(), TestCaseError>) {
    let config = Config { cases: 128, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let case = (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), any::<u32>(), any::<u32>());
    runner.run(&vec(case, 0..60), |cases| law(&cases)).unwrap();
}

/// Every metric in every definition.
fn all() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter().chain(DEFINITIONS).copied()
}

fn empty(metric: &Metric) -> Tally {
    metric.tally.empty(metric.question().map_or(Scale::new(0, 10), |question| question.scales[0]))
}

fn tallied<'a>(metric: &Metric, cases: impl IntoIterator<Item = &'a Raw>) -> Tally {
    let mut tally = empty(metric);
    cases.into_iter().for_each(|case| tally.add(judged(metric, case)));
    tally
}

fn sum(a: &Tally, b: &Tally) -> Tally {
    let mut both = a.clone();
    both.merge(b);
    both
}

#[test]
fn merging_is_associative_and_commutative_and_the_empty_tally_changes_nothing() {
    holds(|cases| {
        for metric in all() {
            let part = |wanted: u32| tallied(metric, cases.iter().filter(|case| case.5 % 3 == wanted));
            let (a, b, c) = (part(0), part(1), part(2));
            prop_assert_eq!(sum(&sum(&a, &b), &c), sum(&a, &sum(&b, &c)), "{}", metric.id);
            prop_assert_eq!(sum(&a, &b), sum(&b, &a), "{}", metric.id);
            prop_assert_eq!(&sum(&a, &empty(metric)), &a, "{}", metric.id);
            prop_assert_eq!(&sum(&empty(metric), &a), &a, "{}", metric.id);
        }
        Ok(())
    });
}

#[test]
fn in_parts_and_in_any_order_the_estimate_is_that_of_the_whole() {
    holds(|cases| {
        for metric in all() {
            let whole = tallied(metric, cases);
            let parts = 1 + cases.len() as u32 % 5;
            let merged = (0..parts).rev().fold(empty(metric), |known, part| {
                sum(&tallied(metric, cases.iter().rev().filter(|case| case.4 % parts == part)), &known)
            });
            prop_assert_eq!(merged.n(), whole.n());
            prop_assert_eq!(
                (metric.estimate)(&merged, 0.95),
                (metric.estimate)(&whole, 0.95),
                "{}",
                metric.id
            );
            prop_assert_eq!(merged, whole, "{}", metric.id);
        }
        Ok(())
    });
}

#[test]
fn each_case_is_used_pending_or_excluded_for_a_reason() {
    holds(|cases| {
        for metric in all() {
            let mut used = 0;
            for case in cases {
                match judged(metric, case) {
                    Observation::Excluded(reason) => prop_assert!(!reason.is_empty()),
                    Observation::Pending | Observation::Arrived => {}
                    // The arm beside the one that the metric is about is not in its n.
                    Observation::Arm { focal, .. } => used += u64::from(focal),
                    _ => used += 1,
                }
            }
            prop_assert_eq!(tallied(metric, cases).n(), used, "{}", metric.id);
            prop_assert_eq!((metric.estimate)(&tallied(metric, cases), 0.95).n, used, "{}", metric.id);
        }
        Ok(())
    });
}

#[test]
fn a_case_more_is_one_more_at_most_and_an_excluded_one_is_none() {
    holds(|cases| {
        for metric in all() {
            for (at, case) in cases.iter().enumerate() {
                let (before, after) = (tallied(metric, &cases[..at]), tallied(metric, &cases[..=at]));
                prop_assert!((before.n()..=before.n() + 1).contains(&after.n()), "{}", metric.id);
                if let Observation::Excluded(why) = judged(metric, case) {
                    prop_assert_eq!(before, after, "{} {}", metric.id, why);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn without_cases_there_is_a_reason_and_no_number() {
    for metric in all() {
        let none = (metric.estimate)(&empty(metric), 0.95);
        assert_eq!((none.n, none.value, none.lower, none.upper), (0, None, None, None), "{}", metric.id);
        assert!(!none.note.is_empty(), "{}", metric.id);
        assert!(none.detail.0.iter().all(|(_, figure)| is_finite(figure)), "{}", metric.id);
    }
}

fn is_finite(figure: &Figure) -> bool {
    !matches!(figure, Figure::Number(number) if !number.is_finite())
}

/// The range of a metric's values.
fn range(metric: &Metric) -> (f64, f64) {
    match metric.unit {
        Unit::Points => (-100.0, 100.0),
        Unit::Percent if metric.id == "nrr" => (0.0, f64::INFINITY),
        Unit::Percent => (0.0, 100.0),
        Unit::Score => {
            let scale = metric.question().unwrap().scales[0];
            (scale.lowest.value(), scale.highest.value())
        }
        Unit::Hours => (0.0, f64::INFINITY),
    }
}

#[test]
fn limits_surround_the_value_and_stay_in_its_range() {
    holds(|cases| {
        for metric in all() {
            let tally = tallied(metric, cases);
            for level in LEVELS {
                let Estimate { n, value, lower, upper, note, detail } = (metric.estimate)(&tally, level);
                let what = format!("{} at {level}: {lower:?} {value:?} {upper:?} of {n}", metric.id);
                let (lowest, highest) = range(metric);
                for number in [lower, value, upper].into_iter().flatten() {
                    prop_assert!(number.is_finite() && lowest <= number && number <= highest, "{}", what);
                }
                // A median may not be reached while its lower limit is.
                if let Some(value) = value {
                    prop_assert!(lower.is_none_or(|lower| lower <= value), "{}", what);
                    prop_assert!(upper.is_none_or(|upper| value <= upper), "{}", what);
                    prop_assert!(n > 0, "{}", what);
                }
                let complete = value.is_some() && lower.is_some() && upper.is_some();
                prop_assert!(complete || !note.is_empty(), "{} without a reason", what);
                prop_assert!(detail.0.iter().all(|(_, figure)| is_finite(figure)), "{}", what);
            }
        }
        Ok(())
    });
}

#[test]
fn more_confidence_takes_no_less_room() {
    // A limit is found by halving: two that are equal may differ in the last digits.
    const SLACK: f64 = 1e-9;
    holds(|cases| {
        for metric in all() {
            let tally = tallied(metric, cases);
            for pair in LEVELS.windows(2) {
                let [less, more] = [pair[0], pair[1]].map(|level| (metric.estimate)(&tally, level));
                prop_assert_eq!(less.value, more.value);
                let what = format!("{} from {pair:?}: {less:?} {more:?}", metric.id);
                if let (Some(less), Some(more)) = (less.lower, more.lower) {
                    prop_assert!(more <= less + SLACK, "{}", what);
                }
                // An upper limit that is not reached is as far as can be.
                match (less.upper, more.upper) {
                    (Some(less), Some(more)) => prop_assert!(less <= more + SLACK, "{}", what),
                    (None, Some(_)) => prop_assert!(false, "{}", what),
                    _ => {}
                }
            }
        }
        Ok(())
    });
}

#[test]
fn the_pending_bound_the_value() {
    holds(|cases| {
        for metric in all() {
            let tally = tallied(metric, cases);
            let Tally::Share(share) = tally else { continue };
            let estimate = (metric.estimate)(&tally, 0.95);
            let [pending, low, high] =
                ["pending", "lower_bound", "upper_bound"].map(|name| estimate.detail.number(name));
            prop_assert_eq!(pending.unwrap_or(0.0), share.pending as f64, "{}", metric.id);
            prop_assert_eq!(low.is_some(), share.pending > 0, "{}", metric.id);
            if let (Some(low), Some(high)) = (low, high) {
                prop_assert!(0.0 <= low && low <= high && high <= 100.0, "{}", metric.id);
                let value = estimate.value.unwrap_or(low);
                prop_assert!(low <= value && value <= high, "{} {:?}", metric.id, estimate);
            }
        }
        Ok(())
    });
}

#[test]
fn an_observation_of_a_metric_belongs_to_its_tally() {
    // A tally refuses what is not its own by a debug assertion: no random case may set it off.
    holds(|cases| {
        all().for_each(|metric| drop(tallied(metric, cases)));
        Ok(())
    });
}
