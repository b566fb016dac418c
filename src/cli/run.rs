//! `cxm report` and one command a metric: from flags to a plan, from the plan to the report, from the report to bytes.

use std::path::{Path, PathBuf};

use clap::{Args as _, Command};

use super::args::{Anonymous, Interval, ReadArgs, ReportArgs, RunArgs, ShowArgs};
use super::defined::{defined, with_scales_of};
use super::output::{Console, Destination};
use super::reserved::Reserved;
use super::settings::Settings;
use super::{sources, values};
use crate::customer::Joined;
use crate::customer::journey::Rules;
use crate::dimension;
use crate::error::{Error, Result};
use crate::hours::Hours;
use crate::metric::{METRICS, Metric};
use crate::pipeline::{self, Read};
use crate::plan::{Plan, Windows};
use crate::scope;
use crate::source::encoding::Encoding;
use crate::source::input::Input;
use crate::source::opened::Opened;
use crate::source::preset::{Choice, user_presets};
use crate::table::layout::Reading;
use crate::table::ledger::{FileLedger, Tolerance};
use crate::table::rates::{Rates, Target};
use crate::table::rejects;
use crate::table::value::blank;
use crate::table::value::dates::Place;
use crate::table::value::time::{TimeCell, TimeParser};
use crate::table::veil::Veil;
use crate::text::{self, count, list, thousands};

/// `cxm report`.
pub fn report_command() -> Command {
    let about =
        "Every metric that the exports allow: overall, by channel and by stage, with what was left out";
    ReportArgs::augment_args(Command::new("report")).about(about)
}

/// `cxm report`: the metrics asked for, else all, where the exports allow them.
pub fn every(args: &ReportArgs, settings: &Settings) -> anyhow::Result<()> {
    let asked = |metric: &&Metric| args.metrics.is_empty() || args.metrics.contains(&metric.id);
    let metrics: Vec<&'static Metric> = METRICS.iter().copied().filter(asked).collect();
    report(&args.run, settings, &metrics, true)
}

/// Computes metrics and writes the report. With `every`, those that the exports do not allow are left out.
pub fn report(
    args: &RunArgs,
    settings: &Settings,
    metrics: &[&'static Metric],
    every: bool,
) -> anyhow::Result<()> {
    let run = Run::of(plan(args, settings, metrics, every)?, args, settings)?;
    say_of_gates(settings, &run.console);
    let report = pipeline::report(&run.plan, &run.files, &run.ledgers, &run.joined)?;
    run.destination.write(&report, &run.console)
}

/// Exports that were read and joined, and where what they say is to go.
pub struct Run {
    /// What was asked.
    pub plan: Plan,
    /// The exports, in the order given.
    pub files: Vec<Opened>,
    /// What happened to their rows, in the same order.
    pub ledgers: Vec<FileLedger>,
    /// One customer from all of them.
    pub joined: Joined,
    /// Where the result goes.
    pub destination: Destination,
    /// Where everything else goes.
    pub console: Console,
}

impl Run {
    /// Reads and joins the exports of a plan, and says what became of each.
    ///
    /// # Errors
    /// When an export cannot be used, or what is asked for is not to be had from them.
    pub fn of(mut plan: Plan, args: &RunArgs, settings: &Settings) -> anyhow::Result<Run> {
        let console = Console::from(&args.read.verbosity);
        console.config(settings);
        let (destination, rejects) = reserve(&plan, &args.show, &args.read)?;
        let files = pipeline::open(&mut plan)?;
        scope::check_dimensions(&plan, &files)?;
        scope::check_metrics(&plan, &files)?;
        args.read.who.warn(&console);
        let Read { files, ledgers, exports } = read(&plan, files, rejects.as_ref(), &console)?;
        pipeline::check(&plan, &files, &ledgers)?;
        let joined = pipeline::join(&plan, exports)?;
        Ok(Run { plan, files, ledgers, joined, destination, console })
    }
}

fn say_of_gates(settings: &Settings, console: &Console) {
    if settings
        .config
        .as_ref()
        .is_some_and(|config| config.entries.iter().any(|entry| entry.setting.key == "gates"))
    {
        console.say("the gates of the config are not judged here: cxm check judges them");
    }
}

/// The places of the result and of the rejects, which must be writable before anything is read.
pub fn reserve(plan: &Plan, show: &ShowArgs, read: &ReadArgs) -> Result<(Destination, Option<Reserved>)> {
    if read.rejects.as_deref().zip(show.output.as_deref()).is_some_and(|(one, other)| are_same(one, other)) {
        return Err(Error::usage("`--rejects` and `--output` name the same file").hint("name two files"));
    }
    let inputs: Vec<&Input> = plan.requests.iter().map(|request| &request.input).collect();
    let destination = Destination::open(show, &inputs)?;
    let rejects = read.rejects.as_deref().map(|path| Reserved::at("--rejects", path, &inputs)).transpose()?;
    Ok((destination, rejects))
}

/// Whether two names are of one file, which need not be there yet.
pub fn are_same(one: &Path, other: &Path) -> bool {
    Input::file(one).is_at(other) || in_place(one) == in_place(other)
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
    for ((file, ledger), request) in files.iter().zip(ledgers).zip(&plan.requests) {
        console.say(&ledger.sentence());
        let encoding = file.shown.encoding();
        if plan.options(request).encoding.is_none() && encoding == Encoding::Windows1252 {
            console.say(&format!(
                "{}: read as {encoding}, since it is not UTF-8; --encoding NAME if it is another",
                file.name
            ));
        }
    }
    parts(files).iter().for_each(|sentence| console.say(sentence));
    if let Some(place) = place {
        let veil = |file: &'_ Opened| Veil::of(&file.mapping, file.delimiter, &plan.keys);
        let files = files.iter().zip(ledgers);
        let inputs = files.map(|(file, ledger)| ((&file.input, file.again()), ledger, veil(file)));
        rejects::write(place.written(), inputs, |cause| place.unwritable(&cause))?;
        place.keep()?;
    }
    Ok(())
}

/// For each export that holds the rest of others' rows a sentence on its own.
fn parts(files: &[Opened]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for parts in files.iter().filter_map(|file| file.input.parts()) {
        let others = files.iter().filter(|file| file.input.parts() == Some(parts));
        let others: Vec<&str> = others.map(|file| file.name.as_str()).collect();
        let sentences = parts.accounts().map(|(name, _, account)| {
            let joined =
                format!("{name}: {} joined to those of {}", count(account.rows, "row"), list(&others));
            let odd = [
                (account.unmatched, "to none of them"),
                (account.repeated, "with the id of a later one"),
                (account.rejected, "rejected: ragged-row"),
            ];
            let odd =
                odd.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", thousands(*n)));
            joined + &odd.collect::<String>()
        });
        for sentence in sentences {
            if !told.contains(&sentence) {
                told.push(sentence);
            }
        }
    }
    told
}

/// The usual definitions of a metric; flags and config may ask for others.
pub fn usual(id: &str) -> Vec<&'static Metric> {
    METRICS.iter().copied().filter(|metric| metric.id == id).collect()
}

