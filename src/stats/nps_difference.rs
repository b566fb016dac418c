//! The difference of two net promoter scores with its interval and p-value; it must not know what sets the two
//! groups apart.

use super::difference::Difference;
use super::{Interval, normal, nps};

/// Beyond this many standard errors a p-value is below anything a number can hold.
const LARGEST_Z: f64 = 40.0;

/// Halvings of that stretch down to the last bit.
const HALVINGS: u32 = 58;

/// The answers of one group by kind. They may be fractions, for an effective sample size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// How many detractors.
    pub detractors: f64,
    /// How many passives.
    pub passives: f64,
    /// How many promoters.
    pub promoters: f64,
}

impl Counts {
    fn estimate(self) -> Option<f64> {
        nps::estimate(self.detractors, self.passives, self.promoters)
    }

    fn list(self) -> [f64; 3] {
        [self.detractors, self.passives, self.promoters]
    }
}

/// The difference of two independent net promoter scores, `a` less `b`, from their score limits.
///
/// # Formula
/// MOVER: with the limits `l`, `u` of [`nps::score_interval`] and `d = a - b`:
/// `d - √((a - lₐ)² + (u_b - b)²)` to `d + √((uₐ - a)² + (b - l_b)²)`. The p-value is that of the `z` at
/// which the limit nearer to 0 touches it, so that interval and p-value never disagree.
///
/// # Assumptions
/// Different people in the two groups, independent answers. For the same people asked twice it is wrong, as
/// a rule too wide. The chance of a false alarm at 5 % was never above 5.0 % for the distributions of
/// its exact enumeration, and well below for few answers with very high scores.
///
/// # Undefined
/// When either score is, and for a level outside 0 to 1.
///
/// # References
/// Zou and Donner 2008; Tango 1998.
///
/// # Examples
/// ```
/// use cxm::stats::nps_difference::{Counts, mover};
///
/// let a = Counts { detractors: 20.0, passives: 30.0, promoters: 50.0 };
/// let b = Counts { detractors: 30.0, passives: 30.0, promoters: 40.0 };
/// let difference = mover(a, b, 0.95).unwrap();
/// assert!((difference.value - 0.2).abs() < 1e-15);
/// assert!((difference.interval.lower + 0.02529).abs() < 1e-5);
/// assert!((difference.interval.upper - 0.41786).abs() < 1e-5);
/// assert!((difference.p.unwrap() - 0.08186).abs() < 1e-5);
/// ```
pub fn mover(a: Counts, b: Counts, level: f64) -> Option<Difference> {
    let (first, second) = (a.estimate()?, b.estimate()?);
    let value = first - second;
    let z = normal::two_sided_z(level)?;
    let interval = Interval { lower: value - reach(a, b, z)?, upper: value + reach(b, a, z)? };
    Some(Difference { value, interval, p: mover_p(a, b, value) })
}

/// How far the interval of the first less the second reaches below it. Seen from the second group it is how far that of
/// the second less the first reaches above.
fn reach(high: Counts, low: Counts, z: f64) -> Option<f64> {
    let below = high.estimate()? - nps::score_limit(high.list(), z, -1.0)?;
    let above = nps::score_limit(low.list(), z, 1.0)? - low.estimate()?;
    Some(below.hypot(above))
}

fn mover_p(a: Counts, b: Counts, value: f64) -> Option<f64> {
    let (high, low) = if value > 0.0 { (a, b) } else { (b, a) };
    // The reach grows with z: the largest that leaves 0 outside.
    let (mut outside, mut inside) = (0.0, LARGEST_Z);
    for _ in 0..HALVINGS {
        let z = f64::midpoint(outside, inside);
        if reach(high, low, z)? < value.abs() { outside = z } else { inside = z }
    }
    normal::two_sided_p(outside)
}

/// A difference of two adjusted scores and the test it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustedWald {
    /// The difference, its interval and p-value.
    pub difference: Difference,
    /// The difference of the adjusted scores, around which the interval lies.
    pub centre: f64,
    /// Its standard error, never 0.
    pub standard_error: f64,
    /// The centre in standard errors.
    pub z: f64,
}

