//! The exports to read: those of the command line, else those of the config, each with what is said of it alone.

use std::path::Path;

use clap::{Args as _, Command, FromArgMatches};

use super::args::ReadArgs;
use super::settings::{self, Settings};
use crate::config::{self, Config, Source, Value};
use crate::error::{Error, Result};
use crate::plan::{Request, Said};
use crate::source::field::{Field, Kind, MapFlag};
use crate::source::input::{self, Input};
use crate::text;

/// The exports to read, in the order in which they are named.
///
/// # Errors
/// When none is named, one is named twice, or a config says of one what cannot be.
pub fn requests(args: &ReadArgs, settings: &Settings) -> Result<Vec<Request>> {
    let mut requests = typed(args)?;
    if let Some(config) = settings.config.as_ref().filter(|_| requests.is_empty()) {
        for (at, source) in config.sources.iter().enumerate() {
            for request in of_source(config, (at, source), args, settings)? {
                add(&mut requests, request).map_err(|error| error.said_on(&config.place(source.line)))?;
            }
        }
    }
    if requests.is_empty() {
        let hint =
            "name the files: cxm report exports/*.csv, or write a config for them: cxm init exports/*.csv";
        return Err(Error::usage("no export is given").hint(hint));
    }
    check_presets(args, &requests)?;
    Ok(requests)
}

/// The exports on the command line with their kinds, where those are said.
pub fn named(args: &ReadArgs) -> [(&[String], Option<Kind>); 6] {
    [
        (&args.exports, None),
        (&args.surveys, Some(Kind::Surveys)),
        (&args.tickets, Some(Kind::Tickets)),
        (&args.purchases, Some(Kind::Purchases)),
        (&args.who.subscriptions, Some(Kind::Subscriptions)),
        (&args.who.customers, Some(Kind::Customers)),
    ]
}

/// The exports of the command line.
fn typed(args: &ReadArgs) -> Result<Vec<Request>> {
    let mut requests = Vec::new();
    let several = named(args).iter().map(|(paths, _)| paths.len()).sum::<usize>() > 1;
    for (paths, kind) in named(args) {
        for input in input::expand(paths)? {
            if is_config(&input) {
                // Where an export's folder is named as a whole, its config is there too.
                if several {
                    continue;
                }
                let cause = format!("`{}` is a config, not an export", input.display());
                return Err(Error::usage(cause).hint(format!("pass -c {}", input.display())));
            }
            let said = Said { preset: preset(args, kind), ..Said::default() };
            let input = input.with_sheet(args.sheet.as_deref());
            add(&mut requests, Request { input, kind, said })?;
        }
    }
    Ok(requests)
}

/// # Errors
/// When the export is there already, and would be counted twice.
fn add(requests: &mut Vec<Request>, request: Request) -> Result<()> {
    if requests.iter().any(|known| known.input.is_same(&request.input)) {
        if request.input == Input::stdin() {
            return Err(input::read_twice());
        }
        return Err(Error::usage(format!(
            "`{}` is given twice, and would be counted twice",
            request.input.display()
        )));
    }
    requests.push(request);
    Ok(())
}

fn is_config(input: &Input) -> bool {
    input.path().and_then(Path::file_name).is_some_and(|name| name == config::NAME)
}

/// The preset that was typed for exports of a kind, else the one for all; of several the last word counts.
fn preset(args: &ReadArgs, kind: Option<Kind>) -> Option<String> {
    let of = |wanted: Option<Kind>| args.preset.iter().rev().find(|preset| preset.kind == wanted);
    let own = kind.and_then(|kind| of(Some(kind)));
    own.or_else(|| of(None)).map(|preset| preset.name.clone())
}

/// # Errors
/// When a preset is typed for the exports of a kind, and none is said to be of it.
fn check_presets(args: &ReadArgs, requests: &[Request]) -> Result<()> {
    let is_idle = |kind: Kind| !requests.iter().any(|request| request.kind == Some(kind));
    for preset in &args.preset {
        if let Some(kind) = preset.kind.filter(|kind| is_idle(*kind)) {
            let name = &preset.name;
            return Err(Error::usage(format!(
                "`--preset {kind}={name}` is for exports that --{kind} names, and none is"
            ))
            .hint(format!("pass --{kind} FILE, or --preset {name} for all exports")));
        }
    }
    Ok(())
}

