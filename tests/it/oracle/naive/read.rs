//! Usable rows to answers, tickets and purchases.

use std::collections::BTreeMap;

use super::super::world::World;
use super::usable::{Row, cents, customer, questions, score, usable};

/// One answer to one question, or an invitation to give it.
#[derive(Debug, Clone)]
pub struct Answer {
    pub metric: &'static str,
    /// Which row of the export it stood in.
    pub line: usize,
    pub at: Option<i64>,
    pub sent: Option<i64>,
    pub score: Option<i64>,
    pub customer: Option<String>,
    pub response: Option<String>,
    pub channel: Option<String>,
    pub stage: Option<String>,
    pub ticket: Option<String>,
    pub order: Option<String>,
    pub touchpoint: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Ticket {
    pub id: Option<String>,
    pub customer: Option<String>,
    pub at: i64,
    pub reply: Option<i64>,
    pub resolution: Option<i64>,
    pub channel: Option<String>,
    pub stage: Option<String>,
    pub topic: Option<String>,
    pub reopens: Option<i64>,
    pub handled_by: Option<String>,
    pub escalated: bool,
}

#[derive(Debug, Clone)]
pub struct Purchase {
    /// Which row of the export it stood in.
    pub line: usize,
    pub id: Option<String>,
    pub customer: String,
    pub at: i64,
    pub cents: i64,
    pub channel: Option<String>,
    pub stage: Option<String>,
    pub refunded: bool,
}

/// What became of the rows of one file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    pub rows: u64,
    pub used: u64,
    pub rejected: BTreeMap<&'static str, u64>,
    pub customers: Vec<String>,
    pub without_customer: u64,
}

#[derive(Debug, Default)]
pub struct Exports {
    pub answers: Vec<Answer>,
    pub tickets: Vec<Ticket>,
    pub purchases: Vec<Purchase>,
    pub sources: Vec<(&'static str, Source)>,
}

impl Exports {
    pub fn read(world: &World) -> Exports {
        let mut exports = Exports::default();
        for (kind, sheet) in world.sheets() {
            let (source, rows) = usable(kind, sheet);
            for (number, row) in rows.into_iter().enumerate() {
                match kind {
                    "surveys" => exports.answers.extend(answers(&row, number)),
                    "tickets" => exports.tickets.push(ticket(&row)),
                    _ => exports.purchases.push(purchase(&row, number)),
                }
            }
            exports.sources.push((kind, source));
        }
        exports
    }

    /// The latest time in any row.
    pub fn last(&self) -> Option<i64> {
        let answers = self.answers.iter().flat_map(|a| [a.at, a.sent]);
        let tickets = self.tickets.iter().flat_map(|t| [Some(t.at), t.reply, t.resolution]);
        let purchases = self.purchases.iter().map(|p| Some(p.at));
        answers.chain(tickets).chain(purchases).flatten().max()
    }

    pub fn has(&self, kind: &str) -> bool {
        self.sources.iter().any(|(name, _)| *name == kind)
    }
}

fn answers(row: &Row, number: usize) -> Vec<Answer> {
    let answer = |(metric, cell): (&'static str, Option<String>)| Answer {
        metric,
        line: number,
        at: row.good_time("responded_at"),
        sent: row.good_time("sent_at"),
        score: cell.map(|cell| score(metric, &cell).unwrap()),
        customer: customer(row),
        response: row.text("response_id"),
        channel: row.text("channel"),
        stage: row.text("stage"),
        ticket: row.text("ticket_id"),
        order: row.text("order_id"),
        touchpoint: row.text("touchpoint"),
    };
    questions(row).into_iter().map(answer).collect()
}

fn ticket(row: &Row) -> Ticket {
    Ticket {
        id: row.text("ticket_id"),
        customer: customer(row),
        at: row.good_time("created_at").unwrap(),
        reply: row.good_time("first_reply_at"),
        resolution: row.good_time("resolved_at"),
        channel: row.text("channel"),
        stage: row.text("stage"),
        topic: row.text("topic"),
        reopens: row.text("reopens").map(|cell| cell.parse().unwrap()),
        handled_by: row.text("handled_by"),
        escalated: row.text("escalated").as_deref() == Some("true"),
    }
}

fn purchase(row: &Row, number: usize) -> Purchase {
    Purchase {
        line: number,
        id: row.text("order_id"),
        customer: customer(row).unwrap(),
        at: row.good_time("purchased_at").unwrap(),
        cents: row.text("amount").map_or(0, |cell| cents(&cell).unwrap()),
        channel: row.text("channel"),
        stage: row.text("stage"),
        refunded: row.text("refunded").as_deref() == Some("yes"),
    }
}
