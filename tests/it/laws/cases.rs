//! Random cases of every population, made of plain numbers.

use cxm::instant::DAY;
use cxm::metric::Metric;
use cxm::metric::case::{Answer, Cases, Customer, Handling, Invitation, Issue, Moment, Question, Ticket};
use cxm::tally::{Observation, Scale, Score};

const NOW: i64 = 1000 * DAY;
const MOMENT: Moment = Moment {
    as_of: NOW,
    repeat_window: 7 * DAY,
    response_window: 14 * DAY,
    window_from: NOW - 90 * DAY,
    base_from: NOW - 180 * DAY,
};
/// The numbers that a random case is made of, and the part of the data it is in.
pub type Raw = (u8, u8, u8, u8, u32, u32);

/// One in `n`.
fn rare(number: u8, n: u8) -> bool {
    number.is_multiple_of(n)
}

fn ticket(&(a, b, c, d, early, late): &Raw) -> Ticket {
    let created_at = NOW - i64::from(early % 40) * DAY / 2;
    let later = |days: i64| (created_at + days * DAY / 4 <= NOW).then_some(created_at + days * DAY / 4);
    let resolved_at = if rare(a, 3) { None } else { later(i64::from(late % 30)) };
    Ticket {
        created_at,
        first_reply_at: if rare(b, 4) { None } else { later(i64::from(b % 5)) },
        resolved_at,
        resolved: resolved_at.is_some() || rare(a, 9),
        reopens: (!rare(c, 5)).then_some(u32::from(c % 3)),
        replies: (!rare(d, 6)).then_some(u32::from(b % 4)),
        customer_replies: (!rare(a, 7)).then_some(u32::from(d % 3)),
        agents: (!rare(b, 8)).then_some(1 + u32::from(d % 2)),
        escalated: (!rare(d, 5)).then_some(rare(d, 2)),
        handling: (!rare(d, 7)).then_some(Handling { bot: rare(c, 2), human: !rare(c, 2) || rare(c, 4) }),
        business: None,
    }
}

fn customer(&(a, b, c, d, before, now): &Raw) -> Customer {
    let in_base = !rare(a, 4);
    let returned = !rare(b, 3);
    Customer {
        orders: 1 + u32::from(c % 3),
        first_order_at: NOW - i64::from(d) * DAY,
        in_base,
        returned,
        spend_before: if in_base { i64::from(before % 10_000_000) } else { 0 },
        spend_now: if returned { i64::from(now % 10_000_000) } else { 0 },
        spent_otherwise: false,
        was_satisfied: (!rare(c, 4)).then_some(rare(d, 2)),
    }
}

fn answer(question: &Question, &(a, b, ..): &Raw) -> Answer {
    let Scale { lowest, highest } = question.scales[0];
    let steps = (highest.0 - lowest.0) / 500;
    let score = lowest.0 + i32::from(b) % (steps + 1) * 500;
    let score = if question.whole_only { score / 1000 * 1000 } else { score };
    Answer { score: (!rare(a, 6)).then_some(Score(score)), weight: None }
}

/// What the metric says of a random case.
pub fn judged(metric: &Metric, raw: &Raw) -> Observation {
    let &(a, b, c, _, early, _) = raw;
    match &metric.cases {
        Cases::Answers(question) => Question::observe(&answer(question, raw)),
        Cases::Invitations(judge) => {
            let sent_at = NOW - i64::from(early % 40) * DAY;
            judge(&Invitation { sent_at, answered: rare(a, 2) }, &MOMENT)
        }
        Cases::Tickets(judge) => judge(&ticket(raw), &MOMENT),
        Cases::Issues(judge) => {
            let first = ticket(raw);
            let tickets = 1 + u32::from(b % 3);
            let human = first.handling.is_some_and(|handling| handling.human) || rare(b, 5);
            let channel_changed = tickets > 1 && rare(c, 3);
            judge(&Issue { first, tickets, human, channel_changed, identified: !rare(a, 8) }, &MOMENT)
        }
        Cases::Customers(judge) => judge(&customer(raw), &MOMENT),
    }
}
