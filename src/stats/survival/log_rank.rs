//! The log-rank test: whether the curves of several groups differ.

use super::KaplanMeier;
use crate::stats::gamma;

/// A log-rank test of several groups.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    /// The statistic.
    pub chi_square: f64,
    /// The number of groups that could have had an event, less one.
    pub df: f64,
    /// The p-value that all groups have the same curve.
    pub p: f64,
    /// The events of each group.
    pub observed: Vec<f64>,
    /// The events each group would have had with the curve of all.
    pub expected: Vec<f64>,
}

/// The log-rank test that several independent groups have the same survival curve.
///
/// # Formula
/// `(O - E)ᵀ V⁻¹ (O - E)` over all groups but one: at each event time, with `d` events among `n` at risk, group `g`
/// expects `d n_g / n`, and `V_gh` grows by `d (n - d) / (n - 1) · n_g/n · (δ_gh - n_h/n)`. A group that was never at
/// risk beside another one counts for nothing.
///
/// # Assumptions
/// Those of [`KaplanMeier`] in each group. Strongest where one group has a constant multiple of the other's
/// risk; curves that cross may look equal: compare restricted means then.
///
/// # Undefined
/// Fewer than two groups at risk together at an event that not all of them had.
///
/// # References
/// Mantel 1966; Klein and Moeschberger 2003, equations 7.3.3 to 7.3.5.
///
/// # Examples
/// ```
/// use cxm::stats::survival::{KaplanMeier, log_rank};
///
/// let (early, late) = (KaplanMeier::new(&[1.0], &[]), KaplanMeier::new(&[2.0], &[]));
/// let test = log_rank(&[early, late]).unwrap();
/// // At 1 one of two has the event: ½ is expected of each group, with variance ¼.
/// assert_eq!((test.expected, test.chi_square), (vec![0.5, 1.5], 1.0));
/// ```
pub fn log_rank<T: Copy + PartialOrd>(groups: &[KaplanMeier<'_, T>]) -> Option<LogRank> {
    let Tallied { expected, variance } = tally(groups);
    let observed: Vec<f64> = groups.iter().map(|group| group.ended.len() as f64).collect();
    let compared: Vec<usize> = (0..groups.len()).filter(|&g| variance[g][g] > 0.0).collect();
    let (_, free) = compared.split_last()?;
    let excess: Vec<f64> = free.iter().map(|&g| observed[g] - expected[g]).collect();
    let matrix = free.iter().map(|&g| free.iter().map(|&h| variance[g][h]).collect()).collect();
    let chi_square = quadratic_form(matrix, excess)?;
    let df = free.len() as f64;
    Some(LogRank { chi_square, df, p: gamma::chi_square_tail(chi_square, df)?, observed, expected })
}

/// What the curve of all groups makes one expect of each.
struct Tallied {
    expected: Vec<f64>,
    variance: Vec<Vec<f64>>,
}

fn tally<T: Copy + PartialOrd>(groups: &[KaplanMeier<'_, T>]) -> Tallied {
    let size = groups.len();
    let (mut passed, mut at_risk) = (vec![(0, 0); size], vec![0.0; size]);
    let (mut expected, mut variance) = (vec![0.0; size], vec![vec![0.0; size]; size]);
    while let Some(time) = next_event(groups, &passed) {
        let mut events = 0.0;
        for ((group, (ended, censored)), at_risk) in groups.iter().zip(&mut passed).zip(&mut at_risk) {
            *censored += group.censored[*censored..].iter().take_while(|own| **own < time).count();
            *at_risk = (group.ended.len() - *ended + group.censored.len() - *censored) as f64;
            let own = group.ended[*ended..].iter().take_while(|own| **own <= time).count();
            *ended += own;
            events += own as f64;
        }
        let n: f64 = at_risk.iter().sum();
        let spread = if n > 1.0 { events * (n - events) / (n - 1.0) } else { 0.0 };
        for (g, own) in at_risk.iter().map(|own| own / n).enumerate() {
            expected[g] += events * own;
            for (h, other) in at_risk.iter().map(|other| other / n).enumerate() {
                let same = if g == h { 1.0 } else { 0.0 };
                variance[g][h] += spread * own * (same - other);
            }
        }
    }
    Tallied { expected, variance }
}

/// The time of the next event of any group, where so many have passed.
fn next_event<T: Copy + PartialOrd>(groups: &[KaplanMeier<'_, T>], passed: &[(usize, usize)]) -> Option<T> {
    let next = groups.iter().zip(passed).filter_map(|(group, (ended, _))| group.ended.get(*ended).copied());
    next.reduce(|first, time| if time < first { time } else { first })
}

/// `xᵀ A⁻¹ x` for a positive definite matrix, by elimination; `None` where it is not.
fn quadratic_form(mut matrix: Vec<Vec<f64>>, mut x: Vec<f64>) -> Option<f64> {
    let mut sum = 0.0;
    for column in 0..x.len() {
        let (above, below) = matrix.split_at_mut(column + 1);
        let pivot = &above[column];
        if pivot[column] <= 0.0 {
            return None;
        }
        sum += x[column] * x[column] / pivot[column];
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[column] / pivot[column];
            row.iter_mut().zip(pivot).for_each(|(own, other)| *own -= factor * other);
            x[column + 1 + offset] -= factor * x[column];
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_never_at_risk_counts_for_nothing() {
        let (a, b) = (KaplanMeier::new(&[3, 5, 5, 9], &[4]), KaplanMeier::new(&[2, 3, 4], &[7, 8]));
        let gone = KaplanMeier::new(&[], &[1]);
        let (two, three) = (log_rank(&[a, b]).unwrap(), log_rank(&[a, gone, b]).unwrap());
        assert_eq!((two.chi_square, two.df), (three.chi_square, three.df));
        assert_eq!(three.expected[1], 0.0);
    }

    #[test]
    fn equal_groups_do_not_differ_and_the_order_does_not_matter() {
        let (ended, censored) = ([1, 4, 6], [2, 6]);
        let one = KaplanMeier::new(&ended, &censored);
        assert_eq!(log_rank(&[one, one, one]).unwrap().p, 1.0);
        let other = KaplanMeier::new(&[3, 5, 5, 9], &[]);
        let (there, back) = (log_rank(&[one, other]).unwrap(), log_rank(&[other, one]).unwrap());
        assert!((there.chi_square - back.chi_square).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_compare() {
        let one = KaplanMeier::new(&[1, 2], &[]);
        assert_eq!(log_rank::<u8>(&[]), None);
        assert_eq!(log_rank(&[one]), None);
        assert_eq!(log_rank(&[one, KaplanMeier::new(&[], &[])]), None);
        // All had the event at once.
        assert_eq!(log_rank(&[KaplanMeier::new(&[1], &[]), KaplanMeier::new(&[1, 1], &[])]), None);
    }
}
