//! Orders and refunds, each customer's in the order of time.

use hashbrown::HashMap;

use super::rows::{Rows, Sorted};
use crate::source::field::Field;
use crate::table::batch::Part;
use crate::table::codes::Codes;
use crate::table::column::BLANK;
use crate::table::stack::Stack;
use crate::table::words::NONE;
use crate::table::{Exports, Table};

/// An order of which something is left.
const NEVER_REFUNDED: i64 = i64::MAX;

/// The purchases of all customers.
#[derive(Debug)]
pub struct Purchases {
    /// The other columns, sorted by customer, time and order.
    pub table: Table,
    /// The customer of each.
    pub customer: Codes,
    /// When.
    pub at: Vec<i64>,
    /// What it adds to the spend, in 1/10 000 of the currency; 0 where the export does not say.
    pub amount: Vec<i64>,
    /// Whether each was paid in a currency that does not count; empty where all count.
    left_out: Vec<bool>,
    /// For those that are no orders at the as-of moment the moment from which that is so, since all was paid back;
    /// before every moment for what never was an order.
    refunded_at: HashMap<u32, i64, foldhash::fast::FixedState>,
    /// For each customer the row of the first order that stands; [`NONE`] where there is none.
    first_order: Vec<u32>,
    /// The channel of each.
    pub channel: Codes,
    /// Each customer's purchases.
    pub rows: Rows,
    /// Purchases after the as-of moment.
    pub after_as_of: u64,
}

impl Purchases {
    /// The purchases up to the as-of moment, of all those in the stack. `by_id` says that answers name their orders.
    pub fn of(mut stack: Stack, exports: &Exports, as_of: i64, by_id: bool) -> Purchases {
        let Sorted { rows, places, customer, times: at } = in_order(&stack, exports.customers.len(), as_of);
        stack.drop_column(Field::At);
        stack.drop_column(Field::Customer);
        if !by_id && stack.parts().iter().all(|part| part.refunds.is_empty()) {
            stack.drop_column(Field::Order);
        }
        let mut table = stack.into_table(&places);
        let mut amount = table.take_longs(Field::Amount).values(table.rows());
        let returned = table.take_longs(Field::Refunded);
        let orders = table.ids(Field::Order);
        let refunds = refunds_by_order(orders, &at, &amount);
        let mut refunded_at: HashMap<u32, i64, _> = HashMap::default();
        let mut left_of = Left::default();
        for (row, amount) in amount.iter_mut().enumerate() {
            let returned = returned.get(row).unwrap_or(0);
            if *amount >= 0 && returned == 0 && refunds.is_empty() {
                continue;
            }
            let paid = if *amount == BLANK { 0 } else { *amount };
            let same_row = returned.min(paid.max(0));
            *amount = paid - same_row;
            let never = paid < 0 || returned == i64::MAX || (same_row > 0 && same_row >= paid);
            let order = orders.get(row).filter(|_| !refunds.is_empty());
            if same_row > 0
                && let Some(order) = order.filter(|order| refunds.contains_key(*order))
            {
                left_of.insert(*order, *amount);
            }
            let other_rows = order.and_then(|order| refunds.get(order)).map_or(&[][..], Vec::as_slice);
            let at = if never { i64::MIN } else { all_back_at(paid - same_row, other_rows) };
            if at != NEVER_REFUNDED {
                refunded_at.insert(row as u32, at);
            }
        }
        take_no_more_than_is_left(&mut amount, orders, left_of);
        let mut left_out = Vec::new();
        if let Some(exchange) = exports.exchange.as_ref().filter(|exchange| exchange.leaves_out()) {
            // Only now: an order that is paid back is none, whatever it was paid in.
            let codes = table.codes(Field::Currency.as_str());
            left_out = amount
                .iter()
                .zip(codes.iter())
                .map(|(n, code)| *n != 0 && exchange.is_foreign(code))
                .collect();
            let foreign = amount.iter_mut().zip(&left_out).filter(|(_, is_out)| **is_out);
            foreign.for_each(|(amount, _)| *amount = 0);
        }
        let mut purchases = Purchases {
            customer,
            channel: table.codes("channel").clone(),
            after_as_of: rows.after_as_of(),
            rows,
            at,
            amount,
            left_out,
            refunded_at,
            first_order: Vec::new(),
            table,
        };
        let first = |customer: u32| purchases.orders(customer).next().map_or(NONE, |row| row as u32);
        purchases.first_order = (0..exports.customers.len() as u32).map(first).collect();
        purchases
    }

    /// Whether it was paid in a currency that does not count: its amount is 0, and what its customer spent is not known.
    #[inline]
    pub fn is_left_out(&self, row: usize) -> bool {
        self.left_out.get(row).copied().unwrap_or(false)
    }

