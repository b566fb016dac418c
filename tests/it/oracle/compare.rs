//! Holds what the program says against what the naive reading says, record by record.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::naive::{Ask, Case, Fact, Found, FoundBy, sum};
use super::sheet::Times;

/// The breakdowns that a report shows unasked.
pub const ALONE: &[&[&str]] = &[&[], &["channel"], &["stage"]];

const UNKNOWN: &str = "(unknown)";

/// A record's place: metric, period, group.
type Place = (String, Option<String>, BTreeMap<String, String>);

/// Two texts that should be one; the first line that differs is enough to know.
pub fn same(one: Option<&str>, other: Option<&str>) {
    let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
    let mut before: Vec<&str> = Vec::new();
    for (one, other) in one.lines().zip(other.lines()) {
        before.push(one);
        let near = &before[before.len().saturating_sub(24)..];
        assert_eq!(one, other, "{}", near.join("\n"));
    }
    assert_eq!(one.lines().count(), other.lines().count());
}

/// The whole report.
pub fn compare(report: &Value, found: &Found, ask: &Ask, dimensions: &[&[&str]]) {
    sources(report, found);
    join(report, found);
    journey(report, found);
    ledgers(report, found);
    let as_of = report["as_of"].as_str().and_then(Times::read);
    assert_eq!(as_of, found.as_of, "as_of");
    results(report, found, ask, dimensions);
}

fn sources(report: &Value, found: &Found) {
    let sources = report["sources"].as_array().unwrap();
    assert_eq!(sources.len(), found.exports.sources.len());
    for (kind, want) in &found.exports.sources {
        let got = sources.iter().find(|source| source["kind"] == *kind).unwrap();
        let count = |name: &str| got[name].as_u64().unwrap();
        assert_eq!((count("rows"), count("used")), (want.rows, want.used), "{kind}: rows, used of {got}");
        let rejected: BTreeMap<&str, u64> = got["rejected"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, n)| (k.as_str(), n.as_u64().unwrap()))
            .collect();
        assert_eq!(rejected, want.rejected, "{kind}: rejected");
        assert_eq!(count("rows"), count("used") + rejected.values().sum::<u64>(), "{kind}: rows add up");
        let customers = (count("customers"), count("without_customer"));
        assert_eq!(customers, (want.customers.len() as u64, want.without_customer), "{kind}: customers");
    }
}

fn join(report: &Value, found: &Found) {
    let sources = &found.exports.sources;
    let all: BTreeSet<&String> = sources.iter().flat_map(|(_, source)| &source.customers).collect();
    assert_eq!(report["join"]["customers"], all.len(), "customers over all");
    let mut pairs = 0;
    for (of, from) in sources {
        for (within, other) in sources.iter().filter(|(within, _)| within != of) {
            let matches = report["join"]["matches"].as_array().unwrap();
            let got = matches.iter().find(|m| m["of"] == *of && m["in"] == *within).unwrap();
            let both = from.customers.iter().filter(|customer| other.customers.contains(customer)).count();
            assert_eq!(got["found"], both, "{of} in {within}");
            assert_eq!(got["customers"], from.customers.len(), "{of} in {within}");
            pairs += 1;
        }
    }
    assert_eq!(report["join"]["matches"].as_array().unwrap().len(), pairs);
}

fn journey(report: &Value, found: &Found) {
    for got in report["journey"]["found_by"].as_array().unwrap() {
        let kind = got["kind"].as_str().unwrap();
        let count = |name: &str| got[name].as_u64().unwrap();
        let got = FoundBy {
            given: count("given"),
            rule: count("rule"),
            join: count("join"),
            unknown: count("unknown"),
        };
        let want = found.linked.found_by.get(kind).cloned().unwrap_or_default();
        assert_eq!(got, want, "stages of {kind}");
    }
}

