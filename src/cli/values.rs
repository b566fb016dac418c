//! The values of flags. An error says what follows the flag and its value (`is no IANA zone`), or a whole sentence.

use std::num::{IntErrorKind, ParseIntError};

use chrono_tz::Tz;

use crate::analysis::gate::Gate;
use crate::dimension::{Period, Window};
use crate::error::{Error, Result};
use crate::filter::Filter;
use crate::instant::DAY;
use crate::metric::{self, DEFINITIONS, METRICS, Metric};
use crate::render::Format;
use crate::source::encoding::Encoding;
use crate::source::field::{Kind, MapFlag};
use crate::table::value::number::Decimal;
use crate::tally::Scale;
use crate::text;

pub fn map(value: &str) -> Result<MapFlag> {
    MapFlag::parse(value)
}

pub fn filter(value: &str) -> Result<Filter> {
    Filter::parse(value, crate::dimension::named)
}

/// A condition as of `--where`, after `--a`.
pub fn side_a(value: &str) -> Result<Filter> {
    side(value, "--a")
}

/// A condition as of `--where`, after `--b`.
pub fn side_b(value: &str) -> Result<Filter> {
    side(value, "--b")
}

fn side(value: &str, flag: &str) -> Result<Filter> {
    filter(value).map_err(|error| {
        let told = Error::usage(error.to_string().replacen("--where", flag, 1));
        error.advice().map_or(told.clone(), |advice| told.hint(advice.replacen("--where", flag, 1)))
    })
}

pub fn format(value: &str) -> Result<Format> {
    value.parse().map_err(|error: Error| {
        Error::usage("is no format").hint(error.advice().unwrap_or("see cxm metrics --help"))
    })
}

/// A format of a report, or the one of gates alone.
pub fn format_of_gates(value: &str) -> Result<Format> {
    let told = |error: Error| match error.advice() {
        Some(advice) => error.clone().hint(format!("{advice} or `{}`", Format::Junit)),
        None => error,
    };
    if value == Format::Junit.as_str() { Ok(Format::Junit) } else { format(value).map_err(told) }
}

pub fn delimiter(value: &str) -> Result<u8> {
    match value {
        "," | ";" | "|" => Ok(value.as_bytes()[0]),
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        _ => Err(Error::usage("is none of `,` `;` `|` and `tab`")
            .hint("quote it, so that the shell leaves it alone: --delimiter ';'")),
    }
}

pub fn encoding(value: &str) -> Result<Encoding> {
    let known = Encoding::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(value));
    known.map(|(_, encoding)| *encoding).ok_or_else(|| {
        let names: Vec<&str> = Encoding::NAMES.iter().map(|(name, _)| *name).collect();
        Error::usage("is no encoding that is read here").hint(format!("pass one of {}", names.join(", ")))
    })
}

pub fn decimal(value: &str) -> Result<Decimal> {
    match value {
        "." => Ok(Decimal::Point),
        "," => Ok(Decimal::Comma),
        _ => Err(Error::usage("is neither `.` nor `,`").hint("pass --decimal . or --decimal ,")),
    }
}

pub fn zone(value: &str) -> Result<Tz> {
    value.parse().map_err(|_| {
        let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let wanted = value.trim().replace(' ', "_").to_lowercase();
        let city = |name: &&str| name.to_lowercase().rsplit('/').next() == Some(wanted.as_str());
        let mut near: Vec<&str> = names().filter(city).collect();
        if near.is_empty() {
            near = text::nearest(value, names());
        }
        let hint = if near.is_empty() {
            "write a name such as Europe/Amsterdam or America/New_York".to_owned()
        } else {
            format!("did you mean {}?", text::either(&near))
        };
        Error::usage("is no IANA zone").hint(hint)
    })
}

/// `eur` is `EUR`.
pub fn currency(value: &str) -> Result<String> {
    let code = crate::table::rates::code(value);
    if code.is_empty() || code.contains(char::is_control) {
        return Err(Error::usage("names no currency").hint("write e.g. --currency EUR"));
    }
    Ok(code)
}

/// `csat=1-7`.
pub fn scale(value: &str) -> Result<(&'static str, Scale)> {
    let wrong = || Error::usage("is not METRIC=LOW-HIGH").hint("write e.g. --scale csat=1-7");
    let (name, range) = value.split_once('=').ok_or_else(wrong)?;
    let question = metric::question(name.trim())
        .ok_or_else(|| Error::usage(format!("is wrong: `{name}` is not nps, csat or ces")))?;
    let (low, high) = range.split_once('-').ok_or_else(wrong)?;
    let whole = |text: &str| {
        text.trim().parse::<i32>().ok().filter(|score| (0..=1000).contains(score)).ok_or_else(wrong)
    };
    let (low, high) = (whole(low)?, whole(high)?);
    let fixed = question.scales.len() == 1 && question.scales[0] != Scale::new(low, high);
    if low >= high || fixed {
        let allowed: Vec<String> = question.scales.iter().map(Scale::to_string).collect();
        return Err(Error::usage(format!(
            "is wrong: {} is on a scale of {}",
            question.name,
            text::either(&allowed)
        )));
    }
    Ok((question.name, Scale::new(low, high)))
}

