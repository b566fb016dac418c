//! A flag wins over the config, the config over the preset, the preset over what the file shows: in what is computed and
//! in what `inspect --settings` says.

use std::fs;
use std::path::Path;

use super::{printed, refused, setting, with};

const PRESET: &str = "\
title = 'Gnu desk'
kind = 'surveys'
evidence = 'C'
source = 'made up'
[signature]
all = ['Gnu Ref', 'Opened', 'Mood']
[file]
zone = 'Asia/Tokyo'
decimal = ','
dates = 'dmy'
[columns]
at = 'Opened'
customer = 'Gnu Ref'
csat = 'Mood'
[scale]
csat = '1-5'
";

/// The middle score is two and a half, or it is twenty-five.
const EXPORT: &str =
    "Gnu Ref;Opened;Mood\nA;03/04/2026 00:00;5\nB;03/04/2026 00:00;2,500\nC;04/04/2026 00:00;4\n";

fn folder(config: &str) -> tempfile::TempDir {
    with(&[("cxm.toml", config), ("presets/gnu.toml", PRESET), ("gnu.csv", EXPORT)])
}

/// When the first row was, as the rows have it.
fn first(folder: &Path, flags: &[&str]) -> String {
    let rows = printed(folder, &[&["rows", "-q", "--max-rejects", "100%"], flags].concat());
    rows.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned()
}

fn source(more: &str) -> String {
    format!("[[source]]\nfiles = [\"gnu.csv\"]\n{more}")
}

#[test]
fn a_zone_of_the_export_s_own_wins_over_its_preset_and_one_of_the_run_does_not() {
    let told = |value: &str, from: &str| (Some(value.to_owned()), from.to_owned());
    let zone = |folder: &Path, flags: &[&str]| setting(folder, "file[1].tz", flags);
    // Tokyo is nine hours before UTC.
    let plain = folder(&source(""));
    assert_eq!(first(plain.path(), &[]), "2026-04-02T15:00:00Z");
    assert_eq!(zone(plain.path(), &[]), told("Asia/Tokyo", "preset gnu"));
    for flags in [["--tz", "America/New_York"], ["--preset", "gnu"]] {
        assert_eq!(first(plain.path(), &flags), "2026-04-02T15:00:00Z");
        assert_eq!(zone(plain.path(), &flags), told("Asia/Tokyo", "preset gnu"));
    }
    let run = folder(&format!("tz = \"America/New_York\"\n{}", source("")));
    assert_eq!(zone(run.path(), &[]), told("Asia/Tokyo", "preset gnu"));
    // New York is four hours behind in April.
    let own = folder(&source("tz = \"America/New_York\"\n"));
    assert_eq!(first(own.path(), &[]), "2026-04-03T04:00:00Z");
    assert_eq!(zone(own.path(), &[]), told("America/New_York", "cxm.toml line 3"));
    // Without a preset the run's word counts, and without that it is UTC.
    let none = folder(&source(
        "preset = \"none\"\nkind = \"surveys\"\n[source.columns]\nat = \"Opened\"\ncsat = \"Mood\"\n",
    ));
    assert_eq!(zone(none.path(), &[]), told("UTC", "default"));
    assert_eq!(zone(none.path(), &["--tz", "Asia/Tokyo"]), told("Asia/Tokyo", "flag --tz"));
    assert_eq!(setting(none.path(), "file[1].preset", &[]), (None, "cxm.toml line 3".to_owned()));
    fs::write(
        none.path().join("cxm.toml"),
        format!(
            "tz = \"Asia/Tokyo\"\n{}",
            source("preset = \"none\"\n[source.columns]\nat = \"Opened\"\ncsat = \"Mood\"\n")
        ),
    )
    .unwrap();
    assert_eq!(zone(none.path(), &[]), told("Asia/Tokyo", "cxm.toml line 1"));
    assert_eq!(setting(none.path(), "file[1].kind", &[]), told("surveys", "the file shows it"));
}

