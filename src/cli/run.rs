//! `cxm report` and one command a metric: from flags to a plan, from the plan to the report, from the report to bytes.

use std::path::{Path, PathBuf};

use clap::{Args as _, Command};

use super::args::{Anonymous, Dates, ReadArgs, RunArgs, ShowArgs};
use super::output::{Console, Destination};
use super::reserved::Reserved;
use crate::customer::journey::Rules;
use crate::dimension;
use crate::error::{Error, Result};
use crate::metric::Metric;
use crate::pipeline::{self, Read};
use crate::plan::{Plan, Request, Windows};
use crate::scope;
use crate::source::encoding::Encoding;
use crate::source::field::Kind;
use crate::source::input::{self, Input};
use crate::source::opened::Opened;
use crate::table::layout::Reading;
use crate::table::ledger::{FileLedger, Tolerance};
use crate::table::rates::{Rates, Target};
use crate::table::rejects;
use crate::table::value::blank;
use crate::table::value::dates::{DateOrder, Place};
use crate::table::value::time::{TimeCell, TimeParser};
use crate::table::veil::Veil;

/// `cxm report`.
pub fn report_command() -> Command {
    let about =
        "Every metric that the exports allow: overall, by channel and by stage, with what was left out";
    RunArgs::augment_args(Command::new("report")).about(about)
}

