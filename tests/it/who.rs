//! Who is who, through the program: the list of customers, its aliases and attributes, subscriptions, pseudonyms.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cxm::pseudonym::Keys;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};

const KEY: &[u8] = b"0123456789abcdef";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    folder
}

/// What a run that works prints, and what it says on standard error.
fn run(folder: &TempDir, words: &str) -> (String, String) {
    let output = cxm(folder.path()).args(words.split(' ')).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(output.status.code(), Some(0), "{words}: {err}");
    (out, err)
}

fn json(folder: &TempDir, words: &str) -> Value {
    serde_json::from_str(&run(folder, &format!("{words} --format json")).0).unwrap()
}

/// The sentence and the hint of a run that is refused.
fn refused(folder: &TempDir, words: &str, status: i32) -> String {
    let output = cxm(folder.path()).args(words.split(' ')).output().unwrap();
    assert_refused(&output, status, words);
    let text = String::from_utf8(output.stderr).unwrap();
    text.lines()
        .filter(|line| line.starts_with("error: ") || line.starts_with("hint: "))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The exports that come with the program, by their kinds.
fn sample() -> [(&'static str, String); 3] {
    ["purchases", "surveys", "tickets"].map(|kind| {
        let path = format!("{}/testdata/sample/{kind}.csv", env!("CARGO_MANIFEST_DIR"));
        (kind, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
    })
}

/// The customers of the sample, in order.
fn customers(sample: &[(&str, String); 3]) -> Vec<String> {
    let rows = sample.iter().flat_map(|(_, text)| text.lines().skip(1));
    let ids: BTreeSet<&str> =
        rows.filter_map(|row| row.split(',').nth(1)).filter(|id| id.starts_with('C')).collect();
    ids.into_iter().map(str::to_owned).collect()
}

/// A sample in which each export calls a customer as its system would.
fn write(folder: &Path, sample: &[(&str, String); 3], called: impl Fn(&str, &str) -> String) {
    for (kind, text) in sample {
        let mut rows = text.lines();
        let mut renamed = rows.next().unwrap().to_owned();
        for row in rows {
            let cells: Vec<&str> = row.splitn(3, ',').collect();
            let is_known = cells.len() == 3 && cells[1].starts_with('C');
            let row = if is_known {
                format!("{},{},{}", cells[0], called(kind, cells[1]), cells[2])
            } else {
                row.to_owned()
            };
            renamed = renamed + "\n" + &row;
        }
        fs::write(folder.join(format!("{kind}.csv")), renamed + "\n").unwrap();
    }
}

/// How many customers the kinds of contacts have.
fn of_contacts(report: &Value) -> [&Value; 3] {
    ["surveys", "tickets", "purchases"].map(|kind| &report["join"]["by_kind"][kind])
}

const REPORT: &str =
    "report purchases.csv surveys.csv tickets.csv --max-rejects 20% --by channel,state,stage";

/// The exports name everybody in their own way, and the list says who is who: the same numbers as if all had one name.
#[test]
fn with_a_crosswalk_every_number_is_as_if_all_exports_had_one_id() {
    let (sample, plain, apart) = (sample(), folder(&[]), folder(&[]));
    write(plain.path(), &sample, |_, id| id.to_owned());
    let called = |kind: &str, id: &str| match kind {
        "surveys" => format!("\"\"\"Ann, {id}\"\" <{id}@Example.com>\""),
        "tickets" => format!("z-{id}"),
        _ => id.to_owned(),
    };
    write(apart.path(), &sample, called);
    let customers = customers(&sample);
    assert!(customers.len() > 50, "{}", customers.len());
    let rows = customers.iter().map(|id| format!("{id},{id}@example.com,z-{id}\n"));
    let list = "customer_id,E-mail address,Zendesk ID\n".to_owned() + &rows.collect::<String>();
    fs::write(apart.path().join("list.csv"), list).unwrap();
    let whole = json(&plain, REPORT);
    for threads in ["1", "4"] {
        let joined = json(&apart, &format!("{REPORT} list.csv --threads {threads}"));
        for part in ["results", "ledger", "journey", "as_of", "after_as_of", "caveats"] {
            assert_eq!(joined[part], whole[part], "{part}");
        }
        assert_eq!(of_contacts(&joined), of_contacts(&whole));
        let matched = |report: &Value| -> Vec<Value> {
            let all = report["join"]["matches"].as_array().unwrap();
            all.iter().filter(|one| one["of"] != "customers" && one["in"] != "customers").cloned().collect()
        };
        assert_eq!(matched(&joined), matched(&whole));
    }
    // Without the list nobody who answered is known to have bought.
    assert!(run(&apart, REPORT).1.contains("only 0 % of the"));
}

/// A list without aliases knows strangers too, and none of them counts in any number.
#[test]
fn a_list_without_aliases_changes_no_number() {
    let (sample, folder) = (sample(), folder(&[]));
    write(folder.path(), &sample, |_, id| id.to_owned());
    let half = customers(&sample).into_iter().step_by(2).map(|id| format!("{id},North\n"));
    let list = "customer_id,region\nnobody,South\nstranger,South\n".to_owned() + &half.collect::<String>();
    let listed = list.lines().count() - 1;
    fs::write(folder.path().join("list.csv"), list).unwrap();
    let (without, with) = (json(&folder, REPORT), json(&folder, &format!("{REPORT} list.csv")));
    for part in ["results", "ledger", "journey", "as_of", "caveats"] {
        assert_eq!(without[part], with[part], "{part}");
    }
    assert_eq!(of_contacts(&with), of_contacts(&without));
    let known = &with["join"]["by_kind"]["customers"];
    assert_eq!((with["sources"].as_array().unwrap().len(), known), (4, &listed.into()));
    // A list alone says that nothing happened.
    assert!(refused(&folder, "report list.csv", 3).contains("no row of the exports has a time"));
}

/// Which of two lines counts, and whose alias is whose, does not depend on the threads or on how a file is cut.
#[test]
fn aliases_are_the_same_whatever_the_threads() {
    let rows = (0..40_000).map(|n| format!("c{n},a{n}@x.com,r{}\n", n % 7));
    let list = "customer_id,email,region\n".to_owned() + &rows.collect::<String>() + "c3,a3@x.com,last\n";
    let clash = list.clone() + "d1,a39999@x.com,\nd2,a5@x.com,\n";
    let answers = (0..20_000).map(|n| format!("{n},a{}@x.com,2026-03-{:02},{}\n", n / 2, n % 28 + 1, n % 11));
    let answers = "response_id,email,date,nps\n".to_owned() + &answers.collect::<String>();
    let folder = folder(&[("l.csv", &list), ("clash.csv", &clash), ("a.csv", &answers)]);
    let words = "nps a.csv l.csv --by region --format json --threads";
    let (one, told) = run(&folder, &format!("{words} 1"));
    assert!(told.contains("rejected: 1 duplicate (line 5)"), "{told}");
    assert!(one.contains("\"last\""));
    assert_eq!(run(&folder, &format!("{words} 4")), (one, told));
    let clash = |threads: &str| refused(&folder, &format!("nps a.csv clash.csv --threads {threads}"), 3);
    assert!(clash("1").contains("is an alias of `d1` on line 40003 of `clash.csv`"), "{}", clash("1"));
    assert_eq!(clash("1"), clash("4"));
}

const ANSWERS: &str = "response_id,email,date,nps\n1,ANN@x.com,2026-03-03,9\n2,bo@x.com,2026-03-07,3\n\
                       3,eve@x.com,2026-03-09,10\n";
const LIST: &str = "customer_id,email,Zendesk ID,Region,plan\nc1,ann@x.com,z1,North,gold\nc2,bo@x.com,z2,South,basic\n\
                    c3,,z3,North,basic\nc9,kim@x.com,z9,South,gold\n";
const TERMS: &str = "subscription_id,customer_id,started_at,ended_at,plan,mrr,currency\ns1,c1,2026-01-01,,gold,10,EUR\n\
                     s2,c2,2026-01-01,2026-02-01,basic,5,EUR\ns3,c7,2026-02-01,2026-01-01,basic,5,EUR\n";
const ORDERS: &str = "order_id,customer_id,purchased_at,amount\n1,c1,2026-01-01,10\n2,c2,2026-01-15,10\n";

/// The values of a metric by one dimension: label, n.
fn groups(folder: &TempDir, words: &str) -> Vec<String> {
    let report = json(folder, &format!("{words} --min-n 0"));
    let told = |record: &Value| {
        let labels: Vec<&str> =
            record["group"].as_object().unwrap().values().filter_map(Value::as_str).collect();
        format!("{} {}", labels.join(" "), record["n"])
    };
    let records = report["results"].as_array().unwrap().iter();
    records.filter(|record| !record["group"].as_object().unwrap().is_empty()).map(told).collect()
}

#[test]
fn an_attribute_is_a_dimension_of_every_metric() {
    let folder = folder(&[("a.csv", ANSWERS), ("l.csv", LIST), ("s.csv", TERMS), ("o.csv", ORDERS)]);
    assert_eq!(groups(&folder, "nps a.csv l.csv --by region"), ["North 1", "South 1", "(unknown) 1"]);
    assert_eq!(
        groups(&folder, "nps a.csv l.csv --by customer.region"),
        ["North 1", "South 1", "(unknown) 1"]
    );
    assert_eq!(groups(&folder, "nps a.csv l.csv --where region=\"South\" --by plan"), ["basic 1"]);
    let retained = "retention o.csv a.csv l.csv --as-of 2026-04-30 --by Region";
    assert_eq!(groups(&folder, retained), ["North 1", "South 1"]);
    // A column of another export goes first; the list is asked by name.
    let named =
        "retention o.csv s.csv l.csv --as-of 2026-04-30 --max-rejects 50% --by plan,customer.plan,subscribed";
    assert_eq!(groups(&folder, named), ["basic 1", "gold 1", "basic 1", "gold 1", "yes 2"]);
    let now = "nps a.csv s.csv l.csv --max-rejects 50% --by subscribed";
    assert_eq!(groups(&folder, now), ["yes 1", "no 2"]);
    let (_, told) = run(&folder, "nps a.csv s.csv l.csv --max-rejects 50% --by region");
    assert!(told.contains("no metric uses subscriptions yet"), "{told}");
    assert!(told.contains("region is what the list of customers says now"), "{told}");
    assert!(
        told.contains(
            "s.csv: 3 rows read as subscriptions, 2 used, 1 rejected: 1 ends-before-start (line 4)"
        )
    );
    let unknown = refused(&folder, "nps a.csv l.csv --by customer.regoin", 2);
    assert!(
        unknown.ends_with("did you mean customer.region?") || unknown.contains("`customer.regoin`"),
        "{unknown}"
    );
    let alias = refused(&folder, "nps a.csv l.csv --by zendesk_id", 2);
    assert!(alias.contains("read as an alias of the customers"), "{alias}");
    assert_eq!(
        groups(&folder, "nps a.csv l.csv --no-alias Zendesk_ID --by zendesk_id"),
        ["z1 1", "z2 1", "(unknown) 1"]
    );
}

#[test]
fn an_alias_of_two_customers_is_named_and_never_whole() {
    let two = "customer_id,email\nc1,Ann@x.com\nc2,\nc3, ann@x.com \n";
    let own = "customer_id,email\nc1,c2\nc2,\n";
    let same = "customer_id,email,work_email\nc1,ann@x.com,ANN@x.com\nc1,ann@x.com,\nann@y.com,ann@y.com,\n";
    let folder = folder(&[("a.csv", ANSWERS), ("two.csv", two), ("own.csv", own), ("same.csv", same)]);
    assert_eq!(
        refused(&folder, "nps a.csv two.csv", 3),
        "error: `a…@x.com` is an alias of `c3` on line 4 of `two.csv` and an alias of `c1` on line 2 of `two.csv`\n\
         hint: mend one of the two lines, or leave the column of aliases out: --no-alias COLUMN"
    );
    assert!(refused(&folder, "nps a.csv own.csv", 3).starts_with(
        "error: `c2` is an alias of `c1` on line 2 of `own.csv` and a customer of its own, `c2` on line 3"
    ));
    let across = refused(&folder, "nps a.csv same.csv two.csv --max-rejects 50%", 3);
    assert!(across.contains("on line 4 of `two.csv`"), "{across}");
    // The same alias twice is one; of a customer's two lines the later one counts.
    let (_, told) = run(&folder, "nps a.csv same.csv --max-rejects 50%");
    assert!(
        told.contains("same.csv: 3 rows read as customers, 2 used, 1 rejected: 1 duplicate (line 2)"),
        "{told}"
    );
    let pseudonym = refused(&folder, "nps a.csv two.csv --pseudonymise", 3);
    assert!(!pseudonym.contains("x.com") && !pseudonym.contains("`c1`"), "{pseudonym}");
    assert!(refused(&folder, "nps a.csv --alias email", 2).contains("no export of customers"));
    let slip = refused(&folder, "nps a.csv two.csv --no-alias emial", 2);
    assert!(slip.ends_with("hint: did you mean --no-alias email?"), "{slip}");
}

#[test]
fn a_pseudonym_is_what_others_make_of_the_same_key() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/golden/hmac_pseudonym.json");
    let golden: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    for case in cases {
        let text = |part: &str, name: &str| case[part][name].as_str().unwrap().to_owned();
        let hex = text("input", "key_hex");
        let secret: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        assert_eq!(
            Keys::secret(&secret).shown(&text("input", "normalised")),
            text("expect", "first_128_bits")
        );
    }
    assert_eq!(cases.len(), 5);
}

#[test]
fn pseudonyms_stand_for_customers_in_every_output_and_change_no_number() {
    let tickets = "ticket_id,Requester email,created_at,resolved_at,comment,Requester name\n\
                   1,Zoe@y.com,2026-03-01,2026-03-02,hi,Zoe\n2,kim@x.com,2026-03-05,soon,I am Kim,Kim\n\
                   3,bo@y.com,2026-03-07\n";
    let key = String::from_utf8(KEY.to_vec()).unwrap() + "\r\n";
    let files = [
        ("a.csv", ANSWERS),
        ("t.csv", tickets),
        ("l.csv", LIST),
        ("k", key.as_str()),
        ("short", "0123456789abcde\n"),
    ];
    let folder = folder(&files);
    let words = "a.csv t.csv l.csv --max-rejects 80%";
    let report = |more: &str| run(&folder, &format!("report {words} --format json{more}"));
    let ((plain, told_plainly), (veiled, told)) = (report(""), report(" --pseudonymise=k --rejects r.csv"));
    let [plain, veiled]: [Value; 2] = [plain, veiled].map(|text| serde_json::from_str(&text).unwrap());
    assert_eq!((&plain["results"], &plain["join"]), (&veiled["results"], &veiled["join"]));
    // Each side of the warning has its pseudonyms, which another program makes of the normal key.
    assert!(told_plainly.contains("`a…@x.com`") || told_plainly.contains("`c1`"), "{told_plainly}");
    let keys = Keys::secret(KEY);
    assert!(told.contains(&keys.shown("c1")) && told.contains(&keys.shown("zoe@y.com")), "{told}");
    let rejects = fs::read_to_string(folder.path().join("r.csv")).unwrap();
    let kim = keys.shown("kim@x.com");
    assert_eq!(
        rejects,
        format!(
            "file,line,reason,row\nt.csv,3,bad-time,\"2,{kim},2026-03-05,soon,[comment left out],[left out]\"\n\
             t.csv,4,ragged-row,[row left out: its cells cannot be told apart]\n"
        )
    );
    let outputs = [
        veiled.to_string(),
        told.clone(),
        rejects,
        run(&folder, &format!("inspect {words} --pseudonymise=k")).0,
        run(&folder, &format!("inspect {words} --format json --pseudonymise=k")).0,
        run(&folder, &format!("report {words} --format md --pseudonymise=k")).0,
    ];
    for output in outputs {
        let known = ["@", "c1`", "zoe", "Zoe", "Kim", "kim"].into_iter().find(|word| output.contains(word));
        assert_eq!(known, None, "{output}");
    }
    assert_eq!(told, report(" --pseudonymise=k").1, "the same key, the same pseudonyms");
    let random = report(" --pseudonymise").1;
    assert!(
        random.contains("they cannot be compared with those of another run")
            && random != report(" --pseudonymise").1
    );
    for dimension in ["email", "requester_email", "zendesk_id"] {
        let error = refused(
            &folder,
            &format!("report {words} --pseudonymise=k --no-alias Zendesk_ID --by {dimension}"),
            2,
        );
        assert!(error.contains("with --pseudonymise nothing shown may"), "{error}");
    }
    assert!(refused(&folder, "nps a.csv --pseudonymise=short", 2).contains("holds 15 bytes"));
    assert!(
        refused(&folder, "nps a.csv --pseudonymise=none", 2).contains("could not read the key file `none`")
    );
}

#[test]
fn a_row_without_a_customer_or_a_start_is_rejected() {
    let list = "customer_id,email\n,ann@x.com\nc1,eve@x.com\n";
    let terms = "subscription_id,customer_id,started_at,plan,mrr\n1,,2026-01-01,a,1\n2,c1,,a,1\n3,c1,2026-01-01,a,much\n\
                 4,c1,2026-01-01,a,1\n4,c1,2026-01-01,a,1\n";
    let folder = folder(&[("a.csv", ANSWERS), ("l.csv", list), ("s.csv", terms)]);
    let (_, told) = run(&folder, "nps a.csv l.csv s.csv --max-rejects 90%");
    assert!(
        told.contains("l.csv: 2 rows read as customers, 1 used, 1 rejected: 1 missing-customer (line 2)"),
        "{told}"
    );
    assert!(
        told.contains(
            "s.csv: 5 rows read as subscriptions, 1 used, 4 rejected: 1 missing-customer (line 2); 1 missing-time \
             (line 3); 1 bad-number (line 4); 1 duplicate (line 6)"
        ),
        "{told}"
    );
}
