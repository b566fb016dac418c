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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT, is_about};

    #[test]
    fn a_returning_customer_who_was_not_in_the_base_is_no_success() {
        let back = Customer { in_base: false, returned: true, ..CUSTOMER };
        assert_eq!(observe(&back, &MOMENT), Observation::Excluded("not-in-base"));
    }

    #[test]
    fn one_of_two_is_half_between_9_and_91() {
        let half = [Observation::Success, Observation::Failure];
        let retention = judge::share(&RETENTION.tallied(&half), 0.95);
        assert_eq!((retention.n, retention.value), (2, Some(50.0)));
        assert!(is_about(retention.lower, 9.453) && is_about(retention.upper, 90.547), "{retention:?}");
    }
}
