//! What a customer asked for help with, and how that went; it does not know what the customer thought of it.

use super::calendar::{DAY, END, HOUR};
use super::customer::{CHANNELS, Channel, Customer};
use super::random::Random;
use super::sheet::Line;

/// The header of `tickets.csv`.
pub const COLUMNS: [&str; 13] = [
    "ticket_id",
    "customer_id",
    "created_at",
    "first_reply_at",
    "resolved_at",
    "status",
    "channel",
    "topic",
    "reopens",
    "agent_replies",
    "handled_by",
    "agent",
    "escalated",
];

/// Tickets of one customer at most.
const MOST: usize = 24;

/// What tickets are about, and how long that takes beside the channel's time, in percent.
struct Topic(&'static str, i64);

const TOPICS: [(i64, Topic); 6] = [
    (22, Topic("billing", 100)),
    (18, Topic("login", 50)),
    (24, Topic("delivery", 90)),
    (12, Topic("refund", 140)),
    (14, Topic("bug", 190)),
    (10, Topic("other", 80)),
];
const FIRST_TOPICS: [(i64, Topic); 3] =
    [(50, Topic("login", 50)), (30, Topic("other", 80)), (20, Topic("delivery", 90))];

/// How a contact ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Settled at once.
    Settled,
    /// Called solved, but the customer has to come back with a new ticket.
    Repeated,
    /// Solved after it had been opened again.
    Reopened,
    /// Solved by somebody else than who began it.
    Escalated,
}

const OUTCOMES_OF_PEOPLE: [(i64, Outcome); 3] =
    [(55, Outcome::Repeated), (25, Outcome::Reopened), (20, Outcome::Escalated)];
const OUTCOMES_OF_BOTS: [(i64, Outcome); 3] =
    [(40, Outcome::Repeated), (10, Outcome::Reopened), (50, Outcome::Escalated)];

/// One contact.
pub struct Ticket {
    /// When the customer wrote or called.
    pub created_at: i64,
    /// How it ended, or will.
    pub outcome: Outcome,
    /// Where.
    pub channel: &'static Channel,
    /// Whether a bot began it.
    pub by_bot: bool,
    /// Which of the customer's rows it is.
    pub slot: u64,
    topic: &'static Topic,
    reply: i64,
    work: i64,
    reopens: i64,
    replies: i64,
    agent: u64,
}

impl Ticket {
    /// A contact on a channel about a topic, with the luck of that channel.
    fn new(
        customer: &Customer,
        (slot, created_at): (u64, i64),
        (channel, topic): (&'static Channel, &'static Topic),
        by_bot: bool,
        random: &mut Random,
    ) -> Self {
        let outcome = outcome(customer, channel, by_bot, random);
        let stuck = random.chance(channel.stuck);
        let contained = by_bot && outcome != Outcome::Escalated && !stuck;
        let work = match (stuck, contained) {
            (true, _) => random.between(4 * DAY, 500 * DAY),
            (false, true) => random.between(60, 2 * HOUR),
            (false, false) => random.between(5 * 60, channel.work * 60) * topic.1 / 100,
        };
        let reply = if by_bot { random.between(5, 40) } else { random.between(60, channel.reply * 60) };
        let (more, reopens) = match outcome {
            Outcome::Settled => (2, 0),
            Outcome::Repeated => (3, 0),
            Outcome::Reopened => (4, random.between(1, 3)),
            Outcome::Escalated => (5, 0),
        };
        Ticket {
            created_at,
            outcome,
            channel,
            by_bot,
            slot,
            topic,
            // Nobody looks at what is stuck, if a person has to.
            reply: if stuck && !by_bot { reply * 12 } else { reply },
            work,
            reopens,
            replies: 1 + reopens + random.below(more),
            agent: random.between(1, 41).unsigned_abs(),
        }
    }

    /// A contact by mail that a person settled: the clean row under planted dirt.
    pub fn plain(customer: &Customer, slot: u64, random: &mut Random) -> Self {
        let created_at = random.below(END - 30 * DAY);
        let mut ticket =
            Ticket::new(customer, (slot, created_at), (&CHANNELS[0], &TOPICS[0].1), false, random);
        (ticket.outcome, ticket.reopens) = (Outcome::Settled, 0);
        (ticket.reply, ticket.work) = (HOUR, random.between(HOUR, 9 * DAY));
        ticket
    }

