//! `cxm inspect`: what was recognised, mapped, rejected and joined. It changes nothing.

use clap::{Args, Command};

use super::args::{ConfigArgs, ReadArgs, ReportArgs, ShowArgs};
use super::output::{Console, Destination};
use super::provenance;
use super::run::{read, reading_plan, reserve};
use super::settings::Settings;
use crate::assemble::{self, Found};
use crate::error::Error;
use crate::metric::METRICS;
use crate::pipeline;
use crate::render::{self, Format};
use crate::report::Unread;
use crate::source::opened::Opened;

/// The flags of `cxm inspect`.
#[derive(Debug, Clone, Args)]
pub struct InspectArgs {
    /// Every flag of a report, so that `--settings` can show what it would do.
    #[command(flatten)]
    report: ReportArgs,

    /// Show every setting of a report with where it came from, and of the exports the headers; takes all flags of cxm report
    #[arg(long)]
    settings: bool,
}

/// `cxm inspect`. What only `--settings` looks at is hidden.
pub fn command() -> Command {
    let about = "What was recognised, mapped, rejected and joined, as text or --format json; changes nothing";
    let own = ConfigArgs::augment_args(ShowArgs::augment_args(ReadArgs::augment_args(Command::new("own"))));
    let is_own = |id: &clap::Id| *id == "settings" || own.get_arguments().any(|arg| arg.get_id() == id);
    InspectArgs::augment_args(Command::new("inspect"))
        .about(about)
        .mut_args(|arg| if is_own(arg.get_id()) { arg } else { arg.requires("settings").hide(true) })
}

/// Reads everything and says what it found, or what it was told.
pub fn run(args: &InspectArgs, settings: &Settings) -> anyhow::Result<()> {
    let run = &args.report.run;
    if args.settings {
        let destination = Destination::open(&run.show, &[])?;
        let format = form(&destination)?;
        let text = render::settings(&provenance::note(&run.read, settings), format, destination.style());
        return destination.put(&text.unwrap_or_default());
    }
    let console = Console::from(&run.read.verbosity);
    let mut plan = reading_plan(&run.read, settings)?;
    console.config(settings);
    let (destination, rejects) = reserve(&plan, &run.show, &run.read)?;
    let format = form(&destination)?;
    plan.metrics = METRICS.to_vec();
    plan.every = true;
    let (mut files, errors) = pipeline::open_each(&mut plan)?;
    run.read.who.warn(&console);
    let samples = files.iter_mut().map(Opened::samples).collect::<Result<Vec<_>, Error>>()?;
    let read = read(&plan, files, rejects.as_ref(), &console)?;
    // Where nothing can be used there is nothing to join, and most to be told.
    let joined = pipeline::join(&plan, read.exports).ok();
    let unread = errors.iter().map(|(path, error)| Unread {
        path: path.clone(),
        error: error.to_string(),
        hint: error.advice().map(str::to_owned),
    });
    let found = Found {
        files: &read.files,
        ledgers: &read.ledgers,
        samples: &samples,
        unread: unread.collect(),
        joined: joined.as_ref(),
    };
    let text = render::inspection(&assemble::inspection(&plan, found), format, destination.style());
    destination.put(&text.unwrap_or_default())?;
    errors.into_iter().next().map_or(Ok(()), |(_, error)| Err(error.into()))
}

/// The form of the answer: text unless JSON was asked for.
fn form(destination: &Destination) -> anyhow::Result<Format> {
    let format = destination.asked().unwrap_or(Format::Table);
    if matches!(format, Format::Table | Format::Json) {
        return Ok(format);
    }
    Err(Error::usage(format!("`inspect` has no form as {format}"))
        .hint("pass --format table or --format json")
        .into())
}
