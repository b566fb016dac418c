//! What a customer bought and sent back; it does not know why.

use super::calendar::{DAY, END, month};
use super::customer::{Customer, SLOTS};
use super::random::Random;
use super::sheet::Line;

/// The header of `purchases.csv`.
pub const COLUMNS: [&str; 7] =
    ["order_id", "customer_id", "purchased_at", "amount", "currency", "channel", "product"];

/// One order, or one refund of it.
pub struct Purchase {
    /// When.
    pub at: i64,
    slot: u64,
    cents: i64,
    channel: &'static str,
    product: u64,
}

impl Purchase {
    /// An order at some time, of the goods and at the prices of that season.
    pub fn new(customer: &Customer, slot: u64, at: i64, random: &mut Random) -> Self {
        let most = 15_500 + 9 * customer.quality;
        let cents = 500 + random.below(if month(at) == 12 { most * 5 / 4 } else { most });
        Purchase {
            at,
            slot,
            cents,
            channel: customer.channel(random).name,
            product: random.below(500).unsigned_abs(),
        }
    }

    /// Whether money went to the customer.
    pub fn is_refund(&self) -> bool {
        self.cents < 0
    }

    /// Fills a line in the order of `COLUMNS`.
    pub fn fill(&self, customer: &Customer, line: &mut Line) {
        line.number("O", customer.row(self.slot), 1);
        customer.write_key(line);
        line.instant(Some(self.at)).money(self.cents).text("EUR").text(self.channel);
        line.number("SKU-", self.product, 1);
    }
}

/// All that the customer bought, in the order of time; a refund follows its order.
pub fn history(customer: &Customer, random: &mut Random) -> Vec<Purchase> {
    let mut purchases = Vec::new();
    if !customer.buys() {
        return purchases;
    }
    let mut at = customer.came_at;
    // The last ids stay free: one for a refund, one for planted dirt.
    while at < customer.left_at && (purchases.len() as u64) < SLOTS - 2 {
        let order = Purchase::new(customer, purchases.len() as u64, at, random);
        let refund = refund(&order, random);
        purchases.push(order);
        purchases.extend(refund);
        at += pause(customer, at, random);
    }
    purchases
}

fn refund(order: &Purchase, random: &mut Random) -> Option<Purchase> {
    let at = order.at + random.between(2 * DAY, 25 * DAY);
    let cents = -if random.chance(700) { order.cents } else { order.cents / 2 };
    let refunded = random.chance(40) && at < END;
    refunded.then_some(Purchase { at, slot: order.slot + 1, cents, ..*order })
}

/// The time to the next order: shorter for the content, and before the holidays.
fn pause(customer: &Customer, at: i64, random: &mut Random) -> i64 {
    const SEASON: [i64; 12] = [118, 122, 112, 106, 100, 98, 104, 106, 94, 84, 56, 66];
    let season = SEASON[usize::from(month(at).clamp(1, 12)) - 1];
    let most = (25 + (1000 - customer.quality) * 32 / 1000) * DAY;
    DAY + (random.below(most) + random.below(most)) * season / 100
}
