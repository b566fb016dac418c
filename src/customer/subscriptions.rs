//! Terms of subscriptions in the order of customers and time, and who had one at a moment. Knows no metric.

use super::rows::{Rows, Sorted};
use crate::source::field::Field;
use crate::table::codes::Codes;
use crate::table::column::BLANK;
use crate::table::stack::Stack;
use crate::table::{Exports, Longs, Table};

/// The terms that had begun at the as-of moment.
#[derive(Debug)]
pub struct Subscriptions {
    /// The columns.
    pub table: Table,
    /// The rows of each customer.
    pub rows: Rows,
    /// The customer of each row.
    pub customer: Codes,
    /// When each term began.
    pub started_at: Vec<i64>,
    /// The channel by which each was sold.
    pub channel: Codes,
    /// Terms that begin after the as-of moment.
    pub after_as_of: u64,
    ended_at: Longs,
}

impl Subscriptions {
    /// Puts the terms in order: by customer, then by their start, then by all that was read of them.
    pub fn of(mut stack: Stack, exports: &Exports, as_of: i64) -> Subscriptions {
        let sorted = {
            let (find, tie) = (stack.finder(), stack.tie());
            let by_text = |a: u32, b: u32| tie(find(a), find(b));
            Rows::sorted(exports.customers.len(), &stack, Field::StartedAt, as_of, by_text)
        };
        let Sorted { rows, places, customer, times: started_at } = sorted;
        [Field::StartedAt, Field::Customer].into_iter().for_each(|field| stack.drop_column(field));
        let mut table = stack.into_table(&places);
        Subscriptions {
            after_as_of: rows.after_as_of(),
            channel: table.codes(Field::Channel.as_str()).clone(),
            ended_at: table.take_longs(Field::EndedAt),
            table,
            rows,
            customer,
            started_at,
        }
    }

    /// Whether a customer had a term that began before the moment and had not ended by then. An end that lies ahead is
    /// none yet.
    pub fn runs(&self, customer: u32, moment: i64) -> bool {
        let begun = self.rows.of_customer(customer).take_while(|row| self.started_at[*row] < moment);
        let ends = |row: usize| self.ended_at.get(row).filter(|end| *end != BLANK);
        begun.into_iter().any(|row| ends(row).is_none_or(|end| end >= moment))
    }
}

#[cfg(test)]
mod tests {
    use crate::customer::fixture::{at, joined};
    use crate::source::field::Kind;

    const TERMS: &str = "subscription_id,customer,started_at,ended_at,plan,mrr,channel\n\
                         1,a,2026-01-01,2026-02-01,basic,10,web\n2,a,2026-02-10,,plus,20,shop\n\
                         3,b,2026-01-05,2026-03-01,basic,10,web\n4,c,2026-01-07,2026-01-06,basic,10,web\n";

    #[test]
    fn a_term_runs_from_its_start_up_to_its_end() {
        let joined = joined(&[(Kind::Subscriptions, TERMS)]);
        let terms = joined.subscriptions.as_ref().unwrap();
        let runs = |key: &str, moment: &str| terms.runs(joined.customer(key), at(moment));
        // The moment itself is not known yet: a term that ends at it still ran just before.
        assert_eq!(
            ["2026-01-01", "2026-01-02", "2026-02-01", "2026-02-02", "2026-02-11"].map(|day| runs("a", day)),
            [false, true, true, false, true]
        );
        // The latest start is the as-of moment: an end lies ahead of it.
        assert_eq!((joined.as_of, runs("b", "2026-02-11")), (at("2026-02-10"), true));
        // What ends before it starts is rejected, and its customer with it.
        assert_eq!((joined.join.customers, terms.table.rows()), (2, 3));
    }

    #[test]
    fn the_start_of_a_term_is_a_touch_by_its_channel() {
        let joined = joined(&[(Kind::Subscriptions, TERMS)]);
        let person = joined.at_the_end(joined.customer("a"));
        assert_eq!((person.orders, person.channels_used), (0, 2));
        assert_eq!(joined.word("channel", person.acquisition_channel), "web");
        assert_eq!(joined.word("channel", person.last_channel), "shop");
    }
}
