//! A sliding window over a stream of bytes, so that a file of any size is read in bounded memory; it must
//! not know records.

use std::io::{self, ErrorKind, Read};

/// The longest record there may be. A longer one is a quote left open, not a comment.
pub const RECORD_LIMIT: usize = 16 << 20;

/// The part of a stream that is in memory.
pub struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    last: bool,
    failed: Option<io::Error>,
}

impl<R: Read> Window<R> {
    /// A window that starts at `capacity` bytes and grows where one record needs more.
    pub fn new(source: R, capacity: usize) -> Self {
        Window { source, buffer: vec![0; capacity.max(1)], start: 0, end: 0, last: false, failed: None }
    }

    /// The bytes that are read and not passed yet.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether the stream holds nothing beyond [`Window::bytes`].
    pub fn is_last(&self) -> bool {
        self.last
    }

    /// Passes `count` bytes. They can be had by [`Window::passed`] until the window is filled again.
    pub fn pass(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// The first `len` of the latest `count` bytes that were passed.
    pub fn passed(&self, count: usize, len: usize) -> &[u8] {
        let start = self.start - count.min(self.start);
        &self.buffer[start..(start + len).min(self.end)]
    }

    /// Reads on until the window is full or the stream ends. False where it is as large as it may be.
    ///
    /// What was read before a failure is shown first, so that the failure comes where it belongs.
    pub fn fill(&mut self) -> io::Result<bool> {
        if let Some(cause) = self.failed.take() {
            return Err(cause);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            // Two bytes for the line end of a record of just the limit.
            let capacity = (self.buffer.len() * 2).min(RECORD_LIMIT + 2);
            if capacity <= self.end {
                return Ok(false);
            }
            self.buffer.resize(capacity, 0);
        }
        while self.end < self.buffer.len() && !self.last && self.failed.is_none() {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.last = true,
                Ok(count) => self.end += count,
                Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
                Err(cause) => self.failed = Some(cause),
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slides_grows_and_keeps_what_was_passed() {
        let mut window = Window::new(&b"abcdefg"[..], 4);
        assert!(window.fill().unwrap());
        assert_eq!((window.bytes(), window.is_last()), (&b"abcd"[..], false));
        window.pass(3);
        assert_eq!((window.passed(3, 2), window.bytes()), (&b"ab"[..], &b"d"[..]));
        assert!(window.fill().unwrap());
        assert_eq!((window.bytes(), window.is_last()), (&b"defg"[..], false));
        assert!(window.fill().unwrap());
        assert_eq!((window.bytes(), window.is_last()), (&b"defg"[..], true));
    }

    #[test]
    fn a_failure_comes_after_what_was_read() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(ErrorKind::InvalidData.into())
            }
        }
        let mut window = Window::new((&b"ab"[..]).chain(Broken), 4);
        assert!(window.fill().unwrap());
        assert_eq!((window.bytes(), window.is_last()), (&b"ab"[..], false));
        assert_eq!(window.fill().unwrap_err().kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn stops_growing_at_the_limit() {
        let mut window = Window::new(io::repeat(b'a'), RECORD_LIMIT);
        assert!(window.fill().unwrap());
        assert!(window.fill().unwrap());
        assert!(!window.fill().unwrap());
        assert_eq!(window.bytes().len(), RECORD_LIMIT + 2);
    }
}
