//! Random small exports through the whole library, in small chunks on several threads: the report, the error, the ledgers
//! and the rejects must be those of one thread and one chunk.

use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, Datelike, TimeDelta};
use cxm::error::Result;
use cxm::metric::METRICS;
use cxm::pipeline;
use cxm::plan::{Plan, Request};
use cxm::render::{Format, Style, render};
use cxm::source::beside::Beside;
use cxm::source::field::Kind;
use cxm::source::input::Input;
use cxm::source::opened::Opened;
use cxm::source::preset::{SharedPreset, known};
use cxm::source::records::CHUNK;
use cxm::table::ledger::Tolerance;
use cxm::table::rejects;
use cxm::table::veil::Veil;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use proptest::sample::select;

use crate::oracle::on;
use crate::oracle::sheet::{Sheet, Times};
use crate::oracle::world::{World, world};

/// Begins what a run says when it fails.
const ERROR: &str = "error: ";

/// How an export is written, beyond what its cells say.
#[derive(Debug, Clone)]
struct Dress {
    dates: Dates,
    crlf: bool,
    /// The text of the last cell of each row, in turn; none stays as it is.
    texts: Vec<Option<&'static str>>,
    /// What stands before each row, in turn.
    blanks: Vec<&'static str>,
    end: &'static str,
}

/// How times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dates {
    AsTheyAre,
    DayFirst,
    MonthFirst,
    /// The day first, and days up to the twelfth alone, but for one row, told by a number.
    ShownOnce(usize),
    /// Days up to the twelfth alone.
    Undecided,
    /// Some rows have the day first, some the month.
    Contradicting,
}

fn dress() -> impl Strategy<Value = Dress> {
    let dates = prop_oneof![
        6 => Just(Dates::AsTheyAre),
        3 => Just(Dates::DayFirst),
        2 => Just(Dates::MonthFirst),
        6 => any::<usize>().prop_map(Dates::ShownOnce),
        1 => Just(Dates::Undecided),
        1 => Just(Dates::Contradicting),
    ];
    let text = prop_oneof![
        3 => Just(None),
        1 => select(vec!["north\nsouth", "\r\n", "5\" pipe", "\"", ",\",\n\",", "\u{e9}", ""]).prop_map(Some),
    ];
    let blank = prop_oneof![9 => Just(""), 1 => select(vec!["\n", "\r\n", "\n\n\r\n"])];
    let end = prop_oneof![
        8 => Just(""),
        2 => select(vec!["R9,C1,\"never\nclosed", "\"", "\n\n", "R9,\r", "R9,\"C1\nC2\","]),
    ];
    let (texts, blanks) = (prop::collection::vec(text, 1..9), prop::collection::vec(blank, 1..9));
    (dates, any::<bool>(), texts, blanks, end).prop_map(|(dates, crlf, texts, blanks, end)| Dress {
        dates,
        crlf,
        texts,
        blanks,
        end,
    })
}

impl Dress {
    /// The sheet as a file.
    fn file(&self, sheet: &Sheet) -> Vec<u8> {
        let mut file = line(&sheet.header, self.crlf);
        for (number, row) in sheet.rows.iter().enumerate() {
            let is_shown =
                matches!(self.dates, Dates::ShownOnce(place) if place % sheet.rows.len() == number);
            let mut row: Vec<String> =
                row.iter().map(|cell| self.dates.write(cell, number, is_shown)).collect();
            if let (Some(text), Some(cell)) = (self.texts[number % self.texts.len()], row.last_mut()) {
                text.clone_into(cell);
            }
            file.extend_from_slice(self.blanks[number % self.blanks.len()].as_bytes());
            file.extend_from_slice(&line(&row, self.crlf));
        }
        // Half of the files end without a line end.
        if self.end.is_empty() && self.texts.len().is_multiple_of(2) {
            file.truncate(file.trim_ascii_end().len());
        }
        [&file, self.end.as_bytes()].concat()
    }
}

impl Dates {
    fn write(self, cell: &str, row: usize, is_shown: bool) -> String {
        let Some(time) = Times::read(cell).filter(|_| self != Dates::AsTheyAre) else {
            return cell.to_owned();
        };
        let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
        let time = start + TimeDelta::microseconds(time);
        let day = match self {
            Dates::ShownOnce(_) if is_shown => 13 + time.day() % 12,
            Dates::ShownOnce(_) | Dates::Undecided => 1 + time.day() % 12,
            _ => time.day(),
        };
        let has_month_first =
            self == Dates::MonthFirst || self == Dates::Contradicting && row.is_multiple_of(5);
        let form = if has_month_first { "%m/%d/%Y %H:%M:%S" } else { "%d/%m/%Y %H:%M:%S" };
        time.with_day(day).unwrap().format(form).to_string()
    }
}

