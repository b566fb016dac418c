//! The stage of the customer's journey at each row: given, by a rule, or by what the join says.

use std::collections::BTreeMap;
use std::ops::Range;

use super::answers::Answers;
use super::links::Touchpoint;
use super::purchases::Purchases;
use super::tickets::Tickets;
use crate::instant::DAY;
use crate::parallel;
use crate::report::{Journey, StageCounts};
use crate::source::field::Kind;
use crate::table::codes::{Codes, NO_CODES};
use crate::table::words::NONE;
use crate::table::{Dictionaries, Table};

/// The stages in their order.
pub const STAGES: [&str; 8] =
    ["awareness", "consideration", "purchase", "onboarding", "use", "support", "renewal", "advocacy"];

const CONSIDERATION: u32 = 1;
const PURCHASE: u32 = 2;
const ONBOARDING: u32 = 3;
const USE: u32 = 4;
const SUPPORT: u32 = 5;
const RENEWAL: u32 = 6;

/// The rules by which a stage is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Other words for a stage, in lower case → the stage.
    pub names: BTreeMap<String, String>,
    /// A touchpoint, topic or survey, in lower case → the stage.
    pub words: BTreeMap<String, String>,
    /// How long after the first purchase a customer is being taken on board.
    pub onboarding: i64,
    /// How long after a purchase an answer is about that purchase's stage.
    pub after_purchase: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            names: BTreeMap::new(),
            words: BTreeMap::new(),
            onboarding: 30 * DAY,
            after_purchase: 3 * DAY,
        }
    }
}

/// The stage of every row of every table, as an index into `names`.
#[derive(Debug)]
pub struct Stages {
    /// The stages in journey order: the default ones, then the export's own by name.
    pub names: Vec<String>,
    /// Of each answer.
    pub answers: Codes,
    /// Of each ticket.
    pub tickets: Codes,
    /// Of each purchase.
    pub purchases: Codes,
    /// How they were found.
    pub counts: Vec<StageCounts>,
}

impl Stages {
    /// Finds the stage of every row; those up to the as-of moment are counted.
    pub fn of(
        rules: &Rules,
        words: &Dictionaries,
        answers: Option<&Answers>,
        (tickets, purchases): (Option<&Tickets>, Option<&Purchases>),
        as_of: i64,
        threads: usize,
    ) -> Stages {
        let none = || NO_CODES.clone();
        let mut stages = Stages {
            names: STAGES.map(str::to_owned).to_vec(),
            answers: none(),
            tickets: none(),
            purchases: none(),
            counts: Vec::new(),
        };
        let given = Given::of(rules, words, &mut stages.names);
        let first_order = |customer: u32| purchases.and_then(|purchases| purchases.first_order_at(customer));
        if let Some(purchases) = purchases {
            let join = |row: usize| {
                // One that was paid back later is placed as it stood when it was made.
                let moment = if purchases.is_order(row) { as_of } else { purchases.at[row] };
                let mut rows = purchases.rows.of_customer(purchases.customer.get(row));
                let first = rows.find(|row| purchases.stood(*row, moment));
                Some(if first == Some(row) { PURCHASE } else { RENEWAL })
            };
            let counted = |row: usize| purchases.is_order(row);
            let (found, counts) = stages_of(&purchases.table, &given, join, counted, threads);
            stages.purchases = found;
            stages.counts.push(counts);
        }
        if let Some(tickets) = tickets {
            let join = |row: usize| {
                let since =
                    first_order(tickets.customer.get(row)).map(|first| tickets.created_at[row] - first);
                Some(if since.is_some_and(|since| (0..=rules.onboarding).contains(&since)) {
                    ONBOARDING
                } else {
                    SUPPORT
                })
            };
            let (found, counts) = stages_of(&tickets.table, &given, join, |_| true, threads);
            stages.tickets = found;
            stages.counts.push(counts);
        }
        if let Some(answers) = answers {
            let inferred = |row: usize| match answers.touchpoint(row) {
                Touchpoint::Ticket(ticket) => Some(stages.tickets.get(ticket)),
                Touchpoint::Purchase(purchase) => {
                    let at = answers.seen_at(row)?;
                    let bought = purchases?.at[purchase];
                    // The buyer's, whoever answered.
                    let first = first_order(purchases?.customer.get(purchase)).unwrap_or(bought);
                    if at - bought <= rules.after_purchase {
                        Some(stages.purchases.get(purchase))
                    } else {
                        Some(if at - first <= rules.onboarding { ONBOARDING } else { USE })
                    }
                }
                Touchpoint::None => {
                    // Without purchases, or without a customer, nobody knows whether the answer came before one.
                    purchases.filter(|_| answers.customer.get(row) != NONE)?;
                    let at = answers.seen_at(row)?;
                    Some(if first_order(answers.customer.get(row)).is_some_and(|first| first <= at) {
                        USE
                    } else {
                        CONSIDERATION
                    })
                }
            };
            let counted = |row: usize| row < answers.rated_from && answers.is_answer(row, as_of);
            let (found, counts) = stages_of(&answers.table, &given, inferred, counted, threads);
            stages.answers = found;
            // Ratings alone are no survey export, and have the stages of their tickets.
            if answers.rated_from > 0 || answers.is_empty() {
                stages.counts.push(counts);
            }
        }
        stages.counts.reverse();
        stages
    }

