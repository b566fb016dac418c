//! `cxm.toml`: its keys, its text as settings with their lines, and the text of a new one. It reads no value: the flags'
//! own parsers do.

pub mod keys;
mod read;
pub mod write;

use std::path::{Path, PathBuf};

pub use read::parse;

use crate::error::{Error, Result};
use keys::Setting;

/// The name under which a config is found in the current folder.
pub const NAME: &str = "cxm.toml";

/// What a config says, before anybody has read its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// The settings that it holds, in the order of [`keys::SETTINGS`].
    pub entries: Vec<Entry>,
    /// Its sources, in their order.
    pub sources: Vec<Source>,
}

/// What a config says of some exports alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The line of its `[[source]]`.
    pub line: usize,
    /// The settings that it holds, in the order of [`keys::SOURCE`].
    pub entries: Vec<Entry>,
}

/// A setting that a config holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub setting: &'static Setting,
    /// Its values: one, the texts of a list, or each pair of a table as `key=value`.
    pub values: Vec<Value>,
    /// The line of its key.
    pub line: usize,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As it would be typed after the flag; a path as it is from where the program runs.
    pub text: String,
    /// Its line.
    pub line: usize,
}

impl Entry {
    /// All of it as one text.
    pub fn text(&self) -> String {
        self.values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Source {
    /// What it says under a key of its own.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.setting.key == key)
    }

    /// The one text that it says under a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.entry(key)?.values.first().map(|value| value.text.as_str())
    }
}

impl Config {
    /// Reads a config.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or holds a key or a type of value that does not belong there: with the line.
    pub fn open(path: &Path) -> Result<Config> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound => Error::usage(format!("the config `{shown}` does not exist"))
                .hint("write one from your exports: cxm init FILES"),
            _ => Error::usage(format!("could not read the config `{shown}`: {cause}")),
        })?;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(
                Error::usage(format!("the config `{shown}` is not text in UTF-8")).hint("save it as UTF-8")
            );
        };
        parse(path, text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// The folder that its paths are relative to.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// What it says under a key, by its name from the top: `windows.window`.
    pub fn entry(&self, setting: &Setting) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.setting == setting)
    }

    /// The place of a line, for a message: ``line 7 of `cxm.toml` ``.
    pub fn place(&self, line: usize) -> String {
        format!("line {line} of `{}`", self.path.display())
    }
}
