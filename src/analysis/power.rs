//! How many cases a change or a margin takes, and what those at hand could show. It must not know how a number is written.

mod table;

use super::methods;
use super::parts;
use crate::assemble::small;
use crate::metric::Metric;
use crate::metric::reading::Reading;
use crate::plan::Plan;
use crate::reduce::Reduced;
use crate::report::Unit;
use crate::scope;
use crate::stats::{nps, power, power_of_means, student};
pub use table::{Basis, findings};

/// How the values of a metric vary, whatever is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// The shares of promoters and detractors, 0–1.
    Net {
        /// Those who count for it.
        promoters: f64,
        /// Those who count against it.
        detractors: f64,
    },
    /// A share, 0–1.
    Share(f64),
    /// The standard deviation of single values, in the metric's unit.
    Mean(f64),
    /// What one case adds to the variance, in the metric's unit squared.
    Other(f64),
}

/// What is to be planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// The change to show, in the metric's unit.
    pub change: Option<f64>,
    /// The margin on either side, in the metric's unit.
    pub margin: Option<f64>,
}

/// How sure the answer is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surety {
    /// The probability to show a change that is there.
    pub power: f64,
    /// The confidence of the test and of the interval.
    pub level: f64,
}

/// The answer to one question for one group.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The metric.
    pub metric: &'static Metric,
    /// The definition's id.
    pub definition: String,
    /// The dimensions; empty for all cases.
    pub by: String,
    /// The label of the group; empty for all cases.
    pub group: String,
    /// The cases at hand.
    pub n: Option<u64>,
    /// Their value; `None` without any, and where the group is too small to show.
    pub value: Option<f64>,
    /// The change that they could show against as many.
    pub detectable: Option<f64>,
    /// Half of the width of their interval.
    pub margin_now: Option<f64>,
    /// How many of these cases tell as much as one that is independent and counts fully: more than 1 where answers are
    /// weighed or come from one customer.
    pub design: f64,
    /// The group is too small to show.
    pub hidden: bool,
    /// What was asked.
    pub question: Question,
    /// How many cases each of two groups needs.
    pub n_per_group: Option<u64>,
    /// How many cases the margin takes.
    pub n_for_margin: Option<u64>,
    /// Why a number is missing.
    pub note: String,
}

impl Spread {
    /// What a reading says of it; `None` where nothing varies or there are too few cases.
    fn of(reading: &Reading<'_>) -> Option<Spread> {
        let n = reading.n();
        match reading {
            _ if n <= 0.0 => None,
            Reading::Net { detractors, promoters, .. } => {
                Some(Spread::Net { promoters: promoters / n, detractors: detractors / n })
            }
            Reading::Share { successes, .. } => Some(Spread::Share(successes / n)),
            Reading::Mean { sd, .. } => sd.map(Spread::Mean),
            Reading::Times(_) | Reading::Money(_) => {
                methods::noise(reading).map(|(one, _)| Spread::Other(one))
            }
        }
    }

    /// How many cases each of two groups needs to show a change, or why none would do.
    fn n_for_change(self, change: f64, sure: Surety) -> Result<u64, &'static str> {
        let Surety { power, level } = sure;
        let n = match self {
            Spread::Net { promoters, detractors } => {
                if (promoters - detractors + change / 100.0).abs() > 1.0 {
                    return Err(BEYOND);
                }
                let variance = nps::variance(detractors, 1.0 - promoters - detractors, promoters);
                variance.and_then(|one| power::n_per_group(one, one, change / 100.0, power, level))
            }
            Spread::Share(share) => {
                let other = share + change / 100.0;
                if !(0.0..=1.0).contains(&other) {
                    return Err(BEYOND);
                }
                power::shares_n_per_group(share, other, power, level)
            }
            Spread::Mean(sd) => power_of_means::n_per_group(change, sd, power, level),
            Spread::Other(one) => power::n_per_group(one, one, change, power, level),
        };
        n.map(whole).ok_or(STILL)
    }

    /// How many cases an interval of that margin on either side takes.
    fn n_for_margin(self, margin: f64, level: f64) -> Result<u64, &'static str> {
        let n = match self {
            Spread::Net { promoters, detractors } => {
                power::n_for_score_interval(detractors, promoters, margin / 100.0, level)
            }
            Spread::Share(share) => power::n_for_wilson(share, margin / 100.0, level),
            Spread::Mean(sd) => {
                power::n_for_margin(sd * sd, margin, level).and_then(|n| of_t(n, sd, margin, level))
            }
            Spread::Other(one) => power::n_for_margin(one, margin, level),
        };
        n.map(whole).ok_or(STILL)
    }
}

