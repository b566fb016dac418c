//! A customer with so many of the rows of a kind that it is hardly one: a mailbox, an integration, a cash desk.

use super::rows::Rows;
use super::{Answers, Purchases, Tickets};
use crate::source::field::Kind;
use crate::table::words::Words;

/// The share of a kind's rows from which on a customer is outsized.
const SHARE: f64 = 0.1;
/// Fewer rows than this say nothing.
const LEAST_ROWS: usize = 50;
/// Among fewer customers a tenth is no great share.
const LEAST_CUSTOMERS: usize = 20;

/// The largest customer of a kind, where it is outsized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outsized {
    /// The kind of rows.
    pub kind: Kind,
    /// Its rows up to the as-of moment.
    pub rows: u64,
    /// All rows up to then, those without a customer too.
    pub all: u64,
    /// Its key.
    pub key: String,
}

/// Looks for one in each kind of export.
pub fn outsized(
    customers: &Words,
    answers: Option<&Answers>,
    tickets: Option<&Tickets>,
    purchases: Option<&Purchases>,
) -> Vec<Outsized> {
    let kinds = [
        answers.map(|answers| (Kind::Surveys, &answers.rows, answers.rated_from)),
        tickets.map(|tickets| (Kind::Tickets, &tickets.rows, tickets.table.rows())),
        purchases.map(|purchases| (Kind::Purchases, &purchases.rows, purchases.table.rows())),
    ];
    kinds.into_iter().flatten().filter_map(|(kind, rows, all)| of_kind(kind, rows, all, customers)).collect()
}

fn of_kind(kind: Kind, rows: &Rows, all: usize, customers: &Words) -> Option<Outsized> {
    let most = rows.sizes().max()?;
    if most < LEAST_ROWS || (most as f64) < SHARE * all as f64 {
        return None;
    }
    if rows.sizes().filter(|size| *size > 0).take(LEAST_CUSTOMERS).count() < LEAST_CUSTOMERS {
        return None;
    }
    // Of several of one size the first of the alphabet: their numbers depend on the order of the rows.
    let largest = (0..).zip(rows.sizes()).filter(|(_, size)| *size == most);
    let key = largest.map(|(code, _)| customers.word(code)).min()?;
    Some(Outsized { kind, rows: most as u64, all: all as u64, key: key.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::fixture::joined;

    /// So many tickets of one customer, one of each of so many others, and so many of nobody.
    fn found(of_one: usize, others: usize, nobodys: usize) -> Vec<Outsized> {
        let mut text = "ticket_id,customer,created_at\n".to_owned();
        let of_others = (0..others).map(|n| format!("C-{n}"));
        let customers = std::iter::repeat_n("Inbox@shop.example".to_owned(), of_one).chain(of_others);
        for (id, customer) in customers.chain(std::iter::repeat_n(String::new(), nobodys)).enumerate() {
            text.push_str(&format!("{id},{customer},2026-01-01\n"));
        }
        joined(&[(Kind::Tickets, &text)]).outsized
    }

    #[test]
    fn a_tenth_of_at_least_five_hundred() {
        let key = "inbox@shop.example".to_owned();
        let inbox = Outsized { kind: Kind::Tickets, rows: 50, all: 500, key };
        assert_eq!(found(50, 450, 0), std::slice::from_ref(&inbox));
        assert_eq!(found(50, 19, 431), [inbox]);
        assert_eq!(found(50, 451, 0), []);
        assert_eq!(found(49, 50, 0), []);
        // Among nineteen customers somebody is large.
        assert_eq!(found(50, 18, 0), []);
    }
}
