//! Small exports that once set the program and the naive reading at odds, each named by what must hold.

use super::alike::{BY, results};
use super::compare::{ALONE, same};
use super::naive::{Ask, DAY};
use super::sheet::Sheet;
use super::world::World;
use super::{ASK, agrees, run};

/// The sheets of these texts; an empty one is no export.
fn given(surveys: &str, tickets: &str, purchases: &str) -> World {
    let sheet = |text: &str| {
        let mut lines = text.lines().map(str::trim);
        let mut sheet = Sheet::new(lines.next()?);
        sheet.rows = lines.map(|line| line.split(',').map(str::to_owned).collect()).collect();
        Some(sheet)
    };
    World { surveys: sheet(surveys), tickets: sheet(tickets), purchases: sheet(purchases) }
}

const ORDERS: &str = "order_id,customer_id,purchased_at,amount,channel";

#[test]
fn a_wide_invitation_without_customer_or_id_is_one() {
    let surveys = "response_id,responded_at,customer_id,nps,csat,ces,sent_at
        ,2026-01-02T00:00:00Z,,9,,,2026-01-01T00:00:00Z
        ,,,,,,2026-01-01T00:00:00Z
        R1,2026-02-02T00:00:00Z,C1,9,4,,";
    agrees(&given(surveys, "", ""), &ASK, &[], ALONE);
}

#[test]
fn an_invitation_is_linked_whether_answered_or_not() {
    let surveys = "response_id,customer_id,responded_at,nps,sent_at
        R1,C1,2026-01-04T00:00:00Z,9,2026-01-03T00:00:00Z
        R2,C1,,,2026-01-03T00:00:00Z
        R3,C1,2026-03-04T00:00:00Z,9,2026-01-03T00:00:00Z";
    let tickets =
        "ticket_id,customer_id,created_at,resolved_at,channel,first_reply_at,reopens,escalated,handled_by
        T1,C1,2026-01-02T00:00:00Z,,chat,,,,";
    let world = given(surveys, tickets, "");
    agrees(&world, &ASK, &[], ALONE);
    agrees(&world, &Ask { as_of: Some(40 * DAY), ..ASK }, &[], ALONE);
}

#[test]
fn onboarding_is_the_buyers_whoever_answered() {
    let surveys = "response_id,customer_id,responded_at,nps,order_id
        R1,,2026-03-20T00:00:00Z,9,O2";
    let purchases = format!(
        "{ORDERS}
        O1,C1,2026-01-01T00:00:00Z,5.00,chat
        O2,C1,2026-03-10T00:00:00Z,5.00,chat"
    );
    agrees(&given(surveys, "", &purchases), &ASK, &[], ALONE);
}

#[test]
fn a_new_customer_is_pending_in_the_channel_that_brought_them() {
    let purchases = format!(
        "{ORDERS}
        O1,C1,2026-01-01T00:00:00Z,5.00,chat
        O2,C2,2026-03-10T00:00:00Z,5.00,chat"
    );
    agrees(&given("", "", &purchases), &ASK, &[], ALONE);
}

#[test]
fn an_order_paid_back_later_stood_until_then() {
    let purchases = format!(
        "{ORDERS}
        O1,C1,2026-01-05T00:00:00Z,5.00,chat
        O1,C1,2026-03-10T00:00:00Z,-5.00,chat
        O2,C1,2026-02-20T00:00:00Z,7.00,email
        O3,C2,2026-01-05T00:00:00Z,7.00,email"
    );
    agrees(&given("", "", &purchases), &Ask { monthly: true, ..ASK }, &[], ALONE);
}

#[test]
fn a_question_that_nobody_answered_in_a_file_has_no_scale_of_its_own() {
    let surveys = "response_id,customer_id,responded_at,metric,score
        R1,C1,2026-01-01T00:00:00Z,csat,4
        R2,C1,2026-01-02T00:00:00Z,csat,
        R3,C1,2026-01-02T00:00:00Z,nps,9";
    let world = given(surveys, "", "");
    same(results(&world, &BY[..0]).as_deref(), run::in_two(&world, 1, &run::flags(&ASK), &[]).as_deref());
}

#[test]
fn tickets_after_the_moment_are_on_the_ledger_though_none_is_before_it() {
    let tickets =
        "ticket_id,customer_id,created_at,resolved_at,channel,first_reply_at,reopens,escalated,handled_by
        T1,C1,2026-03-02T00:00:00Z,,chat,,,,";
    let purchases = format!(
        "{ORDERS}
        O1,C1,2026-01-01T00:00:00Z,5.00,chat"
    );
    agrees(&given("", tickets, &purchases), &Ask { as_of: Some(20 * DAY), ..ASK }, &[], ALONE);
}

#[test]
fn answers_after_the_moment_are_not_in_the_journey() {
    let surveys = "response_id,customer_id,responded_at,nps
        R1,C1,2026-01-02T00:00:00Z,9
        R2,C1,2026-03-02T00:00:00Z,9";
    let purchases = format!(
        "{ORDERS}
        O1,C1,2026-01-01T00:00:00Z,5.00,chat"
    );
    agrees(&given(surveys, "", &purchases), &Ask { as_of: Some(20 * DAY), ..ASK }, &[], ALONE);
}

#[test]
fn a_ticket_without_a_channel_shows_no_change_of_channel() {
    let tickets =
        "ticket_id,customer_id,created_at,resolved_at,channel,first_reply_at,reopens,escalated,handled_by
        T1,C1,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z,,,,,
        T2,C1,2026-01-04T00:00:00Z,2026-01-05T00:00:00Z,chat,,,,
        T3,C2,2026-01-02T00:00:00Z,2026-01-03T00:00:00Z,,,,,
        T4,C2,2026-01-04T00:00:00Z,2026-01-05T00:00:00Z,chat,,,,
        T5,C2,2026-01-06T00:00:00Z,2026-01-07T00:00:00Z,email,,,,";
    agrees(&given("", tickets, ""), &Ask { as_of: Some(40 * DAY), ..ASK }, &[], ALONE);
}

#[test]
fn rows_without_an_id_at_one_moment_have_no_order() {
    let tickets = "ticket_id,customer_id,created_at,resolved_at,channel,stage,topic,reopens,handled_by,escalated,region\n\
                   ,C1,2026-01-05,2026-01-06,chat,use,billing,0,bot,false,north\n\
                   ,C1,2026-01-05,2026-01-06,chat,support,billing,1,human,true,south\n";
    let purchases = "order_id,customer_id,purchased_at,amount,channel,stage,region\n\
                     ,C1,2026-01-04,5.00,chat,purchase,north\n\
                     ,C1,2026-01-04,5.00,chat,use,south\n\
                     ,C1,2026-02-14,5.00,chat,use,south\n";
    let surveys = "response_id,customer_id,responded_at,sent_at,nps,csat,channel,stage,region\n\
                   ,C1,2026-01-04,2026-01-03,9,2,,,north\n\
                   ,C1,2026-01-04,2026-01-03,3,5,phone,use,south\n\
                   ,,,2026-01-20,,,,,north\n";
    let world = given(surveys, tickets, purchases);
    for seed in 0..8 {
        let shuffled = world.map(|_, sheet| sheet.shuffled(seed));
        same(results(&world, &BY).as_deref(), results(&shuffled, &BY).as_deref());
    }
}
