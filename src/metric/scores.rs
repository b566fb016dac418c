//! From answers on a scale to estimates, for all definitions of NPS, CSAT and CES: a net score, a share of the scale, a
//! mean. It knows no question by name.

use super::reading::Reading;
use crate::estimate::Estimate;
use crate::stats::mean::{mean_sd, t_interval};
use crate::stats::{effective, nps, proportion};
use crate::tally::{Histogram, Scale, Score, Spread, Tally};

/// The histogram of a tally.
pub fn of(tally: &Tally) -> Option<&Histogram> {
    if let Tally::Histogram(scores) = tally { Some(scores) } else { None }
}

/// Those who give at least `promoter`, less those who give at most `detractor`.
pub fn net(scores: &Histogram, detractor: Score, promoter: Score) -> Reading<'static> {
    let against = |score: Score| score <= detractor;
    let for_it = |score: Score| score >= promoter;
    let value = |score: Score| f64::from(i8::from(for_it(score)) - i8::from(against(score)));
    let each = each(scores, value);
    Reading::Net {
        detractors: each * worth(scores, against),
        passives: each * worth(scores, |score| !against(score) && !for_it(score)),
        promoters: each * worth(scores, for_it),
    }
}

/// The share of the answers that `counts` holds for.
pub fn share(scores: &Histogram, counts: impl Fn(Score) -> bool) -> Reading<'static> {
    let each = each(scores, |score| f64::from(u8::from(counts(score))));
    Reading::Share { successes: each * worth(scores, counts), n: each * worth(scores, |_| true) }
}

/// The mean of what each score is worth.
pub fn mean(scores: &Histogram, value: impl Fn(Score) -> f64) -> Reading<'static> {
    if !scores.is_weighed() {
        let counted = scores.worths();
        let moments = mean_sd(counted.iter().map(|(score, n)| (value(*score), *n as u64)));
        return Reading::Mean { n: moments.n as f64, mean: moments.mean.unwrap_or(0.0), sd: moments.sd };
    }
    let sum = worth(scores, |_| true);
    let n = whole_where_it_is(sum * each(scores, &value));
    let total = |of: &dyn Fn(f64) -> f64| -> f64 {
        scores.worths().into_iter().map(|(score, worth)| worth * of(value(score))).sum()
    };
    // From the first value on, so that equal ones have no variance to the last bit.
    let first = scores.worths().first().map_or(0.0, |(score, _)| value(*score));
    let mean = if sum > 0.0 { first + total(&|x| x - first) / sum } else { 0.0 };
    let variance = total(&|x| (x - mean).powi(2)) / sum * n / (n - 1.0);
    Reading::Mean { n, mean, sd: (n > 1.0 && variance.is_finite()).then(|| variance.sqrt()) }
}

/// What one unit of weight is worth in independent answers about the mean of `value`; 1 where answers are not weighed.
fn each(scores: &Histogram, value: impl Fn(Score) -> f64) -> f64 {
    scores
        .spread(value)
        .map_or(1.0, |spread| if spread.weight > 0.0 { worth_of(&spread) / spread.weight } else { 0.0 })
}

/// How many plain, independent answers the weighed ones are worth: Kish's number, or less where answers of one customer
/// are alike, and less again where few customers tell how alike they are. By chance a few customers may seem to be worth
/// more than their answers, which nothing rests on.
fn worth_of(spread: &Spread) -> f64 {
    let kish = effective::kish(spread.weight, spread.squares).unwrap_or(0.0);
    let Some((customers, between)) = spread.clusters else { return kish };
    let n = customers as f64;
    let of_mean = between / (spread.weight * spread.weight) * n / (n - 1.0);
    match effective::design_effect(of_mean, spread.variance, kish) {
        Some(effect) => {
            let known = effective::of_few_clusters(spread.answers as f64, n, USUAL_LEVEL).unwrap_or(1.0);
            (kish / effect.max(1.0) * known).max(1.0)
        }
        // Customers who all say the same thing tell it once each, and one customer tells of nobody else.
        None => kish.min(n),
    }
}

/// Ten answers of one weight are worth ten, whatever the last digits of their sums are.
fn whole_where_it_is(n: f64) -> f64 {
    if (n - n.round()).abs() <= 1e-9 * n { n.round() } else { n }
}

/// A reading is the same at every confidence; how much less a few customers tell depends on it, if not by much.
const USUAL_LEVEL: f64 = 0.95;