/// The difference of two independent net promoter scores, `a` less `b`, with imagined answers.
///
/// # Formula
/// Three imagined answers are added to each group (¾ detractor, 1½ passive, ¾ promoter):
/// `c = c_a - c_b`, `e = √(V_a / (n_a + 3) + V_b / (n_b + 3))`, `c ± z e`, p from `c / e`. The value is that of
/// the answers themselves. The limits are cut to -2 and 2 and widened where they leave out the value.
///
/// # Assumptions
/// Those of [`mover`], which is the better choice; this one is what other tools show.
///
/// # Undefined
/// When either score is, and for a level outside 0 to 1.
///
/// # References
/// Rocks 2016, section 4.
///
/// # Examples
/// ```
/// use cxm::stats::nps_difference::{Counts, adjusted_wald};
///
/// let a = Counts { detractors: 20.0, passives: 30.0, promoters: 50.0 };
/// let b = Counts { detractors: 30.0, passives: 30.0, promoters: 40.0 };
/// let test = adjusted_wald(a, b, 0.95).unwrap();
/// assert!((test.z - 1.73232).abs() < 1e-5);
/// assert!((test.difference.p.unwrap() - 0.08322).abs() < 1e-5);
/// ```
pub fn adjusted_wald(a: Counts, b: Counts, level: f64) -> Option<AdjustedWald> {
    let value = a.estimate()? - b.estimate()?;
    let (first, second) = (nps::adjusted(a.list())?, nps::adjusted(b.list())?);
    let centre = first.0 - second.0;
    let standard_error = (first.1 + second.1).sqrt();
    let half = normal::two_sided_z(level)? * standard_error;
    let lower = (centre - half).max(-2.0).min(value);
    let upper = (centre + half).min(2.0).max(value);
    let z = centre / standard_error;
    let difference = Difference { value, interval: Interval { lower, upper }, p: normal::two_sided_p(z) };
    Some(AdjustedWald { difference, centre, standard_error, z })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(detractors: f64, passives: f64, promoters: f64) -> Counts {
        Counts { detractors, passives, promoters }
    }

    fn pairs() -> impl Iterator<Item = (Counts, Counts)> {
        let groups = [
            counts(0.0, 0.0, 3.0),
            counts(2.5, 0.0, 0.0),
            counts(0.0, 7.0, 0.0),
            counts(3.3, 4.0, 11.0),
            counts(300.0, 100.0, 1200.0),
        ];
        groups.into_iter().flat_map(move |a| groups.map(|b| (a, b)))
    }

    #[test]
    fn swapping_the_groups_changes_the_sign_alone() {
        for (a, b) in pairs() {
            let (there, back) = (mover(a, b, 0.9).unwrap(), mover(b, a, 0.9).unwrap());
            assert_eq!((there.value, there.p), (-back.value, back.p));
            assert_eq!(there.interval.lower, -back.interval.upper);
        }
    }

    #[test]
    fn the_interval_leaves_out_zero_exactly_when_p_is_small() {
        for (a, b) in pairs() {
            for level in [0.5, 0.9, 0.95, 0.999] {
                let Difference { interval, p, .. } = mover(a, b, level).unwrap();
                assert!(-2.0 <= interval.lower && interval.upper <= 2.0);
                let leaves_out = interval.lower > 0.0 || interval.upper < 0.0;
                assert_eq!(leaves_out, p.unwrap() < 1.0 - level, "{a:?} {b:?} {level}");
            }
        }
    }

    #[test]
    fn more_confidence_is_never_narrower() {
        for (a, b) in pairs() {
            let at = |level: f64| {
                [
                    mover(a, b, level).unwrap().interval,
                    adjusted_wald(a, b, level).unwrap().difference.interval,
                ]
            };
            for (narrow, wide) in at(0.8).into_iter().zip(at(0.95)) {
                assert!(wide.lower <= narrow.lower && narrow.upper <= wide.upper, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn equal_scores_have_p_one_and_certain_differences_almost_zero() {
        assert_eq!(mover(counts(1.0, 2.0, 1.0), counts(0.0, 5.0, 0.0), 0.95).unwrap().p, Some(1.0));
        let apart = mover(counts(0.0, 0.0, 1e7), counts(1e7, 0.0, 0.0), 0.95).unwrap();
        assert!(apart.p.unwrap() < 1e-300);
    }

    #[test]
    fn no_answers_have_no_difference() {
        let (none, some) = (counts(0.0, 0.0, 0.0), counts(1.0, 2.0, 3.0));
        assert_eq!((mover(none, some, 0.95), mover(some, some, 1.0)), (None, None));
        assert_eq!(adjusted_wald(some, none, 0.95), None);
    }
}
