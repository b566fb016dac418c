//! Columns of text side by side, with rules where the style allows them. Knows nothing of reports or numbers.

use comfy_table::{Cell, CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle};

use super::wrap::{padded, pushed, width, wrap};
use super::{Style, number};

/// The spaces between two columns: one of padding and one where a line could stand.
pub const GAP: usize = 2;

/// Nothing stands between columns, but a rule passes there without a break.
const BETWEEN: ContentLineStyle = ContentLineStyle::none().junction(' ');
const RULE: LineStyle = LineStyle::none().fill('─').junction('─');
const DASHES: LineStyle = LineStyle::none().fill('-').junction('-');
const PLAIN: TableStyle =
    TableStyle::new().header_lines(BETWEEN).content_lines(BETWEEN).header_separator(DASHES);
const RULED: TableStyle = PLAIN.header_separator(RULE).bottom_border(RULE);

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A heading with the cells below it; line breaks stay.
#[derive(Debug, Clone)]
pub struct Column {
    header: Vec<String>,
    cells: Vec<String>,
    side: Side,
}

impl Column {
    /// A column as wide as its cells; the heading is wrapped to that where its words allow it.
    pub fn new(header: &str, cells: Vec<String>, side: Side) -> Self {
        Column::within(usize::MAX, header, cells, side)
    }

    /// A column whose heading is broken rather than wider than `widest`.
    pub fn within(widest: usize, header: &str, cells: Vec<String>, side: Side) -> Self {
        let lines = cells.iter().flat_map(|cell| cell.lines()).map(width);
        let room = lines.chain(header.split(' ').map(width)).max().unwrap_or(0);
        Column { header: wrap(header, room.min(widest), 0), cells, side }
    }

    /// The columns of the terminal that it takes.
    pub fn width(&self) -> usize {
        let lines = self.cells.iter().flat_map(|cell| cell.lines());
        lines.chain(self.header.iter().map(String::as_str)).map(width).max().unwrap_or(0)
    }
}

/// What these columns take side by side.
pub fn total(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.width() + GAP).sum::<usize>().saturating_sub(GAP)
}

/// The lines of the columns side by side.
pub fn lines(columns: &[Column], style: &Style) -> Vec<String> {
    let height = columns.iter().map(|column| column.header.len()).max().unwrap_or(0);
    let mut table = Table::new();
    table.load_style(if style.terminal { RULED } else { PLAIN });
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.iter().map(|column| {
        let above = "\n".repeat(height - column.header.len());
        Cell::new(above + &column.header.join("\n"))
    }));
    for row in 0..columns.iter().map(|column| column.cells.len()).max().unwrap_or(0) {
        table.add_row(columns.iter().map(|column| column.cells.get(row).map_or("", String::as_str)));
    }
    for (at, column) in columns.iter().enumerate() {
        if let Some(shown) = table.column_mut(at) {
            shown.set_padding((0, u16::from(at + 1 < columns.len())));
            shown.set_cell_alignment(match column.side {
                Side::Left => CellAlignment::Left,
                Side::Right => CellAlignment::Right,
            });
        }
    }
    let line = |(at, line): (usize, String)| match line.trim_end_matches(' ') {
        text if at < height => strong(text, style),
        text => text.to_owned(),
    };
    table.lines().enumerate().map(line).collect()
}

/// Bold where the style allows it.
pub fn strong(text: &str, style: &Style) -> String {
    if style.color && !text.is_empty() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The texts padded so that their decimal points stand below each other.
pub fn at_point(texts: &[String]) -> Vec<String> {
    let split = |text: &String| text.split_at(point(text)).0.to_owned();
    let before = texts.iter().map(|text| width(&split(text))).max().unwrap_or(0);
    let pushed: Vec<String> = texts
        .iter()
        .map(|text| pushed(text, before + width(text) - width(&split(text))))
        .map(|text| if text.trim().is_empty() { String::new() } else { text })
        .collect();
    let whole = pushed.iter().map(|text| width(text)).max().unwrap_or(0);
    pushed.into_iter().map(|text| padded(&text, whole)).collect()
}

/// Where the digits before the point end; a mark counts as such a digit.
fn point(text: &str) -> usize {
    let mark = text.starts_with(number::UNDEFINED) || text.starts_with(number::TOO_SMALL);
    match text.find('.') {
        Some(at) if !mark => at,
        _ => text.rfind(|c: char| c.is_ascii_digit()).map_or(text.len(), |at| at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn points_stand_below_each_other() {
        let aligned = at_point(&texts(&["−28.6", "41.7 %", "4.53", "1 234 h", "–", ""]));
        assert_eq!(aligned, ["  −28.6  ", "   41.7 %", "    4.53 ", "1 234 h  ", "    –    ", "         "]);
    }

    #[test]
    fn plain_text_has_one_rule_and_a_terminal_two() {
        let columns = [
            Column::new("Channel", texts(&["email", "web"]), Side::Left),
            Column::new("First reply", texts(&["1.5", "22"]), Side::Right),
        ];
        let plain = lines(&columns, &Style { width: 60, terminal: false, color: false });
        assert_eq!(
            plain,
            ["         First", "Channel  reply", "--------------", "email      1.5", "web         22"]
        );
        let boxed = lines(&columns, &Style { width: 60, terminal: true, color: true });
        assert_eq!(boxed.iter().filter(|line| line.starts_with('─')).count(), 2);
        assert_eq!(boxed[1], "\u{1b}[1mChannel  reply\u{1b}[0m");
        assert_eq!(total(&columns), 14);
    }
}
