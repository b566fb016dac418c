//! The rows of a sheet that can be used, and the others by reason.

use unicode_normalization::UnicodeNormalization;

use super::super::sheet::{Sheet, Times};
use super::read::Source;

/// A row under its header.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    header: &'a [String],
    cells: &'a [String],
}

impl Row<'_> {
    pub fn text(&self, column: &str) -> Option<String> {
        let cell = self.cells[self.header.iter().position(|name| name == column)?].trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// None, a time, or an error.
    pub fn time(&self, column: &str) -> Option<Result<i64, ()>> {
        self.text(column).map(|cell| Times::read(&cell).ok_or(()))
    }

    pub fn good_time(&self, column: &str) -> Option<i64> {
        self.time(column).map(Result::unwrap)
    }
}

/// The rows of one file that stand, and the account of all.
pub fn usable<'a>(kind: &'static str, sheet: &'a Sheet) -> (Source, Vec<Row<'a>>) {
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
        let same = kept
            .iter_mut()
            .find(|other| identity(kind, &row).is_some() && identity(kind, other) == identity(kind, &row));
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
        None if answered || row.text("sent_at").is_none() => return Some("missing-time"),
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
    if ["first_reply_at", "resolved_at"]
        .iter()
        .any(|column| row.good_time(column).is_some_and(|end| end < at))
    {
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
pub fn questions(row: &Row) -> Vec<(&'static str, Option<String>)> {
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
pub fn score(metric: &str, cell: &str) -> Result<i64, &'static str> {
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
        "tickets" => {
            ["created_at", "first_reply_at", "resolved_at"].iter().filter_map(|c| row.good_time(c)).max()
        }
        _ => row.good_time("purchased_at"),
    }
}

/// The customer key.
pub fn customer(row: &Row) -> Option<String> {
    let text: String = row.text("customer_id")?.nfc().collect();
    let mut key = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if key.contains('@') {
        key = key.to_lowercase();
    }
    let nobody = ["null", "n/a", "none", "-", "anonymous"].contains(&key.to_lowercase().as_str());
    (!nobody).then_some(key)
}

/// Money without its point.
pub fn cents(cell: &str) -> Option<i64> {
    cell.replace('.', "").parse().ok()
}
