//! Exports whose first column alone tells whose they are: responses of Google Forms begin with `Timestamp`, and so does many
//! another file.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::cxm;

/// What is printed of a file `x.csv`.
fn printed(text: &str, words: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.csv"), text).unwrap();
    let output = cxm(folder.path()).args(words.split(' ')).output().unwrap();
    let told = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(told(output.stdout)) } else { Err(told(output.stderr)) }
}

fn inspected(text: &str) -> Value {
    let found = printed(text, "inspect x.csv --format json -q").unwrap();
    serde_json::from_str::<Value>(&found).unwrap()["files"][0].clone()
}

/// The preset of a file, and its kind.
fn told(text: &str) -> (String, String) {
    let file = inspected(text);
    let word = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    (word(&file["preset"]), word(&file["kind"]))
}

const FORM: &str = "Timestamp,Username,How likely are you to recommend us?,Which city?\n\
                    2026/03/02 9:08:55 AM GMT+1,Ann@Example.com,9,Delft\n2026/03/03 9:00:00 AM GMT+1,,3,Gouda\n";

#[test]
fn a_form_is_recognised_by_its_first_column_and_a_question() {
    assert_eq!(told(FORM), ("google-forms".to_owned(), "surveys".to_owned()));
    assert_eq!(
        printed(FORM, "rows x.csv").unwrap(),
        "line,at,metric,score,customer\n2,2026-03-02T08:08:55Z,nps,9,ann@example.com\n3,2026-03-03T08:00:00Z,nps,3,\n"
    );
    let page = printed(FORM, "inspect x.csv --format table -q").unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("preset google-forms, evidence A, known by `Timestamp` and `How likely"), "{page}");
    // Asked for by name it reads the same.
    assert_eq!(printed(FORM, "rows x.csv --preset google-forms"), printed(FORM, "rows x.csv"));
    for header in
        ["Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora", "Tijdstempel", "Ajatempel"]
    {
        let form = FORM.replace("Timestamp", header);
        assert_eq!(told(&form).0, "google-forms", "{header}");
        assert_eq!(printed(&form, "rows x.csv"), printed(FORM, "rows x.csv"), "{header}");
    }
}

#[test]
fn what_else_begins_so_is_read_as_ever() {
    let none = |text: &str| {
        let (preset, kind) = told(text);
        assert_eq!(preset, "none", "{text}");
        assert_eq!(printed(text, "rows x.csv"), printed(text, "rows x.csv --preset none"), "{text}");
        kind
    };
    assert_eq!(
        none("Timestamp,created_at,ticket_id,customer_id,status\n2026-01-02,2026-01-01,1,a,open\n"),
        "tickets"
    );
    assert_eq!(none("Timestamp,order_id,customer_id,amount\n2026-01-02,1,a,5\n"), "purchases");
    // A rating of a ticket is no question of a form.
    let rated = "Timestamp,created_at,ticket_id,customer_id,status,satisfaction_rating\n2026-01-02,2026-01-01,1,a,open,good\n";
    assert_eq!(none(rated), "tickets");
    assert_eq!(none("Timestamp,customer_id,metric,score\n2026-01-02,a,nps,9\n"), "surveys");
    // Spelt otherwise, or not at the beginning, it is another's.
    assert_eq!(none(&FORM.replace("Timestamp", "timestamp")), "surveys");
    assert_eq!(none("customer_id,Timestamp,nps\na,2026-01-02,9\n"), "surveys");
    // What the user must say of them is asked for as ever.
    let bare = "Timestamp,ticket_id,customer_id,status,resolved_at\n2026-01-02,1,a,open,\n";
    assert_eq!(printed(bare, "rows x.csv"), printed(bare, "rows x.csv --preset none"));
    assert!(printed(bare, "rows x.csv").unwrap_err().contains("pass --map tickets.created_at=Timestamp"));
    assert!(printed(bare, "rows x.csv --map tickets.created_at=Timestamp").is_ok());
    // Without a question nobody knows what it is.
    let asked = "Timestamp,Which city?\n2026-01-02,Delft\n";
    let error = printed(asked, "rows x.csv").unwrap_err();
    assert!(error.contains("could not tell what `x.csv` holds"), "{error}");
    // Another preset that fits comes first.
    let typeform = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/presets/formbricks/export.csv");
    assert_eq!(told(&fs::read_to_string(typeform).unwrap()).0, "formbricks");
}

#[test]
fn a_file_made_by_hand_gives_what_it_gave() {
    let text = "Timestamp,customer_id,nps,channel,comment,plan,Email Address\n\
                2026-01-02,a,9,chat,Fine,gold,x@x.example\n2026-01-03,b,3,mail,Slow,free,y@x.example\n2026-01-04,c,10,chat,,gold,z@x.example\n";
    assert_eq!(told(text).0, "google-forms");
    assert_eq!(printed(text, "rows x.csv"), printed(text, "rows x.csv --preset none"));
    let results = |words: &str| {
        let report = printed(text, &format!("nps x.csv --format json --min-n 0 -q {words}")).unwrap();
        serde_json::from_str::<Value>(&report).unwrap()["results"].clone()
    };
    for by in ["--by channel", "--by plan", "--by nps_group", "--map surveys.channel=plan --by plan"] {
        assert_eq!(results(by), results(&format!("{by} --preset none")), "{by}");
    }
    // Two of three would recommend, one would not: 100 · (2 − 1) / 3; the same within each channel of its own.
    let all = results("--by channel");
    let value = |channel: Option<&str>| {
        let of = |one: &&Value| one["group"]["channel"].as_str() == channel;
        all.as_array().unwrap().iter().find(of).unwrap()["value"].as_f64().unwrap()
    };
    assert!((value(None) - 100.0 / 3.0).abs() < 1e-9);
    assert_eq!((value(Some("chat")), value(Some("mail"))), (100.0, -100.0));
    // What is denied stays denied, and another column may be the time.
    let denied = printed(text, "rows x.csv --map surveys.customer=").unwrap();
    assert!(denied.starts_with("line,at,metric,score,channel,comment\n"), "{denied}");
}
