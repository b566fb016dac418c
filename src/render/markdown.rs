//! A report as headings and pipe tables, to be pasted into a pull request. Knows nothing of terminals.

use super::account;
use super::clean::{clean, shown};
use super::findings::shown_columns;
use super::grid::Side;
use super::keys::title_case;
use super::number::{bare_value, count, level, limits, value};
use super::pivot::{Pivot, Row};
use super::remark::remark;
use super::series::Series;
use super::sparkline;
use crate::report::{Findings, Record, Report};

/// The metrics that stand side by side in one table; a page of a pull request takes no more.
const ACROSS: usize = 6;

/// The report as Markdown.
pub fn render(report: &Report) -> String {
    let series = Series::all(report);
    let mut text = format!("# {}\n", escaped(&account::title(report, &series)));
    paragraph(&mut text, &account::restriction(report));
    paragraph(&mut text, &account::read(report));
    if let [one] = series.as_slice() {
        paragraph(&mut text, one.about);
    }
    for dimensions in &report.breakdowns {
        let pivot = Pivot::new(report, &series, dimensions);
        if !pivot.rows.is_empty() {
            breakdown(&mut text, report, &pivot);
        }
    }
    foot(&mut text, report, &series);
    text
}

/// What is to be kept in mind, and what was left out.
fn foot(text: &mut String, report: &Report, series: &[Series]) {
    let marks = account::marks(report).into_iter().map(|(mark, meaning)| format!("{mark} {meaning}"));
    paragraph(text, &marks.collect::<Vec<_>>().join("; "));
    list(text, "To keep in mind", report.caveats.iter().map(account::caveat).collect());
    let excluded = account::exclusions(report, series).into_iter();
    let mut left_out: Vec<String> = excluded.map(|(name, account)| format!("{name}: {account}")).collect();
    left_out.insert(0, account::left_out(report).replacen("Left out: ", "", 1));
    left_out.push(account::after_as_of(report));
    left_out.push(account::stages_used(report));
    list(text, "Left out", left_out);
}

/// Findings as Markdown.
pub fn findings(found: &Findings) -> String {
    let account = &found.account;
    let mut text = format!("# {}\n", escaped(&account::titled(&found.title, account)));
    paragraph(&mut text, &account::restriction(account));
    paragraph(&mut text, &account::read(account));
    found.about.iter().for_each(|line| paragraph(&mut text, line));
    for (label, line) in found.lines.iter().map(sparkline::drawn) {
        paragraph(&mut text, format!("{label} {line}").trim());
    }
    let columns: Vec<(String, Side, Vec<String>)> = shown_columns(found).collect();
    let header: Vec<String> = columns.iter().map(|(title, ..)| title.clone()).collect();
    let numbers: Vec<bool> = columns.iter().map(|(_, side, _)| *side == Side::Right).collect();
    let row =
        |at: usize| columns.iter().map(|(.., cells)| cells.get(at).cloned().unwrap_or_default()).collect();
    text.push('\n');
    pipes(&mut text, &header, |column| numbers[column], (0..found.rows.len()).map(row));
    found.remarks.iter().for_each(|line| paragraph(&mut text, line));
    foot(&mut text, account, &Series::all(account));
    text
}

fn breakdown(text: &mut String, report: &Report, pivot: &Pivot) {
    match (pivot.rows.as_slice(), pivot.series.as_slice()) {
        ([row], _) if pivot.dimensions.is_empty() && !pivot.periods => {
            text.push_str("\n## Overall\n\n");
            let lines = pivot.series.iter().zip(&row.cells).filter_map(|(series, cell)| {
                let record: &Record = (*cell)?;
                let remark = Some(remark(record)).filter(|remark| !remark.is_empty());
                Some((vec![series.title.clone()], record, remark.unwrap_or(series.about.to_owned())))
            });
            estimates(text, report, &["Metric".to_owned()], &lines.collect::<Vec<_>>());
        }
        (rows, [one]) => {
            text.push_str(&format!("\n## {} {}\n\n", escaped(&one.title), escaped(&by(pivot))));
            let lines = rows.iter().filter_map(|row| {
                let record: &Record = row.cells.first().copied().flatten()?;
                Some((leading(pivot, row), record, remark(record)))
            });
            estimates(text, report, &headings(pivot), &lines.collect::<Vec<_>>());
        }
        _ => {
            text.push_str(&format!("\n## {}: value (n)\n", escaped(&title_case(&by(pivot)))));
            matrix(text, pivot);
        }
    }
}

fn by(pivot: &Pivot) -> String {
    format!("by {}", if pivot.dimensions.is_empty() { "period".to_owned() } else { pivot.by() })
}

