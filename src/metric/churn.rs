//! Churn: customers of the window before who did not buy again in this one.

use super::case::{Cases, Customer, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static CHURN: Metric = Metric {
    id: "churn",
    title: "Churn",
    short: "Churn",
    unit: Unit::Percent,
    definition: "window-{window}",
    about: "customers who did not buy again in the last {window}, of those who bought in the {window} before",
    needs: &[(Kind::Purchases, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    match (customer.in_base, customer.returned) {
        (false, _) => Observation::Excluded("not-in-base"),
        (true, true) => Observation::Failure,
        (true, false) => Observation::Success,
    }
}
