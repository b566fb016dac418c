//! Retention: customers of the window before who bought again in this one.

use super::case::{Cases, Customer, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::{Observation, Tally};

static PAGE: Page = Page {
    means: "How many of those who bought in one window bought again in the next.",
    assumes: &[
        "{window} is long enough: a customer who is silent for longer has left. The false-churn rate \
         says how often that is wrong.",
        "Customers have one id over time.",
    ],
    misleads: &[
        "A window shorter than the customers' usual pause calls loyal customers lost.",
        "The last period is unfinished until its end: it is marked, and is no fall.",
        "Returning customers are no retained ones: they are counted beside it.",
    ],
};

pub static RETENTION: Metric = Metric {
    id: "retention",
    title: "Retention",
    short: "Retention",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "window-{window}",
    about: "customers who bought again in the last {window}, of those who bought in the {window} before",
    formula: "100 · customers who bought in the last {window} / customers who bought in the {window} \
        before; Wilson interval",
    source: "the usual two-window retention of non-contractual business",
    page: &PAGE,
    needs: &[(Kind::Purchases, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate,
};

/// A customer of the base window who bought again is a success. Who buys now and did not then is new or returning.
fn observe(customer: &Customer, _: &Moment) -> Observation {
    match (customer.in_base, customer.returned) {
        (true, true) => Observation::Success,
        (true, false) => Observation::Failure,
        (false, true) => Observation::Arrived,
        (false, false) => Observation::Excluded("not-in-base"),
    }
}

/// The share, and the movement from one window to the next: active = retained + new or returning, and base = retained +
/// lost.
fn estimate(tally: &Tally, level: f64) -> Estimate {
    let estimate = judge::of_base(tally, level);
    let Tally::Share(share) = tally else { return estimate };
    estimate
        .with("active", share.successes + share.arrived)
        .with("base", share.n())
        .with("retained", share.successes)
        .with("lost", share.failures)
        .with("new_or_returning", share.arrived)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT, is_about};

    #[test]
    fn a_returning_customer_who_was_not_in_the_base_is_no_success() {
        let back = Customer { in_base: false, returned: true, ..CUSTOMER };
        assert_eq!(observe(&back, &MOMENT), Observation::Arrived);
        let gone = Customer { returned: false, ..back };
        assert_eq!(observe(&gone, &MOMENT), Observation::Excluded("not-in-base"));
    }

    #[test]
    fn one_of_two_is_half_between_9_and_91() {
        let half = [Observation::Success, Observation::Failure];
        let retention = estimate(&RETENTION.tallied(&half), 0.95);
        assert_eq!((retention.n, retention.value), (2, Some(50.0)));
        assert!(is_about(retention.lower, 9.453) && is_about(retention.upper, 90.547), "{retention:?}");
    }

    #[test]
    fn the_movement_adds_up() {
        let four = [Observation::Success, Observation::Failure, Observation::Failure, Observation::Arrived];
        let retention = estimate(&RETENTION.tallied(&four), 0.95);
        let moved = ["active", "base", "retained", "lost", "new_or_returning"];
        assert_eq!(moved.map(|name| retention.detail.number(name)), [2.0, 3.0, 1.0, 2.0, 1.0].map(Some));
        assert_eq!(retention.n, 3, "who is new is not in the base");
    }

    #[test]
    fn without_a_base_there_is_a_reason_and_no_share() {
        let first = estimate(&RETENTION.tallied(&[Observation::Arrived]), 0.95);
        assert_eq!((first.n, first.value, first.detail.number("active")), (0, None, Some(1.0)));
        assert_eq!(first.note, "no customers in the base window");
    }
}
