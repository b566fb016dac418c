//! How often each score was given: everything that NPS, CSAT and CES need, under all their definitions.

use std::collections::BTreeMap;

/// A score in thousandths, so that `7.5` is exact: `7500`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(pub i32);

impl Score {
    /// A whole score.
    pub const fn whole(score: i32) -> Self {
        Score(score * 1000)
    }

    /// The score as a number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Whether the score has no fraction.
    pub fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }
}

/// The lowest and the highest score that a question allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The lowest score.
    pub lowest: Score,
    /// The highest score.
    pub highest: Score,
}

impl Scale {
    /// A scale between two whole scores.
    pub const fn new(lowest: i32, highest: i32) -> Self {
        Scale { lowest: Score::whole(lowest), highest: Score::whole(highest) }
    }

    /// Whether a score lies on the scale.
    pub fn holds(self, score: Score) -> bool {
        (self.lowest..=self.highest).contains(&score)
    }
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.lowest.value(), self.highest.value())
    }
}

/// Answers by score, on one scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// The scale that all scores are on.
    pub scale: Scale,
    counts: BTreeMap<Score, u64>,
}

impl Histogram {
    /// No answers yet.
    pub fn new(scale: Scale) -> Self {
        Histogram { scale, counts: BTreeMap::new() }
    }

    /// Adds answers of one score.
    pub fn add(&mut self, score: Score, answers: u64) {
        *self.counts.entry(score).or_insert(0) += answers;
    }

    /// Adds the answers of another part.
    pub fn merge(&mut self, other: &Histogram) {
        for (score, answers) in &other.counts {
            self.add(*score, *answers);
        }
    }

    /// All answers.
    pub fn n(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The answers with a score from `lowest` to `highest`, both included.
    pub fn between(&self, lowest: Score, highest: Score) -> u64 {
        if lowest > highest { 0 } else { self.counts.range(lowest..=highest).map(|(_, n)| n).sum() }
    }

    /// Scores with how often each was given, from the lowest.
    pub fn scores(&self) -> impl Iterator<Item = (f64, u64)> + Clone + '_ {
        self.counts.iter().map(|(score, n)| (score.value(), *n))
    }
}
