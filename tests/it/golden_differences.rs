//! Compares differences, tests and planning of `cxm::stats` with numbers that other people's libraries gave
//! (`testdata/golden`); it must not compute an expectation itself.

use cxm::stats::fisher::{self, ShareTest};
use cxm::stats::nps_difference::{self, Counts};
use cxm::stats::welch::{Sample, welch};
use cxm::stats::{
    anova, beta, chi_square, gamma, mean, multiplicity, nps, power, power_of_means, proportion,
};
use serde_json::Value;

use crate::golden::{Case, golden};

#[test]
fn variances_adjusted_wald_and_t_intervals_of_net_promoter_scores() {
    let (mut variances, mut intervals, mut widened) = (0, 0, 0);
    for case in golden!("nps_single.json") {
        let (input, expect) = (&case.0["input"], case.expect());
        let counted = if input["scores"].is_array() { expect } else { input };
        let [d, s, p] = ["detractors", "passives", "promoters"].map(|kind| counted[kind].as_f64().unwrap());
        case.check("variance", nps::variance(d, s, p), &expect["variance"]);
        variances += 1;
        let Some(want) = expect.get("adjusted_wald") else { continue };
        let (level, score) = (case.input("conf"), nps::estimate(d, s, p));
        let got = nps::adjusted_wald(d, s, p, level);
        // The file's limits may leave out the score itself; ours are widened to hold it.
        let (lower, upper) = (want["lo"].as_f64(), want["hi"].as_f64());
        case.check("adjusted lower", got.map(|i| i.lower), &lower.map(|x| x.min(score.unwrap())).into());
        case.check("adjusted upper", got.map(|i| i.upper), &upper.map(|x| x.max(score.unwrap())).into());
        widened += usize::from(upper < score || lower > score);
        let moments = mean::mean_sd([(-1.0, d as u64), (0.0, s as u64), (1.0, p as u64)].into_iter());
        let t = moments.sd.and_then(|sd| mean::t_interval(score?, sd, moments.n as f64, level));
        case.check("t lower", t.map(|t| t.lower), &expect["t_interval"]["lo_unclipped"]);
        case.check("t upper", t.map(|t| t.upper), &expect["t_interval"]["hi_unclipped"]);
        intervals += 1;
    }
    assert_eq!((variances, intervals, widened), (29, 27, 2));
}

#[test]
fn differences_of_net_promoter_scores() {
    let (mut compared, mut p_values, mut means) = (0, 0, 0);
    for case in golden!("nps_diff.json") {
        let group = |name: &str| {
            let of = |kind: &str| case.0["input"][name][kind].as_f64().unwrap();
            Counts { detractors: of("detractors"), passives: of("passives"), promoters: of("promoters") }
        };
        let (a, b, level, expect) = (group("a"), group("b"), case.input("conf"), case.expect());
        let mover = nps_difference::mover(a, b, level).unwrap();
        case.check("difference", Some(mover.value), &expect["diff"]);
        case.check_interval("mover", Some(mover.interval), &expect["mover_score"]);
        if let Some(p) = expect["mover_score"].get("p") {
            case.check("mover p", mover.p, p);
            p_values += 1;
        }
        let (adjusted, want) =
            (nps_difference::adjusted_wald(a, b, level).unwrap(), &expect["adjusted_wald"]);
        case.check("adjusted centre", Some(adjusted.centre), &want["center"]);
        case.check("adjusted error", Some(adjusted.standard_error), &want["se"]);
        case.check("adjusted z", Some(adjusted.z), &want["z"]);
        case.check("adjusted p", adjusted.difference.p, &want["p"]);
        case.check_interval("adjusted", Some(adjusted.difference.interval), want);
        compared += 1;
        let Some(want) = expect.get("welch") else { continue };
        let answers = |c: Counts| {
            sample(&[(-1.0, c.detractors as u64), (0.0, c.passives as u64), (1.0, c.promoters as u64)])
        };
        let got = welch(answers(a), answers(b), level).unwrap();
        case.check("welch t", Some(got.t), &want["t"]);
        case.check("welch df", Some(got.df), &want["df"]);
        case.check("welch p", got.difference.p, &want["p"]);
        case.check_interval("welch", Some(got.difference.interval), want);
        means += 1;
    }
    assert_eq!((compared, p_values, means), (16, 8, 14));
}

