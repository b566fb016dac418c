//! Exports of several weeks overlap: what a later one leaves out, or says otherwise, wins over what an earlier one said,
//! whichever is named first.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tempfile::TempDir;

use crate::cli::cxm;

const ZENDESK: &str = "Summation column,Id,Requester,Requester id,Requester email,Status,Created at,Updated at,Solved at,Satisfaction Score,\
                       Group stations,Reopens,Replies,Full resolution time in minutes,Tags";
const SHOPIFY: &str = "Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,\
                       Lineitem name,Cancelled at,Refunded Amount";
const SQUARE: &str = "Date,Time,Time Zone,Item,Qty,Net Sales,Transaction ID,Customer ID";
const PAYPAL: &str = "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Transaction ID,From Email Address,To Email Address,Reference Txn ID,Balance Impact";
const WOO: &str =
    "order_id,order_number,order_date,status,order_total,order_currency,customer_email,wt_import_key";

fn exports(header: &str, files: &[&[&str]]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, rows) in files.iter().enumerate() {
        let text = format!("{header}\n{}\n", rows.join("\n"));
        fs::write(folder.path().join(format!("{number}.csv")), text).unwrap();
    }
    folder
}

/// What `cxm rows` makes of the files in that order: its rows without file and line, sorted.
fn rows(folder: &Path, files: &[usize], words: &str) -> Vec<String> {
    let mut run = cxm(folder);
    run.arg("rows").args(files.iter().map(|file| format!("{file}.csv")));
    let output = run.args(words.split(' ')).args(["--max-rejects", "100%", "-q"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{files:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let places = if files.len() > 1 { 2 } else { 1 };
    let own = |line: &str| line.splitn(places + 1, ',').last().unwrap().to_owned();
    let mut rows: Vec<String> = text.lines().skip(1).map(own).collect();
    rows.sort();
    rows
}

/// The rows of two exports, which are the same in both orders and on any number of threads.
fn kept(header: &str, files: [&[&str]; 2]) -> Vec<String> {
    let folder = exports(header, &files);
    let kept = rows(folder.path(), &[0, 1], "--threads 1 --tz UTC");
    for (order, threads) in [([1, 0], 1), ([0, 1], 4), ([1, 0], 4)] {
        let words = format!("--threads {threads} --tz UTC");
        assert_eq!(rows(folder.path(), &order, &words), kept, "{order:?} on {threads}");
    }
    kept
}

/// The kept row that holds each of these words, and no other row.
fn assert_kept(header: &str, files: [&[&str]; 2], words: &[&str]) {
    let kept = kept(header, files);
    let found = words.iter().map(|word| kept.iter().filter(|row| row.contains(word)).count());
    assert!(found.into_iter().all(|n| n == 1) && kept.len() == words.len(), "{words:?} of {kept:#?}");
}

#[test]
fn a_ticket_that_is_deleted_or_merged_later_is_no_ticket() {
    let open = "1,101,Ann,9001,ann@a.example,Open,2026-01-08 20:52,2026-01-08 21:00,,,1,0,1,,";
    let other =
        "1,102,Ben,9002,ben@a.example,Solved,2026-01-03 09:15,2026-01-04 09:15,2026-01-03 11:45,,1,0,1,,";
    for (status, tags) in [("Deleted", ""), ("Closed", "closed_by_merge")] {
        let gone = format!(
            "1,101,Ann,9001,ann@a.example,{status},2026-01-08 20:52,2026-02-08 21:00,,,1,0,1,,{tags}"
        );
        assert_kept(ZENDESK, [&[open], &[&gone, other]], &["102,"]);
        // Solved after that, it counts again.
        let solved =
            "1,101,Ann,9001,ann@a.example,Solved,2026-01-08 20:52,2026-03-01 08:00,2026-03-01 08:00,,1,0,1,,";
        assert_kept(ZENDESK, [&[solved], &[&gone, other]], &["101,", "102,"]);
    }
}

#[test]
fn an_order_that_is_voided_or_cancelled_later_is_no_order() {
    let paid = "#1,a@a.example,paid,,EUR,59.90,2026-05-01 09:59:00 +0200,2,Mug,,0.00";
    let item = "#1,,,,,,2026-05-01 09:59:00 +0200,1,Saucer,,";
    let other = "#2,b@a.example,pending,,EUR,120.00,2026-05-02 23:30:00 +0200,1,Pot,,0.00";
    let voided = paid.replace("paid", "voided");
    let cancelled = paid.replace("Mug,", "Mug,2026-05-03 10:00:00 +0200");
    for gone in [voided, cancelled] {
        assert_kept(SHOPIFY, [&[paid, item], &[&gone, item, other]], &["#2,120,"]);
    }
    // What becomes paid once it was authorised counts: to be unpaid is no last word where the preset does not say so.
    let on_hold = "1,71,2026-05-01 10:00:00,pending,20.00,EUR,a@a.example,71";
    let done = on_hold.replace("pending", "completed");
    let cancelled = on_hold.replace("pending", "cancelled");
    let other = "2,72,2026-05-02 10:00:00,completed,30.00,EUR,b@a.example,72";
    assert_kept(WOO, [&[on_hold, other], &[&done]], &["71,20,", "72,30,"]);
    assert_kept(WOO, [&[&done, other], &[&cancelled, other]], &["72,30,"]);
}

#[test]
fn without_a_preset_the_word_of_the_status_tells() {
    let header = "order_id,order_date,customer,amount,status";
    let (paid, other) = ("1,2026-05-01,a@a.example,20.00,paid", "2,2026-05-02,b@a.example,30.00,paid");
    for (status, is_kept) in [("cancelled", false), ("refunded", false), ("failed", true)] {
        let later = paid.replace("paid", status);
        let words: &[&str] = if is_kept { &["a@a", "b@a"] } else { &["b@a"] };
        assert_kept(header, [&[paid, other], &[&later, other]], words);
    }
}

#[test]
fn an_answer_that_is_deleted_later_loses_all_its_scores() {
    let header = "\"Response ID\",\"Time Started\",\"Date Submitted\",\"Status\",\"Contact ID\",\"SessionID\",\"Language\",\
                  \"Referer\",\"User Agent\",\"customer_id\",\"How likely are you to recommend Acme to a friend?\",\
                  \"How easy was it to solve your problem?\"";
    let answer = |id: u8, status: &str| {
        format!("{id},2026-01-02 10:00:00,2026-01-02 10:01:00,{status},,7,English,,,C-{id},9,6")
    };
    let (first, second, gone) = (answer(1, "Complete"), answer(2, "Complete"), answer(1, "Deleted"));
    let kept = kept(header, [&[&first, &second], &[&gone, &second]]);
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().all(|row| row.contains("C-2")), "{kept:?}");
}

#[test]
fn a_file_with_an_attempt_to_pay_and_the_payment_counts_the_payment() {
    let pay = |time: &str, status: &str| {
        format!("05/13/2026,{time},UTC,Ann,Website Payment,{status},EUR,20.00,T1,a@a.example,,,Credit")
    };
    let (denied, paid, back) =
        (pay("10:00:00", "Denied"), pay("10:05:00", "Completed"), pay("10:05:00", "Refunded"));
    let other = "05/14/2026,10:00:00,UTC,Ben,Website Payment,Completed,EUR,30.00,T2,b@a.example,,,Credit";
    assert_kept(PAYPAL, [&[&denied, &paid], &[other]], &["T1,20,", "T2,30,"]);
    // The same file twice, or an attempt that came before.
    assert_kept(PAYPAL, [&[&denied, &paid, other], &[&denied, &paid, other]], &["T1,20,", "T2,30,"]);
    let late = pay("10:10:00", "Denied");
    assert_kept(PAYPAL, [&[&paid, &late, other], &[&paid, &late]], &["T1,20,", "T2,30,"]);
    assert_kept(PAYPAL, [&[&denied, other], &[&paid, other]], &["T1,20,", "T2,30,"]);
    assert_kept(PAYPAL, [&[&paid, other], &[&back, other]], &["T1,20,EUR,Website Payment,yes", "T2,30,"]);
}

#[test]
fn a_refund_stands_beside_its_order_and_once() {
    let paid =
        "05/13/2026,10:00:00,UTC,Ann,Website Payment,Completed,EUR,20.00,T1,a@a.example,s@s.example,,Credit";
    let back =
        "05/20/2026,10:00:00,UTC,Ann,Payment Refund,Completed,EUR,-5.00,T9,s@s.example,a@a.example,T1,Debit";
    let both = ["a@a.example,2026-05-13T10:00:00Z,T1,20,", "a@a.example,2026-05-20T10:00:00Z,T1,-5,"];
    assert_kept(PAYPAL, [&[paid], &[paid, back]], &both);
    assert_kept(PAYPAL, [&[paid, back], &[paid, back]], &both);
    // Another refund of as much, by its own id, is another.
    let more = back.replace("T9", "T8");
    assert_eq!(kept(PAYPAL, [&[paid, back], &[back, &more]]).len(), 3);
}

#[test]
fn of_an_order_in_two_files_the_one_that_was_paid_back_is_later() {
    let old = "#1,a@a.example,paid,,EUR,59.90,2026-05-01 09:59:00 +0200,2,Mug,,0.00";
    let item = "#1,,,,,,2026-05-01 09:59:00 +0200,1,Saucer,,";
    let part = old.replace("paid", "partially_refunded").replace("0.00", "9.90");
    let whole = old.replace("paid", "refunded").replace(",0.00", ",59.90");
    let other = "#2,b@a.example,paid,,EUR,120.00,2026-05-02 23:30:00 +0200,1,Pot,,0.00";
    assert_kept(SHOPIFY, [&[old, item, other], &[&part, item]], &["Mug,9.9", "#2,"]);
    assert_kept(SHOPIFY, [&[&part, item], &[&whole, item, other]], &["Mug,59.9", "#2,"]);
}

#[test]
fn the_items_of_an_order_are_added_up_within_one_file() {
    let item = |what: &str, amount: &str| format!("2026-07-18,12:59:30,UTC,{what},1,{amount},TX1,C1");
    let (mug, print, back) = (item("Mug", "$18.00"), item("Print", "$12.00"), item("Mug", "-$18.00"));
    let other = "2026-07-19,09:00:00,UTC,Vase,1,$20.50,TX2,C2";
    assert_kept(SQUARE, [&[&mug, &print, other], &[&mug, &print]], &["TX1,30,", "TX2,20.5,"]);
    // An export that ends within the order does not hold the whole of it, and what is paid back is a row of its own.
    assert_kept(SQUARE, [&[&mug], &[&mug, &print, other]], &["TX1,30,", "TX2,20.5,"]);
    assert_kept(SQUARE, [&[&mug, &back, &print], &[&mug, &back, other]], &["TX1,30,", "TX1,-18,", "TX2,"]);
}

#[test]
fn nothing_depends_on_where_a_chunk_ends() {
    let many =
        |from: usize| (from..from + 9_000).map(|n| format!("2026-07-18,12:59:30,UTC,Vase,1,$1.00,M{n},C{n}"));
    let item = |what: &str, amount: &str| format!("2026-07-18,12:59:30,UTC,{what},1,{amount},TX1,C1");
    let file = |from: usize, whats: [&str; 2]| -> Vec<String> {
        let [first, last] = whats.map(|what| item(what, "$10.00"));
        [first].into_iter().chain(many(from)).chain([last]).collect()
    };
    let (old, new) = (file(0, ["Mug", "Print"]), file(8_999, ["Mug", "Print"]));
    let [old, new] = [&old, &new].map(|rows| rows.iter().map(String::as_str).collect::<Vec<_>>());
    let kept = kept(SQUARE, [&old, &new]);
    assert_eq!(kept.len(), 1 + 17_999);
    assert_eq!(kept.iter().filter(|row| row.contains("TX1,20,")).count(), 1);
    // What is left out stands in the last chunk, and its date is settled by another of them.
    let pay = |n: usize, status: &str| {
        format!("{n},T{n},04/05/2026 10:00:00,{status},20.00,EUR,a{n}@a.example,{n}")
    };
    let proof = pay(0, "completed").replace("04/05", "04/25");
    let old: Vec<String> = [proof.clone()].into_iter().chain((1..3).map(|n| pay(n, "completed"))).collect();
    let rows = (3..6_000).map(|n| pay(n, "completed"));
    let new: Vec<String> = [proof].into_iter().chain(rows).chain([pay(2, "cancelled")]).collect();
    let [old, new] = [&old, &new].map(|rows| rows.iter().map(String::as_str).collect::<Vec<_>>());
    let kept = self::kept(WOO, [&old, &new]);
    assert_eq!((kept.len(), kept.iter().filter(|row| row.contains("T2,")).count()), (5_999, 0));
}

const PRESET: &str = "\
title = 'Shop'
kind = 'purchases'
evidence = 'A'
source = 'made for a law'
[signature]
all = ['No', 'Day', 'What']
[file]
repeated = REPEATED
[columns]
order = 'No'
at = 'Day'
amount = 'Sum'
customer = 'Who'
product = 'What'
refunded = 'Back'
[[drop]]
as = 'unpaid'
column = 'State'
is = ['void']
final = true
[[drop]]
as = 'unpaid'
column = 'State'
is = ['wait']
";

/// The order, the day, the amount, the state and what was paid back of a random row.
type Row = (u8, u8, i8, u8, u8);

/// Random small files: their rows stay as they are, and the files are named in all orders.
#[test]
fn the_order_of_the_files_does_not_matter() {
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let row = (0..2_u8, 1..3_u8, -1..3_i8, 0..4_u8, 0..2_u8);
    let law = |files: &[Vec<Row>], repeated: &str| {
        let text = |(no, day, sum, state, back): &Row| {
            let state = ["paid", "void", "wait", "paid"][usize::from(*state)];
            format!("N{no},2026-01-0{day},{sum},C{no},P{sum},{back},{state}")
        };
        // A file without a row that counts is refused.
        let own = || "OWN,2026-01-01,5,C9,P5,,paid".to_owned();
        let texts = files.iter().map(|rows| rows.iter().map(text).chain([own()]).collect());
        let texts: Vec<Vec<String>> = texts.collect();
        let texts: Vec<Vec<&str>> =
            texts.iter().map(|rows| rows.iter().map(String::as_str).collect()).collect();
        let texts: Vec<&[&str]> = texts.iter().map(Vec::as_slice).collect();
        let folder = exports("No,Day,Sum,Who,What,Back,State", &texts);
        fs::create_dir(folder.path().join("presets")).unwrap();
        fs::write(folder.path().join("presets/shop.toml"), PRESET.replace("REPEATED", repeated)).unwrap();
        fs::write(folder.path().join("cxm.toml"), "min_n = 1\n").unwrap();
        let first = rows(folder.path(), &[0, 1, 2], "--threads 1");
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(
                rows(folder.path(), &order, "--threads 2"),
                first,
                "{repeated}, {order:?}: {texts:#?}"
            );
        }
    };
    for repeated in ["false", "true", "\"sum\""] {
        let files = vec(vec(row.clone(), 1..5), 3..4);
        let held = runner.run(&files, |files| {
            law(&files, repeated);
            Ok(())
        });
        held.unwrap();
    }
}
