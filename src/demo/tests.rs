//! What the sample promises, counted again from the files; it shares no code with what wrote them.

use std::collections::{HashMap, HashSet};
use std::fs;

use super::{Demo, Summary};
use crate::error::ErrorKind;

type Row = Vec<Vec<u8>>;

fn demo(customers: u32, dirt: bool) -> Demo {
    Demo { customers, seed: 42, dirt, force: false }
}

fn write(demo: Demo) -> (tempfile::TempDir, Summary) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let summary = demo.write(&dir.path().join("new/folder")).expect("written");
    (dir, summary)
}

fn rows(summary: &Summary, file: usize) -> Vec<Row> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_path(&summary.files[file].path).expect("a file");
    reader.byte_records().map(|r| r.expect("a record").iter().map(<[u8]>::to_vec).collect()).collect()
}

fn planted(summary: &Summary, file: &str, reason: &str) -> u64 {
    summary.planted.iter().find(|p| (p.file, p.reason) == (file, reason)).map_or(0, |p| p.rows)
}

fn count(rows: &[Row], test: impl Fn(&Row) -> bool) -> u64 {
    rows.iter().filter(|row| test(row)).count() as u64
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = |demo: Demo| {
        let (_dir, summary) = write(demo);
        summary.files.iter().map(|f| fs::read(&f.path).expect("a file")).collect::<Vec<_>>()
    };
    assert_eq!(bytes(demo(120, true)), bytes(demo(120, true)));
    assert_ne!(bytes(demo(120, true)), bytes(Demo { seed: 43, ..demo(120, true) }));
    // Customers do not depend on how many others there are.
    for (few, many) in bytes(demo(60, true)).iter().zip(bytes(demo(120, true))) {
        assert!(many.starts_with(few));
    }
}

#[test]
fn the_sample_of_the_repository_is_a_demo() {
    let (_dir, summary) = write(Demo { seed: 1, ..demo(250, true) });
    for file in &summary.files {
        let sample = format!("{}/testdata/sample/{}", env!("CARGO_MANIFEST_DIR"), file.file);
        assert!(fs::read(&file.path).expect("a file") == fs::read(&sample).expect("a sample"), "{sample}");
    }
}

#[test]
fn dirt_is_only_added() {
    let (_clean_dir, clean) = write(demo(300, false));
    let (_dirty_dir, dirty) = write(demo(300, true));
    assert!(clean.planted.is_empty());
    for file in 0..3 {
        let dirty: HashSet<Row> = rows(&dirty, file).into_iter().collect();
        assert!(rows(&clean, file).iter().all(|row| dirty.contains(row)));
    }
}

#[test]
fn sizes_are_those_of_the_real_thing() {
    let (_dir, summary) = write(demo(1000, false));
    let bands = [4200..4800, 1900..2300, 4700..5300];
    for (file, band) in summary.files.iter().zip(bands) {
        assert!(band.contains(&file.rows), "{} rows in {}", file.rows, file.file);
    }
}

#[test]
fn every_reason_is_planted_from_fifty_customers_on_and_never_much() {
    for (customers, seed) in (0..12).map(|seed| (50, seed)).chain([(75, 1), (100, 1), (150, 1), (1000, 1)]) {
        let (_dir, summary) = write(Demo { seed, ..demo(customers, true) });
        let reasons: HashSet<&str> = summary.planted.iter().map(|p| p.reason).collect();
        assert_eq!(reasons.len(), 10, "{reasons:?}");
        for file in &summary.files {
            let bad: u64 = summary.planted.iter().filter(|p| p.file == file.file).map(|p| p.rows).sum();
            assert!(bad * 20 < file.rows, "{bad} of {} rows in {}", file.rows, file.file);
        }
    }
    assert!(write(demo(49, true)).1.planted.is_empty());
}

#[test]
fn the_summary_equals_a_recount() {
    let (_dir, summary) = write(demo(700, true));
    let [surveys, tickets, purchases] = [0, 1, 2].map(|file| rows(&summary, file));
    for (file, rows) in summary.files.iter().zip([&surveys, &tickets, &purchases]) {
        assert_eq!(file.rows, rows.len() as u64);
        let ragged = count(rows, |row| row.len() < rows[0].len());
        assert_eq!(ragged, planted(&summary, file.file, "ragged-row"));
        let ids: HashSet<&Vec<u8>> = rows.iter().map(|row| &row[0]).collect();
        assert_eq!((rows.len() - ids.len()) as u64, planted(&summary, file.file, "duplicate"));
        let unreadable = count(rows, |row| row.iter().any(|cell| std::str::from_utf8(cell).is_err()));
        assert_eq!(unreadable, planted(&summary, file.file, "bad-encoding"));
    }
    let score = |row: &Row| row.get(4).cloned().unwrap_or_default();
    assert_eq!(
        count(&surveys, |row| score(row) == b"11"),
        planted(&summary, "surveys.csv", "score-out-of-range")
    );
    assert_eq!(
        count(&surveys, |row| score(row) == b"8.5" || score(row) == b"great"),
        planted(&summary, "surveys.csv", "bad-score")
    );
    assert_eq!(
        count(&tickets, |row| row.len() > 4 && !row[4].is_empty() && row[4] < row[2]),
        // `31/31/2025` sorts after every time in the file.
        planted(&summary, "tickets.csv", "ends-before-start") + planted(&summary, "tickets.csv", "bad-time")
    );
    assert_eq!(
        count(&purchases, |row| row[1].is_empty()),
        planted(&summary, "purchases.csv", "missing-customer")
    );
}

#[test]
fn files_are_replaced_only_when_told_so() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    fs::write(dir.path().join("purchases.csv"), "mine").expect("written");
    let refused = demo(5, true).write(dir.path()).expect_err("a refusal");
    assert_eq!(refused.kind(), ErrorKind::Output);
    assert!(refused.advice().is_some_and(|hint| hint.contains("--force")));
    assert!(!dir.path().join("surveys.csv").exists());
    Demo { force: true, ..demo(5, true) }.write(dir.path()).expect("written");
    assert_ne!(fs::read(dir.path().join("purchases.csv")).expect("a file"), b"mine");
    assert!(demo(5, true).write(&dir.path().join("purchases.csv/below")).is_err());
}

#[test]
fn detractors_leave_more_than_promoters() {
    let (_dir, summary) = write(demo(3000, false));
    let mut last: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    for row in rows(&summary, 2) {
        let at = last.entry(row[1].clone()).or_default();
        *at = row[2].clone().max(at.clone());
    }
    let (mut detractors, mut promoters) = ((0, 0), (0, 0));
    for row in rows(&summary, 0).iter().filter(|row| row[3] == b"nps") {
        let Some(last) = last.get(&row[1]) else { continue };
        let score = std::str::from_utf8(&row[4]).ok().and_then(|s| s.parse::<u8>().ok());
        let group = match score {
            Some(0..=6) => &mut detractors,
            Some(9..) => &mut promoters,
            _ => continue,
        };
        group.0 += u32::from(last.as_slice() < b"2026-03-26".as_slice());
        group.1 += 1;
    }
    assert!(detractors.0 * promoters.1 * 2 > promoters.0 * detractors.1 * 3, "{detractors:?} {promoters:?}");
}
