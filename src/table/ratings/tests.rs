//! Which ratings become answers, and how they stand beside those of surveys.

use super::*;
use crate::assemble;
use crate::customer::Touchpoint;
use crate::customer::fixture::{Given, at, exports, given};
use crate::metric::METRICS;
use crate::report::Report;

const TICKETS: &str = "ticket_id,customer,created_at,resolved_at,channel,topic,rating\n\
                       t1,a,2026-03-01,2026-03-02,phone,billing,5\n\
                       t2,b,2026-03-01,2026-03-03,chat,login,2\n\
                       t3,c,2026-03-01,,chat,login,4\n\
                       t4,d,2026-03-01,2026-03-02,chat,login,\n";
const ANSWERS: &str = "date,metric,score,customer,ticket_id,topic\n\
                       2026-03-05,csat,1,a,t1,other\n\
                       2026-03-05,csat,5,z,,\n";

/// The joined exports under a plan of every metric.
fn all(files: &[(Kind, &str)]) -> Given {
    given(files, |plan| {
        plan.metrics = METRICS.to_vec();
        plan.every = true;
        plan.min_n = 0;
    })
}

/// `definition n value` of a metric's overall records.
fn told(report: &Report, metric: &str) -> Vec<String> {
    let overall = report.results.iter().filter(|one| one.metric == metric && one.group.0.is_empty());
    overall.map(|one| format!("{} {} {:?}", one.definition, one.n, one.value)).collect()
}

#[test]
fn a_rating_is_an_answer_at_the_resolution_with_the_tickets_channel_and_topic() {
    let given = all(&[(Kind::Tickets, TICKETS)]);
    let answers = given.joined.answers.as_ref().unwrap();
    let times = ["2026-03-02", "2026-03-03", "2026-03-01"].map(|time| Some(at(time)));
    let given_at: Vec<Option<i64>> = (0..answers.len()).map(|row| answers.at(row)).collect();
    assert_eq!(given_at, times, "an open ticket was rated when it was created, as far as is known");
    let customers: Vec<&str> = answers.customer.iter().map(|one| given.joined.customers.word(one)).collect();
    assert_eq!(customers, ["a", "b", "c"]);
    let channels: Vec<&str> = answers.channel.iter().map(|code| given.joined.word("channel", code)).collect();
    assert_eq!(channels, ["phone", "chat", "chat"]);
    let transactional: Vec<bool> = (0..answers.len()).map(|row| answers.is_transactional(row)).collect();
    assert_eq!((transactional.as_slice(), answers.rated_from), ([true; 3].as_slice(), 0));
    assert_eq!(told(&given.report(), "csat"), ["top2 3 Some(66.66666666666667)"]);
}

#[test]
fn a_ticket_without_an_id_or_a_customer_is_still_the_one_that_was_rated() {
    let tickets = "customer,created_at,resolved_at,channel,rating\n\
                   ,2026-03-09,2026-03-29,web,1\na,2026-03-20,2026-03-21,chat,2\na,2026-03-01,2026-03-22,app,3\n";
    let given = all(&[(Kind::Tickets, tickets)]);
    let (answers, sorted) = (given.joined.answers.as_ref().unwrap(), given.joined.tickets.as_ref().unwrap());
    let channel = |touchpoint: Touchpoint| match touchpoint {
        Touchpoint::Ticket(row) => given.joined.word("channel", sorted.channel.get(row)).to_owned(),
        _ => "-".to_owned(),
    };
    let about: Vec<String> = (0..answers.len()).map(|row| channel(answers.touchpoint(row))).collect();
    // Nobody's rating stands behind those of customers.
    assert_eq!(about, ["chat", "app", "web"]);
}

#[test]
fn an_own_column_of_the_surveys_is_filled_from_the_ticket_for_ratings_alone() {
    let given = given(&[(Kind::Surveys, ANSWERS), (Kind::Tickets, TICKETS)], |plan| {
        plan.metrics = METRICS.to_vec();
        plan.breakdowns.push(vec!["topic".to_owned()]);
        plan.as_of = Some(at("2026-03-31"));
    });
    // The survey has the word on t1: other 1; z's answer is about no topic; login 2 and 4.
    let groups: Vec<(String, u64)> =
        given.groups("csat").into_iter().map(|(_, labels, n)| (labels, n)).collect();
    let expected = [("", 4), ("login", 2), ("other", 1), ("(unknown)", 1)];
    assert_eq!(groups, expected.map(|(label, n)| (label.to_owned(), n)));
}

