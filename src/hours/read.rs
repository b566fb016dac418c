//! The text of a file of business hours as a week; strict about its keys, and every mistake is told with its line.

use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;
use toml::Spanned;
use toml::de::{self, DeTable, DeValue};

use super::{Hours, Opening};
use crate::document::{Item, in_order, line_of};
use crate::error::{Error, Result};
use crate::instant::HOUR;
use crate::text;

/// The days as they are named, from Monday.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The keys beside the days.
const KEYS: [&str; 3] = ["zone", "hours", "holidays"];
/// A minute in microseconds.
const MINUTE: i64 = HOUR / 60;

/// How the name of a zone is read: the flag's own parser.
type Zones = fn(&str) -> Result<Tz>;

impl Hours {
    /// Reads a file of business hours; `usual` is the zone of one that names none.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, holds a key or a value that does not belong there, or is never open: with
    /// the line.
    pub fn open(path: &Path, usual: Tz, zones: Zones) -> Result<Hours> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|cause| {
            Error::usage(format!("could not read the business hours `{shown}`: {cause}")).hint(WRITTEN)
        })?;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(Error::usage(format!("the business hours `{shown}` are not text in UTF-8"))
                .hint("save the file as UTF-8"));
        };
        Hours::parse(&shown.to_string(), text.strip_prefix('\u{feff}').unwrap_or(text), usual, zones)
    }

    /// Reads the text of such a file; `file` is its name in messages.
    ///
    /// # Errors
    /// As [`Hours::open`].
    pub fn parse(file: &str, text: &str, usual: Tz, zones: Zones) -> Result<Hours> {
        let document = Document { file, text };
        let table = DeTable::parse(text).map_err(|cause| document.no_toml(&cause))?;
        let mut hours =
            Hours { file: file.to_owned(), zone: usual, week: Default::default(), holidays: Vec::new() };
        let mut holidays: Vec<Item<'_, '_>> = Vec::new();
        for (key, value) in in_order(table.get_ref()) {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("zone", DeValue::String(name)) => hours.zone = document.zone(name, &value.span(), zones)?,
                ("hours", DeValue::Table(days)) => document.week(days, &mut hours.week, &mut holidays)?,
                ("holidays", _) => holidays.push((key, value)),
                (name, _) => return Err(document.unknown(name, &key.span(), &KEYS)),
            }
        }
        for (_, value) in holidays {
            hours.holidays.extend(document.holidays(value)?);
        }
        hours.holidays.sort_unstable();
        if hours.week.iter().all(Vec::is_empty) {
            return Err(Error::usage(format!("the business hours `{file}` open on no day"))
                .hint("write e.g. [hours] and below it mon = [\"09:00-17:30\"]"));
        }
        Ok(hours)
    }
}

/// A text being read, and how messages speak of it.
struct Document<'a> {
    file: &'a str,
    text: &'a str,
}

