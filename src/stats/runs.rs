//! Which points of a series are signals: beyond their limits, or in runs too long for chance; it must not
//! know how the limits were made.

use std::f64::consts::LN_2;

use super::Interval;

/// Share of the numbers themselves below which a distance is the rounding of the limits.
const ROUNDING: f64 = 1e-12;
/// The chance of as few crossings as make a signal, in a series that is only noise.
const FEW: f64 = 0.05;

/// Which values are beyond their limits (rule 1 of all control charts).
///
/// # Formula
/// `xᵢ < lowerᵢ` or `xᵢ > upperᵢ`; a value on its limit is within.
///
/// # Assumptions
/// The limits are those of a process that does not change. Three standard deviations are exceeded by
/// chance once in about 370 points; in 26 quiet weeks, whose limits come from the same weeks, one or
/// more are flagged in 6 % of the series. Less than 10⁻¹² of the value counts as rounding.
///
/// # Undefined
/// A value that is not a number is not flagged. Values without limits are left out.
///
/// # References
/// Shewhart 1931; Western Electric 1956, rule 1.
///
/// # Examples
/// ```
/// use cxm::stats::{Interval, runs::beyond};
///
/// let limits = [Interval { lower: 1.0, upper: 3.0 }; 3];
/// assert_eq!(beyond(&[3.0, 3.1, 0.0], &limits), [false, true, true]);
/// ```
pub fn beyond(values: &[f64], limits: &[Interval]) -> Vec<bool> {
    let outside = |(&value, at): (&f64, &Interval)| {
        side(value, at.upper) == Some(true) || side(value, at.lower) == Some(false)
    };
    values.iter().zip(limits).map(outside).collect()
}

/// The runs of a series about its centre line, and what chance allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Runs {
    /// The number of points that are not on the centre line; the others say nothing here.
    pub useful: usize,
    /// The longest run of useful points on one side.
    pub longest: usize,
    /// The longest run that is no signal.
    pub longest_allowed: usize,
    /// How often the series crosses the centre line.
    pub crossings: usize,
    /// The fewest crossings that are no signal.
    pub crossings_expected: usize,
    /// For each point whether it is in a run longer than allowed.
    pub in_long_run: Vec<bool>,
}

impl Runs {
    /// Whether a run is too long.
    pub fn too_long(&self) -> bool {
        self.longest > self.longest_allowed
    }

    /// Whether the series crosses its centre line too seldom. No point of it is to blame alone.
    pub fn too_few_crossings(&self) -> bool {
        self.crossings < self.crossings_expected
    }

    /// Whether either rule signals that the process changed.
    pub fn signal(&self) -> bool {
        self.too_long() || self.too_few_crossings()
    }
}

/// The runs of a series and the two rules of Anhøj and Olesen about them.
///
/// # Formula
/// With `n` points off the centre line, those on it being passed over: a run is too long when it has more
/// than `round(log₂ n) + 3` points, and crossings are too few when they are less than the 5 % quantile
/// of a binomial distribution with `n - 1` trials and probability ½.
///
/// # Assumptions
/// Points in order of time, independent of each other, each as likely above the centre as below: exact
/// for a median, good for the mean of values that are not very skewed. Made for shifts that last. In
/// 26 quiet weeks the two signal in 2.5 % of the series, and in 8 % together with [`beyond`], where
/// the four rules of Western Electric take 17 % for a change. With fewer than about ten points no
/// shift can be seen.
///
/// # Undefined
/// No point off the centre line, a value or a centre that is not finite.
///
/// # References
/// Anhøj and Olesen 2014; Anhøj 2015.
///
/// # Examples
/// ```
/// use cxm::stats::runs::anhoej;
///
/// // Eight weeks below, eight above: too long a run would be one of 8, too few crossings fewer than 4.
/// let weeks = [[1.0; 8], [3.0; 8]].concat();
/// let runs = anhoej(&weeks, 2.0).unwrap();
/// assert_eq!((runs.longest, runs.longest_allowed), (8, 7));
/// assert_eq!((runs.crossings, runs.crossings_expected), (1, 4));
/// assert!(runs.signal() && runs.in_long_run == [true; 16]);
/// ```
pub fn anhoej(values: &[f64], centre: f64) -> Option<Runs> {
    if !(centre.is_finite() && values.iter().all(|value| value.is_finite())) {
        return None;
    }
    let useful = values.iter().enumerate().filter_map(|(at, &value)| Some((at, side(value, centre)?)));
    let useful: Vec<(usize, bool)> = useful.collect();
    let runs: Vec<&[(usize, bool)]> = useful.chunk_by(|one, next| one.1 == next.1).collect();
    let longest = runs.iter().map(|run| run.len()).max()?;
    let longest_allowed = (useful.len() as f64).log2().round() as usize + 3;
    let mut in_long_run = vec![false; values.len()];
    for &(at, _) in runs.iter().filter(|run| run.len() > longest_allowed).copied().flatten() {
        in_long_run[at] = true;
    }
    Some(Runs {
        useful: useful.len(),
        longest,
        longest_allowed,
        crossings: runs.len() - 1,
        crossings_expected: even_binomial_quantile(useful.len() - 1, FEW),
        in_long_run,
    })
}

