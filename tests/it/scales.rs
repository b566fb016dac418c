//! What the program says where an export may be read wrongly, or was refused: scales, zones, and hints that can be typed.

use std::fmt::Write as _;
use std::fs;

use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};

/// A survey export with these scores of one question.
fn answers(question: &str, scores: impl Iterator<Item = i32>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = format!("id,email,date,{question}\n");
    for (row, score) in scores.enumerate() {
        writeln!(text, "{row},u{row}@example.com,2025-01-{:02},{score}", row % 28 + 1).unwrap();
    }
    fs::write(folder.path().join("a.csv"), text).unwrap();
    folder
}

/// What a run says on standard error.
fn said(folder: &TempDir, words: &str) -> String {
    let output = cxm(folder.path()).args(words.split(' ')).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{words}");
    String::from_utf8(output.stderr).unwrap()
}

const REPORT: &str = "report --surveys a.csv";

#[test]
fn effort_that_is_never_above_5_may_be_on_another_scale() {
    let five = answers("ces", (0..30).map(|row| row % 5 + 1));
    assert!(
        said(&five, REPORT).contains(
            "warning: the 30 answers to ces run from 1 to 5 and are read on the scale of 1-7: if the question was asked on \
             1-5, this is not the CES of 1-7; leave its column out with --map surveys.ces=, or pass --scale ces=1-7 if the \
             scale is right"
        ),
        "{}",
        said(&five, REPORT)
    );
    assert!(!said(&five, &format!("{REPORT} --scale ces=1-7")).contains("warning"));
    let output = cxm(five.path()).args(["inspect", "--surveys", "a.csv"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("the 30 answers to ces run from 1 to 5"));
    let few = answers("ces", (0..29).map(|row| row % 5 + 1));
    assert!(!said(&few, REPORT).contains("warning"));
    let seven = answers("ces", (0..210).map(|row| row % 7 + 1));
    assert!(!said(&seven, REPORT).contains("warning"));
}

#[test]
fn recommendation_without_0_may_be_coded_otherwise() {
    let five = answers("nps", (0..30).map(|row| row % 5 + 1));
    assert!(said(&five, REPORT).contains("the 30 answers to nps run from 1 to 5"), "{}", said(&five, REPORT));
    let ten = answers("nps", (0..100).map(|row| row % 10 + 1));
    assert!(
        said(&ten, REPORT).contains(
            "warning: the 100 answers to nps run from 1 to 10 and are read on the scale of 0-10: 0 never occurs, as where \
             answers are coded 1 to 10 or 1 to 11; export answers coded 1 to 10 or 1 to 11 as 0 to 10, or pass --scale \
             nps=0-10 if the scale is right"
        ),
        "{}",
        said(&ten, REPORT)
    );
    let few = answers("nps", (0..99).map(|row| row % 10 + 1));
    assert!(!said(&few, REPORT).contains("warning"));
    let whole = answers("nps", (0..110).map(|row| row % 11));
    assert!(!said(&whole, REPORT).contains("warning"));
}

/// The error and hint of a run that is refused.
fn refused(folder: &TempDir, words: &str, status: i32) -> String {
    let output = cxm(folder.path()).args(words.split(' ')).output().unwrap();
    assert_refused(&output, status, words);
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn scores_far_beyond_every_usual_scale_are_counted_as_they_are() {
    // 12 of 200 from 6 to 10, 176 above: 188 are above 5, which is 94 %.
    let scores = (0..200).map(|row| {
        if row < 12 {
            row % 5 + 1
        } else if row < 24 {
            row % 5 + 6
        } else {
            row % 90 + 11
        }
    });
    let hundred = answers("csat", scores);
    let told = refused(&hundred, REPORT, 3);
    assert!(told.contains("94 % of its scores are above 5, up to 100"), "{told}");
    assert!(
        told.contains("hint: name the scale that the question was asked on, e.g. --scale csat=1-100"),
        "{told}"
    );
    said(&hundred, &format!("{REPORT} --scale csat=1-100"));
}

#[test]
fn the_scale_of_nps_is_not_offered_to_be_named() {
    let eleven = answers("nps", (0..110).map(|row| row % 11 + 1));
    let told = refused(&eleven, REPORT, 3);
    assert!(
        told.contains("hint: NPS is on 0-10: export answers coded 1 to 11 as 0 to 10; `cxm inspect`"),
        "{told}"
    );
}

#[test]
fn rows_that_come_twice_may_be_of_exports_that_overlap() {
    let folder = answers("nps", (0..11).map(|row| row % 11));
    let text = fs::read_to_string(folder.path().join("a.csv")).unwrap();
    fs::write(folder.path().join("b.csv"), text).unwrap();
    let told = refused(&folder, "report --surveys a.csv --surveys b.csv", 3);
    assert!(told.contains("--map names another column; or whether the exports overlap"), "{told}");
}

#[test]
fn a_hint_names_standard_input_as_it_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in.csv"), "id,date\n1,2025-01-01\n").unwrap();
    let input = fs::File::open(folder.path().join("in.csv")).unwrap();
    let output = cxm(folder.path()).args(["report", "-"]).stdin(input).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("pass --surveys -, --tickets -") && !told.contains("'standard input'"), "{told}");
}

