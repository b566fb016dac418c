//! Definitions as named objects: the same answers under each, the same tickets as vendors count them, and the pages that
//! say what a metric means.

use std::fs;
use std::path::Path;
use std::process::Output;

use cxm::metric::{DEFINITIONS, METRICS, Metric};
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};

fn export(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}

/// Definition, n and value of each overall row that a run writes.
fn values(folder: &TempDir, words: &str) -> Vec<(String, u64, String)> {
    let output = cxm(folder.path()).args(words.split_whitespace()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let records = reader.records().map(Result::unwrap);
    let overall = records.filter(|record| (3..at("n")).all(|column| record[column].is_empty()));
    overall
        .map(|record| {
            (record[1].to_owned(), record[at("n")].parse().unwrap(), record[at("value")].to_owned())
        })
        .collect()
}

/// A wrong command line, and what is said of it.
fn refused(output: &Output, told: &[&str]) {
    assert_refused(output, 2, told[0]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(told.iter().all(|words| stderr.contains(words)), "{told:?}: {stderr}");
}

/// Answers of 1, 3, 4, 4 and 5.
const FIVE: &str = "date,email,csat\n\
    2026-01-01,a@example.com,1\n2026-01-02,b@example.com,3\n2026-01-03,c@example.com,4\n\
    2026-01-04,d@example.com,4\n2026-01-05,e@example.com,5\n";

#[test]
fn one_set_of_answers_is_one_number_per_definition_and_says_which() {
    let folder = export("s.csv", FIVE);
    // Mean 17/5; 3 of 5 in the top two, 1 at the top, 1 in the bottom two.
    let wanted = [
        ("top2", "60"),
        ("top1", "20"),
        ("mean", "3.4"),
        ("percent-of-max", "68"),
        ("rescaled", "60"),
        ("net", "40"),
    ];
    for (name, value) in wanted {
        let found = values(&folder, &format!("csat s.csv --def {name}"));
        assert_eq!(found, [(name.to_owned(), 5, value.to_owned())]);
        assert_eq!(values(&folder, &format!("report s.csv --metrics csat --def csat={name}")), found);
    }
    let both: Vec<String> =
        values(&folder, "csat s.csv --def net --def top1").into_iter().map(|row| row.0).collect();
    assert_eq!(both, ["net", "top1"], "in the order in which they are asked for");
}

#[test]
fn a_definition_of_another_scale_is_asked_for_by_name_and_never_mixed() {
    let folder = export("s.csv", &FIVE.replace("csat", "nps"));
    // 5 is a promoter, 4 twice passive, 1 and 3 detractors.
    assert_eq!(values(&folder, "nps s.csv --def 5-point"), [("5-point".to_owned(), 5, "-20".to_owned())]);
    let effort = export("s.csv", &FIVE.replace("csat", "ces"));
    assert_eq!(values(&effort, "ces s.csv --def 1.0"), [("1.0".to_owned(), 5, "3.4".to_owned())]);
    let mixed = cxm(effort.path()).args(["ces", "s.csv", "--def", "1.0", "--def", "2.0"]).output().unwrap();
    refused(
        &mixed,
        &["ces by its definition `2.0` is on 1-7, and 1-5 is asked for too", "scales are not mixed"],
    );
    let seven = FIVE.replace("csat", "nps").replace(",1\n", ",6\n").replace(",3\n", ",7\n");
    // 6 and 7 are promoters, 5 is passive, 4 twice a detractor.
    assert_eq!(values(&export("s.csv", &seven), "nps s.csv --def 7-point")[0].2, "0");
}

#[test]
fn effort_is_easy_from_5_and_hard_to_3() {
    let answers = "date,ces\n2026-01-01,1\n2026-01-02,4\n2026-01-03,5\n2026-01-04,7\n2026-01-05,6\n";
    let folder = export("s.csv", answers);
    let found = values(&folder, "ces s.csv --def easy --def net --def 2.0");
    let found: Vec<&str> = found.iter().map(|row| row.2.as_str()).collect();
    assert_eq!(found, ["60", "40", "4.6"]);
}

#[test]
fn vendors_count_first_contact_resolution_by_ticket() {
    // Tickets 1 to 4 are resolved, 5 is not; 2 was silently closed, 3 took two replies, 4 two agents and a reopening.
    let folder = export(
        "t.csv",
        "ticket,created_at,resolved_at,customer,replies,customer_replies,agents,reopens\n\
         1,2026-01-01,2026-01-02,a,1,0,1,0\n\
         2,2026-01-01,2026-01-02,b,0,1,1,0\n\
         3,2026-01-01,2026-01-02,c,2,0,1,0\n\
         4,2026-01-01,2026-01-02,d,1,2,2,1\n\
         5,2026-03-01,,e,1,0,1,0\n",
    );
    let wanted = [("zendesk", "75"), ("one-touch", "50"), ("freshservice", "50"), ("intercom", "75")];
    for (name, value) in wanted {
        assert_eq!(
            values(&folder, &format!("fcr t.csv --def {name}")),
            [(name.to_owned(), 4, value.to_owned())]
        );
    }
    // Four mature issues of one ticket, one of them reopened; the fifth is open and two months old at its own creation.
    assert_eq!(values(&folder, "fcr t.csv")[0], ("no-repeat-7d".to_owned(), 4, "75".to_owned()));
}

#[test]
fn customers_may_say_themselves_whether_one_contact_was_enough() {
    let folder = export(
        "s.csv",
        "date,email,metric,score\n2026-01-01,a@example.com,fcr,1\n2026-01-02,b@example.com,fcr,0\n\
         2026-01-03,c@example.com,fcr,1\n2026-01-04,d@example.com,fcr,1\n",
    );
    assert_eq!(values(&folder, "fcr s.csv --def survey"), [("survey".to_owned(), 4, "75".to_owned())]);
}

#[test]
fn young_invitations_count_where_all_do() {
    let folder = export(
        "s.csv",
        "sent_at,date,email,nps\n2026-01-01,2026-01-02,a@example.com,9\n2026-01-01,,b@example.com,\n\
         2026-02-01,,c@example.com,\n2026-02-01,2026-02-02,d@example.com,7\n",
    );
    // On 2 February two of the four invitations are a month old and two a day.
    assert_eq!(values(&folder, "response-rate s.csv")[0], ("sent-14d".to_owned(), 2, "50".to_owned()));
    assert_eq!(values(&folder, "response-rate s.csv --def all")[0], ("all".to_owned(), 4, "50".to_owned()));
}

#[test]
fn a_definition_that_is_none_is_refused_with_those_that_are() {
    let folder = export("s.csv", FIVE);
    let refused = |words: &[&str], told: &[&str]| {
        refused(&cxm(folder.path()).args(words).output().unwrap(), told);
    };
    refused(
        &["csat", "s.csv", "--def", "csat=top3"],
        &[
            "names no definition of csat",
            "use top2, good, top1, mean, percent-of-max, rescaled, net or zendesk",
        ],
    );
    refused(&["nps", "s.csv", "--def", "top1"], &["`--def top1` names no definition of nps"]);
    refused(&["report", "s.csv", "--def", "top1"], &["does not say of which metric", "--def METRIC=top1"]);
    refused(&["report", "s.csv", "--def", "topp1"], &["is no definition", "did you mean top1?"]);
    refused(&["churn", "s.csv", "--def", "churn=5-point"], &["churn has one definition, window"]);
}

#[test]
fn every_definition_is_told_and_with_exports_counted_side_by_side() {
    let folder = export("s.csv", FIVE);
    let output =
        cxm(folder.path()).args(["definitions", "csat", "s.csv", "--format", "json"]).output().unwrap();
    let page: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |name: &str| {
        let all = page["definitions"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    assert_eq!((of("top2")["usual"].as_bool(), of("top1")["usual"].as_bool()), (Some(true), Some(false)));
    let found = |name: &str| of(name)["found"]["value"].as_f64();
    assert_eq!(
        ["top2", "top1", "mean", "percent-of-max", "rescaled", "net"].map(found),
        [60.0, 20.0, 3.4, 68.0, 60.0, 40.0].map(Some)
    );
    assert_eq!(of("good")["found"]["note"], "no tickets export");
    assert!(found("good").is_none());
    // What is not on the scale of the answers is not counted, and says how it would be.
    let nps = export("s.csv", &FIVE.replace("csat", "nps"));
    let output = cxm(nps.path()).args(["definitions", "nps", "s.csv"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("the answers are on 0-10; were they on 1-5, --def nps=5-point would say so"),
        "{text}"
    );
}

#[test]
fn the_laws_of_definitions() {
    for metric in METRICS.iter().chain(DEFINITIONS) {
        let id = format!("{} {}", metric.id, metric.definition);
        assert!(Metric::named(metric.id).is_some(), "{id} has no usual definition");
        assert!(metric.formula.len() > 10 && metric.source.len() > 8, "{id}");
        assert!(!metric.page.assumes.is_empty() && !metric.page.misleads.is_empty(), "{id}");
        assert_eq!(Metric::named(metric.id).map(|usual| usual.page), Some(metric.page), "{id}");
        let twins = Metric::definitions(metric.id).filter(|other| other.definition == metric.definition);
        assert_eq!(twins.count(), 1, "{id}");
        let texts = metric.page.assumes.iter().chain(metric.page.misleads).chain([&metric.page.means]);
        assert!(texts.clone().all(|text| text.ends_with('.')), "{id} breaks off");
    }
    assert_eq!((METRICS.len(), DEFINITIONS.len()), (18, 17));
}

/// The pages of the metrics in the documents are what the program says of them.
#[test]
fn the_pages_of_the_metrics_are_written_by_the_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics");
    let mut ids: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
    ids.dedup();
    let mut stale = Vec::new();
    for id in &ids {
        let output =
            cxm(&folder).args(["definitions", id, "--format", "md", "--no-config"]).output().unwrap();
        let text = format!(
            "<!-- Written by `cxm definitions {id} --format md`: change src/metric/{id}.rs, not this page. -->\n\n{}",
            String::from_utf8(output.stdout).unwrap()
        );
        let path = folder.join(format!("{id}.md"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            stale.push(*id);
        }
    }
    assert!(stale.is_empty(), "UPDATE_DOCS=1 cargo test writes docs/metrics: {stale:?}");
    let pages = fs::read_dir(&folder).unwrap().count();
    assert_eq!(pages, ids.len(), "a page in docs/metrics is of no metric");
}
