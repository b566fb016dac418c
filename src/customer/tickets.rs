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
    /// When Polars cannot sort the table.
    pub fn of(exports: &Exports, as_of: i64) -> Result<Option<Tickets>> {
        let Some(table) = exports.table(Kind::Tickets) else { return Ok(None) };
        let (table, after_as_of) = table.up_to(Field::CreatedAt, as_of)?;
        let table = table.sorted(&["customer", "created_at", "ticket", "resolved_at", "channel", "topic"])?;
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
            rows: Rows::of(exports.customers.len(), &customer),
            channel: table.codes("channel"),
            customer,
            table,
            after_as_of,
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
mod tests {
    use super::*;
    use crate::customer::Joined;
    use crate::customer::fixture::{at, given};
    use crate::instant::DAY;
    use crate::metric::case::Moment;

    const BY_SEVEN_DAYS: Chaining =
        Chaining { repeat_window: 7 * DAY, same_topic: false, anonymous_single: false };

    fn tickets(rows: &str, as_of: &str) -> Joined {
        let text =
            format!("ticket_id,customer,created_at,resolved_at,status,channel,topic,handled_by\n{rows}");
        let set = |plan: &mut crate::plan::Plan| {
            plan.same_topic = true;
            plan.as_of = Some(at(as_of));
        };
        given(&[(Kind::Tickets, &text)], set).standing.joined
    }

    /// The ids of the tickets that begin an issue, with how many tickets it took.
    fn issues(joined: &Joined, chaining: Chaining) -> String {
        let tickets = joined.tickets.as_ref().unwrap();
        let ids: Vec<&str> = tickets.table.texts(Field::Ticket).collect();
        let told = |issue: &IssueRow| format!("{}:{}", ids[issue.first], issue.issue.tickets);
        tickets.issues(chaining).iter().map(told).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_repeat_comes_no_later_than_the_window_after_the_end() {
        let rows = "1,a,2026-01-01,2026-01-03,,,,\n2,a,2026-01-10,2026-01-10,,,,\n\
                    3,b,2026-01-01,2026-01-03,,,,\n4,b,2026-01-10 00:00:01,,,,,\n";
        assert_eq!(issues(&tickets(rows, "2026-03-01"), BY_SEVEN_DAYS), "1:2 3:1 4:1");
    }

    #[test]
    fn an_issue_ends_with_the_latest_end_of_its_tickets() {
        // The second ticket ends before the first: the window runs from the first's end on.
        let rows = "1,a,2026-01-01,2026-01-20,,,,\n2,a,2026-01-02,2026-01-02,,,,\n3,a,2026-01-27,,,,,\n";
        assert_eq!(issues(&tickets(rows, "2026-03-01"), BY_SEVEN_DAYS), "1:3");
        // An open ticket ends where it began, and what is resolved after the moment is open.
        let open = "1,a,2026-01-01,2026-02-20,,,,\n2,a,2026-01-09,,,,,\n";
        assert_eq!(issues(&tickets(open, "2026-02-01"), BY_SEVEN_DAYS), "1:1 2:1");
        assert_eq!(issues(&tickets(open, "2026-02-20"), BY_SEVEN_DAYS), "1:2");
    }

    #[test]
    fn with_same_topic_each_topic_has_a_chain_of_its_own() {
        let rows = "1,a,2026-01-01,,,,bill,\n2,a,2026-01-02,,,,login,\n3,a,2026-01-08,,,,bill,\n4,a,2026-01-20,,,,bill,\n";
        let joined = tickets(rows, "2026-03-01");
        assert_eq!(issues(&joined, BY_SEVEN_DAYS), "1:3 4:1");
        assert_eq!(issues(&joined, Chaining { same_topic: true, ..BY_SEVEN_DAYS }), "1:2 2:1 4:1");
    }

    #[test]
    fn tickets_of_one_moment_are_in_the_order_of_their_ids() {
        let rows = "2,a,2026-01-01,,,web,,\n1,a,2026-01-01,,,app,,\n";
        assert_eq!(issues(&tickets(rows, "2026-03-01"), BY_SEVEN_DAYS), "1:2");
    }

    #[test]
    fn nobody_s_tickets_are_never_chained() {
        let rows = "1,,2026-01-01,,,,,\n2,n/a,2026-01-01,,,,,\n3,a,2026-01-01,,,,,\n";
        let joined = tickets(rows, "2026-03-01");
        let tickets = joined.tickets.as_ref().unwrap();
        let identified = |chaining| -> Vec<bool> {
            tickets.issues(chaining).iter().map(|row| row.issue.identified).collect()
        };
        assert_eq!(issues(&joined, BY_SEVEN_DAYS), "3:1 1:1 2:1");
        assert_eq!(identified(BY_SEVEN_DAYS), [true, false, false]);
        assert_eq!(identified(Chaining { anonymous_single: true, ..BY_SEVEN_DAYS }), [true; 3]);
    }

    /// The channel of each ticket of one customer, and whether the issue changed it.
    fn changes(channels: &[&str]) -> bool {
        let rows: String = channels
            .iter()
            .enumerate()
            .map(|(n, channel)| format!("{n},a,2026-01-0{},,,{channel},,\n", n + 1))
            .collect();
        let joined = tickets(&rows, "2026-03-01");
        joined.tickets.unwrap().issues(BY_SEVEN_DAYS)[0].issue.channel_changed
    }

    #[test]
    fn an_unknown_channel_is_no_change_of_channel() {
        assert!(!changes(&["web", "web"]));
        assert!(changes(&["web", "web", "phone"]));
        assert!(!changes(&["web", ""]));
        assert!(!changes(&["", "web"]));
        assert!(changes(&["", "web", "phone"]));
        assert!(changes(&["web", "", "phone"]));
    }

    #[test]
    fn resolved_is_a_time_up_to_now_or_a_word_that_says_so() {
        let rows = "1,a,2026-01-01,2026-01-05,open,,,\n2,b,2026-01-01,,Solved,,,\n3,c,2026-01-01,,open,,,\n\
                    4,d,2026-01-01,2026-04-01,closed,,,\n5,e,2026-01-01,,opgelost,,,\n";
        let joined = tickets(rows, "2026-03-01");
        let resolved = |ticket: &Ticket| (ticket.resolved, ticket.resolved_at.is_some());
        let found: Vec<_> = joined.tickets.unwrap().ticket.iter().map(resolved).collect();
        // The fourth is resolved later than now, and so has not been.
        assert_eq!(found, [(true, true), (true, false), (false, false), (false, false), (true, false)]);
    }

    #[test]
    fn a_ticket_created_after_the_moment_is_counted_and_gone() {
        let joined = tickets("1,a,2026-01-01,,,,,\n2,a,2026-01-02,,,,,\n", "2026-01-01");
        let tickets = joined.tickets.unwrap();
        assert_eq!((tickets.ticket.len(), tickets.after_as_of), (1, 1));
    }

    #[test]
    fn bot_then_human_is_both() {
        let rows = "1,a,2026-01-01,,,,,bot\n2,b,2026-01-01,,,,,Human\n3,c,2026-01-01,,,,,\"bot, human\"\n\
                    4,d,2026-01-01,,,,,Team Blue\n5,e,2026-01-01,,,,,\n";
        let joined = tickets(rows, "2026-03-01");
        let tickets = joined.tickets.unwrap();
        let handled: Vec<_> = tickets.ticket.iter().map(|t| t.handling.map(|h| (h.bot, h.human))).collect();
        let both = [Some((true, false)), Some((false, true)), Some((true, true)), Some((false, true)), None];
        assert_eq!(handled, both);
        let moment =
            Moment { as_of: at("2026-03-01"), repeat_window: 7 * DAY, response_window: 0, window: 0 };
        assert!(tickets.issues(BY_SEVEN_DAYS).iter().all(|row| row.issue.is_mature(&moment)));
    }
}
