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

/// What the join says, by its place in [`STAGES`].
const CONSIDERATION: u32 = 1;
const PURCHASE: u32 = 2;
const ONBOARDING: u32 = 3;
const USE: u32 = 4;
const SUPPORT: u32 = 5;
const RENEWAL: u32 = 6;

/// The ways in which a stage is found.
const GIVEN: usize = 0;
const RULE: usize = 1;
const JOIN: usize = 2;
const UNKNOWN: usize = 3;

/// The rules by which a stage is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The stages in their order, in lower case.
    pub stages: Vec<String>,
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
            stages: STAGES.map(str::to_owned).to_vec(),
            names: BTreeMap::new(),
            words: BTreeMap::new(),
            onboarding: 30 * DAY,
            after_purchase: 3 * DAY,
        }
    }
}

impl Rules {
    /// The place of a stage that the join says: where the user's stages lack it, that of the one that it is called there;
    /// else none.
    fn place(&self, stage: &str) -> u32 {
        let place = |name: &str| self.stages.iter().position(|known| known == name);
        let renamed = || place(self.names.get(stage)?);
        place(stage).or_else(renamed).map_or(NONE, |place| place as u32)
    }
}

/// The stage of every row of every table, as an index into `names`.
#[derive(Debug)]
pub struct Stages {
    /// The stages in journey order: those of the rules, then the export's own by name.
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
        let mut names = rules.stages.clone();
        let given = Given::of(rules, words, &mut names);
        let inferred = STAGES.map(|stage| rules.place(stage));
        let finder = Finder { given, inferred, rules, purchases, as_of, threads };
        let purchases = purchases.map(|all| finder.purchases(all)).unwrap_or_default();
        let tickets = tickets.map(|all| finder.tickets(all)).unwrap_or_default();
        let (answers, is_counted) = answers.map_or((Found::default(), false), |all| {
            // Ratings alone are no survey export, and have the stages of their tickets.
            let is_export = all.rated_from > 0 || all.is_empty();
            (finder.answers(all, &tickets.stages, &purchases.stages), is_export)
        });
        let counts = [answers.counts.filter(|_| is_counted), tickets.counts, purchases.counts];
        Stages {
            names,
            answers: answers.stages,
            tickets: tickets.stages,
            purchases: purchases.stages,
            counts: counts.into_iter().flatten().collect(),
        }
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
            Kind::Subscriptions | Kind::Customers => &NO_CODES,
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

    /// What the rows of a table say: the stage of a row, and how it says so; none where no row says any.
    fn stages<'a>(&'a self, table: &'a Table) -> Option<impl Fn(usize) -> Option<(u32, usize)> + 'a> {
        let is_known = |(_, codes, stages): &(usize, &Codes, &[u32])| {
            !codes.is_empty() && stages.iter().any(|stage| *stage != NONE)
        };
        let ruled = self.rules.iter().map(|(column, stages)| (RULE, table.codes(column), stages.as_slice()));
        let own = std::iter::once((GIVEN, table.codes("stage"), self.stage.as_slice()));
        let columns: Vec<(usize, &Codes, &[u32])> = own.chain(ruled).filter(is_known).collect();
        let says_any = !columns.is_empty();
        says_any.then_some(move |row| {
            columns.iter().find_map(|(way, codes, stages)| {
                let stage = stages.get(codes.get(row) as usize).copied().filter(|stage| *stage != NONE);
                stage.map(|stage| (stage, *way))
            })
        })
    }
}

/// The stages of the rows of a kind, and how they were found.
#[derive(Default)]
struct Found {
    stages: Codes,
    counts: Option<StageCounts>,
}

/// What the stages of rows are found by.
struct Finder<'a> {
    given: Given,
    /// The places of the stages that the join says, in the order of [`STAGES`].
    inferred: [u32; STAGES.len()],
    rules: &'a Rules,
    purchases: Option<&'a Purchases>,
    as_of: i64,
    threads: usize,
}

/// A stage, if it is one.
fn known(stage: u32) -> Option<u32> {
    (stage != NONE).then_some(stage)
}

