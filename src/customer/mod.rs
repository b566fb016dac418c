//! One customer: the exports joined by the customer key, each answer linked, each row given its stage. Knows no metric's
//! arithmetic.

mod answers;
mod as_of;
mod attributes;
#[cfg(test)]
pub mod fixture;
mod join;
pub mod journey;
mod links;
mod order;
mod outsized;
mod profile;
mod purchases;
mod rows;
mod subscriptions;
mod tickets;

pub use answers::Answers;
pub use as_of::Latest;
pub use attributes::Attributes;
use std::collections::BTreeMap;
use std::ops::Range;

use join::Present;
pub use join::Unmatched;
pub use links::Touchpoint;
pub use outsized::Outsized;
pub use profile::Person;
pub use purchases::Purchases;
pub use subscriptions::Subscriptions;
pub use tickets::{Chaining, IssueRow, Tickets};

use crate::parallel;
use crate::report::Join;
use crate::source::field::{Field, Kind};
use crate::table::exchange::Exchange;
use crate::table::rates;
use crate::table::ratings::UnusedRatings;
use crate::table::settle::{Scales, Seen};
use crate::table::stack::Stack;
use crate::table::words::Words;
use crate::table::{Dictionaries, Exports};
use crate::tally::Share;
use journey::{Rules, Stages};

/// All exports of a run as one picture of the customers, as they stood at the as-of moment.
#[derive(Debug)]
pub struct Joined {
    /// The moment.
    pub as_of: i64,
    /// The latest time in the exports.
    pub latest: Latest,
    /// The scale of each question.
    pub scales: Scales,
    /// What the answers to each survey question show of its scale.
    pub seen: Vec<Seen>,
    /// Answers and invitations.
    pub answers: Option<Answers>,
    /// Tickets.
    pub tickets: Option<Tickets>,
    /// Purchases.
    pub purchases: Option<Purchases>,
    /// Terms of subscriptions.
    pub subscriptions: Option<Subscriptions>,
    /// What the list of customers says of each.
    pub attributes: Option<Attributes>,
    /// The stage of each row.
    pub stages: Stages,
    /// The customers.
    pub customers: Words,
    /// The words of the columns.
    pub words: Dictionaries,
    /// The currencies of the purchases, in order, each with how many are in it.
    currencies: BTreeMap<String, u64>,
    /// What became of amounts in several currencies, where the user said which one counts.
    pub exchange: Option<Exchange>,
    /// How well the exports join.
    pub join: Join,
    /// How many respondents the other exports know; none without answers or without another export.
    pub unmatched: Option<Unmatched>,
    /// Customers with an outsized share of the rows of a kind.
    pub outsized: Vec<Outsized>,
    /// The ratings of tickets that cannot be used.
    pub unused_ratings: Vec<UnusedRatings>,
}

impl Joined {
    /// Joins the exports. Rows after `as_of` are left out of tickets and purchases, and marked among the answers.
    pub fn of(
        mut exports: Exports,
        latest: Latest,
        as_of: i64,
        attribution: i64,
        rules: &Rules,
        threads: usize,
    ) -> Joined {
        let read = exports.stacks.iter().filter(|stack| !stack.read_parts().is_empty());
        let read: Vec<Kind> = read.map(|stack| stack.kind).collect();
        let by_order = exports.stack(Kind::Surveys).is_some_and(|stack| stack.field(Field::Order).is_some());
        let stacks = std::mem::take(&mut exports.stacks);
        let known = &exports;
        let tables = parallel::map(threads, largest_first(stacks), |stack| match stack.kind {
            Kind::Surveys => Joinable::Answers(Answers::of(stack, known, as_of)),
            Kind::Tickets => Joinable::Tickets(Tickets::of(stack, known, as_of)),
            Kind::Purchases => Joinable::Purchases(Purchases::of(stack, known, as_of, by_order)),
            Kind::Subscriptions => Joinable::Subscriptions(Subscriptions::of(stack, known, as_of)),
            Kind::Customers => Joinable::Attributes(Attributes::of(&stack, known.customers.len())),
        });
        let (mut answers, mut tickets, mut purchases) = (None, None, None);
        let (mut subscriptions, mut attributes) = (None, None);
        for table in tables {
            match table {
                Joinable::Answers(table) => answers = Some(table),
                Joinable::Tickets(table) => tickets = Some(table),
                Joinable::Purchases(table) => purchases = Some(table),
                Joinable::Subscriptions(table) => subscriptions = Some(table),
                Joinable::Attributes(table) => attributes = Some(table),
            }
        }
        let present = Present::of(&read, |kind| match kind {
            Kind::Surveys => answers.as_ref().map(|answers| answers.rows.present()),
            Kind::Tickets => tickets.as_ref().map(|tickets| tickets.rows.present()),
            Kind::Purchases => purchases.as_ref().map(|purchases| purchases.rows.present()),
            Kind::Subscriptions => subscriptions.as_ref().map(|terms| terms.rows.present()),
            Kind::Customers => attributes.as_ref().map(|attributes| attributes.present.clone()),
        });
        let join = join::matches(&present, exports.customers.len());
        let unmatched = join::unmatched(&present, &exports.customers);
        drop(present);
        let outsized =
            outsized::outsized(&exports.customers, answers.as_ref(), tickets.as_ref(), purchases.as_ref());
        let others = (tickets.as_ref(), purchases.as_ref());
        let answers = answers.map(|answers| answers.linked(others.0, others.1, attribution, threads));
        let stages = Stages::of(rules, &exports.words, answers.as_ref(), others, as_of, threads);
        let Exports { words, customers, scales, seen, unused_ratings, exchange, .. } = exports;
        Joined {
            currencies: purchases.as_ref().map(|rows| currencies(rows, &words)).unwrap_or_default(),
            exchange,
            as_of,
            latest,
            scales,
            seen,
            answers,
            tickets,
            purchases,
            subscriptions,
            attributes,
            stages,
            customers,
            words,
            join,
            unmatched,
            outsized,
            unused_ratings,
        }
    }