#[test]
fn decimals_and_dates_are_said_by_flag_config_and_preset_in_that_order() {
    let both = |folder: &Path, flags: &[&str]| {
        let known = |name: &str| setting(folder, name, flags);
        let ((decimal, by), (dates, by_too)) = (known("file[1].decimal"), known("file[1].dates"));
        [decimal.unwrap(), by, dates.unwrap(), by_too]
    };
    let preset = folder(&source(""));
    assert_eq!(both(preset.path(), &[]), [",", "preset gnu", "dmy", "preset gnu"]);
    let config = folder(&format!("decimal = \".\"\ndates = \"mdy\"\n{}", source("")));
    assert_eq!(both(config.path(), &[]), [".", "cxm.toml line 1", "mdy", "cxm.toml line 2"]);
    assert_eq!(first(config.path(), &[]), "2026-03-03T15:00:00Z");
    let own = folder(&format!("decimal = \".\"\n{}", source("decimal = \",\"\ndates = \"mdy\"\n")));
    assert_eq!(both(own.path(), &[]), [",", "cxm.toml line 4", "mdy", "cxm.toml line 5"]);
    let flags = ["--decimal", ".", "--dates", "dmy"];
    assert_eq!(both(own.path(), &flags), [".", "flag --decimal", "dmy", "flag --dates"]);
    assert_eq!(first(own.path(), &flags), "2026-04-02T15:00:00Z");
    let rest = |name: &str| setting(own.path(), name, &[]);
    assert_eq!(rest("file[1].delimiter"), (Some(";".into()), "the file shows it".into()));
    assert_eq!(rest("file[1].encoding"), (Some("utf-8".into()), "the file shows it".into()));
    assert_eq!(rest("file[1].header_rows"), (Some("1".into()), "preset gnu".into()));
    assert_eq!(rest("file[1]"), (Some("gnu.csv".into()), "cxm.toml line 3".into()));
    assert_eq!(
        setting(own.path(), "file[1].delimiter", &["--delimiter", ";"]),
        (Some(";".into()), "flag --delimiter".into())
    );
}

#[test]
fn a_scale_is_said_by_flag_config_and_preset_in_that_order() {
    let scale = |folder: &Path, flags: &[&str]| {
        let (value, from) = setting(folder, "file[1].scales.csat", flags);
        let words = [&["csat", "-q", "--min-n", "0", "--format", "json"], flags].concat();
        let found: serde_json::Value = serde_json::from_str(&printed(folder, &words)).unwrap();
        (value.unwrap(), from, found["results"][0]["n"].as_u64().unwrap())
    };
    let told = |value: &str, from: &str, n: u64| (value.to_owned(), from.to_owned(), n);
    // All three answers are on any of the scales.
    let preset = folder(&source(""));
    assert_eq!(scale(preset.path(), &[]), told("1-5", "preset gnu", 3));
    let config = folder(&format!("{}[scales]\ncsat = \"1-7\"\n", source("")));
    assert_eq!(scale(config.path(), &[]), told("1-7", "cxm.toml line 4", 3));
    assert_eq!(scale(config.path(), &["--scale", "csat=1-10"]), told("1-10", "flag --scale", 3));
    let definition = |folder: &Path, flags: &[&str]| {
        let text = printed(folder, &[&["csat", "-q", "--min-n", "0"], flags].concat());
        text.lines().nth(1).unwrap().to_owned()
    };
    // Two of three are satisfied where 4 is, and none of them where it takes 6 of 7.
    assert!(definition(preset.path(), &[]).contains(",3,66."), "{}", definition(preset.path(), &[]));
    assert!(definition(config.path(), &[]).contains(",3,0,"), "{}", definition(config.path(), &[]));
}

#[test]
fn what_cannot_be_opened_is_said_in_its_line() {
    let config = format!("{}[[source]]\nfiles = [\"odd.csv\"]\n", source(""));
    let folder = folder(&config);
    fs::write(folder.path().join("odd.csv"), "a,b\n1,2\n").unwrap();
    assert_eq!(setting(folder.path(), "file[2]", &[]), (Some("odd.csv".into()), "cxm.toml line 4".into()));
    assert_eq!(setting(folder.path(), "file[2].header", &[]).0, None);
    let text = printed(folder.path(), &["inspect", "--settings"]);
    assert!(text.contains("(could not tell what `odd.csv` holds"), "{text}");
    fs::remove_file(folder.path().join("odd.csv")).unwrap();
    let text = printed(folder.path(), &["inspect", "--settings"]);
    assert!(text.contains("`odd.csv` does not exist"), "{text}");
    assert!(refused(folder.path(), &["inspect"], 3).contains("`odd.csv` does not exist"));
    // Nothing is taken from a pipe that another run is to read.
    let text = printed(folder.path(), &["inspect", "--settings", "-"]);
    assert!(text.contains("(standard input is left for the run that reads it)"), "{text}");
}
