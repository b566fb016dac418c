//! From the text of a preset to the preset, every name in it checked; it knows no file but the text's name.

mod rule;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Evidence, FileRules, Joined, NamesRow, Place, Preset, Several, Signature, Status};
use crate::document::line_of;
use crate::error::{Error, Result};
use crate::source::beside::{Beside, Rest};
use crate::source::field::{Field, Kind};
use crate::text;
use rule::{WrittenDrop, WrittenWhen};

/// A preset as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    kind: Spanned<String>,
    evidence: Evidence,
    source: String,
    note: Option<String>,
    #[serde(default)]
    signature: Signature,
    #[serde(default)]
    part: bool,
    beside: Option<Spanned<Rest>>,
    file: Option<Spanned<FileRules>>,
    columns: Option<BTreeMap<Key, Place>>,
    #[serde(default)]
    constants: BTreeMap<Key, String>,
    status: Option<Status>,
    #[serde(default)]
    scale: BTreeMap<Key, String>,
    #[serde(default)]
    labels: BTreeMap<Key, BTreeMap<String, Value>>,
    #[serde(default)]
    when: Vec<WrittenWhen>,
    #[serde(default)]
    drop: Vec<WrittenDrop>,
}

/// A name and where it stands.
type Key = Spanned<String>;

/// What a word stands for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Number(i64),
    Text(String),
}

impl Preset {
    /// Reads a preset. `file` is what a message calls its text.
    ///
    /// # Errors
    /// When it is no TOML, or a key or a name in it is not known.
    pub fn read(name: &str, file: &str, text: &str) -> Result<Preset> {
        let at = |start: usize, cause: String| {
            let line = line_of(text, start);
            Error::usage(format!("preset `{file}`: line {line}: {cause}"))
        };
        let written: Written = toml::from_str(text).map_err(|cause| {
            at(cause.span().map_or(0, |span| span.start), cause.message().replace('\n', " "))
        })?;
        let known = |name: Spanned<String>, is: &dyn Fn(&str) -> Found<Field>| {
            is(name.get_ref()).map_err(|cause| at(name.span().start, cause))
        };
        let kind = kind(written.kind.get_ref()).map_err(|cause| at(written.kind.span().start, cause))?;
        let field = |name: Spanned<String>| known(name, &|name| field(kind, name));
        let columns = match (written.columns, written.part) {
            (None, false) => return Err(at(0, "missing field `columns`".to_owned())),
            (columns, _) => columns.unwrap_or_default(),
        };
        let place = |(name, place): (Key, Place)| {
            let start = name.span().start;
            let field = field(name)?;
            let is_product = matches!(place, Place::Several(Several::Product(_)));
            let cause = || format!("`{field}` is no amount, so that it can be no product");
            if is_product && !field.is_money() { Err(at(start, cause())) } else { Ok((field, place)) }
        };
        let whens = written.when.into_iter().map(|written| written.rule(at, place));
        let constants = written.constants.into_iter().map(|(name, value)| Ok((field(name)?, value)));
        let scale = written.scale.into_iter().map(|(name, ends)| Ok((known(name, &question)?, ends)));
        let labels = written.labels.into_iter().map(|(name, words)| {
            let start = name.span().start;
            let (field, words) = (field(name)?, lower_words(words));
            check_labels(field, &words).map_err(|cause| at(start, cause))?;
            Ok((field, words))
        });
        let drops = written.drop.into_iter().map(|written| written.rule(at));
        let beside_at = written.beside.as_ref().map_or(0, |beside| beside.span().start);
        let beside = match (written.beside.map(Spanned::into_inner), written.part) {
            (None, false) => Beside::Nothing,
            (None, true) => Beside::Part,
            (Some(rest), false) if !rest.by.is_empty() => Beside::Rest(rest),
            (Some(_), false) => return Err(at(beside_at, "`by` names no column".to_owned())),
            (Some(_), true) => return Err(at(beside_at, "a part has no `[beside]` of its own".to_owned())),
        };
        let rules_at = written.file.as_ref().map_or(0, |file| file.span().start);
        let preset = Preset {
            name: name.to_owned(),
            title: written.title,
            kind,
            evidence: written.evidence,
            source: written.source,
            note: written.note,
            signature: written.signature,
            beside,
            file: written.file.map(Spanned::into_inner).unwrap_or_default(),
            columns: columns.into_iter().map(place).collect::<Result<_>>()?,
            constants: constants.collect::<Result<_>>()?,
            status: written.status,
            scale: scale.collect::<Result<_>>()?,
            labels: labels.collect::<Result<_>>()?,
            whens: whens.collect::<Result<_>>()?,
            drops: drops.collect::<Result<_>>()?,
            text: text.to_owned(),
            path: None,
        };
        preset.check().map_err(|cause| at(rules_at, cause))?;
        Ok(preset)
    }

    /// Checks what the parts of a preset ask of each other.
    fn check(&self) -> Found<()> {
        let rows = self.file.header_rows;
        let is_row = |row: usize| (1..=rows).contains(&row);
        let named = match self.file.names {
            NamesRow::Row(row) => is_row(row),
            NamesRow::Joined(Joined::Joined) => rows == 2,
        };
        if !(1..=MOST_HEADER_ROWS).contains(&rows) || !named || !self.file.labels.is_none_or(is_row) {
            return Err(format!(
                "`header_rows` is 1 to {MOST_HEADER_ROWS}, `names` and `labels` are of these rows, \
                 and joined names take two"
            ));
        }
        if rows > 1 && self.beside.rest().is_some() {
            return Err("an export with `[beside]` has one header row".to_owned());
        }
        if self.file.decimal.is_some_and(|mark| !matches!(mark, '.' | ',')) {
            return Err("`decimal` is \".\" or \",\"".to_owned());
        }
        if self.file.dates.as_deref().is_some_and(|order| !matches!(order, "dmy" | "mdy")) {
            return Err("`dates` is \"dmy\" or \"mdy\"".to_owned());
        }
        Ok(())
    }
}

