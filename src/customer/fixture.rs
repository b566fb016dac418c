//! Short CSV texts read as exports by the real reader, for the tests of what stands on tables.

use std::io::Write;

use super::{Joined, Person};
use crate::pipeline;
use crate::plan::{Plan, Request};
use crate::reduce::{Group, Reduced, reduce};
use crate::report::Report;
use crate::source::field::Kind;
use crate::source::input::Input;
use crate::source::opened::Opened;
use crate::table::Exports;
use crate::table::ledger::FileLedger;
use crate::table::value::dates::Place;
use crate::table::value::time::{TimeCell, TimeParser};
use crate::table::words::NONE;

/// Exports that were read, and the settings they were read by.
pub struct Given {
    /// The settings.
    pub plan: Plan,
    files: Vec<Opened>,
    ledgers: Vec<FileLedger>,
    /// The joined exports.
    pub joined: Joined,
}

/// The joined exports under the default settings.
pub fn joined(files: &[(Kind, &str)]) -> Joined {
    given(files, |_| ()).joined
}

/// The exports, not yet joined.
pub fn exports(files: &[(Kind, &str)]) -> Exports {
    read(files, |_| ()).3
}

/// The joined exports under settings that `set` makes of the default ones.
pub fn given(files: &[(Kind, &str)], set: impl FnOnce(&mut Plan)) -> Given {
    let (plan, files, ledgers, exports) = read(files, set);
    let joined = pipeline::join(&plan, exports).unwrap();
    Given { plan, files, ledgers, joined }
}

fn read(
    files: &[(Kind, &str)],
    set: impl FnOnce(&mut Plan),
) -> (Plan, Vec<Opened>, Vec<FileLedger>, Exports) {
    let folder = tempfile::tempdir().unwrap();
    let mut requests = Vec::new();
    for (place, (kind, text)) in files.iter().enumerate() {
        let path = folder.path().join(format!("{kind}-{place}.csv"));
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        requests.push(Request::new(Input::file(path), Some(*kind)));
    }
    let mut plan = Plan::new(requests);
    set(&mut plan);
    let opened = pipeline::open(&mut plan).unwrap();
    let read = pipeline::read_all(&plan, opened).unwrap();
    (plan, read.files, read.ledgers, read.exports)
}

impl Given {
    /// The whole report.
    pub fn report(&self) -> Report {
        pipeline::report(&self.plan, &self.files, &self.ledgers, &self.joined).unwrap()
    }

    /// One metric, reduced.
    pub fn reduced(&self, metric: &str) -> Reduced {
        let metric = crate::metric::Metric::named(metric).unwrap();
        let mut reduced = reduce(&self.plan, &self.joined, &[metric]);
        reduced.pop().unwrap()
    }

    /// For each group of a metric its period, its labels and its n, in order.
    pub fn groups(&self, metric: &str) -> Vec<(String, String, u64)> {
        let told = |group: &Group| {
            let period = group.period.clone().map_or(String::new(), |(label, _)| label);
            (period, group.labels.join(" "), group.tally.n())
        };
        self.reduced(metric).groups.iter().map(told).collect()
    }
}

impl Joined {
    /// The code of a customer.
    pub fn customer(&self, key: &str) -> u32 {
        self.customers.find(key).unwrap()
    }

    /// The word of a code in the columns of that name; `-` where there is none.
    pub fn word(&self, column: &str, code: u32) -> &str {
        if code == NONE { "-" } else { self.words.of(column).unwrap().word(code) }
    }

    /// The stage of that index; `-` where there is none.
    pub fn stage(&self, stage: u32) -> &str {
        self.stages.names.get(stage as usize).map_or("-", String::as_str)
    }

    /// A customer as known at the end.
    pub fn at_the_end(&self, customer: u32) -> Person {
        self.person(customer, self.as_of + 1)
    }
}

/// A moment as an export would write it.
pub fn at(text: &str) -> i64 {
    match TimeParser::new(chrono_tz::UTC, None).parse(text.as_bytes(), Place { line: 1, column: "at" }) {
        TimeCell::At(time) => time,
        _ => panic!("`{text}` is no time"),
    }
}
