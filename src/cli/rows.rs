//! `cxm rows`: the rows of exports of one kind as they were understood, for programs and for the doubtful.

use clap::{Args, Command};

use super::args::{ConfigArgs, ReadArgs, ShowArgs};
use super::output::Console;
use super::run::{account, reading_plan, reserve};
use super::settings::Settings;
use super::values;
use crate::error::Error;
use crate::pipeline;
use crate::render::Format;
use crate::source::columns::Mapping;
use crate::source::field::Kind;
use crate::source::opened::Opened;
use crate::table::canonical::{Canonical, Value, columns};
use crate::text;

/// The flags of `cxm rows`.
#[derive(Debug, Clone, Args)]
pub struct RowsArgs {
    #[command(flatten)]
    read: ReadArgs,

    /// Write the rows of exports of this kind (where they hold several)
    #[arg(long, value_name = "KIND", value_parser = values::kind)]
    kind: Option<Kind>,

    #[command(flatten)]
    show: ShowArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

/// `cxm rows`.
pub fn command() -> Command {
    let about = "The rows of exports of one kind as cxm understands them, as csv or tsv: times in UTC, one row an answer";
    RowsArgs::augment_args(Command::new("rows")).about(about).mut_arg("format", |arg| arg.help("csv or tsv"))
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
    let files = pipeline::open(&mut plan)?;
    let kind = kind(args.kind, &files)?;
    let rows = pipeline::rows(&plan, files)?;
    account(&plan, &rows.files, &rows.ledgers, rejects.as_ref(), &console)?;
    pipeline::check(&plan, &rows.files, &rows.ledgers)?;
    let files = rows.files.iter().zip(&rows.layouts).zip(&rows.collected.files);
    let files: Vec<_> = files.filter(|((file, _), _)| file.mapping.kind == kind).collect();
    let mappings: Vec<&Mapping> = files.iter().map(|((file, _), _)| &file.mapping).collect();
    let values = columns(&mappings);
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let several = files.len() > 1;
    let head = several.then_some("file").into_iter().chain(["line"]);
    let head = head.chain(values.iter().map(Value::name));
    let in_memory = |cause: csv::Error| Error::output(format!("could not write a row: {cause}"));
    out.write_record(head).map_err(in_memory)?;
    for ((opened, layout), file) in files {
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

/// The kind whose rows are written: the one that was asked for, else the only one that is no list of customers.
fn kind(asked: Option<Kind>, files: &[Opened]) -> Result<Kind, Error> {
    let mut kinds: Vec<Kind> = Kind::ALL.to_vec();
    kinds.retain(|kind| files.iter().any(|file| file.mapping.kind == *kind));
    if let Some(asked) = asked {
        let none = || Error::usage(format!("no export holds {asked}"));
        return kinds.contains(&asked).then_some(asked).ok_or_else(none);
    }
    let told: Vec<Kind> = kinds.iter().copied().filter(|kind| *kind != Kind::Customers).collect();
    match (told.as_slice(), kinds.as_slice()) {
        ([only], _) | ([], [only]) => Ok(*only),
        _ => {
            let names: Vec<&str> = told.iter().map(|kind| kind.as_str()).collect();
            Err(Error::usage(format!("the exports hold {}", text::list(&names)))
                .hint(format!("write the rows of one kind at a time: --kind {}", names.join(" or --kind "))))
        }
    }
}
