//! Channel hop: issues in which the customer had to tell it again somewhere else.

use super::case::{Cases, Issue, Moment};
use super::reading::Reading;
use super::{Better, Metric, Page, TallyKind, judge};
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::tally::Observation;

static PAGE: Page = Page {
    means: "How often customers had to tell it again elsewhere.",
    assumes: &[
        "A further ticket of the same customer within {repeat} is about the same thing.",
        "Customers have one id in all channels.",
    ],
    misleads: &[
        "Channels that are not exported are not seen, so that it is at least this much.",
        "Some hops are the customer's own wish.",
    ],
};

pub static CHANNEL_HOP: Metric = Metric {
    id: "channel_hop",
    title: "Channel hop",
    short: "Hop",
    unit: Unit::Percent,
    better: Better::Lower,
    definition: "changed-{repeat}",
    about: "issues of two or more tickets that changed channel, of mature issues",
    formula: "100 · mature issues of two tickets or more that changed channel / mature issues; Wilson \
        interval",
    source: "channel switching in effort research (Dixon, Toman and DeLisi 2013, The Effortless \
        Experience)",
    page: &PAGE,
    needs: &[(Kind::Tickets, &[Field::Customer]), (Kind::Tickets, &[Field::Channel])],
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
    } else if issue.channel_changed {
        Observation::Success
    } else {
        Observation::Failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{ISSUE, MOMENT, NOW};
    use crate::tally::Observation::{Excluded, Failure, Pending, Success};

    #[test]
    fn one_channel_is_no_hop_however_many_tickets() {
        let hop = |tickets, channel_changed| observe(&Issue { tickets, channel_changed, ..ISSUE }, &MOMENT);
        assert_eq!([hop(1, false), hop(2, false), hop(2, true)], [Failure, Failure, Success]);
    }

    #[test]
    fn a_young_or_an_anonymous_issue_is_not_judged() {
        let mut young = Issue { tickets: 2, channel_changed: true, ..ISSUE };
        young.first.resolved_at = Some(NOW - MOMENT.repeat_window + 1);
        assert_eq!(observe(&young, &MOMENT), Pending);
        young.identified = false;
        assert_eq!(observe(&young, &MOMENT), Excluded("no-customer"));
    }
}
