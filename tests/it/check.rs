//! `cxm check`: gates on evidence, their verdicts by numbers worked out elsewhere, and what is refused.

mod baselines;
mod refused;
mod shown;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::cli::cxm;

/// A folder with files.
fn with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

/// Answers of one customer each: so many of each score, on a day, in a channel.
fn answers(metric: &str, given: &[(&str, &str, u32, usize)]) -> String {
    let mut text = format!("id,date,channel,{metric}\n");
    let scores = given.iter().flat_map(|given| vec![given; given.3]);
    for (id, (day, channel, score, _)) in scores.enumerate() {
        writeln!(text, "{id},{day},{channel},{score}").unwrap();
    }
    text
}

/// So many detractors, passives and promoters.
fn nps([detractors, passives, promoters]: [usize; 3]) -> String {
    let day = "2026-01-10";
    answers("nps", &[(day, "app", 3, detractors), (day, "app", 7, passives), (day, "app", 10, promoters)])
}

fn run(folder: &Path, words: &[&str]) -> Output {
    cxm(folder).args(words).output().unwrap()
}

/// The rows of a check in JSON, and its exit status.
fn checked(folder: &Path, words: &[&str]) -> (Vec<Value>, i32) {
    let output = run(folder, &[&["check", "-q", "--format", "json"], words].concat());
    let status = output.status.code().unwrap();
    assert!([0, 1, 5].contains(&status), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["schema"], &found["command"]), (&"cxm/1".into(), &"check".into()));
    (found["results"].as_array().unwrap().clone(), status)
}

/// What each row came to.
fn results(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["result"].as_str().unwrap()).collect()
}

fn is_about(got: &Value, want: f64) -> bool {
    got.as_f64().is_some_and(|got| (got - want).abs() < 0.006)
}

#[test]
fn a_level_is_judged_by_the_interval() {
    // Twenty detractors, thirty passives and fifty promoters: Tango's interval of 30 is 13.955 to 44.339.
    let folder = with(&[("a.csv", &nps([20, 30, 50]))]);
    for (gate, result, status) in [
        ("nps >= 13.95", "pass", 0),
        ("nps >= 13.96", "not-enough-data", 5),
        ("nps >= 44.33", "not-enough-data", 5),
        ("nps >= 44.34", "fail", 1),
        ("nps <= 44.34", "pass", 0),
        ("nps < 13.95", "fail", 1),
        ("nps > 30", "not-enough-data", 5),
    ] {
        let (rows, got) = checked(folder.path(), &["a.csv", "--gate", gate]);
        assert_eq!((results(&rows), got), (vec![result], status), "{gate}");
        assert!(is_about(&rows[0]["lower"], 13.955) && is_about(&rows[0]["upper"], 44.339), "{rows:?}");
        assert_eq!((rows[0]["n"].as_u64(), rows[0]["value"].as_f64()), (Some(100), Some(30.0)));
    }
    // The value itself says less, and says it always.
    let raw = |gate: &str| checked(folder.path(), &["a.csv", "--raw", "--gate", gate]).1;
    assert_eq!([raw("nps >= 30"), raw("nps > 30"), raw("nps >= 44")], [0, 1, 1]);
    // 1 − 0.6 of the doubt is enough for some: at 60 % the interval is about half as wide.
    let sure = ["a.csv", "--gate", "nps >= 20", "--confidence"];
    assert_eq!(checked(folder.path(), &[&sure[..], &["0.6"]].concat()).1, 0);
    assert_eq!(checked(folder.path(), &[&sure[..], &["0.95"]].concat()).1, 5);
}

#[test]
fn a_failure_outweighs_doubt_and_doubt_a_pass() {
    let folder = with(&[("a.csv", &nps([20, 30, 50]))]);
    let status = |gates: &[&str]| {
        let gates = gates.iter().flat_map(|gate| ["--gate", gate]).collect::<Vec<_>>();
        checked(folder.path(), &[&["a.csv"], &gates[..]].concat()).1
    };
    assert_eq!(status(&["nps >= 10", "nps >= 0"]), 0);
    assert_eq!(status(&["nps >= 10", "nps >= 30"]), 5);
    assert_eq!(status(&["nps >= 10", "nps >= 30", "nps >= 50"]), 1);
}