fn worth(scores: &Histogram, counts: impl Fn(Score) -> bool) -> f64 {
    let counted = scores.worths().into_iter().filter(|(score, _)| counts(*score));
    // A sum of nothing is 0, where that of an empty iterator of floats would be −0.
    counted.fold(0.0, |sum, (_, worth)| sum + worth)
}

/// The value of a reading of scores with its interval, which leaves none of the ends of a mean.
pub fn estimate(scores: &Histogram, reading: &Reading<'_>, ends: (f64, f64), level: f64) -> Estimate {
    let n = scores.n();
    let Some(value) = reading.mean() else { return Estimate::undefined(n, "no answers") };
    let interval = match reading {
        Reading::Net { detractors, passives, promoters } => {
            nps::score_interval(*detractors, *passives, *promoters, level)
        }
        Reading::Share { successes, n } => proportion::wilson(*successes, *n, level),
        // A t interval knows nothing of the scale's ends, and a mean cannot lie beyond them.
        Reading::Mean { n, mean, sd } => sd.and_then(|sd| t_interval(*mean, sd, *n, level)),
        Reading::Times(_) | Reading::Money(_) => None,
    };
    let unit = if matches!(reading, Reading::Mean { .. }) { 1.0 } else { 100.0 };
    let estimate = Estimate {
        n,
        value: Some(value),
        lower: interval.map(|limits| (unit * limits.lower).max(ends.0)),
        upper: interval.map(|limits| (unit * limits.upper).min(ends.1)),
        note: match interval {
            Some(_) => String::new(),
            None if scores.answers() > 1 => {
                "the answers are worth fewer than 2, which have no variance".into()
            }
            None => "one answer has no variance".into(),
        },
        ..Estimate::default()
    };
    estimate.with_effective(scores, reading, n)
}

/// The mean of the scores with its t interval, its deviation and its scale.
pub fn mean_estimate(scores: &Histogram, level: f64) -> Estimate {
    of_mean(scores, Score::value, ends(scores.scale), level)
}

/// The mean of what each score is worth, between its ends.
pub fn of_mean(scores: &Histogram, value: impl Fn(Score) -> f64, ends: (f64, f64), level: f64) -> Estimate {
    let reading = mean(scores, value);
    let found = estimate(scores, &reading, ends, level);
    let Reading::Mean { sd, .. } = reading else { return found };
    if scores.answers() == 0 {
        return found;
    }
    found.with("sd", sd).with("scale", scores.scale.to_string().as_str())
}

impl Estimate {
    /// Says how many answers the weighed ones are worth.
    fn with_effective(mut self, scores: &Histogram, reading: &Reading<'_>, n: u64) -> Estimate {
        if !scores.is_weighed() {
            return self;
        }
        let effective = whole_where_it_is(reading.n());
        if n >= FEW as u64 && effective < FEW {
            self.note = format!("the answers are worth fewer than {FEW}: a few of them decide it");
        }
        self.with("answers", scores.answers()).with("effective_n", effective)
    }
}

/// With fewer effective answers than this one of them may decide.
const FEW: f64 = 10.0;

/// The ends of a scale as numbers.
pub fn ends(scale: Scale) -> (f64, f64) {
    (scale.lowest.value(), scale.highest.value())
}

/// The ends of a share in percent.
pub const PERCENT: (f64, f64) = (0.0, 100.0);

