//! Compares `cxm::stats` with numbers that other people's libraries gave (`testdata/golden`); it must
//! not compute an expectation itself.

use cxm::stats::survival::KaplanMeier;
use cxm::stats::{Interval, mean, normal, nps, proportion, quantile, student};
use serde_json::Value;

macro_rules! golden {
    ($file:literal) => {
        $crate::golden::cases(
            &std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/golden/", $file))
                .unwrap(),
        )
    };
}
pub(crate) use golden;

pub(crate) fn cases(text: &str) -> Vec<Case> {
    let file: Value = serde_json::from_str(text).unwrap();
    let cases = file["cases"].as_array().expect("a list of cases");
    cases.iter().cloned().map(Case).collect()
}

pub(crate) struct Case(pub(crate) Value);

impl Case {
    pub(crate) fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    pub(crate) fn input(&self, name: &str) -> f64 {
        self.0["input"][name].as_f64().unwrap_or_else(|| panic!("{}: no input {name}", self.id()))
    }

    pub(crate) fn list(&self, name: &str) -> Option<Vec<f64>> {
        self.0["input"][name].as_array().map(|list| list.iter().map(|x| x.as_f64().unwrap()).collect())
    }

    pub(crate) fn expect(&self) -> &Value {
        &self.0["expect"]
    }

    /// The rule of all files; an infinite or absent limit is written `null` or as text.
    pub(crate) fn check(&self, what: &str, got: Option<f64>, want: &Value) {
        let tol = self.0["tol"].as_f64().unwrap();
        match (got, want.as_f64()) {
            (Some(got), Some(want)) => {
                let error = (got - want).abs();
                assert!(error <= tol * want.abs().max(1.0), "{} {what}: got {got}, want {want}", self.id());
            }
            (None, None) => {}
            _ => panic!("{} {what}: got {got:?}, want {want}", self.id()),
        }
    }

    pub(crate) fn check_interval(&self, what: &str, got: Option<Interval>, want: &Value) {
        self.check(what, got.map(|i| i.lower), &want["lo"]);
        self.check(what, got.map(|i| i.upper), &want["hi"]);
    }

    /// Published limits are given to four decimals.
    pub(crate) fn check_published(&self, got: Option<Interval>, want: &Value) -> usize {
        let Some(want) = want.as_array() else { return 0 };
        for (got, want) in [(got.unwrap().lower, &want[0]), (got.unwrap().upper, &want[1])] {
            assert!((got - want.as_f64().unwrap()).abs() <= 5.1e-5, "{} published: {got} {want}", self.id());
        }
        1
    }
}

#[test]
fn net_promoter_scores_and_their_score_intervals() {
    let (mut scores, mut intervals) = (0, 0);
    for case in golden!("nps_single.json") {
        let [detractors, passives, promoters] = match case.list("scores") {
            Some(answers) => {
                let among =
                    |low: f64, high: f64| answers.iter().filter(|&&a| low <= a && a <= high).count() as f64;
                [among(0.0, 6.0), among(7.0, 8.0), among(9.0, 10.0)]
            }
            None => ["detractors", "passives", "promoters"].map(|kind| case.input(kind)),
        };
        case.check("nps", nps::estimate(detractors, passives, promoters), &case.expect()["nps"]);
        scores += 1;
        if let Some(want) = case.expect().get("score_tango") {
            let got = nps::score_interval(detractors, passives, promoters, case.input("conf"));
            case.check_interval("score", got, want);
            intervals += 1;
        }
    }
    assert_eq!((scores, intervals), (29, 27));
}

#[test]
fn wilson_intervals() {
    let (mut compared, mut published) = (0, 0);
    for case in golden!("proportion_ci.json") {
        let got = proportion::wilson(case.input("x"), case.input("n"), case.input("conf"));
        case.check_interval("wilson", got, &case.expect()["wilson"]);
        published += case.check_published(got, &case.0["published"]["wilson"]);
        compared += 1;
    }
    assert_eq!((compared, published), (20, 4));
}

#[test]
fn differences_of_shares() {
    let (mut compared, mut published) = (0, 0);
    for case in golden!("proportion_diff.json") {
        let [x1, n1, x2, n2] = ["x1", "n1", "x2", "n2"].map(|count| case.input(count));
        let got = proportion::newcombe(x1, n1, x2, n2, case.input("conf"));
        case.check_interval("newcombe", got, &case.expect()["newcombe"]);
        published += case.check_published(got, &case.0["published_newcombe_method10"]);
        let p = proportion::pooled_p(x1, n1, x2, n2);
        case.check("pooled p", p, &case.expect()["ztest_pooled"]["p"]);
        compared += 1;
    }
    assert_eq!((compared, published), (13, 8));
}