fn of_source(
    config: &Config,
    (at, source): (usize, &Source),
    args: &ReadArgs,
    settings: &Settings,
) -> Result<Vec<Request>> {
    let kind = kind_of(config, source)?;
    let own = reading(config, source)?;
    let is_typed = |long: &str| settings.is_typed(long);
    let said = Said {
        source: Some(at),
        preset: preset(args, kind).or_else(|| preset(&own, kind)),
        columns: columns(config, source, kind)?,
        sheet: source.text("sheet").map(str::to_owned),
        alias: aliases(config, source),
        delimiter: own.delimiter.filter(|_| !is_typed("delimiter")),
        encoding: own.encoding.filter(|_| !is_typed("encoding")),
        zone: source.entry("tz").map(|_| if is_typed("tz") { args.tz } else { own.tz }),
        dates: own.dates.filter(|_| !is_typed("dates")).map(Into::into),
        decimal: own.decimal.filter(|_| !is_typed("decimal")),
    };
    let mut requests = Vec::new();
    for file in source.entry("files").iter().flat_map(|entry| &entry.values) {
        let inputs = input::expand_in(config.folder(), &file.text)
            .map_err(|error| error.said_on(&config.place(file.line)))?;
        let sheet = args.sheet.as_deref().or(said.sheet.as_deref());
        let request = |input: Input| Request { input: input.with_sheet(sheet), kind, said: said.clone() };
        requests.extend(inputs.into_iter().map(request));
    }
    Ok(requests)
}

fn kind_of(config: &Config, source: &Source) -> Result<Option<Kind>> {
    let Some(value) = source.entry("kind").and_then(|entry| entry.values.first()) else { return Ok(None) };
    super::values::kind(&value.text).map(Some).map_err(|error| {
        let told =
            Error::usage(format!("`kind = \"{}\"` on {} {error}", value.text, config.place(value.line)));
        told.hint(error.advice().unwrap_or_default())
    })
}

/// The flags that a source stands for, read as flags are.
fn reading(config: &Config, source: &Source) -> Result<ReadArgs> {
    let command = ReadArgs::augment_args(Command::new("cxm"));
    let mut words = vec!["cxm".to_owned()];
    for entry in source.entries.iter().filter(|entry| !["", "map"].contains(&entry.setting.flag)) {
        for value in &entry.values {
            settings::check(&command, config, entry.setting, value)?;
            words.push(format!("--{}={}", entry.setting.long(), value.text));
        }
    }
    let unread = |cause: clap::Error| Error::usage(format!("{}: {cause}", config.place(source.line)));
    let matches = command.try_get_matches_from(words).map_err(unread)?;
    ReadArgs::from_arg_matches(&matches).map_err(unread)
}

/// The columns that a source says are other names of a customer.
fn aliases(config: &Config, source: &Source) -> Vec<MapFlag> {
    let values = source.entry("alias").into_iter().flat_map(|entry| &entry.values);
    let alias = |value: &Value| MapFlag {
        kind: Kind::Customers,
        field: Field::Alias,
        column: value.text.clone(),
        said_on: Some(config.place(value.line)),
    };
    values.map(alias).collect()
}

/// The columns that a source names. Where it does not say its kind, a field is that of every kind that has it.
fn columns(config: &Config, source: &Source, kind: Option<Kind>) -> Result<Vec<MapFlag>> {
    let mut maps = Vec::new();
    for value in source.entry("columns").iter().flat_map(|entry| &entry.values) {
        let Some((name, column)) = value.text.split_once('=') else { continue };
        let kinds: Vec<Kind> = match kind {
            Some(kind) => vec![kind],
            None => Kind::ALL.to_vec(),
        };
        let named = kinds.iter().filter_map(|kind| Some((*kind, Field::named(*kind, name)?)));
        let fields: Vec<(Kind, Field)> = named.collect();
        if fields.is_empty() {
            return Err(no_field(config, value, name, &kinds));
        }
        let column = column.trim();
        if column.is_empty() && fields.iter().any(|(kind, field)| Field::required(*kind).contains(field)) {
            let place = config.place(value.line);
            return Err(Error::usage(format!(
                "`{name} = \"\"` on {place} names no column, and one is needed"
            ))
            .hint(format!("write e.g. {name} = \"Q12_1\"")));
        }
        maps.extend(fields.into_iter().map(|(kind, field)| MapFlag {
            kind,
            field,
            column: column.to_owned(),
            said_on: Some(config.place(value.line)),
        }));
    }
    Ok(maps)
}

fn no_field(config: &Config, value: &Value, name: &str, kinds: &[Kind]) -> Error {
    let mut known: Vec<&str> =
        kinds.iter().flat_map(|kind| Field::of(*kind)).map(|field| field.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let of = match kinds {
        [only] => format!("of {only}"),
        _ => "of any kind of export".to_owned(),
    };
    let near = text::nearest(name, known.iter().copied());
    let hint = if near.is_empty() {
        format!("the fields are {}", text::quoted(&known, known.len()))
    } else {
        format!("did you mean {}?", text::either(&near))
    };
    Error::usage(format!("`{name}` on {} is no field {of}", config.place(value.line))).hint(hint)
}
