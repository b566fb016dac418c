//! From a dimension's name to the group of every row or customer: a column, what the link or the customer's profile says.

mod attribute;
mod grouping;
mod window;

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeZone};
use chrono_tz::Tz;

use crate::customer::{Joined, Person, Touchpoint};
use crate::metric::nps::{PASSIVE, PROMOTER};
use crate::source::columns::normalise;
use crate::source::field::{Field, Kind};
use crate::stats::quantile;
use crate::table::Table;
use crate::table::codes::Codes;
use crate::table::words::NONE;
use crate::tally::Score;
pub use grouping::Grouping;
pub use window::{Bounds, Window};

/// The label of rows that have no value.
pub const UNKNOWN: &str = "(unknown)";

/// The dimensions that come from the customer's profile, whatever the export's columns are.
pub const CUSTOMER_DIMENSIONS: &[&str] = &[
    "state",
    "nps_group",
    "tickets",
    "orders",
    "channels_used",
    "acquisition_channel",
    "last_channel",
    "current_stage",
    "cohort",
    "spend_quartile",
];

/// Says that a name means a column of the exports, where it is also known of customers: `column.state`.
pub const OF_COLUMN: &str = "column.";

/// Says that a name means what is known of customers: `customer.state`.
pub const OF_CUSTOMER: &str = "customer.";

/// Whether a dimension comes from the customer's profile.
pub fn is_of_customer(name: &str) -> bool {
    CUSTOMER_DIMENSIONS.contains(&name) || name.starts_with(OF_CUSTOMER)
}

/// The column that a dimension may be; none if it comes from the customer's profile.
pub fn column_of(name: &str) -> Option<&str> {
    name.strip_prefix(OF_COLUMN).or_else(|| (!is_of_customer(name)).then_some(name))
}

/// The dimension that a user's word names: `Customer State` is `customer_state`.
pub fn named(word: &str) -> String {
    let word = word.trim();
    for prefix in [OF_COLUMN, OF_CUSTOMER] {
        if let Some(name) = word.strip_prefix(prefix) {
            return format!("{prefix}{}", normalise(name));
        }
    }
    normalise(word)
}

/// Whether a customer has a running subscription; a dimension where there are subscriptions.
pub const SUBSCRIBED: &str = "subscribed";
/// The customer: no dimension to group by, but one to leave rows out by.
pub const CUSTOMER: &str = "customer";

/// Whether an answer's own row names what it is about.
pub const RELATION: &str = "relation";

/// Where the groups of customers come from.
#[derive(Debug)]
pub struct View<'a> {
    /// The joined exports.
    pub joined: &'a Joined,
    /// The moment up to which the customers are known.
    pub moment: i64,
    /// The moment T at which the customers are judged: no order after it is known.
    judged_at: i64,
    /// Who has ordered since then is active.
    pub active_since: i64,
    /// The zone of calendar months.
    pub zone: Tz,
}

impl<'a> View<'a> {
    /// The customers as known at the as-of moment T: those who ordered in [T − W, T] are active.
    pub fn now(joined: &'a Joined, window: Window, zone: Tz) -> Self {
        let judged_at = joined.as_of;
        let active_since = window.active_since(judged_at, zone);
        View { joined, moment: judged_at.saturating_add(1), judged_at, active_since, zone }
    }

    /// The customers who are judged at T, as known before T − W: those who ordered in the window that ends there are
    /// active.
    pub fn before(joined: &'a Joined, judged_at: i64, window: Window, zone: Tz) -> Self {
        let Bounds { window_from: moment, base_from: active_since } = window.bounds(judged_at, zone);
        View { joined, moment, judged_at, active_since, zone }
    }

