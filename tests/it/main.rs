//! One binary for all integration tests: each that links Polars costs seconds to link.

mod columns;
mod golden;
mod oracle;
