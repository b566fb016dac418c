//! What a series says: signals, nothing but noise, or too little to tell; each in words, without a number of the metric's.

use std::ops::Range;

use super::{FEWEST, FIRM, Series};
use crate::text;

/// What of a series is more than chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Periods strictly beyond their limits.
    Beyond {
        /// Above them, not below.
        above: bool,
        /// Their labels.
        periods: Vec<String>,
    },
    /// More periods in a row on one side of a line than chance allows.
    LongRun {
        /// Above the line, not below.
        above: bool,
        /// The name of the line.
        line: &'static str,
        /// Their labels; those on the line are passed over.
        periods: Vec<String>,
        /// How many chance allows.
        allowed: usize,
    },
    /// The series crosses a line less often than chance lets it.
    FewCrossings {
        /// The name of the line.
        line: &'static str,
        /// How often it does.
        crossings: usize,
        /// How often it should at least.
        expected: usize,
    },
}

/// What a series comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Something is more than chance.
    Signals(Vec<Signal>),
    /// All that moved may be chance.
    Quiet,
    /// Too few periods have a value to tell.
    TooFew,
    /// The windows of neighbouring periods overlap.
    Overlapping,
}

impl Series {
    /// The number of periods that limits and rules rest on: complete, with a value that may be shown.
    pub fn judged(&self) -> usize {
        self.points.iter().filter(|point| point.limits.is_some()).count()
    }

    /// What of it is more than chance.
    pub fn signals(&self) -> Vec<Signal> {
        let beyond = |above: bool| {
            let points = self.points.iter().filter(|point| point.beyond == Some(above));
            let periods: Vec<String> = points.map(|point| point.period.clone()).collect();
            (!periods.is_empty()).then_some(Signal::Beyond { above, periods })
        };
        let crossings = self.runs.as_ref().filter(|runs| runs.too_few_crossings());
        let crossings = crossings.zip(self.line).map(|(runs, line)| Signal::FewCrossings {
            line: line.name(),
            crossings: runs.crossings,
            expected: runs.crossings_expected,
        });
        let beyond = [beyond(true), beyond(false)].into_iter().flatten();
        beyond.chain(self.long_runs()).chain(crossings).collect()
    }

    /// What it comes to.
    pub fn judgement(&self) -> Judgement {
        match self.signals() {
            signals if !signals.is_empty() => Judgement::Signals(signals),
            _ if self.overlaps => Judgement::Overlapping,
            _ if self.judged() < FEWEST => Judgement::TooFew,
            _ => Judgement::Quiet,
        }
    }

    /// The runs that are longer than chance allows. Values on the line neither belong to a run nor end it.
    fn long_runs(&self) -> Vec<Signal> {
        let (Some(line), Some(runs)) = (self.line, &self.runs) else { return Vec::new() };
        let points: Vec<(bool, bool, &String)> = self
            .points
            .iter()
            .filter(|point| point.limits.is_some())
            .filter_map(|point| {
                let value = point.estimate.value.filter(|value| *value != line.at())?;
                Some((value > line.at(), point.in_run, &point.period))
            })
            .collect();
        let long = points.chunk_by(|one, next| one.0 == next.0).map(|run| {
            let periods = run.iter().filter(|(_, in_run, _)| *in_run).map(|(.., period)| (*period).clone());
            (run.first().is_some_and(|(above, ..)| *above), periods.collect::<Vec<String>>())
        });
        let signal = |(above, periods)| Signal::LongRun {
            above,
            line: line.name(),
            periods,
            allowed: runs.longest_allowed,
        };
        long.filter(|(_, periods)| !periods.is_empty()).map(signal).collect()
    }
}

