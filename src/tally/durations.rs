//! Times to an event, each ended or cut off: what a survival curve needs.

use std::borrow::Cow;

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;

/// Times, each ended by its event or right-censored. The order in which they came does not matter.
#[derive(Debug, Clone, Default)]
pub struct Durations {
    ended: Times,
    censored: Times,
}

impl Durations {
    /// Adds one time in microseconds: `ended` by its event, else right-censored.
    pub fn add(&mut self, time: i64, ended: bool) {
        if ended { self.ended.push(time) } else { self.censored.push(time) }
    }

    /// Adds the times of another part.
    pub fn merge(&mut self, other: &Durations) {
        self.ended.append(&other.ended);
        self.censored.append(&other.censored);
    }

    /// Sorts the times, so that nobody has to who asks for them.
    pub fn sort(&mut self) {
        self.ended.sort();
        self.censored.sort();
    }

    /// All times, ended or not.
    pub fn n(&self) -> u64 {
        (self.ended.len() + self.censored.len()) as u64
    }

    /// How many are cut off.
    pub fn censored(&self) -> u64 {
        self.censored.len() as u64
    }

    /// The middle one or two of the times that ended, in microseconds; none where none did.
    pub fn ended_middle(&self) -> Vec<i64> {
        let ended = self.ended.sorted();
        let middle = ended.len().saturating_sub(1) / 2..=ended.len() / 2;
        middle.filter_map(|at| ended.get(at)).collect()
    }

    /// Each distinct time in microseconds with how many ended and how many were cut off at it, ascending.
    pub fn steps(&self) -> Steps<'_> {
        Steps { ended: self.ended.sorted(), censored: self.censored.sorted(), next: (0, 0) }
    }
}

/// Times in four bytes each while all are whole seconds, as exports nearly always have them.
#[derive(Debug, Clone)]
enum Times {
    /// In seconds.
    Seconds(Vec<u32>),
    /// In microseconds.
    Micros(Vec<i64>),
}

impl Default for Times {
    fn default() -> Self {
        Times::Seconds(Vec::new())
    }
}

impl Times {
    #[inline]
    fn push(&mut self, time: i64) {
        match self {
            Times::Micros(times) => times.push(time),
            Times::Seconds(times) => match u32::try_from(time / SECOND) {
                Ok(seconds) if time % SECOND == 0 => times.push(seconds),
                _ => {
                    let mut micros: Vec<i64> = self.iter().collect();
                    micros.push(time);
                    *self = Times::Micros(micros);
                }
            },
        }
    }

    fn append(&mut self, other: &Times) {
        match (self, other) {
            (Times::Seconds(times), Times::Seconds(other)) => times.extend_from_slice(other),
            (times, other) => other.iter().for_each(|time| times.push(time)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Times::Seconds(times) => times.len(),
            Times::Micros(times) => times.len(),
        }
    }

    #[inline]
    fn get(&self, at: usize) -> Option<i64> {
        match self {
            Times::Seconds(times) => times.get(at).map(|seconds| i64::from(*seconds) * SECOND),
            Times::Micros(times) => times.get(at).copied(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    fn sort(&mut self) {
        match self {
            Times::Seconds(times) => radsort::sort(times),
            Times::Micros(times) => times.sort_unstable(),
        }
    }

    fn sorted(&self) -> Cow<'_, Times> {
        let is_sorted = match self {
            Times::Seconds(times) => times.is_sorted(),
            Times::Micros(times) => times.is_sorted(),
        };
        if is_sorted {
            return Cow::Borrowed(self);
        }
        let mut times = self.clone();
        times.sort();
        Cow::Owned(times)
    }
}

/// The distinct times of [`Durations`], ascending, each with how many ended and how many were cut off at it.
#[derive(Debug, Clone)]
pub struct Steps<'a> {
    ended: Cow<'a, Times>,
    censored: Cow<'a, Times>,
    next: (usize, usize),
}

impl Iterator for Steps<'_> {
    type Item = (i64, u64, u64);

    fn next(&mut self) -> Option<(i64, u64, u64)> {
        let time = match (self.ended.get(self.next.0), self.censored.get(self.next.1)) {
            (Some(one), Some(other)) => one.min(other),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return None,
        };
        let (mut events, mut cut) = (0, 0);
        while self.ended.get(self.next.0) == Some(time) {
            self.next.0 += 1;
            events += 1;
        }
        while self.censored.get(self.next.1) == Some(time) {
            self.next.1 += 1;
            cut += 1;
        }
        Some((time, events, cut))
    }
}

impl PartialEq for Durations {
    fn eq(&self, other: &Self) -> bool {
        self.steps().eq(other.steps())
    }
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

    #[test]
    fn whole_seconds_and_other_times_are_the_same_times() {
        let times = [7_000_000, 3_000_000, 3_000_000, -2_000_000, 1, i64::MAX, 5_000_000_000_000_000];
        let (mut one, mut other) = (Durations::default(), Durations::default());
        for time in times {
            one.add(time, time % 2 == 0);
        }
        for time in times.into_iter().rev() {
            other.add(time, time % 2 == 0);
        }
        assert_eq!(one, other);
        one.sort();
        let mut expected: Vec<i64> = times.into();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(one.steps().map(|(time, ..)| time).collect::<Vec<_>>(), expected);
        assert_eq!(one.ended_middle(), [3_000_000]);
        assert!(Durations::default().ended_middle().is_empty());
    }
}
