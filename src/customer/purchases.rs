//! Orders and refunds, each customer's in the order of time.

use hashbrown::HashMap;

use super::rows::Rows;
use crate::error::Result;
use crate::source::field::{Field, Kind};
use crate::table::{Exports, Table};

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
    /// From when on each does not stand: the first moment of all for a refund.
    undone_at: Vec<i64>,
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
        let mut undone_at = vec![i64::MIN; paid.len()];
        for row in 0..paid.len() {
            let same_row = returned[row].unwrap_or(0).min(paid[row].max(0));
            amount[row] -= same_row;
            let all_back = returned[row] == Some(i64::MAX) || (same_row > 0 && same_row >= paid[row]);
            if paid[row] >= 0 && !all_back {
                let other_rows = orders[row].and_then(|order| refunds.get(&order)).map(Vec::as_slice);
                undone_at[row] = all_back_at(paid[row] - same_row, other_rows.unwrap_or_default());
            }
        }
        Ok(Some(Purchases {
            rows,
            channel: table.codes("channel"),
            customer,
            at,
            amount,
            is_order: undone_at.iter().map(|undone_at| as_of < *undone_at).collect(),
            undone_at,
            table,
            after_as_of,
        }))
    }

    /// Each customer's standing orders, by row, in the order of time.
    pub fn orders(&self, customer: u32) -> impl Iterator<Item = usize> + '_ {
        self.rows.of_customer(customer).filter(|row| self.is_order[*row])
    }

    /// Whether the row was an order that stood at a moment: what was paid back later had not been.
    pub fn stands(&self, row: usize, moment: i64) -> bool {
        moment < self.undone_at[row]
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
    Rows::sorted(customers, &table.codes("customer"), |a, b| key(a as usize).cmp(&key(b as usize)))
}

/// When and how much was paid back of each order in rows of its own, as positive amounts.
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

/// When refunds had paid back all of an amount; the end of time if they did not.
fn all_back_at(amount: i64, refunds: &[(i64, i64)]) -> i64 {
    let mut left = amount;
    for (at, back) in refunds {
        left = left.saturating_sub(*back);
        if left <= 0 {
            return *at;
        }
    }
    i64::MAX
}

#[cfg(test)]
mod tests {
    use super::all_back_at;

    #[test]
    fn an_order_stands_until_all_of_it_is_back() {
        assert_eq!(all_back_at(10, &[]), i64::MAX);
        assert_eq!(all_back_at(10, &[(5, 4), (7, 5)]), i64::MAX);
        assert_eq!(all_back_at(10, &[(5, 4), (7, 6), (9, 1)]), 7);
        assert_eq!(all_back_at(0, &[]), i64::MAX);
    }
}
