//! `cxm power`: how many cases a change or a margin takes, before anybody asks for them.

use clap::{Args, Command};

use super::args::RunArgs;
use super::output::{Console, Destination};
use super::run::{self, Run};
use super::settings::Settings;
use super::{defined, sources, values};
use crate::analysis::empty;
use crate::analysis::power::{Basis, Question, Spread, Surety, at_hand, findings, planned, usual};
use crate::assemble;
use crate::error::{Error, Result};
use crate::metric::reading::Reading;
use crate::metric::{METRICS, Metric};
use crate::pipeline::{self, Tallied};
use crate::plan::Plan;
use crate::report::{Counts, Report, SCHEMA};

/// The flags of `cxm power`.
#[derive(Debug, Clone, Args)]
pub struct PowerArgs {
    /// The metric: nps, csat, ces, fcr … (cxm metrics lists them)
    #[arg(value_name = "METRIC", value_parser = values::metric)]
    metric: &'static str,

    /// The change to show, in the metric's unit (default: a table of changes)
    #[arg(long, value_name = "SIZE", value_parser = change, allow_negative_numbers = true, help_heading = "Planning")]
    change: Option<f64>,

    /// The margin of the interval to either side, in the metric's unit
    #[arg(long, value_name = "SIZE", value_parser = positive, allow_negative_numbers = true, help_heading = "Planning")]
    margin: Option<f64>,

    /// The probability to show a change that is there, between 0.5 and 0.9999
    #[arg(long, value_name = "SHARE", default_value = "0.8", value_parser = values::confidence, allow_negative_numbers = true, help_heading = "Planning")]
    power: f64,

    /// Without exports: the promoters, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true, help_heading = "Planning")]
    promoters: Option<f64>,

    /// Without exports: the detractors, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true, help_heading = "Planning")]
    detractors: Option<f64>,

    /// Without exports: the value of a metric that is a share, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, allow_negative_numbers = true, help_heading = "Planning")]
    share: Option<f64>,

    /// Without exports: the standard deviation of a metric that is a mean
    #[arg(long, value_name = "SIZE", value_parser = positive, allow_negative_numbers = true, help_heading = "Planning")]
    sd: Option<f64>,

    #[command(flatten)]
    run: RunArgs,
}

/// `cxm power`.
pub fn command() -> Command {
    let about = "How many answers or other cases it takes to show a change, or for an interval of a given margin, and what \
                 those at hand could show";
    PowerArgs::augment_args(Command::new("power"))
        .about(about)
        .mut_arg("period", |arg| arg.hide(true))
        .mut_arg("by", |arg| {
            arg.help("What each group of these dimensions could show").help_heading("Planning")
        })
}

/// A share of all, from percent.
fn percent(value: &str) -> Result<f64> {
    let number = value.trim().trim_end_matches('%').trim().parse::<f64>();
    let number = number.ok().filter(|percent| (0.0..=100.0).contains(percent));
    number.map(|percent| percent / 100.0).ok_or_else(|| Error::usage("is no percentage from 0 to 100"))
}

fn positive(value: &str) -> Result<f64> {
    let number = value.trim().parse::<f64>().ok().filter(|size| *size > 0.0 && size.is_finite());
    number.ok_or_else(|| Error::usage("is no number above 0"))
}

fn change(value: &str) -> Result<f64> {
    let number = value.trim().parse::<f64>().ok().filter(|size| *size != 0.0 && size.is_finite());
    number.ok_or_else(|| Error::usage("is no change: a number other than 0").hint("write e.g. --change 5"))
}

/// Plans, from exports where they are given.
pub fn run(args: &PowerArgs, settings: &Settings) -> anyhow::Result<()> {
    if settings.is_typed("period") {
        return Err(Error::usage("`cxm power` knows no calendar periods")
            .hint("restrict the exports with --since and --until")
            .into());
    }
    let metrics: Vec<&'static Metric> =
        METRICS.iter().copied().filter(|metric| metric.id == args.metric).collect();
    let sure = Surety { power: args.power, level: args.run.confidence };
    let is_said = [args.promoters, args.detractors, args.share, args.sd].iter().any(Option::is_some);
    let is_named = sources::named(&args.run.read).iter().any(|(paths, _)| !paths.is_empty());
    let has_sources = settings.config.as_ref().is_some_and(|config| !config.sources.is_empty());
    if is_said && is_named {
        return Err(Error::usage("the values are said, and exports are given too")
            .hint("name the exports, or say how the values vary")
            .into());
    }
    if is_said || !(is_named || has_sources) {
        return without_exports(args, &metrics, sure);
    }
    let plan = run::plan(&args.run, settings, &metrics, false)?;
    let run = Run::of(plan, &args.run, settings)?;
    let Tallied { plan, reduced, skipped } = pipeline::tallied(&run.plan, &run.files, &run.joined)?;
    let own = |metric: &&'static Metric| reduced.iter().find(|one| std::ptr::eq(one.metric, *metric));
    let mut answers = Vec::new();
    for reduced in plan.metrics.iter().filter_map(own) {
        answers.extend(at_hand(&plan, reduced, &questions(args, reduced.metric, &plan), sure));
    }
    let first = plan.metrics.first().copied().filter(|_| !answers.is_empty());
    let report = assemble::report(&plan, &run.files, &run.ledgers, &run.joined, reduced, skipped);
    let metric = first.or(metrics.first().copied()).ok_or_else(|| Error::usage("no metric is planned"))?;
    let found = findings(&plan, metric, &answers, Basis::Exports, sure, report);
    run.destination.write_findings(&found, &run.console)
}

