//! An earlier report as something to compare with: its records, and whether it means the same as a run. It must not
//! know how the file is read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::periods::{self, Label};
use crate::dimension::Period;
use crate::error::{Error, Result};
use crate::estimate::Figure;
use crate::metric::Metric;
use crate::metric::reading::Reading;
use crate::plan::Plan;
use crate::report::{Record, Report};

/// An earlier report.
#[derive(Debug, Clone, Deserialize)]
pub struct Baseline {
    /// The file, for messages.
    #[serde(skip)]
    pub file: String,
    /// The moment from which it counts, in microseconds, where it does not count from the first row.
    #[serde(skip)]
    pub begins: Option<i64>,
    /// The moment up to which it counts.
    #[serde(skip)]
    pub ends: Option<i64>,
    /// The moment that ended its windows, as it was written.
    pub as_of: String,
    /// The confidence of its intervals.
    pub confidence: f64,
    /// The zone of its periods.
    pub timezone: String,
    /// The settings that shaped its numbers.
    pub settings: BTreeMap<String, String>,
    /// Its records.
    pub results: Vec<Past>,
}

/// A record of an earlier report.
#[derive(Debug, Clone, Deserialize)]
pub struct Past {
    /// The metric's id.
    pub metric: String,
    /// The definition's id.
    pub definition: String,
    /// The period, where there were periods.
    pub period: Option<String>,
    /// Dimension → label.
    pub group: BTreeMap<String, String>,
    /// The cases.
    pub n: u64,
    /// The value.
    pub value: Option<f64>,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
    /// Whether its period was cut short.
    pub partial: bool,
    /// Whether it was too small to show.
    pub suppressed: bool,
    /// The metric's own statistics.
    pub detail: BTreeMap<String, Option<PastFigure>>,
}

/// A statistic of an earlier report.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum PastFigure {
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
}

