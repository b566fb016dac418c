//! From the head of a file and its preset to what its columns are; it reads no row below the head.

use std::collections::BTreeMap;

use super::{Head, SharedPreset};
use crate::error::Result;
use crate::source::classify::questions;
use crate::source::field::{Field, Kind, MapFlag};
use crate::source::mapping::{Header, Layout, Mapping, find};
use crate::source::shape::{From, Shape};
use crate::text;

/// What the columns of a file are, by a preset. What the user says of a field wins over the preset. Nothing is said of
/// columns of a file in which only a part of each row stands.
///
/// # Errors
/// When a field that the kind requires has no column.
pub fn apply(file: &str, head: &Head, preset: &SharedPreset, maps: &[MapFlag]) -> Result<Mapping> {
    let kind = preset.kind;
    let names = head.names(&preset.file);
    let header = Header::new(file, &names);
    if !head.is_whole(preset) {
        let shape = Shape { preset: Some(preset.clone()), ..Shape::default() };
        return Ok(Mapping { shape, ..header.mapping(kind, Layout::Long, vec![None; names.len()]) });
    }
    let mut said = header.mapped(kind, maps)?;
    let is_denied =
        |field| maps.iter().any(|map| (map.kind, map.field) == (kind, field) && map.column.is_empty());
    let first = |name: &str| find(&names, &header.names, name).first().copied();
    let sources = |said: &BTreeMap<Field, usize>| -> BTreeMap<Field, From> {
        let source =
            |(field, column): (&Field, &usize)| (*field, source(&header, kind, *field, *column, maps));
        said.iter().map(source).collect()
    };
    let mut shape = Shape::of(preset, first, &sources(&said), is_denied);
    let is_said = [Field::Score, Field::Metric].iter().any(|field| said.contains_key(field));
    if kind == Kind::Surveys && !is_scored(preset) && !is_said {
        let labels = head.labels(&preset.file);
        let is_none =
            |name: &str| preset.file.no_question.iter().any(|ending| name.ends_with(ending.as_str()));
        let is_free = |column: usize| !is_none(&names[column]) && !shape.is_source(column);
        let found =
            questions(&header, labels, is_free, |field| is_denied(field) || said.contains_key(&field))?;
        said.extend(found);
        shape = Shape::of(preset, first, &sources(&said), is_denied);
    }
    let mut claimed: Vec<Option<Field>> = vec![None; names.len()];
    // A column that the user names is that field, whatever else the preset takes from it.
    for (field, column) in &said {
        claimed[*column] = Some(*field);
    }
    for (field, column) in shape.claims() {
        claimed[column].get_or_insert(field);
    }
    for name in
        preset.columns.iter().filter(|(field, _)| *field == Field::Alias).flat_map(|(_, at)| at.names())
    {
        first(name).map(|column| claimed[column].get_or_insert(Field::Alias));
    }
    missing(&header, preset, &shape)?;
    shape.zones = head.zones(&preset.file);
    let wide = Field::QUESTIONS.iter().any(|field| shape.fields.contains_key(field));
    let layout = if wide { Layout::Wide } else { Layout::Long };
    let shape = shape.settled(&claimed);
    Ok(Mapping { shape, ..header.mapping(kind, layout, claimed) })
}

/// Where a field stands that the user names.
fn source(header: &Header, kind: Kind, field: Field, column: usize, maps: &[MapFlag]) -> From {
    let map = maps.iter().find(|map| (map.kind, map.field) == (kind, field));
    let joined = map.and_then(|map| header.joined(&map.column)).filter(|_| field.is_time());
    joined.map_or(From::Column(column), From::Joined)
}

/// Whether a preset says where scores stand.
fn is_scored(preset: &SharedPreset) -> bool {
    let is_score = |field: &Field| *field == Field::Score || Field::QUESTIONS.contains(field);
    preset.columns.iter().any(|(field, _)| is_score(field))
}

/// # Errors
/// When a field that the kind requires is nowhere.
fn missing(header: &Header, preset: &SharedPreset, shape: &Shape) -> Result<()> {
    let kind = preset.kind;
    let has = |field: &Field| shape.fields.contains_key(field);
    let is_answered = Field::QUESTIONS.iter().any(has);
    let lacks =
        |field: &&Field| !(has(field) || is_answered && matches!(field, Field::Metric | Field::Score));
    let missing: Vec<Field> = Field::required(kind).iter().filter(lacks).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    // A question is asked for as such: which metric it is and where its score stands are one thing.
    let by_question = missing.contains(&Field::Score);
    let asked = missing.iter().filter(|field| !by_question || **field != Field::Metric);
    let (mut nouns, mut flags) = (Vec::new(), Vec::new());
    for field in asked {
        nouns.push(format!("the {}", field.noun()));
        let by = if *field == Field::Score { Field::Nps } else { *field };
        flags.push(header.flag(kind, by, None));
    }
    let cause = format!(
        "the preset `{}` finds no column for {} (found {})",
        preset.name,
        text::list(&nouns),
        header.columns()
    );
    let or_ces = if by_question { " (or csat, ces)" } else { "" };
    let hint = format!("pass {}{or_ces}, or --preset none to have the columns guessed", flags.join(" "));
    Err(header.unread(kind, &cause).hint(hint))
}
