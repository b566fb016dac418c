//! Who is who: the ids and addresses that a list of customers gives for one customer become that customer, in every
//! export. Runs once all files are read and only where there is such a list; knows no metric.

use std::rc::Rc;

use super::batch::Part;
use super::collect::{Collector, FileRows};
use super::column::CellType;
use super::reason::Reason;
use super::words::NONE;
use crate::error::{Error, Result};
use crate::pseudonym::Keys;
use crate::source::field::{Field, Kind};

/// Stands before the name of a column of aliases among the columns of typed rows.
pub const PREFIX: &str = "alias.";

/// What a column of aliases is called among the columns of typed rows; no column of an export can be.
pub fn column(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Makes every alias the customer whose alias it is, in all files. A customer's last line counts; those before it are
/// rejected. `keys` says how a key is shown.
///
/// # Errors
/// When an alias is that of two customers, or is itself another customer.
pub fn apply(read: &mut Collector, keys: &Keys) -> Result<()> {
    let is_list = |file: &FileRows| file.kind == Kind::Customers;
    if !read.files.iter().any(is_list) {
        return Ok(());
    }
    let mut is_own = vec![false; read.customers.len()];
    for file in read.files.iter_mut().filter(|file| is_list(file)).rev() {
        reject_earlier(file, &mut is_own);
    }
    let owners = owners(read, &is_own, keys)?;
    read.files.iter_mut().filter(|file| is_list(file)).for_each(drop_aliases);
    if let Some(owners) = owners {
        renumber(read, &owners);
    }
    Ok(())
}

/// Rejects each line whose customer comes again in a later one, and marks the customers of all.
fn reject_earlier(file: &mut FileRows, is_own: &mut [bool]) {
    let customer = file.column(Field::Customer);
    let mut earlier = Vec::new();
    for part in file.parts.iter().rev() {
        let codes = part.codes(customer);
        for row in (0..part.len()).rev() {
            match is_own.get_mut(codes.get(row) as usize) {
                Some(is_known) if *is_known => earlier.push(part.lines.line(row as u32)),
                Some(is_known) => *is_known = true,
                None => {}
            }
        }
    }
    earlier.into_iter().for_each(|line| file.reject(line, Reason::Duplicate));
}

/// A row that can be used: the file, and what part and row of it.
type Place<'a> = (&'a FileRows, &'a Part, usize);

/// Each alias of each customer that can be used, in the order of the files: the alias, the customer, and where it stands.
fn aliases(read: &Collector) -> impl Iterator<Item = (u32, u32, Place<'_>)> {
    let lists = read.files.iter().filter(|file| file.kind == Kind::Customers);
    lists.flat_map(|file| {
        let customer = file.column(Field::Customer);
        let named = file.columns.iter().enumerate().filter(|(_, named)| is_alias(&named.name));
        let columns: Rc<[usize]> = named.map(|(column, _)| column).collect();
        file.parts.iter().flat_map(move |part| {
            let (columns, customers) = (Rc::clone(&columns), part.codes(customer));
            let used = file.is_used(part).enumerate().filter(|(_, is_used)| *is_used);
            used.flat_map(move |(row, _)| {
                let (columns, customer) = (Rc::clone(&columns), customers.get(row));
                let of_row = (0..columns.len()).map(move |at| part.codes(columns.get(at).copied()).get(row));
                of_row.filter(|alias| *alias != NONE).map(move |alias| (alias, customer, (file, part, row)))
            })
        })
    })
}

/// For each code the customer that it is an alias of, itself where it is none; nothing where no code is one.
fn owners(read: &Collector, is_own: &[bool], keys: &Keys) -> Result<Option<Vec<u32>>> {
    let mut owners: Vec<u32> = (0..is_own.len() as u32).collect();
    let mut has_alias = false;
    for (alias, customer, place) in aliases(read).filter(|(alias, customer, _)| alias != customer) {
        let Some(owner) = owners.get_mut(alias as usize) else { continue };
        let is_free = *owner == alias && !is_own[alias as usize];
        if !is_free && *owner != customer {
            return Err(conflict(read, (alias, customer), place, keys));
        }
        *owner = customer;
        has_alias = true;
    }
    Ok(has_alias.then_some(owners))
}

/// An alias of a second customer: who the first one is, by its line.
fn conflict(read: &Collector, (alias, customer): (u32, u32), place: Place<'_>, keys: &Keys) -> Error {
    let shown = |code: u32| keys.shown(read.customers.word(code));
    let told = |customer: u32, (file, part, row): Place<'_>| {
        format!("`{}` on line {} of `{}`", shown(customer), part.lines.line(row as u32), file.name)
    };
    let as_alias = aliases(read).find(|(other, owner, _)| *other == alias && *owner != customer);
    let first = match as_alias.filter(|(_, owner, _)| *owner != alias) {
        Some((_, owner, place)) => format!("an alias of {}", told(owner, place)),
        None => {
            let own = rows(read).find(|(code, _)| *code == alias);
            format!(
                "a customer of its own, {}",
                own.map(|(code, place)| told(code, place)).unwrap_or_default()
            )
        }
    };
    Error::export(format!("`{}` is an alias of {} and {first}", shown(alias), told(customer, place)))
        .hint("mend one of the two lines, or leave the column of aliases out: --no-alias COLUMN")
}

/// The customers of the lists, with where they stand.
fn rows(read: &Collector) -> impl Iterator<Item = (u32, Place<'_>)> {
    let lists = read.files.iter().filter(|file| file.kind == Kind::Customers);
    lists.flat_map(|file| {
        let customer = file.column(Field::Customer);
        file.parts.iter().flat_map(move |part| {
            let used = file.is_used(part).enumerate().filter(|(_, is_used)| *is_used);
            used.map(move |(row, _)| (part.codes(customer).get(row), (file, part, row)))
        })
    })
}

fn is_alias(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Leaves out the columns of aliases, which have said what they had to say.
fn drop_aliases(file: &mut FileRows) {
    while let Some(column) = file.columns.iter().position(|named| is_alias(&named.name)) {
        file.columns.remove(column);
        file.parts.iter_mut().for_each(|part| drop(part.columns.remove(column)));
    }
}

/// Numbers the customers anew, without those that are aliases.
fn renumber(read: &mut Collector, owners: &[u32]) {
    let mut next = 0..;
    let codes = owners.iter().zip(0..);
    let numbers: Vec<u32> =
        codes.map(|(owner, code)| if *owner == code { next.next().unwrap_or(NONE) } else { NONE }).collect();
    let numbers: Vec<u32> =
        owners.iter().map(|owner| numbers.get(*owner as usize).copied().unwrap_or(NONE)).collect();
    read.customers =
        read.customers.picked(owners.iter().zip(0..).filter(|(o, c)| *o == c).map(|(_, code)| code));
    for file in &mut read.files {
        for (named, place) in file.columns.iter().zip(0..) {
            if named.cell == CellType::Customer {
                let columns = file.parts.iter_mut().filter_map(|part| part.columns.get_mut(place));
                columns.for_each(|column| column.translate(&numbers));
            }
        }
    }
}
