//! Gates on changes: the records of a report against those of a baseline. It must not know how they are shown.

use std::collections::BTreeMap;

use super::{Asked, Change, FLAT, Judgement, PLAIN};
use crate::analysis::baseline::{Baseline, Past, reread};
use crate::analysis::difference::{Difference, Limits, difference, of_limits};
use crate::analysis::gate::{Demand, Steady};
use crate::analysis::verdict::Figures;
use crate::error::Result;
use crate::instant::Instant;
use crate::plan::Plan;
use crate::report::{Caveat, Record, Report, Verdict};

/// The judgements of a gate on a change: of the groups of now, then of those that are gone.
///
/// # Errors
/// When the baseline does not mean what the report does.
pub fn judgements<'a>(
    plan: &Plan,
    blank: &Judgement<'a>,
    (steady, baseline): (&Steady, &Baseline),
    records: &[&Record],
    raw: bool,
    account: &Report,
) -> Result<Vec<Judgement<'a>>> {
    baseline.check_settings(account)?;
    let past = baseline.records(blank.metric, &blank.definition, &blank.gate.by)?;
    let first = records.iter().find(|record| !record.suppressed);
    baseline.check_alike(&past, first.copied(), plan)?;
    let past = latest(past);
    let mut judged = Vec::new();
    for record in records {
        let group: BTreeMap<&str, &str> =
            record.group.0.iter().map(|(name, label)| (name.as_str(), label.as_str())).collect();
        let then = past.iter().copied().find(|past| past.is_of(&group));
        judged.push(judgement(plan, &blank.of(record), steady, (baseline, then), (record, raw))?);
    }
    let labels = |past: &Past| -> Vec<(String, String)> {
        let label = |name: &String| Some((name.clone(), past.group.get(name)?.clone()));
        blank.gate.by.iter().filter_map(label).collect()
    };
    let is_gone = |past: &&&Past| {
        past.value.is_some() && !judged.iter().any(|one: &Judgement<'_>| one.group == labels(past))
    };
    let gone: Vec<&Past> = past.iter().filter(is_gone).copied().collect();
    judged.extend(gone.into_iter().map(|then| Judgement {
        group: labels(then),
        change: Some(change(baseline, Some(then))),
        why: "nothing now of what was in the baseline".to_owned(),
        ..blank.clone()
    }));
    Ok(judged)
}

/// The records of the last period that was over; all where there were no periods.
fn latest(past: Vec<&Past>) -> Vec<&Past> {
    let whole = past.iter().filter(|past| !past.partial).filter_map(|past| past.period.clone()).max();
    past.into_iter().filter(|past| past.period == whole).collect()
}

fn change(baseline: &Baseline, then: Option<&Past>) -> Change {
    let (n, value) = then.map_or((0, None), |then| (then.n, then.value));
    Change { file: baseline.file.clone(), n, value, difference: None }
}

/// The judgement of one record on its change.
fn judgement<'a>(
    plan: &Plan,
    judged: &Judgement<'a>,
    steady: &Steady,
    (baseline, then): (&Baseline, Option<&Past>),
    (record, raw): (&Record, bool),
) -> Result<Judgement<'a>> {
    let with = |verdict: Verdict, why: &str, difference: Option<Difference>| Judgement {
        verdict,
        why: why.to_owned(),
        // Beside a value that is hidden nothing is told that it could be guessed from.
        change: Some(Change { difference, ..change(baseline, then.filter(|_| !judged.hidden)) }),
        ..judged.clone()
    };
    let unknown = |why: &str| Ok(with(Verdict::NotEnoughData, why, None));
    let Some(then) = then else { return unknown("it is not in the baseline") };
    let past = figures(judged, then);
    let (now, was) = match (judged.figures.value, past.value) {
        _ if then.suppressed => return unknown("too small a group to show in the baseline"),
        (None, _) => return unknown(&judged.why),
        (_, None) => return unknown("no value in the baseline"),
        (Some(now), Some(was)) => (now, was),
    };
    if raw {
        let plain = Difference { value: now - was, lower: None, upper: None, p: None, method: "plain" };
        return Ok(with(steady.judge_raw(now - was), PLAIN, Some(plain)));
    }
    let found = match compared(plan, judged, record, baseline, then)? {
        Ok(found) => found,
        Err(why) => return unknown(why),
    };
    let unit = judged.metric.unit;
    let verdict = steady.judge(&found, steady.bounds(unit, was));
    Ok(with(verdict, &steady.why(verdict, unit), Some(found)))
}

