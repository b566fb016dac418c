//! First reply time: how long customers wait for the first answer.

use super::case::{Cases, Moment, Ticket};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How long half of the customers waited at most for a first answer.",
    assumes: &["Tickets that still wait are like the others: they count for as long as they have waited."],
    misleads: &[
        "A fast first reply may be a robot that says that somebody will reply.",
        "The median hides the worst: look at the 90 % beside it.",
    ],
};

pub static FIRST_REPLY_TIME: Metric = Metric {
    id: "first_reply_time",
    title: "First reply time, median",
    short: "Reply h",
    unit: Unit::Hours,
    better: Better::Lower,
    definition: "km-median{-business}",
    about: "median wait for the first reply{ in business hours}; a ticket without one is censored, not dropped",
    formula: "Kaplan–Meier median of the hours from creation to the first reply, tickets without one \
        censored at the as-of moment; log-log interval",
    source: "Kaplan and Meier 1958; Brookmeyer and Crowley 1982",
    page: &PAGE,
    needs: &[(Kind::Tickets, &[Field::FirstReplyAt])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Durations,
    reading: Reading::of_times,
    estimate: judge::median_hours,
};

fn observe(ticket: &Ticket, moment: &Moment) -> Observation {
    Observation::Spell { time: ticket.to_reply(moment), ended: ticket.first_reply_at.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::{DAY, HOUR};
    use crate::metric::sample::{MOMENT, NOW, TICKET};

    #[test]
    fn a_ticket_without_a_reply_waits_until_now() {
        assert_eq!(observe(&TICKET, &MOMENT), Observation::Spell { time: HOUR, ended: true });
        let waiting = Ticket { first_reply_at: None, ..TICKET };
        assert_eq!(observe(&waiting, &MOMENT), Observation::Spell { time: 100 * DAY, ended: false });
        let just = Ticket { created_at: NOW, first_reply_at: Some(NOW), ..TICKET };
        assert_eq!(observe(&just, &MOMENT), Observation::Spell { time: 0, ended: true });
    }
}
