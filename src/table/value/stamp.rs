//! The grammar of a written time: bytes to its parts; knows no zone, no calendar and no order of day and
//! month.

use super::civil::{BELIEVED, SECOND_MICROS};
use super::clock::{self, Clock, digits};
use super::month;

/// A time as it is written, its date not yet checked against the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A Unix time, in microseconds.
    Instant(i64),
    /// A date that can be read in one way: the year first, with dots, or with the month's name.
    Certain { year: u32, month: u32, day: u32, clock: Clock },
    /// `03/04/2026` or `03-04-2026`: one of the two is the day.
    Either { first: u32, second: u32, year: u32, clock: Clock },
}

/// Reads a whole trimmed cell.
pub(super) fn read(cell: &[u8]) -> Option<Stamp> {
    match cell.first()? {
        b'0'..=b'9' => compact(cell).or_else(|| numbers_first(cell)),
        _ => words_first(cell),
    }
}

/// A date that begins with a number, and what follows it.
fn numbers_first(text: &[u8]) -> Option<Stamp> {
    let (first, length, rest) = digits(text, 4)?;
    let (separator, rest) = rest.split_first()?;
    let first = (first as u32, length);
    match (separator, rest.first()?) {
        (b'-' | b'/' | b'.', b'0'..=b'9') => all_numbers(first, *separator, rest),
        (b'-' | b'/' | b'.' | b' ', _) => month_between(first, *separator, rest),
        _ => None,
    }
}

/// `2026-03-04`, `04.03.2026`, `3/4/26`: what follows the first number and its separator.
fn all_numbers((first, length): (u32, usize), separator: u8, rest: &[u8]) -> Option<Stamp> {
    let (second, _, rest) = digits(rest, 2)?;
    let (third, third_length, rest) = digits(rest.strip_prefix(&[separator])?, 4)?;
    let (second, third) = (second as u32, third as u32);
    let clock = if rest.is_empty() { Clock::default() } else { clock::read(rest)? };
    match (length, third_length, separator) {
        (4, 1 | 2, b'-' | b'/') => Some(Stamp::Certain { year: first, month: second, day: third, clock }),
        (1 | 2, 2 | 4, b'.') => {
            Some(Stamp::Certain { year: year(third, third_length)?, month: second, day: first, clock })
        }
        // With hyphens `25-03-04` begins with the year as often as not.
        (1 | 2, 2, b'/') | (1 | 2, 4, _) => {
            Some(Stamp::Either { first, second, year: year(third, third_length)?, clock })
        }
        _ => None,
    }
}

/// `18/jul/26`, `14-Mar-2024`, `14. März 2024`, `2024-Mar-14`: what follows the first number and its separator.
fn month_between((first, length): (u32, usize), separator: u8, rest: &[u8]) -> Option<Stamp> {
    let (month, rest) = month::lead(rest.trim_ascii_start())?;
    let rest = match separator {
        b'-' | b'/' => rest.strip_prefix(&[separator])?,
        _ => rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start(),
    };
    let (third, third_length, rest) = digits(rest, 4)?;
    let third = third as u32;
    let clock = if rest.is_empty() { Clock::default() } else { clock::read(rest)? };
    match (length, third_length) {
        (1 | 2, 2 | 4) => Some(Stamp::Certain { year: year(third, third_length)?, month, day: first, clock }),
        (4, 1 | 2) => Some(Stamp::Certain { year: first, month, day: third, clock }),
        _ => None,
    }
}

/// `Mar 14, 2024 3:12 PM`, `Sat Jun 15 2024`, `Sat, 15 Jun 2024 10:00:00 +0000`.
fn words_first(text: &[u8]) -> Option<Stamp> {
    let dated = month::after_weekday(text);
    let text = dated.unwrap_or(text);
    if dated.is_some() && text.first().is_some_and(u8::is_ascii_digit) {
        return numbers_first(text);
    }
    let (month, rest) = month::lead(text)?;
    let (day, 1 | 2, rest) = digits(rest.strip_prefix(b" ")?.trim_ascii_start(), 2)? else { return None };
    let rest = rest.strip_prefix(b",").unwrap_or(rest);
    let (year, 4, rest) = digits(rest.strip_prefix(b" ")?.trim_ascii_start(), 4)? else { return None };
    let clock = if rest.is_empty() { Clock::default() } else { clock::read(rest)? };
    Some(Stamp::Certain { year: year as u32, month, day: day as u32, clock })
}

