//! Random exports of purchases and refunds, as cells.

use proptest::prelude::*;
use proptest::sample::select;

use super::sheet::{Sheet, Times};
use super::world::{CHANNELS, CUSTOMERS, Flaw, NAMED, QUARTER_DAY, STAGES, flaw, mar, time};

/// One order, and perhaps its refund.
#[derive(Debug, Clone)]
pub struct Purchase {
    customer: usize,
    at: i64,
    cents: i64,
    channel: &'static str,
    stage: &'static str,
    refund: u8,
    refunded: &'static str,
    flaw: Flaw,
    form: u8,
}

pub fn purchase() -> impl Strategy<Value = Purchase> {
    let place = (select(&CHANNELS[..]), select(&STAGES[..]));
    let refunded = prop_oneof![12 => Just(""), 3 => Just("no"), 1 => Just("yes")];
    let customer = prop_oneof![14 => 0..4_usize, 6 => 0..NAMED, 1 => NAMED..CUSTOMERS.len()];
    (customer, time(), 200..30_000_i64, place, (0..12_u8, refunded), flaw(), any::<u8>()).prop_map(
        |(customer, at, cents, (channel, stage), (refund, refunded), flaw, form)| {
            // One flaw a row: which of two reasons is named is nobody's promise.
            let customer = if flaw == Flaw::None { customer } else { customer % NAMED };
            Purchase { customer, at, cents, channel, stage, refund, refunded, flaw, form }
        },
    )
}

fn money(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

/// An export of these purchases.
pub fn sheet(purchases: &[Purchase]) -> Sheet {
    let mut sheet =
        Sheet::new("order_id,customer_id,purchased_at,amount,currency,channel,stage,product,refunded,region");
    let mut taken: Vec<(usize, i64)> = Vec::new();
    for (index, purchase) in purchases.iter().enumerate() {
        let mut purchase = purchase.clone();
        // Which of two orders at one moment is a customer's first is nobody's promise.
        while taken.contains(&(purchase.customer, purchase.at)) {
            purchase.at += 1_000_000;
        }
        taken.extend((0..CUSTOMERS.len()).map(|customer| (customer, purchase.at)));
        let form = Times::of(purchase.form);
        let at = match purchase.flaw {
            Flaw::NoTime => String::new(),
            Flaw::BadTime => "soon".to_owned(),
            _ => form.write(purchase.at),
        };
        let amount = match purchase.flaw {
            Flaw::Bad => "much".to_owned(),
            _ if purchase.form % 32 == 2 => String::new(),
            _ => money(purchase.cents),
        };
        let id = if purchase.form % 16 == 1 { String::new() } else { format!("O{index}") };
        let who = if purchase.flaw == Flaw::Off { "" } else { CUSTOMERS[purchase.customer] };
        let place =
            [purchase.channel, purchase.stage, "SKU", purchase.refunded, ["north", "south"][index % 2]];
        let mut cells = vec![id.clone(), who.to_owned(), at, amount, "EUR".to_owned()];
        cells.extend(place.map(str::to_owned));
        match purchase.flaw {
            Flaw::Twice => sheet.rows.push(cells.clone()),
            Flaw::Updated if !id.is_empty() => {
                let mut earlier = cells.clone();
                earlier[2] = form.write(purchase.at - QUARTER_DAY);
                earlier[3] = money(purchase.cents + 100);
                sheet.rows.push(earlier);
            }
            Flaw::None if purchase.refund < 3 && purchase.refunded != "yes" => {
                let mut refund = cells.clone();
                refund[2] = form.write(purchase.at + i64::from(purchase.form) * QUARTER_DAY);
                refund[3] = money(-purchase.cents / if purchase.refund == 0 { 1 } else { 2 });
                if purchase.refund == 2 {
                    refund[0] = String::new();
                }
                sheet.rows.push(refund);
            }
            _ => {}
        }
        mar(&mut cells, purchase.flaw);
        sheet.rows.push(cells);
    }
    sheet
}