#[test]
fn ratings_are_no_rows_of_the_surveys() {
    let both = all(&[(Kind::Surveys, ANSWERS), (Kind::Tickets, TICKETS)]);
    let report = both.report();
    let used: Vec<u64> = report.sources.iter().map(|source| source.used).collect();
    assert_eq!(used, [2, 4]);
    // Of a and z, who answered, a wrote in; b and c, who rated, are no respondents.
    assert_eq!(report.join.by_kind.0, [("surveys".to_owned(), 2), ("tickets".to_owned(), 4)]);
    assert_eq!(report.join.matches[0].found, 1);
    assert_eq!(both.joined.unmatched.as_ref().map(|unmatched| unmatched.respondents), Some(2));
    let surveys = &report.journey.found_by[0];
    assert_eq!((surveys.kind.as_str(), surveys.given + surveys.join + surveys.unknown), ("surveys", 2));
    let alone = all(&[(Kind::Tickets, TICKETS)]).report();
    assert_eq!(alone.join.by_kind.0, [("tickets".to_owned(), 4)]);
    assert_eq!(alone.journey.found_by.len(), 1);
    assert_eq!(alone.join.matches, []);
}

#[test]
fn the_times_of_ratings_make_no_time_lonely_and_none_late() {
    let tickets = "ticket_id,customer,created_at,first_reply_at,rating\n1,a,2026-01-01,2026-06-01,5\n";
    let one = exports(&[(Kind::Tickets, tickets)]);
    assert_eq!(crate::customer::Latest::of(&one, 1).map(|latest| latest.lonely_after), Some(None));
    let given = given(&[(Kind::Tickets, TICKETS)], |plan| {
        plan.metrics = METRICS.to_vec();
        plan.every = true;
        plan.as_of = Some(at("2026-03-01"));
    });
    let report = given.report();
    assert_eq!(report.after_as_of.0, []);
    let csat = report.ledger.iter().find(|ledger| ledger.metric == "csat").unwrap();
    assert_eq!(
        (csat.rows, csat.used, csat.excluded.0.as_slice()),
        (3, 1, &[("after-as-of".to_owned(), 2)][..])
    );
}

#[test]
fn a_rejected_ticket_has_no_rating_and_an_update_has_the_later_one() {
    let tickets = "ticket_id,customer,created_at,resolved_at,rating\n\
                   t1,a,2026-03-01,,1\nt1,a,2026-03-01,2026-03-02,5\n\
                   t2,b,2026-03-05,2026-03-02,1\nt3,c,2026-03-01,2026-03-02,4\n";
    let given = all(&[(Kind::Tickets, tickets)]);
    assert_eq!(told(&given.report(), "csat"), ["top2 2 Some(100.0)"]);
    let answers = given.joined.answers.as_ref().unwrap();
    let about: Vec<Touchpoint> = (0..answers.len()).map(|row| answers.touchpoint(row)).collect();
    assert_eq!(about, [Touchpoint::Ticket(0), Touchpoint::Ticket(1)]);
}

#[test]
fn a_survey_names_a_ticket_only_with_an_answer_to_csat_that_counts() {
    let rated = |answers: &str| {
        let text = format!("date,metric,score,customer,ticket_id,sent_at\n{answers}");
        let given = all(&[(Kind::Surveys, &text), (Kind::Tickets, TICKETS)]);
        let answers = given.joined.answers.as_ref().unwrap();
        answers.len() - answers.rated_from
    };
    assert_eq!(rated("2026-03-05,nps,9,a,t1,\n"), 3);
    assert_eq!(rated("2026-03-05,csat,4,a,t1,\n"), 2);
    assert_eq!(rated("2026-03-05,CSAT,4,, t1 ,\n"), 2);
    assert_eq!(rated("2026-03-05,csat,,a,t1,\n"), 3, "left blank");
    assert_eq!(rated("2026-03-05,csat,x,a,t1,\n2026-03-05,csat,4,z,,\n"), 3, "rejected");
    assert_eq!(rated("2026-03-05,csat,4,a,t9,\n"), 3);
    assert_eq!(rated("2026-03-05,csat,4,a,n/a,\n"), 3);
}

