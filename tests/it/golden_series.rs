//! Control limits, signals and decompositions against numbers that other people's libraries gave
//! (`testdata/golden`); it must not compute an expectation itself.

use cxm::stats::kitagawa::{Part, decompose};
use cxm::stats::p_chart::{Chart, scores, shares};
use cxm::stats::runs::{anhoej, beyond};
use cxm::stats::xmr::xmr;
use cxm::stats::{Interval, normal};
use serde_json::Value;

use super::golden::{Case, golden};

/// The flagged points as the files name them, counted from 1.
fn numbers(flags: &[bool]) -> Vec<u64> {
    (1..).zip(flags).filter_map(|(number, flag)| flag.then_some(number)).collect()
}

fn beyond_three_sigma(rules: &Value) -> Vec<u64> {
    rules["r1_beyond_3s"].as_array().unwrap().iter().map(|at| at.as_u64().unwrap()).collect()
}

#[test]
fn natural_limits_and_the_limit_of_ranges() {
    let (mut compared, mut flagged) = (0, 0);
    for case in golden!("spc_xmr.json") {
        let values = case.list("y").unwrap();
        let (got, want) = (xmr(&values), case.expect());
        // A single point has a value and no limits; the file gives no limit of ranges for it.
        if values.len() > 1 {
            case.check("centre", got.map(|x| x.centre), &want["center"]);
            case.check("URL", got.map(|x| x.range_limit), &want["url"]);
        }
        case.check("mean range", got.map(|x| x.mean_range), &want["mr_bar"]);
        case.check("sigma", got.map(|x| x.sigma), &want["sigma"]);
        case.check("lower", got.map(|x| x.limits.lower), &want["lnpl"]);
        case.check("upper", got.map(|x| x.limits.upper), &want["unpl"]);
        if let Some(got) = got {
            let flags = numbers(&beyond(&values, &vec![got.limits; values.len()]));
            let rules = &want["rules"];
            let expected = if rules.is_null() { Vec::new() } else { beyond_three_sigma(rules) };
            assert_eq!(flags, expected, "{}", case.id());
            flagged += flags.len();
        }
        compared += 1;
    }
    assert_eq!((compared, flagged), (8, 5));
}

/// The handbook rounds 2/√π to 1.128, which moves its limits by 0.002.
#[test]
fn the_published_limits_of_the_flow_rates() {
    let all = golden!("spc_xmr.json");
    let case = all.iter().find(|case| case.id() == "nist_flowrate").expect("the flow rates");
    let got = xmr(&case.list("y").unwrap()).unwrap();
    assert!((got.centre - 50.81).abs() < 1e-9 && (got.mean_range - 1.8778).abs() < 5.1e-5);
    assert!((got.limits.upper - 55.8041).abs() < 2e-3 && (got.limits.lower - 45.8159).abs() < 2e-3);
}

#[test]
fn runs_and_crossings() {
    let (mut compared, mut signals) = (0, 0);
    for case in golden!("spc_xmr.json") {
        let values = case.list("y").unwrap();
        let want = &case.expect()["anhoej"];
        // A single point has no chart, and the file no runs for it.
        let Some(centre) = xmr(&values).map(|chart| chart.centre) else { continue };
        let runs = anhoej(&values, centre);
        assert_eq!(runs.as_ref().map_or(0, |runs| runs.useful) as u64, want["useful"], "{}", case.id());
        let of = |count: Option<usize>| count.map(|count| count as f64);
        let runs = runs.as_ref();
        case.check("longest", of(runs.map(|r| r.longest)), &want["longest_run"]);
        case.check("allowed", of(runs.map(|r| r.longest_allowed)), &want["longest_run_max"]);
        case.check("crossings", of(runs.map(|r| r.crossings)), &want["crossings"]);
        case.check("expected", of(runs.map(|r| r.crossings_expected)), &want["crossings_min"]);
        let signal = runs.is_some_and(|runs| runs.signal());
        assert_eq!(signal, want["signal"], "{}", case.id());
        signals += usize::from(signal);
        compared += 1;
    }
    assert_eq!((compared, signals), (7, 2));
}

fn check_limits(case: &Case, what: &str, got: &[Interval], want: &Value) -> usize {
    let (lower, upper) = (want["lcl"].as_array().unwrap(), want["ucl"].as_array().unwrap());
    assert_eq!((got.len(), got.len()), (lower.len(), upper.len()), "{}", case.id());
    for ((got, lower), upper) in got.iter().zip(lower).zip(upper) {
        case.check(what, Some(got.lower), lower);
        case.check(what, Some(got.upper), upper);
    }
    got.len()
}

