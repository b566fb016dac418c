//! p-values adjusted for how many were looked at; it must not know what each of them tests.

/// Holm's adjusted p-values: how small a p-value is when it stands among others.
///
/// # Formula
/// With the `m` defined p-values ascending, `p̃₍ᵢ₎ = max over j ≤ i of min(1, (m - j + 1) p₍ⱼ₎)`. The
/// adjusted values come in the order of the given ones.
///
/// # Assumptions
/// None about how the tests depend on each other. Rejecting every hypothesis with `p̃ ≤ α` is wrong
/// about any of them with probability at most `α`. With dozens of groups it finds only large
/// differences: to screen many, take [`benjamini_hochberg`].
///
/// # Undefined
/// Where the p-value itself is undefined or NaN; such a test does not count towards `m`.
///
/// # References
/// Holm 1979.
///
/// # Examples
/// ```
/// use cxm::stats::multiplicity::holm;
///
/// assert_eq!(holm(&[Some(0.04), None, Some(0.01)]), [Some(0.04), None, Some(0.02)]);
/// assert!(holm(&[]).is_empty());
/// ```
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let order = ascending(p_values);
    let mut adjusted = vec![None; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &(place, p)) in order.iter().enumerate() {
        largest = largest.max(((order.len() - rank) as f64 * p).min(1.0));
        adjusted[place] = Some(largest);
    }
    adjusted
}

/// Benjamini and Hochberg's adjusted p-values, to screen many groups for the few worth a look.
///
/// # Formula
/// With the `m` defined p-values ascending, `p̃₍ᵢ₎ = min over j ≥ i of min(1, m p₍ⱼ₎ / j)`. The adjusted
/// values come in the order of the given ones.
///
/// # Assumptions
/// Independent or positively dependent tests. Of all hypotheses with `p̃ ≤ q`, a share of at most `q` is
/// expected to be rejected wrongly; any single one of them may be.
///
/// # Undefined
/// Where the p-value itself is undefined or NaN; such a test does not count towards `m`.
///
/// # References
/// Benjamini and Hochberg 1995.
///
/// # Examples
/// ```
/// use cxm::stats::multiplicity::benjamini_hochberg;
///
/// assert_eq!(benjamini_hochberg(&[Some(0.01), Some(0.04)]), [Some(0.02), Some(0.04)]);
/// ```
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let order = ascending(p_values);
    let mut adjusted = vec![None; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, &(place, p)) in order.iter().enumerate().rev() {
        smallest = smallest.min(order.len() as f64 * p / (rank as f64 + 1.0));
        adjusted[place] = Some(smallest);
    }
    adjusted
}

/// The p-values there are, ascending, each with its place.
fn ascending(p_values: &[Option<f64>]) -> Vec<(usize, f64)> {
    let defined = p_values.iter().enumerate().filter_map(|(place, p)| Some((place, (*p)?)));
    let mut defined: Vec<_> = defined.filter(|(_, p)| !p.is_nan()).collect();
    defined.sort_by(|a, b| a.1.total_cmp(&b.1));
    defined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_p_values_stay_equal() {
        for adjust in [holm, benjamini_hochberg] {
            let adjusted = adjust(&[Some(0.01), Some(0.3), Some(0.01)]);
            assert_eq!(adjusted[0], adjusted[2]);
            assert!(adjusted[0] < adjusted[1]);
        }
    }

    #[test]
    fn what_is_undefined_stays_so_and_counts_for_nothing() {
        let given = [None, Some(f64::NAN), Some(0.02)];
        assert_eq!(holm(&given), [None, None, Some(0.02)]);
        assert_eq!(benjamini_hochberg(&given), [None, None, Some(0.02)]);
    }
}
