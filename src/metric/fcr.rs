//! First-contact resolution: issues that one contact settled.

use super::case::{Cases, Issue, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static FCR: Metric = Metric {
    id: "fcr",
    title: "First-contact resolution",
    short: "FCR",
    unit: Unit::Percent,
    definition: "no-repeat-{repeat}",
    about: "issues settled by one ticket, with no repeat contact in {repeat}, of mature issues",
    needs: &[(Kind::Tickets, &[Field::Customer]), (Kind::Tickets, &[Field::ResolvedAt, Field::Status])],
    cases: Cases::Issues(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

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