    /// The silences of at least a window that have been seen for two: a success is one that ended in a return, so
    /// that whoever it was had been counted as churned and was not gone.
    pub fn false_churn(&self, window: i64, threads: usize) -> Share {
        let customers = parallel::ranges(self.customers.len(), 4 * threads);
        let of_some = parallel::map(threads, customers, |customers| self.false_churn_of(customers, window));
        let mut silences = Share::default();
        of_some.iter().for_each(|some| silences.merge(some));
        silences
    }

    fn false_churn_of(&self, customers: Range<usize>, window: i64) -> Share {
        let mut silences = Share::default();
        let Some(purchases) = self.purchases.as_ref() else { return silences };
        for customer in customers.start as u32..customers.end as u32 {
            let mut orders = purchases.orders(customer).map(|row| purchases.at[row]).peekable();
            while let Some(at) = orders.next() {
                let silent_until = at.saturating_add(window);
                let seen_until = silent_until.saturating_add(window);
                let next = orders.peek().copied().unwrap_or(i64::MAX);
                // Sums, not branches: what an order is followed by is as good as random.
                let is_silence = (next >= silent_until) & (seen_until <= self.as_of);
                silences.successes += u64::from(is_silence & (next <= seen_until));
                silences.failures += u64::from(is_silence & (next > seen_until));
            }
        }
        silences
    }

    /// The currencies that amounts are added up in: one where the user said which.
    pub fn currencies(&self) -> Vec<&str> {
        match &self.exchange {
            Some(exchange) => vec![&exchange.target],
            None => self.currencies.keys().map(String::as_str).collect(),
        }
    }

    /// What to type where purchases are in several currencies: the one that most are in, the first of several.
    pub fn one_currency(&self) -> String {
        let most = self.currencies.iter().max_by_key(|(code, n)| (**n, std::cmp::Reverse(*code)));
        let main = most.map_or("CODE", |(code, _)| code);
        format!(
            "pass --currency {main} to count the amounts in {main} alone, and --rates FILE too to convert the others"
        )
    }
}

/// A table of a kind, while the others are made beside it.
enum Joinable {
    Answers(Answers),
    Tickets(Tickets),
    Purchases(Purchases),
    Subscriptions(Subscriptions),
    Attributes(Attributes),
}

/// What takes longest comes first, so that no thread is left with it at the end.
fn largest_first(mut stacks: Vec<Stack>) -> Vec<Stack> {
    stacks.sort_by_key(|stack| std::cmp::Reverse(stack.rows()));
    stacks
}

/// The currencies that purchases are in, however they are spelt, each with how many are in it.
fn currencies(purchases: &Purchases, words: &Dictionaries) -> BTreeMap<String, u64> {
    let Some(words) = words.of(Field::Currency.as_str()) else { return BTreeMap::new() };
    let mut counts = vec![0; words.len()];
    for code in purchases.table.codes(Field::Currency.as_str()).iter() {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    let mut currencies: BTreeMap<String, u64> = BTreeMap::new();
    let met = words.iter().zip(counts).filter(|(_, count)| *count > 0);
    met.for_each(|(word, count)| *currencies.entry(rates::code(word)).or_default() += count);
    currencies
}
