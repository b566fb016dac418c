//! Where an export's bytes come from: a path, a glob or standard input; it must not know what the bytes hold.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::beside::Parts;
use super::converted::Memo;
use crate::error::{Error, Result};

/// Any source of bytes, which may move to another thread.
pub type Stream = Box<dyn Read + Send>;

/// One export to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    origin: Origin,
    held: Option<Arc<[u8]>>,
    sheet: Option<Arc<str>>,
    memo: Memo,
    parts: Option<Arc<Parts>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    Stdin,
}

impl Input {
    /// The file at `path`; it is not touched before it is opened.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::from(Origin::File(path.into()))
    }

    /// Standard input, which can be opened once only, unless it is [`Input::buffered`].
    pub fn stdin() -> Self {
        Self::from(Origin::Stdin)
    }

    fn from(origin: Origin) -> Self {
        Input { origin, held: None, sheet: None, memo: Memo::default(), parts: None }
    }

    /// The same input, of which that sheet is read if it is a workbook: by name, or by number from 1.
    #[must_use]
    pub fn with_sheet(self, sheet: Option<&str>) -> Self {
        Input { sheet: sheet.map(Arc::from), memo: Memo::default(), ..self }
    }

    /// The sheet that was asked for.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// The same input, read with the rest of each row that stands in others.
    #[must_use]
    pub(super) fn with_parts(self, parts: Arc<Parts>) -> Self {
        Input { parts: Some(parts), ..self }
    }

    /// The others in which the rest of each row stands.
    pub fn parts(&self) -> Option<&Arc<Parts>> {
        self.parts.as_ref()
    }

    /// What was found out when it was read as another format than CSV.
    pub(super) fn memo(&self) -> &Memo {
        &self.memo
    }

    /// Whether both are the same bytes, though one path may go another way to them.
    pub fn is_same(&self, other: &Input) -> bool {
        match &other.origin {
            Origin::Stdin => self.origin == Origin::Stdin,
            Origin::File(path) => self.is_at(path),
        }
    }

    /// Whether it is the file at `path`, however either is written.
    pub fn is_at(&self, path: &Path) -> bool {
        let Origin::File(own) = &self.origin else { return false };
        own == path || own.canonicalize().is_ok_and(|own| path.canonicalize().is_ok_and(|path| own == path))
    }

    /// The name for messages: the path as given, or `standard input`.
    pub fn display(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| match &self.origin {
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Stdin => f.write_str(Input::STDIN),
        })
    }

    /// Whether its bytes are gone once they are read.
    pub fn is_read_once(&self) -> bool {
        let once = match &self.origin {
            Origin::Stdin => true,
            Origin::File(path) => path.metadata().is_ok_and(|data| !data.is_file() && !data.is_dir()),
        };
        self.held.is_none() && once
    }

    /// What stands for standard input in messages, and must not be typed: `-` must.
    pub const STDIN: &str = "standard input";

    /// The same input, and where it can be read only once (standard input, a named pipe) its bytes are
    /// kept in memory, so that it can be opened again and again.
    pub fn buffered(self) -> Result<Self> {
        if !self.is_read_once() {
            return Ok(self);
        }
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes).map_err(|cause| self.unreadable(&cause))?;
        Ok(Input { held: Some(bytes.into()), ..self })
    }

    /// Its path, if it is a file that can be read again and from any place.
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) if self.held.is_none() && !self.is_read_once() => Some(path),
            _ => None,
        }
    }

    /// Opens the bytes as they are.
    pub fn open(&self) -> Result<Stream> {
        match (&self.held, &self.origin) {
            (Some(bytes), _) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            (None, Origin::Stdin) => Ok(Box::new(io::stdin())),
            (None, Origin::File(path)) if path.is_dir() => Err(folder(path)),
            (None, Origin::File(path)) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(cause) => Err(self.unreadable(&cause)),
            },
        }
    }

    /// The error for bytes that are not what they were.
    pub fn changed(&self) -> Error {
        Error::export(format!("`{}` changed while it was read", self.display()))
    }

    /// The error for bytes that could not be read.
    pub fn unreadable(&self, cause: &io::Error) -> Error {
        match cause.kind() {
            io::ErrorKind::NotFound => Error::export(format!("`{}` does not exist", self.display())),
            _ => Error::export(format!("could not read `{}`: {cause}", self.display())),
        }
    }
}

