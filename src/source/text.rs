//! From an export's bytes to a stream of text in UTF-8: unpacks it, decodes it, refuses what is no text; it must not know
//! CSV.

use std::io::{Cursor, Read};

use super::converted::{self, Format};
use super::encoding::{self, Encoding, Failing, Shown};
use super::input::{Input, Stream};
use super::packed::Packing;
use crate::error::{Error, Result};

/// How much of a stream is looked at before it is taken for text.
const HEAD: usize = 64 << 10;

/// An export as CSV text in UTF-8.
pub struct Text {
    /// The text, of which nothing is read.
    pub stream: Stream,
    /// The encoding that it had, once that shows.
    pub shown: Shown,
    /// What kind of file it is.
    pub format: Format,
}

/// Opens `input` as text, in the encoding that was `said` or else that its bytes show. Text that is in UTF-8 is not
/// checked beyond its start.
pub fn open(input: &Input, said: Option<Encoding>) -> Result<Text> {
    let (head, stream) = unpacked(input)?;
    if let Some(binary) = converted::Binary::of(&head) {
        let (stream, format) = binary.open(&mut resume(head, stream), input)?;
        return Ok(Text { stream, shown: Shown::default(), format });
    }
    let (head, mut text, shown) = decoded(head, stream, input, said)?;
    if !converted::is_json(&head) {
        return Ok(Text { stream: resume(head, text), shown, format: Format::Csv });
    }
    let again = || {
        let (head, stream) = unpacked(input)?;
        let (head, text, _) = decoded(head, stream, input, said)?;
        Ok(resume(head, text))
    };
    let (stream, format) = if input.is_read_once() {
        let mut whole = head;
        text.read_to_end(&mut whole).map_err(|cause| input.unreadable(&cause))?;
        converted::json(&converted::Json::Held(whole.into()), input)?
    } else {
        converted::json(&converted::Json::Opened(&again), input)?
    };
    Ok(Text { stream, shown, format })
}

/// The first block of an input, unpacked, and what follows it.
fn unpacked(input: &Input) -> Result<(Vec<u8>, Stream)> {
    let (head, stream) = peek(input.open()?, input)?;
    match Packing::of(&head) {
        Some(packing) => peek(packing.unpack(resume(head, stream), input)?, input),
        None => Ok((head, stream)),
    }
}

/// The first block of a text in UTF-8, what follows it, and the encoding it had.
fn decoded(
    head: Vec<u8>,
    stream: Stream,
    input: &Input,
    said: Option<Encoding>,
) -> Result<(Vec<u8>, Stream, Shown)> {
    refuse(&head, input, said)?;
    let (text, shown) = encoding::decode(head, stream, said);
    let (head, text) = peek(text, input)?;
    if head.trim_ascii().is_empty() && head.len() < HEAD {
        return Err(Error::export(format!("`{}` is empty", input.display())));
    }
    Ok((head, text, shown))
}

/// Takes the first block off a stream.
fn peek(mut stream: Stream, input: &Input) -> Result<(Vec<u8>, Stream)> {
    let mut head = Vec::with_capacity(HEAD);
    match stream.by_ref().take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => Ok((head, stream)),
        // What was unpacked before the damage is still good: the reader names the line where it ends.
        Err(cause) if !head.is_empty() => Ok((head, Box::new(Failing(Some(cause))))),
        Err(cause) => Err(input.unreadable(&cause)),
    }
}

/// Puts the first block back.
fn resume(head: Vec<u8>, stream: Stream) -> Stream {
    Box::new(Cursor::new(head).chain(stream))
}

fn refuse(head: &[u8], input: &Input, said: Option<Encoding>) -> Result<()> {
    let is_encoded = said.or(Encoding::of_mark(head)).is_some_and(|encoding| encoding != Encoding::Utf8);
    if is_encoded || memchr::memchr(0, head).is_none() {
        return Ok(());
    }
    let what = "is not a CSV file: it looks like binary data or UTF-16 text without a byte order mark";
    Err(Error::export(format!("`{}` {what}", input.display()))
        .hint("export it as CSV, or name its encoding with --encoding utf-16le"))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

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
        let mut stream = open(&Input::file(file.path()), None)?.stream;
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
        let binary = "binary data or UTF-16 text without a byte order mark";
        let cases: [(&[u8], &str); 2] = [(b"a,b\n1,\x00\n", binary), (&gzip(b"a\x00"), binary)];
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
