//! The kinds of export and the canonical fields of each; knows nothing of what vendors call them.

use std::fmt;

use crate::error::{Error, Result};
use crate::text;

/// What one row of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Answers to a survey's questions.
    Surveys,
    /// Support tickets.
    Tickets,
    /// Orders.
    Purchases,
    /// Terms of subscriptions.
    Subscriptions,
    /// What is known of customers: their other names, and what else they are.
    Customers,
}

impl Kind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: &'static [Kind] =
        &[Kind::Surveys, Kind::Tickets, Kind::Purchases, Kind::Subscriptions, Kind::Customers];

    /// The kinds in which a row is a contact: something that a customer did or said at a moment.
    pub const OF_CONTACTS: &'static [Kind] = &[Kind::Surveys, Kind::Tickets, Kind::Purchases];

    /// The name in flags and files: `surveys`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Surveys => "surveys",
            Kind::Tickets => "tickets",
            Kind::Purchases => "purchases",
            Kind::Subscriptions => "subscriptions",
            Kind::Customers => "customers",
        }
    }

    /// What one row is called: `answer`.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Surveys => "answer",
            Kind::Tickets => "ticket",
            Kind::Purchases => "purchase",
            Kind::Subscriptions => "subscription",
            Kind::Customers => "customer",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])+ $field:ident = $name:literal,)+) => {
        /// A canonical field: a column that means the same in every export of a kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])+ $field,)+ }

        impl Field {
            /// The name in `--map surveys.score=...` and in `--by`.
            pub fn as_str(self) -> &'static str {
                match self { $(Field::$field => $name,)+ }
            }
        }
    };
}

fields! {
    /// Who answered, asked or bought.
    Customer = "customer",
    /// When the answer was given or the order placed.
    At = "at",
    /// What the score measures (a long survey).
    Metric = "metric",
    /// The answer on its scale (a long survey).
    Score = "score",
    /// The answers to the recommendation question (a wide survey).
    Nps = "nps",
    /// The answers to the satisfaction question (a wide survey).
    Csat = "csat",
    /// The answers to the effort question (a wide survey).
    Ces = "ces",
    /// The id of a response: all the answers that one customer gave at once.
    Response = "response",
    /// Which survey was answered.
    Survey = "survey",
    /// When the invitation went out.
    SentAt = "sent_at",
    /// The way by which the contact came.
    Channel = "channel",
    /// The stage of the customer's journey.
    Stage = "stage",
    /// What the survey asked about.
    Touchpoint = "touchpoint",
    /// The id of a ticket.
    Ticket = "ticket",
    /// The id of an order.
    Order = "order",
    /// How much an answer counts.
    Weight = "weight",
    /// What the customer wrote.
    Comment = "comment",
    /// When the ticket was opened.
    CreatedAt = "created_at",
    /// When somebody first replied to it.
    FirstReplyAt = "first_reply_at",
    /// When it was solved, else closed.
    ResolvedAt = "resolved_at",
    /// Whether it is settled, where its status says so.
    Settled = "settled",
    /// Where the ticket stands.
    Status = "status",
    /// What the ticket is about.
    Topic = "topic",
    /// Who worked on it.
    Agent = "agent",
    /// Whether a bot or a human did.
    HandledBy = "handled_by",
    /// Whether it was passed on to a second line.
    Escalated = "escalated",
    /// How often it was opened again.
    Reopens = "reopens",
    /// How many replies the agents sent.
    Replies = "replies",
    /// How many replies the customer sent after the first message.
    CustomerReplies = "customer_replies",
    /// How many agents worked on it.
    Agents = "agents",
    /// How the customer rated the ticket's handling.
    Rating = "rating",
    /// The tone of the ticket.
    Sentiment = "sentiment",
    /// What the order came to.
    Amount = "amount",
    /// The currency of the amount.
    Currency = "currency",
    /// What was bought.
    Product = "product",
    /// Whether, or how much of, the order was paid back.
    Refunded = "refunded",
    /// The id of a subscription.
    Subscription = "subscription",
    /// When the subscription began.
    StartedAt = "started_at",
    /// When it ended, or is to end.
    EndedAt = "ended_at",
    /// What was subscribed to.
    Plan = "plan",
    /// What the subscription brings in a month.
    Mrr = "mrr",
    /// Why it ended.
    Reason = "reason",
    /// Another id or address of the customer: several columns may be one, and `--alias` names more.
    Alias = "alias",
}

