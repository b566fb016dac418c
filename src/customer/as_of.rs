//! The latest time in the exports, which ends every window unless the user says another. Never reads the clock.

use crate::instant::DAY;
use crate::source::field::{Field, Kind};
use crate::table::Exports;

/// How far behind the latest row the next one may be before the latest is suspect.
const LONELY: i64 = 30 * DAY;

/// The latest time of any row, and whether it stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// The latest time.
    pub at: i64,
    /// The latest time of the other rows, where it is more than 30 days before.
    pub lonely_after: Option<i64>,
}

impl Latest {
    /// Looks at every time of every row; none if there is no time at all.
    pub fn of(exports: &Exports) -> Option<Latest> {
        let (mut latest, mut before) = (i64::MIN, i64::MIN);
        for table in &exports.tables {
            let fields: &[Field] = match table.kind {
                Kind::Surveys => &[Field::At, Field::SentAt],
                Kind::Tickets => &[Field::CreatedAt, Field::FirstReplyAt, Field::ResolvedAt],
                Kind::Purchases => &[Field::At],
            };
            let columns: Vec<Vec<Option<i64>>> = fields.iter().map(|field| table.longs(*field)).collect();
            for row in 0..table.rows() {
                let Some(time) = columns.iter().filter_map(|times| times[row]).max() else { continue };
                if time > latest {
                    (latest, before) = (time, latest);
                } else if time > before {
                    before = time;
                }
            }
        }
        let lonely = before != i64::MIN && latest.saturating_sub(before) > LONELY;
        (latest != i64::MIN).then_some(Latest { at: latest, lonely_after: lonely.then_some(before) })
    }
}
