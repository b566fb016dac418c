//! The clock by hand, and against a count of every minute.

use chrono::{Datelike, Timelike};
use proptest::prelude::*;

use super::*;
use crate::error::Error;

const MINUTE: i64 = HOUR / 60;

fn hours(text: &str) -> Hours {
    let zones = |name: &str| name.parse().map_err(|_| Error::usage("is no zone"));
    Hours::parse("hours.toml", text, Tz::UTC, zones).unwrap()
}

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

/// Open hours between two instants.
fn between(hours: &Hours, from: &str, to: &str) -> f64 {
    let (from, to) = (at(from), at(to));
    Clock::new(hours, from, to).between(from, to) as f64 / HOUR as f64
}

#[test]
fn a_week_by_hand() {
    let office = hours("[hours]\nmon = [\"09:00-12:30\", \"13:00-17:30\"]\nfri = \"09:00-17:00\"\n");
    // Friday 2 January 2026, 16:00, to Monday 5 January, 10:30: an hour and an hour and a half.
    assert_eq!(between(&office, "2026-01-02T16:00:00Z", "2026-01-05T10:30:00Z"), 2.5);
    assert_eq!(between(&office, "2026-01-05T12:30:00Z", "2026-01-05T13:00:00Z"), 0.0);
    assert_eq!(between(&office, "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"), 8.0);
    assert_eq!(between(&office, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), 0.0);
}

/// Amsterdam skips 02:00 to 03:00 on 29 March 2026 and repeats it on 25 October.
#[test]
fn a_night_with_a_change_of_the_clocks() {
    let night = hours("zone = \"Europe/Amsterdam\"\n[hours]\nsun = [\"00:00-06:00\"]\n");
    assert_eq!(between(&night, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 5.0);
    assert_eq!(between(&night, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 7.0);
    assert_eq!(between(&night, "2026-11-01T00:00:00Z", "2026-11-01T12:00:00Z"), 5.0);
    let skipped = hours("zone = \"Europe/Amsterdam\"\n[hours]\nsun = [\"02:15-02:45\"]\n");
    assert_eq!(between(&skipped, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 0.0);
    assert_eq!(between(&skipped, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 1.0);
}

#[test]
fn a_day_that_a_zone_left_out_has_no_hours() {
    // Samoa went from Thursday 29 to Saturday 31 December 2011.
    let always = "[hours]\nfri = \"00:00-24:00\"\n";
    let samoa = hours(&format!("zone = \"Pacific/Apia\"\n{always}"));
    assert_eq!(between(&samoa, "2011-12-29T00:00:00Z", "2012-01-02T00:00:00Z"), 0.0);
    assert_eq!(between(&hours(always), "2011-12-29T00:00:00Z", "2012-01-02T00:00:00Z"), 24.0);
}

#[test]
fn open_day_and_night_is_the_calendar() {
    let days =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("{day} = [\"00:00-24:00\"]\n"));
    let always = hours(&format!("zone = \"America/New_York\"\n[hours]\n{}", days.concat()));
    let (from, to) = (at("1901-01-01T00:00:00Z"), at("2199-12-31T23:59:59.999999Z"));
    let clock = Clock::new(&always, from, to);
    assert_eq!(clock.between(from, to), to - from);
    assert_eq!(clock.between(to, from), from - to);
    assert_eq!(clock.between(from + 1, from + 86_400_000_000_007), 86_400_000_000_006);
    // Outside its span nothing is open.
    assert_eq!(clock.between(i64::MIN, i64::MAX), to - from);
}

/// Every minute that the wall clock shows as open, looked up one by one.
fn counted(hours: &Hours, from: i64, to: i64) -> i64 {
    let is_open = |minute: &i64| {
        let utc = DateTime::from_timestamp_micros(*minute).unwrap().naive_utc();
        let wall = hours.zone.from_utc_datetime(&utc);
        let shown = i64::from(wall.num_seconds_from_midnight()) * (MINUTE / 60);
        let day = wall.date_naive();
        let number = day.signed_duration_since(chrono::NaiveDate::default()).num_days();
        let week = &hours.week[day.weekday().num_days_from_monday() as usize];
        !hours.holidays.contains(&number) && week.iter().any(|o| o.from <= shown && shown < o.to)
    };
    (0..(to - from) / MINUTE).map(|minute| from + minute * MINUTE).filter(is_open).count() as i64 * MINUTE
}

fn a_week() -> impl Strategy<Value = [Vec<super::super::Opening>; 7]> {
    let day = prop::collection::btree_set(0..=1440_i64, 0..6).prop_map(|times| {
        let times: Vec<i64> = times.into_iter().collect();
        let opening = |pair: &[i64]| super::super::Opening { from: pair[0] * MINUTE, to: pair[1] * MINUTE };
        times.chunks_exact(2).map(opening).collect()
    });
    prop::collection::vec(day, 7).prop_map(|days| days.try_into().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn the_clock_counts_the_minutes_that_are_open(
        week in a_week(),
        zone in prop::sample::select(vec![
            Tz::UTC,
            Tz::Europe__Amsterdam,
            Tz::America__New_York,
            Tz::Australia__Lord_Howe,
            Tz::Africa__Casablanca,
            Tz::Asia__Kathmandu,
        ]),
        near in prop::sample::select(vec!["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-25", "2026-11-01"]),
        holidays in prop::collection::btree_set(-4..4_i64, 0..3),
        (start, length) in (-4000..4000_i64, 0..8000_i64),
        (first, second) in (0.0..=1.0_f64, 0.0..=1.0_f64),
    ) {
        let middle = at(&format!("{near}T00:00:00Z"));
        let holidays = holidays.into_iter().map(|day| middle / DAY + day).collect();
        let hours = Hours { file: String::new(), zone, week, holidays };
        let (from, to) = (middle + start * MINUTE, middle + (start + length) * MINUTE);
        let clock = Clock::new(&hours, from, to);
        prop_assert_eq!(clock.between(from, to), counted(&hours, from, to));
        let within = |share: f64| from + (share * length as f64) as i64 * MINUTE;
        let (a, b) = (within(first.min(second)), within(first.max(second)));
        prop_assert_eq!(clock.between(a, b), counted(&hours, a, b));
        prop_assert_eq!(clock.between(from, a) + clock.between(a, b) + clock.between(b, to), clock.between(from, to));
    }
}