impl Finder<'_> {
    /// A stage that the join says, if it is one of this journey.
    fn inferred(&self, stage: u32) -> Option<u32> {
        self.inferred.get(stage as usize).copied().and_then(known)
    }

    fn purchases(&self, all: &Purchases) -> Found {
        let join = |row: usize| {
            let customer = all.customer.get(row);
            let is_first = if all.is_order(row) {
                all.first_order(customer) == row
            } else {
                // One that was paid back later is placed as it stood when it was made.
                all.rows.of_customer(customer).find(|first| all.stood(*first, all.at[row])) == Some(row)
            };
            self.inferred(if is_first { PURCHASE } else { RENEWAL })
        };
        self.stages_of(&all.table, join, |row| all.is_order(row))
    }

    fn tickets(&self, all: &Tickets) -> Found {
        let join = |row: usize| {
            let first = self.purchases.and_then(|all_of| all_of.first_order_at(all.customer.get(row)));
            let is_new = first
                .is_some_and(|first| (0..=self.rules.onboarding).contains(&(all.created_at[row] - first)));
            self.inferred(if is_new { ONBOARDING } else { SUPPORT })
        };
        self.stages_of(&all.table, join, |_| true)
    }

    /// Those of answers, by the stages of what they are about.
    fn answers(&self, all: &Answers, of_tickets: &Codes, of_purchases: &Codes) -> Found {
        let inferred = |row: usize| match all.touchpoint(row) {
            Touchpoint::Ticket(ticket) => known(of_tickets.get(ticket)),
            Touchpoint::Purchase(purchase) => {
                let purchases = self.purchases?;
                let at = all.seen_at(row)?;
                let bought = purchases.at[purchase];
                // The buyer's, whoever answered.
                let first = purchases.first_order_at(purchases.customer.get(purchase)).unwrap_or(bought);
                if at - bought <= self.rules.after_purchase {
                    known(of_purchases.get(purchase))
                } else {
                    self.inferred(if at - first <= self.rules.onboarding { ONBOARDING } else { USE })
                }
            }
            Touchpoint::None => {
                // Without purchases, or without a customer, nobody knows whether the answer came before one.
                let purchases = self.purchases.filter(|_| all.customer.get(row) != NONE)?;
                let at = all.seen_at(row)?;
                let is_buyer =
                    purchases.first_order_at(all.customer.get(row)).is_some_and(|first| first <= at);
                self.inferred(if is_buyer { USE } else { CONSIDERATION })
            }
        };
        let is_counted = |row: usize| row < all.rated_from && all.is_answer(row, self.as_of);
        self.stages_of(&all.table, inferred, is_counted)
    }

    /// The stage of each row of a table by the first way that applies, and how many took which.
    fn stages_of(
        &self,
        table: &Table,
        join: impl Fn(usize) -> Option<u32> + Sync,
        is_counted: impl Fn(usize) -> bool + Sync,
    ) -> Found {
        let said = self.given.stages(table);
        let of_rows = |rows: Range<usize>| -> (Codes, [u64; 4]) {
            let mut ways = [0; 4];
            let mut stage = |row: usize, said: Option<(u32, usize)>| {
                let (stage, way) = said.unwrap_or_else(|| match join(row) {
                    Some(stage) => (stage, JOIN),
                    None => (NONE, UNKNOWN),
                });
                ways[way] += u64::from(is_counted(row));
                stage
            };
            let stages = match &said {
                Some(said) => rows.map(|row| stage(row, said(row))).collect(),
                None => rows.map(|row| stage(row, None)).collect(),
            };
            (stages, ways)
        };
        let parts = parallel::map(self.threads, parallel::ranges(table.rows(), self.threads), of_rows);
        let (stages, ways): (Vec<Codes>, Vec<[u64; 4]>) = parts.into_iter().unzip();
        let count = |way: usize| ways.iter().map(|ways| ways[way]).sum();
        let counts = StageCounts {
            kind: table.kind.as_str().to_owned(),
            given: count(GIVEN),
            rule: count(RULE),
            join: count(JOIN),
            unknown: count(UNKNOWN),
        };
        Found { stages: Codes::stacked(stages), counts: Some(counts) }
    }
}

#[cfg(test)]
mod tests;
