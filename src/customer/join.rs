//! How well the exports join: customers by kind of export, and how many of the one's the other has.

use crate::report::{Counts, Join, Match};
use crate::source::field::Kind;
use crate::table::words::Words;

/// How many keys are shown of each side.
const SHOWN: usize = 3;

/// Which customers each kind of export has. Whoever rated a ticket is in no survey export.
pub struct Present(Vec<(Kind, Vec<bool>)>);

impl Present {
    /// Asks of the exports of each of these kinds which customers they have.
    pub fn of(read: &[Kind], present: impl Fn(Kind) -> Option<Vec<bool>>) -> Present {
        Present(read.iter().filter_map(|kind| Some((*kind, present(*kind)?))).collect())
    }
}

/// Counts distinct customers and those found in two kinds of export.
pub fn matches(present: &Present, customers: usize) -> Join {
    let kinds: Vec<(String, &Vec<bool>)> =
        present.0.iter().map(|(kind, present)| (kind.as_str().to_owned(), present)).collect();
    let count = |present: &[bool]| present.iter().filter(|present| **present).count() as u64;
    let mut matches = Vec::new();
    for (of, mine) in &kinds {
        for (within, theirs) in kinds.iter().filter(|(within, _)| within != of) {
            let customers = count(mine);
            let found = mine.iter().zip(*theirs).filter(|(mine, theirs)| **mine && **theirs).count() as u64;
            let percent = (customers > 0).then(|| 100.0 * found as f64 / customers as f64);
            matches.push(Match { of: of.clone(), within: within.clone(), customers, found, percent });
        }
    }
    let anywhere = (0..customers).filter(|customer| kinds.iter().any(|(_, present)| present[*customer]));
    Join {
        customers: anywhere.count() as u64,
        by_kind: Counts(kinds.iter().map(|(kind, present)| (kind.clone(), count(present))).collect()),
        matches,
    }
}

/// How many respondents the other exports know, with examples of those who are on one side only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Customers who answered.
    pub respondents: u64,
    /// Those of them who bought or wrote in.
    pub found: u64,
    /// Keys that only the answers have, whole.
    pub answers_only: Vec<String>,
    /// Keys that only the other exports have.
    pub others_only: Vec<String>,
}

/// Compares those who answered with those who bought or wrote in; `customers` are the keys of all.
pub fn unmatched(present: &Present, customers: &Words) -> Option<Unmatched> {
    let (_, mine) = present.0.iter().find(|(kind, _)| *kind == Kind::Surveys)?;
    let is_other = |kind: Kind| [Kind::Tickets, Kind::Purchases].contains(&kind);
    let others: Vec<&Vec<bool>> =
        present.0.iter().filter(|(kind, _)| is_other(*kind)).map(|(_, present)| present).collect();
    let theirs: Vec<bool> =
        (0..customers.len()).map(|customer| others.iter().any(|present| present[customer])).collect();
    let respondents = mine.iter().filter(|mine| **mine).count() as u64;
    let found = mine.iter().zip(&theirs).filter(|(mine, theirs)| **mine && **theirs).count() as u64;
    let examples = |has: &[bool], lacks: &[bool]| {
        let codes = (0..has.len() as u32).filter(|code| has[*code as usize] && !lacks[*code as usize]);
        let mut keys: Vec<&str> = Vec::new();
        for key in codes.map(|code| customers.word(code)) {
            if keys.len() < SHOWN || keys.last().is_some_and(|last| key < *last) {
                keys.insert(keys.partition_point(|known| *known < key), key);
                keys.truncate(SHOWN);
            }
        }
        keys.into_iter().map(str::to_owned).collect()
    };
    (respondents > 0 && !others.is_empty()).then(|| Unmatched {
        respondents,
        found,
        answers_only: examples(mine, &theirs),
        others_only: examples(&theirs, mine),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::fixture::joined;

    const ANSWERS: &str = "date,metric,score,customer\n2026-01-01,nps,9,a\n2026-01-02,csat,4,a\n2026-01-03,nps,1,B@x.com\n2026-01-03,nps,1,\n";
    const ORDERS: &str = "customer,date,amount\na,2026-01-01,5\nb@X.com ,2026-01-01,5\nc,2026-01-01,5\n";

    #[test]
    fn each_customer_counts_once_a_kind_and_nobody_not_at_all() {
        let join = joined(&[(Kind::Surveys, ANSWERS), (Kind::Purchases, ORDERS)]).join;
        assert_eq!(join.customers, 3);
        assert_eq!(join.by_kind.0, [("surveys".to_owned(), 2), ("purchases".to_owned(), 3)]);
        let found: Vec<_> =
            join.matches.iter().map(|m| (m.of.as_str(), m.within.as_str(), m.customers, m.found)).collect();
        assert_eq!(found, [("surveys", "purchases", 2, 2), ("purchases", "surveys", 3, 2)]);
        assert_eq!(join.matches[0].percent, Some(100.0));
    }

    #[test]
    fn a_kind_without_customers_has_no_match_rate() {
        let nobody = "date,metric,score\n2026-01-01,nps,9\n";
        let join = joined(&[(Kind::Surveys, nobody), (Kind::Purchases, ORDERS)]).join;
        assert_eq!((join.matches[0].customers, join.matches[0].percent), (0, None));
        assert_eq!(join.matches[1].percent, Some(0.0));
    }

    #[test]
    fn examples_come_from_both_sides() {
        let answers = "date,metric,score,customer\n2026-01-01,nps,9,zoe@x.com\n2026-01-02,nps,9,a\n";
        let unmatched = joined(&[(Kind::Surveys, answers), (Kind::Purchases, ORDERS)]).unmatched.unwrap();
        assert_eq!((unmatched.respondents, unmatched.found), (2, 1));
        assert_eq!(unmatched.answers_only, ["zoe@x.com"]);
        assert_eq!(unmatched.others_only, ["b@x.com", "c"]);
        assert_eq!(joined(&[(Kind::Surveys, answers)]).unmatched, None);
    }
}
