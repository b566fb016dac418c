//! Scores that fit another scale than the one they are read on, through the program.

use std::fmt::Write as _;
use std::fs;

use tempfile::TempDir;

use crate::cli::cxm;

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
