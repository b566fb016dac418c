//! An earlier report read from its file, as `cxm check` compares with it. It must not know what is compared.

use std::path::Path;

use serde::Deserialize;

use crate::analysis::baseline::Baseline;
use crate::error::{Error, Result};
use crate::report::SCHEMA;
use crate::table::value::dates::Place;
use crate::table::value::time::{TimeCell, TimeParser};

/// What tells whether a file is a report at all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Head {
    schema: Option<String>,
    command: Option<String>,
}

/// Reads an earlier report.
///
/// # Errors
/// When the file cannot be read, or is no report in JSON of this schema.
pub fn read(path: &Path) -> Result<Baseline> {
    let file = path.display().to_string();
    let wrong = |why: String| {
        Error::export(format!("the baseline `{file}` {why}"))
            .hint("write one with cxm report --format json -o FILE")
    };
    let bytes = std::fs::read(path).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => wrong("does not exist".to_owned()),
        _ => wrong(format!("could not be read: {cause}")),
    })?;
    let head: Head =
        serde_json::from_slice(&bytes).map_err(|cause| wrong(format!("is no report in JSON: {cause}")))?;
    match (head.schema.as_deref(), head.command) {
        (None, _) => return Err(wrong("is no report: it names no schema".to_owned())),
        (Some(schema), _) if schema != SCHEMA => {
            return Err(wrong(format!("has the schema `{schema}`, and this version compares `{SCHEMA}`")));
        }
        (_, Some(command)) => return Err(wrong(format!("is no report, but what `cxm {command}` found"))),
        _ => {}
    }
    let mut baseline: Baseline =
        serde_json::from_slice(&bytes).map_err(|cause| wrong(format!("is no whole report: {cause}")))?;
    baseline.file = file;
    baseline.begins = baseline.settings.get("since").and_then(|text| moment(text));
    let until = baseline.settings.get("until").and_then(|text| moment(text));
    baseline.ends = moment(&baseline.as_of).map(|as_of| until.map_or(as_of, |until| until.min(as_of)));
    Ok(baseline)
}

/// A time as a report writes it.
fn moment(text: &str) -> Option<i64> {
    let place = Place { line: 1, column: "as_of" };
    match TimeParser::new(chrono_tz::Tz::UTC, None).parse(text.as_bytes(), place) {
        TimeCell::At(time) => Some(time),
        _ => None,
    }
}
