//! How two readings of one metric are compared, and what a case of each adds to the noise: by what a reading is, never by
//! which metric it is of. It must not know whose readings they are.

use super::difference::{Difference, difference, times};
use crate::instant::HOUR;
use crate::metric::interval::Intervals;
use crate::metric::reading::Reading;
use crate::stats::fisher::{self, ShareTest};
use crate::stats::survival::{KaplanMeier, RestrictedMean, log_rank, restricted_difference};
use crate::stats::{nps, nps_difference, power, ratio};
use crate::tally::Durations;

/// What sets two readings of one metric apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// The signed difference with its interval and p-value.
    pub difference: Difference,
    /// How interval and p-value come about.
    pub method: &'static str,
    /// The smallest true difference that the numbers of cases show with the power asked for; `None` where nothing varies.
    pub detectable: Option<f64>,
    /// Whether the first is higher: of times, whether its events came later than one curve for both would have them.
    pub is_above: bool,
    /// The hours up to which times were compared; of times alone.
    pub up_to: Option<f64>,
}

/// The contrast of two readings of the same kind, the first less the second, from independent cases; `None` where either
/// has no value or nothing to judge by.
///
/// Times are compared by their restricted means up to the shorter of the two longest times, with the p-value of the
/// log-rank test; everything else as [`difference`] does.
pub fn contrast(a: &Reading<'_>, b: &Reading<'_>, power: f64, intervals: Intervals) -> Option<Contrast> {
    let level = intervals.level;
    if let (Reading::Times(a), Reading::Times(b)) = (a, b) {
        return of_times(a, b, power, level);
    }
    let (difference, method) =
        other(a, b, intervals).or_else(|| Some((difference(a, b, level)?, method(a, b))))?;
    let noise = |reading: &Reading<'_>| noise(reading).unwrap_or((0.0, reading.n()));
    let detectable = power::detectable(noise(a), noise(b), power, level);
    Some(Contrast { difference, method, detectable, is_above: difference.value > 0.0, up_to: None })
}

/// The difference by another method than the usual one, where one is asked for, with its name.
fn other(a: &Reading<'_>, b: &Reading<'_>, intervals: Intervals) -> Option<(Difference, &'static str)> {
    let usual = difference(a, b, intervals.level)?;
    match (a, b) {
        (Reading::Net { .. }, Reading::Net { .. }) if intervals.adjusted_wald => {
            let counts = |reading: &Reading<'_>| {
                let Reading::Net { detractors, passives, promoters } = *reading else { return None };
                Some(nps_difference::Counts { detractors, passives, promoters })
            };
            let found = nps_difference::adjusted_wald(counts(a)?, counts(b)?, intervals.level)?.difference;
            let (lower, upper) = (Some(100.0 * found.interval.lower), Some(100.0 * found.interval.upper));
            Some((Difference { lower, upper, p: found.p, ..usual }, "adjusted-wald"))
        }
        (Reading::Share { successes: x1, n: n1 }, Reading::Share { successes: x2, n: n2 })
            if intervals.exact =>
        {
            let p = fisher::fisher_p(*x1, *n1, *x2, *n2);
            Some((Difference { p, ..usual }, "newcombe, fisher"))
        }
        _ => None,
    }
}

/// The name of the usual method.
fn method(a: &Reading<'_>, b: &Reading<'_>) -> &'static str {
    match (a, b) {
        (Reading::Net { .. }, _) => "mover-score",
        (Reading::Share { successes: x1, n: n1 }, Reading::Share { successes: x2, n: n2 }) => {
            match fisher::difference_p(*x1, *n1, *x2, *n2) {
                Some((_, ShareTest::Pooled)) => "newcombe, pooled z",
                Some((_, ShareTest::Fisher)) => "newcombe, fisher",
                None => "newcombe",
            }
        }
        (Reading::Money(_), _) => "linearised ratio",
        _ => "welch",
    }
}

fn of_times(a: &Durations, b: &Durations, power: f64, level: f64) -> Option<Contrast> {
    let (a, b) = (times(a), times(b));
    let longest = |times: &(Vec<i64>, Vec<i64>)| times.0.last().max(times.1.last()).copied();
    let limit = longest(&a)?.min(longest(&b)?);
    let [a, b] = [&a, &b].map(|(ended, censored)| KaplanMeier::new(ended, censored));
    let (first, second) = (a.restricted_mean(limit, hours)?, b.restricted_mean(limit, hours)?);
    let found = restricted_difference(&first, &second, level)?;
    let test = log_rank(&[a, b]);
    let later = test.as_ref().and_then(|test| Some(test.expected.first()? > test.observed.first()?));
    let p = test.map(|test| test.p);
    let (lower, upper) = (Some(found.interval.lower), Some(found.interval.upper));
    let method = "restricted mean, log-rank";
    let of_one = |mean: &RestrictedMean| (mean.variance, 1.0);
    Some(Contrast {
        difference: Difference { value: found.value, lower, upper, p, method },
        method,
        detectable: power::detectable(of_one(&first), of_one(&second), power, level),
        is_above: later.unwrap_or(found.value > 0.0),
        up_to: Some(hours(limit)),
    })
}