#[test]
fn exact_and_guaranteed_numbers_of_shares() {
    let (mut intervals, mut published, mut exact) = (0, 0, 0);
    for case in golden!("proportion_ci.json") {
        let got = proportion::clopper_pearson(case.input("x"), case.input("n"), case.input("conf"));
        case.check_interval("clopper-pearson", got, &case.expect()["clopper_pearson"]);
        published += case.check_published(got, &case.0["published"]["clopper_pearson"]);
        intervals += 1;
    }
    for case in golden!("proportion_diff.json") {
        let [x1, n1, x2, n2] = ["x1", "n1", "x2", "n2"].map(|count| case.input(count));
        case.check("fisher", fisher::fisher_p(x1, n1, x2, n2), &case.expect()["fisher_p"]);
        let chosen = fisher::difference_p(x1, n1, x2, n2);
        let pooled = &case.expect()["ztest_pooled"]["p"];
        match chosen {
            Some((p, ShareTest::Fisher)) => {
                case.check("chosen", Some(p), &case.expect()["fisher_p"]);
                exact += 1;
            }
            _ => case.check("chosen", chosen.map(|chosen| chosen.0), pooled),
        }
    }
    assert_eq!((intervals, published, exact), (20, 4, 5));
}

#[test]
fn several_shares() {
    let mut compared = 0;
    for case in golden!("proportion_ksample.json") {
        let groups = numbers(&case.0["input"]["success_failure"]);
        let groups: Vec<_> = groups.iter().map(|group| (group[0], group[0] + group[1])).collect();
        let (got, expect) = (chi_square::chi_square(&groups), case.expect());
        case.check("χ²", got.map(|test| test.chi_square), &expect["chi2"]);
        case.check("df", got.map(|test| test.df), &expect["df"]);
        case.check("p", got.map(|test| test.p), &expect["p"]);
        case.check("V", got.map(|test| test.cramers_v), &expect["cramers_v"]);
        case.check("least expected", got.map(|test| test.least_expected), &expect["min_expected"]);
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn differences_of_means() {
    let mut compared = 0;
    for case in golden!("welch.json") {
        let group = |name: &str| {
            let values: Vec<_> = case.list(name).unwrap().into_iter().map(|x| (x, 1)).collect();
            sample(&values)
        };
        let (got, expect) = (welch(group("a"), group("b"), case.input("conf")), case.expect());
        if let Some(got) = got {
            case.check("difference", Some(got.difference.value), &expect["diff"]);
            case.check("error", Some(got.standard_error), &expect["se"]);
        }
        case.check("t", got.map(|got| got.t), &expect["t"]);
        case.check("df", got.map(|got| got.df), &expect["df"]);
        case.check("p", got.and_then(|got| got.difference.p), &expect["p"]);
        case.check_interval("interval", got.map(|got| got.difference.interval), expect);
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn several_means_and_ranks() {
    let mut compared = 0;
    for case in golden!("welch_anova.json") {
        let groups = numbers(&case.0["input"]["groups"]);
        let counted: Vec<Vec<(f64, u64)>> =
            groups.iter().map(|group| group.iter().map(|&x| (x, 1)).collect()).collect();
        let samples: Vec<_> = counted.iter().map(|group| sample(group)).collect();
        let (got, expect) = (anova::welch_f(&samples).unwrap(), case.expect());
        case.check("F", Some(got.f), &expect["welch_F"]);
        case.check("df1", Some(got.df1), &expect["df1"]);
        case.check("df2", Some(got.df2), &expect["df2"]);
        case.check("p", Some(got.p), &expect["p"]);
        let ranks = anova::kruskal_wallis(&counted.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        case.check("H", Some(ranks.h), &expect["kruskal_H"]);
        case.check("p of ranks", Some(ranks.p), &expect["kruskal_p"]);
        compared += 1;
    }
    assert_eq!(compared, 2);
}

fn sample(values: &[(f64, u64)]) -> Sample {
    let moments = mean::mean_sd(values.iter().copied());
    Sample { n: moments.n as f64, mean: moments.mean.unwrap(), sd: moments.sd.unwrap_or(0.0) }
}

#[test]
fn p_values_among_others() {
    let (mut lists, mut compared) = (0, 0);
    for case in golden!("multiplicity.json") {
        let given: Vec<_> = case.0["input"]["p"].as_array().unwrap().iter().map(Value::as_f64).collect();
        let adjusted =
            [("holm", multiplicity::holm(&given)), ("BH", multiplicity::benjamini_hochberg(&given))];
        for (name, got) in adjusted {
            let want = case.expect()[name].as_array().unwrap();
            assert_eq!(got.len(), want.len());
            got.iter().zip(want).for_each(|(got, want)| case.check(name, *got, want));
            compared += got.len();
        }
        lists += 1;
    }
    assert_eq!((lists, compared), (7, 2 * 35));
}

#[test]
fn planning() {
    let mut compared = 0;
    for case in golden!("power.json") {
        compared += planned(&case, case.0["input"]["kind"].as_str().unwrap());
    }
    assert_eq!(compared, 20);
}

fn planned(case: &Case, kind: &str) -> usize {
    let (input, expect) = (|name| case.input(name), case.expect());
    let level = input("conf");
    let whole = |what: &str, got: Option<f64>, exact: &str, rounded: &str| {
        case.check(what, got, &expect[exact]);
        case.check(what, got.map(f64::ceil), &expect[rounded]);
    };
    match kind {
        "nps_margin" | "nps_margin_worst" | "prop_margin" => {
            let variance = match kind {
                "nps_margin" => {
                    let (d, p) = (input("detractors"), input("promoters"));
                    let n = power::n_for_score_interval(d, p, input("margin"), level);
                    case.check("score interval", n, &expect["n_score_interval"]);
                    nps::variance(d, 1.0 - d - p, p).unwrap()
                }
                "prop_margin" => {
                    let p = input("p");
                    let n = power::n_for_wilson(p, input("margin"), level);
                    case.check("wilson", n, &expect["n_wilson_halfwidth"]);
                    p * (1.0 - p)
                }
                _ => 1.0,
            };
            let n = power::n_for_margin(variance, input("margin"), level);
            whole("margin", n, "n_exact", "n");
            for (name, size) in [("n_fpc_N2000", 2000.0), ("n_fpc_N1000", 1000.0)] {
                let Some(want) = expect.get(name) else { continue };
                case.check(name, power::in_population(n.unwrap(), size).map(f64::ceil), want);
            }
        }
        "nps_two_sample" => {
            let variance = |p: f64, d: f64| nps::variance(d, 1.0 - d - p, p).unwrap();
            let (a, b) = (variance(input("p1"), input("d1")), variance(input("p2"), input("d2")));
            let difference = input("p1") - input("d1") - input("p2") + input("d2");
            let n = power::n_per_group(a, b, difference, input("power"), level);
            whole("per group", n, "n_per_group_exact", "n_per_group");
            let shown = power::detectable((a, 500.0), (b, 500.0), input("power"), level);
            case.check("detectable", shown, &expect["mde_at_n500"]);
        }
        "prop_two_sample" => {
            let n = power::shares_n_per_group(input("p1"), input("p2"), input("power"), level);
            whole("per group", n, "n_per_group_exact", "n_per_group");
        }
        "prop_power" => {
            let got = power::shares_power(input("n_per_group"), input("p1"), input("p2"), level);
            case.check("power", got, &expect["power"]);
        }
        "mean_two_sample" => {
            let n = power_of_means::n_per_group(input("delta"), input("sd"), input("power"), level);
            whole("per group", n, "n_per_group_exact", "n_per_group");
        }
        "mean_power" => {
            let got = power_of_means::power(input("n_per_group"), input("delta"), input("sd"), level);
            case.check("power", got, &expect["power"]);
        }
        _ => panic!("{}: an unknown kind", case.id()),
    }
    1
}

/// The functions behind the tests; here a tolerance is relative.
#[test]
fn beta_gamma_and_student_functions() {
    let mut compared = 0;
    for case in golden!("special_functions.json") {
        let args = case.list("args").unwrap();
        let got = match case.0["input"]["f"].as_str().unwrap() {
            "t_two_sided_p" => beta::two_sided_p(args[0], args[1]),
            "chi2_sf" => gamma::chi_square_tail(args[0], args[1]),
            "betainc_reg" => beta::incomplete(args[2], args[0], args[1]),
            "beta_ppf" => beta::quantile(args[0], args[1], args[2]),
            _ => continue,
        };
        let (got, want) = (got.unwrap(), case.expect()["value"].as_f64().unwrap());
        assert_eq!(case.0["tol_is"], "relative", "{}", case.id());
        let tol = case.0["tol"].as_f64().unwrap();
        assert!((got - want).abs() <= tol * want.abs(), "{}: got {got:e}, want {want:e}", case.id());
        compared += 1;
    }
    assert_eq!(compared, 8 + 7 + 7 + 6);
}

fn numbers(lists: &Value) -> Vec<Vec<f64>> {
    let of = |list: &Value| list.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    lists.as_array().unwrap().iter().map(of).collect()
}
