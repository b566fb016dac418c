//! Every command of the README, the documentation and the walk-throughs is run, and what they show is what it prints.
//!
//! A `console` block shows commands after `$ ` (and `> ` where they go on) and all that they print, exactly; one line
//! `…` stands for lines left out. The commands of a `sh` block only have to succeed. A block of which a file is named
//! behind its language, as in ```` ```csv desk.csv ````, is that file for the commands below it. A block between
//! `<!-- cxm … -->` and `<!-- end -->` is the output itself. `UPDATE_DOCS=1 cargo test` writes down what the commands print now.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cxm::metric::METRICS;

/// Commands that a test cannot run: they build or test the program.
const NOT_RUN: &[&str] = &["cargo test", "cargo install --path . --locked", ".ci/run"];
const LEFT_OUT: &str = "…";
const MARK: &str = "=== exit status ";

/// One command, its exit status and what it printed.
struct Ran {
    status: i32,
    lines: Vec<String>,
}

/// A folder with the sample exports and those of the presets' fixtures, in which the commands of one document run one after another.
struct Shell {
    folder: tempfile::TempDir,
}

impl Shell {
    fn new() -> Shell {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (root().join("testdata/sample"), folder.path().join("testdata/sample"));
        fs::create_dir_all(&to).unwrap();
        for name in ["surveys.csv", "tickets.csv", "purchases.csv"] {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
        let (from, to) = (root().join("testdata/presets"), folder.path().join("testdata/presets"));
        for preset in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
            let to = to.join(preset.file_name().unwrap());
            fs::create_dir_all(&to).unwrap();
            for file in fs::read_dir(preset).unwrap().map(|entry| entry.unwrap().path()) {
                let is_export = file.file_stem().is_some_and(|stem| stem == "export");
                is_export.then(|| fs::copy(&file, to.join(file.file_name().unwrap())).unwrap());
            }
        }
        Shell { folder }
    }

