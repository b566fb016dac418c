//! Whether two shares differ, by the test that fits their counts; it must not know what a success is.

use super::proportion::{pooled_p, share};

/// Below this many expected successes or failures in a group the pooled test is not trusted.
const FEWEST_EXPECTED: f64 = 5.0;

/// Tables within this factor of the probability of the observed one are as likely as it.
const ROUNDING: f64 = 1.0 + 1e-7;

/// Which test a p-value of two shares comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareTest {
    /// The pooled z test.
    Pooled,
    /// Fisher's exact test.
    Fisher,
}

/// The two-sided p-value that two independent shares are equal, and the test it comes from.
///
/// # Formula
/// [`fisher_p`] where fewer than 5 successes or failures are expected in a group if the shares are equal,
/// else [`pooled_p`].
///
/// # Assumptions
/// Two different groups, independent answers.
///
/// # Undefined
/// When [`pooled_p`] is, both shares at 0 % or both at 100 % included; and where Fisher's test is called for
/// but the counts are not whole, as effective counts of weighted answers are.
///
/// # References
/// Fisher 1935; Cochran 1954 on the rule of five.
///
/// # Examples
/// ```
/// use cxm::stats::fisher::{ShareTest, difference_p};
///
/// let (p, test) = difference_p(6.0, 7.0, 2.0, 7.0).unwrap();
/// assert_eq!(test, ShareTest::Fisher);
/// assert!((p - 0.102564).abs() < 1e-6);
/// assert_eq!(difference_p(56.0, 70.0, 48.0, 80.0).unwrap().1, ShareTest::Pooled);
/// ```
pub fn difference_p(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<(f64, ShareTest)> {
    let pooled = pooled_p(x1, n1, x2, n2)?;
    let (successes, n) = (x1 + x2, n1 + n2);
    let expected = n1.min(n2) * successes.min(n - successes) / n;
    if expected < FEWEST_EXPECTED {
        return Some((fisher_p(x1, n1, x2, n2)?, ShareTest::Fisher));
    }
    Some((pooled, ShareTest::Pooled))
}

/// The two-sided p-value of Fisher's exact test that two independent shares are equal.
///
/// # Formula
/// The sum of the hypergeometric probabilities of all tables with the same totals that are no more likely than
/// the observed one.
///
/// # Assumptions
/// Two different groups, independent answers. The total of successes is taken as given, which makes the
/// test say "different" more rarely than its level allows.
///
/// # Undefined
/// An empty group, a count outside 0 to `n`, counts that are not whole.
///
/// # References
/// Fisher 1935; Agresti 2013, section 3.5.
///
/// # Examples
/// ```
/// use cxm::stats::fisher::fisher_p;
///
/// // The lady tasting tea: three of four cups told right; 1 + 16 + 16 + 1 of the 70 ways.
/// assert!((fisher_p(3.0, 4.0, 1.0, 4.0).unwrap() - 34.0 / 70.0).abs() < 1e-15);
/// assert_eq!(fisher_p(0.5, 4.0, 1.0, 4.0), None);
/// ```
pub fn fisher_p(x1: f64, n1: f64, x2: f64, n2: f64) -> Option<f64> {
    share(x1, n1)?;
    share(x2, n2)?;
    if [x1, n1, x2, n2].iter().any(|count| count.fract() != 0.0) {
        return None;
    }
    let successes = x1 + x2;
    let mode = ((n1 + 1.0) * (successes + 1.0) / (n1 + n2 + 2.0)).floor().min(n1).min(successes);
    // How much more likely one success more in the first group is.
    let more = |x: f64| (n1 - x) * (successes - x) / ((x + 1.0) * (n2 - successes + x + 1.0));
    let up = Walk { at: mode, weight: 1.0, step: 1.0, end: n1.min(successes), more };
    let down = Walk { at: mode, weight: 1.0, step: -1.0, end: (successes - n2).max(0.0), more };
    // Each way out from the likeliest table ends where probabilities vanish, however large the groups.
    let tables = || up.chain(down.skip(1));
    let observed = tables().find(|table| table.0 == x1).map_or(0.0, |table| table.1);
    let (all, extreme) = tables().fold((0.0, 0.0), |(all, extreme), (_, weight)| {
        (all + weight, if weight <= observed * ROUNDING { extreme + weight } else { extreme })
    });
    Some(f64::min(extreme / all, 1.0))
}

/// The tables from one on in one direction, each with its probability relative to the first.
#[derive(Clone, Copy)]
struct Walk<F> {
    at: f64,
    weight: f64,
    step: f64,
    end: f64,
    more: F,
}

impl<F: Fn(f64) -> f64> Iterator for Walk<F> {
    type Item = (f64, f64);

    fn next(&mut self) -> Option<(f64, f64)> {
        let here = (self.at, self.weight);
        if (self.end - here.0) * self.step < 0.0 || here.1 == 0.0 {
            return None;
        }
        self.at += self.step;
        self.weight *= if self.step > 0.0 { (self.more)(here.0) } else { 1.0 / (self.more)(self.at) };
        Some(here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_variation_is_not_tested_and_not_certain() {
        assert_eq!(difference_p(0.0, 10.0, 0.0, 20.0), None);
        assert_eq!(fisher_p(0.0, 10.0, 0.0, 20.0), Some(1.0));
        assert_eq!(fisher_p(10.0, 10.0, 20.0, 20.0), Some(1.0));
        assert_eq!(difference_p(1.0, 0.0, 0.0, 20.0), None);
    }

    #[test]
    fn fractions_of_answers_have_no_exact_test() {
        assert_eq!(difference_p(1.5, 10.0, 0.5, 20.0), None);
        assert_eq!(difference_p(50.5, 100.0, 60.5, 100.0).unwrap().1, ShareTest::Pooled);
    }

    #[test]
    fn extreme_tables_of_large_groups_are_quick() {
        let n = 1e6;
        assert_eq!(fisher_p(n, n, 0.0, n), Some(0.0));
        // Eight successes in all fall into either group as coins do.
        let p = fisher_p(0.0, 1e12, 8.0, 1e12).unwrap();
        assert!((p - 2.0 / 256.0).abs() < 1e-9, "{p}");
    }

    #[test]
    fn swapping_the_groups_changes_nothing() {
        for (x1, n1, x2, n2) in [(3.0, 9.0, 1.0, 17.0), (0.0, 5.0, 4.0, 6.0), (2.0, 2.0, 0.0, 40.0)] {
            let (there, back) = (fisher_p(x1, n1, x2, n2).unwrap(), fisher_p(x2, n2, x1, n1).unwrap());
            assert!((there - back).abs() < 1e-14, "{there} {back}");
        }
    }
}
