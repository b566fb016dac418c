//! `cxm init`: a config for the exports given, with a comment on everything in it. It must not know how a config is
//! written down.

use std::path::{Component, Path, PathBuf};

use clap::{ArgMatches, Args, Command};

use super::args::{ColorChoice, ReadArgs, ShowArgs};
use super::output::{Console, Destination};
use super::provenance::default;
use super::run::reading_plan;
use super::settings::{Settings, argument, reference};
use crate::config::NAME;
use crate::config::keys::SETTINGS;
use crate::config::write::{NewSource, Shown, text};
use crate::error::{Error, Result};
use crate::metric::METRICS;
use crate::pipeline;
use crate::plan::{Plan, Request};
use crate::render::Format;
use crate::source::columns::Mapping;
use crate::text::count;

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
    let plan = Plan { metrics: METRICS.to_vec(), every: true, ..plan };
    if args.output.exists() && !args.force {
        let told = Error::output(format!("`{}` exists already", args.output.display()));
        return Err(told.hint("pass --force to replace it, or -o FILE to write another").into());
    }
    let inputs: Vec<_> = plan.requests.iter().map(|request| &request.input).collect();
    let show =
        ShowArgs { format: Some(Format::Csv), output: Some(args.output.clone()), color: ColorChoice::Never };
    let destination = Destination::open(&show, &inputs)?;
    let folder = args.output.parent().unwrap_or(Path::new(""));
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
        match sources.last_mut().filter(|(_, known)| looked.doubt.is_none() && *known == looked.mapping) {
            Some((source, _)) => {
                source.files.push(name);
                source.notes.extend(looked.notes);
            }
            None => {
                let source = source(plan, request, name, &looked);
                sources.push((source, looked.mapping.filter(|_| looked.doubt.is_none())));
            }
        }
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
    notes: Vec<String>,
    found: Vec<(&'static str, String)>,
    doubt: Option<Error>,
}

/// Reads one export by itself.
///
/// # Errors
/// When it cannot be opened at all.
fn look(plan: &Plan, request: &Request) -> Result<Looked> {
    request.input.open()?;
    let alone = Plan { requests: vec![request.clone()], ..plan.clone() };
    let mut looked = Looked { mapping: None, notes: Vec::new(), found: Vec::new(), doubt: None };
    let files = match pipeline::open(&alone) {
        Ok(files) => files,
        Err(doubt) => return Ok(Looked { doubt: Some(doubt), ..looked }),
    };
    if let Some(file) = files.first() {
        looked.mapping = Some(file.mapping.clone());
        let delimiter =
            if file.delimiter == b'\t' { "tab".into() } else { char::from(file.delimiter).to_string() };
        looked.found.push(("delimiter", delimiter));
    }
    match pipeline::read_all(&alone, files) {
        Ok(read) => {
            for (file, ledger) in read.files.iter().zip(&read.ledgers) {
                let rows = count(ledger.rows, "row");
                looked.notes.push(format!("{}: {rows}, {} of them used", file.name, ledger.used()));
                looked.found.push(("encoding", file.shown.encoding().to_string()));
                looked.doubt = ledger.check(alone.tolerance).err();
            }
        }
        Err(doubt) => looked.doubt = Some(doubt),
    }
    Ok(looked)
}

fn source(plan: &Plan, request: &Request, name: String, looked: &Looked) -> NewSource {
    let mut source = NewSource {
        files: vec![name],
        kind: looked
            .mapping
            .as_ref()
            .map(|mapping| mapping.kind)
            .or(request.kind)
            .map(|kind| kind.to_string()),
        notes: looked.notes.clone(),
        said: request.said.preset.iter().map(|preset| ("preset".to_owned(), preset.clone())).collect(),
        offered: looked.found.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        ..NewSource::default()
    };
    if let Some(mapping) = &looked.mapping {
        for (column, field) in mapping.claimed.iter().enumerate() {
            let Some(field) = field else { continue };
            let is_named = plan.maps.iter().any(|map| (map.kind, map.field) == (mapping.kind, *field));
            let pairs = if is_named { &mut source.named } else { &mut source.found };
            pairs.push((field.to_string(), shown_name(mapping, column)));
        }
        let none = plan.maps.iter().filter(|map| map.kind == mapping.kind && map.column.is_empty());
        source.named.extend(none.map(|map| (map.field.to_string(), String::new())));
    }
    if let Some(doubt) = &looked.doubt {
        source.notes.push(format!("In doubt: {doubt}"));
        offer(&mut source, doubt.advice().unwrap_or_default());
    }
    source
}

/// The name that says which column is meant: as the file has it, unless another is called alike.
fn shown_name(mapping: &Mapping, column: usize) -> String {
    let found = mapping.header.get(column).map(|name| name.trim()).unwrap_or_default();
    let is_clear = !found.is_empty() && mapping.other(found) == Some(column);
    let unique = || mapping.names.get(column).cloned().unwrap_or_default();
    if is_clear { found.to_owned() } else { unique() }
}

/// The flags of a hint as lines to choose from.
fn offer(source: &mut NewSource, hint: &str) {
    if !hint.is_empty() {
        source
            .notes
            .push(format!("On the command line: {hint}. Here: take the # off the line that is right"));
    }
    let words: Vec<&str> = hint.split_whitespace().collect();
    let mut offered: Vec<(&str, &str)> = Vec::new();
    for pair in words.windows(2) {
        let value = pair[1].trim_end_matches([',', '?']).trim_matches('\'');
        match pair[0] {
            "--map" => {
                let field =
                    value.split_once('=').and_then(|(at, column)| Some((at.split_once('.')?.1, column)));
                source.columns.extend(field.map(|(field, column)| (field.to_owned(), column.to_owned())));
            }
            "--dates" => offered.extend([("dates", "dmy"), ("dates", "mdy")]),
            "--decimal" => offered.extend([("decimal", "."), ("decimal", ",")]),
            "--encoding" => offered.push(("encoding", value)),
            "--surveys" | "--tickets" | "--purchases" => {
                offered.push(("kind", pair[0].trim_start_matches('-')))
            }
            _ => {}
        }
    }
    for (key, value) in offered {
        let offer = (key.to_owned(), value.to_owned());
        if !source.offered.contains(&offer) {
            source.offered.push(offer);
        }
    }
}

/// Every setting that a flag says too, as the config is to show it.
fn shown(settings: &Settings) -> Vec<Shown> {
    let reference = reference();
    let shown = SETTINGS.iter().filter_map(|setting| {
        let about = argument(&reference, setting)?.get_help()?.to_string();
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
