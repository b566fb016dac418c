//! The text of a config as settings, each with its line; strict about keys and about types. It must not know what a
//! value means.

use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, de};

use super::keys::{MEANT, SETTINGS, SOURCE, Setting, Shape};
use super::{Config, Entry, Source, Value};
use crate::document::{Item, in_order, line_of};
use crate::error::{Error, Result};
use crate::text;

/// How many keys a message lists.
const SHOWN: usize = 40;

/// The settings that a text holds; `path` is its name in messages.
///
/// # Errors
/// When it is no TOML, or holds a key or a type of value that does not belong there: with the line.
pub fn parse(path: &Path, text: &str) -> Result<Config> {
    let document = Document { path, text };
    let table = DeTable::parse(text).map_err(|cause| document.no_toml(&cause))?;
    let mut entries = Vec::new();
    let mut sources = Vec::new();
    for (key, value) in in_order(table.get_ref()) {
        let name = key.get_ref().as_ref();
        let line = document.line(key.span().start);
        if name == "source" {
            sources = document.sources(value, line)?;
        } else if SETTINGS.iter().any(|setting| setting.table == name) {
            let DeValue::Table(within) = value.get_ref() else {
                return Err(document.wrong(line, &format!("`{name}` is {}, and a table", noun(value)), name));
            };
            entries.extend(document.entries(within, name, SETTINGS)?);
        } else {
            entries.push(document.known((key, value), "", SETTINGS)?);
        }
    }
    // A table without keys says nothing.
    entries.retain(|entry: &Entry| !entry.values.is_empty());
    let place = |entry: &Entry| SETTINGS.iter().position(|setting| setting == entry.setting);
    entries.sort_by_key(place);
    Ok(Config { path: path.to_owned(), entries, sources })
}

/// A text being read, and how messages speak of it.
struct Document<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Document<'_> {
    fn line(&self, at: usize) -> usize {
        line_of(self.text, at)
    }

    fn place(&self, line: usize) -> String {
        format!("line {line} of `{}`", self.path.display())
    }

    fn no_toml(&self, cause: &de::Error) -> Error {
        let line = self.line(cause.span().map_or(0, |span| span.start));
        let message = cause.message().lines().next().unwrap_or("it ends early").trim_end_matches('.');
        Error::usage(format!("{} is no TOML: {message}", self.place(line)))
            .hint("texts stand in quotes, lists in [ ], and a key only once: see cxm init FILES")
    }

    fn wrong(&self, line: usize, found: &str, written: &str) -> Error {
        let hint = if written.contains('=') {
            format!("write e.g. {written}")
        } else {
            format!("write [{written}]")
        };
        Error::usage(format!("{found} belongs there: {}", self.place(line))).hint(hint)
    }

    /// The settings of a table.
    fn entries(&self, table: &DeTable<'_>, name: &str, known: &'static [Setting]) -> Result<Vec<Entry>> {
        in_order(table).into_iter().map(|item| self.known(item, name, known)).collect()
    }

    /// The setting that a key of a table stands for.
    fn known(&self, (key, value): Item<'_, '_>, table: &str, known: &'static [Setting]) -> Result<Entry> {
        let line = self.line(key.span().start);
        let name = key.get_ref().as_ref();
        let of_table = || known.iter().filter(|setting| setting.table == table);
        let Some(setting) = of_table().find(|setting| setting.key == name) else {
            return Err(self.unknown(name, table, line, known));
        };
        let values = self.values(setting, value).ok_or_else(|| {
            let found = format!("`{name}` is {}, and {}", noun(value), setting.shape.noun());
            self.wrong(line, &found, &setting.written())
        })?;
        if let Some(empty) = values.iter().find(|value| value.text.is_empty()) {
            return Err(Error::usage(format!("`{name}` is empty on {}", self.place(empty.line)))
                .hint(format!("write e.g. {}, or leave it out", setting.written())));
        }
        Ok(Entry { setting, values, line })
    }

    fn unknown(&self, name: &str, table: &str, line: usize, known: &'static [Setting]) -> Error {
        let within = match table {
            "" => String::new(),
            "source" => " in [[source]]".to_owned(),
            _ => format!(" in [{table}]"),
        };
        Error::usage(format!("unknown key `{name}`{within} on {}", self.place(line)))
            .hint(meant(name, table, known))
    }

    /// The values of a setting; none if they are of another type.
    fn values(&self, setting: &Setting, value: &Spanned<DeValue<'_>>) -> Option<Vec<Value>> {
        let at =
            |value: &Spanned<DeValue<'_>>, text: String| Value { text, line: self.line(value.span().start) };
        match (setting.shape, value.get_ref()) {
            (Shape::List, DeValue::Array(items)) if !items.is_empty() => {
                items.iter().map(|item| Some(at(item, item.get_ref().as_str()?.to_owned()))).collect()
            }
            (Shape::Pairs, DeValue::Table(table)) => in_order(table)
                .into_iter()
                .map(|(key, value)| {
                    let text = format!("{}={}", key.get_ref(), value.get_ref().as_str()?);
                    Some(Value { text, line: self.line(key.span().start) })
                })
                .collect(),
            (Shape::Path, DeValue::String(path)) if !path.is_empty() => {
                let folder = self.path.parent().unwrap_or(Path::new(""));
                Some(vec![at(value, folder.join(path.as_ref()).display().to_string())])
            }
            (shape, found) => Some(vec![at(value, scalar(shape, found)?)]),
        }
    }

    fn sources(&self, value: &Spanned<DeValue<'_>>, line: usize) -> Result<Vec<Source>> {
        let written = "[source]";
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong(line, "`source` is one table, and a list of tables", written));
        };
        let mut sources = Vec::new();
        for item in items.iter() {
            let line = self.line(item.span().start);
            let DeValue::Table(table) = item.get_ref() else {
                return Err(self.wrong(line, &format!("`source` is {}, and a table", noun(item)), written));
            };
            let mut entries = self.entries(table, "source", SOURCE)?;
            entries.retain(|entry| !entry.values.is_empty());
            entries.sort_by_key(|entry| SOURCE.iter().position(|setting| setting == entry.setting));
            let source = Source { line, entries };
            if source.entry("files").is_none() {
                return Err(Error::usage(format!("[[source]] names no files on {}", self.place(line)))
                    .hint("write e.g. files = [\"exports/*.csv\"]"));
            }
            sources.push(source);
        }
        Ok(sources)
    }
}

