//! A breakdown with several metrics: groups down, metrics across, as many side by side as fit, the others
//! below. Knows nothing of metrics.

use super::grid::{Column, GAP, Side, at_point, total};
use super::keys::{Key, fitted, shortened};
use super::number::{bare_value, count};
use super::page::Page;
use super::pivot::Pivot;
use super::wrap::{pushed, width};

/// Writes the matrix in blocks that each fit the width.
pub fn write(page: &mut Page, pivot: &Pivot) {
    let metrics: Vec<Column> = (0..pivot.series.len()).map(|at| column(pivot, at)).collect();
    let widths: Vec<usize> = metrics.iter().map(Column::width).collect();
    let room = page.style().width;
    let keys = leading(&Key::of(pivot), &widths, room);
    let mut rest = metrics.into_iter();
    for (at, size) in blocks(&widths, room.saturating_sub(total(&keys))).into_iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        let mut columns = keys.clone();
        columns.extend(rest.by_ref().take(size));
        page.grid(&columns);
    }
}

/// The leading columns, whole where that costs no further block.
fn leading(keys: &[Key], widths: &[usize], room: usize) -> Vec<Column> {
    let widest = widths.iter().max().map_or(0, |widest| widest + GAP);
    let needed = |keys: &[Column]| blocks(widths, room.saturating_sub(total(keys))).len();
    let whole = fitted(keys, room.saturating_sub(widest));
    let short = shortened(keys);
    if total(&short) < total(&whole) && needed(&short) < needed(&whole) { short } else { whole }
}

/// How many columns go into each block; the fewest blocks, evenly filled where that is possible.
fn blocks(widths: &[usize], room: usize) -> Vec<usize> {
    let fewest = packed(widths, room, usize::MAX);
    let even = packed(widths, room, widths.len().div_ceil(fewest.len().max(1)));
    if even.len() == fewest.len() { even } else { fewest }
}

fn packed(widths: &[usize], room: usize, most: usize) -> Vec<usize> {
    let mut sizes: Vec<usize> = Vec::new();
    let mut taken = room;
    for width in widths.iter().map(|width| width + GAP) {
        match sizes.last_mut() {
            Some(size) if taken + width <= room && *size < most => {
                *size += 1;
                taken += width;
            }
            _ => {
                sizes.push(1);
                taken = width;
            }
        }
    }
    sizes
}

/// The values of one series with their n: `−25.1 (1 234)`.
fn column(pivot: &Pivot, at: usize) -> Column {
    let records: Vec<_> = pivot.rows.iter().map(|row| row.cells.get(at).copied().flatten()).collect();
    let values: Vec<String> = records.iter().map(|one| one.map(bare_value).unwrap_or_default()).collect();
    let counts: Vec<String> = records
        .iter()
        .map(|one| one.map(|record| format!("({})", count(record.n))).unwrap_or_default())
        .collect();
    let widest = counts.iter().map(|text| width(text)).max().unwrap_or(0);
    let cells = at_point(&values).into_iter().zip(&counts).map(|(value, n)| match n.is_empty() {
        true => String::new(),
        false => format!("{value} {}", pushed(n, widest)),
    });
    let heading = pivot.series.get(at).map(|series| series.column()).unwrap_or_default();
    Column::new(&heading, cells.collect(), Side::Right)
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_are_few_and_even() {
        assert_eq!(blocks(&[10; 9], 48), [3, 3, 3]);
        assert_eq!(blocks(&[10; 4], 48), [4]);
        assert_eq!(blocks(&[30, 5, 5, 5], 34), [1, 3]);
        assert_eq!(blocks(&[50, 50], 10), [1, 1]);
        assert_eq!(blocks(&[], 10), [0; 0]);
    }
}
