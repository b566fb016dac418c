//! `cxm init`: a config for the exports given, with a comment on everything in it. It must not know how a config is
//! written down.

mod source;

use std::path::{Component, Path, PathBuf};

use clap::{ArgMatches, Args, Command};

use super::args::{ColorChoice, ReadArgs, ShowArgs};
use super::output::{Console, Destination};
use super::provenance::default;
use super::run::{presets_beside, reading_plan};
use super::settings::{Settings, argument, reference};
use crate::config::NAME;
use crate::config::keys::SETTINGS;
use crate::config::write::{NewSource, Shown, text};
use crate::error::{Error, Result};
use crate::metric::METRICS;
use crate::pipeline;
use crate::plan::{Plan, Request};
use crate::render::Format;
use crate::source::aliases::AliasFlags;
use crate::source::columns::Mapping;
use crate::source::converted::Format as FileFormat;
use crate::source::field::Kind;
use crate::source::opened::Opened;
use crate::text::{count, list};

/// The flags of `cxm init`.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    #[command(flatten)]
    read: ReadArgs,

    /// The config to write; `-` prints it
    #[arg(long, short, value_name = "FILE", default_value = NAME, help_heading = "Output")]
    output: PathBuf,

    /// Replace a config that is there
    #[arg(long, help_heading = "Output")]
    force: bool,
}

/// `cxm init`.
pub fn command() -> Command {
    let about = "Write a cxm.toml for the exports given: what they are, and every setting with what it means";
    InitArgs::augment_args(Command::new("init")).about(about)
}

/// Reads the exports and writes the config. What is in doubt is no error: the config holds what to choose from.
pub fn run(args: &InitArgs, typed: &ArgMatches) -> anyhow::Result<()> {
    let console = Console::from(&args.read.verbosity);
    let settings = Settings::typed_only(typed);
    let plan = reading_plan(&args.read, &settings)?;
    let folder = args.output.parent().unwrap_or(Path::new(""));
    let presets = presets_beside(folder)?;
    let plan = Plan { metrics: METRICS.to_vec(), every: true, presets, ..plan };
    if args.output.exists() && !args.force {
        let told = Error::output(format!("`{}` exists already", args.output.display()));
        return Err(told.hint("pass --force to replace it, or -o FILE to write another").into());
    }
    let inputs: Vec<_> = plan.requests.iter().map(|request| &request.input).collect();
    let show =
        ShowArgs { format: Some(Format::Csv), output: Some(args.output.clone()), color: ColorChoice::Never };
    let destination = Destination::open(&show, &inputs)?;
    let (sources, doubts) = sources(&plan, folder)?;
    destination.put(&text(&sources, &shown(&settings)))?;
    told(&console, &args.output, &doubts);
    Ok(())
}

/// The exports as the config is to show them, those that are alike as one source, and what is in doubt.
fn sources(plan: &Plan, folder: &Path) -> Result<(Vec<NewSource>, Vec<String>)> {
    let mut sources: Vec<(NewSource, Option<Mapping>)> = Vec::new();
    let mut doubts = Vec::new();
    for request in &plan.requests {
        let path = request.input.path().map(|path| relative(folder, path));
        let name = path.ok_or_else(|| no_file(request))?.display().to_string();
        let looked = look(plan, request)?;
        doubts.extend(looked.doubt.iter().map(ToString::to_string));
        let source = source::of(plan, request, name, &looked);
        let is_alike = |known: &NewSource, mapping: &Option<Mapping>| {
            looked.doubt.is_none() && *mapping == looked.mapping && known.said == source.said
        };
        match sources.last_mut().filter(|(known, mapping)| is_alike(known, mapping)) {
            Some((known, _)) => {
                known.files.extend(source.files);
                known.notes.extend(looked.notes);
            }
            None => sources.push((source, looked.mapping.filter(|_| looked.doubt.is_none()))),
        }
    }
    let is_list = |(_, mapping): &(NewSource, Option<Mapping>)| {
        mapping.as_ref().is_some_and(|mapping| mapping.kind == Kind::Customers)
    };
    if !plan.aliases.more.is_empty() && !sources.iter().any(is_list) {
        doubts.push("`--alias` names a column, and no export of customers is given".to_owned());
    }
    Ok((sources.into_iter().map(|(source, _)| source).collect(), doubts))
}

/// Says what to do next.
fn told(console: &Console, output: &Path, doubts: &[String]) {
    for doubt in doubts {
        console.say(&format!("in doubt: {doubt}"));
    }
    let next = match output.to_str() {
        Some(NAME) => "cxm report".to_owned(),
        _ => format!("cxm report -c {}", output.display()),
    };
    match (output == Path::new("-"), doubts) {
        (true, _) => {}
        (false, []) => console.say(&format!("{} is written; next: {next}", output.display())),
        _ => console
            .say(&format!("{} is written; settle there what is in doubt, then: {next}", output.display())),
    }
}

