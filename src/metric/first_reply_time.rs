//! First reply time: how long customers wait for the first answer.

use super::case::{Cases, Moment, Ticket};
use super::reading::Reading;
use super::{Better, Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static FIRST_REPLY_TIME: Metric = Metric {
    id: "first_reply_time",
    title: "First reply time, median",
    short: "Reply h",
    unit: Unit::Hours,
    better: Better::Lower,
    definition: "km-median",
    about: "median wait for the first reply; a ticket without one is censored, not dropped",
    needs: &[(Kind::Tickets, &[Field::FirstReplyAt])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Durations,
    reading: Reading::of_times,
    estimate: judge::median_hours,
};

fn observe(ticket: &Ticket, moment: &Moment) -> Observation {
    match ticket.first_reply_at {
        Some(replied) => Observation::Spell { time: replied - ticket.created_at, ended: true },
        None => Observation::Spell { time: moment.as_of - ticket.created_at, ended: false },
    }
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
