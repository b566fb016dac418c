//! The laws of `docs/architecture.md`, read off the source: who may know whom, who prints, how files read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cxm::metric::METRICS;

/// The rooms so that each knows only rooms above it.
const ORDER: &[&str] = &[
    "text",
    "error",
    "document",
    "parallel",
    "instant",
    "pseudonym",
    "hours",
    "estimate",
    "report",
    "stats",
    "tally",
    "source",
    "config",
    "demo",
    "filter",
    "metric",
    "table",
    "customer",
    "dimension",
    "plan",
    "reduce",
    "scope",
    "assemble",
    "analysis",
    "pipeline",
    "render",
    "cli",
];

/// The rooms that may know nothing but these.
const WALLS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("error", &[]),
    ("instant", &[]),
    ("document", &[]),
    ("hours", &["document", "error", "instant", "text"]),
    ("pseudonym", &[]),
    ("stats", &[]),
    ("tally", &[]),
    ("estimate", &[]),
    ("report", &["estimate", "instant"]),
    ("render", &["report", "estimate", "instant", "text", "error"]),
    ("metric", &["estimate", "instant", "report", "source", "stats", "tally"]),
    ("source", &["document", "error", "text"]),
    ("config", &["document", "error", "text"]),
    ("filter", &["error", "source"]),
    ("demo", &["error"]),
];

/// Libraries that only some rooms may use.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("terminal_size", &["cli"]),
    ("comfy_table", &["render"]),
    ("serde_json", &["render", "cli"]),
    ("statrs", &["stats"]),
    ("flate2", &["source"]),
    ("glob", &["source"]),
    ("hmac", &["pseudonym"]),
    ("sha2", &["pseudonym"]),
    ("getrandom", &["cli"]),
    ("calamine", &["source"]),
    ("parquet", &["source"]),
    ("bytes", &["source"]),
    ("snap", &["source"]),
    ("lz4_flex", &["source"]),
    ("toml", &["document", "source", "config", "hours"]),
];

/// What of `table` holds columns or says what they are.
const OF_COLUMNS: &[&str] = &["Table", "column", "codes", "stack"];

/// The rooms that know columns. All others know exports as a whole, or records and tallies.
const KNOW_COLUMNS: &[&str] = &["table", "customer", "dimension", "reduce", "scope", "assemble"];

/// Where a value is taken for granted: the file, how often, and why that holds for every input.
const TAKEN_FOR_GRANTED: &[(&str, usize, &str)] = &[
    ("render/csv.rs", 3, "records of one length are written to memory, which takes every byte"),
    ("render/json.rs", 2, "only a key that is no text could fail, and all of them are"),
    ("source/columns.rs", 1, "the text is part of the program, and tests read it"),
];

/// A file of `src`, with what of it is neither comment nor test.
struct Source {
    path: String,
    room: String,
    text: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut texts = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                texts.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(texts.len() > 100, "only {} files in src", texts.len());
    let of_tests: Vec<String> = texts.iter().flat_map(|(path, text)| files_of_tests(path, text)).collect();
    let source = |(path, text): (String, String)| {
        let room = path.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let code = if of_tests.contains(&path) { String::new() } else { code(&text) };
        Source { path, room, text, code }
    };
    texts.into_iter().map(source).collect()
}

/// The files that a file declares as `#[cfg(test)] mod …;`.
fn files_of_tests(path: &str, text: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let declared = text.split("#[cfg(test)]\n").skip(1).filter_map(|after| {
        let mut lines = after.lines();
        let first = lines.next()?;
        if let Some(renamed) = first.strip_prefix("#[path = \"") {
            return Some(format!("{folder}/{}", renamed.trim_end_matches("\"]")));
        }
        let name = first.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        let name = name.strip_prefix("mod ")?.strip_suffix(';')?;
        Some(format!("{own}/{name}.rs"))
    });
    declared.collect()
}

/// What stands before the module of tests, without comments.
fn code(text: &str) -> String {
    let before = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    before.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

/// The names that follow `prefix` in a text; those in braces each for itself.
fn names_after<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    let is_whole = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    code.match_indices(prefix).filter(move |(at, _)| is_whole(*at)).flat_map(move |(at, _)| {
        let rest = &code[at + prefix.len()..];
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        let word =
            |name: &'a str| name.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
        names.into_iter().map(word).filter(|name| !name.is_empty()).collect::<Vec<_>>()
    })
}

/// Fails with every line at once.
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_room_knows_only_rooms_above_it() {
    let place = |room: &str| ORDER.iter().position(|known| *known == room);
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for source in sources().iter().filter(|source| !["lib", "main"].contains(&source.room.as_str())) {
        for other in names_after(&source.code, "crate::").filter(|other| *other != source.room) {
            arrows += 1;
            let (Some(from), Some(to)) = (place(&source.room), place(other)) else {
                wrong
                    .push(format!("{} knows {other}, and one of the two has no place in ORDER", source.path));
                continue;
            };
            if from < to {
                wrong.push(format!("{} knows {other}, which lies further down", source.path));
            }
        }
    }
    assert!(arrows > 200, "only {arrows} arrows");
    none(&wrong);
}

