//! Whether a gate passes, fails or has not enough data, by an interval. It must not know which numbers these are.

use super::difference::Difference;
use super::gate::{Level, Side, Steady};
use crate::report::{Unit, Verdict};

/// A value and its limits; `None` where there is none or it is not reached.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// The value.
    pub value: Option<f64>,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

impl Figures {
    /// Whether no two cases differed: then an interval has no width, and says nothing of how far to trust the value.
    pub fn is_flat(self, unit: Unit) -> bool {
        // The limits of a median are times that were seen, and may well be one time.
        unit != Unit::Hours && self.lower.is_some() && self.lower == self.upper
    }
}

impl Level {
    /// Whether a number is on the right side.
    fn holds(self, x: f64) -> bool {
        match self.side {
            Side::AtLeast => x >= self.bound,
            Side::Above => x > self.bound,
            Side::AtMost => x <= self.bound,
            Side::Below => x < self.bound,
        }
    }

    /// The limit of an interval that lies nearer to the wrong side, then the one nearer to the right side.
    fn worst_and_best(self, of: Figures) -> (Option<f64>, Option<f64>) {
        match self.side {
            Side::AtLeast | Side::Above => (of.lower, of.upper),
            Side::AtMost | Side::Below => (of.upper, of.lower),
        }
    }

    /// Judges an interval: all of it on the right side passes, all of it on the wrong side fails.
    pub fn judge(self, of: Figures) -> Verdict {
        let (worst, best) = self.worst_and_best(of);
        if worst.is_some_and(|limit| self.holds(limit)) {
            Verdict::Pass
        } else if best.is_some_and(|limit| !self.holds(limit)) {
            Verdict::Fail
        } else {
            Verdict::NotEnoughData
        }
    }

    /// Judges the plain value.
    pub fn judge_raw(self, of: Figures) -> Verdict {
        of.value.map_or(Verdict::NotEnoughData, |value| pass(self.holds(value)))
    }

    /// How many cases would tell, of a value that rests on `n` and stays where it is: half the width takes four times as
    /// many. `None` where the value lies too near to the limit for that.
    pub fn needed(self, of: Figures, n: u64) -> Option<u64> {
        let value = of.value?;
        let (worst, best) = self.worst_and_best(of);
        let towards = if self.holds(value) { worst? } else { best? };
        let factor = ((towards - value) / (self.bound - value)).powi(2);
        let needed = n as f64 * factor;
        (factor.is_finite() && factor > 1.0 && factor <= MOST_TIMES).then(|| two_digits(needed))
    }

    /// Why, in words.
    pub fn why(self, verdict: Verdict, of: Figures) -> String {
        let (right, wrong) = match self.side {
            Side::AtLeast => ("at or above", "below"),
            Side::Above => ("above", "at or below"),
            Side::AtMost => ("at or below", "above"),
            Side::Below => ("below", "at or above"),
        };
        let bound = self.bound;
        match (verdict, of.lower, of.upper) {
            (Verdict::Pass, ..) => format!("the whole interval is {right} {bound}"),
            (Verdict::Fail, ..) => format!("the whole interval is {wrong} {bound}"),
            (_, None, None) => "there is no interval to judge by".to_owned(),
            (_, _, None) => format!("the upper limit is not reached, and the lower one is not above {bound}"),
            (_, None, _) => format!("the lower limit is not reached, and the upper one is not below {bound}"),
            _ => format!("{bound} lies within the interval"),
        }
    }
}

/// Nobody asks for a hundred times as many answers.
const MOST_TIMES: f64 = 100.0;

/// Rounded up to two digits.
fn two_digits(x: f64) -> u64 {
    let step = 10_f64.powf((x.max(1.0).log10().floor() - 1.0).max(0.0));
    ((x / step).ceil() * step) as u64
}

fn pass(is: bool) -> Verdict {
    if is { Verdict::Pass } else { Verdict::Fail }
}

/// How much worse a number may have become, as the verdict on its change needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// A change beyond this fails.
    pub fails: f64,
    /// To pass, a change beyond this must be ruled out.
    pub rules_out: f64,
}

