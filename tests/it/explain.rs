//! `cxm explain` as a user runs it: effects against the golden, small groups, periods, and the law that the parts add up.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::golden::golden;
use super::trend::{rows, run, text};

fn refused(export: &str, args: &[&str]) -> String {
    let output = run(export, args);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    String::from_utf8(output.stderr).unwrap()
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key} of {row}"))
}

/// Answers as an export: the month, the channel, the score, and how often.
fn answers(question: &str, given: &[(u32, &str, i32, u64)]) -> String {
    let (mut export, mut number) = (format!("response_id,responded_at,channel,{question}\n"), 0);
    for (month, channel, score, times) in given {
        for _ in 0..*times {
            number += 1;
            writeln!(export, "R{number},2026-{month:02}-10T10:00:00Z,{channel},{score}").unwrap();
        }
    }
    export
}

const FEBRUARY: [&str; 6] = ["--from", "2026-01", "--to", "2026-02", "--as-of", "2026-03-01"];

fn explain<'a>(metric: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["explain", metric][..], &FEBRUARY, more].concat()
}

#[test]
fn effects_are_those_of_the_golden() {
    let mut compared = 0;
    for case in golden!("kitagawa.json") {
        let is_nps = case.id().starts_with("nps");
        let mut given: Vec<(u32, &str, i32, u64)> = Vec::new();
        let segments = case.0["input"]["segments"].as_object().unwrap();
        for (name, segment) in segments {
            for (month, n, sum) in [(1, "n0", "sum0"), (2, "n1", "sum1")] {
                let (n, sum) = (segment[n].as_i64().unwrap(), segment[sum].as_i64().unwrap());
                let rest = (n - sum.abs()) as u64;
                // A sum of ±1 and 0, or of 1 and 0.
                let (good, bad, other) = if is_nps { (10, 0, 8) } else { (5, 1, 1) };
                let one = if sum < 0 { bad } else { good };
                given.extend([(month, name.as_str(), one, sum.unsigned_abs()), (month, name, other, rest)]);
            }
        }
        let metric = if is_nps { "nps" } else { "csat" };
        let (rows, _) = rows(&answers(metric, &given), &explain(metric, &[]));
        let want = case.expect();
        let part = |row: &Value, key: &str| Some(number(row, key) / 100.0);
        for row in &rows {
            let want = match row["part"].as_str().unwrap() {
                "all" => want,
                _ => &want["segments"][row["channel"].as_str().unwrap().to_uppercase()],
            };
            let want = if want.is_null() {
                &case.expect()["segments"][row["channel"].as_str().unwrap()]
            } else {
                want
            };
            case.check("mix", part(row, "mix"), &want["mix"]);
            case.check("rate", part(row, "rate"), &want["rate"]);
            let change = if want["total"].is_null() { &want["change"] } else { &want["total"] };
            case.check("change", part(row, "change"), change);
            compared += 1;
        }
        let all = rows.last().unwrap();
        case.check("before", part(all, "value_from"), &want["R0"]);
        case.check("after", part(all, "value_to"), &want["R1"]);
        assert_eq!(rows.len(), segments.len() + 1);
        let parts: Vec<&str> = rows.iter().map(|row| row["part"].as_str().unwrap()).collect();
        match case.id() {
            "new_segment" => assert_eq!(parts, ["group", "new", "all"]),
            "vanished_segment" => assert_eq!(parts, ["group", "gone", "all"]),
            _ => assert!(parts[..parts.len() - 1].iter().all(|part| *part == "group")),
        }
    }
    assert_eq!(compared, 17 + 7);
}

/// Small firms 90 → 91 % of 800 and 400, large ones 60 → 61 % of 200 and 600: both rise, the whole falls from 84 to 73 %.
fn simpson() -> String {
    answers(
        "csat",
        &[
            (1, "small", 5, 720),
            (1, "small", 1, 80),
            (2, "small", 5, 364),
            (2, "small", 1, 36),
            (1, "large", 5, 120),
            (1, "large", 1, 80),
            (2, "large", 5, 366),
            (2, "large", 1, 234),
        ],
    )
}

#[test]
fn both_groups_rise_and_the_whole_falls_by_mix_alone() {
    let (rows, remarks) = rows(&simpson(), &explain("csat", &[]));
    let [large, small, all] = rows.as_slice() else { panic!("{rows:?}") };
    for (row, mix, rate) in [(large, -7.2, 0.4), (small, -4.8, 0.6), (all, -12.0, 1.0)] {
        assert!(
            (number(row, "mix") - mix).abs() < 1e-9 && (number(row, "rate") - rate).abs() < 1e-9,
            "{row}"
        );
    }
    assert_eq!((number(small, "share_from"), number(small, "share_to")), (80.0, 40.0));
    assert_eq!((&all["n_from"], &all["n_to"]), (&Value::from(1000), &Value::from(1000)));
    assert_eq!(remarks[0], "CSAT fell by mix, while rate went the other way.");
    // 84 and 73 % of 1000 each: the error of the difference is 1.82, six times as small as the change.
    assert_eq!(remarks[1], "The change as a whole is more than noise.");
    assert_eq!(remarks[2], "The largest part of it: large, by mix.");
    assert_eq!(remarks[3], "No group changed itself by more than noise.");
    // w̄ = 0.6; √(0.09/800 + 0.0819/400) = 0.0178 of small firms.
    let error = 0.6 * 100.0 * (0.09_f64 / 800.0 + 0.91 * 0.09 / 400.0).sqrt();
    assert!((number(small, "rate_error") - error).abs() < 1e-9);
}

