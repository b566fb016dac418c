//! Whether a header is that of subscriptions or of a list of customers, which share most of their columns with contacts;
//! it never sees a row.

use super::{Fit, Reading, WEIGHT, own, unnumbered};
use crate::source::columns::vocabulary;
use crate::source::field::{Field, Kind};
use crate::source::mapping::Header;

/// What a header may be: one of `contacts`, the kinds of contacts that explain its columns best; or subscriptions, or a
/// list of customers; or several kinds between which only the user can choose.
pub(super) fn rivals(header: &Header, all: &[Reading], contacts: Vec<Kind>) -> Vec<Kind> {
    let of = |kind: Kind| all.iter().find(|reading| reading.kind == kind);
    if let Some(terms) = of(Kind::Subscriptions).filter(|terms| are_terms(terms, all)) {
        let points = terms.rank().0;
        // What lacks a field that it must have, and has none of its own, is no rival.
        let is_rival = |reading: &&Reading| {
            reading.missing.is_empty()
                || own(reading.kind).iter().any(|field| reading.fits.contains_key(field))
        };
        let rank = |kind: &Kind| of(*kind).filter(is_rival).map_or(0, |reading| reading.rank().0);
        let best = contacts.iter().map(rank).max().unwrap_or(0);
        // One column more or less does not settle what a file is.
        if best == 0 || points >= best + WEIGHT {
            return vec![Kind::Subscriptions];
        }
        return if best >= points + WEIGHT { contacts } else { with(contacts, Kind::Subscriptions) };
    }
    let known = |reading: &&Reading| is_list(header, reading, all);
    of(Kind::Customers).filter(known).map_or(contacts, |reading| vec![reading.kind])
}

fn with(mut kinds: Vec<Kind>, kind: Kind) -> Vec<Kind> {
    kinds.push(kind);
    kinds
}

/// Whether the columns are those of subscriptions: nothing is missing, something of them is there that a survey with a
/// start and an end lacks, and nothing that only an answer or a ticket has.
fn are_terms(terms: &Reading, all: &[Reading]) -> bool {
    let fit = |field: Field| terms.fits.get(&field);
    let begins = fit(Field::StartedAt).is_some_and(|fit| fit.tier == 0);
    let ends = [Field::EndedAt, Field::Reason].into_iter().any(|field| fit(field).is_some());
    let is_sold = fit(Field::Plan).is_some()
        || [Field::Subscription, Field::Mrr].into_iter().any(|field| fit(field).is_some_and(|f| f.tier < 2));
    let is_contact = |reading: &Reading| {
        let own = own(reading.kind).iter().chain(&[Field::Score]);
        [Kind::Surveys, Kind::Tickets].contains(&reading.kind)
            && own.filter_map(|field| reading.fits.get(field)).any(|fit| fit.tier < 2)
    };
    terms.missing.is_empty() && (is_sold || begins && ends) && !all.iter().any(is_contact)
}

/// Whether the columns are those of a list of customers: each has an id or an address that is one for sure, and nothing
/// says when something happened, nor what was bought, asked or answered.
fn is_list(header: &Header, list: &Reading, all: &[Reading]) -> bool {
    let named = |column: &usize| vocabulary().is_alias(unnumbered(&header.names[*column]));
    let Some(Fit { columns, .. }) = list.fits.get(&Field::Customer) else { return false };
    let is_sure = columns.iter().any(named) || (0..header.names.len()).any(|column| named(&column));
    let contacts = || all.iter().filter(|reading| Kind::OF_CONTACTS.contains(&reading.kind));
    let happened = |reading: &Reading| {
        let fits = reading.fits.iter();
        fits.into_iter().any(|(field, fit)| HAPPENED.contains(field) && (fit.kinds == 1 || fit.tier < 2))
    };
    let moment = |name: &String| {
        Kind::ALL.iter().any(|kind| {
            vocabulary().sense(*kind, unnumbered(name)).is_some_and(|sense| sense.field.is_time())
        })
    };
    is_sure && !contacts().any(happened) && !header.names.iter().any(moment)
}

/// What only something that happened has. A customer too may have a channel, a status, a topic, a product.
const HAPPENED: &[Field] = &[
    Field::Nps,
    Field::Csat,
    Field::Ces,
    Field::Metric,
    Field::Score,
    Field::Response,
    Field::Ticket,
    Field::Reopens,
    Field::Replies,
    Field::Rating,
    Field::Escalated,
    Field::Order,
    Field::Amount,
    Field::Refunded,
];