/// Whether a value is above a line (`true`) or below it; neither when it lies on it.
fn side(value: f64, line: f64) -> Option<bool> {
    let distance = value - line;
    (distance.abs() > ROUNDING * value.abs().max(line.abs())).then_some(distance > 0.0)
}

/// The least `k` so that `k` or fewer successes in `n` trials of probability ½ have at least chance `q`.
fn even_binomial_quantile(n: usize, q: f64) -> usize {
    // Logarithms, because ½ⁿ is 0 from n = 1075 on.
    let mut logarithm = -(n as f64) * LN_2;
    let mut chance = 0.0;
    for k in 0..n {
        chance += logarithm.exp();
        if chance >= q {
            return k;
        }
        logarithm += ((n - k) as f64 / (k + 1) as f64).ln();
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_off_the_line_has_no_runs() {
        assert_eq!(anhoej(&[], 0.0), None);
        assert_eq!(anhoej(&[2.0, 2.0], 2.0), None);
        assert_eq!(anhoej(&[1.0, f64::NAN], 2.0), None);
        assert_eq!(anhoej(&[1.0], f64::INFINITY), None);
    }

    #[test]
    fn one_point_is_a_run_of_one() {
        let one = anhoej(&[1.0], 2.0).unwrap();
        assert_eq!((one.useful, one.longest, one.crossings), (1, 1, 0));
        assert!(!one.signal());
    }

    #[test]
    fn points_on_the_line_neither_break_a_run_nor_belong_to_it() {
        let with = anhoej(&[1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0], 2.0).unwrap();
        assert_eq!((with.useful, with.longest, with.longest_allowed), (7, 7, 6));
        assert_eq!(with.in_long_run, [true, true, true, false, true, true, true, true]);
        // Fewer than two crossings of seven points are no rarity: 7 chances in 64.
        assert_eq!((with.crossings, with.crossings_expected), (0, 1));
    }

    #[test]
    fn a_sum_that_was_rounded_is_on_the_line() {
        assert_eq!(anhoej(&[0.1 + 0.2, 0.3, 0.3], 0.3), None);
        assert_eq!(beyond(&[0.1 + 0.2], &[Interval { lower: 0.0, upper: 0.3 }]), [false]);
    }

    /// Binomial sums by hand: of 9 trials 0 or 1 success have 10 of 512, up to 2 have 46 of 512.
    #[test]
    fn the_quantile_of_a_fair_coin() {
        assert_eq!(even_binomial_quantile(9, 0.05), 2);
        assert_eq!(even_binomial_quantile(1, 0.05), 0);
        assert_eq!(even_binomial_quantile(0, 0.05), 0);
        // 1.645 standard deviations of 50 below 5000.
        assert!(even_binomial_quantile(10_000, 0.05).abs_diff(4918) <= 1);
    }

    #[test]
    fn upside_down_the_same_points_are_flagged() {
        let values: Vec<f64> =
            (0..40).map(|i| f64::from(i * i % 17) - 6.0 + f64::from(i / 20) * 9.0).collect();
        let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
        assert_eq!(anhoej(&values, 1.5), anhoej(&mirrored, -1.5));
    }
}
