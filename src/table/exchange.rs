//! Amounts in several currencies become amounts in one: converted where there are rates, else marked as not counting.

use std::collections::BTreeMap;

use super::batch::Part;
use super::column::{BLANK, Column};
use super::exports::Exports;
use super::rates::{Quote, Target, code};
use super::value::number::MOST_MONEY;
use super::words::NONE;
use crate::error::{Error, Result};
use crate::source::field::{Field, Kind};
use crate::text;

/// What became of the amounts of purchases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The currency that they are in now.
    pub target: String,
    /// How many were converted, by currency, with the rate.
    pub converted: BTreeMap<String, (u64, String)>,
    /// The file of the rates, if there was one.
    pub file: Option<String>,
    /// How many do not count, by currency.
    pub left_out: BTreeMap<String, u64>,
    /// How many name no currency, where others do, and are taken as they are.
    pub unstated: u64,
    /// The sign that they bear, which is that of several currencies.
    pub sign: Option<String>,
    /// For each code of a currency whether its amounts do not count.
    foreign: Vec<bool>,
}

impl Exchange {
    /// Whether an amount in that currency, by the code of its word, does not count.
    pub fn is_foreign(&self, code: u32) -> bool {
        self.foreign.get(code as usize).copied().unwrap_or(false)
    }

    /// Whether some amounts do not count.
    pub fn leaves_out(&self) -> bool {
        !self.left_out.is_empty()
    }
}

/// What is to be done with the amounts in one currency.
enum Course<'a> {
    Keep,
    Convert(&'a Quote),
    LeaveOut,
    /// There are rates, and none for it.
    Refuse,
}

/// Makes all amounts of the purchases amounts in the target, or marks what does not count.
///
/// # Errors
/// When there are rates, and none for a currency of a purchase; when no purchase is in the target and there are no
/// rates; when a converted amount is out of reach.
pub fn exchange(exports: &mut Exports, target: &Target) -> Result<()> {
    let words: Vec<String> = exports
        .words
        .of(Field::Currency.as_str())
        .map(|words| words.iter().map(code).collect())
        .unwrap_or_default();
    let courses: Vec<Course<'_>> = words.iter().map(|word| course(word, target)).collect();
    let mut found = Found { counts: vec![0; words.len()], unstated: 0 };
    if let Some(stack) = exports.stacks.iter_mut().find(|stack| stack.kind == Kind::Purchases) {
        let places = [Field::Currency, Field::Amount, Field::Refunded].map(|field| stack.field(field));
        let mut parts = stack.parts_mut().iter_mut();
        parts.try_for_each(|part| found.convert(part, places, &courses, &words, target))?;
    }
    let used = |code: &usize| found.counts[*code] > 0;
    let mut done = Exchange { target: target.code.clone(), ..Exchange::default() };
    done.file = target.rates.as_ref().map(|rates| rates.file.clone());
    for code in (0..words.len()).filter(used) {
        let (word, n) = (words[code].clone(), found.counts[code]);
        match courses[code] {
            Course::Convert(quote) => done.converted.entry(word).or_insert((0, quote.text.clone())).0 += n,
            Course::LeaveOut => *done.left_out.entry(word).or_default() += n,
            Course::Keep | Course::Refuse => {}
        }
    }
    let is_there = (0..words.len()).filter(used).any(|code| words[code] == target.code);
    if !is_there && done.leaves_out() {
        let others: Vec<&String> = done.left_out.keys().collect();
        return Err(Error::export(format!(
            "no purchase is in {} (found {})",
            target.code,
            text::list(&others)
        ))
        .hint(format!("pass --currency {}, or the rates of exchange with --rates FILE", others[0])));
    }
    done.sign = exports.sign.take();
    let is_told = done.sign.is_some() || found.counts.iter().any(|n| *n > 0);
    done.unstated = if is_told { found.unstated } else { 0 };
    done.foreign = courses.iter().map(|course| matches!(course, Course::LeaveOut)).collect();
    drop(courses);
    exports.exchange = Some(done);
    Ok(())
}

fn course<'a>(word: &str, target: &'a Target) -> Course<'a> {
    if word == target.code {
        return Course::Keep;
    }
    match &target.rates {
        None => Course::LeaveOut,
        Some(rates) => rates.of(word).map_or(Course::Refuse, Course::Convert),
    }
}

/// The amounts that were met, by the code of their currency.
struct Found {
    counts: Vec<u64>,
    unstated: u64,
}

impl Found {
    /// Converts the amounts of a part's rows that can be used.
    fn convert(
        &mut self,
        part: &mut Part,
        [currency, amount, refunded]: [Option<usize>; 3],
        courses: &[Course<'_>],
        words: &[String],
        target: &Target,
    ) -> Result<()> {
        let codes = part.codes(currency).clone();
        for row in 0..part.len() {
            if !part.is_used(row) {
                continue;
            }
            let code = codes.get(row);
            let has_amount = part.longs(amount).get(row).is_some_and(|amount| *amount != BLANK);
            let Some(course) = courses.get(code as usize) else {
                self.unstated += u64::from(has_amount && code == NONE);
                continue;
            };
            self.counts[code as usize] += u64::from(has_amount);
            let word = &words[code as usize];
            match course {
                Course::Convert(quote) => {
                    for column in [amount, refunded].into_iter().flatten() {
                        change(part, column, row, quote).ok_or_else(|| out_of_reach(word, quote, target))?;
                    }
                }
                Course::Refuse => return Err(without_rate(word, target)),
                Course::Keep | Course::LeaveOut => {}
            }
        }
        Ok(())
    }
}

/// Converts one cell; none where the result is out of reach. Neither a blank nor `yes`, which pays all back, is an
/// amount.
fn change(part: &mut Part, column: usize, row: usize, quote: &Quote) -> Option<()> {
    if let Some(Column::Long(values)) = part.columns.get_mut(column)
        && let Some(value) = values.get_mut(row)
        && *value != BLANK
        && *value != i64::MAX
    {
        *value = quote.rate.convert(*value).filter(|value| value.unsigned_abs() <= MOST_MONEY)?;
    }
    Some(())
}

fn without_rate(word: &str, target: &Target) -> Error {
    let file = target.rates.as_ref().map_or("", |rates| &rates.file);
    Error::export(format!("`{file}` has no rate for {word}, which purchases are in"))
        .hint(format!("add a line such as {word},0.92: how many {} one {word} is worth", target.code))
}

fn out_of_reach(word: &str, quote: &Quote, target: &Target) -> Error {
    let file = target.rates.as_ref().map_or("", |rates| &rates.file);
    Error::export(format!("an amount in {word} is too large at the rate of {} in `{file}`", quote.text))
        .hint(format!("see whether the rate says how many {} one {word} is worth", target.code))
}
