//! The account of `cxm inspect`: what each file was taken for and why, and what to type where something is missing. It
//! computes no metric.

use super::{caveats, heading, source};
use crate::customer::Joined;
use crate::instant::Instant;
use crate::plan::{Plan, Request};
use crate::report::{ColumnNote, Counts, FileNote, Inspection, PresetNote, ReadBy, SCHEMA, Said, Unread};
use crate::scope;
use crate::source::columns::{Layout, Mapping, vocabulary};
use crate::source::converted::Format;
use crate::source::encoding::Encoding;
use crate::source::field::{Field, Kind};
use crate::source::opened::{Opened, Sample};
use crate::source::preset::{Preset, SharedPreset};
use crate::source::shape::From;
use crate::table::column::CellType;
use crate::table::ledger::FileLedger;
use crate::table::value::key;
use crate::table::value::number::Decimal;

/// What was read of the files, beside the files themselves.
pub struct Found<'a> {
    /// The files.
    pub files: &'a [Opened],
    /// What happened to their rows.
    pub ledgers: &'a [FileLedger],
    /// Some values of each column of each file.
    pub samples: &'a [Vec<Sample>],
    /// The files that could not be read.
    pub unread: Vec<Unread>,
    /// What they make together; there is no join where no row can be used.
    pub joined: Option<&'a Joined>,
}

/// Makes the account of `cxm inspect`. The plan's requests are those of the files.
pub fn inspection(plan: &Plan, found: Found<'_>) -> Inspection {
    let Found { files, ledgers, samples, unread, joined } = found;
    let (metrics, skipped) = scope::considered(plan, files, joined);
    let notes = files.iter().zip(ledgers).zip(samples).zip(&plan.requests);
    Inspection {
        schema: SCHEMA,
        as_of: joined.map(|joined| Instant(joined.as_of)),
        files: notes
            .map(|(((file, ledger), samples), request)| {
                file_note(plan, files, &One { file, ledger, samples, request })
            })
            .collect(),
        unread,
        join: joined.map(|joined| joined.join.clone()).unwrap_or_default(),
        journey: joined.map(|joined| joined.stages.summary()).unwrap_or_default(),
        caveats: joined.map(|joined| caveats::all(plan, files, joined)).unwrap_or_default(),
        metrics: metrics.iter().map(|metric| heading(plan, metric)).collect(),
        skipped: Counts(skipped),
        dimensions: scope::dimensions(files),
    }
}

/// The presets, for the list of them.
pub fn preset_notes<'a>(presets: impl Iterator<Item = &'a SharedPreset>) -> Vec<PresetNote> {
    presets.map(|preset| preset_note(preset)).collect()
}

fn preset_note(preset: &Preset) -> PresetNote {
    PresetNote {
        name: preset.name.clone(),
        kind: preset.kind.to_string(),
        evidence: preset.evidence.to_string(),
        title: preset.title.clone(),
        source: preset.source.clone(),
        note: preset.note.clone(),
        path: preset.path.clone(),
    }
}

/// One file with all that is known of it.
struct One<'a> {
    file: &'a Opened,
    ledger: &'a FileLedger,
    samples: &'a [Sample],
    request: &'a Request,
}

fn file_note(plan: &Plan, files: &[Opened], one: &One<'_>) -> FileNote {
    let (file, mapping) = (one.file, &one.file.mapping);
    let constants = mapping.shape.fields.iter().filter_map(|(field, shaped)| match &shaped.from {
        From::Constant(value) => Some((field.as_str().to_owned(), value.clone())),
        _ => None,
    });
    FileNote {
        source: source(file, one.ledger),
        format: file.format.as_str(),
        sheet: file.format.sheet().map(str::to_owned),
        encoding: file.shown.encoding().to_string(),
        delimiter: (file.format == Format::Csv).then_some(match file.delimiter {
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "bar",
            _ => "comma",
        }),
        layout: (mapping.kind == Kind::Surveys).then_some(match mapping.layout {
            Layout::Long => "long",
            Layout::Wide => "wide",
        }),
        header_rows: mapping.shape.rules().map_or(1, |rules| rules.header_rows),
        read_by: mapping.shape.preset.as_ref().map(|preset| {
            let asked = one.request.said.preset.is_some();
            let known_by = if asked { Vec::new() } else { known_by(preset, mapping) };
            ReadBy { preset: preset_note(preset), known_by }
        }),
        timezone: timezone(plan, one),
        dates: one.ledger.dates.clone(),
        decimal: decimal(plan, one),
        constants: Counts(constants.collect()),
        columns: (0..mapping.header.len()).map(|column| column_note(plan, files, one, column)).collect(),
        advice: advice(plan, one),
    }
}

/// The columns by which a preset was known: where the first alone tells it, the questions too.
fn known_by(preset: &Preset, mapping: &Mapping) -> Vec<String> {
    let is_question = |field: &Option<Field>| field.is_some_and(|field| Field::QUESTIONS.contains(&field));
    let claimed = mapping.claimed.iter().zip(&mapping.header);
    let asks = claimed.filter(|(field, _)| preset.signature.is_weak() && is_question(field));
    let asks = asks.map(|(_, column)| column.as_str());
    preset.signature.found(&mapping.header).into_iter().chain(asks).map(str::to_owned).collect()
}

