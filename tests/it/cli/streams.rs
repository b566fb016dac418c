//! What a case file cannot hold: closed pipes, full disks, fields of 50 MB, files that must stay as they were.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::process::Stdio;

use super::{assert_refused, cxm};

/// Enough answers for more output than a pipe holds.
fn many_answers() -> String {
    (0..6_000).fold("id,date,country,nps\n".to_owned(), |mut text, i| {
        text.push_str(&format!("{i},2026-03-01,c{i},{}\n", i % 11));
        text
    })
}

/// Many rows of one customer, one of nobody, and a rejected one behind as many as a byte can number.
#[test]
fn nobody_stays_nobody_among_many_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "customer_id,responded_at,metric,score\n,2024-01-01,nps,9\n".to_owned();
    (0..255).for_each(|_| text.push_str("a,2024-01-01,nps,3\n"));
    text.push_str("b,,nps,\n");
    fs::write(folder.path().join("s.csv"), text).unwrap();
    let output = cxm(folder.path()).args(["inspect", "s.csv", "--format", "json", "-q"]).output().unwrap();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = &found["files"][0];
    assert_eq!((file["customers"].as_u64(), file["without_customer"].as_u64()), (Some(1), Some(1)), "{file}");
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("answers.csv"), many_answers()).unwrap();
    let mut child = cxm(folder.path())
        .args(["nps", "answers.csv", "--by", "country", "-q"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("metric,definition,"), "{line}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_output_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("answers.csv"), "id,date,nps\n1,2026-03-01,9\n").unwrap();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = cxm(folder.path()).args(["nps", "answers.csv", "-q"]).stdout(full()).output().unwrap();
    assert_refused(&output, 4, "standard output on a full disk");
    let output = cxm(folder.path()).args(["nps", "answers.csv", "-q", "-o", "/dev/full"]).output().unwrap();
    assert_refused(&output, 4, "-o on a full disk");
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_is_written_to_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("answers.csv"), "id,date,nps\n1,2026-03-01,9\n").unwrap();
    let run =
        |path: &str| cxm(folder.path()).args(["nps", "answers.csv", "-q", "-o", path]).output().unwrap();
    assert_eq!(run("/dev/null").status.code(), Some(0));
    assert!(!fs::metadata("/dev/null").unwrap().is_file(), "a device stays a device");
    assert!(run("/dev/stdout").stdout.starts_with(b"metric,"));
}

#[test]
fn nothing_half_written_stays_behind() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("answers.csv"), "id,date,nps\n1,never,9\n").unwrap();
    let words = ["nps", "answers.csv", "-o", "out.csv", "--rejects", "bad.csv"];
    let output = cxm(folder.path()).args(words).output().unwrap();
    assert_refused(&output, 3, "too many rejects");
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["answers.csv", "bad.csv"],
        "the rejects that explain the error, and no part of a result"
    );
}

#[test]
fn a_field_of_50_mb_is_read_or_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let comment = "a".repeat(50 << 20);
    let text = format!("id,date,comment,nps\n1,2026-03-01,\"{comment}\",9\n2,2026-03-02,short,0\n");
    fs::write(folder.path().join("answers.csv"), text).unwrap();
    let output = cxm(folder.path()).args(["nps", "answers.csv", "--min-n", "0"]).output().unwrap();
    if output.status.success() {
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.contains("\nnps,0-10,,2,0,"), "9 and 0 are 1 - 1 of 2: {stdout}");
    } else {
        assert_refused(&output, 3, "a field of 50 MB");
        assert!(String::from_utf8_lossy(&output.stderr).contains("line 2"));
    }
}

#[test]
fn a_first_row_longer_than_a_chunk_leaves_the_header_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let comment = "a".repeat(2 << 20);
    let text = format!("id,date,comment,nps\n1,2026-03-01,\"{comment}\",9\n2,never,short,0\n");
    fs::write(folder.path().join("answers.csv"), text).unwrap();
    let output = cxm(folder.path()).args(["nps", "answers.csv", "--strict"]).output().unwrap();
    assert_refused(&output, 3, "a time that is none");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("answers.csv: 2 rows read") && stderr.contains("error: line 3 of"), "{stderr}");
}

#[test]
fn a_quote_left_open_over_50_mb_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = fs::File::create(folder.path().join("answers.csv")).unwrap();
    file.write_all(b"id,date,comment,nps\n1,2026-03-01,fine,9\n2,2026-03-02,\"open,0\n").unwrap();
    file.write_all("3,2026-03-03,text,9\n".repeat(2_600_000).as_bytes()).unwrap();
    let output = cxm(folder.path()).args(["nps", "answers.csv"]).output().unwrap();
    assert_refused(&output, 3, "a quote left open over 50 MB");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.starts_with("error: line 3 of `answers.csv`"), "{stderr}");
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, seed: &str| {
        let words = ["demo", name, "--customers", "60", "--seed", seed];
        assert!(cxm(folder.path()).args(words).output().unwrap().status.success());
        ["surveys.csv", "tickets.csv", "purchases.csv"]
            .map(|file| fs::read(folder.path().join(name).join(file)).unwrap())
    };
    let (one, again, other) = (write("one", "7"), write("again", "7"), write("other", "8"));
    assert!(one == again, "the same seed");
    assert!(one.iter().zip(&other).all(|(one, other)| one != other), "another seed");
    let words = ["report", "one/surveys.csv", "one/tickets.csv", "one/purchases.csv", "--format", "json"];
    let output = cxm(folder.path()).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn one_thread_or_many_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    assert!(cxm(folder.path()).args(["demo", ".", "--customers", "200"]).output().unwrap().status.success());
    let run = |threads: &str| {
        let words = ["report", "surveys.csv", "tickets.csv", "purchases.csv", "--threads", threads];
        cxm(folder.path()).args(words).args(["--format", "json"]).output().unwrap()
    };
    let (one, many) = (run("1"), run("8"));
    assert!(one.status.success() && one == many);
}

/// Between copies of one time the text decides, which of a pipe cannot be read again.
#[test]
fn copies_of_one_time_are_told_apart_alike_in_a_file_and_in_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let copies = |n: u32| {
        let row = |score: u32, country: &str| format!("r{n},2026-03-01,c{n},{score},{country}\n");
        row(n % 11, "NL") + &row((n + 5) % 11, "BE")
    };
    let text: String = (0..200).rev().map(copies).collect();
    fs::write(folder.path().join("answers.csv"), format!("response_id,date,customer,nps,country\n{text}"))
        .unwrap();
    let run = |args: &[&str]| {
        let file = fs::File::open(folder.path().join("answers.csv")).unwrap();
        let mut command = cxm(folder.path());
        let output = command.args(args).args(["--max-rejects", "60%", "-q"]).stdin(file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Handing over a regular file as standard input is still a stream that is read once.
    let piped = run(&["nps", "-"]);
    assert_eq!(run(&["nps", "answers.csv"]), piped);
    assert!(piped.contains(",200,"), "one of each two copies: {piped}");
    let overall = |out: &str| out.lines().nth(1).unwrap().split(',').nth(6).unwrap().to_owned();
    assert!(run(&["nps", "answers.csv", "--by", "country"]).contains(&overall(&piped)), "{piped}");
}
