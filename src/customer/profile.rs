//! What is known of each customer up to a moment, from all exports: one entry a customer. No row after it is read.

use super::answers::Answers;
use super::channels::Channels;
use super::journey::Stages;
use super::purchases::Purchases;
use super::tickets::Tickets;
use crate::metric::case::Question;
use crate::table::words::NONE;
use crate::tally::Score;

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
    /// The stage of the latest row.
    pub stage: u32,
    /// The last answer to NPS.
    pub last_nps: Option<Score>,
    /// The last answer to CSAT.
    pub last_csat: Option<Score>,
}

/// All customers, as known at a moment.
#[derive(Debug)]
pub struct Profile {
    /// By customer code.
    pub people: Vec<Person>,
    channels: Channels,
}

/// The times of the rows that an entry rests on, while it is made.
#[derive(Clone, Copy)]
struct Seen {
    first_touch: (i64, u32),
    last_channel: (i64, u32),
    last_stage: (i64, u32),
    nps: (i64, i32),
    csat: (i64, i32),
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
        stage: NONE,
        last_nps: None,
        last_csat: None,
    };
}

impl Profile {
    /// The customers as known from the rows before a moment; `channels` is the number of channel words.
    pub fn before(
        moment: i64,
        customers: usize,
        channels: usize,
        rows: (Option<&Answers>, Option<&Tickets>, Option<&Purchases>),
        stages: &Stages,
    ) -> Profile {
        let nothing = Seen {
            first_touch: (i64::MAX, NONE),
            last_channel: (i64::MIN, NONE),
            last_stage: (i64::MIN, NONE),
            nps: (i64::MIN, 0),
            csat: (i64::MIN, 0),
        };
        let mut making = Making {
            profile: Profile {
                people: vec![Person::UNKNOWN; customers],
                channels: Channels::new(customers, channels),
            },
            seen: vec![nothing; customers],
            moment,
        };
        let (answers, tickets, purchases) = rows;
        if let Some(purchases) = purchases {
            making.add_purchases(purchases, stages);
        }
        if let Some(tickets) = tickets {
            making.add_tickets(tickets, stages);
        }
        if let Some(answers) = answers {
            making.add_answers(answers, stages);
        }
        making.finish()
    }

    /// The acquisition channel of those who had ordered by a moment, be it after the one that the profile ends at:
    /// which channel brought a customer does not change with what they do later.
    pub fn acquire(&mut self, purchases: &Purchases, by: i64) {
        for (customer, person) in self.people.iter_mut().enumerate() {
            let mut rows = purchases.rows.of_customer(customer as u32);
            let first = rows.find(|row| purchases.stood(*row, by));
            if let Some(row) = first.filter(|row| purchases.at[*row] <= by) {
                person.acquisition_channel = purchases.channel.get(row);
            }
        }
    }

    /// How many channels the customer used.
    pub fn channels_used(&self, customer: u32) -> u32 {
        self.channels.used(customer)
    }
}

struct Making {
    profile: Profile,
    seen: Vec<Seen>,
    moment: i64,
}

impl Making {
    fn add_purchases(&mut self, purchases: &Purchases, stages: &Stages) {
        for (row, customer) in purchases.customer.iter().enumerate() {
            let at = purchases.at[row];
            let Some(person) = self.profile.people.get_mut(customer as usize).filter(|_| at < self.moment)
            else {
                continue;
            };
            person.spend = person.spend.saturating_add(purchases.amount[row]);
            if purchases.stood(row, self.moment - 1) {
                if person.first_order_at.is_none() {
                    person.first_order_at = Some(at);
                    person.acquisition_channel = purchases.channel.get(row);
                }
                person.last_order_at = Some(at);
                person.orders += 1;
                self.touch(customer, at, purchases.channel.get(row), stages.purchases.get(row));
            }
        }
    }

    fn add_tickets(&mut self, tickets: &Tickets, stages: &Stages) {
        for (row, customer) in tickets.customer.iter().enumerate() {
            let at = tickets.created_at[row];
            let Some(person) = self.profile.people.get_mut(customer as usize).filter(|_| at < self.moment)
            else {
                continue;
            };
            person.tickets += 1;
            self.touch(customer, at, tickets.channel.get(row), stages.tickets.get(row));
        }
    }

    fn add_answers(&mut self, answers: &Answers, stages: &Stages) {
        for (row, customer) in answers.customer.iter().enumerate() {
            let (Some(at), Some(score)) = (answers.at(row), answers.score(row)) else { continue };
            if at >= self.moment || customer == NONE {
                continue;
            }
            let Some(seen) = self.seen.get_mut(customer as usize) else { continue };
            // Of two answers at the same moment the higher score is the last, whatever the order of the rows.
            match answers.question(row).map(|Question { name, .. }| *name) {
                Some("nps") => seen.nps = seen.nps.max((at, score.0)),
                Some("csat") => seen.csat = seen.csat.max((at, score.0)),
                _ => {}
            }
            // A rating is part of its ticket, which was a touch of its own.
            if row < answers.rated_from {
                self.touch(customer, at, answers.channel.get(row), stages.answers.get(row));
            }
        }
    }

    /// Remembers the channel and the stage of a row, the earliest and the latest. Words are coded in the order of
    /// the alphabet and stages in that of the journey, so that at equal times the order of the rows does not matter.
    fn touch(&mut self, customer: u32, at: i64, channel: u32, stage: u32) {
        let index = customer as usize;
        let (Some(person), Some(seen)) = (self.profile.people.get_mut(index), self.seen.get_mut(index))
        else {
            return;
        };
        if channel != NONE {
            self.profile.channels.add(customer, channel);
            seen.first_touch = seen.first_touch.min((at, channel));
            if seen.last_channel.1 == NONE || (at, channel) > seen.last_channel {
                seen.last_channel = (at, channel);
                person.last_channel = channel;
            }
        }
        if stage != NONE && (seen.last_stage.1 == NONE || (at, stage) > seen.last_stage) {
            seen.last_stage = (at, stage);
            person.stage = stage;
        }
    }

    fn finish(mut self) -> Profile {
        for (person, seen) in self.profile.people.iter_mut().zip(&self.seen) {
            let score = |(at, score): (i64, i32)| (at != i64::MIN).then_some(Score(score));
            (person.last_nps, person.last_csat) = (score(seen.nps), score(seen.csat));
            if person.acquisition_channel == NONE {
                person.acquisition_channel = seen.first_touch.1;
            }
        }
        self.profile
    }
}

#[cfg(test)]
mod tests;
