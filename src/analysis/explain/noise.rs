//! How far a group's own change, and the change of the whole, may be chance. It must not know what is said of it.

use super::Piece;
use crate::analysis::difference::difference;
use crate::metric::Metric;
use crate::tally::Tally;

/// How changes of a metric are judged.
pub struct Noise {
    /// The metric.
    pub metric: &'static Metric,
    /// The confidence of the intervals, 0–1.
    pub level: f64,
    /// How many groups are looked at.
    pub groups: usize,
}

impl Noise {
    /// The limits of a rate effect, the group's part of the whole being given; and whether it is clear of 0 by limits that
    /// allow for the number of groups (Bonferroni).
    pub fn of_rate(&self, sides: &[Tally; 2], weight: f64) -> (Option<[f64; 2]>, bool) {
        let strict = 1.0 - (1.0 - self.level) / self.groups.max(1) as f64;
        let is_clear = self.limits(sides, strict).is_some_and(|[lower, upper]| lower > 0.0 || upper < 0.0);
        (self.limits(sides, self.level).map(|limits| limits.map(|limit| limit * weight)), is_clear)
    }

    /// The limits of the change of the whole.
    pub fn of_change(&self, sides: &[Tally; 2]) -> Option<[f64; 2]> {
        self.limits(sides, self.level)
    }

    /// The limits of the second value less the first, by the method that fits the metric. Where nothing varies there are
    /// none: that is not certainty.
    fn limits(&self, sides: &[Tally; 2], level: f64) -> Option<[f64; 2]> {
        let [before, after] = sides.each_ref().map(|side| (self.metric.reading)(side));
        let found = difference(&after?, &before?, level)?;
        Some([found.lower?, found.upper?])
    }
}

/// The limits of all rate effects together, from those of each (MOVER): `r ∓ √Σ(rᵢ - limitᵢ)²`. A group of one period has no
/// rate; where another has no limits, there are none.
pub fn added(pieces: &[Piece]) -> Option<[f64; 2]> {
    let mut squares = [0.0; 2];
    for piece in pieces.iter().filter(|piece| piece.n.iter().all(|n| *n > 0)) {
        let limits = piece.rate_limits?;
        (0..2).for_each(|end| squares[end] += (piece.rate - limits[end]).powi(2));
    }
    let rate: f64 = pieces.iter().map(|piece| piece.rate).sum();
    (squares[1] > 0.0).then(|| [rate - squares[0].sqrt(), rate + squares[1].sqrt()])
}