impl Steady {
    /// The bounds of a change. A margin is both: what is tolerated, and what must be ruled out. Without one any significant
    /// change for the worse fails, and to pass, what an analyst would call a change must be ruled out.
    pub fn bounds(&self, unit: Unit, baseline: f64) -> Bounds {
        let usual = match unit {
            Unit::Points => 10.0,
            Unit::Percent => 5.0,
            Unit::Score => 0.3,
            Unit::Hours => baseline.abs() / 10.0,
        };
        Bounds { fails: self.margin.unwrap_or(0.0), rules_out: self.margin.unwrap_or(usual) }
    }

    /// Judges a change, now less then.
    pub fn judge(&self, change: &Difference, bounds: Bounds) -> Verdict {
        let better = self.for_the_better(change);
        if better.upper.is_some_and(|upper| upper < -bounds.fails) {
            Verdict::Fail
        } else if better.lower.is_some_and(|lower| lower >= -bounds.rules_out) {
            Verdict::Pass
        } else {
            Verdict::NotEnoughData
        }
    }

    /// Judges the plain change.
    pub fn judge_raw(&self, change: f64) -> Verdict {
        let worse = if self.rise { change } else { -change };
        pass(worse <= self.margin.unwrap_or(0.0))
    }

    fn for_the_better(&self, change: &Difference) -> Difference {
        if self.rise { change.reversed() } else { *change }
    }

