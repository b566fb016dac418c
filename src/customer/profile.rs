//! What is known of one customer up to a moment, from all exports. No row after it is read.

use super::Joined;
use super::purchases::Purchases;
use crate::table::words::NONE;

/// One customer, as known at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The first order.
    pub first_order_at: Option<i64>,
    /// The last order.
    pub last_order_at: Option<i64>,
    /// Orders.
    pub orders: u32,
    /// Spend less refunds, in 1/10 000 of the currency.
    pub spend: i64,
    /// Tickets.
    pub tickets: u32,
    /// The channel of the first order, else of the first touch that names one.
    pub acquisition_channel: u32,
    /// The channel of the latest row that names one.
    pub last_channel: u32,
    /// How many channels there were.
    pub channels_used: u32,
}

impl Person {
    const UNKNOWN: Person = Person {
        first_order_at: None,
        last_order_at: None,
        orders: 0,
        spend: 0,
        tickets: 0,
        acquisition_channel: NONE,
        last_channel: NONE,
        channels_used: 0,
    };
}

impl Joined {
    /// A customer as known from the rows before a moment.
    pub fn person(&self, customer: u32, moment: i64) -> Person {
        let mut making = Making::default();
        if let Some(purchases) = self.purchases.as_ref() {
            let rows = purchases.rows.of_customer(customer).take_while(|row| purchases.at[*row] < moment);
            for row in rows {
                making.spend(purchases, row);
                if purchases.stood(row, moment - 1) {
                    making.order(purchases, row);
                    making.touch(purchases.at[row], purchases.channel.get(row));
                }
            }
        }
        if let Some(tickets) = self.tickets.as_ref() {
            let rows = tickets.rows.of_customer(customer).take_while(|row| tickets.created_at[*row] < moment);
            for row in rows {
                making.person.tickets += 1;
                making.touch(tickets.created_at[row], tickets.channel.get(row));
            }
        }
        if let Some(terms) = self.subscriptions.as_ref() {
            let rows = terms.rows.of_customer(customer).take_while(|row| terms.started_at[*row] < moment);
            rows.for_each(|row| making.touch(terms.started_at[row], terms.channel.get(row)));
        }
        if let Some(answers) = self.answers.as_ref() {
            for (row, at) in answers.touches(customer).filter(|(_, at)| *at < moment) {
                making.touch(at, answers.channel.get(row));
            }
        }
        making.finish()
    }

    /// Whether a customer paid before a moment in a currency that does not count, so that the spend is not known.
    pub fn spent_otherwise(&self, customer: u32, moment: i64) -> bool {
        self.purchases.as_ref().is_some_and(|purchases| {
            let mut rows = purchases.rows.of_customer(customer);
            rows.any(|row| purchases.is_left_out(row) && purchases.at[row] < moment)
        })
    }

    /// The channel that brought a customer: that of the first order if there was one by `judged_at`, be it after the
    /// moment, since it does not change with what they do later; else what is known before the moment.
    pub fn acquisition_channel(&self, customer: u32, moment: i64, judged_at: i64) -> u32 {
        let first = self.purchases.as_ref().and_then(|purchases| {
            let first = purchases.rows.of_customer(customer).find(|row| purchases.stood(*row, judged_at));
            first.filter(|row| purchases.at[*row] <= judged_at).map(|row| purchases.channel.get(row))
        });
        first.unwrap_or_else(|| self.person(customer, moment).acquisition_channel)
    }

    /// The stage of a customer's latest row before a moment that has one.
    pub fn last_stage(&self, customer: u32, moment: i64) -> u32 {
        let mut last = (i64::MIN, NONE);
        let see = |last: &mut (i64, u32), at: i64, stage: u32| {
            if at < moment && stage != NONE && (last.1 == NONE || (at, stage) > *last) {
                *last = (at, stage);
            }
        };
        // From the latest on, until nothing later than what was found can come.
        if let Some(purchases) = self.purchases.as_ref() {
            for row in purchases.rows.of_customer(customer).rev() {
                let at = purchases.at[row];
                if at < last.0 {
                    break;
                }
                if purchases.stood(row, moment - 1) {
                    see(&mut last, at, self.stages.purchases.get(row));
                }
            }
        }
        if let Some(tickets) = self.tickets.as_ref() {
            for row in tickets.rows.of_customer(customer).rev() {
                let at = tickets.created_at[row];
                if at < last.0 {
                    break;
                }
                see(&mut last, at, self.stages.tickets.get(row));
            }
        }
        if let Some(answers) = self.answers.as_ref() {
            answers.touches(customer).for_each(|(row, at)| see(&mut last, at, self.stages.answers.get(row)));
        }
        last.1
    }
}

/// An entry while it is made, with the times of the rows that it rests on.
struct Making {
    person: Person,
    first_touch: (i64, u32),
    last_channel: (i64, u32),
    /// Which of the first 64 channels were used, and the others.
    few: u64,
    many: Vec<u32>,
}

impl Default for Making {
    fn default() -> Self {
        Making {
            person: Person::UNKNOWN,
            first_touch: (i64::MAX, NONE),
            last_channel: (i64::MIN, NONE),
            few: 0,
            many: Vec::new(),
        }
    }
}

impl Making {
    fn spend(&mut self, purchases: &Purchases, row: usize) {
        self.person.spend = self.person.spend.saturating_add(purchases.amount[row]);
    }

    fn order(&mut self, purchases: &Purchases, row: usize) {
        let at = purchases.at[row];
        if self.person.first_order_at.is_none() {
            self.person.first_order_at = Some(at);
            self.person.acquisition_channel = purchases.channel.get(row);
        }
        self.person.last_order_at = Some(at);
        self.person.orders += 1;
    }

    /// Remembers the channel of a row, the earliest and the latest. Words are coded in the order of the alphabet, so
    /// that at equal times the order of the rows does not matter.
    fn touch(&mut self, at: i64, channel: u32) {
        if channel != NONE {
            match channel {
                0..64 => self.few |= 1 << channel,
                _ if !self.many.contains(&channel) => self.many.push(channel),
                _ => {}
            }
            self.first_touch = self.first_touch.min((at, channel));
            if self.last_channel.1 == NONE || (at, channel) > self.last_channel {
                self.last_channel = (at, channel);
            }
        }
    }

    fn finish(self) -> Person {
        let Making { mut person, first_touch, last_channel, few, many } = self;
        if person.acquisition_channel == NONE {
            person.acquisition_channel = first_touch.1;
        }
        person.last_channel = last_channel.1;
        person.channels_used = few.count_ones() + many.len() as u32;
        person
    }
}

#[cfg(test)]
mod tests;
