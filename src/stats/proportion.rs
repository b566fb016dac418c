//! Intervals and a test for shares and their differences; it must not know what a success is.

use super::{Interval, beta, normal};

/// Wilson's score interval for a share.
///
/// # Formula
/// `(x + z²/2) / (n + z²) ± z / (n + z²) · √(x(n - x)/n + z²/4)`; the lower limit is exactly 0 when
/// `x = 0`, the upper exactly 1 when `x = n`. No continuity correction.
///
/// # Assumptions
/// Independent answers with one probability of success. Counts may be fractions, for an effective
/// sample size. The mean coverage over all shares is at the level (95.0 to 95.4 % for 95 %), but a
/// single share close to 0 or 1 can fall well below it (86 % at n = 10). It says nothing about who
/// did not answer.
///
/// # Undefined
/// `n = 0`, a negative or non-finite count, `x > n`, a level outside 0 to 1.
///
/// # References
/// Wilson 1927; Newcombe 1998a, method 3; Brown, Cai and DasGupta 2001, section 3.1.1.
///
/// # Examples
/// ```
/// use cxm::stats::proportion::wilson;
///
/// let interval = wilson(81.0, 263.0, 0.95).unwrap();
/// assert!((interval.lower - 0.2553).abs() < 5e-5);
/// assert!((interval.upper - 0.3662).abs() < 5e-5);
/// assert_eq!(wilson(0.0, 0.0, 0.95), None);
/// ```
pub fn wilson(successes: f64, n: f64, level: f64) -> Option<Interval> {
    let p = share(successes, n)?;
    let z = normal::two_sided_z(level)?;
    let (x, zz) = (successes, z * z);
    let centre = (x + zz / 2.0) / (n + zz);
    let half = z / (n + zz) * (x * (n - x) / n + zz / 4.0).sqrt();
    // Rounding must not push a limit past the share it surrounds.
    let lower = if x == 0.0 { 0.0 } else { (centre - half).clamp(0.0, p) };
    let upper = if x == n { 1.0 } else { (centre + half).clamp(p, 1.0) };
    Some(Interval { lower, upper })
}

/// Clopper and Pearson's interval for a share, which covers at least at its level whatever the share.
///
/// # Formula
/// The beta quantiles `B(α/2; x, n - x + 1)` and `B(1 - α/2; x + 1, n - x)`, `α = 1 - level`; the lower
/// limit is 0 when `x = 0`, the upper 1 when `x = n`.
///
/// # Assumptions
/// Independent answers with one probability of success. It is wider than its level asks for (97 to 98 %
/// coverage at n ≤ 20): take [`wilson`] unless a guarantee is wanted.
///
/// # Undefined
/// `n = 0`, a negative or non-finite count, `x > n`, a level outside 0 to 1.
///
/// # References
/// Clopper and Pearson 1934; Brown, Cai and DasGupta 2001, section 4.2.1.
///
/// # Examples
/// ```
/// use cxm::stats::proportion::clopper_pearson;
///
/// let interval = clopper_pearson(81.0, 263.0, 0.95).unwrap();
/// assert!((interval.lower - 0.2527).abs() < 5e-5);
/// assert!((interval.upper - 0.3676).abs() < 5e-5);
/// ```
pub fn clopper_pearson(successes: f64, n: f64, level: f64) -> Option<Interval> {
    let p = share(successes, n)?;
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let failures = n - successes;
    let lower = if successes == 0.0 { 0.0 } else { beta::quantile(tail, successes, failures + 1.0)? };
    // The mirrored quantile, so that the level is used as exactly as for the lower limit.
    let missing = if failures == 0.0 { 0.0 } else { beta::quantile(tail, failures, successes + 1.0)? };
    Some(Interval { lower: lower.min(p), upper: (1.0 - missing).max(p) })
}

/// Newcombe's hybrid score interval for the difference of two independent shares, `x1/n1 - x2/n2`.
///
/// # Formula
/// With Wilson's limits `l`, `u` of each share and `d = p₁ - p₂`:
/// `d - √((p₁ - l₁)² + (u₂ - p₂)²)` to `d + √((u₁ - p₁)² + (p₂ - l₂)²)`.
///
/// # Assumptions
/// Two different groups of people, independent answers. For the same people asked twice it is wrong,
/// as a rule too wide. It may disagree with [`pooled_p`] about 0 in close calls: the two do not
/// invert each other.
///
/// # Undefined
/// When either share has no [`wilson`] interval.
///
/// # References
/// Newcombe 1998b, method 10.
///
/// # Examples
/// ```
/// use cxm::stats::proportion::newcombe;
///
/// let interval = newcombe(56.0, 70.0, 48.0, 80.0, 0.95).unwrap();
/// assert!((interval.lower - 0.0524).abs() < 5e-5);
/// assert!((interval.upper - 0.3339).abs() < 5e-5);
/// ```
pub fn newcombe(x1: f64, n1: f64, x2: f64, n2: f64, level: f64) -> Option<Interval> {
    let (p1, p2) = (share(x1, n1)?, share(x2, n2)?);
    let (first, second) = (wilson(x1, n1, level)?, wilson(x2, n2, level)?);
    let below = (p1 - first.lower).hypot(second.upper - p2);
    let above = (first.upper - p1).hypot(p2 - second.lower);
    Some(Interval { lower: (p1 - p2 - below).max(-1.0), upper: (p1 - p2 + above).min(1.0) })
}

