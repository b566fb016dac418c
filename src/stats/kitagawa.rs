//! The change of a mean between two periods, split into what its groups did and what their weights did; it
//! must not know what the groups are.

/// A group in one of the two periods.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Part {
    /// The number of values, or the sum of their weights; 0 where the group is absent.
    pub n: f64,
    /// The sum of the values.
    pub sum: f64,
    /// The variance of one value, where it is known: `p(1 - p)` for a share, `P + D - (P - D)²` for a
    /// net promoter score, `s²` for a mean.
    pub variance: Option<f64>,
}

/// What a group did to the change of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// By becoming a larger or smaller part of the whole.
    pub mix: f64,
    /// By changing itself; 0 for a group that is absent in one of the periods.
    pub rate: f64,
    /// The standard error of `rate`, the weights being taken as given.
    pub rate_error: Option<f64>,
}

/// A change and its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// The mean of all groups in the first period.
    pub before: f64,
    /// The mean of all groups in the second period.
    pub after: f64,
    /// The effects of all groups together; `mix + rate` is `after - before`.
    pub all: Effect,
    /// The effects of each group, in the order given.
    pub groups: Vec<Effect>,
}

/// Splits the change of a mean into mix and rate effects of its groups.
///
/// # Formula
/// With weights `w = n / Σn`, rates `r = sum / n` and `R = Σ w r` in the periods 0 and 1:
/// `mixᵢ = (w₁ᵢ - w₀ᵢ) · ((r₀ᵢ + r₁ᵢ)/2 - (R₀ + R₁)/2)` and `rateᵢ = (r₁ᵢ - r₀ᵢ)(w₀ᵢ + w₁ᵢ)/2`; over all
/// groups they add up to `R₁ - R₀`. A group that is absent in one period has there the rate of the
/// other, so that all it did is mix. The standard error of a rate effect, with the weights as given, is
/// `w̄ᵢ √(v₀ᵢ/n₀ᵢ + v₁ᵢ/n₁ᵢ)`, `w̄ᵢ = (w₀ᵢ + w₁ᵢ)/2`, and that of all of them the root of the sum of the squares.
///
/// # Assumptions
/// Each value belongs to one group, and the metric is a mean of its values: shares, scores that are sums
/// of ±1, means. It describes and does not explain: a group may change for reasons that have nothing to
/// do with it, and other groupings give other splits. Interaction is shared in equal parts. Groups are
/// independent samples; where all values of a group are equal its error is 0, which is not certainty.
///
/// # Undefined
/// No values in one of the periods; a count that is negative or not finite; a sum where there are no
/// values. The error: the variance of a group that is in both periods is unknown or negative.
///
/// # References
/// Kitagawa 1955; centred on the mean of both periods, which leaves the sums as they are.
///
/// # Examples
/// ```
/// use cxm::stats::kitagawa::{Part, decompose};
///
/// // Satisfied small firms: 720 of 800, then 364 of 400; large ones: 120 of 200, then 366 of 600.
/// let part = |sum, n| Part { n, sum, variance: None };
/// let groups = [[part(720.0, 800.0), part(364.0, 400.0)], [part(120.0, 200.0), part(366.0, 600.0)]];
/// let change = decompose(&groups).unwrap();
/// // Both rose by a point, the whole fell from 84 to 73.
/// assert!((change.all.mix - -0.12).abs() < 1e-12 && (change.all.rate - 0.01).abs() < 1e-12);
/// assert!((change.groups[0].mix - -0.048).abs() < 1e-12);
/// ```
pub fn decompose(groups: &[[Part; 2]]) -> Option<Decomposition> {
    let sound = |part: &Part| {
        part.n >= 0.0 && part.n.is_finite() && part.sum.is_finite() && (part.n > 0.0 || part.sum == 0.0)
    };
    if !groups.iter().flatten().all(sound) {
        return None;
    }
    let total = |period: usize| groups.iter().map(|group| group[period].n).sum::<f64>();
    let totals = [total(0), total(1)];
    let mean = |period: usize| {
        let sum: f64 = groups.iter().map(|group| group[period].sum).sum();
        let mean = sum / totals[period];
        (totals[period] > 0.0 && mean.is_finite()).then_some(mean)
    };
    let (before, after) = (mean(0)?, mean(1)?);
    let effects = groups.iter().map(|group| effect(group, totals, f64::midpoint(before, after)));
    let groups: Vec<Effect> = effects.collect();
    let squares = groups.iter().map(|effect| effect.rate_error.map(|error| error * error));
    let all = Effect {
        mix: groups.iter().map(|effect| effect.mix).sum(),
        rate: groups.iter().map(|effect| effect.rate).sum(),
        rate_error: squares.sum::<Option<f64>>().map(f64::sqrt),
    };
    Some(Decomposition { before, after, all, groups })
}

