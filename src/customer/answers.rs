//! Answers and invitations: which question, what score, and the ticket or order each is about.

use std::ops::Range;

use hashbrown::HashMap;

use super::purchases::Purchases;
use super::rows::Rows;
use super::tickets::Tickets;
use crate::metric::{self, case::Question};
use crate::parallel;
use crate::source::field::Field;
use crate::table::batch::Part;
use crate::table::codes::Codes;
use crate::table::stack::Stack;
use crate::table::words::NONE;
use crate::table::{Exports, Longs, Scores, Table};
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
    /// The other columns.
    pub table: Table,
    /// The customer of each.
    pub customer: Codes,
    /// Its own channel, else that of what it is about.
    pub channel: Codes,
    /// From this row on they are ratings of tickets: no rows of a survey export.
    pub rated_from: usize,
    /// Each customer's answers and invitations of the survey exports, in the order in which they were read.
    rows: Rows,
    /// Each customer's ratings of tickets.
    rated: Rows,
    as_of: i64,
    at: Longs,
    sent_at: Longs,
    score: Scores,
    metric: Codes,
    /// For each code of the metric the question that it names, in a survey and for a rating.
    questions: Vec<(Asked, Asked)>,
    /// For each rating, in the order of the tickets, its place among the ratings; none once they are linked.
    rating_places: Vec<u32>,
    touchpoint: Vec<Packed>,
    transactional: Vec<bool>,
    has_both: bool,
}

impl Answers {
    /// All answers of a stack, not yet linked to what they are about.
    pub fn of(stack: Stack, exports: &Exports, as_of: i64) -> Answers {
        let (customers, all) = (exports.customers.len(), |_: &Part, _: usize| false);
        let (rows, mut places) = Rows::grouped(customers, &stack, stack.read_parts(), all);
        let rated_from = places.rows;
        let (rated, of_rated) = Rows::grouped(customers, &stack, stack.other_parts(), all);
        places.of.extend(of_rated.of.iter().map(|place| place + rated_from as u32));
        places.rows += of_rated.rows;
        let mut table = stack.into_table(&places);
        let named = |word| (metric::question(word), metric::rating_question(word));
        let questions = exports.words.of("metric").map(|words| words.iter().map(named).collect());
        Answers {
            customer: table.take_codes(Field::Customer),
            channel: table.codes("channel").clone(),
            rated_from,
            rows,
            rated: rated.behind(rated_from),
            as_of,
            at: table.take_longs(Field::At),
            sent_at: table.take_longs(Field::SentAt),
            score: table.take_scores(),
            metric: table.codes("metric").clone(),
            questions: questions.unwrap_or_default(),
            rating_places: of_rated.of,
            touchpoint: Vec::new(),
            transactional: Vec::new(),
            has_both: false,
            table,
        }
    }

    /// Finds what each answer is about: by its own ids, else the customer's latest ticket or order in the attribution
    /// window before it.
    #[must_use]
    pub fn linked(
        mut self,
        tickets: Option<&Tickets>,
        purchases: Option<&Purchases>,
        attribution: i64,
        threads: usize,
    ) -> Answers {
        let rated = in_place(&std::mem::take(&mut self.rating_places), tickets);
        let links = Links::of(&self.table, tickets, purchases, attribution, rated);
        self.link(&links, threads);
        self
    }

    fn link(&mut self, links: &Links<'_>, threads: usize) {
        let [ticket, order] = [Field::Ticket, Field::Order].map(|field| self.table.ids(field));
        let named_touchpoint = self.table.codes("touchpoint");
        let id = |ids: &[u64], row: usize| ids.get(row).copied().filter(|id| *id != 0);
        let named =
            |row: usize| id(ticket, row).or(id(order, row)).is_some() || named_touchpoint.get(row) != NONE;
        let of_rows = |rows: Range<usize>| -> (Vec<Packed>, Codes, Vec<bool>) {
            let link = |row: usize| match row.checked_sub(self.rated_from) {
                Some(rating) => links.rated(rating),
                None => {
                    links.find(self.customer.get(row), self.seen_at(row), id(ticket, row), id(order, row))
                }
            };
            let about: Vec<Touchpoint> = rows.clone().map(link).collect();
            let channel = |(row, about): (usize, &Touchpoint)| match self.channel.get(row) {
                NONE => links.channel(*about),
                own => own,
            };
            (
                about.iter().map(|about| Packed::of(*about)).collect(),
                rows.clone().zip(&about).map(channel).collect(),
                rows.map(|row| row >= self.rated_from || named(row)).collect(),
            )
        };
        let parts = parallel::map(threads, parallel::ranges(self.len(), threads), of_rows);
        let mut channels = Codes::blank(0, false);
        for (touchpoint, channel, transactional) in parts {
            self.touchpoint.extend(touchpoint);
            channels.append(&channel);
            self.transactional.extend(transactional);
        }
        self.channel = channels;
        self.has_both = self.transactional.contains(&true) && self.transactional.contains(&false);
    }

    /// Whether some answers and invitations are transactional, and others relational.
    pub fn has_both_relations(&self) -> bool {
        self.has_both
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.table.rows()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When it was given; none for an invitation without an answer.
    pub fn at(&self, row: usize) -> Option<i64> {
        self.at.get(row)
    }

    /// When it was asked for.
    pub fn sent_at(&self, row: usize) -> Option<i64> {
        self.sent_at.get(row)
    }

    /// The moment at which what it is about is looked for: when it was given, or else asked for. An invitation is
    /// linked whether it is answered or not; else a group would hold the answered ones alone.
    pub fn seen_at(&self, row: usize) -> Option<i64> {
        self.at(row).filter(|at| *at <= self.as_of).or_else(|| self.sent_at(row))
    }

    /// The question; none for one that no metric knows.
    pub fn question(&self, row: usize) -> Option<&'static Question> {
        let (asked, rated) = self.questions.get(self.metric.get(row) as usize)?;
        if row >= self.rated_from { *rated } else { *asked }
    }

