//! Exports in which only a part of each row stands, read together with those that hold the rest: two tables of a warehouse,
//! in any order and format, and presets of the user's own that say so.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use cxm::pipeline;
use cxm::plan::{Plan, Request};
use cxm::source::input::Input;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};

/// Four answers of three named customers and a nameless one, of 10, 9, 7 and 3: two promoters and one detractor of four
/// are an NPS of 25. Then a preview, an unfinished one, one whose response is not there, and a text.
const ANSWERS: &str = "\
_fivetran_id,_fivetran_synced,loop_id,question,question_id,question_option_key,response_id,sub_question_key,sub_question_text,text,value
h1=,2026-03-02 00:18:29.039000,,nps,QID1,,R_1,,,,10
h2=,2026-03-02 00:18:29.039000,,nps,QID1,,R_2,,,,9
h3=,2026-03-02 00:18:29.039000,,nps,QID1,,R_3,,,,7
h4=,2026-03-02 00:18:29.039000,,nps,QID1,, R_4 ,,,,3
h5=,2026-03-02 00:18:29.039000,,nps,QID1,,R_5,,,,0
h6=,2026-03-02 00:18:29.039000,,nps,QID1,,R_6,,,,0
h7=,2026-03-02 00:18:29.039000,,Why?,QID2,,R_1,,,\"so fast,
and \"\"kind\"\"\",
h8=,2026-03-02 00:18:29.039000,,nps,QID1,,R_7,,,,0
h9=,2026-03-02 00:18:29.039000,,nps,QID1,,,,,,0
";

const RESPONSES: &str = "\
id,_fivetran_synced,distribution_channel,duration_in_seconds,finished,recipient_email,recorded_date,status,survey_id,user_language
R_1,2026-03-01 00:11:25.529000,email,9,1,Ann@example.com,2026-02-01 09:02:00.000000,0,SV_made,EN
R_2,2026-03-01 00:11:25.529000,email,9,1,bob@example.com,2026-02-02 09:02:00.000000,0,SV_made,EN
R_3,2026-03-01 00:11:25.529000,anonymous,9,1,,2026-02-03 09:02:00.000000,0,SV_made,NL
R_4,2026-03-01 00:11:25.529000,email,9,1,dee@example.com,2026-02-04 09:02:00.000000,0,SV_made,NL
R_5,2026-03-01 00:11:25.529000,email,9,1,,2026-02-04 09:02:00.000000,1,SV_made,NL
R_6,2026-03-01 00:11:25.529000,email,9,0,eve@example.com,2026-02-04 09:02:00.000000,0,SV_made,NL
R_8,2026-03-01 00:11:25.529000,email,9,1,fay@example.com,2026-02-05 09:02:00.000000,0,SV_made,NL
";

const ROWS: &str = "\
line,at,metric,score,customer,response,survey,channel,comment
2,2026-02-01T09:02:00Z,nps,10,ann@example.com,h1=,SV_made,email,
3,2026-02-02T09:02:00Z,nps,9,bob@example.com,h2=,SV_made,email,
4,2026-02-03T09:02:00Z,nps,7,,h3=,SV_made,anonymous,
5,2026-02-04T09:02:00Z,nps,3,dee@example.com,h4=,SV_made,email,
8,2026-02-01T09:02:00Z,Why?,,ann@example.com,h7=,SV_made,email,\"so fast, and \"\"kind\"\"\"
";

/// The two answers without a response are two of seven rows that are data.
const ALL: &str = "--max-rejects 30%";

