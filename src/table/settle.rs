//! The scale of each question, which only all its answers together can show. No parsing.

use std::collections::BTreeMap;

use super::collect::FileRows;
use super::reason::Reason;
use super::words::Words;
use crate::error::{Error, Result};
use crate::metric::{self, case::Question};
use crate::tally::{Scale, Score};

/// The scale of each question, by its name.
pub type Scales = BTreeMap<&'static str, Scale>;

/// What the answers of some files to a question show of its scale. Rows that came before count too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The question.
    pub question: &'static str,
    /// The scale that they are read on.
    pub scale: Scale,
    /// How many there are on the scale.
    pub n: u64,
    /// The lowest and the highest of them.
    pub lowest: Score,
    /// See `lowest`.
    pub highest: Score,
}

impl Seen {
    fn of(question: &'static str, scale: Scale, counts: &BTreeMap<i32, u64>) -> Seen {
        let none = Seen { question, scale, n: 0, lowest: scale.highest, highest: scale.lowest };
        let held = counts.range(scale.lowest.0..=scale.highest.0);
        held.fold(none, |seen, (score, n)| Seen {
            n: seen.n + n,
            lowest: seen.lowest.min(Score(*score)),
            highest: seen.highest.max(Score(*score)),
            ..seen
        })
    }

    /// What files show together, by question.
    pub fn together(files: &[FileRows]) -> Vec<Seen> {
        let mut by_question: BTreeMap<&str, Seen> = BTreeMap::new();
        for one in files.iter().flat_map(|file| &file.seen) {
            let all = by_question.entry(one.question).or_insert(Seen { n: 0, ..*one });
            all.n += one.n;
            all.lowest = all.lowest.min(one.lowest);
            all.highest = all.highest.max(one.highest);
        }
        by_question.into_values().collect()
    }
}

/// Finds the scale of each question in each file and rejects what is off it. `said` are the scales that the user
/// named, `metrics` the words of the metric columns.
///
/// # Errors
/// When two files use different scales for one question, or a file's answers fit two scales equally badly.
pub fn settle_scales(files: &mut [&mut FileRows], said: &Scales, metrics: Option<&Words>) -> Result<Scales> {
    let questions: Questions =
        metrics.map(|words| words.iter().map(metric::question).collect()).unwrap_or_default();
    let mut found: BTreeMap<&'static str, (Scale, String)> = BTreeMap::new();
    let mut has_off_scale = Vec::new();
    for file in files.iter_mut() {
        let mut is_off = false;
        // A question that nobody answered says nothing of its scale.
        let answered = count_scores(file, &questions).into_iter().filter(|(_, counts)| !counts.is_empty());
        for (question, counts) in answered {
            let scale = match said.get(question.name) {
                Some(scale) => *scale,
                None => likely_scale(question.name, question.scales, &counts, &file.name)?,
            };
            file.seen.push(Seen::of(question.name, scale, &counts));
            is_off |= counts.keys().any(|score| !scale.holds(Score(*score)));
            match found.get(question.name) {
                Some((other, name)) if *other != scale => {
                    return Err(two_scales(question.name, (scale, &file.name), (*other, name)));
                }
                _ => found.insert(question.name, (scale, file.name.clone())),
            };
        }
        has_off_scale.push(is_off);
    }
    let scales: Scales = found.into_iter().map(|(question, (scale, _))| (question, scale)).collect();
    let off = files.iter_mut().zip(has_off_scale).filter(|(_, is_off)| *is_off);
    off.for_each(|(file, _)| reject_off_scale(file, &questions, &scales));
    Ok(scales)
}

/// For each code of the metric columns the question it names.
type Questions = Vec<Option<&'static Question>>;