fn ledgers(report: &Value, found: &Found) {
    for ledger in report["ledger"].as_array().unwrap() {
        let excluded: u64 =
            ledger["excluded"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        let count = |name: &str| ledger[name].as_u64().unwrap();
        assert_eq!(count("rows"), count("used") + excluded, "the ledger adds up: {ledger}");
        let metric = ledger["metric"].as_str().unwrap();
        if let Some(rows) = found.account.ledgers.get(metric) {
            assert_eq!(count("rows"), *rows, "every row is on the ledger: {ledger}");
        }
        let cases = found.account.cases.get(metric).into_iter().flatten();
        let used = cases.filter(|case| ![Fact::Pending, Fact::Arrived].contains(&case.fact)).count();
        assert_eq!(ledger["used"], used, "{ledger}");
    }
}

fn results(report: &Value, found: &Found, ask: &Ask, dimensions: &[&[&str]]) {
    let mut got: BTreeMap<Place, &Value> = BTreeMap::new();
    for record in report["results"].as_array().unwrap() {
        let group = record["group"].as_object().unwrap();
        let group: BTreeMap<_, _> =
            group.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        let period = record["period"].as_str().map(str::to_owned);
        let place = (record["metric"].as_str().unwrap().to_owned(), period, group);
        assert!(got.insert(place, record).is_none(), "twice: {record}");
    }
    let want = groups(found, dimensions);
    for (place, record) in &got {
        if place.2.contains_key("relation") && !dimensions.contains(&&["relation"][..]) {
            continue;
        }
        let none = Vec::new();
        let cases = want.get(place).unwrap_or(&none);
        record_matches(place, record, cases, ask);
        if place.0 == "churn" && record["detail"].get("silences").is_some() {
            let (silences, ended) = found.account.silences;
            assert_eq!(record["detail"]["silences"], silences, "{record}");
            let share = (silences > 0).then(|| 100.0 * ended as f64 / silences as f64);
            assert_eq!(record["detail"]["false_churn_rate"].as_f64(), share, "{record}");
        }
        if let Some(period) = &place.1 {
            let end = Times::month_end(period);
            assert_eq!(
                record["partial"],
                found.as_of.is_some_and(|as_of| as_of < end - 1),
                "{place:?} partial"
            );
        }
    }
    for month in found.account.months.iter().filter(|_| ask.calendar) {
        // A month without a base has its line all the same.
        for metric in ["retention", "churn", "grr", "nrr", "repeat_rate"] {
            let place = (metric.to_owned(), Some(month.clone()), BTreeMap::new());
            assert!(got.contains_key(&place), "no record of {place:?}");
        }
    }
    for (place, cases) in &want {
        let number = sum(&place.0, cases, ask.confidence);
        // A breakdown that knows nothing of a metric is not shown, nor is one by relation that knows only one.
        let same = |other: &Place| other.0 == place.0 && other.2.keys().eq(place.2.keys());
        let counts = |cases: &[&Case]| cases.iter().any(|case| case.fact != Fact::Arrived);
        let of_metric = want.iter().filter(|(place, cases)| same(place) && counts(cases));
        let labels: BTreeSet<&String> = of_metric.flat_map(|(place, _)| place.2.values()).collect();
        let known = labels.iter().filter(|label| **label != UNKNOWN).count();
        let silent = !place.2.is_empty() && known < if place.2.contains_key("relation") { 2 } else { 1 };
        assert!(number.n == 0 || silent || got.contains_key(place), "no record of {place:?}: {cases:?}");
    }
}

/// The cases of every record that there should be.
fn groups<'a>(found: &'a Found, dimensions: &[&[&str]]) -> BTreeMap<Place, Vec<&'a Case>> {
    let mut groups: BTreeMap<Place, Vec<&Case>> = BTreeMap::new();
    for (metric, cases) in &found.account.cases {
        for case in cases {
            for names in dimensions {
                let value = |name: &str| match name {
                    "channel" => case.channel.clone(),
                    "stage" => case.stage.clone(),
                    _ => case.relation.map(str::to_owned),
                };
                // Only answers are transactional or relational.
                if names.contains(&"relation") && case.relation.is_none() {
                    continue;
                }
                let group = names
                    .iter()
                    .map(|name| ((*name).to_owned(), value(name).unwrap_or_else(|| UNKNOWN.to_owned())))
                    .collect();
                groups.entry(((*metric).to_owned(), case.period.clone(), group)).or_default().push(case);
            }
        }
    }
    groups
}