#[test]
fn each_group_is_judged_for_itself_and_a_small_one_is_not_shown() {
    // Wilson: 81 of 263 are 25.53 to 36.62 %; 15 of 148 are 6.24 to 16.05 % (Newcombe 1998a); 3 are too few to show, and
    // then the next smallest group is hidden as well.
    let day = "2026-01-10";
    let text = answers(
        "csat",
        &[
            (day, "app", 5, 81),
            (day, "app", 1, 182),
            (day, "web", 4, 15),
            (day, "web", 2, 133),
            (day, "shop", 5, 3),
            (day, "mail", 5, 20),
        ],
    );
    let folder = with(&[("a.csv", &text)]);
    let (rows, status) = checked(folder.path(), &["a.csv", "--gate", "csat by channel >= 25.5%"]);
    let groups: Vec<&str> = rows.iter().map(|row| row["channel"].as_str().unwrap()).collect();
    assert_eq!(groups, ["app", "mail", "shop", "web"]);
    assert_eq!((results(&rows), status), (vec!["pass", "not-enough-data", "not-enough-data", "fail"], 1));
    for hidden in [1, 2] {
        assert_eq!((&rows[hidden]["value"], &rows[hidden]["lower"]), (&Value::Null, &Value::Null));
        assert_eq!(rows[hidden]["note"], "too small a group to show");
    }
    assert!(is_about(&rows[3]["upper"], 16.05), "{rows:?}");
    let (rows, status) =
        checked(folder.path(), &["a.csv", "--gate", "csat by channel >= 10", "--min-n", "1"]);
    assert_eq!((results(&rows), status), (vec!["pass", "pass", "pass", "not-enough-data"], 5));
}

#[test]
fn no_answers_are_no_pass_and_no_failure() {
    let folder = with(&[("a.csv", &nps([20, 30, 50]))]);
    for raw in [&[][..], &["--raw"]] {
        let words = [&["a.csv", "--where", "channel = \"web\"", "--gate", "nps <= 0"], raw].concat();
        let (rows, status) = checked(folder.path(), &words);
        assert_eq!((results(&rows), status), (vec!["not-enough-data"], 5));
        assert_eq!((rows[0]["n"].as_u64(), rows[0]["note"].as_str()), (Some(0), Some("no answers")));
    }
    // Three equal answers have no variance: their t interval is one point, which is not certainty.
    let same = with(&[("a.csv", &answers("ces", &[("2026-01-10", "app", 7, 3)]))]);
    let (rows, status) = checked(same.path(), &["a.csv", "--gate", "ces >= 6"]);
    assert_eq!((status, &rows[0]["lower"], &rows[0]["upper"]), (5, &rows[0]["value"], &rows[0]["value"]));
    assert!(rows[0]["note"].as_str().unwrap().starts_with("no two cases differ"), "{rows:?}");
    assert_eq!(checked(same.path(), &["a.csv", "--raw", "--gate", "ces >= 6"]).1, 0);
}

#[test]
fn a_statistic_is_judged_by_its_own_limits() {
    let mut text = "ticket,customer,created at,status,resolved at\n".to_owned();
    for ticket in 0..60 {
        let closed = if ticket < 57 {
            format!("2026-01-0{} {:02}:00", 2 + ticket / 24, ticket % 24)
        } else {
            String::new()
        };
        let status = if closed.is_empty() { "open" } else { "solved" };
        writeln!(text, "{ticket},{ticket},2026-01-01 00:00,{status},{closed}").unwrap();
    }
    let folder = with(&[("t.csv", &text)]);
    let report = run(folder.path(), &["resolution-time", "t.csv", "-q", "--format", "json"]);
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let detail = &report["results"][0]["detail"];
    // 24 hours for the first, an hour more for each: the 54th of 60 is done after 77.
    assert_eq!(detail["p90"], 77.0);
    let (lower, upper) = (detail["p90_lower"].as_f64().unwrap(), detail["p90_upper"].as_f64());
    let below = format!("resolution_time.p90 < {lower}");
    let (rows, status) = checked(folder.path(), &["t.csv", "--gate", &below]);
    assert_eq!((status, rows[0]["value"].as_f64(), rows[0]["lower"].as_f64()), (1, Some(77.0), Some(lower)));
    assert_eq!(rows[0]["upper"].as_f64(), upper);
    let (_, status) = checked(folder.path(), &["t.csv", "--gate", "resolution-time.p90 <= 77"]);
    assert_eq!(status, 5);
    // The median is the value itself: the 30th is done after 53 hours.
    let (rows, _) = checked(folder.path(), &["t.csv", "--gate", "resolution-time.median <= 77h"]);
    assert_eq!(rows[0]["value"].as_f64(), Some(53.0));
}

#[test]
fn with_periods_the_last_whole_one_is_judged() {
    let january = ("2026-01-10", "app", 10, 40);
    let february = ("2026-02-10", "app", 0, 40);
    let text = answers("nps", &[january, february]);
    let folder = with(&[("a.csv", &text)]);
    let judged = |more: &[&str]| {
        let words = [&["a.csv", "--period", "month", "--gate", "nps >= 50"], more].concat();
        let (rows, status) = checked(folder.path(), &words);
        assert_eq!(rows.len(), 1);
        (rows[0]["period"].as_str().unwrap().to_owned(), rows[0]["n"].as_u64().unwrap(), status)
    };
    // On 10 February that month is not over; on 1 March it is, and on 5 April there was nothing in March.
    assert_eq!(judged(&[]), ("2026-01".to_owned(), 40, 0));
    assert_eq!(judged(&["--as-of", "2026-03-01"]), ("2026-02".to_owned(), 40, 1));
    assert_eq!(judged(&["--as-of", "2026-02-28T23:59:59.999999Z"]), ("2026-02".to_owned(), 40, 1));
    assert_eq!(judged(&["--as-of", "2026-04-05"]), ("2026-03".to_owned(), 0, 5));
    assert_eq!(judged(&["--as-of", "2026-04-05", "--until", "2026-02-01"]), ("2026-01".to_owned(), 40, 0));
}

