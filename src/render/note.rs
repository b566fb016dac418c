//! The texts of `cxm inspect` and `cxm metrics`. Rounds nothing and knows no file.

use super::account;
use super::clean::shown;
use super::grid::{Column, Side};
use super::page::Page;
use super::{Format, Style, json};
use crate::report::{FileNote, Heading, Inspection};
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
    let mut rows = format!(
        "{layout}{}{encoding}, columns by {}; {}",
        source.kind,
        file.delimiter,
        text::count(source.rows, "row")
    );
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

/// The registry of metrics in every format.
pub fn registry(metrics: &[Heading], format: Format, style: &Style) -> String {
    let rows =
        metrics.iter().map(|m| [m.id.as_str(), m.unit.as_str(), m.definition.as_str(), m.about.as_str()]);
    let header = ["metric", "unit", "definition", "about"];
    match format {
        Format::Json => json::pretty(&metrics),
        Format::Jsonl => metrics.iter().map(json::line).collect(),
        Format::Csv => super::csv::sheet(b',', &header, rows),
        Format::Tsv => super::csv::sheet(b'\t', &header, rows),
        Format::Md => {
            let row = |cells: [&str; 4]| {
                format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
            };
            row(header) + "|---|---|---|---|\n" + &rows.map(row).collect::<String>()
        }
        Format::Table => {
            let mut page = Page::new(style);
            let entries: Vec<(String, String)> = metrics
                .iter()
                .map(|m| {
                    (
                        m.id.clone(),
                        format!("{} ({}, {}): {}", m.title, m.unit.as_str(), m.definition, m.about),
                    )
                })
                .collect();
            page.notes(&entries);
            page.finish()
        }
    }
}
