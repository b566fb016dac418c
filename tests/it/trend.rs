//! `cxm trend` as a user runs it: limits against the goldens, gaps, unfinished periods, small groups and signals.

use std::fmt::Write as _;
use std::process::Output;

use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::Value;

use super::cli::cxm;
use super::golden::{Case, golden};

/// Runs the program on an export of that name.
pub(super) fn run(export: &str, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("export.csv"), export).unwrap();
    cxm(folder.path()).args(args).args(["export.csv", "--quiet"]).output().unwrap()
}

/// What it prints.
pub(super) fn text(export: &str, args: &[&str]) -> String {
    let output = run(export, args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows of its JSON, and the remarks.
pub(super) fn rows(export: &str, args: &[&str]) -> (Vec<Value>, Vec<String>) {
    let json: Value = serde_json::from_str(&text(export, &[args, &["--format", "json"]].concat())).unwrap();
    let remarks = json["remarks"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
    (json["results"].as_array().unwrap().clone(), remarks.collect())
}

/// The Monday of that week, counted from the first of 2025.
fn monday(week: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 6).unwrap().checked_add_days(Days::new(7 * week as u64)).unwrap()
}

/// Answers to one question, week by week: how often each score was given.
fn answers(question: &str, weeks: &[Vec<(i32, u64)>]) -> String {
    let (mut export, mut number) = (format!("response_id,responded_at,{question}\n"), 0);
    for (week, scores) in weeks.iter().enumerate() {
        for (score, times) in scores {
            for _ in 0..*times {
                number += 1;
                writeln!(export, "R{number},{}T12:00:00Z,{score}", monday(week)).unwrap();
            }
        }
    }
    export
}

/// A ticket a week that was resolved after so many hours.
fn tickets(hours: &[f64]) -> String {
    let mut export = "ticket_id,created_at,resolved_at\n".to_owned();
    for (week, hours) in hours.iter().enumerate() {
        let opened = monday(week).and_hms_opt(0, 0, 0).unwrap();
        let resolved = opened + TimeDelta::seconds((3600.0 * hours).round() as i64);
        writeln!(export, "T{week},{opened},{resolved}").unwrap();
    }
    export
}

fn after(weeks: usize) -> String {
    monday(weeks).to_string()
}

/// Limits in the unit of the metric, `times` as large as those of the file.
fn check(case: &Case, rows: &[Value], want: [&Value; 2], times: f64) -> usize {
    let [lower, upper] = want.map(|limits| limits.as_array().unwrap());
    assert_eq!((rows.len(), rows.len()), (lower.len(), upper.len()), "{}", case.id());
    for (row, (lower, upper)) in rows.iter().zip(lower.iter().zip(upper)) {
        for (key, want) in [("limit_lower", lower), ("limit_upper", upper)] {
            let (got, want) = (row[key].as_f64().unwrap(), times * want.as_f64().unwrap());
            assert!((got - want).abs() < 1e-7, "{} {key}: {got} {want}", case.id());
        }
    }
    rows.len()
}

#[test]
fn limits_of_shares_are_those_of_the_goldens() {
    let mut compared = 0;
    for case in golden!("spc_p.json").iter().filter(|case| case.id() != "csat_large_n") {
        let counts = case.list("x").unwrap().into_iter().zip(case.list("n").unwrap());
        let weeks: Vec<Vec<(i32, u64)>> =
            counts.map(|(x, n)| vec![(5, x as u64), (1, (n - x) as u64)]).collect();
        let as_of = after(weeks.len());
        let (rows, _) = rows(&answers("csat", &weeks), &["trend", "csat", "--as-of", &as_of]);
        let want = case.expect();
        let limits = if want["laney"].is_null() { &want["p_chart"] } else { &want["laney"] };
        compared += check(case, &rows, [&limits["lcl"], &limits["ucl"]], 100.0);
        case.check("centre", rows[0]["centre"].as_f64().map(|centre| centre / 100.0), &want["center"]);
    }
    assert_eq!(compared, 30 + 20 + 3);
}

#[test]
fn limits_of_net_promoter_scores_are_those_of_the_golden() {
    let mut compared = 0;
    for case in golden!("spc_nps.json") {
        let weeks = case.0["input"]["weeks_detractor_passive_promoter"].as_array().unwrap();
        let count = |week: &Value, at: usize| week[at].as_u64().unwrap();
        let weeks: Vec<Vec<(i32, u64)>> = weeks
            .iter()
            .map(|week| vec![(3, count(week, 0)), (8, count(week, 1)), (10, count(week, 2))])
            .collect();
        let as_of = after(weeks.len());
        let (rows, _) = rows(&answers("nps", &weeks), &["trend", "nps", "--as-of", &as_of]);
        let limits = &case.expect()["limits_laney"];
        compared += check(&case, &rows, [&limits["lcl"], &limits["ucl"]], 100.0);
    }
    assert_eq!(compared, 20);
}

#[test]
fn limits_and_rules_of_medians_are_those_of_the_goldens() {
    let (mut compared, mut signals) = (0, 0);
    for case in golden!("spc_xmr.json") {
        let hours = case.list("y").unwrap();
        let (rows, _) =
            rows(&tickets(&hours), &["trend", "resolution-time", "--as-of", &after(hours.len() + 1)]);
        let want = case.expect();
        for (row, hours) in rows.iter().zip(&hours) {
            assert!((row["value"].as_f64().unwrap() - hours).abs() < 1e-9, "{}", case.id());
            // Nothing takes less than no time.
            let lower = want["lnpl"].as_f64().map(|limit| limit.max(0.0));
            case.check("lower", row["limit_lower"].as_f64(), &Value::from(lower));
            case.check("upper", row["limit_upper"].as_f64(), &want["unpl"]);
            compared += 1;
        }
        let flagged: Vec<usize> = (1..=rows.len()).filter(|at| rows[at - 1]["signal"] != "").collect();
        let rule = &want["rules"]["r1_beyond_3s"];
        let expected = rule
            .as_array()
            .map_or(Vec::new(), |rule| rule.iter().map(|at| at.as_u64().unwrap() as usize).collect());
        assert_eq!(flagged, expected, "{}", case.id());
        assert_eq!(rows[0]["runs"] != "", want["anhoej"]["signal"] == true, "{}", case.id());
        signals += flagged.len() + usize::from(rows[0]["runs"] != "");
    }
    assert_eq!((compared, signals), (70, 5 + 2));
}

/// Ten weeks of 60 promoters and 40 detractors of 100, but one of 10 and 90. Distances of z are all 0 but two.
fn with_one_bad_week() -> Vec<Vec<(i32, u64)>> {
    let week = |promoters: u64| vec![(10, promoters), (0, 100 - promoters)];
    let mut weeks = vec![week(60); 30];
    weeks[20] = week(10);
    weeks
}

#[test]
fn a_week_beyond_its_limits_is_named_in_rows_and_in_words() {
    let (rows, remarks) =
        rows(&answers("nps", &with_one_bad_week()), &["trend", "nps", "--as-of", &after(30)]);
    let signals: Vec<(&Value, &Value)> = rows.iter().map(|row| (&row["period"], &row["signal"])).collect();
    let beyond: Vec<_> = signals.into_iter().filter(|(_, signal)| **signal != "").collect();
    assert_eq!(beyond, [(&Value::from("2025-W22"), &Value::from("below limits"))]);
    // 2900 promoters less 1210 detractors ... 29 × 60 + 10 = 1750 of 3000 are promoters: 16.67.
    assert!((rows[0]["centre"].as_f64().unwrap() - 100.0 * (2.0 * 1750.0 / 3000.0 - 1.0)).abs() < 1e-9);
    assert_eq!(remarks[0], "2025-W22 lies below its limits.");
    // All others are above the centre: 20 in a row, where log₂ 30 rounds to 5 and allows 8.
    assert_eq!(
        remarks[1],
        "From 2025-W02 to 2025-W21, 20 weeks lie above the centre and none below it, where chance allows 8 in a row: \
         the level has shifted."
    );
    assert!(remarks[2].starts_with("From 2025-W23 to 2025-W31, 9 weeks lie above the centre"));
    assert!(remarks[3].starts_with("The values cross their centre 2 times, where chance leaves at least"));
    assert_eq!((rows[0]["in_run"].as_bool(), rows[20]["in_run"].as_bool()), (Some(true), Some(false)));
    assert_eq!(rows[0]["runs"], "long run, few crossings");
}

#[test]
fn noise_is_called_noise() {
    let week = |at: usize| vec![(10, [50, 46, 55, 48, 53, 51, 44][at * at % 7]), (0, [50, 44, 49][at % 3])];
    let weeks: Vec<_> = (0..26).map(week).collect();
    let (rows, remarks) = rows(&answers("nps", &weeks), &["trend", "nps", "--as-of", &after(26)]);
    assert_eq!((rows.len(), remarks.len()), (26, 1), "{remarks:?}");
    assert_eq!(remarks[0], "No signal in 26 weeks: what moved is noise.");
    assert!(rows.iter().all(|row| row["signal"] == "" && row["runs"] == ""));
}

#[test]
fn few_periods_have_limits_and_a_warning() {
    let weeks = vec![vec![(10, 6), (0, 4)], vec![(10, 5), (0, 5)], vec![(10, 7), (0, 3)]];
    let (few, remarks) = rows(&answers("nps", &weeks), &["trend", "nps", "--as-of", &after(3)]);
    assert!(few.iter().all(|row| row["limit_lower"].is_f64()));
    assert!(remarks[0].starts_with("Fewer than 8 complete weeks, too few to tell a signal from noise"));
    let (one, remarks) = rows(&answers("nps", &weeks[..1]), &["trend", "nps", "--as-of", &after(1)]);
    assert!(one[0]["value"] == 20.0 && one[0]["limit_lower"].is_null() && one[0]["centre"].is_null());
    assert!(remarks[0].starts_with("No limits: they need at least 2 complete weeks"), "{remarks:?}");
}

#[test]
fn a_week_without_answers_is_a_gap_and_an_unfinished_one_is_not_judged() {
    let mut weeks = vec![vec![(10, 6), (0, 4)]; 4];
    weeks[1].clear();
    weeks[3] = vec![(0, 10)];
    let export = answers("nps", &weeks);
    let (all, _) = rows(&export, &["trend", "nps"]);
    let of = |key: &str| all.iter().map(|row| row[key].clone()).collect::<Vec<Value>>();
    assert_eq!(of("period"), ["2025-W02", "2025-W03", "2025-W04", "2025-W05"]);
    assert_eq!(of("n"), [10, 0, 10, 10]);
    assert_eq!(of("partial"), [false, false, false, true]);
    assert_eq!(of("note")[1], "no answers");
    assert!(all[1]["value"].is_null() && all[1]["limit_lower"].is_null());
    // The unfinished week has a value, and neither limits nor a part in those of the others.
    assert!(all[3]["value"] == -100.0 && all[3]["limit_lower"].is_null());
    assert_eq!(all[0]["centre"], 20.0);
    // A first week that is cut short is not judged either.
    let (cut, _) = rows(&export, &["trend", "nps", "--since", "2025-01-06T06:00:00Z", "--as-of", &after(4)]);
    assert_eq!((&cut[0]["partial"], &cut[0]["limit_lower"]), (&Value::from(true), &Value::Null));
    assert_eq!(cut[3]["limit_lower"].as_f64(), Some(-100.0));
    let shown = text(&export, &["trend", "nps", "--format", "table"]);
    assert!(shown.contains("2025-W02 ▄\u{a0}▄ 2025-W04, 20.0 … 20.0"), "{shown}");
    assert!(shown.contains("2025-W05*  10  −100.0"), "{shown}");
}

/// Two channels for ten weeks; the second has three answers in the fifth, and hides the first with it.
fn two_channels() -> String {
    let mut export = "response_id,responded_at,nps,channel\n".to_owned();
    for week in 0..10 {
        for number in 0..20 {
            writeln!(export, "E{week}-{number},{},{},email", monday(week), if number < 12 { 9 } else { 5 })
                .unwrap();
        }
        for number in 0..(if week == 4 { 3 } else { 8 }) {
            let score = if week == 4 { 0 } else { 10 - 5 * (number % 2) };
            writeln!(export, "W{week}-{number},{},{score},web", monday(week)).unwrap();
        }
    }
    export
}

#[test]
fn groups_have_limits_each_and_small_ones_are_in_none() {
    let export = two_channels();
    let (all, remarks) = rows(&export, &["trend", "nps", "--by", "channel", "--as-of", &after(10)]);
    assert_eq!(all.len(), 30);
    let of = |channel: &str| all.iter().filter(|row| row["channel"] == channel).cloned().collect::<Vec<_>>();
    let (email, web) = (of("email"), of("web"));
    assert!(of("").iter().all(|row| row["suppressed"] == false));
    for series in [&email, &web] {
        assert_eq!((&series[4]["suppressed"], &series[4]["value"]), (&Value::from(true), &Value::Null));
        assert!(series[4]["lower"].is_null() && series[4]["limit_lower"].is_null());
    }
    // 4 of 8 are promoters in all other weeks: with the three answers of the fifth the centre would not be 0.
    assert_eq!((&web[0]["centre"], &email[0]["centre"]), (&Value::from(0.0), &Value::from(20.0)));
    assert_eq!(email[4]["note"], "hidden so that the small group cannot be computed back");
    assert_eq!(web[4]["note"], "fewer than 5");
    assert_eq!(remarks[0], "(all): 2025-W06 lies below its limits.");
    assert!(remarks[1].starts_with("email and web: no signal in 9 weeks"), "{remarks:?}");
    assert!(remarks[2].starts_with("3 series were judged. Of those that are noise alone"), "{remarks:?}");
    let shown = text(&export, &["trend", "nps", "--by", "channel", "--format", "table"]);
    assert!(shown.contains("web    2025-W02 ▄▄▄▄\u{a0}▄▄▄▄ 2025-W10"), "{shown}");
}

#[test]
fn windows_that_overlap_have_no_limits() {
    let mut export = "order_id,customer_id,purchased_at,amount\n".to_owned();
    for month in 1..=9 {
        for customer in (0..40).filter(|customer| (customer * 7 + month) % 3 > 0) {
            writeln!(export, "O{month}-{customer},C{customer},2025-0{month}-10T10:00:00Z,20").unwrap();
        }
    }
    let args = ["trend", "retention", "--period", "month", "--as-of", "2025-10-01"];
    let (of_length, remarks) = rows(&export, &args);
    assert!(of_length.iter().all(|row| row["limit_lower"].is_null()));
    assert!(
        remarks[0].starts_with("No limits, since the windows of neighbouring months overlap"),
        "{remarks:?}"
    );
    let (of_months, remarks) = rows(&export, &[&args[..], &["--window", "period"]].concat());
    assert!(of_months.iter().filter(|row| row["partial"] == false).all(|row| row["limit_lower"].is_f64()));
    assert!(remarks[0].contains("8 months"), "{remarks:?}");
}

#[test]
fn several_definitions_have_a_series_each_within_their_own_scale() {
    let weeks = vec![vec![(5, 6), (3, 4)], vec![(5, 2), (1, 8)], vec![(5, 9), (4, 1)]];
    let export = answers("csat", &weeks);
    let args = ["trend", "csat", "--def", "top2", "--def", "percent-of-max", "--as-of", &after(3)];
    let (rows, remarks) = rows(&export, &args);
    assert_eq!(rows.len(), 6);
    // 60, 20 and 100 % are satisfied; the scores are 84, 36 and 98 % of the most they could be.
    for (row, value) in rows.iter().zip([60.0, 20.0, 100.0, 84.0, 36.0, 98.0]) {
        assert!((row["value"].as_f64().unwrap() - value).abs() < 1e-9, "{row}");
    }
    // Mean 72.67, mean distance 55: 2.66 times that is beyond both ends of the scale.
    assert_eq!((&rows[3]["limit_lower"], &rows[3]["limit_upper"]), (&Value::from(0.0), &Value::from(100.0)));
    assert!(remarks[0].starts_with("top2 and percent-of-max: fewer than 8"), "{remarks:?}");
    let shown = text(&export, &[&args[..], &["--format", "table"]].concat());
    assert!(
        shown.contains("Limits of top2: three") && shown.contains("Limits of percent-of-max:"),
        "{shown}"
    );
}

#[test]
fn a_period_says_how_many_of_its_cases_are_still_to_come_in() {
    let mut export = "ticket_id,customer_id,created_at,resolved_at\n".to_owned();
    for week in 0..3 {
        for (day, number) in [(0, 6), (2, 4)] {
            for ticket in 0..number {
                let at = monday(week) + Days::new(day);
                writeln!(export, "T{week}{day}{ticket},C{week}{day}{ticket},{at} 08:00,{at} 09:00").unwrap();
            }
        }
    }
    // At noon of the fourth Monday, those of the third one have had their seven days, those of the Wednesday after not.
    let (rows, _) = rows(&export, &["trend", "fcr", "--as-of", &format!("{} 12:00", monday(3))]);
    let told: Vec<(u64, &str)> =
        rows.iter().map(|row| (row["n"].as_u64().unwrap(), row["note"].as_str().unwrap())).collect();
    assert_eq!(told, [(10, ""), (10, ""), (6, "4 not yet mature")]);
    let args =
        ["explain", "fcr", "--from", "2025-W03", "--to", "2025-W04", "--by", "customer.tickets", "--as-of"];
    let explained =
        text(&export, &[&args[..], &[&format!("{} 12:00", monday(3)), "--format", "json"]].concat());
    assert!(explained.contains("Of the issues of 2025-W04, 4 are not yet mature"), "{explained}");
}

/// One long wait of a hundred hours pulls the mean far above what most weeks are.
#[test]
fn a_gate_judges_the_runs_that_the_series_shows() {
    let before: Vec<f64> = (0..14).map(|week| 1.0 + f64::from(week % 4) / 10.0).collect();
    let hours = [before, vec![100.0], vec![3.0; 10]].concat();
    let as_of = after(hours.len());
    let (_, remarks) = rows(&tickets(&hours), &["trend", "resolution-time", "--as-of", &as_of]);
    // Eleven of 25 weeks lie below the median, 1.3, three on it, and eleven above: of 22, round(log₂ 22) + 3 are 7.
    let long = |ends: &str, side: &str| {
        remarks.iter().any(|told| told.starts_with(&format!("From {ends}, 11 weeks lie {side}")))
    };
    assert!(long("2025-W02 to 2025-W15", "below") && long("2025-W16 to 2025-W26", "above"), "{remarks:?}");
    assert!(
        remarks
            .iter()
            .any(|told| told.contains("the median and none below it, where chance allows 7 in a row"))
    );
    let gate = ["check", "--gate", "resolution_time no-signal", "--period", "week", "--as-of", &as_of];
    let output = run(&tickets(&hours), &gate);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn nothing_to_show_is_said() {
    let (rows, remarks) = rows(&two_channels(), &["trend", "nps", "--where", "channel = \"none\""]);
    assert_eq!((rows.len(), remarks.as_slice()), (0, &["There are no answers in any week.".to_owned()][..]));
}

#[test]
fn every_format_holds_the_series_whatever_the_threads() {
    let export = two_channels();
    let args = ["trend", "nps", "--by", "channel", "--as-of", &after(10)];
    for format in ["table", "csv", "tsv", "json", "jsonl", "md"] {
        let of =
            |threads: &str| text(&export, &[&args[..], &["--format", format, "--threads", threads]].concat());
        let one = of("1");
        assert_eq!(one, of("2"), "{format}");
        assert!(one.contains("2025-W11") && one.contains("email"), "{format}: {one}");
    }
    let csv = text(&export, &args);
    assert_eq!(
        csv.lines().next().unwrap(),
        "metric,definition,channel,period,n,value,lower,upper,centre,limit_lower,limit_upper,signal,in_run,runs,\
         partial,suppressed,unit,note"
    );
    assert!(csv.lines().nth(1).unwrap().starts_with("nps,0-10,,2025-W02,28,"), "{csv}");
}

#[test]
fn the_period_is_a_week_unless_another_is_asked_for() {
    let export = two_channels();
    let (months, _) = rows(&export, &["trend", "nps", "--period", "month"]);
    assert_eq!(months[0]["period"], "2025-01");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("export.csv"), &export).unwrap();
    std::fs::write(folder.path().join("cxm.toml"), "period = \"quarter\"\n").unwrap();
    let by_config = cxm(folder.path()).args(["trend", "nps", "export.csv", "-q"]).output().unwrap();
    assert!(String::from_utf8(by_config.stdout).unwrap().contains(",2025-Q1,"));
}

#[test]
fn what_is_no_metric_is_refused() {
    for (args, told) in [
        (&["trend", "npss"][..], "`npss` is no metric"),
        (&["trend"][..], "name the metric before the exports, as in nps export.csv"),
        (&["trend", "churn"][..], "`churn` cannot be computed: no purchases export"),
    ] {
        let output = run(&two_channels(), args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && stderr.contains(told), "{stderr}");
    }
}