    /// The score; none where the question was left blank, and of no meaning where no metric knows the question.
    pub fn score(&self, row: usize) -> Option<Score> {
        self.score.get(row).map(Score)
    }

    /// What it is about.
    pub fn touchpoint(&self, row: usize) -> Touchpoint {
        self.touchpoint.get(row).map_or(Touchpoint::None, |packed| packed.touchpoint())
    }

    /// Whether its own row names what it is about.
    pub fn is_transactional(&self, row: usize) -> bool {
        self.transactional.get(row).copied().unwrap_or(false)
    }

    /// The rows of a customer: those of survey exports, then ratings of tickets.
    pub fn of_customer(&self, customer: u32) -> impl Iterator<Item = usize> + use<> {
        self.rows.of_customer(customer).chain(self.rated.of_customer(customer))
    }

    /// A customer's answers in survey exports, each with when it was given. A rating is part of its ticket, which was a
    /// touch of its own.
    pub fn touches(&self, customer: u32) -> impl Iterator<Item = (usize, i64)> + '_ {
        let answered = self.rows.of_customer(customer).filter(|row| self.score.get(*row).is_some());
        answered.filter_map(|row| Some((row, self.at(row)?)))
    }

    /// A customer's last answer to a question before a moment. Of two at the same moment it is the higher score,
    /// whatever the order of the rows.
    pub fn last_score(&self, customer: u32, question: &str, moment: i64) -> Option<Score> {
        let asked = |row: &usize| self.question(*row).is_some_and(|asked| asked.name == question);
        let scores =
            self.of_customer(customer).filter(asked).filter_map(|row| self.at(row).zip(self.score(row)));
        scores.filter(|(at, _)| *at < moment).max().map(|(_, score)| score)
    }

    /// Whether the row is an answer given up to a moment.
    pub fn is_answer(&self, row: usize, as_of: i64) -> bool {
        self.score.get(row).is_some() && self.at(row).is_some_and(|at| at <= as_of)
    }
}

/// A touchpoint in four bytes: the row, and a bit that tells purchases from tickets.
#[derive(Debug, Clone, Copy)]
struct Packed(u32);

impl Packed {
    const PURCHASE: u32 = 1 << 31;

    fn of(touchpoint: Touchpoint) -> Packed {
        Packed(match touchpoint {
            Touchpoint::None => NONE,
            Touchpoint::Ticket(row) => row as u32,
            Touchpoint::Purchase(row) => row as u32 | Self::PURCHASE,
        })
    }

    fn touchpoint(self) -> Touchpoint {
        match self.0 {
            NONE => Touchpoint::None,
            purchase if purchase & Self::PURCHASE != 0 => {
                Touchpoint::Purchase((purchase & !Self::PURCHASE) as usize)
            }
            ticket => Touchpoint::Ticket(ticket as usize),
        }
    }
}

/// The question that a word names, if it names one.
type Asked = Option<&'static Question>;

struct Links<'a> {
    tickets: Option<&'a Tickets>,
    purchases: Option<&'a Purchases>,
    attribution: i64,
    /// For each rating, in the order of the answers, the row of its ticket.
    rated: Vec<u32>,
    by_id: ById,
}

/// The tickets of ratings in the order of the answers; `places` says where each rating goes among them.
fn in_place(places: &[u32], tickets: Option<&Tickets>) -> Vec<u32> {
    let mut rated = vec![NONE; places.len()];
    let of_tickets = tickets.map_or(&[][..], |tickets| &tickets.rated);
    for (ticket, place) in of_tickets.iter().zip(places) {
        rated[*place as usize] = *ticket;
    }
    rated
}

impl<'a> Links<'a> {
    fn of(
        answers: &Table,
        tickets: Option<&'a Tickets>,
        purchases: Option<&'a Purchases>,
        attribution: i64,
        rated: Vec<u32>,
    ) -> Links<'a> {
        Links { tickets, purchases, attribution, rated, by_id: ById::of(answers, tickets, purchases) }
    }

    /// The ticket of a rating.
    fn rated(&self, rating: usize) -> Touchpoint {
        let ticket = self.rated.get(rating).copied().filter(|ticket| *ticket != NONE);
        ticket.map_or(Touchpoint::None, |row| Touchpoint::Ticket(row as usize))
    }

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
                range.start + tickets.created_at[range.clone()].partition_point(|created| *created <= at);
            let row = row.checked_sub(1).filter(|row| range.contains(row))?;
            Some((tickets.created_at[row], row))
        });
        let purchase = self.purchases.and_then(|purchases| {
            let range = purchases.rows.of_customer(customer);
            let by_then = range.start + purchases.at[range.clone()].partition_point(|bought| *bought <= at);
            let latest = (range.start..by_then).rev().find(|row| purchases.is_order(*row))?;
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
            Touchpoint::Ticket(row) => self.tickets.map(|tickets| tickets.channel.get(row)),
            Touchpoint::Purchase(row) => self.purchases.map(|purchases| purchases.channel.get(row)),
        };
        channel.unwrap_or(NONE)
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
}

#[cfg(test)]
mod tests;