/// One row: its leading cells, its numbers, its remark.
type Line<'a> = (Vec<String>, &'a Record, String);

fn estimates(text: &mut String, report: &Report, headings: &[String], lines: &[Line]) {
    let mut header = headings.to_vec();
    let interval = format!("{} interval", level(report.confidence));
    header.extend(["Value".to_owned(), interval, "n".to_owned(), "Remark".to_owned()]);
    let remarked = lines.iter().any(|(.., remark)| !remark.is_empty());
    let width = header.len() - usize::from(!remarked);
    let rows = lines.iter().map(|(leading, record, remark)| {
        let interval = limits(record).map(|(lower, upper)| format!("{lower} … {upper}"));
        let numbers = [value(record), interval.unwrap_or_default(), count(record.n), remark.clone()];
        leading.iter().cloned().chain(numbers).take(width).collect()
    });
    let numbers = headings.len()..headings.len() + 3;
    pipes(text, &header[..width], |column| numbers.contains(&column), rows);
}

fn matrix(text: &mut String, pivot: &Pivot) {
    let headings = headings(pivot);
    for block in (0..pivot.series.len()).collect::<Vec<_>>().chunks(ACROSS) {
        let series = block.iter().filter_map(|at| pivot.series.get(*at)).map(|series| series.column());
        let header: Vec<String> = headings.iter().cloned().chain(series).collect();
        let rows = pivot.rows.iter().map(|row| {
            let records = block.iter().map(|at| row.cells.get(*at).copied().flatten());
            let cells = records.map(|record| {
                record.map(|one| format!("{} ({})", bare_value(one), count(one.n))).unwrap_or_default()
            });
            leading(pivot, row).into_iter().chain(cells).collect()
        });
        text.push('\n');
        pipes(text, &header, |column| column >= headings.len(), rows);
    }
}

fn headings(pivot: &Pivot) -> Vec<String> {
    let period = pivot.periods.then(|| "Period".to_owned());
    period.into_iter().chain(pivot.dimensions.iter().map(|name| title_case(name))).collect()
}

fn leading(pivot: &Pivot, row: &Row) -> Vec<String> {
    let mark = if row.partial() { "*" } else { "" };
    let period = pivot.periods.then(|| row.period.unwrap_or("all").to_owned() + mark);
    period.into_iter().chain(row.group.iter().map(|value| shown(value))).collect()
}

/// A pipe table; columns of numbers are aligned to the right.
fn pipes(
    text: &mut String,
    header: &[String],
    is_number: impl Fn(usize) -> bool,
    rows: impl Iterator<Item = Vec<String>>,
) {
    let line = |cells: &[String]| {
        format!("| {} |\n", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | "))
    };
    let sides = (0..header.len()).map(|at| if is_number(at) { "---:" } else { "---" });
    text.push_str(&line(header));
    text.push_str(&format!("| {} |\n", sides.collect::<Vec<_>>().join(" | ")));
    for row in rows {
        text.push_str(&line(&row));
    }
}

fn paragraph(text: &mut String, words: &str) {
    if !words.is_empty() {
        text.push_str(&format!("\n{}\n", escaped(words)));
    }
}

fn list(text: &mut String, heading: &str, items: Vec<String>) {
    let items: Vec<String> = items.into_iter().filter(|item| !item.is_empty()).collect();
    if !items.is_empty() {
        text.push_str(&format!("\n## {heading}\n\n"));
        text.extend(items.iter().map(|item| format!("- {}\n", escaped(item))));
    }
}

/// Text from exports as text: on one line, and nothing in it is markup.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if matches!(c, '\\' | '|' | '*' | '_' | '`' | '<' | '&' | '[' | ']' | '~') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::{escaped, render};

    #[test]
    fn texts_cannot_break_the_table_or_the_page() {
        assert_eq!(escaped("a|b\nc\\d <img>*_"), "a\\|b c\\\\d \\<img>\\*\\_");
        let mut report = sample::single();
        report.results[1].group.0[0].1 = "a | b\n# c".to_owned();
        let text = render(&report);
        assert!(text.contains("| a \\| b # c |"), "{text}");
    }

    #[test]
    fn each_table_has_one_number_of_cells() {
        for report in [sample::whole(), sample::single(), sample::weekly(), sample::crossed()] {
            let text = render(&report);
            for table in text.split("\n\n").filter(|part| part.starts_with('|')) {
                let mut cells = table.lines().map(|line| line.matches(" |").count());
                let first = cells.next();
                assert!(cells.all(|n| Some(n) == first), "{table}");
            }
            assert_eq!(text.matches("\n## ").count(), report.breakdowns.len() + 2);
        }
    }
}
