//! What is wrong in a config has its line, and what is right is read whatever editor wrote it.

use std::fs;

use super::{answers, printed, refused, setting, with};

#[test]
fn a_value_that_the_flag_refuses_is_refused_with_its_line() {
    for (config, expected) in [
        (
            "tz = \"Europ\"",
            "`tz = \"Europ\"` on line 1 of `cxm.toml` is no IANA zone | write a name such as Europe/Amsterdam or America/New_York",
        ),
        (
            "\ntz = \"Amsterdam\"",
            "`tz = \"Amsterdam\"` on line 2 of `cxm.toml` is no IANA zone | did you mean Europe/Amsterdam?",
        ),
        (
            "dates = \"ymd\"",
            "`dates = \"ymd\"` on line 1 of `cxm.toml` is none of its values: `dmy` and `mdy` | write e.g. dates = \"dmy\"",
        ),
        (
            "max_rejects = 0.05",
            "`max_rejects = \"0.05\"` on line 1 of `cxm.toml` may be a share or a percentage | write 5% or 0.05%",
        ),
        (
            "confidence = 95",
            "`confidence = 95` on line 1 of `cxm.toml` is not between 0.5 and 0.9999 | write e.g. confidence = 0.95",
        ),
        (
            "min_n = -1",
            "`min_n = -1` on line 1 of `cxm.toml` is no whole number from 0 | write e.g. min_n = 5",
        ),
        (
            "[windows]\nwindow = \"90x\"",
            "`window = \"90x\"` on line 2 of `cxm.toml` is no length of time | write e.g. 90d, 12w or 36h",
        ),
        (
            "metrics = [\"nps\",\n\"npz\"]",
            "`metrics = \"npz\"` on line 2 of `cxm.toml` is no metric | did you mean nps?",
        ),
        ("where = 'country ='", "`where = \"country =\"` on line 1 of `cxm.toml`"),
        (
            "[scales]\ncsat = \"5\"",
            "`csat = \"5\"` on line 2 of `cxm.toml` is not METRIC=LOW-HIGH | write e.g. [scales] csat = \"1-5\"",
        ),
        ("[scales]\nfun = \"1-5\"", "`fun = \"1-5\"` on line 2 of `cxm.toml`: `fun` is not nps, csat or ces"),
        (
            "as_of = \"soon\"",
            "`as_of = \"soon\"` on line 1 of `cxm.toml` is no time | write e.g. as_of = \"2026-06-30\"",
        ),
        (
            "since = \"2026-05-01\"\nuntil = \"2026-04-01\"",
            "`since` on line 1 of `cxm.toml` is not before `until` on line 2 of `cxm.toml`, so that no row can count",
        ),
        (
            "[journey.rules]\nbilling = \"suport\"",
            "`billing = \"suport\"` on line 2 of `cxm.toml` names no stage: `suport` | did you mean support?",
        ),
        (
            "gates = [\"nps >= 30\", \"happy >= 3\"]",
            "`gates = \"happy >= 3\"` on line 1 of `cxm.toml` is no gate: it begins with no metric",
        ),
        (
            "gates = [\"nps is good\"]",
            "`gates = \"nps is good\"` on line 1 of `cxm.toml` is no gate: it ends with no limit",
        ),
        ("presets = \"none\"", "`none` is no folder, says line 1 of `cxm.toml`"),
        ("by = [\"channel*\"]", "`by = \"channel*\"` on line 1 of `cxm.toml` lacks a dimension"),
        (
            "[[source]]\nfiles = [\"a.csv\"]\nkind = \"ticket\"",
            "`kind = \"ticket\"` on line 3 of `cxm.toml` is no kind of export | the kinds are surveys, tickets, purchases, subscriptions and customers",
        ),
        (
            "[[source]]\nfiles = [\"a.csv\"]\nencoding = \"ebcdic\"",
            "`encoding = \"ebcdic\"` on line 3 of `cxm.toml` is no encoding that is read here",
        ),
        (
            "[[source]]\nfiles = [\"a.csv\"]\n[source.columns]\nscroe = \"x\"",
            "`scroe` on line 4 of `cxm.toml` is no field of any kind of export | did you mean score?",
        ),
        (
            "[[source]]\nfiles = [\"a.csv\"]\nkind = \"tickets\"\n[source.columns]\ncreated_at = \"\"",
            "`created_at = \"\"` on line 5 of `cxm.toml` names no column, and one is needed",
        ),
    ] {
        let folder = with(&[("cxm.toml", config), ("a.csv", &answers([1, 2, 3, 4]))]);
        let exports: &[&str] = if config.contains("source") { &[] } else { &["a.csv"] };
        let told = refused(folder.path(), &[&["report"], exports].concat(), 2);
        assert!(told.starts_with(expected), "{config}\n{told}\n{expected}");
        // What is wrong in a config that is not asked for is nobody's business.
        printed(folder.path(), &["nps", "--no-config", "a.csv", "-q"]);
    }
}

