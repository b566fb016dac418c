//! Compares tests of survival curves with numbers that R gave (`testdata/golden`); it must not compute an
//! expectation itself.

use cxm::stats::survival::{KaplanMeier, log_rank, restricted_difference};
use serde_json::Value;

use crate::golden::{Case, from_sample, from_table, golden};

/// Four of the five groupings: the fifth names a data set that is not here.
#[test]
fn log_rank_tests_of_two_and_more_groups() {
    let (mut compared, mut entries) = (0, 0);
    for case in golden!("survival_logrank.json") {
        let expect = case.expect();
        let names: Vec<&str> =
            expect["groups"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let Some(rows) = rows(&case) else { continue };
        let samples: Vec<_> = names.iter().map(|name| sample(&rows, name)).collect();
        let groups: Vec<_> =
            samples.iter().map(|(ended, censored)| KaplanMeier::new(ended, censored)).collect();
        let test = log_rank(&groups).unwrap();
        case.check("χ²", Some(test.chi_square), &expect["chisq"]);
        case.check("df", Some(test.df), &expect["df"]);
        case.check("p", Some(test.p), &expect["p"]);
        let p = expect["p"].as_f64().unwrap();
        assert!((test.p / p - 1.0).abs() < 1e-9, "{}: {:e}", case.id(), test.p);
        for (g, (ended, censored)) in samples.iter().enumerate() {
            case.check("n", Some((ended.len() + censored.len()) as f64), &expect["n"][g]);
            case.check("observed", Some(test.observed[g]), &expect["observed"][g]);
            case.check("expected", Some(test.expected[g]), &expect["expected"][g]);
            entries += 1;
        }
        compared += 1;
    }
    assert_eq!((compared, entries), (4, 13));
}

/// One of two: the other names a data set that is not here.
#[test]
fn restricted_means_and_their_difference() {
    let mut compared = 0;
    for case in golden!("survival_rmst_diff.json") {
        let Some(rows) = rows(&case) else { continue };
        let (tau, expect) = (case.input("tau"), case.expect());
        let mean = |arm: &str| {
            let (ended, censored) = sample(&rows, arm);
            KaplanMeier::new(&ended, &censored).restricted_mean(tau, |time| time).unwrap()
        };
        let (one, zero) = (mean("1"), mean("0"));
        case.check("mean 1", Some(one.mean), &expect["rmst1"]);
        case.check("error 1", Some(one.variance.sqrt()), &expect["se1"]);
        case.check("mean 0", Some(zero.mean), &expect["rmst0"]);
        case.check("error 0", Some(zero.variance.sqrt()), &expect["se0"]);
        let difference = restricted_difference(&one, &zero, 0.95).unwrap();
        case.check("difference", Some(difference.value), &expect["diff"]);
        case.check_interval("interval", Some(difference.interval), expect);
        case.check("p", difference.p, &expect["p"]);
        compared += 1;
    }
    assert_eq!(compared, 1);
}

/// Eleven curves, as in the test of their tables.
#[test]
fn restricted_means_of_one_curve() {
    let (mut curves, mut compared) = (0, 0);
    for case in golden!("survival_km.json") {
        let expect = case.expect();
        let wanted = expect["rmst"].as_array().unwrap();
        if wanted.is_empty() {
            continue;
        }
        let (ended, censored) = match (case.list("T"), case.list("E")) {
            (Some(times), Some(events)) => from_sample(&times, &events),
            _ => from_table(expect["table"].as_array().unwrap()),
        };
        let curve = KaplanMeier::new(&ended, &censored);
        for want in wanted {
            let got = curve.restricted_mean(want["tau"].as_f64().unwrap(), |time| time).unwrap();
            case.check("mean", Some(got.mean), &want["rmst"]);
            case.check("error", Some(got.variance.sqrt()), &want["se"]);
            compared += 1;
        }
        curves += 1;
    }
    assert_eq!((curves, compared), (11, 19));
}

/// A time, whether it ended, and the group.
type Row = (f64, f64, String);

/// The rows of a case, where its data are here.
fn rows(case: &Case) -> Option<Vec<Row>> {
    let input = &case.0["input"];
    match input["csv"].as_str() {
        Some(csv) if csv.contains("waltons") => {
            Some(table(include_str!("../../testdata/golden/data/waltons.csv")))
        }
        Some(csv) if csv.contains("dd.csv") => Some(table(include_str!("../../testdata/golden/data/dd.csv"))),
        Some(_) => None,
        None => {
            let groups = [&input["group"], &input["arm"]].into_iter().find_map(Value::as_array).unwrap();
            let names = groups.iter().map(|group| group.as_str().map_or(group.to_string(), str::to_owned));
            let (times, events) = (case.list("T").unwrap(), case.list("E").unwrap());
            Some(times.into_iter().zip(events).zip(names).map(|((t, e), name)| (t, e, name)).collect())
        }
    }
}

/// A file of three columns, the group either last or first.
fn table(text: &str) -> Vec<Row> {
    let group = text.lines().next().unwrap().split(',').position(|name| name == "group" || name == "regime");
    let row = |line: &str| {
        let mut fields: Vec<&str> = line.split(',').collect();
        let name = fields.remove(group.unwrap());
        (fields[0].parse().unwrap(), fields[1].parse().unwrap(), name.to_owned())
    };
    text.lines().skip(1).map(row).collect()
}

fn sample(rows: &[Row], group: &str) -> (Vec<f64>, Vec<f64>) {
    let own = rows.iter().filter(|row| row.2 == group);
    let (times, events): (Vec<f64>, Vec<f64>) = own.map(|row| (row.0, row.1)).unzip();
    from_sample(&times, &events)
}
