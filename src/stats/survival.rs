//! Times to an event of which some have not happened yet, by Kaplan and Meier; it must not know what
//! starts a time nor what ends it.

use std::ops::Range;

use super::{Interval, normal};

mod log_rank;
mod restricted;

pub use log_rank::{LogRank, log_rank};
pub use restricted::{RestrictedMean, restricted_difference};

/// Slack when a survival is compared with a target: 1 - 0.9 is a little less than a tenth.
const TOLERANCE: f64 = 1e-12;

/// What happens at one time at which events occur.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step<T> {
    /// The time of the events.
    pub time: T,
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
/// `S(t) = Π (1 - dᵢ/nᵢ)` over the event times `tᵢ ≤ t`, with `dᵢ` events among `nᵢ` at risk. While
/// nobody is censored the next `nᵢ` is `nᵢ - dᵢ`, so that the product and Greenwood's sum over a stretch
/// of times are those of one time with all its events.
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
/// // Of five, one is still open at 2 and one at 4.
/// let curve = KaplanMeier::new(&[1.0, 2.0, 4.0], &[2.0, 4.0]);
/// assert!((curve.survival_at(2.0).unwrap() - 0.6).abs() < 1e-15);
/// assert_eq!(curve.quantile(0.5), Some(4.0));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct KaplanMeier<'a, T> {
    ended: &'a [T],
    censored: &'a [T],
}

impl<'a, T: Copy + PartialOrd> KaplanMeier<'a, T> {
    /// The curve of the times that ended and of those that were censored, both ascending.
    pub fn new(ended: &'a [T], censored: &'a [T]) -> Self {
        KaplanMeier { ended, censored }
    }

