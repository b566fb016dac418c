//! Estimates and their intervals as pure functions of numbers; this room knows nothing of surveys,
//! customers, files or tables.
//!
//! Everything is on its natural scale: shares from 0 to 1, a net promoter score from -1 to 1. A
//! `level` is the confidence of a two-sided interval, such as 0.95. A value that is not defined is
//! `None`, never NaN and never a zero that could be read as a result.

pub mod anova;
pub mod beta;
pub mod chi_square;
pub mod difference;
pub mod effective;
pub mod fisher;
pub mod gamma;
pub mod kitagawa;
pub mod mean;
pub mod mover;
pub mod multiplicity;
pub mod normal;
pub mod nps;
pub mod nps_difference;
pub mod p_chart;
pub mod power;
pub mod power_of_means;
pub mod proportion;
pub mod quantile;
pub mod ratio;
pub mod runs;
pub mod student;
pub mod survival;
pub mod welch;
pub mod xmr;

/// A two-sided interval, both limits included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit, never below the lower one.
    pub upper: f64,
}
