//! The flags that commands share. Their doc comments are their help.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::values;
use super::who::WhoArgs;
use crate::customer::journey::STAGES;
use crate::dimension;
use crate::filter::Filter;
use crate::plan::Repeats;
use crate::source::encoding::Encoding;
use crate::source::field::MapFlag;
use crate::table::value::dates::DateOrder;
use crate::tally::Scale;

/// What to read, and how.
#[derive(Debug, Clone, Args)]
pub struct ReadArgs {
    /// Exports (CSV, TSV, JSON, NDJSON, Parquet, XLSX, XLS or ODS, plain or .gz, .zst, .zip), told apart by their headers; globs, and `-` for standard input; they replace the sources of a config
    #[arg(value_name = "EXPORT")]
    pub exports: Vec<String>,

    /// An export of survey answers, whatever its header looks like
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub surveys: Vec<String>,

    /// An export of support tickets
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub tickets: Vec<String>,

    /// An export of purchases
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub purchases: Vec<String>,

    #[command(flatten)]
    pub who: WhoArgs,

    /// Say which column is a field: surveys.score="Q12_1"; without a column, none is: tickets.rating=
    #[arg(long, value_name = "KIND.FIELD=COLUMN", value_parser = values::map, help_heading = "Reading")]
    pub map: Vec<MapFlag>,

    /// The sheet of a workbook, by its name or its number from 1 (the only one that looks like a table)
    #[arg(long, value_name = "SHEET", help_heading = "Reading")]
    pub sheet: Option<String>,

    /// The character between columns: `,` `;` `|` or `tab` (told from the header)
    #[arg(long, value_name = "CHAR", value_parser = values::delimiter, help_heading = "Reading")]
    pub delimiter: Option<u8>,
    /// utf-8, utf-16le, utf-16be, windows-1252 or latin-1, for all exports (told from the bytes of each)
    #[arg(long, value_name = "NAME", value_parser = values::encoding, help_heading = "Reading")]
    pub encoding: Option<Encoding>,

    /// The decimal mark, `.` or `,` (told from the first rows; else a comma where `;` stands between columns)
    #[arg(long, value_name = "MARK", value_parser = values::decimal, help_heading = "Reading")]
    pub decimal: Option<crate::table::value::number::Decimal>,

    /// The order of day and month in dates such as 03/04/2026 (told from the file where it proves it)
    #[arg(long, value_enum, help_heading = "Reading")]
    pub dates: Option<Dates>,

