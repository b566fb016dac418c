//! Resolution time: how long a ticket takes, the open ones counted as still running.

use super::case::{Cases, Moment, Ticket};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How long it took until half of the tickets were resolved, open ones included.",
    assumes: &["Tickets that are still open are like the others: they count for as long as they have been \
         open."],
    misleads: &[
        "The median of the closed tickets alone reads too fast, and faster the more are open: it \
         stands beside this one.",
        "Closing early and reopening later makes it look good: look at the reopen rate.",
    ],
};

pub static RESOLUTION_TIME: Metric = Metric {
    id: "resolution_time",
    title: "Resolution time, median",
    short: "Resolve h",
    unit: Unit::Hours,
    better: Better::Lower,
    definition: "km-median{-business}",
    about: "median time to resolution{ in business hours}; an open ticket is censored, not dropped",
    formula: "Kaplan–Meier median of the hours from creation to resolution, open tickets censored at the \
        as-of moment; log-log interval",
    source: "Kaplan and Meier 1958; Brookmeyer and Crowley 1982",
    page: &PAGE,
    needs: &[(Kind::Tickets, &[Field::ResolvedAt])],
    cases: Cases::Tickets(observe),
    tally: TallyKind::Durations,
    reading: Reading::of_times,
    estimate: judge::median_hours,
};

fn observe(ticket: &Ticket, moment: &Moment) -> Observation {
    if ticket.resolved && ticket.resolved_at.is_none() {
        return Observation::Excluded("no-resolution-time");
    }
    Observation::Spell { time: ticket.to_resolution(moment), ended: ticket.resolved_at.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::{DAY, HOUR};
    use crate::metric::sample::{MOMENT, TICKET};

    #[test]
    fn open_tickets_run_until_now_and_a_status_alone_tells_no_time() {
        assert_eq!(observe(&TICKET, &MOMENT), Observation::Spell { time: 2 * HOUR, ended: true });
        let open = Ticket { resolved: false, resolved_at: None, ..TICKET };
        assert_eq!(observe(&open, &MOMENT), Observation::Spell { time: 100 * DAY, ended: false });
        let by_status = Ticket { resolved_at: None, ..TICKET };
        assert_eq!(observe(&by_status, &MOMENT), Observation::Excluded("no-resolution-time"));
    }

    #[test]
    fn the_median_counts_the_open_and_says_what_the_closed_alone_would() {
        let spell = |hours: i64, ended| Observation::Spell { time: hours * HOUR, ended };
        // Closed after 1 and 3 hours, open for 5 and 5: half are done at 3, the closed alone say 2.
        let two_open = [spell(1, true), spell(3, true), spell(5, false), spell(5, false)];
        let median = judge::median_hours(&RESOLUTION_TIME.tallied(&two_open), 0.95);
        assert_eq!(
            (median.n, median.value, median.note.as_str()),
            (4, Some(3.0), "the upper limit is not reached")
        );
        let detail = ["open", "closed_only_median", "p90"].map(|name| median.detail.number(name));
        assert_eq!(detail, [Some(2.0), Some(2.0), None]);
        let open = judge::median_hours(
            &RESOLUTION_TIME.tallied(&[spell(1, true), spell(5, false), spell(5, false)]),
            0.95,
        );
        assert_eq!((open.n, open.value), (3, None));
        assert_eq!(open.note, "more than half are still open: the median is not reached");
    }
}
