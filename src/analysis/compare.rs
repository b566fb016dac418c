//! Groups of a metric set against each other: which pairs, and for each the difference, its noise and what could have been
//! seen. It must not know how a number is written.

mod groups;
mod table;
pub mod words;

use super::methods::{Contrast, contrast};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::stats::multiplicity;
use crate::tally::Tally;
pub use groups::{Against, Chosen, Groups};
pub use table::{Asked, findings};

/// The power of the smallest difference that could have been seen: 8 of 10.
pub const POWER: f64 = 0.8;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called.
    pub label: String,
    /// Its cases.
    pub n: u64,
    /// Its value, as a report shows it.
    pub value: Option<f64>,
    /// Its cases whose window has not passed.
    pub pending: u64,
}

/// Two sides of one definition of a metric.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The metric.
    pub metric: &'static Metric,
    /// The definition's id.
    pub definition: String,
    /// The dimensions, where the sides are groups of one.
    pub by: String,
    /// The first side.
    pub a: Side,
    /// What is taken from it.
    pub b: Side,
    /// What sets them apart; `None` where it is not defined, or hidden.
    pub contrast: Option<Contrast>,
    /// The p-value among all those of the run, by Holm.
    pub p_adjusted: Option<f64>,
    /// Either side is too small to show, so that neither is.
    pub hidden: bool,
    /// Why something is missing, or what to keep in mind.
    pub note: String,
}

impl Comparison {
    /// Compares two tallies of a metric by their labels.
    pub fn of(plan: &Plan, metric: &'static Metric, by: &str, sides: [(&str, &Tally); 2]) -> Comparison {
        let [a, b] = sides.map(|(label, tally)| {
            let estimate = metric.estimated(tally, plan.intervals());
            let pending = super::pending(&estimate);
            Side { label: label.to_owned(), n: estimate.n, value: estimate.value, pending }
        });
        let least = a.n.min(b.n);
        let hidden = least > 0 && least < plan.min_n;
        let read = |tally| (metric.reading)(tally);
        let both = read(sides[0].1).zip(read(sides[1].1)).filter(|_| least > 0);
        let contrast = both.and_then(|(a, b)| contrast(&a, &b, POWER, plan.intervals()));
        let note = match &contrast {
            _ if hidden => format!("a side of fewer than {}, which is not shown", plan.min_n),
            None if a.n == 0 && b.n == 0 => format!("no {} on either side", metric.cases.noun()),
            None if least == 0 => {
                format!("no {}: {}", metric.cases.noun(), if a.n == 0 { &a.label } else { &b.label })
            }
            None => "nothing to judge by: one case on a side, or none that vary".to_owned(),
            Some(found) if found.difference.p.is_none() && sides.iter().any(|side| is_weighed(side.1)) => {
                "no test: too few are expected on a side, and weighed answers have no exact one".to_owned()
            }
            Some(found) if found.difference.p.is_none() => "no test: nothing varies".to_owned(),
            Some(found) => found.up_to.map(words::up_to).unwrap_or_default(),
        };
        Comparison {
            metric,
            definition: plan.words(metric.definition),
            by: by.to_owned(),
            a,
            b,
            contrast: contrast.filter(|_| !hidden),
            p_adjusted: None,
            hidden,
            note,
        }
    }

    /// Whether the difference is more than noise, with all others looked at too.
    pub fn is_clear(&self, level: f64) -> bool {
        self.p_adjusted.is_some_and(|p| p < 1.0 - level)
    }
}

/// Adjusts the p-values of all comparisons of a run for how many there are.
pub fn adjust(comparisons: &mut [Comparison]) {
    let p = |one: &Comparison| one.contrast.and_then(|found| found.difference.p);
    let p_values: Vec<Option<f64>> = comparisons.iter().map(p).collect();
    for (one, p) in comparisons.iter_mut().zip(multiplicity::holm(&p_values)) {
        one.p_adjusted = p;
    }
}

fn is_weighed(tally: &Tally) -> bool {
    matches!(tally, Tally::Histogram(scores) if scores.is_weighed())
}
