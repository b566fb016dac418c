//! A number with what it takes to be believed: its n, its interval, and why either is missing. Knows
//! nothing of files or text.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// A metric's value for one group and period, in the metric's own unit (percent as 0–100, NPS in
/// points, times in hours).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimate {
    /// The cases the value rests on.
    pub n: u64,
    /// The point estimate; `None` where it is undefined.
    pub value: Option<f64>,
    /// The lower limit; `None` where there is none or it is not reached.
    pub lower: Option<f64>,
    /// The upper limit; `None` where there is none or it is not reached.
    pub upper: Option<f64>,
    /// Why the value or a limit is missing, or what to keep in mind; empty when nothing needs saying.
    pub note: String,
    /// The metric's own statistics, in a fixed order.
    pub detail: Detail,
}

impl Estimate {
    /// No value, and the reason.
    pub fn undefined(n: u64, why: impl Into<String>) -> Self {
        Estimate { n, note: why.into(), ..Estimate::default() }
    }

    /// Adds one of the metric's own statistics.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Figure>) -> Self {
        self.detail.0.push((name, value.into()));
        self
    }
}

/// The statistics that belong to one metric only (promoters, p90, pending …), by name, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Detail(pub Vec<(&'static str, Figure)>);

impl Detail {
    /// The statistic of that name.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, figure)| figure)
    }

    /// The statistic of that name as a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.figure(name)? {
            Figure::Count(n) => Some(*n as f64),
            Figure::Number(x) => Some(*x),
            Figure::Text(_) | Figure::Missing => None,
        }
    }
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, figure) in &self.0 {
            map.serialize_entry(name, figure)?;
        }
        map.end()
    }
}

/// One statistic of a [`Detail`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// A number of cases.
    Count(u64),
    /// A finite number in the metric's unit, or a share in percent.
    Number(f64),
    /// A word.
    Text(String),
    /// Undefined (`null`).
    Missing,
}

impl From<u64> for Figure {
    fn from(n: u64) -> Self {
        Figure::Count(n)
    }
}

impl From<f64> for Figure {
    fn from(x: f64) -> Self {
        if x.is_finite() { Figure::Number(x) } else { Figure::Missing }
    }
}

impl From<Option<f64>> for Figure {
    fn from(x: Option<f64>) -> Self {
        x.map_or(Figure::Missing, Figure::from)
    }
}

impl From<&str> for Figure {
    fn from(text: &str) -> Self {
        Figure::Text(text.to_owned())
    }
}
