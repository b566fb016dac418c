//! Which kind an export is and which of its columns is which field; it sees the header alone, never a row.

mod generic;
mod rivals;
mod weak;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::columns::{normalise, vocabulary};
use super::field::{Field, Kind, MapFlag};
use super::mapping::{Header, Layout, Mapping};
use super::preset::{self, Choice, Head, SharedPreset};
use crate::error::{Error, Result};
use crate::text;
use rivals::rivals;

/// What a column counts that only one kind of export has; one that two kinds have counts half of it.
const WEIGHT: usize = 6;

/// Reads the head of a file: what kind of export it is, unless the user says so, and which column is which field; by
/// the preset that fits it, else by the names of its columns.
pub fn recognise(
    file: &str,
    head: &Head,
    forced: Option<Kind>,
    maps: &[MapFlag],
    presets: &Choice,
) -> Result<Mapping> {
    if let Some(preset) = presets.of(file, head, forced)? {
        if !head.has_rows_of(&preset) {
            return Err(without_rows(file, &preset));
        }
        return match preset.signature.is_weak() {
            true => weak::apply(file, head, &preset, maps),
            false => preset::apply(file, head, &preset, maps),
        };
    }
    match presets.nearly(head, forced) {
        Some((preset, lacks)) if lacks.is_empty() => Err(without_rows(file, preset)),
        Some((preset, lacks)) => Err(half_recognised(file, &preset.name, &lacks)),
        None => {
            if let Some(preset) = weak::fitting(file, head, forced, maps, presets)? {
                return weak::apply(file, head, &preset, maps);
            }
            guess(file, head.first(), forced, maps).map_err(|error| match presets.fitting(head, forced) {
                Some(preset) => {
                    error.or_hint(format!("without --preset none it is read by the preset `{}`", preset.name))
                }
                None => error,
            })
        }
    }
}

/// Taken for header rows, the first rows of such a file would be lost.
fn without_rows(file: &str, preset: &SharedPreset) -> Error {
    let (rows, starts) = (preset.file.header_rows, &preset.signature.row_below);
    let cause = format!(
        "`{file}` has the columns of the preset `{}` and not its {rows} header rows: none of the cells of the last one \
         begins with {}",
        preset.name,
        text::either(&starts.iter().map(|start| format!("`{start}`")).collect::<Vec<_>>())
    );
    Error::export(cause)
        .hint("export it again with its header rows, or pass --preset none to go by the names of its columns")
}

/// What has most of a vendor's columns is most likely that vendor's: read by its names alone, rows that are no data would
/// count.
fn half_recognised(file: &str, preset: &str, lacks: &[String]) -> Error {
    let lacks = text::quoted(lacks, lacks.len());
    Error::export(format!("`{file}` has most columns of the preset `{preset}` and lacks {lacks}")).hint(
        format!("pass --preset {preset} if it is one, or --preset none to go by the names of its columns"),
    )
}

/// Reads a header by the names of its columns alone.
///
/// # Errors
/// When it is not told what the file holds, or which column is a field that it must have.
pub fn guess(file: &str, header: &[String], forced: Option<Kind>, maps: &[MapFlag]) -> Result<Mapping> {
    let header = Header::new(file, header);
    let reading = match forced {
        Some(kind) => Reading::new(&header, kind, maps),
        None => classify(&header, maps)?,
    };
    let mapping = reading.mapping(&header)?;
    Ok(generic::complete(mapping, &header, maps))
}

/// The columns of a survey that are questions by their names or by the texts that stand below these, where its preset
/// names none.
///
/// # Errors
/// When several may be one question.
pub(super) fn questions(
    header: &Header,
    labels: &[String],
    is_free: impl Fn(usize) -> bool,
    is_denied: impl Fn(Field) -> bool,
) -> Result<BTreeMap<Field, usize>> {
    let mut fits = BTreeMap::new();
    for (column, name) in header.names.iter().enumerate().filter(|(column, _)| is_free(*column)) {
        let label = labels.get(column).map(|label| normalise(label));
        let known = meaning(Kind::Surveys, unnumbered(name));
        let known = known.or_else(|| meaning(Kind::Surveys, &label?));
        if let Some((field, tier, kinds)) = known
            && Field::QUESTIONS.contains(&field)
            && !is_denied(field)
        {
            offer(&mut fits, field, Fit { columns: vec![column], tier, kinds });
        }
    }
    let single = |(field, fit): (Field, Fit)| match fit.columns.as_slice() {
        [only] => Ok((field, *only)),
        several => Err(header.several(Kind::Surveys, field, several)),
    };
    fits.into_iter().map(single).collect()
}

