//! Control limits for a series of shares or net promoter scores, each from its own number of answers; it
//! must not know what was asked or when.

use super::{Interval, nps, xmr};

/// A series and the limits of each of its points.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The values of the points.
    pub values: Vec<f64>,
    /// The value of all answers together.
    pub centre: f64,
    /// The limits of each point if chance among its answers were all that moves it.
    pub within: Vec<Interval>,
    /// `σ_z`: how many times as far the points move as that. Above 1 there is more than chance.
    pub sigma_z: Option<f64>,
    /// The limits of each point with that taken into account (Laney), where `sigma_z` is defined.
    pub laney: Option<Vec<Interval>>,
}

/// The p chart of a series of shares, and Laney's p′ chart: points are successes and answers.
///
/// # Formula
/// `p̄ ± 3 σᵢ`, `σᵢ = √(p̄(1 - p̄)/nᵢ)`, `p̄ = Σx / Σn`. Laney: `p̄ ± 3 σᵢ σ_z`, where `σ_z` is the mean of
/// `|zᵢ - zᵢ₋₁|` over `d₂ = 2/√π` and `zᵢ = (pᵢ - p̄)/σᵢ`. Limits are cut to 0 and 1.
///
/// # Assumptions
/// Points in order of time; a period without answers is none and is left out. The plain p chart takes
/// one probability for all: with thousands of answers a week it flags every week, since no process
/// is that constant, and Laney's limits are those to judge by. They rest on the distances between
/// neighbours, and with fewer than about 20 points are provisional. When `nᵢ p̄` is below about 5
/// the limits are rough.
///
/// # Undefined
/// No points, a point without answers, a count that is negative or not finite, `x > n`. `σ_z` and
/// Laney's limits: one point, and `p̄` of 0 or 1, where the plain limits are `p̄` itself.
///
/// # References
/// Shewhart 1931; NIST/SEMATECH e-Handbook, section 6.3.3.2; Laney 2002.
///
/// # Examples
/// ```
/// use cxm::stats::p_chart::shares;
///
/// // 40 of 100, then 60 of 100: z is -2 and 2 times √½·√2, so that the points are 4 apart.
/// let chart = shares(&[(40.0, 100.0), (60.0, 100.0)]).unwrap();
/// assert_eq!(chart.centre, 0.5);
/// assert!((chart.within[0].upper - 0.65).abs() < 1e-12);
/// assert!((chart.sigma_z.unwrap() - 4.0 / 1.1283791670955126).abs() < 1e-12);
/// assert_eq!(shares(&[(0.0, 0.0)]), None);
/// ```
pub fn shares(points: &[(f64, f64)]) -> Option<Chart> {
    let countable = |&(x, n): &(f64, f64)| n > 0.0 && n.is_finite() && (0.0..=n).contains(&x);
    if !points.iter().all(countable) {
        return None;
    }
    let [x, n] = points.iter().fold([0.0, 0.0], |[xs, ns], (x, n)| [xs + x, ns + n]);
    let centre = x / n;
    let sized = points.iter().map(|&(x, n)| (x / n, n)).collect();
    chart(sized, centre, centre * (1.0 - centre), Interval { lower: 0.0, upper: 1.0 })
}

/// The chart of a series of net promoter scores: points are detractors, passives and promoters.
///
/// # Formula
/// As [`shares`], with the score of all answers as the centre and `σᵢ = √(V/nᵢ)`,
/// `V = P + D - (P - D)²`, where `P` and `D` are the shares of promoters and detractors among all
/// answers. Limits are cut to -1 and 1.
///
/// # Assumptions
/// Those of [`shares`]. `V` is pooled, so that a week whose answers are more divided than usual has
/// the limits of any other week.
///
/// # Undefined
/// No points, a point that has no score. `σ_z` and Laney's limits: one point, and all answers of one
/// kind, where the plain limits are the score itself.
///
/// # References
/// Laney 2002, applied to the variance of a score as Rocks 2016 gives it; the combination is our own.
///
/// # Examples
/// ```
/// use cxm::stats::p_chart::scores;
///
/// // All together 50 promoters and 50 detractors: score 0, variance 1.
/// let chart = scores(&[[20.0, 0.0, 30.0], [30.0, 0.0, 20.0]]).unwrap();
/// assert_eq!((chart.values.as_slice(), chart.centre), ([0.2, -0.2].as_slice(), 0.0));
/// assert!((chart.within[0].upper - 3.0 / 50.0_f64.sqrt()).abs() < 1e-12);
/// ```
pub fn scores(points: &[[f64; 3]]) -> Option<Chart> {
    let sized = points.iter().map(|&[d, s, p]| Some((nps::estimate(d, s, p)?, d + s + p)));
    let sized = sized.collect::<Option<Vec<_>>>()?;
    let all = points.iter().fold([0.0; 3], |sum, point| [0, 1, 2].map(|kind| sum[kind] + point[kind]));
    let [detractors, passives, promoters] = all;
    let centre = nps::estimate(detractors, passives, promoters)?;
    let outspoken = (detractors + promoters) / (detractors + passives + promoters);
    let variance = outspoken - centre * centre;
    chart(sized, centre, variance, Interval { lower: -1.0, upper: 1.0 })
}

