//! `cxm rows`: the rows of exports as they were understood, the same whatever the file they come in.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

use crate::cli::workbooks::{Sheet, xlsx};
use crate::cli::{assert_refused, cxm};

/// Two files of one kind whose columns are called and ordered differently; the second has a score with a decimal mark.
const JUNE: &str =
    "customer_id,date,nps,comment\na1,2026-06-01T10:00:00+02:00,9,\"Good, thanks\"\na2,2026-06-02,3,\n";
const JULY: &str = "Score;Metric;Kunde;Datum\n4;csat;Ann@Example.com ;01.07.2026\n";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
    folder
}

fn run(folder: &Path, words: &str) -> Output {
    cxm(folder).arg("rows").args(words.split(' ')).output().unwrap()
}

fn printed(folder: &Path, words: &str) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &Path, words: &str, status: i32) -> String {
    let output = run(folder, words);
    assert_refused(&output, status, words);
    String::from_utf8(output.stderr).unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn several_files_of_one_kind_are_told_apart_by_a_first_column() {
    let folder = folder(&[("june.csv", JUNE.as_bytes()), ("july.csv", JULY.as_bytes())]);
    assert_eq!(
        printed(folder.path(), "june.csv"),
        "line,at,metric,score,customer,comment\n\
         2,2026-06-01T08:00:00Z,nps,9,a1,\"Good, thanks\"\n\
         3,2026-06-02T00:00:00Z,nps,3,a2,\n"
    );
    let both = "file,line,at,metric,score,customer,comment\n\
                june.csv,2,2026-06-01T08:00:00Z,nps,9,a1,\"Good, thanks\"\n\
                june.csv,3,2026-06-02T00:00:00Z,nps,3,a2,\n\
                july.csv,2,2026-07-01T00:00:00Z,csat,4,ann@example.com,\n";
    assert_eq!(printed(folder.path(), "june.csv july.csv --scale csat=1-5"), both);
    let tabs = printed(folder.path(), "june.csv july.csv --scale csat=1-5 --format tsv");
    assert_eq!(tabs, both.replace("\"Good, thanks\"", "Good# thanks").replace(',', "\t").replace('#', ","));
    printed(folder.path(), "june.csv july.csv --scale csat=1-5 -o rows.csv");
    assert_eq!(fs::read_to_string(folder.path().join("rows.csv")).unwrap(), both);
}

#[test]
fn a_pipe_is_read_as_a_file_is() {
    let folder = folder(&[("june.csv", JUNE.as_bytes())]);
    let want = printed(folder.path(), "june.csv");
    for bytes in [JUNE.as_bytes().to_vec(), gzip(JUNE)] {
        let mut child = cxm(folder.path())
            .args(["rows", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), want);
    }
}

#[test]
fn kinds_are_not_mixed_and_too_many_rejects_are_an_error() {
    let orders = "order,customer,order date,amount\n1,A,2026-01-02,10\n";
    let bad = "customer_id,date,nps\na1,2026-06-01,9\na2,never,3\n";
    let folder = folder(&[
        ("june.csv", JUNE.as_bytes()),
        ("orders.csv", orders.as_bytes()),
        ("bad.csv", bad.as_bytes()),
    ]);
    let path = folder.path();
    assert_eq!(
        refused(path, "june.csv orders.csv", 2),
        "error: the exports hold surveys and purchases\nhint: write the rows of one kind at a time: --kind surveys or \
         --kind purchases\n"
    );
    let orders = printed(path, "june.csv orders.csv --kind purchases");
    assert_eq!(orders, "line,customer,at,order,amount\n2,A,2026-01-02T00:00:00Z,1,10\n");
    assert!(refused(path, "june.csv orders.csv --kind tickets", 2).contains("no export holds tickets"));
    assert!(refused(path, "june.csv --format json", 2).contains("`rows` has no form as json"));
    let told = refused(path, "bad.csv", 3);
    assert!(told.contains("error: 1 of 2 rows of `bad.csv` cannot be used"), "{told}");
    assert_eq!(
        printed(path, "bad.csv --max-rejects 50% --rejects rejects.csv"),
        "line,at,metric,score,customer\n2,2026-06-01T00:00:00Z,nps,9,a1\n"
    );
    assert_eq!(
        fs::read_to_string(path.join("rejects.csv")).unwrap(),
        "file,line,reason,row\nbad.csv,3,bad-time,\"a2,never,3\"\n"
    );
}

/// The usable tickets of the sample, without what other formats cannot hold.
fn tickets() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample/tickets.csv");
    let bytes = fs::read(path).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
    let records = reader.byte_records().map(Result::unwrap);
    let text = |record: csv::ByteRecord| -> Option<Vec<String>> {
        record.iter().map(|cell| Some(String::from_utf8(cell.to_vec()).ok()?.replace('\n', " "))).collect()
    };
    let mut rows: Vec<Vec<String>> = records.filter_map(text).collect();
    let width = rows[0].len();
    rows.retain(|row| row.len() == width);
    rows
}

#[test]
fn every_format_gives_the_same_rows() {
    let rows = tickets();
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    let object = |row: &Vec<String>| {
        let members =
            rows[0].iter().cloned().zip(row.iter().map(|cell| serde_json::Value::from(cell.as_str())));
        serde_json::Value::Object(members.collect()).to_string() + "\n"
    };
    let lines: String = rows[1..].iter().map(object).collect();
    let sheet = xlsx(&[Sheet { name: "Tickets", is_hidden: false, rows: &rows }]);
    let folder = folder(&[
        ("t.csv", text.as_bytes()),
        ("t.csv.gz", &gzip(&text)),
        ("t.ndjson", lines.as_bytes()),
        ("t.xlsx", &sheet),
    ]);
    let rows_of = |name: &str, more: &str| printed(folder.path(), &format!("{name} --max-rejects 20%{more}"));
    let want = rows_of("t.csv", "");
    assert!(want.lines().count() > 100, "{}", want.lines().count());
    assert_eq!(rows_of("t.csv.gz", ""), want);
    assert_eq!(rows_of("t.xlsx", ""), want);
    for threads in ["1", "2", "7"] {
        assert_eq!(rows_of("t.csv", &format!(" --threads {threads}")), want);
    }
    // The names of the columns stand on no line of their own there.
    let mut moved = csv::Reader::from_reader(want.as_bytes());
    let mut one_up = csv::Writer::from_writer(Vec::new());
    one_up.write_record(moved.headers().unwrap()).unwrap();
    for record in moved.records().map(Result::unwrap) {
        let line = (record[0].parse::<u64>().unwrap() - 1).to_string();
        one_up.write_record([line.as_str()].into_iter().chain(record.iter().skip(1))).unwrap();
    }
    assert_eq!(rows_of("t.ndjson", ""), String::from_utf8(one_up.into_inner().unwrap()).unwrap());
}
