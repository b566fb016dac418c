//! What surveyed customers answered, and which invitations they left unanswered; it plants no dirt.

use super::calendar::{DAY, END, HOUR};
use super::comment::comment;
use super::customer::{Customer, SLOTS};
use super::occasion::{Occasion, Story};
use super::random::Random;
use super::sheet::Line;

/// The header of `surveys.csv`.
pub const COLUMNS: [&str; 11] = [
    "response_id",
    "customer_id",
    "responded_at",
    "metric",
    "score",
    "channel",
    "stage",
    "comment",
    "sent_at",
    "ticket_id",
    "country",
];

/// A question: its name, its scale, and a score of the least content and what the most content add to it, in tenths.
struct Question {
    name: &'static str,
    scale: (i64, i64),
    least: i64,
    added: i64,
    noise: i64,
}

const NPS: Question = Question { name: "nps", scale: (0, 10), least: 57, added: 43, noise: 30 };
const CSAT: Question = Question { name: "csat", scale: (1, 5), least: 31, added: 14, noise: 14 };
const CES: Question = Question { name: "ces", scale: (1, 7), least: 38, added: 24, noise: 20 };
const QUESTIONS: [&Question; 5] = [&NPS, &CSAT, &CES, &NPS, &CSAT];

/// One invitation with its answer, if there is one.
pub struct Answer {
    slot: u64,
    question: &'static Question,
    sent_at: Option<i64>,
    responded_at: Option<i64>,
    score: i64,
    channel: &'static str,
    stage: &'static str,
    comment: String,
    ticket: Option<u64>,
}

impl Answer {
    fn new(
        customer: &Customer,
        (slot, question): (u64, &'static Question),
        occasion: &Occasion,
        random: &mut Random,
    ) -> Self {
        let (low, high) = question.scale;
        let mood = occasion.mood * (high - low) / 4;
        let tenths = question.least
            + question.added * customer.quality / 1000
            + mood
            + random.about_zero(question.noise);
        let rage = random.chance(25);
        let score = if rage { low + random.below(3) } else { ((tenths + 5) / 10).clamp(low, high) };
        let sent_at = occasion.at;
        let patience = *random.weighted(&[(6, 20 * HOUR), (3, 4 * DAY), (1, 11 * DAY)]);
        let responded_at = sent_at + random.between(300, patience);
        // The discontented answer a little less often.
        let answered = responded_at < END && random.chance(800 + customer.quality / 20);
        let told = answered && random.chance(300);
        Answer {
            slot,
            question,
            sent_at: Some(sent_at),
            responded_at: answered.then_some(responded_at),
            score,
            channel: occasion.channel,
            stage: if random.chance(300) { "" } else { occasion.stage },
            comment: if told { comment(100 * (score - low) / (high - low), random) } else { String::new() },
            ticket: occasion.ticket,
        }
    }

    /// An answer to a relational question: the clean row under planted dirt.
    pub fn plain(customer: &Customer, slot: u64, random: &mut Random) -> Self {
        let at = random.below(END - 30 * DAY);
        let occasion =
            Occasion { at, channel: customer.channel(random).name, stage: "", ticket: None, mood: 0 };
        let mut answer = Answer::new(customer, (slot, &NPS), &occasion, random);
        answer.responded_at = Some(at + HOUR);
        answer.comment.clear();
        answer
    }

    /// Fills a line in the order of `COLUMNS`.
    pub fn fill(&self, customer: &Customer, line: &mut Line) {
        line.number("R", customer.row(self.slot), 1);
        customer.write_key(line);
        line.instant(self.responded_at).text(self.question.name);
        match self.responded_at {
            Some(_) => line.number("", self.score.unsigned_abs(), 1),
            None => line.text(""),
        };
        line.text(self.channel).text(self.stage).text(&self.comment).instant(self.sent_at);
        match self.ticket {
            Some(slot) => line.number("T", customer.row(slot), 1),
            None => line.text(""),
        };
        line.text(customer.country);
    }
}

/// All invitations of the customer, about what is known to have happened.
pub fn history(story: &Story, random: &mut Random) -> Vec<Answer> {
    let mut answers = Vec::new();
    if !story.customer.is_surveyed() {
        return answers;
    }
    let mut closed = story.tickets.iter().filter(|t| t.resolved_at().is_some());
    for (slot, question) in (0..SLOTS - 1).zip(QUESTIONS) {
        if !random.chance(985) {
            continue;
        }
        let relational = question.name == "nps";
        let occasion = match if relational { None } else { closed.next() } {
            // Only the question about satisfaction names the ticket.
            Some(ticket) => story.after_ticket(ticket, question.name == "csat", random),
            None if relational => story.some_day(slot > 0, random),
            None => story.after_purchase(random).unwrap_or_else(|| story.some_day(false, random)),
        };
        // What is due after the end has not been sent.
        if occasion.at < END {
            answers.push(Answer::new(story.customer, (slot, question), &occasion, random));
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_stay_on_their_scale_and_reach_both_ends() {
        for question in QUESTIONS {
            let (low, high) = question.scale;
            let mut seen = [false; 11];
            for number in 0..4000 {
                let mut random = Random::new(5, number);
                let customer = Customer::new(number as u32, &mut random);
                let occasion = Occasion { at: 0, channel: "web", stage: "", ticket: None, mood: 0 };
                let answer = Answer::new(&customer, (0, question), &occasion, &mut random);
                seen[answer.score as usize] = true;
            }
            let reached: Vec<i64> = (0..11).filter(|&score| seen[score as usize]).collect();
            assert_eq!((reached[0], reached[reached.len() - 1]), (low, high), "{}", question.name);
        }
    }
}
