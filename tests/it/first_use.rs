//! What somebody who meets the program for the first time stumbled over: sentences that were wrong, and advice that did not
//! help.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::cxm;

fn with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

fn run(folder: &Path, words: &[&str]) -> Output {
    cxm(folder).args(words).output().unwrap()
}

/// What a run prints that succeeds, with plain spaces.
fn printed(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ")
}

fn refused(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert!(!output.status.success() && output.stdout.is_empty(), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn json(folder: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, &[words, &["--format", "json"]].concat())).unwrap()
}

/// A answers twice, 10 and 0; B once, 10.
const AGAIN: &str = "id,date,email,nps\n1,2026-01-01,a@example.com,10\n2,2026-01-02,a@example.com,0\n3,2026-01-03,b@example.com,10\n";

#[test]
fn promoters_passives_and_detractors_are_parts_of_one_whole() {
    let folder = with(&[("s.csv", AGAIN)]);
    // Half of A and all of B, of two customers; of the answers it would be two and one of two.
    let text = printed(folder.path(), &["nps", "s.csv", "-q", "--answers", "mean", "--format", "table"]);
    assert!(text.contains("promoters 75 %, passives 0 %, detractors 25 %"), "{text}");
}

#[test]
fn a_probability_is_corrected_under_its_own_name() {
    let folder = with(&[]);
    let words = ["power", "nps", "--promoters", "50", "--detractors", "20"];
    let told = |more: &[&str]| refused(folder.path(), &[&words, more].concat());
    assert!(told(&["--power", "80"]).contains("hint: did you mean --power 0.8?"));
    assert!(told(&["--confidence", "95"]).contains("hint: did you mean --confidence 0.95?"));
}

#[test]
fn a_plan_without_exports_speaks_of_no_groups() {
    let folder = with(&[]);
    let text =
        printed(folder.path(), &["power", "csat", "--share", "80", "--change", "30", "--format", "table"]);
    assert!(text.contains("Without a number: the change leads beyond the scale."), "{text}");
}

#[test]
fn an_executive_need_not_know_what_a_window_is() {
    for metric in cxm::metric::METRICS {
        let means = metric.page.means.replace("{window}", "90d");
        assert!(!means.contains("window"), "{}: {means}", metric.id);
    }
}

/// Answers to CSAT, 1 to 5.
const CSAT: &str =
    "id,date,csat\n1,2026-01-01,5\n2,2026-01-02,4\n3,2026-01-03,4\n4,2026-01-04,1\n5,2026-01-05,2\n";

