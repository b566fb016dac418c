//! The times of tickets in business hours, through the program: numbers that can be worked out by hand.

use serde_json::Value;

use super::values::run;

/// Eight hours a day with a break at noon; closed on Christmas Day.
const OFFICE: &str = "\
zone = \"Europe/Amsterdam\"
holidays = [\"2026-12-25\"]

[hours]
mon = [\"09:00-12:30\", \"13:00-17:30\"]
tue = [\"09:00-12:30\", \"13:00-17:30\"]
wed = [\"09:00-12:30\", \"13:00-17:30\"]
thu = [\"09:00-12:30\", \"13:00-17:30\"]
fri = [\"09:00-12:30\", \"13:00-17:30\"]
sat = []
sun = \"closed\"
";

const HEADER: &str = "ticket_id,customer_id,created_at,first_reply_at,resolved_at";

/// What `cxm COMMAND tickets.csv --business-hours hours.toml --min-n 0 MORE` prints as JSON.
fn json(command: &str, tickets: &str, hours: &str, more: &str) -> Value {
    let tickets = format!("{HEADER}\n{tickets}");
    let line = format!("{command} tickets.csv --min-n 0 --format json -q {more}");
    let outcome = run(&[("tickets.csv", &tickets), ("hours.toml", hours)], &line);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

const BUSINESS: &str = "--business-hours hours.toml";

/// The hours from creation to resolution of one ticket.
fn hours(created: &str, resolved: &str, week: &str) -> f64 {
    let ticket = format!("1,a,{created},,{resolved}\n");
    let report = json("resolution-time", &ticket, week, &format!("{BUSINESS} --as-of 2027-01-01"));
    report["results"][0]["value"].as_f64().unwrap()
}

#[test]
fn nights_weekends_and_holidays_do_not_count() {
    for (created, resolved, expected) in [
        // Tuesday, 10:00 to 15:00 in Amsterdam with the break at noon.
        ("2026-02-03T09:00:00Z", "2026-02-03T14:00:00Z", 4.5),
        // Friday, 16:30, to Monday, 13:30: an hour, then 3.5 and 0.5.
        ("2026-01-09T15:30:00Z", "2026-01-12T12:30:00Z", 5.0),
        // Thursday 24 December, 17:00, to Monday, 9:30: half an hour on either side of a holiday and a weekend.
        ("2026-12-24T16:00:00Z", "2026-12-28T08:30:00Z", 1.0),
        // Tuesday, 2:00, to 10:00.
        ("2026-02-03T01:00:00Z", "2026-02-03T09:00:00Z", 1.0),
        // Tuesday, 2:00, to 8:00: before anybody was there.
        ("2026-02-03T01:00:00Z", "2026-02-03T07:00:00Z", 0.0),
        // Saturday to Sunday.
        ("2026-02-07T10:00:00Z", "2026-02-08T10:00:00Z", 0.0),
        // Four weeks of forty hours.
        ("2026-02-02T00:00:00Z", "2026-03-02T00:00:00Z", 160.0),
    ] {
        assert_eq!(hours(created, resolved, OFFICE), expected, "{created}");
    }
}

/// Amsterdam is at UTC+2 from 29 March 2026, 01:00 UTC, to 25 October, 01:00 UTC.
#[test]
fn the_clocks_go_forward_and_back() {
    // Friday, 17:00, to Monday, 10:00, by the wall clock both times.
    assert_eq!(hours("2026-03-27T16:00:00Z", "2026-03-30T08:00:00Z", OFFICE), 1.5);
    assert_eq!(hours("2026-10-23T15:00:00Z", "2026-10-26T09:00:00Z", OFFICE), 1.5);
    // Who is there in the night of the change works an hour less in March and an hour more in October.
    let night = "zone = \"Europe/Amsterdam\"\n[hours]\nsun = [\"00:00-06:00\"]\n";
    assert_eq!(hours("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", night), 5.0);
    assert_eq!(hours("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", night), 7.0);
    assert_eq!(hours("2026-11-01T12:00:00Z", "2026-11-08T12:00:00Z", night), 6.0);
}

/// Three tickets of Tuesday 3 February: of two from 9:00 in Amsterdam on, replied to after an hour and, with the break at
/// noon, after four; and of one that waits since 11:00.
const THREE: &str = "\
1,a,2026-02-03T08:00:00Z,2026-02-03T09:00:00Z,2026-02-03T09:00:00Z
2,b,2026-02-03T08:00:00Z,2026-02-03T12:30:00Z,2026-02-03T12:30:00Z
3,c,2026-02-03T10:00:00Z,,
";

#[test]
fn open_tickets_are_censored_in_business_hours_and_so_is_all_beside_the_median() {
    let more = format!("{BUSINESS} --as-of 2026-02-05T00:00:00+01:00");
    for command in ["resolution-time", "first-reply-time"] {
        let report = json(command, THREE, OFFICE, &more);
        let record = &report["results"][0];
        // S(1) = 2/3, S(4) = 1/3; by then the third has waited 6 h of Tuesday and 8 h of Wednesday.
        assert_eq!((record["n"].as_u64(), record["value"].as_f64()), (Some(3), Some(4.0)), "{command}");
        assert_eq!(record["detail"]["open"], 1);
        assert_eq!(record["detail"]["closed_only_median"], 2.5);
        assert_eq!(record["detail"]["p90"], Value::Null);
        assert_eq!(record["definition"], "km-median-business");
    }
    // At 13:30 the third has waited two hours: it leaves the curve before the second ends it.
    let noon = json("resolution-time", THREE, OFFICE, &format!("{BUSINESS} --as-of 2026-02-03T12:30:00Z"));
    let record = &noon["results"][0];
    assert_eq!((record["value"].as_f64(), record["detail"]["p90"].as_f64()), (Some(4.0), Some(4.0)));
}

/// Of the wrong numbers seen elsewhere: calendar and business time side by side, over different tickets.
#[test]
fn calendar_and_business_time_are_of_the_same_tickets() {
    let report = |more: &str| json("report", THREE, OFFICE, &format!("--as-of 2026-02-20 {more}"));
    let (calendar, business) = (report(""), report(BUSINESS));
    let (of_calendar, of_business) =
        (calendar["results"].as_array().unwrap(), business["results"].as_array().unwrap());
    assert_eq!(of_calendar.len(), of_business.len());
    let mut times = 0;
    for (calendar, business) in of_calendar.iter().zip(of_business) {
        assert_eq!(calendar["n"], business["n"]);
        if calendar["metric"].as_str().unwrap().ends_with("_time") {
            assert_eq!(calendar["detail"]["open"], business["detail"]["open"]);
            assert_eq!(
                (&calendar["definition"], &business["definition"]),
                (&"km-median".into(), &"km-median-business".into())
            );
            times += 1;
        } else {
            // First contacts and their windows stay in calendar time.
            assert_eq!(calendar, business);
        }
    }
    assert!(times >= 2);
    let accounts = |report: &Value| {
        let of = |account: &Value| {
            [
                account["metric"].clone(),
                account["rows"].clone(),
                account["used"].clone(),
                account["excluded"].clone(),
            ]
        };
        report["ledger"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(accounts(&calendar), accounts(&business));
}

#[test]
fn the_report_says_by_which_hours_it_counted() {
    let report = json("first-reply-time", THREE, OFFICE, BUSINESS);
    assert_eq!(report["settings"]["business_hours"], "hours.toml");
    let about =
        "median wait for the first reply in business hours; a ticket without one is censored, not dropped";
    assert_eq!(report["metrics"][0]["about"], about);
    let plain = json("first-reply-time", THREE, OFFICE, "");
    assert_eq!(plain["settings"]["business_hours"], Value::Null);
    let about = "median wait for the first reply; a ticket without one is censored, not dropped";
    assert_eq!(
        (&plain["metrics"][0]["about"], &plain["metrics"][0]["definition"]),
        (&about.into(), &"km-median".into())
    );
}

#[test]
fn hours_without_a_zone_are_in_that_of_the_run() {
    let week = "[hours]\ntue = \"09:00-17:00\"\n";
    // 8:00 to 12:00 UTC on a Tuesday: 17:00 to 21:00 in Tokyo, 9:00 to 13:00 in Amsterdam.
    let ticket = "1,a,2026-02-03T08:00:00Z,,2026-02-03T12:00:00Z\n";
    let value = |zone: &str| {
        let report =
            json("resolution-time", ticket, week, &format!("{BUSINESS} --as-of 2027-01-01 --tz {zone}"));
        report["results"][0]["value"].as_f64().unwrap()
    };
    assert_eq!((value("Asia/Tokyo"), value("Europe/Amsterdam"), value("UTC")), (0.0, 4.0, 3.0));
}

#[test]
fn open_day_and_night_is_calendar_time() {
    let days =
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(|day| format!("{day} = \"00:00-24:00\"\n"));
    let always = format!("zone = \"Europe/Amsterdam\"\n[hours]\n{}", days.concat());
    let tickets = many();
    let value = |more: &str| json("resolution-time", &tickets, &always, more)["results"].clone();
    let plain = value("").to_string().replace("km-median", "km-median-business");
    assert_eq!(value(BUSINESS).to_string(), plain);
}

/// Tickets of two years at odd moments, every third of them open.
fn many() -> String {
    let at = |second: i64| chrono::DateTime::from_timestamp(1_735_689_600 + second, 0).unwrap().to_rfc3339();
    let row = |id: i64| {
        let created = id * 7_919_333 % 63_072_000;
        let end = |seconds: i64| at(created + id * seconds % 400_000);
        let resolved = if id % 3 == 0 { String::new() } else { end(104_729) };
        format!("{id},c{},{},{},{resolved}\n", id % 400, at(created), end(1_299_709))
    };
    (0..2000).map(row).collect()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tickets = many();
    let report = |threads: u32| {
        json("report", &tickets, OFFICE, &format!("{BUSINESS} --period month --threads {threads}"))
    };
    assert_eq!(report(1), report(4));
}

#[test]
fn a_config_names_the_file_beside_it() {
    let tickets = format!("{HEADER}\n1,a,2026-02-03T08:00:00Z,,2026-02-03T12:00:00Z\n");
    let config = "business_hours = \"hours.toml\"\n";
    let files = [("tickets.csv", tickets.as_str()), ("hours.toml", OFFICE), ("cxm.toml", config)];
    let outcome = run(&files, "resolution-time tickets.csv --min-n 0 --as-of 2027-01-01 --format csv");
    // 9:00 to 13:00 with half an hour of the break.
    assert_eq!(outcome.value(), 3.5);
    assert!(outcome.stdout.contains("km-median-business"), "{}", outcome.stdout);
}

#[test]
fn what_is_wrong_with_the_hours_is_said_with_file_and_line() {
    let refused = |hours: &str| {
        let tickets = format!("{HEADER}\n{THREE}");
        let outcome = run(
            &[("tickets.csv", &tickets), ("hours.toml", hours)],
            &format!("resolution-time tickets.csv {BUSINESS}"),
        );
        assert_eq!(outcome.status, 2, "{}", outcome.stderr);
        let (error, hint) = outcome.refusal();
        format!("{error} | {hint}")
    };
    assert_eq!(
        refused("zone = \"Amsterdam\"\n"),
        "line 1 of `hours.toml`: `zone = \"Amsterdam\"` is no IANA zone | did you mean Europe/Amsterdam?"
    );
    assert_eq!(
        refused("[hours]\ntuesday = []\n"),
        "line 2 of `hours.toml`: unknown day `tuesday` | did you mean `tue`?"
    );
    assert_eq!(
        refused("[hours]\nmon = [\"18:00-02:00\"]\n"),
        "line 2 of `hours.toml`: `18:00-02:00` ends before it begins | hours past midnight are two stretches: to 24:00 on one day, from 00:00 on the next"
    );
    let tickets = format!("{HEADER}\n{THREE}");
    let missing = run(&[("tickets.csv", &tickets)], "resolution-time tickets.csv --business-hours none.toml");
    assert_eq!(missing.status, 2);
    assert!(
        missing.refusal().0.starts_with("could not read the business hours `none.toml`: "),
        "{}",
        missing.stderr
    );
}