#[test]
fn exact_coverage_and_mean_width_of_wilson() {
    let mut compared = 0;
    for case in golden!("proportion_coverage.json") {
        if case.0["input"]["method"] != "wilson" {
            continue;
        }
        let n = case.input("n") as u32;
        let limits: Vec<Interval> = (0..=n)
            .map(|x| proportion::wilson(f64::from(x), f64::from(n), case.input("conf")).unwrap())
            .collect();
        for (p, want) in case.expect().as_object().unwrap().iter().filter(|(p, _)| *p != "grid") {
            let p: f64 = p.parse().unwrap();
            // Logarithms from one count to the next: no factorial overflows, no power underflows.
            let mut logarithm = f64::from(n) * (1.0 - p).ln();
            let (mut coverage, mut width) = (0.0, 0.0);
            for (x, at) in limits.iter().enumerate() {
                let probability = logarithm.exp();
                coverage += if at.lower <= p && p <= at.upper { probability } else { 0.0 };
                width += probability * (at.upper - at.lower);
                logarithm += ((f64::from(n) - x as f64) / (x as f64 + 1.0) * p / (1.0 - p)).ln();
            }
            case.check("coverage", Some(coverage), &want["coverage"]);
            case.check("mean width", Some(width), &want["mean_width"]);
            compared += 1;
        }
    }
    assert_eq!(compared, 4 * 5);
}

#[test]
fn means_deviations_and_t_intervals() {
    let mut compared = 0;
    for case in golden!("mean_ci.json") {
        let values = case.list("x").unwrap();
        let moments = mean::mean_sd(values.iter().map(|&x| (x, 1)));
        assert_eq!(moments.n, values.len() as u64);
        case.check("mean", moments.mean, &case.expect()["mean"]);
        case.check("sd", moments.sd, &case.expect()["sd"]);
        for (name, level) in [("ci90", 0.9), ("ci95", 0.95), ("ci99", 0.99)] {
            let limits = |mean, sd| mean::t_interval(mean, sd, moments.n as f64, level);
            let got = moments.mean.zip(moments.sd).and_then(|(mean, sd)| limits(mean, sd));
            case.check_interval(name, got, &case.expect()[name]);
        }
        compared += 1;
    }
    assert_eq!(compared, 11);
}

#[test]
fn type_7_quantiles() {
    let (mut samples, mut compared) = (0, 0);
    for case in golden!("quantiles.json") {
        let mut values = case.list("x").unwrap();
        values.sort_by(f64::total_cmp);
        match case.expect()["quantiles"].as_object() {
            Some(quantiles) => {
                for (q, want) in quantiles {
                    case.check(q, quantile::type7(&values, q.parse().unwrap()), want);
                    compared += 1;
                }
            }
            None => assert_eq!(quantile::type7(&values, 0.5), None),
        }
        samples += 1;
    }
    assert_eq!((samples, compared), (6, 50));
}

/// Eleven of the thirteen cases: the two with late entry are left out, as the program has none.
#[test]
fn kaplan_meier_tables_medians_and_limits() {
    let (mut curves, mut steps) = (0, 0);
    for case in golden!("survival_km.json") {
        let table = case.expect()["table"].as_array().unwrap();
        let text = case.0["input"]["csv"].as_str().unwrap_or("");
        if case.list("entry").is_some() || text.contains("entry") {
            continue;
        }
        let (ended, censored) = match (case.list("T"), case.list("E")) {
            (Some(times), Some(events)) => from_sample(&times, &events),
            _ => from_table(table),
        };
        let curve = KaplanMeier::new(&ended, &censored);
        assert_eq!(curve.steps().count(), table.len(), "{}", case.id());
        for ((step, limits), want) in curve.steps().zip(curve.band(0.95)).zip(table) {
            case.check("time", Some(step.time), &want["time"]);
            case.check("at risk", Some(step.at_risk as f64), &want["n_risk"]);
            case.check("events", Some(step.events as f64), &want["n_event"]);
            case.check("survival", Some(step.survival), &want["surv"]);
            let error = step.survival * step.greenwood.sqrt();
            case.check("standard error", error.is_finite().then_some(error), &want["se"]);
            case.check("lower", limits.map(|i| i.lower), &want["lo_loglog"]);
            case.check("upper", limits.map(|i| i.upper), &want["hi_loglog"]);
            steps += 1;
        }
        case.check("median", curve.quantile(0.5), &case.expect()["median_textbook"]);
        let (lower, upper) = curve.quantile_interval(0.5, 0.95);
        case.check("median lower", lower, &case.expect()["median_textbook_ci_loglog"][0]);
        case.check("median upper", upper, &case.expect()["median_textbook_ci_loglog"][1]);
        curves += 1;
    }
    assert_eq!((curves, steps), (11, 149));
}

