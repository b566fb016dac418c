//! How much of the time between two instants was open. Built once over a span; then each answer is a look into a table.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::Hours;
use crate::instant::{DAY, HOUR};

/// A clock that runs only while the business is open.
#[derive(Debug)]
pub struct Clock {
    /// The first instant that it knows.
    from: i64,
    /// The stretches that are open, in order.
    open: Vec<Stretch>,
    /// For each 24 hours since the first instant the number of stretches that have ended by their start.
    ended: Vec<u32>,
}

/// A stretch of time that is open, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: i64,
    to: i64,
    /// How much was open before it.
    before: i64,
}

impl Clock {
    /// The clock over a span of instants; outside it, nothing is open.
    ///
    /// A moment is open when the wall clock of the zone shows an open time on a day that is no holiday. So an hour
    /// that the clocks skip is missing from the day, and one that they repeat counts twice where it is open.
    pub fn new(hours: &Hours, from: i64, to: i64) -> Clock {
        let mut open: Vec<Stretch> = Vec::new();
        for piece in pieces(hours.zone, from, to) {
            for day in (piece.from + piece.offset).div_euclid(DAY)..=(piece.to + piece.offset).div_euclid(DAY)
            {
                let midnight = day * DAY - piece.offset;
                for opening in hours.on(day) {
                    let from = (midnight + opening.from).max(piece.from);
                    let to = (midnight + opening.to).min(piece.to);
                    if from < to {
                        add(&mut open, from, to);
                    }
                }
            }
        }
        let days = 0..=(to - from).max(0) / DAY;
        let ended = days.map(|day| open.partition_point(|open| open.to <= from + day * DAY) as u32).collect();
        Clock { from, open, ended }
    }

    /// How much of the time from one instant to another was open, in microseconds; negative where the second is the
    /// earlier one.
    pub fn between(&self, from: i64, to: i64) -> i64 {
        self.open_before(to) - self.open_before(from)
    }

    /// How much was open from the start of the clock to an instant.
    fn open_before(&self, instant: i64) -> i64 {
        let day = (instant.saturating_sub(self.from).max(0) / DAY) as usize;
        let first = self.ended.get(day).or(self.ended.last()).copied().unwrap_or(0);
        let later = self.open.get(first as usize..).unwrap_or_default();
        match later.iter().find(|stretch| stretch.to > instant) {
            Some(stretch) => stretch.before + (instant - stretch.from).max(0),
            None => self.open.last().map_or(0, |last| last.before + (last.to - last.from)),
        }
    }
}

/// Adds a stretch behind the others; one that begins where the last ended goes on with it.
fn add(open: &mut Vec<Stretch>, from: i64, to: i64) {
    match open.last_mut() {
        Some(last) if last.to == from => last.to = to,
        last => {
            let before = last.map_or(0, |last| last.before + (last.to - last.from));
            open.push(Stretch { from, to, before });
        }
    }
}

/// A stretch of instants in which the wall clock of a zone is one distance from UTC, in microseconds.
struct Piece {
    from: i64,
    to: i64,
    offset: i64,
}

/// How often a zone is looked at: no two of its changes are as near to each other.
const STEP: i64 = 12 * HOUR;

/// The pieces of a span, in order.
fn pieces(zone: Tz, from: i64, to: i64) -> Vec<Piece> {
    let mut pieces = vec![Piece { from, to: from, offset: offset_at(zone, from) }];
    while let Some(last) = pieces.last_mut().filter(|last| last.to < to) {
        let next = (last.to + STEP).min(to);
        let offset = offset_at(zone, next);
        if offset == last.offset {
            last.to = next;
            continue;
        }
        // The first instant of the new offset lies after `last.to`, up to and including `next`.
        let (mut old, mut new) = (last.to, next);
        while new - old > 1 {
            let middle = old + (new - old) / 2;
            if offset_at(zone, middle) == last.offset { old = middle } else { new = middle }
        }
        last.to = new;
        let offset = offset_at(zone, new);
        pieces.push(Piece { from: new, to: new, offset });
    }
    pieces
}

/// How far the wall clock is ahead of UTC at an instant.
fn offset_at(zone: Tz, instant: i64) -> i64 {
    let utc = DateTime::from_timestamp_micros(instant).unwrap_or_default().naive_utc();
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * (HOUR / 3_600)
}

#[cfg(test)]
mod tests;
