//! The objects of a JSON text one after the other, in bounded memory, each with the line on which it begins; it must not
//! know what they hold.

use std::io::{self, Read};

use super::frame::Frame;
use super::scan::{Scan, Step, Stop};
use crate::source::chunks::RECORD_LIMIT;
use crate::source::input::Stream;

/// How much is read at a time.
pub const BLOCK: usize = 256 << 10;

/// Why the objects end too early.
#[derive(Debug)]
pub enum Broken {
    /// The text cannot be read on.
    Unreadable(io::Error),
    /// The text is not as it should be, on that line.
    Wrong(u64, String),
}

/// A text of objects, and how far it is read.
pub struct Window {
    stream: Stream,
    bytes: Vec<u8>,
    at: usize,
    /// The line of what stands at `at`.
    line: u64,
    is_over: bool,
    is_array: bool,
    /// Whether something stands behind the array that is none of its own.
    is_within: bool,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the array.
    Before,
    /// Before an object, or the end of an empty array.
    First,
    /// Behind an object.
    Behind,
    /// Behind the array.
    Over,
}

impl Window {
    /// The objects of a text from its first byte, framed like that.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(mut stream: Stream, frame: Frame) -> io::Result<Window> {
        let (is_array, start, line) = match frame {
            Frame::Objects { .. } => (false, 0, 1),
            Frame::Array { start, line } => (true, start, line),
        };
        io::copy(&mut stream.by_ref().take(start), &mut io::sink())?;
        let state = if is_array { State::Before } else { State::First };
        let is_within = start > 0;
        Ok(Window { stream, bytes: Vec::new(), at: 0, line, is_over: false, is_array, is_within, state })
    }

    /// Hands on the next object and says on which line it begins; none at the end.
    ///
    /// # Errors
    /// When it cannot be read, or there is no object where one should be.
    pub fn next(&mut self, mut each: impl FnMut(&mut Scan<'_>) -> Step<()>) -> Result<Option<u64>, Broken> {
        if !self.goes_on()? {
            return Ok(None);
        }
        loop {
            let mut scan = Scan { bytes: &self.bytes, at: self.at };
            let long = |window: &Window| {
                window.wrong(window.at, &format!("begins an object of over {} MiB", RECORD_LIMIT >> 20))
            };
            match each(&mut scan) {
                Ok(()) if scan.at - self.at > RECORD_LIMIT => return Err(long(self)),
                Ok(()) => {
                    let (line, end) = (self.line, scan.at);
                    self.go_to(end);
                    self.state = State::Behind;
                    return Ok(Some(line));
                }
                Err(Stop::Wrong(at, what)) => return Err(self.wrong(at, what)),
                Err(Stop::More) if self.is_over => {
                    return Err(self.wrong(self.at, "begins an object that does not end"));
                }
                Err(Stop::More) if self.bytes.len() - self.at > RECORD_LIMIT => return Err(long(self)),
                Err(Stop::More) => self.read()?,
            }
        }
    }

    /// Goes to the start of the next object, if there is one.
    fn goes_on(&mut self) -> Result<bool, Broken> {
        loop {
            let Some(byte) = self.peek()? else {
                return match self.state {
                    State::First | State::Behind if self.is_array => {
                        Err(self.wrong(self.at, "ends an array without its closing bracket"))
                    }
                    _ => Ok(false),
                };
            };
            let after = match (self.state, byte) {
                (State::Before, b'[') => State::First,
                (State::First, b']') | (State::Behind, b']') if self.is_array => State::Over,
                (State::Over, _) if self.is_within => return Ok(false),
                (State::Over, _) => return Err(self.wrong(self.at, "goes on behind the array of the file")),
                (State::Behind, b',') if self.is_array => State::First,
                (State::Behind, _) if self.is_array => {
                    return Err(self.wrong(self.at, "has no comma or closing bracket behind an object"));
                }
                (_, b'{') => return Ok(true),
                _ => return Err(self.wrong(self.at, "holds what is no object, where one should be")),
            };
            self.state = after;
            self.at += 1;
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<Option<u8>, Broken> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some(white) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
                let byte = rest[white];
                self.go_to(self.at + white);
                return Ok(Some(byte));
            }
            self.go_to(self.bytes.len());
            if self.is_over {
                return Ok(None);
            }
            self.read()?;
        }
    }

    fn go_to(&mut self, at: usize) {
        self.line += lines(self.bytes.get(self.at..at).unwrap_or_default());
        self.at = at;
    }

    /// Reads on, and gives up what lies behind.
    fn read(&mut self) -> Result<(), Broken> {
        self.bytes.drain(..self.at);
        self.at = 0;
        // An object that goes on is begun anew: by reading as much again, none is begun often.
        let wanted = BLOCK.max(self.bytes.len()) as u64;
        let read = self.stream.by_ref().take(wanted).read_to_end(&mut self.bytes);
        self.is_over = read.map_err(Broken::Unreadable)? == 0;
        Ok(())
    }

    fn wrong(&self, at: usize, what: &str) -> Broken {
        Broken::Wrong(self.line + lines(self.bytes.get(self.at..at).unwrap_or_default()), what.to_owned())
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
