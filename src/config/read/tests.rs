//! What a config may hold, and what is said of one that holds something else.

use std::path::Path;

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<Config> {
    parse(Path::new("cxm.toml"), text)
}

/// The sentence and the hint.
fn refused(text: &str) -> (String, String) {
    let error = read(text).unwrap_err();
    assert_eq!(error.status(), 2, "{error}");
    (error.to_string(), error.advice().unwrap_or_default().to_owned())
}

fn told(text: &str) -> String {
    let (sentence, hint) = refused(text);
    format!("{sentence} | {hint}")
}

fn values(config: &Config) -> Vec<(String, String, usize)> {
    let of_entry = |entry: &Entry| (entry.setting.path(), entry.text(), entry.line);
    config.entries.iter().map(of_entry).collect()
}

#[test]
fn every_value_has_its_line() {
    let text = "by = [\"channel\",\n  \"stage\"]\nmin_n = 10\r\nas_of = 2026-06-30\nwhere = 'a = \"b\"'\n\n[windows]\nwindow = 60\n\
                [scales]\nnps = \"0-10\"\ncsat = \"1-5\"\n[journey.names]\n\"after sales\" = \"support\"\n[journey.rules]\n";
    let config = read(text).unwrap();
    let expected = [
        ("as_of", "2026-06-30", 4),
        ("by", "channel, stage", 1),
        ("where", "a = \"b\"", 5),
        ("min_n", "10", 3),
        ("windows.window", "60", 8),
        ("scales", "nps=0-10, csat=1-5", 9),
        ("journey.names", "after sales=support", 12),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(name, value, line)| (name.to_string(), value.to_string(), *line)).collect();
    assert_eq!(values(&config), expected);
    let by = config.entries.iter().find(|entry| entry.setting.key == "by").unwrap();
    assert_eq!(by.values.iter().map(|value| value.line).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn the_sources_keep_their_order() {
    let text = "[[source]]\nkind = \"tickets\"\nfiles = [\"b.csv\", \"a.csv\"]\n[source.columns]\nrating = \"\"\n\n\
                [[source]]\nfiles = [\"c.csv\"]\n";
    let config = read(text).unwrap();
    let files: Vec<String> =
        config.sources.iter().map(|source| source.entry("files").unwrap().text()).collect();
    assert_eq!(files, ["b.csv, a.csv", "c.csv"]);
    assert_eq!(config.sources.iter().map(|source| source.line).collect::<Vec<_>>(), [1, 7]);
    assert_eq!(config.sources[0].text("kind"), Some("tickets"));
    assert_eq!(
        config.sources[0].entry("columns").unwrap().values,
        [Value { text: "rating=".into(), line: 5 }]
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_what_was_meant() {
    assert_eq!(
        told("min_n = 1\n\n[windows]\nwindw = \"9d\"\n"),
        "unknown key `windw` in [windows] on line 4 of `cxm.toml` | did you mean `window`?"
    );
    assert_eq!(
        told("timezone = \"UTC\""),
        "unknown key `timezone` on line 1 of `cxm.toml` | did you mean `tz`?"
    );
    assert_eq!(
        told("[windows]\nmin_n = 5"),
        "unknown key `min_n` in [windows] on line 2 of `cxm.toml` | `min_n` belongs at the top, before the first table"
    );
    assert_eq!(
        told("retention = \"90d\""),
        "unknown key `retention` on line 1 of `cxm.toml` | `window` belongs in [windows]"
    );
    assert_eq!(
        told("[[source]]\nfile = \"a\""),
        "unknown key `file` in [[source]] on line 2 of `cxm.toml` | did you mean `files`?"
    );
    assert_eq!(
        told("[window]\nx = 1"),
        "unknown key `window` on line 1 of `cxm.toml` | did you mean `windows`?"
    );
    assert!(
        told("[journey]\nzzz = 1")
            .ends_with("the keys there are `stages`, `onboarding`, `after_purchase`, `names` and `rules`")
    );
}

#[test]
fn a_value_of_another_type_is_refused() {
    for (text, expected) in [
        (
            "min_n = \"5\"",
            "`min_n` is a text, and a number belongs there: line 1 of `cxm.toml` | write e.g. min_n = 5",
        ),
        (
            "strict = 1",
            "`strict` is a number, and true or false belongs there: line 1 of `cxm.toml` | write e.g. strict = true",
        ),
        (
            "tz = [\"UTC\"]",
            "`tz` is a list, and a text in quotes belongs there: line 1 of `cxm.toml` | write e.g. tz = \"Europe/Amsterdam\"",
        ),
        (
            "by = []",
            "`by` is an empty list, and a list of texts belongs there: line 1 of `cxm.toml` | write e.g. by = [\"channel\", \"stage\"]",
        ),
        (
            "by = [1]",
            "`by` is a list, and a list of texts belongs there: line 1 of `cxm.toml` | write e.g. by = [\"channel\", \"stage\"]",
        ),
        (
            "scales = \"1-5\"",
            "`scales` is a text, and a table of texts belongs there: line 1 of `cxm.toml` | write e.g. [scales] csat = \"1-5\"",
        ),
        (
            "windows = 90",
            "`windows` is a number, and a table belongs there: line 1 of `cxm.toml` | write [windows]",
        ),
        (
            "[source]\nfiles = [\"a\"]",
            "`source` is one table, and a list of tables belongs there: line 1 of `cxm.toml` | write [[source]]",
        ),
        (
            "[[source]]\nkind = \"tickets\"",
            "[[source]] names no files on line 1 of `cxm.toml` | write e.g. files = [\"exports/*.csv\"]",
        ),
        (
            "tz = \"\"",
            "`tz` is empty on line 1 of `cxm.toml` | write e.g. tz = \"Europe/Amsterdam\", or leave it out",
        ),
    ] {
        assert_eq!(told(text), expected);
    }
}

#[test]
fn what_is_no_toml_is_refused_on_its_line() {
    for (text, line) in
        [("min_n = 5\nby = [", 2), ("min_n = 5\nmin_n = 6", 2), ("a b c", 1), ("tz = Europe/Amsterdam", 1)]
    {
        let (sentence, _) = refused(text);
        assert!(sentence.starts_with(&format!("line {line} of `cxm.toml` is no TOML: ")), "{sentence}");
        assert!(!sentence.contains('\n') && !sentence.ends_with('.'), "{sentence}");
    }
    assert_eq!(read("").unwrap().entries, []);
}

#[test]
fn every_example_is_accepted_and_no_key_is_there_twice() {
    let mut paths = Vec::new();
    for setting in SETTINGS {
        let header = match (setting.table, setting.shape) {
            (_, Shape::Pairs) => format!("[{}]\n{}", setting.path(), setting.example),
            ("", _) => format!("{} = {}", setting.key, setting.example),
            (table, _) => format!("[{table}]\n{} = {}", setting.key, setting.example),
        };
        let config = read(&header).unwrap_or_else(|error| panic!("{header}: {error}"));
        assert_eq!(config.entries[0].setting, setting, "{header}");
        assert!(!paths.contains(&setting.path()), "{header}");
        paths.push(setting.path());
    }
}

/// Pieces of configs, put together without sense.
const PIECES: &[&str] = &[
    "[[source]]",
    "[source]",
    "[source.columns]",
    "[windows]",
    "[journey.names]",
    "[scales]",
    "files",
    "min_n",
    "by",
    "tz",
    "columns",
    "source",
    "windows",
    "=",
    "=",
    "=",
    "\n",
    "\n",
    "\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "\"a\"",
    "'b'",
    "5",
    "0x1f",
    "-1.5e9",
    "inf",
    "true",
    "2026-06-30",
    "#",
    "\"\"\"",
    "\\",
    "\u{feff}",
    "é",
    "\r",
];

proptest! {
    #[test]
    fn rubbish_is_refused_in_one_sentence(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        if let Err(error) = read(&pieces.join(" ")) {
            let told = error.to_string();
            prop_assert!(error.status() == 2 && !told.contains('\n') && told.contains(" of `cxm.toml`"), "{told}");
        }
    }
}
