//! Gates judged on the records of a report, each group for itself. It must not know where gates and baselines come from,
//! nor what is read of a judgement.

mod changes;
mod shown;
pub mod signals;

use crate::assemble::heading;
use crate::dimension::day_begins;
use crate::error::Result;
use crate::metric::Metric;
use crate::plan::Plan;
use crate::report::{Findings, Heading, Record, Report, Unit, Verdict};

use super::baseline::Baseline;
use super::difference::Difference;
use super::gate::{Demand, Gate, Level};
use super::verdict::Figures;
use signals::Chart;

/// A gate, and what it is held against.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The gate.
    pub gate: &'a Gate,
    /// The baseline; none where the gate needs none.
    pub baseline: Option<&'a Baseline>,
    /// The series over the periods; none where there are none.
    pub charts: &'a [Chart],
}

/// What a gate came to for one definition and one group.
#[derive(Debug, Clone)]
pub struct Judgement<'a> {
    /// The gate.
    pub gate: &'a Gate,
    /// The metric, under its definition.
    pub metric: &'static Metric,
    /// The definition's id.
    pub definition: String,
    /// The period, where there are periods.
    pub period: Option<String>,
    /// The dimensions and labels of the group.
    pub group: Vec<(String, String)>,
    /// The cases.
    pub n: u64,
    /// Whether the group is too small to show.
    pub hidden: bool,
    /// The value that was judged.
    pub figures: Figures,
    /// How it changed, where that was judged.
    pub change: Option<Change>,
    /// How many cases would tell, if the value stays, where these do not.
    pub needed: Option<u64>,
    /// What it came to.
    pub verdict: Verdict,
    /// Why, in words.
    pub why: String,
}

/// A change against a baseline.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The baseline's file.
    pub file: String,
    /// The cases then.
    pub n: u64,
    /// The value then.
    pub value: Option<f64>,
    /// The difference, now less then.
    pub difference: Option<Difference>,
}

/// Judges every gate on a report that has its metric and its breakdown, and says what came of it; and the worst verdict.
///
/// # Errors
/// When a baseline cannot be compared with the report.
pub fn check(plan: &Plan, asked: &[Asked], raw: bool, account: Report) -> Result<(Findings, Verdict)> {
    let mut judged = Vec::new();
    for one in asked {
        judged.extend(judgements(plan, *one, raw, &account)?);
    }
    let worst = judged.iter().map(|one| one.verdict).max().unwrap_or(Verdict::NotEnoughData);
    let caveats = changes::caveats(plan, asked, &account);
    Ok((shown::findings(asked, &judged, raw, account, caveats), worst))
}

/// The judgements of one gate, in the order of the definitions and of the groups.
fn judgements<'a>(plan: &Plan, asked: Asked<'a>, raw: bool, account: &Report) -> Result<Vec<Judgement<'a>>> {
    let gate = asked.gate;
    let period = last_whole(plan, account);
    let mut judged = Vec::new();
    for heading in account.metrics.iter().filter(|heading| heading.id == gate.metric.id) {
        let metric = defined(plan, heading).unwrap_or(gate.metric);
        let is_judged = |record: &&Record| {
            (&record.metric, &record.definition, &record.period)
                == (&heading.id, &heading.definition, &period)
        };
        let records: Vec<&Record> = account.breakdown(&gate.by).filter(is_judged).collect();
        let blank = Judgement {
            gate,
            metric,
            definition: heading.definition.clone(),
            period: period.clone(),
            group: Vec::new(),
            n: 0,
            hidden: false,
            figures: Figures::default(),
            change: None,
            needed: None,
            verdict: Verdict::NotEnoughData,
            why: nothing(metric, period.as_deref()),
        };
        let own = match (&gate.demand, asked.baseline) {
            (Demand::Level(level), _) => {
                records.iter().map(|one| level_of(&blank, *level, one, raw)).collect()
            }
            (Demand::Steady(steady), Some(baseline)) => {
                changes::judgements(plan, &blank, (steady, baseline), &records, raw, account)?
            }
            (Demand::NoSignal, _) => signals::judgements(plan, &blank, asked.charts),
            (Demand::Steady(_), None) => Vec::new(),
        };
        judged.extend(if own.is_empty() { vec![blank] } else { own });
    }
    Ok(judged)
}

/// The metric under the definition of a heading.
fn defined(plan: &Plan, of: &Heading) -> Option<&'static Metric> {
    Metric::definitions(&of.id).find(|metric| heading(plan, metric).definition == of.definition)
}

/// Why there is no record to judge.
fn nothing(metric: &Metric, period: Option<&str>) -> String {
    let noun = metric.cases.noun();
    period.map_or_else(|| format!("no {noun}"), |period| format!("no {noun} in {period}"))
}

/// The label of the last period that is over: nobody is judged by an unfinished week.
fn last_whole(plan: &Plan, account: &Report) -> Option<String> {
    let (period, zone) = (plan.period?, plan.zone());
    let seen = account.as_of?.0.saturating_add(1);
    let end = plan.until.map_or(seen, |until| until.min(seen));
    let day = period.start(end - 1, zone)?;
    let is_over = day_begins(period.next(day)?, zone)? <= end;
    let day = if is_over { day } else { period.start(day_begins(day, zone)? - 1, zone)? };
    Some(period.label(day))
}

impl<'a> Judgement<'a> {
    /// The judgement of a record, before anybody has judged it.
    fn of(&self, record: &Record) -> Judgement<'a> {
        let own = Figures { value: record.value, lower: record.lower, upper: record.upper };
        let detail = |name: &str| record.detail.number(name);
        let (figures, n) = self.gate.statistic.map_or((own, None), |of| {
            let figures =
                Figures { value: detail(of.value), lower: detail(of.lower), upper: detail(of.upper) };
            (figures, of.n.and_then(detail))
        });
        let why = match figures.value {
            _ if record.suppressed => "too small a group to show".to_owned(),
            None if !record.note.is_empty() => record.note.clone(),
            _ => nothing(self.metric, self.period.as_deref()),
        };
        Judgement {
            group: record.group.0.clone(),
            n: n.map_or(record.n, |n| n as u64),
            hidden: record.suppressed,
            figures,
            why,
            ..self.clone()
        }
    }

    /// Whether there is nothing that could be judged.
    fn is_blank(&self) -> bool {
        self.hidden || self.figures == Figures::default()
    }
}

fn level_of<'a>(blank: &Judgement<'a>, level: Level, record: &Record, raw: bool) -> Judgement<'a> {
    let judged = blank.of(record);
    if judged.is_blank() {
        return judged;
    }
    let figures = judged.figures;
    if raw {
        let why = if figures.value.is_some() { PLAIN.to_owned() } else { judged.why.clone() };
        return Judgement { verdict: level.judge_raw(figures), why, ..judged };
    }
    if figures.is_flat(judged.metric.unit) {
        return Judgement { why: FLAT.to_owned(), ..judged };
    }
    let verdict = level.judge(figures);
    // A median's interval does not shrink by a rule.
    let is_asked = verdict == Verdict::NotEnoughData && judged.metric.unit != Unit::Hours;
    let needed = level.needed(figures, judged.n).filter(|_| is_asked);
    Judgement { verdict, needed, why: level.why(verdict, figures), ..judged }
}

/// Why with `--raw`.
const PLAIN: &str = "by the plain value, whatever its interval";

/// Why an interval without a width is none.
const FLAT: &str = "no two cases differ, so that nothing says how far to trust the value";