/// The two-sided p-value of the pooled z test that two independent shares are equal.
///
/// # Formula
/// `z = (p₁ - p₂) / √(p̄(1 - p̄)(1/n₁ + 1/n₂))`, `p̄ = (x₁ + x₂)/(n₁ + n₂)`; `z²` is Pearson's χ²
/// without continuity correction.
///
/// # Assumptions
/// Two different groups, independent answers, and at least about five expected successes and
/// failures in each group; below that the p-value is too small too often.
///
/// # Undefined
/// An empty group, a count outside 0 to `n`, and both groups at 0 % or both at 100 %: there is then no
/// variation to test against, which is not the same as p = 1.
///
/// # References
/// Pearson 1900; Newcombe 1998b.
///
/// # Examples
/// ```
/// use cxm::stats::proportion::pooled_p;
///
/// assert_eq!(pooled_p(30.0, 40.0, 30.0, 40.0), Some(1.0));
/// assert_eq!(pooled_p(0.0, 10.0, 0.0, 20.0), None);
/// ```
pub fn pooled_p(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<f64> {
    let (p1, p2) = (share(x1, n1)?, share(x2, n2)?);
    let pooled = (x1 + x2) / (n1 + n2);
    let variance = pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2);
    if variance > 0.0 { normal::two_sided_p((p1 - p2) / variance.sqrt()) } else { None }
}

/// The share itself, where the counts make sense.
pub(super) fn share(successes: f64, n: f64) -> Option<f64> {
    (n > 0.0 && n.is_finite() && (0.0..=n).contains(&successes)).then(|| successes / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binomial(n: u32, k: u32, p: f64) -> f64 {
        let ways = (0..k).fold(1.0, |ways, i| ways * f64::from(n - i) / f64::from(i + 1));
        ways * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
    }

    #[test]
    fn none_of_n_and_all_of_n_have_exact_edges() {
        let z = normal::two_sided_z(0.95).unwrap();
        let none = wilson(0.0, 10.0, 0.95).unwrap();
        assert_eq!(none.lower, 0.0);
        assert!((none.upper - z * z / (10.0 + z * z)).abs() < 1e-15);
        let all = wilson(10.0, 10.0, 0.95).unwrap();
        assert_eq!(all.upper, 1.0);
        assert!((all.lower - 10.0 / (10.0 + z * z)).abs() < 1e-15);
    }

    #[test]
    fn counts_that_make_no_sense_have_no_interval() {
        for (x, n) in [(0.0, 0.0), (-1.0, 5.0), (6.0, 5.0), (f64::NAN, 5.0), (1.0, f64::INFINITY)] {
            assert_eq!(wilson(x, n, 0.95), None, "{x} of {n}");
            assert_eq!(newcombe(x, n, 1.0, 2.0, 0.95), None, "{x} of {n}");
            assert_eq!(pooled_p(1.0, 2.0, x, n), None, "{x} of {n}");
        }
        assert_eq!(wilson(1.0, 2.0, 1.0), None);
    }

    #[test]
    fn the_interval_contains_the_share_and_narrows_with_n() {
        let mut width = 1.0;
        for n in [1.0, 7.5, 40.0, 1e3, 1e9, 1e15] {
            let interval = wilson(n * 0.3, n, 0.95).unwrap();
            assert!(interval.lower <= 0.3 && 0.3 <= interval.upper);
            assert!(interval.upper - interval.lower < width);
            width = interval.upper - interval.lower;
        }
    }

    #[test]
    fn swapping_the_groups_turns_the_difference_round() {
        let there = newcombe(9.0, 10.0, 3.0, 10.0, 0.9).unwrap();
        let back = newcombe(3.0, 10.0, 9.0, 10.0, 0.9).unwrap();
        assert!((there.lower + back.upper).abs() < 1e-15 && (there.upper + back.lower).abs() < 1e-15);
    }

    /// Over shares from 0.5 % to 99.5 % the published mean coverage at n = 20 is 95.3 %, the least 90.5 %.
    #[test]
    fn the_mean_exact_coverage_is_at_the_level() {
        let limits: Vec<_> = (0..=20).map(|x| wilson(f64::from(x), 20.0, 0.95).unwrap()).collect();
        let coverage = |p: f64| {
            let covering = (0..=20).filter(|&x| limits[x].lower <= p && p <= limits[x].upper);
            covering.map(|x| binomial(20, x as u32, p)).sum::<f64>()
        };
        let grid: Vec<f64> = (1..200).map(|k| coverage(f64::from(k) / 200.0)).collect();
        let mean = grid.iter().sum::<f64>() / grid.len() as f64;
        assert_eq!(format!("{:.1}", mean * 100.0), "95.3");
        assert_eq!(format!("{:.1}", grid.iter().fold(1.0, |least: f64, c| least.min(*c)) * 100.0), "90.5");
    }
}
