//! How many answers a margin or a difference takes, and what given numbers could have shown, for scores and shares;
//! it must not know which metric is planned. For small samples of means see
//! [`power_of_means`](super::power_of_means).

use super::{normal, nps, proportion};

/// No search for a number of answers goes beyond.
const LARGEST_N: f64 = 1e15;

/// How many answers a margin of error takes.
///
/// # Formula
/// `n = z² V / m²` with the variance `V` of one answer: `P + D - (P - D)²` for the net promoter score (at
/// worst 1), `p(1 - p)` for a share (at worst ¼). Round up.
///
/// # Assumptions
/// Independent answers and a margin that is small beside the scale. A group of which most are asked needs
/// fewer: [`in_population`].
///
/// # Undefined
/// A variance or a margin that is not positive and finite, a level outside 0 to 1.
///
/// # References
/// Cochran 1977, section 4.4.
///
/// # Examples
/// ```
/// use cxm::stats::power::n_for_margin;
///
/// // Five points either way, at worst.
/// assert_eq!(n_for_margin(1.0, 0.05, 0.95).unwrap().ceil(), 1537.0);
/// ```
pub fn n_for_margin(variance: f64, margin: f64, level: f64) -> Option<f64> {
    let n = (normal::two_sided_z(level)? / margin).powi(2) * variance;
    (variance > 0.0 && margin > 0.0 && n > 0.0 && n.is_finite()).then_some(n)
}

/// How many of a population of `size` are as good as `n` of one without end.
///
/// # Formula
/// `n N / (n + N - 1)`.
///
/// # Assumptions
/// Each member answers at most once, and the question is about these members and not about those to come.
///
/// # Undefined
/// For `n` not positive and finite, and for a size below 1.
///
/// # References
/// Cochran 1977, section 4.4.
///
/// # Examples
/// ```
/// use cxm::stats::power::in_population;
///
/// assert_eq!(in_population(1001.0, 1000.0).unwrap().ceil(), 501.0);
/// assert_eq!(in_population(50.0, 1.0), Some(1.0));
/// ```
pub fn in_population(n: f64, size: f64) -> Option<f64> {
    (n > 0.0 && n.is_finite() && size >= 1.0 && size.is_finite()).then(|| n * size / (n + size - 1.0))
}

/// The fewest answers whose score interval is, on average of its two sides, no wider than a margin.
///
/// # Formula
/// The least whole `n` at which half the width of [`nps::score_interval`] of `n D` detractors and `n P`
/// promoters is at most `margin`.
///
/// # Assumptions
/// Those of [`nps::score_interval`]. For scores near the ends of the scale it asks for more than
/// [`n_for_margin`], and rightly.
///
/// # Undefined
/// Shares that are negative or add up to more than 1, a margin not above 0, a level outside 0 to 1.
///
/// # References
/// Tango 1998.
///
/// # Examples
/// ```
/// use cxm::stats::power::n_for_score_interval;
///
/// assert_eq!(n_for_score_interval(0.2, 0.5, 0.1, 0.95), Some(233.0));
/// ```
pub fn n_for_score_interval(detractors: f64, promoters: f64, margin: f64, level: f64) -> Option<f64> {
    // Shares that fill the whole leave a passive share of a rounding error at most.
    let passives = Some(1.0 - detractors - promoters).filter(|share| *share > -1e-12)?.max(0.0);
    least_n(margin, |n| {
        let interval = nps::score_interval(n * detractors, n * passives, n * promoters, level)?;
        Some((interval.upper - interval.lower) / 2.0)
    })
}

/// The fewest answers whose Wilson interval is, on average of its two sides, no wider than a margin.
///
/// # Formula
/// The least whole `n` at which half the width of [`proportion::wilson`] of `n p` successes is at most
/// `margin`.
///
/// # Assumptions
/// Those of [`proportion::wilson`].
///
/// # Undefined
/// A share outside 0 to 1, a margin not above 0, a level outside 0 to 1.
///
/// # References
/// Wilson 1927.
///
/// # Examples
/// ```
/// use cxm::stats::power::n_for_wilson;
///
/// assert_eq!(n_for_wilson(0.8, 0.05, 0.95), Some(245.0));
/// ```
pub fn n_for_wilson(share: f64, margin: f64, level: f64) -> Option<f64> {
    least_n(margin, |n| {
        let interval = proportion::wilson(n * share, n, level)?;
        Some((interval.upper - interval.lower) / 2.0)
    })
}

/// The least whole `n` at which a half width, which falls with `n`, is at most `margin`.
fn least_n(margin: f64, half_width: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let (mut too_few, mut enough) = (0.0, 1.0);
    while margin.is_nan() || half_width(enough)? > margin {
        too_few = enough;
        enough *= 2.0;
        if margin.is_nan() || enough > LARGEST_N {
            return None;
        }
    }
    while enough - too_few > 1.0 {
        let middle = f64::midpoint(too_few, enough).floor();
        if half_width(middle)? > margin { too_few = middle } else { enough = middle }
    }
    Some(enough)
}

