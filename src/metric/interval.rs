//! Which method gives the interval of a value, where the user asks for another than the usual one.

use super::Metric;
use super::reading::Reading;
use crate::estimate::Estimate;
use crate::stats::{nps, proportion};
use crate::tally::Tally;

/// How intervals are computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// The confidence, 0–1.
    pub level: f64,
    /// Net scores by the adjusted Wald method, as MeasuringU and others have it.
    pub adjusted_wald: bool,
    /// Shares by the exact method of Clopper and Pearson, which never covers less than the level.
    pub exact: bool,
}

impl Intervals {
    /// The usual methods.
    pub fn usual(level: f64) -> Intervals {
        Intervals { level, adjusted_wald: false, exact: false }
    }
}

impl Metric {
    /// The value of a tally with its interval by these methods.
    pub fn estimated(&self, tally: &Tally, intervals: Intervals) -> Estimate {
        let mut estimate = (self.estimate)(tally, intervals.level);
        let reading = (self.reading)(tally).filter(|reading| reading.n() > 0.0);
        let other = match reading {
            Some(Reading::Net { detractors, passives, promoters }) if intervals.adjusted_wald => {
                nps::adjusted_wald(detractors, passives, promoters, intervals.level)
            }
            Some(Reading::Share { successes, n }) if intervals.exact => {
                proportion::clopper_pearson(successes, n, intervals.level)
            }
            _ => return estimate,
        };
        estimate.lower = other.map(|limits| 100.0 * limits.lower);
        estimate.upper = other.map(|limits| 100.0 * limits.upper);
        estimate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::is_about;
    use crate::metric::{METRICS, csat, nps};
    use crate::tally::{Observation, Score};

    #[test]
    fn another_method_moves_the_limits_and_not_the_value() {
        let promoters = nps::NPS.tallied(&[Observation::Score(Score::whole(10)); 10]);
        let usual = nps::NPS.estimated(&promoters, Intervals::usual(0.95));
        let other =
            nps::NPS.estimated(&promoters, Intervals { adjusted_wald: true, ..Intervals::usual(0.95) });
        assert_eq!((usual.value, usual.n), (other.value, other.n));
        // (10.75 − 0.75) / 13 = 0.769, less 1.96 · √((11.5/13 − 0.769²) / 13) = 0.294; and never beyond 100.
        assert!(is_about(usual.lower, 44.493) && is_about(other.lower, 47.504), "{usual:?} {other:?}");
        assert_eq!(other.upper, Some(100.0));
    }

    #[test]
    fn exact_limits_are_wider_and_leave_other_metrics_alone() {
        let exact = Intervals { exact: true, ..Intervals::usual(0.95) };
        let answers = [5, 5, 5, 4, 1, 2, 5, 4, 5, 3].map(|score| Observation::Score(Score::whole(score)));
        let tally = csat::CSAT.tallied(&answers);
        let (usual, other) =
            (csat::CSAT.estimated(&tally, Intervals::usual(0.95)), csat::CSAT.estimated(&tally, exact));
        // 7 of 10: 39.7 … 89.2 by Wilson, 34.8 … 93.3 by Clopper and Pearson.
        assert!(is_about(other.lower, 34.755) && is_about(other.upper, 93.326), "{other:?}");
        assert!(usual.lower > other.lower && usual.upper < other.upper);
        for metric in METRICS.iter().filter(|metric| metric.id == "ces" || metric.id == "nps") {
            let tally = metric.tallied(&[Observation::Score(Score::whole(5)); 3]);
            assert_eq!(metric.estimated(&tally, exact), (metric.estimate)(&tally, 0.95));
        }
    }
}
