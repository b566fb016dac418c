//! `cxm rows`: the rows of exports of one kind as they were understood, for programs and for the doubtful.

use clap::{Args, Command};

use super::args::{ConfigArgs, ReadArgs, ShowArgs};
use super::output::Console;
use super::run::{account, reading_plan, reserve};
use super::settings::Settings;
use crate::error::Error;
use crate::pipeline;
use crate::render::Format;
use crate::source::columns::Mapping;
use crate::table::canonical::{Canonical, Value, values};

/// The flags of `cxm rows`.
#[derive(Debug, Clone, Args)]
pub struct RowsArgs {
    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    show: ShowArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

/// `cxm rows`.
pub fn command() -> Command {
    let about = "The rows of exports of one kind as cxm understands them, as csv or tsv: times in UTC, one row an answer";
    RowsArgs::augment_args(Command::new("rows")).about(about)
}

/// Reads the exports and writes the rows that are used.
pub fn run(args: &RowsArgs, settings: &Settings) -> anyhow::Result<()> {
    let console = Console::from(&args.read.verbosity);
    let mut plan = reading_plan(&args.read, settings)?;
    console.config(settings);
    plan.keep_rejects = true;
    let (destination, rejects) = reserve(&plan, &args.show, &args.read)?;
    let format = destination.asked().unwrap_or(Format::Csv);
    let delimiter = match format {
        Format::Csv => b',',
        Format::Tsv => b'\t',
        _ => {
            return Err(Error::usage(format!("`rows` has no form as {format}"))
                .hint("pass --format csv or --format tsv")
                .into());
        }
    };
    let files = pipeline::open(&plan)?;
    if let Some(other) = files.iter().find(|file| file.mapping.kind != files[0].mapping.kind) {
        let (kind, named) = (files[0].mapping.kind, &files[0].name);
        let cause = format!("`{named}` holds {kind} and `{}` {}", other.name, other.mapping.kind);
        return Err(Error::usage(cause).hint("write the rows of one kind at a time").into());
    }
    let rows = pipeline::rows(&plan, files)?;
    account(&plan, &rows.files, &rows.ledgers, rejects.as_ref(), &console)?;
    pipeline::check(&plan, &rows.ledgers)?;
    let mappings: Vec<&Mapping> = rows.files.iter().map(|file| &file.mapping).collect();
    let values = values(&mappings);
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let several = rows.files.len() > 1;
    let head = several.then_some("file").into_iter().chain(["line"]);
    let head = head.chain(values.iter().map(Value::name));
    let in_memory = |cause: csv::Error| Error::output(format!("could not write a row: {cause}"));
    out.write_record(head).map_err(in_memory)?;
    for ((opened, layout), file) in rows.files.iter().zip(&rows.layouts).zip(&rows.collected.files) {
        let canonical =
            Canonical { file, layout, mapping: &opened.mapping, names: &rows.collected, keys: &plan.keys };
        canonical.each((&opened.input, opened.again()), &values, |line, values| {
            let name = several.then(|| opened.name.clone());
            let record = name.into_iter().chain([line.to_string()]).chain(values);
            out.write_record(record).map_err(in_memory)
        })?;
    }
    let text = out.into_inner().map_err(|cause| Error::output(format!("could not write a row: {cause}")))?;
    destination.put(&String::from_utf8_lossy(&text))
}
