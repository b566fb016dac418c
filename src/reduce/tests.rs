//! What comes in, what counts, and in which group and period.

use super::*;
use crate::customer::fixture::{Given, at, given};
use crate::dimension::{Period, Window};
use crate::filter::Filter;
use crate::metric::METRICS;
use crate::source::field::Kind;

const ANSWERS: &str = "date,metric,score,customer,sent_at,response_id,channel\n\
                       2026-01-10,nps,10,a,2026-01-01,r1,web\n\
                       2026-01-20,nps,0,b,2026-01-02,r2,app\n\
                       ,nps,,c,2026-01-03,r3,web\n\
                       2026-02-10,nps,8,a,2026-02-01,r4,web\n\
                       2026-02-28,nps,,d,2026-02-20,r5,app\n\
                       2026-03-10,nps,9,a,2026-03-01,r6,web\n";
const TICKETS: &str = "ticket_id,customer,created_at,resolved_at,channel\n\
                       1,a,2026-01-01,2026-01-02,web\n2,,2026-01-05,2026-01-06,web\n\
                       3,b,2026-02-26,,app\n4,b,2026-03-05,,app\n";
const ORDERS: &str = "customer,date,order_id,amount,channel\n\
                      a,2025-12-10,1,10,web\na,2026-01-10,2,10,web\nb,2025-12-31,3,30,app\n\
                      c,2026-02-20,4,10,app\nc,2026-03-20,5,10,app\n";

const ALL: [(Kind, &str); 3] =
    [(Kind::Surveys, ANSWERS), (Kind::Tickets, TICKETS), (Kind::Purchases, ORDERS)];

fn read(set: impl FnOnce(&mut Plan)) -> Given {
    given(&ALL, |plan| {
        plan.as_of = Some(at("2026-02-28"));
        plan.windows.retention = Window::Length(30 * crate::instant::DAY);
        set(plan);
    })
}

/// Used of all, and what was left out.
fn ledger(given: &Given, metric: &str) -> String {
    let Reduced { rows, used, excluded, .. } = given.reduced(metric);
    let mut told = format!("{used}/{rows}");
    excluded.iter().for_each(|(reason, n)| told.push_str(&format!(" {reason}:{n}")));
    told
}

#[test]
fn rows_in_are_rows_used_and_rows_left_out() {
    let given = read(|_| ());
    assert_eq!(ledger(&given, "nps"), "3/6 after-as-of:1 no-answer:2");
    assert_eq!(ledger(&given, "response_rate"), "4/6 after-as-of:1 not-mature:1");
    assert_eq!(ledger(&given, "fcr"), "1/3 no-customer:1 not-mature:1");
    assert_eq!(ledger(&given, "resolution_time"), "3/4 after-as-of:1");
    assert_eq!(ledger(&given, "escalation_rate"), "3/4 after-as-of:1");
    assert_eq!(ledger(&given, "retention"), "2/3 not-in-base:1");
    assert_eq!(ledger(&given, "repeat_rate"), "2/3 not-mature:1");
    for metric in METRICS {
        let reduced = given.reduced(metric.id);
        assert_eq!(reduced.rows, reduced.used + reduced.excluded.values().sum::<u64>(), "{}", metric.id);
    }
}

#[test]
fn tickets_after_the_moment_are_counted_where_none_came_before_it() {
    let given = read(|plan| plan.as_of = Some(at("2025-12-31")));
    assert_eq!(ledger(&given, "resolution_time"), "0/4 after-as-of:4");
}

#[test]
fn since_is_in_and_until_is_not() {
    let span = |since: &str, until: &str| {
        let given = read(|plan| (plan.since, plan.until) = (Some(at(since)), Some(at(until))));
        ledger(&given, "resolution_time")
    };
    assert_eq!(span("2026-01-01", "2026-01-05"), "1/4 after-as-of:1 after-until:2");
    assert_eq!(
        span("2026-01-01 00:00:01", "2026-01-05 00:00:01"),
        "1/4 after-as-of:1 after-until:1 before-since:1"
    );
}

#[test]
fn a_filter_holds_for_all_sides_of_a_ratio() {
    let given = read(|plan| plan.filter = Some(Filter::parse("channel = web", str::to_owned).unwrap()));
    assert_eq!(ledger(&given, "response_rate"), "3/6 after-as-of:1 filtered-out:2");
    let Tally::Share(share) = &given.reduced("response_rate").groups[0].tally else { panic!("a share") };
    assert_eq!((share.successes, share.failures), (2, 1));
    assert_eq!(ledger(&given, "nps"), "2/6 after-as-of:1 filtered-out:2 no-answer:1");
}

#[test]
fn an_answer_after_the_moment_leaves_its_invitation_unanswered() {
    let given = read(|plan| plan.as_of = Some(at("2026-01-19")));
    let Tally::Share(share) = &given.reduced("response_rate").groups[0].tally else { panic!("a share") };
    assert_eq!((share.successes, share.failures, share.pending), (1, 2, 0));
}

