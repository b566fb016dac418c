//! The hours in which a business answers: a week, its holidays and the zone of its clock. Knows no tickets.

mod clock;
mod read;

use chrono_tz::Tz;

pub use clock::Clock;

/// A week of opening hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The name of the file that says them.
    pub file: String,
    /// The zone of its wall clock.
    pub zone: Tz,
    /// What is open on each day, from Monday, in order and without overlaps.
    week: [Vec<Opening>; 7],
    /// The days that are closed whatever the week says, in order, counted from 1 January 1970.
    holidays: Vec<i64>,
}

/// A stretch of a day, in microseconds of the wall clock since midnight; its end is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Opening {
    from: i64,
    to: i64,
}

impl Hours {
    /// What is open on a day of the calendar, counted from 1 January 1970.
    fn on(&self, day: i64) -> &[Opening] {
        // That day was a Thursday.
        let weekday = (day + 3).rem_euclid(7) as usize;
        if self.holidays.binary_search(&day).is_ok() { &[] } else { &self.week[weekday] }
    }
}
