//! Escalation rate: tickets that the first one to handle them could not finish.

use super::case::{Cases, Handling, Moment, Ticket};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static ESCALATION_RATE: Metric = Metric {
    id: "escalation_rate",
    title: "Escalation rate",
    short: "Escalate",
    unit: Unit::Percent,
    definition: "of-all",
    about: "tickets escalated, or passed from a bot to a person, of all tickets",
    needs: &[(Kind::Tickets, &[Field::Escalated])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

fn observe(ticket: &Ticket, _: &Moment) -> Observation {
    let handed_over = ticket.handling == Some(Handling { bot: true, human: true });
    match ticket.escalated {
        _ if handed_over => Observation::Success,
        Some(true) => Observation::Success,
        Some(false) => Observation::Failure,
        None => Observation::Excluded("escalation-unknown"),
    }
}
