//! The text of a value of a Parquet column, by the type of the column; it must not know files.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// What they are.
    Plain,
    /// Whole numbers that are never negative, of that many bits.
    Unsigned,
    /// Days since 1970.
    Date,
    /// So many of them in a second since 1970; in UTC, or by a clock that nobody knows.
    Moment { per_second: i64, is_utc: bool },
    /// So many of them in a second since midnight.
    Clock { per_second: i64 },
    /// With so many digits behind the point.
    Decimal { scale: usize },
    /// Sixteen bytes that identify something.
    Uuid,
    /// Bytes of which nothing says that they are a text: most likely one, and else nothing that a column can mean.
    Bytes,
}

impl Meaning {
    /// What the values of a column mean.
    pub fn of(column: &ColumnDescriptor) -> Meaning {
        let scale = || usize::try_from(column.type_scale()).unwrap_or(0);
        if let Some(logical) = column.logical_type_ref() {
            return match logical {
                LogicalType::Date => Meaning::Date,
                LogicalType::Timestamp(at) => {
                    Meaning::Moment { per_second: per_second(at.unit), is_utc: at.is_adjusted_to_u_t_c }
                }
                LogicalType::Time(at) => Meaning::Clock { per_second: per_second(at.unit) },
                LogicalType::Decimal(_) => Meaning::Decimal { scale: scale() },
                LogicalType::Integer(whole) if !whole.is_signed => Meaning::Unsigned,
                LogicalType::Uuid => Meaning::Uuid,
                LogicalType::String | LogicalType::Enum | LogicalType::Json => Meaning::Plain,
                _ => Meaning::unsaid(column),
            };
        }
        match column.converted_type() {
            ConvertedType::DATE => Meaning::Date,
            ConvertedType::TIMESTAMP_MILLIS => Meaning::Moment { per_second: 1_000, is_utc: true },
            ConvertedType::TIMESTAMP_MICROS => Meaning::Moment { per_second: 1_000_000, is_utc: true },
            ConvertedType::TIME_MILLIS => Meaning::Clock { per_second: 1_000 },
            ConvertedType::TIME_MICROS => Meaning::Clock { per_second: 1_000_000 },
            ConvertedType::DECIMAL => Meaning::Decimal { scale: scale() },
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Meaning::Unsigned,
            // What Spark and Impala write for a time.
            _ if column.physical_type() == Type::INT96 => {
                Meaning::Moment { per_second: 1_000_000_000, is_utc: false }
            }
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Meaning::Plain,
            _ => Meaning::unsaid(column),
        }
    }

    /// What values mean of which the file says nothing, or nothing that is read.
    fn unsaid(column: &ColumnDescriptor) -> Meaning {
        match column.physical_type() {
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Meaning::Bytes,
            _ => Meaning::Plain,
        }
    }

    /// Adds a whole number to `text`; of `bits` bits if it is one without sign.
    pub fn whole(self, value: i64, bits: u32, text: &mut Vec<u8>) {
        match self {
            Meaning::Date => date(value, text),
            Meaning::Moment { per_second, is_utc } => {
                let seconds = value.div_euclid(per_second);
                date(seconds.div_euclid(86_400), text);
                text.push(b'T');
                clock(seconds.rem_euclid(86_400), value.rem_euclid(per_second), per_second, text);
                if is_utc {
                    text.push(b'Z');
                }
            }
            Meaning::Clock { per_second } => {
                let seconds = value.div_euclid(per_second);
                clock(seconds, value.rem_euclid(per_second), per_second, text);
            }
            Meaning::Decimal { scale } => decimal(i128::from(value), scale, text),
            Meaning::Unsigned if bits == 32 => put(text, value as u32),
            Meaning::Unsigned => put(text, value as u64),
            Meaning::Plain | Meaning::Uuid | Meaning::Bytes => put(text, value),
        }
    }

