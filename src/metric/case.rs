//! The cases that metrics judge: one answer, invitation, ticket, issue or customer. Plain values, free of tables.

use crate::source::field::Kind;
use crate::tally::{Observation, Scale, Score, Weight};

/// What the metrics of a run are judged by: the moment that ends every window, and the windows, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Nothing after it has happened.
    pub as_of: i64,
    /// How long after an issue's end a new ticket is a repeat contact.
    pub repeat_window: i64,
    /// How old an invitation must be to be judged.
    pub response_window: i64,
    /// T − W, where the window that ends at T begins.
    pub window_from: i64,
    /// T − 2W, where the window before it begins.
    pub base_from: i64,
}

/// One answer to one question; `score` is empty when the question was left blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The score, on the scale of its metric.
    pub score: Option<Score>,
    /// What it counts, where that is not one.
    pub weight: Option<Weight>,
}

/// One request for feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// When it was sent.
    pub sent_at: i64,
    /// Whether any answer came.
    pub answered: bool,
}

/// Who handled a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Handling {
    /// A bot took part.
    pub bot: bool,
    /// A person took part.
    pub human: bool,
}

/// One ticket as it stood at the as-of moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ticket {
    /// When the customer wrote in.
    pub created_at: i64,
    /// When the first reply went out.
    pub first_reply_at: Option<i64>,
    /// When it was resolved.
    pub resolved_at: Option<i64>,
    /// Resolved, by its time or by its status.
    pub resolved: bool,
    /// How often it was opened again; empty when the export does not say.
    pub reopens: Option<u32>,
    /// How many replies agents sent; empty when the export does not say.
    pub replies: Option<u32>,
    /// How many replies the customer sent after the first message; empty when the export does not say.
    pub customer_replies: Option<u32>,
    /// How many agents worked on it; empty when the export does not say.
    pub agents: Option<u32>,
    /// Handed to a higher level; empty when the export does not say.
    pub escalated: Option<bool>,
    /// Who handled it; empty when the export does not say.
    pub handling: Option<Handling>,
    /// Its times in business hours, where these are what counts.
    pub business: Option<Business>,
}

/// The times of a ticket in business hours, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Business {
    /// Until its first reply, or until now.
    pub to_reply: i64,
    /// Until it was resolved, or until now.
    pub to_resolution: i64,
}

impl Ticket {
    /// How long its first reply took, or has been waited for, in microseconds.
    pub fn to_reply(&self, moment: &Moment) -> i64 {
        let by_calendar = || self.first_reply_at.unwrap_or(moment.as_of) - self.created_at;
        self.business.map_or_else(by_calendar, |business| business.to_reply)
    }

    /// How long it took to be resolved, or has been open, in microseconds.
    pub fn to_resolution(&self, moment: &Moment) -> i64 {
        let by_calendar = || self.resolved_at.unwrap_or(moment.as_of) - self.created_at;
        self.business.map_or_else(by_calendar, |business| business.to_resolution)
    }

    /// Its resolution, or its creation while it is unresolved.
    pub fn end(&self) -> i64 {
        self.resolved_at.unwrap_or(self.created_at)
    }
}

/// A customer's chain of tickets about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issue {
    /// The first ticket.
    pub first: Ticket,
    /// How many tickets it took.
    pub tickets: u32,
    /// Whether any ticket was handled by a person.
    pub human: bool,
    /// Whether its tickets name more than one channel.
    pub channel_changed: bool,
    /// Whether its customer is known.
    pub identified: bool,
}

impl Issue {
    /// Whether a repeat contact would have come by now.
    pub fn is_mature(&self, moment: &Moment) -> bool {
        self.first.end().saturating_add(moment.repeat_window) <= moment.as_of
    }

    /// One ticket, resolved, not reopened, not escalated.
    pub fn is_settled_by_one_contact(&self) -> bool {
        self.tickets == 1
            && self.first.resolved
            && self.first.reopens.unwrap_or(0) == 0
            && !self.first.escalated.unwrap_or(false)
    }
}