fn line(cells: &[String], crlf: bool) -> Vec<u8> {
    let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(terminator).from_writer(Vec::new());
    writer.write_record(cells).unwrap();
    // U+FFFD stands for a byte that is not UTF-8.
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    text.split('\u{fffd}').map(str::as_bytes).collect::<Vec<_>>().join(&0xff)
}

/// What comes of a run as text: the ledgers and the rejects if it came so far, then the report or the error.
fn run(folder: &Path, files: &[(Kind, String)], threads: usize, chunk: usize) -> String {
    let request = |(kind, name): &(Kind, String)| Request::new(Input::file(folder.join(name)), Some(*kind));
    let by = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let plan = Plan {
        delimiter: Some(b','),
        tolerance: Tolerance { strict: false, most: 1.0 },
        metrics: METRICS.to_vec(),
        every: true,
        threads,
        chunk,
        breakdowns: [&[][..], &["channel"], &["stage"], &["cohort"]].map(by).to_vec(),
        min_n: 0,
        ..Plan::new(files.iter().map(request).collect())
    };
    let mut text = String::new();
    if let Err(error) = report(plan, &folder.join("rejects"), &mut text) {
        text += &format!("{ERROR}{error}, hint: {:?}\n", error.advice());
    }
    // The folders differ, and the names in them do not.
    text.replace(&format!("{}/", folder.display()), "")
}

fn report(mut plan: Plan, rejected: &Path, text: &mut String) -> Result<()> {
    let files = pipeline::open(&mut plan)?;
    let plan = &plan;
    let read = pipeline::read_all(plan, files)?;
    *text += &format!("{:#?}\n", read.ledgers);
    let veil = |file: &'_ Opened| Veil::of(&file.mapping, file.delimiter, &plan.keys);
    let files = read.files.iter().zip(&read.ledgers);
    let inputs = files.map(|(file, ledger)| ((&file.input, file.again()), ledger, veil(file)));
    rejects::write(rejected, inputs, |cause| panic!("{cause}"))?;
    *text += &std::fs::read(rejected).unwrap().escape_ascii().to_string().replace("\\n", "\n");
    pipeline::check(plan, &read.files, &read.ledgers)?;
    let joined = pipeline::join(plan, read.exports)?;
    let report = pipeline::report(plan, &read.files, &read.ledgers, &joined)?;
    *text += &render(&report, Format::Json, &Style { width: 80, terminal: false, color: false });
    Ok(())
}

/// Where the two differ first.
fn same(got: &str, wanted: &str, told: &str) {
    let differing = got.lines().zip(wanted.lines()).find(|(got, wanted)| got != wanted);
    assert!(got == wanted, "{told}: {differing:?}\n--- wanted\n{wanted}\n--- got\n{got}");
}

/// Writes files as they are into one folder, and packed into another.
fn folders(files: &[(Kind, String, Vec<u8>)]) -> [tempfile::TempDir; 2] {
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for (_, name, bytes) in files {
        std::fs::write(folders[0].path().join(name), bytes).unwrap();
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).unwrap();
        std::fs::write(folders[1].path().join(name), packed.finish().unwrap()).unwrap();
    }
    folders
}

/// Reads the same files in every way, and fails where one says something else.
fn same_in_every_way(files: &[(Kind, String, Vec<u8>)], ways: &[(usize, usize)]) -> String {
    let [plain, packed] = folders(files);
    let names: Vec<(Kind, String)> = files.iter().map(|(kind, name, _)| (*kind, name.clone())).collect();
    let wanted = run(plain.path(), &names, 1, CHUNK);
    for &(threads, chunk) in ways {
        let got = run(plain.path(), &names, threads, chunk);
        same(&got, &wanted, &format!("{threads} threads, chunks of {chunk} bytes"));
    }
    let (threads, chunk) = ways[0];
    same(&run(packed.path(), &names, threads, chunk), &wanted, "packed");
    wanted
}

fn files(world: &World, dresses: &[Dress], at: Option<usize>) -> Vec<(Kind, String, Vec<u8>)> {
    let mut files = Vec::new();
    for ((name, sheet), dress) in world.sheets().zip(dresses) {
        let parts: [Sheet; 2] = sheet.split(at.unwrap_or(usize::MAX)).into();
        // A part without rows is no export; a whole one without rows is, and is refused.
        for (part, number) in
            parts.iter().zip(1..).filter(|(part, number)| *number == 1 || !part.rows.is_empty())
        {
            files.push((Kind::named(name).unwrap(), format!("{name}-{number}.csv"), dress.file(part)));
        }
    }
    files
}

