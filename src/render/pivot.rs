//! The records of one breakdown as rows of periods and groups with a cell a series. Knows nothing of layout.

use std::collections::BTreeMap;

use super::series::Series;
use crate::report::{Record, Report};

/// One breakdown.
#[derive(Debug)]
pub struct Pivot<'a> {
    /// The names of its dimensions; none for overall.
    pub dimensions: &'a [String],
    /// Some rows have a period.
    pub periods: bool,
    /// The series that have a record here.
    pub series: Vec<&'a Series<'a>>,
    /// Periods in order, within each the groups in the order of the report.
    pub rows: Vec<Row<'a>>,
}

/// One period and group.
#[derive(Debug)]
pub struct Row<'a> {
    /// The period, where there is one.
    pub period: Option<&'a str>,
    /// A value for each dimension.
    pub group: Vec<&'a str>,
    /// A record for each series, where there is one.
    pub cells: Vec<Option<&'a Record>>,
}

impl Row<'_> {
    /// The period is not over.
    pub fn partial(&self) -> bool {
        self.cells.iter().flatten().any(|record| record.partial)
    }
}

impl<'a> Pivot<'a> {
    /// The records of the breakdown with these dimensions.
    pub fn new(report: &'a Report, series: &'a [Series<'a>], dimensions: &'a [String]) -> Self {
        let mut order = Order::default();
        let mut cells: BTreeMap<(usize, usize), &'a Record> = BTreeMap::new();
        let mut column = 0;
        for record in report.breakdown(dimensions) {
            if !series.get(column).is_some_and(|one| one.holds(record)) {
                column = series.iter().position(|one| one.holds(record)).unwrap_or(0);
                order.restart();
            }
            let group = record.group.0.iter().map(|(_, value)| value.as_str()).collect();
            cells.insert((order.row(record.period.as_deref(), group), column), record);
        }
        let held: Vec<usize> =
            (0..series.len()).filter(|column| cells.keys().any(|(_, held)| held == column)).collect();
        let mut rows: Vec<Row<'a>> = Vec::new();
        for (row, (period, group)) in order.rows() {
            let cells = held.iter().map(|column| cells.get(&(row, *column)).copied()).collect();
            rows.push(Row { period, group, cells });
        }
        rows.sort_by_key(|row| row.period);
        Pivot {
            dimensions,
            periods: rows.iter().any(|row| row.period.is_some()),
            series: held.into_iter().filter_map(|column| series.get(column)).collect(),
            rows,
        }
    }

    /// `channel`, `channel × stage`; empty for overall.
    pub fn by(&self) -> String {
        let names: Vec<String> = self.dimensions.iter().map(|name| name.replace('_', " ")).collect();
        names.join(" × ")
    }
}

type Place<'a> = (Option<&'a str>, Vec<&'a str>);

/// The order of rows that all series agree with: a row that only a later series has comes after the row
/// which it follows there, so that journey stages stay in order where the first metric lacks one.
#[derive(Default)]
struct Order<'a> {
    known: BTreeMap<Place<'a>, usize>,
    places: Vec<Place<'a>>,
    next: Vec<Option<usize>>,
    first: Option<usize>,
    last: Option<usize>,
}

impl<'a> Order<'a> {
    fn restart(&mut self) {
        self.last = None;
    }

    fn row(&mut self, period: Option<&'a str>, group: Vec<&'a str>) -> usize {
        let place = (period, group);
        let row = match self.known.get(&place) {
            Some(row) => *row,
            None => self.add(place),
        };
        self.last = Some(row);
        row
    }

    fn add(&mut self, place: Place<'a>) -> usize {
        let row = self.places.len();
        let before = match self.last.and_then(|last| self.next.get_mut(last)) {
            Some(next) => next,
            None => &mut self.first,
        };
        let after = before.replace(row);
        self.next.push(after);
        self.places.push(place.clone());
        self.known.insert(place, row);
        row
    }

    fn rows(self) -> impl Iterator<Item = (usize, Place<'a>)> {
        let Order { places, next, first, .. } = self;
        std::iter::successors(first, move |row| next.get(*row).copied().flatten())
            .filter_map(move |row| Some((row, places.get(row)?.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{sample, series::Series};
    use super::Pivot;

    #[test]
    fn every_record_has_its_cell() {
        for report in [sample::whole(), sample::single(), sample::weekly(), sample::crossed()] {
            let series = Series::all(&report);
            let pivots = report.breakdowns.iter().map(|names| Pivot::new(&report, &series, names));
            let cells: usize =
                pivots.flat_map(|pivot| pivot.rows).map(|row| row.cells.iter().flatten().count()).sum();
            assert_eq!(cells, report.results.len());
        }
    }

    #[test]
    fn a_row_that_the_first_metric_lacks_keeps_its_place() {
        let mut report = sample::whole();
        let stages = ["stage".to_owned()];
        report.results.retain(|record| {
            record.metric != "nps" || record.group.named("stage").is_none_or(|stage| stage != "purchase")
        });
        let series = Series::all(&report);
        let rows: Vec<&str> =
            Pivot::new(&report, &series, &stages).rows.iter().flat_map(|row| row.group.clone()).collect();
        assert_eq!(rows, sample::STAGES);
    }
}
