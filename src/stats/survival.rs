//! Times to an event of which some have not happened yet, by Kaplan and Meier; it must not know what
//! starts a time nor what ends it.

use super::{Interval, normal};

/// Slack when a survival is compared with a target, since 23/24 · 22/23 · … · 12/13 rounds to above one half.
const TOLERANCE: f64 = 1e-12;

/// What happens at one time at which events occur.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time of the events.
    pub time: f64,
    /// How many were at risk just before; those censored at this very time still are.
    pub at_risk: u64,
    /// How many events occurred.
    pub events: u64,
    /// The share still without the event just after.
    pub survival: f64,
    /// Greenwood's sum `Σ d / (n (n - d))` up to here; infinite once nobody is left.
    pub greenwood: f64,
}

/// The Kaplan-Meier estimate of the share still without the event after a time.
///
/// # Formula
/// `S(t) = Π (1 - dᵢ/nᵢ)` over the event times `tᵢ ≤ t`, with `dᵢ` events among `nᵢ` at risk.
///
/// # Assumptions
/// Whether a time is censored says nothing about when its event would have come. It misleads when it
/// does: tickets closed administratively, customers who leave the data because they are about to
/// leave. Where few are still at risk the curve is mostly noise: look at [`Step::at_risk`].
///
/// # Undefined
/// After the last time seen, unless everyone had the event by then; everywhere when nothing was seen.
///
/// # References
/// Kaplan and Meier 1958; Greenwood 1926; Klein and Moeschberger 2003, equations 4.2.1 and 4.2.2.
///
/// # Examples
/// ```
/// use cxm::stats::survival::KaplanMeier;
///
/// // (time, events, censored): of five, one is still open at 2 and one at 4.
/// let curve = KaplanMeier::new([(1.0, 1, 0), (2.0, 1, 1), (4.0, 1, 1)].into_iter());
/// assert!((curve.survival_at(2.0).unwrap() - 0.6).abs() < 1e-15);
/// assert_eq!(curve.quantile(0.5), Some(4.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    steps: Vec<Step>,
    last_seen: Option<f64>,
}

impl KaplanMeier {
    /// Builds the curve from `(time, events, censored)`, times ascending, in two passes. Times may
    /// repeat; a time without events is no step but leaves fewer at risk after it.
    pub fn new(steps: impl Iterator<Item = (f64, u64, u64)> + Clone) -> Self {
        let observed = steps.filter(|&(_, events, censored)| events + censored > 0);
        let (mut at_risk, mut times) = (0, 0);
        observed.clone().for_each(|(_, events, censored)| {
            at_risk += events + censored;
            times += usize::from(events > 0);
        });
        let mut observed = observed.peekable();
        let (mut survival, mut greenwood) = (1.0, 0.0);
        let (mut table, mut last_seen) = (Vec::with_capacity(times), None);
        while let Some((time, mut events, mut censored)) = observed.next() {
            while let Some((_, more, cut)) = observed.next_if(|(other, _, _)| *other == time) {
                (events, censored) = (events + more, censored + cut);
            }
            if events > 0 {
                let (n, left) = (at_risk as f64, (at_risk - events) as f64);
                survival *= left / n;
                greenwood += events as f64 / (n * left);
                table.push(Step { time, at_risk, events, survival, greenwood });
            }
            at_risk -= events + censored;
            last_seen = Some(time);
        }
        KaplanMeier { steps: table, last_seen }
    }

    /// The table: one step for each time at which an event occurred.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The share still without the event just after `time`.
    ///
    /// # Formula
    /// `S(t)`, right-continuous; 1 before the first event.
    ///
    /// # Assumptions
    /// Those of [`KaplanMeier`].
    ///
    /// # Undefined
    /// After the last time seen while some were still without the event: nobody was watched that long.
    ///
    /// # References
    /// Kaplan and Meier 1958; Klein and Moeschberger 2003, equation 4.2.1.
    ///
    /// # Examples
    /// ```
    /// use cxm::stats::survival::KaplanMeier;
    ///
    /// let curve = KaplanMeier::new([(1.0, 1, 0), (4.0, 0, 1)].into_iter());
    /// assert_eq!(curve.survival_at(0.5), Some(1.0));
    /// assert_eq!(curve.survival_at(4.0), Some(0.5));
    /// assert_eq!(curve.survival_at(4.5), None);
    /// ```
    pub fn survival_at(&self, time: f64) -> Option<f64> {
        let last_seen = self.last_seen?;
        let reached = self.steps.partition_point(|step| step.time <= time);
        let survival = reached.checked_sub(1).and_then(|i| self.steps.get(i)).map_or(1.0, |s| s.survival);
        (time <= last_seen || survival == 0.0).then_some(survival)
    }

