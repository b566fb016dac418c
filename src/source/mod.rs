//! From a path to records, and from a header to what its columns mean. Knows no metric.

pub mod chunks;
mod classify;
pub mod columns;
mod delimiter;
pub mod fault;
pub mod field;
pub mod input;
mod mapping;
pub mod opened;
pub mod records;
mod split;
mod text;