impl Past {
    /// The statistic of that name, where it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.detail.get(name)? {
            Some(PastFigure::Number(x)) => Some(*x),
            _ => None,
        }
    }

    /// Whether it is the record of that group.
    pub fn is_of(&self, group: &BTreeMap<&str, &str>) -> bool {
        let own = self.group.iter().map(|(name, label)| (name.as_str(), label.as_str()));
        own.eq(group.iter().map(|(name, label)| (*name, *label)))
    }

    fn scale(&self) -> Option<&str> {
        match self.detail.get("scale")? {
            Some(PastFigure::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// The settings that may differ without changing what a number means: what is shown, which time is looked at, and the
/// rates of the day.
const MAY_DIFFER: &[&str] = &["min_n", "since", "until", "rates", "rates_file"];

impl Baseline {
    /// Refuses a baseline whose numbers do not mean what those of a report mean.
    ///
    /// # Errors
    /// When a setting that changes the numbers differs.
    pub fn check_settings(&self, now: &Report) -> Result<()> {
        let known = now.settings.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let now_said: BTreeMap<&str, &str> = known.collect();
        let names: BTreeSet<&str> =
            now_said.keys().copied().chain(self.settings.keys().map(String::as_str)).collect();
        for name in names.into_iter().filter(|name| !MAY_DIFFER.contains(name)) {
            let (then, is) = (self.settings.get(name).map(String::as_str), now_said.get(name).copied());
            if then != is {
                return Err(self.unusable(match (then, is) {
                    (Some(then), Some(is)) => {
                        format!("was made with {name} `{then}`, and this run has `{is}`")
                    }
                    (Some(then), None) => format!("was made with {name} `{then}`, and this run has none"),
                    (None, is) => {
                        let is = is.unwrap_or_default();
                        format!("was made without {name}, and this run has {name} `{is}`")
                    }
                }));
            }
        }
        Ok(())
    }

    /// The records of a metric under the definition of a run, in a breakdown.
    ///
    /// # Errors
    /// When there are none: another definition, another breakdown, or no such metric; or they are on another scale.
    pub fn records(&self, metric: &Metric, definition: &str, by: &[String]) -> Result<Vec<&Past>> {
        let of_metric: Vec<&Past> = self.results.iter().filter(|past| past.metric == metric.id).collect();
        let mut found = of_metric.clone();
        found.retain(|past| past.definition == definition);
        let Some(other) = of_metric.first() else {
            return Err(self.unusable(format!("has no {}", metric.id)));
        };
        if found.is_empty() {
            return Err(self.unusable(format!(
                "has {} by the definition `{}`, and this run has `{definition}`",
                metric.id, other.definition
            )));
        }
        found.retain(|past| {
            past.group.len() == by.len() && by.iter().all(|name| past.group.contains_key(name))
        });
        if found.is_empty() {
            return Err(self.unusable(format!("has no {} by {}", metric.id, by.join("*"))).hint(format!(
                "write it with cxm report --metrics {} --by '{}' --format json -o FILE",
                metric.id,
                by.join("*")
            )));
        }
        Ok(found)
    }

    /// Refuses records that are on another scale than those of a run, or of other periods.
    ///
    /// # Errors
    /// When they are.
    pub fn check_alike(&self, past: &[&Past], now: Option<&Record>, plan: &Plan) -> Result<()> {
        let scale = now.and_then(|now| match now.detail.figure("scale") {
            Some(Figure::Text(text)) => Some((text.as_str(), &now.metric)),
            _ => None,
        });
        let other = |scale: &str| past.iter().filter_map(|past| past.scale()).find(|other| *other != scale);
        if let Some((scale, metric, other)) =
            scale.and_then(|(scale, metric)| Some((scale, metric, other(scale)?)))
        {
            return Err(self.unusable(format!("has {metric} on a scale of {other}, and this run on {scale}")));
        }
        let then =
            past.first().and_then(|past| Label::read(past.period.as_deref()?)).map(|label| label.period);
        if then != plan.period {
            let told = |period: Option<Period>| {
                period.map_or("no periods".to_owned(), |period| format!("{}s", periods::noun(period)))
            };
            return Err(self.unusable(format!("has {}, and this run has {}", told(then), told(plan.period))));
        }
        let zone = plan.zone().name();
        if plan.period.is_some() && self.timezone != zone {
            return Err(self.unusable(format!("has periods in {}, and this run in {zone}", self.timezone)));
        }
        Ok(())
    }

    /// The error of a baseline that cannot be used.
    pub fn unusable(&self, why: String) -> Error {
        Error::export(format!("the baseline `{}` {why}", self.file))
            .hint("write a new one as this run is made: cxm report --format json -o FILE")
    }
}

/// What net scores call those who count against, and those who count for.
const NETS: &[[&str; 2]] = &[["detractors", "promoters"], ["hard", "easy"], ["dissatisfied", "satisfied"]];

/// The sufficient statistics of a record, as far as its detail holds them: those of a share, of a mean, and of promoters,
/// passives and detractors. Times and amounts of money are more than a record says.
pub fn reread(
    metric: &Metric,
    n: u64,
    value: Option<f64>,
    number: impl Fn(&str) -> Option<f64>,
) -> Option<Reading<'static>> {
    let empty = super::empty(metric);
    let value = value?;
    // Weighed answers are worth fewer than they are.
    let effective = number("effective_n");
    let n = effective.unwrap_or(n as f64);
    match (metric.reading)(&empty)? {
        Reading::Net { .. } => {
            let named = NETS.iter().find_map(|[against, for_it]| Some((number(against)?, number(for_it)?)));
            let (detractors, promoters) = match effective {
                None => named?,
                Some(n) => {
                    (number("detractors_percent")? * n / 100.0, number("promoters_percent")? * n / 100.0)
                }
            };
            // Percentages of effective answers may add up to a hair more than all.
            let passives = (n - detractors - promoters).max(0.0);
            Some(Reading::Net { detractors, passives, promoters })
        }
        Reading::Share { .. } => {
            let successes = (value * n / 100.0).clamp(0.0, n);
            Some(Reading::Share {
                successes: if effective.is_none() { successes.round() } else { successes },
                n,
            })
        }
        Reading::Mean { .. } => Some(Reading::Mean { n, mean: value, sd: number("sd") }),
        Reading::Times(_) | Reading::Money(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{DEFINITIONS, METRICS};
    use crate::tally::{Observation, Scale, Score};

    #[test]
    fn weighed_answers_without_passives_are_read_again() {
        for detractors in 0..200_u32 {
            let (n, against) = (26.706_755_250_862_397, f64::from(detractors) / 2.0);
            let number = |name: &str| match name {
                "effective_n" => Some(n),
                "detractors" | "promoters" => Some(1.0),
                "detractors_percent" => Some(against),
                _ => Some(100.0 - against),
            };
            let read = reread(&crate::metric::nps::NPS, 28, Some(100.0 - 2.0 * against), number);
            let Some(Reading::Net { passives, .. }) = read else { panic!("{read:?}") };
            assert!((0.0..1e-9).contains(&passives), "{against} %: {passives}");
        }
    }

    #[test]
    fn a_record_holds_what_its_tally_was_read_as() {
        for metric in METRICS.iter().chain(DEFINITIONS) {
            let scale = metric.question().map_or(Scale::new(0, 10), |question| question.scales[0]);
            let [lowest, highest] = [scale.lowest, scale.highest].map(|score| score.0 / 1000);
            let mut tally = metric.tally.empty(scale);
            for score in 0..23 {
                tally.add(match metric.tally {
                    crate::metric::TallyKind::Histogram => {
                        Observation::Score(Score::whole(lowest + score % (highest - lowest + 1)))
                    }
                    crate::metric::TallyKind::Share if score % 3 == 0 => Observation::Failure,
                    crate::metric::TallyKind::Share => Observation::Success,
                    crate::metric::TallyKind::Arms => {
                        Observation::Arm { focal: score % 2 == 0, success: score % 3 == 0 }
                    }
                    crate::metric::TallyKind::Durations => {
                        Observation::Spell { time: i64::from(score), ended: true }
                    }
                    crate::metric::TallyKind::Ratio => Observation::Pair { base: 5, now: i64::from(score) },
                });
            }
            let estimate = (metric.estimate)(&tally, 0.95);
            let read = (metric.reading)(&tally).unwrap();
            let again = reread(metric, estimate.n, estimate.value, |name| estimate.detail.number(name));
            match read {
                Reading::Times(_) | Reading::Money(_) => assert_eq!(again, None, "{}", metric.id),
                read => assert_eq!(again, Some(read), "{} {}", metric.id, metric.definition),
            }
        }
    }
}
