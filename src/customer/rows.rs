//! The rows of each customer in a table that is sorted by customer: a range a customer.

use std::ops::Range;

use crate::table::words::NONE;

/// Where each customer's rows stand in a sorted table.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    starts: Vec<u32>,
}

impl Rows {
    /// From the customer codes of a table sorted by them, those without a customer last.
    pub fn of(customers: usize, codes: &[u32]) -> Self {
        let mut starts = vec![0u32; customers + 1];
        for &code in codes.iter().filter(|code| **code != NONE) {
            starts[code as usize + 1] += 1;
        }
        for customer in 0..customers {
            starts[customer + 1] += starts[customer];
        }
        Rows { starts }
    }

    /// The rows of a customer; none for [`NONE`].
    pub fn of_customer(&self, customer: u32) -> Range<usize> {
        match (self.starts.get(customer as usize), self.starts.get((customer as usize).wrapping_add(1))) {
            (Some(start), Some(end)) if customer != NONE => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// The rows that have a customer: they come first.
    pub fn identified(&self) -> usize {
        self.starts.last().map_or(0, |end| *end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_without_rows_has_an_empty_range() {
        let rows = Rows::of(4, &[0, 0, 2, NONE]);
        let ranges = [0, 1, 2, 3, NONE].map(|customer| rows.of_customer(customer));
        assert_eq!(ranges, [0..2, 2..2, 2..3, 3..3, 0..0]);
        assert_eq!(rows.identified(), 3);
    }
}
