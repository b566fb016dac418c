//! One export as a new config shows it: what holds, what the columns are, and what to choose from. It opens no file.

use super::Looked;
use crate::config::write::{NewSource, list, quoted};
use crate::plan::{Plan, Request};
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};
use crate::source::preset::Preset;

/// The source of one export. What is in doubt is offered, and does not hold.
pub fn of(plan: &Plan, request: &Request, name: String, looked: &Looked) -> NewSource {
    let mapping = looked.mapping.as_ref();
    let preset = mapping.and_then(|mapping| mapping.shape.preset.as_ref());
    let mut source = NewSource {
        files: vec![name],
        kind: mapping.map(|mapping| mapping.kind).or(request.kind).map(|kind| kind.to_string()),
        notes: preset.iter().map(|preset| about(preset)).chain(looked.notes.iter().cloned()).collect(),
        offered: looked.found.iter().map(|(key, text)| ((*key).to_owned(), quoted(text))).collect(),
        ..NewSource::default()
    };
    let named = preset.map(|preset| preset.name.clone()).or(request.said.preset.clone());
    source.said.extend(named.map(|name| ("preset".to_owned(), quoted(&name))));
    let sheet = looked.sheet.as_deref().or(request.input.sheet());
    source.said.extend(sheet.map(|sheet| ("sheet".to_owned(), quoted(sheet))));
    if let Some(preset) = preset {
        source.offered.extend(rules(preset));
        source.is_by_preset = true;
    }
    if let Some(mapping) = mapping {
        aliases(plan, mapping, &mut source);
        columns(plan, mapping, &mut source);
    }
    if let Some(doubt) = &looked.doubt {
        source.notes.push(format!("In doubt: {doubt}"));
        offer(&mut source, doubt.advice().unwrap_or_default());
    }
    source
}

/// What a preset is, and what whoever uses it must know.
fn about(preset: &Preset) -> String {
    let Preset { name, title, evidence, .. } = preset;
    let note = preset.note.as_deref().map(|note| format!(". {note}")).unwrap_or_default();
    format!("{name}: {title}, evidence {evidence} ({}){note}", evidence.about())
}

/// What a preset says of its files that their source may say otherwise.
fn rules(preset: &Preset) -> impl Iterator<Item = (String, String)> {
    let rules = &preset.file;
    let zone = rules.zone.map(|zone| ("tz", zone.name().to_owned()));
    let decimal = rules.decimal.map(|mark| ("decimal", mark.to_string()));
    let dates = rules.dates.clone().map(|order| ("dates", order));
    let said = [zone, dates, decimal].into_iter().flatten();
    said.map(|(key, text)| (key.to_owned(), quoted(&text)))
}

/// The columns of a list of customers that are other names of theirs: those that were typed hold, those told from
/// their names are offered.
fn aliases(plan: &Plan, mapping: &Mapping, source: &mut NewSource) {
    if mapping.kind != Kind::Customers {
        return;
    }
    let typed: Vec<usize> = plan.aliases.more.iter().filter_map(|name| mapping.other(name)).collect();
    let named = |columns: &mut dyn Iterator<Item = usize>| {
        let names: Vec<String> = columns.map(|column| shown_name(mapping, column)).collect();
        (!names.is_empty()).then(|| ("alias".to_owned(), list(&names)))
    };
    source.said.extend(named(&mut typed.iter().copied()));
    let told = mapping.aliases().map(|(column, _)| column).filter(|column| !typed.contains(column));
    source.offered.extend(named(&mut told.into_iter()));
    for name in &plan.aliases.fewer {
        source.notes.push(format!("On the command line only: --no-alias {name}"));
    }
}

fn columns(plan: &Plan, mapping: &Mapping, source: &mut NewSource) {
    for (column, field) in mapping.claimed.iter().enumerate() {
        let Some(field) = field.filter(|field| *field != Field::Alias) else { continue };
        let is_named = plan.maps.iter().any(|map| (map.kind, map.field) == (mapping.kind, field));
        let several =
            mapping.shape.fields.get(&field).map(|shaped| shaped.from.columns()).filter(|all| all.len() > 1);
        if let Some(all) = several.filter(|_| !is_named) {
            let names: Vec<String> = all.iter().map(|column| quoted(&shown_name(mapping, *column))).collect();
            source.made.push(format!("{field} is made from {}", names.join(", ")));
            continue;
        }
        let pairs = if is_named { &mut source.named } else { &mut source.found };
        pairs.push((field.to_string(), shown_name(mapping, column)));
    }
    let none = plan.maps.iter().filter(|map| map.kind == mapping.kind && map.column.is_empty());
    source.named.extend(none.map(|map| (map.field.to_string(), String::new())));
}

/// The name that says which column is meant: as the file has it, unless another is called alike.
fn shown_name(mapping: &Mapping, column: usize) -> String {
    let found = mapping.header.get(column).map(|name| name.trim()).unwrap_or_default();
    let is_clear = !found.is_empty() && mapping.other(found) == Some(column);
    let unique = || mapping.names.get(column).cloned().unwrap_or_default();
    if is_clear { found.to_owned() } else { unique() }
}

/// The flags of a hint as lines to choose from.
fn offer(source: &mut NewSource, hint: &str) {
    if !hint.is_empty() {
        source
            .notes
            .push(format!("On the command line: {hint}. Here: take the # off the line that is right"));
    }
    let words = words(hint);
    let mut offered: Vec<(&str, &str)> = Vec::new();
    for pair in words.windows(2) {
        let value = pair[1].as_str();
        match pair[0].as_str() {
            "--map" => {
                let field =
                    value.split_once('=').and_then(|(at, column)| Some((at.split_once('.')?.1, column)));
                source.columns.extend(field.map(|(field, column)| (field.to_owned(), column.to_owned())));
            }
            "--dates" => offered.extend([("dates", "dmy"), ("dates", "mdy")]),
            "--decimal" => offered.extend([("decimal", "."), ("decimal", ",")]),
            flag @ ("--encoding" | "--preset" | "--sheet" | "--delimiter") => {
                offered.push((flag.trim_start_matches('-'), value));
            }
            flag => {
                let kind = flag.strip_prefix("--").and_then(Kind::named);
                offered.extend(kind.map(|kind| ("kind", kind.as_str())));
            }
        }
    }
    for (key, text) in offered {
        let offer = (key.to_owned(), quoted(text));
        if text != "NAME" && !source.offered.contains(&offer) {
            source.offered.push(offer);
        }
    }
}

/// The words of a hint, as a shell would part them, without the signs of the sentence behind them.
fn words(hint: &str) -> Vec<String> {
    const SIGNS: [char; 3] = [',', '?', ';'];
    let mut words = Vec::new();
    let mut rest = hint.trim_start();
    while !rest.is_empty() {
        let in_quotes = rest.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
        let (word, behind) =
            in_quotes.unwrap_or_else(|| rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())));
        let word = if in_quotes.is_some() { word } else { word.trim_end_matches(SIGNS) };
        words.push(word.to_owned());
        rest = behind.trim_start_matches(SIGNS).trim_start();
    }
    words
}