/// What an unknown key of a table may have been meant to be.
fn meant(name: &str, table: &str, known: &'static [Setting]) -> String {
    let mut keys: Vec<&str> =
        known.iter().filter(|setting| setting.table == table).map(|setting| setting.key).collect();
    if table.is_empty() {
        keys.extend(["source", "windows", "journey"]);
    }
    let word = MEANT.iter().find(|(word, _)| *word == name).map_or(name, |(_, key)| key);
    let near = if keys.contains(&word) { vec![word] } else { text::nearest(name, keys.iter().copied()) };
    if !near.is_empty() {
        let near: Vec<String> = near.iter().map(|key| format!("`{key}`")).collect();
        return format!("did you mean {}?", text::either(&near));
    }
    let elsewhere =
        SETTINGS.iter().chain(SOURCE).find(|setting| setting.table != table && setting.key == word);
    match elsewhere.map(|setting| setting.table) {
        Some("") => format!("`{word}` belongs at the top, before the first table"),
        Some("source") => format!("`{word}` belongs in [[source]]"),
        Some(table) => format!("`{word}` belongs in [{table}]"),
        None => format!("the keys there are {}", text::quoted(&keys, SHOWN)),
    }
}

/// One value as it would be typed after a flag; none if it is of another type.
fn scalar(shape: Shape, value: &DeValue<'_>) -> Option<String> {
    let is_text = !matches!(shape, Shape::Number | Shape::Switch | Shape::Pairs);
    let is_number = matches!(shape, Shape::Number | Shape::Amount);
    match value {
        DeValue::String(text) if is_text => Some(text.to_string()),
        // One that is too large is left to whoever knows how large it may be.
        DeValue::Integer(number) if is_number => Some(
            i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| number.as_str().to_owned(), |number| number.to_string()),
        ),
        DeValue::Float(number) if is_number => Some(number.as_str().to_owned()),
        DeValue::Datetime(time) if shape == Shape::Time => Some(time.to_string()),
        DeValue::Boolean(on) if shape == Shape::Switch => Some(on.to_string()),
        _ => None,
    }
}

/// What a value is, for a message.
fn noun(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(items) if items.is_empty() => "an empty list",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests;
