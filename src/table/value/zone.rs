//! From a wall clock in an IANA zone to an instant, with a small cache; knows no text.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::civil::DAY_SECONDS;

/// Days remembered, enough for four years of rows in any order.
const SLOTS: usize = 2048;

/// A zone in which times without one are read.
pub(super) struct Zone {
    tz: Tz,
    /// For each remembered day its offset, where the clocks did not change near it. Empty for UTC.
    days: Vec<(i64, i64)>,
}

impl Zone {
    pub(super) fn new(tz: Tz) -> Self {
        let is_utc = matches!(tz, Tz::UTC | Tz::Etc__UTC | Tz::GMT | Tz::Etc__GMT);
        let days = if is_utc { Vec::new() } else { vec![(i64::MIN, 0); SLOTS] };
        Zone { tz, days }
    }

    /// Which zone it is.
    pub(super) fn tz(&self) -> Tz {
        self.tz
    }

    /// The instant at which the wall clock shows `wall` (both in seconds from 1970-01-01 00:00).
    ///
    /// A time that exists twice is the earlier of its two instants. A time that the clocks skipped is read
    /// with the offset before and with the one after the gap, and again the earlier instant is taken:
    /// 02:30 in the hour that Amsterdam skips is the instant at which its clocks showed 01:30.
    #[inline]
    pub(super) fn instant(&mut self, wall: i64) -> i64 {
        if self.days.is_empty() {
            return wall;
        }
        let day = wall.div_euclid(DAY_SECONDS);
        let slot = day.rem_euclid(SLOTS as i64) as usize;
        match self.days.get(slot) {
            Some(&(known, offset)) if known == day => wall - offset,
            _ => self.instant_by_lookup(wall, day, slot),
        }
    }

    #[cold]
    fn instant_by_lookup(&mut self, wall: i64, day: i64, slot: usize) -> i64 {
        // No zone is a whole day from UTC, so these two instants lie around every instant of the local day.
        let before = self.offset_at((day - 1) * DAY_SECONDS);
        let after = self.offset_at((day + 2) * DAY_SECONDS);
        if before != after {
            return self.instant_near_change(wall, before, after);
        }
        if let Some(known) = self.days.get_mut(slot) {
            *known = (day, before);
        }
        wall - before
    }

    fn instant_near_change(&self, wall: i64, before: i64, after: i64) -> i64 {
        // The larger offset is the earlier instant.
        let (earlier, later) = (wall - before.max(after), wall - before.min(after));
        let exists = |instant: i64| self.offset_at(instant) == wall - instant;
        if !exists(earlier) && exists(later) { later } else { earlier }
    }

    fn offset_at(&self, instant: i64) -> i64 {
        // Every instant asked for lies near the years 1900 to 2199, far inside what chrono can hold.
        DateTime::from_timestamp(instant, 0).map_or(0, |time| {
            let offset = self.tz.offset_from_utc_datetime(&time.naive_utc());
            i64::from(offset.fix().local_minus_utc())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::MappedLocalTime;
    use proptest::prelude::*;

    fn seconds(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp()
    }

    fn amsterdam(wall: &str) -> i64 {
        Zone::new(Tz::Europe__Amsterdam).instant(seconds(&format!("{wall}Z")))
    }

    #[test]
    fn summer_and_winter() {
        assert_eq!(amsterdam("2026-01-15T12:00:00"), seconds("2026-01-15T11:00:00Z"));
        assert_eq!(amsterdam("2026-07-15T12:00:00"), seconds("2026-07-15T10:00:00Z"));
    }

    #[test]
    fn skipped_and_doubled_times_are_the_earlier_instant() {
        assert_eq!(amsterdam("2026-03-29T01:59:59"), seconds("2026-03-29T00:59:59Z"));
        assert_eq!(amsterdam("2026-03-29T02:30:00"), seconds("2026-03-29T00:30:00Z"));
        assert_eq!(amsterdam("2026-03-29T03:00:00"), seconds("2026-03-29T01:00:00Z"));
        assert_eq!(amsterdam("2026-10-25T02:30:00"), seconds("2026-10-25T00:30:00Z"));
        assert_eq!(amsterdam("2026-10-25T03:00:00"), seconds("2026-10-25T02:00:00Z"));
    }

    #[test]
    fn utc_is_not_looked_up() {
        assert_eq!(Zone::new(Tz::UTC).instant(1_234_567), 1_234_567);
        assert!(Zone::new(Tz::UTC).days.is_empty());
    }

    fn zones() -> impl Strategy<Value = Tz> {
        prop::sample::select(vec![
            Tz::Europe__Amsterdam,
            Tz::America__New_York,
            Tz::Australia__Lord_Howe,
            Tz::Africa__Casablanca,
            Tz::Pacific__Apia,
            Tz::Asia__Kolkata,
            Tz::America__Sao_Paulo,
        ])
    }

    proptest! {
        // One zone answers many times, so that remembered days are asked again.
        #[test]
        fn agrees_with_chrono(
            tz in zones(),
            walls in prop::collection::vec(1_280_000_000i64..1_480_000_000, 200),
        ) {
            let mut zone = Zone::new(tz);
            for wall in walls.iter().flat_map(|wall| [*wall, wall + 3_600, wall - 3_600]) {
                let naive = DateTime::from_timestamp(wall, 0).unwrap().naive_utc();
                let instant = zone.instant(wall);
                match tz.from_local_datetime(&naive) {
                    MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(time, _) => {
                        prop_assert_eq!(instant, time.timestamp());
                    }
                    MappedLocalTime::None => {
                        let before = zone.offset_at(wall - 2 * DAY_SECONDS);
                        prop_assert!(instant < wall - before);
                    }
                }
            }
        }
    }
}
