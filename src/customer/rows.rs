//! The rows of each customer in a table that is sorted by customer: a range a customer.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::order::Order;
use crate::source::field::Field;
use crate::table::batch::Part;
use crate::table::codes::Codes;
use crate::table::stack::{Places, Stack};
use crate::table::words::NONE;

/// Where each customer's rows stand in a sorted table.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    starts: Vec<u32>,
    /// The customers of the rows after the as-of moment, which stand nowhere.
    late: Vec<u32>,
}

/// The order of a stack's rows.
#[derive(Debug)]
pub struct Sorted {
    /// Where each customer's rows stand.
    pub rows: Rows,
    /// Where each row goes.
    pub places: Places,
    /// The customer at each place.
    pub customer: Codes,
    /// The time at each place.
    pub times: Vec<i64>,
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
        let (rows, mut places) =
            Rows::grouped(customers, stack, stack.parts(), |part| left_out(part, column, as_of));
        let mut order = Order::of(stack, column, &places);
        for (customer, range) in rows.runs(places.rows) {
            order.sort(range.clone(), &mut places.of, &tie);
            // Which row it was need not be known any longer: whose it is takes its place.
            order.numbers[range].fill(customer);
        }
        Sorted { rows, places, customer: Codes::Wide(order.numbers), times: order.times }
    }

    /// Puts the rows of some parts of a stack together by customer, those without one last, and leaves each customer's
    /// in the order in which they were read. The rows that `left_out` marks go nowhere; it marks none where it is empty.
    pub fn grouped<'a>(
        customers: usize,
        stack: &Stack,
        parts: &'a [Part],
        left_out: impl Fn(&'a Part) -> Cow<'a, [bool]>,
    ) -> (Rows, Places) {
        let column = stack.field(Field::Customer);
        let left_out = parts.iter().map(left_out);
        let parts: Vec<Kept<'_>> = parts.iter().zip(left_out).map(|(part, out)| Kept { part, out }).collect();
        let (mut starts, late) = starts_of(&parts, column, customers);
        let mut of = Vec::with_capacity(parts.iter().map(|kept| kept.part.len()).sum());
        for Kept { part, out } in &parts {
            let mut take = |customer: u32| {
                let next = &mut starts[slot(customer, customers) + 1];
                *next += 1;
                *next - 1
            };
            let of_part = part.codes(column).wide(part.len());
            if out.is_empty() {
                of.extend(of_part.iter().map(|customer| take(*customer)));
            } else {
                let rows = of_part.iter().zip(out.iter());
                of.extend(rows.map(|(customer, is_out)| if *is_out { NONE } else { take(*customer) }));
            }
        }
        let rows = starts[customers + 1] as usize;
        starts.truncate(customers + 1);
        (Rows { starts, late }, Places { of, rows })
    }

    /// The same rows where `rows` others stand before them.
    #[must_use]
    pub fn behind(mut self, rows: usize) -> Rows {
        self.starts.iter_mut().for_each(|start| *start += rows as u32);
        self
    }

    /// The rows of a customer; none for [`NONE`].
    #[inline]
    pub fn of_customer(&self, customer: u32) -> Range<usize> {
        match (self.starts.get(customer as usize), self.starts.get((customer as usize).wrapping_add(1))) {
            (Some(start), Some(end)) if customer != NONE => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// How many rows each customer has.
    pub fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.starts.windows(2).map(|ends| (ends[1] - ends[0]) as usize)
    }

    /// The rows that have a customer: they come first.
    pub fn identified(&self) -> usize {
        self.starts.last().map_or(0, |end| *end as usize)
    }

    /// How many rows came after the as-of moment.
    pub fn after_as_of(&self) -> u64 {
        self.late.len() as u64
    }

    /// Whether each customer has a row, be it after the as-of moment.
    pub fn present(&self) -> Vec<bool> {
        let mut present: Vec<bool> = self.starts.windows(2).map(|ends| ends[0] < ends[1]).collect();
        for customer in &self.late {
            if let Some(present) = present.get_mut(*customer as usize) {
                *present = true;
            }
        }
        present
    }

    /// Adds the customer of each of so many rows.
    pub fn add_customers(&self, rows: usize, to: &mut Vec<u32>) {
        let before = to.len();
        self.runs(rows).for_each(|(customer, run)| to.resize(before + run.end, customer));
    }

    /// Each customer with where the rows stand, of so many rows in all; last those without a customer.
    fn runs(&self, rows: usize) -> impl Iterator<Item = (u32, Range<usize>)> {
        let known = self.starts.windows(2).map(|ends| ends[0] as usize..ends[1] as usize);
        (0..).zip(known).chain(std::iter::once((NONE, self.identified()..rows)))
    }
}

/// A part and which of its rows go nowhere, nothing where all go somewhere.
struct Kept<'a> {
    part: &'a Part,
    out: Cow<'a, [bool]>,
}

/// Who is unknown comes behind the last customer.
fn slot(customer: u32, customers: usize) -> usize {
    (customer as usize).min(customers)
}

/// One place further on than each customer's, where the rows start: it becomes where they end while they are placed,
/// which is where those of the next one start. And the customers of the rows that can be used and go nowhere.
fn starts_of(parts: &[Kept<'_>], column: Option<usize>, customers: usize) -> (Vec<u32>, Vec<u32>) {
    let (mut starts, mut late) = (vec![0u32; customers + 3], Vec::new());
    for Kept { part, out } in parts {
        let of_part = part.codes(column).wide(part.len());
        of_part.iter().for_each(|customer| starts[slot(*customer, customers) + 2] += 1);
        for row in (0..out.len()).filter(|row| out[*row]) {
            starts[slot(of_part[row], customers) + 2] -= 1;
            if part.is_used(row) {
                late.push(of_part[row]);
            }
        }
    }
    let mut before = 0;
    for start in &mut starts {
        before += *start;
        *start = before;
    }
    (starts, late)
}

/// The rows of a part that cannot be used or come after a moment; nothing where there is none.
fn left_out(part: &Part, time: Option<usize>, as_of: i64) -> Cow<'_, [bool]> {
    let times = part.longs(time);
    if times.iter().max().is_none_or(|latest| *latest <= as_of) {
        return Cow::Borrowed(&part.unused);
    }
    let is_late = |row: usize| times.get(row).is_some_and(|at| *at > as_of);
    (0..part.len()).map(|row| !part.is_used(row) || is_late(row)).collect()
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
        assert_eq!((sorted.places.rows, sorted.rows.after_as_of(), sorted.rows.identified()), (5, 1, 5));
    }

    #[test]
    fn a_customer_without_rows_has_an_empty_range() {
        let rows = Rows { starts: vec![0, 2, 2, 3], late: vec![1] };
        let ranges = [0, 1, 2, 3, NONE].map(|customer| rows.of_customer(customer));
        assert_eq!(ranges, [0..2, 2..2, 2..3, 0..0, 0..0]);
        assert_eq!(rows.present(), [true, true, true]);
    }

    #[test]
    fn rows_come_customer_by_customer() {
        let rows = Rows { starts: vec![0, 2, 2, 5], late: Vec::new() };
        let mut customers = vec![9];
        rows.add_customers(7, &mut customers);
        assert_eq!(customers, [9, 0, 0, 2, 2, 2, NONE, NONE]);
    }
}