    /// The log-log limits of the survival at each step, in the order of [`steps`](Self::steps).
    ///
    /// # Formula
    /// `S^exp(±z √G / ln S)` with Greenwood's sum `G`.
    ///
    /// # Assumptions
    /// Those of [`KaplanMeier`]; the limits hold at one time chosen beforehand, not for the whole curve
    /// at once.
    ///
    /// # Undefined
    /// At a step that leaves nobody (`S = 0`), and everywhere for a level outside 0 to 1.
    ///
    /// # References
    /// Kalbfleisch and Prentice 1980; Klein and Moeschberger 2003, equation 4.3.2.
    ///
    /// # Examples
    /// ```
    /// use cxm::stats::survival::KaplanMeier;
    ///
    /// let curve = KaplanMeier::new([(1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 0), (4.0, 1, 0)].into_iter());
    /// let limits: Vec<_> = curve.band(0.95).collect();
    /// assert!((limits[1].unwrap().upper - 0.84486).abs() < 1e-5);
    /// assert_eq!(limits[3], None);
    /// ```
    pub fn band(&self, level: f64) -> impl Iterator<Item = Option<Interval>> {
        let z = normal::two_sided_z(level);
        self.steps.iter().map(move |step| log_log_limits(step, z?))
    }

    /// The first time by which a share `q` has had the event: the median for 0.5, "nine in ten" for 0.9.
    ///
    /// # Formula
    /// `inf{t : S(t) ≤ 1 - q}`, compared with a slack of 10⁻¹². Where the curve runs level at exactly
    /// `1 - q` this is the start of that stretch; R's `survfit` gives its middle.
    ///
    /// # Assumptions
    /// Those of [`KaplanMeier`].
    ///
    /// # Undefined
    /// When the curve does not come down that far, which is to say "longer than was watched", and for
    /// `q` outside 0 < `q` < 1.
    ///
    /// # References
    /// Klein and Moeschberger 2003, section 4.5.
    ///
    /// # Examples
    /// ```
    /// use cxm::stats::survival::KaplanMeier;
    ///
    /// let curve = KaplanMeier::new([(1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 1)].into_iter());
    /// assert_eq!(curve.quantile(0.5), Some(2.0));
    /// assert_eq!(curve.quantile(0.9), None);
    /// ```
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let target = target(q)?;
        let first = self.steps.partition_point(|step| step.survival > target);
        self.steps.get(first).map(|step| step.time)
    }

    /// The lower and the upper limit of [`quantile`](Self::quantile), each where it is reached.
    ///
    /// # Formula
    /// The first times at which the lower and the upper limit of [`band`](Self::band) are at most
    /// `1 - q`.
    ///
    /// # Assumptions
    /// Those of [`KaplanMeier`]. An upper limit of `None` means "no upper bound seen", not an error: it
    /// is the rule when the curve ends near `1 - q`.
    ///
    /// # Undefined
    /// A limit that the band does not reach or that lies on a step which leaves nobody, where there is
    /// no band; both for `q` or a level outside 0 to 1.
    ///
    /// # References
    /// Brookmeyer and Crowley 1982; Klein and Moeschberger 2003, section 4.5.
    ///
    /// # Examples
    /// ```
    /// use cxm::stats::survival::KaplanMeier;
    ///
    /// let curve = KaplanMeier::new([(1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 0), (4.0, 1, 0)].into_iter());
    /// assert_eq!(curve.quantile_interval(0.5, 0.95), (Some(1.0), None));
    /// ```
    pub fn quantile_interval(&self, q: f64, level: f64) -> (Option<f64>, Option<f64>) {
        let (Some(target), Some(z)) = (target(q), normal::two_sided_z(level)) else { return (None, None) };
        let far = target.ln().powi(2);
        let limit = |step: &Step, limit: fn(Interval) -> f64| {
            log_log_limits(step, z).is_some_and(|limits| limit(limits) <= target)
        };
        let lower = self.steps.iter().find(|step| may_reach(step, z, far) && limit(step, |at| at.lower));
        // The upper limit lies above the curve, which must come down first.
        let down = self.steps.partition_point(|step| step.survival > target * (1.0 + TOLERANCE));
        let upper = self.steps.iter().skip(down).find(|step| limit(step, |at| at.upper));
        (lower.map(|step| step.time), upper.map(|step| step.time))
    }
}

/// The survival that must be reached for a share `q` of events.
fn target(q: f64) -> Option<f64> {
    (q > 0.0 && q < 1.0).then_some(1.0 - q + TOLERANCE)
}

/// Whether the lower limit at a step may be at or below the target: false only where it is above it for certain. Saves
/// long curves a logarithm and two powers for nearly every step.
///
/// The limit is `S^exp(z √G / L)` with `L = -ln S`, so it is above `p` where `exp(z √G / L) L < -ln p`. As
/// `1 - S ≤ L ≤ (1 - S) / √S`, that holds where `z √G ≤ a (1 - S)` and `exp(a) (1 - S) / √S < -ln p`, here for an `a` of
/// 0.05 near the target and of 1 far from it. `far` is `(ln p)²`.
fn may_reach(step: &Step, z: f64, far: f64) -> bool {
    let (s, events) = (step.survival, 1.0 - step.survival);
    let is_above = |a: f64, exp_a: f64| {
        z * z * step.greenwood <= (a * events).powi(2) && (exp_a * events).powi(2) < far * s
    };
    !(is_above(0.05, 1.06) || is_above(1.0, 2.72))
}

