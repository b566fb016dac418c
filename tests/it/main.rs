//! One binary for all integration tests: each one more would be linked with the whole library anew.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod architecture;
mod beside;
mod business;
mod chunks;
mod cli;
mod columns;
mod config;
mod coverage;
mod damaged_ids;
mod definitions;
mod golden;
mod golden_coverage;
mod golden_differences;
mod golden_series;
mod golden_survival;
mod golden_weights;
mod known_answers;
mod laws;
mod metrics_golden;
mod oracle;
mod presets;
mod presets_own;
mod presets_rules;
mod presets_states;
mod presets_weak;
mod readme;
mod rows;
mod scales;
mod signed;
mod small_groups;
mod values;
mod veiled;
mod who;
mod wrong_numbers;
