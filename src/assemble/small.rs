//! Which groups are too small to show, and which are hidden with them so that no total gives them away. It knows how many
//! cases a group has, and nothing of what they say.

use std::collections::BTreeMap;

use super::{ARRIVALS, blank};
use crate::estimate::Detail;
use crate::report::Record;

/// Hides the groups of fewer than `min_n` cases of one metric, and with them as many of the next smallest as it takes:
/// what is hidden of a total that is shown is more than one group, and together at least `min_n` cases. So the total less
/// the other groups is never the value of fewer. That holds for the overall number, and for each group of a breakdown
/// that another one divides further; rows and columns of a crossing taken together are not searched.
///
/// The same holds for the cases that stand beside a metric's own, the other arm and those who came.
pub fn hide(min_n: u64, records: &mut [(usize, Record)]) {
    let mut periods: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (at, (_, record)) in records.iter().enumerate() {
        periods.entry(record.period.clone()).or_default().push(at);
    }
    for places in periods.into_values() {
        let sums = sums(records, &places);
        let is_group = |at: &usize| !records[*at].1.group.0.is_empty();
        let mut hidden = vec![false; records.len()];
        for at in places.iter().copied().filter(is_group) {
            hidden[at] = is_small(records[at].1.n, min_n);
        }
        let counts: Vec<u64> = records.iter().map(|(_, record)| record.n).collect();
        spread(min_n, &counts, &sums, &mut hidden);
        hide_arrivals(min_n, records, &sums);
        hide_arms(min_n, records, &sums, &places, &hidden);
        for at in places.into_iter().filter(|at| hidden[*at]) {
            let why = if is_small(counts[at], min_n) {
                format!("fewer than {min_n}")
            } else {
                "hidden so that the small group cannot be computed back".to_owned()
            };
            suppress(&mut records[at].1, why);
        }
    }
}

fn is_small(n: u64, min_n: u64) -> bool {
    n > 0 && n < min_n
}

/// Groups that add up to a total.
struct Sum {
    /// The group that they are parts of; `None` for the overall number, which is always shown.
    whole: Option<usize>,
    parts: Vec<usize>,
}

/// Every sum of one period: each breakdown divides the overall number, and the groups of those of fewer dimensions.
fn sums(records: &[(usize, Record)], places: &[usize]) -> Vec<Sum> {
    let mut breakdowns: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in places.iter().copied().filter(|at| !records[*at].1.group.0.is_empty()) {
        breakdowns.entry(records[at].0).or_default().push(at);
    }
    let names = |at: usize| -> Vec<&str> {
        records[at].1.group.0.iter().map(|(dimension, _)| dimension.as_str()).collect()
    };
    let mut sums = Vec::new();
    // The overall number comes last: what is hidden for a row and a column is often enough for it.
    for (number, parts) in &breakdowns {
        let finer = names(parts[0]);
        for (_, wholes) in breakdowns.iter().filter(|(other, _)| *other != number) {
            let coarser = names(wholes[0]);
            if !coarser.iter().all(|name| finer.contains(name)) {
                continue;
            }
            let key = |at: usize| -> Vec<&str> {
                let label = |name: &&str| records[at].1.group.named(name).map_or("", String::as_str);
                coarser.iter().map(label).collect()
            };
            let mut of: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
            parts.iter().for_each(|at| of.entry(key(*at)).or_default().push(*at));
            let divided = wholes.iter().map(|at| (*at, of.remove(&key(*at)).unwrap_or_default()));
            sums.extend(divided.map(|(whole, parts)| Sum { whole: Some(whole), parts }));
        }
    }
    sums.extend(breakdowns.into_values().map(|parts| Sum { whole: None, parts }));
    sums
}

/// Hides more until every sum keeps what is hidden in it.
fn spread(min_n: u64, counts: &[u64], sums: &[Sum], hidden: &mut [bool]) {
    loop {
        let before = hidden.iter().filter(|hidden| **hidden).count();
        sums.iter().for_each(|sum| close(min_n, counts, sum, hidden));
        if hidden.iter().filter(|hidden| **hidden).count() == before {
            return;
        }
    }
}

fn close(min_n: u64, counts: &[u64], sum: &Sum, hidden: &mut [bool]) {
    let parts = || sum.parts.iter().copied().filter(|at| counts[*at] > 0);
    if sum.whole.is_some_and(|whole| hidden[whole]) {
        // What is known of its parts is known of it.
        parts().for_each(|at| hidden[at] = true);
        return;
    }
    let of_hidden = parts().filter(|at| hidden[*at]);
    let (mut groups, mut cases) = of_hidden.fold((0, 0), |(groups, n), at| (groups + 1, n + counts[at]));
    let is_open = |groups, cases| groups == 1 || groups > 0 && cases < min_n;
    if !is_open(groups, cases) {
        return;
    }
    let mut shown: Vec<usize> = parts().filter(|at| !hidden[*at]).collect();
    shown.sort_by_key(|at| (counts[*at], *at));
    for at in shown {
        hidden[at] = true;
        (groups, cases) = (groups + 1, cases + counts[at]);
        if !is_open(groups, cases) {
            return;
        }
    }
    // Nothing is left beside the hidden: the whole says what they are.
    if let Some(whole) = sum.whole {
        hidden[whole] = true;
    }
}

/// Blanks what is known of those who came, in the whole breakdown, where they are few in one of its groups.
fn hide_arrivals(min_n: u64, records: &mut [(usize, Record)], sums: &[Sum]) {
    for Sum { parts, .. } in sums.iter().filter(|sum| sum.whole.is_none()) {
        let came = |at: &usize| count(&records[*at].1.detail, "new_or_returning");
        if parts.iter().any(|at| came(at).is_some_and(|n| is_small(n, min_n))) {
            let few = |name: &str| ARRIVALS.contains(&name);
            parts.iter().for_each(|at| blank(&mut records[*at].1.detail, few));
        }
    }
}

/// Blanks the other arm of a metric where it is small, and of a hidden group it is hidden too.
fn hide_arms(min_n: u64, records: &mut [(usize, Record)], sums: &[Sum], places: &[usize], hidden: &[bool]) {
    let arm = |record: &Record| count(&record.detail, "retained_n").unwrap_or(0);
    let counts: Vec<u64> = records.iter().map(|(_, record)| arm(record)).collect();
    let mut blanked = hidden.to_vec();
    for at in places.iter().copied().filter(|at| !records[*at].1.group.0.is_empty()) {
        blanked[at] |= is_small(counts[at], min_n);
    }
    spread(min_n, &counts, sums, &mut blanked);
    for at in places.iter().copied().filter(|at| blanked[*at]) {
        blank(&mut records[at].1.detail, |name| {
            name.starts_with("retained_") || name.starts_with("difference") || name == "p"
        });
    }
}

fn count(detail: &Detail, name: &str) -> Option<u64> {
    detail.number(name).map(|n| n as u64)
}

fn suppress(record: &mut Record, why: String) {
    (record.value, record.lower, record.upper) = (None, None, None);
    record.detail = Detail::default();
    record.suppressed = true;
    record.note = why;
}

#[cfg(test)]
mod tests;
