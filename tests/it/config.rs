//! `cxm.toml` through the program: a flag wins over it, it wins over the default, and what is wrong in it has its line.

use std::fs;
use std::path::Path;
use std::process::Output;

use cxm::config::keys::SETTINGS;
use serde_json::Value;

use crate::cli::{assert_refused, cxm};

/// A setting, what a config says of it, and what its flag says then: name, text of the config, value, flag, value.
type Said = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Every setting that a flag says too, with two values that are not its default.
const SAID: &[Said] = &[
    ("tz", "tz = \"Europe/Amsterdam\"", "Europe/Amsterdam", "--tz=Asia/Tokyo", "Asia/Tokyo"),
    ("dates", "dates = \"dmy\"", "dmy", "--dates=mdy", "mdy"),
    ("decimal", "decimal = \",\"", ",", "--decimal=.", "."),
    ("delimiter", "delimiter = \",\"", ",", "--delimiter=tab", "tab"),
    ("encoding", "encoding = \"utf-8\"", "utf-8", "--encoding=latin-1", "latin-1"),
    ("max_rejects", "max_rejects = 20", "20", "--max-rejects=30%", "30%"),
    ("strict", "strict = true", "true", "--strict=false", "false"),
    ("as_of", "as_of = 2026-05-01", "2026-05-01", "--as-of=2026-06-01", "2026-06-01"),
    ("since", "since = \"2026-01-01\"", "2026-01-01", "--since=2026-02-01", "2026-02-01"),
    ("until", "until = \"2026-03-01\"", "2026-03-01", "--until=2026-04-01", "2026-04-01"),
    ("metrics", "metrics = [\"nps\", \"fcr\"]", "nps, fcr", "--metrics=csat", "csat"),
    ("by", "by = [\"country\", \"topic*channel\"]", "country, topic*channel", "--by=channel", "channel"),
    ("period", "period = \"quarter\"", "quarter", "--period=year", "year"),
    (
        "where",
        "where = 'channel = \"app\"'",
        "channel = \"app\"",
        "--where=channel = \"web\"",
        "channel = \"web\"",
    ),
    ("min_n", "min_n = 10", "10", "--min-n=20", "20"),
    ("confidence", "confidence = 0.9", "0.9", "--confidence=0.99", "0.99"),
    ("same_topic", "same_topic = true", "true", "--same-topic=false", "false"),
    ("anonymous", "anonymous = \"single\"", "single", "--anonymous=exclude", "exclude"),
    ("windows.window", "[windows]\nwindow = \"60d\"", "60d", "--window=120d", "120d"),
    ("windows.repeat_window", "[windows]\nrepeat_window = 3", "3", "--repeat-window=14d", "14d"),
    ("windows.attribution", "[windows]\nattribution = \"2d\"", "2d", "--attribution=7d", "7d"),
    ("windows.response_window", "[windows]\nresponse_window = \"30d\"", "30d", "--response-window=7d", "7d"),
    ("scales.csat", "[scales]\ncsat = \"1-7\"", "1-7", "--scale=csat=1-5", "1-5"),
    (
        "journey.stages",
        "[journey]\nstages = [\"purchase\", \"onboarding\", \"use\", \"support\", \"renewal\"]",
        "purchase, onboarding, use, support, renewal",
        "--stages=use,support",
        "use, support",
    ),
    ("journey.onboarding", "[journey]\nonboarding = \"60d\"", "60d", "--onboarding=10d", "10d"),
    ("journey.after_purchase", "[journey]\nafter_purchase = \"10d\"", "10d", "--after-purchase=1d", "1d"),
    (
        "journey.names.use",
        "[journey.names]\nuse = \"advocacy\"",
        "advocacy",
        "--stage-name=use=support",
        "support",
    ),
    (
        "journey.rules.billing",
        "[journey.rules]\nbilling = \"renewal\"",
        "renewal",
        "--stage-rule=billing=use",
        "use",
    ),
];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A folder with files.
fn with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = folder();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, words: &[&str]) -> Output {
    cxm(folder).args(words).output().unwrap()
}

