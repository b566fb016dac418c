//! Customer-experience metrics from raw exports: survey answers, tickets and purchases become one customer, and every
//! number comes with its n, its interval, its definition and the rows left out.
//!
//! The rooms, in the order in which data flows through them: [`source`] → [`table`] → [`customer`] → [`dimension`] →
//! [`reduce`] → [`tally`] → [`metric`] (with [`stats`]) → [`estimate`] → [`report`] → [`render`]. `docs/architecture.md`
//! describes them.
//!
//! ```
//! use cxm::stats::nps::score_interval;
//!
//! // Ten promoters of ten: the interval ends at 100, where adjusted Wald would run to 106.
//! let interval = score_interval(0.0, 0.0, 10.0, 0.95).unwrap();
//! assert_eq!((interval.lower * 1000.0).round(), 445.0);
//! assert_eq!(interval.upper, 1.0);
//! ```

pub mod analysis;
pub mod assemble;
pub mod cli;
pub mod config;
pub mod customer;
pub mod demo;
pub mod dimension;
mod document;
pub mod error;
pub mod estimate;
pub mod filter;
pub mod hours;
pub mod instant;
pub mod metric;
mod parallel;
pub mod pipeline;
pub mod plan;
pub mod pseudonym;
pub mod reduce;
pub mod render;
pub mod report;
pub mod scope;
pub mod source;
pub mod stats;
pub mod table;
pub mod tally;
pub mod text;
