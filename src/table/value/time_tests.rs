//! Times read back against chrono, sentinels, zones and the order of day and month.

use chrono::{DateTime, FixedOffset, TimeZone};
use proptest::prelude::*;

use super::*;

const AT: Place<'static> = Place { line: 2, column: "Created" };

fn parse_in(zone: Tz, order: Option<DateOrder>, text: &str) -> TimeCell {
    TimeParser::new(zone, order).parse(text.as_bytes(), AT)
}

fn parse(text: &str) -> TimeCell {
    parse_in(Tz::UTC, None, text)
}

fn at(rfc3339: &str) -> TimeCell {
    TimeCell::At(DateTime::parse_from_rfc3339(rfc3339).unwrap().timestamp_micros())
}

#[test]
fn the_same_instant_in_every_form() {
    for text in [
        "2025-03-04T05:06:07Z",
        "2025-03-04 05:06:07",
        "2025-03-04t05:06:07z",
        "2025-03-04T05:06:07.000000000Z",
        "2025-03-04T07:06:07+02:00",
        "2025-03-04 07:06:07 +0200",
        "2025-03-04T03:06:07-02",
        " 2025-03-04 05:06:07 UTC ",
        "2025-03-04 13:06:07 GMT+8",
        "2025/03/04 5:06:07 AM",
        "04.03.2025 05:06:07",
        "1741064767",
        "1741064767000",
        "\u{a0}2025-03-04T05:06:07\u{a0}",
    ] {
        assert_eq!(parse(text), at("2025-03-04T05:06:07Z"), "{text}");
    }
    assert_eq!(parse("1741064767123"), at("2025-03-04T05:06:07.123Z"));
    assert_eq!(parse("2025-03-04"), at("2025-03-04T00:00:00Z"));
    assert_eq!(parse("20250304"), at("2025-03-04T00:00:00Z"));
    assert_eq!(parse("2025-03-04 05:06"), at("2025-03-04T05:06:00Z"));
    assert_eq!(parse("2016-12-31 23:59:60"), at("2016-12-31T23:59:59Z"));
    assert_eq!(parse("1969-12-31T23:59:59.5Z"), TimeCell::At(-500_000));
}

#[test]
fn sentinels_and_words_are_blank() {
    for text in [
        "",
        " ",
        "NULL",
        "n/a",
        "-",
        "NaT",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00",
        "1899-12-30",
        "1900-01-01 00:00:00",
        "01/01/1900",
        "12/31/9999",
        "31/12/9999",
        "9999-12-31T23:59:59Z",
        "1970-01-01",
        "1970-01-01T00:00:00Z",
        "1970-01-01 00:00:00.000",
        "1970-01-01T01:00:00+01:00",
        "1/1/1970",
    ] {
        assert_eq!(parse(text), TimeCell::Blank, "{text}");
    }
    assert_eq!(parse_in(Tz::Europe__Amsterdam, None, "1970-01-01 01:00:00"), TimeCell::Blank);
    assert_eq!(parse("1970-01-01T00:00:01Z"), TimeCell::At(1_000_000));
    assert_eq!(parse("1900-01-02"), at("1900-01-02T00:00:00Z"));
}

#[test]
fn what_is_no_time_is_bad() {
    for text in [
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "2025-04-31T00:00:00Z",
        "1899-12-31",
        "2200-01-01",
        "0",
        "45000",
        "2025-03-04T24:00:00Z",
        "2025-03-04T05:60:07Z",
        "2025-03-04T05:06:61Z",
        "2025-03-04T05:06:0xZ",
        "yesterday",
        "2025-03-04T05:06:07ZZ",
        "20250230",
        "31/04/2025",
        "13/13/2025",
        "04.25.2025",
        "03/04/25",
        "2025-3",
        "2025-03-04T05:06:07 EST",
        "29/02/2025",
        "2025-03-04Z",
    ] {
        assert_eq!(parse(text), TimeCell::Bad, "{text}");
    }
}

#[test]
fn local_times_are_in_the_zone() {
    let amsterdam = |text| parse_in(Tz::Europe__Amsterdam, None, text);
    assert_eq!(amsterdam("2026-03-29 02:30"), at("2026-03-29T00:30:00Z"));
    assert_eq!(amsterdam("2026-10-25 02:30"), at("2026-10-25T00:30:00Z"));
    assert_eq!(amsterdam("2026-07-01 12:00:00"), at("2026-07-01T10:00:00Z"));
    assert_eq!(amsterdam("2026-07-01"), at("2026-06-30T22:00:00Z"));
    assert_eq!(amsterdam("2026-07-01T12:00:00Z"), at("2026-07-01T12:00:00Z"));
    assert_eq!(amsterdam("1782907200"), at("2026-07-01T12:00:00Z"));
}

#[test]
fn a_given_order_is_kept_to() {
    let day_first = |text| parse_in(Tz::UTC, Some(DateOrder::DayFirst), text);
    let month_first = |text| parse_in(Tz::UTC, Some(DateOrder::MonthFirst), text);
    assert_eq!(day_first("03/04/2026"), at("2026-04-03T00:00:00Z"));
    assert_eq!(month_first("03-04-2026 2:05 PM"), at("2026-03-04T14:05:00Z"));
    assert_eq!(day_first("03/25/2026"), TimeCell::Bad);
    assert_eq!(month_first("25/03/2026"), TimeCell::Bad);
    assert_eq!(month_first("03.04.2026"), at("2026-04-03T00:00:00Z"));
}

