//! A limit of a difference from the limits of its two parts; it must not know what was estimated or how.

/// The lower limit of the difference of two independent estimates, the first less the second. Its upper limit is the
/// negative of the lower limit of the second less the first.
///
/// # Formula
/// With the lower limit `l` of the first estimate `a` and the upper limit `u` of the second, `b`:
/// `a - b - √((a - l)² + (u - b)²)`.
///
/// # Assumptions
/// Different, independent groups. Each interval has the same confidence, and is good by itself: how it came to be does not
/// matter, so that it may be that of a share, of a ratio or of a median. It need not be symmetric.
///
/// # Undefined
/// For a number that is not finite, `l` above `a` or `u` below `b`.
///
/// # References
/// Zou and Donner 2008.
///
/// # Examples
/// ```
/// use cxm::stats::mover::lower_limit;
///
/// // 46 (38 to 54) less 39 (27 to 51): 7 - √(8² + 12²).
/// let lower = lower_limit((46.0, 38.0), (39.0, 51.0)).unwrap();
/// assert!((lower - (7.0 - 208.0_f64.sqrt())).abs() < 1e-12);
/// assert_eq!(lower_limit((46.0, 50.0), (39.0, 51.0)), None);
/// ```
pub fn lower_limit((a, lower): (f64, f64), (b, upper): (f64, f64)) -> Option<f64> {
    let (below, above) = (a - lower, upper - b);
    let limit = a - b - below.hypot(above);
    (below >= 0.0 && above >= 0.0 && limit.is_finite()).then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::lower_limit;
    use crate::stats::proportion::{newcombe, wilson};

    #[test]
    fn of_two_shares_it_is_newcombe_s_limit() {
        let (a, b) = (wilson(56.0, 70.0, 0.95).unwrap(), wilson(48.0, 80.0, 0.95).unwrap());
        let limits = newcombe(56.0, 70.0, 48.0, 80.0, 0.95).unwrap();
        let lower = lower_limit((0.8, a.lower), (0.6, b.upper)).unwrap();
        let upper = -lower_limit((0.6, b.lower), (0.8, a.upper)).unwrap();
        assert!((lower - limits.lower).abs() < 1e-12 && (upper - limits.upper).abs() < 1e-12);
        assert_eq!(lower_limit((f64::NAN, 0.0), (0.0, 1.0)), None);
    }
}
