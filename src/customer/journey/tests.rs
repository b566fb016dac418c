//! Each clause of the rule by which a stage is found.

use super::*;
use crate::customer::Joined;
use crate::customer::fixture::given;

const ORDERS: &str =
    "customer,date,order_id,amount\na,2026-01-10,1,50\na,2026-03-10,2,50\nb,2026-05-01,3,50\n";

fn read(files: &[(Kind, &str)], rules: &[(&str, &str)], names: &[(&str, &str)]) -> Joined {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<BTreeMap<_, _>>()
    };
    given(files, |plan| (plan.journey.words, plan.journey.names) = (pairs(rules), pairs(names))).joined
}

fn told(joined: &Joined, stages: &Codes) -> String {
    stages.iter().map(|stage| joined.stage(stage)).collect::<Vec<_>>().join(" ")
}

/// The stages of answers next to the orders and these tickets, in the order of the rows.
fn answers(rows: &str, tickets: &str) -> String {
    let text = format!("date,metric,score,customer,order_id\n{rows}");
    let tickets = format!("ticket_id,customer,created_at,stage\n{tickets}");
    let files = [(Kind::Surveys, text.as_str()), (Kind::Tickets, &tickets), (Kind::Purchases, ORDERS)];
    let joined = read(&files, &[], &[]);
    told(&joined, &joined.stages.answers)
}

#[test]
fn a_purchase_is_the_first_or_a_renewal() {
    let text = "customer,date,order_id,amount,refunded\na,2026-01-01,1,50,50\na,2026-01-02,2,50,\n\
                a,2026-01-03,3,50,\nb,2026-01-03,4,50,\n";
    let joined = read(&[(Kind::Purchases, text)], &[], &[]);
    // What was paid back in full is no purchase: the second row is the customer's first.
    assert_eq!(told(&joined, &joined.stages.purchases), "renewal purchase renewal purchase");
    assert_eq!(joined.stages.counts[0].join, 3);
}

#[test]
fn a_ticket_is_onboarding_for_thirty_days_after_the_first_purchase() {
    let tickets = "ticket_id,customer,created_at\n\
                   1,a,2026-01-09\n2,a,2026-01-10\n3,a,2026-02-09\n4,a,2026-02-09 00:00:01\n5,a,2026-03-11\n\
                   6,z,2026-01-10\n";
    let joined = read(&[(Kind::Tickets, tickets), (Kind::Purchases, ORDERS)], &[], &[]);
    assert_eq!(
        told(&joined, &joined.stages.tickets),
        "support onboarding onboarding support support support"
    );
}

#[test]
fn an_answer_about_a_ticket_has_its_stage() {
    let tickets = "1,a,2026-01-20,\n2,a,2026-03-01,\n3,z,2026-01-20,aftercare\n";
    let rows = "2026-01-21,nps,9,a,\n2026-03-02,nps,9,a,\n2026-01-21,nps,9,z,\n";
    assert_eq!(answers(rows, tickets), "onboarding support aftercare");
}

#[test]
fn an_answer_about_a_purchase_is_of_it_for_three_days() {
    // Three days after the first order; a second more; three days and a second after the later one.
    let rows = "2026-01-13,nps,9,a,\n2026-01-13 00:00:01,nps,9,a,\n2026-03-13,nps,9,a,\n\
                2026-03-13 00:00:01,nps,9,a,\n";
    assert_eq!(answers(rows, ""), "purchase onboarding renewal use");
    // Named by its id it may be long after: thirty days after the first order, and one second more.
    let named = "2026-02-09,nps,9,a,1\n2026-02-09 00:00:01,nps,9,a,1\n";
    assert_eq!(answers(named, ""), "onboarding use");
}

#[test]
fn without_a_link_it_is_before_the_first_purchase_or_in_use() {
    let rows = "2026-01-09,nps,9,a,\n2026-02-20,nps,9,a,\n2026-02-20,nps,9,b,\n2026-02-20,nps,9,z,\n\
                2026-02-20,nps,9,,\n";
    assert_eq!(answers(rows, ""), "consideration use consideration consideration -");
    let alone = "date,metric,score,customer\n2026-01-09,nps,9,a\n";
    let joined = read(&[(Kind::Surveys, alone)], &[], &[]);
    assert_eq!(told(&joined, &joined.stages.answers), "-", "without purchases nobody knows");
}

#[test]
fn a_row_s_own_stage_comes_first_then_a_rule_then_the_join() {
    let tickets = "ticket_id,customer,created_at,stage,topic\n\
                   1,a,2026-01-01,Aftercare,Billing\n2,a,2026-01-02,,Billing\n3,a,2026-01-03,,Login\n\
                   4,a,2026-01-04,Zen,\n5,a,2026-01-05,USE,\n";
    let joined = read(&[(Kind::Tickets, tickets)], &[("billing", "renewal")], &[("aftercare", "support")]);
    assert_eq!(told(&joined, &joined.stages.tickets), "support renewal support zen use");
    assert_eq!(joined.stages.names[8..], ["zen"], "after the default ones, by name");
    let count = &joined.stages.counts[0];
    assert_eq!((count.given, count.rule, count.join, count.unknown), (3, 1, 1, 0));
}

#[test]
fn of_the_rules_touchpoint_comes_before_survey() {
    let text = "date,metric,score,customer,touchpoint,survey\n2026-01-01,nps,9,a,Delivery,Yearly\n\
                2026-01-01,nps,9,a,,Yearly\n2026-01-01,nps,,a,Delivery,\n";
    let rules = [("delivery", "purchase"), ("yearly", "advocacy")];
    let joined = read(&[(Kind::Surveys, text)], &rules, &[]);
    assert_eq!(told(&joined, &joined.stages.answers), "purchase advocacy purchase");
    assert_eq!(joined.stages.counts[0].rule, 2, "an answer left blank is not counted");
}
