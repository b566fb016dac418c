//! The result of `cxm check` in every format.

use std::fs;
use std::path::Path;

use super::run;
use crate::cli::cxm;

const GATES: [&str; 6] =
    ["--gate", "nps >= 0", "--gate", "csat by channel >= 70", "--gate", "resolution_time.p90 <= 48"];

fn sample() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["surveys.csv", "tickets.csv", "purchases.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample").join(name);
        fs::copy(from, folder.path().join(name)).unwrap();
    }
    folder
}

fn printed(folder: &Path, words: &[&str]) -> String {
    let exports = ["surveys.csv", "tickets.csv"];
    let output = run(folder, &[&["check", "-q"], &exports[..], &GATES, words].concat());
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_format_has_every_judgement() {
    let folder = sample();
    let path = folder.path();
    // The overall NPS, eight channels, and one statistic.
    let csv = printed(path, &["--format", "csv"]);
    assert_eq!(csv.lines().count(), 11);
    assert!(csv.starts_with("metric,definition,gate,channel,period,result,n,value,lower,upper,"), "{csv}");
    assert!(csv.contains("\nnps,0-10,nps >= 0,,,pass,377,12.20159151193634,"), "{csv}");
    assert_eq!(printed(path, &["--format", "tsv"]).lines().count(), 11);
    let jsonl = printed(path, &["--format", "jsonl"]);
    let rows: Vec<serde_json::Value> =
        jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((rows.len(), &rows[0]["result"], &rows[0]["baseline_n"]), (10, &"pass".into(), &().into()));
    let md = printed(path, &["--format", "md"]);
    assert!(md.contains("| Gate | Channel | Result | n | Value | Interval |"), "{md}");
    assert!(md.contains("| nps >= 0 | (all) | PASS | 377 | 12.2 | 4.4 … 19.9 |"), "{md}");
    let table = printed(path, &["--format", "table"]);
    assert!(table.contains("3 gates: 2 fail, 1 passes"), "{table}");
    assert!(table.contains("Fails: resolution_time.p90 <= 48: the whole interval is above 48"), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 120), "{table}");
}

#[test]
fn junit_is_xml_with_a_test_for_each_judgement() {
    let folder = sample();
    let path = folder.path();
    let xml = printed(path, &["--format", "junit"]);
    assert!(xml.starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cxm check\" tests=\"10\" "
    ));
    let csv = printed(path, &["--format", "csv", "--junit", "gates.xml"]);
    let times = |word: &str| csv.matches(word).count();
    assert_eq!(fs::read_to_string(path.join("gates.xml")).unwrap(), xml);
    assert_eq!(xml.matches("<testcase ").count(), 10);
    assert_eq!(xml.matches("</testcase>").count(), 10);
    assert_eq!(xml.matches("<failure ").count(), times(",fail,"));
    assert_eq!(xml.matches("<skipped ").count(), times(",not-enough-data,"));
    assert!(xml.contains(&format!(
        "failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        times(",fail,"),
        times(",not-enough-data,")
    )));
    // By its name alone.
    assert_eq!(printed(path, &["-o", "named.xml"]), "");
    assert_eq!(fs::read_to_string(path.join("named.xml")).unwrap(), xml);
}

#[test]
fn threads_change_no_byte() {
    let folder = sample();
    let with = |threads: &str| {
        let mut command = cxm(folder.path());
        command.args(["check", "-q", "surveys.csv", "tickets.csv", "--format", "json", "--threads", threads]);
        command.args(GATES).output().unwrap().stdout
    };
    assert!(!with("1").is_empty() && with("1") == with("2"));
}
