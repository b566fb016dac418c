//! Cells to answers, tickets and purchases, and the rows that cannot be used, by reason.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::super::sheet::{Sheet, Times};
use super::super::world::World;

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
    pub escalated: Option<bool>,
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

/// A row under its header.
#[derive(Debug, Clone, PartialEq)]
struct Row<'a> {
    header: &'a [String],
    cells: &'a [String],
}

impl Row<'_> {
    fn text(&self, column: &str) -> Option<String> {
        let cell = self.cells[self.header.iter().position(|name| name == column)?].trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// None, a time, or an error.
    fn time(&self, column: &str) -> Option<Result<i64, ()>> {
        self.text(column).map(|cell| Times::read(&cell).ok_or(()))
    }

    fn good_time(&self, column: &str) -> Option<i64> {
        self.time(column).map(Result::unwrap)
    }
}

/// The rows of one file that stand, and the account of all.
fn usable<'a>(kind: &'static str, sheet: &'a Sheet) -> (Source, Vec<Row<'a>>) {
    let mut source = Source { rows: sheet.rows.len() as u64, ..Source::default() };
    let mut good: Vec<Row> = Vec::new();
    for cells in &sheet.rows {
        let row = Row { header: &sheet.header, cells };
        match flaw(kind, &row) {
            Some(reason) => *source.rejected.entry(reason).or_default() += 1,
            None => good.push(row),
        }
    }
    let mut kept: Vec<Row> = Vec::new();
    for row in good {
        let same = kept.iter_mut().find(|other| identity(kind, &row).is_some() && identity(kind, other) == identity(kind, &row));
        match same {
            None => kept.push(row),
            Some(other) => {
                *source.rejected.entry("duplicate").or_default() += 1;
                if moment(kind, &row) > moment(kind, other) {
                    *other = row;
                }
            }
        }
    }
    source.used = kept.len() as u64;
    for row in &kept {
        match customer(row) {
            None => source.without_customer += 1,
            Some(customer) if !source.customers.contains(&customer) => source.customers.push(customer),
            Some(_) => {}
        }
    }
    (source, kept)
}

/// Why a row cannot be used, whatever the others say.
fn flaw(kind: &str, row: &Row) -> Option<&'static str> {
    if row.cells.len() != row.header.len() {
        return Some("ragged-row");
    }
    if row.cells.iter().any(|cell| cell.contains('\u{fffd}')) {
        return Some("bad-encoding");
    }
    match kind {
        "surveys" => survey_flaw(row),
        "tickets" => ticket_flaw(row),
        _ => purchase_flaw(row),
    }
}

fn survey_flaw(row: &Row) -> Option<&'static str> {
    let scores = questions(row);
    let answered = scores.iter().any(|(_, cell)| cell.is_some());
    match row.time("responded_at") {
        Some(Err(())) => return Some("bad-time"),
        None if answered => return Some("missing-time"),
        _ => {}
    }
    scores.iter().find_map(|(metric, cell)| score(metric, cell.as_deref()?).err())
}

fn ticket_flaw(row: &Row) -> Option<&'static str> {
    let at = match row.time("created_at") {
        None => return Some("missing-time"),
        Some(Err(())) => return Some("bad-time"),
        Some(Ok(at)) => at,
    };
    if ["first_reply_at", "resolved_at"].iter().any(|column| row.good_time(column).is_some_and(|end| end < at)) {
        return Some("ends-before-start");
    }
    row.text("reopens").is_some_and(|cell| cell.parse::<i64>().is_err()).then_some("bad-number")
}

fn purchase_flaw(row: &Row) -> Option<&'static str> {
    if customer(row).is_none() {
        return Some("missing-customer");
    }
    match row.time("purchased_at") {
        None => return Some("missing-time"),
        Some(Err(())) => return Some("bad-time"),
        Some(Ok(_)) => {}
    }
    row.text("amount").is_some_and(|cell| cents(&cell).is_none()).then_some("bad-number")
}

/// Each question of a row with the cell of its answer.
fn questions(row: &Row) -> Vec<(&'static str, Option<String>)> {
    let names = ["nps", "csat", "ces"];
    match row.text("metric") {
        Some(metric) => {
            let name = names.into_iter().find(|name| *name == metric).unwrap();
            vec![(name, row.text("score"))]
        }
        None => names.into_iter().map(|name| (name, row.text(name))).collect(),
    }
}

/// A score on the scale of its question.
fn score(metric: &str, cell: &str) -> Result<i64, &'static str> {
    let number = cell.split(" - ").next().unwrap();
    let score: i64 = number.parse().map_err(|_| "bad-score")?;
    let scale = match metric {
        "nps" => 0..=10,
        "csat" => 1..=5,
        _ => 1..=7,
    };
    if scale.contains(&score) { Ok(score) } else { Err("score-out-of-range") }
}

/// What makes two rows the same thing. A refund is not its order.
fn identity(kind: &str, row: &Row) -> Option<(String, String)> {
    match kind {
        "surveys" => Some((row.text("response_id")?, row.text("metric").unwrap_or_default())),
        "tickets" => Some((row.text("ticket_id")?, String::new())),
        _ => {
            let refund = row.text("amount").is_some_and(|amount| amount.starts_with('-'));
            Some((row.text("order_id")?, refund.to_string()))
        }
    }
}

/// The time that says which of two states is the later.
fn moment(kind: &str, row: &Row) -> Option<i64> {
    match kind {
        "surveys" => row.good_time("responded_at").or_else(|| row.good_time("sent_at")),
        "tickets" => ["created_at", "first_reply_at", "resolved_at"].iter().filter_map(|c| row.good_time(c)).max(),
        _ => row.good_time("purchased_at"),
    }
}

/// The customer key.
fn customer(row: &Row) -> Option<String> {
    let text: String = row.text("customer_id")?.nfc().collect();
    let mut key = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if key.contains('@') {
        key = key.to_lowercase();
    }
    let nobody = ["null", "n/a", "none", "-", "anonymous"].contains(&key.to_lowercase().as_str());
    (!nobody).then_some(key)
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
        escalated: row.text("escalated").map(|cell| cell == "true"),
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

fn cents(cell: &str) -> Option<i64> {
    cell.replace('.', "").parse().ok()
}
