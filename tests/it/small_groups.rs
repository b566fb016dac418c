//! Nobody can work out what a small group said: the totals less the groups that are shown leave more than one group, and
//! enough cases, whatever is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::cli::cxm;

/// A record as somebody who reads the report knows it.
struct Record {
    group: BTreeMap<String, String>,
    n: u64,
    suppressed: bool,
    /// The counts beside it.
    detail: BTreeMap<String, f64>,
    raw: Value,
}

/// The records of a report, by metric and definition and period.
type Tables = BTreeMap<(String, String), Vec<Record>>;

fn tables(words: &str, min_n: u64) -> Tables {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample");
    let words = format!(
        "report surveys.csv tickets.csv purchases.csv --no-config --format json -q --min-n {min_n} {words}"
    );
    let output = cxm(&folder).args(words.split_whitespace()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut tables = Tables::new();
    for raw in report["results"].as_array().unwrap() {
        let text = |name: &str| raw[name].as_str().unwrap_or_default().to_owned();
        let key = (format!("{} {}", text("metric"), text("definition")), text("period"));
        let group = raw["group"].as_object().unwrap().iter();
        let group = group.map(|(name, label)| (name.clone(), label.as_str().unwrap().to_owned())).collect();
        let detail = raw["detail"].as_object().unwrap().iter();
        let detail = detail.filter_map(|(name, figure)| Some((name.clone(), figure.as_f64()?))).collect();
        let n = raw["n"].as_u64().unwrap();
        let suppressed = raw["suppressed"].as_bool().unwrap();
        tables.entry(key).or_default().push(Record { group, n, suppressed, detail, raw: raw.clone() });
    }
    tables
}

/// The groups into which a breakdown divides a record: those of one set of further dimensions.
fn parts<'a>(table: &'a [Record], whole: &Record) -> Vec<Vec<&'a Record>> {
    let mut parts: BTreeMap<BTreeSet<&String>, Vec<&Record>> = BTreeMap::new();
    let is_part = |part: &&Record| {
        part.group.len() > whole.group.len()
            && whole.group.iter().all(|(name, label)| part.group.get(name) == Some(label))
    };
    for part in table.iter().filter(is_part) {
        parts.entry(part.group.keys().collect()).or_default().push(part);
    }
    parts.into_values().collect()
}

/// How many sums hid something.
fn assert_safe(shown: &Tables, truth: &Tables, min_n: u64, words: &str) -> usize {
    let mut hid = 0;
    for (key, table) in shown {
        let all = &truth[key];
        assert_eq!(table.len(), all.len(), "{key:?}: nothing is missing where it is hidden");
        for record in table {
            let what = || format!("{words} --min-n {min_n}: {key:?} {:?}", record.group);
            if !record.group.is_empty() && record.n > 0 && record.n < min_n {
                assert!(record.suppressed, "{} of {} is shown", what(), record.n);
            }
            if record.suppressed {
                let told = ["value", "lower", "upper"].map(|name| &record.raw[name]);
                assert!(
                    told.iter().all(|told| told.is_null()) && record.raw["detail"] == serde_json::json!({}),
                    "{}",
                    what()
                );
            }
            let came = record.detail.get("new_or_returning").copied().unwrap_or(0.0);
            assert!(
                record.group.is_empty() || !(1.0..min_n as f64).contains(&came),
                "{}: {came} came",
                what()
            );
            for parts in parts(table, record) {
                let hidden: Vec<&&Record> = parts.iter().filter(|part| part.suppressed).collect();
                if record.suppressed {
                    let shown = parts.iter().filter(|part| part.n > 0 && !part.suppressed).count();
                    assert_eq!(shown, 0, "{} is hidden, and what it consists of is not", what());
                } else if !hidden.is_empty() {
                    let cases: u64 = hidden.iter().map(|part| part.n).sum();
                    let everything = hidden.len() == parts.iter().filter(|part| part.n > 0).count();
                    assert!(
                        hidden.len() > 1 || everything && record.group.is_empty(),
                        "{} gives one away",
                        what()
                    );
                    assert!(cases >= min_n || everything, "{}: {cases} cases can be told", what());
                    hid += 1;
                }
                assert_arms_are_safe(record, &parts, all, min_n, &what());
            }
        }
    }
    hid
}