fn record_matches(place: &Place, record: &Value, cases: &[&Case], ask: &Ask) {
    let want = sum(&place.0, cases, ask.confidence);
    let context = || format!("{place:?}\n got {record}\nwant {want:?}\n of {cases:#?}");
    assert_eq!(record["n"], want.n, "n of {}", context());
    let near = |got: &Value, want: Option<f64>, what: &str| {
        let same = match (got.as_f64(), want) {
            (Some(got), Some(want)) => (got - want).abs() <= 1e-9 * want.abs().max(1.0),
            (None, None) => true,
            _ => false,
        };
        assert!(same, "{what}: got {got}, want {want:?} of {}", context());
    };
    near(&record["value"], want.value, "value");
    near(&record["lower"], want.lower, "lower");
    near(&record["upper"], want.upper, "upper");
    // Of who is new nothing is known but the channel that brought them.
    let unplaced =
        |name: &str| ["active", "new_or_returning"].contains(&name) && place.2.contains_key("stage");
    for (name, figure) in &want.detail {
        let figure = figure.filter(|_| !unplaced(name));
        near(&record["detail"][*name], figure, name);
    }
}

/// Each record of some lines of JSON as it stands in a text with columns.
pub fn same_as_csv(lines: &str, text: &str, delimiter: u8) {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), lines.lines().count());
    for (line, row) in lines.lines().zip(&rows) {
        let record: Value = serde_json::from_str(line).unwrap();
        // As it is written, since a JSON reader may take the nearest number but one.
        let number = |name: &str| {
            let (_, rest) = line.split_once(&format!("\"{name}\":")).unwrap();
            rest.split([',', '}']).next().unwrap().parse::<f64>().ok()
        };
        for (name, cell) in header.iter().zip(row) {
            let value = record.get(name).or_else(|| record["group"].get(name));
            let same = match value {
                None | Some(Value::Null) => cell.is_empty(),
                Some(Value::String(text)) => cell == text,
                Some(Value::Number(_)) => cell.parse::<f64>().ok() == number(name),
                Some(Value::Bool(is)) => cell.parse() == Ok(*is),
                Some(other) => panic!("{other} is no cell"),
            };
            assert!(same, "{name}: `{cell}` is not that of {record}");
        }
    }
}

/// Intervals that hold the value, stay in the metric's range, and are no narrower at the higher confidence.
pub fn widens(narrow: &[Value], wide: &[Value]) {
    assert_eq!(narrow.len(), wide.len());
    for (narrow, wide) in narrow.iter().zip(wide) {
        assert_eq!((&narrow["n"], &narrow["value"]), (&wide["n"], &wide["value"]));
        let (low, high) = match narrow["unit"].as_str().unwrap() {
            "points" => (-100.0, 100.0),
            // What was paid back of an earlier window's orders can make the money of a window negative.
            "%" if ["grr", "nrr"].contains(&narrow["metric"].as_str().unwrap()) => {
                let owed = narrow["value"].as_f64().map_or(0.0, |value| value.min(0.0));
                (owed, if narrow["metric"] == "grr" { 100.0 } else { f64::INFINITY })
            }
            "%" => (0.0, 100.0),
            "score" => (1.0, 7.0),
            _ => (0.0, f64::INFINITY),
        };
        // A limit or a median of waits that is not reached lies beyond all that was watched.
        let limit = |record: &Value, name: &str, missing: f64| {
            let beyond = (record["unit"] == "hours" && name == "lower")
                .then(|| record["value"].as_f64().unwrap_or(f64::INFINITY));
            record[name].as_f64().unwrap_or(beyond.unwrap_or(missing))
        };
        for record in [narrow, wide] {
            let (lower, upper) = (limit(record, "lower", low), limit(record, "upper", high));
            assert!(low <= lower && lower <= upper && upper <= high, "{record}");
            if let Some(value) = record["value"].as_f64() {
                assert!((low..=high).contains(&value), "{record}");
                assert!(lower <= value + 1e-9 && value <= upper + 1e-9, "{record}");
            }
            assert!(record["n"] != 0 || record["value"].is_null(), "a value of nothing: {record}");
        }
        let wider = (limit(wide, "lower", low), limit(wide, "upper", high));
        let inner = (limit(narrow, "lower", low), limit(narrow, "upper", high));
        assert!(wider.0 <= inner.0 + 1e-9 && inner.1 <= wider.1 + 1e-9, "{narrow} {wide}");
    }
}