#[test]
fn open_dates_wait_for_a_proof_and_later_ones_do_not() {
    let mut times = TimeParser::new(Tz::Europe__Amsterdam, None);
    let TimeCell::Open(open) = times.parse(b"03/04/2026 10:00", AT) else { panic!("not open") };
    let TimeCell::Open(in_utc) = times.parse(b"03/04/2026 10:00 UTC", AT) else { panic!("not open") };
    assert_eq!(times.parse(b"05/05/2026", AT), at("2026-05-04T22:00:00Z"));
    assert!(times.evidence().verdict("a.csv").is_err());
    assert_eq!(times.parse(b"03/25/2026", AT), at("2026-03-24T23:00:00Z"));
    assert_eq!(times.parse(b"03/04/2026", AT), at("2026-03-03T23:00:00Z"));
    assert_eq!(times.evidence().verdict("a.csv"), Ok(Some(DateOrder::MonthFirst)));
    assert_eq!(TimeCell::At(times.settle(open, DateOrder::MonthFirst)), at("2026-03-04T09:00:00Z"));
    assert_eq!(TimeCell::At(times.settle(open, DateOrder::DayFirst)), at("2026-04-03T08:00:00Z"));
    assert_eq!(TimeCell::At(times.settle(in_utc, DateOrder::DayFirst)), at("2026-04-03T10:00:00Z"));
    assert_eq!(times.parse(b"25/03/2026", AT), at("2026-03-24T23:00:00Z"));
    assert!(times.evidence().verdict("a.csv").is_err());
}

#[test]
fn dates_without_two_readings_need_no_order() {
    let mut times = TimeParser::new(Tz::UTC, None);
    times.parse(b"05/05/2026", AT);
    times.parse(b"25.03.2026", AT);
    times.parse(b"31/04/2026", AT);
    assert_eq!(times.evidence().verdict("a.csv"), Ok(None));
}

/// The forms in which an instant can be written, with the precision that each keeps, in microseconds.
const FORMS: [(&str, i64); 16] = [
    ("%Y-%m-%dT%H:%M:%SZ", 1_000_000),
    ("%Y-%m-%d %H:%M:%S", 1_000_000),
    ("%Y-%m-%dT%H:%M:%S%.6fZ", 1),
    ("%Y-%m-%d %H:%M:%S%.9f", 1),
    ("%Y-%m-%dT%H:%M:%S%.3f UTC", 1_000),
    ("%Y/%m/%d %H:%M", 60_000_000),
    ("%Y-%m-%d", 86_400_000_000),
    ("%Y%m%d", 86_400_000_000),
    ("%d.%m.%Y %H:%M:%S", 1_000_000),
    ("%d/%m/%Y %I:%M:%S %p", 1_000_000),
    ("%d-%m-%Y", 86_400_000_000),
    ("%-d/%-m/%Y %-I:%M%P", 60_000_000),
    ("%s", 1_000_000),
    ("%s%3f", 1_000),
    ("%Y-%m-%dT%H:%M:%S%.f%:z", 1),
    ("%Y-%m-%d %H:%M:%S %z", 1_000_000),
];

proptest! {
    #[test]
    fn never_panics(cell: Vec<u8>, order in prop::sample::select(vec![None, Some(DateOrder::MonthFirst)])) {
        TimeParser::new(Tz::Europe__Amsterdam, order).parse(&cell, AT);
    }

    #[test]
    fn never_panics_on_what_looks_like_a_time(cell in "[0-9/.: TZAPMU+-]{0,30}") {
        TimeParser::new(Tz::Europe__Amsterdam, None).parse(cell.as_bytes(), AT);
    }

    // From 2002 to 2199, where Unix times have 10 and 13 digits.
    #[test]
    fn what_chrono_writes_is_read_back(micros in 1_009_843_200_000_000i64..7_258_000_000_000_000) {
        for (form, precision) in FORMS {
            let text = DateTime::from_timestamp_micros(micros).unwrap().format(form).to_string();
            let skip = text.starts_with("21") && form == "%Y%m%d";
            let expected = micros - micros.rem_euclid(precision);
            let cell = parse_in(Tz::UTC, Some(DateOrder::DayFirst), &text);
            prop_assert!(skip || cell == TimeCell::At(expected), "{} {:?}", text, cell);
        }
    }

    #[test]
    fn offsets_are_taken_off(seconds in 1i64..7_000_000_000, minutes in -840i32..=840) {
        let offset = FixedOffset::east_opt(minutes * 60).unwrap();
        let text = offset.timestamp_opt(seconds, 0).unwrap().to_rfc3339();
        let sentinel = text.starts_with("1970-01-01T00:00:00");
        prop_assert!(sentinel || parse(&text) == TimeCell::At(seconds * SECOND_MICROS), "{}", text);
    }

    #[test]
    fn the_fast_path_is_the_slow_path(
        text in "(18|19|20|21|22)[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z?"
    ) {
        for zone in [Tz::UTC, Tz::America__New_York] {
            let mut times = TimeParser::new(zone, None);
            let fast = times.parse(text.as_bytes(), AT);
            prop_assert_eq!(fast, times.parse_any(text.as_bytes(), AT), "{}", text);
        }
    }
}
