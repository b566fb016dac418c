//! Presets and configs together: what `init` writes of a recognised export, and who wins where several speak of one.

use std::fs;
use std::path::Path;

use super::{folder, printed, refused, setting, with};
use crate::cli::workbooks::{Sheet, xlsx};

/// The exports of four presets under names that say nothing.
fn exports() -> tempfile::TempDir {
    let folder = folder();
    for (at, preset) in ["zendesk-csv", "qualtrics", "shopify-orders", "typeform"].iter().enumerate() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/presets");
        let from = root.join(preset).join("export.csv");
        fs::copy(from, folder.path().join(format!("{}.csv", at + 1))).unwrap();
    }
    folder
}

const FOUR: [&str; 4] = ["1.csv", "2.csv", "3.csv", "4.csv"];

#[test]
fn a_config_for_recognised_exports_gives_the_report_of_the_bare_files() {
    let folder = exports();
    let path = folder.path();
    let flags = ["--tz=Europe/Amsterdam", "--max-rejects=20%", "--min-n=1"];
    printed(path, &[&["init"], &FOUR[..], &flags[..2]].concat());
    let text = fs::read_to_string(path.join("cxm.toml")).unwrap();
    for (name, kind) in [
        ("zendesk-csv", "tickets"),
        ("qualtrics", "surveys"),
        ("shopify-orders", "purchases"),
        ("typeform", "surveys"),
    ] {
        let written = format!("kind = \"{kind}\"\npreset = \"{name}\"\n# {name}: ");
        assert!(text.contains(&written), "no {written} in\n{text}");
    }
    assert!(
        text.contains(", evidence A (genuine exports, or the vendor's own description). Times are in"),
        "{text}"
    );
    assert!(text.contains("# customer is made from \"ExternalReference\", \"RecipientEmail\"\n"), "{text}");
    assert!(text.contains("[source.columns]\n# ticket = \"Id\"\n"), "{text}");
    for format in ["csv", "json"] {
        let shared = ["report", "-q", "--min-n=1", "--format", format];
        let by_config = printed(path, &shared);
        let bare = printed(path, &[&shared[..], &["--no-config"], &flags[..2], &FOUR[..]].concat());
        assert!(by_config.len() > 1000 && by_config == bare, "{by_config}\n{bare}");
    }
    // What is only offered is accepted as it stands.
    let offered = text.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) => rest,
        _ => line,
    });
    let whole: Vec<&str> =
        offered.skip_while(|line| *line != "[[source]]").take_while(|line| *line != "[scales]").collect();
    fs::write(path.join("whole.toml"), whole.join("\n")).unwrap();
    printed(path, &["inspect", "--settings", "-c", "whole.toml"]);
    printed(path, &["report", "-q", "-c", "whole.toml", "--max-rejects", "20%"]);
}

#[test]
fn a_sheet_an_alias_and_every_kind_are_written_down() {
    let rows: Vec<Vec<String>> = [
        ["Ticket ID", "Requester", "Created at", "Resolved at"],
        ["1", "A", "2026-01-02T10:00:00Z", "2026-01-03T10:00:00Z"],
    ]
    .map(|row| row.map(str::to_owned).to_vec())
    .to_vec();
    let sheet = |name: &'static str| Sheet { name, is_hidden: false, rows: &rows };
    let people = "customer_id,E-mail address,Card\nA,a@example.com,K1\n";
    let terms = "customer_id,started_at,ended_at,plan\nA,2026-01-01,,gold\n";
    let folder = with(&[("people.csv", people), ("terms.csv", terms)]);
    let path = folder.path();
    fs::write(path.join("one.xlsx"), xlsx(&[sheet("May")])).unwrap();
    fs::write(path.join("two.xlsx"), xlsx(&[sheet("May"), sheet("June 2026")])).unwrap();
    let flags = ["--customers=people.csv", "--subscriptions=terms.csv", "--alias=Card", "--no-alias=Plan"];
    let text = printed(path, &[&["init", "-o", "-", "one.xlsx", "two.xlsx"], &flags[..]].concat());
    for written in [
        "files = [\"one.xlsx\"]\nkind = \"tickets\"\nsheet = \"May\"\n",
        "# sheet = \"May\"\n# sheet = \"June 2026\"\n",
        "files = [\"people.csv\"]\nkind = \"customers\"\nalias = [\"Card\"]\n",
        "# alias = [\"E-mail address\"]\n",
        "# On the command line only: --no-alias Plan\n",
        "files = [\"terms.csv\"]\nkind = \"subscriptions\"\n",
    ] {
        assert!(text.contains(written), "no {written} in\n{text}");
    }
    // With one of the sheets chosen and the other source as it stands, the config works.
    let settled = text.replacen("# sheet = \"June 2026\"", "sheet = \"June 2026\"", 1);
    fs::write(path.join("cxm.toml"), settled).unwrap();
    assert_eq!(setting(path, "file[2].sheet", &[]).0.as_deref(), Some("June 2026"));
    printed(path, &["report", "-q", "--max-rejects", "100%"]);
}

