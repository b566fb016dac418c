//! Comparisons in words: what is more than noise, what may be noise, and what could have been seen.

use super::Comparison;
use super::groups::REST;
use crate::metric::Metric;
use crate::report::Unit;
use crate::text;

/// What is more than noise among the comparisons of a run, and what the others leave open.
pub fn judged(comparisons: &[Comparison], level: f64) -> Vec<String> {
    let tested = |one: &&Comparison| one.p_adjusted.is_some();
    let (clear, open): (Vec<&Comparison>, Vec<&Comparison>) =
        comparisons.iter().filter(tested).partition(|one| one.is_clear(level));
    let several = comparisons.windows(2).any(|pair| pair[0].definition != pair[1].definition);
    let adjusted = if clear.len() + open.len() > 1 { ", with all of them looked at (Holm)" } else { "" };
    let mut said = Vec::new();
    if !clear.is_empty() {
        said.push(format!("More than noise{adjusted}: {}.", above_and_below(&clear, several)));
    }
    let power = seen(&open)
        .map(|about| format!("with these n {about} would have been seen in 8 of 10 such comparisons"));
    match (clear.is_empty(), open.len()) {
        (_, 0) => {}
        (true, 1) => said.push(sentence("The difference is not more than noise", power)),
        (true, _) => said.push(sentence("No difference here is more than noise", power)),
        (false, 1) => said.push(sentence("The other difference may be noise", power)),
        (false, n) => said.push(sentence(&format!("The other {n} differences may be noise"), power)),
    }
    said.extend(by_chance(&open, comparisons.len(), level));
    let noted =
        comparisons.iter().filter(|one| one.contrast.is_none_or(|found| found.difference.p.is_none()));
    said.extend(noted.map(|one| format!("{} and {}: {}.", one.a.label, one.b.label, one.note)));
    said
}

/// The intervals that leave out 0 where the comparison is one of several: each is of its own comparison alone.
fn by_chance(open: &[&Comparison], all: usize, level: f64) -> Option<String> {
    let leaves_out =
        |one: &&&Comparison| one.contrast.is_some_and(|found| found.difference.p < Some(1.0 - level));
    let names: Vec<String> =
        open.iter().filter(leaves_out).map(|one| format!("{} and {}", one.a.label, one.b.label)).collect();
    (all > 1 && !names.is_empty()).then(|| {
        format!(
            "Taken alone these would be more than noise, among {all} comparisons they may be chance: {}.",
            names.join("; ")
        )
    })
}

fn sentence(head: &str, more: Option<String>) -> String {
    more.map_or_else(|| format!("{head}."), |more| format!("{head}; {more}."))
}

/// `chat is below email and web; phone is above web`; each definition for itself, where there are several.
fn above_and_below(clear: &[&Comparison], several: bool) -> String {
    let mut sides: Vec<(String, bool, Vec<&str>)> = Vec::new();
    for one in clear {
        let is_above = one.contrast.is_some_and(|found| found.is_above);
        let b = if one.b.label == REST { "the rest" } else { &one.b.label };
        let a = if several { format!("by {} {}", one.definition, one.a.label) } else { one.a.label.clone() };
        match sides.iter_mut().find(|(known, above, _)| *known == a && *above == is_above) {
            Some((.., others)) => others.push(b),
            None => sides.push((a, is_above, vec![b])),
        }
    }
    let words = match clear.first().map(|one| one.metric.unit) {
        Some(Unit::Hours) => ["takes longer than", "is quicker than"],
        _ => ["is above", "is below"],
    };
    let told = |(a, is_above, others): &(String, bool, Vec<&str>)| {
        format!("{a} {} {}", words[usize::from(!is_above)], text::list(others))
    };
    sides.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// `a difference of about 4.1 to 8.8 points`.
fn seen(open: &[&Comparison]) -> Option<String> {
    let unit = open.first()?.metric.unit;
    let sizes = || open.iter().filter_map(|one| one.contrast?.detectable);
    let smallest = sizes().reduce(f64::min)?;
    let largest = sizes().reduce(f64::max)?;
    let (low, high) = (round(smallest), round(largest));
    let range = if low == high { low } else { format!("{low} to {high}") };
    Some(format!("a difference of about {range} {}", noun(unit)))
}

/// What a metric is called in a sentence: `Resolution time` of `Resolution time, median`.
pub fn name(metric: &Metric) -> &'static str {
    metric.title.split(',').next().unwrap_or(metric.title)
}

/// What a difference is in.
pub fn noun(unit: Unit) -> &'static str {
    match unit {
        Unit::Points => "points",
        Unit::Percent => "percentage points",
        Unit::Score => "points of the scale",
        Unit::Hours => "hours",
    }
}

/// A number as it was typed.
pub fn plain(x: f64) -> String {
    ((x * 1e9).round() / 1e9).to_string()
}

/// About two digits of a positive number: more would say more than is known.
pub fn round(x: f64) -> String {
    let decimals = (1.0 - x.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{x:.decimals$}")
}

/// What the times of a comparison are.
pub fn up_to(hours: f64) -> String {
    format!("the difference is that of the mean times up to {} hours", round(hours))
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn about_two_digits_are_said() {
        assert_eq!([13.436, 4.119, 0.3128, 0.0521, 120.4].map(round), ["13", "4.1", "0.31", "0.052", "120"]);
    }
}
