//! Control limits for a series of single values (XmR chart); it must not know what was measured or when.

use std::f64::consts::{FRAC_2_SQRT_PI, PI};

use super::{Interval, mean};

/// `d₂`: the mean range of two standard normal values, 2/√π.
pub const MEAN_RANGE: f64 = FRAC_2_SQRT_PI;

/// A series of single values and its natural limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Xmr {
    /// The mean of the values.
    pub centre: f64,
    /// `mR̄`, the mean of the distances between neighbours.
    pub mean_range: f64,
    /// The standard deviation that these distances speak for.
    pub sigma: f64,
    /// The natural process limits, three `sigma` to either side.
    pub limits: Interval,
    /// The limit above which a single distance between neighbours is a signal (URL).
    pub range_limit: f64,
}

/// The natural limits of a series from the distances between its neighbours.
///
/// # Formula
/// `x̄ ± 3 σ̂` with `σ̂ = mR̄ / d₂`, where `mR̄` is the mean of `|xᵢ - xᵢ₋₁|` and `d₂ = 2/√π`, so that the
/// limits are `x̄ ± 2.65868 mR̄` (2.66 in books). The limit of a distance is `D₄ mR̄`, with
/// `D₄ = 1 + 3 d₃/d₂ = 3.26653` and `d₃ = √(2 - 4/π)`.
///
/// # Assumptions
/// The values are in order of time and equally well known, and neighbours are independent: a series
/// that drifts slowly has short distances, and so limits that are too narrow. With fewer than 8 to
/// 12 points the limits are a guess, and below about 20 provisional. They are limits of the process,
/// not of the scale, and may lie outside it. In a constant series both limits are the value.
///
/// # Undefined
/// Fewer than two values, or a value (or sum) that is not finite.
///
/// # References
/// Wheeler and Chambers 1992, chapter 3; NIST/SEMATECH e-Handbook, section 6.3.2.2.
///
/// # Examples
/// ```
/// use cxm::stats::xmr::xmr;
///
/// let weeks = xmr(&[1.0, 3.0]).unwrap();
/// assert_eq!((weeks.centre, weeks.mean_range), (2.0, 2.0));
/// assert!((weeks.limits.upper - 7.31736).abs() < 1e-5);
/// assert!((weeks.range_limit - 6.53306).abs() < 1e-5);
/// assert_eq!(xmr(&[3.0]), None);
/// ```
pub fn xmr(values: &[f64]) -> Option<Xmr> {
    let ranges = values.windows(2).map(|pair| ((pair[1] - pair[0]).abs(), 1));
    let mean_range = mean::mean_sd(ranges).mean?;
    // The mean of equal values is that value to the last bit, so that none lies beyond its limits.
    let centre = mean::mean_sd(values.iter().map(|&value| (value, 1))).mean?;
    let sigma = mean_range / MEAN_RANGE;
    let spread_of_ranges = (2.0 - 4.0 / PI).sqrt();
    let range_limit = mean_range * (1.0 + 3.0 * spread_of_ranges / MEAN_RANGE);
    let limits = Interval { lower: centre - 3.0 * sigma, upper: centre + 3.0 * sigma };
    let finite = range_limit.is_finite() && limits.lower.is_finite() && limits.upper.is_finite();
    finite.then_some(Xmr { centre, mean_range, sigma, limits, range_limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_point_and_one_point_have_no_limits() {
        assert_eq!(xmr(&[]), None);
        assert_eq!(xmr(&[3.0]), None);
    }

    #[test]
    fn a_constant_series_has_its_value_for_limits_exactly() {
        for (value, n) in [(0.1, 3), (5.0, 5), (-1e9 / 3.0, 49)] {
            let flat = xmr(&vec![value; n]).unwrap();
            assert_eq!(flat.limits, Interval { lower: value, upper: value });
            assert_eq!((flat.centre, flat.sigma, flat.range_limit), (value, 0.0, 0.0));
        }
    }

    #[test]
    fn what_is_not_finite_has_no_limits() {
        assert_eq!(xmr(&[1.0, f64::NAN, 2.0]), None);
        assert_eq!(xmr(&[1.0, f64::INFINITY]), None);
        assert_eq!(xmr(&[f64::MAX, -f64::MAX, f64::MAX]), None);
    }

    #[test]
    fn turned_round_or_upside_down_the_limits_follow() {
        let there = xmr(&[1.0, 4.0, 2.0, 9.0]).unwrap();
        let back = xmr(&[9.0, 2.0, 4.0, 1.0]).unwrap();
        assert_eq!(there.mean_range, back.mean_range);
        assert!((there.limits.upper - back.limits.upper).abs() < 1e-12);
        let mirrored = xmr(&[-1.0, -4.0, -2.0, -9.0]).unwrap();
        assert!((there.limits.upper + mirrored.limits.lower).abs() < 1e-12);
    }
}
