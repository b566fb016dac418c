//! From tallies to estimates, for the metrics that share a form: shares, times, ratios of money.

use crate::estimate::Estimate;
use crate::instant::HOUR;
use crate::stats::ratio::{self, Sums};
use crate::stats::survival::KaplanMeier;
use crate::stats::{proportion, quantile};
use crate::tally::{Ratio, SECOND, Share, Sorted, Tally};

/// A share in percent with its Wilson interval, and what the pending cases could make of it.
pub fn share(tally: &Tally, level: f64) -> Estimate {
    let Tally::Share(share) = tally else { return Estimate::undefined(0, "no cases") };
    let mut estimate = percent(share, level).with("successes", share.successes);
    if share.pending > 0 {
        let all = (share.n() + share.pending) as f64;
        estimate = estimate
            .with("pending", share.pending)
            .with("lower_bound", 100.0 * share.successes as f64 / all)
            .with("upper_bound", 100.0 * (share.successes + share.pending) as f64 / all);
        if share.n() == 0 {
            estimate.note = "every case is still pending".into();
        }
    }
    estimate
}

/// That of the customers of the base window.
pub fn of_base(tally: &Tally, level: f64) -> Estimate {
    let mut estimate = share(tally, level);
    if estimate.n == 0 {
        estimate.note = NO_BASE.into();
    }
    estimate
}

/// Why there is nothing to say of the customers of the window before.
const NO_BASE: &str = "no customers in the base window";

/// Successes of the judged cases in percent, with the Wilson interval; nothing on pending cases.
pub fn percent(share: &Share, level: f64) -> Estimate {
    let n = share.n();
    let Some(interval) = proportion::wilson(share.successes as f64, n as f64, level) else {
        return Estimate::undefined(n, "no cases");
    };
    Estimate {
        n,
        value: Some(100.0 * share.successes as f64 / n as f64),
        lower: Some(100.0 * interval.lower),
        upper: Some(100.0 * interval.upper),
        ..Estimate::default()
    }
}

/// The Kaplan–Meier median in hours with its log-log interval, p90 beside it, and the median of the ended
/// cases alone, which reads too fast.
pub fn median_hours(tally: &Tally, level: f64) -> Estimate {
    let Tally::Durations(durations) = tally else { return Estimate::undefined(0, "no cases") };
    if durations.n() == 0 {
        return Estimate::undefined(0, "no cases");
    }
    match durations.sorted() {
        Sorted::Seconds { ended, censored } => {
            median(&ended, &censored, level, |seconds| f64::from(seconds) * SECOND as f64 / HOUR as f64)
        }
        Sorted::Micros { ended, censored } => {
            median(&ended, &censored, level, |micros| micros as f64 / HOUR as f64)
        }
    }
}

/// That of ascending times.
fn median<T: Copy + PartialOrd>(
    ended: &[T],
    censored: &[T],
    level: f64,
    hours: impl Fn(T) -> f64,
) -> Estimate {
    let curve = KaplanMeier::new(ended, censored);
    let quantile = |q: f64| curve.quantile(q).map(&hours);
    let interval = |q: f64| {
        let (lower, upper) = curve.quantile_interval(q, level);
        (lower.map(&hours), upper.map(&hours))
    };
    let (value, (lower, upper)) = (quantile(0.5), interval(0.5));
    let (p90_lower, p90_upper) = interval(0.9);
    let note = match (value, upper) {
        (None, _) => "more than half are still open: the median is not reached",
        (_, None) => "the upper limit is not reached",
        _ => "",
    };
    // The median of the closed alone is that of the one or two in the middle.
    let middle = ended.len().saturating_sub(1) / 2..=ended.len() / 2;
    let middle: Vec<f64> = middle.filter_map(|at| ended.get(at).copied().map(&hours)).collect();
    let n = (ended.len() + censored.len()) as u64;
    Estimate { n, value, lower, upper, note: note.into(), ..Estimate::default() }
        .with("p90", quantile(0.9))
        .with("p90_lower", p90_lower)
        .with("p90_upper", p90_upper)
        .with("open", censored.len() as u64)
        .with("closed_only_median", quantile::type7(&middle, 0.5))
}

/// Σ now / Σ base in percent, with the linearised interval of a ratio, kept within `most` percent.
pub fn money_ratio(tally: &Tally, level: f64, most: Option<f64>) -> Estimate {
    let Tally::Ratio(sums) = tally else { return Estimate::undefined(0, "no cases") };
    let Ratio { n, base, now, base_base, base_now, now_now } = *sums;
    if n == 0 {
        return Estimate::undefined(0, NO_BASE);
    }
    let [x, y, xx, xy, yy] = [base, now, base_base, base_now, now_now].map(|sum| sum as f64);
    let Some(value) = ratio::ratio(x, y) else {
        return Estimate::undefined(n, "no spend in the base window");
    };
    let of_n = Sums { n: n as f64, x, y, xx, xy, yy };
    // Where more was paid back than bought the value itself is below nothing, and its interval with it.
    let interval = ratio::interval(&of_n, level, value.min(0.0), most.map(|percent| percent / 100.0));
    let estimate = Estimate {
        n,
        value: Some(100.0 * value),
        lower: interval.map(|limits| 100.0 * limits.lower),
        upper: interval.map(|limits| 100.0 * limits.upper),
        note: if interval.is_none() { "one customer has no variance".into() } else { String::new() },
        ..Estimate::default()
    };
    estimate.with("base", x / MONEY).with("now", y / MONEY)
}

/// Amounts are tallied in 1/10 000 of the currency.
const MONEY: f64 = 10_000.0;
