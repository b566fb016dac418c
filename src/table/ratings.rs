//! The ratings of tickets as answers to `csat`: which of them count, on which scale, and which ticket each is of.

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use std::collections::BTreeMap;

use super::batch::{Batch, NamedColumn};
use super::column::{BLANK, CellType, Column};
use super::settle::{FileBatch, Scales, likely_scale};
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
    pub batch: Batch,
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
    row: usize,
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
    pub fn of(
        kinds: &mut BTreeMap<Kind, Vec<FileBatch>>,
        scales: &mut Scales,
        judging: Judging<'_>,
    ) -> Result<Ratings> {
        let tickets = kinds.get_mut(&Kind::Tickets).into_iter().flatten();
        let codes: Vec<Option<Vec<i32>>> = tickets.map(|file| file.batch.take_ratings()).collect();
        let mut ratings = Ratings::none();
        if codes.iter().all(Option::is_none) {
            return Ok(ratings);
        }
        let files = |kind| kinds.get(&kind).map_or(&[][..], Vec::as_slice);
        let named = Named::of(files(Kind::Surveys), judging.as_of);
        let mut known = scales.get(CSAT).map(|scale| (*scale, "the surveys".to_owned()));
        let mut before = 0;
        for (file, codes) in files(Kind::Tickets).iter().zip(codes) {
            let mut rated = usable_tickets(&file.batch, codes.as_deref(), &mut before);
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
            ratings.add(&file.batch, &rated, invites);
        }
        Ok(ratings)
    }

    fn none() -> Ratings {
        let mut batch = Batch::new(Kind::Surveys);
        batch.columns = [
            (Field::Metric, CellType::Word),
            (Field::Score, CellType::Score),
            (Field::At, CellType::Time),
            (Field::SentAt, CellType::Time),
            (Field::Customer, CellType::Customer),
        ]
        .map(|(field, cell)| NamedColumn::new(field.as_str(), cell))
        .into();
        Ratings { batch, tickets: Vec::new(), unused: Vec::new() }
    }

    /// Leaves out what cannot be used, and finds the scale of the others; none where no rating is on one.
    fn settle(
        &mut self,
        file: &FileBatch,
        rated: &mut Vec<Rated>,
        judging: Judging<'_>,
    ) -> Result<Option<Scale>> {
        let all = rated.iter().filter(|one| one.rating != RatingCell::Offered).count() as u64;
        let mut unusable: Vec<u32> = Vec::new();
        let mut whole_file = false;
        let mut leave_out = |rated: &mut Vec<Rated>, is_bad: &dyn Fn(RatingCell) -> bool| {
            let bad = rated.extract_if(.., |one| is_bad(one.rating));
            unusable.extend(bad.map(|one| file.batch.lines[one.row]));
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
    fn add(&mut self, tickets: &Batch, rated: &[Rated], invites: bool) {
        let has = |is: fn(&RatingCell) -> bool| rated.iter().any(|one| is(&one.rating));
        let by_words = has(|rating| matches!(rating, RatingCell::Good | RatingCell::Poor))
            || !has(|rating| matches!(rating, RatingCell::Score(_)));
        let customers: &[u32] = match tickets.column(Field::Customer).map(|named| &named.column) {
            Some(Column::Code(codes)) => codes,
            _ => &[],
        };
        let [resolved, created] = [Field::ResolvedAt, Field::CreatedAt].map(|field| tickets.longs(field));
        for one in rated {
            let (question, score) = match one.rating {
                RatingCell::Score(score) => (CSAT, Some(score)),
                RatingCell::Good => (GOOD_OR_BAD, Some(Score::whole(1).0)),
                RatingCell::Poor => (GOOD_OR_BAD, Some(Score::whole(0).0)),
                _ => (if by_words { GOOD_OR_BAD } else { CSAT }, None),
            };
            let time = |times: &[i64]| times.get(one.row).copied().filter(|time| *time != BLANK);
            let at = time(resolved).or_else(|| time(created));
            let customer = customers.get(one.row).map(|code| tickets.customers.word(*code));
            let customer = customer.filter(|key| !key.is_empty());
            let customer = customer.map(|key| self.batch.customers.code(key.as_bytes()));
            let metric = self.batch.columns[0].words.code(question.as_bytes());
            let values = [
                Some(i64::from(metric)),
                score.map(i64::from),
                at.filter(|_| score.is_some()),
                at.filter(|_| invites),
                customer.map(i64::from),
            ];
            self.batch.columns.iter_mut().zip(values).for_each(|(named, value)| named.column.push(value));
            self.batch.lines.push(self.tickets.len() as u32);
            self.tickets.push(one.ticket);
        }
    }
}

/// The tickets of a file that can be used and say something of a rating. `before` counts all that can be used.
fn usable_tickets(batch: &Batch, codes: Option<&[i32]>, before: &mut u32) -> Vec<Rated> {
    let ids = match batch.column(Field::Ticket).map(|named| &named.column) {
        Some(Column::Text(texts)) if codes.is_some() => texts.hashes(),
        _ => Vec::new(),
    };
    let mut rated = Vec::new();
    for row in (0..batch.lines.len()).filter(|row| !batch.rejects.contains_key(&batch.lines[*row])) {
        let code = codes.and_then(|codes| codes.get(row)).copied().unwrap_or(i32::MIN);
        let rating = RatingCell::of_code(code);
        if rating != RatingCell::Blank {
            rated.push(Rated { row, ticket: *before, id: ids.get(row).copied().unwrap_or(0), rating });
        }
        *before += 1;
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
    fn of(surveys: &[FileBatch], as_of: Option<i64>) -> Named {
        let mut named = Named::default();
        for FileBatch { batch, .. } in surveys {
            let column = |field: Field| batch.column(field).map(|named| &named.column);
            let (Some(Column::Id(tickets)), Some(Column::Code(metrics))) =
                (column(Field::Ticket), column(Field::Metric))
            else {
                continue;
            };
            let [at, sent_at] = [Field::At, Field::SentAt].map(|field| batch.longs(field));
            let questions = batch.questions();
            let is_csat = |code: u32| {
                questions.get(code as usize).copied().flatten().is_some_and(|question| question.name == CSAT)
            };
            for (row, answer) in batch.scores().enumerate() {
                let is_used = !batch.rejects.contains_key(&batch.lines[row]);
                if tickets[row] == 0 || !is_used || !is_csat(metrics[row]) {
                    continue;
                }
                let by_now = |times: &[i64]| {
                    let time = times.get(row).copied().filter(|time| *time != BLANK);
                    time.is_some_and(|time| as_of.is_none_or(|as_of| time <= as_of))
                };
                if answer.is_some() && by_now(at) {
                    named.answered.insert(tickets[row]);
                } else if by_now(sent_at) {
                    named.asked.insert(tickets[row]);
                }
            }
        }
        named
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
