//! The validated request: what to read, what to compute, how to group and judge it. No I/O, no clap, no clock.

use chrono_tz::Tz;

use crate::customer::journey::Rules;
use crate::dimension::{Bounds, CUSTOMER, Period, Window};
use crate::filter::Filter;
use crate::hours::Hours;
use crate::instant::DAY;
use crate::metric::Metric;
use crate::metric::case::Moment;
use crate::metric::interval::Intervals;
use crate::pseudonym::Keys;
use crate::source::aliases::AliasFlags;
use crate::source::encoding::Encoding;
use crate::source::field::{Kind, MapFlag};
use crate::source::input::Input;
use crate::source::preset::Choice;
use crate::source::records::{CHUNK, Options};
use crate::table::layout::Reading;
use crate::table::ledger::Tolerance;
use crate::table::rates::Target;
use crate::table::settle::Scales;
use crate::table::value::dates::DateOrder;
use crate::table::value::key;
use crate::table::value::number::Decimal;

/// One export to read, with what the user said of it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where its bytes come from.
    pub input: Input,
    /// What its rows are; told from its header where it is not given.
    pub kind: Option<Kind>,
    /// How it is read where that is not as the plan says.
    pub said: Said,
}

/// How one export is read. What is not said here is as the plan says it for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The number of the source of the config that names it, from 0.
    pub source: Option<usize>,
    /// The name of its preset.
    pub preset: Option<String>,
    /// Which columns are which fields; the plan's own maps win over these.
    pub columns: Vec<MapFlag>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The columns that hold other names of a customer.
    pub alias: Vec<MapFlag>,
    /// The character between columns.
    pub delimiter: Option<u8>,
    /// Its encoding.
    pub encoding: Option<Encoding>,
    /// The zone of times that name none, where it is said of this export.
    pub zone: Option<Tz>,
    /// The order of day and month.
    pub dates: Option<DateOrder>,
    /// The decimal mark.
    pub decimal: Option<Decimal>,
}

impl Request {
    /// An export that is read as the plan says.
    pub fn new(input: Input, kind: Option<Kind>) -> Request {
        Request { input, kind, said: Said::default() }
    }
}

/// What a run is to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The exports.
    pub requests: Vec<Request>,
    /// The user's word on columns.
    pub maps: Vec<MapFlag>,
    /// The presets, and which one the user asked for.
    pub presets: Choice,
    /// The user's word on which columns of the list of customers are aliases.
    pub aliases: AliasFlags,
    /// How the key of a customer is shown.
    pub keys: Keys,
    /// The character between columns, where the user said it.
    pub delimiter: Option<u8>,
    /// The encoding of all files; told from each where it is not given.
    pub encoding: Option<Encoding>,
    /// How cells are read.
    pub reading: Reading,
    /// Whether the zone in it was said, not taken for want of one.
    pub zone_is_said: bool,
    /// The currency that amounts are to be in, where the user said it.
    pub currency: Option<Target>,
    /// The scales that the user named.
    pub scales: Scales,
    /// How much may be wrong.
    pub tolerance: Tolerance,
    /// The rejected rows will be asked for, so that standard input must be kept.
    pub keep_rejects: bool,
    /// How many threads may work.
    pub threads: usize,
    /// About how many bytes of a file a thread reads at a time. No result depends on it.
    pub chunk: usize,
    /// The metrics; with `every`, those of them that the exports allow.
    pub metrics: Vec<&'static Metric>,
    /// Whether a metric that the exports do not allow is left out rather than an error.
    pub every: bool,
    /// The breakdowns, the first overall (no dimension).
    pub breakdowns: Vec<Vec<String>>,
    /// The breakdown by relation was not asked for: it stands where both relations answered.
    pub relation_added: bool,
    /// The calendar periods.
    pub period: Option<Period>,
    /// Event metrics count rows from here …
    pub since: Option<i64>,
    /// … up to, and not including, here.
    pub until: Option<i64>,
    /// The moment that ends every window; the latest time in the exports where it is not given.
    pub as_of: Option<i64>,
    /// Which cases count.
    pub filter: Option<Filter>,
    /// The windows.
    pub windows: Windows,
    /// The hours in which the times of tickets count; day and night where they are not given.
    pub hours: Option<Hours>,
    /// Only tickets of one topic are one issue.
    pub same_topic: bool,
    /// A ticket without a customer is an issue of its own.
    pub anonymous_single: bool,
    /// How stages are found.
    pub journey: Rules,
    /// Which answers of a customer count.
    pub answers: Repeats,
    /// Answers of one customer are not independent.
    pub cluster: bool,
    /// Groups of fewer cases are not shown.
    pub min_n: u64,
    /// The confidence of every interval, 0–1.
    pub confidence: f64,
    /// Net scores have the adjusted Wald interval.
    pub adjusted_wald: bool,
    /// Shares have the exact interval.
    pub exact: bool,
}

/// Which answers count, where a customer answered a question more than once in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeats {
    /// All.
    #[default]
    All,
    /// The last one.
    Latest,
    /// The first one.
    First,
    /// All, as one: each counts as its part of the customer's answers.
    Mean,
}

impl Repeats {
    /// As it is typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Repeats::All => "all",
            Repeats::Latest => "latest",
            Repeats::First => "first",
            Repeats::Mean => "mean",
        }
    }
}

/// The windows of a run; lengths are in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// W of retention and churn.
    pub retention: Window,
    /// After an issue's end a new ticket is a repeat contact for this long.
    pub repeat: i64,
    /// An answer is about a ticket or an order at most this long before it.
    pub attribution: i64,
    /// An invitation is judged when it is this old.
    pub response: i64,
}

