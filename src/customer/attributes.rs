//! What the list of customers says of each: one value an attribute, by customer. It knows no moment: a list tells how
//! customers stand, not since when.

use crate::source::field::Field;
use crate::table::codes::Codes;
use crate::table::stack::Stack;
use crate::table::words::NONE;

/// The attributes of all customers.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    /// Whether each customer is in the list.
    pub present: Vec<bool>,
    /// The codes of words by customer, by the name of the column.
    columns: Vec<(String, Codes)>,
}

impl Attributes {
    /// The lists of customers, of whom the run knows so many. Each customer has one row that can be used.
    pub fn of(stack: &Stack, customers: usize) -> Attributes {
        let customer = stack.field(Field::Customer);
        let mut present = vec![false; customers];
        let used = |part| {
            let codes = crate::table::batch::Part::codes(part, customer);
            (0..part.len()).filter(|row| part.is_used(*row)).map(move |row| (row, codes.get(row) as usize))
        };
        for part in stack.parts() {
            used(part).for_each(|(_, code)| {
                if let Some(present) = present.get_mut(code) {
                    *present = true;
                }
            });
        }
        let names = stack.names().filter(|name| *name != Field::Customer.as_str());
        let columns = names.map(|name| {
            let (column, mut values) = (stack.column(name), vec![NONE; customers]);
            for part in stack.parts() {
                let codes = part.codes(column);
                for (row, code) in used(part) {
                    if let Some(value) = values.get_mut(code).filter(|_| codes.get(row) != NONE) {
                        *value = codes.get(row);
                    }
                }
            }
            (name.to_owned(), values.into_iter().collect())
        });
        Attributes { columns: columns.collect(), present }
    }

    /// The values of an attribute by customer; none if no list has that column.
    pub fn named(&self, name: &str) -> Option<&Codes> {
        self.columns.iter().find(|(known, _)| known == name).map(|(_, codes)| codes)
    }
}

#[cfg(test)]
mod tests {
    use crate::customer::fixture::given;
    use crate::source::field::Kind;

    const LIST: &str = "customer_id,email,Region\nc1,Ann@x.com,North\nc2,,South\nc3,,\nc2,,East\n";
    const ORDERS: &str = "customer,date,amount\nann@x.com,2026-01-01,5\nc2,2026-01-02,5\nc4,2026-01-02,5\n";

    #[test]
    fn the_last_line_of_a_customer_says_what_they_are() {
        let files = [(Kind::Purchases, ORDERS), (Kind::Customers, LIST)];
        let joined = given(&files, |plan| plan.breakdowns = vec![vec!["region".to_owned()]]).joined;
        let attributes = joined.attributes.as_ref().unwrap();
        let region = |key: &str| {
            joined.word("region", attributes.named("region").unwrap().get(joined.customer(key) as usize))
        };
        assert_eq!(["c1", "c2", "c3", "c4"].map(region), ["North", "East", "-", "-"]);
        // The address is no customer any more, but who it is an address of.
        assert_eq!(joined.customers.find("ann@x.com"), None);
        assert_eq!(attributes.present.iter().filter(|present| **present).count(), 3);
        let person = joined.at_the_end(joined.customer("c1"));
        assert_eq!((person.orders, joined.join.customers), (1, 4));
    }
}
