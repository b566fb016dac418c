//! From the raw bytes of one cell to a typed value: times, numbers, scores, flags; knows nothing of files,
//! columns or rejects.
//!
//! Every reader takes `&[u8]`, never panics, and answers with what the cell *is*: blank, a value, or bad.
//! Whether a blank is allowed and what a bad cell is called in the ledger is the table's business. 0 is
//! never a blank.
//!
//! # Times whose day and month may be swapped
//! One [`time::TimeParser`] reads all time columns of one file, in one pass. A cell such as `03/04/2026`
//! is [`time::TimeCell::Open`] until some date of the file shows the order; from then on such cells are
//! read at once, so only the rows before the first proof are ever open. The table pushes any placeholder
//! into its `Vec<i64>` and keeps `(row, open)` aside. After the last row:
//!
//! ```text
//! let order = times.order(file)?;                       // the error asks for --dates dmy|mdy
//! if let Some(order) = order {
//!     for (row, open) in kept { column[row] = times.settle(open, order); }
//! }
//! ```
//! `Ok(None)` means that the file has no such date, and then nothing was kept. Checks that compare times
//! (an end before its start, the later of two duplicates) have to wait until the column is settled.

pub mod blank;
mod civil;
mod clock;
mod currency;
pub mod dates;
pub mod decimals;
mod digits;
pub mod flag;
pub mod key;
mod month;
pub mod number;
mod place;
pub mod rate;
pub mod rating;
pub mod score;
pub mod shortened;
pub mod signs;
mod stamp;
pub mod time;
mod zone;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<T> {
    /// Nothing, or a word for nothing.
    Blank,
    /// A value that was read without doubt.
    Value(T),
    /// Something else; the row is a reject if the column matters.
    Bad,
}

impl<T> Cell<T> {
    /// The same cell with its value changed; a value that cannot be changed makes the cell bad.
    pub fn and_then<U>(self, change: impl FnOnce(T) -> Option<U>) -> Cell<U> {
        match self {
            Cell::Blank => Cell::Blank,
            Cell::Value(value) => change(value).map_or(Cell::Bad, Cell::Value),
            Cell::Bad => Cell::Bad,
        }
    }
}
