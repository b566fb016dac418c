//! From joined tables to tallies: every case of a metric's population, judged once, added to its group in each
//! breakdown. The last room that knows tables; no statistics here.

mod cases;
mod groups;

use std::collections::BTreeMap;

use crate::customer::Joined;
use crate::dimension::{Period, View, day_begins};
use crate::metric::Metric;
use crate::metric::case::Moment;
use crate::parallel;
use crate::plan::Plan;
use crate::report::Counts;
use crate::table::settle::Scales;
use crate::tally::{Observation, Scale, Tally};
use cases::{CaseSet, Span};

/// What one metric came to.
#[derive(Debug)]
pub struct Reduced {
    /// The metric.
    pub metric: &'static Metric,
    /// The tallies of its groups, in the order of breakdown, period and labels.
    pub groups: Vec<Group>,
    /// Cases that came in.
    pub rows: u64,
    /// Cases that the overall tallies hold.
    pub used: u64,
    /// Cases left out, by reason.
    pub excluded: BTreeMap<&'static str, u64>,
}

/// One group of one breakdown in one period.
#[derive(Debug)]
pub struct Group {
    /// The index of the breakdown in the plan.
    pub breakdown: usize,
    /// The period's label, and whether it is cut short.
    pub period: Option<(String, bool)>,
    /// The labels of the breakdown's dimensions.
    pub labels: Vec<String>,
    /// What the group is remembered by.
    pub tally: Tally,
}