    /// The zone of times that name none, and of calendar periods: an IANA name
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = values::zone, help_heading = "Reading")]
    pub tz: chrono_tz::Tz,

    /// The currency that spend is counted in; amounts in others are left out, or converted with --rates
    #[arg(long, value_name = "CODE", value_parser = values::currency, help_heading = "Reading")]
    pub currency: Option<String>,

    /// What one unit of each other currency is worth in that of --currency: a CSV of currency,rate
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub rates: Option<PathBuf>,

    /// The scale of a question: csat=1-7 (told from the answers)
    #[arg(long, value_name = "METRIC=LOW-HIGH", value_parser = values::scale, help_heading = "Reading")]
    pub scale: Vec<(&'static str, Scale)>,

    /// The preset of a vendor's exports, or `none`: for all exports given, or for those of a kind: tickets=zendesk-csv (told from the headers)
    #[arg(long, value_name = "[KIND=]NAME", value_parser = values::preset, help_heading = "Reading")]
    pub preset: Vec<values::Preset>,

    /// The stages of the journey, in their order
    #[arg(long, value_name = "STAGE,…", value_delimiter = ',', default_values_t = STAGES.map(str::to_owned), value_parser = values::stage, help_heading = "Reading")]
    pub stages: Vec<String>,

    /// Another word for a stage: aftercare=support
    #[arg(long, value_name = "WORD=STAGE", value_parser = values::pair, help_heading = "Reading")]
    pub stage_name: Vec<(String, String)>,

    /// The stage of a touchpoint, topic or survey: billing=renewal
    #[arg(long, value_name = "WORD=STAGE", value_parser = values::pair, help_heading = "Reading")]
    pub stage_rule: Vec<(String, String)>,

    /// Stop at the first row that cannot be used
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, hide_possible_values = true, action = ArgAction::Set, help_heading = "Reading")]
    pub strict: bool,

    /// How much of a file may be unusable before the run stops; rows that are no data do not count
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = values::percent, allow_negative_numbers = true, help_heading = "Reading")]
    pub max_rejects: f64,

    /// Write the rows that cannot be used or are no data, whole, with file, line and reason
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub rejects: Option<PathBuf>,

    /// Nothing happened after this moment (default: the latest time in the exports)
    #[arg(long, value_name = "TIME", help_heading = "Windows")]
    pub as_of: Option<String>,

    /// An answer is about a ticket or an order at most this long before it
    #[arg(long, value_name = "DAYS", default_value = "14d", value_parser = values::window, allow_negative_numbers = true, help_heading = "Windows")]
    pub attribution: i64,

    /// A ticket this soon after a customer's first purchase is about getting started
    #[arg(long, value_name = "DAYS", default_value = "30d", value_parser = values::window, allow_negative_numbers = true, help_heading = "Windows")]
    pub onboarding: i64,

    /// An answer this soon after a purchase is about that purchase
    #[arg(long, value_name = "DAYS", default_value = "3d", value_parser = values::window, allow_negative_numbers = true, help_heading = "Windows")]
    pub after_purchase: i64,

    /// How many threads may work (default: all cores); the result is the same
    #[arg(long, value_name = "N", value_parser = values::threads, allow_negative_numbers = true)]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub verbosity: Verbosity,
}

/// What goes to standard error.
#[derive(Debug, Clone, Args)]
pub struct Verbosity {
    /// Say nothing on standard error but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// What to compute, and how to show it.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub read: ReadArgs,

    /// Break down by these dimensions, each alone; `a*b` crosses them
    #[arg(long, value_name = "DIMENSION,…", value_delimiter = ',', help_heading = "Grouping")]
    pub by: Vec<String>,

    /// One value per calendar period
    #[arg(long, value_enum, help_heading = "Grouping")]
    pub period: Option<Period>,

    /// Count answers and tickets from this moment
    #[arg(long, value_name = "TIME", help_heading = "Grouping")]
    pub since: Option<String>,

    /// Count answers and tickets before this moment
    #[arg(long, value_name = "TIME", help_heading = "Grouping")]
    pub until: Option<String>,

    /// Count only these cases: 'country = "NL" and channel != "bot"'
    #[arg(long = "where", value_name = "CONDITION", value_parser = values::filter, help_heading = "Grouping")]
    pub filter: Option<Filter>,

    /// Which answers count where a customer answered a question more than once in a period
    #[arg(long, value_enum, default_value = "all", help_heading = "Judging")]
    pub answers: AnswersOf,

