//! What holds for each export, and whether a flag, the config, its preset or the file itself says so, for `cxm inspect
//! --settings`. Of an export it reads the header alone.

use super::from_line;
use crate::cli::args::ReadArgs;
use crate::cli::run::reading_plan;
use crate::cli::settings::{Settings, key};
use crate::config::keys::SETTINGS;
use crate::error::Result;
use crate::pipeline;
use crate::plan::{Plan, Request};
use crate::report::SettingNote;
use crate::source::aliases::AliasFlags;
use crate::source::converted::Format;
use crate::source::field::Field;
use crate::source::opened::Opened;
use crate::source::preset::{FileRules, SharedPreset};
use crate::table::layout::{Reading, named_zones};
use crate::table::value::dates::DateOrder;
use crate::table::value::number::Decimal;

/// The file itself tells.
const SHOWN: &str = "the file shows it";
/// Nobody says anything.
const DEFAULT: &str = "default";

/// Where something is said: in words, and the line of a config.
type Place = (String, Option<usize>);

/// The lines of every export; one that says what is wrong where they are not to be had.
pub fn notes(args: &ReadArgs, settings: &Settings) -> Vec<SettingNote> {
    let plan = match reading_plan(args, settings) {
        Ok(plan) => plan,
        Err(error) => return vec![note("file", None, &error.to_string(), (DEFAULT.to_owned(), None))],
    };
    let of_request = |(at, request): (usize, &Request)| {
        let name = format!("file[{}]", at + 1);
        Known { plan: &plan, args, settings, request, name }.notes()
    };
    plan.requests.iter().enumerate().flat_map(of_request).collect()
}

fn note(name: &str, value: Option<String>, note: &str, (from, line): Place) -> SettingNote {
    let note = if value.is_some() { String::new() } else { note.to_owned() };
    SettingNote { name: name.to_owned(), value, note, from, line }
}

/// One export, and all that may speak of it.
struct Known<'a> {
    plan: &'a Plan,
    args: &'a ReadArgs,
    settings: &'a Settings,
    request: &'a Request,
    /// What its lines are called.
    name: String,
}

