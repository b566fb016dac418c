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
    /// Whether it is an order that stands: not a refund, not refunded in full.
    pub is_order: Vec<bool>,
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
        let refunds = refunds_by_order(&table, &paid);
        let orders = table.ids(Field::Order);
        let mut amount = paid.clone();
        let mut is_order = vec![true; paid.len()];
        for row in 0..paid.len() {
            let same_row = returned[row].unwrap_or(0).min(paid[row].max(0));
            let other_rows = orders[row].and_then(|order| refunds.get(&order)).copied().unwrap_or(0);
            amount[row] -= same_row;
            let back = same_row.saturating_add(other_rows);
            let all_back = returned[row] == Some(i64::MAX) || (back > 0 && back >= paid[row]);
            is_order[row] = paid[row] >= 0 && !all_back;
        }
        Ok(Some(Purchases {
            rows,
            channel: table.codes("channel"),
            customer,
            at,
            amount,
            is_order,
            table,
            after_as_of,
        }))
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
    Rows::sorted(customers, &table.codes("customer"), |a, b| key(a as usize).cmp(&key(b as usize)))
}

/// What was paid back of each order in rows of its own, as a positive amount.
fn refunds_by_order(table: &Table, paid: &[i64]) -> HashMap<u64, i64, foldhash::fast::FixedState> {
    let mut refunds = HashMap::default();
    for (order, amount) in table.ids(Field::Order).into_iter().zip(paid) {
        if let Some(order) = order.filter(|_| *amount < 0) {
            *refunds.entry(order).or_insert(0) -= amount;
        }
    }
    refunds
}
