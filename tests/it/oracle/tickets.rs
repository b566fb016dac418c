//! Random exports of tickets, as cells.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::sheet::{Sheet, Times};
use super::world::{CHANNELS, CUSTOMERS, Flaw, QUARTER_DAY, STAGES, customer, flaw, mar, time};

/// One ticket.
#[derive(Debug, Clone)]
pub struct Ticket {
    customer: usize,
    at: i64,
    reply: Option<i64>,
    resolution: Option<i64>,
    channel: &'static str,
    stage: &'static str,
    topic: &'static str,
    reopens: &'static str,
    handled_by: &'static str,
    escalated: &'static str,
    flaw: Flaw,
    form: u8,
}

pub fn ticket() -> impl Strategy<Value = Ticket> {
    let times = (time(), of(0..20_i64), of(0..60_i64));
    let place = (select(&CHANNELS[..]), select(&STAGES[..]), select(&["", "billing", "login"][..]));
    let reopens = select(&["0", "0", "0", "1", "2", ""][..]);
    let care = (reopens, select(&["bot", "human", "bot", ""][..]), select(&["false", "true", "no", ""][..]));
    (customer(), times, place, care, flaw(), any::<u8>()).prop_map(
        |(
            customer,
            (at, reply, resolution),
            (channel, stage, topic),
            (reopens, handled_by, escalated),
            flaw,
            form,
        )| {
            let (reply, resolution) =
                (reply.map(|q| q * QUARTER_DAY / 2), resolution.map(|q| q * QUARTER_DAY));
            Ticket {
                customer,
                at,
                reply,
                resolution,
                channel,
                stage,
                topic,
                reopens,
                handled_by,
                escalated,
                flaw,
                form,
            }
        },
    )
}

/// An export of these tickets.
pub fn sheet(tickets: &[Ticket]) -> Sheet {
    let mut sheet = Sheet::new(
        "ticket_id,customer_id,created_at,first_reply_at,resolved_at,status,channel,stage,topic,reopens,handled_by,\
         escalated,region",
    );
    for (index, ticket) in tickets.iter().enumerate() {
        let mut ticket = ticket.clone();
        let nameless = ticket.form % 16 == 1;
        // Which of two tickets at one moment comes first is said by their ids alone.
        ticket.at += if nameless { (index as i64 + 1) * 1_000_000 } else { 0 };
        let form = Times::of(ticket.form);
        let created = match ticket.flaw {
            Flaw::NoTime => String::new(),
            Flaw::BadTime => "soon".to_owned(),
            _ => form.write(ticket.at),
        };
        let early = ticket.flaw == Flaw::Off;
        let after = |wait: Option<i64>| {
            wait.map_or_else(String::new, |wait| {
                form.write(ticket.at + if early { -wait - QUARTER_DAY } else { wait })
            })
        };
        let resolution = if early { ticket.resolution.or(Some(0)) } else { ticket.resolution };
        let id = if nameless { String::new() } else { format!("T{index}") };
        let mut cells =
            vec![id, CUSTOMERS[ticket.customer].to_owned(), created, after(ticket.reply), after(resolution)];
        cells.push(if resolution.is_some() { "solved" } else { "open" }.to_owned());
        cells.extend([ticket.channel, ticket.stage, ticket.topic].map(str::to_owned));
        cells.push(if ticket.flaw == Flaw::Bad { "some" } else { ticket.reopens }.to_owned());
        cells.extend([ticket.handled_by, ticket.escalated, ["north", "south"][index % 2]].map(str::to_owned));
        match ticket.flaw {
            Flaw::Twice => sheet.rows.push(cells.clone()),
            Flaw::Updated if !cells[0].is_empty() && ticket.resolution > Some(ticket.reply.unwrap_or(0)) => {
                // The earlier state, when it was still open.
                let mut earlier = cells.clone();
                earlier[4] = String::new();
                earlier[5] = "open".to_owned();
                sheet.rows.push(earlier);
            }
            _ => {}
        }
        mar(&mut cells, ticket.flaw);
        sheet.rows.push(cells);
    }
    sheet
}