/// Freireich's 6-MP trial as textbooks print it, to three decimals.
#[test]
fn the_published_survival_of_the_6mp_trial() {
    let all = golden!("survival_km.json");
    let case = all.iter().find(|case| case.id() == "freireich_6mp").expect("the 6-MP case");
    let (ended, censored) = from_sample(&case.list("T").unwrap(), &case.list("E").unwrap());
    let curve = KaplanMeier::new(&ended, &censored);
    let published = [
        (6.0, 0.857),
        (7.0, 0.807),
        (10.0, 0.753),
        (13.0, 0.690),
        (16.0, 0.627),
        (22.0, 0.538),
        (23.0, 0.448),
    ];
    for (time, want) in published {
        assert!((curve.survival_at(time).unwrap() - want).abs() <= 5.1e-4, "at {time}");
    }
    assert_eq!(curve.quantile(0.5), Some(23.0));
}

#[test]
fn time_to_resolution_with_open_tickets() {
    let (mut tickets, mut compared) = (0, 0);
    for case in golden!("ttr.json") {
        let opened = case.list("opened").unwrap();
        let closed = case.0["input"]["closed"].as_array().unwrap();
        let end = case.input("end");
        let (times, events): (Vec<_>, Vec<_>) = opened
            .iter()
            .zip(closed)
            .map(|(opened, closed)| match closed.as_f64() {
                Some(closed) => (closed - opened, 1.0),
                None => (end - opened, 0.0),
            })
            .unzip();
        let (ended, censored) = from_sample(&times, &events);
        let curve = KaplanMeier::new(&ended, &censored);
        case.check("median", curve.quantile(0.5), &case.expect()["km_median"]);
        let within_7 = curve.survival_at(7.0).map(|open| 1.0 - open);
        case.check("within 7", within_7, &case.expect()["resolved_within_7_km"]);
        for (time, want) in case.expect()["km_S"].as_object().unwrap() {
            case.check(time, curve.survival_at(time.parse().unwrap()), want);
            compared += 1;
        }
        tickets += times.len();
    }
    assert_eq!((tickets, compared), (12, 9));
}

/// Only the functions that `stats` exposes; here a tolerance is relative.
#[test]
fn normal_and_student_functions() {
    let (mut normals, mut students) = (0, 0);
    for case in golden!("special_functions.json") {
        let args = case.list("args").unwrap();
        let tail = |z: f64| normal::two_sided_p(z).unwrap() / 2.0;
        let got = match case.0["input"]["f"].as_str().unwrap() {
            "norm_cdf" if args[0] > 0.0 => 1.0 - tail(args[0]),
            "norm_cdf" | "norm_sf" => tail(args[0]),
            "norm_ppf" => normal::quantile(args[0]).unwrap(),
            "t_quantile_two_sided" => student::two_sided_t(args[0], args[1]).unwrap(),
            _ => continue,
        };
        let want = case.expect()["value"].as_f64().unwrap();
        assert_eq!(case.0["tol_is"], "relative", "{}", case.id());
        let tol = case.0["tol"].as_f64().unwrap();
        assert!((got - want).abs() <= tol * want.abs(), "{}: got {got:e}, want {want:e}", case.id());
        if args.len() == 1 { normals += 1 } else { students += 1 }
    }
    assert_eq!((normals, students), (33, 7));
}

pub(crate) fn from_sample(times: &[f64], events: &[f64]) -> (Vec<f64>, Vec<f64>) {
    assert_eq!(times.len(), events.len());
    let of = |event: f64| {
        let own = times.iter().zip(events).filter(|(_, own)| **own == event);
        let mut own: Vec<f64> = own.map(|(time, _)| *time).collect();
        own.sort_by(f64::total_cmp);
        own
    };
    (of(1.0), of(0.0))
}

/// Who was at risk and had the event, where the sample itself is not in the repository: those who left
/// the risk set between two event times were censored somewhere between them.
pub(crate) fn from_table(table: &[Value]) -> (Vec<f64>, Vec<f64>) {
    let count = |row: &Value, name: &str| row[name].as_u64().unwrap() as usize;
    let next_at_risk = table.iter().skip(1).map(|row| count(row, "n_risk")).chain([0]);
    let (mut ended, mut censored) = (Vec::new(), Vec::new());
    for (row, next) in table.iter().zip(next_at_risk) {
        let (time, events) = (row["time"].as_f64().unwrap(), count(row, "n_event"));
        ended.extend(vec![time; events]);
        censored.extend(vec![time; count(row, "n_risk") - events - next]);
    }
    (ended, censored)
}
