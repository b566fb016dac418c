//! How often the intervals of metrics hold the truth, of seeded samples drawn from known populations. Each floor is what the
//! method is known to reach there, less what chance takes from a simulation of this size: an interval that gets worse fails.

use cxm::instant::HOUR;
use cxm::metric::csat::CSAT;
use cxm::metric::nps::NPS;
use cxm::metric::{DEFINITIONS, METRICS, Metric, scores};
use cxm::stats::nps as score;
use cxm::tally::{Observation, Scale, Score, Tally, UNIT, Weight};

use crate::golden_coverage::Random;

const LEVEL: f64 = 0.95;

fn metric(id: &str, definition: &str) -> &'static Metric {
    let mut all = METRICS.iter().chain(DEFINITIONS);
    all.find(|metric| metric.id == id && metric.definition_name() == definition).unwrap()
}

fn tallied(metric: &Metric, observations: impl IntoIterator<Item = Observation>) -> Tally {
    let mut tally =
        metric.tally.empty(metric.question().map_or(Scale::new(0, 10), |question| question.scales[0]));
    observations.into_iter().for_each(|observation| tally.add(observation));
    tally.settle();
    tally
}

/// Whether the interval of a metric's estimate holds the truth; a limit that is not reached lies beyond everything.
fn holds(metric: &Metric, tally: &Tally, truth: f64) -> bool {
    let estimate = (metric.estimate)(tally, LEVEL);
    estimate.lower.unwrap_or(f64::NEG_INFINITY) <= truth && truth <= estimate.upper.unwrap_or(f64::INFINITY)
}

/// The share of so many samples whose interval held the truth.
fn coverage(samples: u32, seed: u64, mut sample: impl FnMut(&mut Random) -> bool) -> f64 {
    let mut random = Random(seed);
    let held = (0..samples).filter(|_| sample(&mut random)).count();
    held as f64 / f64::from(samples)
}

/// An index, drawn by its share.
fn drawn(random: &mut Random, shares: &[f64]) -> usize {
    let mut left = random.next();
    let passed = |share: &&f64| {
        left -= **share;
        left >= 0.0
    };
    shares.iter().take_while(passed).count().min(shares.len() - 1)
}

fn normal(random: &mut Random) -> f64 {
    // Box and Muller; 1 − u is never 0.
    let (radius, angle) = ((-2.0 * (1.0 - random.next()).ln()).sqrt(), std::f64::consts::TAU * random.next());
    radius * angle.cos()
}

fn exponential(random: &mut Random, mean: f64) -> f64 {
    -mean * (1.0 - random.next()).ln()
}

/// Whether a simulated coverage is what another simulation, apart from this program, found: to four standard errors.
fn is_about(held: f64, samples: u32, known: f64) -> bool {
    (held - known).abs() <= 4.0 * (known * (1.0 - known) / f64::from(samples)).sqrt()
}

/// Answers to CES pile up at 7. While n is small a t interval falls short of its level there, as is known of skewed answers:
/// 90 % of ten answers, 93 % of thirty, and no lower.
#[test]
fn the_mean_of_a_skewed_scale() {
    const SHARES: [f64; 7] = [0.03, 0.02, 0.04, 0.06, 0.12, 0.23, 0.50];
    let truth: f64 = SHARES.iter().zip(1..).map(|(share, score)| share * f64::from(score)).sum();
    let ces = metric("ces", "2.0");
    for (n, samples, known) in [(10, 10_000, 0.9006), (30, 8000, 0.9302), (200, 3000, 0.9474)] {
        let held = coverage(samples, 0x5DEE_CE66, |random| {
            let answers = (0..n).map(|_| Observation::Score(Score::whole(1 + drawn(random, &SHARES) as i32)));
            holds(ces, &tallied(ces, answers), truth)
        });
        assert!(is_about(held, samples, known), "{n} answers: {held}");
    }
}

/// Wilson's interval by enumeration, no sample drawn: for each n every share from 1 to 99 %. The least and the mean were
/// computed apart from this program from Wilson's formula.
#[test]
fn the_share_of_few_satisfied_answers_exactly() {
    for (n, mean, least) in WILSON {
        let limits: Vec<_> = (0..=n)
            .map(|satisfied| {
                let score = |at| Observation::Score(Score::whole(if at < satisfied { 5 } else { 2 }));
                let found = (CSAT.estimate)(&tallied(&CSAT, (0..n).map(score)), LEVEL);
                (found.lower.unwrap(), found.upper.unwrap())
            })
            .collect();
        let held: Vec<f64> = (1..100)
            .map(|percent| {
                let share = f64::from(percent) / 100.0;
                let held = (0..=n).filter(|x| {
                    (limits[*x as usize].0..=limits[*x as usize].1).contains(&f64::from(percent))
                });
                held.map(|x| binomial(n, x, share)).sum()
            })
            .collect();
        let (got_mean, got_least) =
            (held.iter().sum::<f64>() / 99.0, held.iter().copied().fold(1.0, f64::min));
        assert!((got_mean - mean).abs() < 1e-5, "mean of {n}: {got_mean}");
        assert!((got_least - least).abs() < 1e-5, "least of {n}: {got_least}");
    }
}

/// n, the mean coverage and the least.
const WILSON: [(u32, f64, f64); 5] = [
    (5, 0.955251, 0.858734),
    (10, 0.955319, 0.904382),
    (20, 0.953757, 0.924516),
    (30, 0.952414, 0.929793),
    (50, 0.950100, 0.910565),
];

fn binomial(n: u32, x: u32, share: f64) -> f64 {
    let ways = (0..x).fold(1.0, |ways, i| ways * f64::from(n - i) / f64::from(i + 1));
    ways * share.powi(x as i32) * (1.0 - share).powi((n - x) as i32)
}

