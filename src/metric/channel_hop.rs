//! Channel hop: issues in which the customer had to tell it again somewhere else.

use super::case::{Cases, Issue, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static CHANNEL_HOP: Metric = Metric {
    id: "channel_hop",
    title: "Channel hop",
    short: "Hop",
    unit: Unit::Percent,
    definition: "changed-{repeat}",
    about: "issues of two or more tickets that changed channel, of mature issues",
    needs: &[(Kind::Tickets, &[Field::Customer]), (Kind::Tickets, &[Field::Channel])],
    cases: Cases::Issues(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

fn observe(issue: &Issue, moment: &Moment) -> Observation {
    if !issue.identified {
        Observation::Excluded("no-customer")
    } else if !issue.is_mature(moment) {
        Observation::Pending
    } else if issue.channel_changed {
        Observation::Success
    } else {
        Observation::Failure
    }
}
