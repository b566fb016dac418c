//! The texts of `cxm inspect` and `cxm metrics`. Rounds nothing and knows no file.

use serde::Serialize;

use super::account;
use super::clean::shown;
use super::grid::{Column, Side};
use super::page::Page;
use super::{Format, Style, json};
use crate::report::{FileNote, Heading, Inspection, PresetNote, SettingNote, SettingsNote};
use crate::text;

/// The inspection as text or JSON; other formats have no form for it.
pub fn inspection(found: &Inspection, format: Format, style: &Style) -> Option<String> {
    match format {
        Format::Json => Some(json::pretty(found)),
        Format::Table => Some(inspection_text(found, style)),
        _ => None,
    }
}

fn inspection_text(found: &Inspection, style: &Style) -> String {
    let mut page = Page::new(style);
    for file in &found.files {
        file_text(file, &mut page);
    }
    if !found.join.by_kind.0.is_empty() {
        page.heading("The join");
    }
    for kind in &found.join.by_kind.0 {
        page.item("", &format!("{} in the {}", text::count(kind.1, "customer"), account::export(&kind.0)));
    }
    for one in &found.join.matches {
        if let Some(percent) = one.percent {
            let share = super::number::whole_percent(percent);
            let place = |kind: &str| match account::export(kind) {
                name if name == kind => name.to_owned(),
                name => format!("the {name}"),
            };
            let (of, within) = (place(&one.of), place(&one.within));
            page.item("", &format!("{share} of the customers in {of} are in {within}"));
        }
    }
    page.paragraph(&account::stages(&found.journey));
    if !found.caveats.is_empty() {
        page.heading("To keep in mind");
        found.caveats.iter().for_each(|caveat| page.item("!", &account::caveat(caveat)));
    }
    page.heading("What they allow");
    let mut metrics: Vec<&str> = found.metrics.iter().map(|heading| heading.id.as_str()).collect();
    metrics.dedup();
    page.item("", &format!("metrics: {}", metrics.join(", ")));
    for (metric, why) in &found.skipped.0 {
        page.item("", &format!("not {metric}: {why}"));
    }
    page.item(
        "",
        &format!(
            "dimensions for --by: {}",
            found.dimensions.iter().map(|name| shown(name)).collect::<Vec<_>>().join(", ")
        ),
    );
    page.finish()
}

fn file_text(file: &FileNote, page: &mut Page) {
    page.heading(&shown(&file.source.path));
    let layout = file.layout.map(|layout| format!("{layout} ")).unwrap_or_default();
    let source = &file.source;
    let encoding = if file.encoding == "utf-8" { String::new() } else { format!(" in {}", file.encoding) };
    let mut rows =
        format!("{layout}{}{encoding}{}; {}", source.kind, form(file), text::count(source.rows, "row"));
    if source.rejected.0.is_empty() {
        rows.push_str(", all used");
    } else {
        let reasons: Vec<String> =
            source.rejected.0.iter().map(|(why, n)| format!("{} {why}", text::thousands(*n))).collect();
        rows.push_str(&format!(", {} used, rejected: {}", text::thousands(source.used), reasons.join(", ")));
    }
    rows.push_str(&format!("; {}", text::count(source.customers, "customer")));
    if source.without_customer > 0 {
        rows.push_str(&format!(", {} without one", text::count(source.without_customer, "row")));
    }
    page.paragraph(&rows);
    let cell = |value: &Option<String>| value.as_deref().map(shown).unwrap_or_default();
    page.grid(&[
        Column::new("Column", file.columns.iter().map(|column| shown(&column.column)).collect(), Side::Left),
        Column::new("Read as", file.columns.iter().map(|column| cell(&column.field)).collect(), Side::Left),
        Column::new("--by", file.columns.iter().map(|column| cell(&column.dimension)).collect(), Side::Left),
    ]);
    page.gap();
}

/// What kind of file it is: for a CSV, what stands between its columns.
fn form(file: &FileNote) -> String {
    match (file.delimiter, &file.sheet) {
        (Some(delimiter), _) => format!(", columns by {delimiter}"),
        (None, Some(sheet)) => format!(", {}, sheet \"{}\"", file.format.to_uppercase(), shown(sheet)),
        (None, None) if file.format == "parquet" => ", Parquet".to_owned(),
        (None, None) => format!(", {}", file.format.to_uppercase()),
    }
}

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
        Format::Table => {
            let mut page = Page::new(style);
            let entry = |(item, row): (&T, &[String; COLUMNS])| (row[0].clone(), about(item));
            let entries: Vec<(String, String)> = items.iter().zip(&rows).map(entry).collect();
            page.notes(&entries);
            page.finish()
        }
    }
}
