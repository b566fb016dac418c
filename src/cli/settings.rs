//! What the command line and the config say together: a flag wins over the config, the config over the default. It must
//! not know what the settings mean.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args as _, Command};

use super::args::ReportArgs;
use super::{refusal, values};
use crate::config::keys::{SETTINGS, Setting, Shape};
use crate::config::write::quoted;
use crate::config::{Config, Entry, NAME, Value};
use crate::error::{Error, Result};

/// Where the settings of a run come from.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The config, where there is one.
    pub config: Option<Config>,
    /// What was typed after the flags of settings.
    typed: Vec<(&'static Setting, Vec<String>)>,
}

impl Settings {
    /// Reads the config that was typed or found, and holds its values to what the flags accept.
    ///
    /// # Errors
    /// When it cannot be read, or one of its values cannot be: with the line.
    pub fn of(typed: &ArgMatches) -> Result<Settings> {
        let config = find(typed)?;
        let reference = reference();
        let typed = typed_of(&reference, typed);
        if let Some(config) = &config {
            for entry in &config.entries {
                entry.values.iter().try_for_each(|value| check(&reference, config, entry.setting, value))?;
            }
        }
        Ok(Settings { config, typed })
    }

    /// What was typed, and no config.
    pub fn typed_only(typed: &ArgMatches) -> Settings {
        Settings { config: None, typed: typed_of(&reference(), typed) }
    }

    /// The command line as if the settings of the config that hold had been typed too, before all that was.
    pub fn merged(&self, command: &Command, line: Vec<OsString>) -> Vec<OsString> {
        // Only what the command has a use for: `inspect` hides what it does not look at.
        let is_used = |setting: &Setting| argument(command, setting).is_some_and(|arg| !arg.is_hide_set());
        let entries = self.config.iter().flat_map(|config| &config.entries);
        let added = entries
            .filter(|entry| is_used(entry.setting))
            .flat_map(|entry| self.holding(entry))
            .map(|(setting, value)| OsString::from(format!("--{}={}", setting.long(), value.text)));
        let mut rest = line.into_iter();
        rest.by_ref().take(2).collect::<Vec<_>>().into_iter().chain(added).chain(rest).collect()
    }

    /// The values of an entry that no flag replaces; of a table, those of keys that no flag names.
    pub fn holding<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = (&'static Setting, &'a Value)> {
        let setting = entry.setting;
        let typed = self.typed(setting);
        let is_typed = move |value: &Value| match setting.shape {
            // `--def top1` is of the one metric that is asked for.
            Shape::Pairs => typed.iter().any(|typed| !typed.contains('=') || key(typed) == key(&value.text)),
            _ => !typed.is_empty(),
        };
        entry.values.iter().filter(move |value| !is_typed(value)).map(move |value| (setting, value))
    }

    /// What was typed after the flag of a setting; nothing where it was not.
    pub fn typed(&self, setting: &Setting) -> &[String] {
        let typed = self.typed.iter().find(|(known, _)| *known == setting);
        typed.map(|(_, values)| values.as_slice()).unwrap_or_default()
    }

    /// What was typed after the flag of that name.
    pub fn typed_after(&self, long: &str) -> &[String] {
        named(long).map(|setting| self.typed(setting)).unwrap_or_default()
    }

    /// Whether the flag of that name was typed.
    pub fn is_typed(&self, long: &str) -> bool {
        named(long).is_some_and(|setting| !self.typed(setting).is_empty())
    }

    /// Whether a flag or the config says the setting.
    pub fn is_said(&self, long: &str) -> bool {
        self.is_typed(long) || self.entry(long).is_some()
    }

    /// A value of a setting as a message names it: `--as-of X`, or the line of the config that says it.
    pub fn told(&self, long: &str, text: &str) -> String {
        let said = self.entry(long).and_then(|entry| {
            let holds = self.holding(entry).find(|(_, value)| value.text.trim().eq_ignore_ascii_case(text));
            let (setting, value) = holds?;
            Some(told(self.config.as_ref()?, setting, value))
        });
        said.unwrap_or_else(|| format!("`--{long} {text}`"))
    }

