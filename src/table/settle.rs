//! What only all files of a kind together can show: the scale of a question, duplicates, updates. No parsing.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use std::collections::BTreeMap;

use super::batch::Batch;
use super::column::{BLANK, Column};
use super::read::own_id;
use super::reason::Reason;
use super::words::{self, Words};
use crate::error::{Error, Result};
use crate::metric::case::Question;
use crate::source::field::{Field, Kind};
use crate::tally::{Scale, Score};

/// A file's batch with the name it goes by in messages.
#[derive(Debug)]
pub struct FileBatch {
    /// The name for messages.
    pub name: String,
    /// Its rows.
    pub batch: Batch,
}

/// The scale of each question, by its name.
pub type Scales = BTreeMap<&'static str, Scale>;

/// Finds the scale of each question in each file and rejects what is off it. `said` are the scales that the user
/// named.
///
/// # Errors
/// When two files use different scales for one question, or a file's answers fit two scales equally badly.
pub fn settle_scales(files: &mut [FileBatch], said: &Scales) -> Result<Scales> {
    let mut found: BTreeMap<&'static str, (Scale, String)> = BTreeMap::new();
    for file in files.iter_mut() {
        // A question that nobody answered says nothing of its scale.
        let answered = count_scores(&file.batch).into_iter().filter(|(_, counts)| !counts.is_empty());
        for (question, counts) in answered {
            let scale = match said.get(question.name) {
                Some(scale) => *scale,
                None => likely_scale(question.name, question.scales, &counts, &file.name)?,
            };
            match found.get(question.name) {
                Some((other, name)) if *other != scale => {
                    return Err(two_scales(question.name, (scale, &file.name), (*other, name)));
                }
                _ => found.insert(question.name, (scale, file.name.clone())),
            };
        }
    }
    let scales: Scales = found.into_iter().map(|(question, (scale, _))| (question, scale)).collect();
    files.iter_mut().for_each(|file| reject_off_scale(&mut file.batch, &scales));
    Ok(scales)
}

/// How often each score was given, by question. Two spellings of a name are one question.
fn count_scores(batch: &Batch) -> Vec<(&'static Question, BTreeMap<i32, u64>)> {
    let mut by_code: Vec<BTreeMap<i32, u64>> = Vec::new();
    for (code, score) in batch.scores().flatten() {
        let code = code as usize;
        if by_code.len() <= code {
            by_code.resize_with(code + 1, BTreeMap::new);
        }
        *by_code[code].entry(score).or_insert(0) += 1;
    }
    let mut counts: Vec<(&'static Question, BTreeMap<i32, u64>)> = Vec::new();
    let given = batch.questions().into_iter().zip(by_code).filter(|(_, scores)| !scores.is_empty());
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
            let cause = format!(
                "could not tell the scale of `{question}` in `{file}`: {:.0} % of its scores are above {}",
                100.0 * share,
                scale.highest.value()
            );
            return Err(Error::export(cause)
                .hint(format!("pass --scale {question}={scale} or --scale {question}={wider}")));
        }
    }
    Ok(scales.last().copied().unwrap_or(Scale::new(0, 10)))
}

fn two_scales(question: &str, one: (Scale, &str), other: (Scale, &str)) -> Error {
    Error::export(format!(
        "`{question}` is on a scale of {} in `{}` and of {} in `{}`, and scales are never mixed under one metric",
        other.0, other.1, one.0, one.1
    ))
    .hint(format!("report the files apart, or name the scale of both with --scale {question}={}", one.0))
}

fn reject_off_scale(batch: &mut Batch, scales: &Scales) {
    let scale = |question: Option<&'static Question>| question.and_then(|question| scales.get(question.name));
    let by_code: Vec<Option<&Scale>> = batch.questions().into_iter().map(scale).collect();
    let off_scale = |answer: Option<(u32, i32)>| {
        let (code, score) = answer?;
        by_code.get(code as usize).copied().flatten().filter(|scale| !scale.holds(Score(score)))
    };
    let lines = batch.scores().zip(&batch.lines).filter(|(answer, _)| off_scale(*answer).is_some());
    let lines: Vec<u32> = lines.map(|(_, line)| *line).collect();
    lines.into_iter().for_each(|line| batch.reject(line, Reason::ScoreOutOfRange));
}

