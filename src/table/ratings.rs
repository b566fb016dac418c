//! The ratings of tickets as answers to `csat`: which of them count, on which scale, and which ticket each is of.

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use std::collections::BTreeMap;

use super::batch::Part;
use super::codes::Codes;
use super::collect::{Collector, FileRows};
use super::column::{BLANK, CellType, Column, NO_SCORE};
use super::exports::Dictionaries;
use super::layout::NamedColumn;
use super::settle::{Scales, likely_scale};
use super::value::rating::RatingCell;
use crate::error::{Error, Result};
use crate::metric::{self, GOOD_OR_BAD};
use crate::source::field::{Field, Kind};
use crate::tally::{Scale, Score};

/// The question that a rating on a scale answers.
const CSAT: &str = "csat";
/// How many line numbers are shown.
const SHOWN_LINES: usize = 5;

/// What the ratings are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judging<'a> {
    /// The scales that the user named.
    pub said: &'a Scales,
    /// A survey answer after this moment has not been given.
    pub as_of: Option<i64>,
    /// The share of a file's ratings that may be unusable, 0–1.
    pub most: f64,
}

/// The ratings of all tickets, as a survey export would have given them.
#[derive(Debug)]
pub struct Ratings {
    /// One row for each rating, and for each that was asked for.
    pub rows: FileRows,
    /// For each row its ticket: the place among the tickets that can be used.
    pub tickets: Vec<u32>,
    /// The files with ratings that cannot be used.
    pub unused: Vec<UnusedRatings>,
}

/// The ratings of one file that cannot be used. Their tickets can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedRatings {
    /// The file's name for messages.
    pub file: String,
    /// Tickets with a rating.
    pub rated: u64,
    /// Those whose rating cannot be read or is off its scale.
    pub unusable: u64,
    /// The first lines of them.
    pub lines: Vec<u32>,
    /// They are so many that the column is taken for something else, and none of its ratings counts.
    pub whole_file: bool,
}

/// A ticket that was rated, or whose customer was asked to rate it.
#[derive(Debug, Clone, Copy)]
struct Rated {
    /// Where it stands in its file.
    part: usize,
    row: usize,
    line: u32,
    /// Its place among the tickets that can be used.
    ticket: u32,
    id: u64,
    rating: RatingCell,
}

impl Ratings {
    /// Takes the ratings out of the tickets, whose rejects are all known, and makes answers of them. A ticket that a
    /// survey answer to `csat` names has its answer there.
    ///
    /// # Errors
    /// When ratings are on another scale than the other answers to `csat`, or their scale cannot be told.
    pub fn of(read: &mut Collector, scales: &mut Scales, judging: Judging<'_>) -> Result<Ratings> {
        let (files, words) = (&read.files, &mut read.words);
        let mut ratings = Ratings::none();
        let of_kind = |kind| files.iter().filter(move |file| file.kind == kind);
        if !of_kind(Kind::Tickets).any(|file| file.column(Field::Rating).is_some()) {
            return Ok(ratings);
        }
        let named = Named::of(of_kind(Kind::Surveys), words, judging.as_of);
        let mut known = scales.get(CSAT).map(|scale| (*scale, "the surveys".to_owned()));
        let mut before = 0;
        for file in of_kind(Kind::Tickets) {
            let mut rated = usable_tickets(file, &mut before);
            let invites = rated.iter().any(|one| one.rating == RatingCell::Offered);
            rated.retain(|one| !named.holds(one));
            if let Some(scale) = ratings.settle(file, &mut rated, judging)? {
                match &known {
                    Some((other, place)) if *other != scale => {
                        return Err(two_scales((*other, place), (scale, &file.name)));
                    }
                    _ => known = Some((scale, format!("`{}`", file.name))),
                }
                scales.insert(CSAT, scale);
            }
            ratings.add(file, &rated, invites, words);
        }
        read.files.iter_mut().for_each(FileRows::drop_ratings);
        Ok(ratings)
    }

    fn none() -> Ratings {
        let columns = COLUMNS.map(|(field, cell)| NamedColumn { name: field.as_str().to_owned(), cell });
        let mut rows = FileRows::new(Kind::Surveys, "", columns.into());
        rows.parts
            .push(Part { columns: COLUMNS.map(|(_, cell)| Column::new(cell)).into(), ..Part::default() });
        Ratings { rows, tickets: Vec::new(), unused: Vec::new() }
    }

