//! Presets of the user's own: beside the config or in a folder that it names, they come before those of the program.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};

const PRESET: &str = "\
title = 'Complaints of the Gnu desk'
kind = 'tickets'
evidence = 'A'
source = 'the desk itself'
[signature]
all = ['Gnu Ref', 'Opened']
[file]
zone = 'Europe/Amsterdam'
[columns]
ticket = 'Gnu Ref'
created_at = 'Opened'
customer = 'Who'
";

const EXPORT: &str = "Gnu Ref,Opened,Who\n1,2026-01-02 10:00,A\n2,2026-07-02 10:00,B\n";

fn with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, words: &str) -> Output {
    cxm(folder).args(words.split(' ')).output().unwrap()
}

fn printed(folder: &Path, words: &str) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn preset_of(folder: &Path, export: &str) -> String {
    let found = printed(folder, &format!("inspect {export} --format json -q"));
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    found["files"][0]["preset"].as_str().unwrap_or("none").to_owned()
}

/// Amsterdam is one hour before UTC in winter, and two in summer.
const ROWS: &str =
    "line,created_at,ticket,customer\n2,2026-01-02T09:00:00Z,1,A\n3,2026-07-02T08:00:00Z,2,B\n";

#[test]
fn they_are_found_beside_the_config_or_where_it_says() {
    let beside = with(&[("cxm.toml", "min_n = 1\n"), ("presets/gnu.toml", PRESET), ("desk.csv", EXPORT)]);
    assert_eq!(preset_of(beside.path(), "desk.csv"), "gnu");
    assert_eq!(printed(beside.path(), "rows desk.csv"), ROWS);
    let elsewhere =
        with(&[("cxm.toml", "presets = \"of/mine\"\n"), ("of/mine/gnu.toml", PRESET), ("desk.csv", EXPORT)]);
    assert_eq!(printed(elsewhere.path(), "rows desk.csv"), ROWS);
    let list = printed(elsewhere.path(), "presets --format csv");
    let own = list.lines().find(|line| line.starts_with("gnu,")).unwrap();
    assert!(
        own.starts_with("gnu,tickets,A,Complaints of the Gnu desk,") && own.ends_with("of/mine/gnu.toml"),
        "{own}"
    );
    assert!(list.lines().any(|line| line.starts_with("zendesk-csv,") && line.ends_with(',')), "{list}");
    assert!(printed(elsewhere.path(), "presets --format table").contains("evidence A, from "));
    assert_eq!(printed(elsewhere.path(), "presets gnu"), PRESET);
    // Without the config nobody knows them.
    assert_refused(&run(elsewhere.path(), "presets gnu --no-config"), 2, "presets gnu");
}

#[test]
fn what_the_program_prints_is_a_start_that_wins_over_what_it_comes_from() {
    let folder = with(&[("cxm.toml", "tz = \"Europe/Amsterdam\"\n")]);
    let path = folder.path();
    for name in ["zendesk-csv", "qualtrics"] {
        let from =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/presets").join(name).join("export.csv");
        fs::copy(from, path.join(format!("{name}.csv"))).unwrap();
    }
    let before = printed(path, "rows zendesk-csv.csv");
    fs::create_dir(path.join("presets")).unwrap();
    // The folder is there, but nothing in it yet.
    assert_eq!(preset_of(path, "zendesk-csv.csv"), "zendesk-csv");
    // As a shell does it: the file is there, and empty, when the program starts.
    let mine = fs::File::create(path.join("presets/mine.toml")).unwrap();
    let output = cxm(path).args(["presets", "zendesk-csv"]).stdout(mine).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(preset_of(path, "zendesk-csv.csv"), "mine");
    assert_eq!(printed(path, "rows zendesk-csv.csv"), before);
    assert_eq!(preset_of(path, "qualtrics.csv"), "qualtrics");
    // Of the same name it takes the other's place.
    let text = fs::read_to_string(path.join("presets/mine.toml")).unwrap();
    fs::remove_file(path.join("presets/mine.toml")).unwrap();
    fs::write(path.join("presets/zendesk-csv.toml"), text.replacen("ticket = ", "# ticket = ", 1)).unwrap();
    assert_eq!(preset_of(path, "zendesk-csv.csv"), "zendesk-csv");
    assert!(!printed(path, "rows zendesk-csv.csv").lines().next().unwrap().contains("ticket"));
    assert_eq!(printed(path, "presets --format csv").matches("\nzendesk-csv,").count(), 1);
    // Two of the user's own that fit as well are the user's to choose from.
    fs::write(path.join("presets/other.toml"), text).unwrap();
    let output = run(path, "rows zendesk-csv.csv");
    assert_refused(&output, 3, "two that fit");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("fits 2 presets equally well: other and zendesk-csv"), "{told}");
}

#[test]
fn a_broken_one_is_told_with_its_file_and_line() {
    let broken = [
        (
            "customer = 'Who'",
            "custmer = 'Who'",
            "line 12: `custmer` is no field of tickets; `customer` is one",
        ),
        ("kind = 'tickets'", "kind = 'ticket'", "line 2: `ticket` is no kind of export"),
        ("customer = 'Who'", "customer = Who", "line 12: "),
        ("zone = ", "zones = ", "line 8: unknown field `zones`"),
        ("zone = 'Europe/Amsterdam'", "decimal = ';'", "line 7: `decimal` is \".\" or \",\""),
        ("'Europe/Amsterdam'", "'Europe/Amsterdamn'", "line 8: `Europe/Amsterdamn` is no zone"),
        (
            "customer = 'Who'",
            "[[drop]]\nas = 'junk'\ncolumn = 'Who'\nblank = true",
            "line 13: a row cannot be dropped as `junk`",
        ),
        ("customer = 'Who'", "customer = { product = ['Who'] }", "line 12: `customer` is no amount"),
    ];
    for (good, bad, told) in broken {
        let text = PRESET.replacen(good, bad, 1);
        let folder = with(&[("cxm.toml", "min_n = 1\n"), ("presets/gnu.toml", &text), ("desk.csv", EXPORT)]);
        for words in ["rows desk.csv", "presets"] {
            let output = run(folder.path(), words);
            assert_refused(&output, 2, words);
            let error = String::from_utf8(output.stderr).unwrap();
            assert!(
                error.starts_with(&format!("error: preset `presets/gnu.toml`: {told}")),
                "{bad}: {error}"
            );
        }
    }
}