#[test]
fn shortened_ids_of_an_alias_can_be_done_without() {
    let folder = answers("nps", (0..11).map(|row| row % 11));
    let list = "customer_id,email,zendesk_id\n1,u1@example.com,1.03E+13\n2,u2@example.com,1.03E+13\n";
    fs::write(folder.path().join("c.csv"), list).unwrap();
    let told = refused(&folder, "report --surveys a.csv --customers c.csv", 3);
    assert!(told.contains("or do without its ids: --no-alias zendesk_id"), "{told}");
    said(&folder, "report --surveys a.csv --customers c.csv --no-alias zendesk_id");
}

/// An export of tickets as a vendor writes them that says its zone nowhere, its times ending in `zone`.
fn tickets(zone: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("Ticket ID,Ticket name,Create date,Close date,Ticket status,Pipeline\n");
    for day in 1..=9 {
        writeln!(text, "{day},Help,2025-01-0{day} 10:00{zone},2025-01-0{day} 12:00{zone},Closed,Support")
            .unwrap();
    }
    fs::write(folder.path().join("t.csv"), text).unwrap();
    folder
}

#[test]
fn times_in_a_zone_that_nobody_says_are_told_once() {
    let local = tickets("");
    let told = said(&local, "report t.csv");
    assert!(
        told.contains(
            "warning: the times of `t.csv` name no zone and are read as UTC; pass --tz ZONE, e.g. --tz Europe/Amsterdam, or \
             --tz UTC if they are; `cxm inspect` shows what the preset hubspot-tickets says of them"
        ),
        "{told}"
    );
    fs::copy(local.path().join("t.csv"), local.path().join("u.csv")).unwrap();
    let both = said(&local, "report t.csv u.csv --max-rejects 100%");
    assert!(both.contains("the times of `t.csv` and `u.csv` name no zone"), "{both}");
    assert_eq!(both.matches("name no zone").count(), 1, "{both}");
    let zone_said = |words: &str| !said(&local, words).contains("name no zone");
    assert!(zone_said("report t.csv --tz UTC") && zone_said("report t.csv --tz Europe/Amsterdam"));
    assert!(zone_said("report t.csv --preset none --map tickets.created_at=create_date"));
    fs::write(local.path().join("cxm.toml"), "tz = \"Asia/Tokyo\"\n").unwrap();
    assert!(zone_said("report t.csv"));
}

#[test]
fn times_that_name_their_zone_need_no_other() {
    for zone in ["Z", " UTC", " +02:00", ":07+0200"] {
        assert!(!said(&tickets(zone), "report t.csv").contains("name no zone"), "{zone}");
    }
}