/// The other arm of a metric: what is blank of it, as the truth knows it.
fn assert_arms_are_safe(whole: &Record, parts: &[&Record], truth: &[Record], min_n: u64, what: &str) {
    const ARM: &str = "retained_n";
    if !whole.detail.contains_key(ARM) {
        return;
    }
    let of_truth =
        |part: &&&Record| truth.iter().find(|known| known.group == part.group).unwrap().detail[ARM];
    let blank: Vec<f64> =
        parts.iter().filter(|part| !part.detail.contains_key(ARM)).map(|part| of_truth(&part)).collect();
    let (some, cases) = (blank.iter().filter(|n| **n > 0.0).count(), blank.iter().sum::<f64>());
    let everything = some == parts.iter().map(|part| of_truth(&part)).filter(|n| *n > 0.0).count();
    assert!(some == 0 || everything || some > 1 && cases >= min_n as f64, "{what}: {blank:?} stayed");
    let is_small =
        |part: &&&Record| (1.0..min_n as f64).contains(&part.detail.get(ARM).copied().unwrap_or(0.0));
    assert_eq!(parts.iter().filter(is_small).count(), 0, "{what}: a small arm is shown");
}

fn assert_hides(words: &str, levels: &[u64]) {
    let truth = tables(words, 0);
    let hid: usize =
        levels.iter().map(|min_n| assert_safe(&tables(words, *min_n), &truth, *min_n, words)).sum();
    assert!(hid > 0, "{words}: nothing was hidden, and nothing tested");
}

#[test]
fn by_one_dimension() {
    assert_hides("--by channel,stage,country,topic", &[5, 12, 30]);
}

#[test]
fn by_two_crossed() {
    assert_hides("--by channel*stage", &[5, 20]);
}

#[test]
fn by_two_crossed_beside_their_margins() {
    assert_hides("--by channel,stage,channel*stage", &[5, 20]);
}

#[test]
fn by_three_crossed_beside_each_other() {
    assert_hides("--by channel,channel*stage,channel*stage*country", &[5]);
}

#[test]
fn by_period() {
    assert_hides("--by channel,channel*stage --period quarter", &[5, 15]);
}

#[test]
fn by_calendar_periods_of_customers() {
    assert_hides("--by channel,stage --period quarter --window period", &[5, 15]);
}

/// Every sum of one table as an equation of what is hidden: which unknown records add up to something known.
fn equations(table: &[Record]) -> (usize, Vec<Vec<f64>>) {
    let unknown: Vec<&Record> = table.iter().filter(|record| record.suppressed).collect();
    let place = |record: &Record| unknown.iter().position(|other| std::ptr::eq(*other, record));
    let mut equations = Vec::new();
    for whole in table {
        for parts in parts(table, whole) {
            let mut row = vec![0.0; unknown.len()];
            parts.iter().filter_map(|part| place(part)).for_each(|at| row[at] = 1.0);
            if let Some(at) = place(whole) {
                row[at] = -1.0;
            }
            if row.iter().any(|x| *x != 0.0) {
                equations.push(row);
            }
        }
    }
    (unknown.len(), equations)
}

/// The unknowns that these equations determine, by elimination.
fn determined(unknowns: usize, mut rows: Vec<Vec<f64>>) -> Vec<usize> {
    let (mut done, mut pivots) = (0, Vec::new());
    for column in 0..unknowns {
        let Some(at) =
            (done..rows.len()).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))
        else {
            break;
        };
        if rows[at][column].abs() < 1e-9 {
            continue;
        }
        rows.swap(done, at);
        let pivot = rows[done][column];
        rows[done].iter_mut().for_each(|x| *x /= pivot);
        let top = rows[done].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != done) {
            let factor = row[column];
            if factor != 0.0 {
                row.iter_mut().zip(&top).for_each(|(x, y)| *x -= factor * y);
            }
        }
        pivots.push(column);
        done += 1;
    }
    (0..done)
        .filter(|at| rows[*at].iter().filter(|x| x.abs() > 1e-9).count() == 1)
        .map(|at| pivots[at])
        .collect()
}

/// All sums together, added to and taken from each other as one likes. A group that is all of the whole is known by it.
#[test]
fn no_combination_of_sums_gives_a_group_of_the_sample_away() {
    for (words, min_n) in [
        ("--by channel,stage,channel*stage", 5),
        ("--by channel,channel*stage,channel*stage*country", 20),
        ("--by channel,stage,country,channel*stage,channel*country,stage*country", 5),
        ("--by channel,stage,channel*stage --period quarter", 5),
    ] {
        for (key, table) in tables(words, min_n) {
            let (unknowns, rows) = equations(&table);
            let hidden: Vec<&Record> = table.iter().filter(|record| record.suppressed).collect();
            let told = determined(unknowns, rows).into_iter().map(|at| hidden[at]);
            let told: Vec<_> =
                told.filter(|record| record.n < table[0].n).map(|record| &record.group).collect();
            assert!(told.is_empty(), "{words} --min-n {min_n}: {key:?} {told:?}");
        }
    }
}
