//! `cxm demo DIR`: sample exports to try everything on.

use std::path::PathBuf;

use clap::{Args, Command};

use super::args::Verbosity;
use super::output::Console;
use super::values;
use crate::demo::Demo;
use crate::text;

/// The flags of `cxm demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// The folder to write to; it is made if need be
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// How many customers
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = values::customers, allow_negative_numbers = true)]
    customers: u32,

    /// Which of the many possible companies: the same seed writes the same bytes
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = values::count, allow_negative_numbers = true)]
    seed: u64,

    /// Without the bad rows that real exports have
    #[arg(long)]
    clean: bool,

    /// Replace files that are there
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    verbosity: Verbosity,
}

/// `cxm demo`.
pub fn command() -> Command {
    let about = "Write sample exports of an invented company: surveys, tickets and purchases, with the dirt of real ones, and a config";
    DemoArgs::augment_args(Command::new("demo")).about(about)
}

/// Writes the exports and says what was written.
pub fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let console = Console::from(&args.verbosity);
    let demo = Demo { customers: args.customers, seed: args.seed, dirt: !args.clean, force: args.force };
    let summary = demo.write(&args.dir)?;
    for file in &summary.files {
        console.say(&format!("{}: {}", file.path.display(), text::count(file.rows, "row")));
    }
    console.say(&format!("{}: names them, so that cxm report is enough", summary.config.display()));
    console.say(&format!("next: cd {} && cxm report", args.dir.display()));
    Ok(())
}
