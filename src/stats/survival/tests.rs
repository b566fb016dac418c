//! Curves worked out by hand, and limits against the search through every step.

use super::*;

#[test]
fn nothing_seen_has_no_curve() {
    let empty = KaplanMeier::<f64>::new(&[], &[]);
    assert_eq!(empty.steps().count(), 0);
    assert_eq!((empty.survival_at(0.0), empty.quantile(0.5)), (None, None));
    assert_eq!(empty.quantile_interval(0.5, 0.95), (None, None));
}

#[test]
fn no_limit_is_passed_over() {
    for (n, every) in [(1u64, 7), (2, 7), (5, 2), (40, 7), (1_000, 100), (20_000, 7), (20_000, u64::MAX)] {
        let ended: Vec<u64> = (1..=n).flat_map(|time| vec![time; 1 + time as usize % 3]).collect();
        let censored: Vec<u64> = (1..=n).filter(|time| time.is_multiple_of(every)).collect();
        let long = KaplanMeier::new(&ended, &censored);
        for (q, level) in [(0.5, 0.95), (0.9, 0.95), (0.1, 0.5), (0.01, 0.999)] {
            let target = target(q).unwrap();
            let first = |limit: fn(Interval) -> f64| {
                let mut limits = long.steps().zip(long.band(level));
                limits.find_map(|(step, at)| (limit(at?) <= target).then_some(step.time))
            };
            assert_eq!(
                long.quantile_interval(q, level),
                (first(|at| at.lower), first(|at| at.upper)),
                "{n} {q}"
            );
        }
    }
}

#[test]
fn all_censored_survive_as_far_as_they_were_watched() {
    let watched = KaplanMeier::new(&[], &[3.0, 7.0, 7.0]);
    assert_eq!(watched.steps().count(), 0);
    assert_eq!((watched.survival_at(7.0), watched.survival_at(8.0)), (Some(1.0), None));
    assert_eq!(watched.quantile(0.01), None);
}

#[test]
fn one_event_ends_the_curve_and_has_no_band() {
    let one = KaplanMeier::new(&[5.0], &[]);
    assert_eq!((one.survival_at(4.9), one.survival_at(99.0)), (Some(1.0), Some(0.0)));
    assert_eq!(one.quantile(0.5), Some(5.0));
    assert_eq!(one.quantile_interval(0.5, 0.95), (None, None));
    assert_eq!(one.band(0.95).collect::<Vec<_>>(), [None]);
}

#[test]
fn those_censored_at_an_event_time_are_at_risk_in_it() {
    let tied: Vec<Step<u8>> = KaplanMeier::new(&[2, 2, 3], &[2, 2]).steps().collect();
    let [first, second] = tied.as_slice() else { panic!("two event times") };
    assert_eq!((first.at_risk, first.events, first.survival), (5, 2, 0.6));
    assert!((first.greenwood - 2.0 / 15.0).abs() < 1e-15);
    assert_eq!((second.at_risk, second.survival), (1, 0.0));
}

#[test]
fn a_level_stretch_at_one_half_starts_the_median() {
    assert_eq!(KaplanMeier::new(&[1, 2, 3, 5], &[4, 6]).quantile(0.5), Some(3));
    // One tenth is more than 1 - 0.9, by less than the slack.
    assert_eq!(KaplanMeier::new(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], &[]).quantile(0.9), Some(9));
}

#[test]
fn q_and_level_outside_their_range_have_no_answer() {
    let two = KaplanMeier::new(&[1.0, 2.0], &[]);
    for bad in [0.0, 1.0, f64::NAN] {
        assert_eq!(two.quantile(bad), None);
        assert_eq!(two.quantile_interval(bad, 0.95), (None, None));
        assert_eq!(two.quantile_interval(0.5, bad), (None, None));
    }
}

#[test]
fn many_distinct_times_take_no_time() {
    let n = 200_000;
    let ended: Vec<i32> = (0..n).collect();
    let long = KaplanMeier::new(&ended, &[]);
    assert_eq!(long.quantile(0.5), Some(n / 2 - 1));
    let (Some(lower), Some(upper)) = long.quantile_interval(0.5, 0.95) else { panic!("both reached") };
    assert!(lower < 99_999 && 99_999 < upper && upper - lower < 1000);
}