/// Where a row stands: which file, which row of its batch.
type Place = (u32, u32);

/// Rejects every row whose id came before: the same row again, or of two states of one thing the earlier.
pub fn reject_duplicates(files: &mut [FileBatch]) {
    let rows: usize = files.iter().map(|file| file.batch.texts.len()).sum();
    let mut seen: HashMap<u64, Place, FixedState> =
        HashMap::with_capacity_and_hasher(rows, FixedState::default());
    let mut duplicates: Vec<Place> = Vec::new();
    for (file, FileBatch { batch, .. }) in files.iter().enumerate() {
        let ids = Ids::of(batch);
        for (row, line) in batch.lines.iter().enumerate().take(batch.texts.len()) {
            let Some(id) = ids.id(row).filter(|_| !batch.rejects.contains_key(line)) else { continue };
            let here = (file as u32, row as u32);
            match seen.entry(id) {
                Entry::Vacant(place) => {
                    place.insert(here);
                }
                Entry::Occupied(mut place) => {
                    let newer = state(files, here) > state(files, *place.get());
                    duplicates.push(if newer { place.insert(here) } else { here });
                }
            }
        }
    }
    for (file, row) in duplicates {
        let batch = &mut files[file as usize].batch;
        let line = batch.lines[row as usize];
        batch.reject(line, Reason::Duplicate);
    }
}

/// The later of two states has the later time; where the times are equal, an answer is later than the blank before it,
/// and then the text decides, so that the order of the rows never does.
fn state(files: &[FileBatch], (file, row): Place) -> (i64, bool, u64) {
    let row = row as usize;
    let Some(batch) = files.get(file as usize).map(|file| &file.batch) else { return (BLANK, false, 0) };
    let time = |field: &Field| batch.longs(*field).get(row).copied().unwrap_or(BLANK);
    let times = [Field::At, Field::SentAt, Field::CreatedAt, Field::FirstReplyAt, Field::ResolvedAt];
    let answered = match batch.column(Field::Score).map(|named| &named.column) {
        Some(Column::Score(scores)) => scores.get(row).is_some_and(|score| *score != i32::MIN),
        _ => false,
    };
    (times.iter().map(time).max().unwrap_or(BLANK), answered, batch.texts.get(row).copied().unwrap_or(0))
}

/// The ids of a batch's rows.
struct Ids<'a> {
    ids: Option<Hashes<'a>>,
    metric: Option<(&'a [u32], &'a Words)>,
    amounts: &'a [i64],
    texts: &'a [u64],
}

enum Hashes<'a> {
    Ids(&'a [u64]),
    Texts(Vec<u64>),
}

impl<'a> Ids<'a> {
    fn of(batch: &'a Batch) -> Self {
        let ids =
            own_id(batch.kind).and_then(|field| batch.column(field)).and_then(|named| match &named.column {
                Column::Id(ids) => Some(Hashes::Ids(ids)),
                Column::Text(texts) => Some(Hashes::Texts(texts.hashes())),
                _ => None,
            });
        let metric = batch.column(Field::Metric).and_then(|named| match &named.column {
            Column::Code(codes) => Some((codes.as_slice(), &named.words)),
            _ => None,
        });
        let amounts = if batch.kind == Kind::Purchases { batch.longs(Field::Amount) } else { &[] };
        Ids { ids, metric, amounts, texts: &batch.texts }
    }

    /// What two rows must share to be the same thing: the id, the question, and for a refund all of its text.
    fn id(&self, row: usize) -> Option<u64> {
        let id = match self.ids.as_ref()? {
            Hashes::Ids(ids) => *ids.get(row)?,
            Hashes::Texts(hashes) => *hashes.get(row)?,
        };
        let question =
            self.metric.and_then(|(codes, words)| Some(words::hash(words.word(*codes.get(row)?).as_bytes())));
        let refund = self.amounts.get(row).is_some_and(|amount| *amount != BLANK && *amount < 0);
        // An order may be paid back in parts, each a row: only the very same row again is a duplicate.
        let part = if refund { self.texts.get(row).copied().unwrap_or(0).rotate_left(2) | 1 } else { 0 };
        (id != 0).then(|| id ^ question.unwrap_or(0).rotate_left(1) ^ part)
    }
}