const BEYOND: &str = "the change leads beyond the scale";
const STILL: &str = "nothing varies";

/// The next whole number; what is whole but for rounding stays.
fn whole(n: f64) -> u64 {
    (n - 1e-6).ceil().max(1.0) as u64
}

/// The fewest values whose t interval is no wider than the margin, of which the normal one needs `n`: a few more.
fn of_t(n: f64, sd: f64, margin: f64, level: f64) -> Option<f64> {
    let mut enough = n.ceil().max(2.0);
    while student::two_sided_t(level, enough - 1.0)? * sd / enough.sqrt() > margin {
        enough += 1.0;
    }
    Some(enough)
}

/// The questions that are answered where none is asked: a change and a margin of each of a few sizes.
pub fn usual(unit: Unit) -> Vec<Question> {
    let sizes: &[f64] = match unit {
        Unit::Points | Unit::Percent => &[1.0, 2.0, 5.0, 10.0, 20.0],
        Unit::Score => &[0.1, 0.2, 0.5, 1.0],
        Unit::Hours => &[1.0, 4.0, 12.0, 24.0],
    };
    sizes.iter().map(|size| Question { change: Some(*size), margin: Some(*size) }).collect()
}

/// The answers to questions from what is said of the values.
pub fn planned(
    plan: &Plan,
    metric: &'static Metric,
    spread: Spread,
    questions: &[Question],
    sure: Surety,
) -> Vec<Planned> {
    questions.iter().map(|question| answer(&blank(plan, metric), Some(spread), *question, sure)).collect()
}

/// The answers to questions from tallies: for all cases, then for the groups of each breakdown.
pub fn at_hand(plan: &Plan, reduced: &Reduced, questions: &[Question], sure: Surety) -> Vec<Planned> {
    let metric = reduced.metric;
    let applying = |at: &usize| scope::applies(metric, &plan.breakdowns[*at]);
    let of_breakdown = |at: usize| {
        let groups: Vec<_> = parts(plan, reduced, at).collect();
        let estimates: Vec<_> =
            groups.iter().map(|part| metric.estimated(part.tally, plan.intervals())).collect();
        let counts: Vec<u64> = estimates.iter().map(|estimate| estimate.n).collect();
        let dimensions = &plan.breakdowns[at];
        let hidden =
            if dimensions.is_empty() { vec![None; counts.len()] } else { small::hidden(plan.min_n, &counts) };
        let mut rows = Vec::new();
        for ((part, estimate), hidden) in groups.iter().zip(&estimates).zip(hidden) {
            let reading = (metric.reading)(part.tally).filter(|_| hidden.is_none());
            let noise = reading.as_ref().and_then(methods::noise);
            let half = estimate.upper.zip(estimate.lower).map(|(upper, lower)| (upper - lower) / 2.0);
            let row = Planned {
                by: dimensions.join("*"),
                group: part.labels.join(" × "),
                n: Some(estimate.n),
                value: estimate.value.filter(|_| hidden.is_none()),
                detectable: noise.and_then(|one| power::detectable(one, one, sure.power, sure.level)),
                margin_now: half.filter(|_| hidden.is_none()),
                design: estimate.detail.number("effective_n").map_or(1.0, |worth| estimate.n as f64 / worth),
                hidden: hidden.is_some(),
                note: hidden.map(|why| why.told(plan.min_n)).unwrap_or_default(),
                ..blank(plan, metric)
            };
            let spread = reading.as_ref().and_then(Spread::of);
            rows.extend(questions.iter().map(|question| answer(&row, spread, *question, sure)));
        }
        rows
    };
    (0..plan.breakdowns.len()).filter(applying).flat_map(of_breakdown).collect()
}

