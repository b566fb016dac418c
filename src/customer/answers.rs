//! Answers and invitations: which question, what score, and the ticket or order each is about.

use std::ops::Range;

use hashbrown::HashMap;

use super::purchases::Purchases;
use super::tickets::Tickets;
use crate::metric::{self, case::Question};
use crate::parallel;
use crate::source::field::{Field, Kind};
use crate::table::words::{self, NONE};
use crate::table::{Exports, Table};
use crate::tally::Score;

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

/// The answers and invitations of all customers, those after the as-of moment too: their invitations still count.
#[derive(Debug)]
pub struct Answers {
    /// The table.
    pub table: Table,
    /// The customer of each.
    pub customer: Vec<u32>,
    /// When it was given; none for an invitation without an answer.
    pub at: Vec<Option<i64>>,
    /// When it was asked for.
    pub sent_at: Vec<Option<i64>>,
    /// The moment at which what it is about is looked for: when it was given, or else asked for. An invitation is
    /// linked whether it is answered or not; else a group would hold the answered ones alone.
    pub seen_at: Vec<Option<i64>>,
    /// The question; none for one that no metric knows.
    pub question: Vec<Option<&'static Question>>,
    /// The score; none where the question was left blank, and of no meaning where no metric knows the question.
    pub score: Vec<Option<Score>>,
    /// Its own channel, else that of what it is about.
    pub channel: Vec<u32>,
    /// What it is about.
    pub touchpoint: Vec<Touchpoint>,
    /// Whether its own row names what it is about.
    pub transactional: Vec<bool>,
    /// From this row on they are ratings of tickets: no rows of a survey export.
    pub rated_from: usize,
}

impl Answers {
    /// All answers, each linked to what it is about: by its own ids, else to the customer's latest ticket or order in
    /// the attribution window before it.
    pub fn of(
        exports: &Exports,
        tickets: Option<&Tickets>,
        purchases: Option<&Purchases>,
        attribution: i64,
        as_of: i64,
        threads: usize,
    ) -> Option<Answers> {
        let table = exports.table(Kind::Surveys)?.clone();
        let named = |word| (metric::question(word), metric::rating_question(word));
        let metrics = exports.words.of("metric");
        let questions: Vec<(Asked, Asked)> =
            metrics.map(|words| words.iter().map(named).collect()).unwrap_or_default();
        let customer = table.codes("customer");
        let at = table.longs(Field::At);
        let sent_at = table.longs(Field::SentAt);
        let given = at.iter().map(|at| at.filter(|at| *at <= as_of));
        let seen_at: Vec<Option<i64>> = given.zip(&sent_at).map(|(at, sent_at)| at.or(*sent_at)).collect();
        let rated_from = table.rows() - exports.rated.len();
        let rated = |row: usize| {
            let ticket = tickets?.rated.get(row.checked_sub(rated_from)?).copied()?;
            Some(if ticket == NONE { Touchpoint::None } else { Touchpoint::Ticket(ticket as usize) })
        };
        let links = Links { tickets, purchases, attribution, by_id: ById::of(&table, tickets, purchases) };
        let [ticket, order] = [Field::Ticket, Field::Order].map(|field| table.ids(field));
        let named_touchpoint = table.codes("touchpoint");
        let own_channel = table.codes("channel");
        let of_rows = |rows: Range<usize>| -> Vec<(Touchpoint, u32)> {
            let find = |row: usize| links.find(customer[row], seen_at[row], ticket[row], order[row]);
            let about = rows.map(|row| (row, rated(row).unwrap_or_else(|| find(row))));
            about
                .map(|(row, about)| {
                    (
                        about,
                        Some(own_channel[row])
                            .filter(|own| *own != NONE)
                            .unwrap_or_else(|| links.channel(about)),
                    )
                })
                .collect()
        };
        let parts = parallel::map(threads, parallel::ranges(at.len(), threads), of_rows);
        let (touchpoint, channel) = parts.into_iter().flatten().unzip();
        let names_one =
            |row: usize| ticket[row].is_some() || order[row].is_some() || named_touchpoint[row] != NONE;
        let transactional = (0..at.len()).map(|row| row >= rated_from || names_one(row));
        let question = |(row, code): (usize, &u32)| match questions.get(*code as usize) {
            Some((_, rating)) if row >= rated_from => *rating,
            Some((asked, _)) => *asked,
            None => None,
        };
        Some(Answers {
            transactional: transactional.collect(),
            question: table.codes("metric").iter().enumerate().map(question).collect(),
            score: table.scores().into_iter().map(|score| score.map(Score)).collect(),
            sent_at,
            seen_at,
            table,
            customer,
            at,
            channel,
            touchpoint,
            rated_from,
        })
    }

