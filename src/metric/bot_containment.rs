//! Bot containment: what a bot began and settled without a person.

use super::case::{Cases, Issue, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static BOT_CONTAINMENT: Metric = Metric {
    id: "bot_containment",
    title: "Bot containment",
    short: "Bot",
    unit: Unit::Percent,
    definition: "no-human-{repeat}",
    about: "issues a bot began and settled in one contact without a person, of those a bot began",
    needs: &[
        (Kind::Tickets, &[Field::Customer]),
        (Kind::Tickets, &[Field::HandledBy]),
        (Kind::Tickets, &[Field::ResolvedAt, Field::Status]),
    ],
    cases: Cases::Issues(observe),
    tally: TallyKind::Share,
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
