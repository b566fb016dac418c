//! The dimensions that a list of customers gives, which are called `customer.region`, or plainly `region` where no other
//! export has such a column; and which columns tell who somebody is.

use super::{Opened, dimension_of as column_dimension_of};
use crate::dimension::{CUSTOMER_DIMENSIONS, OF_COLUMN, OF_CUSTOMER, SUBSCRIBED, column_of};
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};

/// The attributes that these dimensions may be, of a list of customers.
pub fn wanted(dimensions: &[&str], mapping: &Mapping) -> Vec<String> {
    let plain = |name: &&str| column_of(name).or_else(|| name.strip_prefix(OF_CUSTOMER)).map(str::to_owned);
    let mut names: Vec<String> = dimensions.iter().filter_map(plain).collect();
    names.retain(|name| has(mapping, name));
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether the list of customers has an attribute of that name.
fn has(mapping: &Mapping, name: &str) -> bool {
    let is_free = mapping.kind == Kind::Customers && Field::named(mapping.kind, name).is_none();
    let column = mapping.other(name).filter(|_| is_free);
    column.is_some_and(|column| mapping.claimed.get(column) == Some(&None))
}

/// Whether a name is that of something that is known of customers in these exports.
pub fn is_known(files: &[Opened], name: &str) -> bool {
    let Some(plain) = name.strip_prefix(OF_CUSTOMER) else { return CUSTOMER_DIMENSIONS.contains(&name) };
    CUSTOMER_DIMENSIONS.contains(&plain)
        || plain == SUBSCRIBED && are_subscribed(files)
        || files.iter().any(|file| has(&file.mapping, plain))
}

/// Whether a dimension comes from a list of customers.
pub fn is_attribute(files: &[Opened], name: &str) -> bool {
    let plain = column_of(name).or_else(|| name.strip_prefix(OF_CUSTOMER)).unwrap_or(name);
    let is_profile = CUSTOMER_DIMENSIONS.contains(&plain) && !name.starts_with(OF_COLUMN);
    let is_made = plain == SUBSCRIBED && are_subscribed(files);
    let is_of_row = !name.starts_with(OF_CUSTOMER) && is_column(files, plain);
    !(is_profile || is_made || is_of_row) && files.iter().any(|file| has(&file.mapping, plain))
}

fn are_subscribed(files: &[Opened]) -> bool {
    files.iter().any(|file| file.mapping.kind == Kind::Subscriptions)
}

/// Whether an export of contacts or subscriptions has a column of that name.
fn is_column(files: &[Opened], name: &str) -> bool {
    let others = files.iter().filter(|file| file.mapping.kind != Kind::Customers);
    ["channel", "stage"].contains(&name) || others.into_iter().any(|file| is_column_of(file, name))
}

fn is_column_of(file: &Opened, name: &str) -> bool {
    let mapping = &file.mapping;
    Field::named(mapping.kind, name).and_then(|field| mapping.column(field)).is_some()
        || mapping.names.iter().any(|known| known == name)
}

/// The name by which a column of a list of customers is a dimension.
pub fn dimension_of(files: &[Opened], file: &Opened, name: &str) -> String {
    match column_dimension_of(file, name) {
        ambiguous if ambiguous.starts_with(OF_COLUMN) => ambiguous,
        plain if is_column(files, &plain) => format!("{OF_CUSTOMER}{plain}"),
        plain => plain,
    }
}

/// Adds the attributes of customers, and whether they are subscribed, to the dimensions of the other exports.
pub fn add(files: &[Opened], names: &mut Vec<String>) {
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    if are_subscribed(files) {
        let is_plain = !is_column(files, SUBSCRIBED);
        add(if is_plain { SUBSCRIBED.to_owned() } else { format!("{OF_CUSTOMER}{SUBSCRIBED}") });
    }
    for file in files.iter().filter(|file| file.mapping.kind == Kind::Customers) {
        let columns = file.mapping.names.iter().zip(&file.mapping.claimed);
        for (name, _) in columns.filter(|(_, claimed)| claimed.is_none()) {
            add(dimension_of(files, file, name));
        }
    }
}

/// Refuses a dimension whose labels would say who somebody is.
///
/// # Errors
/// When it is an alias of customers, or any column of ids or addresses of theirs where pseudonyms are asked for.
pub fn check(plan: &Plan, files: &[Opened], name: &str) -> Result<()> {
    let plain = column_of(name).or_else(|| name.strip_prefix(OF_CUSTOMER)).unwrap_or(name);
    let claims = |file: &Opened| {
        let column = file.mapping.other(plain)?;
        file.mapping.claimed.get(column).copied().flatten()
    };
    let others = || files.iter().filter(|file| file.mapping.kind != Kind::Customers);
    if files.iter().any(|file| claims(file) == Some(Field::Alias))
        && !others().any(|file| is_column_of(file, plain))
    {
        return Err(Error::usage(format!(
            "`{name}` is read as an alias of the customers, which is no dimension"
        ))
        .hint(format!("if it is no id of theirs, pass --no-alias {plain}")));
    }
    let is_personal = |file: &Opened| {
        file.mapping
            .other(plain)
            .is_some_and(|at| file.mapping.is_personal(at) || file.mapping.names_a_person(at))
    };
    if plan.keys.are_pseudonyms() && !CUSTOMER_DIMENSIONS.contains(&plain) && files.iter().any(is_personal) {
        return Err(Error::usage(format!(
            "`{name}` says who a customer is, and with --pseudonymise nothing shown may"
        ))
        .hint("leave it out, or leave --pseudonymise out"));
    }
    Ok(())
}