/// `top1` or `csat=top1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definition {
    /// Of the metric that it names.
    Named(&'static str, &'static str),
    /// Of the metric that is asked for; one of these names, as it was typed.
    OfTheMetric(&'static str),
}

/// A definition by its name, which is looked up at once where its metric is said.
pub fn definition(value: &str) -> Result<Definition> {
    match value.split_once('=') {
        Some((id, name)) => {
            let id = metric(id)?;
            let known = defined(id, name).ok_or_else(|| {
                Error::usage(format!("names no definition of {id}")).hint(definitions_of(id))
            })?;
            Ok(Definition::Named(id, known.definition_name()))
        }
        None => {
            let every = || METRICS.iter().chain(DEFINITIONS);
            let known = every().find(|metric| is_called(metric, value)).ok_or_else(|| {
                let near = text::nearest(value, every().map(|metric| metric.definition_name()));
                let near = near.first().map(|near| format!("did you mean {near}? "));
                Error::usage("is no definition").hint(format!(
                    "{}cxm definitions METRIC lists those of a metric",
                    near.unwrap_or_default()
                ))
            })?;
            Ok(Definition::OfTheMetric(known.definition_name()))
        }
    }
}

/// The definition of that name of a metric.
pub fn defined(id: &str, name: &str) -> Option<&'static Metric> {
    Metric::definitions(id).find(|metric| is_called(metric, name))
}

/// The definitions of a metric, for a hint.
pub fn definitions_of(id: &str) -> String {
    let names: Vec<&str> = Metric::definitions(id).map(|metric| metric.definition_name()).collect();
    if let [only] = names.as_slice() {
        return format!("{id} has one definition, {only}");
    }
    format!("use {}", text::either(&names))
}

/// A definition may be named with the window that belongs to it: `no-repeat-7d`.
fn is_called(metric: &Metric, name: &str) -> bool {
    let name = name.trim().to_lowercase().replace('_', "-");
    let own = metric.definition_name();
    let window = name.strip_prefix(own).and_then(|rest| rest.strip_prefix('-'));
    name == own || (own != metric.definition && window.is_some())
}

/// `zendesk-csv` or `tickets=zendesk-csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// The exports that it is of; all where none is named.
    pub kind: Option<Kind>,
    /// Its name.
    pub name: String,
}

pub fn preset(value: &str) -> Result<Preset> {
    let (kind, name) = match value.split_once('=') {
        Some((kind, name)) => (Some(self::kind(kind)?), name.trim()),
        None => (None, value.trim()),
    };
    if name.is_empty() {
        return Err(Error::usage("names no preset").hint("write e.g. --preset zendesk-csv"));
    }
    Ok(Preset { kind, name: name.to_owned() })
}

/// A kind of export.
pub fn kind(value: &str) -> Result<Kind> {
    Kind::named(value.trim()).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        Error::usage("is no kind of export").hint(format!("the kinds are {}", text::list(&names)))
    })
}

/// The id of a metric, which may be written as its command.
pub fn metric(value: &str) -> Result<&'static str> {
    let wanted = value.trim().to_lowercase().replace('-', "_");
    let ids = || metric::METRICS.iter().map(|metric| metric.id);
    ids().find(|id| *id == wanted).ok_or_else(|| {
        let near = text::nearest(&wanted, ids());
        let hint = if near.is_empty() {
            "see cxm metrics".to_owned()
        } else {
            format!("did you mean {}?", text::either(&near))
        };
        Error::usage("is no metric").hint(hint)
    })
}

/// The same where it is the first word of a command, and exports follow.
pub fn metric_first(value: &str) -> Result<&'static str> {
    let is_file = value.contains(['.', '/', '\\']);
    let hint = format!("name the metric before the exports, as in nps {value}");
    metric(value).map_err(|error| if is_file { error.hint(hint) } else { error })
}

/// A stage of the journey, in lower case.
pub fn stage(value: &str) -> Result<String> {
    let stage = value.trim().to_lowercase();
    if stage.is_empty() { Err(Error::usage("names no stage")) } else { Ok(stage) }
}