impl Field {
    /// The fields of a kind, the required ones first.
    #[rustfmt::skip]
    pub fn of(kind: Kind) -> &'static [Field] {
        use Field::*;
        match kind {
            Kind::Surveys => &[
                At, Metric, Score, Nps, Csat, Ces, Customer, Response, Survey, SentAt, Channel, Stage,
                Touchpoint, Ticket, Order, Weight, Comment,
            ],
            Kind::Tickets => &[
                CreatedAt, Ticket, Customer, FirstReplyAt, ResolvedAt, Settled, Status, Channel, Stage, Topic, Agent,
                HandledBy, Escalated, Reopens, Replies, CustomerReplies, Agents, Rating, Sentiment,
            ],
            Kind::Purchases => &[Customer, At, Order, Amount, Currency, Channel, Stage, Product, Refunded],
            Kind::Subscriptions => &[
                Customer, StartedAt, Subscription, EndedAt, Plan, Mrr, Currency, Channel, Reason,
            ],
            Kind::Customers => &[Customer],
        }
    }

    /// The fields that an export of the kind must have. In a wide survey its question columns stand in
    /// for the metric and the score.
    pub fn required(kind: Kind) -> &'static [Field] {
        match kind {
            Kind::Surveys => &[Field::At, Field::Metric, Field::Score],
            Kind::Tickets => &[Field::CreatedAt],
            Kind::Purchases => &[Field::Customer, Field::At],
            Kind::Subscriptions => &[Field::Customer, Field::StartedAt],
            Kind::Customers => &[Field::Customer],
        }
    }

    /// The wide survey's question columns.
    pub const QUESTIONS: &'static [Field] = &[Field::Nps, Field::Csat, Field::Ces];

    /// The kind's field of that name.
    pub fn named(kind: Kind, name: &str) -> Option<Field> {
        Self::of(kind).iter().copied().find(|field| field.as_str() == name)
    }

    /// Whether its cells are moments.
    pub fn is_time(self) -> bool {
        matches!(
            self,
            Field::At
                | Field::SentAt
                | Field::CreatedAt
                | Field::FirstReplyAt
                | Field::ResolvedAt
                | Field::StartedAt
                | Field::EndedAt
        )
    }

    /// Whether its cells are amounts of money.
    pub fn is_money(self) -> bool {
        matches!(self, Field::Amount | Field::Refunded | Field::Mrr)
    }

    /// What a message calls the field.
    pub fn noun(self) -> &'static str {
        match self {
            Field::At => "time",
            Field::CreatedAt => "time of creation",
            Field::FirstReplyAt => "time of the first reply",
            Field::ResolvedAt => "time of the solution",
            Field::SentAt => "time of sending",
            Field::StartedAt => "time of the start",
            Field::EndedAt => "time of the end",
            Field::Nps => "nps question",
            Field::Csat => "csat question",
            Field::Ces => "ces question",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One `--map surveys.score=Q12_1`: the user's word on which column is a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapFlag {
    /// The kind of export it holds for.
    pub kind: Kind,
    /// The field that the column is.
    pub field: Field,
    /// The column's name, as the user typed it; empty where no column is to be the field.
    pub column: String,
    /// Where a config says so: ``line 6 of `cxm.toml` ``; none where it was typed.
    pub said_on: Option<String>,
}

impl MapFlag {
    /// As a message names it: the flag, or what stands on which line of the config.
    pub fn told(&self) -> String {
        match &self.said_on {
            Some(place) => format!("`{} = \"{}\"` on {place}", self.field, self.column),
            None => format!("`{self}`"),
        }
    }