#[test]
fn the_last_csat_of_a_customer_is_the_one_on_a_scale_and_a_rating_is_no_touch() {
    let tickets = "ticket_id,customer,created_at,resolved_at,channel,rating\n\
                   1,a,2026-03-01,2026-03-20,phone,2\n2,b,2026-03-01,2026-03-20,phone,bad\n";
    let orders = "customer,date,amount,channel\na,2026-03-10,5,web\n";
    let given = all(&[(Kind::Tickets, tickets), (Kind::Purchases, orders)]);
    let person = |key: &str| given.joined.at_the_end(given.joined.customer(key));
    let answers = given.joined.answers.as_ref().unwrap();
    let last_csat = |key: &str| answers.last_score(given.joined.customer(key), "csat", at("2026-03-21"));
    assert_eq!(["a", "b"].map(last_csat), [Some(Score::whole(2)), None]);
    assert_eq!(given.joined.word("channel", person("a").last_channel), "web");
    let report = given.report();
    assert_eq!(told(&report, "csat"), ["top2 1 Some(0.0)", "good 1 Some(0.0)"]);
    assert!(report.heading("satisfied_defectors").is_some(), "the last answer may be a rating");
    assert_eq!(report.skipped.named("csat"), None);
}

#[test]
fn a_survey_cannot_pass_an_answer_off_as_a_rating() {
    let answers = "date,metric,score,customer\n2026-03-05,csat-good,0,a\n2026-03-05,nps,9,a\n";
    let given = all(&[(Kind::Surveys, answers), (Kind::Tickets, &TICKETS.replace(",5\n", ",good\n"))]);
    let report = given.report();
    assert_eq!(told(&report, "csat"), ["top2 2 Some(50.0)", "good 1 Some(100.0)"]);
    assert!(report.caveats.iter().any(|caveat| caveat.kind == "other-questions"), "{:?}", report.caveats);
}

#[test]
fn files_of_two_scales_and_one_of_no_clear_scale_say_how_to_go_on() {
    let file = |ratings: &[u32]| {
        let row = |(number, rating): (usize, &u32)| format!("{number},2026-03-01,{rating}\n");
        let rows: String = ratings.iter().enumerate().map(row).collect();
        format!("ticket_id,created_at,rating\n{rows}")
    };
    let refused = |texts: &[String]| {
        let files = texts.iter().enumerate().map(|(place, text)| {
            let columns = [("created_at", CellType::Time), ("rating", CellType::Rating)];
            let mut part =
                Part { columns: columns.map(|(_, cell)| Column::new(cell)).into(), ..Part::default() };
            for (line, row) in (2u32..).zip(text.lines().skip(1)) {
                let rating: i64 = row.rsplit(',').next().unwrap().parse().unwrap();
                part.columns[0].push(Some(0));
                part.columns[1].push(Some(1000 * rating));
                part.lines.push(line);
            }
            let columns = columns.map(|(name, cell)| NamedColumn { name: name.to_owned(), cell });
            let mut file = FileRows::new(Kind::Tickets, &format!("{place}.csv"), columns.into());
            file.parts.push(part);
            file
        });
        let mut read = Collector::default();
        read.files.extend(files);
        let judging = Judging { said: &Scales::new(), as_of: None, most: 0.05 };
        let error = Ratings::of(&mut read, &mut Scales::new(), judging).unwrap_err();
        (error.to_string(), error.advice().unwrap_or_default().to_owned())
    };
    let (five, ten) = (file(&[1, 5, 4]), file(&[9, 10, 3]));
    let (cause, advice) = refused(&[five.clone(), ten]);
    assert!(cause.contains("1-5 in `0.csv` and the ratings in `1.csv` are on one of 1-10"), "{cause}");
    assert_eq!(
        advice,
        "leave the ratings out with --map tickets.rating=, or name the scale of both with --scale csat=1-10"
    );
    let (cause, advice) = refused(&[file(&[5, 5, 5, 5, 5, 5, 5, 5, 5, 6])]);
    assert!(cause.contains("could not tell the scale of `csat` in `0.csv`"), "{cause}");
    assert!(
        advice.ends_with("--scale csat=1-7, or leave the ratings out with --map tickets.rating="),
        "{advice}"
    );
}

#[test]
fn without_a_metric_that_counts_them_ratings_are_not_read() {
    let fcr = given(&[(Kind::Tickets, TICKETS)], |plan| {
        plan.metrics = METRICS.iter().copied().filter(|metric| metric.id == "fcr").collect();
    });
    assert!(fcr.joined.answers.is_none());
    assert_eq!(
        fcr.report().metrics,
        [assemble::heading(&fcr.plan, METRICS.iter().find(|m| m.id == "fcr").unwrap())]
    );
}
