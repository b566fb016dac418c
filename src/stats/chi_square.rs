//! Whether the shares of several groups differ at all; it must not know what a success is.

use super::gamma;
use super::proportion::share;

/// Pearson's test of several shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquare {
    /// Pearson's statistic.
    pub chi_square: f64,
    /// The number of groups less one.
    pub df: f64,
    /// The p-value that all shares are equal.
    pub p: f64,
    /// Cramér's V: 0 when all shares are equal, 1 when the group decides the outcome.
    pub cramers_v: f64,
    /// The fewest successes or failures expected in a group if all shares are equal.
    pub least_expected: f64,
}

/// Pearson's χ² test that the shares of several independent groups are equal.
///
/// # Formula
/// `χ² = Σ (xᵢ - nᵢ p̄)² / (nᵢ p̄ (1 - p̄))`, `p̄ = Σx / Σn`, `k - 1` degrees of freedom, no continuity correction;
/// `V = √(χ² / Σn)`. Each group is `(successes, n)`.
///
/// # Assumptions
/// Different groups, independent answers, about five expected successes and failures in most groups: see
/// `least_expected`. It says that some shares differ, not which: for that compare pairs and adjust by
/// [`holm`](super::multiplicity::holm).
///
/// # Undefined
/// Fewer than two groups, an empty one, a count outside 0 to `n`, all shares at 0 % or all at 100 %.
///
/// # References
/// Pearson 1900; Cramér 1946, section 21.9.
///
/// # Examples
/// ```
/// use cxm::stats::chi_square::chi_square;
///
/// let test = chi_square(&[(10.0, 20.0), (20.0, 40.0), (5.0, 10.0)]).unwrap();
/// assert_eq!((test.chi_square, test.p, test.least_expected), (0.0, 1.0, 5.0));
/// assert_eq!(chi_square(&[(10.0, 10.0), (20.0, 20.0)]), None);
/// ```
pub fn chi_square(groups: &[(f64, f64)]) -> Option<ChiSquare> {
    let (successes, n) = groups.iter().fold((0.0, 0.0), |(x, n), group| (x + group.0, n + group.1));
    let all = share(successes, n)?;
    if groups.len() < 2 || !(all > 0.0 && all < 1.0) {
        return None;
    }
    let (mut chi_square, mut least_expected) = (0.0, f64::INFINITY);
    for &(x, n) in groups {
        share(x, n)?;
        chi_square += (x - n * all).powi(2) / (n * all * (1.0 - all));
        least_expected = f64::min(least_expected, n * all.min(1.0 - all));
    }
    let df = groups.len() as f64 - 1.0;
    let p = gamma::chi_square_tail(chi_square, df)?;
    Some(ChiSquare { chi_square, df, p, cramers_v: (chi_square / n).sqrt(), least_expected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::proportion::pooled_p;

    #[test]
    fn two_groups_are_the_pooled_test() {
        let test = chi_square(&[(56.0, 70.0), (48.0, 80.0)]).unwrap();
        assert!((test.p - pooled_p(56.0, 70.0, 48.0, 80.0).unwrap()).abs() < 1e-15);
    }

    #[test]
    fn the_group_decides_the_outcome() {
        assert_eq!(chi_square(&[(10.0, 10.0), (0.0, 10.0)]).unwrap().cramers_v, 1.0);
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(chi_square(&[]), None);
        assert_eq!(chi_square(&[(1.0, 2.0)]), None);
        assert_eq!(chi_square(&[(1.0, 2.0), (0.0, 0.0)]), None);
        assert_eq!(chi_square(&[(1.0, 2.0), (f64::NAN, 3.0)]), None);
    }
}
