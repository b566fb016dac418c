//! Orders and refunds, each customer's in the order of time.

use hashbrown::HashMap;

use super::rows::Rows;
use crate::error::Result;
use crate::source::field::{Field, Kind};
use crate::table::{Exports, Table};

/// An order of which something is left.
const NEVER_REFUNDED: i64 = i64::MAX;

/// The purchases of all customers.
#[derive(Debug)]
pub struct Purchases {
    /// The table, sorted by customer, time and order.
    pub table: Table,
    /// The customer of each.
    pub customer: Vec<u32>,
    /// When.
    pub at: Vec<i64>,
    /// What it adds to the spend, in 1/10 000 of the currency; 0 where the export does not say.
    pub amount: Vec<i64>,
    /// Whether it is an order that stands at the as-of moment: not a refund, not refunded in full.
    pub is_order: Vec<bool>,
    /// The moment from which it is an order no longer, since all of it was paid back; before every moment for what
    /// never was one.
    refunded_at: Vec<i64>,
    /// The channel of each.
    pub channel: Vec<u32>,
    /// Each customer's purchases.
    pub rows: Rows,
    /// Purchases after the as-of moment.
    pub after_as_of: u64,
}

impl Purchases {
    /// The purchases up to the as-of moment.
    ///
    /// # Errors
    /// When Polars cannot put the table in order.
    pub fn of(exports: &Exports, as_of: i64) -> Result<Option<Purchases>> {
        let Some(table) = exports.table(Kind::Purchases) else { return Ok(None) };
        let (table, after_as_of) = table.up_to(Field::At, as_of)?;
        let (rows, order) = in_order(&table, exports.customers.len());
        let table = table.in_order(&order)?;
        let customer = table.codes("customer");
        let at: Vec<i64> = table.longs(Field::At).into_iter().map(|at| at.unwrap_or(as_of)).collect();
        let paid: Vec<i64> =
            table.longs(Field::Amount).into_iter().map(|amount| amount.unwrap_or(0)).collect();
        let returned = table.longs(Field::Refunded);
        let refunds = refunds_by_order(&table, &at, &paid);
        let orders = table.ids(Field::Order);
        let mut amount = paid.clone();
        let mut refunded_at = vec![NEVER_REFUNDED; paid.len()];
        for row in 0..paid.len() {
            let same_row = returned[row].unwrap_or(0).min(paid[row].max(0));
            amount[row] -= same_row;
            let other_rows = orders[row].and_then(|order| refunds.get(&order)).map_or(&[][..], Vec::as_slice);
            let never =
                paid[row] < 0 || returned[row] == Some(i64::MAX) || (same_row > 0 && same_row >= paid[row]);
            refunded_at[row] = if never { i64::MIN } else { all_back_at(paid[row] - same_row, other_rows) };
        }
        Ok(Some(Purchases {
            rows,
            channel: table.codes("channel"),
            customer,
            at,
            amount,
            is_order: refunded_at.iter().map(|at| *at == NEVER_REFUNDED).collect(),
            refunded_at,
            table,
            after_as_of,
        }))
    }

    /// Whether it was an order at a moment: one that is paid back later still stood.
    pub fn stood(&self, row: usize, moment: i64) -> bool {
        moment < self.refunded_at[row]
    }

    /// Each customer's standing orders, by row, in the order of time.
    pub fn orders(&self, customer: u32) -> impl Iterator<Item = usize> + '_ {
        self.rows.of_customer(customer).filter(|row| self.is_order[*row])
    }

    /// When the customer first ordered.
    pub fn first_order_at(&self, customer: u32) -> Option<i64> {
        self.orders(customer).next().map(|row| self.at[row])
    }
}

/// Each customer's purchases by time; what follows settles ties, so that the order of the rows never does.
fn in_order(table: &Table, customers: usize) -> (Rows, Vec<u32>) {
    let [at, amount] = [Field::At, Field::Amount].map(|field| table.longs(field));
    let (orders, channel) = (table.ids(Field::Order), table.codes("channel"));
    let key = |row: usize| (at[row], orders[row], amount[row], channel[row]);
    let tie = table.tie();
    Rows::sorted(customers, &table.codes("customer"), |a, b| {
        let (a, b) = (a as usize, b as usize);
        key(a).cmp(&key(b)).then_with(|| tie(a, b))
    })
}