/// What a command that works prints.
fn printed(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The error and its hint.
fn refused(folder: &Path, words: &[&str], status: i32) -> String {
    let output = run(folder, words);
    assert_refused(&output, status, &format!("{words:?}"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let from = stderr.find("error: ").unwrap();
    stderr[from..].trim_start_matches("error: ").trim_end().replace("\nhint: ", " | ")
}

/// A setting as `inspect --settings` has it: its value and where it is from.
fn setting(folder: &Path, name: &str, flags: &[&str]) -> (Option<String>, String) {
    let text = printed(folder, &[&["inspect", "--settings", "--format", "json"], flags].concat());
    let found: Value = serde_json::from_str(&text).unwrap();
    let all = found["settings"].as_array().unwrap();
    let one = all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name} in {text}"));
    (one["value"].as_str().map(str::to_owned), one["from"].as_str().unwrap().to_owned())
}

#[test]
fn a_flag_beats_the_config_and_the_config_beats_the_default() {
    let bare = folder();
    for (name, config, value, flag, flagged) in SAID {
        let place = with(&[("cxm.toml", &format!("# One setting.\n{config}\n"))]);
        let line = if config.contains('\n') { 3 } else { 2 };
        let said = (Some((*value).to_owned()), format!("cxm.toml line {line}"));
        assert_eq!(setting(place.path(), name, &[]), said);
        let long = flag.split('=').next().unwrap();
        let typed = (Some((*flagged).to_owned()), format!("flag {long}"));
        assert_eq!(setting(place.path(), name, &[flag]), typed);
        let of_pairs =
            ["scales", "journey.names", "journey.rules"].into_iter().find(|pairs| name.starts_with(pairs));
        let (default, from) = setting(bare.path(), of_pairs.unwrap_or(name), &[]);
        assert_eq!(from, "default", "{name}");
        assert_ne!(default.as_deref(), Some(*value), "{name}: the config says what holds anyway");
        assert_eq!(
            setting(place.path(), of_pairs.unwrap_or(name), &["--no-config"]),
            (default, from),
            "{name}"
        );
    }
}

#[test]
fn every_flag_is_a_setting_or_has_no_place_in_a_config() {
    const NO_SETTINGS: &[&str] = &[
        "surveys",
        "tickets",
        "purchases",
        "map",
        "preset",
        "rejects",
        "threads",
        "quiet",
        "config",
        "no-config",
        "format",
        "output",
        "color",
    ];
    let command = cxm::cli::command();
    let report = command.find_subcommand("report").unwrap();
    let flags: Vec<String> =
        report.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_owned).collect();
    for flag in &flags {
        let is_setting = SETTINGS.iter().any(|setting| setting.long() == *flag);
        assert!(is_setting != NO_SETTINGS.contains(&flag.as_str()), "--{flag}");
    }
    for setting in SETTINGS.iter().filter(|setting| !setting.flag.is_empty()) {
        assert!(flags.contains(&setting.long()), "{}", setting.path());
        let is_tried = |said: &&Said| said.0.starts_with(&setting.path());
        assert!(SAID.iter().any(|said| is_tried(&said)), "{} is not tried in SAID", setting.path());
    }
}

/// The sample exports in a folder of their own.
fn sample() -> tempfile::TempDir {
    let folder = folder();
    for name in ["surveys.csv", "tickets.csv", "purchases.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample").join(name);
        fs::copy(from, folder.path().join(name)).unwrap();
    }
    folder
}

const EXPORTS: [&str; 3] = ["purchases.csv", "surveys.csv", "tickets.csv"];

#[test]
fn a_setting_does_the_same_from_either_place() {
    let folder = sample();
    let report = |more: &[&str]| {
        run(folder.path(), &[&["report", "-q", "--format", "json"], &EXPORTS[..], more].concat())
    };
    let mut told = 0;
    let plain = report(&["--no-config"]);
    for (name, config, value, flag, _) in SAID {
        let long = flag.split('=').next().unwrap();
        let pair = name.rsplit('.').next().filter(|_| flag.matches('=').count() == 2 && *name != "where");
        let typed = match pair {
            Some(key) => format!("{long}={key}={value}"),
            None => format!("{long}={}", value.replace(", ", ",")),
        };
        let by_flag = report(&["--no-config", &typed]);
        fs::write(folder.path().join("cxm.toml"), config).unwrap();
        let by_config = report(&[]);
        assert_eq!(
            by_flag.status,
            by_config.status,
            "{name}: {}",
            String::from_utf8_lossy(&by_config.stderr)
        );
        assert_eq!(by_flag.stdout, by_config.stdout, "{name}");
        told += usize::from(by_flag.stdout != plain.stdout);
    }
    assert!(told >= 20, "only {told} settings change the report");
}

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

