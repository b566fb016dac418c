//! One command-line case: a text file with what is shown, the commands, the files they find, and exactly what they
//! must answer. The form is described in testdata/cases/README.md.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use flate2::{Compression, write::GzEncoder};

/// A case as it stands in its file.
pub struct Case {
    /// Its folder and file name.
    pub name: String,
    commands: Vec<Vec<String>>,
    before: Vec<(String, Vec<u8>)>,
    folders: Vec<String>,
    stdin: Vec<u8>,
    /// What must come out.
    pub want: Outcome,
}

/// What came out, of all commands together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The exit status of each command.
    pub statuses: Vec<i32>,
    /// Standard output, one command behind the other.
    pub stdout: String,
    /// Standard error, likewise.
    pub stderr: String,
    /// Files afterwards; `(none)` where there is no such file.
    pub after: Vec<(String, String)>,
}

impl Case {
    /// Reads a case.
    pub fn read(path: &Path) -> Case {
        let text = std::fs::read_to_string(path).unwrap();
        let name =
            path.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>();
        let mut case = Case {
            name: format!("{}/{}", name[1], name[0]),
            commands: Vec::new(),
            before: Vec::new(),
            folders: Vec::new(),
            stdin: Vec::new(),
            want: Outcome::default(),
        };
        let (head, sections) = text.split_once("\n=== ").unwrap_or((&text, ""));
        assert!(!head.starts_with('$'), "{}: say first what the case shows", case.name);
        case.commands = head.lines().filter_map(|line| line.strip_prefix("$ cxm")).map(words).collect();
        sections.split("\n=== ").filter(|section| !section.is_empty()).for_each(|text| case.section(text));
        assert_eq!(case.commands.len(), case.want.statuses.len(), "{}: a status for each command", case.name);
        case
    }

    /// Whether some command is `inspect`.
    pub fn inspects(&self) -> bool {
        self.commands.iter().flatten().any(|word| word == "inspect")
    }

    fn section(&mut self, text: &str) {
        let (title, body) = text.split_once('\n').unwrap_or((text, ""));
        let body =
            if body.is_empty() || body.ends_with('\n') { body.to_owned() } else { format!("{body}\n") };
        let title: Vec<&str> = title.split(' ').collect();
        match title.as_slice() {
            ["stdout"] => self.want.stdout = body,
            ["stderr"] => self.want.stderr = body,
            ["status", statuses @ ..] => {
                self.want.statuses = statuses.iter().map(|status| status.parse().unwrap()).collect();
            }
            ["after", name] => self.want.after.push(((*name).to_owned(), body)),
            ["folder", name] => self.folders.push((*name).to_owned()),
            ["stdin", how @ ..] => self.stdin = shaped(&body, how),
            [name, how @ ..] => self.before.push(((*name).to_owned(), shaped(&body, how))),
            [] => {}
        }
    }

    /// Runs its commands in a folder of their own.
    pub fn run(&self) -> Outcome {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        self.folders.iter().for_each(|name| std::fs::create_dir(at(name)).unwrap());
        self.before.iter().for_each(|(name, bytes)| std::fs::write(at(name), bytes).unwrap());
        let mut got = Outcome::default();
        for words in &self.commands {
            let mut child = super::cxm(folder.path())
                .args(words)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            // A command that reads no standard input may be gone by now.
            let _ = child.stdin.take().unwrap().write_all(&self.stdin);
            let output = child.wait_with_output().unwrap();
            got.statuses.push(output.status.code().unwrap_or(-1));
            got.stdout.push_str(&String::from_utf8(output.stdout).unwrap());
            got.stderr.push_str(&String::from_utf8(output.stderr).unwrap());
        }
        let read = |name: &str| std::fs::read(at(name)).map(|bytes| visible(&bytes));
        let after = |(name, _): &(String, String)| {
            (name.clone(), read(name).unwrap_or_else(|_| "(none)\n".to_owned()))
        };
        got.after = self.want.after.iter().map(after).collect();
        got
    }

    /// What was wanted and what came, one part after the other.
    pub fn difference(&self, got: &Outcome) -> String {
        let mut text = format!("\n== {}\n", self.name);
        let want = &self.want;
        let parts = [("stdout", &want.stdout, &got.stdout), ("stderr", &want.stderr, &got.stderr)];
        let files =
            want.after.iter().zip(&got.after).map(|((name, want), (_, got))| (name.as_str(), want, got));
        for (part, want, got) in parts.into_iter().chain(files).filter(|(_, want, got)| want != got) {
            let _ = write!(text, "-- {part}, wanted\n{want}-- {part}, got\n{got}");
        }
        if want.statuses != got.statuses {
            let _ = writeln!(text, "-- status, wanted {:?}, got {:?}", want.statuses, got.statuses);
        }
        text
    }
}

/// The bytes of a file, from its text and the words behind its name.
fn shaped(text: &str, how: &[&str]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for word in how {
        bytes = match *word {
            "escapes" => unescaped(&bytes),
            "crlf" => text.replace('\n', "\r\n").into_bytes(),
            "open-end" => bytes.strip_suffix(b"\n").unwrap_or(&bytes).to_vec(),
            "bom" => [b"\xef\xbb\xbf", bytes.as_slice()].concat(),
            "gz" => gzip(&bytes),
            "cut" => bytes[..bytes.len() - 4].to_vec(),
            other => panic!("no such shape: {other}"),
        };
    }
    bytes
}

/// `\0` and `\xff` for what a text file does not hold.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        let (byte, behind) = match (first, behind) {
            (b'\\', [b'0', behind @ ..]) => (0, behind),
            (b'\\', [b'x', high, low, behind @ ..]) => {
                let digits = [*high, *low];
                (u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap(), behind)
            }
            (plain, behind) => (plain, behind),
        };
        bytes.push(byte);
        rest = behind;
    }
    bytes
}

/// A file as a case writes it down.
fn visible(bytes: &[u8]) -> String {
    bytes.utf8_chunks().fold(String::new(), |mut text, chunk| {
        text.push_str(&chunk.valid().replace('\r', "\\x0d").replace('\0', "\\0"));
        chunk.invalid().iter().for_each(|byte| write!(text, "\\x{byte:02x}").unwrap());
        text
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The words of a command, as a shell takes them: single and double quotes, nothing else.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}
