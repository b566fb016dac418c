//! The grammar of a written time: bytes to its parts; knows no zone, no calendar and no order of day and
//! month.

use super::civil::{BELIEVED, SECOND_MICROS};

/// A time as it is written, its date not yet checked against the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A Unix time, in microseconds.
    Instant(i64),
    /// A date that can be read in one way: the year first, or with dots.
    Certain { year: u32, month: u32, day: u32, clock: Clock },
    /// `03/04/2026` or `03-04-2026`: one of the two is the day.
    Either { first: u32, second: u32, year: u32, clock: Clock },
}

/// The time of day, and the offset from UTC where one is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// Microseconds since midnight.
    pub(super) micros: i64,
    /// Seconds east of UTC.
    pub(super) offset: Option<i64>,
}

/// The furthest that any clock is from UTC, in minutes.
const FURTHEST_OFFSET: i64 = 14 * 60;

/// Reads a whole trimmed cell.
pub(super) fn read(cell: &[u8]) -> Option<Stamp> {
    let (value, length, rest) = digits(cell, 13)?;
    let (separator, rest) = match rest {
        [] => return compact(value, length),
        [separator @ (b'-' | b'/' | b'.'), rest @ ..] => (separator, rest),
        _ => return None,
    };
    let (second, _, rest) = digits(rest, 2)?;
    let (third, third_length, rest) = digits(rest.strip_prefix(&[*separator])?, 4)?;
    let clock = if rest.is_empty() { Clock::default() } else { clock(rest)? };
    let (first, second, third) = (u32::try_from(value).ok()?, second as u32, third as u32);
    match (length, third_length, separator) {
        (4, 1 | 2, b'-' | b'/') => Some(Stamp::Certain { year: first, month: second, day: third, clock }),
        (1 | 2, 4, b'.') => Some(Stamp::Certain { year: third, month: second, day: first, clock }),
        (1 | 2, 4, _) => Some(Stamp::Either { first, second, year: third, clock }),
        _ => None,
    }
}

/// Digits and nothing else: `20260304`, Unix seconds or milliseconds, told apart by their number.
fn compact(value: i64, length: usize) -> Option<Stamp> {
    let micros = match (length, value) {
        (8, 19_000_000..21_000_000) => {
            let (year, month_day) = (value as u32 / 10_000, value as u32 % 10_000);
            let (month, day) = (month_day / 100, month_day % 100);
            return Some(Stamp::Certain { year, month, day, clock: Clock::default() });
        }
        (10, seconds) => seconds * SECOND_MICROS,
        (13, millis) => millis * 1_000,
        _ => return None,
    };
    BELIEVED.contains(&micros.div_euclid(SECOND_MICROS)).then_some(Stamp::Instant(micros))
}

/// All that follows a date: `T05:06`, ` 5:06:07.123456 PM`, ` 05:06:07 UTC`, `T05:06:07+02:00`.
fn clock(text: &[u8]) -> Option<Clock> {
    let text = match text {
        [b'T' | b't', rest @ ..] => rest,
        [b' ', rest @ ..] => rest.trim_ascii_start(),
        _ => return None,
    };
    let (hour, _, rest) = digits(text, 2)?;
    let (minute, rest) = sixtieths(rest.strip_prefix(b":")?)?;
    let (micros, rest) = seconds(rest)?;
    let (hour, rest) = half_day(hour, rest.trim_ascii_start())?;
    let micros = (hour < 24).then_some((hour * 60 + minute) * 60 * SECOND_MICROS + micros)?;
    Some(Clock { micros, offset: if rest.is_empty() { None } else { Some(offset(rest)?) } })
}

/// `:07` or `:07.123456789` or nothing, as microseconds. A leap second counts as the second before it.
fn seconds(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(text) = text.strip_prefix(b":") else { return Some((0, text)) };
    let (second, rest) = match text {
        [b'6', b'0', rest @ ..] => (59, rest),
        _ => sixtieths(text)?,
    };
    let [b'.' | b',', text @ ..] = rest else { return Some((second * SECOND_MICROS, rest)) };
    let (fraction, length, rest) = digits(text, 9)?;
    let nanos = (length..9).fold(fraction, |value, _| value * 10);
    Some((second * SECOND_MICROS + nanos / 1_000, rest))
}

/// The hour of the day, after an AM or PM where there is one.
fn half_day(hour: i64, text: &[u8]) -> Option<(i64, &[u8])> {
    let noon = match text {
        [b'a' | b'A', b'm' | b'M', ..] => 0,
        [b'p' | b'P', b'm' | b'M', ..] => 12,
        _ => return Some((hour, text)),
    };
    let rest = text.get(2..)?.trim_ascii_start();
    (1..=12).contains(&hour).then_some((hour % 12 + noon, rest))
}

