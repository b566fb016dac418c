//! The cases of one population, each made when it is asked for, with its time and the row of its dimensions.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use hashbrown::HashMap;

use super::groups::{Groups, PeriodLabel, Periods};
use crate::customer::{Answers, Chaining, IssueRow, Joined, Purchases, Tickets};
use crate::dimension::{Grouping, Period, View, day_begins};
use crate::metric::case::{Answer, Cases, Customer, Invitation, Issue, Moment, Question, Ticket};
use crate::metric::{Metric, csat};
use crate::plan::Plan;
use crate::source::field::{Field, Kind};
use crate::table::settle::Scales;
use crate::table::words::{self, NONE};
use crate::tally::{Observation, Scale};

/// The cases of one population. Nothing of them is held but which they are.
pub struct CaseSet<'a> {
    population: Population<'a>,
    /// The group of each case in each breakdown.
    pub groups: Vec<Groups>,
    /// What `--where` asks of a case, by its row.
    filtered_out: Vec<bool>,
}

enum Population<'a> {
    Nothing,
    /// Answers to one question, by row.
    Answers(&'a Answers, Vec<u32>),
    /// Requests for feedback, each with its row.
    Invitations(Vec<(Invitation, u32)>),
    /// All tickets, and those that came after the as-of moment.
    Tickets(&'a Tickets),
    Issues(&'a Tickets, Vec<IssueRow>),
    Customers(Judged<'a>),
}

/// Customers around the moment at which they are judged.
struct Judged<'a> {
    purchases: &'a Purchases,
    answers: Option<&'a Answers>,
    moment: Moment,
    /// Their answers count before this moment.
    known_before: i64,
    /// Those who had ordered by then.
    customers: Vec<u32>,
    /// That of CSAT.
    scale: Scale,
}

impl Judged<'_> {
    fn customer(&self, code: u32) -> Option<Customer> {
        let last = self.answers.and_then(|answers| answers.last_score(code, "csat", self.known_before));
        let was_satisfied = last.map(|score| csat::is_satisfied(score, self.scale));
        Some(Customer { was_satisfied, ..around(code, self.purchases, &self.moment)? })
    }
}

/// One case.
#[derive(Debug, Clone, Copy)]
pub enum Case {
    /// An answer.
    Answer(Answer),
    /// A request for feedback.
    Invitation(Invitation),
    /// A ticket.
    Ticket(Ticket),
    /// An issue.
    Issue(Issue),
    /// A customer.
    Customer(Customer),
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

impl Span {
    /// Why a case of that time is left out.
    fn leaves_out(&self, time: Option<i64>) -> Option<&'static str> {
        match time {
            Some(time) if time > self.as_of => Some("after-as-of"),
            Some(time) if self.since.is_some_and(|since| time < since) => Some("before-since"),
            Some(time) if self.until.is_some_and(|until| time >= until) => Some("after-until"),
            None if self.period.is_some() => Some("no-time"),
            _ => None,
        }
    }
}

impl Case {
    /// What a metric says of the case.
    pub fn judge(&self, metric: &Metric, moment: &Moment) -> Observation {
        match (&metric.cases, self) {
            (Cases::Answers(_), Case::Answer(case)) => Question::observe(case),
            (Cases::Invitations(judge), Case::Invitation(case)) => judge(case, moment),
            (Cases::Tickets(judge), Case::Ticket(case)) => judge(case, moment),
            (Cases::Issues(judge), Case::Issue(case)) => judge(case, moment),
            (Cases::Customers(judge), Case::Customer(case)) => judge(case, moment),
            _ => Observation::Excluded("of-another-kind"),
        }
    }
}

impl<'a> CaseSet<'a> {
    /// The cases of a metric of events. Without the export there are none.
    pub fn of_events(metric: &Metric, plan: &Plan, joined: &'a Joined) -> CaseSet<'a> {
        let (answers, tickets) = (joined.answers.as_ref(), joined.tickets.as_ref());
        let population = match &metric.cases {
            Cases::Answers(question) => answers.map(|answers| {
                let asked =
                    |row: &u32| answers.question(*row as usize).is_some_and(|q| q.name == question.name);
                Population::Answers(answers, (0..answers.len() as u32).filter(asked).collect())
            }),
            Cases::Invitations(_) => {
                answers.map(|answers| Population::Invitations(invitations(answers, joined.as_of)))
            }
            Cases::Tickets(_) => tickets.map(Population::Tickets),
            Cases::Issues(_) => tickets.map(|tickets| {
                let issues = tickets.issues(Chaining {
                    repeat_window: plan.windows.repeat,
                    same_topic: plan.same_topic,
                    anonymous_single: plan.anonymous_single,
                });
                Population::Issues(tickets, issues)
            }),
            Cases::Customers(_) => None,
        };
        CaseSet::new(population.unwrap_or(Population::Nothing))
    }

    /// The customers who had ordered by a moment, as the view knows them; none without purchases.
    pub fn of_customers(moment: &Moment, view: &View<'a>, scales: &Scales) -> Option<CaseSet<'a>> {
        let purchases = view.joined.purchases.as_ref()?;
        let scale = scales.get("csat").copied().unwrap_or(Scale::new(1, 5));
        let had_ordered = |code: &u32| around(*code, purchases, moment).is_some();
        Some(CaseSet::new(Population::Customers(Judged {
            purchases,
            answers: view.joined.answers.as_ref(),
            moment: *moment,
            known_before: view.moment,
            customers: (0..view.joined.customers.len() as u32).filter(had_ordered).collect(),
            scale,
        })))
    }

    fn new(population: Population<'a>) -> Self {
        CaseSet { population, groups: Vec::new(), filtered_out: Vec::new() }
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        match &self.population {
            Population::Nothing => 0,
            Population::Answers(_, rows) => rows.len(),
            Population::Invitations(cases) => cases.len(),
            // Those after the as-of moment too, so that the ledger adds up.
            Population::Tickets(tickets) => tickets.len() + tickets.after_as_of as usize,
            Population::Issues(_, issues) => issues.len(),
            Population::Customers(judged) => judged.customers.len(),
        }
    }

    /// The case of that number.
    #[inline]
    pub fn case(&self, case: usize) -> Option<Case> {
        Some(match &self.population {
            Population::Nothing => return None,
            Population::Answers(answers, rows) => {
                Case::Answer(Answer { score: answers.score(rows[case] as usize) })
            }
            Population::Invitations(cases) => Case::Invitation(cases[case].0),
            Population::Tickets(tickets) => Case::Ticket(tickets.ticket(case)),
            Population::Issues(tickets, issues) => Case::Issue(tickets.issue(&issues[case])),
            Population::Customers(judged) => Case::Customer(judged.customer(judged.customers[case])?),
        })
    }

    /// Why a case is left out, whatever the metric.
    #[inline]
    pub fn left_out(&self, case: usize, span: Option<&Span>) -> Option<&'static str> {
        let by_time = match &self.population {
            Population::Tickets(tickets) if case >= tickets.len() => Some("after-as-of"),
            _ => span.and_then(|span| span.leaves_out(self.time(case))),
        };
        let is_filtered_out = || self.filtered_out.get(case).copied().unwrap_or(false);
        by_time.or_else(|| is_filtered_out().then_some("filtered-out"))
    }

    /// The row of the dimension tables, or the customer, of a case.
    #[inline]
    fn row(&self, case: usize) -> u32 {
        match &self.population {
            Population::Nothing => NONE,
            Population::Answers(_, rows) => rows[case],
            Population::Invitations(cases) => cases[case].1,
            Population::Tickets(tickets) => {
                if case < tickets.len() {
                    case as u32
                } else {
                    NONE
                }
            }
            Population::Issues(_, issues) => issues[case].first,
            Population::Customers(judged) => judged.customers[case],
        }
    }

    /// The time that decides a case's period.
    #[inline]
    fn time(&self, case: usize) -> Option<i64> {
        match &self.population {
            Population::Nothing | Population::Customers(_) => None,
            Population::Answers(answers, rows) => {
                let row = rows[case] as usize;
                answers.at(row).or_else(|| answers.sent_at(row))
            }
            Population::Invitations(cases) => Some(cases[case].0.sent_at),
            Population::Tickets(tickets) => tickets.created_at.get(case).copied(),
            Population::Issues(tickets, issues) => {
                tickets.created_at.get(issues[case].first as usize).copied()
            }
        }
    }

    fn kind(&self) -> Kind {
        match &self.population {
            Population::Nothing | Population::Answers(..) | Population::Invitations(_) => Kind::Surveys,
            Population::Tickets(_) | Population::Issues(..) => Kind::Tickets,
            Population::Customers(_) => Kind::Purchases,
        }
    }

    /// Groups events by their dimensions and the period of their time, and leaves out what `--where` excludes.
    pub fn group(&mut self, plan: &Plan, view: &View<'_>, span: &Span) {
        let kind = self.kind();
        let dimensions = dimensions(plan, |name| view.of_rows(kind, name));
        let periods = span.period.map(|period| self.periods(period, span));
        self.cross(plan, &dimensions, periods.as_ref());
    }

    /// Groups customers, all of whom are judged at one moment.
    pub fn group_at(&mut self, plan: &Plan, view: &View<'_>, period: Option<PeriodLabel>) {
        let dimensions = dimensions(plan, |name| view.of_customers(name));
        let first = |_| 0;
        let periods =
            period.map(|period| Periods { labels: vec![period], of: (0..self.len()).map(first).collect() });
        self.cross(plan, &dimensions, periods.as_ref());
    }

    fn cross(&mut self, plan: &Plan, known: &BTreeMap<&str, Grouping>, periods: Option<&Periods>) {
        if let Some(filter) = &plan.filter {
            let is_filtered_out = |case: usize| {
                let row = self.row(case);
                let label = |name: &str| {
                    let label =
                        known.get(name).and_then(|grouping| grouping.labels.get(grouping.of(row) as usize));
                    label.map_or("", String::as_str)
                };
                !filter.holds(&label)
            };
            self.filtered_out = (0..self.len()).map(is_filtered_out).collect();
        }
        let cross = |breakdown: &Vec<String>| {
            let dimensions: Vec<&Grouping> =
                breakdown.iter().filter_map(|name| known.get(name.as_str())).collect();
            Groups::cross(self.len(), |case| self.row(case), periods, &dimensions)
        };
        self.groups = plan.breakdowns.iter().map(cross).collect();
    }

    /// The periods of the cases that count, in order, each with whether it is cut short.
    fn periods(&self, period: Period, span: &Span) -> Periods {
        let mut starts: BTreeMap<i64, PeriodLabel> = BTreeMap::new();
        let mut ends: BTreeMap<i64, i64> = BTreeMap::new();
        let mut of: Vec<Option<i64>> = Vec::with_capacity(self.len());
        for case in 0..self.len() {
            let time = self.time(case).filter(|_| self.left_out(case, Some(span)).is_none());
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
        let number = |start: Option<i64>| start.and_then(|start| number.get(&start)).copied().unwrap_or(0);
        Periods { labels: starts.into_values().collect(), of: of.into_iter().map(number).collect() }
    }
}

fn dimensions(plan: &Plan, of: impl Fn(&str) -> Grouping) -> BTreeMap<&str, Grouping> {
    plan.dimensions().into_iter().map(|name| (name, of(name))).collect()
}

/// Each invitation once: the answers to one request share their response id, else their customer, moment and survey.
/// Of several rows the earliest says when it was sent and where it belongs.
fn invitations(answers: &Answers, as_of: i64) -> Vec<(Invitation, u32)> {
    let responses = answers.table.ids(Field::Response);
    let surveys = answers.table.codes(Field::Survey.as_str());
    let tie = answers.table.tie();
    let mut known: HashMap<u64, usize, foldhash::fast::FixedState> = HashMap::default();
    let mut cases: Vec<(Invitation, u32)> = Vec::new();
    for row in 0..answers.len() {
        let Some(sent_at) = answers.sent_at(row) else { continue };
        let answered = answers.is_answer(row, as_of);
        let customer = answers.customer.get(row);
        let key = match responses.get(row).copied().filter(|response| *response != 0) {
            // A ticket is rated once.
            _ if row >= answers.rated_from => None,
            Some(response) => Some(response),
            None if customer != NONE => {
                Some(words::hash(format!("{customer} {sent_at} {}", surveys.get(row)).as_bytes()))
            }
            None => None,
        };
        let case = key.map_or(cases.len(), |key| *known.entry(key).or_insert(cases.len()));
        let order = |row: usize| {
            let (at, score) = (answers.at(row), answers.score(row));
            (answers.sent_at(row), answers.seen_at(row), answers.channel.get(row), at, score)
        };
        match cases.get_mut(case) {
            Some((invitation, first)) => {
                invitation.answered |= answered;
                let known = *first as usize;
                if order(row).cmp(&order(known)).then_with(|| tie(row, known)).is_lt() {
                    invitation.sent_at = sent_at;
                    *first = row as u32;
                }
            }
            None => cases.push((Invitation { sent_at, answered }, row as u32)),
        }
    }
    cases
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