/// Spend is log-normal: the largest tenth of the customers pays two fifths. Three in ten leave; the others pay a half, the
/// same or one and a half. The interval of a ratio is that of many customers: of thirty it holds the truth in 90 % of the
/// samples, of two hundred in 94 %.
#[test]
fn the_ratio_of_skewed_money() {
    for (id, truth, known) in [("nrr", 70.0, [0.898, 0.943]), ("grr", 70.0 * 5.0 / 6.0, [0.896, 0.942])] {
        let ratio = metric(id, "window");
        for (customers, samples, known) in [(30, 6000, known[0]), (200, 3000, known[1])] {
            let held = coverage(samples, 0xB504_F333, |random| {
                let pairs = (0..customers).map(|_| {
                    let base = (1e6 * normal(random).exp()) as i64;
                    let now = if random.next() < 0.3 {
                        0
                    } else {
                        base * (1 + drawn(random, &[1.0 / 3.0; 3]) as i64) / 2
                    };
                    Observation::Pair { base, now: if id == "grr" { now.min(base) } else { now } }
                });
                holds(ratio, &tallied(ratio, pairs), truth)
            });
            assert!(is_about(held, samples, known), "{id} of {customers}: {held}");
        }
    }
}

/// Exponential times to resolution of a day on average, three in ten still open when they are looked at.
#[test]
fn the_median_of_times_of_which_many_are_censored() {
    let times = metric("resolution_time", "km-median");
    let truth = 24.0 * std::f64::consts::LN_2;
    for (n, samples) in [(25, 5000), (100, 3000)] {
        let mut censored = 0;
        let held = coverage(samples, 0x2545_F491, |random| {
            let spells: Vec<Observation> = (0..n)
                .map(|_| {
                    // The one comes before the other in 3 of 10: 3/7 is its rate against 1.
                    let (end, look) = (exponential(random, 24.0), exponential(random, 24.0 * 7.0 / 3.0));
                    censored += u32::from(look < end);
                    Observation::Spell { time: (end.min(look) * HOUR as f64) as i64, ended: end <= look }
                })
                .collect();
            holds(times, &tallied(times, spells), truth)
        });
        assert!((0.937..0.975).contains(&held), "{n} tickets: {held}");
        let censored = f64::from(censored) / f64::from(n * samples);
        assert!((censored - 0.3).abs() < 0.01, "{censored}");
    }
}

/// Forty customers of five answers each: four in five of a customer's answers are what they always say.
fn alike(random: &mut Random, clustered: bool) -> Tally {
    const SHARES: [f64; 3] = [0.2, 0.3, 0.5];
    let says = |kind: usize| Score::whole([3, 8, 10][kind]);
    let mut answers = Vec::new();
    for customer in 0..40 {
        let always = drawn(random, &SHARES);
        for _ in 0..5 {
            let kind = if random.next() < 0.8 { always } else { drawn(random, &SHARES) };
            answers.push(match clustered {
                true => {
                    let weight = Weight { millionths: UNIT, cluster: Some(customer), shared: None };
                    Observation::Weighed(says(kind), weight)
                }
                false => Observation::Score(says(kind)),
            });
        }
    }
    tallied(&NPS, answers)
}

#[test]
fn answers_of_one_customer_are_alike() {
    let held = |clustered| coverage(4000, 0x9E37_79B9, |random| holds(&NPS, &alike(random, clustered), 30.0));
    let (with, without) = (held(true), held(false));
    assert!((0.93..0.965).contains(&with), "with --cluster: {with}");
    // The design effect is 1 + 4 · 0.64: the interval is 1/√3.56 as wide as it should be, and P(|Z| < 1.96/√3.56) = 70.1 %.
    assert!((without - 0.701).abs() < 0.03, "without: {without}");
}

/// One answer in five stands for six times as many customers: 200 answers are worth 100, (0.8 + 1.2)² / (0.8 + 7.2) of them.
#[test]
fn weighted_answers_are_worth_fewer() {
    let sample = |random: &mut Random| {
        let answers = (0..200).map(|at| {
            let score = Score::whole([3, 8, 10][drawn(random, &[0.2, 0.3, 0.5])]);
            let millionths = if at % 5 == 0 { 6 * UNIT } else { UNIT };
            Observation::Weighed(score, Weight { millionths, cluster: None, shared: None })
        });
        tallied(&NPS, answers)
    };
    let kish = coverage(4000, 0x6A09_E667, |random| {
        let tally = sample(random);
        let reading = scores::net(scores::of(&tally).unwrap(), Score::whole(6), Score::whole(9));
        assert!((reading.n() - 100.0).abs() < 1e-9);
        let found = scores::estimate(scores::of(&tally).unwrap(), &reading, scores::POINTS, LEVEL);
        found.lower.unwrap() <= 30.0 && 30.0 <= found.upper.unwrap()
    });
    assert!(is_about(kish, 4000, LEVEL), "by Kish: {kish}");
    // The same score as if each of the 200 told as much as the next.
    let naive = coverage(4000, 0x6A09_E667, |random| {
        let value = (NPS.estimate)(&sample(random), LEVEL);
        let parts = ["detractors_percent", "passives_percent", "promoters_percent"];
        let [d, s, p] = parts.map(|name| 2.0 * value.detail.number(name).unwrap());
        let limits = score::score_interval(d, s, p, LEVEL).unwrap();
        100.0 * limits.lower <= 30.0 && 30.0 <= 100.0 * limits.upper
    });
    // P(|Z| < 1.96/√2) = 83.4 %.
    assert!((naive - 0.834).abs() < 0.03, "by 200: {naive}");
}
