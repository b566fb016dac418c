//! What the exports mean, told from the written definitions alone, in the slowest and plainest way; it
//! must not use any room of the program but its interval formulas.

mod cases;
mod link;
mod read;
mod retain;
mod sum;
mod usable;

pub use cases::{Account, Case, Fact};
pub use link::{FoundBy, Linked};
pub use read::Exports;
pub use sum::sum;

/// Microseconds.
pub const DAY: i64 = 86_400_000_000;

/// What is asked of the exports.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub as_of: Option<i64>,
    pub since: Option<i64>,
    pub until: Option<i64>,
    /// Only cases of this channel.
    pub channel: Option<&'static str>,
    pub monthly: bool,
    /// Each month against the one before it, not windows of days.
    pub calendar: bool,
    /// Days.
    pub window: i64,
    pub confidence: f64,
    /// A topic that says the stage.
    pub rule: Option<(&'static str, &'static str)>,
}

/// Everything that the program should find.
pub struct Found {
    pub exports: Exports,
    pub linked: Linked,
    pub as_of: Option<i64>,
    pub account: Account,
}

impl Found {
    pub fn new(world: &super::world::World, ask: &Ask) -> Found {
        let exports = Exports::read(world);
        let as_of = ask.as_of.or_else(|| exports.last());
        let linked = Linked::new(&exports, as_of.unwrap_or(i64::MIN), ask);
        let account = Account::new(&linked, as_of.unwrap_or(i64::MIN), ask);
        Found { exports, linked, as_of, account }
    }
}
