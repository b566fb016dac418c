//! From bytes in any encoding that exports come in to UTF-8; it must not know what the text says.

use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::{Arc, OnceLock};

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::input::Stream;

/// An encoding of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The usual one; also plain ASCII.
    Utf8,
    /// Two bytes a character, the lower first: what spreadsheets call Unicode text.
    Utf16Le,
    /// Two bytes a character, the higher first.
    Utf16Be,
    /// One byte a character, as older programs in Western languages write; also for Latin-1.
    Windows1252,
}

impl Encoding {
    /// Every encoding, by the names under which it can be asked for; the first is what it is called.
    pub const NAMES: [(&'static str, Encoding); 9] = [
        ("utf-8", Encoding::Utf8),
        ("utf8", Encoding::Utf8),
        ("utf-16le", Encoding::Utf16Le),
        ("utf-16be", Encoding::Utf16Be),
        ("windows-1252", Encoding::Windows1252),
        ("cp1252", Encoding::Windows1252),
        ("latin-1", Encoding::Windows1252),
        ("latin1", Encoding::Windows1252),
        ("iso-8859-1", Encoding::Windows1252),
    ];

    fn label(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252),
        }
    }

    /// The encoding that the byte order mark at the start of a text names.
    pub fn of_mark(head: &[u8]) -> Option<Encoding> {
        const MARKS: [(&[u8], Encoding); 3] = [
            (b"\xef\xbb\xbf", Encoding::Utf8),
            (b"\xff\xfe", Encoding::Utf16Le),
            (b"\xfe\xff", Encoding::Utf16Be),
        ];
        MARKS.iter().find(|(mark, _)| head.starts_with(mark)).map(|(_, encoding)| *encoding)
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Encoding::NAMES.iter().find(|(_, encoding)| encoding == self).map(|(name, _)| *name);
        f.write_str(name.unwrap_or_default())
    }
}

/// The encoding of a stream, once something in it has shown it.
#[derive(Debug, Clone, Default)]
pub struct Shown(Arc<OnceLock<Encoding>>);

impl Shown {
    /// The encoding; plain ASCII is UTF-8.
    pub fn encoding(&self) -> Encoding {
        self.0.get().copied().unwrap_or(Encoding::Utf8)
    }

    fn show(&self, encoding: Encoding) -> Encoding {
        *self.0.get_or_init(|| encoding)
    }
}

/// A text in UTF-8, without a byte order mark, of a stream that begins with `head`: by what was `said`, else by its byte
/// order mark, else by what its bytes can be.
pub fn decode(head: Vec<u8>, rest: Stream, said: Option<Encoding>) -> (Stream, Shown) {
    let shown = Shown::default();
    let marked = Encoding::of_mark(&head);
    let known = said.or(marked);
    if let Some(encoding) = known {
        shown.show(encoding);
    }
    let skipped = if marked == Some(Encoding::Utf8) && known == marked { 3 } else { 0 };
    let mut whole = Cursor::new(head);
    whole.set_position(skipped);
    let stream: Stream = Box::new(whole.chain(rest));
    let text: Stream = match known {
        Some(encoding) => in_utf8(stream, encoding),
        None => Box::new(Undecided { stream: Some(stream), decided: None, shown: shown.clone() }),
    };
    (text, shown)
}

fn in_utf8(stream: Stream, encoding: Encoding) -> Stream {
    let Some(label) = encoding.label() else { return stream };
    let stream: Stream = match encoding {
        Encoding::Utf16Le => {
            Box::new(Units { stream, number: u16::from_le_bytes, odd: None, is_half: false })
        }
        Encoding::Utf16Be => {
            Box::new(Units { stream, number: u16::from_be_bytes, odd: None, is_half: false })
        }
        Encoding::Utf8 | Encoding::Windows1252 => stream,
    };
    let mut builder = DecodeReaderBytesBuilder::new();
    let decoder: DecodeReaderBytes<Stream, Vec<u8>> =
        builder.encoding(Some(label)).strip_bom(true).build(stream);
    Box::new(decoder)
}

/// Text in UTF-16, which ends in an error where it is none: behind a lost byte nothing can be trusted, and half characters
/// would all become the same.
struct Units {
    stream: Stream,
    number: fn([u8; 2]) -> u16,
    /// The first byte of a unit whose second is not read yet.
    odd: Option<u8>,
    /// Whether the first half of a character waits for its second.
    is_half: bool,
}

impl Units {
    /// Whether the bytes go on as text.
    fn is_text(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| {
            let Some(first) = self.odd.take() else {
                self.odd = Some(*byte);
                return true;
            };
            let (is_first, is_second) = match (self.number)([first, *byte]) {
                0xd800..0xdc00 => (true, false),
                0xdc00..0xe000 => (false, true),
                _ => (false, false),
            };
            let fits = self.is_half == is_second;
            self.is_half = is_first;
            fits
        })
    }
}

impl Read for Units {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        let ends_within = read == 0 && !buffer.is_empty() && (self.odd.is_some() || self.is_half);
        if ends_within || !self.is_text(buffer.get(..read).unwrap_or_default()) {
            let what = "it is no whole text in UTF-16: a byte or half a character is missing";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(read)
    }
}

/// How much is looked at from the first character on that is not ASCII.
const LOOK: usize = 64 << 10;

/// A text whose encoding its bytes must show. As long as they are plain ASCII it does not matter.
struct Undecided {
    stream: Option<Stream>,
    decided: Option<Stream>,
    shown: Shown,
}

