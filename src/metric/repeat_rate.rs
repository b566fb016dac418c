//! Repeat rate: customers who came back at least once.

use super::case::{Cases, Customer, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How many customers came back at least once.",
    assumes: &["Customers who came too recently to come back are left out."],
    misleads: &["It only grows with time: customers of old cohorts have had longer to return. Compare \
         cohorts of one age."],
};

pub static REPEAT_RATE: Metric = Metric {
    id: "repeat_rate",
    title: "Repeat purchase rate",
    short: "Repeat",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "two-orders-{window}",
    about: "customers with two or more orders, of those whose first order is older than {age}",
    formula: "100 · customers with two orders or more / customers whose first order is older than {age}; \
        Wilson interval",
    source: "the usual repeat-purchase rate of retail",
    page: &PAGE,
    needs: &[(Kind::Purchases, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

fn observe(customer: &Customer, moment: &Moment) -> Observation {
    if customer.first_order_at >= moment.window_from {
        Observation::Pending
    } else if customer.orders >= 2 {
        Observation::Success
    } else {
        Observation::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT};
    use crate::tally::Observation::{Failure, Pending, Success};

    #[test]
    fn the_first_order_must_be_older_than_the_window() {
        let judged =
            |first_order_at, orders| observe(&Customer { first_order_at, orders, ..CUSTOMER }, &MOMENT);
        let edge = MOMENT.window_from;
        assert_eq!([judged(edge - 1, 1), judged(edge - 1, 2)], [Failure, Success]);
        assert_eq!([judged(edge, 1), judged(edge, 2)], [Pending, Pending]);
    }

    #[test]
    fn the_base_window_does_not_matter() {
        let long_gone =
            Customer { in_base: false, returned: false, orders: 3, first_order_at: 0, ..CUSTOMER };
        assert_eq!(observe(&long_gone, &MOMENT), Success);
    }
}