impl Default for Windows {
    fn default() -> Self {
        Windows {
            retention: Window::Length(90 * DAY),
            repeat: 7 * DAY,
            attribution: 14 * DAY,
            response: 14 * DAY,
        }
    }
}

impl Plan {
    /// What metrics are judged by at a moment.
    pub fn moment(&self, as_of: i64) -> Moment {
        let Bounds { window_from, base_from } = self.windows.retention.bounds(as_of, self.zone());
        let Windows { repeat: repeat_window, response: response_window, .. } = self.windows;
        Moment { as_of, repeat_window, response_window, window_from, base_from }
    }

    /// How intervals are computed.
    pub fn intervals(&self) -> Intervals {
        Intervals { level: self.confidence, adjusted_wald: self.adjusted_wald, exact: self.exact }
    }

    /// Whether the answers of one customer are looked at together.
    pub fn joins_answers(&self) -> bool {
        self.cluster || self.answers != Repeats::All
    }

    /// How the bytes of an export become records.
    pub fn options(&self, request: &Request) -> Options {
        Options {
            delimiter: request.said.delimiter.or(self.delimiter),
            encoding: request.said.encoding.or(self.encoding),
            chunk: self.chunk,
            ..Options::default()
        }
    }

    /// How the cells of an export are read.
    pub fn reading(&self, request: &Request) -> Reading {
        Reading {
            zone: request.said.zone.unwrap_or(self.reading.zone),
            dates: request.said.dates.or(self.reading.dates),
            decimal: request.said.decimal.or(self.reading.decimal),
        }
    }

    /// The user's word on the columns of an export.
    pub fn maps(&self, request: &Request) -> Vec<MapFlag> {
        let is_said =
            |own: &&MapFlag| self.maps.iter().any(|map| (map.kind, map.field) == (own.kind, own.field));
        let own = request.said.columns.iter().filter(|own| !is_said(own));
        own.chain(&self.maps).cloned().collect()
    }

    /// The zone of periods and of times that name none.
    pub fn zone(&self) -> Tz {
        self.reading.zone
    }

    /// Every dimension that the run groups or filters by, each once.
    pub fn dimensions(&self) -> Vec<&str> {
        let filter = self.filter.iter().flat_map(Filter::dimensions);
        let mut names: Vec<&str> =
            self.breakdowns.iter().flatten().map(String::as_str).chain(filter).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The labels of a group as they may be shown: with pseudonyms, an address is none that anybody could write to.
    pub fn labels(&self, labels: &[String]) -> Vec<String> {
        let shown = |label: &String| {
            let is_veiled = self.keys.are_pseudonyms() && label.contains('@');
            let mut scratch = String::new();
            let key = key::normalise(label.as_bytes(), &mut scratch).filter(|_| is_veiled);
            key.map_or_else(|| label.clone(), |key| self.keys.shown(&String::from_utf8_lossy(key)))
        };
        labels.iter().map(shown).collect()
    }

    /// The text of a filter as it may be shown: with pseudonyms, who a customer is stands in it as one.
    pub fn condition(keys: &Keys, filter: &Filter) -> String {
        if !keys.are_pseudonyms() {
            return filter.text.clone();
        }
        filter.shown(|dimension, typed, sought| {
            // What was typed is a pseudonym where another text is sought.
            let is_named = dimension == CUSTOMER && typed == sought;
            if !is_named && !typed.contains('@') {
                return typed.to_owned();
            }
            let mut scratch = String::new();
            let key = key::normalise(typed.as_bytes(), &mut scratch);
            key.map_or_else(|| typed.to_owned(), |key| keys.shown(&String::from_utf8_lossy(key)))
        })
    }

    /// A plan that reads these exports under the default settings and computes nothing yet.
    pub fn new(requests: Vec<Request>) -> Plan {
        Plan {
            requests,
            maps: Vec::new(),
            presets: Choice::default(),
            aliases: AliasFlags::default(),
            keys: Keys::default(),
            delimiter: None,
            encoding: None,
            reading: Reading { zone: Tz::UTC, dates: None, decimal: None },
            zone_is_said: false,
            currency: None,
            scales: Scales::new(),
            tolerance: Tolerance { strict: false, most: 0.05 },
            keep_rejects: false,
            threads: 1,
            chunk: CHUNK,
            metrics: Vec::new(),
            every: false,
            breakdowns: vec![Vec::new()],
            relation_added: false,
            period: None,
            since: None,
            until: None,
            as_of: None,
            filter: None,
            windows: Windows::default(),
            hours: None,
            same_topic: false,
            anonymous_single: false,
            journey: Rules::default(),
            answers: Repeats::All,
            cluster: false,
            min_n: 5,
            confidence: 0.95,
            adjusted_wald: false,
            exact: false,
        }
    }

    /// Puts the windows of this run into a metric's definition or description, `no-repeat-{repeat}`, and whether its times
    /// are in business hours: `km-median{-business}`.
    pub fn words(&self, text: &str) -> String {
        let Windows { retention, repeat, response, .. } = self.windows;
        let age = match retention {
            Window::Length(_) => retention.to_string(),
            Window::Calendar(_) => "the period".to_owned(),
        };
        let text = ["-business", " in business hours"].iter().fold(text.to_owned(), |text, words| {
            text.replace(&format!("{{{words}}}"), if self.hours.is_some() { words } else { "" })
        });
        text.replace("{repeat}", &days(repeat))
            .replace("{window}", &retention.to_string())
            .replace("{age}", &age)
            .replace("{response}", &days(response))
    }
}

/// `7d`, or `36h` where it is not whole days.
pub fn days(window: i64) -> String {
    Window::Length(window).to_string()
}
