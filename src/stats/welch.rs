//! The difference of two means by Welch's unequal-variances t; it must not know what was measured.

use super::difference::Difference;
use super::{Interval, beta, student};

/// What is known of the values of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// How many values; an effective number, for weighted values.
    pub n: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation with `n - 1` in the denominator.
    pub sd: f64,
}

/// A difference of two means and the test it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// The difference, its interval and p-value.
    pub difference: Difference,
    /// Its standard error.
    pub standard_error: f64,
    /// The difference in standard errors.
    pub t: f64,
    /// Satterthwaite's degrees of freedom.
    pub df: f64,
}

/// Welch's difference of two independent means, the first less the second.
///
/// # Formula
/// `v = s₁²/n₁ + s₂²/n₂`, `t = (x̄ - ȳ) / √v`, `df = v² / ((s₁²/n₁)²/(n₁ - 1) + (s₂²/n₂)²/(n₂ - 1))`;
/// interval `x̄ - ȳ ± t(df) √v`, p from Student's t.
///
/// # Assumptions
/// Different groups, independent values, means that are roughly normal; the spreads may differ. For
/// durations with a long tail it needs hundreds of values, and a mean may not be what matters there. For
/// the same people asked twice it is wrong.
///
/// # Undefined
/// Fewer than two values in a group, no spread in either, a number that is not finite, a level outside 0
/// to 1.
///
/// # References
/// Welch 1947; Satterthwaite 1946.
///
/// # Examples
/// ```
/// use cxm::stats::welch::{Sample, welch};
///
/// let (a, b) = (Sample { n: 10.0, mean: 5.0, sd: 1.0 }, Sample { n: 10.0, mean: 4.0, sd: 1.0 });
/// let test = welch(a, b, 0.95).unwrap();
/// assert_eq!(test.difference.value, 1.0);
/// // Equal n and spread: the pooled test with 18 degrees of freedom, √(2/10) for an error.
/// assert!((test.df - 18.0).abs() < 1e-12 && (test.t - 5.0_f64.sqrt()).abs() < 1e-12);
/// assert_eq!(welch(a, Sample { n: 1.0, mean: 4.0, sd: 0.0 }, 0.95), None);
/// ```
pub fn welch(a: Sample, b: Sample, level: f64) -> Option<Welch> {
    let (first, second) = (error_variance(a)?, error_variance(b)?);
    let (value, variance) = (a.mean - b.mean, first + second);
    if !(variance > 0.0 && variance.is_finite() && value.is_finite()) {
        return None;
    }
    // Shares of the variance, so that no square of it can underflow.
    let (first, second) = (first / variance, second / variance);
    let df = 1.0 / (first * first / (a.n - 1.0) + second * second / (b.n - 1.0));
    let standard_error = variance.sqrt();
    let t = value / standard_error;
    let half = student::two_sided_t(level, df)? * standard_error;
    let interval = Interval { lower: value - half, upper: value + half };
    let difference = Difference { value, interval, p: beta::two_sided_p(t, df) };
    Some(Welch { difference, standard_error, t, df })
}

/// The variance of a group's mean.
fn error_variance(sample: Sample) -> Option<f64> {
    let Sample { n, sd, .. } = sample;
    (n >= 2.0 && n.is_finite() && sd >= 0.0 && sd.is_finite()).then(|| sd * sd / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Sample = Sample { n: 12.0, mean: 3.0, sd: 0.5 };
    const B: Sample = Sample { n: 7.5, mean: 3.4, sd: 2.0 };

    #[test]
    fn swapping_the_groups_changes_the_sign_alone() {
        let (there, back) = (welch(A, B, 0.9).unwrap(), welch(B, A, 0.9).unwrap());
        assert!((there.t + back.t).abs() < 1e-15 && (there.df - back.df).abs() < 1e-12);
        assert!((there.difference.interval.lower + back.difference.interval.upper).abs() < 1e-12);
    }

    #[test]
    fn a_group_without_spread_leaves_the_df_of_the_other() {
        let test = welch(Sample { sd: 0.0, ..A }, B, 0.95).unwrap();
        assert!((test.df - 6.5).abs() < 1e-12);
        assert_eq!(welch(Sample { sd: 0.0, ..A }, Sample { sd: 0.0, ..B }, 0.95), None);
    }

    #[test]
    fn what_is_not_finite_is_not_compared() {
        assert_eq!(welch(Sample { mean: f64::NAN, ..A }, B, 0.95), None);
        assert_eq!(welch(A, Sample { sd: f64::INFINITY, ..B }, 0.95), None);
        assert_eq!(welch(A, B, 1.0), None);
    }
}
