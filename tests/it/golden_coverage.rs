//! Whether intervals hold the truth as often as the published enumerations and simulations say
//! (`testdata/golden`).

use cxm::stats::nps_difference::{self, Counts};
use cxm::stats::{Interval, effective, nps};
use serde_json::Value;

use crate::golden::{Case, golden};

/// Shares of detractors, passives and promoters.
type Shares = [f64; 3];

/// Up to a hundred answers: two hundred would take most of the time and show nothing else.
#[test]
fn exact_coverage_and_mean_width_for_one_score() {
    let (mut cases, mut compared) = (0, 0);
    for case in golden!("nps_coverage.json") {
        let method = match case.0["input"]["method"].as_str().unwrap() {
            "score_tango" => nps::score_interval,
            _ => nps::adjusted_wald,
        };
        let (n, level) = (case.input("n") as u32, case.input("conf"));
        if n > 100 {
            continue;
        }
        let limits: Vec<Interval> = samples(n).map(|[d, s, p]| method(d, s, p, level).unwrap()).collect();
        for (name, want) in case.expect().as_object().unwrap() {
            if name == "simplex_grid_171" {
                check_grid(&case, n, &limits, want);
                continue;
            }
            let (coverage, below, above, width) = against(parsed(name), n, &limits);
            case.check("coverage", Some(coverage), &want["coverage"]);
            case.check("above", Some(above), &want["miss_above"]);
            case.check("below", Some(below), &want["miss_below"]);
            case.check("mean width", Some(width), &want["mean_width"]);
            compared += 1;
        }
        cases += 1;
    }
    assert_eq!((cases, compared), (30, 30 * 7));
}

/// All distributions in steps of 5 % with at least 5 % of each kind.
fn check_grid(case: &Case, n: u32, limits: &[Interval], want: &Value) {
    let pairs = (1..19).flat_map(|d| (1..19 - d + 1).map(move |p| (d, p)));
    let grid: Vec<f64> = pairs
        .map(|(d, p)| [f64::from(d) / 20.0, f64::from(20 - d - p) / 20.0, f64::from(p) / 20.0])
        .map(|shares| against(shares, n, limits).0)
        .collect();
    assert_eq!(grid.len(), 171);
    case.check("grid mean", Some(grid.iter().sum::<f64>() / 171.0), &want["mean"]);
    case.check("grid least", grid.iter().copied().reduce(f64::min), &want["min"]);
}

/// Coverage, the probability that the truth lies below the interval and above it, mean width.
fn against(shares: Shares, n: u32, limits: &[Interval]) -> (f64, f64, f64, f64) {
    // The shares are decimals: so is the truth.
    let truth = ((shares[2] - shares[0]) * 1e6).round() / 1e6;
    let mut sums = (0.0, 0.0, 0.0, 0.0);
    for (probability, limits) in probabilities(n, shares).zip(limits) {
        if limits.lower > truth {
            sums.1 += probability;
        } else if limits.upper < truth {
            sums.2 += probability;
        } else {
            sums.0 += probability;
        }
        sums.3 += probability * (limits.upper - limits.lower);
    }
    sums
}