impl Document<'_> {
    fn place(&self, at: usize) -> String {
        let line = line_of(self.text, at);
        format!("line {line} of `{}`", self.file)
    }

    fn no_toml(&self, cause: &de::Error) -> Error {
        let message = cause.message().lines().next().unwrap_or("it ends early").trim_end_matches('.');
        let place = self.place(cause.span().map_or(0, |span| span.start));
        Error::usage(format!("{place} is no TOML: {message}")).hint(WRITTEN)
    }

    fn wrong(&self, at: &Range<usize>, what: &str) -> Error {
        Error::usage(format!("{}: {what}", self.place(at.start)))
    }

    fn unknown(&self, name: &str, at: &Range<usize>, known: &[&str]) -> Error {
        if known.contains(&name) {
            let what = format!("`{name}` is not what belongs there");
            return self.wrong(at, &what).hint(WRITTEN);
        }
        let lower = name.to_lowercase();
        let day = DAYS.into_iter().find(|day| lower.starts_with(day));
        let hint = match day.filter(|_| known == DAYS) {
            Some(day) => format!("did you mean `{day}`?"),
            None if known == DAYS && KEYS.contains(&name) => {
                format!("`{name}` belongs at the top, before [hours]")
            }
            None if known != DAYS && day.is_some() => "days belong below [hours]".to_owned(),
            None => match text::nearest(name, known.iter().copied()).as_slice() {
                [] => format!("the keys there are {}", text::quoted(known, known.len())),
                near => format!("did you mean {}?", text::either(&quoted(near))),
            },
        };
        let kind = if known == DAYS { "day" } else { "key" };
        self.wrong(at, &format!("unknown {kind} `{name}`")).hint(hint)
    }

    fn zone(&self, name: &str, at: &Range<usize>, zones: Zones) -> Result<Tz> {
        zones(name).map_err(|error| {
            let cause = self.wrong(at, &format!("`zone = \"{name}\"` {error}"));
            error.advice().into_iter().fold(cause, |cause, hint| cause.hint(hint))
        })
    }

    /// The days of the week. Whoever writes the holidays below them means them for all.
    fn week<'a, 'i>(
        &self,
        days: &'a DeTable<'i>,
        week: &mut [Vec<Opening>; 7],
        holidays: &mut Vec<Item<'a, 'i>>,
    ) -> Result<()> {
        for (key, value) in in_order(days) {
            let name = key.get_ref().as_ref();
            match DAYS.iter().position(|day| *day == name) {
                Some(day) => week[day] = self.day(name, value)?,
                None if name == "holidays" => holidays.push((key, value)),
                None => return Err(self.unknown(name, &key.span(), &DAYS)),
            }
        }
        Ok(())
    }

    /// What is open on a day.
    fn day(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<Opening>> {
        let mut openings: Vec<(Opening, &str)> = Vec::new();
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::String(word) if word.trim().eq_ignore_ascii_case("closed") => Vec::new(),
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        for item in items {
            let Some(text) = item.get_ref().as_str() else {
                let what = format!("`{name}` holds something that is no text in quotes");
                return Err(self.wrong(&item.span(), &what).hint(OPENING));
            };
            let opening = opening(text)
                .map_err(|(what, hint)| self.wrong(&item.span(), &format!("`{text}` {what}")).hint(hint))?;
            let crosses = |known: &&(Opening, &str)| opening.from < known.0.to && known.0.from < opening.to;
            if let Some((_, known)) = openings.iter().find(crosses) {
                let what = format!("`{text}` overlaps `{known}` on `{name}`");
                return Err(self.wrong(&item.span(), &what).hint("write each hour once"));
            }
            openings.push((opening, text));
        }
        let mut openings: Vec<Opening> = openings.into_iter().map(|(opening, _)| opening).collect();
        openings.sort_unstable();
        Ok(openings)
    }

    /// The days of holidays, counted from 1 January 1970.
    fn holidays(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<i64>> {
        const HINT: &str = "write e.g. holidays = [\"2026-12-25\", \"2026-12-26\"]";
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong(&value.span(), "`holidays` is no list of dates").hint(HINT));
        };
        let day = |item: &Spanned<DeValue<'_>>| {
            let written = match item.get_ref() {
                DeValue::String(text) => text.trim().to_owned(),
                DeValue::Datetime(date) => date.to_string(),
                _ => String::new(),
            };
            let date = NaiveDate::parse_from_str(&written, "%Y-%m-%d").ok();
            let day = date.map(|date| date.signed_duration_since(NaiveDate::default()).num_days());
            let shown = self.text.get(item.span()).unwrap_or(&written).trim_matches('"');
            day.ok_or_else(|| self.wrong(&item.span(), &format!("`{shown}` is no date")).hint(HINT))
        };
        items.iter().map(day).collect()
    }
}

/// What a file looks like, for a hint.
const WRITTEN: &str = "write e.g. zone = \"Europe/Amsterdam\", then [hours] and below it mon = [\"09:00-12:30\", \"13:00-17:30\"]";
const OPENING: &str = "write e.g. [\"09:00-12:30\", \"13:00-17:30\"], or \"closed\"";

/// `09:00-12:30`; else what is wrong with it, and what to write.
fn opening(text: &str) -> std::result::Result<Opening, (&'static str, &'static str)> {
    let times = text.split_once('-').and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
    let Some((from, to)) = times.filter(|(from, _)| *from < 24 * 60) else {
        return Err(("is no stretch of hours", OPENING));
    };
    if to == from {
        return Err(("ends where it begins", "write \"00:00-24:00\" for a whole day, or \"closed\""));
    }
    if to < from {
        return Err((
            "ends before it begins",
            "hours past midnight are two stretches: to 24:00 on one day, from 00:00 on the next",
        ));
    }
    Ok(Opening { from: from * MINUTE, to: to * MINUTE })
}

/// The minutes since midnight that a time such as `9:00` or `24:00` stands for.
fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_number = |digits: &str| digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    let is_time = minute < 60 && hour < 24 || (hour, minute) == (24, 0);
    is_time.then_some(hour * 60 + minute)
}

fn quoted(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

#[cfg(test)]
mod tests;
