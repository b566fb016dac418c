//! Every preset reads its own export: a fixture each, with the rows that it must become, as data in testdata/presets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use cxm::source::beside::Beside;
use cxm::source::field::{Field, Kind};
use cxm::source::preset::{LeftOut, SharedPreset, known};
use serde::Deserialize;

/// What a fixture says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    provenance: String,
    /// The file with the rest of its rows.
    beside: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    left_out: BTreeMap<String, u64>,
    #[serde(default)]
    rejected: BTreeMap<String, u64>,
}

struct Fixture {
    preset: String,
    export: PathBuf,
    /// The rows that it must become.
    rows: PathBuf,
    about: About,
}

/// The folders with an export in them: one or more for each preset.
fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/presets");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(inner);
        for export in files {
            // A variant is called the same way in all its files: `export-short.csv`, `rows-short.csv` …
            let stem = export.file_stem().unwrap().to_string_lossy().into_owned();
            let Some(variant) = stem.strip_prefix("export") else { continue };
            let preset = folder.strip_prefix(&root).unwrap().iter().next().unwrap();
            let preset = preset.to_string_lossy().into_owned();
            let about = std::fs::read_to_string(folder.join(format!("about{variant}.toml"))).unwrap();
            let about =
                toml::from_str(&about).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let rows = folder.join(format!("rows{variant}.csv"));
            found.push(Fixture { preset, rows, export, about });
        }
    }
    found.sort_by(|a, b| a.export.cmp(&b.export));
    found
}

fn cxm(command: &str, fixture: &Fixture, more: &[&str]) -> Result<String, String> {
    let mut run = Command::new(env!("CARGO_BIN_EXE_cxm"));
    run.arg(command).arg(&fixture.export).args(&fixture.about.args).args(more);
    run.args(fixture.about.beside.iter().map(|file| fixture.export.with_file_name(file)));
    let output = run.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// What is wrong with a fixture, if anything.
fn wrong(fixture: &Fixture) -> Option<String> {
    let want = std::fs::read_to_string(&fixture.rows).unwrap();
    let rows = match cxm("rows", fixture, &[]) {
        Ok(rows) => rows,
        Err(error) => return Some(error),
    };
    if rows != want {
        let (got, want): (Vec<&str>, Vec<&str>) = (rows.lines().collect(), want.lines().collect());
        let differs = (0..got.len().max(want.len())).filter(|at| got.get(*at) != want.get(*at));
        let shown = differs.take(6).map(|at| {
            format!("  want {}\n  got  {}\n", want.get(at).unwrap_or(&"-"), got.get(at).unwrap_or(&"-"))
        });
        return Some(shown.collect());
    }
    let found = match cxm("inspect", fixture, &["--format", "json"]) {
        Ok(found) => serde_json::from_str::<serde_json::Value>(&found).unwrap(),
        Err(error) => return Some(error),
    };
    let file = &found["files"][0];
    let counts = |name: &str| -> BTreeMap<String, u64> {
        serde_json::from_value(file[name].clone()).unwrap_or_default()
    };
    let told = (file["preset"].as_str().unwrap_or("none").to_owned(), counts("left_out"), counts("rejected"));
    let about = &fixture.about;
    let said = (fixture.preset.clone(), about.left_out.clone(), about.rejected.clone());
    (told != said).then(|| format!("  want {said:?}\n  got  {told:?}\n"))
}

#[test]
fn every_preset_reads_its_export() {
    let fixtures = fixtures();
    let tried: BTreeSet<&str> = fixtures.iter().map(|fixture| fixture.preset.as_str()).collect();
    // Those that hold the rest of others' rows are tried beside them.
    let is_part = |preset: &&SharedPreset| preset.beside == Beside::Part;
    let asked = known().iter().filter_map(|preset| Some(preset.beside.rest()?.preset.as_str()));
    let parts = known().iter().filter(is_part).map(|preset| preset.name.as_str());
    assert_eq!(asked.collect::<BTreeSet<_>>(), parts.collect(), "each part is asked for");
    let all = known().iter().filter(|preset| !is_part(preset)).map(|preset| preset.name.as_str()).collect();
    assert!(fixtures.len() >= 55, "{} fixtures", fixtures.len());
    assert!(fixtures.iter().all(|fixture| fixture.about.provenance.len() > 20));
    let wrong: Vec<String> = fixtures
        .iter()
        .filter_map(|fixture| Some(format!("{}\n{}", fixture.export.display(), wrong(fixture)?)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} fixtures:\n{}", wrong.len(), fixtures.len(), wrong.join("\n"));
    assert_eq!(tried, all, "a fixture for each preset, and a preset for each fixture");
}

#[test]
fn the_page_of_presets_names_every_key_field_and_reason() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/presets.md")).unwrap();
    let mut lacks = Vec::new();
    let mut needs = |text: String| {
        if !page.contains(&text) {
            lacks.push(text);
        }
    };
    for why in LeftOut::ALL {
        needs(format!("\n| `{}` | ", why.as_str()));
    }
    for &kind in Kind::ALL {
        let row = page.lines().find(|line| line.starts_with(&format!("| {kind} | "))).unwrap_or_default();
        let name = |field: &Field| match Field::required(kind).contains(field) {
            true => format!("**`{field}`**"),
            false => format!("`{field}`"),
        };
        let missing = Field::of(kind).iter().map(name).filter(|name| !row.contains(name));
        missing.for_each(|name| needs(format!("{name} in the row of {kind}")));
    }
    for preset in known() {
        let table: toml::Table = toml::from_str(&preset.text).unwrap();
        for (key, value) in &table {
            match value {
                toml::Value::Table(inner)
                    if matches!(key.as_str(), "signature" | "file" | "status" | "beside") =>
                {
                    needs(format!("\n### `[{key}]`\n"));
                    inner.keys().for_each(|inner| needs(format!("\n| `{inner}` | ")));
                }
                toml::Value::Table(_) => needs(format!("\n### `[{key}")),
                toml::Value::Array(rules) => {
                    needs(format!("\n### `[[{key}]]`\n"));
                    let keys = rules.iter().filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
                    keys.for_each(|inner| needs(format!("\n| `{inner}` | ")));
                }
                _ => needs(format!("\n| `{key}` | ")),
            }
        }
    }
    assert!(lacks.is_empty(), "docs/presets.md does not name {lacks:?}");
}