    /// Leaves out what cannot be used, and finds the scale of the others; none where no rating is on one.
    fn settle(
        &mut self,
        file: &FileRows,
        rated: &mut Vec<Rated>,
        judging: Judging<'_>,
    ) -> Result<Option<Scale>> {
        let all = rated.iter().filter(|one| one.rating != RatingCell::Offered).count() as u64;
        let mut unusable: Vec<u32> = Vec::new();
        let mut whole_file = false;
        let mut leave_out = |rated: &mut Vec<Rated>, is_bad: &dyn Fn(RatingCell) -> bool| {
            let bad = rated.extract_if(.., |one| is_bad(one.rating));
            unusable.extend(bad.map(|one| one.line));
            let too_many = unusable.len() as f64 > judging.most * all as f64;
            if too_many {
                rated.clear();
            }
            whole_file |= too_many;
        };
        leave_out(rated, &|rating| rating == RatingCell::Unreadable);
        let scale = scale_of(rated, judging.said, &file.name)?;
        if let Some(scale) = scale {
            leave_out(
                rated,
                &|rating| matches!(rating, RatingCell::Score(score) if !scale.holds(Score(score))),
            );
        }
        if !unusable.is_empty() {
            unusable.sort_unstable();
            self.unused.push(UnusedRatings {
                file: file.name.clone(),
                rated: all,
                unusable: unusable.len() as u64,
                lines: unusable.iter().copied().take(SHOWN_LINES).collect(),
                whole_file,
            });
        }
        Ok(scale.filter(|_| rated.iter().any(|one| matches!(one.rating, RatingCell::Score(_)))))
    }

    /// Adds the ratings of a file. They are invitations where the file tells of those who were asked in vain: if it
    /// does not, everybody whom it knows to have been asked has answered.
    fn add(&mut self, file: &FileRows, rated: &[Rated], invites: bool, words: &mut Dictionaries) {
        let has = |is: fn(&RatingCell) -> bool| rated.iter().any(|one| is(&one.rating));
        let by_words = has(|rating| matches!(rating, RatingCell::Good | RatingCell::Poor))
            || !has(|rating| matches!(rating, RatingCell::Score(_)));
        let columns = [Field::Customer, Field::ResolvedAt, Field::CreatedAt].map(|field| file.column(field));
        let Some(answers) = self.rows.parts.first_mut() else { return };
        for one in rated {
            let (question, score) = match one.rating {
                RatingCell::Score(score) => (CSAT, Some(score)),
                RatingCell::Good => (GOOD_OR_BAD, Some(Score::whole(1).0)),
                RatingCell::Poor => (GOOD_OR_BAD, Some(Score::whole(0).0)),
                _ => (if by_words { GOOD_OR_BAD } else { CSAT }, None),
            };
            let cell = |column: Option<usize>| file.parts[one.part].columns[column?].value(one.row);
            let [customer, resolved, created] = columns.map(cell);
            let at = resolved.or(created);
            let metric = words.entry(Field::Metric.as_str()).code(question.as_bytes());
            let values = [
                Some(i64::from(metric)),
                score.map(i64::from),
                at.filter(|_| score.is_some()),
                at.filter(|_| invites),
                customer,
            ];
            answers.columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
            answers.lines.push(self.tickets.len() as u32);
            self.tickets.push(one.ticket);
        }
    }
}

/// The columns of the answers that ratings are made into.
const COLUMNS: [(Field, CellType); 5] = [
    (Field::Metric, CellType::Word),
    (Field::Score, CellType::Score),
    (Field::At, CellType::Time),
    (Field::SentAt, CellType::Time),
    (Field::Customer, CellType::Customer),
];

