//! Findings as text in every format. Knows nothing of what was asked.

use ::csv::{QuoteStyle, WriterBuilder};

use super::account;
use super::clean::{labels, shown};
use super::grid::{Column, Side, at_point, total};
use super::keys::title_case;
use super::number::{self, TOO_SMALL, UNDEFINED, count, exact};
use super::page::Page;
use super::series::Series;
use super::sparkline;
use super::{Format, Style, csv, json, junit, markdown, table};
use crate::report::{Cell, Datum, Findings};

/// Stands for all cases together where others stand for groups.
const ALL: &str = "(all)";

/// The findings as text in that format, ending with a line break.
pub fn findings(found: &Findings, format: Format, style: &Style) -> String {
    match format {
        Format::Table => page(found, style),
        Format::Csv => sheet(found, b','),
        Format::Tsv => sheet(found, b'\t'),
        Format::Json => json::pretty(found),
        Format::Jsonl => found.rows.iter().map(|row| json::line(&found.record(row))).collect(),
        Format::Md => markdown::findings(found),
        Format::Junit => junit::render(found),
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
pub fn shown_columns(found: &Findings) -> impl Iterator<Item = (String, Side, Vec<String>)> {
    let columns = found.columns.iter().enumerate();
    columns.filter_map(|(at, column)| {
        let title = column.title.clone()?;
        let cells = found.rows.iter().filter_map(|row| row.get(at));
        let side = if cells.clone().any(is_number) { Side::Right } else { Side::Left };
        let is_dimension = cells.clone().any(|cell| matches!(cell, Cell::Group(_)));
        let title = if is_dimension { title_case(&title) } else { title };
        Some((title, side, cells.map(cell).collect()))
    })
}

fn is_number(cell: &Cell) -> bool {
    let is_word =
        |cell: &Cell| matches!(cell, Cell::Text(_) | Cell::Group(_) | Cell::Period(..) | Cell::Blank);
    !is_word(cell) && !matches!(cell, Cell::Flag(_) | Cell::Verdict(_))
}

/// A cell for people.
fn cell(cell: &Cell) -> String {
    let defined = |x: &Option<f64>| x.filter(|x| x.is_finite());
    let signed = |x: f64, unit| match number::bare(x, unit) {
        text if x > 0.0 && text.contains(|digit| ('1'..='9').contains(&digit)) => format!("+{text}"),
        text => text,
    };
    match cell {
        Cell::Text(text) if text.is_empty() => String::new(),
        Cell::Text(text) => shown(text),
        Cell::Group(label) => label.as_deref().map_or(ALL.to_owned(), shown),
        Cell::Period(label, is_cut) => label.clone() + if *is_cut { "*" } else { "" },
        Cell::Count(n) => count(*n),
        Cell::CountFromTo(from, to) => format!("{} → {}", count(*from), count(*to)),
        Cell::FromTo(from, to, unit) => {
            let [from, to] = [from, to].map(|x| defined(x).map(|x| number::bare(x, *unit)));
            format!("{} → {}", from.as_deref().unwrap_or(UNDEFINED), to.as_deref().unwrap_or(UNDEFINED))
        }
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
        Cell::Verdict(verdict) => verdict.as_str().replace('-', " ").to_uppercase(),
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
    match found.lines.iter().map(sparkline::drawn).collect::<Vec<_>>().as_slice() {
        [(label, line)] if label.is_empty() => page.paragraph(line),
        lines => page.notes(lines),
    }
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

/// For each column that people see, whether it holds verdicts, which are read at a glance and stay whole.
fn verdicts(found: &Findings) -> impl Iterator<Item = bool> {
    let shown = found.columns.iter().enumerate().filter(|(_, column)| column.title.is_some());
    shown.map(|(at, _)| found.rows.iter().any(|row| matches!(row.get(at), Some(Cell::Verdict(_)))))
}

/// The table; words are shortened where it would be too wide.
fn grid(page: &mut Page, found: &Findings) {
    let parts: Vec<(String, Side, Vec<String>)> = shown_columns(found).collect();
    let whole: Vec<bool> = verdicts(found).collect();
    let at_widest = |widest: usize| -> Vec<Column> {
        let column = |((title, side, cells), whole): (&(String, Side, Vec<String>), &bool)| match side {
            _ if *whole => Column::new(title, cells.clone(), *side),
            Side::Right => Column::new(title, at_point(cells), *side),
            Side::Left => {
                let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
                Column::new(title, shortened(&texts, widest), *side)
            }
        };
        parts.iter().zip(&whole).map(column).collect()
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