    /// Why, in words.
    pub fn why(&self, verdict: Verdict, unit: Unit) -> String {
        let way = if self.rise { "rise" } else { "drop" };
        let much = match (self.margin, unit) {
            (Some(margin), _) => format!("more than {margin}"),
            (None, Unit::Points) => "more than 10 points".to_owned(),
            (None, Unit::Percent) => "more than 5 percentage points".to_owned(),
            (None, Unit::Score) => "more than 0.3".to_owned(),
            (None, Unit::Hours) => "more than a tenth".to_owned(),
        };
        match (verdict, self.margin) {
            (Verdict::Pass, _) => format!("a {way} of {much} is ruled out"),
            (Verdict::Fail, None) => format!("the {way} is more than noise"),
            (Verdict::Fail, Some(_)) => format!("a {way} of {much} is shown"),
            (_, None) => format!("no {way} is shown, but one of {much} is not ruled out"),
            (_, Some(_)) => format!("a {way} of {much} is neither shown nor ruled out"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at_least(bound: f64) -> Level {
        Level { side: Side::AtLeast, bound }
    }

    fn figures(lower: f64, value: f64, upper: f64) -> Figures {
        Figures { value: Some(value), lower: Some(lower), upper: Some(upper) }
    }

    #[test]
    fn the_interval_decides_and_not_the_value() {
        let nps = figures(29.8, 45.0, 60.0);
        assert_eq!(at_least(30.0).judge(nps), Verdict::NotEnoughData);
        assert_eq!(at_least(30.0).judge_raw(nps), Verdict::Pass);
        assert_eq!(at_least(29.8).judge(nps), Verdict::Pass);
        assert_eq!(at_least(60.0).judge(nps), Verdict::NotEnoughData);
        assert_eq!(at_least(60.1).judge(nps), Verdict::Fail);
        let above = |bound| Level { side: Side::Above, bound };
        assert_eq!(above(29.8).judge(nps), Verdict::NotEnoughData);
        assert_eq!(above(60.0).judge(nps), Verdict::Fail);
        // 15.2 below, 15 above: (15.2 / 15)² as many answers.
        assert_eq!(at_least(30.0).needed(nps, 90), Some(93));
        assert_eq!(at_least(44.9).needed(nps, 90), None);
        assert_eq!([two_digits(93.0), two_digits(1234.0), two_digits(0.2)], [93, 1300, 1]);
    }

    #[test]
    fn a_limit_that_is_not_reached_leaves_its_side_open() {
        let at_most = Level { side: Side::AtMost, bound: 48.0 };
        let open = |lower| Figures { value: None, lower: Some(lower), upper: None };
        assert_eq!(at_most.judge(open(60.0)), Verdict::Fail);
        assert_eq!(at_most.judge(open(40.0)), Verdict::NotEnoughData);
        assert_eq!(at_most.judge(Figures::default()), Verdict::NotEnoughData);
        assert_eq!(at_most.judge_raw(Figures::default()), Verdict::NotEnoughData);
    }

    fn change(lower: f64, value: f64, upper: f64) -> Difference {
        Difference { value, lower: Some(lower), upper: Some(upper), p: None, method: "mover" }
    }

    #[test]
    fn a_drop_fails_when_shown_and_passes_when_ruled_out() {
        let drop = |margin| Steady { rise: false, margin, file: None };
        let judged = |gate: &Steady, change: &Difference| gate.judge(change, gate.bounds(Unit::Points, 46.0));
        for (change, plain, five) in [
            (change(-30.0, -7.0, 16.0), Verdict::NotEnoughData, Verdict::NotEnoughData),
            (change(-30.0, -17.0, -4.0), Verdict::Fail, Verdict::NotEnoughData),
            (change(-30.0, -20.0, -6.0), Verdict::Fail, Verdict::Fail),
            (change(-9.0, -2.0, 4.0), Verdict::Pass, Verdict::NotEnoughData),
            (change(-4.0, -2.0, -1.0), Verdict::Fail, Verdict::Pass),
        ] {
            assert_eq!((judged(&drop(None), &change), judged(&drop(Some(5.0)), &change)), (plain, five));
        }
        // Of a metric that is better when it is low, the same change is no harm.
        let rise = Steady { rise: true, margin: None, file: None };
        assert_eq!(rise.judge(&change(-30.0, -17.0, -4.0), rise.bounds(Unit::Percent, 9.0)), Verdict::Pass);
        assert_eq!([rise.judge_raw(1.0), rise.judge_raw(-1.0)], [Verdict::Fail, Verdict::Pass]);
    }

    fn sides() -> impl Strategy<Value = Side> {
        prop_oneof![Just(Side::AtLeast), Just(Side::Above), Just(Side::AtMost), Just(Side::Below)]
    }

    proptest! {
        #[test]
        fn a_gate_never_passes_and_fails_at_once(
            ends in prop::array::uniform3(-20_i32..20), side in sides(), bound in -20_i32..20,
        ) {
            let mut ends = ends.map(f64::from);
            ends.sort_by(f64::total_cmp);
            let of = figures(ends[0], ends[1], ends[2]);
            let bound = f64::from(bound);
            let verdict = Level { side, bound }.judge(of);
            // Its contrary passes where it fails, fails where it passes, and knows as little.
            let contrary = match side {
                Side::AtLeast => Side::Below,
                Side::Below => Side::AtLeast,
                Side::Above => Side::AtMost,
                Side::AtMost => Side::Above,
            };
            let expected = match verdict {
                Verdict::Pass => Verdict::Fail,
                Verdict::Fail => Verdict::Pass,
                Verdict::NotEnoughData => Verdict::NotEnoughData,
            };
            prop_assert_eq!(Level { side: contrary, bound }.judge(of), expected);
            // The value is never on the other side of what the interval says, and more doubt never turns a verdict over.
            let raw = Level { side, bound }.judge_raw(of);
            prop_assert!(verdict == Verdict::NotEnoughData || verdict == raw);
            let wider = figures(ends[0] - 1.0, ends[1], ends[2] + 1.0);
            let doubted = Level { side, bound }.judge(wider);
            prop_assert!(doubted == verdict || doubted == Verdict::NotEnoughData);
        }

        #[test]
        fn a_change_never_passes_and_fails_at_once(
            ends in prop::array::uniform3(-20_i32..20), rise: bool, margin in prop::option::of(0_i32..9),
        ) {
            let mut ends = ends.map(f64::from);
            ends.sort_by(f64::total_cmp);
            let gate = Steady { rise, margin: margin.map(f64::from), file: None };
            let of = change(ends[0], ends[1], ends[2]);
            let bounds = gate.bounds(Unit::Points, 0.0);
            let verdict = gate.judge(&of, bounds);
            let worse = if rise { ends[0] } else { -ends[2] };
            prop_assert_eq!(verdict == Verdict::Fail, worse > bounds.fails);
            // Where there is a margin, the plain change agrees with every verdict.
            let agrees = margin.is_none() || verdict == Verdict::NotEnoughData;
            prop_assert!(agrees || gate.judge_raw(of.value) == verdict);
        }
    }
}
