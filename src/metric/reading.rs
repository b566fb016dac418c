//! What a tally says under a definition, in the form that the methods of `stats` take; it must not know how it is shown.

use crate::stats::ratio::Sums;
use crate::tally::{Durations, Ratio, Tally};

/// A tally as a definition reads it. Counts may be fractions: those of weighted answers are as many as they are worth.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading<'a> {
    /// Promoters less detractors.
    Net {
        /// Those who count against.
        detractors: f64,
        /// Those who count for nothing.
        passives: f64,
        /// Those who count for.
        promoters: f64,
    },
    /// Cases that did what is asked, of all.
    Share {
        /// Those that did.
        successes: f64,
        /// All.
        n: f64,
    },
    /// The mean of numbers in the metric's unit.
    Mean {
        /// How many.
        n: f64,
        /// Their mean.
        mean: f64,
        /// Their standard deviation; one number has none.
        sd: Option<f64>,
    },
    /// Times to an event, ended or censored, whose median counts.
    Times(&'a Durations),
    /// Money now, of money in the base window.
    Money(Sums),
}

impl Reading<'_> {
    /// The share of successes.
    pub fn of_share(tally: &Tally) -> Option<Reading<'_>> {
        let Tally::Share(share) = tally else { return None };
        Some(Reading::Share { successes: share.successes as f64, n: share.n() as f64 })
    }

    /// The share of the arm that the metric is about.
    pub fn of_focal(tally: &Tally) -> Option<Reading<'_>> {
        let Tally::Arms(arms) = tally else { return None };
        Some(Reading::Share { successes: arms.focal.successes as f64, n: arms.focal.n() as f64 })
    }

    /// The times.
    pub fn of_times(tally: &Tally) -> Option<Reading<'_>> {
        let Tally::Durations(durations) = tally else { return None };
        Some(Reading::Times(durations))
    }

    /// The amounts.
    pub fn of_money(tally: &Tally) -> Option<Reading<'_>> {
        let Tally::Ratio(Ratio { n, base, now, base_base, base_now, now_now }) = tally else { return None };
        let [x, y, xx, xy, yy] = [base, now, base_base, base_now, now_now].map(|sum| *sum as f64);
        Some(Reading::Money(Sums { n: *n as f64, x, y, xx, xy, yy }))
    }

    /// How many cases it rests on, or is worth.
    pub fn n(&self) -> f64 {
        match self {
            Reading::Net { detractors, passives, promoters } => detractors + passives + promoters,
            Reading::Share { n, .. } | Reading::Mean { n, .. } => *n,
            Reading::Times(durations) => durations.n() as f64,
            Reading::Money(sums) => sums.n,
        }
    }

    /// The value as the mean of what each case adds to it, in the metric's unit, where it is one: a median and a ratio
    /// of money are none.
    pub fn mean(&self) -> Option<f64> {
        let per = |sum: f64, n: f64| (n > 0.0).then(|| 100.0 * sum / n);
        match self {
            Reading::Net { detractors, promoters, .. } => per(promoters - detractors, self.n()),
            Reading::Share { successes, n } => per(*successes, *n),
            Reading::Mean { mean, n, .. } => (*n > 0.0).then_some(*mean),
            Reading::Times(_) | Reading::Money(_) => None,
        }
    }

    /// The variance of what one case adds, in the metric's unit squared; `None` where it is no mean or not known.
    pub fn variance(&self) -> Option<f64> {
        let n = self.n();
        if n <= 0.0 {
            return None;
        }
        match self {
            Reading::Net { detractors, promoters, .. } => {
                let (against, for_it) = (detractors / n, promoters / n);
                Some(1e4 * (for_it + against - (for_it - against).powi(2)))
            }
            Reading::Share { successes, .. } => Some(1e4 * (successes / n) * (1.0 - successes / n)),
            Reading::Mean { sd, .. } => sd.map(|sd| sd * sd),
            Reading::Times(_) | Reading::Money(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::metric::METRICS;
    use crate::metric::sample::is_about;
    use crate::tally::{Observation, Scale};

    #[test]
    fn every_metric_reads_its_own_tally() {
        for metric in METRICS {
            let scale = metric.question().map_or(Scale::new(0, 10), |question| question.scales[0]);
            let tally = metric.tally.empty(scale);
            assert_eq!((metric.reading)(&tally).map(|reading| reading.n()), Some(0.0), "{}", metric.id);
            assert_eq!((metric.reading)(&tally).and_then(|reading| reading.mean()), None, "{}", metric.id);
        }
    }

    #[test]
    fn a_reading_is_the_mean_that_its_metric_shows() {
        let scores = [2, 5, 7, 9, 10, 10].map(|score| Observation::Score(crate::tally::Score::whole(score)));
        let nps = METRICS[0].tallied(&scores);
        let reading = (METRICS[0].reading)(&nps).unwrap();
        assert_eq!(reading.n(), 6.0);
        assert!(is_about(reading.mean(), 16.667) && is_about(reading.variance(), 8055.556), "{reading:?}");
    }
}
