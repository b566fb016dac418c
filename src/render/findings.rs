//! Findings as text in every format. Knows nothing of what was asked.

use ::csv::{QuoteStyle, WriterBuilder};

use super::account;
use super::clean::{labels, shown};
use super::grid::{Column, Side, at_point, total};
use super::number::{self, TOO_SMALL, UNDEFINED, count, exact};
use super::page::Page;
use super::series::Series;
use super::{Format, Style, csv, json, markdown, table};
use crate::report::{Cell, Datum, Findings};

/// The findings as text in that format, ending with a line break.
pub fn findings(found: &Findings, format: Format, style: &Style) -> String {
    match format {
        Format::Table => page(found, style),
        Format::Csv => sheet(found, b','),
        Format::Tsv => sheet(found, b'\t'),
        Format::Json => json::pretty(found),
        Format::Jsonl => found.rows.iter().map(|row| json::line(&found.record(row))).collect(),
        Format::Md => markdown::findings(found),
    }
}

/// A record a row, exact; in a table with tabs nothing is quoted.
fn sheet(found: &Findings, delimiter: u8) -> String {
    let tabs = delimiter == b'\t';
    let style = if tabs { QuoteStyle::Never } else { QuoteStyle::Necessary };
    let writer = WriterBuilder::new().delimiter(delimiter).quote_style(style).from_writer(Vec::new());
    let datum = |datum: Datum<'_>| match datum {
        Datum::Text(text) if tabs => text.replace(['\t', '\n', '\r'], " "),
        Datum::Text(text) => text.to_owned(),
        Datum::Count(n) => n.to_string(),
        Datum::Number(x) => exact(x),
        Datum::Flag(is) => is.to_string(),
    };
    let header = found.keys().map(str::to_owned).collect();
    let rows = found.rows.iter().map(|row| row.iter().flat_map(Cell::data).map(datum).collect());
    csv::records(writer, std::iter::once(header).chain(rows))
}

/// The headings that people see, and the cells below each as text.
pub fn shown_columns(found: &Findings) -> impl Iterator<Item = (&str, Side, Vec<String>)> {
    let columns = found.columns.iter().enumerate();
    columns.filter_map(|(at, column)| {
        let title = column.title.as_deref()?;
        let cells = found.rows.iter().filter_map(|row| row.get(at));
        let side = if cells.clone().any(is_number) { Side::Right } else { Side::Left };
        Some((title, side, cells.map(cell).collect()))
    })
}

fn is_number(cell: &Cell) -> bool {
    !matches!(cell, Cell::Text(_) | Cell::Flag(_) | Cell::Blank)
}

/// A cell for people.
fn cell(cell: &Cell) -> String {
    let defined = |x: &Option<f64>| x.filter(|x| x.is_finite());
    let signed =
        |x: f64, unit| if x > 0.0 { format!("+{}", number::bare(x, unit)) } else { number::bare(x, unit) };
    match cell {
        Cell::Text(text) if text.is_empty() => String::new(),
        Cell::Text(text) => shown(text),
        Cell::Count(n) => count(*n),
        Cell::Value(x, unit) => defined(x).map_or(UNDEFINED.to_owned(), |x| number::in_unit(x, *unit)),
        Cell::Change(x, unit) => defined(x).map_or(UNDEFINED.to_owned(), |x| signed(x, *unit)),
        Cell::Limits(lower, upper, unit) => span(
            defined(lower).map(|x| number::bare(x, *unit)),
            defined(upper).map(|x| number::bare(x, *unit)),
        ),
        Cell::ChangeLimits(lower, upper, unit) => {
            span(defined(lower).map(|x| signed(x, *unit)), defined(upper).map(|x| signed(x, *unit)))
        }
        Cell::Probability(p) => number::probability(defined(p)),
        Cell::Flag(true) => "yes".to_owned(),
        Cell::Flag(false) | Cell::Blank => String::new(),
        Cell::Hidden | Cell::HiddenLimits => TOO_SMALL.to_owned(),
    }
}

/// An interval, or nothing where it has no limit.
pub fn span(lower: Option<String>, upper: Option<String>) -> String {
    match (lower, upper) {
        (None, None) => String::new(),
        (lower, upper) => {
            let limit = |text: Option<String>| text.unwrap_or(UNDEFINED.to_owned());
            format!("{} … {}", limit(lower), limit(upper))
        }
    }
}

fn page(found: &Findings, style: &Style) -> String {
    let mut page = Page::new(style);
    let series = Series::all(&found.account);
    page.heading(&account::titled(&found.title, &found.account));
    page.paragraph(&account::restriction(&found.account));
    page.paragraph(&account::read(&found.account));
    found.about.iter().for_each(|line| page.paragraph(line));
    page.gap();
    grid(&mut page, found);
    page.gap();
    found.remarks.iter().for_each(|line| page.paragraph(line));
    table::foot(&mut page, &found.account, &series);
    page.finish()
}

/// Labels at most so wide; what is blank stays so.
fn shortened(texts: &[&str], widest: usize) -> Vec<String> {
    let labels = labels(texts, widest);
    texts
        .iter()
        .zip(labels)
        .map(|(text, label)| if text.is_empty() { String::new() } else { label })
        .collect()
}

/// The table; words are shortened where it would be too wide.
fn grid(page: &mut Page, found: &Findings) {
    let parts: Vec<(&str, Side, Vec<String>)> = shown_columns(found).collect();
    let at_widest = |widest: usize| -> Vec<Column> {
        let column = |(title, side, cells): &(&str, Side, Vec<String>)| match side {
            Side::Right => Column::new(title, at_point(cells), *side),
            Side::Left => {
                let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
                Column::new(title, shortened(&texts, widest), *side)
            }
        };
        parts.iter().map(column).collect()
    };
    let room = page.style().width;
    let mut tries = (6..=48).rev().map(at_widest);
    let whole = at_widest(usize::MAX);
    let columns = if total(&whole) <= room {
        whole
    } else {
        tries.find(|columns| total(columns) <= room).unwrap_or_else(|| at_widest(6))
    };
    page.grid(&columns);
}