fn hours(micros: i64) -> f64 {
    micros as f64 / HOUR as f64
}

/// The variance of what one case adds, in the metric's unit squared, and how many cases there are: the variance of the
/// value is the one by the other. Of a ratio and of times it is that of the whole, shared out evenly.
pub fn noise(reading: &Reading<'_>) -> Option<(f64, f64)> {
    let n = reading.n();
    match reading {
        Reading::Money(sums) => Some((n * (100.0 * ratio::standard_error(sums)?).powi(2), n)),
        Reading::Times(durations) => {
            let (ended, censored) = times(durations);
            let limit = ended.last().max(censored.last()).copied()?;
            let mean = KaplanMeier::new(&ended, &censored).restricted_mean(limit, hours)?;
            Some((n * mean.variance, n))
        }
        other => match other.variance()? {
            variance if variance > 0.0 => Some((variance, n)),
            _ => Some((imagined(other)?, n)),
        },
    }
}

/// The variance of one case where no two of them differ, with a few imagined ones: three quarters of a promoter and of a
/// detractor and one and a half passives, two successes and two failures. Else three satisfied of three would seem to show
/// any difference.
fn imagined(reading: &Reading<'_>) -> Option<f64> {
    match *reading {
        Reading::Net { detractors, passives, promoters } => {
            Some(1e4 * nps::variance(detractors + 0.75, passives + 1.5, promoters + 0.75)?)
        }
        Reading::Share { successes, n } => {
            let share = (successes + 2.0) / (n + 4.0);
            Some(1e4 * share * (1.0 - share))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn net(counts: (u32, u32, u32)) -> Reading<'static> {
        let (detractors, passives, promoters) = (counts.0.into(), counts.1.into(), counts.2.into());
        Reading::Net { detractors, passives, promoters }
    }

    fn share(successes: u32, failures: u32) -> Reading<'static> {
        Reading::Share { successes: successes.into(), n: (successes + failures).into() }
    }

    fn spells(hours: &[(i64, bool)]) -> Durations {
        let mut durations = Durations::default();
        hours.iter().for_each(|(time, ended)| durations.add(time * HOUR, *ended));
        durations.sort();
        durations
    }

    /// Two readings of each kind from the same numbers.
    fn pairs(a: (u32, u32, u32), b: (u32, u32, u32)) -> Vec<[Reading<'static>; 2]> {
        let mean = |(x, y, z): (u32, u32, u32)| {
            let (mean, sd) = (f64::from(y) / 7.0, Some(0.1 + f64::from(z) / 9.0));
            Reading::Mean { n: f64::from(x) + 2.0, mean, sd }
        };
        let money = |(x, y, z): (u32, u32, u32)| {
            let units = [(10.0, f64::from(x)), (20.0, f64::from(y)), (5.0, f64::from(z))];
            let sums = units.iter().fold(ratio::Sums::default(), |sum, (x, y)| ratio::Sums {
                n: sum.n + 1.0,
                x: sum.x + x,
                y: sum.y + y,
                xx: sum.xx + x * x,
                xy: sum.xy + x * y,
                yy: sum.yy + y * y,
            });
            Reading::Money(sums)
        };
        vec![[net(a), net(b)], [share(a.0, a.1), share(b.0, b.1)], [mean(a), mean(b)], [money(a), money(b)]]
    }

    fn counts() -> impl Strategy<Value = (u32, u32, u32)> {
        (1..400_u32, 0..400_u32, 0..400_u32)
    }

    fn close(x: Option<f64>, y: Option<f64>) -> bool {
        match (x, y) {
            (Some(x), Some(y)) => (x - y).abs() <= 1e-9 * x.abs().max(1.0),
            (x, y) => x == y,
        }
    }

    proptest! {
        #[test]
        fn swapped_sides_negate_the_difference_and_mirror_its_interval(a in counts(), b in counts()) {
            for [a, b] in pairs(a, b) {
                let (there, back) = (contrast(&a, &b, 0.8, Intervals::usual(0.95)), contrast(&b, &a, 0.8, Intervals::usual(0.95)));
                let (Some(there), Some(back)) = (there, back) else {
                    prop_assert_eq!(there, back);
                    continue;
                };
                let turned = back.difference.reversed();
                prop_assert!(close(Some(there.difference.value), Some(turned.value)), "{:?}", there);
                prop_assert!(close(there.difference.lower, turned.lower), "{:?} {:?}", there, back);
                prop_assert!(close(there.difference.upper, turned.upper), "{:?} {:?}", there, back);
                prop_assert!(close(there.difference.p, turned.p) && close(there.detectable, back.detectable));
                prop_assert_eq!(there.method, back.method);
            }
        }

        #[test]
        fn more_confidence_is_never_narrower_and_needs_a_larger_difference(a in counts(), b in counts()) {
            for [a, b] in pairs(a, b) {
                let at = |level| contrast(&a, &b, 0.8, Intervals::usual(level));
                let (Some(narrow), Some(wide)) = (at(0.8), at(0.99)) else { continue };
                prop_assert!(wide.difference.lower <= narrow.difference.lower);
                prop_assert!(wide.difference.upper >= narrow.difference.upper);
                prop_assert!(wide.detectable >= narrow.detectable);
                prop_assert_eq!(wide.difference.p, narrow.difference.p);
            }
        }

        #[test]
        fn net_scores_have_a_small_p_exactly_when_the_interval_leaves_out_zero(
            a in counts(),
            b in counts(),
            level in 0.5..0.9999_f64,
        ) {
            let found = contrast(&net(a), &net(b), 0.8, Intervals::usual(level)).unwrap().difference;
            let leaves_out = found.lower > Some(0.0) || found.upper < Some(0.0);
            // Within the last digits of p either may be.
            let p = found.p.unwrap();
            prop_assume!((p - (1.0 - level)).abs() > 1e-9);
            prop_assert_eq!(leaves_out, p < 1.0 - level);
        }
    }

    #[test]
    fn few_expected_successes_are_tested_by_fisher() {
        let found = |a, b| contrast(&a, &b, 0.8, Intervals::usual(0.95)).unwrap();
        assert_eq!(found(share(56, 14), share(48, 32)).method, "newcombe, pooled z");
        assert_eq!(found(share(6, 1), share(2, 5)).method, "newcombe, fisher");
        let flat = found(share(7, 0), share(9, 0));
        assert_eq!((flat.method, flat.difference.p), ("newcombe", None));
        // As if 9 of 11 and 11 of 13 were satisfied: 2.8016 √(0.1488 / 7 + 0.1302 / 9) = 0.529.
        assert!(flat.detectable.is_some_and(|points| (points - 52.9).abs() < 0.1), "{flat:?}");
    }

    #[test]
    fn other_methods_are_had_on_request() {
        let found = |a, b, intervals| contrast(&a, &b, 0.8, intervals).unwrap();
        let wald = Intervals { adjusted_wald: true, ..Intervals::usual(0.95) };
        let found_by_wald = found(net((20, 30, 50)), net((30, 30, 40)), wald);
        assert_eq!(found_by_wald.method, "adjusted-wald");
        assert!(found_by_wald.difference.p.is_some_and(|p| (p - 0.083_215_867).abs() < 1e-8));
        let exact = Intervals { exact: true, ..Intervals::usual(0.95) };
        let tested = found(share(56, 14), share(48, 32), exact);
        assert!(tested.difference.p.is_some_and(|p| (p - 0.012_521_129).abs() < 1e-8), "{tested:?}");
        assert_eq!(tested.method, "newcombe, fisher");
        assert_eq!(found(share(56, 14), share(48, 32), wald).method, "newcombe, pooled z");
    }

    #[test]
    fn times_are_compared_up_to_the_shorter_of_the_longest() {
        // Up to 6 hours: 2, 4 and 6 on average 4; of 3, 6 and 9 the last two count 6 each, on average 5.
        let (a, b) = (spells(&[(2, true), (4, true), (6, true)]), spells(&[(3, true), (6, true), (9, true)]));
        let found = contrast(&Reading::Times(&b), &Reading::Times(&a), 0.8, Intervals::usual(0.95)).unwrap();
        assert_eq!((found.up_to, found.method), (Some(6.0), "restricted mean, log-rank"));
        assert!(found.is_above, "its events come later");
        assert!(close(Some(found.difference.value), Some(1.0)), "{found:?}");
        let p = found.difference.p;
        let back = contrast(&Reading::Times(&a), &Reading::Times(&b), 0.8, Intervals::usual(0.95)).unwrap();
        assert!(close(Some(back.difference.value), Some(-1.0)) && close(back.difference.p, p));
        assert_eq!(
            contrast(&Reading::Times(&a), &Reading::Times(&spells(&[])), 0.8, Intervals::usual(0.95)),
            None
        );
    }

    #[test]
    fn the_noise_of_one_case_is_that_of_the_value_times_n() {
        // Times of 2, 4 and 6: population variance 8/3, which is that of the mean times 3.
        let durations = spells(&[(2, true), (4, true), (6, true)]);
        let (variance, n) = noise(&Reading::Times(&durations)).unwrap();
        assert!((variance - 8.0 / 3.0).abs() < 1e-12 && n == 3.0, "{variance}");
        assert_eq!(noise(&share(1, 1)), Some((2500.0, 2.0)));
    }
}