#[test]
fn limits_of_shares() {
    let (mut charts, mut points, mut flagged) = (0, 0, 0);
    for case in golden!("spc_p.json") {
        let counts = case.list("x").unwrap().into_iter().zip(case.list("n").unwrap());
        let Chart { values, centre, within, sigma_z, laney } = shares(&counts.collect::<Vec<_>>()).unwrap();
        let want = case.expect();
        case.check("centre", Some(centre), &want["center"]);
        case.check("sigma z", sigma_z, &want["sigma_z"]);
        points += check_limits(&case, "p", &within, &want["p_chart"]);
        match &laney {
            Some(laney) => {
                points += check_limits(&case, "p'", laney, &want["laney"]);
                let flags = [numbers(&beyond(&values, &within)), numbers(&beyond(&values, laney))];
                let rules = ["rules_p", "rules_laney"].map(|chart| beyond_three_sigma(&want[chart]));
                assert_eq!(flags, rules, "{}", case.id());
                flagged += flags.concat().len();
            }
            None => assert_eq!(beyond(&values, &within), [false; 3], "{}", case.id()),
        }
        charts += 1;
    }
    assert_eq!((charts, points, flagged), (4, 2 * (30 + 24 + 20) + 3, 2 + 7 + 1));
}

/// As the handbook prints it, to four decimals.
#[test]
fn the_published_limits_of_the_wafers() {
    let all = golden!("spc_p.json");
    let case = all.iter().find(|case| case.id() == "nist_wafers_montgomery").expect("the wafers");
    let counts = case.list("x").unwrap().into_iter().zip(case.list("n").unwrap());
    let chart = shares(&counts.collect::<Vec<_>>()).unwrap();
    assert!((chart.centre - 0.2313).abs() <= 5.1e-5);
    assert!(chart.within.iter().all(|at| (at.upper - 0.4102).abs() <= 5.1e-5));
    assert!(chart.within.iter().all(|at| (at.lower - 0.0524).abs() <= 5.1e-5));
}

#[test]
fn limits_of_net_promoter_scores() {
    let (mut charts, mut points) = (0, 0);
    for case in golden!("spc_nps.json") {
        let weeks = case.0["input"]["weeks_detractor_passive_promoter"].as_array().unwrap();
        let weeks = weeks.iter().map(|week| [0, 1, 2].map(|kind| week[kind].as_f64().unwrap()));
        let chart = scores(&weeks.collect::<Vec<_>>()).unwrap();
        let want = case.expect();
        for (got, want) in chart.values.iter().zip(want["nps"].as_array().unwrap()) {
            case.check("score", Some(*got), want);
        }
        case.check("centre", Some(chart.centre), &want["center"]);
        case.check("sigma z", chart.sigma_z, &want["sigma_z"]);
        points += check_limits(&case, "within", &chart.within, &want["limits_within"]);
        points += check_limits(&case, "Laney", &chart.laney.unwrap(), &want["limits_laney"]);
        charts += 1;
    }
    assert_eq!((charts, points), (1, 40));
}

/// Normal noise by SplitMix64, equal on every platform.
struct Noise(u64);

impl Noise {
    fn series(&mut self, points: usize) -> Vec<f64> {
        (0..points).map(|_| self.value()).collect()
    }

    fn value(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        normal::quantile(((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64).unwrap()
    }
}

/// How often a quiet series is flagged by each rule that the program has, and by both.
#[test]
fn false_alarms_in_quiet_series() {
    const REPS: u32 = 5000;
    let mut noise = Noise(20_261_122);
    let mut compared = 0;
    for case in golden!("spc_false_alarm.json") {
        let [mut limit, mut runs, mut either] = [0, 0, 0];
        for _ in 0..REPS {
            let values = noise.series(case.input("points") as usize);
            let chart = xmr(&values).unwrap();
            let outside = beyond(&values, &vec![chart.limits; values.len()]).contains(&true);
            let shifted = anhoej(&values, chart.centre).unwrap().signal();
            limit += u32::from(outside);
            runs += u32::from(shifted);
            either += u32::from(outside || shifted);
        }
        let share = |count: u32| Some(f64::from(count) / f64::from(REPS));
        case.check("rule 1", share(limit), &case.expect()["r1_beyond_3s"]);
        case.check("runs", share(runs), &case.expect()["anhoej"]);
        case.check("either", share(either), &case.expect()["r1+anhoej"]);
        compared += 3;
    }
    assert_eq!(compared, 9);
}

#[test]
fn mix_and_rate_effects() {
    let (mut changes, mut groups) = (0, 0);
    for case in golden!("kitagawa.json") {
        let segments = case.0["input"]["segments"].as_object().unwrap();
        let part = |segment: &Value, n: &str, sum: &str| Part {
            n: segment[n].as_f64().unwrap(),
            sum: segment[sum].as_f64().unwrap(),
            variance: None,
        };
        let parts = segments.values().map(|s| [part(s, "n0", "sum0"), part(s, "n1", "sum1")]);
        let got = decompose(&parts.collect::<Vec<_>>()).unwrap();
        let want = case.expect();
        case.check("before", Some(got.before), &want["R0"]);
        case.check("after", Some(got.after), &want["R1"]);
        case.check("change", Some(got.after - got.before), &want["change"]);
        case.check("mix", Some(got.all.mix), &want["mix"]);
        case.check("rate", Some(got.all.rate), &want["rate"]);
        for (name, effect) in segments.keys().zip(&got.groups) {
            let want = &want["segments"][name];
            case.check(name, Some(effect.mix), &want["mix"]);
            case.check(name, Some(effect.rate), &want["rate"]);
            case.check(name, Some(effect.mix + effect.rate), &want["total"]);
            groups += 1;
        }
        changes += 1;
    }
    assert_eq!((changes, groups), (7, 17));
}
