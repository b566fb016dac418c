//! Why an export could not be read on, and the line from which it could not; it must not know fields.

use std::io;

use super::chunks::RECORD_LIMIT;
use super::input::Input;
use crate::error::Error;

/// Why an export could not be read on.
#[derive(Debug)]
pub struct Fault {
    /// The line of it, counted as the walk counts.
    pub(super) line: u64,
    pub(super) cause: Cause,
}

/// What is wrong there.
#[derive(Debug)]
pub(super) enum Cause {
    /// A quote that is never closed.
    OpenQuote,
    /// A record that is too long.
    Limit,
    /// The stream fails.
    Unreadable(io::Error),
}

impl Fault {
    /// For the user, where `lines` come before those that the walk counted.
    pub fn error(&self, input: &Input, lines: u64) -> Error {
        let line = lines + self.line;
        match &self.cause {
            Cause::OpenQuote => error(input, line, "opens a quote that is never closed")
                .hint("close it, or double a quote that is text"),
            Cause::Limit => {
                error(input, line, &format!("starts a record of over {} MiB", RECORD_LIMIT >> 20))
                    .hint("a quote may be left open there: close it, or double a quote that is text")
            }
            Cause::Unreadable(cause) => {
                // What is read through another reader was told by that one.
                if let Some(told) = cause.get_ref().and_then(|cause| cause.downcast_ref::<Error>()) {
                    return told.clone();
                }
                Error::export(format!("could not read `{}` from line {line} on: {cause}", input.display()))
                    .hint("the file may be cut off or damaged: copy or download it again")
            }
        }
    }
}

/// An error that names a line.
pub(super) fn error(input: &Input, line: u64, what: &str) -> Error {
    Error::export(format!("line {line} of `{}` {what}", input.display()))
}
