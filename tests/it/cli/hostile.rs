//! Whatever the bytes of an export and whatever the words of a command: no panic, a known status, one sentence.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use super::{assert_refused, cxm};

/// How long each of these tests may go on for.
const BUDGET: Duration = Duration::from_secs(4);

/// Runs it and checks what holds of every run.
pub fn survives(command: &mut Command, told: &str) {
    let mut output = command.output().unwrap();
    // What `inspect` found out beside an export that cannot be read is no result of a metric.
    if command.get_args().next().is_some_and(|word| word == "inspect") {
        output.stdout.clear();
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked at"), "{told}: {stderr}");
    match output.status.code() {
        Some(0) => {}
        Some(status @ 2..=4) => assert_refused(&output, status, told),
        other => panic!("{told}: status {other:?}: {stderr}"),
    }
}

/// Tries cases until the time is up, so that a slow machine tries fewer and never waits longer.
pub fn for_a_while<S: Strategy>(strategy: &S, check: impl Fn(S::Value)) {
    let start = Instant::now();
    let config = Config { cases: 10_000, failure_persistence: None, ..Config::default() };
    let mut tried = 0;
    let mut runner = TestRunner::new(config);
    while start.elapsed() < BUDGET {
        check(strategy.new_tree(&mut runner).unwrap().current());
        tried += 1;
    }
    assert!(tried > 10, "only {tried} cases in {BUDGET:?}");
}

/// A header that is known, then bytes: pieces that mean something to a reader, and any others.
fn export() -> impl Strategy<Value = Vec<u8>> {
    let header = select(vec![
        &b"id,date,nps\n"[..],
        b"response_id;responded_at;metric;score;sent_at\r\n",
        b"ticket_id,customer_id,created_at,resolved_at,reopens,escalated\n",
        b"order_id\tcustomer_id\tdate\tamount\tcurrency\n",
        b"subscription_id,customer_id,started_at,ended_at,plan,mrr\n",
        b"customer_id,email,region\n",
        b"",
    ]);
    let piece = prop_oneof![
        3 => select(vec![
            &b","[..], b";", b"\t", b"\n", b"\r\n", b"\r", b"\"", b"\"\"", b"2026-03-01", b"03/04/2026", b"9", b"-0",
            b"1e999", b"nps", b"csat", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"\0", b"-9223372036854775808", b"NaN",
            b"1774994400", b"\xff", b"A", b"N/A", b"1.030,00", b"2199-12-31T23:59:59.999999Z",
        ]).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..8),
    ];
    (header, vec(piece, 0..60)).prop_map(|(header, pieces)| [header.to_vec(), pieces.concat()].concat())
}

#[test]
fn no_bytes_of_an_export_make_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    for_a_while(&export(), |bytes| {
        fs::write(folder.path().join("a.csv"), &bytes).unwrap();
        let mut command = cxm(folder.path());
        command.args(["report", "a.csv", "--max-rejects", "100", "--period", "month", "--format", "json"]);
        command.args(["--rejects", "r.csv", "--min-n", "1", "--by", "state,cohort"]);
        survives(&mut command, &format!("{}", bytes.escape_ascii()));
    });
}

#[test]
fn no_words_of_a_command_make_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), "id,date,channel,nps\n1,2026-03-01,web,9\n2,2026-03-02,app,0\n")
        .unwrap();
    let known = select(vec![
        "nps",
        "report",
        "inspect",
        "metrics",
        "fcr",
        "a.csv",
        "--by",
        "channel",
        "channel*stage",
        "--where",
        "channel = web",
        "not (",
        "--period",
        "week",
        "--since",
        "2026-03-01",
        "--until",
        "--as-of",
        "--tz",
        "Asia/Kathmandu",
        "--confidence",
        "0.9",
        "--min-n",
        "-1",
        "--window",
        "30d",
        "36600d",
        "--map",
        "surveys.nps=nps",
        "--scale",
        "csat=1-7",
        "--format",
        "json",
        "md",
        "table",
        "--max-rejects",
        "100%",
        "-q",
        "--strict",
        "--dates",
        "dmy",
        "--delimiter",
        ";",
        "--threads",
        "2",
        "--stage-rule",
        "web=use",
        "--",
        "-",
        "*",
        "[",
        "--color",
        "always",
        "--attribution",
        "1h",
        "--repeat-window",
        "--help",
        "--version",
        "=",
        "",
    ]);
    let word = prop_oneof![6 => known.prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => "[-=a-z0-9*,.]{0,8}"];
    // Words of any kind may ask for a file to be written: not here.
    let safe =
        |words: &Vec<String>| !words.iter().any(|word| word.starts_with("-o") || word.starts_with("--o"));
    for_a_while(&vec(word, 0..9).prop_filter("writes", safe), |words| {
        let command = &mut cxm(folder.path());
        survives(command.args(["nps", "a.csv"]).args(&words), &format!("nps a.csv {words:?}"));
        let words: Vec<&String> = words.iter().filter(|word| !word.contains('\0')).collect();
        survives(cxm(folder.path()).args(&words), &format!("{words:?}"));
    });
}

#[test]
#[cfg(unix)]
fn a_word_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let word = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    for words in [&["nps"][..], &["nps", "--by"], &["demo", "--seed"], &[]] {
        let output = cxm(&std::env::temp_dir()).args(words).arg(word).output().unwrap();
        assert_refused(&output, 2, &format!("{words:?}"));
    }
}
