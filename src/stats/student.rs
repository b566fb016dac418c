//! Quantiles of Student's t; it must not know whose degrees of freedom they are.

use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

use super::normal;

/// From here on the expansion in 1/df is more exact than the library's distribution function.
const LARGE_DF: f64 = 1000.0;

/// No quantile is sought beyond; only fractions of one degree of freedom reach so far.
const LARGEST: f64 = 1e150;

/// The value below which Student's t with `df` degrees of freedom falls with probability `p`.
///
/// # Formula
/// `t` with `F(t; df) = p`: a bracketed Newton iteration on the logarithm of the tail, and from 1000
/// degrees of freedom on the expansion of `t` around the normal quantile in powers of `1/df`.
///
/// # Assumptions
/// `df` need not be whole (Satterthwaite's is not). Relative error below 1e-11 for `p` from 1e-9.
///
/// # Undefined
/// Outside 0 < `p` < 1, for `df` that are not positive and finite, and where the quantile is beyond
/// 1e150.
///
/// # References
/// Student 1908; Abramowitz and Stegun 1964, 26.7.1 (distribution) and 26.7.5 (expansion).
///
/// # Examples
/// ```
/// use cxm::stats::student::quantile;
///
/// assert!((quantile(0.975, 9.0).unwrap() - 2.262157162798205).abs() < 1e-12);
/// assert_eq!(quantile(0.975, 0.0), None);
/// ```
pub fn quantile(p: f64, df: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && df > 0.0 && df.is_finite()) {
        return None;
    }
    if p == 0.5 {
        return Some(0.0);
    }
    let tail = p.min(1.0 - p);
    let distance = if df >= LARGE_DF { expanded(-normal::quantile(tail)?, df) } else { solved(tail, df)? };
    Some(if p < 0.5 { -distance } else { distance })
}

/// The multiplier of an estimated standard error in a two-sided interval of confidence `level`.
///
/// # Formula
/// `t = -F⁻¹((1 - level) / 2; df)`.
///
/// # Assumptions
/// The estimate is normal and its standard error rests on `df` degrees of freedom.
///
/// # Undefined
/// Outside 0 < `level` < 1 and for `df` that are not positive and finite.
///
/// # References
/// Student 1908.
///
/// # Examples
/// ```
/// use cxm::stats::student::two_sided_t;
///
/// assert!((two_sided_t(0.95, 1.0).unwrap() - 12.706204736174705).abs() < 1e-11);
/// ```
pub fn two_sided_t(level: f64, df: f64) -> Option<f64> {
    if level <= 0.0 {
        return None;
    }
    quantile((1.0 - level) / 2.0, df).map(f64::abs)
}

/// The first terms of `t = z + g₁(z)/df + g₂(z)/df² + …`; what is left out is below 1e-11
/// of `t` from 1000 `df` and tails of 1e-9 on.
fn expanded(z: f64, df: f64) -> f64 {
    let s = z * z;
    let g1 = (s + 1.0) / 4.0;
    let g2 = ((5.0 * s + 16.0) * s + 3.0) / 96.0;
    let g3 = (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    let g4 = ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92160.0;
    z * (1.0 + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df)
}

/// The positive `t` whose upper tail is `tail` (below one half).
fn solved(tail: f64, df: f64) -> Option<f64> {
    let t_distribution = StudentsT::new(0.0, 1.0, df).ok()?;
    let (mut lower, mut upper) = (0.0, 1.0);
    while t_distribution.sf(upper) > tail {
        lower = upper;
        upper *= 2.0;
        // Beyond, the square that the distribution function takes overflows.
        if upper > LARGEST {
            return None;
        }
    }
    let mut t = upper;
    for _ in 0..200 {
        let reached = t_distribution.sf(t);
        if reached > tail {
            lower = t
        } else {
            upper = t
        }
        // Newton on ln(tail), which is far straighter than the tail itself.
        let step = (reached / tail).ln() * reached / t_distribution.pdf(t);
        if step.abs() <= 1e-13 * t {
            return Some(t + step);
        }
        let next = t + step;
        t = if next > lower && next < upper { next } else { f64::midpoint(lower, upper) };
    }
    Some(t)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn assert_close(got: f64, want: f64, relative: f64) {
        assert!((got - want).abs() <= relative * want.abs(), "got {got}, want {want}");
    }

    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        for p in [1e-9, 0.001, 0.2, 0.49, 0.7, 0.999] {
            assert_close(quantile(p, 1.0).unwrap(), -1.0 / (PI * p).tan(), 1e-11);
        }
    }

    #[test]
    fn two_degrees_of_freedom_have_a_closed_form() {
        for p in [1e-9_f64, 0.001, 0.2, 0.49, 0.7, 0.999] {
            let want = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
            assert_close(quantile(p, 2.0).unwrap(), want, 1e-11);
        }
    }

    #[test]
    fn the_expansion_joins_the_iteration() {
        for p in [1e-6, 0.005, 0.1, 0.4] {
            let z = -normal::quantile(p).unwrap();
            assert_close(expanded(z, LARGE_DF), solved(p, LARGE_DF).unwrap(), 1e-10);
        }
    }

    #[test]
    fn the_middle_is_zero_and_the_sides_mirror() {
        assert_eq!(quantile(0.5, 3.0), Some(0.0));
        assert_close(quantile(0.75, 3.0).unwrap(), -quantile(0.25, 3.0).unwrap(), 1e-15);
    }

    #[test]
    fn what_is_not_a_probability_or_a_df_has_no_quantile() {
        for (p, df) in [(0.0, 5.0), (1.0, 5.0), (f64::NAN, 5.0), (0.1, 0.0), (0.1, -1.0), (0.1, f64::NAN)] {
            assert_eq!(quantile(p, df), None, "{p} {df}");
        }
        assert_eq!(two_sided_t(0.95, f64::INFINITY), None);
        assert_eq!(two_sided_t(0.0, 5.0), None);
        assert_eq!(quantile(1e-300, 0.5), None, "beyond any use");
    }
}
