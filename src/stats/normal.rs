//! Quantiles and two-sided p-values of the standard normal; it must not know which statistic they serve.

use std::f64::consts::TAU;

use statrs::distribution::{ContinuousCDF, Normal};

/// Where the power series hands over to the continued fraction: both are exact to rounding here.
const SERIES_END: f64 = 2.0;

/// The value below which a standard normal falls with probability `p`.
///
/// # Formula
/// `z` with `Φ(z) = p`.
///
/// # Assumptions
/// None; the relative error is that of rounding, in the tails too. For `p` near 1 the rounding of `p`
/// itself costs digits: ask for `-quantile(1 - p)` from an exactly known `1 - p` instead.
///
/// # Undefined
/// Outside 0 < `p` < 1, where the quantile is infinite or does not exist.
///
/// # References
/// Abramowitz and Stegun 1964, 26.2.22 ff.
///
/// # Examples
/// ```
/// use cxm::stats::normal::quantile;
///
/// assert!((quantile(0.975).unwrap() - 1.959963984540054).abs() < 1e-14);
/// assert_eq!(quantile(1.0), None);
/// ```
pub fn quantile(p: f64) -> Option<f64> {
    (p > 0.0 && p < 1.0).then(|| Normal::standard().inverse_cdf(p))
}

/// The multiplier of a standard error in a two-sided interval of confidence `level`.
///
/// # Formula
/// `z = -Φ⁻¹((1 - level) / 2)`.
///
/// # Assumptions
/// The statistic is normal. With a standard deviation estimated from few values take
/// [`student::two_sided_t`](super::student::two_sided_t), which is wider.
///
/// # Undefined
/// Outside 0 < `level` < 1.
///
/// # References
/// Abramowitz and Stegun 1964, 26.2.22 ff.
///
/// # Examples
/// ```
/// use cxm::stats::normal::two_sided_z;
///
/// assert!((two_sided_z(0.9).unwrap() - 1.6448536269514722).abs() < 1e-14);
/// assert_eq!(two_sided_z(95.0), None);
/// ```
pub fn two_sided_z(level: f64) -> Option<f64> {
    if level <= 0.0 {
        return None;
    }
    quantile((1.0 - level) / 2.0).map(f64::abs)
}

/// The probability that a standard normal lies at least as far from 0 as `z`.
///
/// # Formula
/// `p = 2 Q(|z|)`, the upper tail taken directly and not as `1 - Φ`: by the power series up to
/// `|z| = 2`, by the continued fraction beyond.
///
/// # Assumptions
/// The statistic is standard normal when nothing is going on. The digits of a very small p (below
/// 1e-15, say) are right for the normal but mean nothing for data.
///
/// # Undefined
/// When `z` is NaN.
///
/// # References
/// Abramowitz and Stegun 1964, 26.2.11 (series) and 26.2.14 (continued fraction).
///
/// # Examples
/// ```
/// use cxm::stats::normal::two_sided_p;
///
/// assert!((two_sided_p(-1.959963984540054).unwrap() - 0.05).abs() < 1e-15);
/// assert_eq!(two_sided_p(0.0), Some(1.0));
/// ```
pub fn two_sided_p(z: f64) -> Option<f64> {
    let z = z.abs();
    if z.is_nan() {
        return None;
    }
    let density = (-z * z / 2.0).exp() / TAU.sqrt();
    Some(if z < SERIES_END { 1.0 - 2.0 * density * odd_series(z) } else { 2.0 * density / tail_fraction(z) })
}

/// The probability that a standard normal falls below `z`.
///
/// # Formula
/// `Φ(z)`, from the tail of [`two_sided_p`], so that a small probability keeps its digits.
///
/// # Assumptions
/// None.
///
/// # Undefined
/// When `z` is NaN.
///
/// # References
/// Abramowitz and Stegun 1964, 26.2.11 and 26.2.14.
///
/// # Examples
/// ```
/// use cxm::stats::normal::cumulative;
///
/// assert_eq!(cumulative(0.0), Some(0.5));
/// assert!((cumulative(-1.959963984540054).unwrap() - 0.025).abs() < 1e-15);
/// ```
pub fn cumulative(z: f64) -> Option<f64> {
    let tail = two_sided_p(z)? / 2.0;
    Some(if z > 0.0 { 1.0 - tail } else { tail })
}

/// `z + z³/3 + z⁵/(3·5) + …`: all terms are positive, so nothing cancels.
fn odd_series(z: f64) -> f64 {
    let (mut term, mut sum, mut odd) = (z, z, 1.0);
    while term > sum * f64::EPSILON {
        odd += 2.0;
        term *= z * z / odd;
        sum += term;
    }
    sum
}

/// `z + 1/(z + 2/(z + 3/(z + …)))`, from the inside out; 150 levels settle it from `z = 2` on.
fn tail_fraction(z: f64) -> f64 {
    (1..=150).rev().fold(z, |inner, k| z + f64::from(k) / inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_is_antisymmetric_and_zero_in_the_middle() {
        assert_eq!(quantile(0.5), Some(0.0));
        let (low, high) = (quantile(0.25).unwrap(), quantile(0.75).unwrap());
        assert!((low + high).abs() < 1e-15);
    }

    #[test]
    fn probabilities_and_levels_outside_zero_to_one_have_no_value() {
        for p in [0.0, 1.0, -0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(quantile(p), None, "{p}");
            assert_eq!(two_sided_z(p), None, "{p}");
        }
        assert_eq!(two_sided_p(f64::NAN), None);
    }

    #[test]
    fn the_p_value_undoes_the_multiplier() {
        for level in [0.01, 0.5, 0.8, 0.95, 0.99, 0.999_999] {
            let p = two_sided_p(two_sided_z(level).unwrap()).unwrap();
            assert!((p - (1.0 - level)).abs() < 1e-15, "{level}: {p}");
        }
    }

    #[test]
    fn series_and_fraction_meet() {
        let (below, above) = (two_sided_p(2.0 - 1e-15).unwrap(), two_sided_p(2.0).unwrap());
        assert!((below / above - 1.0).abs() < 1e-13, "{below} {above}");
    }

    #[test]
    fn an_infinite_statistic_has_p_zero() {
        assert_eq!(two_sided_p(f64::NEG_INFINITY), Some(0.0));
    }
}
