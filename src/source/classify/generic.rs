//! What is known of exports that no preset knows: orders that are no purchases by the word of their status, and a date
//! whose time stands beside it. It sees headers alone.

use crate::source::field::{Field, Kind, MapFlag};
use crate::source::mapping::{Header, Mapping};
use crate::source::preset::{LeftOut, Test};
use crate::source::shape::{CellTest, From, RowTest, Shaped};

/// How a column of what became of an order is called.
const STATUS: [&str; 6] =
    ["status", "order_status", "payment_status", "financial_status", "transaction_status", "order_state"];

/// What says of an order that nothing was sold in the end, in lower case.
const UNPAID: [&str; 12] = [
    "cancelled",
    "canceled",
    "refunded",
    "fully refunded",
    "voided",
    "void",
    "expired",
    "geannuleerd",
    "storniert",
    "annulé",
    "cancelado",
    "anulowane",
];

/// What says of an order that nothing was sold yet: another attempt to pay may succeed.
const FAILED: [&str; 5] = ["failed", "declined", "denied", "rejected", "error"];

/// Says of a mapping by names what no name says.
pub fn complete(mut mapping: Mapping, header: &Header, maps: &[MapFlag]) -> Mapping {
    // Whoever says which column tells what was paid back, or that none does, has the last word.
    let is_said = maps.iter().any(|map| (map.kind, map.field) == (Kind::Purchases, Field::Refunded));
    if mapping.kind == Kind::Purchases && !mapping.has(Field::Refunded) && !is_said {
        let unclaimed = |column: &usize| mapping.claimed[*column].is_none();
        let named = |column: &usize| STATUS.contains(&mapping.names[*column].as_str());
        let columns = (0..mapping.names.len()).filter(unclaimed).filter(named);
        let test = |column: usize, words: &[&str], is_final: bool| {
            let test = Test::Is(words.iter().map(|word| (*word).to_owned()).collect());
            RowTest { why: LeftOut::Unpaid, cell: CellTest { column, test }, unless: None, is_final }
        };
        let tests = |column| [test(column, &UNPAID, true), test(column, &FAILED, false)];
        mapping.shape.drops = columns.flat_map(tests).collect();
    }
    for (column, field) in mapping.claimed.clone().into_iter().enumerate() {
        let Some(field) = field.filter(|field| field.is_time()) else { continue };
        let parts = said(header, mapping.kind, field, maps).or_else(|| beside(&mapping, column));
        if let Some(parts) = parts {
            mapping.shape.fields.insert(field, Shaped::plain(From::Joined(parts)));
        }
    }
    mapping
}

/// The columns of `--map tickets.created_at=Date+Time`.
fn said(header: &Header, kind: Kind, field: Field, maps: &[MapFlag]) -> Option<Vec<usize>> {
    let map = maps.iter().find(|map| (map.kind, map.field) == (kind, field))?;
    header.joined(&map.column)
}

/// A column of dates with the column of times beside it.
fn beside(mapping: &Mapping, column: usize) -> Option<Vec<usize>> {
    let time = time_beside(&mapping.names, column)?;
    mapping.claimed[time].is_none().then(|| vec![column, time])
}

/// The column of times beside one of dates: `date` and `time`, `order_date` and `order_time`.
pub fn time_beside(names: &[String], column: usize) -> Option<usize> {
    let wanted = format!("{}time", names.get(column)?.strip_suffix("date")?);
    names.iter().position(|name| *name == wanted)
}

#[cfg(test)]
mod tests {
    use super::super::guess;
    use super::*;

    fn read(header: &str, maps: &[&str]) -> Mapping {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let maps: Vec<MapFlag> = maps.iter().map(|map| MapFlag::parse(map).unwrap()).collect();
        guess("q3.csv", &header, None, &maps).unwrap()
    }

    #[test]
    fn a_date_and_its_time_are_one_moment() {
        let joined =
            |mapping: &Mapping, field| mapping.shape.fields.get(&field).map(|shaped| shaped.from.clone());
        let orders = read("order_id,customer_id,Order Date,Order Time,amount", &[]);
        assert_eq!(joined(&orders, Field::At), Some(From::Joined(vec![2, 3])));
        let said = read("ticket_id,day,hour", &["tickets.created_at=day+hour"]);
        assert_eq!(joined(&said, Field::CreatedAt), Some(From::Joined(vec![1, 2])));
        assert_eq!(joined(&read("order_id,customer_id,order_date,amount", &[]), Field::At), None);
    }

    #[test]
    fn orders_whose_status_says_that_nothing_was_sold_are_left_out_unless_the_user_knows_better() {
        let header = "order_id,customer_id,order_date,amount,Payment Status";
        let orders = read(header, &[]);
        assert_eq!(orders.shape.drops.iter().map(|drop| drop.cell.column).collect::<Vec<_>>(), [4, 4]);
        assert!(
            orders.shape.drops[0].cell.test.holds("refunded")
                && !orders.shape.drops[0].cell.test.holds("paid")
        );
        assert!(read(header, &["purchases.refunded="]).shape.drops.is_empty());
        assert!(read("ticket_id,created_at,status", &[]).shape.drops.is_empty());
    }
}
