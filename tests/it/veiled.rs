//! `--pseudonymise` where a preset, JSON or a workbook stands between the file and the rows: nobody is to be recognised
//! in anything that is written, the rejected rows included.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::cli::cxm;
use crate::cli::workbooks::{Sheet, xlsx};

/// A folder with a key and one export.
fn folder(name: &str, bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key"), b"0123456789abcdef").unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

/// A fixture of a preset whose rows with these words are made bad.
fn fixture(preset: &str, name: &str, spoil: &[(&str, &str)]) -> TempDir {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/presets").join(preset).join(name);
    let mut text = fs::read_to_string(path).unwrap();
    for (good, bad) in spoil {
        assert!(text.contains(good), "{preset} has no {good}");
        text = text.replacen(good, bad, 1);
    }
    folder(name, text.as_bytes())
}

/// Everything that commands write of an export, by what wrote it.
fn written(folder: &TempDir, export: &str) -> Vec<(String, String)> {
    let commands =
        ["rows", "report", "report --format json", "inspect", "inspect --format json", "inspect --settings"];
    let mut all = Vec::new();
    for words in commands {
        let mut run = cxm(folder.path());
        run.args(words.split(' ')).arg(export).arg("--pseudonymise=key");
        let output = run.args(["--max-rejects", "100%", "--rejects", "rejects.csv"]).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{words}: {said}");
        all.push((words.to_owned(), out + &said));
    }
    let rejects = fs::read_to_string(folder.path().join("rejects.csv")).unwrap();
    all.push(("--rejects".to_owned(), rejects));
    all
}

/// Nobody is named: no address at all, and none of these words. The rejects hold so many rows, of which only a footer is
/// left out whole, since its cells are not those of the header.
fn assert_veiled(folder: &TempDir, export: &str, nobody: &[&str], rejected: usize) {
    for (what, text) in written(folder, export) {
        assert!(!text.contains('@'), "{export}, {what}: an address in\n{text}");
        let words: BTreeSet<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
        let named: Vec<&&str> = nobody.iter().filter(|word| words.contains(**word)).collect();
        assert!(named.is_empty(), "{export}, {what}: {named:?} in\n{text}");
        if what == "--rejects" {
            let untold = text.lines().filter(|line| line.contains("row left out"));
            assert!(untold.clone().all(|line| line.contains(",footer,")), "{text}");
            assert_eq!(csv::Reader::from_reader(text.as_bytes()).records().count(), rejected, "{text}");
        }
    }
}

#[test]
fn nobody_is_known_by_what_a_preset_reads() {
    // Of Ann's ticket the time is none, and neither is that of a ticket whose requester has an id alone.
    let spoil = [
        ("2023-09-18T15:57:42Z", "never"),
        ("\"created_at\":\"2023-09-22T10:00:00Z\"", "\"created_at\":\"?\""),
    ];
    let ids = ["9001", "9002", "9003", "9004", "9005"];
    assert_veiled(&fixture("zendesk-json", "export.ndjson", &spoil), "export.ndjson", &ids, 4);

    let spoil = [("2026-03-02 10:15:30,R", "never,R"), ("2026-03-04 16:20:01,R", "never,R")];
    let ids = ["C-1001", "C-1003", "C-1004", "C-1005"];
    assert_veiled(&fixture("qualtrics", "export.csv", &spoil), "export.csv", &ids, 7);

    let spoil = [("2026-09-02 10:00:00 UTC", "never"), ("2026-09-02 23:59:59 UTC", "never")];
    assert_veiled(&fixture("chatwoot-csat", "export.csv", &spoil), "export.csv", &["000000001002"], 3);

    let spoil = [
        ("2026-05-01 09:59:00 +0200,2,", "never,2,"),
        ("2026-05-03 08:00:00 +0200,1,Table", "never,1,Table"),
    ];
    let numbers = ["31000000003", "1234"];
    assert_veiled(&fixture("shopify-orders", "export.csv", &spoil), "export.csv", &numbers, 10);
}

#[test]
fn nobody_is_known_by_the_rows_of_a_workbook() {
    let row = |cells: [&str; 7]| cells.map(str::to_owned).to_vec();
    let rows = vec![
        row(["Ticket ID", "Requester ID", "CC", "Created at", "Resolved at", "Subject", "Phone"]),
        row([
            "t1",
            "K-7001",
            "bo@example.com",
            "2026-01-02T10:00:00Z",
            "2026-01-03T10:00:00Z",
            "Late, again",
            "",
        ]),
        row([
            "t2",
            "K-7002",
            "cy@example.com",
            "never, \"sorry\"",
            "",
            "Ask dee@example.com, please",
            "0600000001",
        ]),
        row(["t3", "eve@example.com", "", "2026-01-04T10:00:00Z", "", "", "0600000002"]),
    ];
    let bytes = xlsx(&[Sheet { name: "Tickets", is_hidden: false, rows: &rows }]);
    let folder = folder("tickets.xlsx", &bytes);
    assert_veiled(&folder, "tickets.xlsx", &["K-7001", "K-7002", "0600000001", "0600000002"], 1);
    let rejects = fs::read_to_string(folder.path().join("rejects.csv")).unwrap();
    let record = csv::Reader::from_reader(rejects.as_bytes()).records().next().unwrap().unwrap();
    let row: Vec<String> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(record[3].as_bytes())
        .records()
        .next()
        .unwrap()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!((row.len(), row[0].as_str(), row[3].as_str()), (7, "t2", "never, \"sorry\""), "{row:?}");
}

#[test]
fn nobody_is_known_by_the_rows_of_parquet() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let folder = folder("tickets.parquet", &fs::read(root.join("formats/tickets.parquet")).unwrap());
    let plain = fs::read(root.join("sample/tickets.csv")).unwrap();
    let plain = String::from_utf8_lossy(&plain);
    let ids: BTreeSet<&str> = plain.lines().filter_map(|line| line.split(',').nth(1)).collect();
    let ids: Vec<&str> = ids.into_iter().filter(|id| id.starts_with('C')).collect();
    assert!(ids.len() > 50, "{}", ids.len());
    assert_veiled(&folder, "tickets.parquet", &ids, 10);
}

