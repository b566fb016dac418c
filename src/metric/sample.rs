//! Plain cases that the tests of metrics change in one field. Every moment is a day's first instant.

use super::case::{Customer, Issue, Moment, Ticket};
use crate::instant::{DAY, HOUR};
use crate::tally::{Observation, Scale, Tally};

/// The last moment of the tests: day 1000.
pub const NOW: i64 = 1000 * DAY;

/// The usual windows, all of which end on day 1000.
pub const MOMENT: Moment = Moment {
    as_of: NOW,
    repeat_window: 7 * DAY,
    response_window: 14 * DAY,
    window_from: NOW - 90 * DAY,
    base_from: NOW - 180 * DAY,
};

/// Opened on day 900, answered after one hour, resolved after two.
pub const TICKET: Ticket = Ticket {
    created_at: 900 * DAY,
    first_reply_at: Some(900 * DAY + HOUR),
    resolved_at: Some(900 * DAY + 2 * HOUR),
    resolved: true,
    reopens: None,
    replies: None,
    customer_replies: None,
    agents: None,
    escalated: None,
    handling: None,
    business: None,
};

/// One settled ticket of a known customer.
pub const ISSUE: Issue =
    Issue { first: TICKET, tickets: 1, human: false, channel_changed: false, identified: true };

/// Spent 40 in the window before and 30 in this one, one order each.
pub const CUSTOMER: Customer = Customer {
    orders: 2,
    first_order_at: 850 * DAY,
    in_base: true,
    returned: true,
    spend_before: 400_000,
    spend_now: 300_000,
    spent_otherwise: false,
    was_satisfied: None,
};

impl super::Metric {
    /// The tally of some observations.
    pub fn tallied(&self, observations: &[Observation]) -> Tally {
        let scale = self.question().map_or(Scale::new(0, 10), |question| question.scales[0]);
        let mut tally = self.tally.empty(scale);
        observations.iter().for_each(|observation| tally.add(*observation));
        tally
    }
}

/// Whether two numbers agree to the decimals that a reader would write down.
pub fn is_about(got: Option<f64>, want: f64) -> bool {
    got.is_some_and(|got| (got - want).abs() < 0.006)
}
