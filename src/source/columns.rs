//! What exports call their columns: the documented names of every field, read from `columns.toml`; it knows
//! names alone and never sees a whole header, a file or a cell.

mod persons;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde::Deserialize;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

pub use super::classify::{guess, recognise};
pub use super::field::MapFlag;
use super::field::{Field, Kind};
pub use super::mapping::{Layout, Mapping};
use persons::{Aliases, Private};

const DATA: &str = include_str!("columns.toml");

/// The names of every field, indexed for looking up.
#[derive(Debug)]
pub struct Vocabulary {
    names: HashMap<String, [Option<Sense>; Kind::ALL.len()], RandomState>,
    questions: Vec<(Field, Vec<String>)>,
    aliases: HashSet<String, RandomState>,
    private: Private<'static>,
}

/// What a name means in a kind of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// The field that it names.
    pub field: Field,
    /// How good the name is, 0 the best; `None` where it is fit for a hint only.
    pub tier: Option<u8>,
}

/// The tier of names that are worse than all others.
const LAST: u8 = u8::MAX;

/// `created_utc` without what says its zone.
fn without_zone(name: &str) -> Option<&str> {
    name.strip_suffix("_utc").or_else(|| name.strip_suffix("_gmt"))
}

/// The names that come with the program.
pub fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&data()));
    &VOCABULARY
}

impl Vocabulary {
    fn new(data: &Data<'static>) -> Self {
        let names = HashMap::with_capacity_and_hasher(2048, RandomState::default());
        let known = data.fields(Kind::Customers).flat_map(|(_, tiers)| tiers.iter().copied());
        let mut vocabulary = Vocabulary {
            names,
            questions: Vec::new(),
            aliases: data.aliases.names(known).map(key).collect(),
            private: data.private,
        };
        for &kind in Kind::ALL {
            for (field, tiers) in data.fields(kind) {
                for (tier, names) in (0..).zip(tiers) {
                    vocabulary.add(kind, names, Sense { field, tier: Some(tier) });
                }
            }
            for (name, names) in data.perhaps.get(kind.as_str()).into_iter().flatten() {
                if let Some(field) = Field::named(kind, name) {
                    vocabulary.add(kind, names, Sense { field, tier: None });
                }
            }
        }
        for &field in Field::QUESTIONS {
            let phrases =
                data.questions.get(field.as_str()).into_iter().flat_map(|text| text.split_whitespace());
            vocabulary.questions.push((field, phrases.map(folded).collect()));
        }
        vocabulary
    }

    fn add(&mut self, kind: Kind, names: &str, sense: Sense) {
        for name in names.split_whitespace() {
            self.names.entry(key(name)).or_default()[kind as usize] = Some(sense);
        }
    }

    /// What a normalised name means in the kind.
    pub fn sense(&self, kind: Kind, name: &str) -> Option<Sense> {
        let sense = |name: &str| self.names.get(&key(name)).and_then(|senses| senses[kind as usize]);
        // A name that says its zone is as good as none beside the same name without it.
        let bare =
            || sense(without_zone(name)?).map(|sense| Sense { tier: sense.tier.map(|_| LAST), ..sense });
        sense(name).or_else(bare)
    }

    /// In how many kinds a normalised name means something. Of what happened to customers there are three; beside them
    /// a subscription or the list of customers is known by all that is known of any.
    pub fn kinds(&self, kind: Kind, name: &str) -> usize {
        let rivals = if Kind::OF_CONTACTS.contains(&kind) { Kind::OF_CONTACTS } else { Kind::ALL };
        let known =
            |senses: &[Option<Sense>]| rivals.iter().filter(|kind| senses[**kind as usize].is_some()).count();
        let of = |name: &str| self.names.get(&key(name)).map_or(0, |senses| known(senses));
        match of(name) {
            // What it means it then means by the name without its zone.
            0 => without_zone(name).map_or(0, of),
            kinds => kinds,
        }
    }

    /// The survey question that a normalised name asks.
    pub fn question(&self, name: &str) -> Option<Field> {
        let name = folded(name);
        let asks = |phrases: &[String]| phrases.iter().any(|phrase| holds(&name, phrase));
        self.questions.iter().find(|(_, phrases)| asks(phrases)).map(|(field, _)| *field)
    }

