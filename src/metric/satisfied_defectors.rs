//! Satisfied defectors: how many of those who left had said that they were satisfied.

use super::case::{Cases, Customer, Moment};
use super::{Metric, TallyKind, judge};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::stats::proportion::{newcombe, pooled_p};
use crate::tally::{Observation, Tally};

pub static SATISFIED_DEFECTORS: Metric = Metric {
    id: "satisfied_defectors",
    title: "Satisfied before leaving",
    short: "Sat. left",
    unit: Unit::Percent,
    definition: "csat-before-{window}",
    about: "churned customers whose last CSAT before the silence was satisfied, of those who had answered",
    needs: &[(Kind::Purchases, &[Field::Customer]), (Kind::Surveys, &[Field::Customer])],
    cases: Cases::Customers(observe),
    tally: TallyKind::Arms,
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