#[test]
fn what_a_config_names_must_be_there_once() {
    let source = |files: &str| format!("min_n = 5\n[[source]]\nfiles = {files}\n");
    let a = answers([1, 2, 3, 4]);
    for (files, status, expected) in [
        ("[\"z*.csv\"]", 3, "no file matches `z*.csv`, says line 3 of `cxm.toml`"),
        ("[\"a.csv\",\n\"b.csv\"]", 3, "`b.csv` does not exist, says line 4 of `cxm.toml`"),
        (
            "[\"*.csv\", \"a*\"]",
            2,
            "`a.csv` is given twice, and would be counted twice, says line 2 of `cxm.toml`",
        ),
        (
            "[\"in\"]",
            3,
            "`in` is a folder, not an export, says line 3 of `cxm.toml` | name the files in it: in/*.csv",
        ),
        (
            "[\"-\"]",
            2,
            "standard input is no file, says line 3 of `cxm.toml` | name it on the command line: cxm report -",
        ),
    ] {
        let folder = with(&[("cxm.toml", &source(files)), ("a.csv", &a), ("in/x", "")]);
        assert_eq!(refused(folder.path(), &["report"], status), expected);
    }
    let folder = with(&[("a.csv", &a)]);
    assert!(
        refused(folder.path(), &["report"], 2)
            .starts_with("no export is given | name the files: cxm report exports/*.csv, or ")
    );
    assert!(
        refused(folder.path(), &["report", "-c", "no.toml"], 2)
            .starts_with("the config `no.toml` does not exist | ")
    );
    assert_eq!(
        refused(folder.path(), &["report", "-c", "a", "--no-config"], 2),
        "`--config` cannot go with `--no-config`"
    );
}

#[test]
fn a_config_of_any_editor_is_read_and_no_other_encoding() {
    let text = "\u{feff}min_n = 1\r\n[[source]]\r\nfiles = [\"a.csv\"]\r\n";
    let folder = with(&[("cxm.toml", text), ("a.csv", &answers([9, 9, 9, 9]))]);
    assert!(printed(folder.path(), &["nps", "-q"]).contains("nps,0-10,,4,100,"));
    assert_eq!(
        setting(folder.path(), "source[1].files", &[]),
        (Some("a.csv".into()), "cxm.toml line 3".into())
    );
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [utf_16.as_slice(), b"tz = \"caf\xe9\"\n"] {
        fs::write(folder.path().join("cxm.toml"), bytes).unwrap();
        assert_eq!(
            refused(folder.path(), &["nps"], 2),
            "the config `cxm.toml` is not text in UTF-8 | save it as UTF-8"
        );
    }
}

#[test]
fn only_a_list_of_settings_takes_the_flags_of_a_report() {
    let folder = with(&[("cxm.toml", "min_n = 9\nby = [\"x\"]\n"), ("a.csv", &answers([9, 9, 9, 9]))]);
    assert!(refused(folder.path(), &["inspect", "a.csv", "--min-n", "3"], 2).contains("--settings"));
    printed(folder.path(), &["inspect", "a.csv"]);
    let text = printed(folder.path(), &["inspect", "--settings", "--min-n", "3"]);
    assert!(
        text.lines()
            .any(|line| line.split_whitespace().collect::<Vec<_>>() == ["min_n", "3", "flag", "--min-n"])
    );
    assert!(
        refused(folder.path(), &["inspect", "--settings", "--format", "csv"], 2).contains("no form as csv")
    );
    let flags = ["--scale", "csat=1-7", "--gates"];
    assert!(
        refused(folder.path(), &[&["inspect", "--settings"], &flags[..]].concat(), 2).contains("--gates")
    );
}
