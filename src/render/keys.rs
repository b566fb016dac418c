//! The leading columns of a table: metric names, periods, groups, made to fit. Knows nothing of values.

use super::clean::{clean, labels};
use super::grid::{Column, Side, total};
use super::pivot::Pivot;
use super::wrap::wrap;

/// The width that group labels keep while there is any room for it.
const COMFORTABLE: usize = 24;
/// The width below which no label is pressed.
const LEAST: usize = 6;

/// One leading column.
pub struct Key {
    header: String,
    texts: Vec<String>,
    kind: Kind,
}

#[derive(PartialEq)]
enum Kind {
    /// Names of metrics: wrapped, since each word counts.
    Words,
    /// Values from exports: shortened in the middle.
    Labels,
}

impl Key {
    /// Names that are wrapped where they are too wide.
    pub fn words(header: &str, texts: Vec<String>) -> Self {
        Key { header: header.to_owned(), texts, kind: Kind::Words }
    }

    /// The columns that tell the rows of a breakdown apart: the period, then each dimension.
    pub fn of(pivot: &Pivot) -> Vec<Key> {
        let mut keys = Vec::new();
        if pivot.periods {
            let texts = pivot
                .rows
                .iter()
                .map(|row| row.period.unwrap_or("all").to_owned() + if row.partial() { "*" } else { "" });
            keys.push(Key { header: "Period".to_owned(), texts: texts.collect(), kind: Kind::Labels });
        }
        for (at, name) in pivot.dimensions.iter().enumerate() {
            let texts = pivot.rows.iter().map(|row| row.group.get(at).copied().unwrap_or("").to_owned());
            keys.push(Key { header: title_case(name), texts: texts.collect(), kind: Kind::Labels });
        }
        keys
    }

    fn column(&self, widest: usize) -> Column {
        let cells = match self.kind {
            Kind::Words => self.texts.iter().map(|text| wrap(&clean(text), widest, 1).join("\n")).collect(),
            Kind::Labels => labels(&self.texts.iter().map(String::as_str).collect::<Vec<_>>(), widest),
        };
        Column::within(widest, &self.header, cells, Side::Left)
    }
}

/// The columns in full where they fit the room; else groups at most 24 wide, or fewer where they must.
pub fn fitted(keys: &[Key], room: usize) -> Vec<Column> {
    let whole = at_most(keys, usize::MAX);
    if total(&whole) <= room {
        return whole;
    }
    let mut tries = (LEAST..=COMFORTABLE).rev().map(|widest| at_most(keys, widest));
    tries.find(|columns| total(columns) <= room).unwrap_or_else(|| at_most(keys, LEAST))
}

/// The columns with groups at most 24 wide.
pub fn shortened(keys: &[Key]) -> Vec<Column> {
    at_most(keys, COMFORTABLE)
}

fn at_most(keys: &[Key], widest: usize) -> Vec<Column> {
    keys.iter().map(|key| key.column(widest)).collect()
}

/// A dimension's name as a heading: `first_channel` → `First channel`.
pub fn title_case(name: &str) -> String {
    let name = clean(name).replace('_', " ");
    if let Some(rest) = name.strip_prefix("nps") {
        return format!("NPS{rest}");
    }
    let mut chars = name.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::super::grid::total;
    use super::{Key, Kind, fitted, title_case};

    #[test]
    fn labels_are_only_shortened_where_they_must_be() {
        let label = "marketplace and partner resellers".to_owned();
        let keys = [Key { header: "Channel".to_owned(), texts: vec![label], kind: Kind::Labels }];
        assert_eq!([40, 30, 15].map(|room| total(&fitted(&keys, room))), [33, 24, 15]);
    }

    #[test]
    fn names_become_headings() {
        assert_eq!([title_case("first_channel"), title_case("")], ["First channel", ""]);
    }
}
