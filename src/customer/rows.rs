//! The rows of each customer in a table that is sorted by customer: a range a customer.

use std::cmp::Ordering;
use std::ops::Range;

use crate::table::words::NONE;

/// Where each customer's rows stand in a sorted table.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    starts: Vec<u32>,
}

impl Rows {
    /// Puts the rows of a table in order: by customer, those without one last, and by `compare` within a customer.
    /// Returns where each customer's rows then stand, and the present place of each row.
    pub fn sorted(
        customers: usize,
        codes: &[u32],
        compare: impl Fn(u32, u32) -> Ordering,
    ) -> (Self, Vec<u32>) {
        let rows = Rows::of(customers, codes);
        let mut next = rows.starts.clone();
        let mut unknown = rows.identified() as u32;
        let mut order = vec![0u32; codes.len()];
        for (row, code) in codes.iter().enumerate() {
            let place = if *code == NONE { &mut unknown } else { &mut next[*code as usize] };
            order[*place as usize] = row as u32;
            *place += 1;
        }
        let identified = rows.identified();
        let (known, anonymous) = order.split_at_mut(identified);
        rows.starts.windows(2).for_each(|ends| {
            known[ends[0] as usize..ends[1] as usize].sort_unstable_by(|a, b| compare(*a, *b));
        });
        anonymous.sort_unstable_by(|a, b| compare(*a, *b));
        (rows, order)
    }

    fn of(customers: usize, codes: &[u32]) -> Self {
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
        let times = [5, 7, 3, 6, 9];
        let by_time = |a: u32, b: u32| times[a as usize].cmp(&times[b as usize]);
        let (rows, order) = Rows::sorted(4, &[2, 0, NONE, 0, NONE], by_time);
        assert_eq!(order, [3, 1, 0, 2, 4]);
        let ranges = [0, 1, 2, 3, NONE].map(|customer| rows.of_customer(customer));
        assert_eq!(ranges, [0..2, 2..2, 2..3, 3..3, 0..0]);
        assert_eq!(rows.identified(), 3);
    }
}
