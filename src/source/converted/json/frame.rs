//! How the objects of a JSON file are framed: one behind the other, in an array, or in an array within one object; it
//! must not know what they hold.

use std::io::{self, Read};

use super::window::BLOCK;

/// Where the objects stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// One behind the other: NDJSON, or with line breaks inside.
    Objects {
        /// Whether there is only one.
        is_only: bool,
    },
    /// In an array, which begins behind that many bytes, on that line.
    Array { start: u64, line: u64 },
}

/// A member of an object that is an array of objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name as it is written.
    pub name: String,
    start: u64,
    line: u64,
}

/// Why there is no frame.
#[derive(Debug)]
pub enum Unframed {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It ends within its first object.
    Unfinished,
    /// The one object has several arrays of objects.
    Ambiguous(Vec<Member>),
}

/// Whether a text that begins like this is JSON. A header may begin with a bracket too, but does not go on like this.
pub fn is_json(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let Some((first, rest)) = head.split_first() else { return false };
    let second = rest.trim_ascii_start().first();
    match first {
        b'{' => matches!(second, Some(b'"' | b'}')),
        b'[' => matches!(second, Some(b'{' | b']')),
        _ => false,
    }
}

/// The frame of the objects in a JSON text, from its first byte. It is read up to the end of the first object.
pub fn of(stream: impl Read) -> Result<Frame, Unframed> {
    let mut outline = Outline::default();
    let end = outline.read(stream).map_err(Unframed::Unreadable)?;
    match end {
        Some(End::Array) => Ok(Frame::Array { start: 0, line: 1 }),
        Some(End::More) => Ok(Frame::Objects { is_only: false }),
        None if outline.depth > 0 => Err(Unframed::Unfinished),
        None => match <[Member; 1]>::try_from(outline.arrays) {
            _ if outline.is_record => Ok(Frame::Objects { is_only: true }),
            Ok([only]) => Ok(Frame::Array { start: only.start, line: only.line }),
            Err(none) if none.is_empty() => Ok(Frame::Objects { is_only: true }),
            Err(several) => Err(Unframed::Ambiguous(several)),
        },
    }
}

/// Why the rest need not be read.
enum End {
    /// It is an array.
    Array,
    /// Something follows the first object.
    More,
}

/// What is known of the first object.
#[derive(Debug, Default)]
struct Outline {
    depth: usize,
    place: u64,
    line: u64,
    is_text: bool,
    is_escaped: bool,
    /// The last text within the object, if it is no value.
    name: Vec<u8>,
    /// An array of the object that just began, with its place and line.
    array: Option<(u64, u64)>,
    arrays: Vec<Member>,
    /// It has an id, as records have and answers of an interface have not.
    is_record: bool,
    /// It is read.
    is_behind: bool,
}

impl Outline {
    fn read(&mut self, mut stream: impl Read) -> io::Result<Option<End>> {
        self.line = 1;
        let mut block = vec![0; BLOCK];
        loop {
            let count = match stream.read(&mut block) {
                Ok(0) => return Ok(None),
                Ok(count) => count,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(cause),
            };
            for &byte in block.get(..count).unwrap_or_default() {
                if let Some(end) = self.step(byte) {
                    return Ok(Some(end));
                }
                self.place += 1;
                self.line += u64::from(byte == b'\n');
            }
        }
    }

    fn step(&mut self, byte: u8) -> Option<End> {
        if self.is_text {
            self.within_text(byte);
            return None;
        }
        if byte.is_ascii_whitespace() {
            return None;
        }
        let array = self.array.take();
        match byte {
            _ if self.is_behind => return Some(End::More),
            b'[' if self.depth == 0 => return Some(End::Array),
            b'{' | b'[' => {
                if let Some((start, line)) = array.filter(|_| byte == b'{') {
                    let name = String::from_utf8_lossy(&self.name).into_owned();
                    self.arrays.push(Member { name, start, line });
                }
                self.array = (byte == b'[' && self.depth == 1).then_some((self.place, self.line));
                self.depth += 1;
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.is_behind |= self.depth == 0;
            }
            b'"' => {
                self.is_text = true;
                if self.depth == 1 {
                    self.name.clear();
                }
            }
            b':' if self.depth == 1 => self.is_record |= self.name.eq_ignore_ascii_case(b"id"),
            _ => {}
        }
        None
    }

    fn within_text(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' => self.is_text = false,
            _ => {}
        }
        if self.is_text && self.depth == 1 && self.name.len() < 100 {
            self.name.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Result<Frame, Unframed> {
        of(text.as_bytes())
    }

    #[test]
    fn finds_the_array_that_holds_objects() {
        assert_eq!(frame("{\"a\":1}\n{\"a\":2}\n").unwrap(), Frame::Objects { is_only: false });
        assert_eq!(frame("{\"a\":[{\"b\":1}]} {\"a\":2}").unwrap(), Frame::Objects { is_only: false });
        assert_eq!(frame("{\"a\":1}\n").unwrap(), Frame::Objects { is_only: true });
        assert_eq!(frame("\n [ {\"a\":1}]").unwrap(), Frame::Array { start: 0, line: 1 });
        let page =
            "{\"next\":null, \"links\":[1,2],\n\"tickets\":\n[ {\"x\":[{\"y\":\"]}\"}]}], \"count\":1}";
        assert_eq!(frame(page).unwrap(), Frame::Array { start: 40, line: 3 });
        let record = "{\"id\":1,\"tags\":[{\"a\":1}]}";
        assert_eq!(frame(record).unwrap(), Frame::Objects { is_only: true });
    }

    #[test]
    fn several_arrays_are_named() {
        let Err(Unframed::Ambiguous(several)) = frame("{\"users\":[{}],\"tickets\":[{}]}") else { panic!() };
        let names: Vec<&str> = several.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["users", "tickets"]);
        assert!(matches!(frame("{\"a\":[{"), Err(Unframed::Unfinished)));
    }

    #[test]
    fn a_header_is_no_json() {
        for (text, is) in [
            ("{\"a\":1}", true),
            (" \n[ {", true),
            ("[]", true),
            ("{}", true),
            ("{ \"", true),
            ("{id},score", false),
            ("[id],[score]", false),
            ("[1,2]", false),
            ("", false),
            ("{", false),
        ] {
            assert_eq!(is_json(text.as_bytes()), is, "{text}");
        }
    }
}
