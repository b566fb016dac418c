//! Tests of the reader against the `csv` crate, damaged files and arbitrary bytes.

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::*;

/// Hands out a few bytes at a time, as a pipe may.
pub struct Trickle<'a>(pub &'a [u8], pub usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(buffer.len());
        self.0.read(&mut buffer[..count])
    }
}

pub fn reader<R: Read>(source: R, capacity: usize, delimiter: Option<u8>) -> Result<Reader<R>> {
    Reader::new(
        source,
        &Input::file("q.csv"),
        Options { delimiter, chunk: capacity, ..Options::default() },
        1,
    )
}

/// The line, the bytes and the fields of a record.
pub type Row = (u64, Vec<u8>, Vec<Vec<u8>>);

pub fn row(record: Record<'_>) -> Row {
    let fields = (0..record.len()).map(|column| record.field(column).into_owned()).collect();
    (record.line(), record.raw().to_vec(), fields)
}

fn rows<R: Read>(reader: &mut Reader<R>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    while let Some(record) = reader.read()? {
        rows.push(row(record));
    }
    Ok(rows)
}

fn lines_of(text: &str) -> Vec<(u64, usize)> {
    let mut reader = reader(text.as_bytes(), 4, None).unwrap();
    rows(&mut reader).unwrap().into_iter().map(|(line, _, fields)| (line, fields.len())).collect()
}

fn failure(text: &[u8]) -> Error {
    reader(text, 64, None).and_then(|mut reader| rows(&mut reader)).unwrap_err()
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    assert_eq!(lines_of("a,b\r\n\r\n1,\"x\r\n\r\ny\"\r\n\n2,z"), [(3, 2), (7, 2)]);
    assert_eq!(lines_of("\n\na,b\n1,2\r"), [(4, 2)]);
    assert_eq!(lines_of("a,b\n"), []);
    assert_eq!(reader(&b"\n\n a ;\"b\"\"c\" \n"[..], 64, None).unwrap().header_line(), 3);
    assert_eq!(reader(&b"\n\n a ;\"b\"\"c\" \n"[..], 64, None).unwrap().header(), ["a", "b\"c"]);
}

#[test]
fn ragged_records_and_bad_encodings_are_marked() {
    let text = b"a,b\n1\n1,2\n1,2,,\"\"\n1,2,,x\n1,\xff\n1,\x00\n1,\xc3\xa9\n";
    let mut reader = reader(&text[..], 8, None).unwrap();
    let mut marks = Vec::new();
    while let Some(record) = reader.read().unwrap() {
        marks.push((record.is_ragged(), record.bad_encoding()));
        assert_eq!(record.field(9).len(), 0);
    }
    let (fine, ragged, garbled) = ((false, false), (true, false), (false, true));
    assert_eq!(marks, [ragged, fine, fine, ragged, garbled, garbled, fine]);
}

#[test]
fn a_file_that_cannot_be_read_names_the_line() {
    assert_eq!(
        failure(b"a,b\n1,2\n3,\"x\ny").to_string(),
        "line 3 of `q.csv` opens a quote that is never closed"
    );
    assert_eq!(
        failure(b"a,b\n\"x\ny\",\"z\n").to_string(),
        "line 3 of `q.csv` opens a quote that is never closed"
    );
    assert_eq!(
        failure(b"\n,,\"\"\n1,2,3\n").to_string(),
        "line 2 of `q.csv` holds no column name, where the header should be"
    );
    assert!(failure(b"a,b\r1,2\r").to_string().contains("ends in a lone carriage return"));
    assert_eq!(failure(b"\n").status(), 3);
}

#[test]
fn a_record_without_an_end_is_refused_in_bounded_memory() {
    let endless = io::Cursor::new(b"a,b\n1,2\n3,\"").chain(io::repeat(b'x'));
    let error = reader(endless, CHUNK, None).and_then(|mut reader| rows(&mut reader)).unwrap_err();
    assert_eq!(error.to_string(), "line 3 of `q.csv` starts a record of over 16 MiB");
    let long = format!("a,b\n1,{}\n", "x".repeat(3 << 20));
    assert_eq!(rows(&mut reader(long.as_bytes(), 64, None).unwrap()).unwrap()[0].1.len(), 2 + (3 << 20));
}

