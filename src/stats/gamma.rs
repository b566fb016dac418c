//! The incomplete gamma function and the tail of χ²; it must not know which test asks.

use std::f64::consts::TAU;

/// From here on the series of the Stirling error is exact to rounding.
const LARGE: f64 = 15.0;

/// Up to here the expansions settle within [`TERMS`].
const LARGEST_A: f64 = 1e9;

/// No expansion of this room needs as many terms.
const TERMS: u32 = 1_000_000;

/// The upper regularised incomplete gamma function `Q(a, x)`.
///
/// # Formula
/// `Q(a, x) = Γ(a, x) / Γ(a)`: 1 less the power series below `x = a + 1`, the continued fraction above.
/// The factor `xᵃ e⁻ˣ / Γ(a)` is taken by Loader's saddle point, which keeps its digits for large `a`.
///
/// # Assumptions
/// None; relative error around 1e-14, in the tail too.
///
/// # Undefined
/// For `a` not positive or above 10⁹, and for `x` negative or NaN.
///
/// # References
/// Abramowitz and Stegun 1964, 6.5.29 (series) and 6.5.31 (continued fraction); Loader 2000.
///
/// # Examples
/// ```
/// use cxm::stats::gamma::upper;
///
/// // With a = 1 it is the exponential distribution.
/// assert!((upper(1.0, 3.0).unwrap() - (-3.0_f64).exp()).abs() < 1e-16);
/// assert_eq!(upper(0.0, 3.0), None);
/// ```
pub fn upper(a: f64, x: f64) -> Option<f64> {
    if !(a > 0.0 && a <= LARGEST_A && x >= 0.0) {
        return None;
    }
    if x == 0.0 || x.is_infinite() {
        return Some(if x == 0.0 { 1.0 } else { 0.0 });
    }
    let factor = a * (-stirling_error(a) - deviance(a, x)).exp() / (TAU * a).sqrt();
    Some(if x < a + 1.0 { 1.0 - factor * series(a, x) } else { factor * fraction(a, x) })
}

/// The probability that χ² with `df` degrees of freedom is at least `x`.
///
/// # Formula
/// `Q(df / 2, x / 2)`.
///
/// # Assumptions
/// The statistic is χ² when nothing is going on: an approximation for counts, poor where fewer than
/// about five are expected.
///
/// # Undefined
/// For `df` not positive or above 2·10⁹, and for `x` negative or NaN.
///
/// # References
/// Abramowitz and Stegun 1964, 26.4.19.
///
/// # Examples
/// ```
/// use cxm::stats::gamma::chi_square_tail;
///
/// assert!((chi_square_tail(3.841458820694124, 1.0).unwrap() - 0.05).abs() < 1e-15);
/// assert_eq!(chi_square_tail(0.0, 3.0), Some(1.0));
/// ```
pub fn chi_square_tail(x: f64, df: f64) -> Option<f64> {
    upper(df / 2.0, x / 2.0)
}

/// `1/a + x/(a(a+1)) + x²/(a(a+1)(a+2)) + …`
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut next) = (1.0 / a, 1.0 / a, a);
    for _ in 0..TERMS {
        next += 1.0;
        term *= x / next;
        sum += term;
        if term < sum * f64::EPSILON / 4.0 {
            break;
        }
    }
    sum
}

/// `1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - …)))`, from the outside in as a product of ratios.
fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut d = 1.0 / b;
    let (mut c, mut value) = (f64::MAX, d);
    for i in 1..TERMS {
        let i = f64::from(i);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / not_zero(b + numerator * d);
        c = not_zero(b + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// Keeps a denominator of a continued fraction away from 0, where the next ratio mends it.
pub(super) fn not_zero(x: f64) -> f64 {
    if x.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { x }
}

/// `ln Γ(x + 1) - (x + ½) ln x + x - ½ ln 2π`: what Stirling's formula leaves out.
pub(super) fn stirling_error(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < LARGE {
        sum += (x + 0.5) * (1.0 / x).ln_1p() - 1.0;
        x += 1.0;
    }
    let xx = 1.0 / (x * x);
    let tail = 1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360_360.0 * xx) * xx) * xx;
    sum + (1.0 / 12.0 - (1.0 / 360.0 - tail * xx) * xx) / x
}

/// `x ln(x/m) + m - x`, without cancellation where `x` is near `m`.
pub(super) fn deviance(x: f64, m: f64) -> f64 {
    let distance = x - m;
    if distance.abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() - distance;
    }
    let v = distance / (x + m);
    let (mut sum, mut power) = (distance * v, 2.0 * x * v);
    // `v` is below a tenth: each term is a hundredth of the one before.
    for odd in [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0] {
        power *= v * v;
        sum += power / odd;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stirling_error_of_small_numbers_is_known() {
        // ln Γ(2) = 0 and ln Γ(1.5) = ln(√π / 2).
        let half_ln_tau = TAU.ln() / 2.0;
        assert!((stirling_error(1.0) - (1.0 - half_ln_tau)).abs() < 1e-15);
        let half = (std::f64::consts::PI.sqrt() / 2.0).ln() - 0.5_f64.ln() + 0.5 - half_ln_tau;
        assert!((stirling_error(0.5) - half).abs() < 1e-15);
    }

    #[test]
    fn whole_a_is_a_sum_of_poisson_probabilities() {
        for (a, x) in [(3, 0.5_f64), (3, 4.2), (20, 19.0), (20, 60.0)] {
            let mut term = (-x).exp();
            let mut sum = 0.0;
            for k in 0..a {
                sum += term;
                term *= x / f64::from(k + 1);
            }
            let got = upper(f64::from(a), x).unwrap();
            assert!((got - sum).abs() < 1e-13 * sum, "{a} {x}: {got} {sum}");
        }
    }

    /// `Q(a, a) = ½ - θ aᵃ e⁻ᵃ / a!`, `θ = 1/3 + 4/(135 a) - …` as Ramanujan gave it.
    #[test]
    fn large_numbers_keep_their_digits() {
        for a in [1e4_f64, 1e6, 1e9] {
            let theta = 1.0 / 3.0 + 4.0 / (135.0 * a);
            let want = 0.5 - theta * (-1.0 / (12.0 * a)).exp() / (TAU * a).sqrt();
            let got = upper(a, a).unwrap();
            assert!((got - want).abs() < 1e-12, "{a}: {got} {want}");
        }
    }

    #[test]
    fn a_tail_outside_its_range_is_undefined() {
        assert_eq!(chi_square_tail(1.0, 0.0), None);
        assert_eq!(chi_square_tail(-1.0, 2.0), None);
        assert_eq!(chi_square_tail(f64::NAN, 2.0), None);
        assert_eq!(chi_square_tail(f64::INFINITY, 2.0), Some(0.0));
    }
}
