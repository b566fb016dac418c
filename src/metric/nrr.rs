//! Net revenue retention: what the customers of the window before spend now, growth counted.

use super::case::{Cases, Customer, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How much the customers of the window before spend now, growth included: over 100 % they grow \
        faster than others leave.",
    assumes: &["All amounts are in one currency.", "New and returning customers are not in it."],
    misleads: &[
        "One customer who doubles their spend hides many who left: look at gross retention and at \
         churn.",
        "Price rises read as loyalty.",
    ],
};

pub static NRR: Metric = Metric {
    id: "nrr",
    title: "Net revenue retention",
    short: "NRR",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "window-{window}",
    about: "spend in the last {window} of those who bought in the {window} before, of their spend then",
    formula: "100 · Σ spend now / Σ spend before, over the customers of the window before; linearised \
        ratio interval",
    source: "net revenue retention of recurring business; ratio estimator (Cochran 1977)",
    page: &PAGE,
    needs: &[(Kind::Purchases, &[Field::Customer]), (Kind::Purchases, &[Field::Amount])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Ratio,
    reading: Reading::of_money,
    estimate: |tally, level| judge::money_ratio(tally, level, None),
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    if !customer.in_base {
        return Observation::Excluded("not-in-base");
    }
    if customer.spent_otherwise {
        return Observation::Excluded("other-currency");
    }
    Observation::Pair { base: customer.spend_before, now: customer.spend_now }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT};

    #[test]
    fn growth_counts_but_not_of_who_was_not_there() {
        let grown = Customer { spend_before: 40, spend_now: 90, ..CUSTOMER };
        assert_eq!(observe(&grown, &MOMENT), Observation::Pair { base: 40, now: 90 });
        let new = Customer { in_base: false, ..grown };
        assert_eq!(observe(&new, &MOMENT), Observation::Excluded("not-in-base"));
    }

    #[test]
    fn one_that_doubles_and_one_that_leaves_are_100_percent() {
        let pair = |base, now| Observation::Pair { base, now };
        let nrr = (NRR.estimate)(&NRR.tallied(&[pair(100, 200), pair(100, 0)]), 0.95);
        assert_eq!((nrr.n, nrr.value, nrr.lower), (2, Some(100.0), Some(0.0)));
        assert!(nrr.upper.is_some_and(|upper| upper > 1000.0), "no cap: {nrr:?}");
    }
}
