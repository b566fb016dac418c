//! Work shared over threads with results in the order of the work, so that the number of threads never shows.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Does `work` on every item, on at most `threads` threads, and returns the results in the order of the items.
pub fn map<T: Send, R: Send>(threads: usize, items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers = threads.min(items.len());
    if workers <= 1 {
        return items.into_iter().map(work).collect();
    }
    let waiting: Mutex<VecDeque<(usize, T)>> = Mutex::new(items.into_iter().enumerate().collect());
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    let each = || {
        // The lock is given back before the work begins. A poisoned lock means that another worker panicked, which
        // the scope passes on; where a panic ends the program, as in a release, there is none.
        while let Some((place, item)) = waiting.lock().ok().and_then(|mut items| items.pop_front()) {
            let result = work(item);
            if let Ok(mut done) = done.lock() {
                done.push((place, result));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(each);
        }
        each();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Things that were used and can be used again, so that their memory need not be had anew.
#[derive(Debug)]
pub struct Spare<T>(Mutex<Vec<T>>);

impl<T: Default> Spare<T> {
    /// Nothing yet.
    pub fn new() -> Self {
        Spare(Mutex::new(Vec::new()))
    }

    /// One that was given back, else a new one.
    pub fn take(&self) -> T {
        self.0.lock().ok().and_then(|mut spare| spare.pop()).unwrap_or_default()
    }

    /// Gives one back.
    pub fn give(&self, used: T) {
        if let Ok(mut spare) = self.0.lock() {
            spare.push(used);
        }
    }
}

/// Takes items off a line one after the other, does `work` on each on at most `threads` threads, and collects the
/// results in the order of the items. Whoever has done his work collects what is due, while the others work on.
///
/// # Errors
/// The first one of `collect`; what comes behind it is neither taken nor collected.
pub fn in_turn<T: Send, R: Send, E: Send>(
    threads: usize,
    next: impl FnMut() -> Option<T> + Send,
    work: impl Fn(T) -> R + Sync,
    collect: impl FnMut(R) -> Result<(), E> + Send,
) -> Result<(), E> {
    let line = Mutex::new((0usize, next));
    let done: Mutex<BTreeMap<usize, R>> = Mutex::new(BTreeMap::new());
    let collector = Mutex::new((0usize, collect, Ok(())));
    let has_failed = AtomicBool::new(false);
    let take = || {
        let mut line = line.lock().ok()?;
        let item = (line.1)().filter(|_| !has_failed.load(Ordering::Relaxed))?;
        line.0 += 1;
        Some((line.0 - 1, item))
    };
    let collect_due = |collector: &mut (usize, _, Result<(), E>)| {
        let (due, collect, outcome): (_, &mut dyn FnMut(R) -> Result<(), E>, _) =
            (&mut collector.0, &mut collector.1, &mut collector.2);
        while let Some(result) = done.lock().ok().and_then(|mut done| done.remove(due)) {
            *due += 1;
            if outcome.is_ok() {
                *outcome = collect(result);
                has_failed.store(outcome.is_err(), Ordering::Relaxed);
            }
        }
    };
    let each = || {
        while let Some((place, item)) = take() {
            let result = work(item);
            let waiting = done.lock().map_or(0, |mut done| {
                done.insert(place, result);
                done.len()
            });
            // Where more waits than the threads could have done meanwhile, collecting is what all wait for.
            let free = if waiting > 2 * threads { collector.lock().ok() } else { collector.try_lock().ok() };
            if let Some(mut collector) = free {
                collect_due(&mut collector);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(each);
        }
        each();
    });
    // What came while the last collector was leaving.
    let Ok(mut collector) = collector.into_inner() else { return Ok(()) };
    collect_due(&mut collector);
    collector.2
}

/// Cuts `0..len` into as many ranges of about the same length.
pub fn ranges(len: usize, parts: usize) -> Vec<Range<usize>> {
    let parts = parts.clamp(1, len.max(1));
    (0..parts).map(|part| len * part / parts..len * (part + 1) / parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_everything_once() {
        assert_eq!(ranges(5, 2), [0..2, 2..5]);
        assert_eq!(ranges(2, 4), [0..1, 1..2]);
        assert_eq!(ranges(0, 4).iter().map(Range::len).sum::<usize>(), 0);
    }

    #[test]
    fn what_is_taken_in_turn_is_collected_in_turn_up_to_the_first_error() {
        for threads in [1, 3] {
            let (mut items, mut collected) = (0u64..100, Vec::new());
            let slow_first = |item: u64| {
                std::thread::sleep(std::time::Duration::from_micros(100 - item));
                item * item
            };
            let outcome = in_turn(
                threads,
                || items.next(),
                slow_first,
                |square| {
                    collected.push(square);
                    if square < 400 { Ok(()) } else { Err(square) }
                },
            );
            assert_eq!((outcome, collected), (Err(400), (0..=20).map(|item| item * item).collect()));
        }
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        let slow_first = |item: u64| {
            std::thread::sleep(std::time::Duration::from_micros(100 - item));
            item * item
        };
        let expected: Vec<u64> = items.iter().map(|item| item * item).collect();
        assert_eq!(map(3, items.clone(), slow_first), expected);
        assert_eq!(map(1, items, slow_first), expected);
    }
}
