//! Every setting of a run with its value and where it came from, for `cxm inspect --settings`. Of the exports it reads
//! the headers alone.

mod files;

use clap::Command;

use super::args::ReadArgs;
use super::settings::{Settings, argument, reference};
use super::{sources, values};
use crate::config::keys::{SETTINGS, Setting, Shape};
use crate::config::{Config, Entry};
use crate::plan::Plan;
use crate::report::{SCHEMA, SettingNote, SettingsNote};

/// Every setting, in the order of the table of settings, then the exports, and what holds for each.
pub fn note(args: &ReadArgs, settings: &Settings) -> SettingsNote {
    let reference = reference();
    let of_setting = |setting| of_setting(&reference, setting, settings);
    let mut notes: Vec<SettingNote> = SETTINGS.iter().flat_map(of_setting).collect();
    notes.iter_mut().filter(|note| note.name == "where").for_each(|note| veil(args, note));
    let exports = exports(args, settings);
    if !exports.is_empty() {
        notes.extend(exports);
        notes.extend(files::notes(args, settings));
    }
    SettingsNote {
        schema: SCHEMA,
        config: settings.config.as_ref().map(|config| config.path.display().to_string()),
        settings: notes,
    }
}

/// Makes the customers whom a condition names pseudonyms, where nobody is to be recognised.
fn veil(args: &ReadArgs, note: &mut SettingNote) {
    let shown = |text: String| Some(Plan::condition(&args.who.keys().ok()?, &values::filter(&text).ok()?));
    note.value = note.value.take().and_then(shown);
}

/// A setting; one for each key of a table.
fn of_setting(reference: &Command, setting: &'static Setting, settings: &Settings) -> Vec<SettingNote> {
    let entry =
        settings.config.as_ref().and_then(|config| config.entry(setting).map(|entry| (config, entry)));
    let typed = settings.typed(setting);
    if setting.shape == Shape::Pairs {
        let of_flag =
            typed.iter().map(|pair| of_pair(setting, pair, format!("flag --{}", setting.long()), None));
        let mut notes: Vec<SettingNote> = of_flag.collect();
        if let Some((config, entry)) = entry {
            let holding = settings.holding(entry);
            notes.extend(holding.map(|(setting, value)| {
                of_pair(setting, &value.text, from_line(config, value.line), Some(value.line))
            }));
        }
        notes.sort_by(|one, other| one.name.cmp(&other.name));
        if !notes.is_empty() {
            return notes;
        }
    }
    let note = |value: Option<String>, from: String, line: Option<usize>| SettingNote {
        note: if value.is_some() { String::new() } else { setting.unset.to_owned() },
        name: setting.path(),
        value,
        from,
        line,
    };
    vec![match entry {
        _ if !typed.is_empty() => note(Some(typed.join(", ")), format!("flag --{}", setting.long()), None),
        Some((config, entry)) => note(Some(entry.text()), from_line(config, entry.line), Some(entry.line)),
        None => {
            let values = default(reference, setting);
            note((!values.is_empty()).then(|| values.join(", ")), "default".to_owned(), None)
        }
    }]
}

fn of_pair(setting: &Setting, pair: &str, from: String, line: Option<usize>) -> SettingNote {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    SettingNote {
        name: format!("{}.{}", setting.path(), key.trim()),
        value: Some(value.trim().to_owned()),
        note: String::new(),
        from,
        line,
    }
}

fn from_line(config: &Config, line: usize) -> String {
    format!("{} line {line}", config.path.display())
}

/// The values that hold where nobody says any; none if the exports show them, or nothing is set.
pub fn default(reference: &Command, setting: &Setting) -> Vec<String> {
    let values = argument(reference, setting).map(clap::Arg::get_default_values).unwrap_or_default();
    values.iter().map(|value| value.to_string_lossy().into_owned()).collect()
}

/// The exports: those that were typed, else the sources of the config with what they say of them.
fn exports(args: &ReadArgs, settings: &Settings) -> Vec<SettingNote> {
    let typed = sources::named(args).into_iter().filter(|(paths, _)| !paths.is_empty());
    let of_typed = |(paths, kind): (&[String], Option<_>)| SettingNote {
        name: "exports".to_owned(),
        value: Some(paths.join(", ")),
        note: String::new(),
        from: kind.map_or("command line".to_owned(), |kind| format!("flag --{kind}")),
        line: None,
    };
    let notes: Vec<SettingNote> = typed.map(of_typed).collect();
    let Some(config) = settings.config.as_ref().filter(|_| notes.is_empty()) else { return notes };
    let of_source = |(at, source): (usize, &crate::config::Source)| {
        let entries = source.entries.iter().filter(|entry| !is_replaced(entry, settings)).collect::<Vec<_>>();
        let notes = entries.into_iter().flat_map(move |entry| of_entry(config, at, entry));
        notes.collect::<Vec<_>>()
    };
    config.sources.iter().enumerate().flat_map(of_source).collect()
}

/// Whether a flag says the same for all exports.
fn is_replaced(entry: &Entry, settings: &Settings) -> bool {
    let setting = entry.setting;
    setting.shape != Shape::Pairs && setting.key != "preset" && settings.is_typed(&setting.long())
}

fn of_entry(config: &Config, at: usize, entry: &Entry) -> Vec<SettingNote> {
    let setting = Setting { table: "source", ..*entry.setting };
    let name = |note: SettingNote| SettingNote {
        name: note.name.replacen("source", &format!("source[{}]", at + 1), 1),
        ..note
    };
    if setting.shape == Shape::Pairs {
        let pair = |value: &crate::config::Value| {
            name(of_pair(&setting, &value.text, from_line(config, value.line), Some(value.line)))
        };
        return entry.values.iter().map(pair).collect();
    }
    vec![name(SettingNote {
        name: setting.path(),
        value: Some(entry.text()),
        note: String::new(),
        from: from_line(config, entry.line),
        line: Some(entry.line),
    })]
}
