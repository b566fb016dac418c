//! The cases of each population: answers, invitations, tickets, issues, customers, each shown once to whoever takes them.

use hashbrown::HashMap;

use super::again::Respondents;
use super::chosen;
use super::intake::Intake;
use crate::customer::{Answers, Chaining, Purchases, Tickets};
use crate::dimension::View;
use crate::metric::case::{Answer, Customer, Invitation, Issue, Moment, Question, Ticket};
use crate::metric::csat;
use crate::plan::Plan;
use crate::source::field::Field;
use crate::table::words::{self, NONE};
use crate::tally::Scale;

/// What takes the answers to one question.
pub struct Taker<'a> {
    /// The question.
    pub question: &'static Question,
    /// The metrics that rest on it.
    pub intake: Intake<'a, Answer>,
    /// Who gave them.
    pub respondents: Respondents,
}

/// The answers to some questions, each with what takes them.
pub fn answers(plan: &Plan, answers: &Answers, takers: &mut [Taker<'_>]) {
    if plan.joins_answers() {
        takers.iter_mut().for_each(|taker| chosen::answers(plan, answers, taker));
        return;
    }
    for row in 0..answers.len() {
        let Some(asked) = answers.question(row) else { continue };
        if let Some(taker) = takers.iter_mut().find(|taker| is_same(taker.question, asked)) {
            let time = answers.at(row).or_else(|| answers.sent_at(row));
            let (score, weight) = (answers.score(row), chosen::weight(answers, row));
            let start = taker.intake.take(time, row as u32, || Answer { score, weight });
            if let Some(start) = start.filter(|_| score.is_some()) {
                taker.respondents.met(answers.customer.get(row), start);
            }
        }
    }
}

/// Whether two questions are one: nearly always they are even in one place.
fn is_same(one: &'static Question, other: &'static Question) -> bool {
    std::ptr::eq(one, other) || one.name == other.name
}

/// The requests for feedback.
pub fn invitations(answers: &Answers, as_of: i64, taker: &mut Intake<'_, Invitation>) {
    for (invitation, row) in requests(answers, as_of) {
        taker.take(Some(invitation.sent_at), row, || invitation);
    }
}

/// All tickets.
pub fn tickets(tickets: &Tickets, taker: &mut Intake<'_, Ticket>) {
    for (row, created_at) in tickets.created_at.iter().enumerate() {
        taker.take(Some(*created_at), row as u32, || tickets.timed(row));
    }
    // They count among all, so that the ledger adds up.
    taker.leave_out("after-as-of", tickets.after_as_of);
}

/// The tickets chained into issues.
pub fn issues(tickets: &Tickets, chaining: Chaining, taker: &mut Intake<'_, Issue>) {
    for issue in tickets.issues(chaining) {
        let created_at = tickets.created_at.get(issue.first as usize).copied();
        taker.take(created_at, issue.first, || tickets.issue(&issue));
    }
}

/// The customers who had ordered by a moment, as the view knows them.
pub fn customers(purchases: &Purchases, view: &View<'_>, moment: &Moment, taker: &mut Intake<'_, Customer>) {
    let joined = view.joined;
    let scale = joined.scales.get("csat").copied().unwrap_or(Scale::new(1, 5));
    for code in 0..joined.customers.len() as u32 {
        let Some(customer) = around(code, purchases, moment) else { continue };
        // Only of those who were customers in the window before does anyone ask.
        let was_satisfied = || {
            let answers = joined.answers.as_ref().filter(|_| customer.in_base);
            let last = answers?.last_score(code, "csat", view.moment);
            last.map(|score| csat::is_satisfied(score, scale))
        };
        taker.take(None, code, || Customer { was_satisfied: was_satisfied(), ..customer });
    }
}

/// Each invitation once: the answers to one request share their response id, else their customer, moment and survey.
/// Of several rows the earliest says when it was sent and where it belongs.
fn requests(answers: &Answers, as_of: i64) -> Vec<(Invitation, u32)> {
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
    let mut found = Customer {
        orders: 0,
        first_order_at: i64::MAX,
        in_base: false,
        returned: false,
        spend_before: 0,
        spend_now: 0,
        spent_otherwise: false,
        was_satisfied: None,
    };
    for row in purchases.rows.of_customer(customer) {
        let (at, is_order) = (purchases.at[row], purchases.stood(row, moment.as_of));
        if at > moment.as_of {
            break;
        }
        let is_now = at >= moment.window_from;
        let is_before = !is_now && at >= moment.base_from;
        let spent = |in_window: bool| if in_window { purchases.amount[row] } else { 0 };
        found.spend_before = found.spend_before.saturating_add(spent(is_before));
        found.spend_now = found.spend_now.saturating_add(spent(is_now));
        found.spent_otherwise |= (is_before | is_now) & purchases.is_left_out(row);
        if is_order {
            found.orders += 1;
            found.first_order_at = found.first_order_at.min(at);
            found.in_base |= is_before;
            found.returned |= is_now;
        }
    }
    (found.orders > 0).then_some(found)
}
