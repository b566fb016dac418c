//! `cxm explain`: why a metric changed between two periods, by mix and rate of its groups.

use clap::{Args, Command};

use super::args::{Period, RunArgs};
use super::run::{Run, plan, usual};
use super::settings::Settings;
use super::values;
use crate::analysis::explain::{between, change, findings, is_mean};
use crate::analysis::periods::{KINDS, Label, noun};
use crate::assemble;
use crate::dimension;
use crate::error::{Error, Result};
use crate::metric::{METRICS, Metric};
use crate::pipeline;
use crate::scope;

/// The flags of `cxm explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// The metric: one that is a mean or a share, such as nps, csat, ces, fcr or retention
    #[arg(value_name = "METRIC", value_parser = values::metric_first)]
    metric: &'static str,

    /// The period before: 2026-01, 2026-W07, 2026-Q1, 2026 or 2026-02-11 (default: the one before --to)
    #[arg(long, value_name = "PERIOD", value_parser = label, help_heading = "Grouping")]
    from: Option<Label>,

    /// The period after (default: the last that is over)
    #[arg(long, value_name = "PERIOD", value_parser = label, help_heading = "Grouping")]
    to: Option<Label>,

    /// Compare a period that is cut short too
    #[arg(long, help_heading = "Grouping")]
    partial: bool,

    #[command(flatten)]
    run: RunArgs,
}

/// `cxm explain`.
pub fn command() -> Command {
    let about = "Why a metric changed between two periods: what each group did by its share (mix) and by itself (rate)";
    ExplainArgs::augment_args(Command::new("explain"))
        .about(about)
        .mut_arg("period", |arg| arg.help("The kind of the periods, where none is named (default: month)"))
        .mut_arg("by", |arg| {
            arg.help("The groups: of these dimensions, each alone; `a*b` crosses them (default: channel)")
        })
}

/// A calendar period by its label, strictly.
fn label(text: &str) -> Result<Label> {
    Label::read(text).ok_or_else(|| {
        let labels: Vec<&str> = KINDS.iter().map(|(_, label)| *label).collect();
        Error::usage("is no calendar period").hint(format!("write it as one of {}", labels.join(", ")))
    })
}

/// Reads the exports and writes what changed.
pub fn run(args: &ExplainArgs, settings: &Settings) -> anyhow::Result<()> {
    let mut asked = args.run.clone();
    asked.period = Some(kind(args, settings)?);
    if asked.by.is_empty() {
        asked.by = vec!["channel".to_owned()];
    }
    let plan = plan(&asked, settings, &usual(args.metric), false)?;
    check(&plan.metrics)?;
    let Run { plan, files, ledgers, joined, destination, console } = Run::of(plan, &asked, settings)?;
    let pipeline::Tallied { plan, reduced, skipped } = pipeline::tallied(&plan, &files, &joined)?;
    let periods = between(&plan, &reduced, [args.from, args.to], args.partial)?;
    let breakdowns =
        (1..plan.breakdowns.len()).flat_map(|breakdown| reduced.iter().map(move |one| (breakdown, one)));
    let applies = breakdowns.filter(|(at, reduced)| scope::applies(reduced.metric, &plan.breakdowns[*at]));
    let changes: Vec<_> = applies.filter_map(|(at, reduced)| change(&plan, reduced, at, periods)).collect();
    let chosen = args.from.is_none() && args.to.is_none();
    let account = assemble::report(&plan, &files, &ledgers, &joined, reduced, skipped);
    destination.write_findings(&findings(&plan, &changes, periods, chosen, account), &console)
}

/// # Errors
/// When the metric is no mean, so that there is nothing to split.
fn check(metrics: &[&'static Metric]) -> Result<()> {
    let Some(metric) = metrics.iter().find(|metric| !is_mean(metric)) else { return Ok(()) };
    let mut means: Vec<String> =
        METRICS.iter().filter(|metric| is_mean(metric)).map(|metric| metric.command()).collect();
    means.dedup();
    Err(Error::usage(format!(
        "`{}` cannot be explained: it is no mean of what each case adds, which alone splits into mix and rate",
        metric.id
    ))
    .hint(format!("explain one of {}; or see cxm trend {}", means.join(", "), metric.command())))
}

/// The kind of the periods: that of the labels, else that of `--period`, else months.
fn kind(args: &ExplainArgs, settings: &Settings) -> Result<Period> {
    let of = |label: &Label| match label.period {
        dimension::Period::Day => Period::Day,
        dimension::Period::Week => Period::Week,
        dimension::Period::Month => Period::Month,
        dimension::Period::Quarter => Period::Quarter,
        dimension::Period::Year => Period::Year,
    };
    if let (Some(from), Some(to)) = (args.from, args.to) {
        let [one, other] = [from, to].map(|label| noun(label.period));
        if one != other {
            return Err(Error::usage(format!("`--from {from}` is a {one} and `--to {to}` a {other}"))
                .hint("name two periods of one kind"));
        }
        if from.first >= to.first {
            return Err(Error::usage(format!("`--from {from}` is not before `--to {to}`"))
                .hint("name the earlier period with --from"));
        }
    }
    let named = args.from.or(args.to);
    let asked = args.run.period.filter(|_| settings.is_typed("period"));
    match (named, asked) {
        (Some(label), Some(period)) if of(&label) != period => {
            Err(Error::usage(format!("{label} is a {}, and --period names another kind", noun(label.period)))
                .hint("leave --period out: the label says the kind"))
        }
        (Some(label), _) => Ok(of(&label)),
        (None, _) => Ok(args.run.period.unwrap_or(Period::Month)),
    }
}
