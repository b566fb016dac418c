//! Unpacks what an export was packed with: gzip, zstd, or a zip archive of one file; it must not know what is inside.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom};

use flate2::CrcReader;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use zip::read::ZipArchive;

use super::input::{Input, Stream};
use crate::error::{Error, Result};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// A zstd frame that holds nothing but a note.
const ZSTD_NOTE: [u8; 3] = *b"\x2a\x4d\x18";
const ZIP: &[u8] = b"PK\x03\x04";
/// An archive without a file.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";

/// How much of a packed stream is read at a time.
const BLOCK: usize = 64 << 10;

/// How a stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// One gzip member or more.
    Gzip,
    /// One zstd frame or more.
    Zstd,
    /// A zip archive, which is not a workbook.
    Zip,
}

impl Packing {
    /// How the stream that begins with `head` is packed, if it is.
    pub fn of(head: &[u8]) -> Option<Packing> {
        match head {
            _ if head.starts_with(GZIP) => Some(Packing::Gzip),
            _ if head.starts_with(ZSTD) || is_zstd_note(head) => Some(Packing::Zstd),
            _ if head.starts_with(ZIP) && !is_workbook(head) => Some(Packing::Zip),
            _ if head.starts_with(EMPTY_ZIP) => Some(Packing::Zip),
            _ => None,
        }
    }

    /// What was packed in a stream, which is that of `input` from its first byte.
    ///
    /// # Errors
    /// When an archive cannot be read, or does not hold just one file.
    pub fn unpack(self, stream: Stream, input: &Input) -> Result<Stream> {
        let in_blocks = |stream| BufReader::with_capacity(BLOCK, stream);
        match self {
            Packing::Gzip => Ok(Box::new(MultiGzDecoder::new(in_blocks(stream)))),
            Packing::Zstd => Ok(Box::new(Frames { packed: Some(in_blocks(stream)), frame: None })),
            Packing::Zip => member(input, stream),
        }
    }
}

/// Whether it is a zip archive as spreadsheets are, which is none to unpack.
pub fn is_workbook(head: &[u8]) -> bool {
    const FIRST: [&[u8]; 4] = [b"[Content_Types].xml", b"xl/", b"_rels/", b"docProps/"];
    const TYPE: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument";
    // The name of the first member stands behind thirty bytes, which end with its length and that of what follows it.
    let (Some(lengths), Some(first)) = (head.get(26..30), head.get(30..)) else { return false };
    let name = first.get(..usize::from(u16::from_le_bytes([lengths[0], lengths[1]]))).unwrap_or(first);
    let is_office = FIRST.iter().any(|start| name.starts_with(start));
    head.starts_with(ZIP) && (is_office || first.starts_with(TYPE))
}

fn is_zstd_note(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, rest @ ..] if rest.starts_with(&ZSTD_NOTE))
}

/// The frames of a zstd stream, one behind the other, as parallel packers write them.
struct Frames {
    /// What follows the frame at hand; none while there is one.
    packed: Option<BufReader<Stream>>,
    frame: Option<StreamingDecoder<BufReader<Stream>, FrameDecoder>>,
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let read = frame.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
                self.packed = self.frame.take().map(StreamingDecoder::into_inner);
            }
            let Some(mut packed) = self.packed.take() else { return Ok(0) };
            if packed.fill_buf()?.is_empty() {
                return Ok(0);
            }
            if is_zstd_note(packed.fill_buf()?) {
                skip_note(&mut packed)?;
                self.packed = Some(packed);
                continue;
            }
            let damaged = |cause| io::Error::new(ErrorKind::InvalidData, format!("{cause}"));
            self.frame = Some(StreamingDecoder::new(packed).map_err(damaged)?);
        }
    }
}

fn skip_note(packed: &mut impl BufRead) -> io::Result<()> {
    let mut head = [0; 8];
    packed.read_exact(&mut head)?;
    let [.., l0, l1, l2, l3] = head;
    let length = u64::from(u32::from_le_bytes([l0, l1, l2, l3]));
    let skipped = io::copy(&mut packed.take(length), &mut io::sink())?;
    if skipped < length { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// Something that can be read from any place.
trait Seekable: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seekable for T {}

/// The one file in a zip archive. What else is in it is at its end, so it is opened anew where it is a file, and held
/// where it comes through a pipe.
fn member(input: &Input, mut stream: Stream) -> Result<Stream> {
    let unreadable = |cause: &io::Error| input.unreadable(cause);
    let mut whole: Box<dyn Seekable> = match input.path() {
        Some(path) => Box::new(File::open(path).map_err(|cause| unreadable(&cause))?),
        None => {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).map_err(|cause| unreadable(&cause))?;
            Box::new(Cursor::new(bytes))
        }
    };
    let Member { start, packed, crc, is_deflated } = find(&mut whole, input)?;
    whole.seek(SeekFrom::Start(start)).map_err(|cause| unreadable(&cause))?;
    let packed = BufReader::with_capacity(BLOCK, whole.take(packed));
    let unpacked: Stream = if is_deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
    Ok(Box::new(Checked { text: CrcReader::new(unpacked), crc }))
}

/// Where a member stands, and how it is packed.
struct Member {
    start: u64,
    packed: u64,
    crc: u32,
    is_deflated: bool,
}

fn find(whole: &mut Box<dyn Seekable>, input: &Input) -> Result<Member> {
    let name = input.display();
    let wrong = |what: String| Error::export(format!("`{name}` is a zip archive {what}"));
    let damaged = |cause: zip::result::ZipError| wrong(format!("that cannot be read: {cause}"));
    let mut archive = ZipArchive::new(whole).map_err(damaged)?;
    // Some systems put their notes beside the file.
    let is_note = |name: &str| name.starts_with("__MACOSX/") || name.ends_with(".DS_Store");
    let is_file = |name: &str| !name.ends_with('/') && !is_note(name);
    let mut files: Vec<(usize, String)> = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index_raw(place).map_err(damaged)?;
        let name = file.name().map_err(damaged)?.into_owned();
        files.extend(is_file(&name).then_some((place, name)));
    }
    let [(only, _)] = files.as_slice() else {
        let some: Vec<String> = files.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
        let some = some.join(", ");
        let error = match files.len() {
            0 => wrong("without a file in it".to_owned()),
            many => wrong(format!("of {many} files ({some}{})", if many > 3 { ", …" } else { "" })),
        };
        return Err(error.hint("unpack it and name the files that you want"));
    };
    let file = archive.by_index_raw(*only).map_err(damaged)?;
    let is_deflated = file.compression() == zip::CompressionMethod::DEFLATE;
    if file.encrypted() {
        return Err(wrong("with a password".to_owned()).hint("unpack it first"));
    }
    if !is_deflated && file.compression() != zip::CompressionMethod::STORE {
        return Err(wrong(format!("packed with {}", file.compression())).hint("unpack it first"));
    }
    let start = file.data_start().ok_or_else(|| wrong("that ends too early".to_owned()))?;
    Ok(Member { start, packed: file.compressed_size(), crc: file.crc32(), is_deflated })
}

/// A text that ends in an error where it is not what was packed.
struct Checked {
    text: CrcReader<Stream>,
    crc: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        if read == 0 && !buffer.is_empty() && self.text.crc().sum() != self.crc {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                "the archive is damaged: its checksum is wrong",
            ));
        }
        Ok(read)
    }
}
