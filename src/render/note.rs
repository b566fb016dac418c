//! The lists of settings, metrics and presets. Rounds nothing and knows no file.

use serde::Serialize;

use super::clean::shown;
use super::grid::{Column, Side};
use super::page::Page;
use super::{Format, Style, json};
use crate::report::{Heading, PresetNote, SettingNote, SettingsNote};

/// The settings as text or JSON; other formats have no form for them.
pub fn settings(found: &SettingsNote, format: Format, style: &Style) -> Option<String> {
    match format {
        Format::Json => return Some(json::pretty(found)),
        Format::Table => {}
        _ => return None,
    }
    let mut page = Page::new(style);
    let value = |note: &SettingNote| match &note.value {
        Some(value) => shown(value),
        None => format!("({})", note.note),
    };
    let cells = |cell: &dyn Fn(&SettingNote) -> String| found.settings.iter().map(cell).collect::<Vec<_>>();
    page.grid(&[
        Column::new("Setting", cells(&|note| shown(&note.name)), Side::Left),
        Column::new("Value", cells(&value), Side::Left),
        Column::new("From", cells(&|note| shown(&note.from)), Side::Left),
    ]);
    Some(page.finish())
}

/// The metrics that there are.
pub fn registry(metrics: &[Heading], format: Format, style: &Style) -> String {
    let row = |m: &Heading| [m.id.clone(), m.unit.as_str().to_owned(), m.definition.clone(), m.about.clone()];
    let about = |m: &Heading| format!("{} ({}, {}): {}", m.title, m.unit.as_str(), m.definition, m.about);
    listing(metrics, ["metric", "unit", "definition", "about"], row, about, format, style)
}

/// The presets that there are.
pub fn presets(presets: &[PresetNote], format: Format, style: &Style) -> String {
    let row = |p: &PresetNote| {
        [
            p.name.clone(),
            p.kind.clone(),
            p.evidence.clone(),
            p.title.clone(),
            p.note.clone().unwrap_or_default(),
            p.path.clone().unwrap_or_default(),
        ]
    };
    let about = |p: &PresetNote| {
        let note = p.note.as_deref().map(|note| format!(". {note}")).unwrap_or_default();
        let path = p.path.as_deref().map(|path| format!(", from {path}")).unwrap_or_default();
        format!("{} ({}, evidence {}{path}){note}", p.title, p.kind, p.evidence)
    };
    listing(presets, ["preset", "kind", "evidence", "title", "note", "path"], row, about, format, style)
}

/// A list of named things: a row each, or an entry each on a page.
fn listing<T: Serialize, const COLUMNS: usize>(
    items: &[T],
    header: [&str; COLUMNS],
    row: impl Fn(&T) -> [String; COLUMNS],
    about: impl Fn(&T) -> String,
    format: Format,
    style: &Style,
) -> String {
    let rows: Vec<[String; COLUMNS]> = items.iter().map(row).collect();
    let cells = || rows.iter().map(|row| row.each_ref().map(String::as_str));
    match format {
        Format::Json => json::pretty(&items),
        Format::Jsonl => items.iter().map(json::line).collect(),
        Format::Csv => super::csv::sheet(b',', &header, cells()),
        Format::Tsv => super::csv::sheet(b'\t', &header, cells()),
        Format::Md => {
            let line = |cells: [&str; COLUMNS]| {
                format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
            };
            let rule = format!("|{}\n", "---|".repeat(COLUMNS));
            line(header) + &rule + &cells().map(line).collect::<String>()
        }
        Format::Table | Format::Junit => {
            let mut page = Page::new(style);
            let entry = |(item, row): (&T, &[String; COLUMNS])| (row[0].clone(), about(item));
            let entries: Vec<(String, String)> = items.iter().zip(&rows).map(entry).collect();
            page.notes(&entries);
            page.finish()
        }
    }
}
