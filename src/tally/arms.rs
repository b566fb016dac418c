//! The same outcome counted in two groups of cases, to be told apart.

use super::Share;

/// Two shares: the one a metric is about, and the one it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arms {
    /// The arm that the metric is about.
    pub focal: Share,
    /// The arm beside it.
    pub other: Share,
}

impl Arms {
    /// Adds one case to its arm.
    pub fn add(&mut self, focal: bool, success: bool) {
        let arm = if focal { &mut self.focal } else { &mut self.other };
        if success {
            arm.successes += 1;
        } else {
            arm.failures += 1;
        }
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Arms) {
        self.focal.merge(&other.focal);
        self.other.merge(&other.other);
    }
}
