//! What each answer is about, which orders stand, and the journey stage and channel of every row.

use std::collections::BTreeMap;

use super::read::{Answer, Exports, Purchase, Ticket};
use super::{Ask, DAY};

/// How many rows of a kind found their stage in which way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundBy {
    pub given: u64,
    pub rule: u64,
    pub join: u64,
    pub unknown: u64,
}

/// A row and where it was.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    pub row: T,
    pub channel: Option<String>,
    pub stage: Option<String>,
}

/// The rows up to a moment, with their channels and stages.
#[derive(Debug)]
pub struct Linked {
    pub answers: Vec<Placed<Answer>>,
    pub tickets: Vec<Placed<Ticket>>,
    pub orders: Vec<Placed<Purchase>>,
    /// Orders and refunds as they were exported, those that no longer stand too.
    pub purchases: Vec<Purchase>,
    /// Questions in the export, by metric.
    pub asked: BTreeMap<&'static str, u64>,
    /// Tickets in the export.
    pub written: u64,
    pub has: BTreeMap<&'static str, bool>,
    pub found_by: BTreeMap<&'static str, FoundBy>,
}

/// The orders that stand at a moment: some money, not taken back.
pub fn standing<'a>(purchases: &'a [Purchase], at: i64) -> Vec<&'a Purchase> {
    let past = |p: &&Purchase| p.at <= at;
    let stands = |order: &&'a Purchase| {
        let back = |refund: &&Purchase| refund.cents < 0 && order.id.is_some() && refund.id == order.id;
        let back: i64 = purchases.iter().filter(past).filter(back).map(|refund| -refund.cents).sum();
        order.cents >= 0 && !order.refunded && !(back > 0 && back >= order.cents)
    };
    let mut orders: Vec<&Purchase> = purchases.iter().filter(past).filter(stands).collect();
    orders.sort_by_key(|order| (order.at, order.id.clone()));
    orders
}

impl Linked {
    pub fn new(exports: &Exports, as_of: i64, ask: &Ask) -> Linked {
        let has = ["surveys", "tickets", "purchases"].map(|kind| (kind, exports.has(kind)));
        let mut linked = Linked {
            answers: Vec::new(),
            tickets: Vec::new(),
            orders: Vec::new(),
            purchases: exports.purchases.clone(),
            asked: BTreeMap::new(),
            written: exports.tickets.len() as u64,
            has: has.into(),
            found_by: BTreeMap::new(),
        };
        let mut seen: Vec<&str> = Vec::new();
        for order in standing(&exports.purchases, as_of) {
            let first = !seen.contains(&order.customer.as_str());
            seen.push(&order.customer);
            let told = || Some(if first { "purchase" } else { "renewal" }.to_owned());
            let stage = linked.stage("purchases", true, order.stage.clone(), None, told);
            linked.orders.push(Placed { row: order.clone(), channel: order.channel.clone(), stage });
        }
        for ticket in exports.tickets.iter().filter(|ticket| ticket.at <= as_of) {
            let rule =
                ask.rule.filter(|rule| ticket.topic.as_deref() == Some(rule.0)).map(|rule| rule.1.to_owned());
            let first = linked.first_order(ticket.customer.as_deref(), ticket.at);
            let new = first.is_some_and(|first| ticket.at - first <= 30 * DAY);
            let told = || Some(if new { "onboarding" } else { "support" }.to_owned());
            let stage = linked.stage("tickets", true, ticket.stage.clone(), rule, told);
            linked.tickets.push(Placed { row: ticket.clone(), channel: ticket.channel.clone(), stage });
        }
        for answer in &exports.answers {
            *linked.asked.entry(answer.metric).or_default() += 1;
            let Some(at) = answer.at.or(answer.sent).filter(|at| *at <= as_of) else {
                // Sent in time, answered later: still an invitation.
                if answer.sent.is_some_and(|sent| sent <= as_of) {
                    let open = Answer { at: None, score: None, ..answer.clone() };
                    linked.place(open, answer.sent.unwrap());
                }
                continue;
            };
            linked.place(answer.clone(), at);
        }
        linked
    }

