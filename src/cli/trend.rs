//! `cxm trend`: a metric over calendar periods, with limits and signals.

use clap::{Args, Command};

use super::args::{Period, RunArgs};
use super::run::{Run, plan, usual};
use super::settings::Settings;
use super::values;
use crate::analysis::trend::{Trend, findings};
use crate::assemble;
use crate::pipeline;

/// The flags of `cxm trend`.
#[derive(Debug, Clone, Args)]
pub struct TrendArgs {
    /// The metric: nps, csat, fcr, first-reply-time … (cxm metrics lists them)
    #[arg(value_name = "METRIC", value_parser = values::metric_first)]
    metric: &'static str,

    #[command(flatten)]
    run: RunArgs,
}

/// `cxm trend`.
pub fn command() -> Command {
    let about = "A metric over time: the value of each period, the limits that chance stays within, and what is a signal";
    TrendArgs::augment_args(Command::new("trend"))
        .about(about)
        .mut_arg("period", |arg| arg.help("One value per calendar period (default: week)"))
        .mut_arg("by", |arg| {
            arg.help("A series for each group of these dimensions too, each alone; `a*b` crosses them")
        })
}

/// Reads the exports and writes the series.
pub fn run(args: &TrendArgs, settings: &Settings) -> anyhow::Result<()> {
    let mut asked = args.run.clone();
    asked.period.get_or_insert(Period::Week);
    let plan = plan(&asked, settings, &usual(args.metric), false)?;
    let Run { plan, files, ledgers, joined, destination, console } = Run::of(plan, &asked, settings)?;
    let pipeline::Tallied { plan, reduced, skipped } = pipeline::tallied(&plan, &files, &joined)?;
    let trends = Trend::all(&plan, &reduced);
    let account = assemble::report(&plan, &files, &ledgers, &joined, reduced, skipped);
    destination.write_findings(&findings(&plan, &trends, account), &console)
}
