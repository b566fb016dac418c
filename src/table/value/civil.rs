//! Calendar arithmetic on valid dates of the years 1900 to 2199; knows no text and no zone.

pub(super) const DAY_SECONDS: i64 = 86_400;
pub(super) const SECOND_MICROS: i64 = 1_000_000;

/// The instants outside which a Unix time is not believed: the years 1900 to 2199, in seconds.
pub(super) const BELIEVED: std::ops::Range<i64> = -2_208_988_800..7_258_118_400;

const FIRST_YEAR: u32 = 1900;
const MONTHS: usize = 300 * 12;

/// The first day of each month from January 1900 to January 2200, in days since 1970-01-01.
static MONTH_STARTS: [i32; MONTHS + 1] = {
    const MONTH_DAYS: [i32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut starts = [-25_567; MONTHS + 1];
    let mut month = 0;
    while month < MONTHS {
        let year = FIRST_YEAR + month as u32 / 12;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        starts[month + 1] = starts[month] + MONTH_DAYS[month % 12] + (leap && month % 12 == 1) as i32;
        month += 1;
    }
    starts
};

/// Days from 1970-01-01 to this date; `None` where the calendar has no such date or the year is outside
/// 1900 to 2199, which in an export is a slip of the pen rather than a time.
#[inline]
pub(super) fn day_number(year: u32, month: u32, day: u32) -> Option<i64> {
    let month = month.checked_sub(1).filter(|month| *month < 12)?;
    let month = (year.checked_sub(FIRST_YEAR)? * 12 + month) as usize;
    let (start, next) = (*MONTH_STARTS.get(month)?, *MONTH_STARTS.get(month + 1)?);
    let number = start + i32::try_from(day).ok()? - 1;
    (start <= number && number < next).then_some(i64::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};

    #[test]
    fn dates_that_can_be_counted_by_hand() {
        assert_eq!(day_number(1970, 1, 1), Some(0));
        assert_eq!(day_number(1969, 12, 31), Some(-1));
        assert_eq!(day_number(2000, 3, 1), Some(11_017));
        assert_eq!(day_number(1900, 1, 1).map(|day| day * DAY_SECONDS), Some(BELIEVED.start));
        assert_eq!(day_number(2199, 12, 31).map(|day| (day + 1) * DAY_SECONDS), Some(BELIEVED.end));
    }

    #[test]
    fn dates_that_do_not_exist() {
        for (year, month, day) in
            [(2025, 2, 29), (2100, 2, 29), (2025, 4, 31), (2025, 13, 1), (2025, 0, 1), (2025, 1, 0)]
        {
            assert_eq!(day_number(year, month, day), None, "{year}-{month}-{day}");
        }
        assert!(day_number(2000, 2, 29).is_some() && day_number(2024, 2, 29).is_some());
        assert_eq!(day_number(1899, 12, 31), None);
        assert_eq!(day_number(2200, 1, 1), None);
    }

    #[test]
    fn every_day_of_three_centuries_as_chrono_counts_it() {
        let mut date = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        let (mut expected, mut seen) = (-25_567, 0);
        while date.year() < 2200 {
            assert_eq!(day_number(date.year() as u32, date.month(), date.day()), Some(expected), "{date}");
            date = date.succ_opt().unwrap();
            (expected, seen) = (expected + 1, seen + 1);
        }
        assert_eq!(seen, 109_573);
    }
}