/// The chart of values with their numbers of answers, `variance` being that of one answer.
fn chart(points: Vec<(f64, f64)>, centre: f64, variance: f64, range: Interval) -> Option<Chart> {
    if points.is_empty() || !centre.is_finite() {
        return None;
    }
    let sigma = |n: f64| (variance.max(0.0) / n).sqrt();
    let limits = |times: f64| -> Vec<Interval> {
        let half = points.iter().map(|&(_, n)| 3.0 * sigma(n) * times);
        let around = |half: f64| Interval {
            lower: (centre - half).max(range.lower),
            upper: (centre + half).min(range.upper),
        };
        half.map(around).collect()
    };
    let z = |&(value, n): &(f64, f64)| (value - centre) / sigma(n);
    let apart: f64 = points.windows(2).map(|pair| (z(&pair[1]) - z(&pair[0])).abs()).sum();
    let sigma_z = apart / (points.len() as f64 - 1.0) / xmr::MEAN_RANGE;
    let sigma_z = (variance > 0.0 && sigma_z.is_finite()).then_some(sigma_z);
    let (within, laney) = (limits(1.0), sigma_z.map(limits));
    Some(Chart { values: points.iter().map(|&(value, _)| value).collect(), centre, within, sigma_z, laney })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_point_has_no_chart_and_one_point_no_distances() {
        assert_eq!(shares(&[]), None);
        assert_eq!(scores(&[]), None);
        let one = shares(&[(5.0, 10.0)]).unwrap();
        assert_eq!((one.centre, one.sigma_z, one.laney), (0.5, None, None));
        assert!((one.within[0].upper - (0.5 + 3.0 * 0.025_f64.sqrt())).abs() < 1e-12);
    }

    #[test]
    fn counts_that_make_no_sense_have_no_chart() {
        for odd in [(0.0, 0.0), (-1.0, 5.0), (6.0, 5.0), (f64::NAN, 5.0), (1.0, f64::INFINITY)] {
            assert_eq!(shares(&[(1.0, 2.0), odd]), None, "{odd:?}");
        }
        assert_eq!(scores(&[[1.0, 1.0, 1.0], [0.0; 3]]), None);
        assert_eq!(scores(&[[1.0, -1.0, 1.0]]), None);
        assert_eq!(shares(&[(1e308, 1e308), (1e308, 1e308)]), None);
    }

    #[test]
    fn all_of_one_kind_leaves_the_limits_at_the_value() {
        let all = scores(&[[0.0, 0.0, 9.0], [0.0, 0.0, 4.0]]).unwrap();
        assert_eq!(all.within, [Interval { lower: 1.0, upper: 1.0 }; 2]);
        assert_eq!((all.sigma_z, all.laney), (None, None));
        let passive = scores(&[[0.0, 9.0, 0.0], [0.0, 4.0, 0.0]]).unwrap();
        assert_eq!(passive.within, [Interval { lower: 0.0, upper: 0.0 }; 2]);
    }

    #[test]
    fn equal_shares_move_less_than_chance_alone_would() {
        let flat = shares(&[(1.0, 3.0), (2.0, 6.0), (5.0, 15.0)]).unwrap();
        assert_eq!(flat.sigma_z, Some(0.0));
        assert_eq!(flat.laney.unwrap(), [Interval { lower: 1.0 / 3.0, upper: 1.0 / 3.0 }; 3]);
    }

    /// Without passives a score is twice a share less one, and so is its chart.
    #[test]
    fn scores_without_passives_are_shares_on_another_scale() {
        let counts = [(12.0, 50.0), (30.0, 60.0), (9.0, 40.0), (41.0, 55.0)];
        let (plain, twice) =
            (shares(&counts).unwrap(), scores(&counts.map(|(x, n)| [n - x, 0.0, x])).unwrap());
        assert!((plain.sigma_z.unwrap() - twice.sigma_z.unwrap()).abs() < 1e-12);
        for (p, s) in plain.laney.unwrap().iter().zip(twice.laney.unwrap()) {
            assert!((2.0 * p.lower - 1.0 - s.lower).abs() < 1e-12);
            assert!((2.0 * p.upper - 1.0 - s.upper).abs() < 1e-12);
        }
    }
}
