//! Successes, failures and the cases that cannot be judged yet.

/// How many cases did what a metric asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Cases that did.
    pub successes: u64,
    /// Cases that did not.
    pub failures: u64,
    /// Cases whose window has not passed: in neither.
    pub pending: u64,
    /// Cases that did, and are none of those asked about: counted beside them.
    pub arrived: u64,
}

impl Share {
    /// The cases judged.
    pub fn n(&self) -> u64 {
        self.successes + self.failures
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Share) {
        self.successes += other.successes;
        self.failures += other.failures;
        self.pending += other.pending;
        self.arrived += other.arrived;
    }
}
