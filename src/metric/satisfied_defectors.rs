//! Satisfied defectors: how many of those who left had said that they were satisfied.

use super::case::{Cases, Customer, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::stats::proportion::{newcombe, pooled_p};
use crate::tally::{Observation, Tally};

static PAGE: Page = Page {
    means: "How many of those who left had said that they were satisfied. Where the share is as high \
        among those who stayed, satisfaction does not tell who will stay.",
    assumes: &["The last answer before the silence still held when it began."],
    misleads: &["Only customers who answered are in it; those who leave without a word are not."],
};

pub static SATISFIED_DEFECTORS: Metric = Metric {
    id: "satisfied_defectors",
    title: "Satisfied before leaving",
    short: "Sat. left",
    unit: Unit::Percent,
    better: Better::Neither,
    definition: "csat-before-{window}",
    about: "churned customers whose last CSAT before the silence was satisfied, of those who had answered",
    formula: "100 · churned customers whose last CSAT before the silence was satisfied / churned customers \
        who had answered; Wilson interval, and Newcombe's for the difference to those who stayed",
    source: "Reichheld 1993: most who leave had said that they were satisfied",
    page: &PAGE,
    needs: &[(Kind::Purchases, &[Field::Customer]), (Kind::Surveys, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Arms,
    reading: Reading::of_focal,
    estimate,
};

fn observe(customer: &Customer, _: &Moment) -> Observation {
    match customer.was_satisfied {
        _ if !customer.in_base => Observation::Excluded("not-in-base"),
        None => Observation::Excluded("no-csat-before"),
        Some(success) => Observation::Arm { focal: !customer.returned, success },
    }
}

fn estimate(tally: &Tally, level: f64) -> Estimate {
    let Tally::Arms(arms) = tally else { return Estimate::undefined(0, "no cases") };
    let (left, stayed) = (arms.focal, arms.other);
    let churned = judge::percent(&left, level);
    let retained = judge::percent(&stayed, level);
    let [x1, n1, x2, n2] = [left.successes, left.n(), stayed.successes, stayed.n()].map(|count| count as f64);
    let difference = newcombe(x1, n1, x2, n2, level);
    churned
        .with("successes", left.successes)
        .with("retained_n", stayed.n())
        .with("retained_value", retained.value)
        .with("retained_lower", retained.lower)
        .with("retained_upper", retained.upper)
        .with("difference", difference.map(|_| 100.0 * (x1 / n1 - x2 / n2)))
        .with("difference_lower", difference.map(|limits| 100.0 * limits.lower))
        .with("difference_upper", difference.map(|limits| 100.0 * limits.upper))
        .with("p", pooled_p(x1, n1, x2, n2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{CUSTOMER, MOMENT};

    fn judged(in_base: bool, returned: bool, was_satisfied: Option<bool>) -> Observation {
        observe(&Customer { in_base, returned, was_satisfied, ..CUSTOMER }, &MOMENT)
    }

    #[test]
    fn those_who_left_are_the_focal_arm() {
        assert_eq!(judged(true, false, Some(true)), Observation::Arm { focal: true, success: true });
        assert_eq!(judged(true, false, Some(false)), Observation::Arm { focal: true, success: false });
        assert_eq!(judged(true, true, Some(true)), Observation::Arm { focal: false, success: true });
        assert_eq!(judged(true, false, None), Observation::Excluded("no-csat-before"));
        assert_eq!(judged(false, false, Some(true)), Observation::Excluded("not-in-base"));
    }

    #[test]
    fn the_difference_is_left_less_stayed() {
        let arm = |focal, success| Observation::Arm { focal, success };
        // One of two who left was satisfied, and all three who stayed.
        let five = [arm(true, true), arm(true, false), arm(false, true), arm(false, true), arm(false, true)];
        let left = estimate(&SATISFIED_DEFECTORS.tallied(&five), 0.95);
        assert_eq!((left.n, left.value), (2, Some(50.0)));
        let detail = ["retained_n", "retained_value", "difference"].map(|name| left.detail.number(name));
        assert_eq!(detail, [Some(3.0), Some(100.0), Some(-50.0)]);
    }

    #[test]
    fn nobody_left_leaves_the_other_arm_and_no_difference() {
        let stayed = [Observation::Arm { focal: false, success: true }];
        let none = estimate(&SATISFIED_DEFECTORS.tallied(&stayed), 0.95);
        assert_eq!((none.n, none.value, none.note.as_str()), (0, None, "no cases"));
        assert_eq!((none.detail.number("retained_n"), none.detail.number("difference")), (Some(1.0), None));
        assert_eq!(none.detail.number("p"), None);
    }
}
