//! An export whose header is known: what its columns mean, before anything below the header is read.

use std::collections::HashSet;
use std::sync::Arc;

use super::beside::Parts;
use super::columns::{Mapping, recognise};
use super::converted::Format;
use super::decimal_mark::DecimalProof;
use super::encoding::Shown;
use super::field::{Field, Kind, MapFlag};
use super::input::Input;
use super::preset::Choice;
use super::records::{Options, Reader};
use super::shape::From;
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
    /// The first times of a preset's columns whose zone neither the preset nor the header says.
    pub times: Vec<String>,
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
        let reader = Reader::open(&input, options)?;
        Self::over(reader, input, options, (kind, maps, presets))
    }

    /// The same export with the rest of each row behind it, by the preset that is asked for.
    ///
    /// # Errors
    /// When it lacks a column by which the rest is found, or its columns do not make rows with it either.
    pub fn joined(self, parts: Arc<Parts>, maps: &[MapFlag], presets: &Choice) -> Result<Opened> {
        let (kind, options) = (self.mapping.kind, self.again());
        let input = self.input.with_parts(parts);
        let reader = match (self.reader, input.parts()) {
            (Some(reader), Some(parts)) => reader.joined(&input, parts, options)?,
            _ => Reader::open(&input, options)?,
        };
        Self::over(reader, input, options, (Some(kind), maps, presets))
    }

    fn over(mut reader: Reader, input: Input, options: Options, said: Said<'_>) -> Result<Opened> {
        let (name, (kind, maps, presets)) = (input.display().to_string(), said);
        let mapping = recognise(&name, &reader.head(), kind, maps, presets)?;
        let header_rows = mapping.shape.rules().map_or(1, |rules| rules.header_rows);
        reader.skip(header_rows - 1)?;
        let options = Options { header_rows, ..options };
        let decimal = decimal_mark(&mut reader, &mapping);
        let times = times_without_zone(&mut reader, &mapping);
        let delimiter = reader.delimiter();
        let (shown, format) = (reader.shown().clone(), reader.format().clone());
        let reader = input.is_read_once().then_some(reader);
        Ok(Opened { input, name, mapping, delimiter, decimal, times, shown, format, options, reader })
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

    /// Some different values of each column, from the first rows, as they stand in the file.
    ///
    /// # Errors
    /// When it cannot be opened again.
    pub fn samples(&mut self) -> Result<Vec<Sample>> {
        let mut again;
        let options = self.again();
        let reader = match &mut self.reader {
            Some(reader) => reader,
            None => {
                again = Reader::open(&self.input, options)?;
                &mut again
            }
        };
        let mut met = vec![Met::default(); self.mapping.header.len()];
        reader.peek(SAMPLED_ROWS, |row| {
            met.iter_mut().enumerate().for_each(|(column, met)| met.see(row.text(column)));
        });
        Ok(met.into_iter().map(Met::sample).collect())
    }
}

/// What the user said of an export: its kind, its columns, its preset.
type Said<'a> = (Option<Kind>, &'a [MapFlag], &'a Choice);

/// Some values of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Different ones, in the order of the file.
    pub values: Vec<String>,
    /// Whether most rows have a value of their own, as ids, names and free texts are.
    pub is_free: bool,
}

/// What was met of a column.
#[derive(Clone, Default)]
struct Met {
    values: Vec<String>,
    different: HashSet<String>,
    filled: usize,
}

impl Met {
    fn see(&mut self, value: String) {
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        if self.values.len() < SAMPLES && !self.different.contains(&value) {
            self.values.push(value.clone());
        }
        self.different.insert(value);
    }

    fn sample(self) -> Sample {
        Sample { is_free: self.different.len() * 2 > self.filled, values: self.values }
    }
}

/// How many values are shown of a column, and how many rows are looked at for them.
const SAMPLES: usize = 3;
const SAMPLED_ROWS: usize = 500;

/// How many rows are looked at for the decimal mark.
const NUMBERED_ROWS: usize = 1000;

/// The decimal mark that the numbers of the first rows show.
fn decimal_mark(reader: &mut Reader, mapping: &Mapping) -> Option<char> {
    let numbers = [Field::Amount, Field::Refunded, Field::Score, Field::Nps, Field::Csat, Field::Ces];
    let columns: Vec<usize> = numbers.iter().filter_map(|field| mapping.column(*field)).collect();
    if columns.is_empty() {
        return None;
    }
    let mut proof = DecimalProof::default();
    reader.peek(NUMBERED_ROWS, |row| columns.iter().for_each(|column| proof.see(&row.field(*column))));
    proof.mark()
}

/// How many rows are looked at for a time.
const TIMED_ROWS: usize = 100;

/// The first time of each column whose zone nothing but its cells can say, in a file read by a preset.
fn times_without_zone(reader: &mut Reader, mapping: &Mapping) -> Vec<String> {
    if mapping.shape.rules().is_none_or(|rules| rules.zone.is_some()) {
        return Vec::new();
    }
    let claimed = mapping.claimed.iter().zip(0..).filter_map(|(field, column)| Some(((*field)?, column)));
    let times = claimed.filter(|(field, column)| field.is_time() && mapping.zone(*column).is_none());
    let places = times.map(|(field, column)| match mapping.shape.fields.get(&field) {
        Some(shaped) => (shaped.from.columns().to_vec(), matches!(shaped.from, From::Joined(_))),
        None => (vec![column], false),
    });
    let places: Vec<(Vec<usize>, bool)> = places.collect();
    let mut times = vec![String::new(); places.len()];
    if !places.is_empty() {
        reader.peek(TIMED_ROWS, |row| {
            for (time, (columns, are_joined)) in times.iter_mut().zip(&places) {
                let mut cells =
                    columns.iter().map(|column| row.text(*column)).filter(|cell| !cell.is_empty());
                if time.is_empty() {
                    let first = cells.next().unwrap_or_default();
                    *time =
                        if *are_joined { cells.fold(first, |all, cell| all + " " + &cell) } else { first };
                }
            }
        });
    }
    times
}
