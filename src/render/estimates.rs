//! Rows of value, interval, n and remark: for metrics, or for the groups of one metric. Knows nothing of where
//! the rows come from.

use super::Style;
use super::clean::clean;
use super::grid::{Column, GAP, Side, at_point, total};
use super::keys::{Key, fitted};
use super::number::{count, level, limits, value};
use super::page::Page;
use super::wrap::{pushed, width, wrap};
use crate::report::Record;

/// Below this many columns remarks go under the table rather than beside the numbers.
const LEAST_REMARK: usize = 30;

/// One row.
pub struct Line<'a> {
    /// The numbers.
    pub record: &'a Record,
    /// How the row is called under the table.
    pub name: String,
    /// Said beside the numbers where there is room for it on one line.
    pub full: String,
    /// Else said beside the numbers.
    pub remark: String,
    /// Said under the table where there is no room beside the numbers.
    pub below: String,
}

/// Writes the rows, their leading columns first.
pub fn write(page: &mut Page, keys: &[Key], lines: &[Line], confidence: f64) {
    let Style { width: room, .. } = *page.style();
    let numbers = numbers(lines, confidence);
    let mut columns = fitted(keys, room.saturating_sub(total(&numbers) + GAP));
    columns.extend(numbers);
    let beside = room.saturating_sub(total(&columns) + GAP);
    if let Some(remarks) = remarks(lines, beside) {
        columns.push(Column::new("", remarks, Side::Left));
        page.grid(&columns);
        return;
    }
    page.grid(&columns);
    let below = lines.iter().filter(|line| !line.below.is_empty());
    let below: Vec<_> = below.map(|line| (clean(&line.name), clean(&line.below))).collect();
    if !below.is_empty() {
        page.gap();
        page.notes(&below);
    }
}

/// What stands beside the numbers; `None` where the room is too narrow for it or nothing is said.
fn remarks(lines: &[Line], room: usize) -> Option<Vec<String>> {
    let full: Vec<String> = lines.iter().map(|line| clean(&line.full)).collect();
    let short: Vec<String> = lines.iter().map(|line| clean(&line.remark)).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| width(text)).max().unwrap_or(0);
    match widest(&short) {
        0 => None,
        _ if widest(&full) <= room => Some(full),
        needed if room < LEAST_REMARK.min(needed) => None,
        _ => Some(short.iter().map(|text| wrap(text, room, 0).join("\n")).collect()),
    }
}

/// The columns of value, interval and n, each aligned.
fn numbers(lines: &[Line], confidence: f64) -> Vec<Column> {
    let values: Vec<String> = lines.iter().map(|line| value(line.record)).collect();
    let counts = lines.iter().map(|line| count(line.record.n)).collect();
    let mut columns = vec![Column::new("Value", at_point(&values), Side::Right)];
    if lines.iter().any(|line| limits(line.record).is_some()) {
        let heading = format!("{}\u{a0}interval", level(confidence));
        columns.push(Column::new(&heading, intervals(lines), Side::Right));
    }
    columns.push(Column::new("n", counts, Side::Right));
    columns
}

fn intervals(lines: &[Line]) -> Vec<String> {
    let limits: Vec<Option<(String, String)>> = lines.iter().map(|line| limits(line.record)).collect();
    let one = |side: fn(&(String, String)) -> &String| {
        let texts: Vec<&str> =
            limits.iter().map(|both| both.as_ref().map_or("", |both| side(both))).collect();
        let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
        texts.into_iter().map(move |text| pushed(text, widest)).collect::<Vec<_>>()
    };
    let both = one(|(lower, _)| lower).into_iter().zip(one(|(_, upper)| upper)).zip(&limits);
    both.map(|((lower, upper), limits)| match limits {
        Some(_) => format!("{lower} … {upper}"),
        None => String::new(),
    })
    .collect()
}
