//! Which columns of a list of customers are further ids and addresses of the same customers: by their names, and by the
//! user's word. It sees headers alone.

use super::columns::{Mapping, vocabulary};
use super::field::{Field, Kind, MapFlag};
use super::opened::Opened;
use crate::error::{Error, Result};
use crate::text;

/// The user's word on the columns of `--customers`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AliasFlags {
    /// `--alias`: these too.
    pub more: Vec<String>,
    /// `--no-alias`: not these.
    pub fewer: Vec<String>,
}

impl Mapping {
    /// The columns that are aliases, each with its name.
    pub fn aliases(&self) -> impl Iterator<Item = (usize, &str)> {
        let columns = self.claimed.iter().enumerate().filter(|(_, field)| **field == Some(Field::Alias));
        columns.filter_map(|(column, _)| Some((column, self.names.get(column)?.as_str())))
    }

    /// Whether a column holds what somebody is known by: the customer, an alias, or another of their names.
    pub fn is_personal(&self, column: usize) -> bool {
        let field = self.claimed.get(column).copied().flatten();
        let name = self.names.get(column).map_or("", |name| unnumbered(name));
        let names_somebody = || {
            vocabulary().is_alias(name)
                || Kind::ALL.iter().any(|kind| {
                    vocabulary().sense(*kind, name).is_some_and(|sense| {
                        sense.field == Field::Customer && !(name == "id" || name == "record_id")
                    })
                })
        };
        let is_own = matches!(field, Some(Field::Customer | Field::Alias));
        is_own || (field.is_none() && (names_somebody() || self.is_customer_by_preset(column)))
    }

    /// Whether the preset names the column as one that may say who the customer is, though another does here.
    fn is_customer_by_preset(&self, column: usize) -> bool {
        let presets = || self.shape.preset.iter();
        let elsewhere = presets().flat_map(|preset| &preset.whens).flat_map(|when| &when.columns);
        let columns = presets().flat_map(|preset| &preset.columns).chain(elsewhere);
        let of_customers = columns.filter(|(field, _)| matches!(field, Field::Customer | Field::Alias));
        of_customers.flat_map(|(_, place)| place.names()).any(|name| self.other(name) == Some(column))
    }

    /// Whether a column holds what somebody wrote.
    pub fn is_comment(&self, column: usize) -> bool {
        self.claimed.get(column) == Some(&Some(Field::Comment))
            || self.is_free(column, |name| vocabulary().is_comment(name))
    }

    /// Whether a column that is no field holds a name or a number by which a person is known.
    pub fn names_a_person(&self, column: usize) -> bool {
        self.is_free(column, |name| vocabulary().names_a_person(name))
    }

    /// Whether a column is no field and its name is such a one.
    fn is_free(&self, column: usize, is_such: impl Fn(&str) -> bool) -> bool {
        let is_field = self.claimed.get(column).copied().flatten().is_some();
        !is_field && self.names.get(column).is_some_and(|name| is_such(unnumbered(name)))
    }

    fn claim(&mut self, flags: &AliasFlags) {
        let named =
            |names: &[String]| -> Vec<usize> { names.iter().filter_map(|name| self.other(name)).collect() };
        let (more, fewer) = (named(&flags.more), named(&flags.fewer));
        for (column, name) in self.names.iter().enumerate() {
            let is_alias = vocabulary().is_alias(unnumbered(name)) || more.contains(&column);
            if is_alias && !fewer.contains(&column) && self.claimed[column].is_none() {
                self.claimed[column] = Some(Field::Alias);
            }
        }
    }
}

fn unnumbered(name: &str) -> &str {
    name.split_once('#').map_or(name, |(name, _)| name)
}

/// Says of each list of customers among the files which of its columns are aliases.
///
/// # Errors
/// When the user names a column that no list of customers has.
pub fn claim(files: &mut [Opened], flags: &AliasFlags) -> Result<()> {
    let lists = || files.iter().filter(|file| file.mapping.kind == Kind::Customers);
    let said = [("--alias", &flags.more), ("--no-alias", &flags.fewer)];
    for (flag, name) in said.into_iter().flat_map(|(flag, names)| names.iter().map(move |name| (flag, name)))
    {
        if lists().next().is_none() {
            return Err(Error::usage(format!("`{flag} {name}` names a column of no export of customers"))
                .hint("name the file with --customers FILE"));
        }
        if !lists().any(|file| file.mapping.other(name).is_some()) {
            let columns = lists().flat_map(|file| file.mapping.header.iter().map(|column| column.trim()));
            let near = text::nearest(name, columns);
            let error =
                Error::usage(format!("`{flag} {name}` names a column that no export of customers has"));
            return Err(match near.is_empty() {
                true => error.hint("see its columns: cxm inspect --customers FILE"),
                false => error.hint(format!("did you mean {flag} {}?", text::either(&near))),
            });
        }
    }
    let lists = files.iter_mut().filter(|file| file.mapping.kind == Kind::Customers);
    lists.for_each(|file| file.mapping.claim(flags));
    Ok(())
}

/// Says of one file which of its columns a config names as aliases; `flags` win over it.
///
/// # Errors
/// When it is no list of customers, or lacks a column.
pub fn claim_said(file: &mut Opened, said: &[MapFlag], flags: &AliasFlags) -> Result<()> {
    let mapping = &file.mapping;
    for map in said {
        let (name, place) = (&map.column, map.said_on.as_deref().unwrap_or_default());
        if mapping.kind != Kind::Customers {
            let cause = format!("`{}` holds {}, which have no aliases", file.name, mapping.kind);
            let hint = "write kind = \"customers\" if it is a list of them, or leave `alias` out";
            return Err(Error::usage(cause).said_on(place).hint(hint));
        }
        if mapping.other(name).is_none() {
            let near = text::nearest(name, mapping.header.iter().map(|column| column.trim()));
            let error =
                Error::usage(format!("`{}` has no column `{name}` for an alias", file.name)).said_on(place);
            return Err(match near.is_empty() {
                true => error.hint("write there the name of a column that the file has"),
                false => error.hint(format!("did you mean {}?", text::either(&near))),
            });
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    let more = said.iter().map(|map| map.column.clone()).collect();
    file.mapping.claim(&AliasFlags { more, fewer: flags.fewer.clone() });
    Ok(())
}
