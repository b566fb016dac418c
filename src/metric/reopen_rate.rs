//! Reopen rate: resolved tickets that did not stay resolved.

use super::case::{Cases, Moment, Ticket};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static REOPEN_RATE: Metric = Metric {
    id: "reopen_rate",
    title: "Reopen rate",
    short: "Reopen",
    unit: Unit::Percent,
    definition: "of-resolved",
    about: "tickets reopened at least once, of resolved tickets",
    needs: &[(Kind::Tickets, &[Field::Reopens]), (Kind::Tickets, &[Field::ResolvedAt, Field::Status])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

fn observe(ticket: &Ticket, _: &Moment) -> Observation {
    match ticket.reopens {
        _ if !ticket.resolved => Observation::Excluded("not-resolved"),
        None => Observation::Excluded("reopens-unknown"),
        Some(0) => Observation::Failure,
        Some(_) => Observation::Success,
    }
}
