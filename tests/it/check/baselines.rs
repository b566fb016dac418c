//! Gates on changes: the test of the difference decides, and a baseline that means something else is refused.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{answers, checked, is_about, nps, results, run, with};
use crate::cli::assert_refused;

/// A folder with answers of now and a report of those of then.
fn changed(metric: &str, then: &str, now: &str) -> tempfile::TempDir {
    let folder = with(&[("then.csv", then), ("now.csv", now)]);
    report(folder.path(), &["--metrics", metric, "then.csv", "-o", "then.json"]);
    folder
}

fn report(folder: &Path, words: &[&str]) {
    let output = run(folder, &[&["report", "-q", "--format", "json"], words].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn judged(folder: &Path, gate: &str) -> (Value, i32) {
    let (mut rows, status) = checked(folder, &["now.csv", "--gate", gate, "--baseline", "then.json"]);
    assert_eq!(rows.len(), 1);
    (rows.remove(0), status)
}

#[test]
fn a_drop_of_nps_is_told_from_noise() {
    // From 30 to 10 on a hundred answers each: MOVER gives −41.79 to 2.53 (as its own example, seen from the other side).
    let hundred = changed("nps", &nps([20, 30, 50]), &nps([30, 30, 40]));
    let (row, status) = judged(hundred.path(), "nps no-drop");
    assert_eq!((status, row["baseline"].as_f64(), row["baseline_n"].as_u64()), (5, Some(30.0), Some(100)));
    assert!(is_about(&row["change"], -20.0), "{row}");
    assert!(is_about(&row["change_lower"], -41.786) && is_about(&row["change_upper"], 2.529), "{row}");
    assert!(is_about(&row["p"], 0.08186), "{row}");
    assert_eq!((&row["method"], &row["baseline_file"]), (&"mover-score".into(), &"then.json".into()));
    assert_eq!(judged(hundred.path(), "nps no-drop 41.8").1, 0);
    assert_eq!(judged(hundred.path(), "nps no-drop 41.7").1, 5);
    let raw = |gate| checked(hundred.path(), &["now.csv", "--raw", "--gate", gate]).1;
    assert_eq!([raw("nps no-drop vs then.json"), raw("nps no-drop 20 vs then.json")], [1, 0]);
    // The same shares of four times as many: half the width, and more than noise.
    let more = changed("nps", &nps([80, 120, 200]), &nps([120, 120, 160]));
    let (row, status) = judged(more.path(), "nps no-drop");
    assert_eq!((status, &row["note"]), (1, &"the drop is more than noise".into()));
    assert_eq!(judged(more.path(), "nps no-drop 20").1, 5);
    assert_eq!(judged(more.path(), "nps no-drop 5").1, 1);
    // And seen the other way round it is a gain.
    let gain = changed("nps", &nps([120, 120, 160]), &nps([80, 120, 200]));
    assert_eq!(judged(gain.path(), "nps no-drop").1, 0);
}

#[test]
fn no_drop_on_a_handful_of_answers_is_no_pass() {
    let few = changed("nps", &nps([20, 30, 50]), &nps([1, 1, 1]));
    let (row, status) = judged(few.path(), "nps no-drop");
    assert_eq!((status, &row["result"]), (5, &"not-enough-data".into()));
}

#[test]
fn shares_and_means_have_their_own_tests() {
    let day = "2026-01-10";
    let csat = |satisfied, not| answers("csat", &[(day, "app", 5, satisfied), (day, "app", 1, not)]);
    // Newcombe 1998b, method 10: 56 of 70 less 48 of 80 is 20 points, 5.24 to 33.39.
    let folder = changed("csat", &csat(56, 14), &csat(48, 32));
    let (row, status) = judged(folder.path(), "csat no-drop");
    assert_eq!((status, &row["method"]), (1, &"newcombe".into()));
    assert!(is_about(&row["change_lower"], -33.39) && is_about(&row["change_upper"], -5.24), "{row}");
    // Means of 5 and 4 with a variance of 10/9 on ten answers each: 1 ± t(18) √(2/9) = 1 ± 2.1009 × 0.4714.
    let ces = |low, high| answers("ces", &[(day, "app", low, 5), (day, "app", high, 5)]);
    let folder = changed("ces", &ces(4, 6), &ces(3, 5));
    let (row, status) = judged(folder.path(), "ces no-drop");
    assert_eq!((status, &row["method"]), (1, &"welch".into()));
    assert!(is_about(&row["change_lower"], -1.990) && is_about(&row["change_upper"], -0.010), "{row}");
}

#[test]
fn what_a_record_does_not_count_is_compared_by_its_limits() {
    let tickets = |hours: std::ops::Range<u32>| {
        let row = |hour: u32| {
            format!(
                "{hour},{hour},2026-01-01 00:00,solved,2026-01-{:02} {:02}:00\n",
                1 + hour / 24,
                hour % 24
            )
        };
        "ticket,customer,created at,status,resolved at\n".to_owned() + &hours.map(row).collect::<String>()
    };
    let folder = changed("resolution_time", &tickets(1..100), &tickets(51..150));
    let (row, status) = judged(folder.path(), "resolution_time no-rise");
    // Medians of 50 and of 100 hours, each with the limits of its report.
    assert_eq!((status, row["change"].as_f64(), &row["method"]), (1, Some(50.0), &"mover".into()));
    let then: Value = serde_json::from_slice(&fs::read(folder.path().join("then.json")).unwrap()).unwrap();
    let limit = |name: &str| then["results"][0][name].as_f64().unwrap();
    let [lower, upper] = ["lower", "upper"].map(|name| row[name].as_f64().unwrap());
    let below = ((100.0 - lower).powi(2) + (limit("upper") - 50.0).powi(2)).sqrt();
    let above = ((upper - 100.0).powi(2) + (50.0 - limit("lower")).powi(2)).sqrt();
    assert!(is_about(&row["change_lower"], 50.0 - below) && is_about(&row["change_upper"], 50.0 + above));
    // Limits of another confidence are no match for these.
    let words = ["check", "now.csv", "--gate", "resolution_time no-rise vs then.json", "--confidence", "0.9"];
    let output = run(folder.path(), &words);
    assert_refused(&output, 3, "another confidence");
    assert!(String::from_utf8_lossy(&output.stderr).contains("a confidence of 0.95, and this run at 0.9"));
}

#[test]
fn groups_are_held_against_themselves() {
    let day = "2026-01-10";
    let of = |channels: &[(&'static str, usize, usize)]| {
        let given =
            channels.iter().flat_map(|(name, good, bad)| [(day, *name, 5, *good), (day, *name, 1, *bad)]);
        answers("csat", &given.collect::<Vec<_>>())
    };
    let then = of(&[("app", 500, 100), ("mail", 500, 100), ("old", 20, 20), ("tiny", 1, 2), ("small", 6, 0)]);
    let now = of(&[("app", 400, 200), ("mail", 505, 95), ("new", 30, 10), ("tiny", 20, 20)]);
    let folder = changed("csat", &then, &now);
    let words = ["now.csv", "--gate", "csat by channel no-drop vs then.json"];
    let (rows, status) = checked(folder.path(), &words);
    let told: Vec<(&str, &str)> =
        rows.iter().map(|row| (row["channel"].as_str().unwrap(), row["note"].as_str().unwrap())).collect();
    let expected = [
        ("app", "the drop is more than noise"),
        ("mail", "a drop of more than 5 percentage points is ruled out"),
        ("new", "it is not in the baseline"),
        ("tiny", "too small a group to show in the baseline"),
        ("old", "nothing now of what was in the baseline"),
    ];
    assert_eq!((told, status), (expected.to_vec(), 1));
    assert_eq!(results(&rows)[..3], ["fail", "pass", "not-enough-data"]);
    // The group that only the baseline hides gives nothing of it away.
    assert_eq!((&rows[3]["baseline"], &rows[3]["change"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_baseline_that_means_something_else_is_refused() {
    let folder = changed("nps", &nps([20, 30, 50]), &nps([30, 30, 40]));
    let path = folder.path();
    let text = fs::read_to_string(path.join("then.json")).unwrap();
    let gate = ["check", "now.csv", "--gate", "nps no-drop vs b.json"];
    let refused = |text: &str, more: &[&str], expected: &str| {
        fs::write(path.join("b.json"), text).unwrap();
        let output = run(path, &[&gate[..], more].concat());
        assert_refused(&output, 3, expected);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let told = format!("error: the baseline `b.json` {expected}");
        assert!(stderr.contains(&told), "{told}\n{stderr}");
    };
    refused("", &[], "is no report in JSON: ");
    refused("{}", &[], "is no report: it names no schema");
    refused(
        &text.replace("cxm/1", "cxm/2"),
        &[],
        "has the schema `cxm/2`, and this version compares `cxm/1`",
    );
    refused("{\"schema\": \"cxm/1\"}", &[], "is no whole report: missing field");
    refused(
        &text.replace("\"0-10\"", "\"7-point\""),
        &[],
        "has nps by the definition `7-point`, and this run has `0-10`",
    );
    refused(&text.replace("\"metric\": \"nps\"", "\"metric\": \"ces\""), &[], "has no nps");
    refused(&text, &["--window", "60d"], "was made with window `90d`, and this run has `60d`");
    refused(
        &text,
        &["--where", "channel = \"app\""],
        "was made with where none, and this run has `channel = \"app\"`",
    );
    refused(&text, &["--period", "month"], "has no periods, and this run has months");
    refused(&text, &["--gate", "nps by relation no-drop vs b.json"], "has no nps by relation");
    let own =
        run(path, &["check", "now.csv", "-q", "--format", "json", "--gate", "nps > 0", "-o", "own.json"]);
    assert!(own.status.code().is_some());
    let own = fs::read_to_string(path.join("own.json")).unwrap();
    refused(&own, &[], "is no report, but what `cxm check` found");
    // Another confidence changes no count, another time is what a baseline is for, and what is shown changes nothing.
    fs::write(path.join("b.json"), &text).unwrap();
    for more in [["--confidence", "0.9"], ["--since", "2026-01-01"], ["--min-n", "9"]] {
        checked(path, &[&gate[1..], &more].concat());
    }
}

#[test]
fn a_baseline_on_another_scale_is_refused() {
    let on = |highest| answers("csat", &[("2026-01-10", "app", highest, 30), ("2026-01-10", "app", 1, 9)]);
    let folder = changed("csat", &on(5), &on(7));
    let output = run(folder.path(), &["check", "now.csv", "--gate", "csat no-drop vs then.json"]);
    assert_refused(&output, 3, "another scale");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("has csat on a scale of 1-5, and this run on 1-7"), "{stderr}");
}

#[test]
fn the_same_answers_in_both_are_told() {
    let folder = changed("nps", &nps([20, 30, 50]), &nps([30, 30, 40]));
    let caveats = |more: &[&str]| {
        let words = ["check", "-q", "now.csv", "--format", "json", "--gate", "nps no-drop vs then.json"];
        let output = run(folder.path(), &[&words[..], more].concat());
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let caveats = found["caveats"].as_array().unwrap().clone();
        caveats.into_iter().filter(|caveat| caveat["kind"] == "overlapping-baseline").collect::<Vec<_>>()
    };
    let same = caveats(&[]);
    assert!(same[0]["cause"].as_str().unwrap().contains("as of the same moment"), "{same:?}");
    let later = caveats(&["--as-of", "2026-02-01"]);
    assert_eq!(later[0]["remedy"], "judge what came after it alone: --since 2026-01-10T00:00:00Z");
    assert!(caveats(&["--as-of", "2026-02-01", "--since", "2026-01-10"]).is_empty());
}

#[test]
fn weighed_answers_are_worth_what_they_are_worth() {
    // Where all weigh the same they are worth as many as they are.
    let weighed = |text: &str| {
        let lines = text.lines().enumerate();
        let line = |(at, line): (usize, &str)| format!("{line},{}\n", if at == 0 { "weight" } else { "2" });
        lines.map(line).collect::<String>()
    };
    let (then, now) = (nps([20, 30, 50]), nps([30, 30, 40]));
    let folder = changed("nps", &weighed(&then), &weighed(&now));
    let (row, status) = judged(folder.path(), "nps no-drop");
    assert_eq!((status, &row["method"]), (5, &"mover-score".into()));
    assert!(is_about(&row["change_lower"], -41.786) && is_about(&row["change_upper"], 2.529), "{row}");
}

#[test]
fn the_definition_that_counts_says_which_way_is_worse() {
    let effort = |score| answers("ces", &[("2026-01-10", "app", score, 30), ("2026-01-10", "app", 3, 30)]);
    let folder = with(&[("then.csv", &effort(1)), ("now.csv", &effort(4))]);
    let def = ["--def", "ces=1.0"];
    report(folder.path(), &[&["--metrics", "ces", "then.csv", "-o", "then.json"], &def[..]].concat());
    // In its first form the score is effort: from 2 to 3.5 is worse.
    let words = ["now.csv", "--gate", "ces no-rise vs then.json"];
    let (rows, status) = checked(folder.path(), &[&words[..], &def].concat());
    assert_eq!((results(&rows), status, rows[0]["change"].as_f64()), (vec!["fail"], 1, Some(1.5)));
    let output = run(folder.path(), &[&["check"], &words[..]].concat());
    assert_refused(&output, 2, "a higher ces is better");
    let words = ["check", "now.csv", "--gate", "ces no-drop vs then.json"];
    let output = run(folder.path(), &[&words[..], &def].concat());
    assert_refused(&output, 2, "a lower effort is better");
    let output = run(folder.path(), &words);
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("has ces by the definition `1.0`, and this run has `2.0`")
    );
}
