//! When a customer is asked, and in which mood; it does not know the questions and their scales.

use super::calendar::{DAY, END, HOUR};
use super::customer::{CHANNELS, Customer};
use super::purchase::Purchase;
use super::random::Random;
use super::ticket::{Outcome, Ticket};

/// What happened to one customer.
pub struct Story<'a> {
    /// Who.
    pub customer: &'a Customer,
    /// What was bought, in the order of time.
    pub purchases: &'a [Purchase],
    /// What help was asked for.
    pub tickets: &'a [Ticket],
}

/// What an invitation is about.
pub struct Occasion {
    /// When it is sent.
    pub at: i64,
    /// Through which channel.
    pub channel: &'static str,
    /// The journey stage the customer is in.
    pub stage: &'static str,
    /// The ticket it names, by its row.
    pub ticket: Option<u64>,
    /// What it adds to a score, in tenths of a point of a scale of five.
    pub mood: i64,
}

impl Story<'_> {
    /// Soon after a ticket was closed.
    pub fn after_ticket(&self, ticket: &Ticket, named: bool, random: &mut Random) -> Occasion {
        let closed_at = ticket.resolved_at().unwrap_or(ticket.created_at);
        let outcome = match ticket.outcome {
            Outcome::Settled => 4,
            Outcome::Reopened => -5,
            Outcome::Repeated | Outcome::Escalated => -8,
        };
        let wait = -((closed_at - ticket.created_at) / (2 * DAY)).min(8);
        let channel = (ticket.channel.settled - 720) / 40;
        Occasion {
            at: closed_at + random.between(HOUR, 2 * DAY),
            channel: ticket.channel.name,
            stage: if self.in_first_month(ticket.created_at) { "onboarding" } else { "support" },
            ticket: named.then_some(ticket.slot),
            mood: outcome + wait + channel - if ticket.by_bot { 2 } else { 0 },
        }
    }

    /// Some days after an order, if there is one.
    pub fn after_purchase(&self, random: &mut Random) -> Option<Occasion> {
        let index = random.below(self.purchases.len() as i64) as usize;
        let purchase = self.purchases.get(index).filter(|p| !p.is_refund())?;
        let days = random.below(8);
        let at = purchase.at + days * DAY + random.below(DAY);
        let stage = match days {
            0..3 if index == 0 => "purchase",
            0..3 => "renewal",
            _ if self.in_first_month(at) => "onboarding",
            _ => "use",
        };
        let channel = self.customer.channel(random).name;
        Some(Occasion { at, channel, stage, ticket: None, mood: 0 })
    }

    /// A day of its own, in the later half of the time together if asked so.
    pub fn some_day(&self, late: bool, random: &mut Random) -> Occasion {
        let from = (self.customer.came_at - 20 * DAY).max(0);
        let until = (self.customer.left_at + 40 * DAY).min(END);
        let at = random.between(if late { from.midpoint(until) } else { from }, until);
        let stage = self.stage(at, random);
        let channel = self.customer.channel(random);
        // A matter that was not settled is remembered for two months.
        let sore = |t: &Ticket| {
            t.outcome != Outcome::Settled && (t.created_at..t.created_at + 60 * DAY).contains(&at)
        };
        let mood = (channel.settled - CHANNELS[0].settled) / 80
            + match stage {
                "onboarding" => -1,
                "advocacy" => 2,
                _ => 0,
            }
            - if self.tickets.iter().any(sore) { 4 } else { 0 };
        Occasion { at, channel: channel.name, stage, ticket: None, mood }
    }

    fn stage(&self, at: i64, random: &mut Random) -> &'static str {
        if self.purchases.first().is_none_or(|first| at < first.at) {
            return if random.chance(300) { "awareness" } else { "consideration" };
        }
        if self.in_first_month(at) {
            return "onboarding";
        }
        if self.customer.quality > 650 && random.chance(300) { "advocacy" } else { "use" }
    }

    fn in_first_month(&self, at: i64) -> bool {
        self.purchases.first().is_some_and(|first| (first.at..first.at + 30 * DAY).contains(&at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_follow_the_first_purchase() {
        let mut random = Random::new(1, 1);
        let customer = Customer::new(0, &mut random);
        let purchases = [Purchase::new(&customer, 0, 100 * DAY, &mut random)];
        let story = Story { customer: &customer, purchases: &purchases, tickets: &[] };
        assert!(["awareness", "consideration"].contains(&story.stage(99 * DAY, &mut random)));
        assert_eq!(story.stage(100 * DAY, &mut random), "onboarding");
        assert!(["use", "advocacy"].contains(&story.stage(130 * DAY, &mut random)));
        let nobody = Story { purchases: &[], ..story };
        assert!(nobody.after_purchase(&mut random).is_none());
    }
}