/// What is found out about one export.
struct Looked {
    mapping: Option<Mapping>,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// What was read of it.
    notes: Vec<String>,
    /// Settings that the file shows, as key and text.
    found: Vec<(&'static str, String)>,
    doubt: Option<Error>,
}

/// Reads one export by itself.
///
/// # Errors
/// When it cannot be opened at all.
fn look(plan: &Plan, request: &Request) -> Result<Looked> {
    request.input.open()?;
    // Which list has the columns of the aliases is not this file's to say.
    let (requests, aliases) = (pipeline::belonging(plan, request), AliasFlags::default());
    let mut looked = Looked { mapping: None, sheet: None, notes: Vec::new(), found: Vec::new(), doubt: None };
    let opened = requests.and_then(|requests| {
        let mut alone = Plan { requests, aliases, ..plan.clone() };
        Ok((pipeline::open(&mut alone)?, alone))
    });
    let (files, alone) = match opened {
        Ok(opened) => opened,
        Err(doubt) => return Ok(Looked { doubt: Some(doubt), ..looked }),
    };
    if !files.iter().any(|file| file.input.is_same(&request.input)) {
        return Ok(rest_of(plan, request, &files, looked));
    }
    let is_text = |file: &Opened| file.format == FileFormat::Csv;
    if let Some(file) = files.first() {
        looked.mapping = Some(file.mapping.clone());
        looked.sheet = file.format.sheet().map(str::to_owned);
        let delimiter =
            if file.delimiter == b'\t' { "tab".into() } else { char::from(file.delimiter).to_string() };
        looked.found.extend(is_text(file).then_some(("delimiter", delimiter)));
    }
    match pipeline::read_all(&alone, files) {
        Ok(read) => {
            for (file, ledger) in read.files.iter().zip(&read.ledgers) {
                let rows = count(ledger.rows, "row");
                looked.notes.push(format!("{}: {rows}, {} of them used", file.name, ledger.used()));
                let encoding = is_text(file).then(|| ("encoding", file.shown.encoding().to_string()));
                looked.found.extend(encoding);
                looked.doubt = ledger.check(alone.tolerance).err();
            }
        }
        Err(doubt) => looked.doubt = Some(doubt),
    }
    Ok(looked)
}

/// What the one setting of `cxm check` is about.
const GATES: &str =
    "What cxm check judges: 'csat by channel >= 80', 'churn <= 5', 'nps no-drop vs last-week.json'";

/// An export that holds the rest of others' rows: all that a config says of it is in its header.
fn rest_of(plan: &Plan, request: &Request, others: &[Opened], looked: Looked) -> Looked {
    let alone = Plan { requests: vec![request.clone()], aliases: AliasFlags::default(), ..plan.clone() };
    let others: Vec<&str> = others.iter().map(|other| other.name.as_str()).collect();
    let note = format!("{}: its rows are the rest of those in {}", request.input.display(), list(&others));
    match pipeline::open_apart(&alone) {
        Ok(mut files) => {
            let mapping = files.pop().map(|file| file.mapping);
            Looked { mapping, notes: vec![note], ..looked }
        }
        Err(doubt) => Looked { doubt: Some(doubt), ..looked },
    }
}

/// Every setting that a flag says too, as the config is to show it.
fn shown(settings: &Settings) -> Vec<Shown> {
    let reference = reference();
    let shown = SETTINGS.iter().filter_map(|setting| {
        let about = match setting.key {
            "gates" => GATES.to_owned(),
            _ => argument(&reference, setting)?.get_help()?.to_string(),
        };
        Some(Shown {
            setting,
            about,
            default: default(&reference, setting),
            said: settings.typed(setting).to_vec(),
        })
    });
    shown.collect()
}

fn no_file(request: &Request) -> Error {
    Error::usage(format!("{} is no file that a config can name", request.input.display()))
        .hint("save it as a file first")
}

/// The path as it is written in a config in that folder.
fn relative(folder: &Path, path: &Path) -> PathBuf {
    if path.is_absolute() || folder == Path::new("") || folder == Path::new("-") {
        return path.to_owned();
    }
    if let Ok(within) = path.strip_prefix(folder) {
        return within.to_owned();
    }
    let is_plain = folder.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !is_plain {
        return std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    }
    let up = folder.components().filter(|part| matches!(part, Component::Normal(_)));
    up.map(|_| Component::ParentDir).collect::<PathBuf>().join(path)
}
