//! Each dimension of customers, what rows take from links and profiles, and the calendar.

use super::*;
use crate::customer::fixture::{Given, at, given};

const ANSWERS: &str = "date,metric,score,customer,channel,plan\n\
                       2026-01-05,nps,10,a,email,gold\n\
                       2026-06-01,nps,7,b,email,\n\
                       2026-06-02,nps,0,c,sms,gold\n\
                       2026-06-03,nps,9,,sms,gold\n\
                       2026-06-04,csat,5,d,sms,gold\n";
const TICKETS: &str = "ticket_id,customer,created_at,channel,region\n\
                       1,b,2026-05-30,phone,north\n2,c,2026-05-01,chat,south\n3,c,2026-06-01,phone,east\n";
const ORDERS: &str = "customer,date,order_id,amount,channel\n\
                      a,2026-01-01,1,10,web\nb,2026-04-01,2,20,app\nb,2026-06-30,3,20,web\n\
                      d,2026-05-05,4,70,web\ne,2026-05-06,5,100,\n";

/// Read with `by` among the dimensions, so that a column that is no field is read too.
fn read(by: &str) -> Given {
    let files = [(Kind::Surveys, ANSWERS), (Kind::Tickets, TICKETS), (Kind::Purchases, ORDERS)];
    given(&files, |plan| plan.breakdowns.push(vec![by.to_owned()]))
}

fn told(grouping: &Grouping<'_>, of: impl Iterator<Item = usize>) -> String {
    of.map(|row| grouping.label(row as u32)).collect::<Vec<_>>().join(" ")
}

/// The groups of the customers a, b, c, d and e at the end.
fn customers(by: &str) -> String {
    let given = read(by);
    let joined = &given.joined;
    let view = View::now(joined, given.plan.windows.retention, given.plan.zone());
    let grouping = view.of_customers(by);
    assert_eq!(grouping.labels.last().map(String::as_str), Some(UNKNOWN));
    told(&grouping, ["a", "b", "c", "d", "e"].iter().map(|key| joined.customer(key) as usize))
}

/// The groups of a kind's rows, in their order.
fn rows(kind: Kind, by: &str) -> String {
    let given = read(by);
    let joined = &given.joined;
    let view = View::now(joined, given.plan.windows.retention, given.plan.zone());
    let grouping = view.of_rows(kind, by);
    told(&grouping, 0..grouping.codes.len())
}

#[test]
fn each_dimension_of_customers() {
    assert_eq!(customers("state"), "churned active prospect active active");
    assert_eq!(customers("nps_group"), "promoter passive detractor (unknown) (unknown)");
    assert_eq!(customers("tickets"), "0 1 2+ 0 0");
    assert_eq!(customers("orders"), "1 2 0 1 1");
    assert_eq!(customers("channels_used"), "2 4 3 2 0");
    assert_eq!(customers("acquisition_channel"), "web app chat web (unknown)");
    assert_eq!(customers("channel"), customers("acquisition_channel"));
    assert_eq!(customers("last_channel"), "email web sms sms (unknown)");
    assert_eq!(customers("current_stage"), "onboarding renewal support use purchase");
    assert_eq!(customers("stage"), customers("current_stage"));
    assert_eq!(customers("cohort"), "2026-01 2026-04 (unknown) 2026-05 2026-05");
    // Spend of 10, 40, 70 and 100: one a quartile.
    assert_eq!(
        customers("spend_quartile"),
        "Q1 Q2 (unknown) Q3 Q4".replace("Q1", "Q1 (lowest)").replace("Q4", "Q4 (highest)")
    );
    // A column of an export: the value in the latest row that has one.
    assert_eq!(customers("region"), "(unknown) north east (unknown) (unknown)");
    assert_eq!(customers("plan"), "gold (unknown) gold gold (unknown)");
}

/// An order exactly W before T is in [T − W, T], as it is for churn.
#[test]
fn the_window_of_an_active_customer_has_both_its_ends() {
    let orders = "customer,date,amount\na,2026-01-01,1\nb,2025-12-31 23:59:59,1\nc,2026-04-01,1\n";
    let answers = "date,metric,score,customer\n2026-04-01,nps,9,a\n2026-04-01,nps,9,b\n2026-04-01,nps,9,c\n";
    let files = [(Kind::Surveys, answers), (Kind::Purchases, orders)];
    let given = given(&files, |plan| plan.breakdowns = vec![vec!["state".to_owned()]]);
    let groups = |labels: &[(&str, u64)]| -> Vec<_> {
        labels.iter().map(|(label, n)| (String::new(), (*label).to_owned(), *n)).collect()
    };
    assert_eq!(given.groups("nps"), groups(&[("active", 2), ("churned", 1)]));
}