    /// All customers, as known before the moment.
    fn people(&self) -> impl Iterator<Item = Person> + '_ {
        (0..self.joined.customers.len() as u32).map(|customer| self.joined.person(customer, self.moment))
    }

    /// The groups of a kind's rows. A row has the value of its own column; an answer without such a column that of what
    /// it is about; else a row has its customer's.
    pub fn of_rows(&self, kind: Kind, name: &str) -> Grouping<'a> {
        if let Some(own) = self.own(kind, name) {
            return own;
        }
        if kind == Kind::Surveys
            && let Some(linked) = self.linked(name)
        {
            let rows = self.table(kind).map_or(0, Table::rows);
            let codes = (0..rows).map(linked).collect();
            return self.words(column_of(name).unwrap_or(name), Cow::Owned(codes));
        }
        // A customer's channels are those of other contacts: they say nothing of this one.
        if name == Field::Channel.as_str() {
            return self
                .words(name, Cow::Owned(Codes::blank(self.table(kind).map_or(0, Table::rows), false)));
        }
        let customers = self.of_customers(name);
        let rows = self.table(kind).map_or(0, Table::rows);
        customers.rows((0..rows).map(|row| self.customer(kind, row)))
    }

    /// The groups of customers: their profile, else the value in their latest row that has the column.
    pub fn of_customers(&self, name: &str) -> Grouping<'a> {
        let (people, customers) = (self.people(), 0..self.joined.customers.len() as u32);
        if let Some(attribute) = self.attribute(name) {
            return attribute;
        }
        match name.strip_prefix(OF_CUSTOMER).unwrap_or(name) {
            "channel" | "acquisition_channel" => {
                let channel =
                    |customer| self.joined.acquisition_channel(customer, self.moment, self.judged_at);
                self.words("channel", Cow::Owned(customers.map(channel).collect()))
            }
            "last_channel" => {
                self.words("channel", Cow::Owned(people.map(|person| person.last_channel).collect()))
            }
            "stage" | "current_stage" => {
                let last = customers.map(|customer| self.joined.last_stage(customer, self.moment));
                self.stages(Cow::Owned(last.collect()))
            }
            "state" => {
                Grouping::fixed(&["active", "churned", "prospect"], people.map(|person| self.state(&person)))
            }
            "nps_group" => {
                let group = |score: Score| if score >= PROMOTER { 0 } else { u32::from(score < PASSIVE) + 1 };
                let answers = self.joined.answers.as_ref();
                let last =
                    |customer| answers.and_then(|answers| answers.last_score(customer, "nps", self.moment));
                let codes = customers.map(|customer| last(customer).map_or(NONE, group));
                Grouping::fixed(&["promoter", "passive", "detractor"], codes)
            }
            "tickets" => Grouping::fixed(&["0", "1", "2+"], people.map(|person| person.tickets.min(2))),
            "orders" => Grouping::fixed(&["0", "1", "2", "3+"], people.map(|person| person.orders.min(3))),
            "channels_used" => {
                let used: Vec<u32> = people.map(|person| person.channels_used).collect();
                let most = used.iter().copied().max().unwrap_or(0);
                let labels = (0..=most).map(|count| count.to_string()).collect();
                Grouping::new(labels, Cow::Owned(used.into_iter().collect()))
            }
            CUSTOMER => {
                let keys = self.joined.customers.iter().map(str::to_owned).collect();
                Grouping::new(keys, Cow::Owned(customers.collect()))
            }
            "cohort" => self.cohorts(),
            "spend_quartile" => self.spend_quartiles(),
            _ => self.latest(name),
        }
    }

    /// A column of the table itself, or what the join made of it.
    fn own(&self, kind: Kind, name: &str) -> Option<Grouping<'a>> {
        let joined = self.joined;
        match (kind, name) {
            (_, "stage") => return Some(self.stages(Cow::Borrowed(joined.stages.of_kind(kind)))),
            (Kind::Surveys, "channel") => {
                return Some(self.words("channel", Cow::Borrowed(&joined.answers.as_ref()?.channel)));
            }
            (Kind::Surveys, RELATION) => {
                let answers = joined.answers.as_ref()?;
                let codes = (0..answers.len()).map(|row| u32::from(!answers.is_transactional(row)));
                return Some(Grouping::fixed(&["transactional", "relational"], codes));
            }
            _ => {}
        }
        let (table, column) = (self.table(kind)?, column_of(name)?);
        let codes = table.has_words(column).then(|| table.codes(column))?;
        let rated_from = joined.answers.as_ref().filter(|_| kind == Kind::Surveys);
        let rated_from = rated_from.map_or(table.rows(), |answers| answers.rated_from);
        // A rating stands in its ticket's row, so that the columns of the ticket are its own.
        if rated_from >= table.rows() {
            return Some(self.words(column, Cow::Borrowed(codes)));
        }
        let linked = self.linked(name);
        let code = |row: usize| match codes.get(row) {
            NONE if row >= rated_from => linked.as_ref().map_or(NONE, |linked| linked(row)),
            code => code,
        };
        Some(self.words(column, Cow::Owned((0..table.rows()).map(code).collect())))
    }

    /// What the ticket or the order that an answer is about says, by the row of the answer; none where no such export
    /// has the column.
    fn linked(&self, name: &str) -> Option<impl Fn(usize) -> u32> {
        let (answers, name) = (self.joined.answers.as_ref()?, column_of(name)?);
        let [tickets, purchases] = [Kind::Tickets, Kind::Purchases].map(|kind| {
            self.table(kind).filter(|table| table.has_words(name)).map(|table| table.codes(name))
        });
        let code = move |row: usize| match answers.touchpoint(row) {
            Touchpoint::None => NONE,
            Touchpoint::Ticket(row) => tickets.map_or(NONE, |codes| codes.get(row)),
            Touchpoint::Purchase(row) => purchases.map_or(NONE, |codes| codes.get(row)),
        };
        (tickets.is_some() || purchases.is_some()).then_some(code)
    }

    /// For each customer the value in the latest row, before the moment, of any export that has the column.
    fn latest(&self, name: &str) -> Grouping<'a> {
        let name = column_of(name).unwrap_or(name);
        let mut latest = vec![(i64::MIN, NONE); self.joined.customers.len()];
        let mut see = |customer: u32, at: Option<i64>, code: u32| {
            let (Some(at), Some(known)) = (at, latest.get_mut(customer as usize)) else { return };
            if at < self.moment && code != NONE && (known.1 == NONE || (at, code) > *known) {
                *known = (at, code);
            }
        };
        for kind in Kind::ALL {
            let Some(table) = self.table(*kind).filter(|table| table.has_words(name)) else { continue };
            let codes = table.codes(name);
            for row in 0..table.rows() {
                see(self.customer(*kind, row), self.at(*kind, row), codes.get(row));
            }
        }
        self.words(name, Cow::Owned(latest.into_iter().map(|(_, code)| code).collect()))
    }

    /// The customer of a kind's row.
    fn customer(&self, kind: Kind, row: usize) -> u32 {
        let joined = self.joined;
        let codes = match kind {
            Kind::Surveys => joined.answers.as_ref().map(|answers| &answers.customer),
            Kind::Tickets => joined.tickets.as_ref().map(|tickets| &tickets.customer),
            Kind::Purchases => joined.purchases.as_ref().map(|purchases| &purchases.customer),
            Kind::Subscriptions => joined.subscriptions.as_ref().map(|terms| &terms.customer),
            Kind::Customers => None,
        };
        codes.map_or(NONE, |codes| codes.get(row))
    }

    /// When a kind's row happened.
    fn at(&self, kind: Kind, row: usize) -> Option<i64> {
        let joined = self.joined;
        match kind {
            Kind::Surveys => joined.answers.as_ref().and_then(|answers| answers.at(row)),
            Kind::Tickets => joined.tickets.as_ref().and_then(|tickets| tickets.created_at.get(row).copied()),
            Kind::Purchases => joined.purchases.as_ref().and_then(|purchases| purchases.at.get(row).copied()),
            Kind::Subscriptions => {
                joined.subscriptions.as_ref().and_then(|terms| terms.started_at.get(row).copied())
            }
            Kind::Customers => None,
        }
    }

    fn table(&self, kind: Kind) -> Option<&'a Table> {
        match kind {
            Kind::Surveys => self.joined.answers.as_ref().map(|answers| &answers.table),
            Kind::Tickets => self.joined.tickets.as_ref().map(|tickets| &tickets.table),
            Kind::Purchases => self.joined.purchases.as_ref().map(|purchases| &purchases.table),
            Kind::Subscriptions => self.joined.subscriptions.as_ref().map(|terms| &terms.table),
            Kind::Customers => None,
        }
    }

    fn words(&self, name: &str, codes: Cow<'a, Codes>) -> Grouping<'a> {
        let words = self.joined.words.of(name);
        Grouping::new(words.map(|words| words.iter().map(str::to_owned).collect()).unwrap_or_default(), codes)
    }

    fn stages(&self, codes: Cow<'a, Codes>) -> Grouping<'a> {
        Grouping::new(self.joined.stages.names.clone(), codes)
    }

    /// Active: an order in the window; churned: orders, none of them in it.
    fn state(&self, person: &Person) -> u32 {
        match person.last_order_at {
            Some(last) if last >= self.active_since => 0,
            Some(_) => 1,
            None => 2,
        }
    }

    /// The month of the first order, in the zone of the report.
    fn cohorts(&self) -> Grouping<'a> {
        let months: Vec<Option<i32>> =
            self.people().map(|person| month(person.first_order_at?, self.zone)).collect();
        let mut known: Vec<i32> = months.iter().flatten().copied().collect();
        known.sort_unstable();
        known.dedup();
        let codes = months.iter().map(|month| month.and_then(|month| known.binary_search(&month).ok()));
        let codes: Codes = codes.map(|code| code.map_or(NONE, |code| code as u32)).collect();
        let labels =
            known.iter().map(|month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1));
        Grouping::new(labels.collect(), Cow::Owned(codes))
    }

    /// Quartiles of spend among the customers who have ordered.
    fn spend_quartiles(&self) -> Grouping<'a> {
        let is_known = |customer: u32| !self.joined.spent_otherwise(customer, self.moment);
        let spend = |(customer, person): (u32, Person)| {
            (person.orders > 0 && is_known(customer)).then_some(person.spend as f64)
        };
        let mut sorted: Vec<f64> = (0..).zip(self.people()).filter_map(spend).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let cuts = [0.25, 0.5, 0.75].map(|q| quantile::type7(&sorted, q).unwrap_or(0.0));
        let quartile = |spent: f64| cuts.iter().filter(|cut| spent > **cut).count() as u32;
        let codes = (0..).zip(self.people()).map(|person| spend(person).map_or(NONE, quartile));
        Grouping::fixed(&["Q1 (lowest)", "Q2", "Q3", "Q4 (highest)"], codes)
    }
}

