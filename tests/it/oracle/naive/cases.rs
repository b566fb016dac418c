//! For every metric the cases it counts and what each says, and how many rows were left out.

use std::collections::BTreeMap;

use super::super::sheet::Times;
use super::link::{Linked, Placed};
use super::read::{Answer, Ticket};
use super::retain::retain;
use super::{Ask, DAY};

/// What one case says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fact {
    Score(i64),
    Yes,
    No,
    /// Its window has not passed.
    Pending,
    /// Bought now, and not before: beside those that count.
    Arrived,
    /// Microseconds, and whether that is the event or where watching ended.
    Wait(i64, bool),
    /// Cents before and now.
    Money(i64, i64),
    /// Came back, and had been satisfied.
    Satisfied {
        stayed: bool,
        satisfied: bool,
    },
}

/// One case and where it belongs.
#[derive(Debug, Clone)]
pub struct Case {
    pub fact: Fact,
    pub period: Option<String>,
    pub channel: Option<String>,
    pub stage: Option<String>,
    pub relation: Option<&'static str>,
}

/// Metric → rows in.
pub type Ledgers = BTreeMap<&'static str, u64>;

/// All cases of all metrics.
#[derive(Debug, Default)]
pub struct Account {
    pub cases: BTreeMap<&'static str, Vec<Case>>,
    /// The periods that hold something, with their ends.
    pub ends: BTreeMap<String, i64>,
    /// The months in which customers are judged.
    pub months: Vec<String>,
    pub ledgers: Ledgers,
    /// The silences that were watched long enough, and those of them that ended in a return.
    pub silences: (u64, u64),
}

impl Account {
    pub fn new(linked: &Linked, as_of: i64, ask: &Ask) -> Account {
        let mut account = Account::default();
        if linked.has["surveys"] {
            account.answers(linked, ask);
            account.invitations(linked, as_of, ask);
        }
        if linked.has["tickets"] {
            account.tickets(linked, as_of, ask);
            account.issues(linked, as_of, ask);
        }
        if linked.has["purchases"] {
            retain(&mut account, linked, as_of, ask);
        }
        account
    }

    /// Adds a case of events, unless it is not asked for.
    fn event<T>(&mut self, metric: &'static str, fact: Fact, at: i64, place: &Placed<T>, ask: &Ask) {
        let outside = ask.since.is_some_and(|since| at < since) || ask.until.is_some_and(|until| at >= until);
        if outside {
            return;
        }
        let (end, name) = Times::month(at);
        if ask.monthly {
            self.ends.insert(name.clone(), end);
        }
        let period = ask.monthly.then_some(name);
        let (channel, stage) = (place.channel.clone(), place.stage.clone());
        self.add(metric, Case { fact, period, channel, stage, relation: None }, ask);
    }

    pub fn add(&mut self, metric: &'static str, case: Case, ask: &Ask) {
        let cases = self.cases.entry(metric).or_default();
        if ask.channel.is_none_or(|channel| case.channel.as_deref() == Some(channel)) {
            cases.push(case);
        }
    }

    fn answers(&mut self, linked: &Linked, ask: &Ask) {
        for metric in ["nps", "csat", "ces"] {
            self.ledgers.insert(metric, linked.asked.get(metric).copied().unwrap_or(0));
        }
        for answer in &linked.answers {
            let metric = answer.row.metric;
            if let (Some(at), Some(score)) = (answer.row.at, answer.row.score) {
                let before = self.cases.get(metric).map_or(0, Vec::len);
                self.event(metric, Fact::Score(score), at, answer, ask);
                if let Some(case) = self.cases.get_mut(metric).and_then(|cases| cases.get_mut(before)) {
                    let row = &answer.row;
                    let named = row.ticket.is_some() || row.order.is_some() || row.touchpoint.is_some();
                    case.relation = Some(if named { "transactional" } else { "relational" });
                }
            }
        }
    }

