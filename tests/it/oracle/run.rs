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
        // A broken row is a reject to the naive reading, not a sign of another encoding.
        command.args(["--quiet", "--min-n", "0", "--max-rejects", "100%", "--encoding", "utf-8"]);
        command.args(flags).output().unwrap()
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
                assert!(said.contains("no row"), "{said}");
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
    let window = if ask.calendar { "period".to_owned() } else { format!("{}d", ask.window) };
    let mut flags = vec!["--window".to_owned(), window];
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

/// The same with each export cut into two files.
pub fn in_two(world: &World, at: usize, flags: &[String], more: &[&str]) -> Option<String> {
    let folder = Folder::of(world);
    let mut files = Vec::new();
    for (kind, sheet) in world.sheets() {
        let (first, second) = sheet.split(at);
        // A part without rows is no export.
        for (part, name) in [(first, format!("{kind}-1.csv")), (second, format!("{kind}-2.csv"))] {
            if !part.rows.is_empty() || sheet.rows.is_empty() {
                folder.write(&name, &part.csv());
                files.push((kind, name));
            }
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    let flags: Vec<String> = flags
        .iter()
        .cloned()
        .chain(more.iter().chain(&["--format", "json"]).map(|text| (*text).to_owned()))
        .collect();
    match Answered::of(&folder.report(&files, &flags)) {
        Answered::Report(report, _) => Some(serde_json::to_string_pretty(&report["results"]).unwrap()),
        Answered::NoRow => None,
    }
}

/// What the program writes in some other format.
pub fn text(world: &World, flags: &[String], more: &[&str]) -> String {
    let flags: Vec<String> =
        flags.iter().cloned().chain(more.iter().map(|text| (*text).to_owned())).collect();
    let names: Vec<(&str, String)> = world.sheets().map(|(kind, _)| (kind, format!("{kind}.csv"))).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    let output = Folder::of(world).report(&files, &flags);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Where a kind stands among the kinds.
pub fn place(kind: &str) -> usize {
    ["surveys", "tickets", "purchases"].iter().position(|name| *name == kind).unwrap()
}
