//! Cases to numbers: counting, a product over the waits, and the program's own interval formulas.

use std::collections::BTreeMap;

use cxm::stats::ratio::Sums;
use cxm::stats::survival::KaplanMeier;
use cxm::stats::{Interval, mean, nps, proportion, ratio};

use super::{Case, Fact};

/// What a group's record should say.
#[derive(Debug, Clone, Default)]
pub struct Number {
    pub n: u64,
    pub value: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub detail: BTreeMap<&'static str, Option<f64>>,
}

/// Reduces the cases of one group.
pub fn sum(metric: &str, cases: &[&Case], level: f64) -> Number {
    match metric {
        "nps" => promoters(cases, level),
        "ces" => average(cases, level),
        "first_reply_time" | "resolution_time" => waits(cases, level),
        "grr" => money(cases, level, Some(1.0)),
        "nrr" => money(cases, level, None),
        "satisfied_defectors" => defectors(cases, level),
        "csat" => {
            let satisfied = count(cases, |fact| matches!(fact, Fact::Score(4..)));
            let number = share(satisfied, cases.len() as u64, level);
            if number.n == 0 { number } else { number.with("satisfied", satisfied) }
        }
        "retention" => moved(shares(cases, level), cases),
        _ => shares(cases, level),
    }
}

/// Who stayed, left and came.
fn moved(number: Number, cases: &[&Case]) -> Number {
    let (stayed, left) = (count(cases, |f| f == Fact::Yes), count(cases, |f| f == Fact::No));
    let came = count(cases, |fact| fact == Fact::Arrived);
    let of_both = number.with("active", stayed + came).with("base", stayed + left);
    of_both.with("retained", stayed).with("lost", left).with("new_or_returning", came)
}

impl Number {
    fn with(mut self, name: &'static str, count: u64) -> Number {
        self.detail.insert(name, Some(count as f64));
        self
    }

    fn with_number(mut self, name: &'static str, number: Option<f64>) -> Number {
        self.detail.insert(name, number);
        self
    }

    fn between(mut self, interval: Option<Interval>, unit: f64) -> Number {
        self.lower = interval.map(|limits| limits.lower * unit);
        self.upper = interval.map(|limits| limits.upper * unit);
        self
    }
}

fn count(cases: &[&Case], is: impl Fn(Fact) -> bool) -> u64 {
    cases.iter().filter(|case| is(case.fact)).count() as u64
}

fn share(successes: u64, n: u64, level: f64) -> Number {
    let value = (n > 0).then(|| 100.0 * successes as f64 / n as f64);
    let number = Number { n, value, ..Number::default() };
    number.between(proportion::wilson(successes as f64, n as f64, level), 100.0)
}

fn shares(cases: &[&Case], level: f64) -> Number {
    let (successes, pending) = (count(cases, |f| f == Fact::Yes), count(cases, |f| f == Fact::Pending));
    let n = count(cases, |f| f == Fact::No) + successes;
    let number = share(successes, n, level);
    if n == 0 && pending == 0 {
        return number;
    }
    let number = if n > 0 { number.with("successes", successes) } else { number };
    if pending == 0 {
        return number;
    }
    let of_all = |good: u64| Some(100.0 * good as f64 / (n + pending) as f64);
    let number = number.with("pending", pending).with_number("lower_bound", of_all(successes));
    number.with_number("upper_bound", of_all(successes + pending))
}

fn promoters(cases: &[&Case], level: f64) -> Number {
    let among = |low: i64, high: i64| count(cases, |f| matches!(f, Fact::Score(s) if low <= s && s <= high));
    let (detractors, passives, promoters) = (among(0, 6), among(7, 8), among(9, 10));
    let n = cases.len() as u64;
    let value = (n > 0).then(|| 100.0 * (promoters as f64 - detractors as f64) / n as f64);
    let interval = nps::score_interval(detractors as f64, passives as f64, promoters as f64, level);
    let number = Number { n, value, ..Number::default() }.between(interval, 100.0);
    if n == 0 {
        return number;
    }
    number.with("promoters", promoters).with("passives", passives).with("detractors", detractors)
}

fn average(cases: &[&Case], level: f64) -> Number {
    let scores: Vec<f64> = cases
        .iter()
        .map(|case| match case.fact {
            Fact::Score(score) => score as f64,
            other => panic!("{other:?}"),
        })
        .collect();
    let n = scores.len() as f64;
    let average = scores.iter().sum::<f64>() / n;
    let squares: f64 = scores.iter().map(|score| (score - average).powi(2)).sum();
    let sd = (n > 1.0).then(|| (squares / (n - 1.0)).sqrt());
    let interval = sd.and_then(|sd| mean::t_interval(average, sd, n, level));
    let inside = interval.map(|i| Interval { lower: i.lower.max(1.0), upper: i.upper.min(7.0) });
    Number { n: scores.len() as u64, value: (n > 0.0).then_some(average), ..Number::default() }
        .between(inside, 1.0)
        .with_number("sd", sd)
}

