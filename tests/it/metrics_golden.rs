//! Compares whole metrics, run as a user would, with numbers that others worked out (`testdata/golden`).

use std::path::Path;

use chrono::{Days, NaiveDate};
use cxm::instant::DAY;
use cxm::metric::Metric;
use cxm::tally::{Arms, Durations, Observation, Share, Tally};
use serde_json::Value;
use std::process::Command;

fn cases(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/golden").join(file);
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file["cases"].as_array().expect("a list of cases").clone()
}

/// The rule of all files; `null` is undefined.
fn check(case: &Value, what: &str, got: Option<f64>, want: &Value) {
    let id = case["id"].as_str().unwrap();
    match (got, want.as_f64()) {
        (Some(got), Some(want)) => {
            let tol = case["tol"].as_f64().unwrap();
            assert!((got - want).abs() <= tol * want.abs().max(1.0), "{id} {what}: got {got}, want {want}");
        }
        (None, None) => {}
        _ => panic!("{id} {what}: got {got:?}, want {want}"),
    }
}

/// A percentage on the natural scale of the files.
fn share(percent: Option<f64>) -> Option<f64> {
    percent.map(|percent| percent / 100.0)
}

/// The day of that number, as an export writes it.
fn day(number: u64) -> String {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(number)).unwrap().to_string()
}

/// Writes the export and runs the program on it.
fn run(export: &str, args: &[&str]) -> std::process::Output {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    std::fs::write(file.path(), export).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cxm"));
    command.args(args).arg(file.path()).args(["--format", "json", "--quiet"]).output().unwrap()
}