impl Known<'_> {
    fn notes(&self) -> Vec<SettingNote> {
        let path = self.request.input.display().to_string();
        let file = self.in_source("files").unwrap_or_else(|| ("command line".to_owned(), None));
        let mut notes = vec![note(&self.name, Some(path), "", file)];
        if self.request.input.path().is_none() {
            let unread = "standard input is left for the run that reads it";
            notes.push(self.line("header", None, unread, shown()));
            return notes;
        }
        match self.open() {
            Ok(Some(opened)) => self.of_file(&opened, &mut notes),
            Ok(None) => {}
            Err(error) => notes.push(self.line("header", None, &error.to_string(), shown())),
        }
        notes
    }

    /// Opens the export by itself.
    fn open(&self) -> Result<Option<Opened>> {
        let (requests, aliases) = (vec![self.request.clone()], AliasFlags::default());
        let alone = Plan { requests, aliases, keep_rejects: false, ..self.plan.clone() };
        Ok(pipeline::open_apart(&alone)?.pop())
    }

    fn of_file(&self, file: &Opened, notes: &mut Vec<SettingNote>) {
        let preset = file.mapping.shape.preset.as_ref();
        let by_preset = |says: bool| preset.filter(|_| says).map(by);
        let kind = self.kind().or(by_preset(true)).unwrap_or_else(shown);
        notes.push(self.line("kind", Some(file.mapping.kind.to_string()), "", kind));
        let name = preset.map(|preset| preset.name.clone());
        let named = self.preset().unwrap_or_else(shown);
        notes.push(self.line("preset", name, "none", named));
        notes.extend(self.readings(file, preset));
        if file.format == Format::Csv {
            let encoding = file.shown.encoding().to_string();
            notes.push(self.line(
                "encoding",
                Some(encoding),
                "",
                self.word("encoding").unwrap_or_else(shown),
            ));
            let delimiter = match file.delimiter {
                b'\t' => "tab".to_owned(),
                mark => char::from(mark).to_string(),
            };
            let from = self.word("delimiter").unwrap_or_else(shown);
            notes.push(self.line("delimiter", Some(delimiter), "", from));
        }
        if let Some(sheet) = file.format.sheet() {
            let typed = self.args.sheet.as_ref().map(|_| flag("sheet"));
            let from = typed.or_else(|| self.in_source("sheet")).unwrap_or_else(shown);
            notes.push(self.line("sheet", Some(sheet.to_owned()), "", from));
        }
        if let Some(preset) = preset {
            let rows = preset.file.header_rows.to_string();
            let has_header = matches!(file.format, Format::Csv | Format::Sheet(..));
            notes.extend(has_header.then(|| self.line("header_rows", Some(rows), "", by(preset))));
            notes.extend(self.scales(preset));
        }
    }

    /// The zone, the decimal mark and the order of dates.
    fn readings(&self, file: &Opened, preset: Option<&SharedPreset>) -> [SettingNote; 3] {
        let is_own_zone = self.request.said.zone.is_some();
        let Reading { zone, dates, decimal } =
            self.plan.reading(self.request).of_file(&file.mapping, file.decimal, is_own_zone);
        let rules = preset.map(|preset| (preset, &preset.file));
        let by_preset = |says: &dyn Fn(&FileRules) -> bool| {
            rules.filter(|(_, rules)| says(rules)).map(|(preset, _)| by(preset))
        };
        let zone = match named_zones(&file.mapping) {
            Some(zones) => (zones.join(", "), shown()),
            None => {
                let of_preset = by_preset(&|rules| rules.zone.is_some()).filter(|_| !is_own_zone);
                (zone.name().to_owned(), of_preset.or_else(|| self.word("tz")).unwrap_or_else(default))
            }
        };
        let mark = match decimal {
            Some(mark) => {
                let of_preset = || by_preset(&|rules| rules.decimal.is_some());
                (mark, self.word("decimal").or_else(of_preset).unwrap_or_else(shown))
            }
            None if file.delimiter == b';' => (Decimal::Comma, default()),
            None => (Decimal::Point, default()),
        };
        let decimal = if mark.0 == Decimal::Comma { "," } else { "." };
        let order = dates.map(|order| if order == DateOrder::DayFirst { "dmy" } else { "mdy" });
        let of_preset = || by_preset(&|rules| rules.dates.is_some());
        let dates = self.word("dates").or_else(of_preset).unwrap_or_else(default);
        [
            self.line("tz", Some(zone.0), "", zone.1),
            self.line("decimal", Some(decimal.to_owned()), "", mark.1),
            self.line("dates", order.map(str::to_owned), "told from the file where it proves it", dates),
        ]
    }

    /// The scales that the preset fixes, where nobody says otherwise.
    fn scales(&self, preset: &SharedPreset) -> Vec<SettingNote> {
        let of_question = |(question, ends): &(Field, String)| {
            let said = self.plan.scales.get(question.as_str());
            let (value, from) = match said {
                Some(scale) => (scale.to_string(), self.scale(question.as_str()).unwrap_or_else(default)),
                None => (ends.clone(), by(preset)),
            };
            self.line(&format!("scales.{question}"), Some(value), "", from)
        };
        preset.scale.iter().map(of_question).collect()
    }

    fn line(&self, key: &str, value: Option<String>, unset: &str, from: Place) -> SettingNote {
        note(&format!("{}.{key}", self.name), value, unset, from)
    }

    /// Where the kind is said.
    fn kind(&self) -> Option<Place> {
        let kind = self.request.kind?;
        Some(self.in_source("kind").unwrap_or_else(|| flag(kind.as_str())))
    }

    /// Where the preset is said.
    fn preset(&self) -> Option<Place> {
        self.request.said.preset.as_ref()?;
        let is_typed =
            self.args.preset.iter().any(|typed| typed.kind.is_none() || typed.kind == self.request.kind);
        if is_typed { Some(flag("preset")) } else { self.in_source("preset") }
    }

    /// Where a setting is said: by a flag, of this source, or of all.
    fn word(&self, name: &str) -> Option<Place> {
        if self.settings.is_typed(name) {
            return Some(flag(name));
        }
        let of_all = || {
            let config = self.settings.config.as_ref()?;
            let entry = config.entry(SETTINGS.iter().find(|setting| setting.path() == name)?)?;
            Some((from_line(config, entry.line), Some(entry.line)))
        };
        self.in_source(name).or_else(of_all)
    }

    /// Where the scale of a question is said.
    fn scale(&self, question: &str) -> Option<Place> {
        let setting = SETTINGS.iter().find(|setting| setting.key == "scales")?;
        let is_it = |pair: &str| key(pair) == question;
        if self.settings.typed(setting).iter().any(|typed| is_it(typed)) {
            return Some(flag("scale"));
        }
        let config = self.settings.config.as_ref()?;
        let value = config.entry(setting)?.values.iter().find(|value| is_it(&value.text))?;
        Some((from_line(config, value.line), Some(value.line)))
    }

    /// Where the source of the export says it in the config.
    fn in_source(&self, key: &str) -> Option<Place> {
        let config = self.settings.config.as_ref()?;
        let entry = config.sources.get(self.request.said.source?)?.entry(key)?;
        Some((from_line(config, entry.line), Some(entry.line)))
    }
}

fn flag(long: &str) -> Place {
    (format!("flag --{long}"), None)
}

fn by(preset: &SharedPreset) -> Place {
    (format!("preset {}", preset.name), None)
}

fn shown() -> Place {
    (SHOWN.to_owned(), None)
}

fn default() -> Place {
    (DEFAULT.to_owned(), None)
}