/// How many answers each of two groups needs to show a difference of two scores, or of two means of many.
///
/// # Formula
/// `n = (z_α/2 + z_β)² (V₁ + V₂) / Δ²` with the variances `V` of one answer in each group and `β = 1 - power`.
/// Round up.
///
/// # Assumptions
/// Two different groups of the same size, independent answers, dozens of them, one look at the data: whoever
/// looks every day finds differences that are not there.
///
/// # Undefined
/// Variances that are negative or both 0, a difference of 0, a power or level outside 0 to 1, numbers that are not
/// finite.
///
/// # References
/// Fleiss, Levin and Paik 2003, section 4.2.
///
/// # Examples
/// ```
/// use cxm::stats::power::n_per_group;
///
/// // From +30 (50 % promoters, 20 % detractors) to +40 (55 and 15 %).
/// assert_eq!(n_per_group(0.61, 0.54, 0.1, 0.8, 0.95).unwrap().ceil(), 903.0);
/// ```
pub fn n_per_group(variance1: f64, variance2: f64, difference: f64, power: f64, level: f64) -> Option<f64> {
    let variance = Some(variance1 + variance2).filter(|_| variance1 >= 0.0 && variance2 >= 0.0)?;
    let n = (multiplier(power, level)? / difference).powi(2) * variance;
    (n > 0.0 && n.is_finite()).then_some(n)
}

/// The smallest true difference that two groups could have shown with a power, such as 0.8.
///
/// # Formula
/// `Δ = (z_α/2 + z_β) √(V₁/n₁ + V₂/n₂)` with the variances `V` of one answer in each group.
///
/// # Assumptions
/// Those of [`n_per_group`], for groups of any size. It is a property of the plan: that an observed
/// difference is smaller does not show that there is none.
///
/// # Undefined
/// Variances that are negative or both 0 (use one with imagined answers then), an empty group, a power or level
/// outside 0 to 1, numbers that are not finite.
///
/// # References
/// Fleiss, Levin and Paik 2003, section 4.2; Hoenig and Heisey 2001 on reading it afterwards.
///
/// # Examples
/// ```
/// use cxm::stats::power::detectable;
///
/// let points = detectable((0.61, 500.0), (0.54, 500.0), 0.8, 0.95).unwrap();
/// assert!((points - 0.13436).abs() < 1e-5);
/// ```
pub fn detectable(a: (f64, f64), b: (f64, f64), power: f64, level: f64) -> Option<f64> {
    let counted = a.0 >= 0.0 && b.0 >= 0.0 && a.1 > 0.0 && b.1 > 0.0;
    let difference = multiplier(power, level)? * (a.0 / a.1 + b.0 / b.1).sqrt();
    (counted && difference > 0.0 && difference.is_finite()).then_some(difference)
}

/// How many answers each of two groups needs to show a difference of two shares.
///
/// # Formula
/// `n = (z_α/2 √(2 p̄ q̄) + z_β √(p₁q₁ + p₂q₂))² / (p₁ - p₂)²`, `p̄ = (p₁ + p₂)/2`: the pooled test, whose error is
/// another one when there is a difference. Round up.
///
/// # Assumptions
/// Those of [`n_per_group`].
///
/// # Undefined
/// Shares outside 0 to 1, equal shares, a power or level outside 0 to 1.
///
/// # References
/// Fleiss, Levin and Paik 2003, equation 4.14 without continuity correction.
///
/// # Examples
/// ```
/// use cxm::stats::power::shares_n_per_group;
///
/// assert_eq!(shares_n_per_group(0.8, 0.85, 0.8, 0.95).unwrap().ceil(), 906.0);
/// ```
pub fn shares_n_per_group(p1: f64, p2: f64, power: f64, level: f64) -> Option<f64> {
    let (same, apart) = errors_of_one(p1, p2)?;
    multiplier(power, level)?;
    let reach = normal::two_sided_z(level)? * same + normal::quantile(power)? * apart;
    let n = (reach / (p1 - p2)).powi(2);
    (n > 0.0 && n.is_finite()).then_some(n)
}

/// The probability that the pooled test of two shares shows their difference.
///
/// # Formula
/// `Φ((√n |p₁ - p₂| - z_α/2 √(2 p̄ q̄)) / √(p₁q₁ + p₂q₂))`, `n` answers in each group; a difference of the wrong sign
/// does not count.
///
/// # Assumptions
/// Those of [`n_per_group`].
///
/// # Undefined
/// Shares outside 0 to 1 or both at 0 or 1, `n` not positive, a level outside 0 to 1.
///
/// # References
/// Fleiss, Levin and Paik 2003, section 4.2.
///
/// # Examples
/// ```
/// use cxm::stats::power::shares_power;
///
/// assert!((shares_power(906.0, 0.8, 0.85, 0.95).unwrap() - 0.8).abs() < 1e-3);
/// ```
pub fn shares_power(n: f64, p1: f64, p2: f64, level: f64) -> Option<f64> {
    let (same, apart) = errors_of_one(p1, p2)?;
    let reach = n.sqrt() * (p1 - p2).abs() - normal::two_sided_z(level)? * same;
    if n > 0.0 && apart > 0.0 { normal::cumulative(reach / apart) } else { None }
}

/// The errors of a difference of shares with one answer each: if they are equal, and as they are.
fn errors_of_one(p1: f64, p2: f64) -> Option<(f64, f64)> {
    if !((0.0..=1.0).contains(&p1) && (0.0..=1.0).contains(&p2)) {
        return None;
    }
    let middle = f64::midpoint(p1, p2);
    let same = (2.0 * middle * (1.0 - middle)).sqrt();
    Some((same, (p1 * (1.0 - p1) + p2 * (1.0 - p2)).sqrt()))
}

/// `z_α/2 + z_β`, where the power is more than the chance of a false alarm in that direction.
fn multiplier(power: f64, level: f64) -> Option<f64> {
    let sum = normal::two_sided_z(level)? + normal::quantile(power)?;
    (sum > 0.0).then_some(sum)
}

#[cfg(test)]
mod tests;
