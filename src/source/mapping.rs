//! A header's columns by name, and the fields that they were found to be; it does not know what names mean.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono_tz::Tz;

use super::columns::{key, normalise};
use super::field::{Field, Kind, MapFlag};
use super::input::Input;
use super::shape::Shape;
use crate::error::{Error, Result};
use crate::text;

/// How many columns a message lists.
const SHOWN: usize = 12;
/// How many letters of a column's name a list shows.
const LONGEST: usize = 40;

/// How a survey holds its answers. Exports of the other kinds are always long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One answer a row: a metric column and a score column.
    Long,
    /// One response a row: a column for each question.
    Wide,
}

/// What the columns of one export are.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The kind of export.
    pub kind: Kind,
    /// How its answers stand.
    pub layout: Layout,
    /// The columns as the file names them.
    pub header: Vec<String>,
    /// Their normalised names; the second of a name has `#2` after it, a nameless one is `column_7`.
    pub names: Vec<String>,
    /// The field that each column is.
    pub claimed: Vec<Option<Field>>,
    /// What of the file is not to be taken as it stands.
    pub shape: Shape,
}

impl Mapping {
    /// The column that is the field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.claimed.iter().position(|claimed| *claimed == Some(field))
    }

    /// Whether the file says the field, be it in a column, in several or of every row.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some() || self.shape.fields.contains_key(&field)
    }

    /// The zone of the times of a column that name none: what is known of the column, else what its name says; none
    /// where neither says so.
    pub fn zone(&self, column: usize) -> Option<Tz> {
        let known = self.shape.zones.get(column).copied().flatten();
        known.or_else(|| named_zone(self.header.get(column)?, self.names.get(column)?))
    }

    /// The column of that name, in any spelling, whether it is a field or not; none if several fit.
    pub fn other(&self, name: &str) -> Option<usize> {
        match find(&self.header, &self.names, name).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

/// The header of one file, and how messages speak of it.
pub(super) struct Header<'a> {
    file: &'a str,
    found: &'a [String],
    pub(super) names: Vec<String>,
}

impl<'a> Header<'a> {
    pub(super) fn new(file: &'a str, found: &'a [String]) -> Self {
        Header { file, found, names: unique_names(found) }
    }

    pub(super) fn mapping(&self, kind: Kind, layout: Layout, claimed: Vec<Option<Field>>) -> Mapping {
        let (header, names) = (self.found.to_vec(), self.names.clone());
        Mapping { kind, layout, header, names, claimed, shape: Shape::default() }
    }

    /// The columns that the user's flags name. Flags for other files of the kind may miss this one, as long
    /// as each field finds its column.
    pub(super) fn mapped(&self, kind: Kind, maps: &[MapFlag]) -> Result<BTreeMap<Field, usize>> {
        let mut mapped: BTreeMap<Field, usize> = BTreeMap::new();
        let mut absent = Vec::new();
        let of_kind = || maps.iter().filter(|map| map.kind == kind);
        for map in of_kind().filter(|map| !map.column.is_empty()) {
            if let Some(none) = of_kind().find(|other| other.field == map.field && other.column.is_empty()) {
                return Err(contradiction(map, &none.told()));
            }
            let Some(column) = self.named(map)? else {
                absent.push(map);
                continue;
            };
            let rival = mapped.iter().find(|(field, at)| (**field == map.field) != (**at == column));
            if let Some((field, at)) = rival {
                let flag = || format!("`{}`", self.flag(kind, *field, Some(*at)));
                let other = of_kind().find(|other| other.field == *field && other.said_on.is_some());
                return Err(contradiction(map, &other.map_or_else(flag, MapFlag::told)));
            }
            mapped.insert(map.field, column);
        }
        absent.retain(|map| !mapped.contains_key(&map.field));
        absent.first().map_or(Ok(mapped), |map| Err(self.absent(map)))
    }

    /// The columns that `Date+Time` names, where no column is called so itself.
    pub(super) fn joined(&self, name: &str) -> Option<Vec<usize>> {
        if !name.contains('+') || !find(self.found, &self.names, name).is_empty() {
            return None;
        }
        let only = |part: &str| match find(self.found, &self.names, part).as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        name.split('+').map(only).collect()
    }

    fn named(&self, map: &MapFlag) -> Result<Option<usize>> {
        match find(self.found, &self.names, &map.column).as_slice() {
            // A date and a time in columns of their own: the first stands for both.
            [] if map.field.is_time() => {
                Ok(self.joined(&map.column).and_then(|parts| parts.first().copied()))
            }
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            several => Err(self.placed(map, several, self.several(map.kind, map.field, several))),
        }
    }