    /// A setting as a message names it: `--as-of`, or its key and line in the config that says it.
    pub fn name(&self, long: &str) -> String {
        let said = self.config.as_ref().zip(self.entry(long)).filter(|_| !self.is_typed(long));
        said.map_or_else(
            || format!("`--{long}`"),
            |(config, entry)| format!("`{}` on {}", entry.setting.key, config.place(entry.line)),
        )
    }

    /// How a setting is written in the config, where that says it.
    pub fn example(&self, long: &str) -> Option<String> {
        let entry = self.entry(long).filter(|_| !self.is_typed(long))?;
        Some(format!("write e.g. {}", entry.setting.written()))
    }

    fn entry(&self, long: &str) -> Option<&Entry> {
        self.config.as_ref()?.entry(named(long)?)
    }
}

/// What was typed after the flags of settings.
fn typed_of(reference: &Command, typed: &ArgMatches) -> Vec<(&'static Setting, Vec<String>)> {
    let values = |setting: &'static Setting| {
        let id = argument(reference, setting)?.get_id().as_str();
        let is_typed = typed.try_contains_id(id).unwrap_or(false)
            && typed.value_source(id) == Some(ValueSource::CommandLine);
        let raw = typed.try_get_raw(id).ok().flatten().filter(|_| is_typed)?;
        Some((setting, raw.map(|value| value.to_string_lossy().into_owned()).collect()))
    };
    SETTINGS.iter().filter_map(values).collect()
}

/// The setting of a flag.
fn named(long: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.long() == long)
}

/// The command that has every flag that is a setting.
pub fn reference() -> Command {
    ReportArgs::augment_args(Command::new("cxm"))
}

/// The argument of a command that says the same as a setting.
pub fn argument<'a>(command: &'a Command, setting: &Setting) -> Option<&'a Arg> {
    let long = setting.long();
    command.get_arguments().find(|arg| !long.is_empty() && arg.get_long() == Some(&long))
}

/// What stands before the equals sign of a pair, as pairs are compared.
pub fn key(pair: &str) -> String {
    pair.split('=').next().unwrap_or_default().trim().to_lowercase()
}

/// The config that was typed, else the one in this folder.
fn find(typed: &ArgMatches) -> Result<Option<Config>> {
    if let Some(path) = typed.get_one::<PathBuf>("config") {
        return Config::open(path).map(Some);
    }
    let usual = Path::new(NAME);
    if typed.get_flag("no_config") || !usual.exists() { Ok(None) } else { Config::open(usual).map(Some) }
}

/// Holds a value of the config to what its flag accepts.
///
/// # Errors
/// When the flag would refuse it.
pub fn check(reference: &Command, config: &Config, setting: &'static Setting, value: &Value) -> Result<()> {
    let told = match setting.key {
        "gates" => values::gate(&value.text).err(),
        _ if argument(reference, setting).is_none() => None,
        _ => {
            let words = ["cxm".to_owned(), format!("--{}={}", setting.long(), value.text)];
            let refused = reference.clone().try_get_matches_from(words).err();
            refused.map(|cause| refusal::told(&cause, reference, &[]))
        }
    };
    let Some(told) = told else { return Ok(()) };
    let cause = told.to_string();
    let typed = format!("`{}`", format!("--{} {}", setting.long(), value.text).trim());
    let cause = cause.strip_prefix(&typed).unwrap_or(&cause).trim_start();
    let cause = cause.strip_prefix("is wrong: ").unwrap_or(cause);
    let verb = if cause.starts_with("is ") || cause.starts_with("names ") || cause.starts_with("may ") {
        " "
    } else {
        ": "
    };
    let hint = match told.advice() {
        Some(advice) if !advice.contains("--") => advice.to_owned(),
        _ => format!("write e.g. {}", setting.written()),
    };
    Err(Error::usage(format!("{}{verb}{cause}", self::told(config, setting, value))).hint(hint))
}

/// A value as a message names it: `` `tz = "Europ"` on line 3 of `cxm.toml` ``.
pub fn told(config: &Config, setting: &Setting, value: &Value) -> String {
    let written = match (setting.shape, value.text.split_once('=')) {
        (Shape::Pairs, Some((key, text))) => format!("{key} = {}", quoted(text)),
        (Shape::Number | Shape::Switch, _) => format!("{} = {}", setting.key, value.text),
        _ => format!("{} = {}", setting.key, quoted(&value.text)),
    };
    format!("`{written}` on {}", config.place(value.line))
}