impl Judgement {
    /// What several series that come to it have in common, in words, `noun` being that of their periods; nothing of signals,
    /// which are each its own.
    pub fn told(&self, judged: Range<usize>, noun: &str) -> String {
        let periods = |n: usize| text::count(n as u64, noun);
        match self {
            Judgement::Signals(_) => String::new(),
            Judgement::Quiet => {
                let provisional = if judged.start < FIRM {
                    format!("; limits from fewer than {FIRM} {noun}s are provisional")
                } else {
                    String::new()
                };
                let of = if judged.start == judged.end {
                    periods(judged.start)
                } else {
                    format!("{} to {}", judged.start, periods(judged.end))
                };
                format!("no signal in {of}: what moved is noise{provisional}")
            }
            Judgement::Overlapping => format!(
                "no limits, since the windows of neighbouring {noun}s overlap and make them alike: \
                 --window period compares {noun}s that do not"
            ),
            Judgement::TooFew if judged.end < 2 => {
                format!(
                    "no limits: they need at least 2 complete {noun}s with a value, and say little before {FEWEST}"
                )
            }
            Judgement::TooFew => format!(
                "fewer than {FEWEST} complete {noun}s, too few to tell a signal from noise: even one far off \
                 widens the limits so much that it stays within"
            ),
        }
    }
}

impl Signal {
    /// In words, `noun` being that of the periods.
    pub fn told(&self, noun: &str) -> String {
        let side = |above: bool| if above { "above" } else { "below" };
        match self {
            Signal::Beyond { above, periods } => match periods.as_slice() {
                [one] => format!("{one} lies {} its limits", side(*above)),
                _ => format!("{} lie {} their limits", text::list(periods), side(*above)),
            },
            Signal::LongRun { above, line, periods, allowed } => format!(
                "from {} to {}, {} lie {} the {line} and none {} it, where chance allows {allowed} in a row: the \
                 level has shifted",
                periods.first().map_or("", String::as_str),
                periods.last().map_or("", String::as_str),
                text::count(periods.len() as u64, noun),
                side(*above),
                side(!*above)
            ),
            Signal::FewCrossings { line, crossings, expected } => format!(
                "the values cross their {line} {}, where chance leaves at least {expected}: the level has \
                 shifted or drifts",
                text::count(*crossings as u64, "time")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Line, Point};
    use super::*;
    use crate::estimate::Estimate;
    use crate::stats::{Interval, runs::anhoej};

    /// A series of values about 0, each within its limits.
    fn about_zero(values: &[f64]) -> Series {
        let runs = anhoej(values, 0.0);
        let in_run = |at: usize| runs.as_ref().is_some_and(|runs| runs.in_long_run[at]);
        let point = |(at, value): (usize, &f64)| Point {
            period: format!("{at}"),
            partial: false,
            estimate: Estimate { n: 9, value: Some(*value), ..Estimate::default() },
            hidden: None,
            limits: Some(Interval { lower: -9.0, upper: 9.0 }),
            beyond: None,
            in_run: in_run(at),
        };
        let points = values.iter().enumerate().map(point).collect();
        let (centre, line) = (Some(0.0), Some(Line::Centre(0.0)));
        Series { labels: Vec::new(), points, centre, line, runs, overlaps: false }
    }

    #[test]
    fn each_long_run_is_named_without_what_lies_between_or_on_the_line() {
        // 9 above, one below, 11 above with one on the line among them: of 21 points round(log₂ 21) + 3 are 7.
        let values = [vec![1.0; 9], vec![-1.0], vec![2.0; 4], vec![0.0], vec![2.0; 7]].concat();
        let signals = about_zero(&values).signals();
        let told: Vec<String> = signals.iter().map(|signal| signal.told("day")).collect();
        let run = |ends: &str, days: usize| {
            format!(
                "from {ends}, {days} days lie above the centre and none below it, where chance allows 7 in a row: the \
                 level has shifted"
            )
        };
        assert_eq!(told[..2], [run("0 to 8", 9), run("10 to 21", 11)]);
        assert_eq!(
            told[2..],
            [
                "the values cross their centre 2 times, where chance leaves at least 6: the level has shifted or drifts"
            ]
        );
    }

    #[test]
    fn few_points_are_no_all_clear() {
        assert_eq!(about_zero(&[1.0, -1.0, 1.0]).judgement(), Judgement::TooFew);
        let quiet = about_zero(&[1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0]);
        assert_eq!(quiet.judgement(), Judgement::Quiet);
        assert_eq!(
            Judgement::Quiet.told(8..26, "week"),
            "no signal in 8 to 26 weeks: what moved is noise; limits from fewer than 20 weeks are provisional"
        );
        assert_eq!(Judgement::Quiet.told(26..26, "week"), "no signal in 26 weeks: what moved is noise");
    }
}