/// The ends of a net score.
pub const POINTS: (f64, f64) = (-100.0, 100.0);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::is_about;
    use crate::tally::{UNIT, Weight};

    fn weighed(answers: &[(i32, f64)]) -> Histogram {
        let mut scores = Histogram::new(Scale::new(0, 10));
        for (score, worth) in answers {
            let millionths = (worth * UNIT as f64) as u64;
            scores.weigh(Score::whole(*score), Weight { millionths, cluster: None, shared: None });
        }
        scores
    }

    #[test]
    fn weights_move_the_value_and_widen_the_interval() {
        // 3 of 4 by weight are promoters: +50, worth (1 + 3)² / (1 + 9) = 1.6 answers.
        let scores = weighed(&[(2, 1.0), (9, 3.0)]);
        let reading = net(&scores, Score::whole(6), Score::whole(9));
        let Reading::Net { detractors, passives, promoters } = reading else { panic!("{reading:?}") };
        assert!((detractors - 0.4).abs() < 1e-12 && passives == 0.0 && (promoters - 1.2).abs() < 1e-12);
        let estimate = estimate(&scores, &reading, POINTS, 0.95);
        assert_eq!(estimate.n, 2);
        assert!(is_about(estimate.value, 50.0) && is_about(estimate.detail.number("effective_n"), 1.6));
        assert!(estimate.lower >= Some(-100.0) && estimate.upper <= Some(100.0));
    }

    #[test]
    fn weights_of_one_change_nothing() {
        let mut plain = Histogram::new(Scale::new(0, 10));
        let answers = [(2, 1.0), (9, 1.0), (7, 1.0), (10, 1.0)];
        answers.iter().for_each(|(score, _)| plain.add(Score::whole(*score), 1));
        let of = |scores: &Histogram| {
            let readings = [
                net(scores, Score::whole(6), Score::whole(9)),
                share(scores, |score| score >= Score::whole(9)),
                mean(scores, Score::value),
            ];
            readings.map(|reading| {
                let Estimate { n, value, lower, upper, .. } = estimate(scores, &reading, POINTS, 0.95);
                let about = |x: Option<f64>| x.map(|x| (x * 1e9).round());
                (n, about(value), about(lower), about(upper))
            })
        };
        assert_eq!(of(&plain), of(&weighed(&answers)));
    }

    #[test]
    fn a_customer_who_says_the_same_twice_tells_it_once() {
        let given = |answers: &[(i32, u32)]| {
            let mut scores = Histogram::new(Scale::new(0, 10));
            for (score, customer) in answers {
                let weight = Weight { millionths: UNIT, cluster: Some(*customer), shared: None };
                scores.weigh(Score::whole(*score), weight);
            }
            net(&scores, Score::whole(6), Score::whole(9)).n()
        };
        // Each of four customers answered twice, and never otherwise: as good as four answers, times (8 / 7) / (4 / 3), and
        // times (t(7) / t(3))² of four.
        let four = [(9, 1), (9, 1), (0, 2), (0, 2), (10, 3), (10, 3), (0, 4), (0, 4)];
        let few = (2.364_624_251_592_785_f64 / 3.182_446_305_283_708).powi(2);
        assert!((given(&four) - 24.0 / 7.0 * few).abs() < 1e-9, "{}", given(&four));
        assert!((given(&[(9, 1), (0, 2), (10, 3), (0, 4)]) - 4.0).abs() < 1e-12, "one each: nothing changes");
        assert_eq!(given(&[(9, 1), (9, 1), (10, 2)]), 2.0, "where all agree, customers count");
    }

    /// Ten customers of 1 to 8 answers, who each like nearly everything or nearly nothing. Without the correction for few
    /// clusters the limits hold the half in 88 % of them, with it in 91 %.
    #[test]
    fn limits_of_a_few_customers_hold_the_share_that_they_come_from() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let samples = 2000;
        let holds = |_: &u32| {
            let mut scores = Histogram::new(Scale::new(1, 5));
            for customer in 0..10 {
                let likes = if random(2) == 0 { 92 } else { 8 };
                for _ in 0..[1, 1, 2, 3, 5, 8][random(6) as usize] {
                    let score = Score::whole(if random(100) < likes { 5 } else { 1 });
                    scores.weigh(score, Weight { millionths: UNIT, cluster: Some(customer), shared: None });
                }
            }
            let reading = share(&scores, |score| score == Score::whole(5));
            let found = estimate(&scores, &reading, PERCENT, 0.95);
            found.lower <= Some(50.0) && found.upper >= Some(50.0)
        };
        let covered = (0..samples).filter(holds).count();
        let percent = 100.0 * covered as f64 / f64::from(samples);
        assert!((90.0..=98.0).contains(&percent), "{percent} %");
    }

    #[test]
    fn the_mean_of_weighed_answers_is_weighted() {
        let reading = mean(&weighed(&[(1, 1.0), (5, 3.0)]), Score::value);
        assert_eq!(reading.mean(), Some(4.0));
        assert_eq!(mean(&weighed(&[]), Score::value).mean(), None);
        // (1 + 3)² / (1 + 9) = 1.6 answers.
        let two = mean_estimate(&weighed(&[(1, 1.0), (5, 3.0)]), 0.95);
        assert_eq!(two.note, "the answers are worth fewer than 2, which have no variance");
        // Ten times a third is ten answers, though their sums are not ten to the last digit.
        let ten = mean_estimate(&weighed(&[(1, 0.333_333); 10]), 0.95);
        assert_eq!((ten.detail.number("effective_n"), ten.note.as_str()), (Some(10.0), ""));
    }
}
