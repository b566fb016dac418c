//! Cuts a stream of records into chunks that can be read apart, each of whole records; it must not know what a field
//! holds.

use std::io::{self, ErrorKind, Read};

use super::split::last_record_end;

/// How much is looked at to tell the delimiter.
const HEAD: usize = 64 << 10;

/// The longest record there may be. A longer one is a quote left open, not a comment.
pub const RECORD_LIMIT: usize = 16 << 20;

/// Some records, one behind the other.
#[derive(Debug)]
pub struct Chunk {
    /// Their bytes.
    pub bytes: Vec<u8>,
    /// What comes behind them.
    pub end: End,
}

/// Where a chunk ends.
#[derive(Debug)]
pub enum End {
    /// Behind a record; another chunk may follow.
    Record,
    /// Where the data ends, be it inside a record.
    Data,
    /// Inside a record that is too long.
    Limit,
    /// Where the stream could not be read on.
    Failure(io::Error),
}

/// The chunks of a stream, in order.
pub struct Chunks<R> {
    source: R,
    delimiter: u8,
    size: usize,
    /// What was read and belongs to the next chunk.
    rest: Vec<u8>,
    failed: Option<io::Error>,
    is_first: bool,
    is_over: bool,
}

impl<R: Read> Chunks<R> {
    /// The chunks of a stream, of about `size` bytes each, whose delimiter `tell` tells from its head.
    pub fn new(source: R, size: usize, tell: impl FnOnce(&[u8]) -> u8) -> Self {
        let (size, delimiter) = (size.max(1), 0);
        let mut chunks = Chunks {
            source,
            delimiter,
            size,
            rest: Vec::new(),
            failed: None,
            is_first: true,
            is_over: false,
        };
        let mut head = Vec::new();
        chunks.failed = chunks.read(&mut head, HEAD.min(size)).err();
        chunks.delimiter = tell(&head);
        chunks.rest = head;
        chunks
    }

    /// The character between columns.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The next chunk, in the memory of `bytes`; none behind one that does not end with a record.
    pub fn next(&mut self, mut bytes: Vec<u8>) -> Option<Chunk> {
        if self.is_over {
            return None;
        }
        bytes.clear();
        // The first chunk is no longer than what the delimiter was told from: nothing is read for a header alone.
        let size = if self.is_first { HEAD.min(self.size) } else { self.size };
        self.is_first = false;
        bytes.reserve(self.rest.len().max(size));
        bytes.append(&mut self.rest);
        let mut wanted = size.saturating_sub(bytes.len()).max(1);
        loop {
            let end = match self.read(&mut bytes, wanted) {
                Ok(count) if count < wanted => Some(End::Data),
                Ok(_) => None,
                Err(cause) => Some(End::Failure(cause)),
            };
            let cut = last_record_end(&bytes, self.delimiter);
            match (end, cut) {
                (Some(End::Data), _) => return Some(self.over(bytes, End::Data)),
                // What was read before a failure is shown first, so that the failure comes where it belongs.
                (Some(end), cut) => {
                    bytes.truncate(cut.unwrap_or(0));
                    return Some(self.over(bytes, end));
                }
                (None, Some(cut)) => {
                    self.rest.extend_from_slice(&bytes[cut..]);
                    bytes.truncate(cut);
                    return Some(Chunk { bytes, end: End::Record });
                }
                // Two bytes for the line end of a record of just the limit.
                (None, None) if bytes.len() > RECORD_LIMIT + 2 => return Some(self.over(bytes, End::Limit)),
                (None, None) => wanted = bytes.len().min(RECORD_LIMIT + 3 - bytes.len()).max(1),
            }
        }
    }

    fn over(&mut self, bytes: Vec<u8>, end: End) -> Chunk {
        self.is_over = true;
        Chunk { bytes, end }
    }

    /// Adds up to `wanted` bytes; fewer at the end of the stream.
    fn read(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<usize> {
        if let Some(cause) = self.failed.take() {
            return Err(cause);
        }
        let before = bytes.len();
        while bytes.len() - before < wanted {
            let left = wanted - (bytes.len() - before);
            match self.source.by_ref().take(left as u64).read_to_end(bytes) {
                Ok(0) => break,
                Ok(_) => {}
                Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(bytes.len() - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunked<R: Read>(source: R, size: usize) -> Chunks<R> {
        Chunks::new(source, size, |_| b',')
    }

    fn chunks(text: &[u8], size: usize) -> Vec<String> {
        let mut chunks = chunked(text, size);
        std::iter::from_fn(|| chunks.next(Vec::new()))
            .map(|chunk| String::from_utf8(chunk.bytes).unwrap())
            .collect()
    }

    #[test]
    fn a_chunk_holds_whole_records() {
        assert_eq!(chunks(b"a,b\n1,2\n3,4\n5", 5), ["a,b\n", "1,2\n", "3,4\n", "5"]);
        assert_eq!(chunks(b"a\n1,\"x\n\ny\"\n2\n33\n", 4), ["a\n", "1,\"x\n\ny\"\n2\n33\n"]);
        assert_eq!(chunks(b"a\nb\n", 2), ["a\n", "b\n", ""]);
    }

    #[test]
    fn a_failure_comes_after_what_was_read() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(ErrorKind::InvalidData.into())
            }
        }
        let mut chunks = chunked((&b"a\nb"[..]).chain(Broken), 64);
        let chunk = chunks.next(Vec::new()).unwrap();
        assert_eq!(chunk.bytes, b"a\n");
        assert!(matches!(chunk.end, End::Failure(cause) if cause.kind() == ErrorKind::InvalidData));
        assert!(chunks.next(Vec::new()).is_none());
    }

    #[test]
    fn a_record_grows_to_the_limit_and_no_further() {
        let line = |length: usize| [vec![b'a'; length], b"\r\nb\n".to_vec()].concat();
        let first = |text: &[u8]| chunked(text, 1 << 20).next(Vec::new()).unwrap();
        let whole = first(&line(RECORD_LIMIT));
        assert_eq!((whole.bytes.len(), matches!(whole.end, End::Record)), (RECORD_LIMIT + 2, true));
        assert!(matches!(first(&line(RECORD_LIMIT + 2)).end, End::Limit));
    }
}
