//! `cxm metrics`: the registry.

use clap::{Args, Command};

use super::args::ShowArgs;
use super::output::Destination;
use crate::assemble::heading;
use crate::metric::METRICS;
use crate::plan::Plan;
use crate::render;
use crate::report::Heading;

/// The flags of `cxm metrics`.
#[derive(Debug, Clone, Args)]
pub struct ListingArgs {
    #[command(flatten)]
    show: ShowArgs,
}

/// `cxm metrics`.
pub fn command() -> Command {
    let about = "The metrics: id, unit, definition and what each counts, under the default windows";
    ListingArgs::augment_args(Command::new("metrics")).about(about)
}

/// Lists the registry.
pub fn run(args: &ListingArgs) -> anyhow::Result<()> {
    let destination = Destination::open(&args.show, &[])?;
    let plan = Plan::new(Vec::new());
    let headings: Vec<Heading> = METRICS.iter().map(|metric| heading(&plan, metric)).collect();
    destination.put(&render::registry(&headings, destination.format(), destination.style()))
}
