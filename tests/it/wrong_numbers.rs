//! Wrong numbers that other tools were seen to give, one test each: the user's command, a small export, and what holds here.

mod scores;

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::values::{Outcome, run};

/// What a command says of these files, as JSON.
fn report(files: &[(&str, &str)], line: &str) -> Value {
    let outcome = run(files, &format!("{line} --format json"));
    assert_eq!(outcome.status, 0, "{line}: {}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// Its first record, which is the overall one.
fn first(files: &[(&str, &str)], line: &str) -> Value {
    report(files, &format!("{line} --min-n 0"))["results"][0].clone()
}

/// n and the value, to the decimals that a reader would write down.
fn number(record: &Value) -> (u64, Option<f64>) {
    let value = record["value"].as_f64().map(|value| (1000.0 * value).round() / 1000.0);
    (record["n"].as_u64().unwrap(), value)
}

fn kinds(report: &Value) -> Vec<&str> {
    report["caveats"].as_array().unwrap().iter().map(|caveat| caveat["kind"].as_str().unwrap()).collect()
}

// A rating history read newest-first: good to bad counted as bad to good.

#[test]
fn a_change_has_a_direction_whatever_the_order_of_the_rows() {
    // Two fell from 10 to 2, one rose from 2 to 10.
    let rows = [
        "2026-01-01,a,10",
        "2026-02-01,a,2",
        "2026-01-01,b,10",
        "2026-02-01,b,2",
        "2026-01-01,c,2",
        "2026-02-01,c,10",
    ];
    let (oldest, mut newest) = (rows, rows);
    newest.reverse();
    for rows in [oldest, newest] {
        let text = format!("date,customer,nps\n{}\n", rows.join("\n"));
        let of =
            |answers: &str| number(&first(&[("s.csv", &text)], &format!("nps s.csv --answers {answers}")));
        assert_eq!((of("first"), of("latest")), ((3, Some(33.333)), (3, Some(-33.333))));
    }
}

#[test]
fn a_rating_that_turned_bad_is_bad() {
    let header = "ticket_id,customer_id,created_at,resolved_at,status,rating";
    let [good, bad] = ["1,a,2026-01-01,2026-01-02,solved,good", "1,a,2026-01-01,2026-01-05,solved,bad"];
    for rows in [[good, bad], [bad, good]] {
        let text = format!("{header}\n{}\n2,b,2026-01-01,2026-01-02,solved,good\n", rows.join("\n"));
        let csat = first(&[("t.csv", &text)], "csat --tickets t.csv --max-rejects 100");
        assert_eq!(number(&csat), (2, Some(50.0)), "{text}");
    }
}

#[test]
fn money_that_shrinks_and_money_that_grows_are_told_apart() {
    let of = |before: u32, now: u32| {
        let text = format!("order_id,customer,date,amount\n1,a,2026-02-01,{before}\n2,a,2026-05-01,{now}\n");
        let value = |metric: &str| {
            number(&first(&[("o.csv", &text)], &format!("{metric} o.csv --as-of 2026-06-30"))).1.unwrap()
        };
        (value("grr"), value("nrr"))
    };
    assert_eq!(of(100, 40), (40.0, 40.0));
    assert_eq!(of(40, 100), (100.0, 250.0));
}

#[test]
fn an_issue_is_of_the_channel_that_it_began_in() {
    let rows = ["1,a,2026-01-01,2026-01-02,email", "2,a,2026-01-04,2026-01-05,phone"];
    for rows in [rows, [rows[1], rows[0]]] {
        let text = format!("ticket_id,customer,created_at,resolved_at,channel\n{}\n", rows.join("\n"));
        let line = "fcr t.csv --as-of 2026-03-01 --by channel --min-n 0";
        let found = report(&[("t.csv", &text)], line)["results"].clone();
        assert_eq!(
            (found[1]["group"].clone(), number(&found[1])),
            (json!({"channel": "email"}), (1, Some(0.0)))
        );
        assert_eq!(found.as_array().unwrap().len(), 2);
    }
}

// Returning customers that inflate net retention. Windows of 90 days to 30 June: the base is January to March.

const RETURNED: &str = "order_id,customer,date,amount\n\
    1,stayed,2026-02-01,100\n2,stayed,2026-05-01,150\n3,back,2025-06-01,100\n4,back,2026-05-01,900\n5,new,2026-05-02,500\n";

#[test]
fn a_returning_customer_raises_neither_nrr_nor_grr() {
    let of = |metric: &str| first(&[("o.csv", RETURNED)], &format!("{metric} o.csv --as-of 2026-06-30"));
    // 150 of 100, the 900 and the 500 in neither: from nothing nothing expands.
    assert_eq!(number(&of("nrr")), (1, Some(150.0)));
    assert_eq!(
        (of("nrr")["detail"]["base"].as_f64(), of("nrr")["detail"]["now"].as_f64()),
        (Some(100.0), Some(150.0))
    );
    assert_eq!(number(&of("grr")), (1, Some(100.0)));
}

#[test]
fn a_returning_customer_is_not_retained() {
    let of = |metric: &str| first(&[("o.csv", RETURNED)], &format!("{metric} o.csv --as-of 2026-06-30"));
    assert_eq!((number(&of("retention")), number(&of("churn"))), ((1, Some(100.0)), (1, Some(0.0))));
    let moved = &of("retention")["detail"];
    let names = ["active", "base", "retained", "lost", "new_or_returning"];
    assert_eq!(
        names.map(|name| moved[name].as_u64().unwrap()),
        [3, 1, 1, 0, 2],
        "active = retained + new or returning"
    );
}

// Two columns side by side over different populations, calendar and business time.

const WEEK: &str = "zone = \"UTC\"\n[hours]\nmon = [\"09:00-17:00\"]\ntue = [\"09:00-17:00\"]\nwed = [\"09:00-17:00\"]\n\
    thu = [\"09:00-17:00\"]\nfri = [\"09:00-17:00\"]\nsat = []\nsun = []\n";

#[test]
fn calendar_and_business_time_are_of_the_same_tickets() {
    // Friday 16:00 to Monday 10:00: 66 hours, 2 of them at work. Tuesday 10:00 to 13:00: 3. Open since Tuesday.
    let text = "ticket_id,created_at,resolved_at\n1,2026-01-09T16:00:00Z,2026-01-12T10:00:00Z\n\
                2,2026-01-13T10:00:00Z,2026-01-13T13:00:00Z\n3,2026-01-13T10:00:00Z,\n";
    let of = |more: &str| {
        let line = format!("resolution-time t.csv --as-of 2026-01-20 {more}");
        let record = first(&[("t.csv", text), ("week.toml", WEEK)], &line);
        (
            number(&record),
            record["definition"].as_str().unwrap().to_owned(),
            record["detail"]["open"].as_u64(),
        )
    };
    // One of three is still open: half are done by the second.
    assert_eq!(of(""), ((3, Some(66.0)), "km-median".to_owned(), Some(1)));
    assert_eq!(of("--business-hours week.toml"), ((3, Some(3.0)), "km-median-business".to_owned(), Some(1)));
}

// Means of groups that are not weighted, and cells that are not over shown as 0 %.

#[test]
fn a_total_is_weighted_by_its_groups() {
    // 10 people at 20 % and 100 at 0 % are 2 of 110.
    let mut text = "date,channel,csat\n".to_owned();
    (0..10).for_each(|at| writeln!(text, "2026-01-01,small,{}", if at < 2 { 5 } else { 1 }).unwrap());
    (0..100).for_each(|_| text.push_str("2026-01-01,large,1\n"));
    let found = report(&[("s.csv", &text)], "csat s.csv --by channel --scale csat=1-5")["results"].clone();
    let numbers: Vec<_> = found.as_array().unwrap().iter().map(number).collect();
    assert_eq!(numbers, [(110, Some(1.818)), (100, Some(0.0)), (10, Some(20.0))]);
}

#[test]
fn what_is_not_over_is_empty_and_not_0() {
    // Both issues end less than a week before the end.
    let text =
        "ticket_id,customer,created_at,resolved_at\n1,a,2026-01-01,2026-01-02\n2,b,2026-01-01,2026-01-03\n";
    let fcr = first(&[("t.csv", text)], "fcr t.csv --as-of 2026-01-05");
    assert_eq!((number(&fcr), fcr["note"].as_str()), ((0, None), Some("every case is still pending")));
    assert_eq!((&fcr["detail"]["lower_bound"], &fcr["detail"]["upper_bound"]), (&json!(0.0), &json!(100.0)));
    // In the first month there is no month before it to be held against.
    let orders = "customer,date\na,2026-01-10\na,2026-02-10\n";
    let line = "retention --purchases o.csv --period month --window period --as-of 2026-03-01";
    assert_eq!(number(&first(&[("o.csv", orders)], line)), (0, None));
}

// A filter on the numerator only.

#[test]
fn a_filter_holds_for_numerator_and_denominator() {
    let invited = "sent_at,date,nps,channel\n2026-01-01,2026-01-02,9,web\n2026-01-01,,,web\n2026-01-01,,,app\n2026-01-01,,,app\n";
    let orders = "customer,date,amount,channel\na,2026-02-01,1,web\na,2026-05-01,1,web\nb,2026-02-01,1,web\n\
                  c,2026-02-01,1,app\nd,2026-02-01,1,app\n";
    let tickets = "ticket_id,customer,created_at,resolved_at,channel\n1,a,2026-01-01,2026-01-02,web\n\
                   2,b,2026-01-01,,web\n3,c,2026-01-01,,app\n4,d,2026-01-01,,app\n";
    let as_of = "--as-of 2026-06-30";
    for (metric, name, text) in [
        ("response-rate", "s.csv", invited),
        ("retention", "o.csv", orders),
        ("grr", "o.csv", orders),
        ("fcr", "t.csv", tickets),
    ] {
        let of = |more: &str| number(&first(&[(name, text)], &format!("{metric} {name} {as_of} {more}")));
        assert_eq!((of(""), of("--where channel=web")), ((4, Some(25.0)), (2, Some(50.0))), "{metric}");
    }
}

// Intervals beyond ±100.

#[test]
fn ten_promoters_of_ten_are_not_above_100() {
    let text = format!("date,nps\n{}", "2026-01-01,10\n".repeat(10));
    let nps = first(&[("s.csv", &text)], "nps s.csv");
    assert_eq!((number(&nps), nps["upper"].as_f64()), ((10, Some(100.0)), Some(100.0)));
    assert!((nps["lower"].as_f64().unwrap() - 44.5).abs() < 0.05, "{nps}");
}

// A sentinel date that turns a mean of 205 hours into −135 461; a resolution before the creation averaged in.

#[test]
fn a_sentinel_date_is_a_blank() {
    // 205 hours are 8 days and 13 hours.
    let solved = |id: u32| format!("{id},2026-01-01T00:00:00Z,2026-01-09T13:00:00Z\n");
    let text = format!(
        "ticket_id,created_at,resolved_at\n{}{}{}4,2026-01-01T00:00:00Z,1900-01-01\n",
        solved(1),
        solved(2),
        solved(3)
    );
    let time = first(&[("t.csv", &text)], "resolution-time t.csv --as-of 2026-02-01");
    assert_eq!((number(&time), time["detail"]["open"].as_u64()), ((4, Some(205.0)), Some(1)));
    assert_eq!(time["detail"]["closed_only_median"].as_f64(), Some(205.0));
}

#[test]
fn a_resolution_before_the_creation_is_rejected() {
    let text = "ticket_id,created_at,resolved_at\n1,2026-01-01T00:00:00Z,2026-01-01T04:00:00Z\n\
                2,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z\n";
    let found = report(&[("t.csv", text)], "resolution-time t.csv --min-n 0 --max-rejects 100");
    assert_eq!(number(&found["results"][0]), (1, Some(4.0)));
    assert_eq!(found["sources"][0]["rejected"], json!({"ends-before-start": 1}));
}

// Columns of a service level that hold the time that remains, read as elapsed.

#[test]
fn times_are_of_timestamps_and_of_no_column_of_durations() {
    let text = "ticket_id,created_at,resolved_at,resolution_time,Resolution time (hours),SLA remaining\n\
                1,2026-01-01T00:00:00Z,2026-01-01T04:00:00Z,-12:30,-2,1.5\n";
    assert_eq!(number(&first(&[("t.csv", text)], "resolution-time t.csv")), (1, Some(4.0)));
    let without = "ticket_id,created_at,resolution_time\n1,2026-01-01T00:00:00Z,4\n";
    let Outcome { status, stderr, .. } = run(&[("t.csv", without)], "resolution-time t.csv");
    assert_eq!(status, 3, "{stderr}");
}

// A bogus customer that holds a quarter of all rows.

#[test]
fn an_outsized_customer_is_flagged() {
    let mut text = "ticket_id,customer,created_at,resolved_at\n".to_owned();
    for ticket in 0..400 {
        let customer = if ticket % 4 == 0 { 0 } else { ticket };
        writeln!(text, "{ticket},{customer},2026-01-01,2026-01-02").unwrap();
    }
    let found = report(&[("t.csv", &text)], "fcr t.csv --as-of 2026-06-01");
    assert_eq!(kinds(&found), ["outsized-customer"]);
    let cause = found["caveats"][0]["cause"].as_str().unwrap();
    assert!(cause.contains("(`0`) wrote 25 % of all tickets, 100 of 400"), "{cause}");
}

// First-contact resolution of 84.2 % or 50.1 % on the same file.

#[test]
fn a_definition_stands_beside_each_number() {
    // By issue a came back, and b and c did not; by ticket three of four had fewer than two replies.
    let text = "ticket_id,customer,created_at,resolved_at,replies\n1,a,2026-01-01,2026-01-02,1\n\
                2,a,2026-01-05,2026-01-06,1\n3,b,2026-01-01,2026-01-02,1\n4,c,2026-01-01,2026-01-02,3\n";
    let line = "fcr t.csv --as-of 2026-03-01 --min-n 0 --def no-repeat --def zendesk";
    let found = report(&[("t.csv", text)], line)["results"].clone();
    let told: Vec<_> =
        found.as_array().unwrap().iter().map(|one| (one["definition"].clone(), number(one))).collect();
    assert_eq!(told, [(json!("no-repeat-7d"), (3, Some(66.667))), (json!("zendesk"), (4, Some(75.0)))]);
}

// A customer's id that is made anew for each order.

#[test]
fn an_id_seen_once_for_every_order_is_flagged() {
    let orders = |customers: u32| {
        let mut text = "order_id,customer_id,date,amount\n".to_owned();
        (0..120).for_each(|at| writeln!(text, "{at},c{},2026-01-01,10", at % customers).unwrap());
        text
    };
    let flagged = |text: &str| {
        let found = report(&[("o.csv", text)], "repeat-rate o.csv --as-of 2026-06-30");
        kinds(&found).contains(&"one-order-each")
    };
    assert!(flagged(&orders(120)));
    assert!(!flagged(&orders(119)), "one customer bought twice: it is an id of people");
}

// The last, unfinished month reported as a churn of 87 %.

#[test]
fn an_unfinished_month_is_marked() {
    // All eight buy in January and in February; by 3 March one has bought.
    let mut text = "customer,date\n".to_owned();
    (0..8).for_each(|at| writeln!(text, "c{at},2026-01-10\nc{at},2026-02-10").unwrap());
    text.push_str("c0,2026-03-02\n");
    let line = "churn --purchases o.csv --period month --window period --as-of 2026-03-03";
    let of = |more: &str| {
        let found = report(&[("o.csv", &text)], &format!("{line} {more}"));
        let months = found["results"].as_array().unwrap().iter();
        let months: Vec<_> =
            months.map(|month| (number(month).1, month["partial"].as_bool().unwrap())).collect();
        (months, kinds(&found).contains(&"partial-period"))
    };
    assert_eq!(of(""), (vec![(None, false), (Some(0.0), false), (Some(87.5), true)], true));
    assert_eq!(of("--until 2026-03-01"), (vec![(None, false), (Some(0.0), false)], false));
}
