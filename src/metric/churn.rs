//! Churn: customers of the window before who did not buy again in this one.

use super::case::{Cases, Customer, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How many of those who bought in one window did not buy in the next.",
    assumes: &[
        "{window} is long enough: a customer who is silent for longer has left. The false-churn rate \
         says how often that is wrong.",
        "Customers have one id over time.",
    ],
    misleads: &[
        "A window shorter than the customers' usual pause calls loyal customers lost.",
        "An unfinished period reads as a wave of losses: it is marked, and never compared unasked.",
    ],
};

pub static CHURN: Metric = Metric {
    id: "churn",
    title: "Churn",
    short: "Churn",
    unit: Unit::Percent,
    better: Better::Lower,
    definition: "window-{window}",
    about: "customers who did not buy again in the last {window}, of those who bought in the {window} before",
    formula: "100 − retention, of the same customers; Wilson interval",
    source: "the usual two-window churn of non-contractual business",
    page: &PAGE,
    needs: &[(Kind::Purchases, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::of_base,
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    match (customer.in_base, customer.returned) {
        (false, _) => Observation::Excluded("not-in-base"),
        (true, true) => Observation::Failure,
        (true, false) => Observation::Success,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT, is_about};

    #[test]
    fn churn_and_retention_part_the_same_customers() {
        let Cases::Customers(retained) = crate::metric::retention::RETENTION.cases else {
            panic!("customers")
        };
        let mut seen = Vec::new();
        for (in_base, returned) in [(true, true), (true, false), (false, true), (false, false)] {
            let customer = Customer { in_base, returned, ..CUSTOMER };
            seen.push((observe(&customer, &MOMENT), retained(&customer, &MOMENT)));
        }
        let outside = Observation::Excluded("not-in-base");
        assert_eq!(
            seen,
            [
                (Observation::Failure, Observation::Success),
                (Observation::Success, Observation::Failure),
                (outside, Observation::Arrived),
                (outside, outside)
            ]
        );
    }

    #[test]
    fn one_customer_who_left_is_a_churn_of_100_with_a_wide_interval() {
        // Wilson's lower limit of 1 of 1 is 1 / (1 + 1.96²).
        let churn = judge::share(&CHURN.tallied(&[Observation::Success]), 0.95);
        assert_eq!((churn.n, churn.value, churn.upper), (1, Some(100.0), Some(100.0)));
        assert!(is_about(churn.lower, 20.655), "{churn:?}");
    }
}
