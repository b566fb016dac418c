//! The window W of the metrics of customers: a length of time, or one calendar period against the one before it.

use std::fmt;

use chrono_tz::Tz;

use super::{Period, day_begins};
use crate::instant::DAY;

/// W of retention, churn and what is told beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Of this many microseconds: [T − W, T] against [T − 2W, T − W).
    Length(i64),
    /// From the beginning of the period that T lies in, against the whole period before it.
    Calendar(Period),
}

/// Where the window that ends at T begins, and where the one before it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// T − W, or the first instant of the period.
    pub window_from: i64,
    /// T − 2W, or the first instant of the period before.
    pub base_from: i64,
}

impl Window {
    /// The windows of the moment T. Beyond the calendar they begin before every time.
    pub fn bounds(self, as_of: i64, zone: Tz) -> Bounds {
        match self {
            Window::Length(length) => {
                let window_from = as_of.saturating_sub(length);
                Bounds { window_from, base_from: window_from.saturating_sub(length) }
            }
            Window::Calendar(period) => {
                let window_from = period.begins(as_of, zone).unwrap_or(i64::MIN);
                let base_from = period.begins(window_from.saturating_sub(1), zone).unwrap_or(i64::MIN);
                Bounds { window_from, base_from }
            }
        }
    }

    /// Since when a customer must have ordered to be active at T. An unfinished period says that of nobody yet, so that
    /// the one before it counts too.
    pub fn active_since(self, as_of: i64, zone: Tz) -> i64 {
        let Bounds { window_from, base_from } = self.bounds(as_of, zone);
        match self {
            Window::Calendar(period) if period.is_cut(as_of, zone) => base_from,
            _ => window_from,
        }
    }
}

impl Period {
    /// The first instant of the period that a moment lies in.
    pub fn begins(self, time: i64, zone: Tz) -> Option<i64> {
        day_begins(self.start(time, zone)?, zone)
    }

    /// Whether the period of a moment goes on after it.
    pub fn is_cut(self, time: i64, zone: Tz) -> bool {
        self.begins(time.saturating_add(1), zone) == self.begins(time, zone)
    }
}

/// `90d`, `36h` where it is not whole days, or `period`.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::Length(length) if length % DAY == 0 => write!(f, "{}d", length / DAY),
            Window::Length(length) => write!(f, "{}h", length * 24 / DAY),
            Window::Calendar(_) => f.write_str("period"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::fixture::at;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn bounds(period: Period, as_of: &str, zone: Tz) -> (i64, i64) {
        let Bounds { window_from, base_from } = Window::Calendar(period).bounds(at(as_of), zone);
        (window_from, base_from)
    }

    #[test]
    fn a_length_reaches_back_twice() {
        let Bounds { window_from, base_from } = Window::Length(30 * DAY).bounds(at("2026-03-31"), Tz::UTC);
        assert_eq!((window_from, base_from), (at("2026-03-01"), at("2026-01-30")));
        assert_eq!(Window::Length(DAY).bounds(i64::MIN, Tz::UTC).base_from, i64::MIN);
    }

    #[test]
    fn a_period_has_its_own_length_and_the_one_before_has_its() {
        let until = |day: &str| format!("{day} 23:59:59.999999");
        let march = (at("2026-03-01"), at("2026-02-01"));
        assert_eq!(bounds(Period::Month, &until("2026-03-31"), Tz::UTC), march);
        assert_eq!(bounds(Period::Month, "2026-03-01", Tz::UTC), march, "from its first instant");
        let quarter = (at("2026-01-01"), at("2025-10-01"));
        assert_eq!(bounds(Period::Quarter, "2026-02-11", Tz::UTC), quarter);
        assert_eq!(bounds(Period::Year, "2026-02-11", Tz::UTC), (at("2026-01-01"), at("2025-01-01")));
        let week = (at("2026-02-09"), at("2026-02-02"));
        assert_eq!(bounds(Period::Week, "2026-02-11", Tz::UTC), week);
    }

    #[test]
    fn the_zone_moves_the_periods_and_summer_time_their_lengths() {
        let april = (at("2026-03-31 22:00:00"), at("2026-02-28 23:00:00"));
        assert_eq!(bounds(Period::Month, "2026-04-10", BERLIN), april);
        // The day on which the clocks went forward had 23 hours.
        let day = (at("2026-03-29 22:00:00"), at("2026-03-28 23:00:00"));
        assert_eq!(bounds(Period::Day, "2026-03-30 12:00:00", BERLIN), day);
    }

    #[test]
    fn an_unfinished_period_makes_nobody_inactive() {
        let since = |as_of: &str| Window::Calendar(Period::Month).active_since(at(as_of), Tz::UTC);
        assert_eq!(since("2026-03-02"), at("2026-02-01"));
        assert_eq!(since("2026-03-31 23:59:59.999999"), at("2026-03-01"));
        let length = Window::Length(2 * DAY).active_since(at("2026-03-03"), Tz::UTC);
        assert_eq!(length, at("2026-03-01"));
    }

    #[test]
    fn it_is_written_as_it_is_asked_for() {
        let windows = [Window::Length(90 * DAY), Window::Length(DAY / 2), Window::Calendar(Period::Week)];
        assert_eq!(windows.map(|window| window.to_string()), ["90d", "12h", "period"]);
    }
}
