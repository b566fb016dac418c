//! The text of a sheet's cell, as an export in CSV would have it; it must not know other cells.

use std::borrow::Cow;

use calamine::{Data, ExcelDateTime};

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

/// Numbers from here on are written with an exponent: no id is that long, and no digit of them is sure.
const LARGE: f64 = 1e21;

/// The days that are dates: up to the end of 9999, counted from 1900.
const DAYS: std::ops::Range<f64> = 0.0..2_958_466.0;

/// The text of a cell.
pub fn text(cell: &Data) -> Cow<'_, str> {
    match cell {
        Data::Empty => Cow::Borrowed(""),
        Data::String(text) | Data::DateTimeIso(text) => Cow::Borrowed(text),
        Data::DurationIso(text) => Cow::Owned(duration(text).unwrap_or_else(|| text.clone())),
        Data::Int(number) => Cow::Owned(number.to_string()),
        Data::Float(number) => Cow::Owned(self::number(*number)),
        Data::Bool(is) => Cow::Borrowed(if *is { "TRUE" } else { "FALSE" }),
        Data::DateTime(time) => Cow::Owned(self::time(time)),
        Data::Error(error) => Cow::Owned(error.to_string()),
    }
}

/// The shortest digits that stand for the number, without an exponent.
fn number(number: f64) -> String {
    if number.abs() < LARGE { format!("{number}") } else { format!("{number:e}") }
}

/// A moment, to the millisecond, since a part of a day is no exact number; a duration or a time without a day in hours.
fn time(time: &ExcelDateTime) -> String {
    if time.is_duration() || (0.0..1.0).contains(&time.as_f64()) {
        return clock(time.as_f64());
    }
    if !DAYS.contains(&time.as_f64()) {
        // No date, and in this form no other time either.
        return format!("{:e}", time.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

/// Days as hours, minutes and seconds.
fn clock(days: f64) -> String {
    let millis = (days * DAY).round();
    let sign = if millis < 0.0 { "-" } else { "" };
    let millis = millis.abs() as u64;
    let (seconds, milli) = (millis / 1000, millis % 1000);
    let whole = format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if milli == 0 { whole } else { format!("{whole}.{milli:03}") }
}

/// A duration such as `PT12H30M05S` as hours, minutes and seconds.
fn duration(text: &str) -> Option<String> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let parts: (f64, f64, f64) = (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    Some(clock((parts.0 * 3600.0 + parts.1 * 60.0 + parts.2) / 86_400.0))
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn numbers_are_short_and_have_no_exponent() {
        for (number, wanted) in [
            (5.0, "5"),
            (0.1, "0.1"),
            (10_300_612_345_678.0, "10300612345678"),
            (-2.5, "-2.5"),
            (1e300, "1e300"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-7, "0.0000001"),
        ] {
            assert_eq!(text(&Data::Float(number)), wanted);
        }
    }

    #[test]
    fn days_become_dates() {
        let at =
            |days, is_1904| text(&Data::DateTime(ExcelDateTime::new(days, DateTime, is_1904))).into_owned();
        assert_eq!(at(46_082.0, false), "2026-03-01");
        assert_eq!(at(46_082.0 - 1462.0, true), "2026-03-01");
        assert_eq!(at(46_082.520_833_333_336, false), "2026-03-01T12:30:00");
        // Noise in the last digits is none in the time.
        assert_eq!(at(46_082.520_833_333_29, false), "2026-03-01T12:30:00");
        assert_eq!(at(46_082.999_999_999_99, false), "2026-03-02");
        assert_eq!(at(0.75, false), "18:00:00");
        for (days, shown) in
            [(1e10, "1e10"), (1e300, "1e300"), (1_767_225_600.0, "1.7672256e9"), (-5.0, "-5e0")]
        {
            assert_eq!(at(days, false), shown, "no date, and no word for none");
        }
        assert_eq!(at(2_958_465.0, false), "9999-12-31");
        let lasting = ExcelDateTime::new(1.25, TimeDelta, false);
        assert_eq!(text(&Data::DateTime(lasting)), "30:00:00");
        assert_eq!(text(&Data::DurationIso("PT26H30M05S".into())), "26:30:05");
        assert_eq!(text(&Data::Bool(true)), "TRUE");
    }
}