fn with(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn tables() -> TempDir {
    with(&[("answers.csv", ANSWERS.as_bytes()), ("responses.csv", RESPONSES.as_bytes())])
}

fn run(folder: &TempDir, words: &str) -> Output {
    cxm(folder.path()).args(words.split(' ')).output().unwrap()
}

/// What a run prints, and what it says.
fn both(folder: &TempDir, words: &str) -> (String, String) {
    let Output { status, stdout, stderr } = run(folder, words);
    let (out, told) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!(status.code(), Some(0), "{words}: {told}");
    (out, told)
}

fn printed(folder: &TempDir, words: &str) -> String {
    both(folder, words).0
}

fn refused(folder: &TempDir, words: &str, status: i32) -> String {
    let output = run(folder, words);
    assert_refused(&output, status, words);
    String::from_utf8(output.stderr).unwrap()
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A CSV text as a line of JSON for each record.
fn ndjson(text: &str) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    rows.map(|row| serde_json::to_string(&row.unwrap()).unwrap() + "\n").collect()
}

#[test]
fn two_tables_are_one_export_whichever_is_named_first() {
    let folder = tables();
    for files in ["answers.csv responses.csv", "responses.csv answers.csv"] {
        let (rows, told) = both(&folder, &format!("rows {files} {ALL}"));
        assert_eq!(rows, ROWS, "{files}");
        assert_eq!(
            told,
            "answers.csv: 9 rows read as surveys, 5 used, 2 rejected: 2 missing-time (lines 10 and 11), \
             2 left out: 1 preview (line 6); 1 unfinished (line 7)\n\
             responses.csv: 7 rows joined to those of answers.csv, 1 to none of them\n"
        );
        let nps = printed(&folder, &format!("nps {files} {ALL} --min-n 1 --format csv"));
        assert!(nps.lines().nth(1).unwrap().starts_with("nps,0-10,,4,25,"), "{nps}");
        let by = printed(&folder, &format!("nps {files} {ALL} --min-n 1 --format csv --by user_language"));
        // 10 and 9 were written in English, 7 and 3 in Dutch.
        assert!(by.contains(",EN,2,100,") && by.contains(",NL,2,-50,"), "{by}");
    }
}

#[test]
fn the_preset_asked_for_by_name_joins_too() {
    let folder = tables();
    let asked = format!("rows answers.csv responses.csv --preset fivetran-qualtrics-answers {ALL} -q");
    assert_eq!(printed(&folder, &asked), ROWS);
    let said = format!("rows --surveys answers.csv --surveys responses.csv {ALL} -q");
    assert_eq!(printed(&folder, &said), ROWS);
}

#[test]
fn every_format_and_packing_of_either_gives_the_same_rows() {
    let semicolons = RESPONSES.replace(',', ";");
    let forms: [(&str, Vec<u8>); 4] = [
        ("responses.csv.gz", gzipped(RESPONSES)),
        ("responses.ndjson", ndjson(RESPONSES).into_bytes()),
        ("semicolons.csv", semicolons.into_bytes()),
        (
            "unicode.csv",
            RESPONSES.encode_utf16().chain([]).fold(vec![0xff, 0xfe], |mut bytes, unit| {
                bytes.extend(unit.to_le_bytes());
                bytes
            }),
        ),
    ];
    for (name, bytes) in &forms {
        let folder = with(&[("answers.csv", ANSWERS.as_bytes()), (name, bytes)]);
        assert_eq!(printed(&folder, &format!("rows {name} answers.csv {ALL} -q")), ROWS, "{name}");
    }
    let (packed, lines) = (gzipped(ANSWERS), ndjson(ANSWERS));
    let folder = with(&[
        ("answers.csv.gz", &packed),
        ("answers.ndjson", lines.as_bytes()),
        ("responses.csv", RESPONSES.as_bytes()),
    ]);
    assert_eq!(printed(&folder, &format!("rows answers.csv.gz responses.csv {ALL} -q")), ROWS);
    // Each object is on a line of its own, and no line holds the names.
    let lines = ["2,", "3,", "4,", "5,", "8,"].iter().zip(["1,", "2,", "3,", "4,", "7,"]);
    let numbered = lines.fold(ROWS.to_owned(), |rows, (csv, json)| {
        rows.replace(&format!("\n{csv}2026"), &format!("\n{json}2026"))
    });
    assert_eq!(printed(&folder, &format!("rows answers.ndjson responses.csv {ALL} -q")), numbered);
}

#[test]
fn standard_input_may_be_either() {
    let folder = tables();
    for (file, text) in [("answers.csv", RESPONSES), ("responses.csv", ANSWERS)] {
        let mut command = cxm(folder.path());
        command.args(["nps", file, "-", "--max-rejects", "30%", "--min-n", "1", "--format", "csv"]);
        let mut run =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        run.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = run.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        let nps = String::from_utf8_lossy(&output.stdout);
        assert!(nps.lines().nth(1).is_some_and(|line| line.starts_with("nps,0-10,,4,25,")), "{told}");
    }
}

#[test]
fn either_alone_is_an_error_that_says_which_one_lacks() {
    let folder = tables();
    for command in ["report", "rows", "inspect"] {
        let told = refused(&folder, &format!("{command} answers.csv"), 3);
        assert_eq!(
            told,
            "error: `answers.csv` holds a part of each row, and the export with the rest is not given: Qualtrics in a \
             Fivetran warehouse: the raw table survey_response (preset `fivetran-qualtrics-responses`)\n\
             hint: name both: cxm report answers.csv FILE\n"
        );
        let told = refused(&folder, &format!("{command} responses.csv"), 3);
        assert_eq!(
            told,
            "error: `responses.csv` holds the rest of rows that stand in another export, which is not given: Qualtrics in \
             a Fivetran warehouse: the raw table question_response (preset `fivetran-qualtrics-answers`)\n\
             hint: name both: cxm report responses.csv FILE\n"
        );
    }
    // Beside another export, inspect goes on with that one.
    fs::write(folder.path().join("tickets.csv"), "ticket_id,created_at,customer_id\n1,2026-01-02,A\n")
        .unwrap();
    let output = run(&folder, "inspect tickets.csv responses.csv --format json");
    assert_eq!(output.status.code(), Some(3));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["files"].as_array().unwrap().len(), 1);
    assert_eq!(found["unread"][0]["path"], "responses.csv");
}

