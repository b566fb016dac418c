//! Which preset an export is one of, told from the rows above its data; it reads no row below them.

use std::collections::HashSet;
use std::sync::Arc;

use chrono_tz::Tz;

use super::read::MOST_HEADER_ROWS;
use super::{FileRules, Joined, Names, NamesRow, Preset, SharedPreset, Signature, known};
use crate::error::{Error, Result};
use crate::source::beside::Beside;
use crate::source::columns::{key, normalise};
use crate::source::field::Kind;
use crate::text;

/// The first rows of a file: its header, and what may belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    rows: Vec<Vec<String>>,
    /// Whether the rest of each row, which stands in another export, is behind it.
    is_joined: bool,
}

impl Head {
    /// How many rows may belong to a header.
    pub const ROWS: usize = MOST_HEADER_ROWS;

    /// A header of one row, with or without the rest that stands in another export.
    pub fn new(header: &[String], is_joined: bool) -> Head {
        Head { rows: vec![header.to_vec()], is_joined }
    }

    /// Whether rows of that preset stand here as a whole.
    pub fn is_whole(&self, preset: &Preset) -> bool {
        preset.beside == Beside::Nothing || self.is_joined
    }

    /// Adds the row below.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// The first row.
    pub fn first(&self) -> &[String] {
        self.row(1)
    }

    /// The row of that number, from 1; nothing where the file ends before it.
    fn row(&self, number: usize) -> &[String] {
        self.rows.get(number.wrapping_sub(1)).map_or(&[], Vec::as_slice)
    }

    /// The names of the columns.
    pub fn names(&self, rules: &FileRules) -> Vec<String> {
        match rules.names {
            NamesRow::Row(number) => self.row(number).to_vec(),
            NamesRow::Joined(Joined::Joined) => joined(self.row(1), self.row(2)),
        }
    }

    /// The texts of the questions, where a row has them.
    pub fn labels(&self, rules: &FileRules) -> &[String] {
        rules.labels.map_or(&[], |number| self.row(number))
    }

    /// The zones that the rows below the first name for their columns: `{"timeZone":"America/New_York"}`.
    pub fn zones(&self, rules: &FileRules) -> Vec<Option<Tz>> {
        let below = (2..=rules.header_rows).map(|number| self.row(number));
        let zone = |column: usize| below.clone().find_map(|row| zone_of(row.get(column)?));
        (0..self.first().len()).map(zone).collect()
    }

    /// Whether the rows below the first are those that the preset knows.
    pub fn has_rows_of(&self, preset: &Preset) -> bool {
        self.last_begins(&preset.file, &preset.signature.row_below)
    }

    fn last_begins(&self, rules: &FileRules, starts: &[String]) -> bool {
        let begins = |cell: &String| starts.iter().any(|start| cell.starts_with(start.as_str()));
        starts.is_empty() || self.row(rules.header_rows).iter().any(begins)
    }
}

/// The first row continued to the right over its blanks, with what the second adds.
fn joined(first: &[String], second: &[String]) -> Vec<String> {
    let adds = |text: &str| !matches!(text, "" | "Response" | "Open-Ended Response");
    let mut question = "";
    let columns = first.iter().enumerate().map(|(at, name)| {
        if !name.is_empty() {
            question = name;
        }
        match second.get(at).map(String::as_str).filter(|text| adds(text)) {
            Some(text) => format!("{question}: {text}"),
            None => question.to_owned(),
        }
    });
    columns.collect()
}

fn zone_of(cell: &str) -> Option<Tz> {
    let (_, rest) = cell.split_once("\"timeZone\"")?;
    let name = rest.trim_start_matches([':', ' ', '"']);
    name.split('"').next()?.parse().ok()
}

impl Signature {
    /// The columns of a header by which the preset is known.
    pub fn found<'a>(&self, header: &'a [String]) -> Vec<&'a str> {
        let is_named = |names: &Names, column: &str| {
            names.all().iter().any(|name| key(&normalise(name)) == key(&normalise(column)))
        };
        let named = |names: &Names| header.iter().find(|column| is_named(names, column)).map(String::as_str);
        let first = header.first().map(String::as_str).filter(|_| self.first_is(header));
        first.into_iter().chain(self.all.iter().chain(&self.any).filter_map(named)).collect()
    }

    /// Whether the first column tells, which many an export may begin with: the preset gives way to every other, and the
    /// names of the columns are to say the same.
    pub fn is_weak(&self) -> bool {
        !self.first.is_empty()
    }

    fn first_is(&self, header: &[String]) -> bool {
        header.first().is_some_and(|column| self.first.iter().any(|name| name == column.trim()))
    }
}

