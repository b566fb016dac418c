//! Which times count, and the calendar period of each.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::dimension::{Period, day_begins};

/// What bounds the rows of events in time, and what cuts time into periods.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The periods.
    pub period: Option<Period>,
    /// Their zone.
    pub zone: Tz,
    /// From here …
    pub since: Option<i64>,
    /// … to before here.
    pub until: Option<i64>,
    /// Nothing after it has happened.
    pub as_of: i64,
}

impl Span {
    /// Why a case of that time is left out.
    #[inline]
    pub fn leaves_out(&self, time: Option<i64>) -> Option<&'static str> {
        match time {
            Some(time) if time > self.as_of => Some("after-as-of"),
            Some(time) if self.since.is_some_and(|since| time < since) => Some("before-since"),
            Some(time) if self.until.is_some_and(|until| time >= until) => Some("after-until"),
            None if self.period.is_some() => Some("no-time"),
            _ => None,
        }
    }
}

/// A period's label, and whether it is cut short.
pub type PeriodLabel = (String, bool);

/// The periods in which cases were met.
#[derive(Debug, Default)]
pub struct Calendar {
    /// The label of each, by its first instant.
    pub labels: BTreeMap<i64, PeriodLabel>,
    ends: BTreeMap<i64, i64>,
}

impl Calendar {
    /// One period for all cases, whatever their time; none where there is no label.
    pub fn of(label: Option<PeriodLabel>) -> Calendar {
        Calendar { labels: label.map(|label| (0, label)).into_iter().collect(), ends: BTreeMap::new() }
    }

    /// The first instant of the period that a moment lies in; 0 where there are no periods.
    #[inline]
    pub fn start(&mut self, time: Option<i64>, span: Option<&Span>) -> i64 {
        let period = span.and_then(|span| Some((span, span.period?, time?)));
        period.and_then(|(span, period, time)| self.met(time, period, span)).unwrap_or(0)
    }

    fn met(&mut self, time: i64, period: Period, span: &Span) -> Option<i64> {
        if let Some((start, _)) = self.ends.range(..=time).next_back().filter(|(_, end)| time < **end) {
            return Some(*start);
        }
        let day = period.start(time, span.zone)?;
        let begins = day_begins(day, span.zone)?;
        let end = day_begins(period.next(day)?, span.zone)?;
        let cut = end - 1 > span.as_of
            || span.since.is_some_and(|since| since > begins)
            || span.until.is_some_and(|until| until < end);
        self.labels.insert(begins, (period.label(day), cut));
        self.ends.insert(begins, end);
        Some(begins)
    }
}
