//! Which answers of a customer count, and how much, where one answered a question more than once in a period.

use super::intake::Intake;
use super::population::Taker;
use crate::customer::Answers;
use crate::metric::case::Answer;
use crate::plan::{Plan, Repeats};
use crate::table::words::NONE;
use crate::tally::{UNIT, Weight};

/// An answer that would count.
struct Given {
    customer: u32,
    /// The first instant of its period.
    start: i64,
    at: Option<i64>,
    row: u32,
}

/// How much an answer counts; none where each counts as one.
pub fn weight(answers: &Answers, row: usize) -> Option<Weight> {
    let millionths = answers.weight(row)?;
    Some(Weight { millionths, cluster: None, shared: None })
}

/// The answers to one question, those of a customer in a period one after the other.
pub fn answers(plan: &Plan, answers: &Answers, taker: &mut Taker<'_>) {
    let Taker { question, intake: taker, respondents } = taker;
    let tie = answers.table.tie();
    let mut given: Vec<Given> = Vec::new();
    for row in 0..answers.len() {
        if answers.question(row).is_none_or(|asked| asked.name != question.name) {
            continue;
        }
        let time = answers.at(row).or_else(|| answers.sent_at(row));
        if answers.score(row).is_none() || taker.leaves_out(time, row as u32).is_some() {
            taker.take(time, row as u32, || Answer { score: answers.score(row), weight: None });
            continue;
        }
        let start = taker.start(time);
        given.push(Given { customer: answers.customer.get(row), start, at: time, row: row as u32 });
    }
    given.sort_by(|one, other| {
        let order = (one.customer, one.start, one.at).cmp(&(other.customer, other.start, other.at));
        let (one, other) = (one.row as usize, other.row as usize);
        // What tells them apart beyond these are the columns that the table still has.
        let told = |row: usize| (answers.score(row), answers.weight(row));
        order.then_with(|| told(one).cmp(&told(other))).then_with(|| tie(one, other))
    });
    let same = |one: &Given, other: &Given| {
        one.customer != NONE && (one.customer, one.start) == (other.customer, other.start)
    };
    for of_one in given.chunk_by(same) {
        of_one.iter().for_each(|answer| respondents.met(answer.customer, answer.start));
        take(plan, answers, of_one, taker);
    }
}

/// Takes what counts of the answers of one customer in one period.
fn take(plan: &Plan, answers: &Answers, given: &[Given], taker: &mut Intake<'_, Answer>) {
    let counted = match plan.answers {
        Repeats::Latest => &given[given.len() - 1..],
        Repeats::First => &given[..1],
        Repeats::All | Repeats::Mean => given,
    };
    taker.leave_out("repeat-answer", (given.len() - counted.len()) as u64);
    let shared = (plan.answers == Repeats::Mean).then_some(counted.len() as u32);
    for Given { customer, at, row, .. } in counted {
        let own = answers.weight(*row as usize);
        let is_joined = plan.cluster || shared.is_some();
        let cluster = is_joined.then_some(*customer);
        let weight = (own.is_some() || is_joined).then_some(Weight {
            millionths: own.unwrap_or(UNIT),
            cluster,
            shared,
        });
        taker.take(*at, *row, || Answer { score: answers.score(*row as usize), weight });
    }
}
