//! What customers did with their purchases, as of one moment or as of the end of each month.

use std::collections::BTreeSet;

use super::super::sheet::Times;
use super::cases::{Account, Case, Fact, yes};
use super::link::{Linked, standing};
use super::read::Purchase;
use super::{Ask, DAY};

const STAGES: [&str; 8] =
    ["awareness", "consideration", "purchase", "onboarding", "use", "support", "renewal", "advocacy"];

/// Adds the cases of the customer metrics.
pub fn retain(account: &mut Account, linked: &Linked, as_of: i64, ask: &Ask) {
    for metric in ["retention", "churn", "repeat_rate", "grr", "nrr"] {
        account.cases.entry(metric).or_default();
    }
    silences(account, linked, as_of, ask.window * DAY);
    if !ask.monthly {
        return at(account, linked, as_of, None, ask);
    }
    let Some(mut moment) = linked.purchases.iter().filter(|p| p.cents >= 0).map(|p| p.at).min() else {
        return;
    };
    while moment <= as_of {
        let (end, name) = Times::month(moment);
        account.ends.insert(name.clone(), end);
        account.months.push(name.clone());
        at(account, linked, as_of.min(end - 1), Some(name), ask);
        moment = end;
    }
}

/// Of the times without an order that are at least a window long and were watched for two, those that ended by then.
fn silences(account: &mut Account, linked: &Linked, as_of: i64, w: i64) {
    // Two orders at one moment begin one silence.
    let moments: BTreeSet<(&str, i64)> =
        linked.orders.iter().map(|order| (order.row.customer.as_str(), order.row.at)).collect();
    for (customer, at) in moments.iter().filter(|(_, at)| at + 2 * w <= as_of) {
        let later = moments.iter().filter(|(other, then)| other == customer && then > at);
        let next = later.map(|(_, then)| then - at).min();
        if next.is_none_or(|gap| gap >= w) {
            account.silences.0 += 1;
            account.silences.1 += u64::from(next.is_some_and(|gap| gap <= 2 * w));
        }
    }
}

fn at(account: &mut Account, linked: &Linked, t: i64, period: Option<String>, ask: &Ask) {
    let (now, before) = windows(t, ask);
    let orders = standing(&linked.purchases, t);
    let mut customers: Vec<&str> = orders.iter().map(|order| order.customer.as_str()).collect();
    customers.sort_unstable();
    customers.dedup();
    for customer in customers {
        let own: Vec<&Purchase> = orders.iter().copied().filter(|order| order.customer == customer).collect();
        let case = |fact| Case {
            fact,
            period: period.clone(),
            channel: own[0].channel.clone(),
            stage: stage_before(linked, customer, now),
            relation: None,
        };
        let repeat = match (own[0].at < now, own.len() > 1) {
            (true, again) => yes(again),
            (false, _) => Fact::Pending,
        };
        account.add("repeat_rate", case(repeat), ask);
        let stayed = own.iter().any(|order| now <= order.at);
        if !own.iter().any(|order| before <= order.at && order.at < now) {
            if stayed {
                account.add("retention", case(Fact::Arrived), ask);
            }
            continue;
        }
        account.add("retention", case(yes(stayed)), ask);
        account.add("churn", case(yes(!stayed)), ask);
        let spend = |from: i64, to: i64| -> i64 {
            let of = linked.purchases.iter().filter(|p| p.customer == customer && from <= p.at && p.at < to);
            of.filter(|p| !p.refunded).map(|p| p.cents).sum()
        };
        let (then, since) = (spend(before, now), spend(now, t + 1));
        account.add("grr", case(Fact::Money(then, since.min(then))), ask);
        account.add("nrr", case(Fact::Money(then, since)), ask);
        if linked.has["surveys"] {
            let said = linked.answers.iter().filter(|answer| {
                let row = &answer.row;
                row.customer.as_deref() == Some(customer)
                    && row.metric == "csat"
                    && row.at.is_some_and(|at| at < now)
            });
            // Of two at the same moment the better one: the order of rows must not decide.
            let last = said.filter(|a| a.row.score.is_some()).max_by_key(|a| (a.row.at, a.row.score));
            if let Some(last) = last {
                let satisfied = last.row.score >= Some(4);
                account.add("satisfied_defectors", case(Fact::Satisfied { stayed, satisfied }), ask);
            }
        }
    }
}

/// Where the window that ends at a moment begins, and where the one before it does.
fn windows(t: i64, ask: &Ask) -> (i64, i64) {
    let w = ask.window * DAY;
    let month = Times::month_begin(t);
    if ask.calendar { (month, Times::month_begin(month - 1)) } else { (t - w, t - 2 * w) }
}

/// The stage of the customer's latest row of any kind before a moment.
fn stage_before(linked: &Linked, customer: &str, moment: i64) -> Option<String> {
    let of = |who: &str, at: i64| who == customer && at < moment;
    let mut rows: Vec<(i64, Option<String>)> = Vec::new();
    for answer in &linked.answers {
        let (Some(who), Some(at)) = (&answer.row.customer, answer.row.at) else { continue };
        if of(who, at) && answer.row.score.is_some() {
            rows.push((at, answer.stage.clone()));
        }
    }
    for ticket in &linked.tickets {
        if ticket.row.customer.as_deref().is_some_and(|who| of(who, ticket.row.at)) {
            rows.push((ticket.row.at, ticket.stage.clone()));
        }
    }
    for order in
        standing(&linked.purchases, moment - 1).into_iter().filter(|order| order.customer == customer)
    {
        let stands = linked.orders.iter().find(|known| known.row.line == order.line);
        let first =
            standing(&linked.purchases, order.at).into_iter().find(|other| other.customer == customer);
        let stage = match stands {
            Some(known) => known.stage.clone(),
            // Paid back since: as it was when it was made.
            None => order.stage.clone().or_else(|| {
                let is_first = first.is_some_and(|first| first.line == order.line);
                Some(if is_first { "purchase" } else { "renewal" }.to_owned())
            }),
        };
        rows.push((order.at, stage));
    }
    // Of two at the same moment the one further on the journey.
    let place = |stage: &Option<String>| STAGES.iter().position(|name| Some(*name) == stage.as_deref());
    rows.into_iter().max_by_key(|(at, stage)| (*at, place(stage)))?.1
}
