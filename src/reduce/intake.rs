//! The cases of one population on their way into the tallies of its metrics, a block at a time: left out or placed in a
//! cell, then judged by each metric.

use std::collections::BTreeMap;

use super::again::Again;
use super::cells::Cells;
use super::span::{Calendar, PeriodLabel, Span};
use super::{Group, Known, Reduced};
use crate::dimension::Window;
use crate::filter::Filter;
use crate::metric::Metric;
use crate::metric::case::{Cases, Judge, Moment};
use crate::plan::Plan;
use crate::table::settle::Scales;
use crate::tally::{Observation, Scale, Tally};

/// So many cases are judged at once: few enough to stay near.
const BLOCK: usize = 512;

/// What the cases of a population are taken by.
pub struct Terms<'a> {
    /// The request.
    pub plan: &'a Plan,
    /// The dimensions by name.
    pub known: &'a Known<'a>,
    /// The scales of the questions.
    pub scales: &'a Scales,
    /// What bounds the times of the cases, and cuts them into periods.
    pub span: Option<Span>,
    /// The period of all cases, where their own times decide none.
    pub period: Option<PeriodLabel>,
    /// The moment and the windows.
    pub moment: Moment,
}

/// What takes the cases of one population.
pub struct Intake<'a, C> {
    plan: &'a Plan,
    known: &'a Known<'a>,
    span: Option<Span>,
    moment: Moment,
    calendar: Calendar,
    cells: Vec<Cells<'a>>,
    judged: Vec<Judged<C>>,
    /// The period of all cases, where every period has its line, even without a case.
    always: Option<PeriodLabel>,
    /// How many cases came, those that were left out too.
    taken: u64,
    left_out: Account,
    /// The cases that wait to be judged, …
    cases: Vec<C>,
    /// … the row of each in the dimensions …
    rows: Vec<u32>,
    /// … and the first instant of its period.
    starts: Vec<i64>,
    /// The cell of each.
    places: Vec<u32>,
}

/// One metric with what it has come to.
struct Judged<C> {
    metric: &'static Metric,
    judge: Judge<C>,
    empty: Tally,
    /// By the breakdowns that share cells, and by cell.
    tallies: Vec<Vec<Tally>>,
    account: Account,
}

impl<'a, C> Intake<'a, C> {
    /// Nothing yet. `judge` finds how a metric judges a case.
    pub fn new(
        terms: &Terms<'a>,
        metrics: &[&'static Metric],
        judge: impl Fn(&Cases) -> Option<Judge<C>>,
    ) -> Self {
        let Terms { plan, known, scales, span, ref period, moment } = *terms;
        let by_period = span.is_some_and(|span| span.period.is_some());
        // A customer's answers stay together only where no other breakdown parts them.
        let cells = Cells::of(plan, known, by_period || plan.joins_answers());
        let judged = |metric: &&'static Metric| {
            let question = metric.question();
            let scale = question.and_then(|question| scales.get(question.name).or(question.scales.first()));
            Some(Judged {
                metric,
                judge: judge(&metric.cases)?,
                empty: metric.tally.empty(scale.copied().unwrap_or(Scale::new(0, 10))),
                tallies: vec![Vec::new(); cells.len()],
                account: Account::default(),
            })
        };
        Intake {
            plan,
            known,
            span,
            moment,
            calendar: Calendar::of(period.clone()),
            always: period.clone().filter(|_| matches!(plan.windows.retention, Window::Calendar(_))),
            judged: metrics.iter().filter_map(judged).collect(),
            cells,
            taken: 0,
            left_out: Account::default(),
            cases: Vec::with_capacity(BLOCK),
            rows: Vec::with_capacity(BLOCK),
            starts: Vec::with_capacity(BLOCK),
            places: Vec::with_capacity(BLOCK),
        }
    }

    /// Takes a case with its time and its row in the dimensions. It is made if it is not left out; then the first instant
    /// of its period is known.
    #[inline]
    pub fn take(&mut self, time: Option<i64>, row: u32, case: impl FnOnce() -> C) -> Option<i64> {
        self.taken += 1;
        if let Some(reason) = self.leaves_out(time, row) {
            self.left_out.exclude(reason, 1);
            return None;
        }
        self.cases.push(case());
        self.rows.push(row);
        let start = self.calendar.start(time, self.span.as_ref());
        self.starts.push(start);
        if self.cases.len() == BLOCK {
            self.judge();
        }
        Some(start)
    }

