//! One record a row, exact, for programs. Knows nothing of people: nothing is rounded, grouped or shortened.
#![expect(
    clippy::expect_used,
    reason = "records of one length are written to memory, which takes every byte"
)]

use ::csv::{QuoteStyle, Writer, WriterBuilder};

use super::number::exact;
use crate::report::{Record, Report};

/// Comma-separated, quoted where needed, lines ending in `\n`.
pub fn comma(report: &Report) -> String {
    write(report, WriterBuilder::new().from_writer(Vec::new()), str::to_owned)
}

/// Tab-separated and never quoted: a tab or line break in a text becomes a space.
pub fn tab(report: &Report) -> String {
    let writer = WriterBuilder::new().delimiter(b'\t').quote_style(QuoteStyle::Never).from_writer(Vec::new());
    write(report, writer, |text| text.replace(['\t', '\n', '\r'], " "))
}

fn write(report: &Report, writer: Writer<Vec<u8>>, field: fn(&str) -> String) -> String {
    let dimensions = report.dimensions();
    let header = ["metric", "definition", "period"].into_iter().chain(dimensions.iter().copied());
    let header = header.chain(["n", "value", "lower", "upper", "unit", "partial", "suppressed", "note"]);
    let rows = report.results.iter().map(|record| row(record, &dimensions));
    let rows = std::iter::once(header.map(str::to_owned).collect::<Vec<_>>()).chain(rows);
    records(writer, rows.map(|row| row.iter().map(|text| field(text)).collect()))
}

/// Records of one length, as the writer writes them.
pub fn records(mut writer: Writer<Vec<u8>>, rows: impl Iterator<Item = Vec<String>>) -> String {
    for row in rows {
        writer.write_record(&row).expect("rows of one length go to memory");
    }
    text(writer)
}

/// A small table of texts; in one with tabs they are never quoted.
pub fn sheet<const N: usize>(
    delimiter: u8,
    header: &[&str; N],
    rows: impl Iterator<Item = [impl AsRef<str>; N]>,
) -> String {
    let style = if delimiter == b'\t' { QuoteStyle::Never } else { QuoteStyle::Necessary };
    let writer = WriterBuilder::new().delimiter(delimiter).quote_style(style).from_writer(Vec::new());
    let header = header.iter().map(|name| (*name).to_owned()).collect();
    let rows = rows.map(|row| row.iter().map(|cell| AsRef::<str>::as_ref(cell).to_owned()).collect());
    records(writer, std::iter::once(header).chain(rows))
}

fn text(writer: Writer<Vec<u8>>) -> String {
    let bytes = writer.into_inner().expect("memory takes every byte");
    String::from_utf8(bytes).expect("fields are text")
}

fn row(record: &Record, dimensions: &[&str]) -> Vec<String> {
    let mut row =
        vec![record.metric.clone(), record.definition.clone(), record.period.clone().unwrap_or_default()];
    row.extend(dimensions.iter().map(|name| record.group.named(name).cloned().unwrap_or_default()));
    row.push(record.n.to_string());
    row.extend([record.value, record.lower, record.upper].map(exact));
    row.push(record.unit.as_str().to_owned());
    row.extend([record.partial, record.suppressed].map(|is| is.to_string()));
    row.push(record.note.clone());
    row
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::{comma, tab};

    #[test]
    fn a_row_reads_as_the_schema_says() {
        let report = sample::single();
        let text = comma(&report);
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("metric,definition,period,channel,n,value,lower,upper,unit,partial,suppressed,note")
        );
        assert_eq!(lines.next(), Some("nps,0-10,,,2426,-28.56553998351195,-29.6,-23.3,points,false,false,"));
        assert!(!text.contains('\r') && text.ends_with('\n'));
    }

    #[test]
    fn texts_survive_commas_and_quotes_and_tabs() {
        let mut report = sample::single();
        report.results[0].note = "a, \"b\"\tc\nd".to_owned();
        let text = comma(&report);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let first = reader.records().next().unwrap().unwrap();
        assert_eq!(&first[11], "a, \"b\"\tc\nd");
        assert!(tab(&report).lines().nth(1).unwrap().ends_with("\ta, \"b\" c d"));
        assert!(tab(&report).lines().all(|line| line.split('\t').count() == 12));
    }
}
