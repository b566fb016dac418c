//! The program as a script meets it: exact cases kept as data, its streams, its help, and hostile bytes.

mod case;
mod help;
mod hostile;
mod hostile_formats;
mod memory;
mod saved_again;
mod saved_as;
mod streams;
pub mod workbooks;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use case::{Case, Outcome};

/// An absent folder must not pass.
const CASES: usize = 165;

/// The program, in a folder of its own, with nothing of the tester's environment that shapes its output.
pub fn cxm(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cxm"));
    command.current_dir(folder);
    for variable in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "LC_ALL", "LANG"] {
        command.env_remove(variable);
    }
    command
}

/// What every refusal promises, whatever caused it.
pub fn assert_refused(output: &Output, status: i32, told: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{told}: {stderr}");
    assert!(output.stdout.is_empty(), "{told}: an error prints no result");
    assert_eq!(stderr.matches("error: ").count(), 1, "{told}: one error, one sentence: {stderr}");
    assert!(stderr.lines().filter(|line| line.starts_with("hint: ")).count() <= 1, "{told}: {stderr}");
    let known = |line: &str| line.starts_with("error: ") || line.starts_with("hint: ");
    let error = stderr.lines().skip_while(|line| !line.starts_with("error: "));
    assert!(error.clone().all(known), "{told}: nothing follows the error but its hint: {stderr}");
    assert!(error.clone().all(|line| !line.ends_with('.')), "{told}: no full stop: {stderr}");
}

#[test]
fn every_case_is_met_to_the_byte() {
    let paths = case_files();
    let mut wrong = Vec::new();
    for path in &paths {
        let case = Case::read(path);
        let got = case.run();
        assert_promises(&case, &got);
        if got != case.want {
            wrong.push(case.difference(&got));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases differ\n{}", wrong.len(), paths.len(), wrong.join("\n"));
    assert_eq!(paths.len(), CASES, "a case was added or lost: say so in CASES");
}

/// What holds of every run: a known status, and on an error an empty standard output and one sentence.
fn assert_promises(case: &Case, got: &Outcome) {
    let name = &case.name;
    assert!(got.statuses.iter().all(|status| [0, 2, 3, 4].contains(status)), "{name}: {:?}", got.statuses);
    let errors = got.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!(errors, got.statuses.iter().filter(|status| **status != 0).count(), "{name}: {}", got.stderr);
    assert!(!got.stderr.contains("panicked at"), "{name}: {}", got.stderr);
    // What `inspect` found out beside an export that cannot be read is no result of a metric.
    if got.statuses.iter().all(|status| *status != 0) && !case.inspects() {
        assert_eq!(got.stdout, "", "{name}: an error prints no result");
    }
}

/// All cases, in the order of their names.
fn case_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|room| std::fs::read_dir(room.unwrap().path()).into_iter().flatten())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "case"))
        .collect();
    files.sort();
    files
}