#[test]
fn a_definition_that_was_typed_replaces_that_of_the_config() {
    let folder = with(&[("s.csv", CSAT), ("cxm.toml", "[definitions]\ncsat = \"top1\"\n")]);
    let definitions = |more: &[&str]| -> Vec<String> {
        let found = json(folder.path(), &[&["csat", "s.csv", "-q"], more].concat());
        let rows = found["results"].as_array().unwrap().iter();
        rows.map(|row| row["definition"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(definitions(&[]), ["top1"]);
    assert_eq!(definitions(&["--def", "csat=mean"]), ["mean"]);
    assert_eq!(definitions(&["--def", "mean"]), ["mean"]);
    // Of another metric a config may speak, and a flag would change nothing.
    let idle = refused(folder.path(), &["csat", "s.csv", "-q", "--def", "nps=5-point"]);
    assert!(idle.contains("error: `--def nps=5-point` is of nps, which is not asked for here"), "{idle}");
}

#[test]
fn a_gate_says_by_which_definition_it_judges_where_it_is_not_the_usual_one() {
    let folder = with(&[("s.csv", CSAT)]);
    let head = |more: &[&str]| {
        let words = ["check", "s.csv", "-q", "--gate", "csat >= 1", "--format", "table"];
        let output = run(folder.path(), &[&words, more].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .find(|line| line.contains("Gate "))
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(head(&[]), "Gate");
    assert_eq!(head(&["--def", "csat=top1"]), "Definition");
    // Both are usual, and two numbers.
    let tickets = "ticket_id,email,created_at,rating\n1,a@example.com,2026-01-01,good\n2,b@example.com,2026-01-02,bad\n";
    fs::write(folder.path().join("t.csv"), tickets).unwrap();
    assert_eq!(head(&["t.csv"]), "Definition");
}

#[test]
fn a_gate_on_business_hours_says_so() {
    let tickets =
        "ticket_id,email,created_at,resolved_at\n1,a@example.com,2026-01-05T10:00:00Z,2026-01-05T11:00:00Z\n";
    let folder = with(&[("t.csv", tickets), ("h.toml", "[hours]\nmon = \"09:00-17:00\"\n")]);
    let words = ["check", "t.csv", "-q", "--gate", "resolution_time <= 8", "--format", "table"];
    let of = |more: &[&str]| String::from_utf8(run(folder.path(), &[&words, more].concat()).stdout).unwrap();
    assert!(of(&["--business-hours", "h.toml"]).contains("\nTimes in the business hours of h.toml\n"));
    assert!(!of(&[]).contains("business"));
}

#[test]
fn a_limit_that_no_number_can_reach_is_no_gate() {
    let folder = with(&[("s.csv", AGAIN)]);
    let gate = |gate: &str| run(folder.path(), &["check", "s.csv", "-q", "--gate", gate]);
    for (text, told) in [("nps >= 300", "no nps is beyond 100"), ("nps <= -101", "no nps is beyond -100")] {
        let output = gate(text);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && stderr.contains(told), "{stderr}");
    }
    let of_scores = ["check", "s.csv", "-q", "--def", "csat=mean", "--gate", "csat >= 80"];
    let told = refused(folder.path(), &of_scores);
    assert!(
        told.contains("the gate `csat >= 80` cannot be judged: by its definition `mean` csat is 10 at most"),
        "{told}"
    );
    assert_ne!(gate("nps <= 100").status.code(), Some(2));
    // More may be spent than before, and a wait may be long: these want other exports, and are gates.
    assert_eq!(
        [gate("nrr >= 110"), gate("resolution_time <= 200")].map(|one| one.status.code()),
        [Some(3); 2]
    );
}

/// Of `web` six customers left and two stayed; of `app` and `mail` enough of both.
fn who_stayed() -> (String, String) {
    let (mut bought, mut said) =
        ("order_id,email,date,amount,channel\n".to_owned(), "id,date,email,csat\n".to_owned());
    let mut id = 0;
    for (channel, left, stayed) in [("web", 6, 2), ("app", 9, 12), ("mail", 8, 9)] {
        for at in 0..left + stayed {
            id += 1;
            writeln!(bought, "a{id},c{id}@example.com,2026-01-15,10,{channel}").unwrap();
            writeln!(said, "{id},2026-01-20,c{id}@example.com,{}", [1, 5][at % 2]).unwrap();
            if at >= left {
                writeln!(bought, "b{id},c{id}@example.com,2026-05-15,10,{channel}").unwrap();
            }
        }
    }
    (bought, said)
}

#[test]
fn a_gate_on_a_side_too_small_to_show_does_not_call_it_empty() {
    let (bought, said) = who_stayed();
    let folder = with(&[("p.csv", &bought), ("s.csv", &said)]);
    let gate = ["--gate", "satisfied_defectors.retained by channel >= 10", "--format", "json"];
    let words = [&["check", "p.csv", "s.csv", "-q", "--as-of", "2026-06-01"][..], &gate].concat();
    let found: Value = serde_json::from_slice(&run(folder.path(), &words).stdout).unwrap();
    let web = found["results"].as_array().unwrap().iter().find(|row| row["channel"] == "web").unwrap();
    assert_eq!((&web["result"], &web["value"]), (&"not-enough-data".into(), &Value::Null));
    assert_eq!(web["note"], "retained is not known, or rests on too few customers to show");
}

#[test]
fn a_limit_that_cannot_be_read_says_how_to_write_it() {
    let folder = with(&[]);
    let told = |gate: &str| refused(folder.path(), &["check", "s.csv", "-q", "--gate", gate]);
    assert!(told("resolution_time <= 1d").contains("hint: write e.g. resolution_time <= 24"));
    assert!(
        told("nps >= 0 and csat >= 50").contains("hint: write one demand in a gate, and --gate for each")
    );
}

#[test]
fn a_change_that_cannot_be_is_not_said_to_have_shown() {
    let folder = with(&[("s.csv", "id,date,nps\n1,2026-01-01,10\n")]);
    let text = printed(folder.path(), &["power", "nps", "s.csv", "-q", "--format", "table"]);
    assert!(text.contains("The 1 answer at hand could have shown no change, however large."), "{text}");
}

#[test]
fn one_value_has_no_bars() {
    let folder = with(&[("s.csv", &months(2))]);
    let of = |more: &[&str]| {
        printed(
            folder.path(),
            &[&["trend", "nps", "s.csv", "-q", "--period", "month", "--format", "table"], more].concat(),
        )
    };
    let has_bars = |text: &str| text.contains(['▁', '▄', '█']);
    // Without the rest of February it has not ended.
    assert!(!has_bars(&of(&[])) && has_bars(&of(&["--as-of", "2026-03-01"])));
}

#[test]
fn a_gate_can_be_read_where_no_table_fits() {
    let folder = with(&[("s.csv", &months(2))]);
    let gates = ["--gate", "nps by channel*country >= 10", "--gate", "nps by channel no-drop 5 vs t.json"];
    let report = ["report", "s.csv", "-q", "--by", "channel", "--format", "json", "-o", "t.json"];
    assert!(run(folder.path(), &report).status.success());
    let words = [&["check", "s.csv", "-q", "--format", "table"][..], &gates].concat();
    let output = cxm(folder.path()).args(words).env("COLUMNS", "60").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("nps by chann"), "{text}");
}

#[test]
fn answers_on_another_scale_than_a_definition_wants_say_so() {
    let mut text = "id,date,nps\n".to_owned();
    (0..40).for_each(|id| writeln!(text, "{id},2026-01-10,{}", id % 11).unwrap());
    let folder = with(&[("s.csv", &text)]);
    let stderr = refused(folder.path(), &["nps", "s.csv", "-q", "--def", "5-point"]);
    let told = "hint: NPS is counted on 1-5 by the definition that was asked for: leave that out where the answers are on 0-10;";
    assert!(stderr.contains(told), "{stderr}");
}

#[test]
fn a_definition_is_the_same_record_in_every_machine_format() {
    let folder = with(&[("s.csv", CSAT)]);
    let of =
        |format: &str| printed(folder.path(), &["definitions", "csat", "s.csv", "-q", "--format", format]);
    let header: Vec<String> = of("csv").lines().next().unwrap().split(',').map(str::to_owned).collect();
    let jsonl = of("jsonl");
    for line in jsonl.lines() {
        let record: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        let (mut own, mut wanted) = (record.keys().cloned().collect::<Vec<_>>(), header.clone());
        own.sort();
        wanted.sort();
        assert_eq!(own, wanted);
    }
    assert!(
        jsonl.contains("\"metric\":\"csat\",\"definition\":\"top1\"") && jsonl.contains("\"value\":20.0"),
        "{jsonl}"
    );
    let md = of("md");
    assert!(md.contains("- Here: –, n 0; no tickets export") && !md.contains("()"), "{md}");
}

/// A hundred groups of one answer, two of ten, and one answer without a group.
fn many_groups() -> String {
    let mut text = "id,date,shop,nps\n0,2026-01-10,,9\n".to_owned();
    (1..=100).for_each(|id| writeln!(text, "{id},2026-01-10,S{id},9").unwrap());
    (101..=120).for_each(|id| writeln!(text, "{id},2026-01-10,{},9", ["big", "large"][id % 2]).unwrap());
    text
}

#[test]
fn groups_that_are_not_compared_are_named_as_far_as_somebody_reads_them() {
    let folder = with(&[("s.csv", &many_groups())]);
    let text = printed(folder.path(), &["compare", "nps", "s.csv", "-q", "--by", "shop", "--format", "json"]);
    let remarks: Value = serde_json::from_str(&text).unwrap();
    let told = remarks["remarks"].to_string();
    assert!(
        told.contains("S1, S10, S100,") && told.contains(" and 90 more, since they are of fewer than 5"),
        "{told}"
    );
    assert!(told.contains("Not compared: 1 answer without a shop."), "{told}");
    assert!(!told.contains("(unknown)"), "{told}");
}

/// Ten answers on the tenth of a month, from January to that month.
fn months(last: u32) -> String {
    let mut text = "id,date,channel,country,nps\n".to_owned();
    for at in 0..10 * last {
        let (month, score) = (1 + at / 10, 9 - at % 3);
        writeln!(
            text,
            "{at},2026-{month:02}-10,{},{},{score}",
            ["web", "app"][at as usize % 2],
            ["NL", "BE"][at as usize / 5 % 2]
        )
        .unwrap();
    }
    text
}

#[test]
fn an_explanation_says_why_there_is_none() {
    let folder = with(&[("s.csv", &months(1))]);
    let told = |more: &[&str]| refused(folder.path(), &[&["explain", "nps", "s.csv", "-q"], more].concat());
    let unfinished = told(&[]);
    assert!(
        unfinished.contains("error: no month with answers is complete\nhint: name shorter periods"),
        "{unfinished}"
    );
    for more in [&[][..], &["--partial"]] {
        let none = told(&[&["--where", "channel = none"], more].concat());
        assert!(none.contains("error: there are no answers to explain\nhint: see whether --where"), "{none}");
    }
}

#[test]
fn an_explanation_of_an_unfinished_period_does_not_call_it_over() {
    let folder = with(&[("s.csv", &months(3))]);
    let title = |more: &[&str]| {
        let words = ["explain", "nps", "s.csv", "-q", "--format", "md"];
        printed(folder.path(), &[&words, more].concat())
            .lines()
            .next()
            .unwrap()
            .split(" · ")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        [title(&["--partial"]), title(&[])],
        [
            "# NPS from 2026-02 to 2026-03 (the last month, which is not whole, and the one before)",
            "# NPS from 2026-01 to 2026-02 (the last month that is over, and the one before)",
        ]
    );
    // One definition in two breakdowns needs no column.
    let text = printed(
        folder.path(),
        &["explain", "nps", "s.csv", "-q", "--by", "channel,country", "--format", "table"],
    );
    assert!(text.contains("Channel") && text.contains("Country") && !text.contains("Definition"), "{text}");
}

#[test]
fn customers_who_are_judged_in_both_periods_are_a_caveat_of_an_explanation() {
    let mut text = "order_id,email,date,amount,channel\n".to_owned();
    for customer in 0..20 {
        for month in 1..=12 {
            writeln!(text, "{month}-{customer},{customer}@example.com,2025-{month:02}-10,5,web").unwrap();
        }
    }
    let folder = with(&[("p.csv", &text)]);
    let caveats = |more: &[&str]| {
        let words = ["explain", "retention", "p.csv", "-q", "--as-of", "2026-01-01"];
        json(folder.path(), &[&words, more].concat())["caveats"].to_string()
    };
    let near = caveats(&["--from", "2025-10", "--to", "2025-11"]);
    assert!(near.contains("not-independent") && near.contains("less than twice 90d apart"), "{near}");
    let far = caveats(&["--from", "2025-05", "--to", "2025-12"]);
    assert!(far.contains("not-independent") && !far.contains("apart"), "{far}");
    let periods = caveats(&["--from", "2025-10", "--to", "2025-11", "--window", "period"]);
    assert!(periods.contains("what was bought in the one is the base of the other"), "{periods}");
}
