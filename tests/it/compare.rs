//! `cxm compare` as an analyst runs it: against numbers that other people's libraries gave, against `cxm` itself on each side
//! alone, and by the laws of differences.

use std::fmt::Write as _;
use std::fs;

use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};
use crate::golden::golden;

/// Answers to one question: those of a group as often as they are counted.
fn answers(question: &str, groups: &[(&str, &[(i64, u64)])]) -> String {
    let mut text = format!("date,email,channel,{question}\n");
    let mut row = 0;
    for (group, scores) in groups {
        for (score, times) in *scores {
            for _ in 0..*times {
                row += 1;
                writeln!(text, "2026-01-{:02},c{row}@example.com,{group},{score}", 1 + row % 28).unwrap();
            }
        }
    }
    text
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

fn run(folder: &TempDir, words: &[&str]) -> std::process::Output {
    cxm(folder.path()).args(words).output().unwrap()
}

/// What a run prints.
fn printed(folder: &TempDir, words: &[&str]) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ")
}

fn json(folder: &TempDir, words: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, &[words, &["--format", "json", "-q"]].concat())).unwrap()
}

fn rows(folder: &TempDir, words: &[&str]) -> Vec<Value> {
    json(folder, words)["results"].as_array().unwrap().clone()
}

/// The one comparison of groups `a` and `b` of these answers.
fn only(question: &str, groups: &[(&str, &[(i64, u64)])], words: &[&str]) -> Value {
    let folder = folder(&[("s.csv", &answers(question, groups))]);
    let base = ["compare", question, "s.csv", "--by", "channel", "--min-n", "0"];
    let rows = rows(&folder, &[&base, words].concat());
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

/// A number of a row, on the natural scale of the golden files.
fn of(row: &Value, key: &str, scale: f64) -> Option<f64> {
    row[key].as_f64().map(|x| x / scale)
}

#[test]
fn net_promoter_scores_differ_as_mover_says() {
    let (mut compared, mut p_values) = (0, 0);
    for case in golden!("nps_diff.json") {
        let group = |name: &str| {
            let of = |kind: &str| case.0["input"][name][kind].as_u64().unwrap();
            [(0, of("detractors")), (8, of("passives")), (10, of("promoters"))]
        };
        let level = case.input("conf").to_string();
        let row = only("nps", &[("a", &group("a")), ("b", &group("b"))], &["--confidence", &level]);
        let want = &case.expect()["mover_score"];
        case.check("difference", of(&row, "difference", 100.0), &case.expect()["diff"]);
        case.check("lower", of(&row, "difference_lower", 100.0), &want["lo"]);
        case.check("upper", of(&row, "difference_upper", 100.0), &want["hi"]);
        if let Some(p) = want.get("p") {
            case.check("p", of(&row, "p", 1.0), p);
            p_values += 1;
        }
        assert_eq!(row["method"], "mover-score");
        compared += 1;
    }
    assert_eq!((compared, p_values), (16, 8));
}

#[test]
fn shares_differ_as_newcombe_says_and_are_tested_by_the_test_that_is_named() {
    let (mut pooled, mut exact, mut untested) = (0, 0, 0);
    for case in golden!("proportion_diff.json") {
        let [x1, n1, x2, n2] = ["x1", "n1", "x2", "n2"].map(|name| case.0["input"][name].as_u64().unwrap());
        let row = only(
            "csat",
            &[("a", &[(5, x1), (1, n1 - x1)]), ("b", &[(5, x2), (1, n2 - x2)])],
            &["--scale", "csat=1-5"],
        );
        let want = case.expect();
        case.check("difference", of(&row, "difference", 100.0), &want["diff"]);
        case.check("lower", of(&row, "difference_lower", 100.0), &want["newcombe"]["lo"]);
        case.check("upper", of(&row, "difference_upper", 100.0), &want["newcombe"]["hi"]);
        match row["method"].as_str().unwrap() {
            "newcombe, pooled z" => {
                case.check("p", of(&row, "p", 1.0), &want["ztest_pooled"]["p"]);
                pooled += 1;
            }
            "newcombe, fisher" => {
                case.check("p", of(&row, "p", 1.0), &want["fisher_p"]);
                exact += 1;
            }
            _ => {
                assert!(row["p"].is_null() && want["ztest_pooled"]["p"].is_null(), "{row}");
                assert_eq!(row["note"], "no test: nothing varies");
                untested += 1;
            }
        }
    }
    assert_eq!((pooled, exact, untested), (6, 5, 2));
}

#[test]
fn means_differ_as_welch_says() {
    let mut compared = 0;
    for case in golden!("welch.json") {
        let (a, b) = (case.list("a").unwrap(), case.list("b").unwrap());
        let on_scale = |x: &f64| x.fract() == 0.0 && (1.0..=7.0).contains(x);
        if !a.iter().chain(&b).all(on_scale) {
            continue;
        }
        let counted = |values: &[f64]| values.iter().map(|x| (*x as i64, 1)).collect::<Vec<_>>();
        let row = only("ces", &[("a", &counted(&a)), ("b", &counted(&b))], &["--scale", "ces=1-7"]);
        let want = case.expect();
        case.check("p", of(&row, "p", 1.0), &want["p"]);
        case.check("lower", of(&row, "difference_lower", 1.0), &want["lo"]);
        case.check("upper", of(&row, "difference_upper", 1.0), &want["hi"]);
        if !want["p"].is_null() {
            case.check("difference", of(&row, "difference", 1.0), &want["diff"]);
        } else {
            assert_eq!(row["note"], "nothing to judge by: one case on a side, or none that vary");
        }
        compared += 1;
    }
    assert_eq!(compared, 5, "those of whole scores from 1 to 7");
}

#[test]
fn what_these_n_could_have_shown_is_what_was_planned() {
    let mut compared = 0;
    for case in golden!("power.json") {
        let of_case = |name: &str| case.input(name);
        if case.0["input"]["kind"] != "nps_two_sample" || of_case("power") != 0.8 {
            continue;
        }
        let group = |p: &str, d: &str| {
            let n = |share: f64| (500.0 * share).round() as u64;
            let (p, d) = (n(of_case(p)), n(of_case(d)));
            [(0, d), (8, 500 - p - d), (10, p)]
        };
        let level = of_case("conf").to_string();
        let sides = [("a", &group("p1", "d1")[..]), ("b", &group("p2", "d2")[..])];
        let row = only("nps", &sides, &["--confidence", &level]);
        case.check("detectable", of(&row, "detectable", 100.0), &case.expect()["mde_at_n500"]);
        compared += 1;
    }
    assert_eq!(compared, 3);
}

/// Freireich's two arms in hours, as other people's libraries compare them: the log-rank p of the whole curves, and the
/// restricted means up to 23 hours, the shorter of the two longest times.
#[test]
fn times_are_compared_by_log_rank_and_restricted_means() {
    let case = golden!("survival_logrank.json").into_iter().find(|case| case.id() == "freireich").unwrap();
    let input = &case.0["input"];
    let (times, ended) = (case.list("T").unwrap(), case.list("E").unwrap());
    let groups = input["group"].as_array().unwrap();
    let mut text = "ticket_id,customer_id,created_at,resolved_at,status,channel\n".to_owned();
    for (at, ((time, ended), group)) in times.iter().zip(&ended).zip(groups).enumerate() {
        let group = group.as_str().map_or_else(|| group.to_string(), str::to_owned);
        let (day, hour) = ((*time as u32) / 24, (*time as u32) % 24);
        // All were seen until the last moment of the export, or until they were solved.
        if *ended > 0.0 {
            writeln!(
                text,
                "T{at},c{at},2026-01-01T00:00:00Z,2026-01-{:02}T{hour:02}:00:00Z,solved,g{group}",
                day + 1
            )
            .unwrap();
        } else {
            let opened = 20 * 24 - *time as u32;
            let (day, hour) = (opened / 24, opened % 24);
            writeln!(text, "T{at},c{at},2026-01-{:02}T{hour:02}:00:00Z,,open,g{group}", day + 1).unwrap();
        }
    }
    let folder = folder(&[("t.csv", &text)]);
    let words = ["compare", "resolution-time", "t.csv", "--by", "channel", "--as-of", "2026-01-21T00:00:00Z"];
    let rows = rows(&folder, &words);
    assert_eq!(rows.len(), 1);
    case.check("p", of(&rows[0], "p", 1.0), &case.expect()["p"]);
    assert_eq!(rows[0]["method"], "restricted mean, log-rank");
    assert_eq!(rows[0]["note"], "the difference is that of the mean times up to 23 hours");
    // Medians of 23 and 8 hours.
    let mut medians = ["value_a", "value_b"].map(|key| rows[0][key].as_f64().unwrap());
    medians.sort_by(f64::total_cmp);
    assert_eq!(medians, [8.0, 23.0]);
}

/// Each adjusted p is that of Holm's rule by hand: the largest of (m − j + 1) p₍ⱼ₎ so far, at most 1.
#[test]
fn p_values_are_adjusted_for_all_that_are_shown() {
    let groups: [(&str, &[(i64, u64)]); 4] = [
        ("app", &[(0, 40), (8, 20), (10, 30)]),
        ("chat", &[(0, 20), (8, 20), (10, 50)]),
        ("store", &[(0, 25), (8, 25), (10, 45)]),
        ("web", &[(0, 5), (8, 30), (10, 60)]),
    ];
    let folder = folder(&[("s.csv", &answers("nps", &groups))]);
    let rows = rows(&folder, &["compare", "nps", "s.csv", "--by", "channel"]);
    let pairs: Vec<String> = rows
        .iter()
        .map(|row| format!("{}-{}", row["a"].as_str().unwrap(), row["b"].as_str().unwrap()))
        .collect();
    assert_eq!(pairs, ["app-chat", "app-store", "app-web", "chat-store", "chat-web", "store-web"]);
    let mut sorted: Vec<(f64, f64)> =
        rows.iter().map(|row| (row["p"].as_f64().unwrap(), row["p_adjusted"].as_f64().unwrap())).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut largest = 0.0_f64;
    for (rank, (p, adjusted)) in sorted.iter().enumerate() {
        largest = largest.max(((sorted.len() - rank) as f64 * p).min(1.0));
        assert!((largest - adjusted).abs() < 1e-12 && adjusted >= p, "{p} {adjusted}");
    }
    for row in &rows {
        assert_eq!(row["clear"].as_bool().unwrap(), row["p_adjusted"].as_f64().unwrap() < 0.05, "{row}");
    }
}

const THREE: &str = "date,email,channel,country,nps\n\
    2026-01-05,a@x.com,web,NL,10\n2026-01-06,b@x.com,web,NL,9\n2026-01-07,c@x.com,web,BE,3\n\
    2026-02-05,d@x.com,app,NL,2\n2026-02-06,e@x.com,app,BE,8\n2026-02-07,f@x.com,app,BE,10\n\
    2026-02-08,g@x.com,chat,NL,7\n2026-02-09,h@x.com,chat,NL,0\n2026-02-10,i@x.com,chat,BE,1\n";

/// A wrong number seen elsewhere: a filter that holds for the numerator only. Each side is what `cxm nps` says of it.
#[test]
fn a_filter_restricts_both_sides_as_it_restricts_a_report() {
    let folder = folder(&[("s.csv", THREE)]);
    let filter = ["--where", "country = \"NL\"", "--min-n", "0"];
    let report = rows(&folder, &[&["nps", "s.csv", "--by", "channel"], &filter[..]].concat());
    let of_group = |label: &str| {
        let row = report.iter().find(|row| row["group"]["channel"] == label).unwrap();
        (row["n"].clone(), row["value"].clone())
    };
    let compared = rows(&folder, &[&["compare", "nps", "s.csv", "--by", "channel"], &filter[..]].concat());
    assert_eq!(compared.len(), 3);
    for row in &compared {
        assert_eq!((row["n_a"].clone(), row["value_a"].clone()), of_group(row["a"].as_str().unwrap()));
        assert_eq!((row["n_b"].clone(), row["value_b"].clone()), of_group(row["b"].as_str().unwrap()));
    }
    let sides = ["--a", "channel = web", "--b", "channel = chat"];
    let two = rows(&folder, &[&["compare", "nps", "s.csv"], &sides[..], &filter[..]].concat());
    let known = compared.iter().find(|row| row["a"] == "chat" && row["b"] == "web").unwrap();
    assert_eq!((two[0]["n_a"].clone(), two[0]["n_b"].clone()), (known["n_b"].clone(), known["n_a"].clone()));
    assert_eq!(two[0]["difference"].as_f64().unwrap(), -known["difference"].as_f64().unwrap());
    assert_eq!(two[0]["a"], "channel = web");
}

#[test]
fn cases_that_meet_both_conditions_are_counted_and_said() {
    let folder = folder(&[("s.csv", THREE)]);
    let words =
        ["compare", "nps", "s.csv", "--min-n", "0", "--a", "country = NL", "--b", "channel in (web, app)"];
    let found = json(&folder, &words);
    // a, b and d are in the Netherlands and on the web or in the app.
    let caveat =
        found["caveats"].as_array().unwrap().iter().find(|one| one["kind"] == "not-independent").unwrap();
    assert!(
        caveat["cause"].as_str().unwrap().starts_with("3 of the answers meet both conditions"),
        "{caveat}"
    );
    let apart = json(
        &folder,
        &["compare", "nps", "s.csv", "--min-n", "0", "--a", "country = NL", "--b", "country = BE"],
    );
    assert!(apart["caveats"].as_array().unwrap().iter().all(|one| one["kind"] != "not-independent"));
    assert_eq!(apart["ledger"][0]["used"], 9);
}

#[test]
fn before_and_after_a_moment_are_since_and_until_it() {
    let folder = folder(&[("s.csv", THREE)]);
    let row = &rows(&folder, &["compare", "nps", "s.csv", "--before", "2026-02-06", "--min-n", "0"])[0];
    let alone = |flag: &str| rows(&folder, &["nps", "s.csv", flag, "2026-02-06", "--min-n", "0"])[0].clone();
    let (after, before) = (alone("--since"), alone("--until"));
    assert_eq!((&row["a"], &row["b"]), (&"from 2026-02-06".into(), &"before 2026-02-06".into()));
    assert_eq!((&row["n_a"], &row["value_a"]), (&after["n"], &after["value"]));
    assert_eq!((&row["n_b"], &row["value_b"]), (&before["n"], &before["value"]));
    let difference = after["value"].as_f64().unwrap() - before["value"].as_f64().unwrap();
    assert!((row["difference"].as_f64().unwrap() - difference).abs() < 1e-9);
}

/// A wrong number seen elsewhere: the last, unfinished month reported as a churn of 87 %. Both moments have whole windows.
#[test]
fn customers_are_judged_at_both_moments_by_windows_of_one_length() {
    let mut text = "order_id,customer_id,date,amount\n".to_owned();
    for customer in 0..40 {
        // All buy in January; a half in March, a quarter in May and three of four in the days of June that are over.
        for (month, every) in [(1, 1), (3, 2), (5, 4)] {
            if customer % every == 0 {
                writeln!(text, "O{customer}-{month},c{customer},2026-0{month}-{:02},10", 1 + customer % 20)
                    .unwrap();
            }
        }
        if customer % 4 != 1 {
            writeln!(text, "O{customer}-6,c{customer},2026-06-0{},10", 1 + customer % 5).unwrap();
        }
    }
    let folder = folder(&[("p.csv", &text)]);
    let window = ["--window", "60d"];
    let row =
        &rows(&folder, &[&["compare", "churn", "p.csv", "--before", "2026-05-01"], &window[..]].concat())[0];
    let now = &rows(&folder, &[&["churn", "p.csv"], &window[..]].concat())[0];
    let then = &rows(
        &folder,
        &[&["churn", "p.csv", "--as-of", "2026-04-30T23:59:59.999999Z"], &window[..]].concat(),
    )[0];
    assert_eq!((&row["n_a"], &row["value_a"]), (&now["n"], &now["value"]));
    assert_eq!((&row["n_b"], &row["value_b"]), (&then["n"], &then["value"]));
    assert_eq!((&row["a"], &row["b"]), (&"as of 2026-06-05".into(), &"as of 2026-05-01".into()));
    let output = run(&folder, &["compare", "churn", "p.csv", "--before", "2026-05-01", "--period", "month"]);
    assert_refused(&output, 2, "compares no calendar periods");
    let found = json(&folder, &["compare", "churn", "p.csv", "--before", "2026-05-01"]);
    assert!(found["caveats"].as_array().unwrap().iter().any(|one| one["kind"] == "not-independent"));
}

#[test]
fn small_groups_are_hidden_and_compared_with_nothing() {
    let groups: [(&str, &[(i64, u64)]); 4] = [
        ("app", &[(0, 3), (10, 4)]),
        ("chat", &[(0, 8), (10, 9)]),
        ("store", &[(8, 9), (10, 9)]),
        ("web", &[(10, 3)]),
    ];
    let folder = folder(&[("s.csv", &answers("nps", &groups))]);
    let base = ["compare", "nps", "s.csv", "--by", "channel"];
    let found = json(&folder, &base);
    let rows = found["results"].as_array().unwrap();
    let pairs: Vec<(&str, &str)> =
        rows.iter().map(|row| (row["a"].as_str().unwrap(), row["b"].as_str().unwrap())).collect();
    assert_eq!(pairs, [("chat", "store")], "web is small, and app beside it");
    assert!(found["remarks"].to_string().contains("Not compared: app and web"), "{}", found["remarks"]);
    // All the others together tell nothing that the total does not.
    let rest = self::rows(&folder, &[&base[..], &["--against", "rest"]].concat());
    let n: Vec<(i64, i64)> =
        rest.iter().map(|row| (row["n_a"].as_i64().unwrap(), row["n_b"].as_i64().unwrap())).collect();
    assert_eq!(n, [(17, 28), (18, 27)]);
    let output = run(&folder, &[&base[..], &["--against", "web"]].concat());
    assert_refused(&output, 2, "names a group of channel that is too small to show");
    let sides = ["compare", "nps", "s.csv", "--a", "channel = web", "--b", "channel = chat"];
    let two = &self::rows(&folder, &sides)[0];
    for key in ["value_a", "value_b", "difference", "difference_lower", "difference_upper", "p", "detectable"]
    {
        assert!(two[key].is_null(), "{key}: {two}");
    }
    assert_eq!((two["n_a"].as_u64(), two["n_b"].as_u64()), (Some(3), Some(17)));
}

#[test]
fn more_than_six_groups_are_compared_with_the_rest_unless_asked() {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let scores: [(i64, u64); 2] = [(0, 6), (10, 7)];
    let groups: Vec<(&str, &[(i64, u64)])> = names.iter().map(|name| (*name, &scores[..])).collect();
    let folder = folder(&[("s.csv", &answers("nps", &groups))]);
    let base = ["compare", "nps", "s.csv", "--by", "channel"];
    let found = json(&folder, &base);
    assert_eq!(found["results"].as_array().unwrap().len(), 7);
    assert!(found["results"].as_array().unwrap().iter().all(|row| row["b"] == "rest" && row["n_b"] == 78));
    assert!(found["remarks"].to_string().contains("7 groups of channel are too many"));
    assert_eq!(rows(&folder, &[&base[..], &["--against", "pairs"]].concat()).len(), 21);
    let against: Vec<Value> = rows(&folder, &[&base[..], &["--against", "C"]].concat());
    assert_eq!(against.len(), 6);
    assert!(against.iter().all(|row| row["b"] == "c" && row["a"] != "c" && row["p"] == 1.0));
    assert!(found["remarks"].to_string().contains("No difference here is more than noise"));
}

#[test]
fn cases_without_a_group_are_counted_and_stand_among_the_rest() {
    let text = answers("nps", &[("web", &[(0, 9), (10, 9)]), ("app", &[(0, 5), (10, 9)]), ("", &[(10, 6)])]);
    let folder = folder(&[("s.csv", &text)]);
    let base = ["compare", "nps", "s.csv", "--by", "channel"];
    let found = json(&folder, &base);
    assert_eq!(found["results"].as_array().unwrap().len(), 1);
    assert!(found["remarks"].to_string().contains("Not compared: 6 answers without a channel"));
    let rest = rows(&folder, &[&base[..], &["--against", "rest"]].concat());
    assert_eq!((&rest[0]["a"], &rest[0]["n_b"]), (&"app".into(), &24.into()));
}

#[test]
fn an_analyst_reads_what_is_more_than_noise() {
    let groups: [(&str, &[(i64, u64)]); 3] = [
        ("app", &[(0, 40), (8, 30), (10, 30)]),
        ("chat", &[(0, 38), (8, 30), (10, 32)]),
        ("web", &[(0, 10), (8, 30), (10, 60)]),
    ];
    let folder = folder(&[("s.csv", &answers("nps", &groups))]);
    let page = printed(&folder, &["compare", "nps", "s.csv", "--by", "channel", "--format", "table", "-q"]);
    assert!(page.starts_with("NPS compared by channel · as of 28 Jan 2026"), "{page}");
    let told = "More than noise, with all of them looked at (Holm): app is below web; chat is below web.";
    assert!(page.contains(told), "{page}");
    assert!(
        page.contains("The other difference may be noise; with these n a difference of about 33 points"),
        "{page}"
    );
}

#[test]
fn every_format_says_the_same_whatever_the_threads() {
    let folder = folder(&[("s.csv", THREE)]);
    // On the web and before February 2 promoters and 1 detractor of 3; 2 and 2 of 5 in NL, 1 and 2 of 4 in BE.
    for (form, told) in [
        (vec!["--by", "channel,country"], "33.3"),
        (vec!["--a", "country = NL", "--b", "country = BE"], "25"),
        (vec!["--before", "2026-02-01"], "33.3"),
    ] {
        for format in ["table", "csv", "tsv", "json", "jsonl", "md"] {
            let words = |threads| {
                let base =
                    ["compare", "nps", "s.csv", "--min-n", "1", "--format", format, "--threads", threads];
                [&base[..], &form].concat()
            };
            let text = printed(&folder, &words("1"));
            assert_eq!(text, printed(&folder, &words("2")), "{form:?} {format}");
            assert!(text.contains(told), "{form:?} {format}: {text}");
        }
    }
    let csv = printed(&folder, &["compare", "nps", "s.csv", "--by", "channel", "--min-n", "1", "-q"]);
    assert_eq!(
        csv.lines().next().unwrap(),
        "metric,definition,dimension,a,b,n_a,n_b,value_a,value_b,difference,difference_lower,difference_upper,p,\
         p_adjusted,detectable,clear,method,unit,note"
    );
}

#[test]
fn each_definition_is_compared_by_its_own_method() {
    let groups: [(&str, &[(i64, u64)]); 2] = [("a", &[(1, 9), (5, 9)]), ("b", &[(2, 5), (4, 9)])];
    let folder = folder(&[("s.csv", &answers("csat", &groups))]);
    let words =
        ["compare", "csat", "s.csv", "--by", "channel", "--def", "top2", "--def", "mean", "--def", "net"];
    let found: Vec<(String, String)> = rows(&folder, &words)
        .iter()
        .map(|row| {
            (row["definition"].as_str().unwrap().to_owned(), row["method"].as_str().unwrap().to_owned())
        })
        .collect();
    let want = [("top2", "newcombe, pooled z"), ("mean", "welch"), ("net", "mover-score")];
    assert_eq!(found, want.map(|(definition, method)| (definition.to_owned(), method.to_owned())));
}

#[test]
fn what_cannot_be_compared_is_refused_with_what_to_type() {
    let folder = folder(&[("s.csv", THREE)]);
    for (words, told) in [
        (vec![], "nothing says what to compare"),
        (vec!["--by", "channel", "--before", "2026-02-01"], "`--by` cannot go with `--before`"),
        (vec!["--a", "country = NL"], "`--a` is given without `--b`"),
        (vec!["--b", "country = NL"], "`--b` is given without `--a`"),
        (
            vec!["--a", "country NL", "--b", "country = BE"],
            "`--a country NL` has no comparison after `country`",
        ),
        (vec!["--by", "channel", "--against", "wap"], "`--against wap` names no group of channel"),
        (vec!["--before", "2026-02-01", "--against", "web"], "`--against` is of groups"),
        (vec!["--before", "2027-01-01"], "`--before 2027-01-01` lies after the as-of moment"),
        (vec!["--before", "2026-01-01", "--since", "2026-01-02"], "leaves nothing on one side of it"),
        (vec!["--before", "soon"], "`--before soon` is no time"),
        (vec!["--by", "chanel"], "no export has a dimension `chanel`"),
        (vec!["--by", "channel", "--period", "month"], "compares no calendar periods"),
    ] {
        let output = run(&folder, &[&["compare", "nps", "s.csv"], &words[..]].concat());
        assert_refused(&output, 2, told);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
}

#[test]
fn a_config_s_breakdown_is_compared_and_gives_way_to_another_form() {
    let config = "by = [\"channel\"]\n\n[[source]]\nfiles = \"s.csv\"\n";
    let folder = folder(&[("s.csv", THREE), ("cxm.toml", config)]);
    assert_eq!(rows(&folder, &["compare", "nps", "--min-n", "1"]).len(), 3);
    assert_eq!(rows(&folder, &["compare", "nps", "--before", "2026-02-01", "--min-n", "1"]).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whichever group is named first: the same difference with the other sign, the same p.
    #[test]
    fn swapped_conditions_change_the_sign_alone(
        a in prop::collection::vec((0..=10_i64, 1..30_u64), 1..5),
        b in prop::collection::vec((0..=10_i64, 1..30_u64), 1..5),
    ) {
        let folder = folder(&[("s.csv", &answers("nps", &[("a", &a), ("b", &b)]))]);
        let side = |a: &str, b: &str| {
            let (a, b) = (format!("channel = {a}"), format!("channel = {b}"));
            rows(&folder, &["compare", "nps", "s.csv", "--min-n", "0", "--a", &a, "--b", &b])[0].clone()
        };
        let (there, back) = (side("a", "b"), side("b", "a"));
        let of = |row: &Value, key: &str| row[key].as_f64().unwrap();
        prop_assert!((of(&there, "difference") + of(&back, "difference")).abs() < 1e-9);
        prop_assert!((of(&there, "difference_lower") + of(&back, "difference_upper")).abs() < 1e-9);
        prop_assert_eq!(of(&there, "p"), of(&back, "p"));
        let leaves_out = of(&there, "difference_lower") > 0.0 || of(&there, "difference_upper") < 0.0;
        prop_assert_eq!(leaves_out, there["clear"].as_bool().unwrap());
    }
}
