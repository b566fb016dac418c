//! `cxm check`: gates on the command line or of the config, judged by intervals and not by values alone.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};

use super::args::RunArgs;
use super::reserved::Reserved;
use super::run::{self, Run};
use super::settings::Settings;
use super::{baseline, values};
use crate::analysis::baseline::Baseline;
use crate::analysis::check::signals::charts;
use crate::analysis::check::{Asked, check};
use crate::analysis::gate::{Demand, Gate, guards};
use crate::assemble;
use crate::dimension::RELATION;
use crate::error::{Error, Result};
use crate::metric::{METRICS, Metric};
use crate::pipeline::{self, Tallied};
use crate::plan::Plan;
use crate::render::{self, Format};
use crate::report::{Findings, Verdict};
use crate::scope;
use crate::source::input::Input;

/// The flags of `cxm check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    run: RunArgs,

    /// What must hold, as often as wanted: 'nps >= 30', 'csat by channel >= 80', 'churn no-rise'; replaces the gates of a config
    #[arg(long, value_name = "GATE", value_parser = values::gate, help_heading = "Gates")]
    gate: Vec<Gate>,

    /// The earlier report, in JSON, that no-drop and no-rise compare with where the gate names none
    #[arg(long, value_name = "FILE", help_heading = "Gates")]
    baseline: Option<PathBuf>,

    /// Judge plain values, whatever their intervals
    #[arg(long, help_heading = "Gates")]
    raw: bool,

    /// Write the result as JUnit XML as well
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    junit: Option<PathBuf>,
}

/// `cxm check`. Each gate names its own breakdown.
pub fn command() -> Command {
    let about = "Judge gates such as 'nps >= 30' by the interval: each passes, fails (status 1) or has not enough data (5)";
    let formats = "table (on a terminal), csv (in a pipe), tsv, json, jsonl, md or junit";
    CheckArgs::augment_args(Command::new("check"))
        .about(about)
        .mut_arg("by", |by| by.hide(true))
        .mut_arg("format", |format| format.value_parser(values::format_of_gates).help(formats))
}

/// The exit status where a gate fails.
const FAILED: u8 = 1;

/// The exit status where none fails and one has not enough data.
const UNDECIDED: u8 = 5;

/// Judges the gates and returns the exit status.
pub fn run(args: &CheckArgs, settings: &Settings) -> anyhow::Result<u8> {
    let gates = gates(args, settings)?;
    refuse_what_is_not_judged(args, settings, &gates)?;
    let baselines = baselines(args, &gates)?;
    let run_args = run_args(args, &gates);
    let plan = plan(&run_args, settings, &gates)?;
    let inputs: Vec<&Input> = plan.requests.iter().map(|request| &request.input).collect();
    let junit = args.junit.as_deref().map(|path| Reserved::at("--junit", path, &inputs)).transpose()?;
    let run = Run::of(plan, &run_args, settings)?;
    let (found, worst) = judged(args, &run, &gates, &baselines)?;
    run.destination.write_findings(&found, &run.console)?;
    if let Some(place) = junit {
        let xml = render::findings(&found, Format::Junit, run.destination.style());
        fs::write(place.written(), xml).map_err(|cause| place.unwritable(&cause))?;
        place.keep()?;
    }
    Ok(match worst {
        Verdict::Pass => 0,
        Verdict::Fail => FAILED,
        Verdict::NotEnoughData => UNDECIDED,
    })
}

/// The flags of a run that has what the gates judge.
fn run_args(args: &CheckArgs, gates: &[GateOf]) -> RunArgs {
    let by = gates.iter().map(|of| of.gate.breakdown()).filter(|by| !by.is_empty());
    let mut run = RunArgs { by: by.collect(), ..args.run.clone() };
    let is_xml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "xml");
    if run.show.output.as_ref().is_some_and(is_xml) {
        run.show.format.get_or_insert(Format::Junit);
    }
    run
}

/// The plan of the metrics of gates, under the definitions that are asked for.
fn plan(args: &RunArgs, settings: &Settings, gates: &[GateOf]) -> Result<Plan> {
    let is_asked = |metric: &&Metric| gates.iter().any(|of| of.gate.metric.id == metric.id);
    let metrics: Vec<&'static Metric> = METRICS.iter().copied().filter(is_asked).collect();
    let plan = run::plan(args, settings, &metrics, false)?;
    for of in gates {
        let Demand::Steady(steady) = &of.gate.demand else { continue };
        let mut own = plan.metrics.iter().filter(|metric| metric.id == of.gate.metric.id);
        own.try_for_each(|metric| guards(metric, steady.rise)).map_err(|error| of.told(&error))?;
    }
    Ok(plan)
}

