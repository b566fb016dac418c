//! Amounts that name their currency themselves, `$5`, beside amounts whose currency stands in a column.

use crate::values::{Outcome, run};

const WINDOW: &str = "--as-of 2026-06-30 --min-n 0";
const DOLLARS: &str = "order_id,customer,date,amount\n1,a,2026-02-01,$100\n2,a,2026-05-01,$150\n";
const EUROS: &str =
    "order_id,customer,date,amount,currency\n11,a,2026-02-02,100,EUR\n12,a,2026-05-02,80,eur\n";

fn nrr(files: &[(&str, &str)], flags: &str) -> Outcome {
    let names: Vec<&str> =
        files.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".csv")).collect();
    run(files, &format!("nrr {} {WINDOW} {flags}", names.join(" ")))
}

#[test]
fn a_file_of_dollars_is_not_added_to_one_of_euros() {
    let files = [("usd.csv", DOLLARS), ("eur.csv", EUROS)];
    let refused = nrr(&files, "");
    assert_eq!(refused.status, 3, "{}", refused.stdout);
    let (error, hint) = refused.refusal();
    assert!(error.ends_with("the purchases are in EUR and USD, which are never added up"), "{error}");
    assert!(hint.contains("--rates FILE"), "{hint}");
    // (80 + 75) of (100 + 50) euros.
    let rated = [files[0], files[1], ("rates.txt", "currency,rate\nUSD,0.5\n")];
    let converted = nrr(&rated, "--currency EUR --rates rates.txt");
    assert!((converted.value() - 100.0 * 155.0 / 150.0).abs() < 1e-9, "{}", converted.stdout);
    // The signs of one currency are that of the column.
    let same = EUROS.replace(",EUR", ",USD").replace(",eur", ",usd");
    assert!((nrr(&[files[0], ("usd2.csv", &same)], "").value() - 115.0).abs() < 1e-9);
}

#[test]
fn dollars_are_no_euros_whatever_the_user_calls_them() {
    let refused = nrr(&[("usd.csv", DOLLARS)], "--currency EUR");
    assert_eq!(refused.status, 3);
    assert_eq!(refused.refusal().0, "no purchase is in EUR (found USD)");
    let dollars = nrr(&[("usd.csv", DOLLARS)], "--currency USD");
    assert!((dollars.value() - 150.0).abs() < 1e-9 && !dollars.stderr.contains("no currency"));
    // Another dollar has the same sign.
    let canadian = nrr(&[("cad.csv", DOLLARS)], "--currency CAD");
    assert!((canadian.value() - 150.0).abs() < 1e-9);
    let told = "2 amounts name no currency but `$` and are taken to be in CAD";
    assert!(canadian.stderr.contains(told), "{}", canadian.stderr);
    let yen = DOLLARS.replace('$', "¥");
    assert!((nrr(&[("jpy.csv", &yen)], "--currency JPY").value() - 150.0).abs() < 1e-9);
    assert_eq!(nrr(&[("jpy.csv", &yen)], "--currency EUR").status, 3);
}

#[test]
fn signs_count_where_the_cell_of_the_currency_is_blank() {
    let mixed = "order_id,customer,date,amount,currency\n1,a,2026-02-01,$5,\n2,b,2026-02-01,€7,\n3,a,2026-05-01,1,EUR\n";
    let refused = nrr(&[("mixed.csv", mixed)], "");
    assert_eq!(refused.status, 3);
    let (error, hint) = refused.refusal();
    assert!(error.contains("`€` (line 3 of `mixed.csv`) and `$` (line 2 of `mixed.csv`)"), "{error}");
    assert!(hint.contains("fill the column of the currency"), "{hint}");
    let one = mixed.replace("€7", "$7");
    assert_eq!(nrr(&[("mixed.csv", &one)], "").status, 3, "dollars and euros");
    let euros = mixed.replace("$5", "€5");
    assert!((nrr(&[("mixed.csv", &euros)], "").value() - 100.0 / 12.0).abs() < 1e-9);
}
