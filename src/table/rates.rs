//! The currency that amounts are to be in, and what one unit of each other one is worth in it: `--currency`, `--rates`.
//! Knows no table.

use std::collections::BTreeMap;

use super::value::blank;
use super::value::number::Decimal;
use super::value::rate::Rate;
use crate::error::{Error, Result};
use crate::source::columns::normalise;
use crate::source::input::Input;
use crate::source::records::{Options, Reader};
use crate::text;

/// The currency in which amounts are added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its code, in capitals.
    pub code: String,
    /// What the others are worth; without them, amounts in the others do not count.
    pub rates: Option<Rates>,
}

/// What one unit of each currency is worth in another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    /// The name of their file.
    pub file: String,
    of: BTreeMap<String, Quote>,
}

/// One rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What to multiply with.
    pub rate: Rate,
    /// The same as it is written, with a point.
    pub text: String,
}

/// A currency by which spellings are compared: `eur ` is `EUR`.
pub fn code(word: &str) -> String {
    word.trim().to_uppercase()
}

impl Rates {
    /// Reads a CSV with the columns `currency` and `rate`: how many units of the `target` one unit is worth.
    ///
    /// # Errors
    /// When it cannot be read, lacks a column, or has a rate that is none, a second one for a currency, or one for the
    /// target that is not 1.
    pub fn read(input: &Input, target: &str) -> Result<Rates> {
        let mut reader = Reader::open(input, Options::default())?;
        let file = input.display().to_string();
        let column = |name: &str| {
            let found = reader.header().iter().position(|found| normalise(found) == name);
            found.ok_or_else(|| lacking(&file, name, reader.header(), target))
        };
        let (currency, rate) = (column("currency")?, column("rate")?);
        let decimal = if reader.delimiter() == b';' { Decimal::Comma } else { Decimal::Point };
        let mut of: BTreeMap<String, Quote> = BTreeMap::new();
        while let Some(record) = reader.read()? {
            let line = record.line();
            let wrong = |what: String| Error::export(format!("line {line} of `{file}` {what}"));
            let cell = |column: usize| {
                let cell = if column < record.len() { record.field(column) } else { Default::default() };
                String::from_utf8_lossy(blank::trim(&cell)).into_owned()
            };
            let (word, written) = (code(&cell(currency)), cell(rate));
            if word.is_empty() {
                return Err(wrong("names no currency".to_owned()));
            }
            let Some(rate) = Rate::parse(written.as_bytes(), decimal) else {
                return Err(wrong(format!("has `{written}` for {word}, which is no rate above zero"))
                    .hint(format!("write how many {target} one {word} is worth, such as 0.92")));
            };
            if word == target && !rate.is_one() {
                return Err(wrong(format!("says that one {word} is worth {written} {target}"))
                    .hint("give the rates in the currency of --currency: how many of it one unit is worth"));
            }
            let text = if decimal == Decimal::Comma { written.replace(',', ".") } else { written };
            if of.insert(word.clone(), Quote { rate, text }).is_some() {
                return Err(wrong(format!("gives {word} a second rate")).hint("leave one of the two out"));
            }
        }
        Ok(Rates { file, of })
    }

    /// The rate of a currency, by its [`code`].
    pub fn of(&self, currency: &str) -> Option<&Quote> {
        self.of.get(currency)
    }
}

fn lacking(file: &str, name: &str, header: &[String], target: &str) -> Error {
    let found = text::quoted(header, 6);
    Error::export(format!("`{file}` has no column `{name}` (found {found})")).hint(format!(
        "write a CSV with the columns currency,rate: how many {target} one unit of each is worth"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Rates> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Rates::read(&Input::file(file.path()), "EUR").map(|rates| Rates { file: String::new(), ..rates })
    }

    fn refused(text: &str) -> String {
        let message = read(text).unwrap_err().to_string();
        let (before, after) = message.split_once('`').unwrap();
        // The file has a name of its own.
        format!("{before}FILE{}", after.split_once('`').unwrap().1)
    }

    #[test]
    fn rates_of_every_form() {
        let rates = read("currency,rate\nusd,0.92\n GBP ,1.17\nEUR,1\n").unwrap();
        assert_eq!(rates.of("USD").map(|quote| quote.text.as_str()), Some("0.92"));
        assert_eq!(rates.of("GBP").and_then(|quote| quote.rate.convert(100)), Some(117));
        assert_eq!(rates.of("JPY"), None);
        let rates = read("\u{feff}Rate;Currency\r\n0,92;USD\r\n").unwrap();
        assert_eq!(rates.of("USD").map(|quote| quote.text.as_str()), Some("0.92"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let below = |rows: &str| refused(&format!("currency,rate\n{rows}"));
        assert_eq!(
            below("USD,0.9\nGBP,-1\n"),
            "line 3 of FILE has `-1` for GBP, which is no rate above zero"
        );
        assert_eq!(below("USD,0\n"), "line 2 of FILE has `0` for USD, which is no rate above zero");
        assert_eq!(below("USD,NaN\n"), "line 2 of FILE has `NaN` for USD, which is no rate above zero");
        assert_eq!(below("USD,\n"), "line 2 of FILE has `` for USD, which is no rate above zero");
        assert_eq!(below("USD,1\nusd,1\n"), "line 3 of FILE gives USD a second rate");
        assert_eq!(below(",1\n"), "line 2 of FILE names no currency");
        assert_eq!(below("EUR,1.08\n"), "line 2 of FILE says that one EUR is worth 1.08 EUR");
        assert_eq!(
            refused("currency,value\nUSD,1\n"),
            "FILE has no column `rate` (found `currency` and `value`)"
        );
    }
}
