//! Hides the records of small groups and of those that would give them away. It knows which groups add up to which, and
//! leaves it to `small` how many of them must be hidden.

use std::collections::BTreeMap;

use super::small::{Hidden, Sum, is_small, spread};
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
    let sums = sums(records);
    let counts: Vec<u64> = records.iter().map(|(_, record)| record.n).collect();
    let mut hidden: Vec<bool> =
        records.iter().map(|(_, record)| is_small_group(record, record.n, min_n)).collect();
    spread(min_n, &counts, &sums, &mut hidden);
    hide_arrivals(min_n, records, &sums);
    hide_arms(min_n, records, &sums, &hidden);
    for (at, (_, record)) in records.iter_mut().enumerate().filter(|(at, _)| hidden[*at]) {
        let why = if is_small(counts[at], min_n) { Hidden::Small } else { Hidden::Beside };
        suppress(record, why.told(min_n));
    }
}

/// Whether it is a group, of which there are so few; the overall number is always shown.
fn is_small_group(record: &Record, n: u64, min_n: u64) -> bool {
    !record.group.0.is_empty() && is_small(n, min_n)
}

/// Every sum: in each period a breakdown divides the overall number, and the groups of the breakdowns of fewer dimensions.
fn sums(records: &[(usize, Record)]) -> Vec<Sum> {
    let mut periods: BTreeMap<Option<&str>, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
    for (at, (breakdown, record)) in records.iter().enumerate() {
        if !record.group.0.is_empty() {
            let breakdowns = periods.entry(record.period.as_deref()).or_default();
            breakdowns.entry(*breakdown).or_default().push(at);
        }
    }
    let mut sums = Vec::new();
    for breakdowns in periods.into_values() {
        for (number, parts) in &breakdowns {
            for (_, wholes) in breakdowns.iter().filter(|(other, _)| *other != number) {
                sums.extend(divided(records, wholes, parts));
            }
        }
        // The overall number comes last: what is hidden for a row and a column is often enough for it.
        sums.extend(breakdowns.into_values().map(|parts| Sum { whole: None, parts }));
    }
    sums
}

/// What each group of one breakdown consists of in another; nothing where that does not tell its dimensions.
fn divided(records: &[(usize, Record)], wholes: &[usize], parts: &[usize]) -> Vec<Sum> {
    let group = |at: &usize| &records[*at].1.group;
    let dimensions: Vec<&str> = wholes
        .first()
        .map(|at| group(at).0.iter().map(|(name, _)| name.as_str()).collect())
        .unwrap_or_default();
    let is_told = |name: &&str| parts.first().is_some_and(|at| group(at).named(name).is_some());
    if !dimensions.iter().all(is_told) {
        return Vec::new();
    }
    let labels = |at: &usize| -> Vec<Option<&String>> {
        dimensions.iter().map(|name| group(at).named(name)).collect()
    };
    let mut of: BTreeMap<Vec<Option<&String>>, Vec<usize>> = BTreeMap::new();
    parts.iter().for_each(|at| of.entry(labels(at)).or_default().push(*at));
    let of_whole = |at: &usize| Sum { whole: Some(*at), parts: of.remove(&labels(at)).unwrap_or_default() };
    wholes.iter().map(of_whole).collect()
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
fn hide_arms(min_n: u64, records: &mut [(usize, Record)], sums: &[Sum], hidden: &[bool]) {
    let arm = |(_, record): &(usize, Record)| count(&record.detail, "retained_n").unwrap_or(0);
    let counts: Vec<u64> = records.iter().map(arm).collect();
    let small = records.iter().zip(&counts).map(|((_, record), n)| is_small_group(record, *n, min_n));
    let mut blanked: Vec<bool> =
        small.zip(hidden).map(|(is_small, is_hidden)| is_small || *is_hidden).collect();
    spread(min_n, &counts, sums, &mut blanked);
    for ((_, record), _) in records.iter_mut().zip(blanked).filter(|(_, is_blank)| *is_blank) {
        blank(&mut record.detail, |name| {
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
