//! `cxm inspect`: what was recognised, mapped, rejected and joined. It changes nothing.

use clap::{Args, Command};

use super::args::{ReadArgs, ShowArgs};
use super::output::Console;
use super::run::{read, reading_plan, reserve};
use crate::assemble;
use crate::error::Error;
use crate::metric::METRICS;
use crate::pipeline;
use crate::render::{self, Format};

/// The flags of `cxm inspect`.
#[derive(Debug, Clone, Args)]
pub struct InspectArgs {
    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    show: ShowArgs,
}

/// `cxm inspect`.
pub fn command() -> Command {
    let about = "What was recognised, mapped, rejected and joined, as text or --format json; changes nothing";
    InspectArgs::augment_args(Command::new("inspect")).about(about)
}

/// Reads everything and says what it found.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let console = Console::from(&args.read.verbosity);
    let mut plan = reading_plan(&args.read)?;
    let (destination, rejects) = reserve(&plan, &args.show, &args.read)?;
    let format = destination.asked().unwrap_or(Format::Table);
    if !matches!(format, Format::Table | Format::Json) {
        return Err(Error::usage(format!("`inspect` has no form as {format}"))
            .hint("pass --format table or --format json")
            .into());
    }
    plan.metrics = METRICS.to_vec();
    plan.every = true;
    let files = pipeline::open(&plan)?;
    args.read.who.warn(&console);
    let read = read(&plan, files, rejects.as_ref(), &console)?;
    // Where nothing can be used there is nothing to join, and most to be told.
    let joined = pipeline::join(&plan, read.exports).ok();
    let found = assemble::inspection(&plan, &read.files, &read.ledgers, joined.as_ref());
    let text = render::inspection(&found, format, destination.style());
    destination.put(&text.unwrap_or_default())
}
