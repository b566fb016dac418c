//! The eighteen months of the sample, as seconds since their beginning; it knows no time outside of them.

/// Seconds in an hour.
pub const HOUR: i64 = 3600;
/// Seconds in a day.
pub const DAY: i64 = 24 * HOUR;
/// The sample runs from 2025-01-01 to the end of 2026-06-24 UTC; every time is in `0..END`.
pub const END: i64 = 540 * DAY;

/// The month (1 to 12) of a time.
pub fn month(at: i64) -> u8 {
    date(at).1
}

/// Writes a time as `2025-11-28T09:30:00Z`.
pub fn write_instant(out: &mut Vec<u8>, at: i64) {
    let (year, month, day) = date(at);
    let second = at.rem_euclid(DAY);
    out.extend_from_slice(b"20");
    for (number, mark) in [
        (year, b'-'),
        (month, b'-'),
        (day, b'T'),
        ((second / HOUR) as u8, b':'),
        ((second / 60 % 60) as u8, b':'),
        ((second % 60) as u8, b'Z'),
    ] {
        out.extend_from_slice(&[b'0' + number / 10, b'0' + number % 10, mark]);
    }
}

/// Year of the century, month and day. Neither year of the sample is a leap year.
fn date(at: i64) -> (u8, u8, u8) {
    const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days = at.clamp(0, END - 1) / DAY;
    let (year, mut left) = (25 + days / 365, days % 365);
    let mut month = 1;
    for length in MONTHS {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year as u8, month, left as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(at: i64) -> String {
        let mut out = Vec::new();
        write_instant(&mut out, at);
        String::from_utf8(out).expect("digits")
    }

    #[test]
    fn times_are_written_as_dates() {
        assert_eq!(text(0), "2025-01-01T00:00:00Z");
        assert_eq!(text(59 * DAY - 1), "2025-02-28T23:59:59Z");
        assert_eq!(text(364 * DAY + 13 * HOUR + 62), "2025-12-31T13:01:02Z");
        assert_eq!(text(365 * DAY), "2026-01-01T00:00:00Z");
        assert_eq!(text(END - 1), "2026-06-24T23:59:59Z");
        assert_eq!((month(304 * DAY), month(303 * DAY)), (11, 10));
    }
}