/// Interval and test of a difference, over all samples of ten and ten answers.
#[test]
fn exact_coverage_and_false_alarms_for_a_difference() {
    let (mut compared, all) = (0, golden!("nps_diff_coverage.json"));
    for case in all.iter().filter(|case| case.input("n1") == 10.0) {
        let is_mover = case.0["input"]["method"] == "mover_score";
        let limits: Vec<Interval> = pairs(10)
            .map(|(a, b)| match is_mover {
                true => nps_difference::mover(a, b, case.input("conf")).unwrap().interval,
                false => nps_difference::adjusted_wald(a, b, case.input("conf")).unwrap().difference.interval,
            })
            .collect();
        for (name, want) in case.expect().as_object().unwrap() {
            let [first, second] = ["A", "B", "C", "D"]
                .into_iter()
                .flat_map(|kind| name.split(' ').next().unwrap().matches(kind))
                .map(known)
                .collect::<Vec<_>>()[..]
            else {
                panic!("{name}")
            };
            let truth = first[2] - first[0] - second[2] + second[0];
            let (mut coverage, mut alarms, mut width) = (0.0, 0.0, 0.0);
            let (first, second) = (probabilities(10, first), probabilities(10, second));
            let second: Vec<f64> = second.collect();
            let both = first.flat_map(|a| second.iter().map(move |b| a * b));
            for (probability, limits) in both.zip(&limits) {
                let holds = |value: f64| limits.lower <= value && value <= limits.upper;
                coverage += if holds(truth) { probability } else { 0.0 };
                alarms += if holds(0.0) { 0.0 } else { probability };
                width += probability * (limits.upper - limits.lower);
            }
            case.check(name, Some(coverage), &want["coverage"]);
            case.check(name, Some(alarms), &want["power_reject_0"]);
            // The file's adjusted limits may leave out the difference itself; ours are widened to hold it.
            if is_mover {
                case.check(name, Some(width), &want["mean_width"]);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 5);
}

fn pairs(n: u32) -> impl Iterator<Item = (Counts, Counts)> {
    let counts = |[detractors, passives, promoters]: [f64; 3]| Counts { detractors, passives, promoters };
    samples(n).flat_map(move |a| samples(n).map(move |b| (counts(a), counts(b))))
}

/// The distributions that the file of differences names by letters.
fn known(letter: &str) -> Shares {
    match letter {
        "A" => [0.2, 0.3, 0.5],
        "B" => [0.08, 0.22, 0.7],
        "C" => [0.45, 0.25, 0.3],
        _ => [0.02, 0.08, 0.9],
    }
}

/// 4000 samples a scenario, always the same ones; the tolerance is four of their standard errors and the file's own.
#[test]
fn simulated_coverage_of_the_score_limits_of_weighted_answers() {
    let (mut compared, mut random) = (0, Random(0x9E37_79B9_7F4A_7C15));
    for case in golden!("nps_weighted_coverage.json") {
        let (shares, sizes) = (case.list("population_shares").unwrap(), case.list("sample_sizes").unwrap());
        let kinds = case.0["input"]["detractor_promoter"].as_array().unwrap();
        let kinds: Vec<(f64, f64)> =
            kinds.iter().map(|pair| (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap())).collect();
        let weight = |h: usize| shares[h] / sizes[h];
        let squares = (0..3).map(|h| sizes[h] * weight(h) * weight(h)).sum();
        let n = effective::kish(shares.iter().sum(), squares).unwrap();
        case.check("effective n", Some(n), &case.expect()["neff"]);
        let (mut held, mut width) = (0.0, 0.0);
        for _ in 0..4000 {
            let mut counts = [0.0; 3];
            for h in 0..3 {
                for _ in 0..sizes[h] as u32 {
                    let drawn = random.next();
                    let kind =
                        if drawn < kinds[h].0 { 0 } else { 1 + usize::from(drawn < kinds[h].0 + kinds[h].1) };
                    counts[kind] += weight(h) * n;
                }
            }
            let limits = nps::score_interval(counts[0], counts[1], counts[2], 0.95).unwrap();
            let truth = case.input("true_nps");
            held += f64::from(limits.lower <= truth && truth <= limits.upper);
            width += limits.upper - limits.lower;
        }
        let (want, tol) = (&case.expect()["kish_score"], case.0["tol"].as_f64().unwrap());
        let coverage = want["coverage"].as_f64().unwrap();
        let error = (coverage * (1.0 - coverage) / 4000.0).sqrt();
        assert!((held / 4000.0 - coverage).abs() < tol + 4.0 * error, "{}: {}", case.id(), held / 4000.0);
        let mean = want["mean_width"].as_f64().unwrap();
        assert!((width / 4000.0 - mean).abs() < 0.01, "{}: {} {mean}", case.id(), width / 4000.0);
        compared += 1;
    }
    assert_eq!(compared, 9);
}

/// A small generator (xorshift*), so that the simulation is the same everywhere.
pub struct Random(pub u64);

impl Random {
    /// Uniform from 0 to 1.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Every way `n` answers can fall into three kinds.
fn samples(n: u32) -> impl Iterator<Item = [f64; 3]> {
    (0..=n).flat_map(move |d| (0..=n - d).map(move |p| [d, n - d - p, p].map(f64::from)))
}

/// The probability of each sample. Logarithms: no factorial overflows, no power underflows.
fn probabilities(n: u32, shares: Shares) -> impl Iterator<Item = f64> {
    let ln_factorial = |k: f64| (2..=k as u32).map(|i| f64::from(i).ln()).sum::<f64>();
    let ln_factorials: Vec<f64> = (0..=n).map(|k| ln_factorial(k.into())).collect();
    let logarithms = shares.map(f64::ln);
    samples(n).map(move |sample| {
        let of = |kind: usize| sample[kind] * logarithms[kind] - ln_factorials[sample[kind] as usize];
        (ln_factorials[n as usize] + of(0) + of(1) + of(2)).exp()
    })
}

/// `"typical_+30 (50/30/20)"`: promoters, passives, detractors in percent.
fn parsed(name: &str) -> Shares {
    let list = name.split(['(', ')']).nth(1).unwrap();
    let mut shares = list.split('/').map(|share| share.parse::<f64>().unwrap() / 100.0);
    let [promoters, passives, detractors] = [(); 3].map(|()| shares.next().unwrap());
    [detractors, passives, promoters]
}
