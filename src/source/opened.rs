//! An export whose header is known: what its columns mean, before anything below the header is read.

use super::columns::{Mapping, recognise};
use super::converted::Format;
use super::decimal_mark::DecimalProof;
use super::encoding::Shown;
use super::field::{Field, Kind, MapFlag};
use super::input::Input;
use super::preset::Choice;
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
    /// The decimal mark, where its first rows show it.
    pub decimal: Option<char>,
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
    pub fn of(
        input: Input,
        kind: Option<Kind>,
        options: Options,
        maps: &[MapFlag],
        presets: &Choice,
    ) -> Result<Opened> {
        let name = input.display().to_string();
        let mut reader = Reader::open(&input, options)?;
        let mapping = recognise(&name, &reader.head(), kind, maps, presets)?;
        let header_rows = mapping.shape.rules().map_or(1, |rules| rules.header_rows);
        reader.skip(header_rows - 1)?;
        let options = Options { header_rows, ..options };
        let decimal = decimal_mark(&reader, &mapping);
        let delimiter = reader.delimiter();
        let (shown, format) = (reader.shown().clone(), reader.format().clone());
        let reader = input.is_read_once().then_some(reader);
        Ok(Opened { input, name, mapping, delimiter, decimal, shown, format, options, reader })
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

/// How many rows are looked at for the decimal mark.
const NUMBERED_ROWS: usize = 1000;

/// The decimal mark that the numbers of the first rows show.
fn decimal_mark(reader: &Reader, mapping: &Mapping) -> Option<char> {
    let numbers = [Field::Amount, Field::Refunded, Field::Score, Field::Nps, Field::Csat, Field::Ces];
    let columns: Vec<usize> = numbers.iter().filter_map(|field| mapping.column(*field)).collect();
    if columns.is_empty() {
        return None;
    }
    let mut proof = DecimalProof::default();
    reader.peek(NUMBERED_ROWS, |row| columns.iter().for_each(|column| proof.see(&row.field(*column))));
    proof.mark()
}
