//! The incomplete beta function, its inverse and the tails of F and of Student's t that follow from it; it
//! must not know which test asks.

use std::f64::consts::TAU;

use super::gamma::{deviance, not_zero, stirling_error};

/// Up to here the continued fraction settles within [`TERMS`].
const LARGEST: f64 = 1e10;

/// No continued fraction of this room needs as many terms.
const TERMS: u32 = 1_000_000;

/// The regularised incomplete beta function `I_x(a, b)`.
///
/// # Formula
/// `I_x(a, b) = ∫₀ˣ tᵃ⁻¹ (1 - t)ᵇ⁻¹ dt / B(a, b)`, by its continued fraction on the side of the mean where
/// that converges fast. The factor `xᵃ (1 - x)ᵇ / B(a, b)` is taken by Loader's saddle point, which keeps
/// its digits for large `a` and `b`.
///
/// # Assumptions
/// None; relative error around 1e-14, a few digits less where `a` and `b` are in the millions.
///
/// # Undefined
/// For `a` or `b` not positive or above 10¹⁰, and for `x` outside 0 to 1.
///
/// # References
/// DiDonato and Morris 1992, equation 9, with Abramowitz and Stegun 1964, 26.5.8; Loader 2000.
///
/// # Examples
/// ```
/// use cxm::stats::beta::incomplete;
///
/// assert!((incomplete(0.9, 2.0, 3.0).unwrap() - 0.9963).abs() < 1e-15);
/// assert_eq!(incomplete(1.1, 2.0, 3.0), None);
/// ```
pub fn incomplete(x: f64, a: f64, b: f64) -> Option<f64> {
    (0.0..=1.0).contains(&x).then(|| split(x, 1.0 - x, a, b))?
}

/// The `x` at which [`incomplete`] is `p`: the quantile of the beta distribution.
///
/// # Formula
/// `x` with `I_x(a, b) = p`, by bisection to the last bit.
///
/// # Assumptions
/// None.
///
/// # Undefined
/// For `p` outside 0 < `p` < 1 and for `a` or `b` not positive or above 10¹⁰.
///
/// # References
/// Abramowitz and Stegun 1964, 26.5.1.
///
/// # Examples
/// ```
/// use cxm::stats::beta::quantile;
///
/// // The least of 29 uniform numbers: 1 - 0.995^(1/29).
/// assert!((quantile(0.005, 1.0, 29.0).unwrap() - 0.000172831332721).abs() < 1e-15);
/// ```
pub fn quantile(p: f64, a: f64, b: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0) {
        return None;
    }
    let (mut lower, mut upper) = (0.0, 1.0);
    loop {
        let middle = f64::midpoint(lower, upper);
        if middle <= lower || middle >= upper {
            return Some(upper);
        }
        if incomplete(middle, a, b)? < p { lower = middle } else { upper = middle }
    }
}

/// The probability that F with `df1` and `df2` degrees of freedom is at least `f`.
///
/// # Formula
/// `I_y(df2 / 2, df1 / 2)` with `y = df2 / (df2 + df1 f)`.
///
/// # Assumptions
/// The statistic is F when nothing is going on; the degrees of freedom need not be whole.
///
/// # Undefined
/// For degrees of freedom not positive or above 2·10¹⁰, and for `f` negative or NaN.
///
/// # References
/// Abramowitz and Stegun 1964, 26.6.2.
///
/// # Examples
/// ```
/// use cxm::stats::beta::f_tail;
///
/// assert!((f_tail(1.0, 7.0, 7.0).unwrap() - 0.5).abs() < 1e-15);
/// ```
pub fn f_tail(f: f64, df1: f64, df2: f64) -> Option<f64> {
    if !(f >= 0.0 && f.is_finite()) {
        return None;
    }
    let above = df1 * f;
    split(df2 / (df2 + above), above / (df2 + above), df2 / 2.0, df1 / 2.0)
}

