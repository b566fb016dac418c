//! Reopen rate: resolved tickets that did not stay resolved.

use super::case::{Cases, Moment, Ticket};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How many resolutions did not hold.",
    assumes: &["The export counts how often a ticket was reopened."],
    misleads: &[
        "A customer who writes a new ticket instead of answering the old one is not seen here: \
         first-contact resolution sees it.",
        "A \"thank you\" reopens a ticket in some tools.",
    ],
};

pub static REOPEN_RATE: Metric = Metric {
    id: "reopen_rate",
    title: "Reopen rate",
    short: "Reopen",
    unit: Unit::Percent,
    better: Better::Lower,
    definition: "of-resolved",
    about: "tickets reopened at least once, of resolved tickets",
    formula: "100 · resolved tickets reopened at least once / resolved tickets; Wilson interval",
    source: "the help desks' own count of reopens",
    page: &PAGE,
    needs: &[(Kind::Tickets, &[Field::Reopens]), (Kind::Tickets, &[Field::ResolvedAt, Field::Status])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

fn observe(ticket: &Ticket, _: &Moment) -> Observation {
    match ticket.reopens {
        _ if !ticket.resolved => Observation::Excluded("not-resolved"),
        None => Observation::Excluded("reopens-unknown"),
        Some(0) => Observation::Failure,
        Some(_) => Observation::Success,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{MOMENT, TICKET};
    use crate::tally::Observation::{Excluded, Failure, Success};

    #[test]
    fn zero_is_a_number_and_a_blank_is_not() {
        let judged = |reopens| observe(&Ticket { reopens, ..TICKET }, &MOMENT);
        assert_eq!([judged(Some(0)), judged(Some(1)), judged(Some(3))], [Failure, Success, Success]);
        assert_eq!(judged(None), Excluded("reopens-unknown"));
    }

    #[test]
    fn a_ticket_that_is_open_again_is_not_of_the_resolved() {
        let open = Ticket { reopens: Some(2), resolved: false, resolved_at: None, ..TICKET };
        assert_eq!(observe(&open, &MOMENT), Excluded("not-resolved"));
    }
}
