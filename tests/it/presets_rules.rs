//! Rows that a preset reads otherwise than the rest: `[[when]]` says where fields stand in some rows, `unless` and `needs`
//! say which rows and files a rule is not for.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{assert_refused, cxm};
use crate::values::run as run_files;

const PRESET: &str = "\
title = 'Tills of the Gnu shop'
kind = 'purchases'
evidence = 'A'
source = 'the shop itself'
[signature]
all = ['Gnu No', 'When', 'Sum']
[columns]
order = 'Gnu No'
at = 'When'
customer = 'From'
amount = 'Sum'
[[when]]
column = 'What'
is = ['Back', 'Void']
[when.columns]
customer = 'To'
order = { filled = ['Of', 'Gnu No'] }
product = 'Why'
[[drop]]
as = 'other'
column = 'Sign'
is = ['out']
unless = { column = 'What', is = ['Back'] }
[[drop]]
as = 'spam'
needs = 'Checked'
column = 'What'
is = ['Junk']
";

const EXPORT: &str = "Gnu No,When,From,To,What,Sign,Sum,Of,Why
1,2026-01-02,zoe,shop,Sale,in,100,,nothing
2,2026-01-03,shop,zoe,BACK,out,-40,1,torn
3,2026-01-04,shop,ben,Void,out,-5,,typo
4,2026-01-05,shop,ben,Back,out,-6,,late
5,2026-01-06,cem,shop,Junk,in,7,,
";

/// The refund is that of the order and of whoever gets it; what goes out and is none is left out.
const ROWS: &str = "line,customer,at,order,amount,product
2,zoe,2026-01-02T00:00:00Z,1,100,
3,zoe,2026-01-03T00:00:00Z,1,-40,torn
5,ben,2026-01-05T00:00:00Z,4,-6,late
6,cem,2026-01-06T00:00:00Z,5,7,
";

fn folder(preset: &str, export: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("presets")).unwrap();
    for (name, text) in [("cxm.toml", "min_n = 1\n"), ("presets/gnu.toml", preset), ("till.csv", export)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(folder: &Path, words: &str) -> Output {
    cxm(folder).args(words.split(' ')).output().unwrap()
}

fn printed(folder: &Path, words: &str) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn fields_stand_elsewhere_in_some_rows() {
    let own = folder(PRESET, EXPORT);
    assert_eq!(printed(own.path(), "rows till.csv"), ROWS);
    // What the user says of a field holds in every row.
    let said = printed(own.path(), "rows till.csv --map purchases.customer=From");
    assert!(said.contains("\n3,shop,2026-01-03T00:00:00Z,1,-40,torn\n"), "{said}");
    // A column that the file lacks leaves its field where it is, and a rule whose column is not there does nothing.
    let few = EXPORT.replace(",To,", ",Till,").replace(",Of,", ",For,");
    let few = printed(folder(PRESET, &few).path(), "rows till.csv");
    assert!(few.contains("\n3,shop,2026-01-03T00:00:00Z,2,-40,torn\n"), "{few}");
    let none = printed(folder(PRESET, &EXPORT.replace(",What,", ",Which,")).path(), "rows till.csv");
    assert!(none.ends_with("\n2,zoe,2026-01-02T00:00:00Z,1,100\n6,cem,2026-01-06T00:00:00Z,5,7\n"), "{none}");
}

#[test]
fn a_rule_may_be_for_files_with_a_column_only() {
    let checked = EXPORT.replace(",Why\n", ",Checked\n");
    let rows = printed(folder(PRESET, &checked).path(), "rows till.csv");
    assert!(!rows.contains("cem"), "{rows}");
    let needs = PRESET.replace("[[when]]\n", "[[when]]\nneeds = ['Audited', 'Checked']\n");
    assert!(printed(folder(&needs, &checked).path(), "rows till.csv").contains("\n3,zoe,"));
    assert!(printed(folder(&needs, EXPORT).path(), "rows till.csv").contains("\n3,shop,"));
}

#[test]
fn inspect_says_what_the_columns_of_such_rules_are_for() {
    let own = folder(PRESET, EXPORT);
    let found: Value =
        serde_json::from_str(&printed(own.path(), "inspect till.csv --format json -q")).unwrap();
    let columns = found["files"][0]["columns"].as_array().unwrap();
    let column = |name: &str| columns.iter().find(|column| column["column"] == name).unwrap();
    for (name, field) in [("From", "customer"), ("To", "customer"), ("Of", "order"), ("Why", "product")] {
        assert_eq!(column(name)["field"], field, "{name}");
    }
    let shown = printed(own.path(), "inspect till.csv --format table -q");
    for name in ["What", "Sign"] {
        let line = shown.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains("(judges the row)"), "{line}");
    }
    // Whoever a refund goes to is somebody.
    let hidden = printed(own.path(), "inspect till.csv --format table -q --pseudonymise");
    assert!(!hidden.contains("ben") && !hidden.contains("zoe"), "{hidden}");
}