    /// Whether it is an order that stands at the as-of moment: not a refund, not refunded in full.
    pub fn is_order(&self, row: usize) -> bool {
        self.stood(row, NEVER_REFUNDED - 1)
    }

    /// Whether it was an order at a moment: one that is paid back later still stood.
    pub fn stood(&self, row: usize, moment: i64) -> bool {
        self.refunded_at.is_empty() || self.refunded_at.get(&(row as u32)).is_none_or(|at| moment < *at)
    }

    /// Each customer's standing orders, by row, in the order of time.
    pub fn orders(&self, customer: u32) -> impl Iterator<Item = usize> + '_ {
        self.rows.of_customer(customer).filter(|row| self.is_order(*row))
    }

    /// Whether each of them is an order that stands at the as-of moment.
    pub fn are_orders(&self) -> bool {
        self.refunded_at.is_empty()
    }

    /// The row of the customer's first order, beyond all rows where there is none.
    #[inline]
    pub fn first_order(&self, customer: u32) -> usize {
        self.first_order.get(customer as usize).map_or(usize::MAX, |row| *row as usize)
    }

    /// When the customer first ordered.
    #[inline]
    pub fn first_order_at(&self, customer: u32) -> Option<i64> {
        self.at.get(self.first_order(customer)).copied()
    }
}

/// Each customer's purchases by time; what follows settles ties, so that the order of the rows never does.
fn in_order(stack: &Stack, customers: usize, as_of: i64) -> Sorted {
    let [order, amount] = [Field::Order, Field::Amount].map(|field| stack.field(field));
    let channel = stack.column("channel");
    let (find, tie) = (stack.finder(), stack.tie());
    let key = |(part, row): (&Part, usize)| {
        let order = part.ids(order).get(row).copied().unwrap_or(0);
        let amount = part.longs(amount).get(row).copied().unwrap_or(BLANK);
        (order, amount, part.codes(channel).get(row))
    };
    Rows::sorted(customers, stack, Field::At, as_of, |a, b| {
        let (a, b) = (find(a), find(b));
        key(a).cmp(&key(b)).then_with(|| tie(a, b))
    })
}

/// What was paid back of each order in rows of its own: when, and how much, from the first.
type Refunds = HashMap<u64, Vec<(i64, i64)>, foldhash::fast::FixedState>;

fn refunds_by_order(orders: &[u64], at: &[i64], paid: &[i64]) -> Refunds {
    let mut refunds = Refunds::default();
    let is_refund = |order: u64, paid: i64| order != 0 && paid < 0 && paid != BLANK;
    for ((order, at), paid) in
        orders.iter().zip(at).zip(paid).filter(|((order, _), paid)| is_refund(**order, **paid))
    {
        refunds.entry(*order).or_default().push((*at, -paid));
    }
    refunds.values_mut().for_each(|refunds| refunds.sort_unstable());
    refunds
}

/// What is left of orders whose own rows say that something was paid back.
type Left = HashMap<u64, i64, foldhash::fast::FixedState>;

/// What the row of an order says to be paid back, the rows of its refunds may say once more: together they take no more
/// than was paid.
fn take_no_more_than_is_left(amounts: &mut [i64], orders: &[u64], mut left_of: Left) {
    if left_of.is_empty() {
        return;
    }
    for (amount, order) in amounts.iter_mut().zip(orders).filter(|(amount, _)| **amount < 0) {
        if let Some(left) = left_of.get_mut(order) {
            let back = amount.saturating_neg().min(*left);
            *left -= back;
            *amount = -back;
        }
    }
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
    use crate::source::field::Kind;

    /// Each row's amount in whole units of the currency, with `+` where it is a standing order.
    fn read(rows: &str) -> String {
        let text = format!("customer,date,order_id,amount,refunded\n{rows}");
        told(joined(&[(Kind::Purchases, &text)]).purchases.as_ref().unwrap())
    }

    fn told(purchases: &Purchases) -> String {
        let one = |(row, amount): (usize, &i64)| {
            format!("{}{}", amount / 10_000, if purchases.is_order(row) { "+" } else { "" })
        };
        purchases.amount.iter().enumerate().map(one).collect::<Vec<_>>().join(" ")
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
        // What the order's row says to be paid back already is not taken twice.
        assert_eq!(read("a,2026-01-01,1,50,yes\na,2026-01-04,1,-50,\n"), "0 0");
        assert_eq!(read("a,2026-01-01,1,50,20\na,2026-01-04,1,-20,\na,2026-01-05,1,-30,\n"), "30 -20 -10");
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
