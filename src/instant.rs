//! A moment as microseconds since 1970 in UTC, and how it is written. Never reads the clock.

use chrono::{DateTime, SecondsFormat};
use serde::{Serialize, Serializer};

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in an hour.
pub const HOUR: i64 = 3_600 * SECOND;
/// Microseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Instant {
    /// RFC 3339 in UTC, with a fraction only where there is one: `2026-06-25T22:03:00Z`.
    pub fn rfc3339(self) -> String {
        match DateTime::from_timestamp_micros(self.0) {
            Some(time) => time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            None => format!("{}us", self.0),
        }
    }

    /// For people: `25 Jun 2026 22:03 UTC`.
    pub fn readable(self) -> String {
        match DateTime::from_timestamp_micros(self.0) {
            Some(time) => time.format("%-d %b %Y %H:%M UTC").to_string(),
            None => self.rfc3339(),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::Instant;

    #[test]
    fn writes_utc_with_a_fraction_only_where_there_is_one() {
        assert_eq!(Instant(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Instant(1_500_000).rfc3339(), "1970-01-01T00:00:01.500Z");
        assert_eq!(Instant(1_782_424_980_000_000).readable(), "25 Jun 2026 22:03 UTC");
    }
}
