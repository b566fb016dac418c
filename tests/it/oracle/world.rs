//! Random small exports as the cells of three sheets, with the dirt of real ones; knows nothing of what they mean.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::sheet::Sheet;
use super::{purchases, surveys, tickets};

/// What is run: up to one export of each kind.
#[derive(Debug, Clone)]
pub struct World {
    pub surveys: Option<Sheet>,
    pub tickets: Option<Sheet>,
    pub purchases: Option<Sheet>,
}

impl World {
    /// Each kind that is there, in the order in which the program is given them.
    pub fn sheets(&self) -> impl Iterator<Item = (&'static str, &Sheet)> {
        let kinds = [("surveys", &self.surveys), ("tickets", &self.tickets), ("purchases", &self.purchases)];
        kinds.into_iter().filter_map(|(kind, sheet)| Some((kind, sheet.as_ref()?)))
    }

    /// The same world with every sheet changed.
    pub fn map(&self, mut change: impl FnMut(&'static str, &Sheet) -> Sheet) -> World {
        World {
            surveys: self.surveys.as_ref().map(|sheet| change("surveys", sheet)),
            tickets: self.tickets.as_ref().map(|sheet| change("tickets", sheet)),
            purchases: self.purchases.as_ref().map(|sheet| change("purchases", sheet)),
        }
    }
}

/// A world with at least one export.
pub fn world() -> impl Strategy<Value = World> {
    let rare_absence = || prop::bool::weighted(0.9);
    let asked = (any::<bool>(), vec(surveys::response(), 0..26));
    let rest = (vec(tickets::ticket(), 0..36), vec(purchases::purchase(), 0..36));
    (asked, rest, rare_absence(), rare_absence(), rare_absence()).prop_map(
        |((wide, responses), (tickets, purchases), ask, help, sell)| World {
            surveys: (ask || !(help || sell)).then(|| surveys::sheet(&responses, wide)),
            tickets: help.then(|| tickets::sheet(&tickets)),
            purchases: sell.then(|| purchases::sheet(&purchases)),
        },
    )
}

/// Spellings of a few customers, and of none.
pub const CUSTOMERS: [&str; 17] = [
    "C1",
    " C1 ",
    "C2",
    "c2",
    "Ann@X.org",
    "ann@x.org ",
    "C  3",
    "C 3",
    "Jos\u{e9}",
    "Jose\u{301}",
    "C4",
    "C5",
    "",
    "n/a",
    "Anonymous",
    "-",
    "N/A",
];
pub const NAMED: usize = 12;
pub const CHANNELS: [&str; 5] = ["", "chat", "email", "phone", "chat"];
pub const STAGES: [&str; 8] = ["", "", "", "", "use", "onboarding", "support", "renewal"];
/// In quarter days from the start.
const LAST: i64 = 620;
pub const QUARTER_DAY: i64 = 6 * 3_600_000_000;

pub fn customer() -> impl Strategy<Value = usize> {
    // A few come again and again, so that there is something to join.
    prop_oneof![2 => 0..4_usize, 1 => 0..CUSTOMERS.len()]
}

/// A good time, coarse so that ties happen.
pub fn time() -> impl Strategy<Value = i64> {
    prop_oneof![3 => 0..LAST, 1 => select(vec![0, 40, 120, 240, 360, 480])]
        .prop_map(|quarter| quarter * QUARTER_DAY)
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    None,
    NoTime,
    BadTime,
    Bad,
    Off,
    Twice,
    Updated,
    Longer,
    Shorter,
    Broken,
}

pub fn flaw() -> impl Strategy<Value = Flaw> {
    use Flaw::{Bad, BadTime, Broken, Longer, NoTime, Off, Shorter, Twice, Updated};
    prop_oneof![
        20 => Just(Flaw::None),
        1 => select(vec![NoTime, BadTime, Bad, Off, Longer, Shorter, Broken]),
        1 => select(vec![Twice, Updated]),
    ]
}

/// Breaks a row that is otherwise whole.
pub fn mar(cells: &mut Vec<String>, flaw: Flaw) {
    match flaw {
        Flaw::Longer => cells.push("more".to_owned()),
        Flaw::Shorter => drop(cells.pop()),
        Flaw::Broken => cells.last_mut().unwrap().push('\u{fffd}'),
        _ => {}
    }
}

/// The key that a spelling stands for, and other keys in the same order of the alphabet.
const KEYS: [(&[usize], &str); 8] = [
    (&[6, 7], "k1"),
    (&[0, 1], "k2"),
    (&[2], "k3"),
    (&[10], "k4"),
    (&[11], "k5"),
    (&[8, 9], "k6"),
    (&[4, 5], "k7"),
    (&[3], "k8"),
];

/// A new name for the customer of that place in the order of keys.
pub fn forwards(place: usize) -> String {
    KEYS[place].1.to_owned()
}

/// The same, in the opposite order.
pub fn backwards(place: usize) -> String {
    KEYS[KEYS.len() - 1 - place].1.to_owned()
}

/// The sheet with every customer under a new name.
pub fn renamed(sheet: &Sheet, name: fn(usize) -> String) -> Sheet {
    let mut sheet = sheet.clone();
    for row in &mut sheet.rows {
        let spelling = CUSTOMERS.iter().position(|spelling| *spelling == row[1]);
        let place = KEYS.iter().position(|(spellings, _)| spelling.is_some_and(|s| spellings.contains(&s)));
        if let Some(place) = place {
            row[1] = name(place);
        }
    }
    sheet
}
