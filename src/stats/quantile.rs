//! Quantiles of a sorted sample; it must not know what was measured, nor sort.

/// The type 7 quantile: the default of R, NumPy and most spreadsheets.
///
/// # Formula
/// `h = (n - 1) q`; `x(⌊h⌋) + (h - ⌊h⌋) · (x(⌊h⌋ + 1) - x(⌊h⌋))`, counted from 0.
///
/// # Assumptions
/// `sorted` ascends and every value is complete. Durations of cases that are still open are not:
/// leaving them out makes the quantile too small, and
/// [`KaplanMeier::quantile`](super::survival::KaplanMeier::quantile) is the answer. Far quantiles of
/// few values are mere interpolation: nine in ten of five values is between the two largest.
///
/// # Undefined
/// No values, or `q` outside 0 to 1.
///
/// # References
/// Hyndman and Fan 1996, definition 7.
///
/// # Examples
/// ```
/// use cxm::stats::quantile::type7;
///
/// assert_eq!(type7(&[1.0, 2.0, 4.0, 8.0], 0.5), Some(3.0));
/// assert_eq!(type7(&[], 0.5), None);
/// ```
pub fn type7(sorted: &[f64], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    let position = sorted.len().checked_sub(1)? as f64 * q;
    let rank = position.floor() as usize;
    let below = *sorted.get(rank)?;
    let above = sorted.get(rank + 1).copied().unwrap_or(below);
    Some(below + (position - position.floor()) * (above - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_every_quantile() {
        for q in [0.0, 0.3, 0.5, 1.0] {
            assert_eq!(type7(&[42.0], q), Some(42.0));
        }
    }

    #[test]
    fn between_two_values_it_runs_straight() {
        assert_eq!(type7(&[1.0, 3.0], 0.25), Some(1.5));
        assert_eq!(type7(&[1.0, 3.0], 0.0), Some(1.0));
        assert_eq!(type7(&[1.0, 3.0], 1.0), Some(3.0));
    }

    #[test]
    fn ties_are_met_exactly() {
        assert_eq!(type7(&[5.0, 5.0, 5.0, 9.0], 0.5), Some(5.0));
    }

    #[test]
    fn nothing_and_what_is_no_probability_have_no_quantile() {
        assert_eq!(type7(&[], 0.5), None);
        for q in [-0.01, 1.01, f64::NAN] {
            assert_eq!(type7(&[1.0, 2.0], q), None);
        }
    }
}
