//! The ratio of two sums over the same units, such as revenue now over revenue before, with its
//! linearised interval; it must not know what is summed.

use super::difference::{self, Difference};
use super::{Interval, student};

/// Share of the squares below which a sum of squared residuals is the rounding of the sums themselves.
const ROUNDING: f64 = 1e-12;

/// The sums over units (customers, say) from which a ratio and its interval follow.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// The number of units, including those with `y = 0`.
    pub n: f64,
    /// `Σ x`, the base.
    pub x: f64,
    /// `Σ y`, what is compared with the base.
    pub y: f64,
    /// `Σ x²`.
    pub xx: f64,
    /// `Σ xy`.
    pub xy: f64,
    /// `Σ y²`.
    pub yy: f64,
}

/// The ratio of two sums over the same units, `Σy / Σx`.
///
/// # Formula
/// `R = Σy / Σx`.
///
/// # Assumptions
/// Every unit of the base is in both sums, with `y = 0` if nothing is left of it. Large units weigh
/// more: the ratio can rise while most units fall.
///
/// # Undefined
/// `Σx` not positive, or a sum that is not finite.
///
/// # References
/// Cochran 1977, section 2.11.
///
/// # Examples
/// ```
/// use cxm::stats::ratio::ratio;
///
/// assert_eq!(ratio(1000.0, 950.0), Some(0.95));
/// assert_eq!(ratio(0.0, 950.0), None);
/// ```
pub fn ratio(sum_x: f64, sum_y: f64) -> Option<f64> {
    let ratio = sum_y / sum_x;
    (sum_x > 0.0 && sum_x.is_finite() && ratio.is_finite()).then_some(ratio)
}

/// The t interval of [`ratio`], its variance by Taylor linearisation over units.
///
/// # Formula
/// `R ± t(n - 1) √v`, `v = n / (n - 1) · Σ(y - R x)² / (Σx)²`, where
/// `Σ(y - R x)² = Σy² - 2R Σxy + R² Σx²`. Limits are cut to `min` and `max`, the range of the metric.
///
/// # Assumptions
/// The units are an independent sample of those that could have been. It misleads, as a rule by being
/// too narrow, with few units or when a handful carries most of the base. The expanded square cannot
/// tell residuals below a millionth of the values from rounding and takes them as 0; when every unit
/// has the same ratio the interval has no width, which is not certainty.
///
/// # Undefined
/// When [`ratio`] is, for fewer than two units, sums of squares that are not finite, a level outside 0
/// to 1.
///
/// # References
/// Cochran 1977, section 2.11 and theorem 2.5; Särndal, Swensson and Wretman 1992, section 5.6.
///
/// # Examples
/// ```
/// use cxm::stats::ratio::{Sums, interval};
///
/// // Three customers, before and now: (10, 10), (20, 10), (30, 40).
/// let sums = Sums { n: 3.0, x: 60.0, y: 60.0, xx: 1400.0, xy: 1500.0, yy: 1800.0 };
/// // R = 1, residuals 0, -10 and 10: v = 3/2 * 200 / 3600, so that the half width is 4.3027 * 0.28868.
/// let limits = interval(&sums, 0.95, 0.0, None).unwrap();
/// assert_eq!(limits.lower, 0.0);
/// assert!((limits.upper - 2.24207).abs() < 1e-5);
/// ```
pub fn interval(sums: &Sums, level: f64, min: f64, max: Option<f64>) -> Option<Interval> {
    let centre = ratio(sums.x, sums.y)?;
    let half = student::two_sided_t(level, sums.n - 1.0)? * standard_error(sums)?;
    let top = max.unwrap_or(f64::INFINITY);
    // A ratio that is itself outside the range keeps its limits in order.
    Some(Interval { lower: (centre - half).max(min).min(top), upper: (centre + half).min(top).max(min) })
}

/// The linearised standard error of [`ratio`].
///
/// # Formula
/// `√v` of [`interval`].
///
/// # Assumptions
/// Those of [`interval`].
///
/// # Undefined
/// When [`ratio`] is, for fewer than two units and for sums of squares that are not finite.
///
/// # References
/// Cochran 1977, section 2.11.
///
/// # Examples
/// ```
/// use cxm::stats::ratio::{Sums, standard_error};
///
/// let sums = Sums { n: 3.0, x: 60.0, y: 60.0, xx: 1400.0, xy: 1500.0, yy: 1800.0 };
/// assert!((standard_error(&sums).unwrap() - (1.5_f64 * 200.0 / 3600.0).sqrt()).abs() < 1e-15);
/// ```
pub fn standard_error(sums: &Sums) -> Option<f64> {
    let &Sums { n, x, y, xx, xy, yy } = sums;
    let centre = ratio(x, y)?;
    if !(n >= 2.0 && n.is_finite() && (xx + xy + yy).is_finite()) {
        return None;
    }
    let cross = 2.0 * centre * xy;
    let base = centre * centre * xx;
    let residual = yy - cross + base;
    let residual = if residual <= ROUNDING * (yy + cross.abs() + base) { 0.0 } else { residual };
    Some((n / (n - 1.0) * residual).sqrt() / x)
}

