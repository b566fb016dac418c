//! Compares weighted scores, their intervals and design effects with numbers that R gave (`testdata/golden`); it
//! must not compute an expectation itself.

use cxm::stats::effective::{self, Cluster, Stratum};
use cxm::stats::{Interval, nps};

use crate::golden::{Case, golden};

#[test]
fn weighted_net_promoter_scores() {
    let (mut compared, mut designs) = (0, 0);
    for case in golden!("nps_weighted.json") {
        let answers = Answers::of(&case);
        let (level, expect) = (case.input("conf"), case.expect());
        let [d, s, p] = answers.weights_by_kind();
        let sum: f64 = answers.weights.iter().sum();
        let n = effective::kish(sum, answers.weights.iter().map(|w| w * w).sum());
        case.check("kish n", n, &expect["kish_neff"]);
        case.check("nps", nps::estimate(d, s, p), &expect["nps"]);
        let (n, of_one) = (n.unwrap(), nps::variance(d, s, p).unwrap());
        let [d, s, p] = [d, s, p].map(|weight| weight / sum * n);
        case.check_interval("kish score", nps::score_interval(d, s, p, level), &expect["kish_score"]);
        let want = &expect["kish_adjusted_wald"];
        case.check_interval("kish adjusted", nps::adjusted_wald(d, s, p, level), want);
        for (design, want) in expect["linearised"].as_object().unwrap() {
            let got = answers.linearised(design);
            case.check(design, Some(got.variance.sqrt()), &want["se"]);
            case.check(design, Some(got.df), &want["df"]);
            let anywhere = Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
            let limits = effective::interval(&got, level, anywhere).unwrap();
            case.check(design, Some(limits.lower), &want["lo_t"]);
            case.check(design, Some(limits.upper), &want["hi_t"]);
            let answered = answers.weights.len() as f64;
            let effect = effective::design_effect(got.variance, of_one, answered);
            case.check(design, effect, &want["deff_replace"]);
            designs += 1;
        }
        compared += 1;
    }
    assert_eq!((compared, designs), (4, 9));
}

/// A stratum by its key, the size of its population, and its clusters by key.
type Sampled = (f64, f64, Vec<(f64, Cluster)>);

struct Answers {
    /// -1, 0 or 1.
    kinds: Vec<f64>,
    weights: Vec<f64>,
    strata: Vec<f64>,
    clusters: Vec<f64>,
    sizes: Option<Vec<f64>>,
}

impl Answers {
    fn of(case: &Case) -> Answers {
        let [scores, weights, strata, clusters] =
            ["score", "weight", "stratum", "cluster"].map(|name| case.list(name).unwrap());
        let kind = |score: &f64| f64::from(i8::from(*score >= 9.0) - i8::from(*score <= 6.0));
        let kinds = scores.iter().map(kind).collect();
        Answers { kinds, weights, strata, clusters, sizes: case.list("popsize") }
    }

    fn weights_by_kind(&self) -> [f64; 3] {
        [-1.0, 0.0, 1.0].map(|kind| {
            let own = self.kinds.iter().zip(&self.weights).filter(|(own, _)| **own == kind);
            own.map(|(_, weight)| weight).sum()
        })
    }

    fn linearised(&self, design: &str) -> effective::Linearised {
        let mut strata: Vec<Sampled> = Vec::new();
        for (i, (&kind, &weight)) in self.kinds.iter().zip(&self.weights).enumerate() {
            let key = if design == "srs" { 0.0 } else { self.strata[i] };
            let size = if design == "strat_fpc" { self.sizes.as_ref().unwrap()[i] } else { f64::INFINITY };
            let place = strata.iter().position(|stratum| stratum.0 == key).unwrap_or_else(|| {
                strata.push((key, size, Vec::new()));
                strata.len() - 1
            });
            let clusters = &mut strata[place].2;
            let own = if design == "strat_cluster" { self.clusters[i] } else { i as f64 };
            match clusters.iter_mut().find(|cluster| cluster.0 == own) {
                Some((_, cluster)) => {
                    cluster.weight += weight;
                    cluster.total += weight * kind;
                }
                None => clusters.push((own, Cluster { weight, total: weight * kind })),
            }
        }
        let clusters: Vec<(f64, Vec<Cluster>)> = strata
            .into_iter()
            .map(|(_, size, own)| (own.len() as f64 / size, own.into_iter().map(|(_, c)| c).collect()))
            .collect();
        let strata: Vec<_> =
            clusters.iter().map(|(sampled, own)| Stratum { clusters: own, sampled: *sampled }).collect();
        effective::linearised(&strata).unwrap()
    }
}
