//! From records to typed tables and a ledger of what was wrong. Knows no metric's arithmetic and prints nothing.

mod ascending;
pub mod batch;
pub mod canonical;
mod cell;
pub mod codes;
pub mod collect;
pub mod column;
pub mod crosswalk;
pub mod duplicates;
pub mod exchange;
mod exports;
mod found;
pub mod gone;
pub mod layout;
pub mod ledger;
pub mod lines;
mod parse;
pub mod rates;
pub mod ratings;
pub mod read;
pub mod reason;
pub mod rejects;
pub mod settle;
mod sheet;
pub mod signed;
pub mod stack;
pub mod value;
pub mod veil;
mod word_list;
pub mod words;

pub use exports::{Dictionaries, Exports, Flags, Longs, Scores, Table};
