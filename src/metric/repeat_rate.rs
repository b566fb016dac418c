//! Repeat rate: customers who came back at least once.

use super::case::{Cases, Customer, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static REPEAT_RATE: Metric = Metric {
    id: "repeat_rate",
    title: "Repeat purchase rate",
    short: "Repeat",
    unit: Unit::Percent,
    definition: "two-orders-{window}",
    about: "customers with two or more orders, of those whose first order is older than {window}",
    needs: &[(Kind::Purchases, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Share,
    estimate: judge::share,
};

fn observe(customer: &Customer, moment: &Moment) -> Observation {
    if customer.first_order_at >= moment.as_of.saturating_sub(moment.window) {
        Observation::Pending
    } else if customer.orders >= 2 {
        Observation::Success
    } else {
        Observation::Failure
    }
}