    /// The table: one step for each time at which an event occurred.
    pub fn steps(&self) -> impl Iterator<Item = Step<T>> + use<'a, T> {
        let curve = *self;
        curve.stretches().flat_map(move |stretch| {
            let mut first = stretch.events.start;
            let last = stretch.events.clone().filter(move |event| curve.is_last(*event));
            last.map(move |event| {
                let Point { survival, greenwood } = stretch.after(event);
                let (at_risk, events) = (stretch.at_risk(first), (event + 1 - first) as u64);
                first = event + 1;
                Step { time: curve.ended[event], at_risk, events, survival, greenwood }
            })
        })
    }

    /// The stretches of events during which nobody is censored, in order.
    fn stretches(&self) -> impl Iterator<Item = Stretch> + use<'a, T> {
        let KaplanMeier { ended, censored } = *self;
        let (mut first, mut cut, mut before) = (0, 0, Point { survival: 1.0, greenwood: 0.0 });
        std::iter::from_fn(move || {
            let next = ended.get(first)?;
            cut += censored[cut..].iter().take_while(|time| *time < next).count();
            let end = censored
                .get(cut)
                .map_or(ended.len(), |time| first + ended[first..].partition_point(|event| event <= time));
            let at_risk = (ended.len() - first + censored.len() - cut) as u64;
            let stretch = Stretch { events: first..end, at_risk, before };
            (first, before) = (end, stretch.after(end - 1));
            Some(stretch)
        })
    }

    /// Whether an event is the last of its time.
    fn is_last(&self, event: usize) -> bool {
        self.ended.get(event + 1).is_none_or(|next| *next != self.ended[event])
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
    /// let curve = KaplanMeier::new(&[1.0], &[4.0]);
    /// assert_eq!(curve.survival_at(0.5), Some(1.0));
    /// assert_eq!(curve.survival_at(4.0), Some(0.5));
    /// assert_eq!(curve.survival_at(4.5), None);
    /// ```
    pub fn survival_at(&self, time: T) -> Option<f64> {
        let last_seen = [self.ended.last(), self.censored.last()];
        let is_seen = last_seen.into_iter().flatten().any(|last| time <= *last);
        let reached = self.ended.partition_point(|event| *event <= time);
        let survival = match reached.checked_sub(1) {
            Some(event) => {
                let mut stretches = self.stretches();
                stretches.find(|stretch| stretch.events.contains(&event))?.after(event).survival
            }
            None => 1.0,
        };
        (is_seen || survival == 0.0).then_some(survival)
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
    /// let curve = KaplanMeier::new(&[1.0, 2.0, 3.0, 4.0], &[]);
    /// let limits: Vec<_> = curve.band(0.95).collect();
    /// assert!((limits[1].unwrap().upper - 0.84486).abs() < 1e-5);
    /// assert_eq!(limits[3], None);
    /// ```
    pub fn band(&self, level: f64) -> impl Iterator<Item = Option<Interval>> + use<'a, T> {
        let z = normal::two_sided_z(level);
        self.steps().map(move |Step { survival, greenwood, .. }| Point { survival, greenwood }.limits(z?))
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
    /// let curve = KaplanMeier::new(&[1.0, 2.0, 3.0], &[3.0]);
    /// assert_eq!(curve.quantile(0.5), Some(2.0));
    /// assert_eq!(curve.quantile(0.9), None);
    /// ```
    pub fn quantile(&self, q: f64) -> Option<T> {
        let target = target(q)?;
        self.first(|_, last| last.survival <= target, |at| at.survival <= target)
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
    /// let curve = KaplanMeier::new(&[1.0, 2.0, 3.0, 4.0], &[]);
    /// assert_eq!(curve.quantile_interval(0.5, 0.95), (Some(1.0), None));
    /// ```
    pub fn quantile_interval(&self, q: f64, level: f64) -> (Option<T>, Option<T>) {
        let (Some(target), Some(z)) = (target(q), normal::two_sided_z(level)) else { return (None, None) };
        let lower = self.first(
            |first, last| may_reach_lower(first, last, z, target),
            |at| at.limits(z).is_some_and(|limits| limits.lower <= target),
        );
        let upper = self.first(
            |first, last| may_reach_upper(first, last, z, target),
            |at| at.limits(z).is_some_and(|limits| limits.upper <= target),
        );
        (lower, upper)
    }

    /// The time of the first step that `is` what is looked for. Events are passed over together where none of their
    /// steps `may` be it, given what holds after the first and after the last of them.
    fn first(&self, may: impl Fn(Point, Point) -> bool, is: impl Fn(Point) -> bool) -> Option<T> {
        let found = |stretch: Stretch| self.search(&stretch, stretch.events.clone(), &may, &is);
        self.stretches().find_map(found).map(|event| self.ended[event])
    }

    fn search(
        &self,
        stretch: &Stretch,
        events: Range<usize>,
        may: &impl Fn(Point, Point) -> bool,
        is: &impl Fn(Point) -> bool,
    ) -> Option<usize> {
        let (first, last) = (events.start, events.end - 1);
        if !may(stretch.after(first), stretch.after(last)) {
            return None;
        }
        if first == last {
            return (self.is_last(last) && is(stretch.after(last))).then_some(last);
        }
        let middle = first.midpoint(events.end);
        self.search(stretch, first..middle, may, is)
            .or_else(|| self.search(stretch, middle..events.end, may, is))
    }
}

/// Events during which nobody is censored.
#[derive(Debug, Clone)]
struct Stretch {
    /// Their places among all events.
    events: Range<usize>,
    /// How many are at risk before the first.
    at_risk: u64,
    /// What holds before the first.
    before: Point,
}

impl Stretch {
    /// How many are at risk before an event.
    fn at_risk(&self, event: usize) -> u64 {
        self.at_risk - (event - self.events.start) as u64
    }

    /// What holds after an event, as if those of its time behind it were later.
    fn after(&self, event: usize) -> Point {
        let (n, left) = (self.at_risk as f64, (self.at_risk(event) - 1) as f64);
        Point {
            survival: self.before.survival * (left / n),
            greenwood: self.before.greenwood + (n - left) / (n * left),
        }
    }
}

/// The curve just after an event.
#[derive(Debug, Clone, Copy)]
struct Point {
    survival: f64,
    greenwood: f64,
}

impl Point {
    /// The log-log limits of the survival.
    fn limits(self, z: f64) -> Option<Interval> {
        let s = self.survival;
        if !(s > 0.0 && s < 1.0) {
            return None;
        }
        let factor = (z * self.greenwood.sqrt() / -s.ln()).exp();
        Some(Interval { lower: s.powf(factor), upper: s.powf(1.0 / factor) })
    }
}

/// The survival that must be reached for a share `q` of events.
fn target(q: f64) -> Option<f64> {
    (q > 0.0 && q < 1.0).then_some(1.0 - q + TOLERANCE)
}

/// By how much a limit must miss the target so that rounding cannot matter.
const MARGIN: f64 = 1e-9;

/// Whether a lower limit from one point to another may be at or below the target `p`. With `L = -ln S` and `w = z √G` it
/// is where `ln L + w / L` is at least `ln(-ln p)`. Both `L` and `w` grow along the curve; the sum grows with `w`, and with
/// `L` where that is above `w`: then it is nowhere above that of the last point.
fn may_reach_lower(first: Point, last: Point, z: f64, target: f64) -> bool {
    let (first_l, last_l) = (-first.survival.ln(), -last.survival.ln());
    let w = z * last.greenwood.sqrt();
    let is_above = last_l.ln() + w / last_l < (-target.ln()).ln() - MARGIN;
    !(w <= first_l && is_above)
}

/// Whether an upper limit from one point to another may be at or below the target: it is where `ln L - w / L` is at least
/// `ln(-ln p)`, and that grows with `L` and shrinks as `w` grows.
fn may_reach_upper(first: Point, last: Point, z: f64, target: f64) -> bool {
    let (l, w) = (-last.survival.ln(), z * first.greenwood.sqrt());
    let is_above = l.ln() - w / l < (-target.ln()).ln() - MARGIN;
    !is_above
}

#[cfg(test)]
mod tests;