    /// Whether a word of the name is one that a hint may offer for the field.
    pub fn hints_at(&self, kind: Kind, field: Field, name: &str) -> bool {
        let meant = |word: &str| self.sense(kind, word).is_some_and(|sense| sense.field == field);
        meant(name) || name.split('_').any(meant)
    }
}

/// Whether the parts of the phrase (between its `*`) stand in the name in that order.
fn holds(name: &str, phrase: &str) -> bool {
    let mut rest = Some(name);
    for part in phrase.split('*') {
        rest = rest.and_then(|text| text.find(part).map(|at| &text[at + part.len()..]));
    }
    rest.is_some()
}

/// A column's name as `--by` and `--map` know it: lower case, words joined by `_`, accents kept.
/// `CustomerId`, `Customer ID` and `customer_id` are one name.
pub fn normalise(name: &str) -> String {
    let letters: Vec<char> = name.nfc().collect();
    let mut text = String::with_capacity(name.len());
    for (i, &c) in letters.iter().enumerate() {
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            if !text.is_empty() && !text.ends_with('_') {
                text.push('_');
            }
            continue;
        }
        let before = i.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(i + 1);
        let hump = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || (b.is_alphanumeric() && after.is_some_and(|a| a.is_lowercase()))
            });
        if hump && !text.ends_with('_') {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text.truncate(text.trim_end_matches('_').len());
    text
}

/// A normalised name without its accents.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let mut text = String::with_capacity(name.len());
    for c in name.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ł' => text.push('l'),
            'ø' => text.push('o'),
            'đ' => text.push('d'),
            'ß' => text.push_str("ss"),
            'æ' => text.push_str("ae"),
            'œ' => text.push_str("oe"),
            _ => text.push(c),
        }
    }
    text
}

/// What names are compared by: a normalised name without accents and separators.
pub(super) fn key(name: &str) -> String {
    let mut text = folded(name);
    text.retain(|c| c != '_');
    text
}

type Tiers<'a> = Vec<&'a str>;

/// `columns.toml` as it is written: each tier is one text of names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data<'a> {
    #[serde(borrow)]
    every: BTreeMap<&'a str, Tiers<'a>>,
    #[serde(borrow)]
    kind: BTreeMap<&'a str, BTreeMap<&'a str, Tiers<'a>>>,
    #[serde(borrow)]
    questions: BTreeMap<&'a str, &'a str>,
    #[serde(borrow)]
    perhaps: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
    #[serde(borrow)]
    aliases: Aliases<'a>,
    #[serde(borrow)]
    private: Private<'a>,
}

impl<'a> Data<'a> {
    /// The fields of a kind that have names, in the order of [`Field::of`].
    fn fields(&self, kind: Kind) -> impl Iterator<Item = (Field, &Tiers<'a>)> {
        let own = self.kind.get(kind.as_str());
        Field::of(kind).iter().filter_map(move |&field| {
            let name = field.as_str();
            own.and_then(|fields| fields.get(name))
                .or_else(|| self.every.get(name))
                .map(|tiers| (field, tiers))
        })
    }
}

#[expect(
    clippy::expect_used,
    reason = "the text is part of the program, and every test that reads a header reads it"
)]
fn data() -> Data<'static> {
    toml::from_str(DATA).expect("columns.toml, which the tests read, is sound")
}

/// The page that documents the names, `docs/columns.md`.
pub fn page() -> String {
    let data = data();
    let mut page = INTRODUCTION.to_owned();
    for &kind in Kind::ALL {
        let _ = write!(page, "\n## {kind}\n\n| field | names, the best first |\n|---|---|\n");
        for (field, tiers) in data.fields(kind) {
            let tiers: Vec<String> = tiers.iter().map(|names| code(names)).collect();
            let star = if Field::required(kind).contains(&field) { "**" } else { "" };
            let _ = writeln!(page, "| {star}`{field}`{star} | {} |", tiers.join("; *else* "));
        }
    }
    page.push_str(&data.aliases.page());
    page.push_str(QUESTIONS);
    for (name, phrases) in &data.questions {
        let _ = writeln!(page, "| `{name}` | {} |", code(phrases));
    }
    page
}