    fn invitations(&mut self, linked: &Linked, as_of: i64, ask: &Ask) {
        let sent = |answer: &&Placed<Answer>| answer.row.sent.is_some_and(|sent| sent <= as_of);
        let mut invitations: Vec<(Key, Vec<&Placed<Answer>>)> = Vec::new();
        for answer in linked.answers.iter().filter(sent) {
            let key = Key::of(&answer.row);
            match invitations.iter_mut().find(|(other, _)| *other == key) {
                Some((_, rows)) => rows.push(answer),
                None => invitations.push((key, vec![answer])),
            }
        }
        for (_, rows) in &invitations {
            // Of several rows the earliest says where the invitation belongs.
            let seen = |answer: &&&Placed<Answer>| (answer.row.sent, answer.row.at.or(answer.row.sent));
            let place = rows.iter().min_by_key(seen).unwrap();
            let at = place.row.sent.unwrap();
            let answered = rows.iter().any(|row| row.row.score.is_some());
            let fact = match (at + 14 * DAY > as_of, answered) {
                (true, _) => Fact::Pending,
                (false, true) => Fact::Yes,
                (false, false) => Fact::No,
            };
            self.event("response_rate", fact, at, place, ask);
        }
    }

    fn tickets(&mut self, linked: &Linked, as_of: i64, ask: &Ask) {
        for metric in ["first_reply_time", "resolution_time", "reopen_rate", "escalation_rate"] {
            self.ledgers.insert(metric, linked.written);
        }
        for ticket in &linked.tickets {
            let row = &ticket.row;
            let wait = |end: Option<i64>| match end.filter(|end| *end <= as_of) {
                Some(end) => Fact::Wait(end - row.at, true),
                None => Fact::Wait(as_of - row.at, false),
            };
            self.event("first_reply_time", wait(row.reply), row.at, ticket, ask);
            self.event("resolution_time", wait(row.resolution), row.at, ticket, ask);
            if let Some(reopens) = row.reopens.filter(|_| resolved(row, as_of)) {
                self.event("reopen_rate", yes(reopens > 0), row.at, ticket, ask);
            }
            self.event("escalation_rate", yes(row.escalated), row.at, ticket, ask);
        }
    }

    fn issues(&mut self, linked: &Linked, as_of: i64, ask: &Ask) {
        for issue in chain(linked, as_of) {
            let first = issue[0];
            let row = &first.row;
            let mature = end(row, as_of) + 7 * DAY <= as_of;
            let troubled = row.reopens.is_some_and(|times| times > 0) || row.escalated;
            let settled = issue.len() == 1 && resolved(row, as_of) && !troubled;
            let channels: std::collections::BTreeSet<_> =
                issue.iter().filter_map(|t| t.channel.clone()).collect();
            let bot = row.handled_by.as_deref() == Some("bot");
            let fact = |good: bool| if mature { yes(good) } else { Fact::Pending };
            self.event("fcr", fact(settled), row.at, first, ask);
            self.event("channel_hop", fact(channels.len() > 1), row.at, first, ask);
            if bot {
                self.event("bot_containment", fact(settled), row.at, first, ask);
            }
        }
    }
}

#[derive(PartialEq)]
enum Key {
    Response(String),
    Sent(String, Option<i64>),
    Row(usize),
}

impl Key {
    fn of(answer: &Answer) -> Key {
        match (&answer.response, &answer.customer) {
            (Some(id), _) => Key::Response(id.clone()),
            (None, Some(customer)) => Key::Sent(customer.clone(), answer.sent),
            (None, None) => Key::Row(answer.line),
        }
    }
}

pub fn yes(is: bool) -> Fact {
    if is { Fact::Yes } else { Fact::No }
}

fn resolved(ticket: &Ticket, as_of: i64) -> bool {
    ticket.resolution.is_some_and(|at| at <= as_of)
}

fn end(ticket: &Ticket, as_of: i64) -> i64 {
    ticket.resolution.filter(|at| *at <= as_of).unwrap_or(ticket.at)
}

/// The tickets of named customers as chains.
fn chain(linked: &Linked, as_of: i64) -> Vec<Vec<&Placed<Ticket>>> {
    let mut tickets: Vec<_> = linked.tickets.iter().filter(|ticket| ticket.row.customer.is_some()).collect();
    tickets.sort_by_key(|ticket| (ticket.row.at, ticket.row.id.clone()));
    let mut issues: Vec<Vec<&Placed<Ticket>>> = Vec::new();
    for ticket in tickets {
        let before = issues.iter_mut().rev().find(|issue| issue[0].row.customer == ticket.row.customer);
        match before {
            Some(issue)
                if ticket.row.at <= issue.iter().map(|t| end(&t.row, as_of)).max().unwrap() + 7 * DAY =>
            {
                issue.push(ticket);
            }
            _ => issues.push(vec![ticket]),
        }
    }
    issues
}
