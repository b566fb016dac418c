//! What is known of a customer up to a moment, and nothing of what comes after it.

use super::*;
use crate::customer::Joined;
use crate::customer::fixture::{at, joined};
use crate::source::field::Kind;
use crate::tally::Score;

const ANSWERS: &str = "date,metric,score,customer,channel\n\
                       2026-01-05,nps,2,a,email\n\
                       2026-02-05,nps,10,a,email\n\
                       2026-02-05,csat,1,a,email\n\
                       2026-02-05,csat,4,a,email\n\
                       2026-01-01,nps,9,z,sms\n";
const TICKETS: &str = "ticket_id,customer,created_at,channel\n1,a,2026-01-01,phone\n2,a,2026-03-01,chat\n3,q,2026-01-01,phone\n";
const ORDERS: &str = "customer,date,order_id,amount,channel\n\
                      a,2026-01-10,1,50,web\n\
                      a,2026-02-10,2,30,app\n\
                      a,2026-03-10,2,-10,app\n";

fn all() -> Joined {
    joined(&[(Kind::Surveys, ANSWERS), (Kind::Tickets, TICKETS), (Kind::Purchases, ORDERS)])
}

fn known(joined: &Joined, key: &str, moment: &str) -> Person {
    joined.person(joined.customer(key), at(moment))
}

fn last_nps(joined: &Joined, key: &str, moment: &str) -> Option<Score> {
    joined.answers.as_ref().unwrap().last_score(joined.customer(key), "nps", at(moment))
}

#[test]
fn a_row_at_the_moment_is_not_before_it() {
    let joined = all();
    let before = known(&joined, "a", "2026-01-10");
    assert_eq!((before.orders, before.first_order_at, before.spend), (0, None, 0));
    let after = known(&joined, "a", "2026-01-10 00:00:01");
    assert_eq!((after.orders, after.first_order_at), (1, Some(at("2026-01-10"))));
    let scores = ["2026-01-05", "2026-01-06", "2026-02-05", "2026-02-06"]
        .map(|moment| last_nps(&joined, "a", moment).map(|score| score.value()));
    assert_eq!(scores, [None, Some(2.0), Some(2.0), Some(10.0)]);
    let tickets =
        ["2026-01-01", "2026-01-02", "2026-04-01"].map(|moment| known(&joined, "a", moment).tickets);
    assert_eq!(tickets, [0, 1, 2]);
}

#[test]
fn nothing_is_known_before_the_first_row() {
    let joined = all();
    let known = [0, 1, 2].map(|customer| joined.person(customer, i64::MIN));
    assert_eq!(known, [Person::UNKNOWN; 3]);
}

#[test]
fn spend_is_less_refunds_which_are_no_orders() {
    let joined = all();
    let end = known(&joined, "a", "2026-04-01");
    assert_eq!((end.spend, end.orders, end.last_order_at), (700_000, 2, Some(at("2026-02-10"))));
}

#[test]
fn the_channel_of_acquisition_is_that_of_the_first_order_else_of_the_first_touch() {
    let joined = all();
    let channel = |key: &str, moment: &str| {
        joined.word("channel", known(&joined, key, moment).acquisition_channel).to_owned()
    };
    assert_eq!(channel("a", "2026-01-09"), "phone");
    assert_eq!(channel("a", "2026-04-01"), "web");
    assert_eq!((channel("z", "2026-04-01"), channel("q", "2026-04-01")), ("sms".into(), "phone".into()));
}

#[test]
fn the_last_channel_and_stage_are_those_of_the_latest_row() {
    let joined = all();
    let told = |moment: &str| {
        let person = known(&joined, "a", moment);
        let stage = joined.last_stage(joined.customer("a"), at(moment));
        format!("{} {}", joined.word("channel", person.last_channel), joined.stage(stage))
    };
    assert_eq!(told("2026-01-02"), "phone support");
    assert_eq!(told("2026-01-11"), "web purchase");
    assert_eq!(told("2026-02-11"), "app renewal");
    assert_eq!(told("2026-04-01"), "chat support");
}

#[test]
fn channels_are_counted_once_each() {
    let joined = all();
    let used = |key: &str| joined.at_the_end(joined.customer(key)).channels_used;
    assert_eq!((used("a"), used("z")), (5, 1));
    // More channels than one block of 64 holds.
    let rows: String = (0..130).map(|n| format!("{n},a,2026-01-01,c{n}\n")).collect();
    let many = super::super::fixture::joined(&[(
        Kind::Tickets,
        &format!("ticket_id,customer,created_at,channel\n{rows}x,a,2026-01-02,c7\n"),
    )]);
    assert_eq!(many.at_the_end(0).channels_used, 130);
}

#[test]
fn ties_do_not_depend_on_the_order_of_the_rows() {
    let mut rows = ["2026-01-05,nps,2,a,web", "2026-01-05,nps,9,a,app", "2026-01-05,nps,7,a,sms"];
    let mut seen = Vec::new();
    for _ in 0..3 {
        rows.rotate_left(1);
        let text = format!("date,metric,score,customer,channel\n{}\n", rows.join("\n"));
        let joined = joined(&[(Kind::Surveys, &text)]);
        let person = joined.at_the_end(0);
        let channels = [person.acquisition_channel, person.last_channel];
        seen.push((
            last_nps(&joined, "a", "2026-02-01"),
            channels.map(|code| joined.word("channel", code).to_owned()),
        ));
    }
    let want = (Some(Score::whole(9)), ["app".to_owned(), "web".to_owned()]);
    assert_eq!(seen, [want.clone(), want.clone(), want]);
}

#[test]
fn an_invitation_and_a_blank_are_no_touch() {
    let text = "date,metric,score,customer,channel,sent_at\n,nps,,a,sms,2026-01-01\n2026-01-02,nps,,a,web,\n";
    let joined = joined(&[(Kind::Surveys, text)]);
    assert_eq!(joined.at_the_end(0).last_channel, NONE);
}