/// The overall record of a metric, and the whole report.
fn overall(export: &str, args: &[&str]) -> (Value, Value) {
    let output = run(export, args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    (report["results"][0].clone(), report)
}

#[test]
fn first_contact_resolution_by_windows() {
    let (mut compared, mut empty) = (0, 0);
    for case in cases("fcr.json") {
        let contacts = case["input"]["contacts_customer_issue_day"].as_array().unwrap();
        let mut export = "ticket_id,customer,topic,created_at,resolved_at\n".to_owned();
        for (number, contact) in contacts.iter().enumerate() {
            let [customer, topic] = [0, 1].map(|part| contact[part].as_str().unwrap());
            let at = day(contact[2].as_u64().unwrap());
            export.push_str(&format!("{number},{customer},{topic},{at},{at}\n"));
        }
        let window = format!("{}d", case["input"]["window_days"]);
        let as_of = day(case["input"]["end_day"].as_u64().unwrap());
        let args = ["fcr", "--same-topic", "--repeat-window", &window, "--as-of", &as_of, "--tickets"];
        if contacts.is_empty() {
            // There is nothing to report on, which the program says instead of an empty report.
            let refused = run(&export, &args);
            assert_eq!((refused.status.code(), refused.stdout.len()), (Some(3), 0));
            empty += 1;
            continue;
        }
        let (record, report) = overall(&export, &args);
        let want = &case["expect"];
        assert_eq!(report["ledger"][0]["rows"], want["cases"], "{}", case["id"]);
        assert_eq!(record["n"], want["evaluable"], "{}", case["id"]);
        assert_eq!(record["detail"]["successes"], want["first_contact_resolved"], "{}", case["id"]);
        check(&case, "fcr", share(record["value"].as_f64()), &want["fcr"]);
        check(&case, "lower", share(record["lower"].as_f64()), &want["wilson95"][0]);
        check(&case, "upper", share(record["upper"].as_f64()), &want["wilson95"][1]);
        compared += 1;
    }
    assert_eq!((compared, empty), (6, 1));
}

#[test]
fn those_who_left_satisfied() {
    let metric = Metric::named("satisfied_defectors").unwrap();
    let mut compared = 0;
    for case in cases("link_satisfied_defectors.json") {
        let count = |name: &str| case["input"][name].as_u64().unwrap();
        let arm = |success: &str, failure: &str| Share {
            successes: count(success),
            failures: count(failure),
            ..Share::default()
        };
        let want = &case["expect"];
        let left = arm("satisfied_churned", "dissatisfied_churned");
        let stayed = arm("satisfied_stayed", "dissatisfied_stayed");
        let estimate = (metric.estimate)(&Tally::Arms(Arms { focal: left, other: stayed }), 0.95);
        check(&case, "share", share(estimate.value), &want["share_of_churners_who_were_satisfied"]);
        check(&case, "lower", share(estimate.lower), &want["share_wilson"][0]);
        check(&case, "upper", share(estimate.upper), &want["share_wilson"][1]);
        // The file's difference is that of the other way round: how many left of the satisfied, and of the others.
        let satisfied = arm("satisfied_churned", "satisfied_stayed");
        let others = arm("dissatisfied_churned", "dissatisfied_stayed");
        let transposed = (metric.estimate)(&Tally::Arms(Arms { focal: satisfied, other: others }), 0.95);
        check(&case, "rate", share(transposed.value), &want["satisfied_churn_rate"]);
        check(&case, "rate, lower", share(transposed.lower), &want["satisfied_churn_rate_wilson"][0]);
        check(&case, "rate, upper", share(transposed.upper), &want["satisfied_churn_rate_wilson"][1]);
        let detail = |name: &str| share(transposed.detail.number(name));
        check(&case, "other rate", detail("retained_value"), &want["dissatisfied_churn_rate"]);
        check(&case, "difference", detail("difference"), &want["risk_difference"]);
        compared += 1;
    }
    assert_eq!(compared, 4);
}

/// Spend before in one order 100 days before the end and spend now in one 10 days before it, with W of 90 days.
#[test]
fn revenue_kept_and_customers_kept() {
    let (mut compared, mut published) = (0, 0);
    for case in cases("revenue_retention.json") {
        let mut export = "customer,date,amount\n".to_owned();
        for (name, at) in [("start_mrr", day(100)), ("end_mrr", day(190))] {
            for (customer, amount) in case["input"][name].as_object().unwrap() {
                export.push_str(&format!("{customer},{at},{amount}\n"));
            }
        }
        let as_of = day(200);
        let value = |metric: &str| {
            let (record, _) =
                overall(&export, &[metric, "--as-of", &as_of, "--window", "90d", "--purchases"]);
            if record["n"] == 0 {
                assert!(record["value"].is_null() && !record["note"].as_str().unwrap().is_empty());
            }
            share(record["value"].as_f64())
        };
        let want = &case["expect"];
        let (grr, nrr) = (value("grr"), value("nrr"));
        check(&case, "grr", grr, &want["grr"]);
        check(&case, "nrr", nrr, &want["nrr"]);
        check(&case, "retention", value("retention"), &want["logo_retention"]);
        check(&case, "churn", value("churn"), &want["logo_churn"]);
        if let Some(figures) = case["published"].as_object() {
            check(&case, "published grr", grr, &figures["grr"]);
            check(&case, "published nrr", nrr, &figures["nrr"]);
            published += 1;
        }
        compared += 1;
    }
    assert_eq!((compared, published), (5, 1));
}

/// The file counts days; the metric counts hours.
#[test]
fn the_median_time_to_resolution_with_open_tickets() {
    let metric = Metric::named("resolution_time").unwrap();
    let mut compared = 0;
    for case in cases("ttr.json") {
        let input = &case["input"];
        let end = input["end"].as_i64().unwrap();
        let mut tally = Tally::Durations(Durations::default());
        for (opened, closed) in
            input["opened"].as_array().unwrap().iter().zip(input["closed"].as_array().unwrap())
        {
            let (until, ended) = closed.as_i64().map_or((end, false), |closed| (closed, true));
            tally.add(Observation::Spell { time: (until - opened.as_i64().unwrap()) * DAY, ended });
        }
        let estimate = (metric.estimate)(&tally, 0.95);
        let want = &case["expect"];
        let in_days = |hours: Option<f64>| hours.map(|hours| hours / 24.0);
        assert_eq!(Some(estimate.n), want["n"].as_u64());
        let open = estimate.detail.number("open").unwrap();
        assert_eq!(estimate.n as f64 - open, want["closed"].as_f64().unwrap());
        check(&case, "median", in_days(estimate.value), &want["km_median"]);
        let closed_only = in_days(estimate.detail.number("closed_only_median"));
        check(&case, "closed only", closed_only, &want["naive_median_closed"]);
        compared += 1;
    }
    assert_eq!(compared, 1);
}
