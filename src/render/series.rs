//! The metrics of a report as a reader meets them: each definition by its own name. Knows nothing of layout.

use super::number;
use crate::report::{Record, Report, Unit};

/// One metric in one definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Series<'a> {
    /// The metric's id.
    pub metric: &'a str,
    /// The definition's id.
    pub definition: &'a str,
    /// For a row; names the definition where the metric has several.
    pub title: String,
    /// For a column; as above.
    pub short: String,
    /// The unit of the values.
    pub unit: Unit,
    /// What is counted; empty where the report does not say.
    pub about: &'a str,
}

impl<'a> Series<'a> {
    /// Every series that has a record, in the order of the metrics, then of the records.
    pub fn all(report: &'a Report) -> Vec<Series<'a>> {
        let mut all: Vec<Series<'a>> = Vec::new();
        for record in &report.results {
            if !all.last().is_some_and(|last| last.holds(record)) && !all.iter().any(|one| one.holds(record))
            {
                all.push(Series::of(report, record));
            }
        }
        let place = |series: &Series| report.metrics.iter().position(|heading| heading.id == series.metric);
        all.sort_by_key(|series| place(series).unwrap_or(usize::MAX));
        let metrics: Vec<&str> = all.iter().map(|series| series.metric).collect();
        for series in &mut all {
            if metrics.iter().filter(|metric| **metric == series.metric).count() > 1 {
                series.title = format!("{} ({})", series.title, series.definition);
                series.short = format!("{} {}", series.short, series.definition);
            }
        }
        all
    }

    fn of(report: &'a Report, record: &'a Record) -> Series<'a> {
        let own = report
            .metrics
            .iter()
            .find(|heading| heading.id == record.metric && heading.definition == record.definition);
        let heading = own.or_else(|| report.heading(&record.metric));
        Series {
            metric: &record.metric,
            definition: &record.definition,
            title: heading.map_or(record.metric.clone(), |heading| heading.title.clone()),
            short: heading.map_or(record.metric.clone(), |heading| heading.short.clone()),
            unit: record.unit,
            about: own.map_or("", |heading| &heading.about),
        }
    }

    /// Whether the record is one of this series.
    pub fn holds(&self, record: &Record) -> bool {
        self.metric == record.metric && self.definition == record.definition
    }

    /// For a column of bare numbers: the short name with the unit, kept together with its last word.
    pub fn column(&self) -> String {
        let unit = number::suffix(self.unit);
        if self.short.ends_with(unit.trim_start()) { self.short.clone() } else { self.short.clone() + unit }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::Series;

    #[test]
    fn several_definitions_of_one_metric_are_told_apart() {
        let mut report = sample::single();
        let mut other = report.results[0].clone();
        other.definition = "5-point".to_owned();
        report.results.push(other);
        let titles: Vec<String> = Series::all(&report).into_iter().map(|series| series.title).collect();
        assert_eq!(titles, ["Net Promoter Score (0-10)", "Net Promoter Score (5-point)"]);
    }

    #[test]
    fn a_column_names_its_unit_once() {
        let report = sample::whole();
        let columns: Vec<String> = Series::all(&report).iter().map(Series::column).collect();
        assert_eq!(columns[..4], ["NPS", "CSAT\u{a0}%", "CES", "Response\u{a0}%"]);
    }
}
