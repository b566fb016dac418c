//! Exports as other people's tools wrote them, whose answers are known (`testdata/known`, each with its provenance). Says
//! what every column is with flags, so that no answer rests on a column being recognised.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn known(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/known").join(path)
}

fn cxm(files: &[&Path], args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cxm"));
    command.args(args).args(files).args(["--format", "json", "--quiet"]).output().unwrap()
}

/// The report over these files; the last of the arguments says what they are.
fn report(files: &[&Path], args: &[&str]) -> Value {
    let output = cxm(files, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn records(report: &Value) -> &[Value] {
    report["results"].as_array().unwrap()
}

/// The one number of a command.
fn overall(file: &str, args: &[&str]) -> Value {
    let report = report(&[&known(file)], args);
    assert_eq!(records(&report).len(), 1, "{args:?}");
    records(&report)[0].clone()
}

fn near(got: &Value, want: f64) {
    let got = got.as_f64().unwrap();
    assert!((got - want).abs() < 0.5e-6, "got {got}, want {want}");
}

/// In percent; of none there is no share.
fn is_share(record: &Value, part: u64, whole: u64) {
    match whole {
        0 => assert!(record["value"].is_null(), "{record}"),
        _ => near(&record["value"], 100.0 * part as f64 / whole as f64),
    }
}

const STRIPE: &str = "stripe/payments.csv.gz";
const BY_MONTH: [&str; 3] = ["--period", "month", "--window=period"];

fn payments(metric: &str, more: &[&str]) -> Value {
    let args = [&[metric], &BY_MONTH[..], more, &["--purchases"]].concat();
    report(&[&known(STRIPE)], &args)
}

/// Month, active, base, retained, lost, new or returning. The base is what was active the month before.
const MOVED: [(&str, [u64; 5]); 8] = [
    ("2023-11", [33, 0, 0, 0, 33]),
    ("2023-12", [50, 33, 25, 8, 25]),
    ("2024-01", [56, 50, 41, 9, 15]),
    ("2024-02", [63, 56, 45, 11, 18]),
    ("2024-03", [104, 63, 54, 9, 50]),
    ("2024-04", [129, 104, 87, 17, 42]),
    ("2024-05", [124, 129, 93, 36, 31]),
    ("2024-06", [29, 124, 16, 108, 13]),
];

#[test]
fn stripe_customers_stay_leave_and_come_month_by_month() {
    let report = payments("retention", &[]);
    assert_eq!(records(&report).len(), MOVED.len());
    for (record, (month, moved)) in records(&report).iter().zip(MOVED) {
        let names = ["active", "base", "retained", "lost", "new_or_returning"];
        assert_eq!(record["period"], month);
        assert_eq!(names.map(|name| record["detail"][name].as_u64().unwrap()), moved, "{month}");
        assert_eq!((&record["n"], &record["definition"]), (&moved[1].into(), &"window-period".into()));
        assert_eq!(record["partial"], month == "2024-06", "{month}");
        is_share(record, moved[2], moved[1]);
    }
    assert_eq!(records(&report)[0]["note"], "no customers in the base window");
    // 196 customers judged in each month since their first payment; 15 payments are nobody's.
    let source = &report["sources"][0];
    assert_eq!(
        (&source["rows"], &source["used"], &source["customers"]),
        (&622.into(), &607.into(), &196.into())
    );
    let used: u64 = MOVED.iter().map(|(_, moved)| moved[1]).sum();
    assert_eq!(report["ledger"][0]["used"], used);
}

#[test]
fn stripe_churn_of_the_unfinished_june_is_flagged_and_can_be_left_out() {
    let churn = payments("churn", &[]);
    for (record, (month, [_, base, _, lost, _])) in records(&churn).iter().zip(MOVED) {
        assert_eq!((&record["period"], &record["n"]), (&month.into(), &base.into()));
        is_share(record, lost, base);
    }
    let kinds = |report: &Value| {
        let caveats = report["caveats"].as_array().unwrap().iter();
        caveats.map(|caveat| caveat["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(kinds(&churn).contains(&"partial-period".to_owned()), "{:?}", kinds(&churn));
    let whole = payments("churn", &["--until", "2024-06-01"]);
    assert!(!kinds(&whole).contains(&"partial-period".to_owned()), "{:?}", kinds(&whole));
    assert_eq!(records(&whole), &records(&churn)[..7]);
}

#[test]
fn stripe_money_in_three_currencies_is_not_added_up() {
    let args = [&["nrr"], &BY_MONTH[..], &["--purchases"]].concat();
    let output = cxm(&[&known(STRIPE)], &args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("EUR, MXN and USD"), "{said}");
}

#[test]
fn the_event_survey_has_an_nps_of_minus_35_9_in_both_forms_of_time() {
    let question = "surveys.nps=On a scale of 0-10, how would you rate Sudzilla?";
    let map = ["--map", question, "--map", "surveys.at=Timestamp"];
    for (file, dates) in
        [("event_survey/input_01.csv", &["--dates", "mdy"][..]), ("event_survey/input_02.csv", &[])]
    {
        let nps = overall(file, &[&["nps"], dates, &map, &["--surveys"]].concat());
        near(&nps["value"], 100.0 * (8.0 - 22.0) / 39.0);
        assert_eq!(format!("{:.1}", nps["value"].as_f64().unwrap()), "-35.9");
        let count = |name: &str| nps["detail"][name].as_u64().unwrap();
        assert_eq!((nps["n"].as_u64(), count("promoters"), count("detractors")), (Some(39), 8, 22));
    }
}

/// Both files with a day beside each answer: they have no times, and an answer needs one.
fn airlines() -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let mut writer = csv::Writer::from_writer(&file);
    let first = std::fs::File::open(known("airlines/input_01.csv.gz")).unwrap();
    let first = std::io::read_to_string(flate2::read::GzDecoder::new(first)).unwrap();
    let second = std::fs::read_to_string(known("airlines/input_02.csv")).unwrap();
    writer.write_record(["Airline", "CustomerID", "Score", "Day"]).unwrap();
    for text in [first, second] {
        for answer in csv::Reader::from_reader(text.as_bytes()).records() {
            let answer = answer.unwrap();
            writer.write_record(answer.iter().chain(["2021-04-28"])).unwrap();
        }
    }
    writer.flush().unwrap();
    drop(writer);
    file
}

/// Python: `floor(100 * p / n) - floor(100 * d / n)` of each of the 59, then `(21 - mean(all)) / stdev(all)` is
/// 1.124242694669634. Prep Air has 184 answers, 74 promoters and 35 detractors: 40 − 19 = 21, and 21.196 unrounded.
#[test]
fn prep_air_is_1_12_deviations_above_the_mean_of_59_airlines() {
    let file = airlines();
    let map =
        ["--map", "surveys.nps=Score", "--map", "surveys.at=Day", "--map", "surveys.customer=CustomerID"];
    let by = ["--by", "airline", "--min-n", "50", "--surveys"];
    let report = report(&[file.path()], &[&["nps"], &map[..], &by].concat());
    assert_eq!((report["sources"][0]["used"].as_u64(), records(&report).len()), (Some(5723 + 184), 1 + 99));
    let shown: Vec<&Value> =
        records(&report)[1..].iter().filter(|record| record["suppressed"] == false).collect();
    assert_eq!(shown.len(), 59, "those of 50 answers or more");
    let published = |record: &Value| {
        let percent = |name: &str| record["detail"][name].as_f64().unwrap().floor();
        percent("promoters_percent") - percent("detractors_percent")
    };
    let prep_air = shown.iter().find(|record| record["group"]["airline"] == "Prep Air").unwrap();
    near(&prep_air["value"], 100.0 * (74.0 - 35.0) / 184.0);
    assert_eq!((prep_air["n"].as_u64(), published(prep_air)), (Some(184), 21.0));
    let all: Vec<f64> = shown.iter().map(|record| published(record)).collect();
    let mean = all.iter().sum::<f64>() / 59.0;
    let deviation = (all.iter().map(|nps| (nps - mean).powi(2)).sum::<f64>() / 58.0).sqrt();
    near(&((21.0 - mean) / deviation).into(), 1.124_242_694_669_634);
}

const EASE: &str = "On a scale of 1 - 5 (1 being hardest, 5 being easiest) how easy is Dask to use?";
const MAINTAINERS: &str = "How satisfied are you with maintainer responsiveness on GitHub?";

fn dask(year: u16, metric: &str, question: &str) -> Value {
    let map = format!("surveys.{metric}={question}");
    // Two of the columns look like effort.
    let other = if metric == "ces" { "surveys.csat=" } else { "surveys.ces=" };
    let file = format!("dask/{year}-user-survey-results.csv.gz");
    let map = [metric, "--map", &map, "--map", other, "--map", "surveys.at=Timestamp", "--surveys"];
    let score = overall(&file, &map);
    assert_eq!(score["suppressed"], false);
    score
}

#[test]
fn dask_is_as_easy_and_its_maintainers_as_good_as_the_users_of_2021_said() {
    let ease = dask(2021, "ces", EASE);
    near(&ease["value"], 3.425_438_596);
    assert_eq!(ease["n"], 228);
    let maintainers = dask(2021, "ces", MAINTAINERS);
    near(&maintainers["value"], 4.050_458_716);
    assert_eq!(maintainers["n"], 218);
    let satisfied = dask(2021, "csat", MAINTAINERS);
    near(&satisfied["value"], 100.0 * (90.0 + 71.0) / 218.0);
    assert_eq!((&satisfied["n"], &satisfied["detail"]["satisfied"]), (&218.into(), &161.into()));
}

#[test]
fn dask_scores_were_given_as_often_as_counted() {
    let map = format!("surveys.csat={EASE}");
    // The question's own column, as any other.
    let by: String = EASE.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let by = by.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
    let args = ["csat", "--map", &map, "--map", "surveys.at=Timestamp", "--map", "surveys.ces=", "--by", &by];
    let args = [&args[..], &["--min-n", "0", "--surveys"]].concat();
    let report = report(&[&known("dask/2021-user-survey-results.csv.gz")], &args);
    let counts: Vec<(&str, u64)> = records(&report)[1..]
        .iter()
        .map(|record| (record["group"][&by].as_str().unwrap(), record["n"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("1.0", 1), ("2.0", 25), ("3.0", 96), ("4.0", 88), ("5.0", 18)]);
}

/// Python: `statistics.mean` of the column "How easy is it for you to upgrade to newer versions of Python libraries".
#[test]
fn dask_upgrades_were_as_easy_as_the_users_of_2019_said() {
    let ease = dask(2019, "ces", "How easy is it for you to upgrade to newer versions of Python libraries");
    near(&ease["value"], 3.474_509_804);
    assert_eq!(ease["n"], 255);
}

/// Python: the product over the 99 times at which a request was closed, the open one censored at the last time in the file,
/// is 0.5 or less from 68.7556 hours on and 0.1 or less from 722.1514. The preset of these exports knows the zone, and that
/// a pending request with a closing date is open; without it clocks are compared as they stand.
#[test]
fn service_requests_of_new_york_are_closed_in_69_hours() {
    let map = ["tickets.created_at=Created Date", "tickets.resolved_at=Closed Date"];
    let time = overall(
        "nyc311/nyc311-100.csv.gz",
        &["resolution-time", "--map", map[0], "--map", map[1], "--preset", "none", "--tickets"],
    );
    near(&time["value"], 68.755_555_556);
    near(&time["detail"]["p90"], 722.151_388_889);
    assert_eq!((&time["n"], &time["detail"]["open"]), (&100.into(), &1.into()));
}

/// What `cxm rows` prints.
fn rows(file: &str, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cxm"));
    let output = command.arg("rows").args(args).arg(known(file)).arg("--quiet").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Python: `statistics.mean` of the column "How easy is it for you to upgrade …" is 3.366379310 of 232. All 239 times are in
/// EST, five hours behind UTC; the first answer was given at 11:34:01.
#[test]
fn dask_upgrades_of_2020_come_with_their_zone() {
    let ease = dask(2020, "ces", "How easy is it for you to upgrade to newer versions of Python libraries");
    near(&ease["value"], 3.366_379_310);
    assert_eq!(ease["n"], 232);
    let map = "surveys.ces=How easy is it for you to upgrade to newer versions of Python libraries";
    let words = ["--map", map, "--map", "surveys.csat=", "--map", "surveys.at=Timestamp", "--surveys"];
    let rows = rows("dask/2020-user-survey-results.csv.gz", &words);
    assert!(rows.starts_with("line,at,metric,score\n2,2020-06-05T16:34:01Z,ces,"), "{rows}");
}

/// The genuine files of Qualtrics: three header rows, and two; `Q1` is a choice, read as a rating for want of another number.
#[test]
fn genuine_exports_of_qualtrics_are_recognised_behind_their_header_rows() {
    for (name, line) in [("sample.csv", 4), ("sample_legacy.csv", 3)] {
        let rows = rows(&format!("qualtrics/{name}"), &["--map", "surveys.csat=Q1", "--tz", "Europe/Zurich"]);
        let row = rows.lines().nth(1).unwrap_or_default();
        assert!(row.starts_with(&format!("{line},2017-07-18T06:28:48Z,csat,2,")), "{name}: {rows}");
        assert!(row.contains("R_2YPOQ602ER1jkf1"), "{name}: {rows}");
    }
}

/// A preset of one's own gives words their scores and a file without times its day: Yes 796 times, Neutral 162, No 37; 59 times
/// the question did not apply, and 81 responses left it out.
#[test]
fn jupyter_met_the_expectations_of_four_in_five_in_2020() {
    let folder = known("jupyter");
    let cxm = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cxm"));
        let output = command.current_dir(&folder).args(words).arg("--quiet").output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let rows = cxm(&["rows"]);
    let count = |end: &str| rows.lines().filter(|row| row.contains(end)).count();
    let answers = [",csat,5,", ",csat,3,", ",csat,1,", ",csat,,"].map(count);
    assert_eq!(answers, [796, 162, 37, 59 + 81]);
    let report: Value = serde_json::from_str(&cxm(&["csat", "--format", "json"])).unwrap();
    let csat = &records(&report)[0];
    assert_eq!((&csat["n"], &csat["detail"]["satisfied"]), (&995.into(), &796.into()));
    near(&csat["value"], 100.0 * 796.0 / 995.0);
}
