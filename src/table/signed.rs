//! Amounts that name their currency themselves, `$5`, where no column does: their file's rows get that currency, so that
//! nobody adds them to amounts in another. It must not know a rate.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::{Collector, FileRows};
use super::column::{CellType, Column};
use super::layout::NamedColumn;
use super::rates::code;
use super::value::signs;
use super::words::NONE;
use crate::error::{Error, Result};
use crate::source::field::{Field, Kind};
use crate::text;

/// Gives the rows of purchases without a currency the one that the amounts of their file bear, where other rows have a
/// currency or the user named one, `target`. Where that is a dollar, a plain `$` is one of it; else it is that of the
/// United States.
///
/// # Errors
/// When the amounts of one file bear several; or those of several files, and no target says which counts.
pub fn state(read: &mut Collector, target: Option<&str>) -> Result<()> {
    let kinds: BTreeSet<Kind> =
        read.files.iter().filter(|file| !file.signs.is_empty()).map(|file| file.kind).collect();
    for kind in kinds {
        let stated = stated(read, kind);
        let said: BTreeSet<&str> = stated.iter().map(String::as_str).chain(target).collect();
        check(read, kind, &said, target)?;
        if kind == Kind::Purchases && !said.is_empty() {
            read.sign = fill(read, &said, target);
        }
    }
    Ok(())
}

/// The currencies that the columns of these files name.
fn stated(read: &Collector, kind: Kind) -> BTreeSet<String> {
    let Some(words) = read.words.of(Field::Currency.as_str()) else { return BTreeSet::new() };
    let mut is_met = vec![false; words.len()];
    for file in read.files.iter().filter(|file| file.kind == kind) {
        let column = file.column(Field::Currency);
        for part in &file.parts {
            let used = part.codes(column).iter().zip(file.is_used(part)).filter(|(_, is_used)| *is_used);
            for (code, _) in used {
                if let Some(is_met) = is_met.get_mut(code as usize) {
                    *is_met = true;
                }
            }
        }
    }
    words.iter().zip(is_met).filter(|(_, is_met)| *is_met).map(|(word, _)| code(word)).collect()
}

/// The currency that a sign stands for beside those. One that may stand for several and is none of them stays what it is.
fn meant<'a>(sign: &'a str, beside: &BTreeSet<&str>, target: Option<&str>) -> &'a str {
    let meanings = signs::meanings(sign);
    let of = |code: &str| meanings.iter().copied().find(|meaning| *meaning == code);
    let is_dollar = signs::is_dollar(sign);
    let by_others = || beside.iter().find_map(|code| of(code)).filter(|_| !is_dollar);
    target.and_then(of).or_else(by_others).unwrap_or(if is_dollar { "USD" } else { sign })
}

/// The currencies of a file's signs, each with how it is written and the first line.
fn currencies<'a>(
    file: &'a FileRows,
    said: &BTreeSet<&str>,
    target: Option<&str>,
) -> BTreeMap<&'a str, &'a (String, u64)> {
    let beside: BTreeSet<&str> = file.signs.keys().map(String::as_str).chain(said.iter().copied()).collect();
    let mut currencies: BTreeMap<&str, &(String, u64)> = BTreeMap::new();
    for (sign, at) in &file.signs {
        let first = currencies.entry(meant(sign, &beside, target)).or_insert(at);
        if at.1 < first.1 {
            *first = at;
        }
    }
    currencies
}

fn check(read: &Collector, kind: Kind, said: &BTreeSet<&str>, target: Option<&str>) -> Result<()> {
    let files: Vec<&FileRows> = read.files.iter().filter(|file| file.kind == kind).collect();
    // Rows of several files can be told apart by the user's currency; those of one cannot.
    let together = if target.is_some() && kind == Kind::Purchases { 1 } else { files.len().max(1) };
    for files in files.chunks(together) {
        let mut known: BTreeMap<&str, String> = BTreeMap::new();
        for file in files {
            for (code, (sign, line)) in currencies(file, said, target) {
                known.entry(code).or_insert_with(|| format!("`{sign}` (line {line} of `{}`)", file.name));
            }
        }
        if known.len() < 2 {
            continue;
        }
        let signs: Vec<&String> = known.values().collect();
        let has_column = files.iter().any(|file| file.column(Field::Currency).is_some());
        let column = match has_column {
            true => "fill the column of the currency".to_owned(),
            false => format!("name the column of the currency with --map {kind}.currency=COLUMN"),
        };
        let amount = if kind == Kind::Subscriptions { Field::Mrr } else { Field::Amount };
        return Err(Error::export(format!(
            "the amounts are in {}, which are never added up",
            text::list(&signs)
        ))
        .hint(format!("{column}, or go on without amounts: --map {kind}.{}=", amount.as_str())));
    }
    Ok(())
}

/// Fills in the currencies. What is returned is the sign of amounts that are taken to be in the target although it is
/// not what it stands for by itself.
fn fill(read: &mut Collector, said: &BTreeSet<&str>, target: Option<&str>) -> Option<String> {
    let mut taken = None;
    let Collector { files, words, .. } = read;
    let words = words.entry(Field::Currency.as_str());
    for file in files.iter_mut().filter(|file| file.kind == Kind::Purchases) {
        let Some((currency, (sign, _))) = currencies(file, said, target)
            .pop_first()
            .map(|(currency, at)| (currency.to_owned(), at.clone()))
        else {
            continue;
        };
        if file.signs.keys().any(|sign| signs::is_dollar(sign)) && currency != "USD" {
            taken = Some(sign);
        } else {
            fill_file(file, words.code(currency.as_bytes()));
        }
    }
    taken
}

fn fill_file(file: &mut FileRows, currency: u32) {
    let column = file.column(Field::Currency).unwrap_or_else(|| {
        let name = Field::Currency.as_str().to_owned();
        file.columns.push(NamedColumn { name, cell: CellType::Word });
        file.parts.iter_mut().for_each(|part| part.columns.push(Column::new(CellType::Word)));
        file.columns.len() - 1
    });
    for part in &mut file.parts {
        let codes = part.codes(Some(column));
        let of_row = |row: usize| Some(codes.get(row)).filter(|code| *code != NONE).unwrap_or(currency);
        let filled = Column::Code((0..part.len()).map(of_row).collect());
        part.columns[column] = filled;
    }
}
