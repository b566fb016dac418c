//! The cases of one population, each with its time, its group in every breakdown, and why it may be left out.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use hashbrown::HashMap;

use super::groups::{Groups, PeriodLabel};
use crate::customer::{Answers, Chaining, Purchases};
use crate::dimension::{Grouping, Period, View, day_begins};
use crate::metric::case::{Answer, Cases, Customer, Invitation, Issue, Moment, Question, Ticket};
use crate::metric::{Metric, csat};
use crate::plan::Plan;
use crate::source::field::{Field, Kind};
use crate::table::settle::Scales;
use crate::table::words::{self, NONE};
use crate::tally::{Observation, Scale};

/// The cases of one population.
#[derive(Debug)]
pub struct CaseSet {
    population: Population,
    /// The row of the dimension tables, or the customer, of each case.
    rows: Vec<u32>,
    /// The time that decides a case's period.
    times: Vec<Option<i64>>,
    /// Why a case is left out, whatever the metric.
    pub left_out: Vec<Option<&'static str>>,
    /// The group of each case in each breakdown.
    pub groups: Vec<Groups>,
}

#[derive(Debug)]
enum Population {
    Answers(Vec<Answer>),
    Invitations(Vec<Invitation>),
    Tickets(Vec<Ticket>),
    Issues(Vec<Issue>),
    Customers(Vec<Customer>),
}

/// What bounds the rows of events in time, and what cuts time into periods.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The periods.
    pub period: Option<Period>,
    /// Their zone.
    pub zone: Tz,
    /// From here …
    pub since: Option<i64>,
    /// … to before here.
    pub until: Option<i64>,
    /// Nothing after it has happened.
    pub as_of: i64,
}

impl CaseSet {
    /// The cases of a metric of events. Without the export there are none.
    pub fn of_events(metric: &Metric, plan: &Plan, view: &View<'_>) -> CaseSet {
        let joined = view.joined;
        let none = || CaseSet::new(Population::Answers(Vec::new()), Vec::new(), Vec::new());
        match &metric.cases {
            Cases::Answers(question) => {
                joined.answers.as_ref().map_or_else(none, |answers| answers_to(question, answers))
            }
            Cases::Invitations(_) => {
                joined.answers.as_ref().map_or_else(none, |answers| invitations(answers, joined.as_of))
            }
            Cases::Tickets(_) => joined.tickets.as_ref().map_or_else(none, |tickets| {
                let times = tickets.ticket.iter().map(|ticket| Some(ticket.created_at)).collect();
                let rows = (0..tickets.ticket.len() as u32).collect();
                CaseSet::new(Population::Tickets(tickets.ticket.clone()), rows, times)
                    .with_after(tickets.after_as_of)
            }),
            Cases::Issues(_) => joined.tickets.as_ref().map_or_else(none, |tickets| {
                let issues = tickets.issues(Chaining {
                    repeat_window: plan.windows.repeat,
                    same_topic: plan.same_topic,
                    anonymous_single: plan.anonymous_single,
                });
                let rows = issues.iter().map(|issue| issue.first as u32).collect();
                let times = issues.iter().map(|issue| Some(issue.issue.first.created_at)).collect();
                CaseSet::new(
                    Population::Issues(issues.into_iter().map(|issue| issue.issue).collect()),
                    rows,
                    times,
                )
            }),
            Cases::Customers(_) => none(),
        }
    }

    /// The customers who had ordered by a moment, as the view knows them; none without purchases.
    pub fn of_customers(moment: &Moment, view: &View<'_>, scales: &Scales) -> Option<CaseSet> {
        let purchases = view.joined.purchases.as_ref()?;
        let scale = scales.get("csat").copied().unwrap_or(Scale::new(1, 5));
        let mut customers = Vec::new();
        let mut rows = Vec::new();
        for code in 0..view.profile().people.len() as u32 {
            if let Some(mut customer) = around(code, purchases, moment) {
                let person = view.profile().people.get(code as usize)?;
                customer.was_satisfied = person.last_csat.map(|score| csat::is_satisfied(score, scale));
                customers.push(customer);
                rows.push(code);
            }
        }
        let times = vec![None; rows.len()];
        Some(CaseSet::new(Population::Customers(customers), rows, times))
    }

    fn new(population: Population, rows: Vec<u32>, times: Vec<Option<i64>>) -> Self {
        CaseSet { left_out: vec![None; rows.len()], population, rows, times, groups: Vec::new() }
    }