#[test]
fn nobody_is_a_group() {
    let folder = folder("chats.csv", include_bytes!("../../testdata/presets/chatwoot-csat/export.csv"));
    for name in ["contact_name", "contact_phone_number"] {
        let mut run = cxm(folder.path());
        run.args(["csat", "chats.csv", "-q", "--pseudonymise", "--by", name]);
        let output = run.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("says who a customer is"), "{name}");
    }
}

/// What a command writes, with the key of the folder.
fn run(folder: &TempDir, words: &[&str]) -> String {
    let output = cxm(folder.path()).args(words).arg("--pseudonymise=key").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", text(&output.stderr));
    text(&output.stdout) + &text(&output.stderr)
}

const ANSWERS: &str = "response_id,customer_id,responded_at,nps,touchpoint\n\
    1,info@shop.nl,2026-01-01,0,web\n2,ann@x.nl,2026-01-02,10,web\n3,K-7001,2026-01-03,10,bo@x.nl\n";

#[test]
fn a_condition_names_nobody_and_may_be_said_by_pseudonyms() {
    let folder = folder("answers.csv", ANSWERS.as_bytes());
    let nps = |condition: &str| {
        run(&folder, &["nps", "answers.csv", "--min-n", "0", "--format", "json", "--where", condition])
    };
    let by_key =
        nps("(customer != \"info@shop.nl\" and touchpoint != 'bo@x.nl') and not customer in (K-7001,\"x\")");
    assert!(!by_key.contains('@') && !by_key.contains("K-7001") && !by_key.contains("\\\"x\\\""), "{by_key}");
    assert!(by_key.contains("\"n\": 1,") && by_key.contains("touchpoint != '"), "{by_key}");
    // The pseudonym that is shown says the same as the key.
    let told = run(&folder, &["rows", "answers.csv"]);
    let shop = told.lines().find(|line| line.contains("2026-01-01")).unwrap();
    let is_one = |cell: &&str| cell.len() == 32;
    let pseudonym = shop.split(',').find(is_one).unwrap();
    let without = nps(&format!("customer != {pseudonym}"));
    assert!(
        without.contains("\"n\": 2,") && without.contains(&format!("customer != {pseudonym}")),
        "{without}"
    );
    let only = nps(&format!("customer in ({pseudonym})"));
    assert!(only.contains("\"n\": 1,") && only.contains("\"value\": -100"), "{only}");
}

#[test]
fn the_settings_of_a_config_name_nobody() {
    let folder = folder("answers.csv", ANSWERS.as_bytes());
    let config = "where = 'customer != \"info@shop.nl\"'\n[[source]]\nfiles = [\"answers.csv\"]\n";
    fs::write(folder.path().join("cxm.toml"), config).unwrap();
    let settings = run(&folder, &["inspect", "--settings"]);
    assert!(!settings.contains('@') && settings.contains("customer != "), "{settings}");
}

#[test]
fn no_id_is_an_address() {
    let text = "response_id,customer_id,responded_at,nps,ticket_id,agent\n\
                ann@x.nl,ann@x.nl,2026-01-01,9,to:bo@x.nl,bo@x.nl\n";
    let folder = folder("answers.csv", text.as_bytes());
    for command in ["rows", "inspect"] {
        let told = run(&folder, &[command, "answers.csv"]);
        assert!(!told.contains('@'), "{told}");
    }
}