/// The plan that flags and config say.
///
/// # Errors
/// When they contradict each other, or a time is none.
pub fn plan(args: &RunArgs, settings: &Settings, metrics: &[&'static Metric], every: bool) -> Result<Plan> {
    let mut plan = reading_plan(&args.read, settings)?;
    plan.metrics = defined(metrics, &args.def)?;
    plan.scales = with_scales_of(&plan.metrics, plan.scales)?;
    plan.every = every;
    plan.breakdowns = breakdowns(&args.by, every, settings)?;
    plan.period = args.period.map(Into::into);
    plan.since = moment("since", args.since.as_deref(), &args.read, settings)?;
    plan.until = moment("until", args.until.as_deref(), &args.read, settings)?;
    if plan.since.zip(plan.until).is_some_and(|(since, until)| since >= until) {
        let [since, until] = ["since", "until"].map(|flag| settings.name(flag));
        return Err(Error::usage(format!("{since} is not before {until}, so that no row can count")));
    }
    if plan.since.zip(plan.as_of).is_some_and(|(since, as_of)| since > as_of) {
        let [since, as_of] = ["since", "as-of"].map(|flag| settings.name(flag));
        return Err(Error::usage(format!("{since} is after {as_of}, so that no row can count")));
    }
    plan.filter = args.filter.clone();
    plan.windows = Windows {
        retention: args.window.with(plan.period)?,
        repeat: args.repeat_window,
        response: args.response_window,
        ..plan.windows
    };
    let hours = |file: &PathBuf| Hours::open(file, plan.zone(), values::zone);
    plan.hours = args.business_hours.as_ref().map(hours).transpose()?;
    plan.same_topic = args.same_topic;
    plan.anonymous_single = args.anonymous == Anonymous::Single;
    plan.answers = args.answers.into();
    plan.cluster = args.cluster;
    plan.min_n = args.min_n;
    plan.confidence = args.confidence;
    plan.adjusted_wald = args.interval.contains(&Interval::AdjustedWald);
    plan.exact = args.interval.contains(&Interval::Exact);
    Ok(plan)
}

/// The part of a plan that says what to read.
pub fn reading_plan(args: &ReadArgs, settings: &Settings) -> Result<Plan> {
    let requests = sources::requests(args, settings)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Plan {
        maps: args.map.clone(),
        aliases: args.who.aliases(),
        keys: args.who.keys()?,
        delimiter: args.delimiter,
        encoding: args.encoding,
        reading: Reading { zone: args.tz, dates: args.dates.map(Into::into), decimal: args.decimal },
        zone_is_said: settings.is_said("tz"),
        currency: target(args)?,
        scales: args.scale.iter().copied().collect(),
        tolerance: Tolerance { strict: args.strict, most: args.max_rejects },
        keep_rejects: args.rejects.is_some(),
        threads: args.threads.map_or(cores, usize::from),
        presets: presets(settings)?,
        as_of: moment("as-of", args.as_of.as_deref(), args, settings)?,
        windows: Windows { attribution: args.attribution, ..Windows::default() },
        journey: journey(args, settings)?,
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
fn breakdowns(by: &[String], every: bool, settings: &Settings) -> Result<Vec<Vec<String>>> {
    let mut breakdowns: Vec<Vec<String>> = vec![Vec::new()];
    let usual = ["channel", "stage"].map(str::to_owned);
    let asked = if by.is_empty() && every { usual.as_slice() } else { by };
    for word in asked {
        let mut dimensions: Vec<String> = Vec::new();
        for name in word.split('*').map(dimension::named) {
            if name.is_empty() {
                return Err(Error::usage(format!("{} lacks a dimension", settings.told("by", word)))
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

/// The stages of the journey and how rows find theirs.
fn journey(args: &ReadArgs, settings: &Settings) -> Result<Rules> {
    let mut rules =
        Rules { onboarding: args.onboarding, after_purchase: args.after_purchase, ..Rules::default() };
    let twice = args.stages.iter().enumerate().find(|(at, stage)| args.stages[..*at].contains(stage));
    if let Some((_, stage)) = twice {
        return Err(Error::usage(format!("{} is named twice", settings.told("stages", stage))));
    }
    rules.stages = args.stages.clone();
    for (flag, pairs) in [("stage-name", &args.stage_name), ("stage-rule", &args.stage_rule)] {
        let unknown = pairs.iter().find(|(_, stage)| !rules.stages.contains(stage));
        if let Some((word, stage)) = unknown {
            let told = settings.told(flag, &format!("{word}={stage}"));
            return Err(no_stage(&told, stage, &rules.stages));
        }
    }
    rules.names = args.stage_name.iter().cloned().collect();
    rules.words = args.stage_rule.iter().cloned().collect();
    Ok(rules)
}

fn no_stage(told: &str, stage: &str, stages: &[String]) -> Error {
    let near = text::nearest(stage, stages.iter().map(String::as_str));
    let hint = if near.is_empty() {
        format!("the stages are {}", text::list(stages))
    } else {
        format!("did you mean {}?", text::either(&near))
    };
    Error::usage(format!("{told} names no stage: `{stage}`")).hint(hint)
}

/// The presets, with the user's own: those of the folder that the config names, else of the usual one beside it, if it
/// is there.
pub fn presets(settings: &Settings) -> Result<Choice> {
    let Some(config) = &settings.config else { return Ok(Choice::default()) };
    let entry = config.entries.iter().find(|entry| entry.setting.key == "presets");
    let Some(named) = entry.and_then(|entry| entry.values.first()) else {
        return presets_beside(config.folder());
    };
    let folder = Path::new(&named.text);
    if !folder.is_dir() {
        let cause = format!("`{}` is no folder", named.text);
        return Err(Error::usage(cause).said_on(&config.place(named.line)));
    }
    user_presets(folder).map(Choice::with)
}

/// The presets, with the user's own that a config in that folder finds.
pub fn presets_beside(folder: &Path) -> Result<Choice> {
    let usual = folder.join("presets");
    if usual.is_dir() { user_presets(&usual).map(Choice::with) } else { Ok(Choice::default()) }
}

/// A moment on the command line: the same forms as in an export, a bare date being its first instant.
pub fn moment(flag: &str, text: Option<&str>, args: &ReadArgs, settings: &Settings) -> Result<Option<i64>> {
    let Some(text) = text else { return Ok(None) };
    let place = Place { line: 1, column: flag };
    let cell = blank::trim(text.as_bytes());
    match TimeParser::new(args.tz, args.dates.map(Into::into)).parse(cell, place) {
        TimeCell::At(time) => Ok(Some(time)),
        _ => Err(Error::usage(format!("{} is no time", settings.told(flag, text))).hint(
            settings
                .example(flag)
                .unwrap_or_else(|| format!("write --{flag} 2026-06-25 or --{flag} 2026-06-25T22:00:00Z")),
        )),
    }
}