    /// Take a customer's answers for one another's likes: intervals rest on how customers differ, not answers
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, hide_possible_values = true, action = ArgAction::Set, help_heading = "Judging")]
    pub cluster: bool,

    /// Do not show groups of fewer cases
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = values::count, allow_negative_numbers = true, help_heading = "Grouping")]
    pub min_n: u64,

    /// Count by another definition: csat=top1, fcr=zendesk; several of one metric stand side by side. `cxm definitions` lists them
    #[arg(long, value_name = "[METRIC=]NAME", value_parser = values::definition, help_heading = "Judging")]
    pub def: Vec<values::Definition>,

    /// The confidence of the intervals, between 0.5 and 0.9999
    #[arg(long, value_name = "LEVEL", default_value = "0.95", value_parser = values::confidence, allow_negative_numbers = true, help_heading = "Judging")]
    pub confidence: f64,

    /// Other intervals than the usual: adjusted-wald for net scores (usual: score), exact for shares (usual: Wilson)
    #[arg(long, value_enum, value_name = "METHOD,…", value_delimiter = ',', help_heading = "Judging")]
    pub interval: Vec<Interval>,

    /// W of retention and churn; `period` compares the calendar periods of --period
    #[arg(long, value_name = "DAYS", default_value = "90d", value_parser = values::retention, allow_negative_numbers = true, help_heading = "Windows")]
    pub window: values::Retention,

    /// A ticket this soon after an issue's end is a repeat contact
    #[arg(long, value_name = "DAYS", default_value = "7d", value_parser = values::window, allow_negative_numbers = true, help_heading = "Windows")]
    pub repeat_window: i64,

    /// An invitation counts when it is this old
    #[arg(long, value_name = "DAYS", default_value = "14d", value_parser = values::window, allow_negative_numbers = true, help_heading = "Windows")]
    pub response_window: i64,

    /// Count the times of tickets in the hours of this file alone: a TOML of zone, hours and holidays (default: day and night)
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    pub business_hours: Option<PathBuf>,

    /// Only tickets of one topic are one issue
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, hide_possible_values = true, action = ArgAction::Set, help_heading = "Judging")]
    pub same_topic: bool,

    /// What a ticket without a customer is: left out, or an issue of its own
    #[arg(long, value_enum, default_value = "exclude", help_heading = "Judging")]
    pub anonymous: Anonymous,

    #[command(flatten)]
    pub config: ConfigArgs,

    #[command(flatten)]
    pub show: ShowArgs,
}

/// What a report shows, beyond what one metric does.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub run: RunArgs,

    /// Only these metrics, where the exports allow them (default: all)
    #[arg(long, value_name = "METRIC,…", value_delimiter = ',', value_parser = values::metric, help_heading = "Grouping")]
    pub metrics: Vec<&'static str>,
}

/// Where settings come from that no flag says.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    /// Exports and settings, as `cxm init` writes them (default: cxm.toml in this folder, if it is there); flags win
    #[arg(long, short, value_name = "FILE", conflicts_with = "no_config", help_heading = "Reading")]
    pub config: Option<PathBuf>,

    /// Do not look for a cxm.toml
    #[arg(long, help_heading = "Reading")]
    pub no_config: bool,
}

/// Where the result goes, and in what form.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// table (on a terminal), csv (in a pipe), tsv, json, jsonl or md
    #[arg(long, value_name = "FORMAT", value_parser = values::format, help_heading = "Output")]
    pub format: Option<crate::render::Format>,

    /// Write to a file, which is replaced only when everything worked
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Bold headings: on a terminal, always, or never
    #[arg(long, value_enum, default_value = "auto", help_heading = "Output")]
    pub color: ColorChoice,
}

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// `--dates`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dates {
    /// Day first.
    Dmy,
    /// Month first.
    Mdy,
}

impl From<Dates> for DateOrder {
    fn from(dates: Dates) -> Self {
        match dates {
            Dates::Dmy => DateOrder::DayFirst,
            Dates::Mdy => DateOrder::MonthFirst,
        }
    }
}

/// `--interval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Interval {
    /// Adjusted Wald for net scores.
    AdjustedWald,
    /// Clopper and Pearson's for shares.
    Exact,
}

/// `--answers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswersOf {
    /// Every answer.
    All,
    /// The last one.
    Latest,
    /// The first one.
    First,
    /// All of them as one.
    Mean,
}

impl From<AnswersOf> for Repeats {
    fn from(answers: AnswersOf) -> Self {
        match answers {
            AnswersOf::All => Repeats::All,
            AnswersOf::Latest => Repeats::Latest,
            AnswersOf::First => Repeats::First,
            AnswersOf::Mean => Repeats::Mean,
        }
    }
}

/// `--anonymous`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Anonymous {
    /// Left out and counted.
    Exclude,
    /// An issue of its own.
    Single,
}

/// `--period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Period {
    /// Calendar days.
    Day,
    /// ISO weeks, from Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

impl From<Period> for dimension::Period {
    fn from(period: Period) -> Self {
        match period {
            Period::Day => dimension::Period::Day,
            Period::Week => dimension::Period::Week,
            Period::Month => dimension::Period::Month,
            Period::Quarter => dimension::Period::Quarter,
            Period::Year => dimension::Period::Year,
        }
    }
}