/// The kind that explains the columns best.
fn classify(header: &Header, maps: &[MapFlag]) -> Result<Reading> {
    let all: Vec<Reading> = Kind::ALL.iter().map(|&kind| Reading::new(header, kind, maps)).collect();
    let best = all.iter().filter(|reading| reading.likely()).map(Reading::rank).max();
    let kinds: Vec<Kind> =
        all.iter().filter(|r| r.likely() && Some(r.rank()) == best).map(|r| r.kind).collect();
    let kinds = rivals(header, &all, kinds);
    if kinds.len() > 1 {
        return Err(header.doubtful(&kinds));
    }
    // A file of no known kind may be one whose mapped column was mistyped.
    let slip = all.iter().find_map(|reading| reading.mapped.as_ref().err().cloned());
    let chosen = all.into_iter().find(|reading| kinds.contains(&reading.kind));
    chosen.ok_or_else(|| slip.unwrap_or_else(|| header.unknown()))
}

/// A header read as an export of one kind.
struct Reading {
    kind: Kind,
    layout: Layout,
    /// The columns that the user names, or what is wrong with them.
    mapped: Result<BTreeMap<Field, usize>>,
    fits: BTreeMap<Field, Fit>,
    missing: Vec<Field>,
}

/// The columns with the best name for a field: one, or several to choose from.
struct Fit {
    columns: Vec<usize>,
    tier: u8,
    /// How many kinds of export have a column of that name.
    kinds: usize,
}

impl Reading {
    fn new(header: &Header, kind: Kind, maps: &[MapFlag]) -> Self {
        let mapped = header.mapped(kind, maps).and_then(one_layout);
        let said = mapped.as_ref().cloned().unwrap_or_default();
        let denied =
            |field| maps.iter().any(|map| (map.kind, map.field) == (kind, field) && map.column.is_empty());
        let mut fits = BTreeMap::new();
        for (column, name) in header.names.iter().enumerate() {
            if let Some((field, tier, kinds)) = meaning(kind, unnumbered(name))
                && !said.iter().any(|(other, at)| *other == field || *at == column)
                && !denied(field)
            {
                offer(&mut fits, field, Fit { columns: vec![column], tier, kinds });
            }
        }
        fits.extend(
            said.iter().map(|(&field, &column)| (field, Fit { columns: vec![column], tier: 0, kinds: 1 })),
        );
        let layout = layout(&said, &fits);
        let idle = if layout == Layout::Wide { SCORED } else { Field::QUESTIONS };
        fits.retain(|field, _| !idle.contains(field));
        let lacks =
            |field: &&Field| !fits.contains_key(field) && (layout == Layout::Long || !idle.contains(field));
        let missing = Field::required(kind).iter().filter(lacks).copied().collect();
        Reading { kind, layout, mapped, fits, missing }
    }

    /// How well the kind explains the columns: what they count, less what a missing field costs, and whether
    /// nothing is missing.
    fn rank(&self) -> (usize, bool) {
        let points: usize = self.fits.values().map(|fit| WEIGHT / fit.kinds).sum();
        (points.saturating_sub(WEIGHT / 2 * self.missing.len()), self.missing.is_empty())
    }

    /// Whether some column speaks for this kind alone: a customer and a date are in every export.
    fn likely(&self) -> bool {
        let tells =
            |(field, fit): (&Field, &Fit)| fit.kinds == 1 || (own(self.kind).contains(field) && fit.tier < 2);
        // The other two are rivals of what these say.
        Kind::OF_CONTACTS.contains(&self.kind) && self.rank().0 > 0 && self.fits.iter().any(tells)
    }