fn log_log_limits(step: &Step, z: f64) -> Option<Interval> {
    let s = step.survival;
    if !(s > 0.0 && s < 1.0) {
        return None;
    }
    let factor = (z * step.greenwood.sqrt() / -s.ln()).exp();
    Some(Interval { lower: s.powf(factor), upper: s.powf(1.0 / factor) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(steps: &[(f64, u64, u64)]) -> KaplanMeier {
        KaplanMeier::new(steps.iter().copied())
    }

    #[test]
    fn nothing_seen_has_no_curve() {
        let empty = curve(&[]);
        assert_eq!(empty.steps(), []);
        assert_eq!((empty.survival_at(0.0), empty.quantile(0.5)), (None, None));
        assert_eq!(empty.quantile_interval(0.5, 0.95), (None, None));
    }

    #[test]
    fn no_limit_is_passed_over() {
        for n in [1u64, 2, 5, 40, 1_000, 20_000] {
            let long =
                KaplanMeier::new((1..=n).map(|time| (time as f64, 1 + time % 3, u64::from(time % 7 == 0))));
            for (q, level) in [(0.5, 0.95), (0.9, 0.95), (0.1, 0.5), (0.01, 0.999)] {
                let target = target(q).unwrap();
                let first = |limit: fn(Interval) -> f64| {
                    let mut limits = long.steps().iter().zip(long.band(level));
                    limits.find_map(|(step, at)| (limit(at?) <= target).then_some(step.time))
                };
                assert_eq!(
                    long.quantile_interval(q, level),
                    (first(|at| at.lower), first(|at| at.upper)),
                    "{n} {q}"
                );
            }
        }
    }

    #[test]
    fn all_censored_survive_as_far_as_they_were_watched() {
        let watched = curve(&[(3.0, 0, 1), (7.0, 0, 2)]);
        assert_eq!(watched.steps(), []);
        assert_eq!((watched.survival_at(7.0), watched.survival_at(8.0)), (Some(1.0), None));
        assert_eq!(watched.quantile(0.01), None);
    }

    #[test]
    fn one_event_ends_the_curve_and_has_no_band() {
        let one = curve(&[(5.0, 1, 0)]);
        assert_eq!((one.survival_at(4.9), one.survival_at(99.0)), (Some(1.0), Some(0.0)));
        assert_eq!(one.quantile(0.5), Some(5.0));
        assert_eq!(one.quantile_interval(0.5, 0.95), (None, None));
        assert_eq!(one.band(0.95).collect::<Vec<_>>(), [None]);
    }

    #[test]
    fn those_censored_at_an_event_time_are_at_risk_in_it() {
        let tied = curve(&[(2.0, 1, 2), (2.0, 1, 0), (3.0, 1, 0)]);
        assert_eq!(tied, curve(&[(2.0, 2, 2), (3.0, 1, 0)]));
        let [first, second] = tied.steps() else { panic!("two event times") };
        assert_eq!((first.at_risk, first.events, first.survival), (5, 2, 0.6));
        assert!((first.greenwood - 2.0 / 15.0).abs() < 1e-15);
        assert_eq!((second.at_risk, second.survival), (1, 0.0));
    }

    #[test]
    fn a_level_stretch_at_one_half_starts_the_median() {
        let flat = curve(&[(1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 0), (4.0, 0, 1), (5.0, 1, 0), (6.0, 0, 1)]);
        assert_eq!(flat.quantile(0.5), Some(3.0));
        let rounded = KaplanMeier::new((1..=24).map(|time| (f64::from(time), 1, 0)));
        assert!(rounded.survival_at(12.0).unwrap() > 0.5, "one half only up to rounding");
        assert_eq!(rounded.quantile(0.5), Some(12.0));
    }

    #[test]
    fn q_and_level_outside_their_range_have_no_answer() {
        let two = curve(&[(1.0, 1, 0), (2.0, 1, 0)]);
        for bad in [0.0, 1.0, f64::NAN] {
            assert_eq!(two.quantile(bad), None);
            assert_eq!(two.quantile_interval(bad, 0.95), (None, None));
            assert_eq!(two.quantile_interval(0.5, bad), (None, None));
        }
    }

    #[test]
    fn many_distinct_times_take_linear_passes() {
        let n = 200_000;
        let long = KaplanMeier::new((0..n).map(|i| (f64::from(i), 1, 0)));
        assert_eq!(long.quantile(0.5), Some(f64::from(n / 2 - 1)));
        let (Some(lower), Some(upper)) = long.quantile_interval(0.5, 0.95) else { panic!("both reached") };
        assert!(lower < 99_999.0 && 99_999.0 < upper && upper - lower < 1000.0);
    }
}
