//! The difference of two independent groups as a number with an interval and a p-value; it must not know what
//! was compared.

use super::{Interval, normal};

/// A signed difference, the first group less the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference of the two estimates.
    pub value: f64,
    /// Its two-sided interval.
    pub interval: Interval,
    /// The two-sided p-value of no difference; `None` where there is no variation to test against.
    pub p: Option<f64>,
}

/// The difference of two independent estimates whose variances are known, by the normal distribution.
///
/// # Formula
/// `d = a - b`, `d ± z √(v_a + v_b)`, `p = 2 Q(|d| / √(v_a + v_b))`. The limits are cut to `±limit`, the
/// largest difference there can be.
///
/// # Assumptions
/// Different, independent groups, each with estimates that are nearly normal: dozens of units, none of
/// which carries most of the sum. Two variances of 0 leave an interval without width, which is not
/// certainty.
///
/// # Undefined
/// An estimate or a variance that is not finite, a negative variance, a level outside 0 to 1. The p-value
/// alone, when both variances are 0.
///
/// # References
/// Cochran 1977, section 2.14.
///
/// # Examples
/// ```
/// use cxm::stats::difference::by_z;
///
/// let difference = by_z((0.95, 0.0004), (0.89, 0.0005), 0.95, None).unwrap();
/// assert!((difference.value - 0.06).abs() < 1e-15);
/// // The standard error is 0.03, so that the difference is two of them.
/// assert!((difference.p.unwrap() - 0.0455).abs() < 1e-5);
/// assert!((difference.interval.lower - (0.06 - 1.96 * 0.03)).abs() < 1e-5);
/// ```
pub fn by_z(a: (f64, f64), b: (f64, f64), level: f64, limit: Option<f64>) -> Option<Difference> {
    let (value, variance) = (a.0 - b.0, a.1 + b.1);
    if !(value.is_finite() && a.1 >= 0.0 && b.1 >= 0.0 && variance.is_finite()) {
        return None;
    }
    let (error, limit) = (variance.sqrt(), limit.unwrap_or(f64::INFINITY));
    let half = normal::two_sided_z(level)? * error;
    let lower = (value - half).max(-limit).min(value);
    let upper = (value + half).min(limit).max(value);
    let p = if error > 0.0 { normal::two_sided_p(value / error) } else { None };
    Some(Difference { value, interval: Interval { lower, upper }, p })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapping_the_groups_changes_the_sign_alone() {
        let there = by_z((3.0, 0.2), (2.2, 0.4), 0.9, None).unwrap();
        let back = by_z((2.2, 0.4), (3.0, 0.2), 0.9, None).unwrap();
        assert_eq!((there.value, there.p), (-back.value, back.p));
        assert_eq!(
            (there.interval.lower, there.interval.upper),
            (-back.interval.upper, -back.interval.lower)
        );
    }

    #[test]
    fn nothing_varies_and_nothing_is_tested() {
        let flat = by_z((1.0, 0.0), (0.5, 0.0), 0.95, None).unwrap();
        assert_eq!((flat.interval, flat.p), (Interval { lower: 0.5, upper: 0.5 }, None));
        assert_eq!(by_z((1.0, -1.0), (0.5, 2.0), 0.95, None), None);
        assert_eq!(by_z((f64::NAN, 1.0), (0.5, 2.0), 0.95, None), None);
    }

    #[test]
    fn no_limit_is_beyond_the_largest_difference() {
        let cut = by_z((0.9, 0.1), (0.1, 0.1), 0.95, Some(1.0)).unwrap();
        assert_eq!(cut.interval.upper, 1.0);
    }
}