    fn mapping(self, header: &Header) -> Result<Mapping> {
        if let Err(error) = &self.mapped {
            return Err(error.clone());
        }
        if let Some((field, fit)) = self.fits.iter().find(|(_, fit)| fit.columns.len() > 1) {
            return Err(header.several(self.kind, *field, &fit.columns));
        }
        let claimed: Vec<Option<Field>> = (0..header.names.len()).map(|column| self.field(column)).collect();
        if self.missing.is_empty() {
            return Ok(header.mapping(self.kind, self.layout, claimed));
        }
        Err(self.incomplete(header))
    }

    fn field(&self, column: usize) -> Option<Field> {
        self.fits.iter().find(|(_, fit)| fit.columns.contains(&column)).map(|(field, _)| *field)
    }

    /// What is missing, and the flags that would supply it.
    fn incomplete(&self, header: &Header) -> Error {
        // Which metric it is can wait until the score is known.
        let scored = self.fits.contains_key(&Field::Score);
        let missing = self.missing.iter().copied().filter(|field| scored || *field != Field::Metric);
        let missing: Vec<Field> = missing.collect();
        let nouns: Vec<String> = missing.iter().map(|field| format!("the {}", field.noun())).collect();
        let flags: Vec<String> = missing.iter().map(|field| self.remedy(header, *field)).collect();
        let cause = format!("no column for {} (found {})", text::list(&nouns), header.columns());
        header.unread(self.kind, &cause).hint(format!("pass {}", flags.join(" ")))
    }

    fn remedy(&self, header: &Header, field: Field) -> String {
        let known = |field: &Field| self.fits.get(field).and_then(|fit| fit.columns.first().copied());
        let named = |name: &str| vocabulary().hints_at(self.kind, field, unnumbered(name));
        let free = |column: &usize| self.field(*column).is_none() && named(&header.names[*column]);
        let column = (0..header.names.len()).find(free);
        let question = |column| format!("{} (or csat, ces)", header.flag(self.kind, Field::Nps, column));
        match (field, column) {
            (Field::Metric, _) => question(known(&Field::Score)),
            (Field::Score, None) if known(&Field::Metric).is_none() => question(None),
            (_, Some(date)) if field.is_time() && generic::time_beside(&header.names, date).is_some() => {
                let time = generic::time_beside(&header.names, date).unwrap_or(date);
                format!("{}+{}", header.flag(self.kind, field, column), header.names[time])
            }
            _ => header.flag(self.kind, field, column),
        }
    }
}

/// The columns of a long survey, which a wide one does without.
const SCORED: &[Field] = &[Field::Metric, Field::Score];

/// The fields that speak for a kind even where other kinds mention them too.
fn own(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Surveys => &[Field::Nps, Field::Csat, Field::Ces, Field::Response],
        Kind::Tickets => &[Field::Ticket],
        Kind::Purchases => &[Field::Order],
        Kind::Subscriptions => &[Field::Subscription, Field::Mrr],
        Kind::Customers => &[],
    }
}

/// The field that a column's name means in the kind, how good the name is, and in how many kinds it is known.
fn meaning(kind: Kind, name: &str) -> Option<(Field, u8, usize)> {
    let named = vocabulary().sense(kind, name).and_then(|sense| Some((sense.field, sense.tier?)));
    match named {
        Some((field, tier)) => Some((field, tier, vocabulary().kinds(kind, name))),
        None if kind == Kind::Surveys => vocabulary().question(name).map(|field| (field, u8::MAX, 1)),
        None => None,
    }
}

/// A normalised name without the `#2` that made it unique.
fn unnumbered(name: &str) -> &str {
    name.split_once('#').map_or(name, |(name, _)| name)
}

/// Keeps the columns with the best name for the field.
fn offer(fits: &mut BTreeMap<Field, Fit>, field: Field, fit: Fit) {
    let Some(best) = fits.get_mut(&field) else {
        fits.insert(field, fit);
        return;
    };
    match fit.tier.cmp(&best.tier) {
        Ordering::Less => *best = fit,
        Ordering::Equal => {
            best.columns.extend(fit.columns);
            best.kinds = best.kinds.min(fit.kinds);
        }
        Ordering::Greater => {}
    }
}

