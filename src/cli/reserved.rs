//! A file to write, replaced only when all of it is there; it must not know what is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::source::input::Input;

/// A file that is written beside its place and renamed, so that nobody reads half of it.
#[derive(Debug)]
pub struct Reserved {
    path: PathBuf,
    /// The file beside it; none for a device or a pipe, which is no file to be replaced.
    part: Option<PathBuf>,
}

impl Reserved {
    /// Makes sure that the file can be written before anything is read. `flag` names it in messages, `inputs` are the
    /// exports, which nothing may overwrite.
    ///
    /// # Errors
    /// When the folder cannot be written to, or the file is one of the exports.
    pub fn at(flag: &str, path: &Path, inputs: &[&Input]) -> Result<Reserved> {
        if inputs.iter().any(|input| input.is_at(path)) {
            return Err(Error::usage(format!("`{flag} {}` would overwrite an export", path.display()))
                .hint("name another file"));
        }
        if path.is_dir() {
            return Err(Error::output(format!("`{}` is a folder", path.display())).hint("name a file in it"));
        }
        let Some(name) = path.file_name() else {
            return Err(Error::output(format!("`{flag} {}` is no file name", path.display())));
        };
        if path.metadata().is_ok_and(|data| !data.is_file()) {
            return Ok(Reserved { path: path.to_owned(), part: None });
        }
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{}.part", std::process::id()));
        let place = Reserved { path: path.to_owned(), part: Some(path.with_file_name(part)) };
        fs::write(place.written(), b"").map_err(|cause| place.unwritable(&cause))?;
        Ok(place)
    }

    /// Where the bytes go first.
    pub fn written(&self) -> &Path {
        self.part.as_deref().unwrap_or(&self.path)
    }

    /// Puts what was written in its place.
    ///
    /// # Errors
    /// When the old file cannot be replaced.
    pub fn keep(&self) -> Result<()> {
        let Some(part) = &self.part else { return Ok(()) };
        fs::rename(part, &self.path).map_err(|cause| self.unwritable(&cause))
    }

    /// The error for bytes that could not be written.
    pub fn unwritable(&self, cause: &io::Error) -> Error {
        let path = self.path.display();
        match cause.kind() {
            io::ErrorKind::NotFound => {
                Error::output(format!("could not write `{path}`: its folder does not exist"))
            }
            _ => Error::output(format!("could not write `{path}`: {cause}")),
        }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // After a success it has been renamed; after an error nothing half-made is to stay.
            let _ = fs::remove_file(part);
        }
    }
}
