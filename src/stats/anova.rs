//! Whether the means or the ranks of several groups differ at all; it must not know what was measured.

use super::welch::Sample;
use super::{beta, gamma};

/// Welch's test of several means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WelchF {
    /// The statistic.
    pub f: f64,
    /// The number of groups less one.
    pub df1: f64,
    /// The degrees of freedom of the spread within groups.
    pub df2: f64,
    /// The p-value that all means are equal.
    pub p: f64,
}

/// Welch's test that the means of several independent groups are equal, whatever their spreads.
///
/// # Formula
/// With `w = n / s²` of each of `k` groups, `W = Σw`, `x̃ = Σ w x̄ / W` and `λ = Σ (1 - w/W)² / (n - 1)`:
/// `F = (Σ w (x̄ - x̃)² / (k - 1)) / (1 + 2 (k - 2) λ / (k² - 1))`, with `k - 1` and `(k² - 1) / 3λ` degrees of
/// freedom.
///
/// # Assumptions
/// Those of [`welch`](super::welch::welch), which it is for two groups. It says that some means differ, not
/// which.
///
/// # Undefined
/// Fewer than two groups; a group of fewer than two values, without spread or with a number that is not finite.
///
/// # References
/// Welch 1951.
///
/// # Examples
/// ```
/// use cxm::stats::anova::welch_f;
/// use cxm::stats::welch::Sample;
///
/// let of = |mean| Sample { n: 10.0, mean, sd: 1.0 };
/// let test = welch_f(&[of(5.0), of(4.0)]).unwrap();
/// // The square of the t of two groups, √5.
/// assert!((test.f - 5.0).abs() < 1e-12 && (test.df2 - 18.0).abs() < 1e-12);
/// assert_eq!(welch_f(&[of(5.0)]), None);
/// ```
pub fn welch_f(groups: &[Sample]) -> Option<WelchF> {
    let k = groups.len() as f64;
    let whole = |s: &Sample| s.n >= 2.0 && s.n.is_finite() && s.mean.is_finite() && s.sd > 0.0;
    if k < 2.0 || !groups.iter().all(whole) {
        return None;
    }
    let weight = |s: &Sample| s.n / (s.sd * s.sd);
    let all: f64 = groups.iter().map(weight).sum();
    let centre = groups.iter().map(|s| weight(s) / all * s.mean).sum::<f64>();
    let between = groups.iter().map(|s| weight(s) * (s.mean - centre).powi(2)).sum::<f64>() / (k - 1.0);
    let lambda: f64 = groups.iter().map(|s| (1.0 - weight(s) / all).powi(2) / (s.n - 1.0)).sum();
    let f = between / (1.0 + 2.0 * (k - 2.0) * lambda / (k * k - 1.0));
    let (df1, df2) = (k - 1.0, (k * k - 1.0) / (3.0 * lambda));
    Some(WelchF { f, df1, df2, p: beta::f_tail(f, df1, df2)? })
}

/// Kruskal and Wallis's test of several groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KruskalWallis {
    /// The statistic, corrected for ties.
    pub h: f64,
    /// The number of groups less one.
    pub df: f64,
    /// The p-value that all groups have the same distribution.
    pub p: f64,
}

/// Kruskal and Wallis's test that several independent groups have the same distribution, by ranks.
///
/// # Formula
/// `H = 12 / (N (N + 1)) Σ nᵢ (r̄ᵢ - (N + 1)/2)²` with the mean rank `r̄ᵢ` of each group, equal values sharing their
/// ranks, divided by `1 - Σ (t³ - t) / (N³ - N)` over the sizes `t` of ties; χ² with `k - 1` degrees of freedom.
/// Each group is a list of values, each with how often it occurs, in any order.
///
/// # Assumptions
/// Different groups, independent answers, about five in each. Nothing about the distributions: it is the test
/// for long-tailed durations and for short scales. Groups of equal medians may still differ.
///
/// # Undefined
/// Fewer than two groups, an empty one, all values equal, a value that is not finite.
///
/// # References
/// Kruskal and Wallis 1952.
///
/// # Examples
/// ```
/// use cxm::stats::anova::kruskal_wallis;
///
/// // Ranks 1, 2, 3 and 4, 5, 6: 12/42 * (3 * 1.5² + 3 * 1.5²).
/// let test = kruskal_wallis(&[&[(1.0, 1), (2.0, 1), (3.0, 1)], &[(7.0, 1), (8.0, 1), (9.0, 1)]]).unwrap();
/// assert!((test.h - 27.0 / 7.0).abs() < 1e-15);
/// ```
pub fn kruskal_wallis(groups: &[&[(f64, u64)]]) -> Option<KruskalWallis> {
    let mut values: Vec<(f64, f64, usize)> = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        values.extend(group.iter().map(|&(value, count)| (value, count as f64, g)));
    }
    if values.iter().any(|value| !value.0.is_finite()) {
        return None;
    }
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sums, mut sizes) = (vec![0.0; groups.len()], vec![0.0; groups.len()]);
    let (mut n, mut ties) = (0.0, 0.0);
    for equal in values.chunk_by(|a, b| a.0 == b.0) {
        let size: f64 = equal.iter().map(|value| value.1).sum();
        for &(_, count, group) in equal {
            sums[group] += count * (n + (size + 1.0) / 2.0);
            sizes[group] += count;
        }
        n += size;
        ties += size * (size * size - 1.0);
    }
    let correction = 1.0 - ties / (n * (n * n - 1.0));
    if groups.len() < 2 || sizes.contains(&0.0) || correction <= 0.0 {
        return None;
    }
    let spread = sums.iter().zip(&sizes).map(|(sum, size)| size * (sum / size - (n + 1.0) / 2.0).powi(2));
    let h = 12.0 / (n * (n + 1.0)) * spread.sum::<f64>() / correction;
    let df = groups.len() as f64 - 1.0;
    Some(KruskalWallis { h, df, p: gamma::chi_square_tail(h, df)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::welch::welch;

    #[test]
    fn two_groups_are_the_t_test() {
        let (a, b) = (Sample { n: 12.0, mean: 3.0, sd: 0.5 }, Sample { n: 7.5, mean: 3.4, sd: 2.0 });
        let (f, t) = (welch_f(&[a, b]).unwrap(), welch(a, b, 0.95).unwrap());
        assert!((f.f - t.t * t.t).abs() < 1e-12 && (f.df2 - t.df).abs() < 1e-12);
        assert!((f.p - t.difference.p.unwrap()).abs() < 1e-14);
        assert_eq!(welch_f(&[a, Sample { sd: 0.0, ..b }]), None);
    }

    #[test]
    fn counted_values_are_the_values_that_many_times() {
        let (twice, once) = ([(4.0, 2), (1.0, 1)], [(5.0, 1), (2.0, 3)]);
        let spread = [(4.0, 1), (1.0, 1), (4.0, 1)];
        assert_eq!(kruskal_wallis(&[&twice, &once]), kruskal_wallis(&[&spread, &once]));
    }

    #[test]
    fn nothing_to_rank() {
        assert_eq!(kruskal_wallis(&[]), None);
        assert_eq!(kruskal_wallis(&[&[(1.0, 3)], &[(1.0, 2)]]), None);
        assert_eq!(kruskal_wallis(&[&[(1.0, 3), (2.0, 1)], &[]]), None);
        assert_eq!(kruskal_wallis(&[&[(1.0, 3)], &[(f64::NAN, 2)]]), None);
    }
}