    /// Adds bytes to `text`: as they are, unless they stand for something else.
    pub fn bytes(self, bytes: &[u8], text: &mut Vec<u8>) {
        match self {
            Meaning::Decimal { scale } if bytes.len() <= 16 => {
                let sign = if bytes.first().is_some_and(|first| *first > 127) { -1 } else { 0 };
                let number = bytes.iter().fold(sign, |sum: i128, byte| (sum << 8) | i128::from(*byte));
                decimal(number, scale, text);
            }
            Meaning::Uuid if bytes.len() == 16 => {
                for (place, byte) in bytes.iter().enumerate() {
                    if matches!(place, 4 | 6 | 8 | 10) {
                        text.push(b'-');
                    }
                    text.extend_from_slice(format!("{byte:02x}").as_bytes());
                }
            }
            // A column of pictures must not make every row one of a broken encoding.
            Meaning::Bytes if !is_text(bytes) => {
                bytes.iter().for_each(|byte| text.extend_from_slice(format!("{byte:02x}").as_bytes()));
            }
            _ => text.extend_from_slice(bytes),
        }
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let is_control = |c: char| c.is_control() && !c.is_ascii_whitespace();
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(is_control))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

/// Adds what is displayed.
pub fn put(text: &mut Vec<u8>, value: impl std::fmt::Display) {
    let mut digits = String::new();
    // Writing to a text does not fail.
    let _ = write!(digits, "{value}");
    text.extend_from_slice(digits.as_bytes());
}

/// Adds a fraction with the fewest digits that stand for it; nothing for what is no number, which some libraries write for
/// an empty cell.
pub fn fraction(value: impl Into<f64> + std::fmt::Display + Copy, text: &mut Vec<u8>) {
    let wide: f64 = value.into();
    if wide.is_nan() {
        return;
    }
    if wide.abs() < 1e21 {
        put(text, value);
    } else {
        put(text, format_args!("{wide:e}"));
    }
}

fn date(days: i64, text: &mut Vec<u8>) {
    let of = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let date = match u64::try_from(days) {
        Ok(days) => of(1970).and_then(|first| first.checked_add_days(Days::new(days))),
        Err(_) => of(1970).and_then(|first| first.checked_sub_days(Days::new(days.unsigned_abs()))),
    };
    match date {
        Some(date) => put(text, date),
        // Far from any year that has a name: it will not be read as a time.
        None => put(text, format_args!("day {days}")),
    }
}

fn clock(seconds: i64, parts: i64, per_second: i64, text: &mut Vec<u8>) {
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    for (place, part) in [hour, minute, second].into_iter().enumerate() {
        if place > 0 {
            text.push(b':');
        }
        if (0..100).contains(&part) {
            text.extend_from_slice(&[b'0' + (part / 10) as u8, b'0' + (part % 10) as u8]);
        } else {
            put(text, part);
        }
    }
    if parts == 0 {
        return;
    }
    let nanos = parts * (1_000_000_000 / per_second);
    match (nanos % 1_000_000, nanos % 1_000) {
        (0, _) => put(text, format_args!(".{:03}", nanos / 1_000_000)),
        (_, 0) => put(text, format_args!(".{:06}", nanos / 1_000)),
        _ => put(text, format_args!(".{nanos:09}")),
    }
}

/// Adds a number of which `scale` digits stand behind the point.
fn decimal(number: i128, scale: usize, text: &mut Vec<u8>) {
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale.min(64) + 1);
    let (whole, part) = digits.split_at(digits.len().saturating_sub(scale.min(64)));
    if number < 0 {
        text.push(b'-');
    }
    text.extend_from_slice(whole.as_bytes());
    if !part.is_empty() {
        text.push(b'.');
        text.extend_from_slice(part.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(meaning: Meaning, value: i64) -> String {
        let mut text = Vec::new();
        meaning.whole(value, 64, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn times_and_decimals() {
        let at = |per_second, is_utc| Meaning::Moment { per_second, is_utc };
        assert_eq!(whole(at(1_000, true), 1_772_368_200_000), "2026-03-01T12:30:00Z");
        assert_eq!(whole(at(1_000_000, false), 1_772_368_200_000_250), "2026-03-01T12:30:00.000250");
        assert_eq!(whole(at(1_000, false), -1), "1969-12-31T23:59:59.999");
        assert_eq!(whole(at(1_000_000_000, false), 1), "1970-01-01T00:00:00.000000001");
        assert_eq!(whole(Meaning::Date, -1), "1969-12-31");
        assert_eq!(whole(Meaning::Date, i64::MIN), "day -9223372036854775808");
        assert_eq!(whole(Meaning::Clock { per_second: 1_000 }, 45_296_500), "12:34:56.500");
        assert_eq!(whole(Meaning::Decimal { scale: 2 }, -5), "-0.05");
        assert_eq!(whole(Meaning::Decimal { scale: 0 }, 7), "7");
        assert_eq!(whole(Meaning::Unsigned, -1), "18446744073709551615");
    }

    #[test]
    fn bytes_that_are_numbers() {
        let text = |meaning: Meaning, bytes: &[u8]| {
            let mut text = Vec::new();
            meaning.bytes(bytes, &mut text);
            String::from_utf8(text).unwrap()
        };
        assert_eq!(text(Meaning::Decimal { scale: 2 }, &[0xff, 0x00]), "-2.56");
        assert_eq!(text(Meaning::Decimal { scale: 1 }, &[1, 0]), "25.6");
        assert_eq!(text(Meaning::Uuid, &[0xab; 16]), "abababab-abab-abab-abab-abababababab");
        assert_eq!(text(Meaning::Plain, "é".as_bytes()), "é");
    }

    #[test]
    fn bytes_that_nothing_says_to_be_a_text_are_one_or_their_digits() {
        let parsed = |message: &str| {
            let schema = parquet::schema::parser::parse_message_type(message).unwrap();
            parquet::schema::types::SchemaDescriptor::new(std::sync::Arc::new(schema)).column(0)
        };
        let text = |message: &str, bytes: &[u8]| {
            let mut text = Vec::new();
            Meaning::of(&parsed(message)).bytes(bytes, &mut text);
            text
        };
        let blob = "message m { OPTIONAL BYTE_ARRAY b; }";
        assert_eq!(text(blob, "C1 é".as_bytes()), "C1 é".as_bytes());
        assert_eq!(text(blob, b"\xff\xd8\x00"), b"ffd800");
        assert_eq!(text(blob, b"a\0"), b"6100");
        let interval = "message m { OPTIONAL FIXED_LEN_BYTE_ARRAY(12) b (INTERVAL); }";
        assert_eq!(text(interval, &[0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 200]), b"0000000003000000000000c8");
        // A text that is broken is to be told.
        assert_eq!(text("message m { OPTIONAL BYTE_ARRAY b (UTF8); }", b"caf\xe9"), b"caf\xe9");
    }
}
