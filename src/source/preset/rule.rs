//! What a preset says of rows by a cell of theirs: those that are no data, and those in which fields stand elsewhere. It sees
//! no file.

use super::{Names, Place};
use crate::source::field::Field;

/// Rows that are no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drop {
    /// Why not.
    pub why: LeftOut,
    /// The rule is for files that have one of these columns, if there are any.
    pub needs: Option<Names>,
    /// Which rows.
    pub rows: Condition,
    /// Which of them are data all the same.
    pub unless: Option<Condition>,
    /// Whether it stays so: a payment that was voided, not one that is still to be made.
    pub is_final: bool,
}

/// Rows in which fields stand elsewhere: what is paid back goes from the shop to the buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The rule is for files that have one of these columns, if there are any.
    pub needs: Option<Names>,
    /// Which rows.
    pub rows: Condition,
    /// Where each of these fields stands in them.
    pub columns: Vec<(Field, Place)>,
}

/// Rows that a cell tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column that tells, the first that the file has.
    pub column: Names,
    /// What tells it.
    pub test: Test,
}

/// What a cell must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of these.
    Is(Vec<String>),
    /// Something, and none of these.
    Not(Vec<String>),
    /// Nothing.
    Blank,
    /// Begins with one of these.
    Begins(Vec<String>),
    /// Holds one of these words.
    Holds(Vec<String>),
}

impl Test {
    /// Whether the cell, trimmed and in lower case, is that.
    pub fn holds(&self, cell: &str) -> bool {
        let words = |cell: &str, word: &String| {
            cell.split(|c: char| c.is_whitespace() || ",;|".contains(c)).any(|part| part == word)
        };
        match self {
            Test::Is(words) => words.iter().any(|word| word == cell),
            Test::Not(words) => !cell.is_empty() && !words.iter().any(|word| word == cell),
            Test::Blank => cell.is_empty(),
            Test::Begins(starts) => starts.iter().any(|start| cell.starts_with(start.as_str())),
            Test::Holds(all) => all.iter().any(|word| words(cell, word)),
        }
    }
}

macro_rules! left_out {
    ($($(#[$doc:meta])+ $why:ident = $name:literal,)+) => {
        /// Why a row that could be read is no data. The names are stable: scripts rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LeftOut { $($(#[$doc])+ $why,)+ }

        impl LeftOut {
            /// Every one, in the order in which they are listed.
            pub const ALL: &'static [LeftOut] = &[$(LeftOut::$why,)+];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(LeftOut::$why => $name,)+ }
            }

            /// Whether such a row tells the state of what it names, so that it may be a later one than a row that counts.
            pub fn is_state(self) -> bool {
                use LeftOut::{Footer, History, LineItem, Preview, Unfinished};
                !matches!(self, Footer | History | LineItem | Preview | Unfinished)
            }

            /// Whether nothing comes after such a state, where a preset does not say.
            pub fn is_final(self) -> bool {
                matches!(self, LeftOut::Deleted | LeftOut::Merged | LeftOut::Spam | LeftOut::Test)
            }
        }
    };
}

left_out! {
    /// Made to try something out.
    Test = "test",
    /// A survey looked at by its maker.
    Preview = "preview",
    /// Junk.
    Spam = "spam",
    /// A survey that was not answered to its end.
    Unfinished = "unfinished",
    /// Deleted where it came from.
    Deleted = "deleted",
    /// Made part of another ticket.
    Merged = "merged",
    /// A payment that failed or is not yet made.
    Unpaid = "unpaid",
    /// A further item of an order, whose amount is that of its first row.
    LineItem = "line-item",
    /// An earlier state of something.
    History = "history",
    /// A subscription that was never paid for.
    Trial = "trial",
    /// A line of text at the end of the file, or a total.
    Footer = "footer",
    /// Anything else that is no data.
    Other = "other",
}
