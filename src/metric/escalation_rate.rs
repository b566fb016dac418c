//! Escalation rate: tickets that the first one to handle them could not finish.

use super::case::{Cases, Handling, Moment, Ticket};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How many tickets the first line could not settle.",
    assumes: &["Escalations are marked in the export, or who handled the ticket is."],
    misleads: &["It is no measure of quality: a first line that hands on what it should is doing its work."],
};

pub static ESCALATION_RATE: Metric = Metric {
    id: "escalation_rate",
    title: "Escalation rate",
    short: "Escalate",
    unit: Unit::Percent,
    better: Better::Lower,
    definition: "of-all",
    about: "tickets escalated, or passed from a bot to a person, of all tickets",
    formula: "100 · tickets escalated, or handed from a bot to a person / tickets; Wilson interval",
    source: "the help desks' own mark of escalation",
    page: &PAGE,
    needs: &[(Kind::Tickets, &[Field::Escalated])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

fn observe(ticket: &Ticket, _: &Moment) -> Observation {
    let handed_over = ticket.handling == Some(Handling { bot: true, human: true });
    match ticket.escalated {
        _ if handed_over => Observation::Success,
        Some(true) => Observation::Success,
        // An export that has the column leaves it blank where nothing was escalated.
        Some(false) | None => Observation::Failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{MOMENT, TICKET};
    use crate::tally::Observation::{Failure, Success};

    #[test]
    fn escalated_or_handed_from_bot_to_person() {
        let judged = |escalated, bot, human| {
            let handling = Some(Handling { bot, human });
            observe(&Ticket { escalated, handling, ..TICKET }, &MOMENT)
        };
        assert_eq!(judged(Some(true), false, true), Success);
        assert_eq!(judged(Some(false), false, true), Failure);
        assert_eq!(judged(Some(false), true, false), Failure);
        assert_eq!(judged(Some(false), true, true), Success);
        assert_eq!(judged(None, true, true), Success);
        assert_eq!(judged(None, false, true), Failure);
        assert_eq!(observe(&TICKET, &MOMENT), Failure);
    }

    #[test]
    fn an_open_ticket_counts() {
        let open = Ticket { resolved: false, resolved_at: None, escalated: Some(true), ..TICKET };
        assert_eq!(observe(&open, &MOMENT), Success);
    }
}