#[test]
fn rows_of_other_days_are_told_where_too_many_are_rejected() {
    let folder = tables();
    fs::write(folder.path().join("responses.csv"), RESPONSES.replace("R_", "S_")).unwrap();
    let told = refused(&folder, "report answers.csv responses.csv", 3);
    assert!(
        told.contains("responses.csv: 7 rows joined to those of answers.csv, 7 to none of them\n"),
        "{told}"
    );
    assert!(told.contains("most of all 9 missing-time"), "{told}");
    let hint = "; see too whether responses.csv is of the same days: a row that is not there is blank\n";
    assert!(told.ends_with(hint), "{told}");
}

#[test]
fn rejects_are_written_with_their_line_and_the_rest_of_the_row() {
    let folder = tables();
    printed(&folder, &format!("rows responses.csv answers.csv {ALL} --rejects rejects.csv -q"));
    let rejects = fs::read_to_string(folder.path().join("rejects.csv")).unwrap();
    let rest = ",2026-03-01 00:11:25.529000,email,9,1,,2026-02-04 09:02:00.000000,1,SV_made,NL\"\n";
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(
        lines[1].to_owned() + "\n",
        format!("answers.csv,6,preview,\"h5=,2026-03-02 00:18:29.039000,,nps,QID1,,R_5,,,,0{rest}")
    );
    assert!(lines[2].starts_with("answers.csv,7,unfinished,\"h6="), "{rejects}");
    assert_eq!(
        lines[3],
        "answers.csv,10,missing-time,\"h8=,2026-03-02 00:18:29.039000,,nps,QID1,,R_7,,,,0,,,,,,,,,\""
    );
    assert!(lines[4].starts_with("answers.csv,11,missing-time,\"h9=") && lines.len() == 5, "{rejects}");
}

#[test]
fn json_and_inspect_tell_what_was_joined() {
    let folder = tables();
    let beside = json!([{
        "path": "responses.csv", "preset": "fivetran-qualtrics-responses",
        "rows": 7, "repeated": 0, "rejected": 0, "unmatched": 1,
    }]);
    let report = printed(&folder, &format!("report answers.csv responses.csv {ALL} --format json -q"));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["sources"].as_array().unwrap().len(), 1);
    assert_eq!(report["sources"][0]["beside"], beside);
    let found = printed(&folder, &format!("inspect responses.csv answers.csv {ALL} --format json -q"));
    let found: Value = serde_json::from_str(&found).unwrap();
    let file = &found["files"][0];
    assert_eq!((&file["path"], &file["beside"], &file["rows"]), (&json!("answers.csv"), &beside, &json!(9)));
    let columns = file["columns"].as_array().unwrap();
    let field = |name: &str| &columns.iter().find(|column| column["column"] == name).unwrap()["field"];
    assert_eq!(
        [field("recorded_date"), field("recipient_email"), field("value")],
        ["at", "customer", "score"]
    );
    // The id stands in the row already.
    assert!(columns.iter().all(|column| column["column"] != "id") && columns.len() == 11 + 9);
    let text = printed(&folder, &format!("inspect responses.csv answers.csv {ALL} -q"));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "the rest of each row is in responses.csv (preset fivetran-qualtrics-responses): 7 rows, 1 to which no row here belongs";
    assert!(text.contains(told), "{text}");
}

