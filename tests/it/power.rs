//! `cxm power` as an analyst runs it: against numbers that other people's libraries gave, and from exports.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};
use crate::golden::{Case, golden};

fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.csv"), text).unwrap();
    folder
}

/// The rows of a run that need not read anything.
fn rows(folder: &TempDir, words: &[&str]) -> Vec<Value> {
    let output = cxm(folder.path()).args(words).args(["--format", "json", "-q"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    found["results"].as_array().unwrap().clone()
}

/// The one row for these flags.
fn planned(words: &[String]) -> Value {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let rows = rows(&folder(""), &words);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

/// The command of a golden case, the key of its answer, and what it is to be.
fn of(case: &Case) -> Option<(Vec<String>, &'static str, &'static str)> {
    let input = |name: &str| case.input(name);
    // 0.85 − 0.8 is not quite 0.05: what an analyst types is.
    let percent = |x: f64| ((x * 1e10).round() / 1e8).to_string();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (mut words, key, want) = match case.0["input"]["kind"].as_str().unwrap() {
        "nps_margin" => (
            words(&[
                "power",
                "nps",
                "--promoters",
                &percent(input("promoters")),
                "--detractors",
                &percent(input("detractors")),
                "--margin",
                &percent(input("margin")),
            ]),
            "n_for_margin",
            "n_score_interval",
        ),
        "prop_margin" => (
            words(&["power", "csat", "--share", &percent(input("p")), "--margin", &percent(input("margin"))]),
            "n_for_margin",
            "n_wilson_halfwidth",
        ),
        "prop_two_sample" => (
            words(&[
                "power",
                "csat",
                "--share",
                &percent(input("p1")),
                "--change",
                &percent(input("p2") - input("p1")),
                "--power",
                &input("power").to_string(),
            ]),
            "n_per_group",
            "n_per_group",
        ),
        "mean_two_sample" => (
            words(&[
                "power",
                "ces",
                "--sd",
                &input("sd").to_string(),
                "--change",
                &input("delta").to_string(),
                "--power",
                &input("power").to_string(),
            ]),
            "n_per_group",
            "n_per_group",
        ),
        _ => return None,
    };
    words.extend(["--confidence".to_owned(), input("conf").to_string()]);
    Some((words, key, want))
}

#[test]
fn plans_are_those_of_other_people_s_libraries() {
    let mut compared = 0;
    for case in golden!("power.json") {
        let Some((words, key, want)) = of(&case) else { continue };
        let row = planned(&words);
        case.check(key, row[key].as_f64(), &case.expect()[want]);
        compared += 1;
    }
    assert_eq!(compared, 6 + 3 + 3 + 1, "margins of scores and of shares, changes of shares and of a mean");
}

/// 20 promoters, 12 passives and 8 detractors on the web, and as many of each in the app, by turns.
fn answers() -> String {
    let mut text = "date,email,channel,nps\n".to_owned();
    for at in 0..80 {
        let score = if at % 40 < 20 {
            10
        } else if at % 40 < 32 {
            8
        } else {
            1
        };
        let channel = if at < 40 { "app" } else { "web" };
        writeln!(text, "2026-01-{:02},c{at}@x.com,{channel},{score}", 1 + at % 28).unwrap();
    }
    text.push_str("2026-01-03,z@x.com,chat,9\n");
    text
}

#[test]
fn exports_say_how_much_answers_vary() {
    let folder = folder(&answers());
    // 40 promoters and 16 detractors of 80 are 50 and 20 %: the same plan as when that is said.
    let filter = ["--where", "channel != chat"];
    let read =
        rows(&folder, &[&["power", "nps", "s.csv", "--change", "5", "--margin", "5"], &filter[..]].concat());
    let said = rows(
        &folder,
        &["power", "nps", "--promoters", "50", "--detractors", "20", "--change", "5", "--margin", "5"],
    );
    for key in ["change", "n_per_group", "margin", "n_for_margin", "power", "unit"] {
        assert_eq!(read[0][key], said[0][key], "{key}");
    }
    assert_eq!((read[0]["n"].as_u64(), read[0]["value"].as_f64()), (Some(80), Some(30.0)));
    // (1.959964 + 0.841621) √(2 · 6100 / 80) = 34.6 points.
    assert!((read[0]["detectable"].as_f64().unwrap() - 34.597).abs() < 0.001, "{}", read[0]);
    assert!(said[0]["n"].is_null() && said[0]["detectable"].is_null());
}

#[test]
fn each_group_is_told_what_it_could_show_and_small_ones_are_hidden() {
    let folder = folder(&answers());
    let rows = rows(&folder, &["power", "nps", "s.csv", "--by", "channel"]);
    let groups: Vec<(&str, u64, bool)> = rows
        .iter()
        .map(|row| (row["group"].as_str().unwrap(), row["n"].as_u64().unwrap(), row["detectable"].is_null()))
        .collect();
    // The one answer by chat is hidden, and the smaller of the others beside it.
    assert_eq!(groups, [("", 81, false), ("app", 40, true), ("chat", 1, true), ("web", 40, false)]);
    assert!(rows[1]["value"].is_null() && rows[2]["value"].is_null());
    assert!(rows[3]["detectable"].as_f64() > rows[0]["detectable"].as_f64());
}

#[test]
fn without_a_question_a_table_of_sizes_is_answered() {
    let folder = folder(&answers());
    let sizes = |words: &[&str]| -> Vec<f64> {
        rows(&folder, words).iter().map(|row| row["change"].as_f64().unwrap()).collect()
    };
    assert_eq!(sizes(&["power", "nps", "s.csv"]), [1.0, 2.0, 5.0, 10.0, 20.0]);
    assert_eq!(sizes(&["power", "ces", "--sd", "1.4"]), [0.1, 0.2, 0.5, 1.0]);
    let n: Vec<u64> = rows(&folder, &["power", "csat", "--share", "80"])
        .iter()
        .map(|row| row["n_per_group"].as_u64())
        .collect::<Option<_>>()
        .unwrap_or_default();
    // A rise by 20 points leads to 100 %, which is on the scale still.
    assert_eq!(n.len(), 5);
    assert!(n.is_sorted_by(|one, next| one > next), "{n:?}");
}

#[test]
fn a_change_beyond_the_scale_has_a_reason_and_no_number() {
    let row = planned(&["power", "csat", "--share", "98", "--change", "5"].map(str::to_owned));
    assert!(row["n_per_group"].is_null());
    assert_eq!(row["note"], "the change leads beyond the scale");
    let row = planned(
        &["power", "nps", "--promoters", "0", "--detractors", "0", "--change", "5"].map(str::to_owned),
    );
    assert_eq!((row["n_per_group"].as_u64(), row["note"].as_str()), (None, Some("nothing varies")));
}

#[test]
fn every_format_says_the_same_whatever_the_threads() {
    let folder = folder(&answers());
    for format in ["table", "csv", "tsv", "json", "jsonl", "md"] {
        let of = |threads: &str| {
            let words = [
                "power",
                "nps",
                "s.csv",
                "--by",
                "channel",
                "--change",
                "10",
                "--format",
                format,
                "--threads",
                threads,
            ];
            cxm(folder.path()).args(words).output().unwrap().stdout
        };
        let text = String::from_utf8(of("1")).unwrap();
        assert_eq!(text.as_bytes(), of("2"), "{format}");
        assert!(text.contains("app") && text.contains("chat"), "{format}: {text}");
    }
}

#[test]
fn what_cannot_be_planned_is_refused_with_what_to_type() {
    let folder = folder(&answers());
    for (words, told) in [
        (vec!["nps"], "nothing says how much nps varies"),
        (vec!["nps", "--promoters", "50"], "nothing says how much nps varies"),
        (vec!["nps", "--share", "80"], "nps is a net score, of which `--share` says nothing"),
        (vec!["csat", "--sd", "1"], "csat is a share, of which `--sd` says nothing"),
        (vec!["nps", "--promoters", "80", "--detractors", "30"], "more than 100 % together"),
        (
            vec!["nps", "--promoters", "130", "--detractors", "0"],
            "`--promoters 130` is no percentage from 0 to 100",
        ),
        (
            vec!["nps", "s.csv", "--promoters", "50", "--detractors", "20"],
            "the values are said, and exports are given too",
        ),
        (vec!["resolution-time"], "how much resolution_time varies is known from exports alone"),
        (vec!["nps", "s.csv", "--change", "0"], "`--change 0` is no change"),
        (vec!["nps", "s.csv", "--margin", "-1"], "`--margin -1` is no number above 0"),
        (vec!["nps", "s.csv", "--power", "80"], "`--power 80` is not between 0.5 and 0.9999"),
        (vec!["nps", "s.csv", "--period", "week"], "`cxm power` knows no calendar periods"),
    ] {
        let output = cxm(folder.path()).arg("power").args(&words).output().unwrap();
        assert_refused(&output, 2, told);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
}

#[test]
fn answers_that_are_worth_less_take_more() {
    // 60 answers of weight 1 and 60 of weight 3: (60 + 180)² / (60 + 540) = 96, so that 120 / 96 = 1.25 times as many.
    let mut text = "date,nps,weight\n".to_owned();
    for row in 0..120 {
        let (score, weight) = ([10, 8, 3][row % 3], [1, 3][row / 60]);
        writeln!(text, "2026-01-01,{score},{weight}").unwrap();
    }
    let n = |words: &[&str]| {
        let mut all = vec!["power", "nps", "s.csv", "--change", "5"];
        all.extend(words);
        rows(&folder(&text), &all)[0]["n_per_group"].as_u64().unwrap()
    };
    let plain = n(&["--map", "surveys.weight="]);
    assert_eq!(n(&[]), (plain as f64 * 1.25).ceil() as u64);
}