    /// Whether the row is an answer given up to a moment.
    pub fn is_answer(&self, row: usize, as_of: i64) -> bool {
        self.score[row].is_some() && self.at[row].is_some_and(|at| at <= as_of)
    }
}

/// The question that a word names, if it names one.
type Asked = Option<&'static Question>;

struct Links<'a> {
    tickets: Option<&'a Tickets>,
    purchases: Option<&'a Purchases>,
    attribution: i64,
    by_id: ById,
}

impl Links<'_> {
    fn find(&self, customer: u32, at: Option<i64>, ticket: Option<u64>, order: Option<u64>) -> Touchpoint {
        if let Some(row) = ticket.and_then(|id| self.by_id.tickets.get(&id)) {
            return Touchpoint::Ticket(*row as usize);
        }
        if let Some(row) = order.and_then(|id| self.by_id.orders.get(&id)) {
            return Touchpoint::Purchase(*row as usize);
        }
        let Some(at) = at.filter(|_| ticket.is_none() && order.is_none()) else { return Touchpoint::None };
        let since = at.saturating_sub(self.attribution);
        let ticket = self.tickets.and_then(|tickets| {
            let range = tickets.rows.of_customer(customer);
            let row =
                range.start + tickets.ticket[range.clone()].partition_point(|ticket| ticket.created_at <= at);
            let row = row.checked_sub(1).filter(|row| range.contains(row))?;
            Some((tickets.ticket[row].created_at, row))
        });
        let purchase = self.purchases.and_then(|purchases| {
            let range = purchases.rows.of_customer(customer);
            let by_then = range.start + purchases.at[range.clone()].partition_point(|bought| *bought <= at);
            let latest = (range.start..by_then).rev().find(|row| purchases.is_order[*row])?;
            Some((purchases.at[latest], latest))
        });
        match (ticket.filter(|(time, _)| *time >= since), purchase.filter(|(time, _)| *time >= since)) {
            (Some((created, row)), Some((bought, _))) if created >= bought => Touchpoint::Ticket(row),
            (_, Some((_, row))) => Touchpoint::Purchase(row),
            (Some((_, row)), None) => Touchpoint::Ticket(row),
            (None, None) => Touchpoint::None,
        }
    }

    fn channel(&self, about: Touchpoint) -> u32 {
        let channel = match about {
            Touchpoint::None => None,
            Touchpoint::Ticket(row) => self.tickets.and_then(|tickets| tickets.channel.get(row)),
            Touchpoint::Purchase(row) => self.purchases.and_then(|purchases| purchases.channel.get(row)),
        };
        channel.copied().unwrap_or(NONE)
    }
}

type RowById = HashMap<u64, u32, foldhash::fast::FixedState>;

/// The rows of tickets and orders by the hash of their id; empty where no answer names one.
#[derive(Default)]
struct ById {
    tickets: RowById,
    orders: RowById,
}

impl ById {
    fn of(answers: &Table, tickets: Option<&Tickets>, purchases: Option<&Purchases>) -> Self {
        let mut by_id = ById::default();
        if let Some(tickets) = tickets.filter(|_| answers.has("ticket")) {
            let ids = tickets.table.texts(Field::Ticket);
            by_id.tickets =
                ids.enumerate().map(|(row, id)| (words::hash(id.as_bytes()).max(1), row as u32)).collect();
        }
        if let Some(purchases) = purchases.filter(|_| answers.has("order")) {
            let orders = purchases.table.ids(Field::Order).into_iter().enumerate();
            let standing = orders.filter(|(row, _)| purchases.is_order[*row]);
            by_id.orders = standing.filter_map(|(row, id)| Some((id?, row as u32))).collect();
        }
        by_id
    }
}

#[cfg(test)]
mod tests;
