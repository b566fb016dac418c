//! Which group each case falls in: the crossing of its labels and its period, numbered densely and in order.

use hashbrown::HashMap;

use crate::dimension::Grouping;
use crate::table::codes::Codes;

/// The groups of one breakdown.
#[derive(Debug)]
pub struct Groups {
    /// For each case the index of its key; none are held where there is but one.
    of: Codes,
    /// The groups that occur, in order: by period, then by label.
    pub keys: Vec<Key>,
}

/// A period's label, and whether it is cut short.
pub type PeriodLabel = (String, bool);

/// The periods of cases: their labels in order, and the index of each case's.
#[derive(Debug)]
pub struct Periods {
    /// The labels.
    pub labels: Vec<PeriodLabel>,
    /// The index of the label, by case.
    pub of: Codes,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The period.
    pub period: Option<PeriodLabel>,
    /// The labels of the dimensions.
    pub labels: Vec<String>,
}

impl Groups {
    /// Crosses the dimensions of a breakdown with the periods, if there are any. `row` is a case's row in the
    /// dimensions.
    pub fn cross(
        cases: usize,
        row: impl Fn(usize) -> u32,
        periods: Option<&Periods>,
        dimensions: &[&Grouping],
    ) -> Groups {
        let size = |grouping: &&Grouping| grouping.labels.len().max(1) as u128;
        let mut sizes: Vec<u128> =
            periods.map(|periods| periods.labels.len().max(1) as u128).into_iter().collect();
        sizes.extend(dimensions.iter().map(size));
        let code = |case: usize| {
            let period = periods.map_or(0, |periods| u128::from(periods.of.get(case)));
            let row = row(case);
            dimensions
                .iter()
                .fold(period, |code, grouping| code * size(grouping) + u128::from(grouping.of(row)))
        };
        let (of, present) = if sizes.is_empty() {
            (Codes::blank(0, false), vec![0; usize::from(cases > 0)])
        } else {
            dense(cases, code, sizes.iter().fold(1, |all: u128, size| all.saturating_mul(*size)))
        };
        let key = |mut code: u128| {
            let mut parts: Vec<usize> = sizes.iter().rev().map(|size| part(&mut code, *size)).collect();
            parts.reverse();
            let mut parts = parts.into_iter();
            let period = periods.and_then(|periods| periods.labels.get(parts.next()?).cloned());
            let labels = dimensions
                .iter()
                .zip(parts)
                .filter_map(|(grouping, part)| grouping.labels.get(part).cloned());
            Key { period, labels: labels.collect() }
        };
        Groups { of, keys: present.into_iter().map(key).collect() }
    }

    /// The index of a case's key.
    #[inline]
    pub fn of(&self, case: usize) -> usize {
        if self.of.is_empty() { 0 } else { self.of.get(case) as usize }
    }
}

fn part(code: &mut u128, size: u128) -> usize {
    let part = *code % size;
    *code /= size;
    part as usize
}

/// So many possible codes are looked up by their place.
const FEW: u128 = 1 << 16;

/// Numbers the codes that occur in their order; `all` is how many there may be.
fn dense(cases: usize, code: impl Fn(usize) -> u128, all: u128) -> (Codes, Vec<u128>) {
    if all <= FEW {
        let mut numbers = vec![u32::MAX; all as usize];
        (0..cases).for_each(|case| numbers[code(case) as usize] = 0);
        let present: Vec<u128> = (0..all).filter(|code| numbers[*code as usize] == 0).collect();
        present.iter().zip(0..).for_each(|(code, number)| numbers[*code as usize] = number);
        return ((0..cases).map(|case| numbers[code(case) as usize]).collect(), present);
    }
    let mut numbers: HashMap<u128, u32, foldhash::fast::FixedState> = HashMap::default();
    (0..cases).for_each(|case| {
        numbers.entry(code(case)).or_insert(0);
    });
    let mut present: Vec<u128> = numbers.keys().copied().collect();
    present.sort_unstable();
    present.iter().zip(0..).for_each(|(code, number)| {
        numbers.insert(*code, number);
    });
    ((0..cases).map(|case| numbers.get(&code(case)).copied().unwrap_or(0)).collect(), present)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouping(labels: &[&str], codes: &[u32]) -> Grouping {
        Grouping {
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            codes: codes.iter().copied().collect(),
        }
    }

    #[test]
    fn groups_are_those_that_occur_by_period_then_label() {
        let (channel, stage) =
            (grouping(&["app", "web"], &[1, 0, 1, 1]), grouping(&["use", "(unknown)"], &[0, 1, 0, 0]));
        let periods = Periods {
            labels: [("2026-01".to_owned(), false), ("2026-02".to_owned(), true)].into(),
            of: [1, 0, 0, 1].into_iter().collect(),
        };
        let groups = Groups::cross(4, |case| case as u32, Some(&periods), &[&channel, &stage]);
        let keys: Vec<String> = groups
            .keys
            .iter()
            .map(|key| format!("{} {}", key.period.as_ref().unwrap().0, key.labels.join(" ")))
            .collect();
        assert_eq!(keys, ["2026-01 app (unknown)", "2026-01 web use", "2026-02 web use"]);
        assert_eq!((0..4).map(|case| groups.of(case)).collect::<Vec<_>>(), [2, 0, 1, 2]);
    }

    #[test]
    fn no_dimension_is_one_group() {
        let groups = Groups::cross(3, |case| case as u32, None, &[]);
        assert_eq!((groups.of(2), groups.keys.len()), (0, 1));
        assert!(Groups::cross(0, |case| case as u32, None, &[]).keys.is_empty());
    }

    #[test]
    fn many_possible_groups_are_numbered_alike() {
        let labels: Vec<String> = (0..300).map(|label| format!("{label:03}")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let many = grouping(&labels, &[299, 0, 299]);
        let groups = Groups::cross(3, |case| case as u32, None, &[&many, &many]);
        let keys: Vec<String> = groups.keys.iter().map(|key| key.labels.join(" ")).collect();
        assert_eq!(keys, ["000 000", "299 299"]);
        assert_eq!((0..3).map(|case| groups.of(case)).collect::<Vec<_>>(), [1, 0, 1]);
    }
}
