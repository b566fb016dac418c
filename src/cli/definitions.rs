//! `cxm definitions`: what a metric means in plain words, every definition of it, and what each comes to on exports.

use clap::{Args, Command};

use super::args::RunArgs;
use super::output::Destination;
use super::run::{self, Run};
use super::settings::Settings;
use super::{sources, values};
use crate::assemble;
use crate::metric::Metric;
use crate::pipeline;
use crate::plan::Plan;
use crate::render;
use crate::report::FoundValue;
use crate::scope;
use crate::tally::Scale;

/// The flags of `cxm definitions`.
#[derive(Debug, Clone, Args)]
pub struct DefinitionsArgs {
    /// The metric
    #[arg(value_name = "METRIC", value_parser = values::metric)]
    metric: &'static str,

    #[command(flatten)]
    run: RunArgs,
}

/// `cxm definitions`.
pub fn command() -> Command {
    let about = "What a metric means, what it assumes and when it misleads; every definition of it, and with exports the value \
                 under each, side by side";
    DefinitionsArgs::augment_args(Command::new("definitions")).about(about)
}

/// Tells a metric, with values where exports are given.
pub fn run(args: &DefinitionsArgs, settings: &Settings) -> anyhow::Result<()> {
    let is_given = sources::named(&args.run.read).iter().any(|(paths, _)| !paths.is_empty())
        || settings.config.as_ref().is_some_and(|config| !config.sources.is_empty());
    if !is_given {
        let destination = Destination::open(&args.run.show, &[])?;
        let page = assemble::page(&Plan::new(Vec::new()), args.metric);
        return destination.put(&render::definitions(&page, destination.format(), destination.style()));
    }
    let every: Vec<&'static Metric> = Metric::definitions(args.metric).collect();
    let mut plan = run::plan(&args.run, settings, &every[..1], true)?;
    plan.metrics.clone_from(&every);
    plan.breakdowns = vec![Vec::new()];
    plan.period = None;
    let run = Run::of(plan, &args.run, settings)?;
    let mut page = assemble::page(&run.plan, args.metric);
    (page.as_of, page.confidence) =
        (Some(crate::instant::Instant(run.joined.as_of)), Some(run.plan.confidence));
    for (metric, note) in every.into_iter().zip(&mut page.definitions) {
        note.found = Some(found(&run, metric)?);
    }
    run.destination.put(&render::definitions(&page, run.destination.format(), run.destination.style()))
}

/// What a definition comes to, or why not.
fn found(run: &Run, metric: &'static Metric) -> anyhow::Result<FoundValue> {
    let none = |note: String| FoundValue { n: 0, value: None, lower: None, upper: None, note };
    if let Some(other) = other_scale(run, metric) {
        return Ok(none(format!(
            "the answers are on {other}: --def {}={}",
            metric.id,
            metric.definition_name()
        )));
    }
    let plan = Plan { metrics: vec![metric], every: true, ..run.plan.clone() };
    let (allowed, mut lacking) = scope::considered(&plan, &run.files, Some(&run.joined));
    if allowed.is_empty() {
        return Ok(none(lacking.pop().map(|(_, why)| why).unwrap_or_default()));
    }
    let tallied = pipeline::tallied(&plan, &run.files, &run.joined)?;
    let group = tallied.reduced.first().and_then(|reduced| reduced.groups.first());
    let Some(group) = group else { return Ok(none("no cases".to_owned())) };
    let estimate = metric.estimated(&group.tally, plan.intervals());
    Ok(FoundValue {
        n: estimate.n,
        value: estimate.value,
        lower: estimate.lower,
        upper: estimate.upper,
        note: estimate.note,
    })
}

/// The scale that the answers are on, where the definition is of another.
fn other_scale(run: &Run, metric: &Metric) -> Option<Scale> {
    let question = metric.question()?;
    let scale = *run.joined.scales.get(question.name)?;
    (!question.scales.contains(&scale)).then_some(scale)
}