const HOUR: f64 = 3.6e9;

fn waits(cases: &[&Case], level: f64) -> Number {
    let waits: Vec<(i64, bool)> = cases
        .iter()
        .map(|case| match case.fact {
            Fact::Wait(time, over) => (time, over),
            other => panic!("{other:?}"),
        })
        .collect();
    let reached = |share: f64| {
        let mut ends: Vec<i64> = waits.iter().filter(|(_, over)| *over).map(|(time, _)| *time).collect();
        ends.sort_unstable();
        ends.into_iter().find(|t| survival(&waits, *t) <= 1.0 - share + 1e-12).map(|t| t as f64 / HOUR)
    };
    let sorted = |wanted: bool| {
        let of = waits.iter().filter(|(_, over)| *over == wanted);
        let mut times: Vec<f64> = of.map(|(time, _)| *time as f64 / HOUR).collect();
        times.sort_by(f64::total_cmp);
        times
    };
    let (closed, running) = (sorted(true), sorted(false));
    let curve = KaplanMeier::new(&closed, &running);
    let middle = closed.len() / 2;
    let closed_median = match closed.len() {
        0 => None,
        n if n % 2 == 1 => Some(closed[middle]),
        _ => Some(f64::midpoint(closed[middle - 1], closed[middle])),
    };
    let (lower, upper) = curve.quantile_interval(0.5, level);
    let number = Number { n: waits.len() as u64, value: reached(0.5), lower, upper, ..Number::default() };
    if waits.is_empty() {
        return number;
    }
    let open = count(cases, |fact| matches!(fact, Fact::Wait(_, false)));
    number
        .with("open", open)
        .with_number("p90", reached(0.9))
        .with_number("closed_only_median", closed_median)
}

/// The product over the moments at which a wait ended, each found by looking at all waits again.
fn survival(waits: &[(i64, bool)], until: i64) -> f64 {
    let mut moments: Vec<i64> =
        waits.iter().filter(|(t, over)| *over && *t <= until).map(|(t, _)| *t).collect();
    moments.sort_unstable();
    moments.dedup();
    let left = |moment: &i64| {
        let at_risk = waits.iter().filter(|(time, _)| time >= moment).count() as f64;
        let over = waits.iter().filter(|(time, over)| *over && time == moment).count() as f64;
        1.0 - over / at_risk
    };
    moments.iter().map(left).product()
}

fn money(cases: &[&Case], level: f64, max: Option<f64>) -> Number {
    let units: Vec<(f64, f64)> = cases
        .iter()
        .map(|case| match case.fact {
            Fact::Money(before, now) => (before as f64, now as f64),
            other => panic!("{other:?}"),
        })
        .collect();
    let total = |of: fn(&(f64, f64)) -> f64| units.iter().map(of).sum::<f64>();
    let sums = Sums {
        n: units.len() as f64,
        x: total(|u| u.0),
        y: total(|u| u.1),
        xx: total(|u| u.0 * u.0),
        xy: total(|u| u.0 * u.1),
        yy: total(|u| u.1 * u.1),
    };
    let value = (sums.x > 0.0).then(|| 100.0 * sums.y / sums.x);
    let number = Number { n: units.len() as u64, value, ..Number::default() };
    // More paid back than bought: the ratio itself is below nothing.
    let lowest = (sums.y / sums.x).min(0.0);
    let number = number.between(ratio::interval(&sums, level, lowest, max), 100.0);
    if value.is_none() {
        return number;
    }
    number.with_number("base", Some(sums.x / 100.0)).with_number("now", Some(sums.y / 100.0))
}

fn defectors(cases: &[&Case], level: f64) -> Number {
    let among = |stay: bool, only: bool| {
        count(
            cases,
            |fact| matches!(fact, Fact::Satisfied { stayed, satisfied } if stayed == stay && (satisfied || !only)),
        )
    };
    let (left, stayed) = (among(false, false), among(true, false));
    let (left_satisfied, stayed_satisfied) = (among(false, true), among(true, true));
    let beside = share(stayed_satisfied, stayed, level);
    let number = share(left_satisfied, left, level);
    if left == 0 {
        return number;
    }
    number
        .with("successes", left_satisfied)
        .with("retained_n", stayed)
        .with_number("retained_value", beside.value)
}
