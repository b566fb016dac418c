//! From records to typed tables and a ledger of what was wrong. Knows no metric's arithmetic and prints nothing.

pub mod batch;
pub mod column;
mod exports;
pub mod ledger;
pub mod ratings;
pub mod read;
pub mod reason;
pub mod rejects;
pub mod settle;
pub mod value;
pub mod words;

pub use exports::{Dictionaries, Exports, Table};
