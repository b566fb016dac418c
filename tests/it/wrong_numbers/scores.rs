//! Wrong numbers of scores: blanks, zeros, fractions, several questions and scales.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{kinds, number, report};
use crate::values::run;

// A missing score counted as a passive, a 0 exported as blank, zeros dropped.

/// Two answers that count, then a blank, `N/A`, and two off the scale: n is 2, and each of the others has its place.
fn each_has_its_place(metric: &str, flags: &str, scores: [&str; 4], value: f64) -> Value {
    let [one, other, below, above] = scores;
    let mut text = "date,metric,score\n".to_owned();
    for score in [one, other, "", "N/A", below, above] {
        writeln!(text, "2026-01-01,{metric},{score}").unwrap();
    }
    let line = format!("{metric} s.csv --min-n 0 --max-rejects 100 {flags}");
    let found = report(&[("s.csv", &text)], &line);
    assert_eq!(number(&found["results"][0]), (2, Some(value)), "{line}");
    assert_eq!(found["sources"][0]["rejected"], json!({"score-out-of-range": 2}), "{line}");
    assert_eq!(found["ledger"][0]["excluded"], json!({"no-answer": 2}), "{line}");
    found["results"][0].clone()
}

#[test]
fn blank_zero_and_off_scale_of_nps() {
    let nps = each_has_its_place("nps", "", ["10", "0", "-1", "11"], 0.0);
    let parts = ["promoters", "passives", "detractors"].map(|name| nps["detail"][name].as_u64().unwrap());
    assert_eq!(parts, [1, 0, 1], "0 is a detractor, and a blank no passive");
    each_has_its_place("nps", "--def 5-point", ["5", "1", "0", "6"], 0.0);
    each_has_its_place("nps", "--def 7-point", ["7", "7", "0", "8"], 100.0);
}

#[test]
fn blank_zero_and_off_scale_of_csat() {
    each_has_its_place("csat", "--scale csat=1-5", ["5", "1", "0", "6"], 50.0);
    each_has_its_place("csat", "--def mean --scale csat=1-5", ["5", "1", "0", "6"], 3.0);
    each_has_its_place("csat", "--def rescaled --scale csat=1-5", ["5", "1", "0", "6"], 50.0);
    each_has_its_place("csat", "--def net --scale csat=1-5", ["5", "5", "0", "6"], 100.0);
}

#[test]
fn blank_zero_and_off_scale_of_ces() {
    each_has_its_place("ces", "", ["7", "1", "0", "8"], 4.0);
    each_has_its_place("ces", "--def 1.0", ["5", "1", "0", "6"], 3.0);
    each_has_its_place("ces", "--def easy", ["7", "1", "0", "8"], 50.0);
}

#[test]
fn blank_zero_and_off_scale_of_fcr_by_survey() {
    each_has_its_place("fcr", "--def survey", ["1", "0", "-1", "2"], 50.0);
}

#[test]
fn a_blank_count_is_not_a_count_of_zero() {
    // No reply at all is fewer than two; how many the third had is not known.
    let text = "ticket_id,created_at,resolved_at,replies\n1,2026-01-01,2026-01-02,0\n2,2026-01-01,2026-01-02,4\n\
                3,2026-01-01,2026-01-02,\n";
    let found = report(&[("t.csv", text)], "fcr t.csv --def zendesk --min-n 0");
    assert_eq!(number(&found["results"][0]), (2, Some(50.0)));
    assert_eq!(found["ledger"][0]["excluded"], json!({"no-count": 1}));
}

// 6.5 and 8.5 in the denominator but in no bucket.

#[test]
fn fractional_nps_answers_are_rejected_and_counted() {
    let text = "date,nps\n2026-01-01,10\n2026-01-02,6.5\n2026-01-03,8.5\n2026-01-04,7.0\n2026-01-05,9\n";
    let found = report(&[("s.csv", text)], "nps s.csv --min-n 0 --max-rejects 100");
    assert_eq!(number(&found["results"][0]), (3, Some(66.667)));
    assert_eq!(found["sources"][0]["rejected_lines"], json!({"bad-score": [3, 4]}));
}

// CSAT and CES answers averaged into NPS.

#[test]
fn metrics_never_mix_and_an_unknown_question_is_said() {
    let text =
        "date,metric,score\n2026-01-01,nps,10\n2026-01-01,csat,5\n2026-01-01,ces,6\n2026-01-01,mood,3\n";
    for (metric, value) in [("nps", 100.0), ("csat", 100.0), ("ces", 6.0)] {
        let found = report(&[("s.csv", text)], &format!("{metric} s.csv --min-n 0"));
        assert_eq!(number(&found["results"][0]), (1, Some(value)), "{metric}");
        assert_eq!(kinds(&found), ["other-questions"]);
    }
}

#[test]
fn two_scales_under_one_metric_are_an_error() {
    let (five, seven) =
        ("date,csat\n2026-01-01,5\n2026-01-01,1\n", "date,csat\n2026-01-01,7\n2026-01-01,6\n");
    let outcome = run(&[("a.csv", five), ("b.csv", seven)], "csat a.csv b.csv");
    assert_eq!(outcome.status, 3, "{}", outcome.stdout);
}
