//! Bot containment: what a bot began and settled without a person.

use super::case::{Cases, Issue, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How many of those who met a bot first were helped by it alone, and did not come back within \
        {repeat}.",
    assumes: &[
        "Who handled a ticket is in the export.",
        "A further ticket of the same customer within {repeat} means that the bot did not help.",
    ],
    misleads: &[
        "Customers who gave up on the bot and never came back count as helped.",
        "A bot that is only asked easy questions is contained easily: compare it with people on the \
         same topics.",
    ],
};

pub static BOT_CONTAINMENT: Metric = Metric {
    id: "bot_containment",
    title: "Bot containment",
    short: "Bot",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "no-human-{repeat}",
    about: "issues a bot began and settled in one contact without a person, of those a bot began",
    formula: "100 · issues begun by a bot, settled by one contact, never a person / mature issues begun by \
        a bot; Wilson interval",
    source: "containment rate of conversational systems, with the demand that the customer did not come \
        back",
    page: &PAGE,
    needs: &[
        (Kind::Tickets, &[Field::Customer]),
        (Kind::Tickets, &[Field::HandledBy]),
        (Kind::Tickets, &[Field::ResolvedAt, Field::Status]),
    ],
    cases: Cases::Issues(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

fn observe(issue: &Issue, moment: &Moment) -> Observation {
    let Some(handling) = issue.first.handling else { return Observation::Excluded("handler-unknown") };
    if !issue.identified {
        Observation::Excluded("no-customer")
    } else if !handling.bot {
        Observation::Excluded("not-begun-by-bot")
    } else if !issue.is_mature(moment) {
        Observation::Pending
    } else if issue.is_settled_by_one_contact() && !issue.human {
        Observation::Success
    } else {
        Observation::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::case::{Handling, Ticket};
    use crate::metric::sample::{ISSUE, MOMENT, NOW};
    use crate::tally::Observation::{Excluded, Failure, Pending, Success};

    const BOT: Handling = Handling { bot: true, human: false };

    fn judged(handling: Option<Handling>, change: impl Fn(&mut Issue)) -> Observation {
        let mut issue = ISSUE;
        issue.first.handling = handling;
        issue.human = handling.is_some_and(|handling| handling.human);
        change(&mut issue);
        observe(&issue, &MOMENT)
    }

    #[test]
    fn only_a_bot_alone_contains() {
        assert_eq!(judged(Some(BOT), |_| ()), Success);
        assert_eq!(judged(Some(Handling { bot: true, human: true }), |_| ()), Failure);
        assert_eq!(judged(Some(Handling { bot: false, human: true }), |_| ()), Excluded("not-begun-by-bot"));
        assert_eq!(judged(None, |_| ()), Excluded("handler-unknown"));
    }

    #[test]
    fn a_person_a_second_ticket_or_an_open_end_is_no_containment() {
        assert_eq!(judged(Some(BOT), |issue| (issue.tickets, issue.human) = (2, true)), Failure);
        assert_eq!(judged(Some(BOT), |issue| issue.tickets = 2), Failure);
        let open = |issue: &mut Issue| (issue.first.resolved_at, issue.first.resolved) = (None, false);
        assert_eq!(judged(Some(BOT), open), Failure);
        let young = |issue: &mut Issue| issue.first = Ticket { resolved_at: Some(NOW), ..issue.first };
        assert_eq!(judged(Some(BOT), young), Pending);
        assert_eq!(judged(Some(BOT), |issue| issue.identified = false), Excluded("no-customer"));
    }
}
