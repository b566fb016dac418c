//! Dimensions that only the list of customers and their subscriptions give: attributes, and who is subscribed.

use std::borrow::Cow;

use super::{CUSTOMER_DIMENSIONS, Grouping, OF_COLUMN, OF_CUSTOMER, SUBSCRIBED, View};
use crate::source::field::Kind;

impl<'a> View<'a> {
    /// The groups of customers by an attribute: the dimension is called `customer.region`, or plainly `region` where no
    /// other export has a column of that name. None if the name means something else.
    pub(super) fn attribute(&self, name: &str) -> Option<Grouping<'a>> {
        let joined = self.joined;
        let (plain, is_said) = match name.strip_prefix(OF_CUSTOMER) {
            Some(plain) => (plain, true),
            None => (name.strip_prefix(OF_COLUMN).unwrap_or(name), false),
        };
        let is_profile = CUSTOMER_DIMENSIONS.contains(&plain) && !name.starts_with(OF_COLUMN);
        let is_column = || Kind::ALL.iter().any(|kind| self.table(*kind).is_some_and(|t| t.has_words(plain)));
        let is_contact = || ["channel", "stage"].contains(&plain);
        if is_profile || (!is_said && (is_contact() || is_column())) {
            return None;
        }
        if plain == SUBSCRIBED
            && let Some(terms) = joined.subscriptions.as_ref()
        {
            let customers = 0..joined.customers.len() as u32;
            let lacks = customers.map(|customer| u32::from(!terms.runs(customer, self.moment)));
            return Some(Grouping::fixed(&["yes", "no"], lacks));
        }
        let codes = joined.attributes.as_ref()?.named(plain)?;
        Some(self.words(plain, Cow::Borrowed(codes)))
    }
}
