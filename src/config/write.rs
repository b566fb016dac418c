//! The text of a new config, with a comment on everything in it. It must not know where the facts come from.

use std::fmt::Write as _;

use super::keys::{Setting, Shape};

/// One setting, as a new config shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Which.
    pub setting: &'static Setting,
    /// What it means, in one sentence.
    pub about: String,
    /// The values that hold where nobody says any; none if there is no such value.
    pub default: Vec<String>,
    /// What the user said, as it is typed after the flag; empty where it is only a comment.
    pub said: Vec<String>,
}

/// Exports that are alike, as a new config shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewSource {
    /// Their paths, relative to the config.
    pub files: Vec<String>,
    /// What they are, where that is known.
    pub kind: Option<String>,
    /// What is to be known of them, and what is in doubt.
    pub notes: Vec<String>,
    /// Settings of theirs that the user may want, as key and value, the value as it is written.
    pub offered: Vec<(String, String)>,
    /// Whether it is a preset that says what the columns are.
    pub is_by_preset: bool,
    /// The fields that were found, with the columns that they are.
    pub found: Vec<(String, String)>,
    /// What is to be known of fields that are made from several columns.
    pub made: Vec<String>,
    /// Settings of theirs that hold, as key and value, the value as it is written.
    pub said: Vec<(String, String)>,
    /// The columns that the user named.
    pub named: Vec<(String, String)>,
    /// The columns to choose from where one is missing or in doubt.
    pub columns: Vec<(String, String)>,
}

const HEAD: &str = "\
# What cxm reads and shows, when it is run in this folder or with -c and this file. Paths are relative to this folder.
# A flag wins over what stands here. A setting behind a # is the default, which holds anyway, or an example.
# cxm inspect --settings shows every setting and where it came from.
";

/// The config as text. Its settings stand in the order given, those of a table together, its sources behind those of the whole run.
pub fn text(sources: &[NewSource], settings: &[Shown]) -> String {
    let of = |table: &'static str| settings.iter().filter(move |shown| shown.setting.table == table);
    let is_table = |shown: &&Shown| shown.setting.shape == Shape::Pairs;
    let mut text = HEAD.to_owned();
    of("").filter(|shown| !is_table(shown)).for_each(|shown| line(&mut text, shown));
    sources.iter().for_each(|one| source(&mut text, one));
    of("").filter(is_table).for_each(|shown| pairs(&mut text, shown));
    let mut tables: Vec<&'static str> = settings.iter().map(|shown| shown.setting.table).collect();
    tables.dedup();
    for table in tables.into_iter().filter(|table| !table.is_empty()) {
        let _ = write!(text, "\n[{table}]");
        of(table).filter(|shown| !is_table(shown)).for_each(|shown| line(&mut text, shown));
        of(table).filter(is_table).for_each(|shown| pairs(&mut text, shown));
    }
    text
}

fn line(text: &mut String, shown: &Shown) {
    let setting = shown.setting;
    let _ = write!(text, "\n# {}\n", plain(&shown.about));
    if !shown.said.is_empty() {
        let _ = writeln!(text, "{} = {}", setting.key, value(setting, &shown.said));
        return;
    }
    let _ = if shown.default.is_empty() {
        writeln!(text, "# {} = {}   # for example", setting.key, setting.example)
    } else {
        writeln!(text, "# {} = {}", setting.key, value(setting, &shown.default))
    };
}

/// A table of texts.
fn pairs(text: &mut String, shown: &Shown) {
    let _ = write!(text, "\n# {}\n[{}]\n", plain(&shown.about), shown.setting.path());
    for said in shown.said.iter().filter_map(|said| said.split_once('=')) {
        let _ = writeln!(text, "{} = {}", key(said.0), quoted(said.1));
    }
    if shown.said.is_empty() {
        let _ = writeln!(text, "# {}", shown.setting.example);
    }
}

fn source(text: &mut String, source: &NewSource) {
    let _ = write!(text, "\n[[source]]\n");
    let files: Vec<String> = source.files.iter().map(|file| quoted(file)).collect();
    let _ = match files.as_slice() {
        [only] => writeln!(text, "files = [{only}]"),
        _ => writeln!(text, "files = [\n  {},\n]", files.join(",\n  ")),
    };
    if let Some(kind) = &source.kind {
        let _ = writeln!(text, "kind = {}", quoted(kind));
    }
    for (key, value) in &source.said {
        let _ = writeln!(text, "{key} = {value}");
    }
    for note in &source.notes {
        let _ = writeln!(text, "# {}", plain(note));
    }
    for (key, value) in &source.offered {
        let _ = writeln!(text, "# {key} = {value}");
    }
    if !source.found.is_empty() {
        let by = if source.is_by_preset { "the preset reads them" } else { "they are read" };
        let _ =
            writeln!(text, "# The columns as {by}; without the #, or with another column, it is your word:");
    }
    let _ = writeln!(text, "[source.columns]");
    for (field, column) in &source.named {
        let _ = writeln!(text, "{field} = {}", quoted(column));
    }
    for (field, column) in source.found.iter().chain(&source.columns) {
        let _ = writeln!(text, "# {field} = {}", quoted(column));
    }
    for made in &source.made {
        let _ = writeln!(text, "# {}", plain(made));
    }
}

/// Values as they are written in a config.
fn value(setting: &Setting, said: &[String]) -> String {
    let all: Vec<String> = said.iter().map(|text| quoted(text)).collect();
    match (setting.shape, said) {
        (Shape::List, _) => list(said),
        (Shape::Number | Shape::Switch, [only]) => only.clone(),
        _ => all.join(", "),
    }
}

/// Texts as a list.
pub fn list(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", all.join(", "))
}

/// A key, in quotes where it has to be.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text in quotes, on one line whatever is in it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A comment is one line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