/// `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`, `GMT+2`, as seconds east of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    let (named, text) = match text.split_first_chunk::<3>() {
        _ if text.eq_ignore_ascii_case(b"z") => return Some(0),
        Some((name, [])) if is_utc(name) => return Some(0),
        Some((name, rest)) if is_utc(name) => (true, rest),
        _ => (false, text),
    };
    let (sign, text) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let minutes = match digits(text, 4)? {
        (hours, 1, []) if named => hours * 60,
        (hours, 2, []) => hours * 60,
        (hours, 2, [b':', rest @ ..]) => match sixtieths(rest)? {
            (minutes, []) => hours * 60 + minutes,
            _ => return None,
        },
        (both, 4, []) if both % 100 < 60 => both / 100 * 60 + both % 100,
        _ => return None,
    };
    (minutes <= FURTHEST_OFFSET).then_some(sign * minutes * 60)
}

fn is_utc(name: &[u8; 3]) -> bool {
    name.eq_ignore_ascii_case(b"utc") || name.eq_ignore_ascii_case(b"gmt")
}

/// Exactly two digits, below 60.
fn sixtieths(text: &[u8]) -> Option<(i64, &[u8])> {
    match digits(text, 2)? {
        (value @ 0..60, 2, rest) => Some((value, rest)),
        _ => None,
    }
}

/// A run of one to `most` digits (at most 18): its value, its length and what follows it.
fn digits(text: &[u8], most: usize) -> Option<(i64, usize, &[u8])> {
    let length = text.iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let (run, rest) = text.split_at_checked(length)?;
    let value = run.iter().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
    (1..=most).contains(&length).then_some((value, length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * SECOND_MICROS;

    fn clock_of(text: &str) -> Option<(i64, Option<i64>)> {
        clock(text.as_bytes()).map(|clock| (clock.micros, clock.offset))
    }

    #[test]
    fn times_of_day() {
        assert_eq!(clock_of("T05:00"), Some((5 * HOUR, None)));
        assert_eq!(clock_of("  5:00:00.25"), Some((5 * HOUR + 250_000, None)));
        assert_eq!(clock_of(" 00:00:01.123456789"), Some((1_123_456, None)));
        assert_eq!(clock_of(" 23:59:60"), Some((24 * HOUR - SECOND_MICROS, None)));
        assert_eq!(clock_of(" 12:00 AM"), Some((0, None)));
        assert_eq!(clock_of(" 12:00pm"), Some((12 * HOUR, None)));
        assert_eq!(clock_of(" 1:00 pm UTC"), Some((13 * HOUR, Some(0))));
    }

    #[test]
    fn offsets() {
        for (text, minutes) in [
            ("Z", 0),
            (" utc", 0),
            ("+02", 120),
            ("+0230", 150),
            (" -05:30", -330),
            (" GMT+8", 480),
            ("UTC-03:30", -210),
            ("+14:00", 840),
        ] {
            assert_eq!(clock_of(&format!("T00:00{text}")), Some((0, Some(minutes * 60))), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_of_day() {
        for text in [
            "05:00",
            "T5",
            "T24:00",
            "T05:60",
            "T05:0",
            "T05:00:61",
            "T05:00:0",
            "T05:00:00.",
            "T05:00:00.1234567890",
            " 13:00 PM",
            " 0:00 AM",
            "T00:00 EST",
            "T00:00+2",
            "T00:00+14:01",
            "T00:00+02:0",
            "T00:00+0260",
            "T00:00ZZ",
            "T00:00 UTCC",
            "T00:00+",
            " ",
        ] {
            assert_eq!(clock_of(text), None, "{text}");
        }
    }

    #[test]
    fn dates_by_their_shape() {
        let clock = Clock::default();
        assert_eq!(read(b"2026/3/4"), Some(Stamp::Certain { year: 2026, month: 3, day: 4, clock }));
        assert_eq!(read(b"4.3.2026"), Some(Stamp::Certain { year: 2026, month: 3, day: 4, clock }));
        assert_eq!(read(b"20260304"), Some(Stamp::Certain { year: 2026, month: 3, day: 4, clock }));
        assert_eq!(read(b"3-4-2026"), Some(Stamp::Either { first: 3, second: 4, year: 2026, clock }));
        for text in
            ["2026.03.04", "03/04/26", "3/4-2026", "2026-03", "2026-03-04-05", "003/04/2026", "30260304", ""]
        {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn unix_times_by_their_length() {
        assert_eq!(read(b"1614192119"), Some(Stamp::Instant(1_614_192_119_000_000)));
        assert_eq!(read(b"1614192119123"), Some(Stamp::Instant(1_614_192_119_123_000)));
        for text in ["9999999999", "9999999999999", "161419211", "16141921191", "0", "-1614192119"] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
