//! A metric in words, with its definitions and, where there are exports, their values. Knows nothing of exports.

use super::clean::shown;
use super::findings::span;
use super::grid::{Column, Side, at_point};
use super::number::{UNDEFINED, bare, count, exact, in_unit, level};
use super::page::Page;
use super::{Format, Style, csv, json, markdown};
use crate::report::{DefinitionNote, MetricPage};

/// The page as text in that format, ending with a line break.
pub fn definitions(page: &MetricPage, format: Format, style: &Style) -> String {
    match format {
        Format::Table | Format::Junit => text(page, style),
        Format::Csv => sheet(page, b','),
        Format::Tsv => sheet(page, b'\t'),
        Format::Json => json::pretty(page),
        Format::Jsonl => page.definitions.iter().map(json::line).collect(),
        Format::Md => markdown(page),
    }
}

fn sheet(page: &MetricPage, delimiter: u8) -> String {
    let header = [
        "metric",
        "definition",
        "name",
        "usual",
        "n",
        "value",
        "lower",
        "upper",
        "unit",
        "about",
        "formula",
        "source",
        "note",
    ];
    let rows = page.definitions.iter().map(|one| {
        let found = one.found.as_ref();
        let number = |of: fn(&crate::report::FoundValue) -> Option<f64>| exact(found.and_then(of));
        [
            page.metric.clone(),
            one.definition.clone(),
            one.name.clone(),
            one.usual.to_string(),
            found.map(|found| found.n.to_string()).unwrap_or_default(),
            number(|found| found.value),
            number(|found| found.lower),
            number(|found| found.upper),
            one.unit.as_str().to_owned(),
            one.about.clone(),
            one.formula.clone(),
            one.source.clone(),
            found.map(|found| found.note.clone()).unwrap_or_default(),
        ]
    });
    csv::sheet(delimiter, &header, rows)
}

/// The value, its interval and the n of a definition.
fn cells(one: &DefinitionNote) -> [String; 3] {
    let Some(found) = &one.found else { return Default::default() };
    let value = found.value.map_or(UNDEFINED.to_owned(), |value| in_unit(value, one.unit));
    let limit = |x: Option<f64>| x.map(|x| bare(x, one.unit));
    [value, span(limit(found.lower), limit(found.upper)), count(found.n)]
}

fn text(metric: &MetricPage, style: &Style) -> String {
    let mut page = Page::new(style);
    page.heading(&metric.title);
    page.paragraph(&metric.means);
    if metric.definitions.iter().any(|one| one.found.is_some()) {
        page.gap();
        page.grid(&values(metric));
    }
    for one in &metric.definitions {
        page.gap();
        let usual = if one.usual { ", the usual one" } else { "" };
        page.heading(&format!("{} (--def {}={}{usual})", one.definition, metric.metric, one.name));
        let mut entries = vec![
            ("  counts".to_owned(), one.about.clone()),
            ("  formula".to_owned(), one.formula.clone()),
            ("  source".to_owned(), one.source.clone()),
        ];
        let note = one.found.as_ref().map(|found| found.note.clone()).filter(|note| !note.is_empty());
        entries.extend(note.map(|note| ("  here".to_owned(), note)));
        page.notes(&entries);
    }
    for (heading, lines) in [("It takes for granted", &metric.assumes), ("It misleads", &metric.misleads)] {
        page.gap();
        page.heading(heading);
        lines.iter().for_each(|line| page.item("-", line));
    }
    page.finish()
}

/// What the definitions came to, side by side.
fn values(metric: &MetricPage) -> Vec<Column> {
    let column = |at: usize| metric.definitions.iter().map(|one| cells(one)[at].clone()).collect::<Vec<_>>();
    let names = metric.definitions.iter().map(|one| shown(&one.definition)).collect();
    let interval = metric
        .confidence
        .map_or("Interval".to_owned(), |confidence| format!("{} interval", level(confidence)));
    vec![
        Column::new("Definition", names, Side::Left),
        Column::new("Value", at_point(&column(0)), Side::Right),
        Column::new(&interval, at_point(&column(1)), Side::Right),
        Column::new("n", column(2), Side::Right),
    ]
}

fn markdown(metric: &MetricPage) -> String {
    let escaped = markdown::escaped;
    let mut text = format!("# {}\n\n{}\n\n## Definitions\n", escaped(&metric.title), escaped(&metric.means));
    for one in &metric.definitions {
        let usual = if one.usual { ", the usual one" } else { "" };
        text.push_str(&format!("\n### `{}` ({}{usual})\n\n", one.definition, one.unit.as_str()));
        text.push_str(&format!("`--def {}={}`\n\n", metric.metric, one.name));
        text.push_str(&format!("- Counts: {}\n", escaped(&one.about)));
        text.push_str(&format!("- Formula: {}\n", escaped(&one.formula)));
        text.push_str(&format!("- Source: {}\n", escaped(&one.source)));
        if let Some(found) = &one.found {
            let [value, interval, n] = cells(one);
            let note =
                if found.note.is_empty() { String::new() } else { format!("; {}", escaped(&found.note)) };
            text.push_str(&format!("- Here: {value} ({interval}), n {n}{note}\n"));
        }
    }
    for (heading, lines) in [("It takes for granted", &metric.assumes), ("It misleads", &metric.misleads)] {
        text.push_str(&format!("\n## {heading}\n\n"));
        text.extend(lines.iter().map(|line| format!("- {}\n", escaped(line))));
    }
    text
}
