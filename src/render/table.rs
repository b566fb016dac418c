//! A report as aligned text for people: what was read, the numbers overall and by group, what was left out.
//! Knows nothing of how a column is laid out.

use super::Style;
use super::account;
use super::clean::shown;
use super::estimates::{self, Line};
use super::keys::Key;
use super::matrix;
use super::page::Page;
use super::pivot::{Pivot, Row};
use super::remark::remark;
use super::series::Series;
use crate::report::{Record, Report};

/// The report as text; no line is wider than the style says (or 60 columns).
pub fn render(report: &Report, style: &Style) -> String {
    let series = Series::all(report);
    let mut page = Page::new(style);
    page.heading(&account::title(report, &series));
    page.paragraph(&account::restriction(report));
    page.paragraph(&account::read(report));
    if let [one] = series.as_slice() {
        page.paragraph(one.about);
    }
    for dimensions in &report.breakdowns {
        let pivot = Pivot::new(report, &series, dimensions);
        if !pivot.rows.is_empty() {
            page.gap();
            breakdown(&mut page, report, &pivot, series.len() == 1);
        }
    }
    foot(&mut page, report, &series);
    page.finish()
}

fn breakdown(page: &mut Page, report: &Report, pivot: &Pivot, alone: bool) {
    let by = match pivot.dimensions {
        [] if pivot.periods => "period".to_owned(),
        _ => pivot.by(),
    };
    match (pivot.rows.as_slice(), pivot.series.as_slice()) {
        ([row], _) if by.is_empty() => {
            let lines = overall(pivot, row, alone);
            let titles = pivot.series.iter().map(|series| series.title.clone()).collect();
            estimates::write(page, &[Key::words("Metric", titles)], &lines, report.confidence);
        }
        (rows, [one]) => {
            page.heading(&if alone { format!("By {by}") } else { format!("{} by {by}", one.title) });
            let lines: Vec<Line> = rows.iter().filter_map(|row| group(row)).collect();
            estimates::write(page, &Key::of(pivot), &lines, report.confidence);
        }
        _ => {
            page.heading(&format!("By {by} · value (n)"));
            matrix::write(page, pivot);
        }
    }
}

/// A row a metric; where there is nothing else to remark, what is counted.
fn overall<'a>(pivot: &Pivot<'a>, row: &Row<'a>, alone: bool) -> Vec<Line<'a>> {
    let lines = pivot.series.iter().zip(&row.cells).filter_map(|(series, cell)| {
        let record: &Record = (*cell)?;
        let about = if alone { "" } else { series.about };
        let below = remark(record);
        let remark = if below.is_empty() { about.to_owned() } else { below.clone() };
        let full =
            if below.is_empty() || about.is_empty() { remark.clone() } else { format!("{about}; {below}") };
        Some(Line { record, name: series.short.clone(), full, remark, below })
    });
    lines.collect()
}

/// A row a group of one metric; under the table only what is wrong with it.
fn group<'a>(row: &Row<'a>) -> Option<Line<'a>> {
    let record: &Record = row.cells.first().copied().flatten()?;
    let names = row.period.into_iter().map(str::to_owned).chain(row.group.iter().map(|value| shown(value)));
    let name = names.collect::<Vec<_>>().join(", ");
    let remark = remark(record);
    Some(Line { record, name, full: remark.clone(), remark, below: record.note.clone() })
}

/// What is to be kept in mind, and what was left out.
pub fn foot(page: &mut Page, report: &Report, series: &[Series]) {
    page.gap();
    for (mark, meaning) in account::marks(report) {
        page.item(&mark, &meaning);
    }
    page.gap();
    for caveat in &report.caveats {
        page.item("!", &account::caveat(caveat));
    }
    page.gap();
    page.paragraph(&account::left_out(report));
    let entries = account::exclusions(report, series);
    page.notes(&entries.into_iter().map(|(name, text)| (format!("  {name}"), text)).collect::<Vec<_>>());
    page.paragraph(&account::after_as_of(report));
    page.paragraph(&account::stages_used(report));
}
