//! Whatever the bytes of a JSON file, a workbook or a Parquet file: no panic, a known status; and rows of JSON are those of
//! a CSV.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value};

use super::cxm;
use super::hostile::{for_a_while, survives};
use super::workbooks::{Sheet, ods, xls, xlsx};

/// Any value, not deep and not wide.
fn value() -> impl Strategy<Value = Value> {
    let name = select(vec!["id", "date", "nps", "a.b", "value", "name", "_", "é\n\"", "channel"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(vec!["2026-03-01", "9", "\u{1f600}\0\\", "x,y\r\nz", ""]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((name.clone(), inner), 0..6).prop_map(|members| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

#[test]
fn no_json_makes_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    let texts = (vec(value(), 0..8), any::<bool>(), vec((any::<Index>(), any::<u8>()), 0..3));
    for_a_while(&texts, |(values, is_pretty, wrong)| {
        let text = |value: &Value| {
            if is_pretty { serde_json::to_string_pretty(value).unwrap() } else { value.to_string() }
        };
        let head = "{\"id\":1,\"date\":\"2026-03-01\",\"nps\":9}\n";
        let mut bytes =
            (head.to_owned() + &values.iter().map(text).collect::<Vec<_>>().join("\n")).into_bytes();
        for (place, byte) in wrong {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        fs::write(folder.path().join("a.json"), &bytes).unwrap();
        let mut command = cxm(folder.path());
        command.args([
            "nps",
            "--surveys",
            "a.json",
            "--max-rejects",
            "100",
            "--rejects",
            "r.csv",
            "--format",
            "csv",
        ]);
        survives(&mut command, &format!("{}", bytes.escape_ascii()));
    });
}

#[test]
fn rows_of_json_are_those_of_a_csv() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        select(vec!["", "web", "a,b", "say \"hi\"", "é\u{1f600}", " x ", "back\\slash", "{\"a\":1}", "0"]);
    let rows = vec((0..11_i64, text, 1..29_u32, any::<bool>()), 1..30);
    for_a_while(&rows, |rows| {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["id", "date", "nps", "who.channel"]).unwrap();
        let mut json = String::new();
        for (id, (score, text, day, is_text)) in rows.iter().enumerate() {
            let date = format!("2026-03-{day:02}");
            csv.write_record([&id.to_string(), &date, &score.to_string(), *text]).unwrap();
            let score = if *is_text { Value::from(score.to_string()) } else { Value::from(*score) };
            let mut object = Map::new();
            object.insert("id".into(), id.into());
            object.insert("date".into(), date.into());
            object.insert("nps".into(), score);
            let who = Map::from_iter([("channel".to_owned(), Value::from(*text))]);
            object.insert("who".into(), who.into());
            json.push('\n');
            json.push_str(&Value::from(object).to_string());
        }
        let report = |bytes: &[u8]| {
            fs::write(folder.path().join("a"), bytes).unwrap();
            let output = cxm(folder.path())
                .args([
                    "nps",
                    "a",
                    "--by",
                    "who_channel",
                    "--min-n",
                    "1",
                    "--format",
                    "json",
                    "--max-rejects",
                    "100",
                ])
                .output()
                .unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap(), output.stderr)
        };
        assert_eq!(report(json.as_bytes()), report(&csv.into_inner().unwrap()), "{json}");
    });
}

#[test]
fn no_workbook_or_parquet_makes_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Vec<String>> = [["id", "date", "nps"], ["1", "2026-03-01T12:00:00Z", "9"], ["2", "x", "8"]]
        .iter()
        .map(|row| row.map(str::to_owned).to_vec())
        .collect();
    let sheet = [Sheet { name: "Data", is_hidden: false, rows: &rows }];
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats");
    let mut files = vec![xlsx(&sheet), ods(&sheet), xls("Data", &rows), xls("Data", &rows)];
    files.extend(["types", "surveys"].map(|name| fs::read(formats.join(format!("{name}.parquet"))).unwrap()));
    let change = (any::<Index>(), any::<u8>(), 0..4_u8, 1..40_usize);
    let wrong = (select(files), vec(change, 1..6));
    for_a_while(&wrong, |(mut bytes, changes)| {
        for (place, byte, how, count) in changes {
            let place = place.index(bytes.len());
            match how {
                0 | 1 => bytes[place] = byte,
                2 => drop(bytes.drain(place..(place + count).min(bytes.len() - 1).max(place))),
                _ => bytes.splice(place..place, vec![byte; count]).for_each(drop),
            }
        }
        fs::write(folder.path().join("a"), &bytes).unwrap();
        let mut command = cxm(folder.path());
        command.args([
            "nps",
            "--surveys",
            "a",
            "--max-rejects",
            "100",
            "--rejects",
            "r.csv",
            "--format",
            "csv",
        ]);
        survives(&mut command, "a changed file");
    });
}
