//! One binary for all integration tests: each that links Polars costs seconds to link.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod architecture;
mod cli;
mod columns;
mod golden;
mod laws;
mod metrics_golden;
mod oracle;
mod readme;