fn code(names: &str) -> String {
    names.split_whitespace().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

const INTRODUCTION: &str = "\
# The names of columns

<!-- Written from src/source/columns.toml by a test: change the names there. -->

`cxm` knows what a column is by its name. Upper and lower case, separators and accents do not matter:
`Customer ID`, `customer_id` and `CustomerId` are one name. Names before an *else* win over names after it.
Two columns whose names are equally good are an error that lists them, and `--map surveys.at=COLUMN`
settles it; what `--map` says always wins, and `--map tickets.rating=` says that no column is the rating.
Required fields are in bold. Every other column stays available to `--by` under its own name.
";

const QUESTIONS: &str = "
## Questions

A survey is *long* when it has a `metric` and a `score` column, and *wide* when it has a column for each
question instead. A column is also a question's when its name holds one of these; `*` stands for any words.

| field | words in the name |
|---|---|
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_of_the_data_has_one_meaning_in_its_kind() {
        let data = data();
        let known =
            |kind: &str, field: &str| Kind::named(kind).and_then(|kind| Field::named(kind, field)).is_some();
        assert!(data.every.keys().all(|name| Kind::ALL.iter().any(|kind| known(kind.as_str(), name))));
        assert!(data.questions.keys().all(|name| known("surveys", name)));
        for (kind, fields) in &data.kind {
            assert!(fields.keys().all(|name| known(kind, name)), "an unknown field of {kind}");
        }
        for (kind, fields) in &data.perhaps {
            assert!(fields.keys().all(|name| known(kind, name)), "an unknown field of {kind}");
        }
        assert!(Kind::ALL.iter().all(|kind| data.fields(*kind).count() == Field::of(*kind).len()));
        for &kind in Kind::ALL {
            let perhaps = data.perhaps.get(kind.as_str()).into_iter().flat_map(BTreeMap::values);
            let names = data.fields(kind).flat_map(|(_, tiers)| tiers).chain(perhaps);
            let mut seen = BTreeSet::new();
            for name in names.flat_map(|names| names.split_whitespace()) {
                assert!(seen.insert(key(name)), "`{name}` of {kind} is there twice");
            }
        }
    }

    #[test]
    fn the_data_is_written_in_normalised_names() {
        let data = data();
        let tiers = data.every.values().chain(data.kind.values().flat_map(BTreeMap::values)).flatten();
        let names = tiers.chain(data.perhaps.values().flat_map(BTreeMap::values));
        let phrases = data.questions.values().flat_map(|text| text.split(['*', ' ', '\n']));
        for name in names.flat_map(|text| text.split_whitespace()).chain(phrases) {
            assert_eq!(normalise(name), name);
        }
    }

    #[test]
    fn one_name_for_all_its_spellings() {
        for name in ["Customer ID", "customer_id", "CustomerId", "CustomerID", " customer-id ", "CUSTOMER ID"]
        {
            assert_eq!(normalise(name), "customer_id");
        }
        for (name, is) in [
            ("Created (UTC)", "created_utc"),
            ("NPSScore", "nps_score"),
            ("Q12_1", "q12_1"),
            ("Q1Score", "q1_score"),
            ("B2B", "b2b"),
            ("Cre\u{301}e\u{301} le", "créé_le"),
            ("Größe", "größe"),
            ("# !", ""),
        ] {
            assert_eq!(normalise(name), is);
            assert_eq!(normalise(is), is);
        }
        assert_eq!(key("źródło_größe"), "zrodlogrosse");
    }

    #[test]
    fn a_name_may_say_its_zone_and_gives_way_to_one_that_does_not() {
        let tier = |name: &str| {
            let sense = vocabulary().sense(Kind::Tickets, name);
            sense.filter(|sense| sense.field == Field::CreatedAt).and_then(|sense| sense.tier)
        };
        assert_eq!((tier("created_utc"), tier("date_created_gmt")), (Some(LAST), Some(LAST)));
        assert!(
            tier("date_created") < Some(LAST) && vocabulary().kinds(Kind::Purchases, "date_created_gmt") > 0
        );
        assert_eq!(tier("utc"), None);
    }

    #[test]
    fn a_question_is_known_by_its_words() {
        let asks = |text: &str| vocabulary().question(&normalise(text));
        assert_eq!(asks("How likely is it that you would recommend us to a friend?"), Some(Field::Nps));
        assert_eq!(asks("1. How satisfied are you with our service?"), Some(Field::Csat));
        assert_eq!(asks("How easy was it to get help?"), Some(Field::Ces));
        assert_eq!(asks("Do you recommend books? How likely?"), None);
    }
}
