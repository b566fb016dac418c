//! How tickets chain into issues, and what stands of a ticket at a moment.

use super::*;
use crate::customer::Joined;
use crate::customer::fixture::{at, given};
use crate::instant::DAY;
use crate::metric::case::Moment;
use crate::source::field::Kind;
use crate::table::words;

const BY_SEVEN_DAYS: Chaining =
    Chaining { repeat_window: 7 * DAY, same_topic: false, anonymous_single: false };

fn tickets(rows: &str, as_of: &str) -> Joined {
    let text = format!("ticket_id,customer,created_at,resolved_at,status,channel,topic,handled_by\n{rows}");
    let set = |plan: &mut crate::plan::Plan| {
        plan.same_topic = true;
        plan.as_of = Some(at(as_of));
    };
    given(&[(Kind::Tickets, &text), (Kind::Surveys, NAMING)], set).joined
}

/// An answer about a ticket that is not there: only where answers name tickets are the ids kept.
const NAMING: &str = "date,metric,score,ticket_id\n2026-01-01,nps,9,none\n";

/// The ids of the tickets, all of which are digits, in the order of the rows.
fn ids(tickets: &Tickets) -> Vec<String> {
    let digit = |id: &u64| (0..10).map(|n| n.to_string()).find(|n| words::hash(n.as_bytes()).max(1) == *id);
    tickets.table.ids(Field::Ticket).iter().map(|id| digit(id).unwrap()).collect()
}

/// The ids of the tickets that begin an issue, with how many tickets it took.
fn issues(joined: &Joined, chaining: Chaining) -> String {
    let tickets = joined.tickets.as_ref().unwrap();
    let ids = ids(tickets);
    let told = |row: &IssueRow| format!("{}:{}", ids[row.first as usize], tickets.issue(row).tickets);
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
        tickets.issues(chaining).iter().map(|row| tickets.issue(row).identified).collect()
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
    let tickets = joined.tickets.unwrap();
    tickets.issue(&tickets.issues(BY_SEVEN_DAYS)[0]).channel_changed
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
    let tickets = joined.tickets.unwrap();
    let resolved = |ticket: Ticket| (ticket.resolved, ticket.resolved_at.is_some());
    let found: Vec<_> = (0..tickets.len()).map(|row| resolved(tickets.ticket(row))).collect();
    // The fourth is resolved later than now, and so has not been.
    assert_eq!(found, [(true, true), (true, false), (false, false), (false, false), (true, false)]);
}

#[test]
fn a_ticket_created_after_the_moment_is_counted_and_gone() {
    let joined = tickets("1,a,2026-01-01,,,,,\n2,a,2026-01-02,,,,,\n", "2026-01-01");
    let tickets = joined.tickets.unwrap();
    assert_eq!((tickets.len(), tickets.after_as_of), (1, 1));
}

#[test]
fn bot_then_human_is_both() {
    let rows = "1,a,2026-01-01,,,,,bot\n2,b,2026-01-01,,,,,Human\n3,c,2026-01-01,,,,,\"bot, human\"\n\
                4,d,2026-01-01,,,,,Team Blue\n5,e,2026-01-01,,,,,\n";
    let joined = tickets(rows, "2026-03-01");
    let tickets = joined.tickets.unwrap();
    let handled: Vec<_> =
        (0..tickets.len()).map(|row| tickets.ticket(row).handling.map(|h| (h.bot, h.human))).collect();
    let both = [Some((true, false)), Some((false, true)), Some((true, true)), Some((false, true)), None];
    assert_eq!(handled, both);
    let moment = Moment {
        as_of: at("2026-03-01"),
        repeat_window: 7 * DAY,
        response_window: 0,
        window_from: 0,
        base_from: 0,
    };
    assert!(tickets.issues(BY_SEVEN_DAYS).iter().all(|row| tickets.issue(row).is_mature(&moment)));
}
