//! The bad rows that a real export has, added to the good ones on a fixed timetable; it spoils no good row.

use csv::ByteRecord;

use super::random::Random;

/// Which export a bad row is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// `surveys.csv`
    Surveys,
    /// `tickets.csv`
    Tickets,
    /// `purchases.csv`
    Purchases,
}

/// What is done to a clean row; cells are given by column.
enum Harm {
    /// Cells have other content.
    Cells(&'static [(&'static str, &'static [u8])]),
    /// The key has blanks around it, and is still the same customer.
    Padded,
    /// The row ends after so many fields.
    Cut(usize),
    /// The row comes twice, the first time with these cells as they were then.
    Twice(&'static [(&'static str, &'static [u8])]),
}

/// One kind of dirt.
pub struct Plant {
    /// Where it goes.
    pub export: Export,
    /// The reason one row is rejected for, or nothing where the row is unusual but good.
    pub reason: Option<&'static str>,
    harm: Harm,
}

/// A planted customer is one of the first hundred in each cycle, which keeps bad rows near 1 %.
const CYCLE: u32 = 150;
/// Customers of one round. Fewer customers than this get no dirt: it would be too much for them.
pub const ROUND: u32 = 50;

/// What customer `number` gets, if anything. A round has each of its kinds once, on different customers.
pub fn planted(seed: u64, number: u32) -> Option<&'static Plant> {
    let kinds = match number % CYCLE / ROUND {
        0 => FIRST_ROUND,
        1 => SECOND_ROUND,
        _ => return None,
    };
    let shift = Random::new(seed, u64::from(number / ROUND)).below(i64::from(ROUND)) as u32;
    // 17 and 50 have no common divisor, so every kind has its own customer.
    kinds.get(((number + shift) % ROUND * 17 % ROUND) as usize)
}

impl Plant {
    /// The rows made of a clean one.
    pub fn grow(&self, columns: &[&str], clean: &ByteRecord) -> Vec<ByteRecord> {
        match self.harm {
            Harm::Cells(cells) => vec![replaced(columns, clean, cells)],
            Harm::Padded => {
                let mut row = ByteRecord::new();
                for (column, cell) in columns.iter().zip(clean) {
                    if *column == "customer_id" {
                        row.push_field(&[b" ", cell, b"  "].concat());
                    } else {
                        row.push_field(cell);
                    }
                }
                vec![row]
            }
            Harm::Cut(fields) => vec![clean.iter().take(fields).collect()],
            Harm::Twice(before) => vec![replaced(columns, clean, before), clean.clone()],
        }
    }
}

fn replaced(columns: &[&str], clean: &ByteRecord, cells: &[(&str, &[u8])]) -> ByteRecord {
    let cell_of = |column: &str| cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell);
    columns.iter().zip(clean).map(|(column, cell)| cell_of(column).unwrap_or(cell)).collect()
}

const fn bad(export: Export, reason: &'static str, harm: Harm) -> Plant {
    Plant { export, reason: Some(reason), harm }
}

const fn odd(export: Export, harm: Harm) -> Plant {
    Plant { export, reason: None, harm }
}

use Export::{Purchases, Surveys, Tickets};
use Harm::{Cells, Cut, Padded, Twice};

const NO_DAY: &[u8] = b"31/31/2025";
// Neither UTF-8 nor Windows-1252, so that no reader can take the file for the latter.
const NO_TEXT: &[u8] = b"C0000\x81\x8d\x9d";

/// Dirt that even a small export shows.
static FIRST_ROUND: &[Plant] = &[
    bad(Surveys, "duplicate", Twice(&[])),
    bad(Tickets, "duplicate", Twice(&[("resolved_at", b""), ("status", b"open")])),
    bad(Purchases, "duplicate", Twice(&[])),
    bad(Surveys, "bad-time", Cells(&[("responded_at", NO_DAY)])),
    bad(Surveys, "missing-time", Cells(&[("responded_at", b""), ("sent_at", b"")])),
    bad(Surveys, "score-out-of-range", Cells(&[("score", b"11")])),
    bad(Surveys, "bad-score", Cells(&[("score", b"8.5")])),
    bad(Surveys, "bad-score", Cells(&[("score", b"great")])),
    bad(Surveys, "ragged-row", Cut(4)),
    bad(Surveys, "bad-encoding", Cells(&[("customer_id", NO_TEXT)])),
    bad(Tickets, "ends-before-start", Cells(&[("resolved_at", b"2024-12-31T23:00:00Z")])),
    bad(Tickets, "ragged-row", Cut(3)),
    bad(Purchases, "missing-customer", Cells(&[("customer_id", b"")])),
    bad(Purchases, "bad-time", Cells(&[("purchased_at", NO_DAY)])),
    bad(Purchases, "missing-time", Cells(&[("purchased_at", b"")])),
    bad(Purchases, "bad-number", Cells(&[("amount", b"12,x0")])),
    bad(Purchases, "ragged-row", Cut(2)),
    odd(Surveys, Padded),
    odd(Tickets, Padded),
    odd(Purchases, Padded),
    odd(Surveys, Cells(&[("customer_id", b" N/A ")])),
    odd(Surveys, Cells(&[("customer_id", b"anonymous")])),
    odd(Tickets, Cells(&[("customer_id", b" N/A ")])),
    odd(Tickets, Cells(&[("customer_id", b"anonymous")])),
    odd(Surveys, Cells(&[("score", b"10 - Extremely likely")])),
    odd(Surveys, Cells(&[("score", b"0 - Not at all likely")])),
    odd(Surveys, Cells(&[("responded_at", b""), ("score", b"  ")])),
];

/// Dirt that would be too much for the tickets of a small export.
static SECOND_ROUND: &[Plant] = &[
    bad(Tickets, "duplicate", Twice(&[])),
    bad(Tickets, "bad-time", Cells(&[("created_at", NO_DAY)])),
    bad(Tickets, "missing-time", Cells(&[("created_at", b"")])),
    bad(Tickets, "bad-encoding", Cells(&[("customer_id", NO_TEXT)])),
    odd(Surveys, Cells(&[("score", b"10 - Extremely likely")])),
    odd(Purchases, Padded),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_has_each_kind_once() {
        for seed in 0..9 {
            let count = |numbers: std::ops::Range<u32>| numbers.filter_map(|n| planted(seed, n)).count();
            assert_eq!(count(0..50), FIRST_ROUND.len());
            assert_eq!(count(50..100), SECOND_ROUND.len());
            assert_eq!(count(100..150), 0);
            assert_eq!(count(4_294_967_100..4_294_967_150), FIRST_ROUND.len());
        }
    }

    #[test]
    fn dirt_stays_in_its_row() {
        let columns = ["order_id", "customer_id", "purchased_at"];
        let clean = ByteRecord::from(vec!["O1", "C1", "2025-01-01T00:00:00Z"]);
        let rows = |harm| bad(Purchases, "bad-time", harm).grow(&columns, &clean);
        assert_eq!(rows(Cells(&[("purchased_at", b"")])), [ByteRecord::from(vec!["O1", "C1", ""])]);
        assert_eq!(rows(Padded), [ByteRecord::from(vec!["O1", " C1  ", "2025-01-01T00:00:00Z"])]);
        assert_eq!(rows(Cut(2)), [ByteRecord::from(vec!["O1", "C1"])]);
        assert_eq!(rows(Twice(&[])), [clean.clone(), clean.clone()]);
    }
}