#[test]
fn what_is_wrong_with_a_rule_is_told_with_its_line() {
    let broken = [
        ("order = { filled", "ordr = { filled", "line 17: `ordr` is no field of purchases; `order` is one"),
        ("[when.columns]", "[when.colums]", "line 15: unknown field `colums`"),
        ("[when.columns]\n", "", "line 15: unknown field `customer`"),
        (
            "is = ['Back', 'Void']",
            "is = ['Back']\nblank = true",
            "line 13: rows in which fields stand elsewhere are known by one of `is`, `not`",
        ),
        ("product = 'Why'", "product = { product = ['Why'] }", "line 18: `product` is no amount"),
        ("unless = { column", "unless = { colunm", "line 23: unknown field `colunm`"),
        (
            "'What', is = ['Back'] }",
            "'What' }",
            "line 23: rows are not dropped as `other` by one of `is`, `not`, `blank = true`",
        ),
        ("needs =", "need =", "line 26: unknown field `need`"),
    ];
    for (good, bad, told) in broken {
        let own = folder(&PRESET.replacen(good, bad, 1), EXPORT);
        let output = run(own.path(), "rows till.csv");
        assert_refused(&output, 2, bad);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with(&format!("error: preset `presets/gnu.toml`: {told}")), "{bad}: {error}");
    }
}

const PAYPAL: &str = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,From Email Address,To Email Address,Transaction ID,Reference Txn ID,Balance Impact";

/// The value of a metric of payments, each a line without its zone and currency.
fn of_payments(metric: &str, lines: &[&str]) -> f64 {
    let line = |line: &&str| {
        let cells: Vec<&str> = line.split(' ').collect();
        let [date, kind, status, gross, from, to, id, of, impact] = cells.as_slice() else {
            panic!("{line}")
        };
        let kind = kind.replace('_', " ");
        format!("{date},10:00:00,UTC,N,{kind},{status},EUR,{gross},{from},{to},{id},{of},{impact}\n")
    };
    let text: String = lines.iter().map(line).collect();
    let words = format!("{metric} pay.csv --preset paypal --as-of 2026-06-30 --min-n 0");
    run_files(&[("pay.csv", &format!("{PAYPAL}\n{text}"))], &words).value()
}

const ORDER: &str = "02/13/2026 Website_Payment Completed 100.00 a@x.example s@x.example T1  Credit";
const AGAIN: &str = "05/14/2026 Website_Payment Completed 30.00 a@x.example s@x.example T2  Credit";
const REFUND: &str = "02/20/2026 Payment_Refund Completed -40.00 s@x.example a@x.example T3 T1 Debit";

#[test]
fn a_refund_lowers_the_spend_of_the_buyer_and_is_no_order() {
    // In the 90 days before April the buyer spent 100, and 60 with 40 paid back; since then 30.
    assert!((of_payments("nrr", &[ORDER, AGAIN]) - 30.0).abs() < 1e-9);
    assert!((of_payments("nrr", &[ORDER, REFUND, AGAIN]) - 50.0).abs() < 1e-9);
    assert!((of_payments("grr", &[ORDER, REFUND, AGAIN]) - 50.0).abs() < 1e-9);
    // A refund in May brings nobody back, and is no second order.
    let late = REFUND.replace("02/20", "05/20");
    assert_eq!(of_payments("retention", &[ORDER, &late]), 0.0);
    assert_eq!(of_payments("repeat-rate", &[ORDER, &late]), 0.0);
    assert_eq!(of_payments("repeat-rate", &[ORDER, &late, AGAIN]), 100.0);
}

#[test]
fn an_order_that_is_paid_back_in_full_is_taken_off_once() {
    let other = "02/14/2026 Website_Payment Completed 60.00 a@x.example s@x.example T8  Credit";
    let back = REFUND.replace("-40", "-100");
    // Whether its own row, another row or both of them say it, 60 are left.
    let refunded = ORDER.replace("Completed", "Refunded");
    for lines in
        [&[other, ORDER, &back, AGAIN][..], &[other, &refunded, AGAIN], &[other, &refunded, &back, AGAIN]]
    {
        assert!((of_payments("nrr", lines) - 50.0).abs() < 1e-9, "{lines:?}");
        // One order before April, one since.
        let once = of_payments("repeat-rate", &lines[..lines.len() - 1]);
        assert_eq!(once, 0.0, "{lines:?}");
    }
}