#[test]
fn of_several_files_the_later_row_of_an_id_counts() {
    let folder = tables();
    // R_4 came again as spam, R_7 is new, and one row is too short.
    let later = "\
id,survey_id,recorded_date,status,finished,distribution_channel,recipient_email,progress,mood
R_4,SV_made,2026-02-04 09:02:00.000000,8,1,email,dee@example.com,100,low
R_7,SV_late,2026-02-07 09:02:00.000000,0,1,email,gus@example.com,100,high
R_10,SV_late
";
    fs::write(folder.path().join("later.csv"), later).unwrap();
    let (rows, told) = both(&folder, &format!("rows responses.csv answers.csv later.csv {ALL}"));
    let wanted = ROWS.replace("5,2026-02-04T09:02:00Z,nps,3,dee@example.com,h4=,SV_made,email,\n", "")
        + "10,2026-02-07T09:02:00Z,nps,0,gus@example.com,h8=,SV_late,email,\n";
    assert_eq!(rows, wanted);
    assert!(
        told.ends_with(
            "responses.csv: 7 rows joined to those of answers.csv, 1 to none of them, 1 with the id of a later one\n\
             later.csv: 3 rows joined to those of answers.csv, 1 rejected: ragged-row\n"
        ),
        "{told}"
    );
    // Named the other way round, the first file's row counts.
    let rows = printed(&folder, &format!("rows later.csv answers.csv responses.csv {ALL} -q"));
    assert!(rows.contains("\n5,2026-02-04T09:02:00Z,nps,3,"), "{rows}");
}

#[test]
fn several_files_of_answers_share_the_rest() {
    let folder = tables();
    let (header, rest) = ANSWERS.split_once('\n').unwrap();
    let (first, second) = rest.split_once("h3=").unwrap();
    fs::write(folder.path().join("one.csv"), format!("{header}\n{first}")).unwrap();
    fs::write(folder.path().join("two.csv"), format!("{header}\nh3={second}")).unwrap();
    let (nps, told) =
        both(&folder, "nps one.csv two.csv responses.csv --max-rejects 50% --min-n 1 --format csv");
    assert!(nps.lines().nth(1).unwrap().starts_with("nps,0-10,,4,25,"), "{nps}");
    assert!(
        told.contains("responses.csv: 7 rows joined to those of one.csv and two.csv, 1 to none of them\n"),
        "{told}"
    );
}

#[test]
fn a_line_that_cannot_be_read_is_told_with_its_file() {
    let folder = tables();
    let broken = ANSWERS.replace("h9=,", "h9=,\"");
    fs::write(folder.path().join("answers.csv"), broken).unwrap();
    let told = refused(&folder, &format!("rows answers.csv responses.csv {ALL}"), 3);
    assert!(
        told.starts_with("error: line 11 of `answers.csv` opens a quote that is never closed\n"),
        "{told}"
    );
    let folder = tables();
    fs::write(folder.path().join("responses.csv"), RESPONSES.replace("R_3,", "R_3,\"")).unwrap();
    let told = refused(&folder, &format!("rows answers.csv responses.csv {ALL}"), 3);
    assert!(
        told.starts_with("error: line 4 of `responses.csv` opens a quote that is never closed\n"),
        "{told}"
    );
    // A row of another width is rejected, also where it is as wide as both together.
    let wide = format!("{},\n", ["x"; 20].join(",")) + "h10=,2026\n";
    let folder = with(&[
        ("answers.csv", (ANSWERS.to_owned() + &wide).as_bytes()),
        ("responses.csv", RESPONSES.as_bytes()),
    ]);
    let (rows, told) = both(&folder, "rows answers.csv responses.csv --max-rejects 60%");
    assert_eq!(rows, ROWS);
    assert!(told.contains("2 ragged-row (lines 12 and 13)"), "{told}");
}

