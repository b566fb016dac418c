//! Exports in which only a part of each row stands are joined with those that hold the rest. It reads no row of the former.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Unopened, open_one};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{Plan, Request};
use crate::source::beside::{Beside, Parts, Rest};
use crate::source::opened::Opened;
use crate::source::preset::SharedPreset;
use crate::text;

/// The rows of parts that were read, or why they could not be, by the preset that asks for them.
type Known = BTreeMap<String, Result<Arc<Parts>>>;

/// Joins exports with those that hold the rest of their rows, and takes these off the list and off the plan; told with
/// the reason are the exports that lack what belongs to them. Where all rows are whole, nothing happens.
///
/// # Errors
/// When what was asked for is wrong.
pub fn join(plan: &mut Plan, files: Vec<Opened>) -> Result<(Vec<Opened>, Vec<Unopened>)> {
    if files.iter().all(|file| preset(file).is_none_or(|preset| preset.beside == Beside::Nothing)) {
        return Ok((files, Vec::new()));
    }
    let asked: Vec<String> =
        files.iter().filter_map(|file| rest(file)).map(|rest| rest.preset.clone()).collect();
    let (mut parts, mut others, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (request, file) in std::mem::take(&mut plan.requests).into_iter().zip(files) {
        match preset(&file).filter(|preset| preset.beside == Beside::Part) {
            None => others.push((request, file)),
            Some(part) if asked.contains(&part.name) => parts.push(file),
            Some(part) => errors.push((file.name.clone(), no_rows(plan, &file, part))),
        }
    }
    let (mut known, mut joined) = (Known::new(), Vec::new());
    for (request, file) in others {
        let name = file.name.clone();
        match join_one(plan, &request, file, &mut parts, &mut known) {
            Ok(file) => {
                plan.requests.push(request);
                joined.push(file);
            }
            Err(error) if error.kind() == ErrorKind::Export => errors.push((name, error)),
            Err(error) => return Err(error),
        }
    }
    Ok((joined, errors))
}

fn join_one(
    plan: &Plan,
    request: &Request,
    file: Opened,
    parts: &mut [Opened],
    known: &mut Known,
) -> Result<Opened> {
    let Some((preset, rest)) = preset(&file).cloned().zip(rest(&file).cloned()) else { return Ok(file) };
    let read = || -> Result<Arc<Parts>> {
        let is_part = |part: &&mut Opened| self::preset(part).is_some_and(|own| own.name == rest.preset);
        let mut parts = parts.iter_mut().filter(is_part).peekable();
        match parts.peek() {
            Some(_) => Parts::read(&rest, parts).map(Arc::new),
            None => Err(no_rest(plan, &file, &rest)),
        }
    };
    let parts = known.entry(preset.name.clone()).or_insert_with(read).clone()?;
    file.joined(parts, &plan.maps(request), &plan.presets.asking(&preset.name)?)
}

/// The exports that are to be read with one of the plan so that its rows are whole, itself among them, in their order.
///
/// # Errors
/// When that one cannot be opened.
pub fn belonging(plan: &Plan, request: &Request) -> Result<Vec<Request>> {
    let file = open_one(plan, request)?;
    let Some(own) = preset(&file).filter(|own| own.beside != Beside::Nothing) else {
        return Ok(vec![request.clone()]);
    };
    let asks = |one: &SharedPreset, part: &SharedPreset| {
        one.beside.rest().is_some_and(|rest| rest.preset == part.name)
    };
    let belongs = |other: &&Request| {
        let other = open_one(plan, other).ok();
        let other = other.as_ref().and_then(preset);
        other.is_some_and(|other| asks(own, other) || asks(other, own))
    };
    let is_it = |other: &&Request| other.input.is_same(&request.input);
    Ok(plan.requests.iter().filter(|other| is_it(other) || belongs(other)).cloned().collect())
}

/// What is wrong with an export may be that the rest of its rows is not in those that should hold it.
pub fn blamed(file: &Opened, error: Error) -> Error {
    let Some(parts) = file.input.parts() else { return error };
    let names: Vec<&str> = parts.accounts().map(|(name, ..)| name).collect();
    error.or_hint(format!(
        "see too whether {} is of the same days: a row that is not there is blank",
        text::list(&names)
    ))
}

fn preset(file: &Opened) -> Option<&SharedPreset> {
    file.mapping.shape.preset.as_ref()
}

fn rest(file: &Opened) -> Option<&Rest> {
    preset(file)?.beside.rest()
}

/// The other export is not given.
fn no_rest(plan: &Plan, file: &Opened, rest: &Rest) -> Error {
    let title = plan.presets.named(&rest.preset).map(|preset| preset.title.as_str()).unwrap_or_default();
    let cause = format!(
        "`{}` holds a part of each row, and the export with the rest is not given: {title} (preset `{}`)",
        file.name, rest.preset
    );
    Error::export(cause).hint(format!("name both: cxm report {} FILE", shown(file)))
}

/// The export whose rows it belongs to is not given.
fn no_rows(plan: &Plan, file: &Opened, part: &SharedPreset) -> Error {
    let asks = |preset: &&SharedPreset| preset.beside.rest().is_some_and(|rest| rest.preset == part.name);
    let whole = plan.presets.all().find(asks);
    let whole = whole.map(|preset| format!(": {} (preset `{}`)", preset.title, preset.name));
    let cause = format!(
        "`{}` holds the rest of rows that stand in another export, which is not given{}",
        file.name,
        whole.unwrap_or_default()
    );
    Error::export(cause).hint(format!("name both: cxm report {} FILE", shown(file)))
}

/// The name of a file as it is typed.
fn shown(file: &Opened) -> String {
    if file.input.path().is_none() { "-".to_owned() } else { file.name.clone() }
}
