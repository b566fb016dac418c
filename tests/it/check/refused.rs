//! Gates that cannot be judged are refused before anything is read; gates of a config are judged as those that are typed.

use std::fs;

use super::{checked, nps, results, run, with};
use crate::cli::assert_refused;

#[test]
fn what_cannot_be_judged_says_what_to_type() {
    let folder = with(&[("a.csv", &nps([20, 30, 50]))]);
    for (words, status, expected) in [
        (&[][..], 2, "error: no gate is given\nhint: write cxm check --gate 'nps >= 30'"),
        (
            &["--gate", "npz >= 3"],
            2,
            "error: `--gate npz >= 3` is no gate: it begins with no metric\nhint: did you mean nps?",
        ),
        (
            &["--gate", "nps by chanel >= 3"],
            2,
            "error: no export has a dimension `chanel`\nhint: did you mean channel?",
        ),
        (
            &["--gate", "nps no-drop"],
            2,
            "error: the gate `nps no-drop` names no baseline\nhint: write nps no-drop vs last-week.json, or pass --baseline",
        ),
        (
            &["--gate", "nps no-drop", "--baseline", "no.json"],
            3,
            "error: the baseline `no.json` does not exist\n",
        ),
        (
            &["--gate", "nps no-signal"],
            2,
            "error: the gate `nps no-signal` needs periods to draw control limits from\nhint: pass --period week",
        ),
        (
            &["--gate", "fcr by relation > 5"],
            2,
            "error: the gate `fcr by relation > 5` cannot be judged\nhint: only answers have a relation, and fcr counts none",
        ),
        (&["--gate", "churn <= 5"], 3, "error: `churn` cannot be computed: no purchases export"),
        (
            &["--gate", "nps >= 3", "--by", "channel"],
            2,
            "error: `cxm check` has no option `--by`: each gate names its own breakdown",
        ),
        (
            &["--gate", "nps >= 3", "--format", "xml"],
            2,
            "error: `--format xml` is no format\nhint: pass --format with `table`, `csv`, `tsv`, `json`, `jsonl`, `md` or `junit`",
        ),
        (&["--gate", "nps >= 3", "--junit", "a.csv"], 2, "error: `--junit a.csv` would overwrite an export"),
        (
            &["--gate", "nps >= 3", "--junit", "b.xml", "-o", "b.xml"],
            2,
            "error: `--junit` and `--output` name the same file",
        ),
    ] {
        let output = run(folder.path(), &[&["check", "a.csv"], words].concat());
        assert_refused(&output, status, expected);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let from = stderr.find("error: ").unwrap();
        assert!(stderr[from..].starts_with(expected), "{expected}\n{stderr}");
    }
    let output = run(folder.path(), &["report", "a.csv", "--format", "junit"]);
    assert_refused(&output, 2, "a report has no gates");
}

#[test]
fn the_gates_of_a_config_are_judged_and_flags_replace_them() {
    let config = "by = [\"channel\"]\ngates = [\"nps >= 50\", \"nps no-drop vs old/then.json\"]\n[[source]]\nfiles = [\"a.csv\"]\n";
    let folder = with(&[("a.csv", &nps([200, 300, 500]))]);
    let path = folder.path();
    fs::create_dir_all(path.join("conf/old")).unwrap();
    fs::copy(path.join("a.csv"), path.join("conf/a.csv")).unwrap();
    fs::write(path.join("conf/cxm.toml"), config).unwrap();
    let words = ["report", "a.csv", "--format", "json", "-o", "conf/old/then.json", "-q"];
    assert!(run(path, &words).status.success());
    // A baseline is found beside the config that names it. A thousand equal answers: ± 7, and 10 is ruled out.
    let (rows, status) = checked(path, &["-c", "conf/cxm.toml"]);
    assert_eq!((results(&rows), status), (vec!["fail", "pass"], 1));
    assert_eq!(rows[1]["baseline_file"], "conf/old/then.json");
    let (rows, status) = checked(path, &["-c", "conf/cxm.toml", "--gate", "nps >= 20"]);
    assert_eq!((results(&rows), status), (vec!["pass"], 0));
    // Other commands say who judges them.
    let output = run(path, &["nps", "-c", "conf/cxm.toml"]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        stderr.contains("the gates of the config are not judged here: cxm check judges them"),
        "{stderr}"
    );
}