/// Months since year 0 in a zone.
fn month(time: i64, zone: Tz) -> Option<i32> {
    let local = DateTime::from_timestamp_micros(time)?.with_timezone(&zone);
    Some(local.year() * 12 + local.month0() as i32)
}

/// A calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A calendar day.
    Day,
    /// An ISO week, from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

impl Period {
    /// The first day of the period that a moment lies in.
    pub fn start(self, time: i64, zone: Tz) -> Option<NaiveDate> {
        let day = DateTime::from_timestamp_micros(time)?.with_timezone(&zone).date_naive();
        Some(match self {
            Period::Day => day,
            Period::Week => day - chrono::Days::new(u64::from(day.weekday().num_days_from_monday())),
            Period::Month => day.with_day(1)?,
            Period::Quarter => day.with_day(1)?.with_month0(day.month0() / 3 * 3)?,
            Period::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1)?,
        })
    }

    /// The first day of the next period.
    pub fn next(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Period::Day => start.succ_opt(),
            Period::Week => start.checked_add_days(chrono::Days::new(7)),
            Period::Month => start.checked_add_months(Months::new(1)),
            Period::Quarter => start.checked_add_months(Months::new(3)),
            Period::Year => start.checked_add_months(Months::new(12)),
        }
    }

    /// `2026-02-11`, `2026-W07`, `2026-02`, `2026-Q1`, `2026`.
    pub fn label(self, start: NaiveDate) -> String {
        match self {
            Period::Day => start.format("%Y-%m-%d").to_string(),
            Period::Week => start.format("%G-W%V").to_string(),
            Period::Month => start.format("%Y-%m").to_string(),
            Period::Quarter => format!("{}-Q{}", start.year(), start.month0() / 3 + 1),
            Period::Year => start.year().to_string(),
        }
    }
}

/// The instant at which a day begins in a zone; the first that exists where midnight is skipped.
pub fn day_begins(day: NaiveDate, zone: Tz) -> Option<i64> {
    let midnight = day.and_hms_opt(0, 0, 0)?;
    // Clocks skip quarters of an hour, and once a whole day.
    (0..=24 * 60).find_map(|minutes| {
        let local = midnight.checked_add_signed(chrono::TimeDelta::minutes(minutes))?;
        zone.from_local_datetime(&local).earliest().map(|time| time.timestamp_micros())
    })
}

#[cfg(test)]
mod tests;