fn blank(plan: &Plan, metric: &'static Metric) -> Planned {
    Planned {
        metric,
        definition: plan.words(metric.definition),
        by: String::new(),
        group: String::new(),
        n: None,
        value: None,
        detectable: None,
        margin_now: None,
        design: 1.0,
        hidden: false,
        question: Question { change: None, margin: None },
        n_per_group: None,
        n_for_margin: None,
        note: String::new(),
    }
}

fn answer(row: &Planned, spread: Option<Spread>, question: Question, sure: Surety) -> Planned {
    let mut row = Planned { question, ..row.clone() };
    if row.hidden {
        return row;
    }
    let change = question.change.map(|change| spread.ok_or(STILL)?.n_for_change(change, sure));
    let margin = question.margin.map(|margin| spread.ok_or(STILL)?.n_for_margin(margin, sure.level));
    // What is planned is asked like what is at hand: it takes as many more cases as these are worth less.
    let designed = |n: u64| whole(n as f64 * row.design);
    let why = [change, margin].into_iter().flatten().find_map(Result::err);
    row.note = why.unwrap_or_default().to_owned();
    let [of_change, of_margin] = [change, margin].map(|n| n.and_then(Result::ok).map(designed));
    (row.n_per_group, row.n_for_margin) = (of_change, of_margin);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURE: Surety = Surety { power: 0.8, level: 0.95 };

    #[test]
    fn each_kind_has_its_method_in_the_unit_of_the_metric() {
        let net = Spread::Net { promoters: 0.5, detractors: 0.2 };
        // 2 (1.959964 + 0.841621)² 0.61 / 0.05² = 3830.2.
        assert_eq!(net.n_for_change(5.0, SURE), Ok(3831));
        assert_eq!(net.n_for_change(-5.0, SURE), Ok(3831));
        assert_eq!(net.n_for_change(80.0, SURE), Err(BEYOND));
        assert_eq!(net.n_for_margin(10.0, 0.95), Ok(233));
        assert_eq!(Spread::Share(0.8).n_for_change(5.0, SURE), Ok(906));
        assert_eq!(Spread::Share(0.98).n_for_change(5.0, SURE), Err(BEYOND));
        assert_eq!(Spread::Share(0.8).n_for_margin(5.0, 0.95), Ok(245));
        assert_eq!(Spread::Mean(1.2).n_for_change(0.3, SURE), Ok(253));
        // z² 1.44 / 0.5² = 22.1 for the normal; t(24) = 2.064 makes it 25.
        assert_eq!(Spread::Mean(1.2).n_for_margin(0.5, 0.95), Ok(25));
        assert_eq!(Spread::Mean(0.0).n_for_change(0.5, SURE), Err(STILL));
    }

    #[test]
    fn more_is_needed_for_less_for_more_power_and_for_more_confidence() {
        let spreads = [
            Spread::Net { promoters: 0.4, detractors: 0.3 },
            Spread::Share(0.6),
            Spread::Mean(1.5),
            Spread::Other(9.0),
        ];
        for spread in spreads {
            let n = |change, power, level| spread.n_for_change(change, Surety { power, level }).unwrap();
            assert!(n(1.0, 0.8, 0.95) > n(2.0, 0.8, 0.95), "{spread:?}");
            assert!(n(1.0, 0.9, 0.95) > n(1.0, 0.8, 0.95) && n(1.0, 0.8, 0.99) > n(1.0, 0.8, 0.95));
            assert!(spread.n_for_margin(0.5, 0.95).unwrap() > spread.n_for_margin(1.0, 0.95).unwrap());
        }
    }
}
