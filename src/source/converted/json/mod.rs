//! From JSON to CSV text: each object is a record, and what lies within objects has dotted names. It must not know what a
//! column means.
//!
//! A record stands on the line on which its object begins. Where several objects share a line, as in an array without line
//! breaks, lines are counted by object instead, from 1: the number is still one by which an object can be found.

mod frame;
mod scan;
mod shape;
mod window;

use std::io::{self, Cursor, Read};
use std::sync::Arc;

pub use frame::is_json;
use frame::{Frame, Unframed};
use shape::{MOST_COLUMNS, Objects, Shape};
use window::{Broken, Window};

use super::csv::CsvText;
use super::format::Format;
use crate::error::{Error, Result};
use crate::source::fault::error;
use crate::source::input::{Input, Stream};

/// How many bytes are written at a time.
const BLOCK: usize = 64 << 10;

/// What is known of a file once it is read: how to read it once more.
#[derive(Debug)]
pub struct Known {
    frame: Frame,
    shape: Shape,
    /// Whether two objects begin on one line.
    is_by_object: bool,
}

impl Known {
    /// What kind of JSON it is.
    pub fn format(&self) -> Format {
        match self.frame {
            Frame::Objects { is_only: false } => Format::Ndjson,
            _ => Format::Json,
        }
    }
}

/// A JSON text that can be read again and again.
pub enum Json<'a> {
    /// It is held in memory.
    Held(Arc<[u8]>),
    /// It is opened anew.
    Opened(&'a dyn Fn() -> Result<Stream>),
}

impl Json<'_> {
    fn open(&self) -> Result<Stream> {
        match self {
            Json::Held(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Json::Opened(open) => open(),
        }
    }
}

/// Reads all of a text to know it.
///
/// # Errors
/// When it cannot be read, or is not JSON as it is read here.
pub fn know(text: &Json<'_>, input: &Input) -> Result<Known> {
    let frame = frame::of(text.open()?).map_err(|why| unframed(why, input))?;
    let mut window = Window::of(text.open()?, frame).map_err(|cause| input.unreadable(&cause))?;
    let mut objects = Objects::to_learn();
    let (mut last, mut is_by_object) = (0, false);
    while let Some(line) = window.next(|scan| objects.read(scan)).map_err(|broken| broken.error(input))? {
        is_by_object |= line == last;
        last = line;
        if objects.shape.is_too_wide() {
            let what = format!("brings the names of columns to over {MOST_COLUMNS}");
            return Err(error(input, line, &what).hint("names that are data, such as ids, are not read"));
        }
    }
    if last == 0 {
        return Err(Error::export(format!("`{}` holds no object", input.display())));
    }
    Ok(Known { frame, shape: objects.shape, is_by_object })
}

/// The CSV text of a text that is known.
///
/// # Errors
/// When it cannot be opened.
pub fn convert(text: &Json<'_>, known: &Known, input: &Input) -> Result<Stream> {
    let window = Window::of(text.open()?, known.frame).map_err(|cause| input.unreadable(&cause))?;
    let columns = known.shape.columns();
    let mut csv = CsvText::starting(0);
    csv.record(0, columns.iter().map(|(_, name)| name.as_slice()));
    let columns = columns.into_iter().map(|(place, _)| place).collect();
    let objects = Objects::to_read(known.shape.clone());
    let count = known.is_by_object.then_some(0);
    Ok(Box::new(Converted { window, objects, columns, csv, count, failed: None }))
}

impl Broken {
    fn error(&self, input: &Input) -> Error {
        match self {
            Broken::Unreadable(cause) => input.unreadable(cause),
            Broken::Wrong(line, what) => error(input, *line, what),
        }
    }
}

fn unframed(why: Unframed, input: &Input) -> Error {
    let name = input.display();
    match why {
        Unframed::Unreadable(cause) => input.unreadable(&cause),
        Unframed::Unfinished => Error::export(format!("`{name}` ends within its first JSON object"))
            .hint("the file may be cut off: copy or download it again"),
        Unframed::Ambiguous(members) => {
            let names: Vec<String> =
                members.iter().take(6).map(|member| format!("`{}`", member.name)).collect();
            Error::export(format!("`{name}` holds several arrays of objects: {}", names.join(", ")))
                .hint("save the one that you want as a file of its own: jq .NAME FILE")
        }
    }
}

struct Converted {
    window: Window,
    objects: Objects,
    /// The places of the columns in the shape.
    columns: Vec<usize>,
    csv: CsvText,
    /// The number of the last object, where lines are counted by object.
    count: Option<u64>,
    /// What is said once all before it is read.
    failed: Option<io::Error>,
}

impl Converted {
    fn fill(&mut self) -> io::Result<()> {
        while self.csv.waiting() < BLOCK {
            let objects = &mut self.objects;
            match self.window.next(|scan| objects.read(scan)) {
                Ok(Some(line)) => {
                    let line = self.count.as_mut().map_or(line, |count| {
                        *count += 1;
                        *count
                    });
                    self.csv.record(line, self.columns.iter().map(|place| objects.cell(*place)));
                }
                Ok(None) => break,
                Err(Broken::Unreadable(cause)) => return Err(cause),
                Err(Broken::Wrong(line, what)) => {
                    return Err(io::Error::other(format!("line {line} {what}")));
                }
            }
        }
        Ok(())
    }
}

impl Read for Converted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.csv.waiting() == 0 {
            if let Some(cause) = self.failed.take() {
                return Err(cause);
            }
            self.failed = self.fill().err();
        }
        match self.csv.take(buffer) {
            0 if !buffer.is_empty() => self.failed.take().map_or(Ok(0), Err),
            count => Ok(count),
        }
    }
}

#[cfg(test)]
mod tests;
