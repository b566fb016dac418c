//! `cxm presets`: the exports that are known by their vendor, and one of them as a start for the user's own.

use clap::{Args, Command};

use super::args::{ConfigArgs, ShowArgs};
use super::output::Destination;
use super::run::presets;
use super::settings::Settings;
use crate::assemble::preset_notes;
use crate::render;

/// The flags of `cxm presets`.
#[derive(Debug, Clone, Args)]
pub struct PresetsArgs {
    /// Print this preset, as a start for one of your own
    #[arg(value_name = "NAME")]
    name: Option<String>,

    #[command(flatten)]
    show: ShowArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

/// `cxm presets`.
pub fn command() -> Command {
    let about =
        "The vendors' exports that cxm knows, with the evidence for each; with a name, the preset itself";
    PresetsArgs::augment_args(Command::new("presets")).about(about)
}

/// Lists the presets, or prints one.
pub fn run(args: &PresetsArgs, settings: &Settings) -> anyhow::Result<()> {
    let destination = Destination::open(&args.show, &[])?;
    let choice = presets(settings)?;
    if let Some(name) = &args.name {
        return destination.put(&choice.named(name)?.text);
    }
    let notes = preset_notes(choice.all());
    destination.put(&render::presets(&notes, destination.format(), destination.style()))
}