/// Which presets there are, and which one the user asked for.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    user: Vec<SharedPreset>,
    asked: Asked,
}

#[derive(Debug, Clone, Default)]
enum Asked {
    /// The header tells.
    #[default]
    Nothing,
    /// None is to be used.
    NoPreset,
    /// This one.
    For(SharedPreset),
}

impl Choice {
    /// The presets that come with the program, and the user's own, which win where names are equal.
    pub fn with(user: Vec<SharedPreset>) -> Choice {
        Choice { user, asked: Asked::Nothing }
    }

    /// The same presets, with the one of that name to be used; `none` for no preset at all.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn asking(&self, name: &str) -> Result<Choice> {
        let asked = match name {
            "none" => Asked::NoPreset,
            name => Asked::For(self.named(name)?.clone()),
        };
        Ok(Choice { user: self.user.clone(), asked })
    }

    /// Every preset, the user's first.
    pub fn all(&self) -> impl Iterator<Item = &SharedPreset> {
        let own = |preset: &&SharedPreset| !self.user.iter().any(|user| user.name == preset.name);
        self.user.iter().chain(known().iter().filter(own))
    }

    /// The preset of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(&self, name: &str) -> Result<&SharedPreset> {
        self.all().find(|preset| preset.name == name).ok_or_else(|| {
            let near = text::nearest(name, self.all().map(|preset| preset.name.as_str()));
            let near = near.first().map(|near| format!("`{near}` is one; ")).unwrap_or_default();
            Error::usage(format!("there is no preset `{name}`"))
                .hint(format!("{near}`cxm presets` lists them"))
        })
    }

    /// The preset of an export: the one that was asked for, else the one that fits its head best; none if none fits.
    ///
    /// # Errors
    /// When two fit equally well.
    pub fn of(&self, file: &str, head: &Head, kind: Option<Kind>) -> Result<Option<SharedPreset>> {
        let preset = match &self.asked {
            Asked::NoPreset => return Ok(None),
            Asked::For(preset) => {
                // The other export that it asks for is named beside it.
                let part = preset.beside.rest().and_then(|rest| self.named(&rest.preset).ok());
                let part = part.filter(|part| !head.is_joined && Keys::default().points(head, part) > 0);
                return Ok(Some(part.unwrap_or(preset).clone()));
            }
            Asked::Nothing => self.best(head, kind, false),
        };
        only(file, &preset)
    }

    /// The preset that the first column of an export alone tells; none where the user asked for one, or for none.
    ///
    /// # Errors
    /// When two fit equally well.
    pub fn weak(&self, file: &str, head: &Head, kind: Option<Kind>) -> Result<Option<SharedPreset>> {
        match self.asked {
            Asked::Nothing => only(file, &self.best(head, kind, true)),
            Asked::NoPreset | Asked::For(_) => Ok(None),
        }
    }

    /// The one preset that fits a head, whatever the user asked for.
    pub fn fitting(&self, head: &Head, kind: Option<Kind>) -> Option<&SharedPreset> {
        match self.best(head, kind, false).as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn best(&self, head: &Head, kind: Option<Kind>, are_weak: bool) -> Vec<&SharedPreset> {
        let mut keys = Keys::default();
        let fits = self.all().filter(|preset| preset.signature.is_weak() == are_weak);
        let fits = fits.filter(|preset| kind.is_none_or(|kind| kind == preset.kind));
        let mut best: (usize, Vec<&SharedPreset>) = (1, Vec::new());
        for preset in fits {
            let points = keys.points(head, preset);
            if points > best.0 {
                best = (points, Vec::new());
            }
            if points == best.0 {
                best.1.push(preset);
            }
        }
        // What the user wrote is meant for such exports, even where it began as a copy.
        let own = |preset: &&SharedPreset| self.user.iter().any(|user| Arc::ptr_eq(user, preset));
        if best.1.iter().any(own) {
            best.1.retain(own);
        }
        best.1
    }

    /// The preset that the head nearly fits, and the columns that it lacks, none where it lacks header rows: most of those by which it is known are there,
    /// and so many of its columns, spelt as the vendor spells them, that it can hardly be another's.
    pub fn nearly(&self, head: &Head, kind: Option<Kind>) -> Option<(&SharedPreset, Vec<String>)> {
        if !matches!(self.asked, Asked::Nothing) {
            return None;
        }
        let mut keys = Keys::default();
        let fits = self.all().filter(|preset| !preset.signature.is_weak());
        let fits = fits.filter(|preset| kind.is_none_or(|kind| kind == preset.kind));
        let lacking = fits.filter_map(|preset| {
            let lacks = keys.lacking(head, preset);
            let few = lacks.len() * 3 <= preset.signature.all.len();
            if lacks.is_empty() {
                // All that it must have is there, and something else is not.
                let tells = preset.signature.all.len() >= 3 || preset.spelt(head.first()) >= TELLING;
                return preset.rest_lacks(head).filter(|_| tells).map(|lacks| (preset, lacks));
            }
            (few && preset.spelt(head.first()) >= TELLING).then_some((preset, lacks))
        });
        lacking.min_by_key(|(preset, lacks)| (lacks.len(), usize::MAX - preset.spelt(head.first())))
    }
}

