//! An export as cells: written, shuffled, split; knows nothing of what the cells mean.

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta};

/// A header and rows, which may be ragged.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    pub fn new(header: &str) -> Sheet {
        Sheet { header: header.split(',').map(str::to_owned).collect(), rows: Vec::new() }
    }

    /// As a file.
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(row).unwrap();
        }
        // U+FFFD stands for a byte that is not UTF-8.
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        text.split('\u{fffd}').map(str::as_bytes).collect::<Vec<_>>().join(&0xff)
    }

    /// Where the column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The rows in another order, told by a seed.
    pub fn shuffled(&self, mut seed: u64) -> Sheet {
        let mut rows = self.rows.clone();
        for end in (1..rows.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            rows.swap(end, (seed >> 33) as usize % (end + 1));
        }
        Sheet { header: self.header.clone(), rows }
    }

    /// The rows before a place and those from it on.
    pub fn split(&self, at: usize) -> (Sheet, Sheet) {
        let (first, second) = self.rows.split_at(at.min(self.rows.len()));
        let part = |rows: &[Vec<String>]| Sheet { header: self.header.clone(), rows: rows.to_vec() };
        (part(first), part(second))
    }
}

/// How a time is written.
#[derive(Debug, Clone, Copy)]
pub enum Times {
    Zulu,
    Offset,
    Plain,
    Fraction,
}

impl Times {
    pub fn of(form: u8) -> Times {
        [Times::Zulu, Times::Zulu, Times::Offset, Times::Plain, Times::Fraction][usize::from(form) % 5]
    }

    /// Microseconds after the start of the year in which all is set.
    pub fn write(self, micros: i64) -> String {
        let time = start() + TimeDelta::microseconds(micros);
        match self {
            Times::Zulu => time.to_rfc3339_opts(SecondsFormat::Secs, true),
            Times::Offset => {
                let zone = FixedOffset::east_opt(2 * 3600).unwrap();
                time.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
            }
            Times::Plain => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            Times::Fraction => time.to_rfc3339_opts(SecondsFormat::Millis, true),
        }
    }

    /// Reads any of the forms back, as microseconds after the start.
    pub fn read(text: &str) -> Option<i64> {
        let zoned = DateTime::parse_from_rfc3339(text);
        let plain = DateTime::parse_from_str(&format!("{text} +0000"), "%Y-%m-%d %H:%M:%S %z");
        let time = zoned.or(plain).ok()?;
        (time.to_utc() - start()).num_microseconds()
    }

    /// The end of a month that is written `2026-02`.
    pub fn month_end(name: &str) -> i64 {
        Times::month(Times::read(&format!("{name}-01 00:00:00")).unwrap()).0
    }

    /// When the month of a time began.
    pub fn month_begin(micros: i64) -> i64 {
        Times::read(&format!("{}-01 00:00:00", Times::month(micros).1)).unwrap()
    }

    /// The month of a time, its end, and its name.
    pub fn month(micros: i64) -> (i64, String) {
        use chrono::{Datelike, Months, NaiveDate};
        let time = start() + TimeDelta::microseconds(micros);
        let first = NaiveDate::from_ymd_opt(time.year(), time.month(), 1).unwrap();
        let next = (first + Months::new(1)).and_hms_opt(0, 0, 0).unwrap().and_utc();
        ((next - start()).num_microseconds().unwrap(), first.format("%Y-%m").to_string())
    }
}

fn start() -> DateTime<chrono::Utc> {
    DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap().to_utc()
}