/// What was paid back of each order in rows of its own: when, and how much, from the first.
type Refunds = HashMap<u64, Vec<(i64, i64)>, foldhash::fast::FixedState>;

fn refunds_by_order(table: &Table, at: &[i64], paid: &[i64]) -> Refunds {
    let mut refunds = Refunds::default();
    for (row, order) in table.ids(Field::Order).into_iter().enumerate() {
        if let Some(order) = order.filter(|_| paid[row] < 0) {
            refunds.entry(order).or_default().push((at[row], -paid[row]));
        }
    }
    refunds.values_mut().for_each(|refunds| refunds.sort_unstable());
    refunds
}

/// When the refunds of an order came to all that was left of it.
fn all_back_at(left: i64, refunds: &[(i64, i64)]) -> i64 {
    let mut back = 0i64;
    for (at, amount) in refunds {
        back = back.saturating_add(*amount);
        if back >= left {
            return *at;
        }
    }
    NEVER_REFUNDED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::fixture::{at, given, joined};

    /// Each row's amount in whole units of the currency, with `+` where it is a standing order.
    fn read(rows: &str) -> String {
        let text = format!("customer,date,order_id,amount,refunded\n{rows}");
        told(&joined(&[(Kind::Purchases, &text)]).purchases.unwrap())
    }

    fn told(purchases: &Purchases) -> String {
        let one = |(amount, is_order): (&i64, &bool)| {
            format!("{}{}", amount / 10_000, if *is_order { "+" } else { "" })
        };
        purchases.amount.iter().zip(&purchases.is_order).map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_negative_amount_lowers_spend_and_is_no_order() {
        assert_eq!(read("a,2026-01-01,1,50,\na,2026-01-05,,-20,\n"), "50+ -20");
        // An order that costs nothing is an order.
        assert_eq!(read("a,2026-01-01,1,0,\n"), "0+");
        assert_eq!(read("a,2026-01-01,1,,\n"), "0+");
    }

    #[test]
    fn an_order_paid_back_in_part_stands_and_in_full_does_not() {
        assert_eq!(read("a,2026-01-01,1,50,20\na,2026-01-02,2,50,50\na,2026-01-03,3,50,60\n"), "30+ 0 0");
        assert_eq!(read("a,2026-01-01,1,50,yes\na,2026-01-02,2,50,no\na,2026-01-03,3,0,yes\n"), "0 50+ 0");
    }

    #[test]
    fn refunds_in_rows_of_their_own_are_those_of_their_order() {
        // The order loses what the refund's row takes, once; a second order is not touched.
        assert_eq!(read("a,2026-01-01,1,50,\na,2026-01-04,1,-50,\na,2026-01-02,2,40,\n"), "50 40+ -50");
        assert_eq!(read("a,2026-01-01,1,50,\na,2026-01-04,1,-20,\n"), "50+ -20");
        assert_eq!(read("a,2026-01-01,1,50,20\na,2026-01-04,1,-30,\n"), "30 -30");
    }

    #[test]
    fn a_refund_after_the_moment_has_not_happened() {
        let text = "customer,date,order_id,amount\na,2026-01-01,1,50\na,2026-02-01,1,-50\n";
        let joined = given(&[(Kind::Purchases, text)], |plan| plan.as_of = Some(at("2026-01-31"))).joined;
        let purchases = joined.purchases.unwrap();
        assert_eq!((told(&purchases).as_str(), purchases.after_as_of), ("50+", 1));
    }

    #[test]
    fn the_first_order_is_the_first_that_stands() {
        let text = "customer,date,order_id,amount,refunded\na,2026-01-01,1,50,50\na,2026-02-01,2,50,\n\
                    a,2026-03-01,3,50,\nb,2026-01-01,4,-5,\n";
        let joined = joined(&[(Kind::Purchases, text)]);
        let purchases = joined.purchases.as_ref().unwrap();
        assert_eq!(purchases.first_order_at(joined.customer("a")), Some(at("2026-02-01")));
        assert_eq!(purchases.first_order_at(joined.customer("b")), None);
        assert_eq!(purchases.orders(joined.customer("a")).count(), 2);
    }
}
