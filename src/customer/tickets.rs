//! Tickets as they stood at the as-of moment, each customer's in the order of creation, and their issues.

use super::rows::Rows;
use crate::error::Result;
use crate::metric::case::{Handling, Issue, Ticket};
use crate::source::field::{Field, Kind};
use crate::table::words::{NONE, Words};
use crate::table::{Exports, Table};

/// The tickets of all customers.
#[derive(Debug)]
pub struct Tickets {
    /// The table, sorted by customer, creation and id.
    pub table: Table,
    /// The customer of each.
    pub customer: Vec<u32>,
    /// Each as it stood.
    pub ticket: Vec<Ticket>,
    /// The channel of each.
    pub channel: Vec<u32>,
    /// Each customer's tickets.
    pub rows: Rows,
    /// Tickets created after the as-of moment.
    pub after_as_of: u64,
    /// For each rating the row of its ticket; [`NONE`] where that was created after the as-of moment.
    pub rated: Vec<u32>,
}

/// One issue and the row of its first ticket, whose channel, stage and topic it has.
#[derive(Debug, Clone, Copy)]
pub struct IssueRow {
    /// What metrics judge.
    pub issue: Issue,
    /// The row of its first ticket.
    pub first: usize,
    /// The first channel that its tickets name.
    channel: u32,
}

/// How tickets are chained into issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chaining {
    /// How long after an issue's end a new ticket belongs to it, in microseconds.
    pub repeat_window: i64,
    /// Only tickets of one topic belong together.
    pub same_topic: bool,
    /// A ticket without a customer is an issue of its own, instead of being left out.
    pub anonymous_single: bool,
}

impl Tickets {
    /// The tickets created up to the as-of moment.
    ///
    /// # Errors
    /// When Polars cannot put the table in order.
    pub fn of(exports: &Exports, as_of: i64) -> Result<Option<Tickets>> {
        let Some(all) = exports.table(Kind::Tickets) else { return Ok(None) };
        let (table, after_as_of) = all.up_to(Field::CreatedAt, as_of)?;
        let (rows, order) = in_order(&table, exports.customers.len());
        let rated =
            if exports.rated.is_empty() { Vec::new() } else { places(&exports.rated, all, as_of, &order) };
        let table = table.in_order(&order)?;
        let customer = table.codes("customer");
        let status = exports.words.of("status").map(resolved_words).unwrap_or_default();
        let handlers = exports.words.of("handled_by").map(handlers).unwrap_or_default();
        let [first_reply, resolved] =
            [Field::FirstReplyAt, Field::ResolvedAt].map(|field| table.longs(field));
        let [statuses, handled, reopens] = ["status", "handled_by", "reopens"].map(|name| table.codes(name));
        let escalated = table.flags(Field::Escalated);
        let created = table.longs(Field::CreatedAt);
        let ticket = (0..table.rows()).map(|row| {
            let by_status = status.get(statuses[row] as usize).copied().unwrap_or(false);
            Ticket {
                created_at: created[row].unwrap_or(as_of),
                first_reply_at: first_reply[row].filter(|time| *time <= as_of),
                resolved_at: resolved[row].filter(|time| *time <= as_of),
                resolved: resolved[row].map_or(by_status, |time| time <= as_of),
                reopens: (reopens[row] != NONE).then_some(reopens[row]),
                escalated: escalated[row],
                handling: handlers.get(handled[row] as usize).copied(),
            }
        });
        Ok(Some(Tickets {
            ticket: ticket.collect(),
            rows,
            channel: table.codes("channel"),
            customer,
            table,
            after_as_of,
            rated,
        }))
    }

    /// Chains each customer's tickets into issues: a ticket belongs to the issue before it when it was created no
    /// later than the repeat window after that issue's end. Without a customer there is no chain.
    pub fn issues(&self, chaining: Chaining) -> Vec<IssueRow> {
        let topics = if chaining.same_topic { self.table.codes("topic") } else { Vec::new() };
        let mut issues = Vec::new();
        let mut row = 0;
        while row < self.rows.identified() {
            let range = self.rows.of_customer(self.customer[row]);
            row = range.end;
            self.chain(range, &topics, chaining.repeat_window, &mut issues);
        }
        for row in self.rows.identified()..self.ticket.len() {
            issues.push(self.begin(row, chaining.anonymous_single));
        }
        issues
    }