    fn absent(&self, map: &MapFlag) -> Error {
        let near = text::nearest(&map.column, self.found.iter().map(|name| name.trim()));
        let near: Vec<usize> =
            near.iter().filter_map(|near| self.found.iter().position(|n| n.trim() == *near)).collect();
        let cause =
            format!("no column `{}` for the {} (found {})", map.column, map.field.noun(), self.columns());
        let error = self.unread(map.kind, &cause).hint(self.flags(map.kind, map.field, &near));
        self.placed(map, &near, error)
    }

    /// What is wrong with the user's word on a column, which may be one of these: where a config says it, with its
    /// line and what to write there.
    fn placed(&self, map: &MapFlag, columns: &[usize], error: Error) -> Error {
        let Some(place) = &map.said_on else { return error };
        let written = |column: &usize| format!("{} = \"{}\"", map.field, self.shown(*column));
        let written: Vec<String> = columns.iter().map(written).collect();
        let hint = match written.as_slice() {
            [] => "write there the name of a column that the file has".to_owned(),
            written => format!("write there {}", text::either(written)),
        };
        error.said_on(place).hint(hint)
    }

    /// Several columns that may be the field.
    pub(super) fn several(&self, kind: Kind, field: Field, columns: &[usize]) -> Error {
        let names: Vec<&str> = columns.iter().map(|&column| self.shown(column)).collect();
        let cause = format!("more than one column for the {}: {}", field.noun(), text::quoted(&names, SHOWN));
        self.unread(kind, &cause).hint(self.flags(kind, field, columns))
    }

    /// The file cannot be read as an export of the kind.
    pub(super) fn unread(&self, kind: Kind, cause: &str) -> Error {
        Error::export(format!("could not read {kind} from `{}`: {cause}", self.file))
    }

    /// The file may be any of these kinds.
    pub(super) fn doubtful(&self, kinds: &[Kind]) -> Error {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        Error::export(format!("`{}` may be {} (found {})", self.file, text::either(&names), self.columns()))
            .hint(format!("pass {}", self.outright(kinds)))
    }

    /// The file looks like no kind of export.
    pub(super) fn unknown(&self) -> Error {
        Error::export(format!("could not tell what `{}` holds (found {})", self.file, self.columns())).hint(
            format!(
                "pass {}, and --map for what is not recognised, e.g. --map surveys.at=COLUMN",
                self.outright(Kind::ALL)
            ),
        )
    }

    /// The flags that say outright what the file is.
    fn outright(&self, kinds: &[Kind]) -> String {
        let file = match self.file {
            Input::STDIN => "-".to_owned(),
            file if plain(file) => file.to_owned(),
            file => format!("'{file}'"),
        };
        text::either(&kinds.iter().map(|kind| format!("--{kind} {file}")).collect::<Vec<_>>())
    }

    /// The columns that have a name, for a message.
    pub(super) fn columns(&self) -> String {
        let found = self.found.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        let named: Vec<String> = found.map(shortened).collect();
        if named.is_empty() { "no named column".to_owned() } else { text::quoted(&named, SHOWN) }
    }

    /// The column as found, or its unique name where it has a namesake or no name.
    fn shown(&self, column: usize) -> &str {
        let found = self.found[column].trim();
        let namesakes = self.found.iter().filter(|other| other.trim() == found).count();
        if namesakes == 1 && !found.is_empty() { found } else { &self.names[column] }
    }

    /// The flag that says that the column is the field, ready to paste into a shell.
    pub(super) fn flag(&self, kind: Kind, field: Field, column: Option<usize>) -> String {
        let column = column
            .map_or("COLUMN", |at| Some(self.shown(at)).filter(|n| plain(n)).unwrap_or(&self.names[at]));
        format!("--map {kind}.{field}={column}")
    }

    fn flags(&self, kind: Kind, field: Field, columns: &[usize]) -> String {
        let mut flags: Vec<String> =
            columns.iter().map(|&column| self.flag(kind, field, Some(column))).collect();
        if flags.is_empty() {
            flags.push(self.flag(kind, field, None));
        }
        format!("pass {}", text::either(&flags))
    }
}

fn contradiction(map: &MapFlag, other: &str) -> Error {
    let error = Error::usage(format!("{} contradicts {other}", map.told()));
    error.hint(if map.said_on.is_some() { "keep one of the two" } else { "pass one of the two" })
}

/// The zone that ends a column's name: `Created (UTC)`, `created_at_utc`, `Date (GMT+2)`, `Start (Europe/Amsterdam)`.
fn named_zone(header: &str, name: &str) -> Option<Tz> {
    if matches!(name.split('#').next()?.rsplit('_').next()?, "utc" | "gmt") {
        return Some(Tz::UTC);
    }
    let bracketed = header.trim().strip_suffix([')', ']'])?.rsplit(['(', '[']).next()?.trim();
    if let Some(hours) = ["UTC", "GMT"].iter().find_map(|utc| bracketed.strip_prefix(utc)) {
        let (hours, minutes) = hours.split_once(':').unwrap_or((hours, "00"));
        let hours: i8 = hours.parse().ok().filter(|_| minutes == "00" && hours.starts_with(['+', '-']))?;
        // The zone database counts them from the other side, and knows no others.
        let offset = (-14..=14).contains(&hours).then(|| format!("Etc/GMT{:+}", -hours))?;
        return offset.parse().ok();
    }
    bracketed.contains('/').then(|| bracketed.parse().ok()).flatten()
}