fn column_note(plan: &Plan, files: &[Opened], one: &One<'_>, column: usize) -> ColumnNote {
    let mapping = &one.file.mapping;
    let made = mapping
        .shape
        .fields
        .iter()
        .find(|(_, shaped)| !matches!(shaped.from, From::Status(..)) && shaped.is_made_of(column));
    let field = mapping.claimed[column].or(made.map(|(field, _)| *field));
    let words = |field: Field| CellType::of(field) == Some(CellType::Word);
    let name = &mapping.names[column];
    let dimension = match mapping.claimed[column] {
        Some(field) => words(field).then(|| field.as_str().to_owned()),
        None => scope::column_dimension(files, one.file, name),
    };
    let is_time = field.is_some_and(Field::is_time);
    let zone = mapping.zone(column).filter(|_| is_time);
    ColumnNote {
        column: mapping.header[column].clone(),
        field: field.map(|field| field.as_str().to_owned()),
        is_test: field.is_none() && mapping.shape.is_test(column),
        samples: shown_samples(plan, one, column),
        timezone: zone.map(|zone| zone.name().to_owned()),
        dimension,
    }
}

/// The samples of a column as they may be shown: what somebody is known by only as messages show it, and nothing of what
/// somebody may have written.
fn shown_samples(plan: &Plan, one: &One<'_>, column: usize) -> Vec<String> {
    let mapping = &one.file.mapping;
    let Some(sample) = one.samples.get(column) else { return Vec::new() };
    let names_a_person = vocabulary().names_a_person(&mapping.names[column]);
    let is_text =
        mapping.is_comment(column) || names_a_person && mapping.claimed[column] != Some(Field::Customer);
    let is_free = sample.is_free && mapping.claimed[column].is_none() && !mapping.shape.is_source(column);
    if is_text || is_free {
        return Vec::new();
    }
    let shown = |value: &String| {
        let is_personal = mapping.is_personal(column) || value.contains('@');
        if !is_personal {
            return value.clone();
        }
        let mut scratch = String::new();
        let key = key::normalise(value.as_bytes(), &mut scratch).map(String::from_utf8_lossy);
        key.map_or_else(|| value.clone(), |key| plan.keys.shown(&key))
    };
    sample.values.iter().map(shown).collect()
}

/// The zone of times that name none, where some column of times has no zone of its own.
fn timezone(plan: &Plan, one: &One<'_>) -> Option<Said> {
    let mapping = &one.file.mapping;
    let claimed = mapping.claimed.iter().enumerate();
    let mut times = claimed.filter(|(_, field)| field.is_some_and(Field::is_time));
    times.find(|(column, _)| mapping.zone(*column).is_none())?;
    let own = one.request.said.zone.map(|zone| (zone, "the config"));
    let of_preset = || Some((mapping.shape.rules()?.zone?, "the preset"));
    let zone = plan.reading.zone;
    let of_run = (zone, if zone == chrono_tz::Tz::UTC { "default" } else { "--tz" });
    let (zone, by) = own.or_else(of_preset).unwrap_or(of_run);
    Some(Said { value: zone.name().to_owned(), by })
}

/// The decimal mark, where the file has numbers with decimals.
fn decimal(plan: &Plan, one: &One<'_>) -> Option<Said> {
    let mapping = &one.file.mapping;
    let numbers = [Field::Amount, Field::Refunded, Field::Mrr, Field::Score, Field::Csat, Field::Ces];
    numbers.iter().find(|field| mapping.has(**field))?;
    let said = plan.reading(one.request).decimal;
    let said = said.map(|mark| (if mark == Decimal::Comma { ',' } else { '.' }, "--decimal"));
    let of_preset = || Some((mapping.shape.rules()?.decimal?, "the preset"));
    let of_file = || Some((one.file.decimal?, "its numbers"));
    let usual = (if one.file.delimiter == b';' { ',' } else { '.' }, "default");
    let (mark, by) = said.or_else(of_preset).or_else(of_file).unwrap_or(usual);
    Some(Said { value: mark.to_string(), by })
}

/// What a kind of export is of little use without, and what is lost.
fn useful(kind: Kind) -> &'static [(Field, &'static str)] {
    const CUSTOMER: (Field, &str) = (Field::Customer, "its rows join with nothing");
    const CHANNEL: (Field, &str) = (Field::Channel, "it cannot be broken down by channel");
    match kind {
        Kind::Surveys => &[CUSTOMER, CHANNEL],
        Kind::Tickets => &[CUSTOMER, CHANNEL, (Field::ResolvedAt, "no ticket has an end")],
        Kind::Purchases => &[
            (Field::Order, "every row is an order of its own"),
            (Field::Amount, "no spend is known"),
            CHANNEL,
        ],
        Kind::Subscriptions | Kind::Customers => &[],
    }
}

/// What to type where something is missing or was only guessed.
fn advice(plan: &Plan, one: &One<'_>) -> Vec<String> {
    let (file, mapping) = (one.file, &one.file.mapping);
    let kind = mapping.kind;
    let mut advice = Vec::new();
    for (field, lost) in useful(kind).iter().filter(|(field, _)| !mapping.has(*field)) {
        let is_near = |column: &usize| {
            mapping.claimed[*column].is_none() && vocabulary().hints_at(kind, *field, &mapping.names[*column])
        };
        let near = (0..mapping.header.len()).find(is_near);
        let column = near.map_or("COLUMN", |column| mapping.names[column].as_str());
        advice.push(format!(
            "no column is the {}, so that {lost}; if one is, pass --map {kind}.{field}={column}",
            field.noun()
        ));
    }
    if plan.options(one.request).encoding.is_none() && file.shown.encoding() == Encoding::Windows1252 {
        advice.push(
            "it is not UTF-8 and was read as windows-1252; pass --encoding NAME if it is another".to_owned(),
        );
    }
    advice
}