/// A year of four digits, or of two from `00` to `69`, which are those of this century. `70` to `99` may be those of
/// the last one, and are no year.
fn year(written: u32, length: usize) -> Option<u32> {
    match (length, written) {
        (4, year) => Some(year),
        (2, 0..70) => Some(2000 + written),
        _ => None,
    }
}

/// Digits without separators: `20260304`, Unix seconds or milliseconds, told apart by their number, with decimals or
/// without.
fn compact(cell: &[u8]) -> Option<Stamp> {
    let (value, length, rest) = digits(cell, 13)?;
    let decimals = match rest {
        [] => None,
        [b'.', decimals @ ..] => Some(clock::fraction(decimals).filter(|(_, rest)| rest.is_empty())?.0),
        _ => return None,
    };
    let micros = match (length, value) {
        (8, 19_000_000..21_000_000) if decimals.is_none() => {
            let (year, month_day) = (value as u32 / 10_000, value as u32 % 10_000);
            let (month, day) = (month_day / 100, month_day % 100);
            return Some(Stamp::Certain { year, month, day, clock: Clock::default() });
        }
        (10, seconds) => seconds * SECOND_MICROS + decimals.unwrap_or(0),
        (13, millis) => millis * 1_000 + decimals.unwrap_or(0) / 1_000,
        _ => return None,
    };
    BELIEVED.contains(&micros.div_euclid(SECOND_MICROS)).then_some(Stamp::Instant(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certain(year: u32, month: u32, day: u32) -> Option<Stamp> {
        Some(Stamp::Certain { year, month, day, clock: Clock::default() })
    }

    #[test]
    fn dates_by_their_shape() {
        let clock = Clock::default();
        for text in ["2026/3/4", "4.3.2026", "04.03.26", "20260304", "2026-03-04"] {
            assert_eq!(read(text.as_bytes()), certain(2026, 3, 4), "{text}");
        }
        for text in ["3-4-2026", "3/4/2026", "03/04/26"] {
            assert_eq!(
                read(text.as_bytes()),
                Some(Stamp::Either { first: 3, second: 4, year: 2026, clock }),
                "{text}"
            );
        }
        for text in [
            "2026.03.04",
            "03-04-26",
            "03/04/70",
            "04.03.99",
            "3/4-2026",
            "3/4/026",
            "2026-03",
            "2026-03-04-05",
            "003/04/2026",
            "30260304",
            "",
            "/",
            "3/",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn dates_with_the_name_of_the_month() {
        for text in [
            "18/jul/26",
            "18/Jul/2026",
            "18-JUL-2026",
            "18 July 2026",
            "18. Juli 2026",
            "18.Juli.2026",
            "18 Jul, 2026",
            "2026-Jul-18",
            "Jul 18, 2026",
            "July 18 2026",
            "jul. 18, 2026",
            "Sat Jul 18 2026",
            "Saturday, July 18, 2026",
            "Sat, 18 Jul 2026",
            "Sat 2026-07-18",
        ] {
            assert_eq!(read(text.as_bytes()), certain(2026, 7, 18), "{text}");
        }
        for text in [
            "18/jul/99",
            "18/jul-26",
            "18jul2026",
            "Jul 2026",
            "18 Jul",
            "Jul 18, 26",
            "Jul 18",
            "Jul",
            "Sat",
            "Sat Sat Jul 18 2026",
            "Sat 1784332800",
            "18/07/jul",
            "180 Jul 2026",
            "18 Foo 2026",
            "2026 Jul 2026",
            "26 Jul 026",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn unix_times_by_their_length() {
        let instant = |micros| Some(Stamp::Instant(micros));
        assert_eq!(read(b"1614192119"), instant(1_614_192_119_000_000));
        assert_eq!(read(b"1614192119.0"), instant(1_614_192_119_000_000));
        assert_eq!(read(b"1614192119.5"), instant(1_614_192_119_500_000));
        assert_eq!(read(b"1614192119123"), instant(1_614_192_119_123_000));
        assert_eq!(read(b"1614192119123.25"), instant(1_614_192_119_123_250));
        for text in [
            "9999999999",
            "9999999999999",
            "161419211",
            "16141921191",
            "0",
            "-1614192119",
            "1614192119.",
            "1614192119,5",
            "1614192119.5s",
            "20260304.0",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