#[test]
fn many_rows_give_the_same_bytes_on_any_number_of_threads() {
    let (mut answers, mut responses) = (String::new(), String::new());
    let (head, _) = ANSWERS.split_once('\n').unwrap();
    let (rest, _) = RESPONSES.split_once('\n').unwrap();
    for number in 0..20_000 {
        let day = number % 28 + 1;
        answers.push_str(&format!("h{number},,,nps,QID1,,R_{number},,,\"a, b\",{}\n", number % 11));
        responses.push_str(&format!(
            "R_{number},,email,9,1,c{number}@example.com,2026-02-{day:02} 09:00:00,0,SV_made,EN\n"
        ));
    }
    let folder = with(&[
        ("answers.csv", format!("{head}\n{answers}").as_bytes()),
        ("responses.csv", format!("{rest}\n{responses}").as_bytes()),
    ]);
    let words = "report answers.csv responses.csv --format json --threads";
    let one = both(&folder, &format!("{words} 1"));
    assert_eq!(both(&folder, &format!("{words} 2")), one);
    // Of 0 to 10 in turn 3 637 are 9 or 10 and 12 727 are 6 or less, of 20 000 that begin at 0: 1 818 whole turns and 0, 1.
    let report: Value = serde_json::from_str(&one.0).unwrap();
    let nps = &report["results"][0];
    assert_eq!((&nps["metric"], &nps["n"]), (&json!("nps"), &json!(20_000)));
    let wanted = 100.0 * (2.0 * 1818.0 - (7.0 * 1818.0 + 2.0)) / 20_000.0;
    assert!((nps["value"].as_f64().unwrap() - wanted).abs() < 1e-9, "{nps}");
}

#[test]
fn nobody_is_known_by_what_stands_beside() {
    let folder = tables();
    fs::write(folder.path().join("key"), b"0123456789abcdef").unwrap();
    for words in ["rows", "inspect", "report"] {
        let words =
            format!("{words} answers.csv responses.csv {ALL} --pseudonymise=key --rejects rejects.csv");
        let (out, told) = both(&folder, &words);
        let rejects = fs::read_to_string(folder.path().join("rejects.csv")).unwrap();
        assert!(!(out + &told + &rejects).contains('@'), "{words}");
    }
}

#[test]
fn init_writes_both_and_the_config_reads_them() {
    let folder = tables();
    let (_, told) = both(&folder, &format!("init responses.csv answers.csv {ALL}"));
    assert_eq!(told, "cxm.toml is written; next: cxm report\n");
    let config = fs::read_to_string(folder.path().join("cxm.toml")).unwrap();
    for preset in ["fivetran-qualtrics-responses", "fivetran-qualtrics-answers"] {
        assert!(config.contains(&format!("\npreset = \"{preset}\"\n")), "{config}");
    }
    assert!(config.contains("# responses.csv: its rows are the rest of those in answers.csv\n"), "{config}");
    assert_eq!(printed(&folder, "rows -q"), ROWS);
    let settings = printed(&folder, "inspect --settings");
    assert!(
        settings.contains("fivetran-qualtrics-responses") && !settings.contains("not given"),
        "{settings}"
    );
}

#[test]
fn the_size_of_the_pieces_changes_nothing() {
    let folder = tables();
    let read = |chunk: usize, threads: usize| {
        let request = |name: &str| Request::new(Input::file(folder.path().join(name)), None);
        let requests = vec![request("answers.csv"), request("responses.csv")];
        let mut plan = Plan { chunk, threads, ..Plan::new(requests) };
        let files = pipeline::open(&mut plan).unwrap();
        assert_eq!((files.len(), plan.requests.len()), (1, 1));
        let read = pipeline::read_all(&plan, files).unwrap();
        let accounts: Vec<_> =
            read.files[0].input.parts().unwrap().accounts().map(|(.., account)| account).collect();
        (read.ledgers, accounts)
    };
    let wanted = read(1 << 18, 1);
    assert_eq!((wanted.0[0].rows, wanted.1[0].rows, wanted.1[0].unmatched), (9, 7, 1));
    for chunk in [1, 7, 64, 300] {
        assert_eq!(read(chunk, 2), wanted, "{chunk}");
    }
}

