//! The difference of two readings of one metric, by the method that fits what each is. It must not know whose readings
//! they are.

use crate::instant::HOUR;
use crate::metric::reading::Reading;
use crate::stats::nps_difference::Counts;
use crate::stats::survival::{KaplanMeier, log_rank};
use crate::stats::welch::Sample;
use crate::stats::{self, Interval, fisher, mover, nps_difference, proportion, ratio, welch};
use crate::tally::{Durations, SECOND, Sorted};

/// A signed difference in the metric's own unit, the first reading less the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference of the two values.
    pub value: f64,
    /// The lower limit; `None` where there is none or it is not reached.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
    /// The two-sided p-value of no difference; `None` where there is no test, or nothing varies.
    pub p: Option<f64>,
    /// The method: `mover-score`, `newcombe`, `welch`, `ratio`, `mover`.
    pub method: &'static str,
}

impl Difference {
    /// The same with the groups swapped.
    #[must_use]
    pub fn reversed(self) -> Difference {
        let minus = |x: Option<f64>| x.map(|x| -x);
        Difference { value: -self.value, lower: minus(self.upper), upper: minus(self.lower), ..self }
    }

    /// From a difference on the scale of shares or scores, `unit` times as large in the metric's unit.
    fn of(found: stats::difference::Difference, unit: f64, method: &'static str) -> Difference {
        let Interval { lower, upper } = found.interval;
        let (lower, upper) = (Some(unit * lower), Some(unit * upper));
        Difference { value: unit * found.value, lower, upper, p: found.p, method }
    }
}

/// A value with its limits; `None` where a limit is not reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The value.
    pub value: f64,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

/// The difference of two readings of the same kind, the first less the second, from independent cases; `None` where
/// either has no value, no variance to judge by, or they are of different kinds.
pub fn difference(a: &Reading<'_>, b: &Reading<'_>, level: f64) -> Option<Difference> {
    match (a, b) {
        (Reading::Net { .. }, Reading::Net { .. }) => {
            Some(Difference::of(nps_difference::mover(counts(a)?, counts(b)?, level)?, 100.0, "mover-score"))
        }
        (Reading::Share { successes: x1, n: n1 }, Reading::Share { successes: x2, n: n2 }) => {
            shares([*x1, *n1, *x2, *n2], level)
        }
        (Reading::Mean { .. }, Reading::Mean { .. }) => {
            Some(Difference::of(welch::welch(sample(a)?, sample(b)?, level)?.difference, 1.0, "welch"))
        }
        (Reading::Money(a), Reading::Money(b)) => {
            Some(Difference::of(ratio::difference(a, b, level, None)?, 100.0, "ratio"))
        }
        (Reading::Times(a), Reading::Times(b)) => medians(a, b, level),
        _ => None,
    }
}

/// The difference of two values by their limits alone, which need one confidence: MOVER. For what has no closed form, a
/// median, and for what is only known by its limits.
pub fn of_limits(a: Limits, b: Limits) -> Difference {
    let lower = |a: Limits, b: Limits| mover::lower_limit((a.value, a.lower?), (b.value, b.upper?));
    Difference {
        value: a.value - b.value,
        lower: lower(a, b),
        upper: lower(b, a).map(|limit| -limit),
        p: None,
        method: "mover",
    }
}

fn counts(reading: &Reading<'_>) -> Option<Counts> {
    let Reading::Net { detractors, passives, promoters } = *reading else { return None };
    Some(Counts { detractors, passives, promoters })
}

fn sample(reading: &Reading<'_>) -> Option<Sample> {
    let Reading::Mean { n, mean, sd } = *reading else { return None };
    Some(Sample { n, mean, sd: sd? })
}

fn shares([x1, n1, x2, n2]: [f64; 4], level: f64) -> Option<Difference> {
    let Interval { lower, upper } = proportion::newcombe(x1, n1, x2, n2, level)?;
    Some(Difference {
        value: 100.0 * (x1 / n1 - x2 / n2),
        lower: Some(100.0 * lower),
        upper: Some(100.0 * upper),
        p: fisher::difference_p(x1, n1, x2, n2).map(|(p, _)| p),
        method: "newcombe",
    })
}

