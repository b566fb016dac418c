//! First-contact resolution: issues that one contact settled.

use super::case::{Cases, Issue, Moment};
use super::reading::Reading;
use super::{Better, Metric, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

pub static FCR: Metric = Metric {
    id: "fcr",
    title: "First-contact resolution",
    short: "FCR",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "no-repeat-{repeat}",
    about: "issues settled by one ticket, with no repeat contact in {repeat}, of mature issues",
    needs: &[(Kind::Tickets, &[Field::Customer]), (Kind::Tickets, &[Field::ResolvedAt, Field::Status])],
    cases: Cases::Issues(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

fn observe(issue: &Issue, moment: &Moment) -> Observation {
    if !issue.identified {
        Observation::Excluded("no-customer")
    } else if !issue.is_mature(moment) {
        Observation::Pending
    } else if issue.is_settled_by_one_contact() {
        Observation::Success
    } else {
        Observation::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::case::Ticket;
    use crate::metric::sample::{ISSUE, MOMENT, NOW, TICKET, is_about};
    use crate::tally::Observation::{Excluded, Failure, Pending, Success};

    fn judged(first: Ticket, tickets: u32) -> Observation {
        observe(&Issue { first, tickets, ..ISSUE }, &MOMENT)
    }

    #[test]
    fn one_contact_settles_when_nothing_came_after_it() {
        assert_eq!(judged(TICKET, 1), Success);
        assert_eq!(judged(TICKET, 2), Failure);
        assert_eq!(judged(Ticket { reopens: Some(1), ..TICKET }, 1), Failure);
        assert_eq!(judged(Ticket { reopens: Some(0), ..TICKET }, 1), Success);
        assert_eq!(judged(Ticket { escalated: Some(true), ..TICKET }, 1), Failure);
        assert_eq!(judged(Ticket { escalated: Some(false), ..TICKET }, 1), Success);
        assert_eq!(judged(Ticket { resolved: false, resolved_at: None, ..TICKET }, 1), Failure);
    }

    #[test]
    fn an_issue_is_mature_exactly_when_its_window_has_passed() {
        let edge = NOW - MOMENT.repeat_window;
        assert_eq!(judged(Ticket { resolved_at: Some(edge), ..TICKET }, 1), Success);
        assert_eq!(judged(Ticket { resolved_at: Some(edge + 1), ..TICKET }, 1), Pending);
        // A repeat that has come already cannot make an issue mature before its time.
        assert_eq!(judged(Ticket { resolved_at: Some(edge + 1), ..TICKET }, 2), Pending);
        // While it is open its end is its creation.
        let open = Ticket { resolved: false, resolved_at: None, ..TICKET };
        assert_eq!(judged(Ticket { created_at: edge, ..open }, 1), Failure);
        assert_eq!(judged(Ticket { created_at: edge + 1, ..open }, 1), Pending);
    }

    #[test]
    fn nobody_is_excluded_whatever_became_of_the_ticket() {
        assert_eq!(observe(&Issue { identified: false, ..ISSUE }, &MOMENT), Excluded("no-customer"));
    }

    #[test]
    fn pending_cases_bound_the_value_from_both_sides() {
        // 2 of 3, and one pending: from 2 of 4 to 3 of 4.
        let fcr = judge::share(&FCR.tallied(&[Success, Success, Failure, Pending]), 0.95);
        assert!(fcr.n == 3 && is_about(fcr.value, 66.667), "{fcr:?}");
        let detail = ["pending", "lower_bound", "upper_bound"].map(|name| fcr.detail.number(name));
        assert_eq!(detail, [Some(1.0), Some(50.0), Some(75.0)]);
        let none = judge::share(&FCR.tallied(&[Pending]), 0.95);
        assert_eq!((none.n, none.value, none.note.as_str()), (0, None, "every case is still pending"));
    }
}
