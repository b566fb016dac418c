//! Which group each case falls in: the crossing of its labels and its period, numbered densely and in order.

use hashbrown::HashMap;

use crate::dimension::Grouping;

/// The groups of one breakdown.
#[derive(Debug, Default)]
pub struct Groups {
    /// For each case the index of its key.
    pub of: Vec<u32>,
    /// The groups that occur, in order: by period, then by label.
    pub keys: Vec<Key>,
}

/// A period's label, and whether it is cut short.
pub type PeriodLabel = (String, bool);

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The period.
    pub period: Option<PeriodLabel>,
    /// The labels of the dimensions.
    pub labels: Vec<String>,
}

impl Groups {
    /// Crosses the dimensions of a breakdown with the periods, if there are any.
    pub fn cross(
        cases: usize,
        periods: Option<(&[PeriodLabel], &[u32])>,
        dimensions: &[&Grouping],
    ) -> Groups {
        let mut codes = vec![0u128; cases];
        let mut sizes: Vec<u128> = Vec::new();
        let mut mix = |size: usize, of: &[u32]| {
            sizes.push(size.max(1) as u128);
            codes
                .iter_mut()
                .zip(of)
                .for_each(|(code, part)| *code = *code * size.max(1) as u128 + u128::from(*part));
        };
        if let Some((labels, of)) = periods {
            mix(labels.len(), of);
        }
        dimensions.iter().for_each(|grouping| mix(grouping.labels.len(), &grouping.codes));
        let (of, present) = dense(&codes);
        let key = |mut code: u128| {
            let mut parts: Vec<usize> = sizes.iter().rev().map(|size| part(&mut code, *size)).collect();
            parts.reverse();
            let mut parts = parts.into_iter();
            let period = periods.and_then(|(labels, _)| labels.get(parts.next()?).cloned());
            let labels = dimensions
                .iter()
                .zip(parts)
                .filter_map(|(grouping, part)| grouping.labels.get(part).cloned());
            Key { period, labels: labels.collect() }
        };
        Groups { of, keys: present.into_iter().map(key).collect() }
    }
}

fn part(code: &mut u128, size: u128) -> usize {
    let part = *code % size;
    *code /= size;
    part as usize
}

/// Numbers the codes that occur in their order.
fn dense(codes: &[u128]) -> (Vec<u32>, Vec<u128>) {
    let mut numbers: HashMap<u128, u32, foldhash::fast::FixedState> = HashMap::default();
    let mut last = None;
    let mut met: Vec<u128> = Vec::new();
    let mut of = Vec::with_capacity(codes.len());
    for code in codes {
        let number = match last {
            Some((known, number)) if known == *code => number,
            _ => *numbers.entry(*code).or_insert_with(|| {
                met.push(*code);
                met.len() as u32 - 1
            }),
        };
        last = Some((*code, number));
        of.push(number);
    }
    let mut order: Vec<u32> = (0..met.len() as u32).collect();
    order.sort_unstable_by_key(|number| met[*number as usize]);
    let mut rank = vec![0u32; met.len()];
    order.iter().enumerate().for_each(|(place, number)| rank[*number as usize] = place as u32);
    of.iter_mut().for_each(|number| *number = rank[*number as usize]);
    (of, order.into_iter().map(|number| met[number as usize]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_those_that_occur_by_period_then_label() {
        let grouping = |labels: &[&str], codes: &[u32]| Grouping {
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            codes: codes.to_vec(),
        };
        let (channel, stage) =
            (grouping(&["app", "web"], &[1, 0, 1, 1]), grouping(&["use", "(unknown)"], &[0, 1, 0, 0]));
        let periods = [("2026-01".to_owned(), false), ("2026-02".to_owned(), true)];
        let groups = Groups::cross(4, Some((&periods, &[1, 0, 0, 1])), &[&channel, &stage]);
        let keys: Vec<String> = groups
            .keys
            .iter()
            .map(|key| format!("{} {}", key.period.as_ref().unwrap().0, key.labels.join(" ")))
            .collect();
        assert_eq!(keys, ["2026-01 app (unknown)", "2026-01 web use", "2026-02 web use"]);
        assert_eq!(groups.of, [2, 0, 1, 2]);
    }

    #[test]
    fn no_dimension_is_one_group() {
        let groups = Groups::cross(3, None, &[]);
        assert_eq!((groups.of, groups.keys.len()), (vec![0, 0, 0], 1));
    }
}
