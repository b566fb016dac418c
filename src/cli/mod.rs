//! The command line: one file a command, groups of shared flags, and the one place that prints.

mod args;
mod baseline;
mod check;
mod compare;
mod defined;
mod definitions;
mod demo;
mod explain;
mod init;
mod inspect;
mod listing;
mod output;
mod power;
mod presets;
mod provenance;
mod refusal;
mod reserved;
mod rows;
mod run;
mod settings;
mod sources;
mod trend;
mod values;
mod who;

use std::process::ExitCode;

use clap::{ArgMatches, Args as _, Command, FromArgMatches};

use crate::error::Error;
use crate::metric::{METRICS, Metric};
use crate::plan::Plan;
use args::{RunArgs, Verbosity};
use output::Console;
use settings::Settings;

/// Parses the command line, runs it, prints what failed and returns the exit status.
pub fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return refused(&error),
    };
    match status(&matches) {
        Ok(status) => ExitCode::from(status),
        Err(error) => failed(&error),
    }
}

/// Prints the error and its causes. What is no error of ours is clap's: the command line is wrong.
fn failed(error: &anyhow::Error) -> ExitCode {
    Console::new(false).error(error);
    ExitCode::from(error.downcast_ref::<Error>().map_or(2, Error::status))
}

/// The whole command line: every metric of the registry is a command.
pub fn command() -> Command {
    let metrics = METRICS.iter().fold(Vec::<Command>::new(), |mut commands, metric| {
        if !commands.iter().any(|known| known.get_name() == metric.command()) {
            commands.push(metric_command(metric));
        }
        commands
    });
    Command::new("cxm")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Customer-experience metrics from raw exports, each with its n, its interval and what was left out")
        .after_help(EXAMPLES)
        .subcommand_required(true)
        .max_term_width(100)
        .subcommand(run::report_command())
        .subcommand(trend::command())
        .subcommand(explain::command())
        .subcommand(compare::command())
        .subcommand(power::command())
        .subcommand(inspect::command())
        .subcommand(rows::command())
        .subcommand(presets::command())
        .subcommand(listing::command())
        .subcommand(check::command())
        .subcommand(definitions::command())
        .subcommand(init::command())
        .subcommand(demo::command())
        .subcommands(metrics)
}

const EXAMPLES: &str = "\
Examples:
  cxm demo exports                             write sample exports to try it on
  cxm inspect exports/*.csv                    what was recognised, rejected and joined
  cxm report exports/*.csv                     every metric, overall, by channel and by stage
  cxm report exports/*.csv --customers crm.csv --by region
  cxm nps exports/surveys.csv --by channel     one metric
  cxm fcr exports/tickets.csv --by topic --format csv
  cxm trend nps exports/surveys.csv            a value a week, its limits, and what is a signal
  cxm explain nps exports/surveys.csv --from 2026-04 --to 2026-05 --by channel
  cxm compare nps exports/surveys.csv --by channel
  cxm power nps --promoters 50 --detractors 20 --change 5
  cxm init exports/*.csv                       write a cxm.toml; from then on: cxm report
  cxm check exports/*.csv --gate 'nps >= 30'   for CI: status 1 when a gate fails
  cxm presets                                  the vendors' exports that are known

Exit status: 0 done, 1 a gate of check failed, 2 the command line or the config is wrong, 3 an export cannot be used, \
4 the output cannot be written, 5 no gate failed but one had not enough data.";

fn metric_command(metric: &Metric) -> Command {
    let about = format!("{}: {}", metric.title, Plan::new(Vec::new()).words(metric.about));
    RunArgs::augment_args(Command::new(metric.command())).about(about)
}

/// Runs the command and returns its exit status.
fn status(matches: &ArgMatches) -> anyhow::Result<u8> {
    match matches.subcommand() {
        Some(("check", matches)) => {
            let (args, settings) = settled("check", matches)?;
            check::run(&args, &settings)
        }
        _ => run(matches).map(|()| 0),
    }
}

fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    match matches.subcommand() {
        Some(("report", matches)) => {
            let (args, settings) = settled("report", matches)?;
            run::every(&args, &settings)
        }
        Some(("trend", matches)) => {
            let (args, settings) = settled("trend", matches)?;
            trend::run(&args, &settings)
        }
        Some(("explain", matches)) => {
            let (args, settings) = settled("explain", matches)?;
            explain::run(&args, &settings)
        }
        Some(("compare", matches)) => {
            let (args, settings) = settled("compare", matches)?;
            compare::run(&args, &settings)
        }
        Some(("power", matches)) => {
            let (args, settings) = settled("power", matches)?;
            power::run(&args, &settings)
        }
        Some(("inspect", matches)) => {
            let (args, settings) = settled("inspect", matches)?;
            inspect::run(&args, &settings)
        }
        Some(("rows", matches)) => {
            let (args, settings) = settled("rows", matches)?;
            rows::run(&args, &settings)
        }
        Some(("presets", matches)) => {
            let (args, settings) = settled("presets", matches)?;
            presets::run(&args, &settings)
        }
        Some(("definitions", matches)) => {
            let (args, settings) = settled("definitions", matches)?;
            definitions::run(&args, &settings)
        }
        Some(("init", matches)) => init::run(&parsed(matches)?, matches),
        Some(("metrics", matches)) => listing::run(&parsed(matches)?),
        Some(("demo", matches)) => demo::run(&parsed(matches)?),
        Some((name, matches)) => {
            let metrics: Vec<&'static Metric> =
                METRICS.iter().copied().filter(|metric| metric.command() == name).collect();
            let (args, settings) = settled::<RunArgs>(name, matches)?;
            run::report(&args, &settings, &metrics, false)
        }
        None => {
            let hint = "start with cxm report exports/*.csv, or see cxm --help";
            Err(Error::usage("no command is given").hint(hint).into())
        }
    }
}

fn parsed<A: FromArgMatches>(matches: &ArgMatches) -> anyhow::Result<A> {
    Ok(A::from_arg_matches(matches)?)
}

/// The flags of a command with the settings of the config beneath them.
fn settled<A: FromArgMatches>(name: &str, typed: &ArgMatches) -> anyhow::Result<(A, Settings)> {
    let settings = Settings::of(typed)?;
    if settings.config.is_none() {
        return Ok((parsed(typed)?, settings));
    }
    let whole = command();
    let line = std::env::args_os().collect();
    let merged = match whole.find_subcommand(name) {
        Some(command) => settings.merged(command, line),
        None => line,
    };
    let matches = whole.try_get_matches_from(merged)?;
    let args = matches.subcommand_matches(name).unwrap_or(typed);
    Ok((parsed(args)?, settings))
}

/// Help and version go to standard output with status 0, everything else is a usage error.
fn refused(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // A closed pipe behind `cxm --help | head` is nobody's error.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let typed: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    failed(&refusal::told(error, &command(), &typed).into())
}

impl From<&Verbosity> for Console {
    fn from(verbosity: &Verbosity) -> Self {
        Console::new(verbosity.quiet)
    }
}
