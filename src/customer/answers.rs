//! Answers and invitations: which question, what score, and the ticket or order each is about.

use std::borrow::Cow;
use std::ops::Range;

use super::links::{Links, Packed, Touchpoint, named};
use super::purchases::Purchases;
use super::rows::Rows;
use super::tickets::Tickets;
use crate::metric::{self, case::Question};
use crate::parallel;
use crate::source::field::Field;
use crate::table::codes::Codes;
use crate::table::stack::Stack;
use crate::table::words::NONE;
use crate::table::{Exports, Longs, Scores, Table};
use crate::tally::Score;

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
    pub(super) rows: Rows,
    /// Each customer's ratings of tickets.
    rated: Rows,
    as_of: i64,
    at: Longs,
    sent_at: Longs,
    score: Scores,
    weight: Longs,
    metric: Codes,
    /// For each code of the metric the question that it names, in a survey and for a rating.
    questions: Vec<(Asked, Asked)>,
    /// For each rating, in the order of the tickets, its place among the ratings; none once they are linked.
    rating_places: Vec<u32>,
    touchpoint: Vec<Packed>,
    /// Whether each row of a survey export names what it is about; nothing where none can.
    named: Vec<bool>,
    has_both: bool,
}

impl Answers {
    /// All answers of a stack, not yet linked to what they are about.
    pub fn of(mut stack: Stack, exports: &Exports, as_of: i64) -> Answers {
        let customers = exports.customers.len();
        let grouped = |parts| Rows::grouped(customers, &stack, parts, |part| Cow::Borrowed(&part.unused));
        let (rows, mut places) = grouped(stack.read_parts());
        let (rated, of_rated) = grouped(stack.other_parts());
        let rated_from = places.rows;
        let mut customer = Vec::with_capacity(rated_from + of_rated.rows);
        rows.add_customers(rated_from, &mut customer);
        rated.add_customers(of_rated.rows, &mut customer);
        stack.drop_column(Field::Customer);
        places.of.extend(of_rated.of.iter().map(|place| place.saturating_add(rated_from as u32)));
        places.rows += of_rated.rows;
        let mut table = stack.into_table(&places);
        let named = |word| (metric::question(word), metric::rating_question(word));
        let questions = exports.words.of("metric").map(|words| words.iter().map(named).collect());
        Answers {
            customer: Codes::Wide(customer),
            channel: table.codes("channel").clone(),
            rated_from,
            rows,
            rated: rated.behind(rated_from),
            as_of,
            at: table.take_longs(Field::At),
            sent_at: table.take_longs(Field::SentAt),
            score: table.take_scores(),
            weight: table.take_longs(Field::Weight),
            metric: table.codes("metric").clone(),
            questions: questions.unwrap_or_default(),
            rating_places: of_rated.of,
            touchpoint: Vec::new(),
            named: Vec::new(),
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
        let about = |rows| self.about(rows, links);
        let parts = parallel::map(threads, parallel::ranges(self.len(), threads), about);
        self.touchpoint = parts.into_iter().reduce(joined).unwrap_or_default();
        if self.channel.len() < self.len() || self.channel.has_blank() {
            let channel = |row: usize| match self.channel.get(row) {
                NONE => links.channel(self.touchpoint(row)),
                own => own,
            };
            let of_rows = |rows: Range<usize>| -> Codes { rows.map(channel).collect() };
            let ranges = parallel::ranges(self.len(), threads);
            self.channel = Codes::stacked(parallel::map(threads, ranges, of_rows));
        }
        self.named = self.named();
        let names_one = self.named.contains(&true) || self.rated_from < self.len();
        let lacks_one = self.rated_from > 0 && (self.named.is_empty() || self.named.contains(&false));
        self.has_both = names_one && lacks_one;
    }

    /// What these rows are about.
    fn about(&self, rows: Range<usize>, links: &Links<'_>) -> Vec<Packed> {
        let [ticket, order] = [Field::Ticket, Field::Order].map(|field| self.table.ids(field));
        let mut about = Vec::with_capacity(rows.len());
        let asked = rows.start..rows.end.min(self.rated_from).max(rows.start);
        let rated = asked.end..rows.end;
        let mut row = rows.start;
        for run in self.customer.wide(self.len())[asked].chunk_by(|a, b| a == b) {
            let own = links.of_customer(run[0]);
            for row in row..row + run.len() {
                about.push(match (named(ticket, row), named(order, row)) {
                    (None, None) => self.seen_at(row).map_or(Packed::NONE, |at| own.latest(at)),
                    (ticket, order) => links.by_id.find(ticket, order),
                });
            }
            row += run.len();
        }
        let ticket = |row: usize| links.rated.get(row - self.rated_from).copied().unwrap_or(NONE);
        about.extend(rated.map(|row| Packed(ticket(row))));
        about
    }

    /// Whether each row of a survey export names a ticket, an order or a touchpoint; nothing where none can.
    fn named(&self) -> Vec<bool> {
        let [ticket, order] = [Field::Ticket, Field::Order].map(|field| self.table.ids(field));
        let touchpoint = self.table.codes("touchpoint");
        if ticket.is_empty() && order.is_empty() && touchpoint.is_empty() {
            return Vec::new();
        }
        let is_named =
            |row: usize| named(ticket, row).or(named(order, row)).is_some() || touchpoint.get(row) != NONE;
        (0..self.rated_from).map(is_named).collect()
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

    /// What it counts, in millionths; none where its export has no weights.
    pub fn weight(&self, row: usize) -> Option<u64> {
        self.weight.get(row).and_then(|weight| u64::try_from(weight).ok())
    }

    /// What it is about.
    pub fn touchpoint(&self, row: usize) -> Touchpoint {
        self.touchpoint.get(row).map_or(Touchpoint::None, |packed| packed.touchpoint())
    }

    /// Whether its own row names what it is about: a rating does.
    pub fn is_transactional(&self, row: usize) -> bool {
        row >= self.rated_from || self.named.get(row).copied().unwrap_or(false)
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

/// The question that a word names, if it names one.
type Asked = Option<&'static Question>;

fn joined(mut one: Vec<Packed>, other: Vec<Packed>) -> Vec<Packed> {
    one.extend(other);
    one
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

#[cfg(test)]
mod tests;