/// What one thread reduces at a time: all metrics of one population.
enum Work {
    /// Metrics of the same events.
    Events(Vec<&'static Metric>),
    /// Customers, judged at one moment.
    Customers(JudgedAt),
}

/// Reduces every metric of the plan.
pub fn reduce(plan: &Plan, joined: &Joined, metrics: &[&'static Metric]) -> Vec<Reduced> {
    let events = View::now(joined, plan.windows.retention, plan.zone());
    let parts = parallel::map(plan.threads, work(plan, joined, metrics), |work| match work {
        Work::Events(metrics) => reduce_events(plan, &events, &metrics),
        Work::Customers(moment) => reduce_customers(plan, joined, metrics, moment),
    });
    let mut reduced: Vec<Reduced> = Vec::new();
    for part in parts.into_iter().flatten() {
        match reduced.iter_mut().find(|known| std::ptr::eq(known.metric, part.metric)) {
            Some(known) => known.append(part),
            None => reduced.push(part),
        }
    }
    reduced
}

/// The populations, each with its metrics, and the moments at which customers are judged.
fn work(plan: &Plan, joined: &Joined, metrics: &[&'static Metric]) -> Vec<Work> {
    let mut populations: BTreeMap<&str, Vec<&'static Metric>> = BTreeMap::new();
    for metric in metrics.iter().copied().filter(|metric| !metric.is_of_customers()) {
        let population = metric.question().map_or(metric.cases.noun(), |question| question.name);
        populations.entry(population).or_default().push(metric);
    }
    let mut work: Vec<Work> = Vec::new();
    // What takes longest comes first, so that no thread is left with it at the end.
    if metrics.iter().any(|metric| metric.is_of_customers()) {
        work.extend(moments(plan, joined).into_iter().map(Work::Customers));
    }
    work.extend(populations.into_values().rev().map(Work::Events));
    work
}

fn reduce_events(plan: &Plan, view: &View<'_>, metrics: &[&'static Metric]) -> Vec<Reduced> {
    let as_of = view.joined.as_of;
    let span = Span { period: plan.period, zone: plan.zone(), since: plan.since, until: plan.until, as_of };
    let Some(first) = metrics.first() else { return Vec::new() };
    let mut set = CaseSet::of_events(first, plan, view.joined);
    set.group(plan, view, &span);
    tallied(metrics, &set, Some(&span), &plan.moment(as_of), plan, &view.joined.scales)
}

fn reduce_customers(
    plan: &Plan,
    joined: &Joined,
    metrics: &[&'static Metric],
    judged: JudgedAt,
) -> Vec<Reduced> {
    let start = judged.as_of.saturating_sub(plan.windows.retention);
    let view = View::before(joined, start, plan.windows.retention, plan.zone());
    let moment = plan.moment(judged.as_of);
    let Some(mut set) = CaseSet::of_customers(&moment, &view, &joined.scales) else { return Vec::new() };
    set.group_at(plan, &view, judged.period);
    let of_customers: Vec<&'static Metric> =
        metrics.iter().copied().filter(|metric| metric.is_of_customers()).collect();
    tallied(&of_customers, &set, None, &moment, plan, &joined.scales)
}

impl Reduced {
    /// Adds what the metric came to in another period.
    fn append(&mut self, other: Reduced) {
        self.groups.extend(other.groups);
        self.groups.sort_by_key(|group| group.breakdown);
        self.rows += other.rows;
        self.used += other.used;
        for (reason, n) in other.excluded {
            *self.excluded.entry(reason).or_insert(0) += n;
        }
    }

    /// The exclusions for the report.
    pub fn exclusions(&self) -> Counts<u64> {
        Counts(self.excluded.iter().map(|(reason, n)| ((*reason).to_owned(), *n)).collect())
    }
}

/// Makes every case once, judges it by each metric and adds it to its group in each breakdown.
fn tallied(
    metrics: &[&'static Metric],
    set: &CaseSet<'_>,
    span: Option<&Span>,
    moment: &Moment,
    plan: &Plan,
    scales: &Scales,
) -> Vec<Reduced> {
    let mut tallies: Vec<Tallies> = metrics.iter().map(|metric| Tallies::of(metric, set, scales)).collect();
    for number in 0..set.len() {
        if let Some(reason) = set.left_out(number, span) {
            tallies.iter_mut().for_each(|tallies| tallies.exclude(reason));
            continue;
        }
        let Some(case) = set.case(number) else { continue };
        for tallies in &mut tallies {
            tallies.add(case.judge(tallies.metric, moment), number, set);
        }
    }
    tallies.into_iter().map(|tallies| tallies.reduced(set, plan)).collect()
}

/// The tallies of one metric while its cases are added.
struct Tallies {
    metric: &'static Metric,
    empty: Tally,
    /// By breakdown and group.
    groups: Vec<Vec<Option<Tally>>>,
    used: u64,
    excluded: BTreeMap<&'static str, u64>,
    /// The reason that was met last, and how often in a row: most cases that are left out share theirs.
    run: (&'static str, u64),
}

impl Tallies {
    fn of(metric: &'static Metric, set: &CaseSet<'_>, scales: &Scales) -> Tallies {
        let question = metric.question();
        let scale = question.and_then(|question| scales.get(question.name).or(question.scales.first()));
        Tallies {
            metric,
            empty: metric.tally.empty(scale.copied().unwrap_or(Scale::new(0, 10))),
            groups: set.groups.iter().map(|groups| vec![None; groups.keys.len()]).collect(),
            used: 0,
            excluded: BTreeMap::new(),
            run: ("", 0),
        }
    }

    #[inline]
    fn add(&mut self, observation: Observation, case: usize, set: &CaseSet<'_>) {
        match observation {
            Observation::Excluded(reason) => return self.exclude(reason),
            Observation::Pending => self.exclude("not-mature"),
            _ => self.used += 1,
        }
        for (groups, tallies) in set.groups.iter().zip(&mut self.groups) {
            if let Some(tally) = tallies.get_mut(groups.of(case)) {
                tally.get_or_insert_with(|| self.empty.clone()).add(observation);
            }
        }
    }

    fn exclude(&mut self, reason: &'static str) {
        if !std::ptr::eq(self.run.0, reason) {
            self.end_run();
            self.run.0 = reason;
        }
        self.run.1 += 1;
    }

    fn end_run(&mut self) {
        let (reason, n) = std::mem::take(&mut self.run);
        if n > 0 {
            *self.excluded.entry(reason).or_insert(0) += n;
        }
    }

    fn reduced(mut self, set: &CaseSet<'_>, plan: &Plan) -> Reduced {
        self.end_run();
        let mut groups = Vec::new();
        for (breakdown, (known, tallies)) in set.groups.iter().zip(self.groups).enumerate() {
            let overall = breakdown == 0 && plan.period.is_none();
            for (key, tally) in known.keys.iter().zip(tallies) {
                let tally = tally.or_else(|| overall.then(|| self.empty.clone()));
                let Some(mut tally) = tally else { continue };
                tally.settle();
                groups.push(Group {
                    breakdown,
                    period: key.period.clone(),
                    labels: key.labels.clone(),
                    tally,
                });
            }
            if overall && known.keys.is_empty() {
                groups.push(Group { breakdown, period: None, labels: Vec::new(), tally: self.empty.clone() });
            }
        }
        Reduced {
            metric: self.metric,
            groups,
            rows: set.len() as u64,
            used: self.used,
            excluded: self.excluded,
        }
    }
}

/// A moment T at which customers are judged: the as-of moment, or the end of a period.
struct JudgedAt {
    as_of: i64,
    period: Option<(String, bool)>,
}

/// The as-of moment, or the last instant of each period that the purchases reach into, up to the as-of moment.
fn moments(plan: &Plan, joined: &Joined) -> Vec<JudgedAt> {
    let Some(purchases) = joined.purchases.as_ref() else { return Vec::new() };
    let Some(period) = plan.period else { return vec![JudgedAt { as_of: joined.as_of, period: None }] };
    let Some(first) = purchases.at.iter().min() else { return Vec::new() };
    let from = plan.since.map_or(*first, |since| since.max(*first));
    let mut moments = Vec::new();
    let mut start = period.start(from, plan.zone());
    while let Some((day, next)) = start.and_then(|day| Some((day, period.next(day)?))) {
        let (Some(begins), Some(ends)) = (day_begins(day, plan.zone()), day_begins(next, plan.zone())) else {
            break;
        };
        if begins > joined.as_of || plan.until.is_some_and(|until| begins >= until) {
            break;
        }
        let last = ends - 1;
        moments.push(JudgedAt {
            as_of: last.min(joined.as_of),
            period: Some((Period::label(period, day), last > joined.as_of)),
        });
        start = Some(next);
    }
    moments
}

#[cfg(test)]
mod tests;
