//! The text of `cxm inspect`, as a colleague would tell it. Rounds nothing and knows no file.

use super::account;
use super::clean::shown;
use super::grid::{Column, Side};
use super::page::Page;
use super::{Format, Style, json};
use crate::report::{ColumnNote, FileNote, Inspection, PartSummary, ReadBy};
use crate::text;

/// The widest sample, in characters.
const WIDEST: usize = 28;
/// The longest line of samples.
const LONGEST: usize = 48;
/// A file with more columns than this is told by those that mean something.
const MOST_COLUMNS: usize = 40;

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
    for file in &found.unread {
        page.heading(&shown(&file.path));
        page.item("!", &format!("not read: {}", shown(&file.error)));
        file.hint.iter().for_each(|hint| page.item("→", &shown(hint)));
        page.gap();
    }
    if !found.join.by_kind.0.is_empty() {
        page.heading("The join");
    }
    for kind in &found.join.by_kind.0 {
        page.item("", &format!("{} in the {}", text::count(kind.1, "customer"), kind.0));
    }
    for one in &found.join.matches {
        if let Some(percent) = one.percent {
            let share = super::number::whole_percent(percent);
            page.item("", &format!("{share} of the customers in {} are in {}", one.of, one.within));
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
    let dimensions: Vec<String> = found.dimensions.iter().map(|name| shown(name)).collect();
    page.item("", &format!("dimensions for --by: {}", dimensions.join(", ")));
    page.finish()
}

fn file_text(file: &FileNote, page: &mut Page) {
    page.heading(&shown(&file.source.path));
    page.paragraph(&what(file));
    if let Some(read_by) = &file.read_by {
        page.paragraph(&why(read_by));
    }
    page.paragraph(&rows(file));
    file.source.beside.iter().for_each(|part| page.paragraph(&beside(part)));
    let how = how(file);
    if !how.is_empty() {
        page.paragraph(&how);
    }
    columns(file, page);
    if let Some(note) = file.read_by.as_ref().and_then(|read_by| read_by.preset.note.as_deref()) {
        page.item("!", &shown(note));
    }
    file.advice.iter().for_each(|advice| page.item("→", &shown(advice)));
    page.gap();
}

/// What kind of file it is.
fn what(file: &FileNote) -> String {
    let layout = file.layout.map(|layout| format!("{layout} ")).unwrap_or_default();
    let format = match (file.delimiter, &file.sheet) {
        (Some(delimiter), _) => format!("columns by {delimiter}"),
        (None, Some(sheet)) => format!("{}, sheet \"{}\"", file.format.to_uppercase(), shown(sheet)),
        (None, None) if file.format == "parquet" => "Parquet".to_owned(),
        (None, None) => file.format.to_uppercase(),
    };
    let encoding = if file.encoding == "utf-8" { String::new() } else { format!(", {}", file.encoding) };
    let header = match file.header_rows {
        1 => String::new(),
        rows => format!(", {rows} header rows"),
    };
    format!("{layout}{}, {format}{encoding}{header}", file.source.kind)
}

/// By which preset it is read, and why.
fn why(read_by: &ReadBy) -> String {
    let preset = &read_by.preset;
    let known = if read_by.known_by.is_empty() {
        "as --preset says".to_owned()
    } else {
        format!("known by {}", text::quoted(&read_by.known_by, 4))
    };
    format!("{}: preset {}, evidence {}, {known}", shown(&preset.title), preset.name, preset.evidence)
}

/// What became of its rows.
fn rows(file: &FileNote) -> String {
    let source = &file.source;
    let mut told = text::count(source.rows, "row");
    let counts = |counts: &[(String, u64)]| {
        counts.iter().map(|(why, n)| format!("{} {why}", text::thousands(*n))).collect::<Vec<_>>().join(", ")
    };
    if source.used == source.rows {
        told.push_str(", all used");
    } else {
        told.push_str(&format!(", {} used", text::thousands(source.used)));
    }
    if !source.rejected.is_empty() {
        told.push_str(&format!("; rejected: {}", counts(&source.rejected.0)));
    }
    if !source.left_out.is_empty() {
        told.push_str(&format!("; left out: {}", counts(&source.left_out.0)));
    }
    told.push_str(&format!("; {}", text::count(source.customers, "customer")));
    if source.without_customer > 0 {
        told.push_str(&format!(", {} without one", text::count(source.without_customer, "row")));
    }
    told
}

/// What became of the rows that hold the rest of those of a file.
fn beside(part: &PartSummary) -> String {
    let mut told = format!(
        "the rest of each row is in {} (preset {}): {}",
        shown(&part.path),
        part.preset,
        text::count(part.rows, "row")
    );
    let odd = [
        (part.unmatched, "to which no row here belongs"),
        (part.repeated, "with the id of a later one"),
        (part.rejected, "that do not fit their header"),
    ];
    for (n, what) in odd.into_iter().filter(|(n, _)| *n > 0) {
        told.push_str(&format!(", {} {what}", text::thousands(n)));
    }
    told
}

/// How its cells are read.
fn how(file: &FileNote) -> String {
    let mut parts = Vec::new();
    if let Some(zone) = &file.timezone {
        parts.push(format!("times that name no zone are in {} ({})", zone.value, zone.by));
    }
    if let Some(dates) = &file.dates {
        parts.push(format!("dates have the {}", shown(dates)));
    }
    if let Some(decimal) = &file.decimal {
        let mark = if decimal.value == "," { "comma" } else { "point" };
        parts.push(format!("decimal {mark} ({})", decimal.by));
    }
    for (field, value) in &file.constants.0 {
        parts.push(format!("{field} is {} in every row", shown(value)));
    }
    parts.join("; ")
}

fn columns(file: &FileNote, page: &mut Page) {
    let means = |column: &&ColumnNote| column.field.is_some() || column.is_test;
    let few = file.columns.len() <= MOST_COLUMNS;
    let told: Vec<&ColumnNote> = file.columns.iter().filter(|column| few || means(column)).collect();
    let cells = |cell: &dyn Fn(&ColumnNote) -> String| told.iter().map(|column| cell(column)).collect();
    let field = |column: &ColumnNote| match (&column.field, &column.timezone) {
        (Some(field), Some(zone)) => format!("{field} ({zone})"),
        (Some(field), None) => field.clone(),
        (None, _) if column.is_test => "(judges the row)".to_owned(),
        (None, _) => String::new(),
    };
    page.grid(&[
        Column::new("Column", cells(&|column| cut(&column.column)), Side::Left),
        Column::new("Read as", cells(&field), Side::Left),
        Column::new("Such as", cells(&|column| such_as(column)), Side::Left),
        Column::new(
            "--by",
            cells(&|column| column.dimension.as_deref().map(shown).unwrap_or_default()),
            Side::Left,
        ),
    ]);
    let others = file.columns.len() - told.len();
    if others > 0 {
        page.item("", &format!("and {others} more columns, each a dimension under its own name"));
    }
}

/// The samples that fit a line.
fn such_as(column: &ColumnNote) -> String {
    let mut line = String::new();
    for sample in &column.samples {
        let sample = cut(sample);
        if !line.is_empty() && line.chars().count() + sample.chars().count() > LONGEST {
            break;
        }
        if !line.is_empty() {
            line.push_str(" · ");
        }
        line.push_str(&sample);
    }
    line
}

fn cut(value: &str) -> String {
    let clean = shown(value);
    match clean.char_indices().nth(WIDEST) {
        Some((at, _)) => format!("{}…", clean[..at].trim_end()),
        None => clean,
    }
}