#[test]
fn two_presets_that_fit_and_doubtful_kinds_are_choices() {
    let preset = |name: &str| {
        (
            format!("presets/{name}.toml"),
            "title='Gnu'\nkind='tickets'\nevidence='C'\nsource='made up'\n[signature]\nall=['Gnu Ref','Opened']\n\
             [columns]\ncreated_at='Opened'\n",
        )
    };
    let (one, two) = (preset("one"), preset("two"));
    let folder = with(&[
        (&one.0, one.1),
        (&two.0, two.1),
        ("cxm.toml", "min_n = 1\n"),
        ("gnu.csv", "Gnu Ref,Opened\n1,2026-01-02\n"),
        ("q3.csv", "ticket_id,created_at,csat\n1,2026-01-02,5\n"),
    ]);
    let text = printed(folder.path(), &["init", "-o", "-", "gnu.csv", "q3.csv"]);
    for written in
        ["# preset = \"one\"\n# preset = \"two\"\n", "# kind = \"surveys\"\n# kind = \"tickets\"\n"]
    {
        assert!(text.contains(written), "no {written} in\n{text}");
    }
    assert!(!text.contains("\nkind = ") && !text.contains("\npreset = "), "{text}");
    let one_of = |kind: &str| format!("# kind = \"{kind}\"");
    let settled = text.replacen("# preset = \"one\"", "preset = \"one\"", 1);
    let settled = settled.replacen(&one_of("tickets"), "kind = \"tickets\"", 1);
    fs::write(folder.path().join("settled.toml"), settled).unwrap();
    let told = |name: &str| setting(folder.path(), name, &["-c", "settled.toml"]).0;
    assert_eq!(told("file[1].preset").as_deref(), Some("one"));
    assert_eq!(told("file[2].kind").as_deref(), Some("tickets"));
    let told = refused(folder.path(), &["report", "gnu.csv"], 3);
    assert!(
        told.ends_with("fits 2 presets equally well: one and two | pass --preset one or --preset two"),
        "{told}"
    );
    fs::write(
        folder.path().join("cxm.toml"),
        "min_n = 1\n[[source]]\nfiles = [\"gnu.csv\"]\npreset = \"two\"\n",
    )
    .unwrap();
    assert_eq!(setting(folder.path(), "file[1].preset", &[]), (Some("two".into()), "cxm.toml line 4".into()));
    assert_eq!(
        setting(folder.path(), "file[1].preset", &["--preset", "one"]),
        (Some("one".into()), "flag --preset".into())
    );
    assert_eq!(setting(folder.path(), "file[1].kind", &[]), (Some("tickets".into()), "preset two".into()));
}

#[test]
fn the_aliases_of_a_source_take_effect() {
    let people = "customer_id,Card,Region\nA,K1,north\nB,K2,south\n";
    let orders = "order,customer,order date,amount\n1,K1,2026-01-02,10\n2,K2,2026-01-03,20\n";
    let config = |alias: &str| {
        format!(
            "min_n = 1\n[[source]]\nfiles = [\"orders.csv\"]\n[[source]]\nfiles = [\"people.csv\"]\nkind = \"customers\"\n{alias}"
        )
    };
    let folder = with(&[("cxm.toml", &config("")), ("people.csv", people), ("orders.csv", orders)]);
    let path = folder.path();
    let regions = |words: &[&str]| {
        let text = printed(
            path,
            &[&["retention", "-q", "--by", "region", "--window", "30d", "--as-of", "2026-03-01"], words]
                .concat(),
        );
        (text.contains(",north,"), text.contains(",south,"))
    };
    assert_eq!(regions(&[]), (false, false));
    fs::write(path.join("cxm.toml"), config("alias = [\"card\"]\n")).unwrap();
    assert_eq!(regions(&[]), (true, true));
    // A flag takes it away again.
    assert_eq!(regions(&["--no-alias", "Card"]), (false, false));
    fs::write(path.join("cxm.toml"), config("alias = [\"Cards\"]\n")).unwrap();
    assert_eq!(
        refused(path, &["report"], 2),
        "`people.csv` has no column `Cards` for an alias, says line 7 of `cxm.toml` | did you mean Card?"
    );
    let wrong = "[[source]]\nfiles = [\"orders.csv\"]\nalias = [\"amount\"]\n";
    fs::write(path.join("cxm.toml"), wrong).unwrap();
    assert_eq!(
        refused(path, &["report"], 2),
        "`orders.csv` holds purchases, which have no aliases, says line 3 of `cxm.toml` | \
         write kind = \"customers\" if it is a list of them, or leave `alias` out"
    );
}

#[test]
fn a_wrong_column_is_told_with_its_line() {
    let config = |columns: &str| format!("[[source]]\nfiles = [\"a.csv\"]\n[source.columns]\n{columns}");
    let folder = with(&[("a.csv", "id,date,Q1,Verdict,Score,score\n1,2026-01-02,9,5,1,2\n")]);
    let told = |columns: &str, flags: &[&str]| {
        fs::write(folder.path().join("cxm.toml"), config(columns)).unwrap();
        refused(folder.path(), &[&["report"], flags].concat(), 3)
    };
    assert_eq!(
        told("nps = \"Q1\"\ncsat = \"Verdicts\"\n", &[]),
        "could not read surveys from `a.csv`: no column `Verdicts` for the csat question (found `id`, `date`, \
         `Q1`, `Verdict`, `Score` and `score`), says line 5 of `cxm.toml` | write there csat = \"Verdict\""
    );
    assert!(
        told("nps = \"xyz\"\n", &[])
            .ends_with("says line 4 of `cxm.toml` | write there the name of a column that the file has")
    );
    assert!(
        told("nps = \"SCORE\"\n", &[])
            .ends_with("says line 4 of `cxm.toml` | write there nps = \"Score\" or nps = \"score\"")
    );
    // A flag is told as a flag.
    assert!(told("nps = \"Q1\"\n", &["--map", "surveys.nps=Q7"]).ends_with("| pass --map surveys.nps=Q1"));
    fs::write(folder.path().join("cxm.toml"), config("nps = \"Q1\"\ncsat = \"Q1\"\n")).unwrap();
    assert_eq!(
        refused(folder.path(), &["report"], 2),
        "`csat = \"Q1\"` on line 5 of `cxm.toml` contradicts `nps = \"Q1\"` on line 4 of `cxm.toml` | keep one of the two"
    );
}