    /// When a first reply came, if it has.
    fn replied_at(&self) -> Option<i64> {
        Some(self.created_at + self.reply).filter(|&at| at < END)
    }

    /// When it was resolved, if it has been: what takes longer is open more often at the end.
    pub fn resolved_at(&self) -> Option<i64> {
        Some(self.created_at + self.reply + self.work).filter(|&at| at < END)
    }

    /// Fills a line in the order of `COLUMNS`.
    pub fn fill(&self, customer: &Customer, line: &mut Line) {
        let resolved_at = self.resolved_at();
        line.number("T", customer.row(self.slot), 1);
        customer.write_key(line);
        line.instant(Some(self.created_at)).instant(self.replied_at()).instant(resolved_at);
        line.text(if resolved_at.is_some() { "solved" } else { "open" });
        line.text(self.channel.name).text(self.topic.0);
        line.number("", self.reopens.unsigned_abs(), 1).number("", self.replies.unsigned_abs(), 1);
        line.text(if self.by_bot { "bot" } else { "human" });
        let escalated = self.outcome == Outcome::Escalated;
        if self.by_bot && !escalated {
            line.text("")
        } else {
            line.number("A", self.agent, 2)
        };
        line.text(if escalated { "true" } else { "false" });
    }
}

/// How a contact ends on this channel, for a customer like this.
fn outcome(customer: &Customer, channel: &Channel, by_bot: bool, random: &mut Random) -> Outcome {
    let settled = channel.settled + (customer.quality - 500) / 8 - if by_bot { 60 } else { 0 };
    match (random.chance(settled), by_bot) {
        (true, _) => Outcome::Settled,
        (false, true) => *random.weighted(&OUTCOMES_OF_BOTS),
        (false, false) => *random.weighted(&OUTCOMES_OF_PEOPLE),
    }
}

/// All contacts of the customer; those about one matter follow each other.
pub fn history(customer: &Customer, random: &mut Random) -> Vec<Ticket> {
    let mut tickets = Vec::new();
    if customer.is_onboarded() && random.chance(550 - customer.quality / 5) {
        let at = customer.came_at + random.below(30 * DAY);
        let topic = random.weighted(&FIRST_TOPICS);
        matter(customer, at, topic, &mut tickets, random);
    }
    let mut matters = random.below(2 * customer.matters() + 1);
    let until = (customer.left_at + 20 * DAY).min(END);
    while random.chance(matters) {
        let at = random.between(customer.came_at + HOUR, until);
        let topic = random.weighted(&TOPICS);
        matter(customer, at, topic, &mut tickets, random);
        matters -= 1000;
    }
    tickets
}

/// One matter: the first contact and those it takes after it, some of them elsewhere.
fn matter(
    customer: &Customer,
    mut at: i64,
    topic: &'static Topic,
    tickets: &mut Vec<Ticket>,
    random: &mut Random,
) {
    let mut channel = customer.channel(random);
    let mut by_bot = random.chance(channel.bot);
    while at < END && tickets.len() < MOST {
        let ticket = Ticket::new(customer, (tickets.len() as u64, at), (channel, topic), by_bot, random);
        // Who hears nothing for days asks again before the matter is resolved.
        let next = match ticket.outcome {
            _ if ticket.work > 12 * DAY => random.chance(350).then(|| at + random.between(2 * DAY, 6 * DAY)),
            Outcome::Repeated => ticket.resolved_at().map(|end| end + random.between(4 * HOUR, 6 * DAY)),
            _ => None,
        };
        tickets.push(ticket);
        let Some(next) = next else { return };
        at = next;
        by_bot = random.chance(150);
        if random.chance(350) {
            channel = random.pick(&CHANNELS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_tickets_are_open_at_the_end_and_the_phone_settles_more_than_chat() {
        let mut tickets = Vec::new();
        for number in 0..3000 {
            let mut random = Random::new(1, number);
            let customer = Customer::new(number as u32, &mut random);
            tickets.extend(history(&customer, &mut random));
        }
        let open = 1000 * tickets.iter().filter(|t| t.resolved_at().is_none()).count() / tickets.len();
        assert!((45..80).contains(&open), "{open} in a thousand");
        let settled = |name| {
            let on: Vec<_> = tickets.iter().filter(|t| t.channel.name == name).collect();
            1000 * on.iter().filter(|t| t.outcome == Outcome::Settled).count() / on.len()
        };
        assert!(settled("phone") > settled("chat") + 200);
    }
}