/// The difference of two independent ratios, `a` less `b`.
///
/// # Formula
/// `R_a - R_b ± z √(v_a + v_b)` with the linearised variances of [`interval`], and the p-value of the same
/// `z`. The limits are cut to `±limit`, the largest difference there can be: 1 for a ratio of at most 1.
///
/// # Assumptions
/// Those of [`interval`] for each, and different units in the two: two months of the same customers are
/// not independent, which as a rule makes the p-value too large.
///
/// # Undefined
/// When either has no [`standard_error`], for a level outside 0 to 1. The p-value alone, when neither
/// varies.
///
/// # References
/// Cochran 1977, sections 2.11 and 2.14.
///
/// # Examples
/// ```
/// use cxm::stats::ratio::{Sums, difference};
///
/// let a = Sums { n: 3.0, x: 60.0, y: 60.0, xx: 1400.0, xy: 1500.0, yy: 1800.0 };
/// let b = Sums { y: 30.0, xy: 750.0, yy: 450.0, ..a };
/// let difference = difference(&a, &b, 0.95, None).unwrap();
/// assert_eq!(difference.value, 0.5);
/// // v = 1/12 and a quarter of it: z = 0.5 / √(5/48).
/// assert!((difference.p.unwrap() - 0.121335).abs() < 1e-6);
/// ```
pub fn difference(a: &Sums, b: &Sums, level: f64, limit: Option<f64>) -> Option<Difference> {
    let of = |sums: &Sums| Some((ratio(sums.x, sums.y)?, standard_error(sums)?.powi(2)));
    difference::by_z(of(a)?, of(b)?, level, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(units: &[(f64, f64)]) -> Sums {
        units.iter().fold(Sums::default(), |s, &(x, y)| Sums {
            n: s.n + 1.0,
            x: s.x + x,
            y: s.y + y,
            xx: s.xx + x * x,
            xy: s.xy + x * y,
            yy: s.yy + y * y,
        })
    }

    #[test]
    fn no_base_and_one_unit_have_no_interval() {
        assert_eq!(interval(&Sums::default(), 0.95, 0.0, None), None);
        assert_eq!(interval(&sums(&[(10.0, 9.0)]), 0.95, 0.0, None), None);
        assert_eq!(interval(&sums(&[(0.0, 9.0), (0.0, 1.0)]), 0.95, 0.0, None), None);
        assert_eq!(ratio(f64::NAN, 1.0), None);
        assert_eq!(ratio(-1.0, 1.0), None);
    }

    #[test]
    fn one_common_ratio_leaves_no_width_whatever_the_rounding() {
        let units: Vec<_> = (1..1000).map(|i| (0.1 * f64::from(i), 0.1 * f64::from(i) * 0.93)).collect();
        let limits = interval(&sums(&units), 0.95, 0.0, None).unwrap();
        assert_eq!(limits.lower, limits.upper);
        assert!((limits.lower - 0.93).abs() < 1e-12);
    }

    #[test]
    fn the_expanded_square_equals_the_residuals() {
        let units = [(10.0, 12.0), (20.0, 15.0), (5.0, 0.0), (40.0, 41.0), (8.0, 8.0)];
        let s = sums(&units);
        let centre = ratio(s.x, s.y).unwrap();
        let residual: f64 = units.iter().map(|(x, y)| (y - centre * x).powi(2)).sum();
        let half = student::two_sided_t(0.9, 4.0).unwrap() * (5.0 / 4.0 * residual).sqrt() / s.x;
        let limits = interval(&s, 0.9, f64::NEG_INFINITY, None).unwrap();
        assert!((limits.lower - (centre - half)).abs() < 1e-14);
        assert!((limits.upper - (centre + half)).abs() < 1e-14);
    }

    #[test]
    fn limits_stay_in_the_range_of_the_metric() {
        let limits = interval(&sums(&[(10.0, 10.0), (10.0, 0.0)]), 0.95, 0.0, Some(1.0)).unwrap();
        assert_eq!(limits, Interval { lower: 0.0, upper: 1.0 });
    }

    /// With one unit of base each, the ratio is a mean and its interval the t interval.
    #[test]
    fn equal_bases_give_the_interval_of_a_mean() {
        let limits = interval(&sums(&[(1.0, 1.0), (1.0, 3.0)]), 0.95, f64::NEG_INFINITY, None).unwrap();
        let mean = crate::stats::mean::t_interval(2.0, 2.0_f64.sqrt(), 2.0, 0.95).unwrap();
        assert!((limits.lower - mean.lower).abs() < 1e-12 && (limits.upper - mean.upper).abs() < 1e-12);
    }
}
