//! Runs the program over a world of exports in a folder of its own.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::naive::Ask;
use super::sheet::Times;
use super::world::World;

/// A world as files.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn of(world: &World) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (kind, sheet) in world.sheets() {
            folder.write(&format!("{kind}.csv"), &sheet.csv());
        }
        folder
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join(name), bytes).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// `cxm report` over these files, by kind and name.
    pub fn report(&self, files: &[(&str, &str)], flags: &[String]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cxm"));
        command.current_dir(self.path()).arg("report");
        for (kind, name) in files {
            command.arg(format!("--{kind}")).arg(name);
        }
        command.args(["--quiet", "--min-n", "0", "--max-rejects", "100%"]).args(flags).output().unwrap()
    }
}

/// What came of a run.
pub enum Answered {
    Report(Box<Value>, String),
    /// There was nothing to count.
    NoRow,
}

impl Answered {
    fn of(output: &Output) -> Answered {
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {
                assert_eq!(said, "", "--quiet");
                Answered::Report(Box::new(serde_json::from_str(&text).unwrap()), text)
            }
            Some(3) => {
                assert_eq!(text, "", "no output with an error");
                Answered::NoRow
            }
            other => panic!("status {other:?}: {said}"),
        }
    }
}

/// The report of a world as JSON.
pub fn json(world: &World, flags: &[String]) -> Answered {
    let flags: Vec<String> = ["--format", "json"].map(str::to_owned).iter().chain(flags).cloned().collect();
    let names: Vec<(&str, String)> = world.sheets().map(|(kind, _)| (kind, format!("{kind}.csv"))).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    Answered::of(&Folder::of(world).report(&files, &flags))
}

/// The flags that ask this.
pub fn flags(ask: &Ask) -> Vec<String> {
    let mut flags = vec!["--window".to_owned(), format!("{}d", ask.window)];
    flags.extend(["--confidence".to_owned(), ask.confidence.to_string()]);
    let times = [("--as-of", ask.as_of), ("--since", ask.since), ("--until", ask.until)];
    for (flag, time) in times.iter().filter_map(|(flag, time)| Some((flag, (*time)?))) {
        flags.extend([(*flag).to_owned(), Times::Zulu.write(time)]);
    }
    if ask.monthly {
        flags.extend(["--period", "month"].map(str::to_owned));
    }
    if let Some(channel) = ask.channel {
        flags.extend(["--where".to_owned(), format!("channel = \"{channel}\"")]);
    }
    if let Some((topic, stage)) = ask.rule {
        flags.extend(["--stage-rule".to_owned(), format!("{topic}={stage}")]);
    }
    flags
}
