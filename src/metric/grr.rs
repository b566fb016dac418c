//! Gross revenue retention: what is left of the spend of the window before, growth not counted.

use super::case::{Cases, Customer, Moment};
use super::{Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static GRR: Metric = Metric {
    id: "grr",
    title: "Gross revenue retention",
    short: "GRR",
    unit: Unit::Percent,
    definition: "window-{window}",
    about: "spend in the last {window} of those who bought in the {window} before, of their spend then, growth left out",
    needs: &[(Kind::Purchases, &[Field::Customer]), (Kind::Purchases, &[Field::Amount])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Ratio,
    estimate: |tally, level| judge::money_ratio(tally, level, Some(100.0)),
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    if !customer.in_base {
        return Observation::Excluded("not-in-base");
    }
    let base = customer.spend_before;
    Observation::Pair { base, now: customer.spend_now.min(base) }
}
