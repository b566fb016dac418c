//! The rows of each customer in a table that is sorted by customer: a range a customer.

use std::cmp::Ordering;
use std::ops::Range;

use crate::source::field::Field;
use crate::table::batch::Part;
use crate::table::column::BLANK;
use crate::table::stack::{Places, Stack};
use crate::table::words::NONE;

/// Where each customer's rows stand in a sorted table.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    starts: Vec<u32>,
}

/// The order of a stack's rows.
#[derive(Debug)]
pub struct Sorted {
    /// Where each customer's rows stand.
    pub rows: Rows,
    /// Where each row goes.
    pub places: Places,
    /// The time at each place.
    pub times: Vec<i64>,
    /// How many rows came after the as-of moment, and go nowhere.
    pub after_as_of: u64,
}

impl Rows {
    /// Puts the rows up to the as-of moment in order: by customer, those without one last, and by time within a
    /// customer; `tie` settles rows of one moment, by their numbers. A row without the time stays.
    pub fn sorted(
        customers: usize,
        stack: &Stack,
        time: Field,
        as_of: i64,
        tie: impl Fn(u32, u32) -> Ordering,
    ) -> Sorted {
        let column = stack.field(time);
        let is_late = |part: &Part, row: usize| part.longs(column).get(row).is_some_and(|at| *at > as_of);
        let (rows, Places { mut of, rows: kept }) = Rows::grouped(customers, stack, stack.parts(), is_late);
        // The time and the number of the row at each place.
        let (mut times, mut numbers) = (vec![BLANK; kept], vec![0u32; kept]);
        let mut number = 0;
        for part in stack.parts() {
            for row in 0..part.len() {
                if let Some(place) = of.get(number).filter(|place| **place != NONE) {
                    times[*place as usize] = part.longs(column).get(row).copied().unwrap_or(BLANK);
                    numbers[*place as usize] = number as u32;
                }
                number += 1;
            }
        }
        let mut scratch: Vec<(i64, u32)> = Vec::new();
        let mut sort = |range: Range<usize>| {
            if times[range.clone()].is_sorted_by(|a, b| a < b) {
                return;
            }
            scratch.clear();
            scratch.extend(times[range.clone()].iter().copied().zip(numbers[range.clone()].iter().copied()));
            scratch.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| tie(a.1, b.1)));
            for ((time, number), place) in scratch.iter().zip(range) {
                times[place] = *time;
                of[*number as usize] = place as u32;
            }
        };
        rows.starts.windows(2).for_each(|ends| sort(ends[0] as usize..ends[1] as usize));
        sort(rows.identified()..kept);
        let used = stack.parts().iter().map(|part| (0..part.len()).filter(|row| part.is_used(*row)).count());
        let after_as_of = (used.sum::<usize>() - kept) as u64;
        Sorted { rows, places: Places { of, rows: kept }, times, after_as_of }
    }

    /// Puts the rows of some parts of a stack together by customer, those without one last, and leaves each customer's
    /// in the order in which they were read. What cannot be used or `is_left_out` goes nowhere.
    pub fn grouped(
        customers: usize,
        stack: &Stack,
        parts: &[Part],
        is_left_out: impl Fn(&Part, usize) -> bool,
    ) -> (Rows, Places) {
        let customer = stack.field(Field::Customer);
        let mut starts = vec![0u32; customers + 1];
        let mut kept = 0;
        each(parts, customer, &is_left_out, |found| {
            kept += u32::from(found.is_some());
            if let Some(count) =
                found.and_then(|customer| starts.get_mut((customer as usize).wrapping_add(1)))
            {
                *count += 1;
            }
        });
        for customer in 0..customers {
            starts[customer + 1] += starts[customer];
        }
        let rows = Rows { starts };
        let mut next = rows.starts.clone();
        let mut unknown = rows.identified() as u32;
        let mut of = Vec::with_capacity(parts.iter().map(Part::len).sum());
        each(parts, customer, &is_left_out, |found| {
            of.push(found.map_or(NONE, |customer| {
                let next = if customer == NONE { None } else { next.get_mut(customer as usize) };
                let place = next.unwrap_or(&mut unknown);
                *place += 1;
                *place - 1
            }));
        });
        (rows, Places { of, rows: kept as usize })
    }

    /// The same rows where `rows` others stand before them.
    #[must_use]
    pub fn behind(mut self, rows: usize) -> Rows {
        self.starts.iter_mut().for_each(|start| *start += rows as u32);
        self
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

/// Shows `visit` the customer of each row, none for one that goes nowhere.
fn each(
    parts: &[Part],
    customer: Option<usize>,
    is_left_out: &impl Fn(&Part, usize) -> bool,
    mut visit: impl FnMut(Option<u32>),
) {
    for part in parts {
        let customers = part.codes(customer);
        (0..part.len()).for_each(|row| {
            visit((part.is_used(row) && !is_left_out(part, row)).then(|| customers.get(row)));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::fixture::{at, exports};
    use crate::source::field::Kind;

    const ORDERS: &str = "customer,date,order_id\nc,2026-01-05,1\na,2026-01-07,2\nc,2026-01-03,3\n\
                          a,2026-01-06,4\na,2026-01-09,5\na,2026-01-09,5\nc,2026-01-05,7\n";
    const ANSWERS: &str = "customer,date,metric,score\nb,2026-01-05,nps,1\n";

    #[test]
    fn rows_go_to_their_customer_in_the_order_of_time() {
        let exports = exports(&[(Kind::Purchases, ORDERS), (Kind::Surveys, ANSWERS)]);
        let stack = exports.stack(Kind::Purchases).unwrap();
        let last_first = |a: u32, b: u32| b.cmp(&a);
        let sorted = Rows::sorted(exports.customers.len(), stack, Field::At, at("2026-01-08"), last_first);
        // The fifth came after the moment; the sixth is the fifth again and cannot be used.
        assert_eq!(sorted.places.of, [2, 4, 0, 3, NONE, NONE, 1]);
        assert_eq!((sorted.places.rows, sorted.after_as_of, sorted.rows.identified()), (5, 1, 5));
    }

    #[test]
    fn a_customer_without_rows_has_an_empty_range() {
        let rows = Rows { starts: vec![0, 2, 2, 3] };
        let ranges = [0, 1, 2, 3, NONE].map(|customer| rows.of_customer(customer));
        assert_eq!(ranges, [0..2, 2..2, 2..3, 0..0, 0..0]);
    }
}
