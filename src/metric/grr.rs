//! Gross revenue retention: what is left of the spend of the window before, growth not counted.

use super::case::{Cases, Customer, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How much of the money of the window before was kept, before anything is added: what shrank \
        or left is missing, what grew is not counted.",
    assumes: &[
        "All amounts are in one currency.",
        "Spend in two windows of one length can be compared: no season lies between them.",
    ],
    misleads: &[
        "A few large customers decide it: look at the interval, which is wide then.",
        "Where customers buy irregularly it punishes the mere timing of orders.",
    ],
};

pub static GRR: Metric = Metric {
    id: "grr",
    title: "Gross revenue retention",
    short: "GRR",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "window-{window}",
    about: "spend in the last {window} of those who bought in the {window} before, of their spend then, growth left out",
    formula: "100 · Σ min(spend now, spend before) / Σ spend before, over the customers of the window \
        before; linearised ratio interval",
    source: "gross revenue retention of recurring business; ratio estimator (Cochran 1977)",
    page: &PAGE,
    needs: &[(Kind::Purchases, &[Field::Customer]), (Kind::Purchases, &[Field::Amount])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Ratio,
    reading: Reading::of_money,
    estimate: |tally, level| judge::money_ratio(tally, level, Some(100.0)),
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    if !customer.in_base {
        return Observation::Excluded("not-in-base");
    }
    if customer.spent_otherwise {
        return Observation::Excluded("other-currency");
    }
    let base = customer.spend_before;
    Observation::Pair { base, now: customer.spend_now.min(base) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT};

    fn judged(spend_before: i64, spend_now: i64) -> Observation {
        observe(&Customer { spend_before, spend_now, ..CUSTOMER }, &MOMENT)
    }

    #[test]
    fn growth_is_left_out_and_loss_is_not() {
        assert_eq!(judged(40, 30), Observation::Pair { base: 40, now: 30 });
        assert_eq!(judged(40, 90), Observation::Pair { base: 40, now: 40 });
        assert_eq!(judged(40, 0), Observation::Pair { base: 40, now: 0 });
    }

    #[test]
    fn who_comes_back_from_nothing_is_not_in_the_base() {
        let back = Customer { in_base: false, spend_before: 0, spend_now: 100, ..CUSTOMER };
        assert_eq!(observe(&back, &MOMENT), Observation::Excluded("not-in-base"));
    }

    #[test]
    fn fifty_of_a_hundred_kept_and_one_customer_has_no_variance() {
        let pair = |base, now| Observation::Pair { base, now };
        // Two customers of 50 each: one keeps everything, one nothing.
        let grr = (GRR.estimate)(&GRR.tallied(&[pair(500_000, 500_000), pair(500_000, 0)]), 0.95);
        assert_eq!((grr.n, grr.value, grr.lower, grr.upper), (2, Some(50.0), Some(0.0), Some(100.0)));
        assert_eq!((grr.detail.number("base"), grr.detail.number("now")), (Some(100.0), Some(50.0)));
        let one = (GRR.estimate)(&GRR.tallied(&[pair(500_000, 400_000)]), 0.95);
        assert_eq!(
            (one.value, one.lower, one.note.as_str()),
            (Some(80.0), None, "one customer has no variance")
        );
        let free = (GRR.estimate)(&GRR.tallied(&[pair(0, 0)]), 0.95);
        assert_eq!((free.n, free.value, free.note.as_str()), (1, None, "no spend in the base window"));
    }

    /// More was paid back in this window than bought: the interval surrounds the value all the same.
    #[test]
    fn a_value_below_zero_lies_in_its_interval() {
        let pair = |base, now| Observation::Pair { base, now };
        let grr = (GRR.estimate)(&GRR.tallied(&[pair(100, -50), pair(100, -40), pair(100, -60)]), 0.95);
        assert_eq!(grr.value, Some(-50.0));
        assert!(grr.lower <= grr.value && grr.value <= grr.upper, "{grr:?}");
    }
}
