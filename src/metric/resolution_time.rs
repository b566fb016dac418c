//! Resolution time: how long a ticket takes, the open ones counted as still running.

use super::case::{Cases, Moment, Ticket};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static RESOLUTION_TIME: Metric = Metric {
    id: "resolution_time",
    title: "Resolution time, median",
    short: "Resolve h",
    unit: Unit::Hours,
    definition: "km-median",
    about: "median time to resolution; an open ticket is censored, not dropped",
    needs: &[(Kind::Tickets, &[Field::ResolvedAt])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Durations,
    estimate: judge::median_hours,
};

fn observe(ticket: &Ticket, moment: &Moment) -> Observation {
    match ticket.resolved_at {
        Some(resolved) => Observation::Spell { time: resolved - ticket.created_at, ended: true },
        None if ticket.resolved => Observation::Excluded("no-resolution-time"),
        None => Observation::Spell { time: moment.as_of - ticket.created_at, ended: false },
    }
}
