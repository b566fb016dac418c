//! Memory as the system counts it: so many bytes an event, whatever an event's text is long.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::cxm;

/// The most that an event may cost: an answer, a ticket or a purchase, with its share of a customer.
const BYTES_AN_EVENT: u64 = 100;

/// The largest amount of memory that the program held, by the system's own figure.
///
/// Its report does not fit into the pipe that it is written to, so that it waits with all its work done until somebody
/// reads. Nothing is read until its figures stand still.
fn peak(mut running: Child) -> u64 {
    let mut before = (0, 0);
    let mut alike = 0;
    while alike < 10 {
        std::thread::sleep(Duration::from_millis(30));
        let now = (figure(&running, "status", "VmHWM:"), ticks(&running));
        alike = if now == before { alike + 1 } else { 0 };
        before = now;
    }
    let mut report = Vec::new();
    running.stdout.take().unwrap().read_to_end(&mut report).unwrap();
    assert!(report.len() > 64 << 10, "the report fits into a pipe: {} bytes", report.len());
    assert!(running.wait().unwrap().success());
    before.0 * 1024
}

fn figure(running: &Child, file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/{file}", running.id())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// The processor time of the program so far, in the system's ticks.
fn ticks(running: &Child) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", running.id())).unwrap();
    let behind_name = text.rsplit(')').next().unwrap();
    behind_name.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// The peak of a report on exports, and the number of their rows.
fn of_report(folder: &Path) -> (u64, u64) {
    let names = ["surveys.csv", "tickets.csv", "purchases.csv"];
    let rows =
        names.map(|name| csv::Reader::from_path(folder.join(name)).unwrap().into_records().count() as u64);
    let mut command = cxm(folder);
    command.arg("report").args(names).args(["--by", "channel*stage", "--format", "json", "--quiet"]);
    let running = command.args(["--min-n", "0", "--threads", "1"]).stdout(Stdio::piped()).spawn().unwrap();
    (peak(running), rows.iter().sum())
}

fn demo(folder: &Path, customers: u32) {
    let made =
        cxm(folder).args(["demo", ".", "--clean", "--customers", &customers.to_string()]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "asks the system as Linux is asked")]
fn an_event_costs_so_many_bytes_whatever_its_text() {
    let (small, large) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    demo(small.path(), 10_000);
    demo(large.path(), 40_000);
    let ((least, few), (most, many)) = (of_report(small.path()), of_report(large.path()));
    let an_event = most.saturating_sub(least) / (many - few);
    assert!(an_event <= BYTES_AN_EVENT, "{an_event} bytes an event: {least} for {few}, {most} for {many}");

    // The same exports with four hundred bytes more of text in each survey answer.
    let path = large.path().join("surveys.csv");
    let mut from = csv::Reader::from_path(&path).unwrap();
    let mut into = csv::Writer::from_writer(Vec::new());
    let mut header = from.headers().unwrap().clone();
    header.push_field("remarks");
    into.write_record(&header).unwrap();
    for record in from.records() {
        let mut record = record.unwrap();
        record.push_field(&"so many words ".repeat(30));
        into.write_record(&record).unwrap();
    }
    std::fs::write(&path, into.into_inner().unwrap()).unwrap();
    let (longer, _) = of_report(large.path());
    assert!(longer <= most + (8 << 20), "{longer} bytes with text, {most} without");
}
