//! First-contact resolution: issues that one contact settled.

use super::case::{Cases, Issue, Moment, Question, Ticket};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge, scores};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Observation, Scale, Score};

static PAGE: Page = Page {
    means: "How often one contact was enough: the customer wrote in once, it was resolved, and nothing \
        came after it for {repeat}.",
    assumes: &[
        "A further ticket of the same customer within {repeat} is about the same thing; --same-topic \
         asks for the same topic.",
        "The customer of a ticket is known. Tickets without one are left out, since nobody can see \
         whether they came back.",
    ],
    misleads: &[
        "Customers who gave up, or who turned to another channel that is not exported, count as \
         settled.",
        "Young issues are neither settled nor not: the latest week is always incomplete, and is left \
         out here.",
        "Vendors count it by ticket, by replies or by agents: the same file may give 84 % and 50 %. \
         Name the definition.",
    ],
};

pub static FCR: Metric = Metric {
    id: "fcr",
    title: "First-contact resolution",
    short: "FCR",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "no-repeat-{repeat}",
    about: "issues settled by one ticket, with no repeat contact in {repeat}, of mature issues",
    formula: "100 · issues of one ticket, resolved, not reopened and not escalated / mature issues; Wilson \
        interval",
    source: "metrics of customer service research: no repeat contact within a window (SQM, ICMI)",
    page: &PAGE,
    needs: &[(Kind::Tickets, &[Field::Customer]), (Kind::Tickets, &[Field::ResolvedAt, Field::Status])],
    cases: Cases::Issues(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

/// Zendesk's one-touch tickets: resolved with fewer than two replies.
pub static ZENDESK: Metric = Metric {
    definition: "zendesk",
    about: "resolved tickets with fewer than two replies of agents, of resolved tickets",
    formula: "100 · resolved tickets with 0 or 1 reply / resolved tickets; Wilson interval",
    source: "Zendesk Explore, one-touch tickets: agent replies < 2 and status solved or closed",
    needs: &[(Kind::Tickets, &[Field::Replies]), (Kind::Tickets, &[Field::ResolvedAt, Field::Status])],
    cases: Cases::Tickets(|ticket, _| resolved(ticket, ticket.replies, |replies| replies < 2)),
    ..FCR
};

/// Resolved with exactly one reply.
pub static ONE_TOUCH: Metric = Metric {
    definition: "one-touch",
    about: "resolved tickets with exactly one reply of an agent, of resolved tickets",
    formula: "100 · resolved tickets with 1 reply / resolved tickets; Wilson interval",
    source: "one-touch resolution as help desks use the word: one answer, and no silent closing",
    cases: Cases::Tickets(|ticket, _| resolved(ticket, ticket.replies, |replies| replies == 1)),
    ..ZENDESK
};

/// Freshservice's: resolved without a further reply of the customer.
pub static FRESHSERVICE: Metric = Metric {
    definition: "freshservice",
    about: "resolved tickets to which the customer wrote no further reply, of resolved tickets",
    formula: "100 · resolved tickets with 0 customer replies / resolved tickets; Wilson interval",
    source: "Freshservice, first call resolution: resolved on the first interaction",
    needs: &[
        (Kind::Tickets, &[Field::CustomerReplies]),
        (Kind::Tickets, &[Field::ResolvedAt, Field::Status]),
    ],
    cases: Cases::Tickets(|ticket, _| resolved(ticket, ticket.customer_replies, |replies| replies == 0)),
    ..FCR
};

/// Intercom's: closed once, by one agent.
pub static INTERCOM: Metric = Metric {
    definition: "intercom",
    about: "resolved tickets that one agent closed once, of resolved tickets",
    formula: "100 · resolved tickets with 0 reopens and 1 agent / resolved tickets; Wilson interval",
    source: "Intercom, first contact resolution: closed once, with one teammate",
    needs: &[
        (Kind::Tickets, &[Field::Agents]),
        (Kind::Tickets, &[Field::Reopens]),
        (Kind::Tickets, &[Field::ResolvedAt, Field::Status]),
    ],
    cases: Cases::Tickets(|ticket, _| {
        let once = ticket.agents.zip(ticket.reopens).map(|(agents, reopens)| u32::from(agents > 1) + reopens);
        resolved(ticket, once, |more| more == 0)
    }),
    ..FCR
};

/// What customers say: was it resolved at the first contact, 1 or 0.
pub static SURVEY: Metric = Metric {
    definition: "survey",
    about: "answers that it was resolved at the first contact (1), of all answers (0 and 1) to the question fcr",
    formula: "100 · answers of 1 / answers; Wilson interval",
    source: "the customer's own word, as call-centre surveys ask for it",
    needs: &[(Kind::Surveys, &[Field::Score])],
    cases: Cases::Answers(Question { name: "fcr", scales: &[Scale::new(0, 1)], whole_only: true }),
    tally: TallyKind::Histogram,
    reading: |tally| Some(scores::share(scores::of(tally)?, |score| score >= Score::whole(1))),
    estimate: |tally, level| {
        let Some(answers) = scores::of(tally) else { return Estimate::undefined(0, "no answers") };
        let reading = scores::share(answers, |score| score >= Score::whole(1));
        scores::estimate(answers, &reading, scores::PERCENT, level)
    },
    ..FCR
};

/// A resolved ticket is judged by a count; one that lacks it is left out.
fn resolved(ticket: &Ticket, count: Option<u32>, is_one: impl Fn(u32) -> bool) -> Observation {
    match count {
        _ if !ticket.resolved => Observation::Excluded("not-resolved"),
        None => Observation::Excluded("no-count"),
        Some(count) if is_one(count) => Observation::Success,
        Some(_) => Observation::Failure,
    }
}

fn observe(issue: &Issue, moment: &Moment) -> Observation {
    if !issue.identified {
        Observation::Excluded("no-customer")
    } else if !issue.is_mature(moment) {
        Observation::Pending
    } else if issue.is_settled_by_one_contact() {
        Observation::Success
    } else {
        Observation::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{ISSUE, MOMENT, NOW, TICKET, is_about};
    use crate::tally::Observation::{Excluded, Failure, Pending, Success};

    fn judged(first: Ticket, tickets: u32) -> Observation {
        observe(&Issue { first, tickets, ..ISSUE }, &MOMENT)
    }

    #[test]
    fn one_contact_settles_when_nothing_came_after_it() {
        assert_eq!(judged(TICKET, 1), Success);
        assert_eq!(judged(TICKET, 2), Failure);
        assert_eq!(judged(Ticket { reopens: Some(1), ..TICKET }, 1), Failure);
        assert_eq!(judged(Ticket { reopens: Some(0), ..TICKET }, 1), Success);
        assert_eq!(judged(Ticket { escalated: Some(true), ..TICKET }, 1), Failure);
        assert_eq!(judged(Ticket { escalated: Some(false), ..TICKET }, 1), Success);
        assert_eq!(judged(Ticket { resolved: false, resolved_at: None, ..TICKET }, 1), Failure);
    }

    #[test]
    fn an_issue_is_mature_exactly_when_its_window_has_passed() {
        let edge = NOW - MOMENT.repeat_window;
        assert_eq!(judged(Ticket { resolved_at: Some(edge), ..TICKET }, 1), Success);
        assert_eq!(judged(Ticket { resolved_at: Some(edge + 1), ..TICKET }, 1), Pending);
        // A repeat that has come already cannot make an issue mature before its time.
        assert_eq!(judged(Ticket { resolved_at: Some(edge + 1), ..TICKET }, 2), Pending);
        // While it is open its end is its creation.
        let open = Ticket { resolved: false, resolved_at: None, ..TICKET };
        assert_eq!(judged(Ticket { created_at: edge, ..open }, 1), Failure);
        assert_eq!(judged(Ticket { created_at: edge + 1, ..open }, 1), Pending);
    }

    #[test]
    fn nobody_is_excluded_whatever_became_of_the_ticket() {
        assert_eq!(observe(&Issue { identified: false, ..ISSUE }, &MOMENT), Excluded("no-customer"));
    }

    #[test]
    fn vendors_count_by_ticket() {
        let by = |metric: &Metric, ticket: &Ticket| (metric.cases.tickets().unwrap())(ticket, &MOMENT);
        let told = Ticket {
            replies: Some(1),
            customer_replies: Some(0),
            agents: Some(1),
            reopens: Some(0),
            ..TICKET
        };
        let all = [&ZENDESK, &ONE_TOUCH, &FRESHSERVICE, &INTERCOM];
        assert!(all.iter().all(|metric| by(metric, &told) == Success));
        assert!(all.iter().all(|metric| by(metric, &TICKET) == Excluded("no-count")));
        let open = Ticket { resolved: false, ..told };
        assert!(all.iter().all(|metric| by(metric, &open) == Excluded("not-resolved")));
        let silent = Ticket { replies: Some(0), customer_replies: Some(1), agents: Some(2), ..told };
        assert_eq!(all.map(|metric| by(metric, &silent)), [Success, Failure, Failure, Failure]);
        assert_eq!(by(&INTERCOM, &Ticket { reopens: Some(1), ..told }), Failure);
    }

    #[test]
    fn pending_cases_bound_the_value_from_both_sides() {
        // 2 of 3, and one pending: from 2 of 4 to 3 of 4.
        let fcr = judge::share(&FCR.tallied(&[Success, Success, Failure, Pending]), 0.95);
        assert!(fcr.n == 3 && is_about(fcr.value, 66.667), "{fcr:?}");
        let detail = ["pending", "lower_bound", "upper_bound"].map(|name| fcr.detail.number(name));
        assert_eq!(detail, [Some(1.0), Some(50.0), Some(75.0)]);
        let none = judge::share(&FCR.tallied(&[Pending]), 0.95);
        assert_eq!((none.n, none.value, none.note.as_str()), (0, None, "every case is still pending"));
    }
}
