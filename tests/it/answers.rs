//! Weights, repeated answers and answers of one customer: what each does to the value, its n and its interval.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};

fn export(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.csv"), text).unwrap();
    folder
}

fn report(folder: &TempDir, words: &str) -> Value {
    let words = format!("{words} --format json");
    let output = cxm(folder.path()).args(words.split_whitespace()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The first record of a report.
fn first(folder: &TempDir, words: &str) -> Value {
    report(folder, words)["results"][0].clone()
}

fn number(record: &Value, name: &str) -> f64 {
    record[name].as_f64().unwrap_or_else(|| panic!("no {name} in {record}"))
}

fn about(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{got} is not {want}");
}

/// Kish's effective n in the score interval, as R's survey package and mpmath have it.
#[test]
fn weighted_net_promoter_scores_are_those_of_the_goldens() {
    let golden: Value =
        serde_json::from_str(include_str!("../../testdata/golden/nps_weighted.json")).unwrap();
    let mut asserted = 0;
    for case in golden["cases"].as_array().unwrap() {
        let (input, expect) = (&case["input"], &case["expect"]);
        let mut text = "date,nps,weight\n".to_owned();
        let weights = input["weight"].as_array().unwrap();
        for (score, weight) in input["score"].as_array().unwrap().iter().zip(weights) {
            writeln!(text, "2026-01-01,{score},{weight}").unwrap();
        }
        let nps = first(&export(&text), "nps s.csv --min-n 1");
        // A weight is kept in millionths.
        let share = |name: &str| 100.0 * expect[name].as_f64().unwrap();
        about(number(&nps, "value"), share("nps"), 1e-6);
        about(number(&nps, "lower"), 100.0 * expect["kish_score"]["lo"].as_f64().unwrap(), 1e-6);
        about(number(&nps, "upper"), 100.0 * expect["kish_score"]["hi"].as_f64().unwrap(), 1e-6);
        about(number(&nps["detail"], "effective_n"), expect["kish_neff"].as_f64().unwrap(), 1e-6);
        about(number(&nps["detail"], "promoters_percent"), share("share_promoter"), 1e-6);
        assert_eq!(nps["n"].as_u64(), expect["n"].as_u64());
        asserted += 1;
    }
    assert_eq!(asserted, 4);
}

#[test]
fn shares_and_means_are_weighted_too() {
    // 5 counts three times: 3 of 4 satisfied, mean 16/4; (3 + 1)² / (9 + 1) = 1.6 answers.
    let folder = export("date,csat,weight\n2026-01-01,5,3\n2026-01-02,1,1\n");
    let csat = first(&folder, "csat s.csv");
    assert_eq!((number(&csat, "value"), csat["n"].as_u64()), (75.0, Some(2)));
    about(number(&csat["detail"], "effective_n"), 1.6, 1e-12);
    // Wilson of 1.2 of 1.6, by hand: (1.2 + 1.921) / 5.441 ± 0.3602 · √(0.3 + 0.960).
    about(number(&csat, "lower"), 16.914, 1e-4);
    about(number(&csat, "upper"), 97.788, 1e-4);
    assert_eq!(number(&first(&folder, "csat s.csv --def mean"), "value"), 4.0);
    let plain = first(&folder, "csat s.csv --map surveys.weight=");
    assert_eq!((number(&plain, "value"), plain["detail"]["effective_n"].is_null()), (50.0, true));
    let report = report(&folder, "csat s.csv");
    assert_eq!(report["caveats"][0]["kind"], "weighted");
}

#[test]
fn a_few_heavy_answers_are_said() {
    let mut text = "date,nps,weight\n2026-01-01,10,95\n".to_owned();
    (0..19).for_each(|_| text.push_str("2026-01-02,0,1\n"));
    let nps = first(&export(&text), "nps s.csv");
    assert_eq!(nps["note"], "the answers are worth fewer than 10: a few of them decide it");
}

#[test]
fn a_missing_or_worthless_weight_is_a_reject_and_not_a_1() {
    let folder = export(
        "sent_at,date,nps,weight\n2026-01-01,2026-01-02,9,1.5\n2026-01-01,2026-01-02,9,\n\
         2026-01-01,2026-01-02,9,0\n2026-01-01,2026-01-02,9,-1\n2026-01-01,2026-01-02,9,much\n2026-01-01,,,\n",
    );
    let found = report(&folder, "nps s.csv --max-rejects 100%");
    assert_eq!(found["sources"][0]["rejected"]["bad-weight"], 4);
    assert_eq!(found["sources"][0]["rejected_lines"]["bad-weight"], serde_json::json!([3, 4, 5, 6]));
    assert_eq!(found["results"][0]["n"], 1);
    let refused = cxm(folder.path()).args(["nps", "s.csv"]).output().unwrap();
    assert_refused(&refused, 3, "4 of 6 rows");
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("--map surveys.weight= counts every answer once")
    );
}

/// Ann answers 10, then 0; Ben 9 and 9; Cem 7 once; somebody without a name 3 and 10.
const AGAIN: &str = "date,email,nps\n\
    2026-01-01,ann@example.com,10\n2026-01-05,ann@example.com,0\n\
    2026-01-02,ben@example.com,9\n2026-02-02,ben@example.com,9\n\
    2026-01-03,cem@example.com,7\n2026-01-04,,3\n2026-01-06,,10\n";

#[test]
fn each_customer_may_count_once() {
    let folder = export(AGAIN);
    let value = |answers: &str| {
        let nps = first(&folder, &format!("nps s.csv --min-n 1 --answers {answers}"));
        (nps["n"].as_u64().unwrap(), (1000.0 * number(&nps, "value")).round() / 1000.0)
    };
    // Promoters less detractors: of seven 4 − 2, of the last ones 2 − 2, of the first ones 3 − 1.
    assert_eq!(value("all"), (7, 28.571));
    assert_eq!(value("latest"), (5, 0.0));
    assert_eq!(value("first"), (5, 40.0));
    // Ann is 0, Ben 1, Cem 0, the unnamed −1 and 1: 1 of 5.
    assert_eq!(value("mean"), (5, 20.0));
    let ledger =
        |answers: &str| report(&folder, &format!("nps s.csv --answers {answers}"))["ledger"][0].clone();
    assert_eq!(ledger("all")["repeats"], serde_json::json!({"answers": 4, "respondents": 2}));
    let latest = ledger("latest");
    assert_eq!((latest["excluded"]["repeat-answer"].as_u64(), latest["used"].as_u64()), (Some(2), Some(5)));
    let text = cxm(folder.path()).args(["nps", "s.csv", "--format", "table"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("4 from 2 customers who answered again"), "{text}");
}

#[test]
fn each_period_is_for_itself() {
    let folder = export(AGAIN);
    let of = |words: &str| -> Vec<(String, u64)> {
        let results = report(&folder, words)["results"].as_array().unwrap().clone();
        let label = |record: &Value| record["period"].as_str().unwrap().to_owned();
        results.iter().map(|record| (label(record), record["n"].as_u64().unwrap())).collect()
    };
    let wanted = [("2026-01".to_owned(), 5), ("2026-02".to_owned(), 1)];
    assert_eq!(of("nps s.csv --period month --answers latest"), wanted, "Ben answered once in each month");
    let ledger = report(&folder, "nps s.csv --period month")["ledger"][0].clone();
    assert_eq!(ledger["repeats"], serde_json::json!({"answers": 2, "respondents": 1}), "Ann did in January");
}

#[test]
fn a_customers_answers_together_tell_less_than_as_many_strangers() {
    // Twenty customers answer five times each, always the same.
    let mut text = "date,email,nps,channel\n".to_owned();
    for row in 0..100 {
        let (who, channel) = (row / 5, ["app", "web"][row % 2]);
        let score = [10, 9, 8, 3][who % 4];
        writeln!(text, "2026-01-{:02},c{who}@example.com,{score},{channel}", row % 28 + 1).unwrap();
    }
    let folder = export(&text);
    let width = |record: &Value| number(record, "upper") - number(record, "lower");
    let (plain, clustered) = (first(&folder, "nps s.csv"), first(&folder, "nps s.csv --cluster"));
    assert_eq!(
        (plain["value"].clone(), plain["n"].clone()),
        (clustered["value"].clone(), clustered["n"].clone())
    );
    // As good as 20 answers: (19 / 20) / (99 / 100) of them, by the denominators of the two variances, and (t(99) / t(19))² of
    // that, since 20 customers tell it (Korn and Graubard 1998).
    let few = (1.984_216_951_586_42_f64 / 2.093_024_054_408_308).powi(2);
    about(number(&clustered["detail"], "effective_n"), 20.0 * (100.0 / 99.0) * (19.0 / 20.0) * few, 1e-9);
    assert!(width(&clustered) > 2.0 * width(&plain), "{clustered}");
    // A customer in two channels is one in the whole, whatever the groups say.
    let by = first(&folder, "nps s.csv --cluster --by channel");
    assert_eq!(by, clustered);
    assert_eq!(report(&folder, "nps s.csv --cluster")["settings"]["cluster"], "true");
}

#[test]
fn the_order_of_the_rows_and_the_threads_change_nothing() {
    let rows: Vec<&str> = AGAIN.lines().collect();
    let mut turned = vec![rows[0]];
    turned.extend(rows[1..].iter().rev());
    let (one, other) = (export(AGAIN), export(&(turned.join("\n") + "\n")));
    for words in
        ["--answers latest", "--answers first", "--answers mean", "--cluster", "--cluster --period month"]
    {
        let run = |folder: &TempDir, threads: &str| {
            let words = format!("nps s.csv --min-n 1 {words} --threads {threads} --format json");
            cxm(folder.path()).args(words.split_whitespace()).output().unwrap().stdout
        };
        assert_eq!(run(&one, "1"), run(&other, "2"), "{words}");
    }
}

#[test]
fn of_answers_given_at_one_time_the_same_one_counts_in_whatever_order_they_stand() {
    // Bo said 9 twice on one day, with a weight of 1 and of 3; Cy weighs 1 against them.
    let rows =
        ["2026-01-05,bo@example.com,9,1", "2026-01-05,bo@example.com,9,3", "2026-01-06,cy@example.com,0,1"];
    let value = |order: [usize; 3], answers: &str| {
        let text = format!("date,email,nps,weight\n{}\n", order.map(|row| rows[row]).join("\n"));
        number(&first(&export(&text), &format!("nps s.csv --min-n 1 --answers {answers}")), "value")
    };
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        // (3 − 1) / 4, and (1 − 1) / 2.
        about(value(order, "latest"), 50.0, 1e-9);
        about(value(order, "first"), 0.0, 1e-9);
    }
}

#[test]
fn a_customer_of_three_answers_is_one_case_exactly() {
    // Ann: 10, 10 and 0, a third of a promoter; Bob: a detractor.
    let text = "date,email,nps\n2026-01-05,ann@example.com,10\n2026-01-06,ann@example.com,10\n\
                2026-01-07,ann@example.com,0\n2026-01-07,bob@example.com,0\n";
    let found = first(&export(text), "nps s.csv --min-n 1 --answers mean");
    about(number(&found, "value"), 100.0 * (1.0 / 3.0 - 1.0) / 2.0, 1e-12);
    assert_eq!(found["n"], 2);
}

#[test]
fn what_answers_are_worth_and_where_none_count_is_said() {
    let folder = export("date,nps,weight\n2026-01-01,9,1\n2026-01-02,2,3\n");
    let output = cxm(folder.path()).args(["nps", "s.csv", "--format", "table"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("worth 1.6 answers"), "{text}");
    fs::write(folder.path().join("t.csv"), "ticket,created_at,resolved_at\n1,2026-01-01,2026-01-02\n")
        .unwrap();
    let told = |words: &str| report(&folder, words)["caveats"].to_string().contains("idle-answers");
    assert!(told("resolution-time t.csv --cluster") && !told("resolution-time t.csv"));
    assert!(!told("nps s.csv --cluster"));
}