/// As many rows as any known export has above its data.
pub const MOST_HEADER_ROWS: usize = 3;

type Found<T> = std::result::Result<T, String>;

fn kind(name: &str) -> Found<Kind> {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    Kind::named(name).ok_or_else(|| format!("`{name}` is no kind of export; use {}", text::either(&names)))
}

fn field(kind: Kind, name: &str) -> Found<Field> {
    let alias = (kind, name) == (Kind::Customers, Field::Alias.as_str());
    Field::named(kind, name).or(alias.then_some(Field::Alias)).ok_or_else(|| {
        let names = Field::of(kind).iter().map(|field| field.as_str());
        let near = text::nearest(name, names).first().map(|near| format!("; `{near}` is one"));
        format!("`{name}` is no field of {kind}{}", near.unwrap_or_default())
    })
}

/// A ticket's rating answers a question too, so that a scale is not that of a field of the kind.
fn question(name: &str) -> Found<Field> {
    let known = Field::QUESTIONS.iter().copied().find(|field| field.as_str() == name);
    known.ok_or_else(|| format!("`{name}` is no question with a scale; use nps, csat or ces"))
}

fn lower_words(words: BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let value = |value| match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text,
    };
    words.into_iter().map(|(word, stands_for)| (word.trim().to_lowercase(), value(stands_for))).collect()
}

/// Holds what words stand for to what the field is: scores are numbers, ratings those or words that are known.
fn check_labels(field: Field, words: &BTreeMap<String, String>) -> Found<()> {
    const RATINGS: [&str; 4] = ["good", "bad", "offered", "unoffered"];
    let is_number = |text: &str| text.parse().is_ok_and(f64::is_finite);
    let wanted = match field {
        Field::Nps | Field::Csat | Field::Ces | Field::Score => "a number".to_owned(),
        Field::Rating => format!("{} or a number", RATINGS.join(", ")),
        _ => return Ok(()),
    };
    let is_known = |text: &str| field == Field::Rating && RATINGS.contains(&text);
    let odd = words.iter().find(|(_, stands_for)| !is_number(stands_for) && !is_known(stands_for));
    odd.map_or(Ok(()), |(word, stands_for)| {
        Err(format!("`{word}` stands for `{stands_for}` in the labels of `{field}`, where {wanted} belongs"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "
        title = 'A tool'
        kind = 'tickets'
        evidence = 'B'
        source = 'made up'
        [columns]
        created_at = { joined = ['Date', 'Time'] }
        ticket = ['Id', 'Number']
        customer = 'Mail'
        [labels.rating]
        Great = 'good'
        [[drop]]
        as = 'spam'
        column = 'Tags'
        holds = ['spam']
    ";

    fn refused(from: &str, to: &str) -> String {
        let error = Preset::read("tool", "tool.toml", &SOUND.replace(from, to)).unwrap_err();
        assert_eq!(error.status(), 2);
        error.to_string()
    }

    #[test]
    fn reads_what_is_written() {
        let preset = Preset::read("tool", "tool.toml", SOUND).unwrap();
        assert_eq!((preset.kind, preset.evidence), (Kind::Tickets, Evidence::B));
        assert_eq!(preset.labels[&Field::Rating]["great"], "good");
        assert!(preset.drops[0].rows.test.holds("vip spam") && !preset.drops[0].rows.test.holds("spammy"));
    }

    #[test]
    fn unknown_names_are_errors_that_say_where() {
        assert!(refused("kind = 'tickets'", "kind = 'ticket'").contains("`ticket` is no kind of export"));
        assert!(refused("customer =", "custmer =").contains("`custmer` is no field of tickets; `customer`"));
        assert!(refused("as = 'spam'", "as = 'junk'").contains("cannot be dropped as `junk`"));
        assert!(refused("holds = ", "hold = ").starts_with("preset `tool.toml`: line "));
        assert!(refused("holds = ['spam']", "").contains("by one of `is`"));
        assert!(
            refused("Great = 'good'", "Great = 'fine'")
                .contains("line 10: `great` stands for `fine` in the labels of `rating`, where good, bad, offered, unoffered or a number belongs")
        );
        let survey = SOUND
            .replace("'tickets'", "'surveys'")
            .replace("created_at", "at")
            .replace("ticket = ", "response = ")
            .replace("labels.rating", "labels.csat");
        let read = |label: &str| Preset::read("tool", "tool.toml", &survey.replace("'good'", label));
        assert!(
            read("'good'")
                .unwrap_err()
                .to_string()
                .contains("in the labels of `csat`, where a number belongs")
        );
        assert_eq!(read("55").unwrap().labels[&Field::Csat]["great"], "55");
        assert!(
            refused("[columns]", "[file]\nheader_rows = 2\nnames = 3\n[columns]").contains("header_rows")
        );
        assert!(refused("customer = 'Mail'", "customer = { product = ['a'] }").contains("no amount"));
        let list = "title='L'\nkind='customers'\nevidence='B'\nsource='made up'\n[columns]\ncustomer='Id'\n\
                    [[when]]\ncolumn='Type'\nblank=true\n[when.columns]\nalias=['Mail']";
        let error = Preset::read("list", "list.toml", list).unwrap_err();
        assert_eq!(
            error.to_string(),
            "preset `list.toml`: line 11: aliases stand in the same columns in every row"
        );
    }
}