impl Read for Undecided {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(decided) = &mut self.decided {
            return decided.read(buffer);
        }
        let Some(stream) = &mut self.stream else { return Ok(0) };
        let read = stream.read(buffer)?;
        let text = buffer.get(..read).unwrap_or_default();
        if text.is_ascii() {
            return Ok(read);
        }
        let first = text.iter().take_while(|byte| byte.is_ascii()).count();
        let mut text = text.to_vec();
        let missing = (first + LOOK).saturating_sub(read) as u64;
        // A failure is met again where it belongs: behind what was read before it.
        let failure = stream.by_ref().take(missing).read_to_end(&mut text).err();
        // No more and no less than that, however much is read at a time.
        let sample = text.get(first..).unwrap_or_default();
        let encoding = self.shown.show(likely(sample.get(..LOOK).unwrap_or(sample)));
        let Some(rest) = self.stream.take() else { return Ok(0) };
        let rest: Stream = match failure {
            Some(cause) => Box::new(Failing(Some(cause))),
            None => rest,
        };
        let decided = self.decided.insert(in_utf8(Box::new(Cursor::new(text).chain(rest)), encoding));
        decided.read(buffer)
    }
}

/// The end of a stream that could not be read on.
pub(super) struct Failing(pub(super) Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
    }
}

/// Windows-1252, if the bytes beyond ASCII are characters there, and fewer of them are well formed in UTF-8 than not: that
/// happens next to never by chance. A single broken row among good ones is a reject and no sign of another encoding.
fn likely(sample: &[u8]) -> Encoding {
    const NO_CHARACTERS: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
    let (mut well, mut ill) = (0_usize, 0_usize);
    let mut chunks = sample.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        well += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // The last character may only be cut off.
        let is_cut = chunks.peek().is_none() && sample.len() >= LOOK && chunk.invalid().len() < 4;
        ill += usize::from(!chunk.invalid().is_empty() && !is_cut);
        if chunk.invalid().iter().any(|byte| NO_CHARACTERS.contains(byte)) {
            return Encoding::Utf8;
        }
    }
    if ill > well { Encoding::Windows1252 } else { Encoding::Utf8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], said: Option<Encoding>) -> (String, Encoding) {
        let (head, rest) = bytes.split_at(bytes.len().min(5));
        let (mut stream, shown) = decode(head.to_vec(), Box::new(Cursor::new(rest.to_vec())), said);
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        (String::from_utf8_lossy(&text).into_owned(), shown.encoding())
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn a_mark_says_it() {
        for (bytes, encoding) in [
            ("\u{feff}a,é\n".as_bytes().to_vec(), Encoding::Utf8),
            (utf_16("\u{feff}a,é\n", u16::to_le_bytes), Encoding::Utf16Le),
            (utf_16("\u{feff}a,é\n", u16::to_be_bytes), Encoding::Utf16Be),
        ] {
            assert_eq!(decoded(&bytes, None), ("a,é\n".to_owned(), encoding));
        }
    }

    #[test]
    fn half_a_character_and_half_a_unit_are_errors() {
        let whole = utf_16("\u{feff}id,\u{1f600}\n1,2\n", u16::to_le_bytes);
        assert!(decoded(&whole, None).0.contains('\u{1f600}'));
        for missing in [3, 4, 8, 10, whole.len() - 1] {
            let mut less = whole.clone();
            less.remove(missing);
            let (mut stream, _) = decode(less[..4].to_vec(), Box::new(Cursor::new(less[4..].to_vec())), None);
            assert!(stream.read_to_end(&mut Vec::new()).is_err(), "without byte {missing}");
        }
        let half = [&whole[..8], &whole[10..12], &whole[12..]].concat();
        let (mut stream, _) = decode(half, Box::new(io::empty()), None);
        assert!(stream.read_to_end(&mut Vec::new()).is_err());
    }

    #[test]
    fn the_user_says_it() {
        assert_eq!(decoded(&utf_16("a,é", u16::to_le_bytes), Some(Encoding::Utf16Le)).0, "a,é");
        assert_eq!(decoded("é".as_bytes(), Some(Encoding::Windows1252)).0, "Ã©");
        assert_eq!(decoded(b"caf\xe9", Some(Encoding::Utf8)).0, "caf\u{fffd}");
    }

    #[test]
    fn the_bytes_show_it() {
        assert_eq!(decoded(b"a,b\n1,2\n", None), ("a,b\n1,2\n".to_owned(), Encoding::Utf8));
        assert_eq!(decoded("a,é\n".as_bytes(), None), ("a,é\n".to_owned(), Encoding::Utf8));
        assert_eq!(decoded(b"a,caf\xe9 \x80\n", None), ("a,café €\n".to_owned(), Encoding::Windows1252));
    }

    #[test]
    fn a_character_far_behind_shows_it_too() {
        let text =
            [b"a,b\n".repeat(LOOK), b"caf\xe9,x\n".to_vec(), b"a,b\n".repeat(LOOK), b"\xfc\n".to_vec()]
                .concat();
        let (decoded, encoding) = decoded(&text, None);
        assert_eq!(encoding, Encoding::Windows1252);
        assert_eq!((decoded.matches('é').count(), decoded.matches('ü').count()), (1, 1));
        assert_eq!(decoded.len(), text.len() + 2);
    }

    #[test]
    fn a_broken_row_among_good_ones_is_no_sign() {
        let text = ["é,ü\n".repeat(20).into_bytes(), b"caf\xe9\n".to_vec()].concat();
        assert_eq!(decoded(&text, None).1, Encoding::Utf8);
        assert_eq!(decoded(b"caf\xe9\nC0000\x81\n", None).1, Encoding::Utf8);
        // Cut off in the middle of a character at the end of what is looked at.
        let cut = ["a".repeat(LOOK - 1), "éé\n".to_owned()].concat();
        assert_eq!(decoded(cut.as_bytes(), None), (cut.clone(), Encoding::Utf8));
    }
}
