//! Who the invented customers are: how content, where from, since when, until when; not what they did.

use super::calendar::{DAY, END};
use super::random::Random;
use super::sheet::Line;

/// How a way to get in touch works out for those who use it; shares are in a thousand, times in minutes.
pub struct Channel {
    /// Its name in the exports.
    pub name: &'static str,
    /// Contacts that settle the matter at once.
    pub settled: i64,
    /// Contacts that a bot begins.
    pub bot: i64,
    /// Contacts that get stuck for weeks or months.
    pub stuck: i64,
    /// From contact to a person's reply, at most.
    pub reply: i64,
    /// From reply to resolution, at most.
    pub work: i64,
}

const fn channel(name: &'static str, shares: [i64; 3], reply: i64, work: i64) -> Channel {
    Channel { name, settled: shares[0], bot: shares[1], stuck: shares[2], reply, work }
}

/// The channels: the phone settles most, chat least, and a bot takes the messages.
pub const CHANNELS: [Channel; 8] = [
    channel("email", [720, 150, 130], 720, 7200),
    channel("web", [740, 450, 100], 480, 5400),
    channel("app", [760, 550, 80], 240, 4300),
    channel("phone", [900, 100, 40], 8, 900),
    channel("chat", [560, 800, 80], 20, 2900),
    channel("store", [850, 0, 50], 10, 1400),
    channel("whatsapp", [690, 650, 80], 120, 3600),
    channel("social", [660, 200, 160], 900, 5800),
];

const COUNTRIES: [(i64, &str); 8] =
    [(28, "NL"), (22, "DE"), (14, "FR"), (12, "GB"), (9, "ES"), (7, "PL"), (4, "EE"), (4, "ZA")];

/// Which of the exports know a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Everywhere,
    AsProspect,
    AsBuyerOnly,
    AsCallerOnly,
}

const KNOWN: [(i64, Known); 4] =
    [(64, Known::Everywhere), (27, Known::AsProspect), (6, Known::AsBuyerOnly), (3, Known::AsCallerOnly)];

/// One invented customer.
pub struct Customer {
    /// The number that the key and all ids come from.
    pub number: u32,
    /// How content the customer is, 0 to 999; scores and staying follow it.
    pub quality: i64,
    /// Where the customer lives.
    pub country: &'static str,
    /// When the customer came.
    pub came_at: i64,
    /// When the customer stopped buying; `END` for those who stayed.
    pub left_at: i64,
    home: &'static Channel,
    known: Known,
}

impl Customer {
    /// The customer of this number, who is the same whatever the number of others.
    pub fn new(number: u32, random: &mut Random) -> Self {
        let quality = random.below(1000);
        let known = *random.weighted(&KNOWN);
        let came_at = random.below(440 * DAY);
        Customer {
            number,
            quality,
            country: random.weighted::<&str, _>(&COUNTRIES),
            came_at,
            left_at: leaving(quality, came_at, random),
            home: random.pick(&CHANNELS),
            known,
        }
    }

    /// Whether the customer ever bought.
    pub fn buys(&self) -> bool {
        matches!(self.known, Known::Everywhere | Known::AsBuyerOnly)
    }

    /// Whether surveys reach the customer.
    pub fn is_surveyed(&self) -> bool {
        matches!(self.known, Known::Everywhere | Known::AsProspect)
    }

    /// How many matters, in a thousand customers of this kind, lead to a contact besides the first month's.
    pub fn matters(&self) -> i64 {
        match self.known {
            Known::Everywhere => 2500 - self.quality,
            Known::AsProspect => 400,
            Known::AsBuyerOnly => 0,
            Known::AsCallerOnly => 1400,
        }
    }

    /// Whether the customer may ask for help in the first month.
    pub fn is_onboarded(&self) -> bool {
        self.known == Known::Everywhere
    }

    /// The channel of the customer's next step: mostly the same one.
    pub fn channel(&self, random: &mut Random) -> &'static Channel {
        if random.chance(550) { self.home } else { random.pick(&CHANNELS) }
    }

    /// The id number of row `slot` of this customer; ids never meet, whoever else is in the file.
    pub fn row(&self, slot: u64) -> u64 {
        u64::from(self.number) * SLOTS + slot + 1
    }

    /// Adds the customer's key to a line.
    pub fn write_key(&self, line: &mut Line) {
        line.number("C", u64::from(self.number), 8);
    }
}

/// Ids a customer may use up in one export; the last one is for planted dirt.
pub const SLOTS: u64 = 64;

/// The discontented leave sooner, but there are so many of the others that most who leave were content.
fn leaving(quality: i64, came_at: i64, random: &mut Random) -> i64 {
    let share = match quality {
        0..300 => 250,
        300..700 => 150,
        _ => 80,
    };
    let mut at = came_at;
    while at < END {
        let left_at = at + random.between(2 * DAY, 90 * DAY);
        if random.chance(share) {
            return left_at.min(END);
        }
        at += 90 * DAY;
    }
    END
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd() -> Vec<Customer> {
        (0..4000).map(|n| Customer::new(n, &mut Random::new(3, u64::from(n)))).collect()
    }

    #[test]
    fn seven_in_ten_of_the_surveyed_buy() {
        let surveyed: Vec<_> = crowd().into_iter().filter(Customer::is_surveyed).collect();
        let buyers = surveyed.iter().filter(|c| c.buys()).count();
        assert!((660..740).contains(&(1000 * buyers / surveyed.len())));
    }

    #[test]
    fn the_discontented_leave_more_but_most_who_leave_are_not() {
        let crowd = crowd();
        let left = |range: std::ops::Range<i64>| {
            let group: Vec<_> = crowd.iter().filter(|c| range.contains(&c.quality)).collect();
            (group.iter().filter(|c| c.left_at < END).count(), group.len())
        };
        let (bad, of_bad) = left(0..300);
        let (good, of_good) = left(700..1000);
        assert!(bad * of_good > 3 * good * of_bad / 2);
        assert!(bad < left(300..1000).0);
    }
}
