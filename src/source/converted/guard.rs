//! Calls into libraries that panic over a damaged file where they should say so; it must not know the format.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What the call returns; nothing where it panicked, which is then not told on standard error. What it worked on may be
/// half done, and is to be given up.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |told| {
            if !IS_GUARDED.get() {
                usual(told);
            }
        }));
    });
    let before = IS_GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(before);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_inside_is_an_answer() {
        let none: Vec<u8> = Vec::new();
        assert_eq!(guarded(|| none[7]), None);
        assert_eq!(guarded(|| 7), Some(7));
    }
}
