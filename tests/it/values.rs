//! Times, money and ids as vendors write them, through the program: numbers that can be worked out by hand.

use std::fs;
use std::process::Command;

pub struct Outcome {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// The value of the one record that is printed as CSV.
    pub fn value(&self) -> f64 {
        assert_eq!(self.status, 0, "{}", self.stderr);
        let record = self.stdout.lines().nth(1).unwrap();
        record.split(',').nth(4).unwrap().parse().unwrap()
    }

    /// The error and the hint of a run that stopped.
    pub fn refusal(&self) -> (&str, &str) {
        assert!(self.stdout.is_empty(), "{}", self.stdout);
        let find =
            |word: &str| self.stderr.lines().find_map(|line| line.strip_prefix(word)).unwrap_or_default();
        (find("error: "), find("hint: "))
    }

    fn warnings(&self) -> Vec<&str> {
        self.stderr.lines().filter_map(|line| line.strip_prefix("warning: ")).collect()
    }
}

/// Runs `cxm` in a folder that holds these files; its arguments are parted by spaces, or by bars where there are any.
pub fn run(files: &[(&str, &str)], line: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let arguments = line.split(if line.contains('|') { '|' } else { ' ' }).filter(|part| !part.is_empty());
    let output =
        Command::new(env!("CARGO_BIN_EXE_cxm")).current_dir(folder.path()).args(arguments).output().unwrap();
    Outcome {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The hours from creation to resolution of one ticket.
fn hours(header: &str, row: &str, more: &str) -> f64 {
    let text = format!("{header}\n{row}\n");
    let outcome = run(
        &[("tickets.csv", &text)],
        &format!("resolution-time --tickets tickets.csv --min-n 0 --as-of 2027-01-01 {more}"),
    );
    outcome.value()
}

#[test]
fn a_column_that_says_utc_is_in_utc_whatever_tz_says() {
    // 12:00 UTC is 14:00 in Amsterdam in July: the ticket took from there to 15:00, an hour; with both in one zone three.
    let row = "1,2026-07-01 12:00,2026-07-01 15:00";
    let amsterdam = "--tz Europe/Amsterdam";
    assert!((hours("id,Created (UTC),Solved at", row, amsterdam) - 1.0).abs() < 1e-9);
    assert!((hours("id,Created at,Solved at", row, amsterdam) - 3.0).abs() < 1e-9);
    assert!((hours("id,created_at_utc,Solved at", row, amsterdam) - 1.0).abs() < 1e-9);
    assert!((hours("id,Created (UTC),Solved at (UTC)", row, amsterdam) - 3.0).abs() < 1e-9);
}

#[test]
fn a_date_that_is_settled_later_is_in_the_zone_of_its_column() {
    // 03/07 is open until 25/07 shows that the day comes first. 12:00 UTC is 14:00 in Amsterdam.
    let text = "id,Created (UTC),Solved at\n1,03/07/2026 12:00,03/07/2026 15:00\n2,25/07/2026 12:00,25/07/2026 15:00\n";
    let files = [("tickets.csv", text)];
    let line = "resolution-time --tickets tickets.csv --min-n 0 --as-of 2027-01-01 --tz Europe/Amsterdam";
    assert!((run(&files, line).value() - 1.0).abs() < 1e-9);
}

#[test]
fn times_of_several_vendors_in_one_file() {
    // Each pair is two hours apart.
    for (created, resolved) in [
        ("2020/06/05 11:34:01 AM EST", "2020-06-05 18:34:01 UTC"),
        ("18/jul/26 9:10 AM", "2026-07-18 11:10"),
        ("\"Mar 14, 2024 3:12:45 PM\"", "14-Mar-2024 17:12:45"),
        ("1614192119", "1614199319000"),
        ("\"1614192119.5\"", "1614199319.5"),
        ("2025-12-01 09:00 AWST", "2025-12-01 03:00:00 GMT"),
        ("Sat Jun 15 2024", "2024-06-15 02:00"),
    ] {
        let hours = hours("id,Created at,Solved at", &format!("1,{created},{resolved}"), "");
        assert!((hours - 2.0).abs() < 1e-9, "{created} {resolved}: {hours}");
    }
}

#[test]
fn a_zone_of_several_meanings_is_refused_and_said() {
    let text = "id,Created at,Solved at\n1,2026-07-01 12:00 IST,2026-07-01 15:00\n";
    let outcome = run(&[("tickets.csv", text)], "resolution-time --tickets tickets.csv");
    assert_eq!(outcome.status, 3);
    let (error, _) = outcome.refusal();
    assert!(
        error.contains("bad-time") && error.contains("`IST` may be the time of India, Israel or Ireland"),
        "{error}"
    );
}

/// Two windows of 90 days before 30 June: the base is January to March. EUR: 100, then 80. USD: 100, then 150. GBP: 10,
/// then nothing.
const ORDERS: &str = "order_id,customer,date,amount,currency\n1,a,2026-02-01,100,EUR\n2,a,2026-05-01,80,eur\n\
    3,b,2026-02-01,$100,USD\n4,b,2026-05-01,150,usd\n5,c,2026-02-01,10,GBP\n";
const WINDOW: &str = "orders.csv --as-of 2026-06-30 --min-n 0";

#[test]
fn spend_in_several_currencies_is_refused_with_both_flags() {
    for command in ["grr", "nrr"] {
        let outcome = run(&[("orders.csv", ORDERS)], &format!("{command} {WINDOW}"));
        assert_eq!(outcome.status, 3);
        let (error, hint) = outcome.refusal();
        assert!(
            error.ends_with("the purchases are in EUR, GBP and USD, which are never added up"),
            "{error}"
        );
        assert!(hint.contains("--currency EUR") && hint.contains("--rates FILE"), "{hint}");
    }
    // What does not rest on money is computed, and `eur` is no other currency than `EUR`.
    assert!((run(&[("orders.csv", ORDERS)], &format!("churn {WINDOW}")).value() - 100.0 / 3.0).abs() < 1e-9);
    let euros: String = ORDERS.lines().take(3).map(|line| format!("{line}\n")).collect();
    assert!((run(&[("orders.csv", &euros)], &format!("nrr {WINDOW}")).value() - 80.0).abs() < 1e-9);
}

#[test]
fn amounts_are_converted_by_the_rates() {
    // At 0.5 EUR a dollar and 2 EUR a pound the base is 100 + 50 + 20 = 170; then 80 + 75 = 155, of which 80 + 50 were
    // there before.
    let files = [("orders.csv", ORDERS), ("rates.csv", "currency,rate\nusd,0.5\nGBP,2\nJPY,0.006\n")];
    let with = |command: &str| run(&files, &format!("{command} {WINDOW} --currency eur --rates rates.csv"));
    assert!((with("nrr").value() - 100.0 * 155.0 / 170.0).abs() < 1e-9);
    assert!((with("grr").value() - 100.0 * 130.0 / 170.0).abs() < 1e-9);
    assert_eq!(
        with("nrr").warnings(),
        [
            "spend is in EUR: 1 amount at 2 EUR for 1 GBP and 2 amounts at 0.5 EUR for 1 USD converted by `rates.csv`"
        ]
    );
    // In dollars all is twice as much, and the shares are the same.
    let dollars = [("orders.csv", ORDERS), ("rates.csv", "currency;rate\nEUR;2,0\nGBP;4\n")];
    let outcome = run(&dollars, &format!("nrr {WINDOW} --currency USD --rates rates.csv --format json"));
    assert!(outcome.stdout.contains("\"value\": 91.17647058823529"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("\"base\": 340.0") || outcome.stdout.contains("\"base\": 340,"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("\"currency\": \"USD\"")
            && outcome.stdout.contains("\"rates\": \"EUR 2.0, GBP 4\"")
    );
}

#[test]
fn without_rates_only_those_who_paid_in_the_currency_count_for_money() {
    let outcome = run(&[("orders.csv", ORDERS)], &format!("nrr {WINDOW} --currency EUR --format json"));
    assert!(
        outcome.stdout.contains("\"value\": 80.0") || outcome.stdout.contains("\"value\": 80,"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("\"other-currency\": 2") && outcome.stdout.contains("\"n\": 1"),
        "{}",
        outcome.stdout
    );
    let told = "3 amounts in other currencies than EUR (1 in GBP and 2 in USD) are left out of spend, and those who paid \
                them out of what rests on spend; their purchases count in all else; pass --rates FILE to convert them";
    assert_eq!(outcome.warnings(), [told]);
    // Whoever moved from dollars to euros did not grow from nothing.
    let moved = "order_id,customer,date,amount,currency\n1,a,2026-02-01,100,EUR\n2,a,2026-05-01,80,EUR\n\
                 3,b,2026-02-01,100,USD\n4,b,2026-05-01,500,EUR\n";
    assert!(
        (run(&[("orders.csv", moved)], &format!("nrr {WINDOW} --currency EUR")).value() - 80.0).abs() < 1e-9
    );
}

#[test]
fn quartiles_of_spend_are_of_converted_amounts() {
    // By 1 April a had spent 100 euros, b 50 and c 20; without rates only a's spend is known.
    let files = [("orders.csv", ORDERS), ("rates.csv", "currency,rate\nUSD,0.5\nGBP,2\n")];
    let line = "repeat-rate orders.csv --as-of 2026-06-30 --min-n 0 --by spend_quartile --currency EUR";
    let groups = |outcome: Outcome| -> Vec<String> {
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let rows = outcome
            .stdout
            .lines()
            .skip(2)
            .map(|row| row.split(',').skip(3).take(3).collect::<Vec<_>>().join(" "));
        rows.collect()
    };
    let refused = run(&files, &line.replace(" --currency EUR", ""));
    assert!(refused.refusal().1.contains("--currency EUR"), "{}", refused.stderr);
    let converted = groups(run(&files, &format!("{line} --rates rates.csv")));
    assert_eq!(converted, ["Q1 (lowest) 1 0", "Q2 1 100", "Q4 (highest) 1 100"]);
    assert_eq!(groups(run(&files, line)), ["Q1 (lowest) 1 100", "(unknown) 2 50"]);
}

#[test]
fn what_is_wrong_with_rates_is_said_with_file_and_line() {
    let refused = |rates: &str, flags: &str| {
        let outcome = run(&[("orders.csv", ORDERS), ("rates.csv", rates)], &format!("nrr {WINDOW} {flags}"));
        (outcome.status, outcome.refusal().0.to_owned())
    };
    let flags = "--currency EUR --rates rates.csv";
    for (rates, message) in [
        ("currency,rate\nUSD,0.5\n", "`rates.csv` has no rate for GBP, which purchases are in"),
        (
            "currency,rate\nUSD,0.5\nGBP,0\n",
            "line 3 of `rates.csv` has `0` for GBP, which is no rate above zero",
        ),
        ("currency,rate\nUSD,0.5\nUSD,0.6\n", "line 3 of `rates.csv` gives USD a second rate"),
        ("currency,rate\nEUR,1.08\nUSD,1\n", "line 2 of `rates.csv` says that one EUR is worth 1.08 EUR"),
        ("code,rate\nUSD,1\n", "`rates.csv` has no column `currency` (found `code` and `rate`)"),
    ] {
        assert_eq!(refused(rates, flags), (3, message.to_owned()));
    }
    let rates = "currency,rate\nUSD,0.5\n";
    assert_eq!(
        refused(rates, "--rates rates.csv"),
        (2, "`--rates` is given without `--currency`".to_owned())
    );
    assert_eq!(
        refused(rates, "--currency JPY"),
        (3, "no purchase is in JPY (found EUR, GBP and USD)".to_owned())
    );
    assert_eq!(
        refused(rates, "--currency EUR --rates none.csv"),
        (3, "`none.csv` does not exist".to_owned())
    );
}

#[test]
fn ids_that_a_spreadsheet_shortened_stop_the_run() {
    let good = "ticket_id,customer,created_at\n1,10300612345678,2026-01-01\n";
    let message = |text: &str| {
        let outcome = run(&[("tickets.csv", text)], "inspect tickets.csv");
        assert_eq!(outcome.status, 3, "{}", outcome.stderr);
        let (error, hint) = outcome.refusal();
        (error.to_owned(), hint.to_owned())
    };
    let (error, hint) = message(&format!("{good}2,1.03E+13,2026-01-02\n3,1.04E+13,2026-01-03\n"));
    assert_eq!(
        error,
        "line 3 of `tickets.csv` has the customer `1.03E+13` in column `customer`: a spreadsheet took the id for a number \
         and kept 3 digits, so that different ones look alike"
    );
    assert!(
        hint.contains("import that column as text") && hint.contains("--map tickets.customer=COLUMN"),
        "{hint}"
    );
    assert!(message(&format!("{good}2,\"1,03006E+13\",2026-01-02\n")).0.contains("kept 6 digits"));
    assert!(message(&format!("{good}1.2E+12,x,2026-01-02\n")).0.contains("the ticket `1.2E+12`"));
    let codes = format!("{good}12E3,1E5,2026-01-02\n4e5f,1.5,2026-01-02\n");
    assert_eq!(run(&[("tickets.csv", &codes)], "inspect tickets.csv").status, 0);
}

#[test]
fn a_mailbox_among_customers_is_named_and_can_be_left_out() {
    // 60 tickets of a mailbox and one each of 140 customers: 30 %. Without it nobody wrote twice.
    let mut text = "ticket_id,customer,created_at,resolved_at\n".to_owned();
    for n in 0..200 {
        let customer = if n < 60 { "inbox@shop.example".to_owned() } else { format!("C-{n}") };
        text.push_str(&format!(
            "{n},{customer},2026-01-{:02} {:02}:00,2026-01-{:02} {:02}:30\n",
            n % 28 + 1,
            n / 28,
            n % 28 + 1,
            n / 28
        ));
    }
    let files = [("tickets.csv", text.as_str())];
    let with = run(&files, "fcr --tickets tickets.csv --as-of 2026-03-01");
    assert_eq!(
        with.warnings(),
        [
            "one customer (`i…@shop.example`) wrote 30 % of all tickets, 60 of 200: a mailbox or an integration?; see what \
          changes without it: --where 'customer != \"THE WHOLE KEY\"'"
        ]
    );
    assert!(with.value() < 100.0);
    let line = "fcr|--tickets|tickets.csv|--as-of|2026-03-01|--where|customer != \"inbox@shop.example\"|--format|json";
    let without = run(&files, line);
    assert!(
        without.stdout.contains("\"n\": 140") && without.stdout.contains("\"value\": 100"),
        "{}",
        without.stdout
    );
    // To group by the customer would make a list of persons.
    let grouped = run(&files, "fcr --tickets tickets.csv --by customer");
    assert_eq!(grouped.status, 2);
    let inspected = run(&files, "inspect tickets.csv");
    assert!(inspected.stdout.contains("wrote 30 % of all tickets"), "{}", inspected.stdout);
}

#[test]
fn ids_that_became_fractions_are_those_that_they_were() {
    // A survey that went through a column of fractions, beside orders that did not: all three respondents bought.
    let answers = "response_id,date,nps,customer\n1.0,2026-01-05,9,17841.0\n2.0,2026-01-06,9,17842.0\n3.0,2026-01-07,1,1.0\n";
    let orders =
        "order_id,customer,date,amount\n1,17841,2026-01-01,5\n2,17842,2026-01-01,5\n3,1,2026-01-01,5\n";
    let outcome = run(
        &[("answers.csv", answers), ("orders.csv", orders)],
        "report answers.csv orders.csv --format json",
    );
    assert!(outcome.stdout.contains("\"customers\": 3,"), "{}", outcome.stdout);
    assert!(!outcome.stderr.contains("are found among"), "{}", outcome.stderr);
}

#[test]
fn long_ids_are_left_out_one_by_one() {
    // As floating-point numbers the two would be one.
    let text = "id,date,nps,customer\n1,2026-01-05,9,90071992547409920\n2,2026-01-06,1,90071992547409921\n";
    let line = "nps|answers.csv|--min-n|0|--where|customer != \"90071992547409921\"|--format|json";
    let outcome = run(&[("answers.csv", text)], line);
    assert!(
        outcome.stdout.contains("\"n\": 1,") && outcome.stdout.contains("\"value\": 100"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn amounts_that_name_several_currencies_themselves_are_not_added_up() {
    let orders =
        "order_id,customer,date,amount\n1,a,2026-02-01,$100\n2,a,2026-05-01,80 USD\n3,b,2026-02-01,50 €\n";
    let outcome = run(&[("orders.csv", orders)], &format!("nrr {WINDOW}"));
    assert_eq!(outcome.status, 3);
    let (error, hint) = outcome.refusal();
    assert_eq!(
        error,
        "the amounts are in `€` (line 4 of `orders.csv`) and `$` (line 2 of `orders.csv`), which are never added up"
    );
    assert!(hint.contains("--map purchases.currency=COLUMN"), "{hint}");
    let without = run(&[("orders.csv", orders)], &format!("churn {WINDOW} --map purchases.amount="));
    assert!((without.value() - 50.0).abs() < 1e-9);
    // One currency under two signs is one, and so is whatever a column of currencies says.
    let one = orders.replace("50 €", "$50");
    assert_eq!(run(&[("orders.csv", &one)], &format!("nrr {WINDOW}")).status, 0);
    let stated =
        "order_id,customer,date,amount,currency\n1,a,2026-02-01,$100,CAD\n2,a,2026-05-01,CA$80,CAD\n";
    assert!((run(&[("orders.csv", stated)], &format!("nrr {WINDOW}")).value() - 80.0).abs() < 1e-9);
}
