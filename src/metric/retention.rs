//! Retention: customers of the window before who bought again in this one.

use super::case::{Cases, Customer, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static RETENTION: Metric = Metric {
    id: "retention",
    title: "Retention",
    short: "Retention",
    unit: Unit::Percent,
    definition: "window-{window}",
    about: "customers who bought again in the last {window}, of those who bought in the {window} before",
    needs: &[(Kind::Purchases, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

/// A customer of the base window who bought again is a success.
fn observe(customer: &Customer, _: &Moment) -> Observation {
    match (customer.in_base, customer.returned) {
        (false, _) => Observation::Excluded("not-in-base"),
        (true, true) => Observation::Success,
        (true, false) => Observation::Failure,
    }
}
