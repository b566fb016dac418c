//! From joined tables to tallies: every case of a metric's population, judged once, added to its group in each
//! breakdown. The last room that knows tables; no statistics here.

mod again;
mod cells;
mod chosen;
mod intake;
mod population;
mod span;

use std::collections::BTreeMap;

use crate::customer::{Answers, Chaining, Joined};
use crate::dimension::{Grouping, Period, View, day_begins};
use crate::metric::Metric;
use crate::metric::case::Cases;
use crate::parallel;
use crate::plan::Plan;
use crate::report::Counts;
use crate::tally::Tally;
pub use again::Again;
use again::Respondents;
use intake::{Intake, Terms};
use population::Taker;
use span::{PeriodLabel, Span};

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
    /// The answers that customers gave who answered more than once.
    pub again: Again,
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

/// What one thread reduces at a time.
enum Work {
    /// The metrics of one population of events.
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
        populations.entry(metric.cases.noun()).or_default().push(metric);
    }
    let mut work: Vec<Work> = Vec::new();
    // What takes longest comes first, so that no thread is left with it at the end.
    if metrics.iter().any(|metric| metric.is_of_customers()) {
        work.extend(moments(plan, joined).into_iter().map(Work::Customers));
    }
    work.extend(populations.into_values().rev().map(Work::Events));
    work
}

/// The dimensions of a population by name.
type Known<'a> = BTreeMap<&'a str, Grouping<'a>>;

fn known<'a>(plan: &'a Plan, of: impl Fn(&str) -> Grouping<'a>) -> Known<'a> {
    plan.dimensions().into_iter().map(|name| (name, of(name))).collect()
}

/// Reduces metrics of one population. Without its export it has no cases.
fn reduce_events(plan: &Plan, view: &View<'_>, metrics: &[&'static Metric]) -> Vec<Reduced> {
    let joined = view.joined;
    let Some(first) = metrics.first() else { return Vec::new() };
    let known = known(plan, |name| view.of_rows(first.cases.kind(), name));
    let as_of = joined.as_of;
    let span = Span { period: plan.period, zone: plan.zone(), since: plan.since, until: plan.until, as_of };
    let moment = plan.moment(as_of);
    let terms = Terms { plan, known: &known, scales: &joined.scales, span: Some(span), period: None, moment };
    let (answers, tickets) = (joined.answers.as_ref(), joined.tickets.as_ref());
    match first.cases {
        Cases::Answers(_) => reduce_answers(answers, &terms, metrics),
        Cases::Invitations(_) => {
            let mut taker = Intake::new(&terms, metrics, Cases::invitations);
            answers.inspect(|answers| population::invitations(answers, as_of, &mut taker));
            taker.reduced()
        }
        Cases::Tickets(_) => {
            let mut taker = Intake::new(&terms, metrics, Cases::tickets);
            tickets.inspect(|tickets| population::tickets(tickets, &mut taker));
            taker.reduced()
        }
        Cases::Issues(_) => {
            let mut taker = Intake::new(&terms, metrics, Cases::issues);
            let chaining = Chaining {
                repeat_window: plan.windows.repeat,
                same_topic: plan.same_topic,
                anonymous_single: plan.anonymous_single,
            };
            tickets.inspect(|tickets| population::issues(tickets, chaining, &mut taker));
            taker.reduced()
        }
        Cases::Customers(_) => Vec::new(),
    }
}

/// Reduces the metrics of all questions in one pass over the answers.
fn reduce_answers(answers: Option<&Answers>, terms: &Terms<'_>, metrics: &[&'static Metric]) -> Vec<Reduced> {
    let mut takers: Vec<Taker<'_>> = Vec::new();
    for metric in metrics {
        let Some(question) = metric.question() else { continue };
        if !takers.iter().any(|known| known.question.name == question.name) {
            let own: Vec<&'static Metric> = metrics
                .iter()
                .copied()
                .filter(|other| other.question().is_some_and(|other| other.name == question.name))
                .collect();
            let intake = Intake::new(terms, &own, Cases::answers);
            takers.push(Taker { question, intake, respondents: Respondents::default() });
        }
    }
    answers.inspect(|answers| population::answers(terms.plan, answers, &mut takers));
    let reduced = |Taker { intake, respondents, .. }: Taker<'_>| {
        let again = respondents.again();
        intake.reduced().into_iter().map(move |reduced| Reduced { again, ..reduced })
    };
    takers.into_iter().flat_map(reduced).collect()
}

/// Reduces the metrics of customers as they stood at one moment.
fn reduce_customers(
    plan: &Plan,
    joined: &Joined,
    metrics: &[&'static Metric],
    judged: JudgedAt,
) -> Vec<Reduced> {
    let Some(purchases) = joined.purchases.as_ref() else { return Vec::new() };
    let view = View::before(joined, judged.as_of, plan.windows.retention, plan.zone());
    let known = known(plan, |name| view.of_customers(name));
    let moment = plan.moment(judged.as_of);
    let terms =
        Terms { plan, known: &known, scales: &joined.scales, span: None, period: judged.period, moment };
    let mut taker = Intake::new(&terms, metrics, Cases::customers);
    population::customers(purchases, &view, &moment, &mut taker);
    taker.reduced()
}

impl Reduced {
    /// Adds what the metric came to in another period.
    fn append(&mut self, other: Reduced) {
        self.groups.extend(other.groups);
        self.groups.sort_by_key(|group| group.breakdown);
        self.rows += other.rows;
        self.used += other.used;
        self.again.answers += other.again.answers;
        self.again.respondents += other.again.respondents;
        for (reason, n) in other.excluded {
            *self.excluded.entry(reason).or_insert(0) += n;
        }
    }

    /// The exclusions for the report.
    pub fn exclusions(&self) -> Counts<u64> {
        Counts(self.excluded.iter().map(|(reason, n)| ((*reason).to_owned(), *n)).collect())
    }
}

/// A moment T at which customers are judged: the as-of moment, or the end of a period.
struct JudgedAt {
    as_of: i64,
    period: Option<PeriodLabel>,
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
