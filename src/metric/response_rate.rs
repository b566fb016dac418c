//! Response rate: how many of those asked have answered.

use super::case::{Cases, Invitation, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How many of those you asked have answered. It says how far the other survey numbers may be \
        trusted, not how customers feel.",
    assumes: &[
        "Each invitation has had time to be answered: younger ones are left out, and counted as not \
         yet mature.",
        "The export holds every invitation, not only those that were answered.",
    ],
    misleads: &[
        "A high rate is no proof that those who answered are like the others.",
        "Reminders and rewards raise it and change who answers.",
    ],
};

pub static RESPONSE_RATE: Metric = Metric {
    id: "response_rate",
    title: "Response rate",
    short: "Response",
    unit: Unit::Percent,
    better: Better::Higher,
    definition: "sent-{response}",
    about: "invitations with an answer, of those sent at least {response} ago",
    formula: "100 · answered / invitations sent at least {response} ago; Wilson interval",
    source: "AAPOR 2023, Standard Definitions: the share of those asked who answered",
    page: &PAGE,
    needs: &[(Kind::Surveys, &[Field::SentAt])],
    cases: Cases::Invitations(observe),
    tally: TallyKind::Share,
    reading: Reading::of_share,
    estimate: judge::share,
};

/// Of all invitations, however young.
pub static ALL: Metric =
    Metric {
        definition: "all",
        about: "invitations with an answer, of all that were sent",
        formula: "100 · answered / invitations; Wilson interval",
        source: "the plain quotient of most survey tools: it reads too low while invitations are young",
        cases: Cases::Invitations(|invitation, _| {
            if invitation.answered { Observation::Success } else { Observation::Failure }
        }),
        ..RESPONSE_RATE
    };

fn observe(invitation: &Invitation, moment: &Moment) -> Observation {
    if invitation.sent_at.saturating_add(moment.response_window) > moment.as_of {
        Observation::Pending
    } else if invitation.answered {
        Observation::Success
    } else {
        Observation::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{MOMENT, NOW};
    use crate::tally::Observation::{Failure, Pending, Success};

    #[test]
    fn an_invitation_is_judged_from_its_fourteenth_day_on() {
        let edge = NOW - MOMENT.response_window;
        let judged = |sent_at, answered| observe(&Invitation { sent_at, answered }, &MOMENT);
        assert_eq!([judged(edge, true), judged(edge, false)], [Success, Failure]);
        // An answer that is there already does not make the others old enough.
        assert_eq!([judged(edge + 1, true), judged(edge + 1, false)], [Pending, Pending]);
    }
}
