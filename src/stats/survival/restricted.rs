//! The restricted mean: the area under a Kaplan-Meier curve up to a time, and the difference of two.

use super::KaplanMeier;
use crate::stats::difference::{self, Difference};

/// The mean time without the event, of which no time counts beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// The area under the curve up to the limit.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

impl<T: Copy + PartialOrd> KaplanMeier<'_, T> {
    /// The mean time without the event up to `limit`; `number` gives a time as a number, in the unit of the result.
    ///
    /// # Formula
    /// `∫₀^τ S(t) dt`, variance `Σ (∫_tᵢ^τ S)² dᵢ / (nᵢ (nᵢ - dᵢ))` over the event times `tᵢ ≤ τ`; where all have had
    /// the event nothing is left of the area.
    ///
    /// # Assumptions
    /// Those of [`KaplanMeier`]. Times count from 0. The mean depends on the limit: compare only means of the same
    /// one, chosen before looking.
    ///
    /// # Undefined
    /// For a limit not above 0 and one after the last time seen, unless everyone had had the event by then.
    ///
    /// # References
    /// Klein and Moeschberger 2003, equations 4.5.1 and 4.5.2.
    ///
    /// # Examples
    /// ```
    /// use cxm::stats::survival::KaplanMeier;
    ///
    /// let curve = KaplanMeier::new(&[1.0], &[4.0]);
    /// // 1 up to 1, then ½ up to 3; the variance is 1² * 1 / (2 * 1).
    /// let mean = curve.restricted_mean(3.0, |time| time).unwrap();
    /// assert_eq!((mean.mean, mean.variance), (2.0, 0.5));
    /// assert_eq!(curve.restricted_mean(5.0, |time| time), None);
    /// ```
    pub fn restricted_mean(&self, limit: T, number: impl Fn(T) -> f64) -> Option<RestrictedMean> {
        self.survival_at(limit)?;
        let end = number(limit);
        if !(end > 0.0 && end.is_finite()) {
            return None;
        }
        let steps = || self.steps().take_while(|step| step.time <= limit);
        // The area up to each step, and the survival that goes on from there.
        let areas = |state: &mut (f64, f64, f64), time: f64, survival: f64| {
            let area = state.0 + (time - state.1) * state.2;
            *state = (area, time, survival);
            area
        };
        let start = (0.0, 0.0, 1.0);
        let mut state = start;
        steps().for_each(|step| {
            areas(&mut state, number(step.time), step.survival);
        });
        let mean = areas(&mut state, end, 0.0);
        let mut state = start;
        let variance = steps().map(|step| {
            let beyond = mean - areas(&mut state, number(step.time), step.survival);
            let (d, n) = (step.events as f64, step.at_risk as f64);
            if d < n { beyond * beyond * d / (n * (n - d)) } else { 0.0 }
        });
        Some(RestrictedMean { mean, variance: variance.sum() })
    }
}

/// The difference of two independent restricted means, `a` less `b`, by the normal distribution.
///
/// # Formula
/// `μ_a - μ_b ± z √(v_a + v_b)`, and the p-value of the same `z`.
///
/// # Assumptions
/// Those of [`KaplanMeier::restricted_mean`] for each, with the same limit; different, independent groups. Unlike
/// the log-rank test it also finds curves that cross.
///
/// # Undefined
/// A mean or variance that is not finite, a level outside 0 to 1. The p-value alone, when neither varies.
///
/// # References
/// Uno and others 2014.
///
/// # Examples
/// ```
/// use cxm::stats::survival::{RestrictedMean, restricted_difference};
///
/// let a = RestrictedMean { mean: 16.0, variance: 1.5 };
/// let b = RestrictedMean { mean: 12.0, variance: 2.5 };
/// let difference = restricted_difference(&a, &b, 0.95).unwrap();
/// // Two standard errors.
/// assert!((difference.p.unwrap() - 0.0455).abs() < 1e-5);
/// ```
pub fn restricted_difference(a: &RestrictedMean, b: &RestrictedMean, level: f64) -> Option<Difference> {
    difference::by_z((a.mean, a.variance), (b.mean, b.variance), level, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_censoring_and_limit_it_is_the_mean() {
        let times = [1_u32, 2, 2, 3, 12];
        let mean = KaplanMeier::new(&times, &[]).restricted_mean(100, f64::from).unwrap();
        assert!((mean.mean - 4.0).abs() < 1e-14);
        // Σ(x - 4)² = 82, over 5 twice.
        assert!((mean.variance - 82.0 / 25.0).abs() < 1e-14, "{mean:?}");
    }

    #[test]
    fn nobody_seen_for_long_enough_has_no_mean() {
        assert_eq!(KaplanMeier::new(&[], &[5.0]).restricted_mean(6.0, |t| t), None);
        assert_eq!(KaplanMeier::new(&[], &[5.0]).restricted_mean(0.0, |t| t), None);
        let all = KaplanMeier::new(&[], &[5.0]).restricted_mean(5.0, |t| t);
        assert_eq!(all, Some(RestrictedMean { mean: 5.0, variance: 0.0 }));
        assert_eq!(restricted_difference(&all.unwrap(), &all.unwrap(), 0.95).unwrap().p, None);
    }
}
