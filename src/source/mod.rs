//! From a path to records, and from a header to what its columns mean. Knows no metric.

pub mod aliases;
pub mod beside;
pub mod chunks;
mod classify;
pub mod columns;
pub mod converted;
mod decimal_mark;
mod delimiter;
pub mod encoding;
pub mod fault;
pub mod field;
pub mod input;
mod mapping;
mod marks;
pub mod opened;
mod packed;
pub mod preset;
mod quotes;
pub mod records;
pub mod shape;
pub mod short;
mod split;
mod text;