/// A question's text is too long to list whole.
fn shortened(name: &str) -> String {
    let mut letters = name.chars();
    let start: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_none() { start } else { format!("{}…", start.trim_end()) }
}

/// Whether a shell leaves the text as it is.
fn plain(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || "_-./#".contains(c))
}

/// The columns that go by the name: exactly, else by their unique name, else as the one of so many that are called alike
/// (`Comment#2`), else in another spelling.
pub(super) fn find(header: &[String], names: &[String], name: &str) -> Vec<usize> {
    let name = name.trim();
    let spelt = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        header.iter().enumerate().filter(|(_, found)| same(found)).map(|(at, _)| at).collect()
    };
    let exact = spelt(&|found| found.trim() == name);
    if exact.len() == 1 {
        return exact;
    }
    if let Some(at) = names.iter().position(|unique| unique == name) {
        return vec![at];
    }
    if let Some((base, number)) = name.rsplit_once('#')
        && let Some(number) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1))
    {
        let wanted = normalise(base);
        let namesakes = spelt(&|found| normalise(found) == wanted);
        return namesakes.get(number).map(|at| vec![*at]).unwrap_or_default();
    }
    let wanted = key(&normalise(name));
    if wanted.is_empty() { exact } else { spelt(&|found| key(&normalise(found)) == wanted) }
}

fn unique_names(header: &[String]) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::with_capacity(header.len());
    let mut met: HashMap<String, usize> = HashMap::new();
    let named = header.iter().enumerate().map(|(at, found)| match normalise(found) {
        name if name.is_empty() => format!("column_{}", at + 1),
        name => name,
    });
    let unique = named.map(|name| {
        let mut unique = name.clone();
        // Goes on where the last namesake left off: a header may be one name twenty thousand times.
        let namesakes = met.entry(name.clone()).or_insert(1);
        while !taken.insert(unique.clone()) {
            *namesakes += 1;
            unique = format!("{name}#{namesakes}");
        }
        unique
    });
    unique.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_are_unique() {
        let found = header(&["Others", "others", "", "Column 3", "OTHERS", " "]);
        assert_eq!(
            unique_names(&found),
            ["others", "others#2", "column_3", "column_3#2", "others#3", "column_6"]
        );
    }

    #[test]
    fn a_column_is_found_in_any_spelling_but_never_guessed_between_two() {
        let found = header(&["Score", "score", "Créé le", "Comment", "Comment", ""]);
        let names = unique_names(&found);
        let find = |name: &str| find(&found, &names, name);
        assert_eq!(find("score"), [1]);
        assert_eq!(find("Score"), [0]);
        assert_eq!(find("SCORE"), [0, 1]);
        assert_eq!(find("cree_le"), [2]);
        assert_eq!(find("Comment"), [3, 4]);
        assert_eq!((find("comment#2"), find("Comment#2"), find("Comment#1")), (vec![4], vec![4], vec![3]));
        assert!(find("Comment#3").is_empty() && find("Comment#0").is_empty());
        assert_eq!(find("column_6"), [5]);
        assert!(find("!").is_empty() && find("verdict").is_empty());
    }

    #[test]
    fn a_name_may_say_its_zone() {
        let zone = |name: &str| named_zone(name, &normalise(name));
        for name in [
            "Created (UTC)",
            "Created date (UTC) ",
            "Created at UTC",
            "created_at_utc",
            "Date (GMT)",
            "startedUTC",
        ] {
            assert_eq!(zone(name), Some(Tz::UTC), "{name}");
        }
        assert_eq!(named_zone("Created (UTC)", "created_utc#2"), Some(Tz::UTC));
        assert_eq!(zone("Date (GMT+2)"), Some(Tz::Etc__GMTMinus2));
        assert_eq!(zone("Date (UTC-05:00)"), Some(Tz::Etc__GMTPlus5));
        assert_eq!(zone("Start (Europe/Amsterdam)"), Some(Tz::Europe__Amsterdam));
        for name in [
            "Created",
            "Created (local)",
            "Created (Japan)",
            "UTC offset",
            "Date (GMT+5:30)",
            "Date (UTC2)",
            "Date (GMT-128)",
            "Date (GMT+15)",
            "(",
            "",
        ] {
            assert_eq!(zone(name), None, "{name}");
        }
    }
}