/// What the gates come to in what was read, and the worst of it.
fn judged(
    args: &CheckArgs,
    run: &Run,
    gates: &[GateOf],
    baselines: &[(PathBuf, Baseline)],
) -> Result<(Findings, Verdict)> {
    let Tallied { plan, reduced, skipped } = pipeline::tallied(&run.plan, &run.files, &run.joined)?;
    let has_signals = gates.iter().any(|of| of.gate.demand == Demand::NoSignal);
    let charts = if has_signals { charts(&plan, &reduced) } else { Vec::new() };
    let report = assemble::report(&plan, &run.files, &run.ledgers, &run.joined, reduced, skipped);
    let mut asked = Vec::new();
    for of in gates {
        let path = of.baseline(args);
        let baseline = baselines.iter().find(|(known, _)| Some(known) == path.as_ref());
        asked.push(Asked { gate: &of.gate, baseline: baseline.map(|(_, known)| known), charts: &charts });
    }
    check(&plan, &asked, args.raw, report)
}

/// A gate and the folder that the file in it is relative to.
struct GateOf {
    gate: Gate,
    folder: PathBuf,
}

impl GateOf {
    /// What is wrong with it, as a whole sentence.
    fn told(&self, error: &Error) -> Error {
        let told = Error::usage(format!("the gate `{}` {error}", self.gate.text));
        error.advice().map_or(told.clone(), |advice| told.hint(advice))
    }

    /// The baseline that it is to be compared with: its own, else the one of the command line.
    fn baseline(&self, args: &CheckArgs) -> Option<PathBuf> {
        let Demand::Steady(steady) = &self.gate.demand else { return None };
        let own = steady.file.as_ref().map(|file| self.folder.join(file));
        own.or_else(|| args.baseline.clone())
    }
}

/// The gates of the command line, else those of the config.
fn gates(args: &CheckArgs, settings: &Settings) -> Result<Vec<GateOf>> {
    if !args.gate.is_empty() {
        let here = |gate: &Gate| GateOf { gate: gate.clone(), folder: PathBuf::new() };
        return Ok(args.gate.iter().map(here).collect());
    }
    let mut gates = Vec::new();
    let config = settings.config.iter();
    for entry in
        config.clone().flat_map(|config| &config.entries).filter(|entry| entry.setting.key == "gates")
    {
        for value in &entry.values {
            let folder = config.clone().map(|config| config.folder().to_owned()).next().unwrap_or_default();
            gates.push(GateOf { gate: Gate::parse(&value.text)?, folder });
        }
    }
    if gates.is_empty() {
        return Err(Error::usage("no gate is given")
            .hint("write cxm check --gate 'nps >= 30', or gates = [\"nps >= 30\"] in cxm.toml"));
    }
    Ok(gates)
}

/// Refuses what cannot be judged before anything is read.
fn refuse_what_is_not_judged(args: &CheckArgs, settings: &Settings, gates: &[GateOf]) -> Result<()> {
    if settings.is_typed("by") {
        return Err(Error::usage("`cxm check` has no option `--by`: each gate names its own breakdown")
            .hint("write --gate 'csat by channel >= 80'"));
    }
    for (flag, other) in [("--output", &args.run.show.output), ("--rejects", &args.run.read.rejects)] {
        if args.junit.as_deref().zip(other.as_deref()).is_some_and(|(one, other)| run::are_same(one, other)) {
            return Err(
                Error::usage(format!("`--junit` and `{flag}` name the same file")).hint("name two files")
            );
        }
    }
    for of in gates {
        let text = &of.gate.text;
        if !scope::applies(of.gate.metric, &of.gate.by) {
            return Err(Error::usage(format!("the gate `{text}` cannot be judged"))
                .hint(format!("only answers have a {RELATION}, and {} counts none", of.gate.metric.id)));
        }
        match &of.gate.demand {
            Demand::NoSignal if args.run.period.is_none() => {
                return Err(Error::usage(format!(
                    "the gate `{text}` needs periods to draw control limits from"
                ))
                .hint("pass --period week"));
            }
            Demand::Steady(_) if of.baseline(args).is_none() => {
                return Err(Error::usage(format!("the gate `{text}` names no baseline"))
                    .hint(format!("write {text} vs last-week.json, or pass --baseline last-week.json")));
            }
            Demand::Steady(_) | Demand::Level(_) | Demand::NoSignal => {}
        }
    }
    Ok(())
}

/// The baselines of the gates, each read once.
fn baselines(args: &CheckArgs, gates: &[GateOf]) -> Result<Vec<(PathBuf, Baseline)>> {
    let mut known: Vec<(PathBuf, Baseline)> = Vec::new();
    for path in gates.iter().filter_map(|of| of.baseline(args)) {
        if !known.iter().any(|(read, _)| *read == path) {
            let baseline = baseline::read(Path::new(&path))?;
            known.push((path, baseline));
        }
    }
    Ok(known)
}
