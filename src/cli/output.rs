//! Where words go: results to standard output or a file, everything else to standard error.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::args::{ColorChoice, ShowArgs};
use super::reserved::Reserved;
use super::settings::Settings;
use crate::error::{Error, Result};
use crate::render::{self, Format, Style};
use crate::report::{Findings, Report};
use crate::source::input::Input;

/// Standard error.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    quiet: bool,
}

impl Console {
    /// A console that is silent but for errors when `quiet`.
    pub fn new(quiet: bool) -> Self {
        Console { quiet }
    }

    /// A line for the user's information.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr().lock(), "{}", render::printable(line));
        }
    }

    /// Says that settings come from a config, which nobody may have thought of.
    pub fn config(&self, settings: &Settings) {
        if let Some(config) = &settings.config {
            self.say(&format!("settings of {}; --no-config leaves them out", config.path.display()));
        }
    }

    /// Why the run stopped, with what lies below it, and what to do.
    pub fn error(&self, error: &anyhow::Error) {
        let mut stderr = io::stderr().lock();
        let _ = writeln!(stderr, "error: {}", render::printable(&error.to_string()));
        for cause in error.chain().skip(1) {
            let _ = writeln!(stderr, "caused by: {}", render::printable(&cause.to_string()));
        }
        if let Some(hint) = error.downcast_ref::<Error>().and_then(Error::advice) {
            let _ = writeln!(stderr, "hint: {}", render::printable(hint));
        }
    }
}

/// Where the result goes.
#[derive(Debug)]
pub struct Destination {
    format: Format,
    asked: Option<Format>,
    style: Style,
    file: Option<Reserved>,
}

/// The width of a table that nobody watches.
const PIPE_WIDTH: usize = 120;

impl Destination {
    /// Settles format and style, and makes sure that the file can be written before anything is read.
    ///
    /// # Errors
    /// When the folder cannot be written to, or the file is one of the exports.
    pub fn open(args: &ShowArgs, inputs: &[&Input]) -> Result<Destination> {
        let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
        let terminal = output.is_none() && io::stdout().is_terminal();
        let by_name = output.and_then(format_of);
        let usual = if terminal { Format::Table } else { Format::Csv };
        let color = match args.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let width = if terminal { terminal_width() } else { columns().unwrap_or(PIPE_WIDTH) };
        let file = output.map(|path| Reserved::at("--output", path, inputs)).transpose()?;
        Ok(Destination {
            format: args.format.or(by_name).unwrap_or(usual),
            asked: args.format.or(by_name),
            style: Style { width, terminal, color },
            file,
        })
    }

    /// Writes the report.
    ///
    /// # Errors
    /// When it cannot be written; a closed pipe is no error.
    pub fn write(&self, report: &Report, console: &Console) -> anyhow::Result<()> {
        self.warn(report, console);
        self.put(&render::render(report, self.format, &self.style))
    }

    /// Writes findings.
    ///
    /// # Errors
    /// When they cannot be written; a closed pipe is no error.
    pub fn write_findings(&self, found: &Findings, console: &Console) -> anyhow::Result<()> {
        self.warn(&found.account, console);
        self.put(&render::findings(found, self.format, &self.style))
    }

    /// What is to be kept in mind, where the format has no place for it.
    fn warn(&self, report: &Report, console: &Console) {
        if !matches!(self.format, Format::Table | Format::Md) {
            for caveat in &report.caveats {
                let remedy =
                    if caveat.remedy.is_empty() { String::new() } else { format!("; {}", caveat.remedy) };
                console.say(&format!("warning: {}{remedy}", caveat.cause));
            }
        }
    }

    /// The format of the result.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The format that was asked for, by name or by the file's ending.
    pub fn asked(&self) -> Option<Format> {
        self.asked
    }

    /// The width and the look of tables.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// Writes a finished text.
    ///
    /// # Errors
    /// When it cannot be written; a closed pipe is no error.
    pub fn put(&self, text: &str) -> anyhow::Result<()> {
        match &self.file {
            None => {
                let mut stdout = io::stdout().lock();
                match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
                    Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
                        Err(Error::output(format!("could not write to standard output: {cause}")).into())
                    }
                    _ => Ok(()),
                }
            }
            Some(place) => {
                fs::write(place.written(), text).map_err(|cause| place.unwritable(&cause))?;
                place.keep()?;
                Ok(())
            }
        }
    }
}

fn format_of(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    if extension == "txt" { Some(Format::Table) } else { extension.parse().ok() }
}

fn terminal_width() -> usize {
    columns().or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).unwrap_or(80)
}

/// The width that the user's environment asks for.
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|width| *width > 0)
}
