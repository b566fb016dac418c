//! `cxm init` and the config of `cxm demo`: what is written is read again, and gives the report of the bare files.

use std::fs;
use std::path::Path;

use cxm::config::keys::SETTINGS;
use serde_json::Value;

use super::{EXPORTS, folder, printed, refused, run, sample, with};
use crate::cli::assert_refused;

#[test]
fn what_init_writes_gives_the_report_of_the_bare_files() {
    let folder = sample();
    let bare = printed(folder.path(), &[&["report", "-q", "--format", "json"], &EXPORTS[..]].concat());
    let said = run(folder.path(), &[&["init"], &EXPORTS[..]].concat());
    assert_eq!(String::from_utf8_lossy(&said.stderr), "cxm.toml is written; next: cxm report\n");
    assert_eq!(printed(folder.path(), &["report", "-q", "--format", "json"]), bare);
    let text = fs::read_to_string(folder.path().join("cxm.toml")).unwrap();
    assert_eq!(printed(folder.path(), &[&["init", "-o", "-"], &EXPORTS[..]].concat()), text);
    // Every line that is only offered is accepted as it stands, too.
    let offered = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest)
            if rest.contains(" = ")
                && !rest.starts_with("Count only")
                && !rest.contains("dates = \"dmy\"") =>
        {
            rest
        }
        _ => line,
    });
    let whole: Vec<&str> = offered.collect();
    fs::write(folder.path().join("whole.toml"), whole.join("\n")).unwrap();
    printed(folder.path(), &["inspect", "--settings", "-c", "whole.toml"]);
    for setting in SETTINGS.iter().filter(|setting| !setting.flag.is_empty()) {
        let shown = if setting.example.contains(" = ") && setting.key != "where" {
            format!("[{}]", setting.path())
        } else {
            format!("# {} = ", setting.key)
        };
        assert!(text.contains(&shown), "{shown} is not in\n{text}");
    }
}

#[test]
fn init_keeps_what_was_typed_and_replaces_nothing_unasked() {
    let folder = sample();
    let path = folder.path();
    fs::write(path.join("cxm.toml"), "mine").unwrap();
    assert_eq!(
        refused(path, &["init", "surveys.csv"], 4),
        "`cxm.toml` exists already | pass --force to replace it, or -o FILE to write another"
    );
    assert_eq!(fs::read_to_string(path.join("cxm.toml")).unwrap(), "mine");
    let flags = [
        "--tz=Europe/Amsterdam",
        "--scale=csat=1-5",
        "--map=surveys.survey=",
        "--map",
        "surveys.comment=comment",
    ];
    printed(path, &[&["init", "--force", "surveys.csv"], &flags[..]].concat());
    let text = fs::read_to_string(path.join("cxm.toml")).unwrap();
    for line in ["tz = \"Europe/Amsterdam\"", "csat = \"1-5\"", "comment = \"comment\"", "survey = \"\""] {
        assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
    }
    let by_config = printed(path, &["nps", "-q", "--format", "json"]);
    let by_flags = printed(
        path,
        &[&["nps", "-q", "--format", "json", "--no-config", "surveys.csv"], &flags[..]].concat(),
    );
    assert_eq!(by_config, by_flags);
    assert!(refused(path, &["init", "-o", "surveys.csv", "--force", "surveys.csv"], 2).contains("overwrite"));
    assert!(refused(path, &["init", "-o", "new.toml", "nothing.csv"], 3).contains("does not exist"));
    let stdin = run(path, &["init", "-o", "new.toml", "-"]);
    assert_refused(&stdin, 2, "init -");
}

#[test]
fn init_offers_what_is_in_doubt() {
    let folder = with(&[
        ("orders.csv", "customer,order date,order,amount\nA,03/04/2026,1,10\nB,05/04/2026,2,20\n"),
        ("answers.csv", "customer,date,score,Score,metric\nA,2026-01-02,9,8,nps\n"),
        ("fine.csv", "id,date,nps\n1,2026-01-02,9\n2,2026-01-03,10\n"),
    ]);
    let output =
        run(folder.path(), &["init", "orders.csv", "answers.csv", "fine.csv", "--tickets", "fine.csv.bak"]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let output = run(folder.path(), &["init", "orders.csv", "answers.csv", "fine.csv"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr.matches("in doubt: ").count(), 2, "{stderr}");
    let text = fs::read_to_string(folder.path().join("cxm.toml")).unwrap();
    for line in [
        "# dates = \"dmy\"",
        "# dates = \"mdy\"",
        "kind = \"purchases\"",
        "# score = \"score\"",
        "# score = \"Score\"",
    ] {
        assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
    }
    // Settled as the config offers it, the report comes out.
    let settled = text.replacen("# dates = \"dmy\"\n# dates = \"mdy\"", "dates = \"dmy\"", 1).replacen(
        "# score = \"Score\"",
        "score = \"Score\"",
        1,
    );
    fs::write(folder.path().join("cxm.toml"), settled).unwrap();
    let found = printed(folder.path(), &["report", "-q", "--format", "json"]);
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["as_of"], "2026-04-05T00:00:00Z");
}

#[test]
fn the_demo_is_ready_for_a_report() {
    let folder = folder();
    let output = run(folder.path(), &["demo", "new", "--customers", "60"]);
    assert!(String::from_utf8_lossy(&output.stderr).ends_with("next: cd new && cxm report\n"));
    let place = folder.path().join("new");
    let by_config = printed(&place, &["report", "-q", "--format", "json"]);
    let bare =
        ["report", "-q", "--format", "json", "--no-config", "surveys.csv", "tickets.csv", "purchases.csv"];
    assert_eq!(by_config, printed(&place, &bare));
    assert!(refused(folder.path(), &["demo", "new"], 4).contains("exists already"));
    assert_eq!(
        fs::read(place.join("cxm.toml")).unwrap(),
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample/cxm.toml")).unwrap()
    );
}

#[test]
fn exports_that_are_alike_are_one_source() {
    let of_day = |day: &str| format!("id,date,nps\n{day},2026-01-{day},9\n");
    let other = "id;date;nps;country\n1;2026-01-05;9;NL\n";
    let folder = with(&[
        ("a.csv", &of_day("01")),
        ("b.csv", &of_day("02")),
        ("c.csv", other),
        ("d.csv", &of_day("03")),
    ]);
    let text = printed(folder.path(), &["init", "-o", "-", "a.csv", "b.csv", "c.csv", "d.csv"]);
    let files = "files = [\n  \"a.csv\",\n  \"b.csv\",\n]\nkind = \"surveys\"\n# a.csv: 1 row, 1 of them used\n# b.csv: 1 row, 1 of them used\n";
    assert!(text.contains(files), "{text}");
    assert_eq!(text.matches("[[source]]").count(), 3, "{text}");
    assert!(text.contains("# delimiter = \";\"\n"), "{text}");
}
