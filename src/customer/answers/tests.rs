//! What each answer is about, and the channel it has.

use super::*;
use crate::customer::Joined;
use crate::customer::fixture::{at, given, joined};
use crate::source::field::Kind;

const TICKETS: &str = "ticket_id,customer,created_at,channel\n\
                       t1,a,2026-03-01,phone\n\
                       t2,a,2026-03-20,chat\n\
                       t3,b,2026-03-01,phone\n";
const ORDERS: &str = "customer,date,order_id,amount,channel\n\
                      a,2026-03-10,o1,50,web\n\
                      c,2026-03-01,o2,50,app\n\
                      c,2026-03-05,o3,50,app\n\
                      c,2026-03-06,o3,-50,app\n";

fn with(answers: &str) -> Joined {
    let text = format!("date,metric,score,customer,channel,ticket_id,order_id,touchpoint\n{answers}");
    joined(&[(Kind::Surveys, &text), (Kind::Tickets, TICKETS), (Kind::Purchases, ORDERS)])
}

/// The id that the export has for a customer's ticket of that row.
fn ticket_id<'a>(joined: &Joined, row: usize, tickets: &'a str) -> &'a str {
    let sorted = joined.tickets.as_ref().unwrap();
    let customer = joined.customers.word(sorted.customer.get(row));
    let mut ids = tickets.lines().skip(1).filter_map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[1] == customer && at(cells[2]) == sorted.created_at[row]).then_some(cells[0])
    });
    let id = ids.next().unwrap();
    assert_eq!(ids.next(), None, "one customer's tickets differ in their time");
    id
}

/// What each answer is about, by id, in the order of the rows; `tickets` is the export of tickets.
fn about(joined: &Joined, tickets: &str) -> Vec<String> {
    let answers = joined.answers.as_ref().unwrap();
    let told = |touchpoint: Touchpoint| match touchpoint {
        Touchpoint::None => "-".to_owned(),
        Touchpoint::Ticket(row) => ticket_id(joined, row, tickets).to_owned(),
        Touchpoint::Purchase(row) => {
            let purchases = joined.purchases.as_ref().unwrap();
            let customer = joined.customers.word(purchases.customer.get(row));
            format!("{customer} {}", (purchases.at[row] - at("2026-03-01")) / crate::instant::DAY + 1)
        }
    };
    (0..answers.len()).map(|row| told(answers.touchpoint(row))).collect()
}

fn one(answer: &str) -> String {
    about(&with(&format!("{answer}\n")), TICKETS).remove(0)
}

#[test]
fn the_latest_contact_in_the_fourteen_days_before() {
    assert_eq!(one("2026-03-05,nps,9,a,,,,"), "t1");
    assert_eq!(one("2026-03-12,nps,9,a,,,,"), "a 10");
    assert_eq!(one("2026-03-21,nps,9,a,,,,"), "t2");
    assert_eq!(one("2026-03-21,nps,9,b,,,,"), "-");
    assert_eq!(one("2026-02-28,nps,9,a,,,,"), "-");
    assert_eq!(one("2026-03-05,nps,9,,,,,"), "-");
}

#[test]
fn both_edges_of_the_window_are_in_it() {
    assert_eq!(one("2026-03-01,nps,9,b,,,,"), "t3");
    assert_eq!(one("2026-03-15,nps,9,b,,,,"), "t3");
    assert_eq!(one("2026-03-15 00:00:01,nps,9,b,,,,"), "-");
    let text = "date,metric,score,customer\n2026-03-03,nps,9,b\n";
    let short = given(&[(Kind::Surveys, text), (Kind::Tickets, TICKETS)], |plan| {
        plan.windows.attribution = crate::instant::DAY;
    });
    assert_eq!(about(&short.joined, TICKETS), ["-"]);
}

#[test]
fn an_id_wins_over_time_and_over_the_window() {
    assert_eq!(one("2026-03-21,nps,9,a,,t1,,"), "t1");
    assert_eq!(one("2026-12-31,nps,9,a,,t1,,"), "t1");
    assert_eq!(one("2026-03-21,nps,9,a,,,o1,"), "a 10");
    assert_eq!(one("2026-03-21,nps,9,a,,t1,o1,"), "t1");
    assert_eq!(one("2026-03-21,nps,9,,,t1,,"), "t1");
    // Of two ids the one that is known; of one that is not, nothing: it is not about something else.
    assert_eq!(one("2026-03-21,nps,9,a,,t9,o1,"), "a 10");
    assert_eq!(one("2026-03-21,nps,9,a,,t9,,"), "-");
    assert_eq!(one("2026-03-21,nps,9,a,,n/a,,"), "t2");
}

#[test]
fn an_order_that_was_paid_back_is_nothing_to_answer_about() {
    assert_eq!(one("2026-03-07,nps,9,c,,,,"), "c 1");
    assert_eq!(one("2026-03-07,nps,9,c,,,o3,"), "-");
}

#[test]
fn of_a_ticket_and_an_order_at_one_moment_the_ticket() {
    let tickets = "ticket_id,customer,created_at\nt1,a,2026-03-10\n";
    let answers = "date,metric,score,customer\n2026-03-11,nps,9,a\n";
    let both = joined(&[(Kind::Surveys, answers), (Kind::Tickets, tickets), (Kind::Purchases, ORDERS)]);
    assert_eq!(about(&both, tickets), ["t1"]);
}

#[test]
fn the_channel_is_its_own_else_that_of_what_it_is_about() {
    let joined = with(
        "2026-03-05,nps,9,a,email,,,\n2026-03-05,nps,9,a,,,,\n2026-03-12,nps,9,a,,,,\n\
                       2026-01-01,nps,9,a,,,,\n",
    );
    let channels: Vec<&str> =
        joined.answers.as_ref().unwrap().channel.iter().map(|code| joined.word("channel", code)).collect();
    assert_eq!(channels, ["email", "phone", "web", "-"]);
}

#[test]
fn only_its_own_row_makes_an_answer_transactional() {
    let joined = with(
        "2026-03-05,nps,9,a,,,,\n2026-03-05,nps,9,a,,t1,,\n2026-03-05,nps,9,a,,,o1,\n\
                       2026-03-05,nps,9,a,,,,delivery\n",
    );
    let answers = joined.answers.unwrap();
    let transactional: Vec<bool> = (0..answers.len()).map(|row| answers.is_transactional(row)).collect();
    assert_eq!(transactional, [false, true, true, true]);
}

#[test]
fn a_zero_is_an_answer_a_blank_is_none_and_another_question_only_a_response() {
    let joined = with("2026-03-05,nps,0,a,,,,\n2026-03-05,nps,,a,,,,\n2026-03-05,mood,5,a,,,,\n");
    let answers = joined.answers.unwrap();
    let scores: Vec<_> = (0..answers.len()).map(|row| answers.score(row)).collect();
    assert_eq!(scores, [Some(Score(0)), None, Some(Score(0))]);
    let names: Vec<_> = (0..answers.len()).map(|row| answers.question(row).map(|q| q.name)).collect();
    assert_eq!(names, [Some("nps"), Some("nps"), None]);
    assert_eq!([0, 1].map(|row| answers.is_answer(row, at("2026-03-05"))), [true, false]);
    assert!(!answers.is_answer(0, at("2026-03-05") - 1));
}
