//! How many values a difference of two means takes, with Student's t for small samples; it must not know what was
//! measured.

use super::{normal, student};

/// No search for a number of values goes beyond.
const LARGEST_N: f64 = 1e9;

/// Points on either side of the middle at which the spread of a standard deviation is summed.
const POINTS: i32 = 400;

/// How many standard errors of its logarithm are summed, on either side.
const REACH: f64 = 10.0;

/// The probability that the t test shows a difference of two means.
///
/// # Formula
/// `P(T > t)` for the noncentral t with `2n - 2` degrees of freedom and noncentrality `|δ| / (s √(2/n))`, `n`
/// values in each group, `t` the two-sided critical value. A difference of the wrong sign does not
/// count. The probability is the mean of that of a normal over the spread of the estimated deviation,
/// summed in its logarithm.
///
/// # Assumptions
/// Two different groups of the same size and spread, independent, roughly normal values, one look at the data.
///
/// # Undefined
/// Fewer than two values (`n` of at least 1.5 is allowed in a search), a deviation not positive and finite, a
/// difference that is not finite, a level outside 0 to 1.
///
/// # References
/// Johnson, Kotz and Balakrishnan 1995, chapter 31.
///
/// # Examples
/// ```
/// use cxm::stats::power_of_means::power;
///
/// assert!((power(100.0, 0.3, 1.2, 0.95).unwrap() - 0.420438).abs() < 1e-6);
/// ```
pub fn power(n: f64, difference: f64, sd: f64, level: f64) -> Option<f64> {
    if !(n >= 1.5 && n.is_finite() && difference.is_finite() && sd > 0.0 && sd.is_finite()) {
        return None;
    }
    let df = 2.0 * n - 2.0;
    let critical = student::two_sided_t(level, df)?;
    let shift = difference.abs() / (sd * (2.0 / n).sqrt());
    // With u = ln(s/σ), u has a density in proportion to exp(df (u - (e²ᵘ - 1)/2)): a sum over even steps of a function
    // that vanishes on both sides is exact to rounding. It falls more slowly on the left the fewer df there are.
    let left = -REACH * (1.0 / (2.0 * df).sqrt()).max(4.0 / df);
    let right = REACH / (2.0 * df).sqrt();
    let step = (right - left) / f64::from(2 * POINTS);
    let (mut hit, mut all) = (0.0, 0.0);
    for k in 0..=2 * POINTS {
        let u = left + step * f64::from(k);
        let weight = (df * (u - (2.0 * u).exp_m1() / 2.0)).exp();
        hit += weight * normal::cumulative(shift - critical * u.exp())?;
        all += weight;
    }
    Some(hit / all)
}

/// How many values each of two groups needs to show a difference of two means.
///
/// # Formula
/// The `n`, not whole, at which [`power`] reaches `target`. Round up.
///
/// # Assumptions
/// Those of [`power`]. For long-tailed durations the deviation is guesswork and so is the number.
///
/// # Undefined
/// When [`power`] is, for a difference of 0, a target outside 0 to 1, and more than 10⁹ values.
///
/// # References
/// Johnson, Kotz and Balakrishnan 1995, chapter 31.
///
/// # Examples
/// ```
/// use cxm::stats::power_of_means::n_per_group;
///
/// // To tell 0.3 points of a scale with deviation 1.2 apart.
/// assert_eq!(n_per_group(0.3, 1.2, 0.8, 0.95).unwrap().ceil(), 253.0);
/// ```
pub fn n_per_group(difference: f64, sd: f64, target: f64, level: f64) -> Option<f64> {
    if !(target > 0.0 && target < 1.0) {
        return None;
    }
    let (mut too_few, mut enough) = (2.0, 2.0);
    while power(enough, difference, sd, level)? < target {
        too_few = enough;
        enough *= 2.0;
        if enough > LARGEST_N {
            return None;
        }
    }
    while enough - too_few > 1e-9 * enough {
        let middle = f64::midpoint(too_few, enough);
        if power(middle, difference, sd, level)? < target { too_few = middle } else { enough = middle }
    }
    Some(enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_difference_the_power_is_half_the_false_alarms() {
        for n in [2.0, 3.0, 10.0, 1000.0] {
            let got = power(n, 0.0, 1.0, 0.9).unwrap();
            assert!((got - 0.05).abs() < 1e-10, "{n}: {got}");
        }
    }

    #[test]
    fn large_samples_are_normal() {
        let n = n_per_group(0.01, 1.0, 0.8, 0.95).unwrap();
        let normal = crate::stats::power::n_per_group(1.0, 1.0, 0.01, 0.8, 0.95).unwrap();
        assert!((n / normal - 1.0).abs() < 1e-4, "{n} {normal}");
    }

    #[test]
    fn what_cannot_be_planned_has_no_number() {
        assert_eq!(n_per_group(0.0, 1.0, 0.8, 0.95), None);
        assert_eq!(n_per_group(0.5, 0.0, 0.8, 0.95), None);
        assert_eq!(n_per_group(0.5, 1.0, 1.0, 0.95), None);
        assert_eq!(power(1.0, 0.5, 1.0, 0.95), None);
        assert_eq!(n_per_group(1e9, 1.0, 0.8, 0.95), Some(2.0));
    }
}
