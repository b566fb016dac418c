//! What holds for every format and every width, on reports as real runs give them.

use super::number::{bare_value, exact};
use super::wrap::width;
use super::{Format, Style, render, sample};
use crate::report::{Counts, Report};

fn reports() -> [Report; 5] {
    [sample::whole(), sample::single(), sample::weekly(), sample::crossed(), hostile()]
}

/// Labels and notes that try to break out of their cells, and three dimensions at once.
fn hostile() -> Report {
    let mut report = sample::crossed();
    let labels =
        ["\u{1b}[2J\u{202e}gpj", "日本語の非常に長い店舗名の一覧表の例です", "a|b\tc\r\nd", "", "=1+1,\"x\""];
    report.breakdowns[0].push("acquisition_channel".to_owned());
    for (at, record) in report.results.iter_mut().enumerate() {
        let long = format!("{} and a very long tail that never ends, number {at}", labels[at % labels.len()]);
        record.group.0[0].1 = labels[at % labels.len()].to_owned();
        record.group.0.push(("acquisition_channel".to_owned(), long.clone()));
        record.note = long.repeat(at % 3);
    }
    report.caveats[0].cause = "x".repeat(300) + "\u{9b}31m";
    report
}

fn table(report: &Report, width: usize, terminal: bool, color: bool) -> String {
    render(report, Format::Table, &Style { width, terminal, color })
}

/// Text as a reader sees it: any run of blanks is one.
fn read(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn no_line_of_a_table_is_wider_than_asked() {
    for report in reports() {
        for room in (60..=130).chain([160, 200, 1000]) {
            let text = table(&report, room, room % 2 == 0, false);
            for line in text.lines() {
                assert!(width(line) <= room, "{room}: {line}");
                assert_eq!(line, line.trim_end_matches(' '));
            }
        }
    }
}

#[test]
fn nothing_from_an_export_steers_a_terminal() {
    let steers = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    for report in reports() {
        assert!(!table(&report, 100, true, false).contains(steers));
        assert!(
            !render(&report, Format::Md, &Style { width: 80, terminal: false, color: false })
                .contains(steers)
        );
        let bold = table(&report, 100, true, true);
        assert_eq!(bold.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), table(&report, 100, true, false));
    }
}

#[test]
fn every_record_is_in_every_machine_format_with_the_same_numbers() {
    let style = Style { width: 80, terminal: false, color: false };
    for report in reports() {
        let comma = render(&report, Format::Csv, &style);
        let mut rows = csv::Reader::from_reader(comma.as_bytes());
        let header = rows.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
        let tab = render(&report, Format::Tsv, &style);
        let tab: Vec<Vec<&str>> = tab.lines().skip(1).map(|line| line.split('\t').collect()).collect();
        let json: serde_json::Value = serde_json::from_str(&render(&report, Format::Json, &style)).unwrap();
        let objects = json["results"].as_array().unwrap();
        let lines = render(&report, Format::Jsonl, &style);
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!([rows.len(), tab.len(), objects.len(), lines.len()], [report.results.len(); 4]);
        for (at, (record, row)) in report.results.iter().zip(&rows).enumerate() {
            let (tab, object) = (&tab[at], &objects[at]);
            let cell = |name: &str| row.get(header.iter().position(|field| field == name).unwrap()).unwrap();
            for (name, x) in [("value", record.value), ("lower", record.lower), ("upper", record.upper)] {
                assert_eq!(cell(name).parse().ok(), x);
                assert_eq!(number_after(lines[at], name), x);
                assert!(tab.contains(&exact(x).as_str()));
            }
            assert_eq!((cell("metric"), cell("n")), (record.metric.as_str(), record.n.to_string().as_str()));
            for (name, value) in &record.group.0 {
                assert_eq!(
                    (cell(name), object["group"][name].as_str()),
                    (value.as_str(), Some(value.as_str()))
                );
            }
        }
    }
}

/// The number as it is written in the object, since reading it as a JSON value may round it.
fn number_after(object: &str, name: &str) -> Option<f64> {
    let (_, rest) = object.split_once(&format!("\"{name}\":")).unwrap();
    rest.split(',').next().unwrap().parse().ok()
}

#[test]
fn people_read_the_same_numbers_in_tables_and_markdown() {
    for report in reports() {
        let markdown = read(&render(&report, Format::Md, &Style { width: 0, terminal: false, color: false }));
        let texts =
            [read(&table(&report, 60, false, false)), read(&table(&report, 200, true, false)), markdown];
        for record in &report.results {
            let [value, n] = [bare_value(record), super::number::count(record.n)].map(|text| read(&text));
            for text in &texts {
                assert!(text.contains(&value) && text.contains(&n), "{record:?}");
            }
        }
    }
}

#[test]
fn a_report_without_anything_is_still_a_report() {
    let mut report = sample::single();
    report.sources.clear();
    report.results.clear();
    report.caveats.clear();
    report.ledger.clear();
    report.journey.found_by.clear();
    report.settings = Counts(Vec::new());
    report.join = Default::default();
    report.as_of = None;
    for format in Format::ALL {
        let text = render(&report, format, &Style { width: 80, terminal: true, color: false });
        assert!(text.is_empty() == (format == Format::Jsonl), "{format}: {text}");
    }
    assert_eq!(read(&table(&report, 80, false, false)), "CX report · 95 % intervals");
}