#[test]
fn small_groups_stand_as_one_and_cannot_be_computed_back() {
    let export = answers(
        "nps",
        &[
            (1, "email", 10, 30),
            (2, "email", 0, 40),
            (1, "fax", 10, 3),
            (2, "fax", 10, 30),
            (1, "web", 0, 20),
            (2, "web", 8, 50),
            (2, "app", 10, 2),
            (2, "chat", 10, 1),
        ],
    );
    let (rows, _) = rows(&export, &explain("nps", &[]));
    // Fax is small in January, and web the next smallest there; app and chat are small in February.
    let told: Vec<(&str, &str)> =
        rows.iter().map(|row| (row["channel"].as_str().unwrap(), row["part"].as_str().unwrap())).collect();
    assert_eq!(told, [("email", "group"), ("(4 small groups)", "small"), ("", "all")]);
    assert_eq!((&rows[1]["n_from"], &rows[1]["n_to"]), (&Value::from(23), &Value::from(83)));
    assert!((number(&rows[1], "value_to") - 100.0 * 33.0 / 83.0).abs() < 1e-9);
    let all_shown = text(&export, &explain("nps", &["--min-n", "1"]));
    assert!(["fax", "web", "app", "chat"].iter().all(|channel| all_shown.contains(channel)));
}

#[test]
fn one_group_is_no_split() {
    let given = [(1, "web", 10, 6), (1, "web", 0, 4), (2, "web", 10, 9), (2, "web", 0, 1)];
    let (_, remarks) = rows(&answers("nps", &given), &explain("nps", &[]));
    assert_eq!(
        remarks[2..],
        ["All cases are in one group, so that there is nothing to split: --by names others."]
    );
    let given = [(1, "web", 10, 4), (1, "app", 0, 4), (2, "web", 10, 2), (2, "app", 0, 1)];
    let (rows, remarks) = rows(&answers("nps", &given), &explain("nps", &[]));
    assert_eq!(
        (rows.len(), remarks.last().unwrap().as_str()),
        (2, "The groups are too small to be shown apart: --by names others.")
    );
}

#[test]
fn unnamed_periods_are_the_last_two_that_are_over() {
    let given: Vec<(u32, &str, i32, u64)> = (1..=4)
        .flat_map(|month| [(month, "web", 10, 10), (month, "email", 0, 5 + u64::from(month))])
        .collect();
    let export = answers("nps", &given);
    let title = |args: &[&str]| {
        let shown = text(&export, &[&["explain", "nps"][..], args, &["--format", "table"]].concat());
        shown.lines().take(2).collect::<Vec<_>>().join(" ").split(" · ").next().unwrap().to_owned()
    };
    let last = "(the last month that is over, and the one before)";
    // April is not over on its tenth day.
    assert_eq!(title(&[]), format!("NPS from 2026-02 to 2026-03 {last}"));
    assert_eq!(title(&["--as-of", "2026-05-01"]), format!("NPS from 2026-03 to 2026-04 {last}"));
    assert_eq!(title(&["--to", "2026-02"]), "NPS from 2026-01 to 2026-02");
    assert_eq!(title(&["--from", "2026-01"]), "NPS from 2026-01 to 2026-03");
    assert_eq!(title(&["--from", "2026-01", "--to", "2026-04", "--partial"]), "NPS from 2026-01 to 2026-04");
    assert_eq!(title(&["--from", "2026-W02", "--to", "2026-W07"]), "NPS from 2026-W02 to 2026-W07");
    assert_eq!(title(&["--from", "2026-Q1", "--to", "2026-Q2", "--partial"]), "NPS from 2026-Q1 to 2026-Q2");
    let (_, remarks) = rows(&export, &["explain", "nps", "--to", "2026-04", "--partial"]);
    assert_eq!(remarks[0], "2026-04 is cut short, by the as-of moment, --since or --until.");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let export = simpson();
    let of = |args: &[&str]| refused(&export, &[&["explain", "csat"][..], args].concat());
    for (args, told) in [
        (&["--from", "2026-01", "--to", "2026-02"][..], "2026-02 is cut short"),
        (
            &["--from", "2026-01", "--to", "2026-Q2"],
            "`--from 2026-01` is a month and `--to 2026-Q2` a quarter",
        ),
        (&["--from", "2026-02", "--to", "2026-01"], "`--from 2026-02` is not before `--to 2026-01`"),
        (&["--from", "2025-12", "--to", "2026-01"], "2025-12 has no answers"),
        (&["--from", "2026-1"], "`--from 2026-1` is no calendar period"),
        (&["--from", "2026-W54"], "`--from 2026-W54` is no calendar period"),
        (&["--to", "2026-01", "--period", "week"], "2026-01 is a month, and --period names another kind"),
    ] {
        let stderr = of(args);
        assert!(stderr.contains(told) && stderr.contains("hint: "), "{stderr}");
    }
    let stderr = refused(&export, &["explain", "first-reply-time"]);
    assert!(
        stderr.contains("no mean of what each case adds") && stderr.contains("cxm trend first-reply-time")
    );
    assert!(refused(&export, &["explain", "nrr"]).contains("explain one of nps, csat, ces"));
}