/// The inputs that `args` name: paths, globs (in the order of their names) and `-` for standard input.
pub fn expand(args: &[String]) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for arg in args {
        let path = Path::new(arg);
        if arg == "-" {
            if inputs.contains(&Input::stdin()) {
                return Err(read_twice());
            }
            inputs.push(Input::stdin());
        } else if path.is_dir() {
            return Err(folder(path));
        } else if arg.contains(['*', '?', '[']) && !path.exists() {
            inputs.extend(matches(arg)?.into_iter().map(Input::file));
        } else {
            inputs.push(Input::file(path));
        }
    }
    Ok(inputs)
}

/// The inputs that a path or glob names which is relative to a folder, as in a config. They must be there.
///
/// # Errors
/// When nothing is there, or it is a folder.
pub fn expand_in(folder: &Path, file: &str) -> Result<Vec<Input>> {
    if file == "-" {
        return Err(
            Error::usage("standard input is no file").hint("name it on the command line: cxm report -")
        );
    }
    let path = folder.join(file);
    if path.is_dir() {
        return Err(self::folder(&path));
    }
    if path.exists() {
        return Ok(vec![Input::file(path)]);
    }
    if !file.contains(['*', '?', '[']) {
        return Err(Error::export(format!("`{}` does not exist", path.display())));
    }
    // Of the folder's own name no character is a pattern.
    let pattern = Path::new(&glob::Pattern::escape(&folder.display().to_string())).join(file);
    Ok(matches(&pattern.display().to_string())?.into_iter().map(Input::file).collect())
}

/// The error for a second `-`.
pub fn read_twice() -> Error {
    Error::usage("standard input can be read once, but `-` is given twice")
}

/// The files that a glob matches.
fn matches(pattern: &str) -> Result<Vec<PathBuf>> {
    let found = glob::glob(pattern)
        .map_err(|cause| Error::export(format!("`{pattern}` is no file and no glob: {}", cause.msg)))?;
    let mut paths = Vec::new();
    for entry in found {
        let path = entry.map_err(|cause| {
            Error::export(format!("could not read `{}`: {}", cause.path().display(), cause.error()))
        })?;
        if !path.is_dir() {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(Error::export(format!("no file matches `{pattern}`")));
    }
    paths.sort();
    Ok(paths)
}

fn folder(path: &Path) -> Error {
    let pattern = path.join("*.csv");
    Error::export(format!("`{}` is a folder, not an export", path.display()))
        .hint(format!("name the files in it: {}", pattern.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(args: &[&str]) -> Result<Vec<String>> {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        Ok(expand(&args)?.iter().map(|input| input.display().to_string()).collect())
    }

    #[test]
    fn globs_are_sorted_and_leave_out_folders() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        for name in ["b.csv", "a.csv", "odd[1].csv"] {
            std::fs::write(at(name), "x").unwrap();
        }
        std::fs::create_dir(at("c.csv")).unwrap();
        assert_eq!(
            expanded(&[&at("?.csv"), "-"]).unwrap(),
            [at("a.csv"), at("b.csv"), "standard input".into()]
        );
        assert_eq!(expanded(&[&at("odd[1].csv")]).unwrap(), [at("odd[1].csv")]);
        let error = expanded(&[&at("z*.csv")]).unwrap_err();
        assert_eq!((error.status(), error.to_string()), (3, format!("no file matches `{}`", at("z*.csv"))));
        let error = expanded(&[&at("c.csv")]).unwrap_err();
        assert_eq!(error.advice(), Some(&*format!("name the files in it: {}", at("c.csv/*.csv"))));
    }

    #[test]
    fn standard_input_is_taken_once() {
        assert_eq!(expanded(&["-", "a", "-"]).unwrap_err().status(), 2);
    }

    #[test]
    fn what_cannot_be_opened_is_named() {
        let error = Input::file("no/such.csv").open().err().unwrap();
        assert_eq!((error.status(), error.to_string().as_str()), (3, "`no/such.csv` does not exist"));
        let error = Input::file(".").open().err().unwrap();
        assert_eq!(error.to_string(), "`.` is a folder, not an export");
    }

    #[test]
    fn a_regular_file_is_not_held_in_memory() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let input = Input::file(file.path());
        assert_eq!(input.clone().buffered().unwrap(), input);
    }
}