#[test]
fn a_row_has_its_own_value_else_the_link_s_else_its_customer_s() {
    assert_eq!(rows(Kind::Surveys, "channel"), "email email sms sms sms");
    assert_eq!(rows(Kind::Surveys, "plan"), "gold (unknown) gold gold gold");
    // The second answer is about the ticket of 30 May, the third about that of 1 June.
    assert_eq!(rows(Kind::Surveys, "region"), "(unknown) north east (unknown) (unknown)");
    assert_eq!(rows(Kind::Tickets, "plan"), "(unknown) gold gold");
    // Nobody's answer, the fourth in the file, stands behind those of customers.
    assert_eq!(rows(Kind::Surveys, "state"), "churned active prospect active (unknown)");
    assert_eq!(rows(Kind::Surveys, RELATION), ["relational"; 5].join(" "));
}

#[test]
fn a_ticket_without_a_channel_has_none_whatever_its_customer_uses() {
    let tickets = "ticket_id,customer,created_at\n1,a,2026-01-02\n";
    let files = [(Kind::Tickets, tickets), (Kind::Purchases, ORDERS)];
    let given = given(&files, |_| ());
    let joined = &given.joined;
    let view = View::now(joined, given.plan.windows.retention, given.plan.zone());
    assert_eq!(told(&view.of_rows(Kind::Tickets, "channel"), 0..1), UNKNOWN);
}

#[test]
fn equal_spend_is_one_quartile() {
    let text = "customer,date,amount\na,2026-01-01,5\nb,2026-01-01,5\nc,2026-01-01,5\n";
    let given = given(&[(Kind::Purchases, text)], |_| ());
    let view = View::now(&given.joined, given.plan.windows.retention, given.plan.zone());
    assert_eq!(told(&view.of_customers("spend_quartile"), 0..3), ["Q1 (lowest)"; 3].join(" "));
}

fn label(period: Period, time: &str, zone: &str) -> String {
    period.label(period.start(at(time), zone.parse().unwrap()).unwrap())
}

#[test]
fn labels_at_the_ends_of_years() {
    // An ISO year ends with the week that has most of its days in it.
    assert_eq!(label(Period::Week, "2024-12-29", "UTC"), "2024-W52");
    assert_eq!(label(Period::Week, "2024-12-30", "UTC"), "2025-W01");
    assert_eq!(label(Period::Week, "2021-01-03", "UTC"), "2020-W53");
    assert_eq!(label(Period::Week, "2026-02-11", "UTC"), "2026-W07");
    assert_eq!(label(Period::Day, "2026-02-11 23:59:59", "UTC"), "2026-02-11");
    assert_eq!(label(Period::Month, "2026-02-11", "UTC"), "2026-02");
    let ends = ["2026-01-01", "2026-03-31", "2026-04-01", "2026-09-30", "2026-10-01", "2026-12-31"];
    assert_eq!(
        ends.map(|day| label(Period::Quarter, day, "UTC")),
        ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026-Q4"]
    );
    assert_eq!(label(Period::Year, "2026-12-31 23:59:59", "UTC"), "2026");
}

#[test]
fn a_month_is_that_of_the_zone() {
    assert_eq!(label(Period::Month, "2026-01-31 23:30", "Europe/Amsterdam"), "2026-02");
    assert_eq!(label(Period::Month, "2026-02-01 04:59", "America/New_York"), "2026-01");
    assert_eq!(label(Period::Year, "2025-12-31 23:00", "Europe/Amsterdam"), "2026");
    assert_eq!(label(Period::Week, "2026-02-08 23:30", "Europe/Amsterdam"), "2026-W07");
}

#[test]
fn every_period_begins_where_the_one_before_ends() {
    let start = NaiveDate::from_ymd_opt(2024, 12, 1).unwrap();
    for (period, want) in [
        (Period::Day, "2024-12-02"),
        (Period::Month, "2025-01-01"),
        (Period::Quarter, "2025-03-01"),
        (Period::Year, "2025-12-01"),
    ] {
        assert_eq!(period.next(start).unwrap().to_string(), want);
    }
}

fn begins(day: &str, zone: &str) -> i64 {
    day_begins(day.parse().unwrap(), zone.parse().unwrap()).unwrap()
}

#[test]
fn a_day_is_23_24_or_25_hours_long() {
    let hours = |day: &str, next: &str| {
        (begins(next, "Europe/Amsterdam") - begins(day, "Europe/Amsterdam")) / crate::instant::HOUR
    };
    assert_eq!(hours("2026-03-28", "2026-03-29"), 24);
    assert_eq!(hours("2026-03-29", "2026-03-30"), 23);
    assert_eq!(hours("2026-10-25", "2026-10-26"), 25);
}

#[test]
fn where_midnight_is_skipped_or_comes_twice_the_day_begins_at_its_first_instant() {
    // Clocks went from 0:00 to 1:00, and from 0:00 back to 23:00 the day before.
    assert_eq!(begins("2018-11-04", "America/Sao_Paulo"), at("2018-11-04 03:00"));
    assert_eq!(begins("2018-02-18", "America/Sao_Paulo"), at("2018-02-18 03:00"));
    // Clocks went from 0:00 to 0:15.
    assert_eq!(begins("1986-01-01", "Asia/Kathmandu"), at("1985-12-31 18:30"));
    // A day that there never was has no length: it begins with the next.
    assert_eq!(begins("2011-12-30", "Pacific/Apia"), begins("2011-12-31", "Pacific/Apia"));
}
