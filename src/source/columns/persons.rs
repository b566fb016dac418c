//! The names of columns that say who somebody is: aliases of customers, names of persons, and what they wrote. It knows
//! names alone.

use serde::Deserialize;

use super::{Sense, Vocabulary, code, key};
use crate::source::field::{Field, Kind};

/// Which columns of a list of customers are further ids: these, and those that may be the customer but for a few.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aliases<'a> {
    also: &'a str,
    but_not: &'a str,
}

impl<'a> Aliases<'a> {
    /// The names of aliases; `known` are those that may be the customer.
    pub fn names(self, known: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
        let known = known.flat_map(|names| names.split_whitespace());
        let others = known.filter(move |name| !self.but_not.split_whitespace().any(|other| other == *name));
        others.chain(self.also.split_whitespace())
    }

    /// What the page of names says of aliases.
    pub fn page(self) -> String {
        format!(
            "\n{ALIASES}\nNo alias for all that: {}.\n\nAliases too: {}.\n",
            code(self.but_not),
            code(self.also)
        )
    }
}

/// Columns that pseudonyms are not enough for: what somebody wrote, and the names of persons.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Private<'a> {
    texts: &'a str,
    persons: &'a str,
}

impl Vocabulary {
    /// Whether a column of that normalised name is another id or address of a customer, in the list of customers.
    pub fn is_alias(&self, name: &str) -> bool {
        self.aliases.contains(&key(name))
    }

    /// Whether a column of that normalised name holds what somebody wrote.
    pub fn is_comment(&self, name: &str) -> bool {
        let is_comment = |sense: Sense| sense.field == Field::Comment;
        self.sense(Kind::Surveys, name).is_some_and(is_comment) || is_among(self.private.texts, name)
    }

    /// Whether a column of that normalised name holds a name or a number by which a person is known.
    pub fn names_a_person(&self, name: &str) -> bool {
        ends_in(self.private.persons, name)
    }
}

/// Whether a normalised name is one of these.
fn is_among(names: &str, name: &str) -> bool {
    let wanted = key(name);
    names.split_whitespace().any(|known| key(known) == wanted)
}

/// The words for people before `name`, `phone` and the like; that of a product is nobody's.
const PEOPLE: [&str; 16] = [
    "account",
    "bill",
    "billing",
    "buyer",
    "caller",
    "card",
    "contact",
    "customer",
    "payer",
    "recipient",
    "reporter",
    "requester",
    "sender",
    "ship",
    "shipping",
    "user",
];

/// Whether the name is one of these, or ends in one behind a word for people: `billing_phone`, `shipping_address1`.
fn ends_in(names: &str, name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
    let is_of_people = || PEOPLE.iter().any(|word| name.split('_').next() == Some(word));
    let behind = |known: &str| name.strip_suffix(known).is_some_and(|before| before.ends_with('_'));
    is_among(names, name) || (is_of_people() && names.split_whitespace().any(behind))
}

const ALIASES: &str = "\
The best of these names is the customer. Every other column that one of them fits is an *alias*: another id or
address of the same customer, by which other exports may name them. `--alias COLUMN` names more, `--no-alias COLUMN`
takes one away, and all that is left is an attribute for `--by`.
";