#[test]
fn a_damaged_file_is_read_up_to_the_damage() {
    let mut encoder = GzEncoder::new(tempfile::NamedTempFile::new().unwrap(), Compression::fast());
    for line in 0..200_000 {
        writeln!(encoder, "{line},{}", line * 7 % 1000).unwrap();
    }
    let file = encoder.finish().unwrap();
    file.as_file().set_len(file.as_file().metadata().unwrap().len() / 2).unwrap();
    let mut reader = Reader::open(&Input::file(file.path()), Options::default()).unwrap();
    let mut last = 0;
    let error = loop {
        match reader.read() {
            Ok(Some(record)) => last = record.line(),
            Ok(None) => unreachable!("half a file has no end"),
            Err(error) => break error.to_string(),
        }
    };
    assert!(last > 50_000 && error.contains(&format!(" from line {} on: ", last + 1)), "{error}");
}

#[test]
fn rejects_are_read_again_as_they_were() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n\"3\",\r\n").unwrap();
    let mut found = Vec::new();
    let mut reread_at = |lines: &[u64]| {
        reread(
            &Input::file(file.path()),
            Options::default(),
            &lines.iter().copied().collect(),
            |line, raw| {
                found.push((line, raw.raw().to_vec()));
                Ok(())
            },
        )
    };
    reread_at(&[2, 5]).unwrap();
    assert!(reread_at(&[3]).unwrap_err().to_string().ends_with("changed while it was read: line 3 is gone"));
    assert!(reread_at(&[9]).is_err());
    assert_eq!(found, [(2, b"1,\"x\r\ny\"".to_vec()), (5, b"\"3\",".to_vec())]);
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let field = r#"[ab,;"\n\r\t é]{0,9}"#;
    (1..5usize).prop_flat_map(move |width| prop::collection::vec(prop::collection::vec(field, width), 0..9))
}

fn written(row: &[String], delimiter: u8, crlf: bool) -> Vec<u8> {
    let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
    writer.write_record(row).unwrap();
    writer.into_inner().unwrap()
}

proptest! {
    #[test]
    fn reads_what_the_csv_crate_writes(
        table in table(), crlf: bool, delimiter in prop::sample::select(&b",;\t|"[..]),
        capacity in 1..99usize, step in 1..99usize,
    ) {
        let names: Vec<String> = (0..table.first().map_or(1, Vec::len)).map(|i| format!("c{i}")).collect();
        let mut bytes = written(&names, delimiter, crlf);
        let mut wanted = Vec::new();
        for row in &table {
            let line = 1 + bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
            let raw = written(row, delimiter, crlf);
            bytes.extend_from_slice(&raw);
            let raw = raw[..raw.len() - 1 - usize::from(crlf)].to_vec();
            wanted.push((line, raw, row.iter().map(|field| field.clone().into_bytes()).collect()));
        }
        let mut reader = reader(Trickle(&bytes, step), capacity, Some(delimiter)).unwrap();
        prop_assert_eq!(reader.header(), &names[..]);
        prop_assert_eq!(rows(&mut reader).unwrap(), wanted);
    }

    #[test]
    fn quotes_in_odd_places_mean_what_they_mean_to_the_csv_crate(
        body in r#"[a",\n]{0,40}"#, capacity in 1..50usize, step in 1..50usize,
    ) {
        let bytes = format!("a,b\n{body}");
        let mut reader = reader(Trickle(bytes.as_bytes(), step), capacity, None).unwrap();
        let Ok(ours) = rows(&mut reader) else { return Ok(()) };
        let theirs: Vec<Vec<Vec<u8>>> = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(bytes.as_bytes())
            .byte_records()
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect();
        prop_assert_eq!(ours.into_iter().map(|(_, _, fields)| fields).collect::<Vec<_>>(), theirs);
    }

    #[test]
    fn any_bytes_end_without_a_panic(
        bytes in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(&b"\",;\t|\r\n\0\xff"[..])], 0..300),
        capacity in 1..50usize, step in 1..50usize,
    ) {
        let Ok(mut reader) = reader(Trickle(&bytes, step), capacity, None) else { return Ok(()) };
        let mut before = reader.header_line();
        while let Ok(Some(record)) = reader.read() {
            prop_assert!(record.line() > before && record.len() > 0);
            before = record.line();
            let size: usize = (0..record.len()).map(|column| record.field(column).len()).sum();
            prop_assert!(size <= record.raw().len());
            let _ = (record.is_ragged(), record.bad_encoding());
        }
    }
}