    /// Runs commands in one shell, as a person would type them, so that `cd` and `$?` carry over.
    fn run(&self, commands: &[String]) -> Vec<Ran> {
        let mut script = "status=0\n".to_owned();
        for command in commands {
            let command = command.replace("cargo run -- ", "cxm ");
            writeln!(script, "(exit $status)\n{{ {command}\n}} 2>&1").unwrap();
            writeln!(script, "status=$?; printf '\\n{MARK}%d\\n' $status").unwrap();
        }
        let binary = Path::new(env!("CARGO_BIN_EXE_cxm")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", binary.display()))
            .env("COLUMNS", "100")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut ran = Vec::new();
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            if let Some(status) = line.strip_prefix(MARK) {
                // The mark begins a line of its own, also after a line without an end.
                if lines.last().is_some_and(String::is_empty) {
                    lines.pop();
                }
                ran.push(Ran { status: status.parse().unwrap(), lines: std::mem::take(&mut lines) });
            } else {
                lines.push(line.trim_end().to_owned());
            }
        }
        assert_eq!(ran.len(), commands.len(), "the shell stopped early in {commands:?}");
        ran
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The README, the documentation and the walk-throughs.
fn documents() -> Vec<PathBuf> {
    let mut paths = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "examples"] {
        let files = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    paths.sort();
    paths
}

/// Runs a document and returns it as it should read, with the number of commands.
fn as_it_should_read(text: &str, place: &str) -> (String, usize) {
    let shell = Shell::new();
    let (mut new, mut commands) = (String::new(), 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        writeln!(new, "{line}").unwrap();
        let end = match line {
            "```console" | "```sh" => "```",
            _ if line.starts_with("<!-- cxm ") => "<!-- end -->",
            _ if file_of(line).is_some() => "```",
            _ => continue,
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        let (block, ran) = match line {
            _ if let Some(file) = file_of(line) => (written(&shell, file, &block), 0),
            "```console" => console(&shell, &block, place),
            "```sh" => script(&shell, &block, place),
            _ => included(&shell, line, place),
        };
        commands += ran;
        writeln!(new, "{block}{end}").unwrap();
    }
    (new, commands)
}

/// The file that a block is, by the line that opens it: the second word.
fn file_of(line: &str) -> Option<&str> {
    line.strip_prefix("```")?.split_once(' ').map(|(_, file)| file)
}

/// Writes a block as the file that it is, and returns it as it stands.
fn written(shell: &Shell, file: &str, block: &[&str]) -> String {
    let text: String = block.iter().map(|line| format!("{line}\n")).collect();
    let path = shell.folder.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, &text).unwrap();
    text
}

/// A session: commands and what they print.
fn console(shell: &Shell, block: &[&str], place: &str) -> (String, usize) {
    let mut steps: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in block {
        match steps.last_mut() {
            _ if line.starts_with("$ ") => steps.push((vec![line], Vec::new())),
            Some((command, shown)) if line.starts_with("> ") && shown.is_empty() => command.push(line),
            Some((_, shown)) => shown.push(line),
            None => panic!("{place}: a console block begins with `$ `, not with `{line}`"),
        }
    }
    let command = |typed: &[&str]| typed.iter().map(|line| &line[2..]).collect::<Vec<_>>().join("\n");
    let commands: Vec<String> = steps.iter().map(|(typed, _)| command(typed)).collect();
    let mut new = String::new();
    for (step, ran) in shell.run(&commands).iter().enumerate() {
        let (typed, shown) = &steps[step];
        let asks_why = commands.get(step + 1).is_some_and(|next| next == "echo $?");
        assert!(
            ran.status == 0 || asks_why,
            "{place}: `{}` failed\n{}",
            commands[step],
            ran.lines.join("\n")
        );
        typed.iter().for_each(|line| writeln!(new, "{line}").unwrap());
        abridged(&ran.lines, shown).iter().for_each(|line| writeln!(new, "{line}").unwrap());
    }
    (new, commands.len())
}

/// What was printed, without the middle where a document leaves it out.
fn abridged(printed: &[String], shown: &[&str]) -> Vec<String> {
    let Some(head) = shown.iter().position(|line| *line == LEFT_OUT) else { return printed.to_vec() };
    let tail = shown.len() - head - 1;
    if head + tail >= printed.len() {
        return printed.to_vec();
    }
    let (first, last) = (&printed[..head], &printed[printed.len() - tail..]);
    [first, &[LEFT_OUT.to_owned()], last].concat()
}

/// Commands that only have to succeed.
fn script(shell: &Shell, block: &[&str], place: &str) -> (String, usize) {
    let command = |line: &&str| line.split(" #").next().unwrap().trim().to_owned();
    let commands: Vec<String> = block.iter().map(command).filter(|line| !line.is_empty()).collect();
    let run: Vec<String> =
        commands.into_iter().filter(|command| !NOT_RUN.contains(&command.as_str())).collect();
    for (command, ran) in run.iter().zip(shell.run(&run)) {
        assert!(ran.status == 0, "{place}: `{command}` failed\n{}", ran.lines.join("\n"));
    }
    (block.iter().map(|line| format!("{line}\n")).collect(), run.len())
}

/// The output of `<!-- cxm … -->`.
fn included(shell: &Shell, line: &str, place: &str) -> (String, usize) {
    let command = line.trim_start_matches("<!-- ").trim_end_matches(" -->").to_owned();
    let ran = shell.run(std::slice::from_ref(&command)).remove(0);
    assert!(ran.status == 0, "{place}: `{command}` failed\n{}", ran.lines.join("\n"));
    (ran.lines.iter().map(|line| format!("{line}\n")).collect(), 1)
}

/// The first line that differs.
fn difference(old: &str, new: &str) -> String {
    let (mut old, mut new) = (old.lines(), new.lines());
    for number in 1.. {
        let (old, new) = (old.next(), new.next());
        if old != new || old.is_none() {
            return format!("line {number}\n reads  {}\n prints {}", old.unwrap_or("–"), new.unwrap_or("–"));
        }
    }
    String::new()
}

#[test]
fn documents_show_what_the_program_prints() {
    let (mut commands, mut wrong) = (0, Vec::new());
    for path in documents() {
        let place = path.strip_prefix(root()).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        let (new, ran) = as_it_should_read(&text, &place);
        commands += ran;
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &new).unwrap();
        } else if new != text {
            wrong.push(format!("{place}, {}", difference(&text, &new)));
        }
    }
    assert!(commands >= 30, "only {commands} commands in all documents");
    assert!(wrong.is_empty(), "out of date (UPDATE_DOCS=1 cargo test writes it):\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let first = readme.split("```sh\n").nth(1).and_then(|block| block.split("```").next()).unwrap();
    let commands: Vec<&str> = first.lines().map(|line| line.split(" #").next().unwrap().trim_end()).collect();
    assert_eq!(commands, ["cargo run -- report testdata/sample/*.csv", "cargo test"]);
    let before = readme.split("```sh\n").next().unwrap().lines().count();
    assert!(before <= 6, "{before} lines stand before the two commands");
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.lines().any(|line| line.trim().starts_with("cargo test ")), ".ci/run runs another test");
}

#[test]
fn the_readme_names_every_metric_format_and_exit_status() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for metric in METRICS {
        let row = format!("| {} | {} |", metric.id, metric.unit.as_str());
        assert!(readme.contains(&row), "no row for {}", metric.id);
    }
    for format in cxm::render::Format::ALL {
        assert!(readme.contains(&format!("| `{format}` |")), "no row for {format}");
    }
    for status in 0..=5 {
        assert!(readme.contains(&format!("| {status} |")), "no row for status {status}");
    }
}

#[test]
fn links_lead_somewhere() {
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            let there = file.is_empty() || path.parent().unwrap().join(file).exists();
            assert!(there, "{} links to {link}", path.display());
        }
    }
}

#[test]
fn what_is_left_out_is_left_out_honestly() {
    let printed = ["a", "b", "c", "d", "e"].map(str::to_owned);
    assert_eq!(abridged(&printed, &["a", LEFT_OUT, "e"]), ["a", LEFT_OUT, "e"]);
    assert_eq!(abridged(&printed, &["x", LEFT_OUT, "y", "z"]), ["a", LEFT_OUT, "d", "e"]);
    assert_eq!(
        abridged(&printed, &["a", LEFT_OUT, "b", "c", "d", "e"]),
        printed,
        "nothing is left to leave out"
    );
    assert_eq!(abridged(&printed, &["a"]), printed);
}
