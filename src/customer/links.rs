//! What an answer is about: the ticket or order that it names, else the customer's latest one.

use hashbrown::HashMap;

use super::purchases::Purchases;
use super::tickets::Tickets;
use crate::source::field::Field;
use crate::table::Table;
use crate::table::column::BLANK;
use crate::table::words::NONE;

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touchpoint {
    /// Nothing that the exports show.
    None,
    /// The ticket of that row.
    Ticket(usize),
    /// The purchase of that row.
    Purchase(usize),
}

/// A touchpoint in four bytes: the row, and a bit that tells purchases from tickets.
#[derive(Debug, Clone, Copy)]
pub struct Packed(pub u32);

impl Packed {
    /// Nothing that the exports show.
    pub const NONE: Packed = Packed(NONE);
    const PURCHASE: u32 = 1 << 31;

    fn ticket(row: usize) -> Packed {
        Packed(row as u32)
    }

    fn purchase(row: usize) -> Packed {
        Packed(row as u32 | Self::PURCHASE)
    }

    /// As it was packed.
    pub fn touchpoint(self) -> Touchpoint {
        match self.0 {
            NONE => Touchpoint::None,
            purchase if purchase & Self::PURCHASE != 0 => {
                Touchpoint::Purchase((purchase & !Self::PURCHASE) as usize)
            }
            ticket => Touchpoint::Ticket(ticket as usize),
        }
    }
}

/// As many times are looked through without a branch for each.
const FEW: usize = 6;

/// Finds what an answer is about: by its own ids, else the customer's latest ticket or order in the attribution window
/// before it.
pub struct Links<'a> {
    tickets: Option<&'a Tickets>,
    purchases: Option<&'a Purchases>,
    attribution: i64,
    /// For each rating, in the order of the answers, the row of its ticket.
    pub rated: Vec<u32>,
    /// The tickets and orders that answers may name.
    pub by_id: ById,
}

impl<'a> Links<'a> {
    /// For these answers.
    pub fn of(
        answers: &Table,
        tickets: Option<&'a Tickets>,
        purchases: Option<&'a Purchases>,
        attribution: i64,
        rated: Vec<u32>,
    ) -> Links<'a> {
        Links { tickets, purchases, attribution, rated, by_id: ById::of(answers, tickets, purchases) }
    }

    /// What a customer wrote in about and bought.
    pub fn of_customer(&self, customer: u32) -> Own<'a> {
        let tickets = self.tickets.map_or(0..0, |tickets| tickets.rows.of_customer(customer));
        let purchases = self.purchases.map_or(0..0, |purchases| purchases.rows.of_customer(customer));
        Own {
            created: self.tickets.map_or(&[], |all| &all.created_at[tickets.clone()]),
            tickets_from: tickets.start,
            bought: self.purchases.map_or(&[], |all| &all.at[purchases.clone()]),
            purchases_from: purchases.start,
            purchases: self.purchases,
            attribution: self.attribution,
        }
    }

    /// The channel of what an answer is about.
    pub fn channel(&self, about: Touchpoint) -> u32 {
        let channel = match about {
            Touchpoint::None => None,
            Touchpoint::Ticket(row) => self.tickets.map(|tickets| tickets.channel.get(row)),
            Touchpoint::Purchase(row) => self.purchases.map(|purchases| purchases.channel.get(row)),
        };
        channel.unwrap_or(NONE)
    }
}

/// A customer's tickets and purchases.
pub struct Own<'a> {
    created: &'a [i64],
    tickets_from: usize,
    bought: &'a [i64],
    purchases_from: usize,
    purchases: Option<&'a Purchases>,
    attribution: i64,
}

impl Own<'_> {
    /// The latest ticket or order up to a moment, if it is in the attribution window before that; of two at once the
    /// ticket. Each choice is between values that are both at hand: nobody could foresee which one it will be.
    pub fn latest(&self, at: i64) -> Packed {
        let (tickets, mut orders) = (up_to(self.created, at), up_to(self.bought, at));
        if let Some(purchases) = self.purchases.filter(|purchases| !purchases.are_orders()) {
            while orders > 0 && !purchases.is_order(self.purchases_from + orders - 1) {
                orders -= 1;
            }
        }
        let (ticket_at, order_at) = (last_of(self.created, tickets), last_of(self.bought, orders));
        let ticket = (self.tickets_from + tickets).wrapping_sub(1) as u32;
        let order = (self.purchases_from + orders).wrapping_sub(1) as u32 | Packed::PURCHASE;
        let (latest, about) = if ticket_at >= order_at { (ticket_at, ticket) } else { (order_at, order) };
        let is_near = (latest != BLANK) & (latest >= at.saturating_sub(self.attribution));
        Packed(if is_near { about } else { NONE })
    }
}

/// The last of the first `count` times, blank where that is none of them.
fn last_of(times: &[i64], count: usize) -> i64 {
    let last = times.get(count.saturating_sub(1)).copied().unwrap_or(BLANK);
    if count == 0 { BLANK } else { last }
}

/// How many of some ascending times are no later than a moment.
fn up_to(times: &[i64], at: i64) -> usize {
    if times.len() > FEW {
        return times.partition_point(|time| *time <= at);
    }
    times.iter().map(|time| usize::from(*time <= at)).sum()
}

/// The id that a row names, if it names one.
pub fn named(ids: &[u64], row: usize) -> Option<u64> {
    ids.get(row).copied().filter(|id| *id != 0)
}

type RowById = HashMap<u64, u32, foldhash::fast::FixedState>;

/// The rows of tickets and orders by the hash of their id; empty where no answer names one.
#[derive(Default)]
pub struct ById {
    tickets: RowById,
    orders: RowById,
}

impl ById {
    fn of(answers: &Table, tickets: Option<&Tickets>, purchases: Option<&Purchases>) -> Self {
        let mut by_id = ById::default();
        let rows = |ids: &[u64]| {
            ids.iter().copied().zip(0..).filter(|(id, _)| *id != 0).collect::<Vec<(u64, u32)>>()
        };
        if let Some(tickets) = tickets.filter(|_| answers.has("ticket")) {
            by_id.tickets = rows(tickets.table.ids(Field::Ticket)).into_iter().collect();
        }
        if let Some(purchases) = purchases.filter(|_| answers.has("order")) {
            let orders = rows(purchases.table.ids(Field::Order)).into_iter();
            by_id.orders = orders.filter(|(_, row)| purchases.is_order(*row as usize)).collect();
        }
        by_id
    }

    /// The ticket or order of that id; the ticket, if both are there.
    pub fn find(&self, ticket: Option<u64>, order: Option<u64>) -> Packed {
        let ticket = ticket.and_then(|id| self.tickets.get(&id)).map(|row| Packed::ticket(*row as usize));
        let order = || order.and_then(|id| self.orders.get(&id)).map(|row| Packed::purchase(*row as usize));
        ticket.or_else(order).unwrap_or(Packed::NONE)
    }
}
