//! The rows of each customer in a table that is sorted by customer: a range a customer.

use std::cmp::Ordering;
use std::ops::Range;

use crate::source::field::Field;
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
        let (rows, after_as_of) = Rows::of(customers, stack, time, as_of);
        let mut next = rows.starts.clone();
        let used = stack.parts().iter().map(|part| (0..part.len()).filter(|row| part.is_used(*row)).count());
        let kept = used.sum::<usize>() - after_as_of as usize;
        let mut unknown = rows.identified() as u32;
        let mut of = Vec::with_capacity(stack.rows());
        // The time and the number of the row at each place.
        let mut order = vec![(0i64, 0u32); kept];
        each(stack, time, |customer, at| {
            let Some(customer) = customer.filter(|_| at <= as_of) else { return of.push(NONE) };
            let place = next.get_mut(customer as usize).unwrap_or(&mut unknown);
            order[*place as usize] = (at, of.len() as u32);
            of.push(*place);
            *place += 1;
        });
        let mut sort = |range: Range<usize>| {
            let start = range.start as u32;
            let rows = &mut order[range];
            if rows.is_sorted_by(|a, b| a.0 < b.0) {
                return;
            }
            rows.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| tie(a.1, b.1)));
            rows.iter().zip(start..).for_each(|((_, row), place)| of[*row as usize] = place);
        };
        rows.starts.windows(2).for_each(|ends| sort(ends[0] as usize..ends[1] as usize));
        sort(rows.identified()..kept);
        Sorted { rows, places: Places { of, rows: kept }, after_as_of }
    }

    /// Counts the rows of each customer, and those that came after the as-of moment.
    fn of(customers: usize, stack: &Stack, time: Field, as_of: i64) -> (Self, u64) {
        let mut starts = vec![0u32; customers + 1];
        let mut after = 0;
        each(stack, time, |customer, at| match customer {
            Some(_) if at > as_of => after += 1,
            Some(customer) if customer != NONE => starts[customer as usize + 1] += 1,
            _ => {}
        });
        for customer in 0..customers {
            starts[customer + 1] += starts[customer];
        }
        (Rows { starts }, after)
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

/// Shows `visit` the customer of each row, none for one that cannot be used, and its time, which may be [`BLANK`].
fn each(stack: &Stack, time: Field, mut visit: impl FnMut(Option<u32>, i64)) {
    let (customer, time) = (stack.field(Field::Customer), stack.field(time));
    for part in stack.parts() {
        let (customers, times) = (part.codes(customer), part.longs(time));
        for row in 0..part.len() {
            let used = part.is_used(row).then(|| customers.get(row));
            visit(used, times.get(row).copied().unwrap_or(BLANK));
        }
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
