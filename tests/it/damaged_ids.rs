//! Ids that a spreadsheet shortened, in rows that are used and in rows that are not; times and counts out of reach.

use std::fs;

use crate::cli::cxm;
use crate::values::run;

#[test]
fn an_id_of_a_rejected_row_stops_nothing() {
    let text = "ticket_id,created_at,customer_id\n1.04E+13,bad,1.03E+13\nT2,2026-01-01,b\n";
    let outcome = run(&[("t.csv", text)], "rows t.csv --max-rejects 100%");
    assert_eq!((outcome.status, outcome.stdout.lines().count()), (0, 2), "{}", outcome.stderr);
    // Whether the time stands before the id or behind it.
    let orders = "order_id,customer_id,date,amount\n1.03E+13,a,soon,5\n2,,2026-01-01,5\n1.05E+13,,2026-01-01,5\n3,a,2026-01-01,5\n";
    let outcome = run(&[("o.csv", orders)], "rows o.csv --max-rejects 100%");
    assert_eq!((outcome.status, outcome.stdout.lines().count()), (0, 2), "{}", outcome.stderr);
    let used = format!("{text}T3,2026-01-02,1.03E+13\n");
    let outcome = run(&[("t.csv", &used)], "rows t.csv --max-rejects 100%");
    assert!(
        outcome.refusal().0.starts_with("line 4 of `t.csv` has the customer `1.03E+13`"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_column_that_is_not_required_may_be_left_out() {
    let answers =
        "response_id,customer_id,responded_at,nps,ticket_id\n1,a,2026-01-01,9,1.03E+13\n2,b,2026-01-01,8,\n";
    let outcome = run(&[("a.csv", answers)], "nps --surveys a.csv");
    assert_eq!(outcome.status, 3);
    let hint = outcome.refusal().1;
    assert!(hint.ends_with("--map surveys.ticket=COLUMN; or go on without, --map surveys.ticket="), "{hint}");
    assert_eq!(run(&[("a.csv", answers)], "nps --surveys a.csv --map surveys.ticket=").status, 0);
    let orders = "order_id,customer_id,date\n1,1.03E+13,2026-01-01\n";
    let outcome = run(&[("o.csv", orders)], "churn o.csv");
    assert!(outcome.refusal().1.ends_with("--map purchases.customer=COLUMN"), "{}", outcome.stderr);
}

#[test]
fn a_number_that_is_no_date_is_a_bad_time() {
    for cell in ["1e10", "1e300", "1.7672256e9", "-5e0"] {
        let text = format!("ticket_id,customer_id,created_at\n1,a,{cell}\n2,b,2026-01-01\n");
        let outcome = run(&[("t.csv", &text)], "inspect t.csv --max-rejects 100%");
        assert!((outcome.stdout + &outcome.stderr).contains("bad-time"), "{cell}");
    }
}

#[test]
fn a_count_out_of_reach_is_said_to_be_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let answers = "id,date,nps,customer\n1,2026-01-05,9,a\n";
    fs::write(folder.path().join("a.csv"), answers).unwrap();
    fs::write(
        folder.path().join("cxm.toml"),
        "min_n = 99999999999999999999\n[[source]]\nfiles = [\"a.csv\"]\n",
    )
    .unwrap();
    let output = cxm(folder.path()).arg("nps").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("99999999999999999999") && said.contains("is larger than any count"), "{said}");
    assert!(said.contains("line 1 of"), "{said}");
}