/// A hundred answers a week from 5 January 2026 on, so many of them satisfied.
fn weekly(satisfied: &[usize]) -> String {
    weekly_of(100, satisfied)
}

/// So many answers a week.
fn weekly_of(n: usize, satisfied: &[usize]) -> String {
    let days = [
        "01-05", "01-12", "01-19", "01-26", "02-02", "02-09", "02-16", "02-23", "03-02", "03-09", "03-16",
        "03-23",
    ];
    let days = days.map(|day| format!("2026-{day}"));
    let given = days
        .iter()
        .zip(satisfied)
        .flat_map(|(day, good)| [(day.as_str(), "app", 5, *good), (day.as_str(), "app", 1, n - good)]);
    answers("csat", &given.collect::<Vec<_>>())
}

#[test]
fn a_signal_for_the_worse_in_the_last_whole_week_fails() {
    let even = [78, 82, 78, 82, 78, 82, 78, 82, 78, 82, 78];
    let gate = ["a.csv", "--gate", "csat no-signal", "--period", "week", "--as-of", "2026-03-30"];
    let judged = |last: usize| {
        let folder = with(&[("a.csv", &weekly(&[&even[..], &[last]].concat()))]);
        let (rows, status) = checked(folder.path(), &gate);
        assert_eq!((rows.len(), &rows[0]["period"], &rows[0]["n"]), (1, &"2026-W13".into(), &100.into()));
        (rows[0]["note"].as_str().unwrap().to_owned(), status)
    };
    assert_eq!(judged(82), ("no signal in 2026-W13".to_owned(), 0));
    // So far off it draws the centre below all others, which then cross it but once.
    let (why, status) = judged(40);
    assert!(status == 1 && why.starts_with("2026-W13 lies below its limits; the values cross"), "{why}");
    assert_eq!(judged(100), ("for the better: 2026-W13 lies above its limits".to_owned(), 0));
    // A week that is not over is not judged, and an old signal is no news.
    let folder = with(&[("a.csv", &weekly(&[&even[..], &[40]].concat()))]);
    let (rows, status) = checked(folder.path(), &[&gate[..5], &["--as-of", "2026-03-29"]].concat());
    assert_eq!((&rows[0]["period"], status), (&"2026-W12".into(), 0));
    // Five weeks can show no signal, so that none is no pass.
    let folder = with(&[("a.csv", &weekly(&even[..5]))]);
    let (rows, status) = checked(folder.path(), &[&gate[..5], &["--as-of", "2026-02-09"]].concat());
    assert_eq!((results(&rows), status), (vec!["not-enough-data"], 5));
    assert!(rows[0]["note"].as_str().unwrap().starts_with("fewer than 8 complete weeks"), "{rows:?}");
}

#[test]
fn a_handful_of_answers_beyond_the_limits_is_no_signal_to_act_on() {
    // Ten answers a week, one of them dissatisfied every other week, then five: under one is expected, where limits of three
    // standard deviations are crossed by chance far more often than they say.
    let few = [10, 9, 10, 9, 10, 9, 10, 9, 10, 9, 10, 5];
    let words = ["a.csv", "--gate", "csat no-signal", "--period", "week", "--as-of", "2026-03-30"];
    let (rows, status) = checked(with(&[("a.csv", &weekly_of(10, &few))]).path(), &words);
    assert_eq!((results(&rows), status), (vec!["not-enough-data"], 5));
    let why = rows[0]["note"].as_str().unwrap();
    assert!(why.starts_with("2026-W13 lies below its limits, and so few cases"), "{why}");
}

#[test]
fn groups_have_series_of_their_own() {
    let text = weekly(&[80, 84, 80, 84, 80, 84, 80, 84, 80, 84, 80, 40]) + "9999,2026-03-23,web,5\n";
    let folder = with(&[("a.csv", &text)]);
    let words = ["a.csv", "--gate", "csat by channel no-signal", "--period", "week", "--as-of", "2026-03-30"];
    let (rows, status) = checked(folder.path(), &words);
    assert_eq!((results(&rows), status), (vec!["not-enough-data", "not-enough-data"], 5));
    assert_eq!(rows[1]["note"], "too small a group to show");
    let (rows, status) = checked(folder.path(), &[&words[..], &["--min-n", "1"]].concat());
    assert_eq!((results(&rows), status), (vec!["fail", "not-enough-data"], 1));
}