#[test]
fn the_answers_to_one_request_are_one_invitation() {
    // Told by customer, moment and survey; and by the response where there is one.
    let wide = "date,sent_at,customer,nps,csat\n2026-01-05,2026-01-01,a,9,\n2026-01-05,2026-01-01,b,9,4\n\
                ,2026-01-01,c,,\n2026-03-01,2026-02-01,a,1,1\n";
    let named = "date,sent_at,response_id,nps,csat\n2026-01-05,2026-01-01,r1,9,\n,2026-01-01,r2,,\n\
                 2026-03-01,2026-02-01,r3,,4\n";
    for (text, answered, not) in [(wide, 3, 1), (named, 2, 1)] {
        let Reduced { rows, groups, .. } = given(&[(Kind::Surveys, text)], |_| ()).reduced("response_rate");
        let Tally::Share(share) = &groups[0].tally else { panic!("a share") };
        assert_eq!((rows, share.successes, share.failures), (answered + not, answered, not));
    }
}

#[test]
fn groups_come_in_order_and_cross_with_periods() {
    let given = read(|plan| {
        plan.breakdowns.push(vec!["channel".to_owned()]);
        plan.period = Some(Period::Month);
    });
    let told = |groups: Vec<(String, String, u64)>| {
        let one = |(period, label, n): &(String, String, u64)| format!("{period} {label} {n}");
        groups.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        told(given.groups("nps")),
        "2026-01  2, 2026-02  1, 2026-01 app 1, 2026-01 web 1, 2026-02 web 1"
    );
    assert_eq!(told(given.groups("fcr")), "2026-01  1, 2026-02  0, 2026-01 web 1, 2026-02 app 0");
}

#[test]
fn a_period_is_partial_where_the_moment_or_a_bound_cuts_it() {
    let partial = |as_of: &str, since: Option<&str>| -> Vec<(String, bool)> {
        let given = read(|plan| {
            plan.period = Some(Period::Month);
            (plan.as_of, plan.since) = (Some(at(as_of)), since.map(at));
        });
        given.reduced("nps").groups.into_iter().filter_map(|group| group.period).collect()
    };
    let months = |january, february| vec![("2026-01".to_owned(), january), ("2026-02".to_owned(), february)];
    assert_eq!(partial("2026-02-28", None), months(false, true));
    assert_eq!(partial("2026-02-28 23:59:59.999999", None), months(false, false));
    assert_eq!(partial("2026-02-28 23:59:59.999999", Some("2026-01-02")), months(true, false));
}

/// With W of 30 days and T the end of each month.
#[test]
fn customers_are_judged_at_the_end_of_each_period() {
    let given = read(|plan| {
        plan.period = Some(Period::Month);
        plan.as_of = Some(at("2026-03-31 23:59:59.999999"));
    });
    let shares: Vec<String> = given
        .reduced("retention")
        .groups
        .iter()
        .map(|group| {
            let Tally::Share(share) = group.tally else { panic!("a share") };
            let (label, cut) = group.period.clone().unwrap();
            format!("{label} {}/{} {cut}", share.successes, share.n())
        })
        .collect();
    // January: a and b ordered in December, of whom a came back. February: b of the last day of December and a of
    // January are both gone. March: c came back.
    assert_eq!(shares, ["2026-01 1/2 false", "2026-02 0/2 false", "2026-03 1/1 false"]);
}

#[test]
fn the_last_instant_before_the_window_is_of_the_base() {
    // T − W is 29 January, T − 2W 30 December.
    let base = |first: &str, second: &str| {
        let text = format!("customer,date,amount\na,{first},5\na,{second},7\n");
        let set = |plan: &mut Plan| {
            plan.as_of = Some(at("2026-02-28"));
            plan.windows.retention = Window::Length(30 * crate::instant::DAY);
        };
        let reduced = given(&[(Kind::Purchases, &text)], set).reduced("nrr");
        let Tally::Ratio(sums) = reduced.groups[0].tally else { panic!("a ratio") };
        (sums.n, sums.base / 10_000, sums.now / 10_000)
    };
    assert_eq!(base("2025-12-30", "2026-01-29"), (1, 5, 7));
    assert_eq!(base("2026-01-28 23:59:59.999999", "2026-02-28"), (1, 5, 7));
    assert_eq!(base("2025-12-29 23:59:59.999999", "2026-01-29"), (0, 0, 0));
    assert_eq!(base("2025-12-30", "2026-02-28 00:00:00.000001"), (1, 5, 0));
}

