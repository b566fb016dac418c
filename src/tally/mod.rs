//! What a group needs to be remembered by: small exact sums that merge. Knows no metric, no file, no table.
//!
//! Merging is exact, associative and has an identity (the empty tally), so the parts of the data can be
//! reduced in any order and on any number of threads with the same result.

mod arms;
mod durations;
mod histogram;
mod ratio;
mod share;
mod weights;

pub use arms::Arms;
pub use durations::{Durations, SECOND, Sorted};
pub use histogram::{Histogram, Scale, Score};
pub use ratio::Ratio;
pub use share::Share;
pub use weights::{Spread, UNIT, Weight, Weights};

/// What one case adds to its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// The case is left out of the metric, for a named reason.
    Excluded(&'static str),
    /// The case's window has not passed: neither a success nor a failure.
    Pending,
    /// The case is none of the base, which the metric is about, and did what it asks: it came from elsewhere.
    Arrived,
    /// The case counts, and did what the metric asks.
    Success,
    /// The case counts, and did not.
    Failure,
    /// An answer on a scale.
    Score(Score),
    /// An answer that counts more or less than one, or with others of its customer.
    Weighed(Score, Weight),
    /// A time in microseconds, ended by the event or cut off before it (right-censored).
    Spell {
        /// How long it lasted or has been seen to last.
        time: i64,
        /// Whether it ended.
        ended: bool,
    },
    /// Money of one customer in the base window and in the one after it, in 1/10 000 of the currency.
    Pair {
        /// Spend in the base window.
        base: i64,
        /// What is compared with it.
        now: i64,
    },
    /// A case of one of two arms, with its outcome.
    Arm {
        /// Whether the case is of the arm that the metric is about.
        focal: bool,
        /// Whether it did what the metric asks.
        success: bool,
    },
}

/// The sufficient statistics of one group for one metric.
#[derive(Debug, Clone, PartialEq)]
pub enum Tally {
    /// Successes, failures, pending.
    Share(Share),
    /// How often each score was given.
    Histogram(Histogram),
    /// Times to an event, ended or censored.
    Durations(Durations),
    /// Sums of pairs and of their products.
    Ratio(Ratio),
    /// Two shares side by side.
    Arms(Arms),
}

impl Tally {
    /// Adds a case. An observation of another kind than the tally's, or an excluded case, adds nothing.
    #[inline]
    pub fn add(&mut self, observation: Observation) {
        match (self, observation) {
            (Tally::Share(share), Observation::Success) => share.successes += 1,
            (Tally::Share(share), Observation::Failure) => share.failures += 1,
            (Tally::Share(share), Observation::Pending) => share.pending += 1,
            (Tally::Share(share), Observation::Arrived) => share.arrived += 1,
            (Tally::Histogram(histogram), Observation::Score(score)) => histogram.add(score, 1),
            (Tally::Histogram(histogram), Observation::Weighed(score, weight)) => {
                histogram.weigh(score, weight)
            }
            (Tally::Durations(durations), Observation::Spell { time, ended }) => durations.add(time, ended),
            (Tally::Ratio(ratio), Observation::Pair { base, now }) => ratio.add(base, now),
            (Tally::Arms(arms), Observation::Arm { focal, success }) => arms.add(focal, success),
            (tally, observation) => debug_assert!(
                matches!(observation, Observation::Excluded(_) | Observation::Pending),
                "{observation:?} does not belong to {tally:?}"
            ),
        }
    }

    /// A tally like this one without cases.
    #[must_use]
    pub fn emptied(&self) -> Tally {
        match self {
            Tally::Share(_) => Tally::Share(Share::default()),
            Tally::Histogram(histogram) => Tally::Histogram(Histogram::new(histogram.scale)),
            Tally::Durations(_) => Tally::Durations(Durations::default()),
            Tally::Ratio(_) => Tally::Ratio(Ratio::default()),
            Tally::Arms(_) => Tally::Arms(Arms::default()),
        }
    }

    /// Whether no case was added.
    pub fn is_empty(&self) -> bool {
        match self {
            Tally::Share(share) => share.n() + share.pending + share.arrived == 0,
            Tally::Arms(arms) => arms.focal.n() + arms.other.n() == 0,
            other => other.n() == 0,
        }
    }

    /// Whether any case is judged or waits to be; those that came from elsewhere are not.
    pub fn has_cases(&self) -> bool {
        match self {
            Tally::Share(share) => share.n() + share.pending > 0,
            other => !other.is_empty(),
        }
    }

    /// Puts what was added into the form in which it is asked for.
    pub fn settle(&mut self) {
        match self {
            Tally::Durations(durations) => durations.sort(),
            Tally::Histogram(histogram) => histogram.settle(),
            _ => {}
        }
    }

    /// Takes in what another part of the data tallied for the same group and metric.
    pub fn merge(&mut self, other: &Tally) {
        match (self, other) {
            (Tally::Share(a), Tally::Share(b)) => a.merge(b),
            (Tally::Histogram(a), Tally::Histogram(b)) => a.merge(b),
            (Tally::Durations(a), Tally::Durations(b)) => a.merge(b),
            (Tally::Ratio(a), Tally::Ratio(b)) => a.merge(b),
            (Tally::Arms(a), Tally::Arms(b)) => a.merge(b),
            (a, b) => debug_assert!(false, "{b:?} does not merge into {a:?}"),
        }
    }

    /// The cases that the value rests on.
    pub fn n(&self) -> u64 {
        match self {
            Tally::Share(share) => share.n(),
            Tally::Histogram(histogram) => histogram.n(),
            Tally::Durations(durations) => durations.n(),
            Tally::Ratio(ratio) => ratio.n,
            Tally::Arms(arms) => arms.focal.n(),
        }
    }
}
