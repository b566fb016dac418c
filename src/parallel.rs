//! Work shared over threads with results in the order of the work, so that the number of threads never shows.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Mutex;

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
        // the scope passes on.
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

/// Does two things, beside each other where there are threads for it.
pub fn both<A: Send, B>(threads: usize, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if threads <= 1 {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
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
