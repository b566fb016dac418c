//! From an export's bytes to a stream of text: unpacks gzip, drops a byte order mark, refuses what is no
//! text; it must not know CSV.

use std::io::{self, BufReader, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use super::input::{Input, Stream};
use crate::error::{Error, Result};

/// How much of a stream is looked at before it is taken for text.
const HEAD: usize = 64 << 10;
const GZIP: &[u8] = b"\x1f\x8b";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What is known by its first bytes and not read, with what to do about it.
const REFUSED: [(&[u8], &str, &str); 6] = [
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
    (b"PAR1", "a Parquet file", "export it as CSV"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it first: zstd -d FILE"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as CSV UTF-8"),
    (b"PK\x03\x04", "a zip archive", "unpack it first: unzip FILE"),
];

/// Opens `input` as text. The bytes are not checked to be UTF-8 beyond their start.
pub fn open(input: &Input) -> Result<Stream> {
    let (head, stream) = peek(input.open()?, input)?;
    let (head, stream) = if head.starts_with(GZIP) {
        peek(Box::new(MultiGzDecoder::new(BufReader::with_capacity(HEAD, resume(head, stream)))), input)?
    } else {
        (head, stream)
    };
    refuse(&head, input)?;
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
    if text.trim_ascii().is_empty() && head.len() < HEAD {
        return Err(Error::export(format!("`{}` is empty", input.display())));
    }
    Ok(resume(text.to_vec(), stream))
}

/// Takes the first block off a stream.
fn peek(mut stream: Stream, input: &Input) -> Result<(Vec<u8>, Stream)> {
    let mut head = Vec::with_capacity(HEAD);
    match stream.by_ref().take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => Ok((head, stream)),
        // What was unpacked before the damage is still good: the reader names the line where it ends.
        Err(cause) if !head.is_empty() => Ok((head, Box::new(Damaged(Some(cause))))),
        Err(cause) => Err(input.unreadable(&cause)),
    }
}

/// Puts the first block back.
fn resume(head: Vec<u8>, stream: Stream) -> Stream {
    Box::new(Cursor::new(head).chain(stream))
}

/// The end of a stream that could not be read on.
struct Damaged(Option<io::Error>);

impl Read for Damaged {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| ErrorKind::UnexpectedEof.into()))
    }
}

fn refuse(head: &[u8], input: &Input) -> Result<()> {
    let name = input.display();
    let known = REFUSED.iter().find(|(magic, ..)| head.starts_with(magic));
    let (what, advice) = match known {
        // A workbook is a zip archive whose first member is one of these.
        Some((b"PK\x03\x04", ..)) if holds(head, b"[Content_Types].xml") || holds(head, b"xl/") => {
            ("an Excel workbook", "save the sheet as CSV UTF-8")
        }
        Some((_, what, advice)) => (*what, *advice),
        None if memchr::memchr(0, head).is_some() => {
            ("binary data or UTF-16 text", "export it as CSV in UTF-8")
        }
        None => return Ok(()),
    };
    Err(Error::export(format!("`{name}` is not a CSV file: it looks like {what}")).hint(advice))
}

fn holds(head: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(head, needle).is_some()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> Result<io::Result<Vec<u8>>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut text = Vec::new();
        let mut stream = open(&Input::file(file.path()))?;
        Ok(stream.read_to_end(&mut text).map(|_| text))
    }

    #[test]
    fn unpacks_every_member_and_drops_the_mark() {
        let members = [gzip(b"\xef\xbb\xbfa,b\n"), gzip(b"1,2\n")].concat();
        assert_eq!(read(&members).unwrap().unwrap(), b"a,b\n1,2\n");
        assert_eq!(read(b"\xef\xbb\xbfa,b\n").unwrap().unwrap(), b"a,b\n");
        let long = b"a,b\n".repeat(HEAD);
        assert_eq!(read(&gzip(&long)).unwrap().unwrap(), long);
    }

    #[test]
    fn says_what_a_file_looks_like() {
        let workbook = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml";
        let cases: [(&[u8], &str); 7] = [
            (b"\xff\xfea\x00", "UTF-16 text"),
            (b"PAR1\x15", "a Parquet file"),
            (b"\x28\xb5\x2f\xfd\x04", "compressed with zstd"),
            (b"PK\x03\x04\x14\x00data.csv", "a zip archive"),
            (workbook, "an Excel workbook"),
            (b"a,b\n1,\x00\n", "binary data or UTF-16 text"),
            (&gzip(b"a\x00"), "binary data or UTF-16 text"),
        ];
        for (bytes, what) in cases {
            let error = read(bytes).unwrap_err();
            assert!(
                error.to_string().ends_with(&format!("is not a CSV file: it looks like {what}")),
                "{error}"
            );
            assert_eq!(error.status(), 3);
        }
    }

    #[test]
    fn empty_and_damaged_files_are_errors() {
        for bytes in [&b""[..], b"\xef\xbb\xbf", b"\r\n\n"] {
            assert!(read(bytes).unwrap_err().to_string().ends_with("is empty"));
        }
        assert!(read(b"\x1f\x8bnot gzip").unwrap_err().to_string().starts_with("could not read"));
        let whole = gzip(b"id,score\n1,9\n");
        assert!(read(&whole[..whole.len() - 4]).unwrap().is_err());
    }
}