    /// Counts cases that all are left out for one reason.
    pub fn leave_out(&mut self, reason: &'static str, cases: u64) {
        self.taken += cases;
        self.left_out.exclude(reason, cases);
    }

    /// Why a case is left out, if it is.
    #[inline]
    pub fn leaves_out(&self, time: Option<i64>, row: u32) -> Option<&'static str> {
        let by_time = self.span.as_ref().and_then(|span| span.leaves_out(time));
        let is_filtered_out = |filter: &Filter| {
            !filter.holds(&|name: &str| self.known.get(name).map_or("", |grouping| grouping.label(row)))
        };
        let filter = self.plan.filter.as_ref();
        by_time.or_else(|| filter.is_some_and(is_filtered_out).then_some("filtered-out"))
    }

    /// The first instant of the period that a case of that time falls in.
    pub fn start(&mut self, time: Option<i64>) -> i64 {
        self.calendar.start(time, self.span.as_ref())
    }

    /// Judges the cases that are waiting.
    fn judge(&mut self) {
        for (sharing, cells) in self.cells.iter_mut().enumerate() {
            cells.find(&self.rows, &self.starts, &mut self.places);
            for judged in &mut self.judged {
                judged.tallies[sharing].resize(cells.len(), judged.empty.clone());
                judged.add(&self.cases, &self.places, sharing, &self.moment);
            }
        }
        self.cases.clear();
        self.rows.clear();
        self.starts.clear();
    }

    /// What each metric came to.
    pub fn reduced(mut self) -> Vec<Reduced> {
        self.judge();
        self.left_out.end_run();
        let has_overall = self.plan.period.is_none() || self.always.is_some();
        let reduced = |judged: Judged<C>| {
            let shared = self.cells.iter().zip(judged.tallies);
            let mut groups: Vec<Group> =
                shared.flat_map(|(cells, tallies)| cells.groups(tallies, &self.calendar.labels)).collect();
            groups.retain(|group| group.tally.has_cases() || (has_overall && group.labels.is_empty()));
            groups.sort_by_key(|group| group.breakdown);
            if has_overall && groups.first().is_none_or(|group| group.breakdown > 0) {
                let (period, tally) = (self.always.clone(), judged.empty.clone());
                groups.insert(0, Group { breakdown: 0, period, labels: Vec::new(), tally });
            }
            let mut account = judged.account;
            self.left_out.excluded.iter().for_each(|(reason, cases)| account.exclude(reason, *cases));
            account.end_run();
            let Account { used, excluded, .. } = account;
            Reduced {
                metric: judged.metric,
                groups,
                rows: self.taken,
                used,
                excluded,
                again: Again::default(),
            }
        };
        self.judged.into_iter().map(reduced).collect()
    }
}

impl<C> Judged<C> {
    /// Judges cases and adds each to its cell. However many cells a case is in, it counts once.
    fn add(&mut self, cases: &[C], cells: &[u32], sharing: usize, moment: &Moment) {
        let tallies = self.tallies[sharing].as_mut_slice();
        let mut again = Account::default();
        let account = if sharing == 0 { &mut self.account } else { &mut again };
        for (case, cell) in cases.iter().zip(cells) {
            let observation = (self.judge)(case, moment);
            match observation {
                Observation::Excluded(reason) => {
                    account.exclude(reason, 1);
                    continue;
                }
                Observation::Pending => account.exclude("not-mature", 1),
                Observation::Arrived => account.exclude("not-in-base", 1),
                _ => account.used += 1,
            }
            tallies[*cell as usize].add(observation);
        }
    }
}

/// How many cases counted, and why the others did not.
#[derive(Debug, Default)]
struct Account {
    used: u64,
    excluded: BTreeMap<&'static str, u64>,
    /// The reason that was met last, and how often in a row: most cases that are left out share theirs.
    run: (&'static str, u64),
}

impl Account {
    #[inline]
    fn exclude(&mut self, reason: &'static str, cases: u64) {
        if !std::ptr::eq(self.run.0, reason) {
            self.end_run();
            self.run.0 = reason;
        }
        self.run.1 += cases;
    }

    fn end_run(&mut self) {
        let (reason, cases) = std::mem::take(&mut self.run);
        if cases > 0 {
            *self.excluded.entry(reason).or_insert(0) += cases;
        }
    }
}