/// The tickets of a file that can be used and say something of a rating. `before` counts all that can be used.
fn usable_tickets(file: &FileRows, before: &mut u32) -> Vec<Rated> {
    let [rating, ticket] = [Field::Rating, Field::Ticket].map(|field| file.column(field));
    let mut rated = Vec::new();
    for (number, part) in file.parts.iter().enumerate() {
        let (codes, ids) = (part.scores(rating), part.ids(ticket));
        for (row, is_used) in file.is_used(part).enumerate() {
            let rating = RatingCell::of_code(codes.get(row).copied().unwrap_or(NO_SCORE));
            if is_used && rating != RatingCell::Blank {
                rated.push(Rated {
                    part: number,
                    row,
                    line: part.lines.line(row as u32),
                    ticket: *before,
                    id: ids.get(row).copied().unwrap_or(0),
                    rating,
                });
            }
            *before += u32::from(is_used);
        }
    }
    rated
}

fn scale_of(rated: &[Rated], said: &Scales, file: &str) -> Result<Option<Scale>> {
    let mut counts: BTreeMap<i32, u64> = BTreeMap::new();
    for one in rated {
        if let RatingCell::Score(score) = one.rating {
            *counts.entry(score).or_insert(0) += 1;
        }
    }
    let Some(question) = metric::question(CSAT).filter(|_| !counts.is_empty()) else { return Ok(None) };
    if let Some(scale) = said.get(CSAT) {
        return Ok(Some(*scale));
    }
    likely_scale(CSAT, question.scales, &counts, file).map(Some).map_err(|error| {
        let advice = error.advice().unwrap_or_default().to_owned();
        error.hint(format!("{advice}, or leave the ratings out with --map tickets.rating="))
    })
}

fn two_scales(one: (Scale, &str), other: (Scale, &str)) -> Error {
    Error::export(format!(
        "`{CSAT}` is on a scale of {} in {} and the ratings in `{}` are on one of {}, and scales are never mixed under \
         one metric",
        one.0, one.1, other.1, other.0
    ))
    .hint(format!(
        "leave the ratings out with --map tickets.rating=, or name the scale of both with --scale {CSAT}={}",
        if one.0.highest > other.0.highest { one.0 } else { other.0 }
    ))
}

type TicketIds = HashSet<u64, FixedState>;

/// The tickets that surveys name under `csat`, by the hash of their id.
#[derive(Default)]
struct Named {
    answered: TicketIds,
    /// Asked about by a survey, without an answer.
    asked: TicketIds,
}

impl Named {
    fn of<'a>(
        surveys: impl Iterator<Item = &'a FileRows>,
        words: &Dictionaries,
        as_of: Option<i64>,
    ) -> Named {
        let mut named = Named::default();
        let is_csat = |word: &str| metric::question(word).is_some_and(|question| question.name == CSAT);
        let metrics: Vec<bool> = words
            .of(Field::Metric.as_str())
            .map(|words| words.iter().map(is_csat).collect())
            .unwrap_or_default();
        for file in surveys {
            file.parts.iter().for_each(|part| named.add(file, part, &metrics, as_of));
        }
        named
    }

    fn add(&mut self, file: &FileRows, part: &Part, is_csat: &[bool], as_of: Option<i64>) {
        let column = |field: Field| file.column(field);
        let tickets = part.ids(column(Field::Ticket));
        let metrics: &Codes = part.codes(column(Field::Metric));
        let [at, sent_at] = [Field::At, Field::SentAt].map(|field| part.longs(column(field)));
        let answers = file.scores(part).zip(file.is_used(part)).zip(tickets).enumerate();
        for (row, ((answer, is_used), ticket)) in answers {
            let counts = is_csat.get(metrics.get(row) as usize).copied().unwrap_or(false);
            if *ticket == 0 || !is_used || !counts {
                continue;
            }
            let by_now = |times: &[i64]| {
                let time = times.get(row).copied().filter(|time| *time != BLANK);
                time.is_some_and(|time| as_of.is_none_or(|as_of| time <= as_of))
            };
            if answer.is_some() && by_now(at) {
                self.answered.insert(*ticket);
            } else if by_now(sent_at) {
                self.asked.insert(*ticket);
            }
        }
    }

    /// Whether a rating says what a survey says already. One that is only offered is the survey's invitation again.
    fn holds(&self, one: &Rated) -> bool {
        one.id != 0
            && (self.answered.contains(&one.id)
                || (one.rating == RatingCell::Offered && self.asked.contains(&one.id)))
    }
}

#[cfg(test)]
mod tests;