    /// Adds the cases that came after the as-of moment, so that the ledger adds up.
    fn with_after(mut self, cases: u64) -> Self {
        if let Population::Tickets(tickets) = &mut self.population {
            tickets.extend(std::iter::repeat_n(Ticket::default(), cases as usize));
            self.rows.extend(std::iter::repeat_n(NONE, cases as usize));
            self.times.extend(std::iter::repeat_n(None, cases as usize));
            self.left_out.extend(std::iter::repeat_n(Some("after-as-of"), cases as usize));
        }
        self
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// What a metric says of a case.
    pub fn judge(&self, metric: &Metric, case: usize, moment: &Moment) -> Observation {
        match (&metric.cases, &self.population) {
            (Cases::Answers(_), Population::Answers(cases)) => Question::observe(&cases[case]),
            (Cases::Invitations(judge), Population::Invitations(cases)) => judge(&cases[case], moment),
            (Cases::Tickets(judge), Population::Tickets(cases)) => judge(&cases[case], moment),
            (Cases::Issues(judge), Population::Issues(cases)) => judge(&cases[case], moment),
            (Cases::Customers(judge), Population::Customers(cases)) => judge(&cases[case], moment),
            _ => Observation::Excluded("no-data"),
        }
    }

    fn kind(&self) -> Kind {
        match self.population {
            Population::Answers(_) | Population::Invitations(_) => Kind::Surveys,
            Population::Tickets(_) | Population::Issues(_) => Kind::Tickets,
            Population::Customers(_) => Kind::Purchases,
        }
    }

    /// Groups events by their dimensions and the period of their time, and leaves out what `--since`, `--until`, the
    /// as-of moment and `--where` exclude.
    pub fn group(&mut self, plan: &Plan, view: &View<'_>, span: &Span) {
        for (left_out, time) in self.left_out.iter_mut().zip(&self.times) {
            *left_out = left_out.or(match time {
                Some(time) if *time > span.as_of => Some("after-as-of"),
                Some(time) if span.since.is_some_and(|since| *time < since) => Some("before-since"),
                Some(time) if span.until.is_some_and(|until| *time >= until) => Some("after-until"),
                None if span.period.is_some() => Some("no-time"),
                _ => None,
            });
        }
        let kind = self.kind();
        let dimensions = self.dimensions(plan, |name| view.of_rows(kind, name));
        let periods = span.period.map(|period| periods(&self.times, &self.left_out, period, span));
        self.cross(plan, &dimensions, periods);
    }

    /// Groups customers, all of whom are judged at one moment.
    pub fn group_at(&mut self, plan: &Plan, view: &View<'_>, period: Option<PeriodLabel>) {
        let dimensions = self.dimensions(plan, |name| view.of_customers(name));
        let periods = period.map(|period| (vec![period], vec![0; self.rows.len()]));
        self.cross(plan, &dimensions, periods);
    }

    fn dimensions(&self, plan: &Plan, of: impl Fn(&str) -> Grouping) -> BTreeMap<String, Grouping> {
        let of_cases = |name: &str| {
            let all = of(name);
            let unknown = all.labels.len().saturating_sub(1) as u32;
            let codes = self
                .rows
                .iter()
                .map(|row| all.codes.get(*row as usize).copied().unwrap_or(unknown))
                .collect();
            Grouping { codes, labels: all.labels }
        };
        plan.dimensions().into_iter().map(|name| (name.to_owned(), of_cases(name))).collect()
    }

    fn cross(
        &mut self,
        plan: &Plan,
        known: &BTreeMap<String, Grouping>,
        periods: Option<(Vec<PeriodLabel>, Vec<u32>)>,
    ) {
        if let Some(filter) = &plan.filter {
            for case in 0..self.rows.len() {
                let label = |name: &str| {
                    let grouping = known.get(name);
                    let code =
                        grouping.and_then(|grouping| grouping.codes.get(case)).copied().unwrap_or(NONE);
                    grouping
                        .and_then(|grouping| grouping.labels.get(code as usize))
                        .map_or("", String::as_str)
                };
                if self.left_out[case].is_none() && !filter.holds(&label) {
                    self.left_out[case] = Some("filtered-out");
                }
            }
        }
        let periods = periods.as_ref().map(|(labels, of)| (labels.as_slice(), of.as_slice()));
        self.groups = plan
            .breakdowns
            .iter()
            .map(|breakdown| {
                let dimensions: Vec<&Grouping> =
                    breakdown.iter().filter_map(|name| known.get(name)).collect();
                Groups::cross(self.rows.len(), periods, &dimensions)
            })
            .collect();
    }
}

/// The periods of the cases that count, in order, each with whether it is cut short; and the period of each case.
fn periods(
    times: &[Option<i64>],
    left_out: &[Option<&'static str>],
    period: Period,
    span: &Span,
) -> (Vec<PeriodLabel>, Vec<u32>) {
    let counted = times.iter().zip(left_out).map(|(time, left_out)| time.filter(|_| left_out.is_none()));
    let mut starts: BTreeMap<i64, PeriodLabel> = BTreeMap::new();
    let mut ends: BTreeMap<i64, i64> = BTreeMap::new();
    let mut of: Vec<Option<i64>> = Vec::with_capacity(times.len());
    for time in counted {
        let known = time.and_then(|time| ends.range(..=time).next_back().filter(|(_, end)| time < **end));
        if let Some((start, _)) = known {
            of.push(Some(*start));
            continue;
        }
        let found = time.and_then(|time| {
            let day = period.start(time, span.zone)?;
            let begins = day_begins(day, span.zone)?;
            let end = day_begins(period.next(day)?, span.zone)?;
            let cut = end - 1 > span.as_of
                || span.since.is_some_and(|since| since > begins)
                || span.until.is_some_and(|until| until < end);
            starts.insert(begins, (period.label(day), cut));
            ends.insert(begins, end);
            Some(begins)
        });
        of.push(found);
    }
    let number: BTreeMap<i64, u32> =
        starts.keys().enumerate().map(|(number, start)| (*start, number as u32)).collect();
    let of = of
        .into_iter()
        .map(|start| start.and_then(|start| number.get(&start)).copied().unwrap_or(0))
        .collect();
    (starts.into_values().collect(), of)
}

fn answers_to(question: &Question, answers: &Answers) -> CaseSet {
    let rows = (0..answers.question.len())
        .filter(|row| answers.question[*row].is_some_and(|q| q.name == question.name));
    let rows: Vec<u32> = rows.map(|row| row as u32).collect();
    let cases = rows.iter().map(|row| Answer { score: answers.score[*row as usize] }).collect();
    let times = rows.iter().map(|row| answers.at[*row as usize].or(answers.sent_at[*row as usize])).collect();
    CaseSet::new(Population::Answers(cases), rows, times)
}

/// Each invitation once: the answers to one request share their response id, else their customer, moment and survey.
/// Of several rows the earliest says when it was sent and where it belongs.
fn invitations(answers: &Answers, as_of: i64) -> CaseSet {
    let responses = answers.table.ids(Field::Response);
    let surveys = answers.table.codes(Field::Survey.as_str());
    let tie = answers.table.tie();
    let mut known: HashMap<u64, usize, foldhash::fast::FixedState> = HashMap::default();
    let (mut cases, mut rows): (Vec<Invitation>, Vec<u32>) = (Vec::new(), Vec::new());
    for row in 0..answers.sent_at.len() {
        let Some(sent_at) = answers.sent_at[row] else { continue };
        let answered = answers.is_answer(row, as_of);
        let key = match responses[row] {
            // A ticket is rated once.
            _ if row >= answers.rated_from => None,
            Some(response) => Some(response),
            None if answers.customer[row] != NONE => {
                Some(words::hash(format!("{} {sent_at} {}", answers.customer[row], surveys[row]).as_bytes()))
            }
            None => None,
        };
        let case = key.map_or(cases.len(), |key| *known.entry(key).or_insert(cases.len()));
        let order = |row: usize| (answers.sent_at[row], answers.seen_at[row], answers.channel[row]);
        match cases.get_mut(case) {
            Some(invitation) => {
                invitation.answered |= answered;
                let known = rows[case] as usize;
                if order(row).cmp(&order(known)).then_with(|| tie(row, known)).is_lt() {
                    invitation.sent_at = sent_at;
                    rows[case] = row as u32;
                }
            }
            None => {
                cases.push(Invitation { sent_at, answered });
                rows.push(row as u32);
            }
        }
    }
    let times = cases.iter().map(|invitation| Some(invitation.sent_at)).collect();
    CaseSet::new(Population::Invitations(cases), rows, times)
}

/// A customer's orders and spend around T − W; none for one who had not ordered by T.
fn around(customer: u32, purchases: &Purchases, moment: &Moment) -> Option<Customer> {
    let start = moment.as_of.saturating_sub(moment.window);
    let before = start.saturating_sub(moment.window);
    let mut found = Customer {
        orders: 0,
        first_order_at: i64::MAX,
        in_base: false,
        returned: false,
        spend_before: 0,
        spend_now: 0,
        was_satisfied: None,
    };
    for row in purchases.rows.of_customer(customer) {
        let (at, is_order) = (purchases.at[row], purchases.stood(row, moment.as_of));
        if at > moment.as_of {
            break;
        }
        let (is_before, is_now) = ((before..start).contains(&at), at >= start);
        let spent = |in_window: bool| if in_window { purchases.amount[row] } else { 0 };
        found.spend_before = found.spend_before.saturating_add(spent(is_before));
        found.spend_now = found.spend_now.saturating_add(spent(is_now));
        if is_order {
            found.orders += 1;
            found.first_order_at = found.first_order_at.min(at);
            found.in_base |= is_before;
            found.returned |= is_now;
        }
    }
    (found.orders > 0).then_some(found)
}
