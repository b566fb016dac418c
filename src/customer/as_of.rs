//! The latest time in the exports, which ends every window unless the user says another. Never reads the clock.

use crate::instant::DAY;
use crate::parallel;
use crate::source::field::{Field, Kind};
use crate::table::Exports;
use crate::table::column::BLANK;
use crate::table::stack::Stack;

/// How far behind the latest time the one before it may be before the latest is suspect.
const LONELY: i64 = 30 * DAY;

/// As many rows are passed over at once where none of them is late enough.
const BLOCK: usize = 1024;

/// The latest time of any row, and whether it stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// The latest time.
    pub at: i64,
    /// The time before it, where that is more than 30 days earlier.
    pub lonely_after: Option<i64>,
}

impl Latest {
    /// Looks at every time of every row; none if there is no time at all.
    pub fn of(exports: &Exports, threads: usize) -> Option<Latest> {
        let of_kinds = parallel::map(threads, exports.stacks.iter().collect(), Two::of);
        let mut all = Two::NONE;
        of_kinds.iter().flat_map(|two| [two.before, two.latest]).for_each(|time| all.see(time));
        let Two { latest, before } = all;
        let lonely = before != i64::MIN && latest.saturating_sub(before) > LONELY;
        (latest != i64::MIN).then_some(Latest { at: latest, lonely_after: lonely.then_some(before) })
    }
}

/// The latest two times. Rows of one moment are one time: a wide survey has a row for each question of a response.
struct Two {
    latest: i64,
    before: i64,
}

impl Two {
    const NONE: Two = Two { latest: i64::MIN, before: i64::MIN };

    fn of(stack: &Stack) -> Two {
        let fields: &[Field] = match stack.kind {
            Kind::Surveys => &[Field::At, Field::SentAt],
            Kind::Tickets => &[Field::CreatedAt, Field::FirstReplyAt, Field::ResolvedAt],
            Kind::Purchases => &[Field::At],
            // The end of a term may lie ahead, and then it has not happened.
            Kind::Subscriptions => &[Field::StartedAt],
            Kind::Customers => &[],
        };
        let columns: Vec<Option<usize>> = fields.iter().map(|field| stack.field(*field)).collect();
        let mut two = Two::NONE;
        // A rating has the times of its ticket.
        for part in stack.read_parts() {
            let columns = columns.iter().map(|column| part.longs(*column)).filter(|times| !times.is_empty());
            let columns: Vec<&[i64]> = columns.collect();
            for start in (0..part.len()).step_by(BLOCK) {
                let rows = start..part.len().min(start + BLOCK);
                let latest = columns.iter().filter_map(|times| times.get(rows.clone())?.iter().max()).max();
                // Hardly ever has a block anything to say once a few are seen.
                if latest.is_some_and(|latest| *latest > two.before) {
                    rows.filter(|row| part.is_used(*row)).for_each(|row| {
                        two.see(
                            columns.iter().filter_map(|times| times.get(row).copied()).max().unwrap_or(BLANK),
                        )
                    });
                }
            }
        }
        two
    }

    fn see(&mut self, time: i64) {
        if time > self.latest {
            (self.latest, self.before) = (time, self.latest);
        } else if time < self.latest {
            self.before = self.before.max(time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::fixture::{at, exports};

    #[test]
    fn the_latest_of_every_time_of_every_row() {
        let tickets =
            "ticket_id,customer,created_at,resolved_at\n1,a,2026-01-01,2026-02-10\n2,a,2026-02-01,\n";
        let answers = "date,metric,score,customer,sent_at\n2026-01-05,nps,9,a,\n,nps,,b,2026-02-11\n";
        let both = exports(&[(Kind::Tickets, tickets), (Kind::Surveys, answers)]);
        assert_eq!(Latest::of(&both, 2), Some(Latest { at: at("2026-02-11"), lonely_after: None }));
        assert_eq!(Latest::of(&exports(&[(Kind::Surveys, "date,metric,score\n")]), 1), None);
    }

    fn lonely(rows: &str) -> Option<i64> {
        let text = format!("customer,date,amount\n{rows}");
        Latest::of(&exports(&[(Kind::Purchases, &text)]), 1).unwrap().lonely_after
    }

    #[test]
    fn more_than_thirty_days_after_the_one_before_is_alone() {
        assert_eq!(lonely("a,2026-01-01,1\na,2026-01-31,1\n"), None);
        assert_eq!(lonely("a,2026-01-01,1\na,2026-01-31 00:00:01,1\n"), Some(at("2026-01-01")));
        assert_eq!(lonely("a,2026-01-01,1\n"), None);
    }

    /// One response of a wide survey is one row for each of its questions.
    #[test]
    fn one_response_to_three_questions_does_not_keep_itself_company() {
        let text = "date,nps,csat,ces\n2026-01-01,9,4,5\n2026-01-02,9,4,5\n2062-01-03,9,4,5\n";
        let latest = Latest::of(&exports(&[(Kind::Surveys, text)]), 1).unwrap();
        assert_eq!(latest.lonely_after, Some(at("2026-01-02")));
    }
}
