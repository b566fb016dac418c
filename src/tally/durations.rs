//! Times to an event, each ended or cut off: what a survival curve needs.

use std::borrow::Cow;

/// Times in microseconds. The order in which they came does not matter.
#[derive(Debug, Clone, Default)]
pub struct Durations {
    ended: Vec<i64>,
    censored: Vec<i64>,
}

impl Durations {
    /// Adds one time: `ended` by its event, else right-censored.
    pub fn add(&mut self, time: i64, ended: bool) {
        if ended { self.ended.push(time) } else { self.censored.push(time) }
    }

    /// Adds the times of another part.
    pub fn merge(&mut self, other: &Durations) {
        self.ended.extend_from_slice(&other.ended);
        self.censored.extend_from_slice(&other.censored);
    }

    /// Sorts the times, so that nobody has to who asks for them.
    pub fn sort(&mut self) {
        self.ended.sort_unstable();
        self.censored.sort_unstable();
    }

    /// All times, ended or not.
    pub fn n(&self) -> u64 {
        (self.ended.len() + self.censored.len()) as u64
    }

    /// How many are cut off.
    pub fn censored(&self) -> u64 {
        self.censored.len() as u64
    }

    /// The times that ended, ascending.
    pub fn ended_sorted(&self) -> Cow<'_, [i64]> {
        sorted(&self.ended)
    }

    /// Each distinct time with how many ended and how many were cut off at it, ascending.
    pub fn steps(&self) -> Steps<'_> {
        Steps { ended: sorted(&self.ended), censored: sorted(&self.censored), next: (0, 0) }
    }
}

/// The distinct times of [`Durations`], ascending, each with how many ended and how many were cut off at it.
#[derive(Debug, Clone)]
pub struct Steps<'a> {
    ended: Cow<'a, [i64]>,
    censored: Cow<'a, [i64]>,
    next: (usize, usize),
}

impl Iterator for Steps<'_> {
    type Item = (i64, u64, u64);

    fn next(&mut self) -> Option<(i64, u64, u64)> {
        let (ended, censored) = (
            self.ended.get(self.next.0..).unwrap_or_default(),
            self.censored.get(self.next.1..).unwrap_or_default(),
        );
        let time = match (ended.first(), censored.first()) {
            (Some(one), Some(other)) => *one.min(other),
            (Some(one), None) | (None, Some(one)) => *one,
            (None, None) => return None,
        };
        let here = |times: &[i64]| times.iter().take_while(|other| **other == time).count();
        let (events, cut) = (here(ended), here(censored));
        self.next = (self.next.0 + events, self.next.1 + cut);
        Some((time, events as u64, cut as u64))
    }
}

impl PartialEq for Durations {
    fn eq(&self, other: &Self) -> bool {
        self.steps().eq(other.steps())
    }
}

fn sorted(times: &[i64]) -> Cow<'_, [i64]> {
    if times.is_sorted() {
        return Cow::Borrowed(times);
    }
    let mut times = times.to_vec();
    times.sort_unstable();
    Cow::Owned(times)
}

#[cfg(test)]
mod tests {
    use super::Durations;

    #[test]
    fn ties_of_an_event_and_a_censoring_are_one_step() {
        let mut durations = Durations::default();
        for (time, ended) in [(5, true), (3, false), (5, false), (3, true), (5, true)] {
            durations.add(time, ended);
        }
        assert_eq!(durations.steps().collect::<Vec<_>>(), [(3, 1, 1), (5, 2, 1)]);
        assert_eq!((durations.n(), durations.censored()), (5, 2));
    }
}