/// Marks that name a ticket alone, and the tickets in a file of another format.
const MARKS: &str = "\
title = 'Marks'
kind = 'surveys'
evidence = 'A'
source = 'made up'
[signature]
all = ['Ref', 'Mark', 'Given on']
[beside]
preset = 'all-tickets'
by = { Ref = 'Ticket ID' }
[file]
zone = 'UTC'
[columns]
at = 'Given on'
csat = 'Mark'
ticket = 'Ref'
customer = 'customer_id'
[scale]
csat = '1-5'
";

const TICKETS: &str = "\
title = 'Tickets'
kind = 'surveys'
evidence = 'A'
source = 'made up'
part = true
[signature]
all = ['ticket_id', 'customer_id', 'agent_replies', 'handled_by']
";

fn marks(preset: &str, tickets: &str) -> TempDir {
    let parquet = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats/tickets.parquet");
    with(&[
        ("cxm.toml", b"min_n = 1\n"),
        ("presets/marks.toml", preset.as_bytes()),
        ("presets/all-tickets.toml", tickets.as_bytes()),
        ("marks.csv", b"Ref,Mark,Given on\nT65,5,2026-01-02\nT3,2,2026-01-03\nT129,4,2026-01-04\n"),
        ("tickets.parquet", &fs::read(parquet).unwrap()),
    ])
}

#[test]
fn presets_of_ones_own_join_a_parquet_file() {
    let folder = marks(MARKS, TICKETS);
    let wanted = "\
line,at,metric,score,customer,ticket
2,2026-01-02T00:00:00Z,csat,5,C00000001,T65
3,2026-01-03T00:00:00Z,csat,2,C00000000,T3
4,2026-01-04T00:00:00Z,csat,4,C00000002,T129
";
    assert_eq!(printed(&folder, "rows tickets.parquet marks.csv -q"), wanted);
}

#[test]
fn a_beside_that_cannot_be_is_told_where_it_is_written() {
    let cases = [
        (
            MARKS.replace("all-tickets", "no-tickets"),
            TICKETS.to_owned(),
            "presets/marks.toml`: `[beside]` names the preset `no-tickets`, which there is not",
        ),
        (
            MARKS.to_owned(),
            TICKETS.replace("part = true", "[columns]\nat = 'x'"),
            "presets/marks.toml`: `[beside]` names the preset `all-tickets`, which does not say `part = true`",
        ),
        (
            MARKS.replace("{ Ref = 'Ticket ID' }", "{ }"),
            TICKETS.to_owned(),
            "presets/marks.toml`: line 7: `by` names no column",
        ),
        (
            MARKS.replace("zone = 'UTC'", "header_rows = 2"),
            TICKETS.to_owned(),
            "presets/marks.toml`: line 10: an export with `[beside]` has one header row",
        ),
        (
            MARKS.to_owned(),
            TICKETS.to_owned() + "[beside]\npreset = 'x'\nby = { a = 'b' }\n",
            "presets/all-tickets.toml`: line 8: a part has no `[beside]` of its own",
        ),
        (
            MARKS.to_owned(),
            TICKETS.replace("part = true", ""),
            "presets/all-tickets.toml`: line 1: missing field `columns`",
        ),
    ];
    for (preset, tickets, told) in cases {
        let folder = marks(&preset, &tickets);
        let error = refused(&folder, "rows marks.csv tickets.parquet", 2);
        assert!(error.starts_with(&format!("error: preset `{told}")), "{told}: {error}");
    }
    let folder = marks(&MARKS.replace("'Ticket ID'", "'Ticket number'"), TICKETS);
    let error = refused(&folder, "rows marks.csv tickets.parquet", 3);
    assert!(
        error.contains(
            "`tickets.parquet` has no column `Ticket number`, which tells the row that it belongs to\n"
        ),
        "{error}"
    );
}
