//! The time of day behind a date: hours, minutes, seconds, AM and PM, and the zone if one is written; knows no date.

use super::civil::SECOND_MICROS;
use super::place::{self, Written};

/// The time of day, and the zone where one is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// Microseconds since midnight.
    pub(super) micros: i64,
    /// The zone that the cell names.
    pub(super) zone: Option<Written>,
}

/// All that follows a date: `T05:06`, ` 5:06:07.123456 PM`, `, 5:06 p.m.`, ` 05:06:07 UTC`, `T05:06:07+02:00`; or the zone
/// alone, of a midnight.
pub(super) fn read(text: &[u8]) -> Option<Clock> {
    let text = match text {
        [b'T' | b't', rest @ ..] => rest,
        _ => behind_a_space(text)?,
    };
    if text.first().is_some_and(u8::is_ascii_alphabetic) {
        return Some(Clock { micros: 0, zone: Some(place::read(text)?) });
    }
    let (hour, _, rest) = digits(text, 2)?;
    let (minute, rest) = sixtieths(rest.strip_prefix(b":")?)?;
    let (micros, rest) = seconds(rest)?;
    let (hour, rest) = half_day(hour, unspaced(rest))?;
    let micros = (hour < 24).then_some((hour * 60 + minute) * 60 * SECOND_MICROS + micros)?;
    Some(Clock { micros, zone: if rest.is_empty() { None } else { Some(place::read(rest)?) } })
}

/// What follows a space, a comma and a space, or an ` at `.
fn behind_a_space(text: &[u8]) -> Option<&[u8]> {
    let spaced = text.strip_prefix(b",").unwrap_or(text);
    let rest = unspaced(spaced);
    let word = rest.split_at_checked(3).filter(|(word, _)| word.eq_ignore_ascii_case(b"at "));
    (rest.len() < spaced.len()).then(|| word.map_or(rest, |(_, rest)| unspaced(rest)))
}

/// A text without the spaces before it; those that do not break included, which stand before AM and PM.
fn unspaced(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    while let Some(after) =
        ["\u{a0}", "\u{202f}"].iter().find_map(|space| rest.strip_prefix(space.as_bytes()))
    {
        rest = after.trim_ascii_start();
    }
    rest
}

/// `:07` or `:07.123456789` or nothing, as microseconds. A leap second counts as the second before it.
fn seconds(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some(text) = text.strip_prefix(b":") else { return Some((0, text)) };
    let (second, rest) = match text {
        [b'6', b'0', rest @ ..] => (59, rest),
        _ => sixtieths(text)?,
    };
    let [b'.' | b',', text @ ..] = rest else { return Some((second * SECOND_MICROS, rest)) };
    let (micros, rest) = fraction(text)?;
    Some((second * SECOND_MICROS + micros, rest))
}

/// One to nine decimals of a second, of which six are kept.
pub(super) fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let (fraction, length, rest) = digits(text, 9)?;
    let nanos = (length..9).fold(fraction, |value, _| value * 10);
    Some((nanos / 1_000, rest))
}

/// The hour of the day, after `AM`, `p.m.` or the like where there is one.
fn half_day(hour: i64, text: &[u8]) -> Option<(i64, &[u8])> {
    let noon = match text {
        [b'a' | b'A', ..] => 0,
        [b'p' | b'P', ..] => 12,
        _ => return Some((hour, text)),
    };
    let letter = text.get(1..)?;
    let (rest, is_dotted) = letter.strip_prefix(b".").map_or((letter, false), |rest| (unspaced(rest), true));
    let [b'm' | b'M', rest @ ..] = rest else { return Some((hour, text)) };
    let rest = if is_dotted { rest.strip_prefix(b".")? } else { rest };
    (1..=12).contains(&hour).then_some((hour % 12 + noon, unspaced(rest)))
}

/// Exactly two digits, below 60.
pub(super) fn sixtieths(text: &[u8]) -> Option<(i64, &[u8])> {
    match digits(text, 2)? {
        (value @ 0..60, 2, rest) => Some((value, rest)),
        _ => None,
    }
}

/// A run of one to `most` digits (at most 18): its value, its length and what follows it.
pub(super) fn digits(text: &[u8], most: usize) -> Option<(i64, usize, &[u8])> {
    let length = text.iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let (run, rest) = text.split_at_checked(length)?;
    let value = run.iter().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
    (1..=most).contains(&length).then_some((value, length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * SECOND_MICROS;

    fn clock_of(text: &str) -> Option<(i64, Option<Written>)> {
        read(text.as_bytes()).map(|clock| (clock.micros, clock.zone))
    }

    #[test]
    fn times_of_day() {
        assert_eq!(clock_of("T05:00"), Some((5 * HOUR, None)));
        assert_eq!(clock_of("  5:00:00.25"), Some((5 * HOUR + 250_000, None)));
        assert_eq!(clock_of(" 00:00:01.123456789"), Some((1_123_456, None)));
        assert_eq!(clock_of(" 23:59:60"), Some((24 * HOUR - SECOND_MICROS, None)));
        assert_eq!(clock_of(" 12:00 AM"), Some((0, None)));
        assert_eq!(clock_of(" 12:00pm"), Some((12 * HOUR, None)));
        assert_eq!(clock_of(", 3:00:00\u{202f}PM"), Some((15 * HOUR, None)));
        assert_eq!(clock_of(" at 3:00 p.m."), Some((15 * HOUR, None)));
        assert_eq!(clock_of(" 9:00 a.\u{a0}m."), Some((9 * HOUR, None)));
    }

    #[test]
    fn times_with_a_zone() {
        let offset = |minutes: i64| Some(Written::Offset(minutes * 60));
        assert_eq!(clock_of(" 1:00 pm UTC"), Some((13 * HOUR, offset(0))));
        assert_eq!(clock_of("T05:00+02:00"), Some((5 * HOUR, offset(120))));
        assert_eq!(clock_of(" 05:00 AWST"), Some((5 * HOUR, offset(480))));
        assert_eq!(clock_of(" 11:00:00 AM EST"), Some((11 * HOUR, offset(-300))));
        assert_eq!(clock_of(" PST"), Some((0, offset(-480))));
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
            "T00:00 XST",
            "T00:00 IST",
            "T00:00+2",
            "T00:00ZZ",
            "T00:00+",
            " ",
            "",
            ",",
            ",05:00",
            " at ",
            " at noon",
            " 5:00 a.m",
            " 5:00 am am",
            " 5:00 a",
        ] {
            assert_eq!(clock_of(text), None, "{text}");
        }
    }
}
