//! What must not change a number: the order of rows, threads, files, formats, names, rows that cannot be used.

use proptest::prelude::*;

use super::compare::{self, same};
use super::run::{self, Answered, flags, json};
use super::world::{self, World, world};
use super::{ASK, on, on_worlds};

/// Whatever the program says, as text; an export without rows says nothing.
fn said(world: &World, more: &[&str]) -> Option<(serde_json::Value, String)> {
    let mut flags = flags(&ASK);
    if more.contains(&"--confidence") {
        flags.truncate(2);
    }
    flags.extend(more.iter().map(|text| (*text).to_owned()));
    match json(world, &flags) {
        Answered::Report(report, text) => Some((*report, text)),
        Answered::NoRow => None,
    }
}

pub fn results(world: &World, more: &[&str]) -> Option<String> {
    said(world, more).map(|(report, _)| serde_json::to_string_pretty(&report["results"]).unwrap())
}

pub const BY: [&str; 2] =
    ["--by", "channel,stage,region,state,nps_group,tickets,cohort,spend_quartile,channels_used"];

#[test]
fn the_order_of_the_rows_does_not_matter() {
    on(16, 7, &(world(), any::<u64>()), |(world, seed)| {
        let shuffled = world.map(|_, sheet| sheet.shuffled(seed));
        same(results(&world, &BY).as_deref(), results(&shuffled, &BY).as_deref());
        let monthly = ["--period", "month"];
        same(results(&world, &monthly).as_deref(), results(&shuffled, &monthly).as_deref());
        Ok(())
    });
}

#[test]
fn threads_and_another_run_change_no_byte() {
    on_worlds(24, 8, |world| {
        let text = |more: &[&str]| said(&world, more).map(|(_, text)| text);
        let one = text(&["--threads", "1", "--period", "week"]);
        same(one.as_deref(), text(&["--threads", "2", "--period", "week"]).as_deref());
        same(one.as_deref(), text(&["--threads", "1", "--period", "week"]).as_deref());
        Ok(())
    });
}

#[test]
fn an_export_in_two_files_is_the_same_export() {
    on(24, 9, &(world(), 0..40_usize), |(world, at)| {
        same(results(&world, &BY).as_deref(), run::in_two(&world, at, &flags(&ASK), &BY).as_deref());
        Ok(())
    });
}

#[test]
fn every_format_holds_the_same_numbers() {
    on_worlds(24, 10, |world| {
        let Some((report, _)) = said(&world, &["--period", "month"]) else { return Ok(()) };
        let lines = run::text(&world, &flags(&ASK), &["--period", "month", "--format", "jsonl"]);
        for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            let text = run::text(&world, &flags(&ASK), &["--period", "month", "--format", format]);
            compare::same_as_csv(&lines, &text, delimiter);
        }
        let records: Vec<serde_json::Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(Some(&records), report["results"].as_array());
        Ok(())
    });
}

#[test]
fn a_row_that_cannot_be_used_changes_no_number() {
    on_worlds(24, 11, |world| {
        let worse = world.map(|kind, sheet| {
            let mut sheet = sheet.clone();
            let time =
                sheet.column(["responded_at", "created_at", "purchased_at"][run::place(kind)]).unwrap();
            let answer = ["nps", "score"].iter().find_map(|name| sheet.column(name));
            let mut row = vec![String::new(); sheet.header.len()];
            row[1] = "C1".to_owned();
            row[time] = "soon".to_owned();
            if let (Some(answer), "surveys") = (answer, kind) {
                row[answer] = "9".to_owned();
                if let Some(metric) = sheet.column("metric") {
                    row[metric] = "nps".to_owned();
                }
            }
            sheet.rows.insert(0, row);
            sheet
        });
        if said(&world, &[]).is_some() {
            same(results(&world, &BY).as_deref(), results(&worse, &BY).as_deref());
        }
        Ok(())
    });
}

#[test]
fn the_names_of_customers_do_not_matter() {
    on_worlds(12, 12, |world| {
        for rename in [world::forwards, world::backwards] {
            let renamed = world.map(|_, sheet| world::renamed(sheet, rename));
            same(results(&world, &BY).as_deref(), results(&renamed, &BY).as_deref());
        }
        Ok(())
    });
}

#[test]
fn intervals_stay_in_range_and_widen_with_confidence() {
    on_worlds(24, 13, |world| {
        let at = |level: &str| {
            said(&world, &["--confidence", level]).map(|(report, text)| (report["results"].clone(), text))
        };
        let Some((narrow, text)) = at("0.8") else { return Ok(()) };
        let (wide, _) = at("0.99").unwrap();
        prop_assert!(!text.contains("NaN") && !text.contains("inf"));
        compare::widens(narrow.as_array().unwrap(), wide.as_array().unwrap());
        Ok(())
    });
}