#[test]
fn chunks_and_threads_change_nothing() {
    let ways = prop::collection::vec((1..5usize, 1..201usize), 3);
    let at = prop::option::weighted(0.3, 1..30usize);
    let strategy = (world(), prop::collection::vec(dress(), 3), ways, at);
    let (reports, errors) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    on(192, 21, &strategy, |(world, dresses, ways, at)| {
        let outcome = same_in_every_way(&files(&world, &dresses, at), &ways);
        let count = if !outcome.contains(ERROR) { &reports } else { &errors };
        count.set(count.get() + 1);
        Ok(())
    });
    assert!(reports.get() >= 60 && errors.get() >= 20, "{} reports, {} errors", reports.get(), errors.get());
}

#[test]
fn more_words_than_a_byte_holds_are_told_apart_in_small_chunks() {
    let mut text = "response_id,customer_id,responded_at,nps,channel\n".to_owned();
    for row in 0..900 {
        let day = if row == 890 { 25 } else { 1 + row % 12 };
        text += &format!("R{row},C{},{day}/03/2026,{},shop {}\n", row % 300, row % 11, row % 280);
    }
    let files = [(Kind::Surveys, "surveys.csv".to_owned(), text.into_bytes())];
    let outcome = same_in_every_way(&files, &[(4, 100), (2, 4_000), (3, 20_000)]);
    assert!(!outcome.contains(ERROR) && outcome.contains("shop 279"), "{outcome}");
}

#[test]
fn wide_answers_without_a_name_stay_apart_in_small_chunks() {
    let mut nameless = "responded_at,nps,csat\n".to_owned();
    let mut blank = "response_id,customer_id,responded_at,nps,csat\n".to_owned();
    for row in 0..40 {
        let cells = format!("2026-03-{:02},{},{}\n", 1 + row % 3, row % 11, 1 + row % 5);
        nameless += &cells;
        blank += &format!(",,{cells}");
    }
    let files = [("a.csv", nameless), ("b.csv", blank)]
        .map(|(name, text)| (Kind::Surveys, name.to_owned(), text.into_bytes()));
    let outcome = same_in_every_way(&files, &[(2, 1), (3, 50), (4, 199)]);
    assert_eq!(outcome.matches("rejects: {}").count(), 2, "{outcome}");
}

/// Exports that presets know: header rows, rows left out, cells made of others, the decimal mark told from the numbers.
#[test]
fn small_chunks_change_nothing_in_vendors_exports() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/presets");
    let mut tried = 0;
    let is_part = |preset: &&SharedPreset| preset.beside == Beside::Part;
    for preset in known().iter().filter(|preset| !is_part(preset)) {
        // An export that only `--preset` names is another export here.
        let folder = root.join(&preset.name);
        let found = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let mut exports: Vec<_> = found
            .filter(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("export")))
            .collect();
        exports.sort();
        for export in exports {
            let name = export.file_name().unwrap().to_string_lossy().into_owned();
            let beside = preset.beside.rest().map(|_| folder.join("responses.csv"));
            let files = || beside.iter().chain([&export]);
            let requests = || files().map(|file| Request::new(Input::file(file), None)).collect::<Vec<_>>();
            // In chunks this small the delimiter would be told from a few bytes.
            let opened = pipeline::open(&mut Plan::new(requests()));
            let delimiter = opened.ok().map(|files| files[0].delimiter);
            let read = |threads, chunk| {
                let tolerance = Tolerance { strict: false, most: 1.0 };
                let plan = Plan { tolerance, threads, chunk, min_n: 0, ..Plan::new(requests()) };
                let plan = Plan { delimiter, metrics: METRICS.to_vec(), every: true, ..plan };
                let mut text = String::new();
                let rejected = tempfile::NamedTempFile::new().unwrap();
                if let Err(error) = report(plan, rejected.path(), &mut text) {
                    text += &format!("{ERROR}{error}, hint: {:?}\n", error.advice());
                }
                text
            };
            let whole = read(1, 1 << 18);
            for (threads, chunk) in [(1, 1), (3, 7), (2, 64), (3, 1000)] {
                same(&read(threads, chunk), &whole, &format!("{}/{name} in chunks of {chunk}", preset.name));
            }
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried} exports");
}