    /// Reads the flag's value, or says what is wrong with it.
    pub fn parse(value: &str) -> Result<Self> {
        let wrong = |cause: String| Error::usage(format!("`--map {value}` {cause}"));
        let parts = value.split_once('=').and_then(|(target, column)| {
            target.trim().split_once('.').map(|(kind, field)| (kind, field, column.trim()))
        });
        let malformed =
            || wrong("is not KIND.FIELD=COLUMN".to_owned()).hint("write e.g. --map surveys.score=Q12_1");
        let (kind, field, column) = parts.ok_or_else(malformed)?;
        let Some(kind) = Kind::named(kind) else {
            let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
            return Err(wrong(format!("names no kind of export: `{kind}`")).hint(suggestion(
                kind,
                &names,
                |kind| format!("--map {kind}.{field}={column}"),
            )));
        };
        let Some(field) = Field::named(kind, field) else {
            let names: Vec<&str> = Field::of(kind).iter().map(|field| field.as_str()).collect();
            return Err(wrong(format!("names no field of {kind}: `{field}`")).hint(suggestion(
                field,
                &names,
                |field| format!("--map {kind}.{field}={column}"),
            )));
        };
        if column.is_empty() && Field::required(kind).contains(&field) {
            return Err(malformed());
        }
        Ok(MapFlag { kind, field, column: column.to_owned(), said_on: None })
    }
}

impl fmt::Display for MapFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--map {}.{}={}", self.kind, self.field, self.column)
    }
}

fn suggestion(word: &str, names: &[&str], flag: impl Fn(&str) -> String) -> String {
    let near: Vec<String> = text::nearest(word, names.iter().copied()).into_iter().map(flag).collect();
    if near.is_empty() {
        format!("use {}", text::either(names))
    } else {
        format!("pass {}", text::either(&near))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(value: &str) -> (String, String) {
        let error = MapFlag::parse(value).unwrap_err();
        assert_eq!(error.status(), 2, "{error}");
        (error.to_string(), error.advice().unwrap_or_default().to_owned())
    }

    #[test]
    fn required_fields_are_fields_of_their_kind() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::named(kind.as_str()), Some(kind));
            assert!(Field::required(kind).iter().all(|field| Field::of(kind).contains(field)));
            assert!(Field::of(kind).iter().all(|f| Field::named(kind, f.as_str()) == Some(*f)));
        }
    }

    #[test]
    fn a_map_flag_names_kind_field_and_column() {
        let flag = MapFlag::parse("surveys.score=How likely = sure?").unwrap();
        assert_eq!(
            (flag.kind, flag.field, flag.column.as_str()),
            (Kind::Surveys, Field::Score, "How likely = sure?")
        );
        assert_eq!(flag.to_string(), "--map surveys.score=How likely = sure?");
    }

    #[test]
    fn a_map_flag_without_a_column_takes_the_field_away_unless_it_is_required() {
        let flag = MapFlag::parse("tickets.rating= ").unwrap();
        assert_eq!((flag.field, flag.column.as_str()), (Field::Rating, ""));
        assert_eq!(flag.to_string(), "--map tickets.rating=");
        assert_eq!(hint("tickets.created_at=").0, "`--map tickets.created_at=` is not KIND.FIELD=COLUMN");
    }

    #[test]
    fn a_wrong_map_flag_is_told_what_was_meant() {
        assert_eq!(hint("score=Q1").1, "write e.g. --map surveys.score=Q12_1");
        assert_eq!(hint("surveys.score=").1, "write e.g. --map surveys.score=Q12_1");
        assert_eq!(hint("survey.score=Q1").1, "pass --map surveys.score=Q1");
        assert_eq!(
            hint("surveys.scroe=Q1"),
            (
                "`--map surveys.scroe=Q1` names no field of surveys: `scroe`".to_owned(),
                "pass --map surveys.score=Q1".to_owned()
            )
        );
        assert_eq!(hint("orders.amount=x").1, "use surveys, tickets, purchases, subscriptions or customers");
    }
}
