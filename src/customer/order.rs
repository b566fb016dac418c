//! The rows of a customer in the order of time.

use std::cmp::Ordering;
use std::ops::Range;

use crate::table::column::BLANK;
use crate::table::stack::{Places, Stack};

/// As many rows are put in order without a branch for each comparison.
const FEW: usize = 16;

/// What stands at each place of a table.
pub struct Order {
    /// The time.
    pub times: Vec<i64>,
    /// The number of the row.
    pub numbers: Vec<u32>,
    scratch: Vec<(i64, u32)>,
}

impl Order {
    /// The rows of a stack where their places are, with their times in that column.
    pub fn of(stack: &Stack, time: Option<usize>, places: &Places) -> Order {
        // Every place is taken: memory that comes cleared need not be filled first.
        let (mut times, mut numbers) = (vec![0; places.rows], vec![0; places.rows]);
        let mut start = 0;
        for part in stack.parts() {
            let known = part.longs(time);
            let of_part = places.of.get(start..start + part.len()).unwrap_or_default();
            for ((place, row), number) in of_part.iter().zip(0..).zip(start as u32..) {
                let place = *place as usize;
                if let (Some(time), Some(slot)) = (times.get_mut(place), numbers.get_mut(place)) {
                    *time = known.get(row).copied().unwrap_or(BLANK);
                    *slot = number;
                }
            }
            start += part.len();
        }
        Order { times, numbers, scratch: Vec::new() }
    }

    /// Puts the rows at some places in the order of time and says so in the places of all rows; `tie` settles rows of
    /// one moment.
    pub fn sort(&mut self, range: Range<usize>, of: &mut [u32], tie: impl Fn(u32, u32) -> Ordering) {
        let (times, numbers) = (&mut self.times[range.clone()], &mut self.numbers[range.clone()]);
        if times.windows(2).fold(true, |ascending, pair| ascending & (pair[0] < pair[1])) {
            return;
        }
        if !sort_few(times, numbers) {
            self.scratch.clear();
            self.scratch.extend(times.iter().copied().zip(numbers.iter().copied()));
            self.scratch.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| tie(a.1, b.1)));
            for ((time, number), sorted) in times.iter_mut().zip(&mut *numbers).zip(&self.scratch) {
                (*time, *number) = *sorted;
            }
        }
        for (number, place) in numbers.iter().zip(range.start as u32..) {
            of[*number as usize] = place;
        }
    }
}

/// Puts a few rows in order, each behind as many as are earlier. Leaves them as they are, and says so, where there are
/// many or two of one moment.
fn sort_few(times: &mut [i64], numbers: &mut [u32]) -> bool {
    let rows = times.len();
    if rows > FEW {
        return false;
    }
    let (mut known, mut known_numbers, mut ranks) = ([0i64; FEW], [0u32; FEW], [0usize; FEW]);
    known[..rows].copy_from_slice(times);
    known_numbers[..rows].copy_from_slice(numbers);
    for (rank, time) in ranks.iter_mut().zip(&*times) {
        *rank = times.iter().map(|other| usize::from(other < time)).sum();
    }
    // Rows of one moment are behind equally many.
    if ranks[..rows].iter().sum::<usize>() != rows * (rows - 1) / 2 {
        return false;
    }
    for ((rank, time), number) in ranks[..rows].iter().zip(known).zip(known_numbers) {
        times[*rank] = time;
        numbers[*rank] = number;
    }
    true
}