    fn chain(&self, range: std::ops::Range<usize>, topics: &[u32], window: i64, issues: &mut Vec<IssueRow>) {
        let mut open: Vec<(u32, usize, i64)> = Vec::new();
        for row in range {
            let topic = topics.get(row).copied().unwrap_or(NONE);
            let ticket = &self.ticket[row];
            match open.iter_mut().find(|(of, _, _)| *of == topic) {
                Some((_, issue, end)) if ticket.created_at <= end.saturating_add(window) => {
                    *end = (*end).max(ticket.end());
                    self.join(&mut issues[*issue], row);
                }
                known => {
                    let begun = (topic, issues.len(), ticket.end());
                    match known {
                        Some(open) => *open = begun,
                        None => open.push(begun),
                    }
                    issues.push(self.begin(row, true));
                }
            }
        }
    }

    fn begin(&self, row: usize, identified: bool) -> IssueRow {
        let first = self.ticket[row];
        let human = first.handling.is_some_and(|handling| handling.human);
        IssueRow {
            issue: Issue { first, tickets: 1, human, channel_changed: false, identified },
            first: row,
            channel: self.channel[row],
        }
    }

    fn join(&self, known: &mut IssueRow, row: usize) {
        let issue = &mut known.issue;
        issue.tickets += 1;
        issue.human |= self.ticket[row].handling.is_some_and(|handling| handling.human);
        // A ticket that names no channel may have come through any: it shows no change.
        match (known.channel, self.channel[row]) {
            (_, NONE) => {}
            (NONE, channel) => known.channel = channel,
            (known, channel) => issue.channel_changed |= known != channel,
        }
    }
}

/// Each customer's tickets by creation, then by id; what follows settles ties without an id, so that the order of the
/// rows never does.
fn in_order(table: &Table, customers: usize) -> (Rows, Vec<u32>) {
    let [created, resolved] = [Field::CreatedAt, Field::ResolvedAt].map(|field| table.longs(field));
    let ids: Vec<&str> = table.texts(Field::Ticket).collect();
    let [channel, topic, status] = ["channel", "topic", "status"].map(|name| table.codes(name));
    let key = |row: usize| (created[row], ids.get(row), resolved[row], channel[row], topic[row], status[row]);
    let tie = table.tie();
    Rows::sorted(customers, &table.codes("customer"), |a, b| {
        let (a, b) = (a as usize, b as usize);
        key(a).cmp(&key(b)).then_with(|| tie(a, b))
    })
}

/// Where the tickets stand that were the rows `wanted` of the whole table, once those after the as-of moment are left
/// out and the others are in order.
fn places(wanted: &[u32], all: &Table, as_of: i64, order: &[u32]) -> Vec<u32> {
    let mut places = vec![NONE; order.len()];
    order.iter().enumerate().for_each(|(place, row)| places[*row as usize] = place as u32);
    let mut kept = places.into_iter();
    let is_kept = |created: &Option<i64>| created.is_none_or(|created| created <= as_of);
    let place = |created| if is_kept(created) { kept.next().unwrap_or(NONE) } else { NONE };
    let of_all: Vec<u32> = all.longs(Field::CreatedAt).iter().map(place).collect();
    wanted.iter().map(|row| of_all.get(*row as usize).copied().unwrap_or(NONE)).collect()
}

/// The words that say a ticket is settled, in any case.
const RESOLVED: &[&str] = &[
    "solved",
    "resolved",
    "closed",
    "done",
    "completed",
    "complete",
    "fixed",
    "opgelost",
    "gesloten",
    "afgehandeld",
    "gelöst",
    "erledigt",
    "geschlossen",
    "résolu",
    "fermé",
    "clos",
    "resuelto",
    "cerrado",
    "resolvido",
    "fechado",
    "rozwiązane",
    "zamknięte",
    "lahendatud",
    "suletud",
    "opgelos",
    "gesluit",
];

fn resolved_words(words: &Words) -> Vec<bool> {
    words.iter().map(|word| RESOLVED.contains(&word.to_lowercase().as_str())).collect()
}

/// Who took part, by the words of the column: `bot`, `human`, or both (`bot, human`).
fn handlers(words: &Words) -> Vec<Handling> {
    let handling = |word: &str| {
        let parts: Vec<String> =
            word.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        let any = |names: &[&str]| parts.iter().any(|part| names.contains(&part.as_str()));
        let bot = any(&["bot", "chatbot", "robot", "ai", "automation", "automated", "virtual"]);
        Handling { bot, human: any(&["human", "agent", "person", "people", "staff"]) || !bot }
    };
    words.iter().map(handling).collect()
}

#[cfg(test)]
mod tests;