/// Ten answers a file, of ten customers.
fn answers(scores: [u32; 4]) -> String {
    let rows = scores.iter().enumerate().map(|(at, score)| format!("{at},2026-01-0{},{score}\n", at + 1));
    format!("id,date,nps\n{}", rows.collect::<String>())
}

#[test]
fn each_source_is_read_as_the_config_says_of_it() {
    let config = "\
tz = \"Europe/Amsterdam\"

[[source]]
files = [\"in/a*.csv\"]
kind = \"surveys\"
dates = \"dmy\"
[source.columns]
nps = \"Q1\"

[[source]]
files = [\"in/b.csv\"]
kind = \"surveys\"
dates = \"mdy\"
tz = \"UTC\"
[source.columns]
nps = \"Q2\"
";
    let a = "id,date,Q1,Q2\n1,03/04/2026 00:00,10,0\n2,04/04/2026 00:00,9,0\n";
    let b = "id,date,Q1,Q2\n3,04/05/2026 00:00,0,10\n4,04/06/2026 00:00,0,9\n";
    let folder = with(&[("cxm.toml", config), ("in/a.csv", a), ("in/b.csv", b)]);
    // Four promoters of four; the last was on 6 April in UTC, the first on 3 April in Amsterdam.
    let text = printed(folder.path(), &["nps", "-q", "--period", "day", "--min-n", "0"]);
    let cells = |at: usize| -> Vec<&str> {
        text.lines().skip(1).map(|line| line.split(',').nth(at).unwrap()).collect()
    };
    assert_eq!(cells(2), ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"], "{text}");
    assert!(cells(4).iter().all(|value| *value == "100"), "{text}");
    let found: Value =
        serde_json::from_str(&printed(folder.path(), &["nps", "-q", "--format", "json"])).unwrap();
    assert_eq!(
        (&found["as_of"], &found["timezone"]),
        (&"2026-04-06T00:00:00Z".into(), &"Europe/Amsterdam".into())
    );
    // A flag wins over what a source says: now b.csv is in Amsterdam's time as well, and both have their answer in Q1.
    let flags = ["--tz", "Europe/Amsterdam", "--map", "surveys.nps=Q1"];
    let found = printed(folder.path(), &[&["nps", "-q", "--format", "json"], &flags[..]].concat());
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["as_of"], "2026-04-05T22:00:00Z");
    assert_eq!(found["results"][0]["value"], 0.0);
    // And so does it where it is asked for.
    assert_eq!(setting(folder.path(), "source[2].tz", &[]), (Some("UTC".into()), "cxm.toml line 14".into()));
    assert_eq!(
        setting(folder.path(), "source[2].columns.nps", &[]),
        (Some("Q2".into()), "cxm.toml line 16".into())
    );
    let text = printed(folder.path(), &["inspect", "--settings", "--tz", "UTC"]);
    assert!(!text.contains("source[2].tz") && text.contains("source[2].dates"), "{text}");
}

#[test]
fn exports_on_the_command_line_replace_the_sources_and_leave_the_settings() {
    let config = "confidence = 0.9\n[[source]]\nfiles = [\"a.csv\"]\n[source.columns]\nnps = \"missing\"\n";
    let folder = with(&[
        ("cxm.toml", config),
        ("a.csv", &answers([0, 0, 0, 0])),
        ("b.csv", &answers([10, 10, 10, 0])),
    ]);
    let found: Value =
        serde_json::from_str(&printed(folder.path(), &["nps", "b.csv", "--format", "json", "-q"])).unwrap();
    assert_eq!(found["sources"].as_array().unwrap().len(), 1);
    assert_eq!((&found["sources"][0]["path"], &found["confidence"]), (&"b.csv".into(), &0.9.into()));
    // Three promoters and a detractor of four.
    assert_eq!(found["results"][0]["value"], 50.0);
    let output = run(folder.path(), &["nps", "b.csv", "--min-n", "1"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("settings of cxm.toml; --no-config leaves them out\n"), "{stderr}");
    assert!(String::from_utf8(output.stdout).unwrap().lines().nth(1).unwrap().starts_with("nps,0-10,,4,50,"));
    assert_eq!(setting(folder.path(), "exports", &["b.csv"]), (Some("b.csv".into()), "command line".into()));
}

#[test]
fn paths_are_relative_to_the_config() {
    let config = "[[source]]\nfiles = [\"in/*.csv\"]\n";
    let folder = with(&[("odd [1]/cxm.toml", config), ("odd [1]/in/a.csv", &answers([10, 9, 9, 10]))]);
    let named = ["nps", "-q", "--min-n", "1", "-c", "odd [1]/cxm.toml"];
    assert!(printed(folder.path(), &named).contains("nps,0-10,,4,100,"));
    assert!(
        printed(&folder.path().join("odd [1]"), &["nps", "-q", "--min-n", "1"]).contains("nps,0-10,,4,100,")
    );
    fs::write(folder.path().join("odd [1]/own.toml"), "presets = \"mine\"\n").unwrap();
    assert_eq!(
        refused(folder.path(), &["nps", "odd [1]/in/a.csv", "-c", "odd [1]/own.toml"], 2),
        "`odd [1]/mine` is no folder, says line 1 of `odd [1]/own.toml`"
    );
    // And so does `init` write them.
    fs::create_dir_all(folder.path().join("conf/deep")).unwrap();
    printed(folder.path(), &["init", "-o", "conf/deep/new.toml", "odd [1]/in/a.csv"]);
    assert!(
        printed(folder.path(), &["nps", "-q", "--min-n", "1", "-c", "conf/deep/new.toml"])
            .contains("nps,0-10,,4,100,")
    );
}

#[test]
fn a_journey_of_one_s_own_has_its_stages_in_their_order() {
    let config = "\
by = [\"stage\"]
min_n = 1
[[source]]
files = [\"t.csv\"]
[journey]
stages = [\"discover\", \"buy\", \"service\", \"leave\"]
[journey.names]
support = \"service\"
";
    let tickets = "ticket,customer,created at,status,resolved at,stage\n1,A,2026-01-01,solved,2026-01-02,Leave\n2,B,2026-01-01,solved,2026-01-03,\n3,C,2026-02-01,solved,2026-02-03,buy\n";
    let folder = with(&[("cxm.toml", config), ("t.csv", tickets)]);
    let text = printed(folder.path(), &["resolution-time", "-q"]);
    let stages: Vec<&str> = text.lines().skip(2).map(|line| line.split(',').nth(3).unwrap()).collect();
    // A ticket is about support where nothing else says more, and this journey calls support service.
    assert_eq!(stages, ["buy", "service", "leave"], "{text}");
    // Without that name nobody knows the stage of the second.
    let text = printed(
        folder.path(),
        &["resolution-time", "-q", "--stages", "leave,buy", "--stage-name", "support=buy"],
    );
    assert!(text.contains(",leave,") && text.contains(",buy,"), "{text}");
    assert_eq!(
        refused(folder.path(), &["resolution-time", "--stages", "leave,buy"], 2),
        "`support = \"service\"` on line 8 of `cxm.toml` names no stage: `service` | the stages are leave and buy"
    );
    assert!(
        refused(folder.path(), &["resolution-time", "--stages", "a,b,A", "--no-config", "t.csv"], 2)
            .contains("named twice")
    );
}

#[test]
fn a_report_shows_the_metrics_of_the_config() {
    let folder = sample();
    fs::write(
        folder.path().join("cxm.toml"),
        "metrics = [\"nps\", \"first-reply-time\"]\nby = [\"channel\"]\n",
    )
    .unwrap();
    let metrics = |more: &[&str]| -> Vec<String> {
        let text =
            printed(folder.path(), &[&["report", "-q", "--format", "json"], &EXPORTS[..], more].concat());
        let found: Value = serde_json::from_str(&text).unwrap();
        found["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(metrics(&[]), ["nps", "first_reply_time"]);
    assert_eq!(metrics(&["--metrics", "churn"]), ["churn"]);
    assert!(metrics(&["--no-config"]).len() > 10);
    // A command of one metric has no use for the list.
    assert!(printed(folder.path(), &["csat", "-q", "surveys.csv"]).contains("csat,top2,,app,"));
    assert_eq!(
        refused(folder.path(), &["report", "--metrics", "npz"], 2),
        "`--metrics npz` is no metric | did you mean nps?"
    );
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
            "`kind = \"ticket\"` on line 3 of `cxm.toml` is no kind of export | the kinds are surveys, tickets and purchases",
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
