//! Tests that chunks, read apart and on several threads, hold what one thread reads record by record.

use std::io;

use proptest::prelude::*;

use super::tests::{Row, Trickle, reader, row};
use super::*;
use crate::parallel::{self, Spare};

/// Ends a stream, or breaks it off.
struct Break(bool);

impl Read for Break {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        if self.0 { Err(io::ErrorKind::InvalidData.into()) } else { Ok(0) }
    }
}

/// The rows below the header, and why there are no more.
type Rows = (Vec<Row>, Option<String>);

/// What one thread reads record by record out of one chunk that holds everything.
fn at_once(bytes: &[u8], delimiter: u8, breaks: bool) -> Rows {
    let mut reader = reader(bytes.chain(Break(breaks)), CHUNK, Some(delimiter)).unwrap();
    let mut rows = Vec::new();
    loop {
        match reader.read() {
            Ok(Some(record)) => rows.push(row(record)),
            Ok(None) => return (rows, None),
            Err(error) => return (rows, Some(error.to_string())),
        }
    }
}

/// What threads read out of chunks, in memory that is used again, after the first rows were read `alone`.
fn in_chunks<R: Read + Send>(mut reader: Reader<R>, alone: usize, threads: usize) -> Rows {
    let mut rows = Vec::new();
    while rows.len() < alone {
        match reader.read() {
            Ok(Some(record)) => rows.push(row(record)),
            Ok(None) => return (rows, None),
            Err(error) => return (rows, Some(error.to_string())),
        }
    }
    let (delimiter, width, mut line) = (reader.delimiter(), reader.header().len(), reader.line());
    let (memory, walks) = (Spare::<Vec<u8>>::new(), Spare::<Walk>::new());
    let walked = |mut chunk: Chunk| {
        let (mut walk, mut rows) = (walks.take(), Vec::new());
        walk.restart(delimiter, width);
        walk.enter(&chunk);
        let fault = loop {
            match walk.step(&mut chunk) {
                Ok(Some(found)) => rows.push(row(walk.record(&chunk, found))),
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            }
        };
        let lines = walk.line();
        memory.give(chunk.bytes);
        walks.give(walk);
        (rows, lines, fault)
    };
    let outcome = parallel::in_turn(
        threads,
        || reader.next_chunk(memory.take()),
        walked,
        |(read, lines, fault)| {
            rows.extend(read.into_iter().map(|(at, raw, fields)| (line + at, raw, fields)));
            let before = line;
            line += lines;
            fault.map_or(Ok(()), |fault| Err(fault.error(&Input::file("q.csv"), before).to_string()))
        },
    );
    (rows, outcome.err())
}

/// Bytes in which much means something to a reader, more often than chance would have it, and their delimiter.
fn odd_bytes() -> impl Strategy<Value = (Vec<u8>, u8)> {
    let delimiter = prop::sample::select(&b",;\t|"[..]);
    delimiter.prop_flat_map(|delimiter| {
        let piece = prop_oneof![
            3 => Just(vec![delimiter]),
            8 => prop::sample::select(vec![
                &b"\n"[..], b"\r\n", b"\"", b"a", b"\r", b"\"\"", b"\"x\ny\"", b"\n\n", b"\"\r\n\"\n", b"5\"",
                b"\xc3\xa9",
            ]).prop_map(<[u8]>::to_vec),
            1 => any::<u8>().prop_map(|byte| vec![byte]),
        ];
        (prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat()), Just(delimiter))
    })
}

#[test]
fn every_short_text_is_the_same_in_chunks_of_any_size() {
    let mut texts = vec![Vec::new()];
    for _ in 0..6 {
        let longer = |text: &Vec<u8>| b"a,\"\n".map(|byte| [text.as_slice(), &[byte]].concat());
        let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
        let more: Vec<Vec<u8>> = texts.iter().filter(|text| text.len() == longest).flat_map(longer).collect();
        texts.extend(more);
    }
    assert_eq!(texts.len(), 5461, "all texts of at most six bytes, each one of four");
    for text in texts {
        let bytes = [b"h\n", text.as_slice()].concat();
        let wanted = at_once(&bytes, b',', false);
        for size in 1..=bytes.len() {
            let reader = reader(&bytes[..], size, Some(b',')).unwrap();
            assert_eq!(in_chunks(reader, 0, 1), wanted, "{} in chunks of {size}", bytes.escape_ascii());
        }
    }
}

proptest! {
    #[test]
    fn chunks_on_threads_hold_what_one_thread_reads(
        (bytes, delimiter) in odd_bytes(), crlf: bool, threads in 1..5usize,
        alone in 0..3usize, step in 1..99usize, breaks: bool,
    ) {
        let line_end = if crlf { &b"\r\n"[..] } else { b"\n" };
        let bytes = [b"h", &[delimiter][..], b"\"i\"", line_end, &bytes].concat();
        let wanted = at_once(&bytes, delimiter, breaks);
        for size in 1..=bytes.len() + 1 {
            let source = Trickle(&bytes, step).chain(Break(breaks));
            let reader = reader(source, size, Some(delimiter)).unwrap();
            prop_assert_eq!(&in_chunks(reader, alone, threads), &wanted, "chunks of {} bytes", size);
        }
    }
}
