//! The table on a sheet: its header row is found, and its rows become records on the lines that a spreadsheet numbers. It
//! must not know workbooks.
//!
//! The header is the first row that has a text in more than half as many cells as the fullest of the first rows has cells,
//! and that has a row below it. Titles above it are skipped. The table begins at the first column with a name; rows that
//! are empty are blank lines.

use calamine::Data;

use super::cell;
use crate::source::converted::csv::CsvText;

/// The rows and columns that a sheet may have.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// The longest text of a table. Only a sheet made to fill the memory has a longer one.
const MOST: usize = 1 << 30;

/// Among how many rows the header is looked for.
const LOOK: usize = 200;

/// A row that holds something: its number from 0, and its cells that do, each with the number of its column.
#[derive(Debug, Default)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<(u32, Data)>,
}

impl Row {
    fn texts(&self) -> usize {
        self.cells.iter().filter(|(_, cell)| matches!(cell, Data::String(_))).count()
    }
}

/// Takes the cells of a sheet, row by row.
#[derive(Debug)]
pub struct Table {
    /// The first rows, until the header is known.
    first: Vec<Row>,
    row: Row,
    state: State,
    csv: CsvText,
    /// A row without a header above it is one where the user named the sheet.
    is_named: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Looking,
    /// The columns of the header, from the first to the last.
    Found(u32, u32),
    None,
}

impl Table {
    /// A table of which nothing is known. On a sheet that the user named, the fullest row will do for a header.
    pub fn new(is_named: bool) -> Self {
        let (first, row) = (Vec::new(), Row::default());
        Table { first, row, state: State::Looking, csv: CsvText::starting(1), is_named }
    }

    /// Takes a cell; rows come in order. Says whether more can matter.
    pub fn take(&mut self, row: u32, column: u32, cell: Data) -> bool {
        let is_empty = match &cell {
            Data::Empty => true,
            Data::String(text) => text.is_empty(),
            _ => false,
        };
        if is_empty || row < self.row.number || row >= ROWS || column >= COLUMNS {
            return true;
        }
        if self.csv.waiting() > MOST {
            self.state = State::None;
        }
        if row > self.row.number {
            self.end_row(row);
        }
        self.row.cells.push((column, cell));
        self.state != State::None
    }

    fn end_row(&mut self, next: u32) {
        let row = std::mem::replace(&mut self.row, Row { number: next, cells: Vec::new() });
        if row.cells.is_empty() {
            return;
        }
        match self.state {
            State::Looking => {
                self.first.push(row);
                if self.first.len() >= LOOK {
                    self.look();
                }
            }
            State::Found(from, to) => {
                self.write(&row, from, to);
                self.row.cells = {
                    let mut cells = row.cells;
                    cells.clear();
                    cells
                };
            }
            State::None => {}
        }
    }

    /// Finds the header among the first rows, and writes these.
    fn look(&mut self) {
        let rows = std::mem::take(&mut self.first);
        let fullest = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let is_header = |(place, row): &(usize, &Row)| row.texts() * 2 > fullest && place + 1 < rows.len();
        let found = rows.iter().enumerate().find(is_header).map(|(place, _)| place);
        let found = found.or_else(|| {
            let fullest = rows.iter().position(|row| row.cells.len() == fullest);
            fullest.filter(|_| self.is_named)
        });
        let columns = found.and_then(|place| {
            let cells = &rows.get(place)?.cells;
            Some((place, cells.iter().map(|cell| cell.0).min()?, cells.iter().map(|cell| cell.0).max()?))
        });
        let Some((place, from, to)) = columns else {
            self.state = State::None;
            return;
        };
        self.state = State::Found(from, to);
        rows.iter().skip(place).for_each(|row| self.write(row, from, to));
    }

    fn write(&mut self, row: &Row, from: u32, to: u32) {
        // Nearly always they come in order.
        let mut cells: Vec<&(u32, Data)> = row.cells.iter().filter(|(column, _)| *column >= from).collect();
        if cells.is_empty() {
            return;
        }
        cells.sort_by_key(|(column, _)| *column);
        let last = cells.last().map_or(to, |(column, _)| to.max(*column));
        let mut cells = cells.into_iter().peekable();
        let texts: Vec<_> = (from..=last)
            .map(|column| match cells.next_if(|(place, _)| *place <= column) {
                Some((_, cell)) => cell::text(cell),
                None => "".into(),
            })
            .collect();
        self.csv.record(u64::from(row.number) + 1, texts.iter().map(|text| text.as_bytes()));
    }

    /// The CSV text of the table, if there is one.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        self.end_row(u32::MAX);
        if self.state == State::Looking {
            self.look();
        }
        matches!(self.state, State::Found(..)).then(|| self.csv.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(u32, &[&str])], is_named: bool) -> Option<String> {
        let mut table = Table::new(is_named);
        for (row, cells) in rows {
            for (column, text) in (0..).zip(*cells) {
                let cell = text.parse().map_or_else(|_| Data::String((*text).to_owned()), Data::Float);
                table.take(*row, column, cell);
            }
        }
        table.finish().map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn the_header_stands_below_titles() {
        let rows: [(u32, &[&str]); 5] = [
            (0, &["", "Tickets of March"]),
            (1, &["", "made on", "2026"]),
            (3, &["", "id", "at", "score", ""]),
            (4, &["", "1", "x", "9"]),
            (7, &["9", "2", "", "8", "", "beside"]),
        ];
        assert_eq!(table(&rows, false).unwrap(), "\n\n\nid,at,score\n1,x,9\n\n\n2,,8,,beside\n");
    }

    #[test]
    fn a_sheet_of_numbers_or_of_one_row_is_no_table() {
        assert_eq!(table(&[(0, &["1", "2"]), (1, &["3", "4"])], false), None);
        assert_eq!(table(&[(0, &["1", "2"]), (1, &["3", "4"])], true).unwrap(), "1,2\n3,4\n");
        assert_eq!(table(&[(0, &["id", "score"])], false), None);
        assert_eq!(table(&[(0, &["id", "score"])], true).unwrap(), "id,score\n");
        assert_eq!(table(&[], true), None);
        let many: Vec<(u32, &[&str])> = (0..500).map(|row| (row, &["a", "1"][..])).collect();
        assert_eq!(table(&many, false), None);
    }

    #[test]
    fn rows_beyond_those_that_are_looked_at_are_written_too() {
        let mut rows: Vec<(u32, &[&str])> = vec![(0, &["a", "b"])];
        rows.extend((1..1000).map(|row| (row, &["1", "x"][..])));
        let text = table(&rows, false).unwrap();
        assert_eq!((text.lines().count(), text.lines().last()), (1000, Some("1,x")));
    }
}