/// What is asked: what was typed; else, for all cases alone, a table of sizes.
fn questions(args: &PowerArgs, metric: &Metric, plan: &Plan) -> Vec<Question> {
    let question = Question { change: args.change, margin: args.margin };
    let is_grouped = plan.breakdowns.len() > 1;
    if is_grouped || args.change.is_some() || args.margin.is_some() {
        vec![question]
    } else {
        usual(metric.unit)
    }
}

fn without_exports(args: &PowerArgs, metrics: &[&'static Metric], sure: Surety) -> anyhow::Result<()> {
    let wanted = defined::defined(metrics, &args.run.def)?;
    let mut plan = Plan::new(Vec::new());
    plan.confidence = args.run.confidence;
    plan.metrics = wanted;
    let mut answers = Vec::new();
    let mut basis = None;
    let usual = plan.metrics.first().copied().into_iter();
    let asked = if args.run.def.is_empty() { usual.collect() } else { plan.metrics.clone() };
    for metric in &asked {
        let spread = said(args, metric)?;
        basis = Some((*metric, spread));
        answers.extend(planned(&plan, metric, spread, &questions(args, metric, &plan), sure));
    }
    let (metric, spread) = basis.ok_or_else(|| Error::usage("no metric is planned"))?;
    let destination = Destination::open(&args.run.show, &[])?;
    let found = findings(&plan, metric, &answers, Basis::Said(spread), sure, no_exports(&plan, &asked));
    destination.write_findings(&found, &Console::from(&args.run.read.verbosity))
}

/// How the values vary by what was said.
///
/// # Errors
/// When that is not what such a metric takes.
fn said(args: &PowerArgs, metric: &Metric) -> Result<Spread> {
    let tally = empty(metric);
    let given = [
        ("--promoters", args.promoters),
        ("--detractors", args.detractors),
        ("--share", args.share),
        ("--sd", args.sd),
    ];
    let (kind, own, example): (_, &[&str], _) = match (metric.reading)(&tally) {
        Some(Reading::Net { .. }) => {
            ("a net score", &["--promoters", "--detractors"], "--promoters 50 --detractors 20")
        }
        Some(Reading::Share { .. }) => ("a share", &["--share"], "--share 80"),
        Some(Reading::Mean { .. }) => ("a mean", &["--sd"], "--sd 1.4"),
        _ => {
            return Err(Error::usage(format!("how much {} varies is known from exports alone", metric.id))
                .hint(format!("name them: cxm power {} exports/*.csv", metric.command())));
        }
    };
    let strange = given.iter().find(|(flag, value)| value.is_some() && !own.contains(flag));
    let lacks = given.iter().any(|(flag, value)| value.is_none() && own.contains(flag));
    let hint = format!("write {example}, or name exports to take it from");
    if let Some((flag, _)) = strange {
        return Err(
            Error::usage(format!("{} is {kind}, of which `{flag}` says nothing", metric.id)).hint(hint)
        );
    }
    if lacks {
        return Err(Error::usage(format!("nothing says how much {} varies", metric.id)).hint(hint));
    }
    match (args.promoters, args.detractors, args.share, args.sd) {
        (Some(promoters), Some(detractors), ..) if promoters + detractors <= 1.0 + 1e-12 => {
            Ok(Spread::Net { promoters, detractors })
        }
        (Some(_), Some(_), ..) => Err(Error::usage("promoters and detractors are more than 100 % together")),
        (_, _, Some(share), _) => Ok(Spread::Share(share)),
        (_, _, _, Some(sd)) => Ok(Spread::Mean(sd)),
        _ => Err(Error::usage(format!("nothing says how much {} varies", metric.id)).hint(hint)),
    }
}

/// The account of a run that reads nothing.
fn no_exports(plan: &Plan, metrics: &[&'static Metric]) -> Report {
    Report {
        schema: SCHEMA,
        as_of: None,
        confidence: plan.confidence,
        timezone: plan.zone().name().to_owned(),
        sources: Vec::new(),
        join: Default::default(),
        journey: Default::default(),
        settings: Counts::default(),
        caveats: Vec::new(),
        after_as_of: Counts::default(),
        ledger: Vec::new(),
        metrics: metrics.iter().map(|metric| assemble::heading(plan, metric)).collect(),
        skipped: Counts::default(),
        breakdowns: plan.breakdowns.clone(),
        results: Vec::new(),
    }
}
