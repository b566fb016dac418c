//! Tickets as they stood at the as-of moment, each customer's in the order of creation, and their issues.

use super::rows::{Rows, Sorted};
use crate::hours::{Clock, Hours};
use crate::metric::case::{Business, Handling, Issue, Ticket};
use crate::source::field::Field;
use crate::table::batch::Part;
use crate::table::codes::{Codes, NO_CODES};
use crate::table::column::BLANK;
use crate::table::stack::{Places, Stack};
use crate::table::words::{NONE, Words};
use crate::table::{Exports, Flags, Longs, Table};

/// The tickets of all customers.
#[derive(Debug)]
pub struct Tickets {
    /// The other columns, sorted by customer, creation and id.
    pub table: Table,
    /// The customer of each.
    pub customer: Codes,
    /// When each was created.
    pub created_at: Vec<i64>,
    /// The channel of each.
    pub channel: Codes,
    /// Each customer's tickets.
    pub rows: Rows,
    /// Tickets created after the as-of moment.
    pub after_as_of: u64,
    /// For each rating the row of its ticket; [`NONE`] where that was created after the as-of moment.
    pub rated: Vec<u32>,
    as_of: i64,
    /// What their times are counted by, where it is not the calendar.
    clock: Option<Clock>,
    first_reply_at: Longs,
    resolved_at: Longs,
    reopens: Codes,
    replies: Codes,
    customer_replies: Codes,
    agents: Codes,
    escalated: Flags,
    /// What the status says by the file's own rules, or a column of its own.
    said: Flags,
    status: Codes,
    /// For each code of a status, whether it says that a ticket is settled.
    settled: Vec<bool>,
    handled_by: Codes,
    /// For each code of that column, who took part.
    handlings: Vec<Handling>,
}