/// The user's word on the layout wins; else a survey with question columns is wide unless it is fully long.
fn layout(said: &BTreeMap<Field, usize>, fits: &BTreeMap<Field, Fit>) -> Layout {
    let asked = |field: &Field| fits.contains_key(field);
    let wide = if said.keys().any(|field| Field::QUESTIONS.contains(field) || SCORED.contains(field)) {
        said.keys().any(|field| Field::QUESTIONS.contains(field))
    } else {
        Field::QUESTIONS.iter().any(asked) && !SCORED.iter().all(asked)
    };
    if wide { Layout::Wide } else { Layout::Long }
}

fn one_layout(said: BTreeMap<Field, usize>) -> Result<BTreeMap<Field, usize>> {
    let question = said.keys().find(|field| Field::QUESTIONS.contains(field));
    let scored = said.keys().find(|field| SCORED.contains(field));
    if let (Some(question), Some(scored)) = (question, scored) {
        let cause = format!("`--map surveys.{question}` and `--map surveys.{scored}` exclude each other");
        return Err(Error::usage(cause)
            .hint("pass surveys.nps, csat and ces for a column a question, or metric and score"));
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &[&str], forced: Option<Kind>, maps: &[&str]) -> Result<Mapping> {
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        let maps: Vec<MapFlag> = maps.iter().map(|map| MapFlag::parse(map)).collect::<Result<_>>()?;
        guess("q3.csv", &header, forced, &maps)
    }

    #[test]
    fn columns_that_every_kind_has_tell_nothing() {
        for header in [
            &["customer_id", "date"][..],
            &["id", "rating", "date"],
            &["email", "created_at", "channel"],
            &[],
        ] {
            let error = read(header, None, &[]).unwrap_err();
            assert_eq!((error.status(), error.to_string().contains("could not tell")), (3, true), "{error}");
        }
        assert_eq!(read(&["customer_id", "date", "order_id"], None, &[]).unwrap().kind, Kind::Purchases);
    }

    #[test]
    fn a_survey_that_lacks_its_metric_is_not_taken_for_purchases() {
        let error = read(&["customer_id", "date", "order_id", "score", "comment"], None, &[]).unwrap_err();
        assert!(
            error.to_string().starts_with("could not read surveys from `q3.csv`: no column for the metric")
        );
        assert_eq!(error.advice(), Some("pass --map surveys.nps=score (or csat, ces)"));
    }

    #[test]
    fn a_mapped_column_is_taken_from_the_synonyms_and_speaks_for_its_kind() {
        let mapping =
            read(&["when", "score", "mark"], None, &["surveys.nps=score", "surveys.at=when"]).unwrap();
        assert_eq!((mapping.kind, mapping.layout), (Kind::Surveys, Layout::Wide));
        assert_eq!(mapping.claimed, [Some(Field::At), Some(Field::Nps), None]);
        let error = read(&["at", "nps", "mark"], None, &["surveys.score=mark"]).unwrap_err();
        assert_eq!(error.advice(), Some("pass --map surveys.nps=mark (or csat, ces)"), "not silently wide");
    }

    #[test]
    fn a_field_that_the_user_denies_has_no_column() {
        let header = &["created_at", "ticket_id", "rating"];
        assert_eq!(read(header, None, &[]).unwrap().column(Field::Rating), Some(2));
        let denied = read(header, None, &["tickets.rating="]).unwrap();
        assert_eq!((denied.column(Field::Rating), denied.other("rating")), (None, Some(2)));
        let contradiction = read(header, None, &["tickets.rating=", "tickets.rating=rating"]).unwrap_err();
        assert_eq!(
            contradiction.to_string(),
            "`--map tickets.rating=rating` contradicts `--map tickets.rating=`"
        );
        // Without its column the file is still what it is, and the flag says nothing of other kinds.
        assert_eq!(read(header, None, &["surveys.channel="]).unwrap().column(Field::Rating), Some(2));
    }

    #[test]
    fn maps_that_contradict_each_other_are_refused() {
        let header = &["at", "metric", "score", "mark"];
        for maps in [
            ["surveys.score=score", "surveys.score=mark"],
            ["surveys.at=score", "surveys.score=score"],
            ["surveys.nps=mark", "surveys.score=score"],
        ] {
            assert_eq!(read(header, None, &maps).unwrap_err().status(), 2);
        }
        let elsewhere = ["surveys.score=mark", "surveys.score=Q12", "surveys.score=mark"];
        assert_eq!(read(header, None, &elsewhere).unwrap().column(Field::Score), Some(3));
    }
}