/// How often each score was given, by question. Two spellings of a name are one question.
fn count_scores(file: &FileRows, questions: &Questions) -> Vec<(&'static Question, BTreeMap<i32, u64>)> {
    let mut by_code: Vec<Counts> = vec![Counts::default(); questions.len()];
    for (code, score) in file.parts.iter().flat_map(|part| file.scores(part)).flatten() {
        if let Some(counts) = by_code.get_mut(code as usize) {
            counts.add(score);
        }
    }
    let by_code = by_code.into_iter().map(Counts::all);
    let mut counts: Vec<(&'static Question, BTreeMap<i32, u64>)> = Vec::new();
    let given = questions.iter().zip(by_code).filter(|(_, scores)| !scores.is_empty());
    for (question, scores) in given {
        let Some(question) = question else { continue };
        match counts.iter_mut().find(|(known, _)| known.name == question.name) {
            Some((_, known)) => {
                scores.into_iter().for_each(|(score, n)| *known.entry(score).or_insert(0) += n)
            }
            None => counts.push((question, scores)),
        }
    }
    counts
}

/// The narrowest scale that the answers fit. A few answers beyond it are errors; a fifth of them mean a wider
/// scale; anything between is for the user to say.
pub fn likely_scale(
    question: &str,
    scales: &[Scale],
    counts: &BTreeMap<i32, u64>,
    file: &str,
) -> Result<Scale> {
    let all: u64 = counts.values().sum();
    let above = |scale: &Scale| counts.range(scale.highest.0 + 1..).map(|(_, n)| n).sum::<u64>() as f64;
    for (scale, wider) in scales.iter().zip(scales.iter().skip(1)) {
        let share = (above(scale) - above(scales.last().unwrap_or(wider))) / all as f64;
        if share <= 0.05 {
            return Ok(*scale);
        }
        if share < 0.20 {
            return Err(no_clear_scale(question, (*scale, *wider), (share, counts), file));
        }
    }
    Ok(scales.last().copied().unwrap_or(Scale::new(0, 10)))
}

/// Between a twentieth and a fifth of the answers are above the scale and on a wider one.
fn no_clear_scale(
    question: &str,
    (scale, wider): (Scale, Scale),
    (share, counts): (f64, &BTreeMap<i32, u64>),
    file: &str,
) -> Error {
    let highest = counts.keys().next_back().map_or(0, |score| (score + 999) / 1000);
    let cause = format!("could not tell the scale of `{question}` in `{file}`");
    let [all, above] =
        [i32::MIN, scale.highest.0 + 1].map(|from| counts.range(from..).map(|(_, n)| n).sum::<u64>());
    let known = metric::question(question).and_then(|question| question.scales.last().copied());
    let beyond = known.map_or(0, |last| counts.range(last.highest.0 + 1..).map(|(_, n)| n).sum::<u64>());
    if beyond as f64 <= 0.05 * all as f64 {
        let cause =
            format!("{cause}: {:.0} % of its scores are above {}", 100.0 * share, scale.highest.value());
        return Error::export(cause)
            .hint(format!("pass --scale {question}={scale} or --scale {question}={wider}"));
    }
    let percent = 100.0 * above as f64 / all as f64;
    let cause =
        format!("{cause}: {percent:.0} % of its scores are above {}, up to {highest}", scale.highest.value());
    let lowest = i32::from(counts.keys().next().is_some_and(|score| *score >= 1000));
    match highest {
        ..=1000 => Error::export(cause).hint(format!(
            "name the scale that the question was asked on, e.g. --scale {question}={lowest}-{}",
            if (51..100).contains(&highest) { 100 } else { highest }
        )),
        _ => Error::export(cause).hint("name the column of scores with --map"),
    }
}

fn two_scales(question: &str, one: (Scale, &str), other: (Scale, &str)) -> Error {
    Error::export(format!(
        "`{question}` is on a scale of {} in `{}` and of {} in `{}`, and scales are never mixed under one metric",
        other.0, other.1, one.0, one.1
    ))
    .hint(format!("report the files apart, or name the scale of both with --scale {question}={}", one.0))
}

/// How often each score was given. Whole scores of the usual scales have a place each.
#[derive(Debug, Clone, Default)]
struct Counts {
    usual: [u64; 11],
    others: BTreeMap<i32, u64>,
}

impl Counts {
    fn add(&mut self, score: i32) {
        let place = usize::try_from(score / 1000).ok().filter(|_| score % 1000 == 0);
        match place.and_then(|place| self.usual.get_mut(place)) {
            Some(count) => *count += 1,
            None => *self.others.entry(score).or_insert(0) += 1,
        }
    }

    fn all(self) -> BTreeMap<i32, u64> {
        let usual = (0..).step_by(1000).zip(self.usual).filter(|(_, n)| *n > 0);
        self.others.into_iter().chain(usual).collect()
    }
}

fn reject_off_scale(file: &mut FileRows, questions: &Questions, scales: &Scales) {
    let scale =
        |question: &Option<&'static Question>| question.and_then(|question| scales.get(question.name));
    let by_code: Vec<Option<&Scale>> = questions.iter().map(scale).collect();
    let off_scale = |answer: Option<(u32, i32)>| {
        let (code, score) = answer?;
        by_code.get(code as usize).copied().flatten().filter(|scale| !scale.holds(Score(score)))
    };
    let mut lines = Vec::new();
    for part in &file.parts {
        let off = file.scores(part).zip(0..).filter(|(answer, _)| off_scale(*answer).is_some());
        lines.extend(off.map(|(_, row)| part.lines.line(row)));
    }
    lines.into_iter().for_each(|line| file.reject(line, Reason::ScoreOutOfRange));
}