/// The difference of two records with its interval, or why there is none: from the cases that they count, else from their
/// limits.
///
/// # Errors
/// When limits of two confidences would be compared.
fn compared(
    plan: &Plan,
    judged: &Judgement<'_>,
    now: &Record,
    baseline: &Baseline,
    then: &Past,
) -> Result<std::result::Result<Difference, &'static str>> {
    let metric = judged.metric;
    let of_now = reread(metric, now.n, now.value, |name| now.detail.number(name));
    let of_then = reread(metric, then.n, then.value, |name| then.number(name));
    if let Some((of_now, of_then)) = of_now.zip(of_then).filter(|_| judged.gate.statistic.is_none()) {
        return Ok(difference(&of_now, &of_then, plan.confidence).ok_or(NO_INTERVAL));
    }
    if baseline.confidence.to_bits() != plan.confidence.to_bits() {
        return Err(baseline.unusable(format!(
            "is at a confidence of {}, and this run at {}: {} is compared by its limits",
            baseline.confidence, plan.confidence, metric.id
        )));
    }
    let past = figures(judged, then);
    if [judged.figures, past].iter().any(|of| of.is_flat(metric.unit)) {
        return Ok(Err(FLAT));
    }
    let (Some(now), Some(then)) = (limits(judged.figures), limits(past)) else { return Ok(Err(NO_INTERVAL)) };
    let found = of_limits(now, then);
    Ok(if found.lower.is_none() && found.upper.is_none() { Err(NO_INTERVAL) } else { Ok(found) })
}

/// Why a change cannot be judged that has a value.
const NO_INTERVAL: &str = "the change has no interval to judge by";

/// What a gate judges of a record of the baseline.
fn figures(judged: &Judgement<'_>, then: &Past) -> Figures {
    let own = Figures { value: then.value, lower: then.lower, upper: then.upper };
    judged.gate.statistic.map_or(own, |of| Figures {
        value: then.number(of.value),
        lower: then.number(of.lower),
        upper: then.number(of.upper),
    })
}

fn limits(Figures { value, lower, upper }: Figures) -> Option<Limits> {
    Some(Limits { value: value?, lower, upper })
}

/// What is to be kept in mind of baselines that count some of the same cases.
pub fn caveats(plan: &Plan, asked: &[Asked], account: &Report) -> Vec<Caveat> {
    let mut caveats: Vec<Caveat> = Vec::new();
    for Asked { gate, baseline, .. } in asked {
        let (Demand::Steady(_), Some(baseline)) = (&gate.demand, baseline) else { continue };
        let found = caveat(plan, gate.metric.is_of_customers(), baseline, account);
        caveats.extend(found.filter(|found| !caveats.contains(found)));
    }
    caveats
}

fn caveat(plan: &Plan, of_customers: bool, baseline: &Baseline, account: &Report) -> Option<Caveat> {
    let (now, then) = (account.as_of?, Instant(baseline.ends?));
    let file = &baseline.file;
    let kind = "overlapping-baseline";
    if plan.period.is_none() && now == then && plan.since.is_none() && baseline.begins.is_none() {
        let cause = format!("`{file}` is as of the same moment, so that there is no change to be seen");
        return Some(Caveat { kind, cause, remedy: "compare with an earlier report".to_owned() });
    }
    if of_customers {
        let (begins, began) = (plan.moment(now.0).base_from, plan.moment(then.0).base_from);
        return (begins <= then.0 && began <= now.0).then(|| Caveat {
            kind,
            cause: format!(
                "`{file}` judges some of the same customers, so that the interval of a change is wider than it need be"
            ),
            remedy: String::new(),
        });
    }
    let begins = plan.since.unwrap_or(i64::MIN);
    let ends = plan.until.map_or(now.0, |until| until.min(now.0));
    let is_apart = begins >= then.0 || baseline.begins.is_some_and(|began| began >= ends);
    (plan.period.is_none() && !is_apart).then(|| Caveat {
        kind,
        cause: format!(
            "`{file}` counts the same cases up to {}, so that a change shows weaker than it is",
            then.readable()
        ),
        remedy: format!("judge what came after it alone: --since {}", then.rfc3339()),
    })
}
