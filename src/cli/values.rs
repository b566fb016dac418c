//! The values of flags, read and refused with the reason. Messages are clap's to print.

use chrono_tz::Tz;

use crate::filter::Filter;
use crate::instant::DAY;
use crate::metric;
use crate::render::Format;
use crate::source::field::MapFlag;
use crate::table::value::number::Decimal;
use crate::tally::Scale;
use crate::text;

type Value<T> = Result<T, String>;

/// An error with its hint, in one line: clap prints it behind the flag.
fn told<T>(result: crate::error::Result<T>) -> Value<T> {
    result.map_err(|error| match error.advice() {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    })
}

pub fn map(value: &str) -> Value<MapFlag> {
    told(MapFlag::parse(value))
}

pub fn filter(value: &str) -> Value<Filter> {
    told(Filter::parse(value))
}

pub fn format(value: &str) -> Value<Format> {
    told(value.parse())
}

pub fn delimiter(value: &str) -> Value<u8> {
    match value {
        "," | ";" | "|" => Ok(value.as_bytes()[0]),
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        _ => Err("it is `,` `;` `|` or `tab`".to_owned()),
    }
}

pub fn decimal(value: &str) -> Value<Decimal> {
    match value {
        "." => Ok(Decimal::Point),
        "," => Ok(Decimal::Comma),
        _ => Err("it is `.` or `,`".to_owned()),
    }
}

pub fn zone(value: &str) -> Value<Tz> {
    value.parse().map_err(|_| {
        let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let near = text::nearest(value, names);
        if near.is_empty() {
            "it is no IANA zone, such as Europe/Amsterdam".to_owned()
        } else {
            format!("did you mean {}?", text::either(&near))
        }
    })
}

/// `csat=1-7`.
pub fn scale(value: &str) -> Value<(&'static str, Scale)> {
    let wrong = || "write e.g. csat=1-7".to_owned();
    let (name, range) = value.split_once('=').ok_or_else(wrong)?;
    let question =
        metric::question(name.trim()).ok_or_else(|| format!("`{name}` is not nps, csat or ces"))?;
    let (low, high) = range.split_once('-').ok_or_else(wrong)?;
    let whole = |text: &str| {
        text.trim().parse::<i32>().ok().filter(|score| (0..=1000).contains(score)).ok_or_else(wrong)
    };
    let (low, high) = (whole(low)?, whole(high)?);
    let fixed = question.scales.len() == 1 && question.scales[0] != Scale::new(low, high);
    if low >= high || fixed {
        let allowed: Vec<String> = question.scales.iter().map(Scale::to_string).collect();
        return Err(format!("{} is on a scale of {}", question.name, text::either(&allowed)));
    }
    Ok((question.name, Scale::new(low, high)))
}

/// `word=stage`, both in lower case.
pub fn pair(value: &str) -> Value<(String, String)> {
    let (word, stage) = value.split_once('=').ok_or("write WORD=STAGE")?;
    let (word, stage) = (word.trim().to_lowercase(), stage.trim().to_lowercase());
    if word.is_empty() || stage.is_empty() { Err("write WORD=STAGE".to_owned()) } else { Ok((word, stage)) }
}

/// `5%`, `0.5 %`; a bare number is percent too.
pub fn percent(value: &str) -> Value<f64> {
    let number = value.trim().trim_end_matches('%').trim().parse::<f64>();
    match number {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("it is a percentage from 0% to 100%".to_owned()),
    }
}

/// `90d`, `90`, `12w`, `36h`: in microseconds.
pub fn window(value: &str) -> Value<i64> {
    let (number, unit) = match value.trim().char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        Some((at, _)) => value.trim().split_at(at),
        None => (value.trim(), "d"),
    };
    let unit = match unit.trim() {
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        "h" | "hour" | "hours" => DAY / 24,
        _ => return Err("write e.g. 90d, 12w or 36h".to_owned()),
    };
    let number: i64 = number.parse().map_err(|_| "write e.g. 90d, 12w or 36h".to_owned())?;
    match number.checked_mul(unit) {
        Some(window) if (1..=36_600 * DAY).contains(&window) => Ok(window),
        _ => Err("it is between 1h and 36600d".to_owned()),
    }
}

pub fn confidence(value: &str) -> Value<f64> {
    match value.parse::<f64>() {
        Ok(level) if (0.5..=0.9999).contains(&level) => Ok(level),
        Ok(percent) if (50.0..100.0).contains(&percent) => {
            Err(format!("it is between 0.5 and 0.9999: did you mean {}?", percent / 100.0))
        }
        _ => Err("it is between 0.5 and 0.9999".to_owned()),
    }
}