/// One customer's purchases around the moment T − W.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer {
    /// Orders up to T.
    pub orders: u32,
    /// When the first order was placed.
    pub first_order_at: i64,
    /// Ordered in [T − 2W, T − W).
    pub in_base: bool,
    /// Ordered in [T − W, T].
    pub returned: bool,
    /// Spend in [T − 2W, T − W), in 1/10 000 of the currency.
    pub spend_before: i64,
    /// Spend in [T − W, T].
    pub spend_now: i64,
    /// Whether some of the spend in these windows is in a currency that does not count, and so not known.
    pub spent_otherwise: bool,
    /// Whether the last CSAT answer before T − W was satisfied; known only of the base.
    pub was_satisfied: Option<bool>,
}

/// How a metric judges a case.
pub type Judge<C> = fn(&C, &Moment) -> Observation;

/// Which cases a metric looks at, and how it judges each.
#[derive(Clone, Copy)]
pub enum Cases {
    /// Answers to one question.
    Answers(Question),
    /// Requests for feedback.
    Invitations(Judge<Invitation>),
    /// Tickets.
    Tickets(Judge<Ticket>),
    /// Issues.
    Issues(Judge<Issue>),
    /// Customers who have ordered.
    Customers(Judge<Customer>),
}

impl Cases {
    /// What one case is called, in the plural.
    pub fn noun(&self) -> &'static str {
        match self {
            Cases::Answers(_) => "answers",
            Cases::Invitations(_) => "invitations",
            Cases::Tickets(_) => "tickets",
            Cases::Issues(_) => "issues",
            Cases::Customers(_) => "customers",
        }
    }

    /// How answers are judged, if these are answers.
    pub fn answers(&self) -> Option<Judge<Answer>> {
        matches!(self, Cases::Answers(_)).then_some(|answer, _| Question::observe(answer))
    }

    /// How invitations are judged, if these are invitations.
    pub fn invitations(&self) -> Option<Judge<Invitation>> {
        if let Cases::Invitations(judge) = self { Some(*judge) } else { None }
    }

    /// How tickets are judged, if these are tickets.
    pub fn tickets(&self) -> Option<Judge<Ticket>> {
        if let Cases::Tickets(judge) = self { Some(*judge) } else { None }
    }

    /// How issues are judged, if these are issues.
    pub fn issues(&self) -> Option<Judge<Issue>> {
        if let Cases::Issues(judge) = self { Some(*judge) } else { None }
    }

    /// How customers are judged, if these are customers.
    pub fn customers(&self) -> Option<Judge<Customer>> {
        if let Cases::Customers(judge) = self { Some(*judge) } else { None }
    }

    /// The export that shows them.
    pub fn kind(&self) -> Kind {
        match self {
            Cases::Answers(_) | Cases::Invitations(_) => Kind::Surveys,
            Cases::Tickets(_) | Cases::Issues(_) => Kind::Tickets,
            Cases::Customers(_) => Kind::Purchases,
        }
    }
}

/// A survey question and the scales that its scores may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The name in the `metric` column.
    pub name: &'static str,
    /// The scales, the most usual first. With several, the export shows which one it uses.
    pub scales: &'static [Scale],
    /// Whether a score with a fraction is an error.
    pub whole_only: bool,
}

impl Question {
    /// An answer counts by its score; a blank is no answer.
    pub fn observe(answer: &Answer) -> Observation {
        match (answer.score, answer.weight) {
            (None, _) => Observation::Excluded("no-answer"),
            (Some(score), None) => Observation::Score(score),
            (Some(score), Some(weight)) => Observation::Weighed(score, weight),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::sample::{ISSUE, MOMENT, TICKET};

    #[test]
    fn an_unresolved_ticket_ends_where_it_began() {
        assert_eq!(Some(TICKET.end()), TICKET.resolved_at);
        assert_eq!(Ticket { resolved_at: None, ..TICKET }.end(), TICKET.created_at);
    }

    #[test]
    fn times_at_the_end_of_the_calendar_do_not_overflow() {
        let last = Issue { first: Ticket { resolved_at: Some(i64::MAX), ..TICKET }, ..ISSUE };
        assert!(!last.is_mature(&MOMENT));
    }

    #[test]
    fn zero_and_blank_are_told_apart() {
        let zero = Answer { score: Some(Score::whole(0)), weight: None };
        assert_eq!(Question::observe(&zero), Observation::Score(Score(0)));
        assert_eq!(
            Question::observe(&Answer { score: None, weight: None }),
            Observation::Excluded("no-answer")
        );
    }
}
