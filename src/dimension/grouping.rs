//! The groups of one dimension in their order, and the group of each row. It must not know where either comes from.

use std::borrow::Cow;

use super::UNKNOWN;
use crate::table::codes::Codes;

/// The groups of one dimension, and the group of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping<'a> {
    /// The groups in the order in which they are shown; [`UNKNOWN`] is the last.
    pub labels: Vec<String>,
    /// For each row the index of its label; any other number for [`UNKNOWN`].
    pub codes: Cow<'a, Codes>,
}

impl<'a> Grouping<'a> {
    /// From the codes of labels that are already in order.
    pub fn new(mut labels: Vec<String>, codes: Cow<'a, Codes>) -> Self {
        labels.push(UNKNOWN.to_owned());
        Grouping { labels, codes }
    }

    /// From the codes of a few fixed labels.
    pub fn fixed(labels: &[&str], codes: impl Iterator<Item = u32>) -> Self {
        Self::new(labels.iter().map(|label| (*label).to_owned()).collect(), Cow::Owned(codes.collect()))
    }

    /// The grouping of some rows of this one, in a new order.
    pub fn rows(self, rows: impl Iterator<Item = u32>) -> Self {
        Grouping { codes: Cow::Owned(rows.map(|row| self.of(row)).collect()), labels: self.labels }
    }

    /// The index of a row's label; that of [`UNKNOWN`] for a row that is not there.
    #[inline]
    pub fn of(&self, row: u32) -> u32 {
        self.codes.get(row as usize).min(self.labels.len().saturating_sub(1) as u32)
    }

    /// The label of a row.
    pub fn label(&self, row: u32) -> &str {
        self.labels.get(self.of(row) as usize).map_or("", String::as_str)
    }

    /// Crosses the cells of some rows with the dimension: each is cut into one for each label.
    pub fn cross(&self, rows: &[u32], cells: &mut [u32]) {
        let labels = self.labels.len() as u32;
        for (cell, row) in cells.iter_mut().zip(rows) {
            *cell = *cell * labels + self.of(*row);
        }
    }
}
