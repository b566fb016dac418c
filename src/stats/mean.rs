//! Mean, standard deviation and t interval of counted values; it must not know what was measured.

use super::{Interval, student};

/// How many values there are, their mean and their standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// The number of values.
    pub n: u64,
    /// The mean, from one value on.
    pub mean: Option<f64>,
    /// The standard deviation with `n - 1` in the denominator, from two values on.
    pub sd: Option<f64>,
}

/// Mean and standard deviation of values that each occur a number of times.
///
/// # Formula
/// `x̄ = x₀ + Σ c (x - x₀) / n`, `n = Σ c`; `s² = (Σ c d² - (Σ c d)²/n) / (n - 1)` with `d = x - x̄`.
/// Two passes and a shifted origin, so that values around 10⁹ that differ by 1 keep their digits.
///
/// # Assumptions
/// The values are on a scale where differences mean something. A few very long durations move the
/// mean far from what most people met: show the median beside it.
///
/// # Undefined
/// No values: neither. One value: no standard deviation. A value that is not finite: neither.
///
/// # References
/// Chan, Golub and LeVeque 1983, corrected two-pass algorithm (their equation 1.7).
///
/// # Examples
/// ```
/// use cxm::stats::mean::mean_sd;
///
/// // A scale from 1 to 5: one answer of 3, two of 4, one of 5.
/// let moments = mean_sd([(3.0, 1), (4.0, 2), (5.0, 1)].into_iter());
/// assert_eq!((moments.n, moments.mean), (4, Some(4.0)));
/// assert!((moments.sd.unwrap() - (2.0_f64 / 3.0).sqrt()).abs() < 1e-15);
/// ```
pub fn mean_sd(values: impl Iterator<Item = (f64, u64)> + Clone) -> Moments {
    let values = values.filter(|&(_, count)| count > 0);
    let n = values.clone().map(|(_, count)| count).sum::<u64>();
    let Some((origin, _)) = values.clone().next() else {
        return Moments { n: 0, mean: None, sd: None };
    };
    let weight = n as f64;
    let shift: f64 = values.clone().map(|(x, count)| count as f64 * (x - origin)).sum();
    let mean = origin + shift / weight;
    if !mean.is_finite() {
        return Moments { n, mean: None, sd: None };
    }
    let (sum, squares) = values.fold((0.0, 0.0), |(sum, squares), (x, count)| {
        let deviation = x - mean;
        (sum + count as f64 * deviation, squares + count as f64 * deviation * deviation)
    });
    let variance = (squares - sum * sum / weight).max(0.0) / (weight - 1.0);
    Moments { n, mean: Some(mean), sd: (n > 1 && variance.is_finite()).then(|| variance.sqrt()) }
}

/// Student's t interval for a mean.
///
/// # Formula
/// `x̄ ± t(n - 1) · s / √n`.
///
/// # Assumptions
/// Independent values, and a mean that is roughly normal: a few dozen values of a short scale do, far
/// more are needed for durations with a long tail. On a bounded scale a limit may lie outside it.
/// When all values are equal the interval has no width, which is not certainty.
///
/// # Undefined
/// Fewer than two values, a mean or deviation that is not finite, a negative deviation, a level
/// outside 0 to 1.
///
/// # References
/// Student 1908.
///
/// # Examples
/// ```
/// use cxm::stats::mean::t_interval;
///
/// // Two values, 1 and 3.
/// let interval = t_interval(2.0, 2.0_f64.sqrt(), 2.0, 0.95).unwrap();
/// assert!((interval.upper - 14.7062).abs() < 1e-4);
/// assert_eq!(t_interval(42.0, 0.0, 1.0, 0.95), None);
/// ```
pub fn t_interval(mean: f64, sd: f64, n: f64, level: f64) -> Option<Interval> {
    if !(n >= 2.0 && mean.is_finite() && sd >= 0.0 && sd.is_finite()) {
        return None;
    }
    let half = student::two_sided_t(level, n - 1.0)? * sd / n.sqrt();
    Some(Interval { lower: mean - half, upper: mean + half })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[(f64, u64)]) -> Moments {
        mean_sd(values.iter().copied())
    }

    #[test]
    fn no_value_has_no_mean_and_one_value_no_deviation() {
        assert_eq!(moments(&[]), Moments { n: 0, mean: None, sd: None });
        assert_eq!(moments(&[(3.0, 0)]), Moments { n: 0, mean: None, sd: None });
        assert_eq!(moments(&[(42.0, 1)]), Moments { n: 1, mean: Some(42.0), sd: None });
    }

    #[test]
    fn equal_values_have_deviation_zero_exactly() {
        assert_eq!(moments(&[(0.1, 7)]), Moments { n: 7, mean: Some(0.1), sd: Some(0.0) });
        assert_eq!(t_interval(0.1, 0.0, 7.0, 0.95), Some(Interval { lower: 0.1, upper: 0.1 }));
    }

    #[test]
    fn a_count_is_the_value_that_many_times() {
        assert_eq!(moments(&[(1.0, 2), (3.0, 2)]), moments(&[(1.0, 1), (3.0, 1), (1.0, 1), (3.0, 1)]));
    }

    #[test]
    fn a_large_offset_loses_no_digits() {
        let near = moments(&[(1.0, 1), (2.0, 1), (3.0, 1)]);
        let far = moments(&[(1e15 + 1.0, 1), (1e15 + 2.0, 1), (1e15 + 3.0, 1)]);
        assert_eq!(far.mean, Some(1e15 + 2.0));
        assert_eq!((near.sd, far.sd), (Some(1.0), Some(1.0)));
    }

    #[test]
    fn what_is_not_finite_is_not_averaged() {
        assert_eq!(moments(&[(1.0, 1), (f64::INFINITY, 1)]), Moments { n: 2, mean: None, sd: None });
        assert_eq!(moments(&[(f64::NAN, 1)]), Moments { n: 1, mean: None, sd: None });
        assert_eq!(t_interval(f64::NAN, 1.0, 9.0, 0.95), None);
        assert_eq!(t_interval(1.0, -1.0, 9.0, 0.95), None);
    }
}
