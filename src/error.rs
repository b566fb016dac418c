//! The three ways a run can fail, each with one sentence, a hint and an exit status.

use std::fmt;

/// Why a run stopped. The message is one sentence without a full stop that names the file, the line
/// or the column, what was found there and what to do; the hint holds the exact flag, if one helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
}

/// What went wrong, as a script sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line or the config is wrong (exit status 2).
    Usage,
    /// An export cannot be used (exit status 3).
    Export,
    /// The output cannot be written (exit status 4).
    Output,
}

/// The result of everything that can fail on a user's input.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The command line or the config is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// An export cannot be used.
    pub fn export(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Export, message)
    }

    /// The output cannot be written.
    pub fn output(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Output, message)
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), hint: None }
    }

    /// Adds what to type next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what else may help.
    #[must_use]
    pub fn or_hint(self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        let both = self.hint.as_ref().map_or_else(|| hint.clone(), |first| format!("{first}; {hint}"));
        self.hint(both)
    }

    /// Says where the user asked for what failed: `no file matches `x*.csv`, says line 3 of `cxm.toml``.
    #[must_use]
    pub fn said_on(mut self, place: &str) -> Self {
        self.message = format!("{}, says {place}", self.message);
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The hint, where there is one.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The exit status that scripts rely on.
    pub fn status(&self) -> u8 {
        match self.kind {
            ErrorKind::Usage => 2,
            ErrorKind::Export => 3,
            ErrorKind::Output => 4,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
