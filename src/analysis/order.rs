//! One order of the groups of several periods, in each of which only some of them occur.

use std::collections::{BTreeMap, BTreeSet};

use crate::dimension::UNKNOWN;

/// Every label of some lists, each once, in an order that none of the lists contradicts: those that no list puts in order
/// by the alphabet, what is unknown last. Lists that contradict each other are followed as far as they agree.
pub fn merged<'a>(lists: &[Vec<&'a [String]>]) -> Vec<&'a [String]> {
    let mut after: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    let mut before: BTreeMap<&[String], usize> = BTreeMap::new();
    for list in lists {
        list.iter().for_each(|label| _ = before.entry(label).or_insert(0));
        for pair in list.windows(2) {
            if after.entry(pair[0]).or_default().insert(pair[1]) {
                *before.entry(pair[1]).or_insert(0) += 1;
            }
        }
    }
    let is_unknown = |label: &[String]| label.iter().any(|part| part == UNKNOWN);
    let mut all = Vec::new();
    while !before.is_empty() {
        let next = before.iter().min_by_key(|(label, open)| (**open, is_unknown(label), **label));
        let Some(label) = next.map(|(label, _)| *label) else { break };
        before.remove(label);
        for other in after.remove(label).into_iter().flatten() {
            before.entry(other).and_modify(|open| *open = open.saturating_sub(1));
        }
        all.push(label);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lists: &[&[&str]]) -> String {
        let label = |text: &&str| vec![(*text).to_owned()];
        let lists: Vec<Vec<Vec<String>>> =
            lists.iter().map(|list| list.iter().map(label).collect()).collect();
        let lists: Vec<Vec<&[String]>> =
            lists.iter().map(|list| list.iter().map(Vec::as_slice).collect()).collect();
        merged(&lists).concat().join(" ")
    }

    #[test]
    fn lists_say_the_order_and_the_alphabet_the_rest() {
        assert_eq!(of(&[&["web"], &["email", "phone"], &["app"]]), "app email phone web");
        assert_eq!(of(&[&["use", "renewal"], &["awareness", "use"]]), "awareness use renewal");
        assert_eq!(of(&[&["a", UNKNOWN], &["web"]]), "a web (unknown)");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn lists_that_contradict_each_other_lose_no_label() {
        assert_eq!(of(&[&["b", "a"], &["a", "b"], &["c"]]), "c a b");
    }
}