/// The difference of two medians in hours, its limits from theirs; the p-value is that of the log-rank test, which
/// compares the whole curves.
fn medians(a: &Durations, b: &Durations, level: f64) -> Option<Difference> {
    let (a, b) = (times(a), times(b));
    let (a, b) = (KaplanMeier::new(&a.0, &a.1), KaplanMeier::new(&b.0, &b.1));
    let hours = |micros: i64| micros as f64 / HOUR as f64;
    let limits = |curve: &KaplanMeier<'_, i64>| {
        let (lower, upper) = curve.quantile_interval(0.5, level);
        let value = hours(curve.quantile(0.5)?);
        Some(Limits { value, lower: lower.map(hours), upper: upper.map(hours) })
    };
    let difference = of_limits(limits(&a)?, limits(&b)?);
    Some(Difference { p: log_rank(&[a, b]).map(|test| test.p), ..difference })
}

/// The times that ended and those that were cut off, in microseconds.
pub fn times(durations: &Durations) -> (Vec<i64>, Vec<i64>) {
    match durations.sorted() {
        Sorted::Micros { ended, censored } => (ended, censored),
        Sorted::Seconds { ended, censored } => {
            let micros = |seconds: &[u32]| seconds.iter().map(|time| i64::from(*time) * SECOND).collect();
            (micros(&ended), micros(&censored))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(x: Option<f64>, y: f64) -> bool {
        x.is_some_and(|x| (x - y).abs() < 0.01)
    }

    #[test]
    fn each_kind_has_its_method_in_the_unit_of_the_metric() {
        // 50 promoters and 20 detractors of 100, less 40 and 30: from the example of nps_difference::mover.
        let net = |detractors, passives, promoters| Reading::Net { detractors, passives, promoters };
        let found = difference(&net(20.0, 30.0, 50.0), &net(30.0, 30.0, 40.0), 0.95).unwrap();
        assert!(close(Some(found.value), 20.0) && close(found.lower, -2.53) && close(found.upper, 41.79));
        // Newcombe's example: 56 of 70 less 48 of 80.
        let share = |successes, n| Reading::Share { successes, n };
        let found = difference(&share(56.0, 70.0), &share(48.0, 80.0), 0.95).unwrap();
        assert!(close(Some(found.value), 20.0) && close(found.lower, 5.24) && close(found.upper, 33.39));
        // Equal n and spread: 1 ± t(18) √(2/10) = 1 ± 2.1009 × 0.4472.
        let mean = |mean| Reading::Mean { n: 10.0, mean, sd: Some(1.0) };
        let found = difference(&mean(5.0), &mean(4.0), 0.95).unwrap();
        assert!(close(Some(found.value), 1.0) && close(found.lower, 0.06) && close(found.upper, 1.94));
        assert_eq!(difference(&share(5.0, 7.0), &mean(4.0), 0.95), None);
        assert_eq!(difference(&share(0.0, 0.0), &share(48.0, 80.0), 0.95), None);
    }

    #[test]
    fn swapped_groups_change_the_sign_alone() {
        let share = |successes, n| Reading::Share { successes, n };
        let (a, b) = (share(9.0, 40.0), share(30.0, 61.0));
        let (there, back) = (difference(&a, &b, 0.9).unwrap(), difference(&b, &a, 0.9).unwrap().reversed());
        assert!(close(Some(there.value - back.value), 0.0) && close(there.lower, back.lower.unwrap()));
        assert!(close(there.upper, back.upper.unwrap()));
    }

    #[test]
    fn medians_differ_by_their_limits() {
        let spells = |hours: std::ops::Range<i64>| {
            let mut durations = Durations::default();
            hours.for_each(|hour| durations.add(hour * HOUR, true));
            durations
        };
        // Medians of 1 to 99 and of 101 to 199 hours, which lie 100 hours apart.
        let (early, late) = (spells(1..100), spells(101..200));
        let found = difference(&Reading::Times(&late), &Reading::Times(&early), 0.95).unwrap();
        assert_eq!((found.value, found.method), (100.0, "mover"));
        let (lower, upper) = (found.lower.unwrap(), found.upper.unwrap());
        assert!(lower > 80.0 && upper < 120.0 && found.p.unwrap() < 1e-6, "{found:?}");
        // A median that is not reached is no number to take another from.
        let mut open = Durations::default();
        open.add(HOUR, false);
        assert_eq!(difference(&Reading::Times(&open), &Reading::Times(&early), 0.95), None);
    }

    #[test]
    fn a_limit_that_is_not_reached_leaves_one_side_open() {
        let a = Limits { value: 10.0, lower: Some(8.0), upper: None };
        let b = Limits { value: 20.0, lower: Some(17.0), upper: Some(24.0) };
        let found = of_limits(a, b);
        // 10 − 20 − √(2² + 4²).
        assert_eq!((found.value, found.upper), (-10.0, None));
        assert!(close(found.lower, -14.472));
    }
}
