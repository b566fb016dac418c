//! The same exports in other formats: what comes out is equal to the byte, and lines are those of the file.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Output;

use super::workbooks::{Sheet, archive, container, ods, xls, xlsx};
use super::{assert_refused, cxm};

const FILES: [&str; 3] = ["surveys.csv", "tickets.csv", "purchases.csv"];

type Rows = Vec<Vec<String>>;

fn rows(text: &str) -> Rows {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn csv_text(rows: &Rows, delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// The rows of a sample export that are whole: what is no text, or has too few columns, no other format can hold. A
/// comment has a comma, quotes and letters that are not ASCII.
fn sample(name: &str) -> Rows {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample").join(name);
    let bytes = fs::read(path).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
    let records = reader.byte_records().map(Result::unwrap);
    let whole = |record: csv::ByteRecord| -> Option<Vec<String>> {
        record.iter().map(|cell| String::from_utf8(cell.to_vec()).ok()).collect()
    };
    let mut rows: Rows = records.filter_map(whole).collect();
    let width = rows[0].len();
    rows.retain(|row| row.len() == width);
    for cell in rows.iter_mut().flatten() {
        // A cell that breaks lines moves those below it, in a CSV alone.
        *cell = cell.replace('\n', " ");
        if cell == "phone" {
            *cell = "téléphone, \"€\"".to_owned();
        }
    }
    rows
}

/// The sample exports, each written as `write` does.
fn exports(write: impl Fn(&Rows) -> Vec<u8>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    FILES.iter().for_each(|name| fs::write(folder.path().join(name), write(&sample(name))).unwrap());
    folder
}

fn objects(rows: &Rows) -> Vec<String> {
    let object = |row: &Vec<String>| {
        let member = |(name, cell): (&String, &String)| {
            let value = match cell.parse::<f64>() {
                Ok(number) if number.to_string() == *cell => cell.clone(),
                _ if cell.is_empty() => "null".to_owned(),
                _ => serde_json::to_string(cell).unwrap(),
            };
            format!("{}: {value}", serde_json::to_string(name).unwrap())
        };
        format!("{{{}}}", rows[0].iter().zip(row).map(member).collect::<Vec<_>>().join(", "))
    };
    rows[1..].iter().map(object).collect()
}

/// The header is on line 1 of a CSV, and no line of other formats: a blank one stands for it.
fn ndjson(rows: &Rows) -> Vec<u8> {
    format!("\n{}\n", objects(rows).join("\n")).into_bytes()
}

fn json(rows: &Rows) -> Vec<u8> {
    format!("[\n{}\n]\n", objects(rows).join(",\n")).into_bytes()
}

fn page(rows: &Rows) -> Vec<u8> {
    format!("{{\"count\": 1, \"rows\": [\n{}\n], \"next_page\": null}}", objects(rows).join(",\n"))
        .into_bytes()
}

fn one_sheet(rows: &Rows) -> [Sheet<'_>; 1] {
    [Sheet { name: "Data", is_hidden: false, rows }]
}

fn decimal_commas(rows: &Rows) -> Vec<u8> {
    let mut rows = rows.clone();
    if let Some(amount) = rows[0].iter().position(|name| name == "amount") {
        rows[1..].iter_mut().for_each(|row| row[amount] = row[amount].replace('.', ","));
    }
    csv_text(&rows, b';')
}

fn utf_16(bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn run(folder: &Path, words: &[&str]) -> Output {
    cxm(folder).args(words).output().unwrap()
}

fn report(folder: &Path, format: &str) -> (String, String) {
    let words = ["report", FILES[0], FILES[1], FILES[2], "--by", "channel", "--format", format];
    let output = run(folder, &words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn what_comes_out_is_the_same_and_so_are_the_lines() {
    type Write = fn(&Rows) -> Vec<u8>;
    let plain = exports(|rows| csv_text(rows, b','));
    let formats: [(&str, Write); 9] = [
        ("semicolons and decimal commas", decimal_commas),
        ("NDJSON", ndjson),
        ("JSON", json),
        ("a page of JSON", page),
        ("JSON in UTF-16", |rows| utf_16(&json(rows))),
        ("JSON in zstd", |rows| {
            ruzstd::encoding::compress_to_vec(&json(rows)[..], ruzstd::encoding::CompressionLevel::Fastest)
        }),
        ("XLSX", |rows| xlsx(&one_sheet(rows))),
        ("XLS", |rows| xls("Data", rows)),
        ("ODS", |rows| ods(&one_sheet(rows))),
    ];
    for format in ["csv", "json"] {
        let wanted = report(plain.path(), format);
        assert!(wanted.0.contains("téléphone"));
        for (name, write) in formats {
            assert_eq!(report(exports(write).path(), format), wanted, "{name} as {format}");
        }
    }
}

#[test]
fn parquet_gives_the_same_with_rows_counted_from_1() {
    let folder = tempfile::tempdir().unwrap();
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats");
    for name in FILES {
        let rows = sample(name);
        let text = String::from_utf8(csv_text(&rows, b',')).unwrap().replace("téléphone, \"\"€\"\"", "phone");
        fs::write(folder.path().join(name), text).unwrap();
    }
    let (wanted, said) = report(folder.path(), "csv");
    for name in FILES {
        let parquet = formats.join(name.replace(".csv", ".parquet"));
        fs::copy(parquet, folder.path().join(name)).unwrap();
    }
    let (printed, says) = report(folder.path(), "csv");
    assert_eq!(printed, wanted);
    // The line of a row is one less, since no line holds the names.
    let words = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    for (row, line) in words(&says).iter().zip(&words(&said)) {
        let number = |word: &String| word.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
        assert!(row == line || number(row).map(|row| row + 1) == number(line), "{row} for {line}");
    }
}

#[test]
fn types_of_parquet_read_as_a_csv_would_write_them() {
    let folder = tempfile::tempdir().unwrap();
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats");
    fs::copy(formats.join("types.parquet"), folder.path().join("types.parquet")).unwrap();
    let words = ["inspect", "--tickets", "types.parquet", "--rejects", "r.csv", "--max-rejects", "100%"];
    let output = run(folder.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("tickets, Parquet\n2 rows"));
    let rejects = fs::read_to_string(folder.path().join("r.csv")).unwrap();
    let wanted = fs::read_to_string(formats.join("types.csv")).unwrap();
    let raw: Vec<String> = rows(&rejects)[1..].iter().map(|row| row.last().unwrap().clone()).collect();
    assert_eq!(raw, wanted.lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn rejects_name_the_lines_of_each_format() {
    let texts =
        [["id", "date", "nps"], ["1", "2026-03-01", "9"], ["2", "no date", "8"], ["3", "2026-03-02", "12"]];
    let rows: Rows = texts.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let titled: Rows = [vec![vec!["NPS of March".to_owned()], vec![]], rows.clone()].concat();
    let minified = format!("[{}]", objects(&rows).join(","));
    let pretty = "[\n  {\n    \"id\": 1,\n    \"date\": \"2026-03-01\",\n    \"nps\": 9\n  },\n  {\n    \"id\": 2,\n    \
                  \"date\": \"no date\",\n    \"nps\": 8\n  },\n  {\"id\": 3, \"date\": \"2026-03-02\", \"nps\": 12}\n]";
    for (name, bytes, lines) in [
        ("a.ndjson", objects(&rows).join("\n").into_bytes(), [2, 3]),
        ("a.json", minified.into_bytes(), [2, 3]),
        ("b.json", pretty.as_bytes().to_vec(), [7, 12]),
        ("a.xlsx", xlsx(&one_sheet(&titled)), [5, 6]),
        ("a.ods", ods(&one_sheet(&titled)), [5, 6]),
        ("a.xls", xls("x", &titled), [5, 6]),
        ("sep.csv", [&b"sep=;\r\n"[..], &csv_text(&rows, b';')].concat(), [4, 5]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let words = [
            "nps",
            name,
            "--rejects",
            "r.csv",
            "--max-rejects",
            "100%",
            "--format",
            "csv",
            "--delimiter",
            ";",
        ];
        let output = run(folder.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let rejects = fs::read_to_string(folder.path().join("r.csv")).unwrap();
        let rejects: Rows = self::rows(&rejects);
        let found: Vec<&str> = rejects[1..].iter().map(|row| row[1].as_str()).collect();
        assert_eq!(found, lines.map(|line: u64| line.to_string()), "{name}: {rejects:?}");
        assert!(rejects[1].last().unwrap().contains("no date"), "{name}");
    }
}

#[test]
fn a_sheet_is_found_or_asked_for() {
    let rows = sample("surveys.csv");
    let other: Rows = rows[..30].to_vec();
    let notes: Rows = vec![vec!["made in March".to_owned()]];
    let sheets = |is_hidden| {
        [
            Sheet { name: "Notes", is_hidden: false, rows: &notes },
            Sheet { name: "Old answers", is_hidden, rows: &other },
            Sheet { name: "Answers", is_hidden: false, rows: &rows },
        ]
    };
    let folder = tempfile::tempdir().unwrap();
    let inspected = |words: &[&str]| {
        let output = run(folder.path(), &[&["inspect"], words].concat());
        (String::from_utf8_lossy(&output.stdout).replace("\n  ", " "), output)
    };
    for (name, write) in [("a.xlsx", xlsx as fn(&[Sheet<'_>]) -> Vec<u8>), ("a.ods", ods)] {
        fs::write(folder.path().join(name), write(&sheets(true))).unwrap();
        let form = name[2..].to_uppercase();
        assert!(inspected(&[name]).0.contains(&format!("surveys, {form}, sheet \"Answers\"\n")));
        for wanted in ["Old answers", "2", "old answers"] {
            let (text, _) = inspected(&[name, "--sheet", wanted]);
            assert!(text.contains(&format!("{form}, sheet \"Old answers\"\n29 rows")), "{text}");
        }
        fs::write(folder.path().join(name), write(&sheets(false))).unwrap();
        let (_, output) = inspected(&[name]);
        assert_refused(&output, 3, name);
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            format!(
                "error: `{name}` has several sheets that may be a table: `Old answers` and `Answers`\n\
                 hint: say which one to read: --sheet 'Old answers' or --sheet 'Answers'\n"
            )
        );
        let (_, output) = inspected(&[name, "--sheet", "Answer"]);
        assert_refused(&output, 3, name);
        assert!(String::from_utf8_lossy(&output.stderr).contains(
            "has no sheet `Answer`: it has `Notes`, `Old answers` and `Answers`\nhint: pass one of them: --sheet NAME"
        ));
    }
}

#[test]
fn they_come_packed_and_through_pipes() {
    let rows = sample("surveys.csv");
    let folder = tempfile::tempdir().unwrap();
    let zipped = |bytes: &[u8]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("inside", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
        archive.finish().unwrap().into_inner()
    };
    let parquet = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats/surveys.parquet");
    for (form, bytes) in [
        ("NDJSON", ndjson(&rows)),
        ("JSON", page(&rows)),
        ("XLSX, sheet \"Data\"", xlsx(&one_sheet(&rows))),
        ("Parquet", fs::read(parquet).unwrap()),
    ] {
        for bytes in [zipped(&bytes), bytes] {
            fs::write(folder.path().join("a"), &bytes).unwrap();
            for (name, words) in
                [("a", vec!["-q"]), ("-", vec!["-q"]), ("-", vec!["--rejects", "r.csv", "-q"])]
            {
                let mut command = cxm(folder.path());
                command.arg("inspect").arg(name).args(words);
                let output =
                    command.stdin(fs::File::open(folder.path().join("a")).unwrap()).output().unwrap();
                let text = String::from_utf8_lossy(&output.stdout).replace("\n  ", " ");
                assert!(text.contains(&format!("surveys, {form}\n1 143 rows")), "{form}: {text}");
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let rows = sample("surveys.csv");
    let parquet = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats/surveys.parquet");
    let parquet = fs::read(parquet).unwrap();
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let book = xlsx(&one_sheet(&rows));
    let binary = ["[Content_Types].xml", "xl/workbook.bin"].map(|name| (name, String::new()));
    for (told, bytes) in [
        ("is a binary workbook (XLSB)", archive(&binary)),
        ("is a workbook with a password", container("EncryptedPackage", name)),
        ("is a workbook that cannot be read", book[..book.len() / 2].to_vec()),
        ("is a workbook that cannot be read", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100)),
        ("is a Parquet file that cannot be read", parquet[..parquet.len() / 2].to_vec()),
        ("is a Parquet file that cannot be read", b"PAR1".to_vec()),
        ("is a Parquet file that cannot be read", [&parquet[..100], &[0x55; 600], &parquet[700..]].concat()),
        ("is an encrypted Parquet file", [&b"PARE"[..], &parquet[4..parquet.len() - 4], b"PARE"].concat()),
        ("ends within its first JSON object", b"{\"id\":1,".to_vec()),
        ("line 2 of `x` holds what is no JSON value", b"{\"id\":1}\n{\"id\":nil}".to_vec()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x"), bytes).unwrap();
        let output = run(folder.path(), &["nps", "x"]);
        assert_refused(&output, 3, told);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
}