#[test]
fn every_format_holds_the_parts_whatever_the_threads() {
    let export = simpson();
    for format in ["table", "csv", "tsv", "json", "jsonl", "md"] {
        let of = |threads: &str| text(&export, &explain("csat", &["--format", format, "--threads", threads]));
        let one = of("1");
        assert_eq!(one, of("2"), "{format}");
        assert!(one.contains("large") && one.contains("small"), "{format}: {one}");
    }
    assert_eq!(
        text(&export, &explain("csat", &[])).lines().next().unwrap(),
        "metric,definition,from,to,channel,part,n_from,n_to,share_from,share_to,value_from,value_to,mix,rate,\
         rate_error,rate_lower,rate_upper,change,change_lower,change_upper,unit,note"
    );
}

#[test]
fn several_breakdowns_are_split_each() {
    let export = "response_id,responded_at,channel,country,ces\n".to_owned()
        + &(0..80)
            .map(|at| {
                let [channel, country] = [["web", "email"][at % 2], ["NL", "DE", "FR"][at % 3]];
                format!("R{at},2026-0{}-10,{channel},{country},{}\n", 1 + at % 4 / 2, 1 + at % 7)
            })
            .collect::<String>();
    let (rows, _) = rows(&export, &explain("ces", &["--by", "channel,country"]));
    let alls: Vec<&Value> = rows.iter().filter(|row| row["part"] == "all").collect();
    assert_eq!((rows.len(), alls.len()), (3 + 4, 2));
    assert!((number(alls[0], "change") - number(alls[1], "change")).abs() < 1e-12);
    assert!(rows.iter().all(|row| row["country"] == "" || row["channel"] == ""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_parts_add_up_to_the_change_that_the_metric_shows(
        given in prop::collection::vec((1..3_u32, 0..5_usize, 0..11_i32, 1..9_u64), 2..24),
        min_n in prop_oneof![Just(1_u64), Just(5), Just(12)],
        is_weighed: bool,
    ) {
        const CHANNELS: [&str; 5] = ["app", "chat", "email", "phone", "web"];
        let mut given: Vec<(u32, &str, i32, u64)> =
            given.into_iter().map(|(month, at, score, times)| (month, CHANNELS[at], score, times)).collect();
        given.extend([(1, "web", 9, 1), (2, "email", 3, 1)]);
        let mut export = answers("nps", &given);
        if is_weighed {
            let weighed = |(at, line): (usize, &str)| match at {
                0 => format!("{line},weight\n"),
                _ => format!("{line},{}\n", [1.0, 2.5, 0.3][at % 3]),
            };
            export = export.lines().enumerate().map(weighed).collect();
        }
        let min_n = min_n.to_string();
        let (rows, _) = rows(&export, &explain("nps", &["--min-n", &min_n]));
        let (all, parts) = rows.split_last().unwrap();
        let sum = |key: &str| parts.iter().map(|row| number(row, key)).sum::<f64>();
        for key in ["mix", "rate", "change"] {
            prop_assert!((sum(key) - number(all, key)).abs() < 1e-9, "{} {}", key, all);
        }
        for key in ["n_from", "n_to"] {
            prop_assert_eq!(sum(key), number(all, key));
            // Nobody is shown a small group, unless it is all there is.
            let least = min_n.parse::<f64>().unwrap();
            let is_small = |row: &Value| number(row, key) > 0.0 && number(row, key) < least;
            prop_assert!(!parts.iter().any(is_small) || number(all, key) < least || parts.iter().filter(|row| number(row, key) > 0.0).count() == 1);
        }
        prop_assert!((number(all, "mix") + number(all, "rate") - number(all, "change")).abs() < 1e-9);
        let series: Value = serde_json::from_str(&text(
            &export,
            &["nps", "--period", "month", "--as-of", "2026-03-01", "--format", "json"],
        )).unwrap();
        let value = |at: usize| series["results"][at]["value"].as_f64().unwrap();
        prop_assert!((value(1) - value(0) - number(all, "change")).abs() < 1e-9);
    }
}
