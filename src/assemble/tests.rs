//! Which groups are hidden, what stands beside a number, and what the reader is warned of.

use super::*;
use crate::customer::fixture::{at, given};
use crate::dimension::Period;
use crate::estimate::Figure;
use crate::metric::METRICS;

/// Groups of these sizes in one breakdown: `h` for each that is hidden, `s` for one that is shown.
fn hidden(min_n: u64, sizes: &[u64]) -> String {
    let mut records: Vec<(usize, Record)> = sizes.iter().map(|n| (1, sample("x", *n))).collect();
    hide_small(min_n, &mut records);
    records.iter().map(|(_, record)| if record.suppressed { 'h' } else { 's' }).collect()
}

fn sample(label: &str, n: u64) -> Record {
    Record {
        metric: "nps".to_owned(),
        definition: String::new(),
        period: None,
        group: Counts(vec![("channel".to_owned(), label.to_owned())]),
        n,
        value: Some(1.0),
        lower: Some(0.0),
        upper: Some(2.0),
        unit: crate::report::Unit::Points,
        partial: false,
        suppressed: false,
        note: String::new(),
        detail: Detail(vec![("promoters", Figure::Count(3))]),
    }
}

#[test]
fn one_small_group_takes_the_next_smallest_with_it() {
    assert_eq!(hidden(5, &[4, 9, 6, 8]), "hshs");
    assert_eq!(hidden(5, &[6, 4, 6]), "hhs", "of two equally small the first");
    assert_eq!(hidden(5, &[4, 9, 3, 8]), "hshs", "two hide each other");
    assert_eq!(hidden(5, &[5, 9]), "ss");
    assert_eq!(hidden(5, &[4]), "h");
    assert_eq!(hidden(5, &[4, 0, 7]), "hsh", "an empty group hides nothing");
    assert_eq!(hidden(1, &[1, 2]), "ss");
    assert_eq!(hidden(0, &[1, 2]), "ss");
}

#[test]
fn a_hidden_group_tells_nothing_but_that_it_is() {
    let mut records = vec![(1, sample("web", 4)), (1, sample("app", 50))];
    hide_small(5, &mut records);
    for (_, record) in &records {
        assert_eq!((record.value, record.lower, record.upper, record.suppressed), (None, None, None, true));
        assert_eq!(record.detail, Detail::default());
    }
    assert_eq!(records[0].1.note, "fewer than 5");
    assert_eq!(records[1].1.note, "hidden so that the small group cannot be computed back");
}

/// The figures of that name beside groups of these sizes, once the small ones are blank.
fn beside(name: &'static str, sizes: &[u64]) -> Vec<Option<f64>> {
    let with = |n: &u64| {
        let detail = Detail(vec![("active", Figure::Count(99)), (name, Figure::Count(*n))]);
        (1, Record { detail, ..sample("x", 50) })
    };
    let mut records: Vec<(usize, Record)> = sizes.iter().map(with).collect();
    hide_small_arms(5, &mut records);
    records.iter().map(|(_, record)| record.detail.number(name)).collect()
}

#[test]
fn a_small_figure_beside_a_number_cannot_be_computed_back_from_the_total() {
    assert_eq!(beside("new_or_returning", &[3, 7, 9]), [None, None, None]);
    assert_eq!(beside("new_or_returning", &[0, 7]), [Some(0.0), Some(7.0)]);
    assert_eq!(beside("retained_n", &[3, 9, 7]), [None, Some(9.0), None]);
    assert_eq!(beside("retained_n", &[3, 4, 7]), [None, None, Some(7.0)]);
    assert_eq!(beside("retained_n", &[5, 0]), [Some(5.0), Some(0.0)]);
}

#[test]
fn each_breakdown_and_each_period_hides_for_itself() {
    let in_period = |breakdown, period: &str, n| {
        (breakdown, Record { period: Some(period.to_owned()), ..sample("x", n) })
    };
    let mut records = vec![
        in_period(1, "2026-01", 4),
        in_period(1, "2026-01", 9),
        in_period(1, "2026-02", 9),
        in_period(1, "2026-02", 9),
        in_period(2, "2026-02", 9),
    ];
    hide_small(5, &mut records);
    let suppressed: Vec<bool> = records.iter().map(|(_, record)| record.suppressed).collect();
    assert_eq!(suppressed, [true, true, false, false, false]);
}

#[test]
fn an_overall_number_is_never_hidden() {
    let mut records = vec![(0, Record { group: Counts(Vec::new()), ..sample("x", 1) })];
    hide_small(5, &mut records);
    assert!(!records[0].1.suppressed);
}

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
