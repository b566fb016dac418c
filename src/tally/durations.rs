//! Times to an event, each ended or cut off: what a survival curve needs.

use std::borrow::Cow;

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

    /// The times, ascending.
    pub fn sorted(&self) -> Sorted<'_> {
        match (&self.ended, &self.censored) {
            (Times::Seconds(ended), Times::Seconds(censored)) => {
                Sorted::Seconds { ended: sorted(ended), censored: sorted(censored) }
            }
            (ended, censored) => Sorted::Micros { ended: ended.micros(), censored: censored.micros() },
        }
    }
}

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;

/// Times, ascending, those that ended and those that were cut off in one unit.
#[derive(Debug, Clone)]
pub enum Sorted<'a> {
    /// In seconds.
    Seconds {
        /// Those that ended.
        ended: Cow<'a, [u32]>,
        /// Those that were cut off.
        censored: Cow<'a, [u32]>,
    },
    /// In microseconds.
    Micros {
        /// Those that ended.
        ended: Vec<i64>,
        /// Those that were cut off.
        censored: Vec<i64>,
    },
}

/// The times themselves where they ascend already, as they do once they are settled.
fn sorted(times: &[u32]) -> Cow<'_, [u32]> {
    if times.is_sorted() {
        return Cow::Borrowed(times);
    }
    let mut times = times.to_vec();
    radsort::sort(&mut times);
    Cow::Owned(times)
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

    /// In microseconds, ascending.
    fn micros(&self) -> Vec<i64> {
        let mut times: Vec<i64> = self.iter().collect();
        times.sort_unstable();
        times
    }
}

impl PartialEq for Durations {
    fn eq(&self, other: &Self) -> bool {
        let times = |durations: &Durations| (durations.ended.micros(), durations.censored.micros());
        times(self) == times(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settled_times_are_not_copied() {
        let mut durations = Durations::default();
        for (seconds, ended) in [(5, true), (3, false), (9, false), (3, true)] {
            durations.add(seconds * SECOND, ended);
        }
        assert_eq!((durations.n(), durations.censored()), (4, 2));
        let Sorted::Seconds { ended: Cow::Owned(ended), .. } = durations.sorted() else { panic!("a copy") };
        assert_eq!(ended, [3, 5]);
        durations.sort();
        let Sorted::Seconds { ended: Cow::Borrowed(ended), .. } = durations.sorted() else {
            panic!("no copy")
        };
        assert_eq!(ended, [3, 5]);
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
        let Sorted::Micros { ended, censored } = one.sorted() else { panic!("not whole seconds") };
        assert_eq!(ended, [-2_000_000, 3_000_000, 3_000_000, 7_000_000, 5_000_000_000_000_000]);
        assert_eq!(censored, [1, i64::MAX]);
    }
}
