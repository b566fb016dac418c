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
        "1741064767.0",
        "2025/03/04 12:06:07 AM EST",
        "03-Mar-2025 21:06:07 PST",
        "4-Mar-2025 05:06:07",
        "04/mar/25 5:06:07 AM",
        "Mar 4, 2025 5:06:07 AM",
        "Mar 4, 2025, 5:06:07\u{202f}AM",
        "March 4, 2025 at 5:06:07 a.m.",
        "4 March 2025 05:06:07",
        "4. März 2025 05:06:07",
        "4/mars/2025 05:06:07",
        "Tue Mar 04 2025 06:06:07 GMT+0100 (Central European Standard Time)",
        "Tue, 04 Mar 2025 05:06:07 +0000",
        "04.03.25, 05:06:07",
        "2025-03-04 13:06:07 AWST",
        "2025-03-04 10:36:07 GMT+5:30",
        "2025-03-04 06:06:07 Europe/Amsterdam",
        "\u{a0}2025-03-04T05:06:07\u{a0}",
    ] {
        assert_eq!(parse(text), at("2025-03-04T05:06:07Z"), "{text}");
    }
    assert_eq!(parse("1741064767123"), at("2025-03-04T05:06:07.123Z"));
    assert_eq!(parse("2025-03-04"), at("2025-03-04T00:00:00Z"));
    assert_eq!(parse("20250304"), at("2025-03-04T00:00:00Z"));
    assert_eq!(parse("Sat Jun 15 2024"), at("2024-06-15T00:00:00Z"));
    assert_eq!(parse("2025-03-04 PST"), at("2025-03-04T08:00:00Z"));
    assert_eq!(parse("1741064767.5"), at("2025-03-04T05:06:07.5Z"));
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
        "1/0/1900",
        "0-1-1900",
        "1/0/1900 0:00",
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
        "25-03-04",
        "31/12/99",
        "01/01/70",
        "31/Feb/25",
        "2025-3",
        "2025-03-04T05:06:07 IST",
        "2025-03-04T05:06:07 XYZ",
        "Mar 2025",
        "March",
        "Sat",
        "May 5 may",
        "12 Monkeys 2025",
        "1.2.3.4",
        "12.30.45",
        "version 2025-03-04",
        "1741064767 UTC",
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

/// Each as a vendor writes it, and the same instant worked out by hand.
#[test]
fn times_as_vendors_write_them() {
    for (text, instant) in [
        // Google Forms, Formbricks, Jira, HubSpot, Zendesk.
        ("2020/06/05 11:34:01 AM EST", "2020-06-05T16:34:01Z"),
        ("2026-01-02 04:00:00 GMT+8", "2026-01-01T20:00:00Z"),
        ("2025-05-06 14:30:00 UTC", "2025-05-06T14:30:00Z"),
        ("18/jul/26 9:10 AM", "2026-07-18T09:10:00Z"),
        ("11/May/24 03:26 PM", "2024-05-11T15:26:00Z"),
        ("2026-03-01 15:17", "2026-03-01T15:17:00Z"),
        // Chargebee, Magento, Shopify, PayPal, Square.
        ("14-Mar-2024 09:30", "2024-03-14T09:30:00Z"),
        ("Mar 14, 2024 3:12:45 PM", "2024-03-14T15:12:45Z"),
        ("2026-05-01 09:59:00 +0200", "2026-05-01T07:59:00Z"),
        ("25/03/2023 13:57:10 PST", "2023-03-25T21:57:10Z"),
        ("2025-12-01 09:00 AWST", "2025-12-01T01:00:00Z"),
        // An abbreviation is its offset in July too; `ET` is where clocks change.
        ("2025-07-01 09:00 EST", "2025-07-01T14:00:00Z"),
        ("2025-07-01 09:00 ET", "2025-07-01T13:00:00Z"),
        ("2025-12-01 09:00 ET", "2025-12-01T14:00:00Z"),
        ("2025-07-01 09:00 Pacific Time (US & Canada)", "2025-07-01T16:00:00Z"),
        ("2025-07-01 09:00 CST", "2025-07-01T15:00:00Z"),
    ] {
        assert_eq!(parse_in(Tz::UTC, None, text), at(instant), "{text}");
    }
    assert_eq!(
        parse_in(Tz::UTC, Some(DateOrder::MonthFirst), "01/03/2023 13:57:10 PST"),
        at("2023-01-03T21:57:10Z")
    );
    assert_eq!(parse_in(Tz::UTC, Some(DateOrder::MonthFirst), "6/21/25 16:14"), at("2025-06-21T16:14:00Z"));
}

