//! `cxm.toml` through the program: what it names is read as it says, and flags win.

mod by_preset;
mod init;
mod law;
mod precedence;
mod refused;

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::cli::{assert_refused, cxm};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A folder with files.
fn with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = folder();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, words: &[&str]) -> Output {
    cxm(folder).args(words).output().unwrap()
}

/// What a command that works prints.
fn printed(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The error and its hint.
fn refused(folder: &Path, words: &[&str], status: i32) -> String {
    let output = run(folder, words);
    assert_refused(&output, status, &format!("{words:?}"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let from = stderr.find("error: ").unwrap();
    stderr[from..].trim_start_matches("error: ").trim_end().replace("\nhint: ", " | ")
}

/// A setting as `inspect --settings` has it: its value and where it is from.
fn setting(folder: &Path, name: &str, flags: &[&str]) -> (Option<String>, String) {
    let text = printed(folder, &[&["inspect", "--settings", "--format", "json"], flags].concat());
    let found: Value = serde_json::from_str(&text).unwrap();
    let all = found["settings"].as_array().unwrap();
    let one = all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name} in {text}"));
    (one["value"].as_str().map(str::to_owned), one["from"].as_str().unwrap().to_owned())
}

/// The sample exports in a folder of their own.
fn sample() -> tempfile::TempDir {
    let folder = folder();
    for name in ["surveys.csv", "tickets.csv", "purchases.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample").join(name);
        fs::copy(from, folder.path().join(name)).unwrap();
    }
    folder
}

const EXPORTS: [&str; 3] = ["purchases.csv", "surveys.csv", "tickets.csv"];

/// Ten answers a file, of ten customers.
fn answers(scores: [u32; 4]) -> String {
    let rows = scores.iter().enumerate().map(|(at, score)| format!("{at},2026-01-0{},{score}\n", at + 1));
    format!("id,date,nps\n{}", rows.collect::<String>())
}

#[test]
fn each_source_is_read_as_the_config_says_of_it() {
    let config = "\
tz = \"Europe/Amsterdam\"

[[source]]
files = [\"in/a*.csv\"]
kind = \"surveys\"
dates = \"dmy\"
[source.columns]
nps = \"Q1\"

[[source]]
files = [\"in/b.csv\"]
kind = \"surveys\"
dates = \"mdy\"
tz = \"UTC\"
[source.columns]
nps = \"Q2\"
";
    let a = "id,date,Q1,Q2\n1,03/04/2026 00:00,10,0\n2,04/04/2026 00:00,9,0\n";
    let b = "id,date,Q1,Q2\n3,04/05/2026 00:00,0,10\n4,04/06/2026 00:00,0,9\n";
    let folder = with(&[("cxm.toml", config), ("in/a.csv", a), ("in/b.csv", b)]);
    // Four promoters of four; the last was on 6 April in UTC, the first on 3 April in Amsterdam.
    let text = printed(folder.path(), &["nps", "-q", "--period", "day", "--min-n", "0"]);
    let cells = |at: usize| -> Vec<&str> {
        text.lines().skip(1).map(|line| line.split(',').nth(at).unwrap()).collect()
    };
    assert_eq!(cells(2), ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"], "{text}");
    assert!(cells(4).iter().all(|value| *value == "100"), "{text}");
    let found: Value =
        serde_json::from_str(&printed(folder.path(), &["nps", "-q", "--format", "json"])).unwrap();
    assert_eq!(
        (&found["as_of"], &found["timezone"]),
        (&"2026-04-06T00:00:00Z".into(), &"Europe/Amsterdam".into())
    );
    // A flag wins over what a source says: now b.csv is in Amsterdam's time as well, and both have their answer in Q1.
    let flags = ["--tz", "Europe/Amsterdam", "--map", "surveys.nps=Q1"];
    let found = printed(folder.path(), &[&["nps", "-q", "--format", "json"], &flags[..]].concat());
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["as_of"], "2026-04-05T22:00:00Z");
    assert_eq!(found["results"][0]["value"], 0.0);
    // And so does it where it is asked for.
    assert_eq!(setting(folder.path(), "source[2].tz", &[]), (Some("UTC".into()), "cxm.toml line 14".into()));
    assert_eq!(
        setting(folder.path(), "source[2].columns.nps", &[]),
        (Some("Q2".into()), "cxm.toml line 16".into())
    );
    let text = printed(folder.path(), &["inspect", "--settings", "--tz", "UTC"]);
    assert!(!text.contains("source[2].tz") && text.contains("source[2].dates"), "{text}");
}

#[test]
fn exports_on_the_command_line_replace_the_sources_and_leave_the_settings() {
    let config = "confidence = 0.9\n[[source]]\nfiles = [\"a.csv\"]\n[source.columns]\nnps = \"missing\"\n";
    let folder = with(&[
        ("cxm.toml", config),
        ("a.csv", &answers([0, 0, 0, 0])),
        ("b.csv", &answers([10, 10, 10, 0])),
    ]);
    let found: Value =
        serde_json::from_str(&printed(folder.path(), &["nps", "b.csv", "--format", "json", "-q"])).unwrap();
    assert_eq!(found["sources"].as_array().unwrap().len(), 1);
    assert_eq!((&found["sources"][0]["path"], &found["confidence"]), (&"b.csv".into(), &0.9.into()));
    // Three promoters and a detractor of four.
    assert_eq!(found["results"][0]["value"], 50.0);
    let output = run(folder.path(), &["nps", "b.csv", "--min-n", "1"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("settings of cxm.toml; --no-config leaves them out\n"), "{stderr}");
    assert!(String::from_utf8(output.stdout).unwrap().lines().nth(1).unwrap().starts_with("nps,0-10,,4,50,"));
    assert_eq!(setting(folder.path(), "exports", &["b.csv"]), (Some("b.csv".into()), "command line".into()));
}

#[test]
fn paths_are_relative_to_the_config() {
    let config = "[[source]]\nfiles = [\"in/*.csv\"]\n";
    let folder = with(&[("odd [1]/cxm.toml", config), ("odd [1]/in/a.csv", &answers([10, 9, 9, 10]))]);
    let named = ["nps", "-q", "--min-n", "1", "-c", "odd [1]/cxm.toml"];
    assert!(printed(folder.path(), &named).contains("nps,0-10,,4,100,"));
    assert!(
        printed(&folder.path().join("odd [1]"), &["nps", "-q", "--min-n", "1"]).contains("nps,0-10,,4,100,")
    );
    fs::write(folder.path().join("odd [1]/own.toml"), "presets = \"mine\"\n").unwrap();
    assert_eq!(
        refused(folder.path(), &["nps", "odd [1]/in/a.csv", "-c", "odd [1]/own.toml"], 2),
        "`odd [1]/mine` is no folder, says line 1 of `odd [1]/own.toml`"
    );
    // And so does `init` write them.
    fs::create_dir_all(folder.path().join("conf/deep")).unwrap();
    printed(folder.path(), &["init", "-o", "conf/deep/new.toml", "odd [1]/in/a.csv"]);
    assert!(
        printed(folder.path(), &["nps", "-q", "--min-n", "1", "-c", "conf/deep/new.toml"])
            .contains("nps,0-10,,4,100,")
    );
}

#[test]
fn a_journey_of_one_s_own_has_its_stages_in_their_order() {
    let config = "\
by = [\"stage\"]
min_n = 1
[[source]]
files = [\"t.csv\"]
[journey]
stages = [\"discover\", \"buy\", \"service\", \"leave\"]
[journey.names]
support = \"service\"
";
    let tickets = "ticket,customer,created at,status,resolved at,stage\n1,A,2026-01-01,solved,2026-01-02,Leave\n2,B,2026-01-01,solved,2026-01-03,\n3,C,2026-02-01,solved,2026-02-03,buy\n";
    let folder = with(&[("cxm.toml", config), ("t.csv", tickets)]);
    let text = printed(folder.path(), &["resolution-time", "-q"]);
    let stages: Vec<&str> = text.lines().skip(2).map(|line| line.split(',').nth(3).unwrap()).collect();
    // A ticket is about support where nothing else says more, and this journey calls support service.
    assert_eq!(stages, ["buy", "service", "leave"], "{text}");
    // Without that name nobody knows the stage of the second.
    let text = printed(
        folder.path(),
        &["resolution-time", "-q", "--stages", "leave,buy", "--stage-name", "support=buy"],
    );
    assert!(text.contains(",leave,") && text.contains(",buy,"), "{text}");
    assert_eq!(
        refused(folder.path(), &["resolution-time", "--stages", "leave,buy"], 2),
        "`support = \"service\"` on line 8 of `cxm.toml` names no stage: `service` | the stages are leave and buy"
    );
    assert!(
        refused(folder.path(), &["resolution-time", "--stages", "a,b,A", "--no-config", "t.csv"], 2)
            .contains("named twice")
    );
}

#[test]
fn a_report_shows_the_metrics_of_the_config() {
    let folder = sample();
    fs::write(
        folder.path().join("cxm.toml"),
        "metrics = [\"nps\", \"first-reply-time\"]\nby = [\"channel\"]\n",
    )
    .unwrap();
    let metrics = |more: &[&str]| -> Vec<String> {
        let text =
            printed(folder.path(), &[&["report", "-q", "--format", "json"], &EXPORTS[..], more].concat());
        let found: Value = serde_json::from_str(&text).unwrap();
        found["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(metrics(&[]), ["nps", "first_reply_time"]);
    assert_eq!(metrics(&["--metrics", "churn"]), ["churn"]);
    assert!(metrics(&["--no-config"]).len() > 10);
    // A command of one metric has no use for the list.
    assert!(printed(folder.path(), &["csat", "-q", "surveys.csv"]).contains("csat,top2,,app,"));
    assert_eq!(
        refused(folder.path(), &["report", "--metrics", "npz"], 2),
        "`--metrics npz` is no metric | did you mean nps?"
    );
}
