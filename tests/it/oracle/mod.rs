//! The whole program against a naive reading of the same random small exports, and what must not change a number.

mod alike;
mod compare;
mod naive;
mod pinned;
mod purchases;
mod run;
pub mod sheet;
mod surveys;
mod tickets;
pub mod world;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

use compare::ALONE;
use naive::{Ask, DAY, Fact, Found};
use run::{Answered, flags, json};
use world::{World, world};

/// The same cases on every run: a failure is never a matter of luck.
fn on_worlds(cases: u32, seed: u8, check: impl Fn(World) -> TestCaseResult) {
    on(cases, seed, &world(), check);
}

pub fn on<S: Strategy>(cases: u32, seed: u8, worlds: &S, check: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(worlds, check) {
        panic!("{error}");
    }
}

const ASK: Ask = Ask {
    as_of: None,
    since: None,
    until: None,
    channel: None,
    monthly: false,
    calendar: false,
    window: 30,
    confidence: 0.95,
    rule: None,
};

fn agrees(world: &World, ask: &Ask, by: &[&str], dimensions: &[&[&str]]) {
    let found = Found::new(world, ask);
    let mut flags = flags(ask);
    flags.extend(by.iter().map(|text| (*text).to_owned()));
    match json(world, &flags) {
        Answered::Report(report, _) => compare::compare(&report, &found, ask, dimensions),
        Answered::NoRow => {
            let unusable = found.exports.sources.iter().any(|(_, source)| source.used == 0);
            assert!(unusable, "there were rows to use: {:?}", found.exports.sources);
        }
    }
}

#[test]
fn a_plain_report_says_what_the_naive_reading_says() {
    on_worlds(48, 1, |world| {
        agrees(&world, &ASK, &[], ALONE);
        Ok(())
    });
}

#[test]
fn so_does_one_as_of_an_earlier_day() {
    on(48, 2, &(world(), 60..150_i64), |(world, day)| {
        agrees(&world, &Ask { as_of: Some(day * DAY), ..ASK }, &[], ALONE);
        Ok(())
    });
}

#[test]
fn so_does_one_by_month() {
    on_worlds(32, 3, |world| {
        agrees(&world, &Ask { monthly: true, ..ASK }, &[], ALONE);
        Ok(())
    });
}

#[test]
fn so_does_one_of_each_month_against_the_one_before() {
    let ask = Ask { monthly: true, calendar: true, ..ASK };
    on_worlds(48, 14, |world| {
        agrees(&world, &ask, &[], ALONE);
        Ok(())
    });
    on(32, 15, &(world(), 20..150_i64), |(world, day)| {
        agrees(&world, &Ask { as_of: Some(day * DAY), channel: Some("chat"), ..ask.clone() }, &[], ALONE);
        Ok(())
    });
}

#[test]
fn so_does_one_between_two_days() {
    on(48, 4, &(world(), 0..80_i64, 80..150_i64), |(world, since, until)| {
        let ask = Ask { since: Some(since * DAY), until: Some(until * DAY), ..ASK };
        agrees(&world, &ask, &[], ALONE);
        Ok(())
    });
}

#[test]
fn so_does_one_of_a_channel_with_a_rule_for_a_topic() {
    on_worlds(48, 5, |world| {
        let ask = Ask { channel: Some("chat"), rule: Some(("billing", "renewal")), confidence: 0.8, ..ASK };
        agrees(&world, &ask, &[], ALONE);
        Ok(())
    });
}

#[test]
fn so_does_one_by_channel_and_stage_crossed_and_by_relation() {
    on_worlds(48, 6, |world| {
        let dimensions: [&[&str]; 3] = [&[], &["channel", "stage"], &["relation"]];
        match world.surveys {
            Some(_) => agrees(&world, &ASK, &["--by", "channel*stage,relation"], &dimensions),
            None => agrees(&world, &ASK, &["--by", "channel*stage"], &dimensions[..2]),
        }
        Ok(())
    });
}

#[test]
fn the_worlds_hold_what_is_to_be_compared() {
    let held = std::cell::RefCell::new(std::collections::BTreeMap::<&str, u32>::new());
    on_worlds(48, 1, |world| {
        for (metric, cases) in Found::new(&world, &ASK).account.cases {
            let judged = cases.iter().filter(|case| case.fact != Fact::Pending).count();
            *held.borrow_mut().entry(metric).or_default() += u32::from(judged > 1);
        }
        Ok(())
    });
    let held = held.into_inner();
    assert_eq!(held.len(), 17, "every metric: {held:?}");
    assert!(held.values().all(|worlds| *worlds >= 8), "{held:?}");
}