#[test]
fn a_zone_that_is_none_is_told() {
    assert_eq!(
        why_bad(b" 2025-03-04 05:06 IST").as_deref(),
        Some("`IST` may be the time of India, Israel or Ireland")
    );
    assert_eq!(why_bad(b"2025-03-04 05:06 QQQ").as_deref(), Some("`QQQ` is no zone that is known here"));
    for cell in ["yesterday IST", "IST", "", "2025-03-04 noon", "\u{a0}"] {
        assert_eq!(why_bad(cell.as_bytes()), None, "{cell}");
    }
}

#[test]
fn columns_of_one_file_may_be_in_different_zones() {
    let mut times = TimeParser::new(Tz::Europe__Amsterdam, None);
    assert_eq!(times.parse(b"2026-07-01 12:00", AT), at("2026-07-01T10:00:00Z"));
    let TimeCell::Open(local) = times.parse(b"03/04/2026 10:00", AT) else { panic!("not open") };
    times.turn_to(Tz::UTC);
    assert_eq!(times.parse(b"2026-07-01 12:00", AT), at("2026-07-01T12:00:00Z"));
    let TimeCell::Open(utc) = times.parse(b"03/04/2026 10:00", AT) else { panic!("not open") };
    times.turn_to(Tz::America__New_York);
    assert_eq!(times.parse(b"2026-07-01 12:00:00", AT), at("2026-07-01T16:00:00Z"));
    assert_eq!(times.parse(b"2026-07-01 12:00 Europe/Amsterdam", AT), at("2026-07-01T10:00:00Z"));
    assert_eq!(times.parse(b"2026-07-01 12:00:00", AT), at("2026-07-01T16:00:00Z"));
    times.turn_to(Tz::Europe__Amsterdam);
    assert_eq!(times.parse(b"2026-07-01 12:00:00", AT), at("2026-07-01T10:00:00Z"));
    // Whoever settles an open date may be in any zone.
    let mut later = TimeParser::new(Tz::Asia__Kolkata, None);
    assert_eq!(TimeCell::At(later.settle(local, DateOrder::DayFirst)), at("2026-04-03T08:00:00Z"));
    assert_eq!(TimeCell::At(later.settle(utc, DateOrder::DayFirst)), at("2026-04-03T10:00:00Z"));
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
const FORMS: [(&str, i64); 26] = [
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
    ("%d/%b/%Y %I:%M %p", 60_000_000),
    ("%d-%b-%Y %H:%M", 60_000_000),
    ("%b %-d, %Y %-I:%M:%S %p", 1_000_000),
    ("%B %-d, %Y at %-I:%M:%S\u{202f}%p", 1_000_000),
    ("%a %b %d %Y %H:%M:%S", 1_000_000),
    ("%A, %d %B %Y %H:%M:%S %z", 1_000_000),
    ("%a, %d %b %Y", 86_400_000_000),
    ("%d.%m.%Y, %H:%M", 60_000_000),
    ("%Y-%b-%d %H:%M GMT", 60_000_000),
    ("%s.%6f", 1),
];

proptest! {
    #[test]
    fn never_panics(cell: Vec<u8>, order in prop::sample::select(vec![None, Some(DateOrder::MonthFirst)])) {
        TimeParser::new(Tz::Europe__Amsterdam, order).parse(&cell, AT);
    }

    #[test]
    fn never_panics_on_what_looks_like_a_time(cell in "[0-9/.:, TZAPMU+-]{0,30}") {
        TimeParser::new(Tz::Europe__Amsterdam, None).parse(cell.as_bytes(), AT);
    }

    #[test]
    fn never_panics_on_what_looks_like_a_date_in_words(
        cell in "(Sat,? )?[0-9]{0,3}[ ./-]?(Jan|mars|août|IST|EST|May)?[ ,./-]{0,2}[0-9]{0,5}[ ,T]{0,2}[0-9:]{0,8} ?(a\\.?m|PM|é)?"
    ) {
        let mut times = TimeParser::new(Tz::Europe__Amsterdam, None);
        times.parse(cell.as_bytes(), AT);
        why_bad(cell.as_bytes());
    }

    // Words, names and addresses hold no time, whatever months and zones they are made of.
    #[test]
    fn no_text_without_a_year_is_a_time(cell in "[A-Za-zé ,.@/-]{0,20}|[A-Za-z ]{0,8}[0-9]{1,3}[A-Za-z ,.]{0,8}") {
        let found = parse(&cell);
        prop_assert!(matches!(found, TimeCell::Bad | TimeCell::Blank), "{} {:?}", cell, found);
    }

    #[test]
    fn two_digits_of_a_year_are_those_of_this_century(day in 1u32..=28, month in 1u32..=12, year in 0u32..100) {
        for text in [format!("{day}/{month}/{year:02}"), format!("{day:02}.{month:02}.{year:02}")] {
            let expected = at(&format!("20{year:02}-{month:02}-{day:02}T00:00:00Z"));
            let expected = if year < 70 { expected } else { TimeCell::Bad };
            prop_assert_eq!(parse_in(Tz::UTC, Some(DateOrder::DayFirst), &text), expected, "{}", text);
        }
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
