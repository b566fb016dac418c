//! An export whose header is known: what its columns mean, before anything below the header is read.

use super::columns::{Mapping, recognise};
use super::converted::Format;
use super::encoding::Shown;
use super::field::{Kind, MapFlag};
use super::input::Input;
use super::records::{Options, Reader};
use crate::error::Result;

/// An export whose header is known.
pub struct Opened {
    /// Where its bytes come from.
    pub input: Input,
    /// Its name for messages.
    pub name: String,
    /// What its columns mean.
    pub mapping: Mapping,
    /// The character between its columns.
    pub delimiter: u8,
    /// Its encoding, once it is read.
    pub shown: Shown,
    /// What kind of file it is.
    pub format: Format,
    options: Options,
    /// Its records, where they can be read only once; other files are closed, since there may be thousands.
    reader: Option<Reader>,
}

impl Opened {
    /// Opens an export and recognises its columns.
    ///
    /// # Errors
    /// When it cannot be opened, or its columns are not those of an export of that kind, or of any.
    pub fn of(input: Input, kind: Option<Kind>, options: Options, maps: &[MapFlag]) -> Result<Opened> {
        let name = input.display().to_string();
        let reader = Reader::open(&input, options)?;
        let mapping = recognise(&name, reader.header(), kind, maps)?;
        let delimiter = reader.delimiter();
        let (shown, format) = (reader.shown().clone(), reader.format().clone());
        let reader = input.is_read_once().then_some(reader);
        Ok(Opened { input, name, mapping, delimiter, shown, format, options, reader })
    }

    /// How it is read once more.
    pub fn again(&self) -> Options {
        Options { delimiter: Some(self.delimiter), ..self.options }
    }

    /// Its records, from the first.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub fn records(&mut self) -> Result<Reader> {
        match self.reader.take() {
            Some(reader) => Ok(reader),
            None => {
                let reader = Reader::open(&self.input, self.again())?;
                self.shown = reader.shown().clone();
                Ok(reader)
            }
        }
    }
}
