//! The rows that could not be used, whole, for the user to mend: `--rejects FILE`.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::ledger::FileLedger;
use super::veil::Veil;
use crate::error::{Error, Result};
use crate::source::input::Input;
use crate::source::records::{Options, reread};

/// Writes a CSV of file, line, reason and the row as it is in its file, or as its veil lets it be seen. Each file with rejects is read once more.
/// `unwritable` says what could not be written.
///
/// # Errors
/// When the file cannot be written, or an export has changed since it was read.
pub fn write<'a>(
    path: &Path,
    files: impl Iterator<Item = ((&'a Input, Options), &'a FileLedger, Veil<'a>)>,
    unwritable: impl Fn(io::Error) -> Error,
) -> Result<()> {
    let unwritable = |cause: csv::Error| unwritable(cause.into());
    let mut out = csv::Writer::from_path(path).map_err(unwritable)?;
    out.write_record(["file", "line", "reason", "row"]).map_err(unwritable)?;
    for ((input, options), ledger, veil) in files.filter(|(_, ledger, _)| !ledger.rejects.is_empty()) {
        let lines: BTreeSet<u64> = ledger.rejects.keys().map(|line| u64::from(*line)).collect();
        reread(input, options, &lines, |line, record| {
            let reason = u32::try_from(line).ok().and_then(|line| ledger.rejects.get(&line));
            let reason = reason.map_or("", |reason| reason.as_str());
            let (line, row) = (line.to_string(), veil.row(record.raw()));
            out.write_record([ledger.name.as_bytes(), line.as_bytes(), reason.as_bytes(), &row])
                .map_err(unwritable)
        })?;
    }
    out.flush().map_err(|cause| unwritable(cause.into()))
}
