//! What stands beside a number, and what the reader is warned of.

use super::*;
use crate::customer::fixture::{at, given};
use crate::dimension::Period;
use crate::metric::METRICS;

const TICKETS: &str = "ticket_id,customer,created_at,resolved_at,channel\n1,a,2026-01-01,2026-01-02,web\n\
                       2,,2026-01-01,2026-01-02,web\n3,b,2026-01-01,2026-01-02,app\n4,b,2026-03-01,,app\n";

#[test]
fn identity_coverage_and_false_churn_stand_beside_the_overall_number() {
    // Silences of 30 days seen for 60: a's, which ended after 40 days, and b's, which did not.
    let orders = "customer,date,amount\na,2026-01-01,5\na,2026-02-10,5\nb,2026-01-15,5\nb,2026-01-16,5\n";
    let given = given(&[(Kind::Tickets, TICKETS), (Kind::Purchases, orders)], |plan| {
        plan.metrics = METRICS.to_vec();
        plan.every = true;
        plan.windows.retention = Window::Length(30 * crate::instant::DAY);
        plan.as_of = Some(at("2026-03-20"));
    });
    let report = given.report();
    let of = |metric: &str| report.results.iter().find(|record| record.metric == metric).unwrap();
    assert_eq!(of("fcr").detail.number("identity_coverage"), Some(75.0));
    let churn = &of("churn").detail;
    assert_eq!((churn.number("silences"), churn.number("false_churn_rate")), (Some(2.0), Some(50.0)));
    let ids: Vec<&str> = report.metrics.iter().map(|heading| heading.id.as_str()).collect();
    let order: Vec<&str> = METRICS.iter().map(|metric| metric.id).filter(|id| ids.contains(id)).collect();
    assert_eq!(ids, order, "in the order of the registry");
    for account in &report.ledger {
        let excluded: u64 = account.excluded.0.iter().map(|(_, n)| n).sum();
        assert_eq!(account.rows, account.used + excluded, "{}", account.metric);
    }
}

#[test]
fn a_report_warns_of_two_currencies_and_of_answers_that_look_back() {
    let orders = "customer,date,amount,currency\na,2026-01-01,5,EUR\na,2026-01-02,5,USD\n";
    let given = given(&[(Kind::Tickets, TICKETS), (Kind::Purchases, orders)], |plan| {
        plan.metrics = METRICS.to_vec();
        plan.every = true;
        plan.as_of = Some(at("2026-03-01"));
        plan.breakdowns.push(vec!["state".to_owned()]);
    });
    let kinds: Vec<&str> = given.report().caveats.iter().map(|caveat| caveat.kind).collect();
    assert_eq!(kinds, ["mixed-currency", "look-back"]);
}

#[test]
fn a_cut_period_is_warned_of_where_calendar_periods_are_compared() {
    let orders = "customer,date,amount\na,2026-01-01,5\na,2026-02-02,5\n";
    let kinds = |as_of: &str, until: Option<&str>, metric: &str| {
        let given = given(&[(Kind::Tickets, TICKETS), (Kind::Purchases, orders)], |plan| {
            plan.metrics = vec![Metric::named(metric).unwrap()];
            (plan.as_of, plan.until) = (Some(at(as_of)), until.map(at));
            plan.period = Some(Period::Month);
            plan.windows.retention = Window::Calendar(Period::Month);
        });
        given.report().caveats.iter().map(|caveat| caveat.remedy.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("2026-02-02", None, "churn"), ["pass --until 2026-02-01 to leave it out"]);
    assert_eq!(kinds("2026-02-02", Some("2026-02-01"), "churn"), [""; 0]);
    assert_eq!(kinds("2026-02-28 23:59:59.999999", None, "churn"), [""; 0]);
    assert_eq!(kinds("2026-02-02", None, "fcr"), [""; 0]);
}

#[test]
fn who_is_new_is_told_only_where_it_is_known_where_they_belong() {
    let orders = "customer,date,amount,channel,plan\na,2026-01-10,1,web,x\na,2026-02-10,1,web,x\n\
                  b,2026-02-10,1,web,x\n";
    let of = |min_n: u64, by: &str| {
        let given = given(&[(Kind::Purchases, orders)], |plan| {
            plan.metrics = vec![Metric::named("retention").unwrap()];
            plan.min_n = min_n;
            plan.breakdowns.push(vec![by.to_owned()]);
            plan.period = Some(Period::Month);
            plan.windows.retention = Window::Calendar(Period::Month);
        });
        let records = given.report().results;
        let detail = |record: &Record| record.detail.number("new_or_returning");
        let of_group = records.iter().find(|record| !record.group.0.is_empty()).and_then(detail);
        (records.first().and_then(detail), of_group)
    };
    assert_eq!(of(1, "channel"), (Some(1.0), Some(1.0)));
    assert_eq!(of(1, "plan"), (Some(1.0), None), "nothing says so of b before February");
    assert_eq!(of(2, "channel"), (Some(1.0), None), "too few");
}
