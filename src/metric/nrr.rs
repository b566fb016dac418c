//! Net revenue retention: what the customers of the window before spend now, growth counted.

use super::case::{Cases, Customer, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static NRR: Metric = Metric {
    id: "nrr",
    title: "Net revenue retention",
    short: "NRR",
    unit: Unit::Percent,
    definition: "window-{window}",
    about: "spend in the last {window} of those who bought in the {window} before, of their spend then",
    needs: &[(Kind::Purchases, &[Field::Customer]), (Kind::Purchases, &[Field::Amount])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Ratio,
    estimate: |tally, level| judge::money_ratio(tally, level, None),
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    if !customer.in_base {
        return Observation::Excluded("not-in-base");
    }
    Observation::Pair { base: customer.spend_before, now: customer.spend_now }
}