/// The probability that Student's t with `df` degrees of freedom lies at least as far from 0 as `t`.
///
/// # Formula
/// `I_x(df / 2, ½)` with `x = df / (df + t²)`.
///
/// # Assumptions
/// The statistic is Student's t when nothing is going on; `df` need not be whole.
///
/// # Undefined
/// For `df` not positive or above 2·10¹⁰ and for `t` not finite.
///
/// # References
/// Abramowitz and Stegun 1964, 26.7.1.
///
/// # Examples
/// ```
/// use cxm::stats::beta::two_sided_p;
///
/// // One degree of freedom is Cauchy's distribution: half of it lies beyond ±1.
/// assert!((two_sided_p(-1.0, 1.0).unwrap() - 0.5).abs() < 1e-15);
/// ```
pub fn two_sided_p(t: f64, df: f64) -> Option<f64> {
    f_tail(t * t, 1.0, df)
}

/// `I_x(a, b)` from `x` and `y = 1 - x`, both with all their digits.
fn split(x: f64, y: f64, a: f64, b: f64) -> Option<f64> {
    if !(a > 0.0 && a <= LARGEST && b > 0.0 && b <= LARGEST) {
        return None;
    }
    if x <= 0.0 || y <= 0.0 {
        return Some(if x <= 0.0 { 0.0 } else { 1.0 });
    }
    let n = a + b;
    let exponent =
        stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y);
    let factor = (a * b / (TAU * n)).sqrt() * exponent.exp();
    let is_below = x * (n + 2.0) < a + 1.0;
    Some(if is_below { factor * fraction(x, y, a, b) } else { 1.0 - factor * fraction(y, x, b, a) })
}

/// The continued fraction `1/(b₀ + a₁/(b₁ + a₂/(b₂ + …)))`, every other term of the usual one contracted, from the
/// outside in as a product of ratios. Nothing in it cancels where `x` is near 1 and `a` large.
fn fraction(x: f64, y: f64, a: f64, b: f64) -> f64 {
    // a - (a + b) x
    let lambda = (a + b) * y - b;
    let mut d = 1.0 / not_zero(a * (lambda + 1.0) / (a + 1.0));
    let (mut c, mut value) = (f64::MAX, d);
    for n in 1..TERMS {
        let n = f64::from(n);
        let before = a + 2.0 * n - 1.0;
        let numerator = (a + n - 1.0) * (a + b + n - 1.0) * n * (b - n) * (x / before).powi(2);
        let denominator =
            n + n * (b - n) * x / before + (a + n) / (before + 2.0) * (lambda + 1.0 + n * (1.0 + y));
        d = 1.0 / not_zero(denominator + numerator * d);
        c = not_zero(denominator + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_sides_add_up() {
        for (x, a, b) in [(0.3, 0.5, 0.5), (0.2, 10.5, 40.5), (0.999, 700.0, 1.5)] {
            let both = incomplete(x, a, b).unwrap() + incomplete(1.0 - x, b, a).unwrap();
            assert!((both - 1.0).abs() < 1e-13, "{x} {a} {b}: {both}");
        }
    }

    #[test]
    fn the_quantile_undoes_the_function() {
        for p in [1e-9, 0.025, 0.5, 0.999] {
            let x = quantile(p, 3.5, 12.0).unwrap();
            assert!((incomplete(x, 3.5, 12.0).unwrap() / p - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn half_of_a_symmetric_one_lies_below_the_middle_however_narrow() {
        for a in [1e3, 1e6, 1e10] {
            assert!((incomplete(0.5, a, a).unwrap() - 0.5).abs() < 1e-12, "{a}");
        }
    }

    #[test]
    fn many_degrees_of_freedom_are_normal() {
        for t in [0.1, 1.96, 6.0] {
            let normal = crate::stats::normal::two_sided_p(t).unwrap();
            let got = two_sided_p(t, 1e9).unwrap();
            assert!((got / normal - 1.0).abs() < 1e-6, "{t}: {got} {normal}");
        }
    }

    #[test]
    fn ends_and_nonsense() {
        assert_eq!((incomplete(0.0, 2.0, 3.0), incomplete(1.0, 2.0, 3.0)), (Some(0.0), Some(1.0)));
        assert_eq!((incomplete(0.5, 0.0, 3.0), incomplete(f64::NAN, 2.0, 3.0)), (None, None));
        assert_eq!((quantile(0.0, 2.0, 3.0), quantile(0.5, 2.0, f64::INFINITY)), (None, None));
        assert_eq!((two_sided_p(0.0, 5.0), two_sided_p(1.0, 0.0)), (Some(1.0), None));
        assert_eq!(two_sided_p(f64::NAN, 5.0), None);
    }
}