/// What one group did, `totals` being the counts of all groups and `middle` the mean of both periods.
fn effect(group: &[Part; 2], totals: [f64; 2], middle: f64) -> Effect {
    let weights = [group[0].n / totals[0], group[1].n / totals[1]];
    let rate = |part: Part| (part.n > 0.0).then(|| part.sum / part.n);
    let shift = weights[1] - weights[0];
    match group.map(rate) {
        [Some(before), Some(after)] => {
            let weight = f64::midpoint(weights[0], weights[1]);
            let of_part = |part: &Part| part.variance.filter(|v| *v >= 0.0).map(|v| v / part.n);
            let variance: Option<f64> = group.iter().map(of_part).sum();
            Effect {
                mix: shift * (f64::midpoint(before, after) - middle),
                rate: (after - before) * weight,
                rate_error: variance.map(|variance| weight * variance.sqrt()),
            }
        }
        [Some(only), None] | [None, Some(only)] => {
            Effect { mix: shift * (only - middle), rate: 0.0, rate_error: Some(0.0) }
        }
        [None, None] => Effect { mix: 0.0, rate: 0.0, rate_error: Some(0.0) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(x: f64, n: f64) -> Part {
        let p = x / n;
        Part { n, sum: x, variance: Some(p * (1.0 - p)) }
    }

    #[test]
    fn a_period_without_values_has_nothing_to_compare() {
        assert_eq!(decompose(&[]), None);
        assert_eq!(decompose(&[[share(1.0, 2.0), Part::default()]]), None);
        assert_eq!(decompose(&[[Part::default(), share(1.0, 2.0)]]), None);
    }

    #[test]
    fn counts_that_make_no_sense_are_not_split() {
        let odd = |n, sum| Part { n, sum, variance: None };
        for odd in [odd(-1.0, 0.0), odd(f64::NAN, 0.0), odd(0.0, 1.0), odd(1.0, f64::INFINITY)] {
            assert_eq!(decompose(&[[share(1.0, 2.0), share(1.0, 2.0)], [odd, share(1.0, 2.0)]]), None);
        }
    }

    /// Weights 3/4 and 1/2 of two groups: w̄ is 5/8 and 3/8. Variances over n: (0.25 + 0.25)/2 as 1/300 +
    /// 1/200 and 1/100 + 1/200 of a quarter.
    #[test]
    fn the_error_of_the_rate_effect() {
        let groups = [[share(150.0, 300.0), share(100.0, 200.0)], [share(50.0, 100.0), share(100.0, 200.0)]];
        let first = 0.25 * (1.0 / 300.0 + 1.0 / 200.0) * (5.0_f64 / 8.0).powi(2);
        let second = 0.25 * (1.0 / 100.0 + 1.0 / 200.0) * (3.0_f64 / 8.0).powi(2);
        let change = decompose(&groups).unwrap();
        assert!((change.groups[0].rate_error.unwrap() - first.sqrt()).abs() < 1e-15);
        assert!((change.all.rate_error.unwrap() - (first + second).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn an_unknown_variance_leaves_the_error_open_unless_the_group_is_new_or_gone() {
        let unknown = Part { variance: None, ..share(1.0, 2.0) };
        let both = decompose(&[[share(1.0, 2.0), unknown], [share(3.0, 4.0); 2]]).unwrap();
        assert_eq!((both.all.rate_error, both.groups[0].rate_error), (None, None));
        assert!(both.groups[1].rate_error.is_some());
        let gone = decompose(&[[unknown, Part::default()], [share(3.0, 4.0); 2]]).unwrap();
        assert_eq!(gone.groups[0].rate_error, Some(0.0));
        assert!(gone.all.rate_error.is_some());
    }

    fn part() -> impl Strategy<Value = Part> {
        (prop_oneof![Just(0_u32), 0..5_u32, 0..100_000_u32], -1.0..1.0_f64).prop_map(|(n, rate)| {
            let n = f64::from(n);
            Part { n, sum: (n * rate).round(), variance: Some(1.0) }
        })
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_change(groups in prop::collection::vec((part(), part()), 1..20)) {
            let groups: Vec<[Part; 2]> = groups.into_iter().map(<[Part; 2]>::from).collect();
            if let Some(change) = decompose(&groups) {
                let Decomposition { before, after, all, groups } = &change;
                prop_assert!((all.mix + all.rate - (after - before)).abs() < 1e-12);
                let parts: f64 = groups.iter().map(|effect| effect.mix + effect.rate).sum();
                prop_assert!((parts - (after - before)).abs() < 1e-12);
            }
        }

        #[test]
        fn back_again_undoes_every_part(groups in prop::collection::vec((part(), part()), 1..20)) {
            let there: Vec<[Part; 2]> = groups.iter().map(|&(a, b)| [a, b]).collect();
            let back: Vec<[Part; 2]> = groups.iter().map(|&(a, b)| [b, a]).collect();
            if let (Some(there), Some(back)) = (decompose(&there), decompose(&back)) {
                for (there, back) in there.groups.iter().zip(&back.groups) {
                    prop_assert!((there.mix + back.mix).abs() < 1e-12);
                    prop_assert!((there.rate + back.rate).abs() < 1e-12);
                }
            }
        }
    }
}