/// Computes metrics and writes the report. With `every`, those that the exports do not allow are left out.
pub fn report(args: &RunArgs, metrics: &[&'static Metric], every: bool) -> anyhow::Result<()> {
    let console = Console::from(&args.read.verbosity);
    let plan = plan(args, metrics, every)?;
    let (destination, rejects) = reserve(&plan, &args.show, &args.read)?;
    let files = pipeline::open(&plan)?;
    scope::check_dimensions(&plan, &files)?;
    scope::check_metrics(&plan, &files)?;
    args.read.who.warn(&console);
    let read = read(&plan, files, rejects.as_ref(), &console)?;
    pipeline::check(&plan, &read.ledgers)?;
    let joined = pipeline::join(&plan, read.exports)?;
    let report = pipeline::report(&plan, &read.files, &read.ledgers, &joined)?;
    destination.write(&report, &console)
}

/// The places of the result and of the rejects, which must be writable before anything is read.
pub fn reserve(plan: &Plan, show: &ShowArgs, read: &ReadArgs) -> Result<(Destination, Option<Reserved>)> {
    let same = |one: &Path, other: &Path| Input::file(one).is_at(other) || in_place(one) == in_place(other);
    if read.rejects.as_deref().zip(show.output.as_deref()).is_some_and(|(one, other)| same(one, other)) {
        return Err(Error::usage("`--rejects` and `--output` name the same file").hint("name two files"));
    }
    let inputs: Vec<&Input> = plan.requests.iter().map(|request| &request.input).collect();
    let destination = Destination::open(show, &inputs)?;
    let rejects = read.rejects.as_deref().map(|path| Reserved::at("--rejects", path, &inputs)).transpose()?;
    Ok((destination, rejects))
}

/// Where a file that need not be there yet would be: its folder as it really is, and its name.
fn in_place(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Reads every export, accounts for each file, and writes the rejects where they are asked for.
pub fn read(plan: &Plan, files: Vec<Opened>, place: Option<&Reserved>, console: &Console) -> Result<Read> {
    let read = pipeline::read_all(plan, files)?;
    account(plan, &read.files, &read.ledgers, place, console)?;
    Ok(read)
}

/// Accounts for each file, and writes the rejects where they are asked for.
pub fn account(
    plan: &Plan,
    files: &[Opened],
    ledgers: &[FileLedger],
    place: Option<&Reserved>,
    console: &Console,
) -> Result<()> {
    for (file, ledger) in files.iter().zip(ledgers) {
        console.say(&ledger.sentence());
        let encoding = file.shown.encoding();
        if plan.encoding.is_none() && encoding == Encoding::Windows1252 {
            console.say(&format!(
                "{}: read as {encoding}, since it is not UTF-8; --encoding NAME if it is another",
                file.name
            ));
        }
    }
    if let Some(place) = place {
        let veil = |file: &'_ Opened| Veil::of(&file.mapping, file.delimiter, &plan.keys);
        let files = files.iter().zip(ledgers);
        let inputs = files.map(|(file, ledger)| ((&file.input, file.again()), ledger, veil(file)));
        rejects::write(place.written(), inputs, |cause| place.unwritable(&cause))?;
        place.keep()?;
    }
    Ok(())
}

fn plan(args: &RunArgs, metrics: &[&'static Metric], every: bool) -> Result<Plan> {
    let mut plan = reading_plan(&args.read)?;
    plan.metrics = metrics.to_vec();
    plan.every = every;
    plan.breakdowns = breakdowns(&args.by, every)?;
    plan.period = args.period.map(Into::into);
    plan.since = moment("--since", args.since.as_deref(), &args.read)?;
    plan.until = moment("--until", args.until.as_deref(), &args.read)?;
    if plan.since.zip(plan.until).is_some_and(|(since, until)| since >= until) {
        return Err(Error::usage("`--since` is not before `--until`, so that no row can count"));
    }
    if plan.since.zip(plan.as_of).is_some_and(|(since, as_of)| since > as_of) {
        return Err(Error::usage("`--since` is after `--as-of`, so that no row can count"));
    }
    plan.filter = args.filter.clone();
    plan.windows =
        Windows { retention: args.window.with(plan.period)?, repeat: args.repeat_window, ..plan.windows };
    plan.same_topic = args.same_topic;
    plan.anonymous_single = args.anonymous == Anonymous::Single;
    plan.min_n = args.min_n;
    plan.confidence = args.confidence;
    Ok(plan)
}

/// The part of a plan that says what to read.
pub fn reading_plan(args: &ReadArgs) -> Result<Plan> {
    let named = [
        (&args.surveys, Kind::Surveys),
        (&args.tickets, Kind::Tickets),
        (&args.purchases, Kind::Purchases),
        (&args.who.subscriptions, Kind::Subscriptions),
        (&args.who.customers, Kind::Customers),
    ];
    let mut requests = Vec::new();
    for (paths, kind) in
        std::iter::once((&args.exports, None)).chain(named.map(|(paths, kind)| (paths, Some(kind))))
    {
        for input in input::expand(paths)? {
            if requests.iter().any(|known: &Request| known.input.is_same(&input)) {
                if input == Input::stdin() {
                    return Err(input::read_twice());
                }
                return Err(Error::usage(format!(
                    "`{}` is given twice, and would be counted twice",
                    input.display()
                )));
            }
            let input = input.with_sheet(args.sheet.as_deref());
            requests.push(Request { input, kind });
        }
    }
    if requests.is_empty() {
        return Err(Error::usage("no export is given").hint("name the files: cxm report exports/*.csv"));
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Plan {
        maps: args.map.clone(),
        aliases: args.who.aliases(),
        keys: args.who.keys()?,
        delimiter: args.delimiter,
        encoding: args.encoding,
        reading: Reading { zone: args.tz, dates: date_order(args), decimal: args.decimal },
        currency: target(args)?,
        scales: args.scale.iter().copied().collect(),
        tolerance: Tolerance { strict: args.strict, most: args.max_rejects },
        keep_rejects: args.rejects.is_some(),
        threads: args.threads.map_or(cores, usize::from),
        as_of: moment("--as-of", args.as_of.as_deref(), args)?,
        windows: Windows { attribution: args.attribution, ..Windows::default() },
        journey: Rules {
            names: args.stage_name.iter().cloned().collect(),
            words: args.stage_rule.iter().cloned().collect(),
            ..Rules::default()
        },
        ..Plan::new(requests)
    })
}

/// The currency that amounts are to be in, with the rates of the others.
fn target(args: &ReadArgs) -> Result<Option<Target>> {
    match (&args.currency, &args.rates) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Error::usage("`--rates` is given without `--currency`")
            .hint("name the currency that the rates are in: --currency EUR")),
        (Some(code), file) => {
            let rates = file.as_ref().map(|file| Rates::read(&Input::file(file), code)).transpose()?;
            Ok(Some(Target { code: code.clone(), rates }))
        }
    }
}

/// More dimensions in one crossing would have more groups than there are numbers for them.
const MOST_CROSSED: usize = 6;

/// Overall, then each breakdown once; a report without `--by` is broken down by channel and by stage.
fn breakdowns(by: &[String], every: bool) -> Result<Vec<Vec<String>>> {
    let mut breakdowns: Vec<Vec<String>> = vec![Vec::new()];
    let usual = ["channel", "stage"].map(str::to_owned);
    let asked = if by.is_empty() && every { usual.as_slice() } else { by };
    for word in asked {
        let mut dimensions: Vec<String> = Vec::new();
        for name in word.split('*').map(dimension::named) {
            if name.is_empty() {
                return Err(Error::usage(format!("`--by {word}` lacks a dimension"))
                    .hint("write --by channel,stage or --by 'channel*stage'"));
            }
            if !dimensions.contains(&name) {
                dimensions.push(name);
            }
        }
        if dimensions.len() > MOST_CROSSED {
            return Err(Error::usage(format!(
                "`--by` crosses {} dimensions, and at most {MOST_CROSSED} can be",
                dimensions.len()
            ))
            .hint("cross fewer, or name them each alone with commas"));
        }
        if !breakdowns.contains(&dimensions) {
            breakdowns.push(dimensions);
        }
    }
    Ok(breakdowns)
}

/// The order of day and month that the user said.
fn date_order(args: &ReadArgs) -> Option<DateOrder> {
    args.dates.map(|dates| if dates == Dates::Dmy { DateOrder::DayFirst } else { DateOrder::MonthFirst })
}

/// A moment on the command line: the same forms as in an export, a bare date being its first instant.
fn moment(flag: &str, text: Option<&str>, args: &ReadArgs) -> Result<Option<i64>> {
    let Some(text) = text else { return Ok(None) };
    let place = Place { line: 1, column: flag };
    let cell = blank::trim(text.as_bytes());
    match TimeParser::new(args.tz, date_order(args)).parse(cell, place) {
        TimeCell::At(time) => Ok(Some(time)),
        _ => Err(Error::usage(format!("`{flag} {text}` is no time"))
            .hint(format!("write {flag} 2026-06-25 or {flag} 2026-06-25T22:00:00Z"))),
    }
}
