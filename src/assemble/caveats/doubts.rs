//! Where what was seen of the answers fits another reading as well. It reads no table.

use std::collections::BTreeMap;

use crate::customer::Joined;
use crate::plan::Plan;
use crate::report::Caveat;
use crate::source::opened::Opened;
use crate::table::settle::Seen;
use crate::table::value::time;
use crate::tally::Score;
use crate::text;

/// Fewer answers than that may miss an end of the scale by chance.
const FEW: u64 = 30;
/// Fewer answers to NPS than that may hold no 0 although it was offered.
const FEW_WITHOUT_ZERO: u64 = 100;
/// Among fewer orders none may be a customer's second by chance.
const LEAST_ORDERS: u64 = 100;

/// Answers that look as if they were given on another scale. Who named the scale with `--scale` knows.
pub fn scales(plan: &Plan, joined: &Joined) -> impl Iterator<Item = Caveat> {
    let unsaid = joined.seen.iter().filter(|seen| !plan.scales.contains_key(seen.question));
    unsaid.filter_map(|seen| {
        let (why, remedy) = doubt(seen)?;
        let cause = format!(
            "the {} to {} run from {} to {} and are read on the scale of {}: {why}",
            text::count(seen.n, "answer"),
            seen.question,
            seen.lowest.value(),
            seen.highest.value(),
            seen.scale
        );
        let remedy =
            format!("{remedy}, or pass --scale {}={} if the scale is right", seen.question, seen.scale);
        Some(Caveat { kind: "scale-doubt", cause, remedy })
    })
}

/// What is odd about the answers, and what to do about it.
fn doubt(seen: &Seen) -> Option<(&'static str, &'static str)> {
    const ZERO_TO_TEN: &str = "export answers coded 1 to 10 or 1 to 11 as 0 to 10";
    if seen.n < FEW {
        return None;
    }
    let up_to_5 = seen.highest <= Score::whole(5);
    match seen.question {
        "ces" if up_to_5 => Some((
            "if the question was asked on 1-5, this is not the CES of 1-7",
            "leave its column out with --map surveys.ces=",
        )),
        "nps" if up_to_5 => Some((
            "no answer is above 5, and a question asked on 1-5 gives no NPS",
            "leave its column out with --map surveys.nps=",
        )),
        "nps"
            if seen.n >= FEW_WITHOUT_ZERO
                && seen.lowest >= Score::whole(1)
                && seen.highest == Score::whole(10) =>
        {
            Some(("0 never occurs, as where answers are coded 1 to 10 or 1 to 11", ZERO_TO_TEN))
        }
        _ => None,
    }
}

/// Customers who are all new look like an id that is made anew for each order.
pub fn one_order_each(joined: &Joined) -> Option<Caveat> {
    let purchases = joined.purchases.as_ref()?;
    let mut orders = 0;
    for customer in 0..joined.customers.len() as u32 {
        match purchases.orders(customer).take(2).count() {
            2.. => return None,
            n => orders += n as u64,
        }
    }
    (orders >= LEAST_ORDERS).then(|| Caveat {
        kind: "one-order-each",
        cause: format!(
            "none of {} customers has bought twice: is their id made anew for each order?",
            text::thousands(orders)
        ),
        remedy: "map the column that names the person, --map purchases.customer=COLUMN, or give a list that says whose \
                 ids they are, --customers FILE"
            .to_owned(),
    })
}

/// Times that a vendor writes in a zone of the account, which nobody named. One caveat for the files of a preset.
pub fn zones(plan: &Plan, files: &[Opened]) -> Vec<Caveat> {
    let mut by_preset: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, request) in files.iter().zip(&plan.requests) {
        let is_said = plan.zone_is_said || request.said.zone.is_some();
        if let Some(preset) = file.mapping.shape.preset.as_ref().filter(|_| !is_said)
            && file.times.iter().any(|time| time::lacks_zone(time.as_bytes()))
        {
            by_preset.entry(&preset.name).or_default().push(&file.name);
        }
    }
    let caveat = |(preset, files): (&str, Vec<&str>)| Caveat {
        kind: "unsaid-zone",
        cause: format!("the times of {} name no zone and are read as UTC", text::quoted(&files, 3)),
        remedy: format!(
            "pass --tz ZONE, e.g. --tz Europe/Amsterdam, or --tz UTC if they are; `cxm inspect` shows what the preset \
             {preset} says of them"
        ),
    };
    by_preset.into_iter().map(caveat).collect()
}