#[test]
fn walls_stand() {
    let sources = sources();
    let mut wrong = Vec::new();
    for (room, allowed) in WALLS {
        assert!(sources.iter().any(|source| source.room == *room && !source.code.is_empty()), "no {room}");
        for source in sources.iter().filter(|source| source.room == *room) {
            let others = names_after(&source.code, "crate::").filter(|other| other != room);
            let strangers = others.filter(|other| !allowed.contains(other));
            wrong.extend(strangers.map(|other| format!("{} knows {other}", source.path)));
        }
    }
    none(&wrong);
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (library, rooms) in LIBRARIES {
            let uses = source.code.contains(&format!("{library}::"));
            if uses && !rooms.contains(&source.room.as_str()) {
                wrong.push(format!("{} uses {library}", source.path));
            }
        }
        let reads_a_clock = source.code.contains("SystemTime") || source.code.contains("::now()");
        if reads_a_clock && source.room != "cli" {
            wrong.push(format!("{} reads a clock", source.path));
        }
    }
    none(&wrong);
}

#[test]
fn columns_end_where_tallies_begin() {
    let mut wrong = Vec::new();
    let mut known = 0;
    for source in sources() {
        let columns = names_after(&source.code, "crate::table::").filter(|name| OF_COLUMNS.contains(name));
        for name in columns {
            known += 1;
            if !KNOW_COLUMNS.contains(&source.room.as_str()) {
                wrong.push(format!("{} knows table::{name}", source.path));
            }
        }
    }
    assert!(known > 10, "only {known} uses of columns");
    none(&wrong);
}

#[test]
fn metrics_know_no_metric_and_commands_no_command() {
    let sources = sources();
    let mut wrong = Vec::new();
    let ids: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
    let rest: Vec<&str> = sources
        .iter()
        .filter(|source| !source.code.is_empty())
        .filter_map(|source| source.path.strip_prefix("metric/")?.strip_suffix(".rs"))
        .filter(|name| !ids.contains(name))
        .collect();
    assert_eq!(
        rest,
        ["case", "interval", "judge", "mod", "reading", "scores"],
        "every other file of src/metric is a metric in METRICS"
    );
    let commands: Vec<&str> = sources
        .iter()
        .filter(|source| source.room == "cli" && source.code.contains("pub fn command()"))
        .filter_map(|source| source.path.strip_prefix("cli/")?.strip_suffix(".rs"))
        .filter(|name| *name != "mod")
        .collect();
    assert!(commands.len() >= 3, "{commands:?}");
    for Source { path, room, code, .. } in &sources {
        let siblings = names_after(code, "super::");
        let strangers: Vec<&str> = match room.as_str() {
            "metric" if path != "metric/mod.rs" => siblings.filter(|name| ids.contains(name)).collect(),
            "cli" if path != "cli/mod.rs" => siblings.filter(|name| commands.contains(name)).collect(),
            _ => Vec::new(),
        };
        wrong.extend(strangers.iter().map(|name| format!("{path} knows {name}")));
        // The one thing of a metric that another room needs: which answers `satisfied_defectors` calls satisfied.
        let of_csat = names_after(code, "csat::").filter(|name| room != "metric" && *name != "is_satisfied");
        wrong.extend(of_csat.map(|name| format!("{path} knows csat::{name}")));
    }
    none(&wrong);
}

#[test]
fn only_the_command_line_prints() {
    let mut wrong = Vec::new();
    for Source { path, code, .. } in sources() {
        let prints = ["println!", "print!", "dbg!"].into_iter().filter(|name| code.contains(name));
        wrong.extend(prints.map(|name| format!("{path} has {name}")));
        if path != "cli/output.rs" && (code.contains("::stdout(") || code.contains("::stderr(")) {
            wrong.push(format!("{path} reaches for standard output or error"));
        }
    }
    none(&wrong);
}

#[test]
fn files_are_short_and_say_what_they_do() {
    let mut wrong = Vec::new();
    let mut lengths = Vec::new();
    for Source { path, text, code, .. } in sources() {
        let lines = text.lines().count();
        lengths.push(lines);
        if lines > 400 {
            wrong.push(format!("{path} has {lines} lines"));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} does not begin by saying what it does"));
        }
        let unfinished = ["todo!", "unimplemented!", "TODO", "FIXME", "XXX"];
        let found = unfinished.iter().filter(|word| text.contains(**word));
        wrong.extend(found.map(|word| format!("{path} has {word}")));
        let granted = code.matches(".unwrap()").count() + code.matches(".expect(").count();
        let allowed = TAKEN_FOR_GRANTED.iter().find(|(file, ..)| *file == path).map_or(0, |(_, n, _)| *n);
        if granted != allowed {
            wrong.push(format!("{path} takes {granted} values for granted, where the list has {allowed}"));
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < 200, "half of the files have {median} lines or more");
    none(&wrong);
}
