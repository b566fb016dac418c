//! Numbers as text: exact for programs, rounded for people; the only place that rounds. Knows nothing of
//! layout.

use crate::report::{Record, Unit};

/// Stands for a value that is undefined.
pub const UNDEFINED: &str = "–";
/// Stands for a value of a group that is too small to show.
pub const TOO_SMALL: &str = "·";

/// The shortest text that reads back as the same number; empty where there is none.
pub fn exact(x: Option<f64>) -> String {
    match x {
        Some(0.0) => "0".to_owned(),
        Some(x) if x.is_finite() => x.to_string(),
        _ => String::new(),
    }
}

/// A count with its thousands apart: `1 234`.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// The value of a record with its unit, or the mark that stands for it.
pub fn value(record: &Record) -> String {
    marked(record, |x| in_unit(x, record.unit))
}

/// The value of a record for a column whose heading names the unit, or the mark that stands for it.
pub fn bare_value(record: &Record) -> String {
    marked(record, |x| bare(x, record.unit))
}

fn marked(record: &Record, write: impl Fn(f64) -> String) -> String {
    match record.value {
        _ if record.suppressed => TOO_SMALL.to_owned(),
        Some(x) if x.is_finite() => write(x),
        _ => UNDEFINED.to_owned(),
    }
}

/// The limits of a record's interval, in the unit that its value is shown in; `None` where it has neither.
pub fn limits(record: &Record) -> Option<(String, String)> {
    let minutes = record.unit == Unit::Hours && record.value.is_some_and(is_minutes);
    let shown = |x: f64| if minutes { minutes_of(x) } else { bare(x, record.unit) };
    let limit = |x: Option<f64>| x.filter(|x| x.is_finite()).map(shown);
    match (limit(record.lower), limit(record.upper)) {
        _ if record.suppressed => None,
        (None, None) => None,
        (lower, upper) => {
            Some((lower.unwrap_or(UNDEFINED.to_owned()), upper.unwrap_or(UNDEFINED.to_owned())))
        }
    }
}

/// In the precision of the unit, with the unit: `41.7 %`, `18.5 h`, `−28.6`; less than an hour in minutes.
pub fn in_unit(x: f64, unit: Unit) -> String {
    if unit == Unit::Hours && is_minutes(x) {
        return minutes_of(x) + "\u{a0}min";
    }
    bare(x, unit) + suffix(unit)
}

fn is_minutes(hours: f64) -> bool {
    (0.0..0.995).contains(&hours)
}

fn minutes_of(hours: f64) -> String {
    fixed(60.0 * hours, 1)
}

/// In the precision of the unit, without it. Long times lose their decimals, very short ones gain one,
/// so that a reply within minutes is not shown as 0.0 hours.
pub fn bare(x: f64, unit: Unit) -> String {
    let decimals = match unit {
        Unit::Points | Unit::Percent => 1,
        Unit::Score => 2,
        Unit::Hours if x.abs() < 0.0995 => 3,
        Unit::Hours if x.abs() < 0.995 => 2,
        Unit::Hours if x.abs() < 99.95 => 1,
        Unit::Hours => 0,
    };
    fixed(x, decimals)
}

/// What follows a number of that unit.
pub fn suffix(unit: Unit) -> &'static str {
    match unit {
        Unit::Points | Unit::Score => "",
        Unit::Percent => "\u{a0}%",
        Unit::Hours => "\u{a0}h",
    }
}

/// A part of a whole in whole percent; never 0 for some, never 100 for not all.
pub fn share(part: u64, whole: u64) -> Option<String> {
    (whole > 0).then(|| whole_percent(100.0 * part as f64 / whole as f64))
}

/// Whole percent of a number on 0–100; never 0 for some, never 100 for not all.
pub fn whole_percent(pct: f64) -> String {
    match pct {
        x if x > 0.0 && x < 0.5 => "<1\u{a0}%".to_owned(),
        x if (99.5..100.0).contains(&x) => ">99\u{a0}%".to_owned(),
        x => fixed(x, 0) + "\u{a0}%",
    }
}

/// A probability: `0.034`, `<0.001`.
pub fn probability(p: Option<f64>) -> String {
    match p {
        None => UNDEFINED.to_owned(),
        Some(p) if p < 0.0005 => "<0.001".to_owned(),
        Some(p) => fixed(p, 3),
    }
}

/// The confidence of the intervals: `95 %`, `99.9 %`.
pub fn level(confidence: f64) -> String {
    let text = fixed(100.0 * confidence, 1);
    format!("{}\u{a0}%", text.strip_suffix(".0").unwrap_or(&text))
}

fn fixed(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", x.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if x < 0.0 && text.contains(|c: char| ('1'..='9').contains(&c)) { "−" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_text_reads_back_as_the_same_number() {
        for x in [18.0, -28.6, 0.1 + 0.2, 1e-7, 1e21, f64::MIN_POSITIVE, 5e-324, 123_456.789, -0.0] {
            let text = exact(Some(x));
            assert_eq!(text.parse::<f64>().ok(), Some(x), "{text}");
        }
        assert_eq!(exact(Some(18.0)), "18");
        assert_eq!(exact(Some(-0.0)), "0");
        assert_eq!([exact(None), exact(Some(f64::NAN)), exact(Some(f64::INFINITY))], ["", "", ""]);
    }

    #[test]
    fn people_read_each_unit_in_its_precision() {
        assert_eq!(in_unit(-28.64, Unit::Points), "−28.6");
        assert_eq!(in_unit(-0.04, Unit::Points), "0.0");
        assert_eq!(in_unit(41.66, Unit::Percent), "41.7\u{a0}%");
        assert_eq!(in_unit(4.528, Unit::Score), "4.53");
        let hours = [0.034, 0.996, 18.46, 99.94, 99.96, 1234.4].map(|x| in_unit(x, Unit::Hours));
        assert_eq!(
            hours.map(|text| text.replace('\u{a0}', " ")),
            ["2.0 min", "1.0 h", "18.5 h", "99.9 h", "100 h", "1 234 h"]
        );
    }

    #[test]
    fn counts_and_shares_keep_their_meaning() {
        assert_eq!([count(0), count(999)], ["0", "999"]);
        assert_eq!([count(1_000), count(1_234_567)], ["1\u{a0}000", "1\u{a0}234\u{a0}567"]);
        assert_eq!(share(1, 0), None);
        let shares = [(0, 9), (1, 900), (1, 3), (899, 900), (9, 9)].map(|(a, b)| share(a, b).unwrap());
        assert_eq!(shares.map(|text| text.replace('\u{a0}', " ")), ["0 %", "<1 %", "33 %", ">99 %", "100 %"]);
        assert_eq!([level(0.95), level(0.999)], ["95\u{a0}%", "99.9\u{a0}%"]);
    }
}
