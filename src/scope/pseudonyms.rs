//! `--where customer = …` where customers have pseudonyms: a pseudonym stands for its customer. Knows no other dimension.

use std::collections::HashMap;

use crate::customer::Joined;
use crate::dimension::CUSTOMER;
use crate::plan::Plan;

/// The plan with the keys of customers where its filter names them by their pseudonyms, which are all that is shown of
/// them.
pub fn by_key(plan: &Plan, joined: &Joined) -> Plan {
    let mut plan = plan.clone();
    let is_asked = |value: &str| plan.keys.may_show(value);
    if !plan.filter.iter().flat_map(|filter| filter.values(CUSTOMER)).any(is_asked) {
        return plan;
    }
    let keys: HashMap<String, &str> =
        joined.customers.iter().map(|key| (plan.keys.shown(key), key)).collect();
    plan.filter =
        plan.filter.map(|filter| filter.with_values(CUSTOMER, &|value| Some((*keys.get(value)?).to_owned())));
    plan
}