/// `nps >= 30`, `csat by channel >= 80`, `nps no-drop vs last.json`.
pub fn gate(value: &str) -> Result<Gate> {
    Gate::parse(value)
}

/// `word=stage`, both in lower case.
pub fn pair(value: &str) -> Result<(String, String)> {
    let wrong = || Error::usage("is not WORD=STAGE").hint("write e.g. billing=renewal");
    let (word, stage) = value.split_once('=').ok_or_else(wrong)?;
    let (word, stage) = (word.trim().to_lowercase(), stage.trim().to_lowercase());
    if word.is_empty() || stage.is_empty() {
        return Err(wrong());
    }
    Ok((word, stage))
}

/// `5%`, `0.5 %`; a bare number is percent too.
pub fn percent(value: &str) -> Result<f64> {
    let number = value.trim().trim_end_matches('%').trim().parse::<f64>();
    match number {
        Ok(share) if share > 0.0 && share < 1.0 && !value.contains('%') => {
            Err(Error::usage("may be a share or a percentage")
                .hint(format!("write {}% or {share}%", 100.0 * share)))
        }
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err(Error::usage("is no percentage from 0% to 100%").hint("write e.g. --max-rejects 5%")),
    }
}

/// `90d`, `90`, `12w`, `36h`: in microseconds.
pub fn window(value: &str) -> Result<i64> {
    let wrong = || Error::usage("is no length of time").hint("write e.g. 90d, 12w or 36h");
    let (number, unit) = match value.trim().char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        Some((at, _)) => value.trim().split_at(at),
        None => (value.trim(), "d"),
    };
    let unit = match unit.trim() {
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7 * DAY,
        "h" | "hour" | "hours" => DAY / 24,
        _ => return Err(wrong()),
    };
    if number.is_empty() {
        return Err(wrong());
    }
    // More digits than a number holds are too many days as well.
    let number: i64 = number.parse().unwrap_or(i64::MAX);
    match number.checked_mul(unit) {
        Some(window) if (1..=36_600 * DAY).contains(&window) => Ok(window),
        _ => Err(Error::usage("is not between 1h and 36600d").hint("write e.g. 90d, 12w or 36h")),
    }
}

/// W: a length of time, or `period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// In microseconds.
    Length(i64),
    /// Calendar periods, those of `--period`.
    Calendar,
}

impl Retention {
    /// The window, with the periods that were asked for.
    pub fn with(self, period: Option<Period>) -> Result<Window> {
        match (self, period) {
            (Retention::Length(length), _) => Ok(Window::Length(length)),
            (Retention::Calendar, Some(period)) => Ok(Window::Calendar(period)),
            (Retention::Calendar, None) => {
                Err(Error::usage("`--window period` compares calendar periods, and none is named")
                    .hint("pass --period month as well"))
            }
        }
    }
}

/// `90d` and the like, or `period`.
pub fn retention(value: &str) -> Result<Retention> {
    match value.trim().to_lowercase().as_str() {
        "period" => Ok(Retention::Calendar),
        "day" | "week" | "month" | "quarter" | "year" => {
            Err(Error::usage("is no length of time").hint(format!(
                "pass --window period --period {} to compare calendar periods",
                value.trim().to_lowercase()
            )))
        }
        _ => window(value)
            .map(Retention::Length)
            .map_err(|error| error.hint("write e.g. 90d, 12w or 36h, or period to compare calendar periods")),
    }
}

pub fn confidence(value: &str) -> Result<f64> {
    let wrong = Error::usage("is not between 0.5 and 0.9999");
    match value.trim().trim_end_matches('%').trim().parse::<f64>() {
        Ok(level) if (0.5..=0.9999).contains(&level) && !value.contains('%') => Ok(level),
        Ok(percent) if (50.0..=99.99).contains(&percent) => {
            Err(wrong.hint(format!("did you mean --confidence {}?", percent / 100.0)))
        }
        _ => Err(wrong),
    }
}

/// How many threads.
pub fn threads(value: &str) -> Result<u16> {
    let number = value.trim().parse().ok().filter(|threads| (1..=1024).contains(threads));
    number.ok_or_else(|| Error::usage("is no number of threads from 1 to 1024"))
}

/// How many customers to invent.
pub fn customers(value: &str) -> Result<u32> {
    let number = value.trim().parse();
    number.map_err(|_| Error::usage(format!("is no number of customers from 0 to {}", u32::MAX)))
}

/// A count of anything.
pub fn count(value: &str) -> Result<u64> {
    value.trim().parse().map_err(|cause: ParseIntError| {
        Error::usage(match cause.kind() {
            IntErrorKind::PosOverflow => "is larger than any count",
            _ => "is no whole number from 0",
        })
    })
}
