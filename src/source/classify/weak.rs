//! Exports of which their first column alone tells whose they are: read by the names of their columns as without a preset,
//! which says what these do not. It sees headers alone.

use std::collections::BTreeMap;

use super::{Reading, classify, guess};
use crate::error::Result;
use crate::source::field::{Field, Kind, MapFlag};
use crate::source::mapping::{Header, Mapping, find};
use crate::source::preset::{Choice, Head, SharedPreset};
use crate::source::shape::{From, Shape};

/// The preset whose first column an export has, where the names of its columns say too that it is one of these: they are
/// those of the preset's kind, and one of a survey is a question.
///
/// # Errors
/// When two fit equally well.
pub(super) fn fitting(
    file: &str,
    head: &Head,
    forced: Option<Kind>,
    maps: &[MapFlag],
    presets: &Choice,
) -> Result<Option<SharedPreset>> {
    let Some(preset) = presets.weak(file, head, forced)? else { return Ok(None) };
    let names = head.names(&preset.file);
    let header = Header::new(file, &names);
    let reading = match forced {
        Some(kind) => Ok(Reading::new(&header, kind, maps)),
        None => classify(&header, maps),
    };
    let is_one = |reading: &Reading| {
        let asks = || Field::QUESTIONS.iter().any(|field| reading.fits.contains_key(field));
        reading.kind == preset.kind && (preset.kind != Kind::Surveys || asks())
    };
    let is_one = reading.is_ok_and(|reading| is_one(&reading));
    Ok(Some(preset).filter(|_| is_one))
}

/// What the columns of such an export are: what their names say, else what the preset says.
///
/// # Errors
/// When a field that the kind requires has no column, or several that are equally good.
pub(super) fn apply(file: &str, head: &Head, preset: &SharedPreset, maps: &[MapFlag]) -> Result<Mapping> {
    let kind = preset.kind;
    let names = head.names(&preset.file);
    let header = Header::new(file, &names);
    let reading = Reading::new(&header, kind, maps);
    let first = |name: &str| find(&names, &header.names, name).first().copied();
    let is_open = |field: Field| {
        let is_said = maps.iter().any(|map| (map.kind, map.field) == (kind, field));
        !is_said && !reading.fits.contains_key(&field)
    };
    let mut added: BTreeMap<Field, usize> = BTreeMap::new();
    for (field, place) in preset.columns.iter().filter(|(field, _)| is_open(*field)) {
        let column = place.names().iter().find_map(|name| first(name));
        let column = column.filter(|column| reading.field(*column).is_none());
        added.extend(column.map(|column| (*field, column)));
    }
    let said = added.iter().map(|(field, column)| MapFlag {
        kind,
        field: *field,
        column: header.names[*column].clone(),
        said_on: None,
    });
    let maps: Vec<MapFlag> = maps.iter().cloned().chain(said).collect();
    let mut mapping = guess(file, &names, Some(kind), &maps)?;
    let claimed = mapping.claimed.iter().zip(0..).filter_map(|(field, column)| Some(((*field)?, column)));
    let mut found: BTreeMap<Field, From> =
        claimed.map(|(field, column)| (field, From::Column(column))).collect();
    let made = std::mem::take(&mut mapping.shape.fields);
    found.extend(made.into_iter().map(|(field, shaped)| (field, shaped.from)));
    found.retain(|field, _| !added.contains_key(field));
    let is_denied = |field: Field| !added.contains_key(&field);
    let mut shape = Shape::of(preset, first, &found, is_denied);
    shape.drops.append(&mut mapping.shape.drops);
    shape.zones = head.zones(&preset.file);
    let shape = shape.settled(&mapping.claimed);
    Ok(Mapping { shape, ..mapping })
}
