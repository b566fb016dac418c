//! How often each score was given: everything that NPS, CSAT and CES need, under all their definitions.

use std::collections::BTreeMap;

use super::{Spread, Weight, Weights};

/// A score in thousandths, so that `7.5` is exact: `7500`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(pub i32);

impl Score {
    /// One whole point.
    const POINT: i32 = 1000;

    /// A whole score.
    pub const fn whole(score: i32) -> Self {
        Score(score * Self::POINT)
    }

    /// The score as a number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// Whether the score has no fraction.
    pub fn is_whole(self) -> bool {
        self.0 % Self::POINT == 0
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

    /// A scale as it is written, `1-5`: two whole scores from 0 to 1000, the lowest first.
    pub fn parse(text: &str) -> Option<Scale> {
        let (low, high) = text.split_once('-')?;
        let whole = |text: &str| text.trim().parse::<i32>().ok().filter(|score| (0..=1000).contains(score));
        let (low, high) = (whole(low)?, whole(high)?);
        (low < high).then(|| Scale::new(low, high))
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
    /// Answers by whole points above the lowest score, as nearly all are.
    whole: Vec<u64>,
    /// Answers between two points, or off the scale.
    other: BTreeMap<Score, u64>,
    /// What the answers are worth, where not each counts as one.
    weights: Option<Box<Weights>>,
}

impl Histogram {
    /// No answers yet.
    pub fn new(scale: Scale) -> Self {
        let points = (scale.highest.0 - scale.lowest.0) / Score::POINT;
        Histogram { scale, whole: vec![0; points.max(0) as usize + 1], other: BTreeMap::new(), weights: None }
    }

    /// Adds answers of one score.
    #[inline]
    pub fn add(&mut self, score: Score, answers: u64) {
        let above = score.0.wrapping_sub(self.scale.lowest.0) as u32;
        let point = (above / Score::POINT as u32) as usize;
        match self.whole.get_mut(point) {
            Some(whole) if above.is_multiple_of(Score::POINT as u32) => *whole += answers,
            _ => *self.other.entry(score).or_insert(0) += answers,
        }
    }

    /// Adds an answer of that weight. In a histogram all answers are weighed, or none is.
    pub fn weigh(&mut self, score: Score, weight: Weight) {
        self.add(score, 1);
        self.weights.get_or_insert_default().add(score, weight);
    }

    /// Adds the answers of another part.
    pub fn merge(&mut self, other: &Histogram) {
        other.counts().for_each(|(score, answers)| self.add(score, answers));
        if let Some(weights) = &other.weights {
            self.weights.get_or_insert_default().merge(weights);
        }
    }

    /// Ends what is open, so that the histogram can be merged and compared.
    pub fn settle(&mut self) {
        if let Some(weights) = &mut self.weights {
            weights.settle();
        }
    }

    /// The answers, or the customers where each counts as one case.
    pub fn n(&self) -> u64 {
        let customers = self.weights.as_ref().and_then(|weights| weights.customers());
        customers.unwrap_or_else(|| self.answers())
    }

    /// All answers.
    pub fn answers(&self) -> u64 {
        self.whole.iter().chain(self.other.values()).sum()
    }

    /// Whether the answers are weighed.
    pub fn is_weighed(&self) -> bool {
        self.weights.is_some()
    }

    /// Scores with what their answers are worth together: their number, where they are not weighed. From the lowest.
    pub fn worths(&self) -> Vec<(Score, f64)> {
        match &self.weights {
            Some(weights) => weights.scores().collect(),
            None => self.sorted().into_iter().map(|(score, n)| (score, n as f64)).collect(),
        }
    }

    /// What is known of the mean of `value`, where the answers are weighed.
    pub fn spread(&self, value: impl Fn(Score) -> f64) -> Option<Spread> {
        self.weights.as_ref().map(|weights| weights.spread(value))
    }

    /// The answers with a score from `lowest` to `highest`, both included.
    pub fn between(&self, lowest: Score, highest: Score) -> u64 {
        let counts = self.counts().filter(|(score, _)| (lowest..=highest).contains(score));
        counts.map(|(_, answers)| answers).sum()
    }

    /// Scores with how often each was given, from the lowest.
    pub fn scores(&self) -> impl Iterator<Item = (f64, u64)> + Clone + use<> {
        self.sorted().into_iter().map(|(score, n)| (score.value(), n))
    }

    fn sorted(&self) -> Vec<(Score, u64)> {
        let mut counts: Vec<(Score, u64)> = self.counts().collect();
        counts.sort_unstable();
        counts
    }

    /// The scores that were given, in no order.
    fn counts(&self) -> impl Iterator<Item = (Score, u64)> + '_ {
        let score = |point: usize| Score(self.scale.lowest.0 + point as i32 * Score::POINT);
        let whole = self.whole.iter().enumerate().map(move |(point, answers)| (score(point), *answers));
        let other = self.other.iter().map(|(score, answers)| (*score, *answers));
        whole.chain(other).filter(|(_, answers)| *answers > 0)
    }
}