    /// For the report.
    pub fn summary(&self) -> Journey {
        Journey { stages: self.names.clone(), found_by: self.counts.clone() }
    }

    /// The stages of a kind's rows.
    pub fn of_kind(&self, kind: Kind) -> &Codes {
        match kind {
            Kind::Surveys => &self.answers,
            Kind::Tickets => &self.tickets,
            Kind::Purchases => &self.purchases,
        }
    }
}

/// What the rows themselves say: for each code of a column, the stage.
struct Given {
    stage: Vec<u32>,
    rules: Vec<(&'static str, Vec<u32>)>,
}

impl Given {
    fn of(rules: &Rules, words: &Dictionaries, names: &mut Vec<String>) -> Given {
        let renamed = |word: &str| {
            let lower = word.to_lowercase();
            rules.names.get(&lower).cloned().unwrap_or(lower)
        };
        let own: Vec<&str> = words.of("stage").map(|words| words.iter().collect()).unwrap_or_default();
        let mut extra: Vec<String> =
            own.iter().map(|word| renamed(word)).filter(|name| !names.contains(name)).collect();
        extra.extend(rules.words.values().filter(|name| !names.contains(name)).cloned());
        extra.sort();
        extra.dedup();
        names.extend(extra);
        let index =
            |name: &str| names.iter().position(|known| known == name).map_or(NONE, |index| index as u32);
        let by_rule = ["touchpoint", "topic", "survey"].map(|column| {
            let stage = |word: &str| rules.words.get(&word.to_lowercase()).map_or(NONE, |stage| index(stage));
            (column, words.of(column).map(|words| words.iter().map(stage).collect()).unwrap_or_default())
        });
        Given { stage: own.iter().map(|word| index(&renamed(word))).collect(), rules: by_rule.to_vec() }
    }
}

/// The stage of each row of a table by the first way that applies, and how many took which.
fn stages_of(
    table: &Table,
    given: &Given,
    join: impl Fn(usize) -> Option<u32> + Sync,
    is_counted: impl Fn(usize) -> bool + Sync,
    threads: usize,
) -> (Codes, StageCounts) {
    let own = table.codes("stage");
    let is_known =
        |(codes, stages): &(&Codes, &[u32])| !codes.is_empty() && stages.iter().any(|stage| *stage != NONE);
    let ruled = given.rules.iter().map(|(column, stages)| (table.codes(column), stages.as_slice()));
    let ruled: Vec<(&Codes, &[u32])> = ruled.filter(is_known).collect();
    let of = |stages: &[u32], code: u32| stages.get(code as usize).copied().filter(|stage| *stage != NONE);
    let no_counts =
        || StageCounts { kind: table.kind.as_str().to_owned(), given: 0, rule: 0, join: 0, unknown: 0 };
    let of_rows = |rows: Range<usize>| -> (Codes, StageCounts) {
        let mut count = no_counts();
        let stages = rows.map(|row| {
            let by_rule = || ruled.iter().find_map(|(codes, stages)| of(stages, codes.get(row)));
            let (stage, way) = if let Some(stage) = of(&given.stage, own.get(row)) {
                (stage, &mut count.given)
            } else if let Some(stage) = by_rule() {
                (stage, &mut count.rule)
            } else if let Some(stage) = join(row) {
                (stage, &mut count.join)
            } else {
                (NONE, &mut count.unknown)
            };
            *way += u64::from(is_counted(row));
            stage
        });
        (stages.collect(), count)
    };
    let (mut all, mut count) = (Vec::new(), no_counts());
    for (stages, part) in parallel::map(threads, parallel::ranges(table.rows(), threads), of_rows) {
        all.push(stages);
        count.given += part.given;
        count.rule += part.rule;
        count.join += part.join;
        count.unknown += part.unknown;
    }
    (Codes::stacked(all), count)
}

#[cfg(test)]
mod tests;