/// The only one of the presets that fit a file.
fn only(file: &str, fit: &[&SharedPreset]) -> Result<Option<SharedPreset>> {
    match fit {
        [] => Ok(None),
        [only] => Ok(Some((*only).clone())),
        several => {
            let names: Vec<&str> = several.iter().map(|preset| preset.name.as_str()).collect();
            let flags: Vec<String> = names.iter().map(|name| format!("--preset {name}")).collect();
            let cause = format!("`{file}` fits {} presets equally well: {}", names.len(), text::list(&names));
            Err(Error::export(cause).hint(format!("pass {}", text::either(&flags))))
        }
    }
}

/// As many columns spelt as a vendor spells them are no accident.
const TELLING: usize = 6;

impl Preset {
    /// What else a head needs beside the columns that must all be there: one of some columns, or, told by no name, the
    /// rows below the first. Nothing where a column tells that it is another export.
    fn rest_lacks(&self, head: &Head) -> Option<Vec<String>> {
        let Signature { any, none, .. } = &self.signature;
        let names = head.names(&self.file);
        let has = |column: &Names| {
            let is_it = |name: &String| names.iter().any(|own| key(&normalise(own)) == key(&normalise(name)));
            column.all().iter().any(is_it)
        };
        let is_other = none.iter().any(has);
        let lacks = any.first().filter(|_| !any.iter().any(has)).and_then(|names| names.all().first());
        match lacks {
            _ if is_other => None,
            Some(first) => Some(vec![first.clone()]),
            None => (!head.has_rows_of(self)).then(Vec::new),
        }
    }

    /// How many columns of a header are spelt as the preset spells them.
    fn spelt(&self, header: &[String]) -> usize {
        let signature = self.signature.all.iter().chain(&self.signature.any).map(Names::all);
        let elsewhere = self.whens.iter().flat_map(|when| &when.columns);
        let places = self.columns.iter().chain(elsewhere).map(|(_, place)| place.names());
        let rows = self.drops.iter().map(|drop| &drop.rows).chain(self.whens.iter().map(|when| &when.rows));
        let rows = rows.map(|rows| rows.column.all());
        let names: HashSet<&str> =
            signature.chain(places).chain(rows).flatten().map(String::as_str).collect();
        header.iter().filter(|column| names.contains(column.trim())).count()
    }
}

/// The keys of the names of each header row that a preset asked about.
#[derive(Default)]
struct Keys(Vec<(NamesRow, HashSet<String>)>);

impl Keys {
    fn of(&mut self, head: &Head, rules: &FileRules) -> &HashSet<String> {
        let at = self.0.iter().position(|(row, _)| *row == rules.names).unwrap_or_else(|| {
            let names = head.names(rules);
            self.0.push((rules.names, names.iter().map(|name| key(&normalise(name))).collect()));
            self.0.len() - 1
        });
        &self.0[at].1
    }

    /// How many of the columns that a preset is known by are there; 0 where it does not fit.
    fn points(&mut self, head: &Head, preset: &Preset) -> usize {
        let Signature { all, any, none, first, row_below } = &preset.signature;
        let begins = !first.is_empty() && preset.signature.first_is(&head.names(&preset.file));
        let keys = self.of(head, &preset.file);
        let has = |names: &&Names| names.all().iter().any(|name| keys.contains(&key(&normalise(name))));
        let (found, some) = (all.iter().filter(has).count(), any.iter().filter(has).count());
        let fits =
            found == all.len() && (any.is_empty() || some > 0) && !none.iter().any(|names| has(&names));
        let fits = fits && (first.is_empty() || begins);
        if fits && head.last_begins(&preset.file, row_below) { found + some + usize::from(begins) } else { 0 }
    }

    fn lacking(&mut self, head: &Head, preset: &Preset) -> Vec<String> {
        let keys = self.of(head, &preset.file);
        let has = |names: &Names| names.all().iter().any(|name| keys.contains(&key(&normalise(name))));
        let lacks = preset.signature.all.iter().filter(|names| !has(names));
        lacks.filter_map(|names| names.all().first().cloned()).collect()
    }
}

#[cfg(test)]
mod tests;