#[test]
fn the_stage_and_the_answers_of_a_customer_are_those_before_the_window() {
    let orders = "customer,date,amount\na,2026-01-10,5\n";
    let answers =
        "date,metric,score,customer\n2026-01-20,csat,5,a\n2026-01-29,csat,1,a\n2026-01-29,nps,0,a\n";
    let set = |plan: &mut Plan| {
        plan.as_of = Some(at("2026-02-28"));
        plan.windows.retention = Window::Length(30 * crate::instant::DAY);
        plan.breakdowns = vec![vec!["stage".to_owned(), "nps_group".to_owned()]];
    };
    let given = given(&[(Kind::Purchases, orders), (Kind::Surveys, answers)], set);
    // The answer of the 20th is about the order of the 10th, and still in the month of being taken on board.
    let group = ("".to_owned(), "onboarding (unknown)".to_owned(), 1);
    assert_eq!(given.groups("churn"), [group]);
    let defectors = given.reduced("satisfied_defectors");
    let Tally::Arms(arms) = defectors.groups[0].tally else { panic!("two arms") };
    assert_eq!((arms.focal.successes, arms.focal.failures), (1, 0));
}

/// `2026-01 1/2` for one of two of the base; `*` where the period is cut.
fn by_month(given: &Given, metric: &str) -> Vec<String> {
    let one = |group: &Group| {
        let (label, cut) = group.period.clone().unwrap();
        let of = match group.tally {
            Tally::Share(share) => format!("{}/{}+{}", share.successes, share.n(), share.arrived),
            Tally::Ratio(sums) => format!("{}/{}", sums.now / 10_000, sums.base / 10_000),
            _ => panic!("a share or a ratio"),
        };
        format!("{label}{} {of}", if cut { "*" } else { "" })
    };
    given.reduced(metric).groups.iter().map(one).collect()
}

fn calendar(orders: &str, set: impl FnOnce(&mut Plan)) -> Given {
    given(&[(Kind::Purchases, orders)], |plan| {
        plan.period = Some(Period::Month);
        plan.windows.retention = Window::Calendar(Period::Month);
        set(plan);
    })
}

#[test]
fn calendar_windows_compare_each_period_with_the_one_before() {
    let orders = "customer,date,amount\na,2026-01-01,1\nb,2026-01-31 23:59:59,2\na,2026-02-28,4\n\
                  c,2026-02-01,8\nb,2026-05-02,16\nc,2026-05-03,32\n";
    let given = calendar(orders, |_| ());
    // Nobody was there before January; nobody bought in March or April; May is cut by the last order.
    let retained = ["2026-01 0/0+2", "2026-02 1/2+1", "2026-03 0/2+0", "2026-04 0/0+0", "2026-05* 0/0+2"];
    assert_eq!(by_month(&given, "retention"), retained);
    let lost = ["2026-01 0/0+0", "2026-02 1/2+0", "2026-03 2/2+0", "2026-04 0/0+0", "2026-05* 0/0+0"];
    assert_eq!(by_month(&given, "churn"), lost);
    let spent = ["2026-01 0/0", "2026-02 4/3", "2026-03 0/12", "2026-04 0/0", "2026-05* 0/0"];
    assert_eq!(by_month(&given, "nrr"), spent);
    // Of those who first ordered before the month, those with two orders by its end.
    let again = ["2026-01 0/0+0", "2026-02 1/2+0", "2026-03 1/3+0", "2026-04 1/3+0", "2026-05* 3/3+0"];
    assert_eq!(by_month(&given, "repeat_rate"), again);
    assert_eq!(ledger(&given, "retention"), "4/14 not-in-base:10");
}

#[test]
fn calendar_windows_keep_to_the_bounds_and_the_zone() {
    let orders = "customer,date,amount\na,2026-01-31T23:30:00Z,1\na,2026-02-10T00:00:00Z,2\n\
                  a,2026-03-31T22:30:00Z,4\n";
    let utc = calendar(orders, |_| ());
    assert_eq!(by_month(&utc, "retention"), ["2026-01 0/0+1", "2026-02 1/1+0", "2026-03* 1/1+0"]);
    let berlin = calendar(orders, |plan| plan.reading.zone = chrono_tz::Tz::Europe__Berlin);
    assert_eq!(by_month(&berlin, "retention"), ["2026-02 0/0+1", "2026-03 0/1+0", "2026-04* 0/0+1"]);
    // The base is that of the period before, though that is not shown.
    let february = calendar(orders, |plan| {
        (plan.since, plan.until) = (Some(at("2026-02-01")), Some(at("2026-03-01")));
    });
    assert_eq!(by_month(&february, "retention"), ["2026-02 1/1+0"]);
}

#[test]
fn who_came_makes_no_group_of_its_own() {
    let orders = "customer,date,amount,channel\na,2026-01-10,1,web\na,2026-02-10,1,web\nb,2026-02-10,1,app\n";
    let given = calendar(orders, |plan| plan.breakdowns.push(vec!["channel".to_owned()]));
    let labels: Vec<String> =
        given.reduced("retention").groups.iter().map(|group| group.labels.concat()).collect();
    assert_eq!(labels, ["", "", "web"]);
}