    fn place(&mut self, answer: Answer, at: i64) {
        let about = self.about(&answer, at);
        let told = match &about {
            About::Ticket(ticket) => ticket.stage.clone(),
            About::Order(order) => {
                let customer = Some(order.row.customer.as_str());
                let new = self.first_order(customer, at).is_some_and(|first| at - first <= 30 * DAY);
                if at - order.row.at <= 3 * DAY {
                    order.stage.clone()
                } else {
                    Some(if new { "onboarding" } else { "use" }.to_owned())
                }
            }
            About::Nothing if !self.has["purchases"] || answer.customer.is_none() => None,
            About::Nothing => {
                let bought = self.first_order(answer.customer.as_deref(), at).is_some();
                Some(if bought { "use" } else { "consideration" }.to_owned())
            }
        };
        let channel = answer.channel.clone().or_else(|| match &about {
            About::Ticket(ticket) => ticket.channel.clone(),
            About::Order(order) => order.channel.clone(),
            About::Nothing => None,
        });
        let counts = answer.score.is_some();
        let stage = self.stage("surveys", counts, answer.stage.clone(), None, || told);
        self.answers.push(Placed { row: answer, channel, stage });
    }

    fn stage(
        &mut self,
        kind: &'static str,
        counts: bool,
        given: Option<String>,
        rule: Option<String>,
        told: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        let mut scrap = FoundBy::default();
        let found_by = if counts { self.found_by.entry(kind).or_default() } else { &mut scrap };
        let (count, stage) = match (given, rule, told()) {
            (Some(stage), _, _) => (&mut found_by.given, Some(stage)),
            (None, Some(stage), _) => (&mut found_by.rule, Some(stage)),
            (None, None, Some(stage)) => (&mut found_by.join, Some(stage)),
            (None, None, None) => (&mut found_by.unknown, None),
        };
        *count += 1;
        stage
    }

    /// When the customer first bought, if that was by then.
    fn first_order(&self, customer: Option<&str>, by: i64) -> Option<i64> {
        let of = |order: &&Placed<Purchase>| Some(order.row.customer.as_str()) == customer;
        self.orders.iter().filter(of).map(|order| order.row.at).min().filter(|at| *at <= by)
    }

    /// What an answer is about: what it names, else the latest touch in the two weeks before.
    fn about(&self, answer: &Answer, at: i64) -> About {
        let ticket =
            answer.ticket.as_ref().map(|id| self.tickets.iter().find(|t| t.row.id.as_ref() == Some(id)));
        let order =
            answer.order.as_ref().map(|id| self.orders.iter().find(|o| o.row.id.as_ref() == Some(id)));
        match (ticket, order) {
            (Some(Some(ticket)), _) => return About::Ticket(ticket.clone()),
            (_, Some(Some(order))) => return About::Order(order.clone()),
            (None, None) => {}
            _ => return About::Nothing,
        }
        let Some(customer) = &answer.customer else { return About::Nothing };
        let near = |touch: i64| touch <= at && at - touch <= 14 * DAY;
        let tickets =
            self.tickets.iter().filter(|t| t.row.customer.as_ref() == Some(customer) && near(t.row.at));
        let orders = self.orders.iter().filter(|o| o.row.customer == *customer && near(o.row.at));
        let ticket = tickets.max_by_key(|ticket| (ticket.row.at, ticket.row.id.clone()));
        let order = orders.max_by_key(|order| (order.row.at, order.row.id.clone()));
        match (ticket, order) {
            (Some(ticket), Some(order)) if order.row.at > ticket.row.at => About::Order(order.clone()),
            (Some(ticket), _) => About::Ticket(ticket.clone()),
            (None, Some(order)) => About::Order(order.clone()),
            (None, None) => About::Nothing,
        }
    }
}

enum About {
    Ticket(Placed<Ticket>),
    Order(Placed<Purchase>),
    Nothing,
}
