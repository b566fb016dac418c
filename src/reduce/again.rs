//! How many answers come from customers who answered more than once, in each period for itself.

use hashbrown::HashMap;

use crate::table::words::NONE;

/// Answers of customers who gave more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Again {
    /// The answers.
    pub answers: u64,
    /// The customers who gave them, in each period anew.
    pub respondents: u64,
}

/// How often each customer answered a question.
#[derive(Debug, Default)]
pub struct Respondents {
    /// The customer and the first instant of the period that came last, and how many answers in a row were theirs.
    run: (u32, i64, u32),
    /// Where all answers are of one period, by customer: there may be millions.
    whole: Vec<u32>,
    /// Else by customer and period.
    counts: HashMap<(u32, i64), u32, foldhash::fast::FixedState>,
}

impl Respondents {
    /// An answer of a customer.
    #[inline]
    pub fn met(&mut self, customer: u32, start: i64) {
        if (self.run.0, self.run.1) != (customer, start) {
            self.end_run();
            self.run = (customer, start, 0);
        }
        self.run.2 += 1;
    }

    fn end_run(&mut self) {
        let (customer, start, answers) = self.run;
        if customer == NONE || answers == 0 {
            return;
        }
        if start != 0 {
            *self.counts.entry((customer, start)).or_insert(0) += answers;
            return;
        }
        let place = customer as usize;
        if place >= self.whole.len() {
            self.whole.resize(place + 1, 0);
        }
        self.whole[place] += answers;
    }

    /// The answers of those who gave more than one.
    pub fn again(mut self) -> Again {
        self.end_run();
        let several = self.counts.into_values().chain(self.whole).filter(|answers| *answers > 1);
        several.fold(Again::default(), |again, answers| Again {
            answers: again.answers + u64::from(answers),
            respondents: again.respondents + 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_twice_in_a_period_answers_again() {
        let mut respondents = Respondents::default();
        for (customer, start) in [(1, 0), (1, 0), (2, 0), (3, 0), (3, 9), (1, 0), (NONE, 0), (NONE, 0)] {
            respondents.met(customer, start);
        }
        assert_eq!(respondents.again(), Again { answers: 3, respondents: 1 });
    }
}