/// One issue, whose channel, stage and topic are those of its first ticket.
#[derive(Debug, Clone, Copy)]
pub struct IssueRow {
    /// The row of its first ticket.
    pub first: u32,
    /// How many tickets it took.
    tickets: u32,
    /// The first channel that its tickets name.
    channel: u32,
    human: bool,
    channel_changed: bool,
    identified: bool,
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
    /// The tickets created up to the as-of moment, of all those in the stack.
    pub fn of(mut stack: Stack, exports: &Exports, as_of: i64) -> Tickets {
        let Sorted { rows, places, customer, times } = in_order(&stack, exports.customers.len(), as_of);
        let rated = rated_places(&exports.rated, &stack, &places);
        stack.drop_column(Field::CreatedAt);
        stack.drop_column(Field::Customer);
        let mut table = stack.into_table(&places);
        let code = |name: &str| table.codes(name).clone();
        let [channel, status, handled_by] = ["channel", "status", "handled_by"].map(code);
        Tickets {
            customer,
            created_at: times,
            first_reply_at: table.take_longs(Field::FirstReplyAt),
            resolved_at: table.take_longs(Field::ResolvedAt),
            reopens: table.take_codes(Field::Reopens),
            replies: table.take_codes(Field::Replies),
            customer_replies: table.take_codes(Field::CustomerReplies),
            agents: table.take_codes(Field::Agents),
            escalated: table.take_flags(Field::Escalated),
            said: table.take_flags(Field::Settled),
            settled: exports.words.of("status").map(resolved_words).unwrap_or_default(),
            handlings: exports.words.of("handled_by").map(handlers).unwrap_or_default(),
            table,
            channel,
            status,
            handled_by,
            after_as_of: rows.after_as_of(),
            rows,
            rated,
            as_of,
            clock: None,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.created_at.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.created_at.is_empty()
    }

    /// A ticket as it stood.
    pub fn ticket(&self, row: usize) -> Ticket {
        let by_now = |time: &i64| *time <= self.as_of;
        let resolved_at = self.resolved_at.get(row);
        let by_word = || self.settled.get(self.status.get(row) as usize).copied().unwrap_or(false);
        let count = |counts: &Codes| Some(counts.get(row)).filter(|count| *count != NONE);
        let by_status = || self.said.get(row).unwrap_or_else(by_word);
        Ticket {
            created_at: self.created_at[row],
            first_reply_at: self.first_reply_at.get(row).filter(by_now),
            resolved_at: resolved_at.filter(by_now),
            resolved: resolved_at.as_ref().map_or_else(by_status, by_now),
            reopens: count(&self.reopens),
            replies: count(&self.replies),
            customer_replies: count(&self.customer_replies),
            agents: count(&self.agents),
            escalated: self.escalated.get(row),
            handling: self.handlings.get(self.handled_by.get(row) as usize).copied(),
            business: None,
        }
    }

    /// Counts the times of tickets in business hours from now on.
    pub fn count_in(&mut self, hours: &Hours) {
        let first = self.created_at.iter().min().copied().unwrap_or(self.as_of);
        self.clock = Some(Clock::new(hours, first, self.as_of));
    }

    /// A ticket as it stood, with its times in business hours where these count. Issues need no times.
    pub fn timed(&self, row: usize) -> Ticket {
        let ticket = self.ticket(row);
        let business = self.clock.as_ref().map(|clock| {
            let until = |end: Option<i64>| clock.between(ticket.created_at, end.unwrap_or(self.as_of));
            Business { to_reply: until(ticket.first_reply_at), to_resolution: until(ticket.resolved_at) }
        });
        Ticket { business, ..ticket }
    }

    /// Chains each customer's tickets into issues: a ticket belongs to the issue before it when it was created no
    /// later than the repeat window after that issue's end. Without a customer there is no chain.
    pub fn issues(&self, chaining: Chaining) -> Vec<IssueRow> {
        let topics = if chaining.same_topic { self.table.codes("topic") } else { &NO_CODES };
        let (mut issues, mut open) = (Vec::new(), Vec::new());
        let mut row = 0;
        while row < self.rows.identified() {
            let range = self.rows.of_customer(self.customer.get(row));
            row = range.end;
            open.clear();
            self.chain(range, topics, chaining.repeat_window, &mut open, &mut issues);
        }
        for row in self.rows.identified()..self.len() {
            issues.push(self.begin(row, chaining.anonymous_single));
        }
        issues
    }

    /// Chains the tickets of one customer; `open` holds the last issue of each topic: its place and its end.
    fn chain(
        &self,
        range: std::ops::Range<usize>,
        topics: &Codes,
        window: i64,
        open: &mut Vec<(u32, usize, i64)>,
        issues: &mut Vec<IssueRow>,
    ) {
        for row in range {
            let topic = topics.get(row);
            let ticket = self.ticket(row);
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
        IssueRow {
            first: row as u32,
            tickets: 1,
            channel: self.channel.get(row),
            human: self.is_human(row),
            channel_changed: false,
            identified,
        }
    }

    /// Whether a person took part.
    fn is_human(&self, row: usize) -> bool {
        self.handlings.get(self.handled_by.get(row) as usize).is_some_and(|handling| handling.human)
    }

    /// An issue as metrics judge it.
    pub fn issue(&self, row: &IssueRow) -> Issue {
        let IssueRow { first, tickets, human, channel_changed, identified, .. } = *row;
        Issue { first: self.ticket(first as usize), tickets, human, channel_changed, identified }
    }

    fn join(&self, issue: &mut IssueRow, row: usize) {
        issue.tickets += 1;
        issue.human |= self.is_human(row);
        // A ticket that names no channel may have come through any: it shows no change.
        match (issue.channel, self.channel.get(row)) {
            (_, NONE) => {}
            (NONE, channel) => issue.channel = channel,
            (known, channel) => issue.channel_changed |= known != channel,
        }
    }
}

/// Each customer's tickets by creation, then by id; what follows settles ties without an id, so that the order of the
/// rows never does.
fn in_order(stack: &Stack, customers: usize, as_of: i64) -> Sorted {
    let resolved = stack.field(Field::ResolvedAt);
    let codes = ["channel", "topic", "status"].map(|name| stack.column(name));
    let (find, tie) = (stack.finder(), stack.tie());
    let key = |(part, row): (&Part, usize)| {
        let resolved = part.longs(resolved).get(row).copied().unwrap_or(BLANK);
        (resolved, codes.map(|column| part.codes(column).get(row)))
    };
    Rows::sorted(customers, stack, Field::CreatedAt, as_of, |a, b| {
        let (a, b) = (find(a), find(b));
        let by_id = a.0.ids.get(a.1 as u32).cmp(b.0.ids.get(b.1 as u32));
        by_id.then_with(|| key(a).cmp(&key(b))).then_with(|| tie(a, b))
    })
}

/// Where the tickets go that are `wanted`, which are counted among those that can be used.
fn rated_places(wanted: &[u32], stack: &Stack, places: &Places) -> Vec<u32> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let used = stack.parts().iter().flat_map(|part| (0..part.len()).map(|row| part.is_used(row)));
    let used: Vec<u32> =
        places.of.iter().zip(used).filter(|(_, used)| *used).map(|(place, _)| *place).collect();
    wanted.iter().map(|ticket| used.get(*ticket as usize).copied().unwrap_or(NONE)).collect()
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
