//! A rejected row as it may be shown where customers have pseudonyms: without who it is about and what they wrote. Knows
//! one row at a time, and of its file the header.

use std::borrow::Cow;

use super::value::key;
use crate::pseudonym::{COMMENT_LEFT_OUT, Keys};
use crate::source::columns::Mapping;

/// Stands for a row whose cells cannot be told apart.
const ROW_LEFT_OUT: &str = "[row left out: its cells cannot be told apart]";

/// Stands for a name, a number or a text that may say who somebody is.
const LEFT_OUT: &str = "[left out]";

/// What becomes of the cells of one file's rows.
pub struct Veil<'a> {
    keys: &'a Keys,
    delimiter: u8,
    columns: Vec<Holds>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Who a customer is: the cell becomes a pseudonym.
    Key,
    /// What somebody wrote.
    Comment,
    /// A name or a number by which somebody is known.
    Person,
    /// Anything else, and maybe an address.
    Other,
}

impl<'a> Veil<'a> {
    /// For the rows of a file of that mapping.
    pub fn of(mapping: &Mapping, delimiter: u8, keys: &'a Keys) -> Veil<'a> {
        let holds = |column: usize| match () {
            () if mapping.is_personal(column) => Holds::Key,
            () if mapping.is_comment(column) => Holds::Comment,
            () if mapping.names_a_person(column) => Holds::Person,
            () => Holds::Other,
        };
        Veil { keys, delimiter, columns: (0..mapping.header.len()).map(holds).collect() }
    }

    /// The row as it may be shown; as it is where nobody asked for pseudonyms.
    pub fn row<'r>(&self, row: &'r [u8]) -> Cow<'r, [u8]> {
        if !self.keys.are_pseudonyms() {
            return Cow::Borrowed(row);
        }
        self.veiled(row).map_or(Cow::Borrowed(ROW_LEFT_OUT.as_bytes()), Cow::Owned)
    }

    /// None where the cells are not those of the header.
    fn veiled(&self, row: &[u8]) -> Option<Vec<u8>> {
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).delimiter(self.delimiter);
        let mut records = reader.from_reader(row).into_byte_records();
        let record = records.next()?.ok()?;
        if records.next().is_some() || record.len() != self.columns.len() {
            return None;
        }
        let mut writer = csv::WriterBuilder::new();
        let mut writer = writer.delimiter(self.delimiter).from_writer(Vec::new());
        let cells = record.iter().zip(&self.columns).map(|(cell, holds)| veil(self.keys, cell, *holds));
        writer.write_record(cells).ok()?;
        let mut row = writer.into_inner().ok()?;
        row.pop();
        Some(row)
    }
}

/// A cell that is neither a customer nor what somebody wrote as it may be shown: without an address.
pub fn text(keys: &Keys, cell: String) -> String {
    if !keys.are_pseudonyms() || !cell.contains('@') {
        return cell;
    }
    String::from_utf8_lossy(&veil(keys, cell.as_bytes(), Holds::Other)).into_owned()
}

/// A cell as it may be shown.
fn veil<'c>(keys: &Keys, cell: &'c [u8], holds: Holds) -> Cow<'c, [u8]> {
    let mut scratch = String::new();
    let text = std::str::from_utf8(cell).ok();
    let is_blank = text.is_some_and(|text| text.trim().is_empty());
    let has_address = cell.contains(&b'@');
    match holds {
        _ if is_blank => Cow::Borrowed(cell),
        Holds::Comment => Cow::Borrowed(COMMENT_LEFT_OUT.as_bytes()),
        Holds::Person => Cow::Borrowed(LEFT_OUT.as_bytes()),
        Holds::Other if !has_address => Cow::Borrowed(cell),
        // More words than one are a text in which an address stands.
        Holds::Other if text.is_none_or(|text| text.trim().contains(char::is_whitespace)) => {
            Cow::Borrowed(LEFT_OUT.as_bytes())
        }
        Holds::Key | Holds::Other => match key::normalise(cell, &mut scratch) {
            Some(key) => Cow::Owned(keys.shown(&String::from_utf8_lossy(key)).into_bytes()),
            // A word for nobody says nothing of anybody; what is no text may.
            None if text.is_some() => Cow::Borrowed(cell),
            None => Cow::Borrowed(LEFT_OUT.as_bytes()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::columns::guess;

    fn veiled(row: &[u8]) -> String {
        let header = ["ticket_id", "requester_id", "created_at", "Comment", "CC", "Requester", "First name"];
        let mapping = guess("t.csv", &header.map(str::to_owned), None, &[]).unwrap();
        let keys = Keys::secret(&[7; 16]);
        String::from_utf8(Veil::of(&mapping, b',', &keys).row(row).into_owned()).unwrap()
    }

    #[test]
    fn nobody_is_known_by_a_veiled_row() {
        let keys = Keys::secret(&[7; 16]);
        let [own, cc, name] = ["ann@x.com", "bo@x.com", "Ann Vries"].map(|key| keys.shown(key));
        assert_eq!(
            veiled(b"t1,Ann@X.com,soon,\"Ann, who is ill\",bo@x.com,Ann  Vries,Ann\n"),
            format!("t1,{own},soon,[comment left out],{cc},{name},[left out]")
        );
        assert_eq!(veiled(b"t1,n/a,soon,,\"write to bo@x.com, please\",,"), "t1,n/a,soon,,[left out],,");
        assert_eq!(veiled(b"t1,ann\xff,soon,,,,"), "t1,[left out],soon,,,,");
    }

    #[test]
    fn a_row_of_other_cells_than_the_header_is_left_out() {
        for row in [&b"t1,ann@x.com,soon"[..], b"t1,a,b,c,d,e,f,g", b""] {
            assert_eq!(veiled(row), ROW_LEFT_OUT);
        }
    }

    #[test]
    fn without_pseudonyms_a_row_stays_as_it_is() {
        let header = ["id", "customer_id", "nps", "date"].map(str::to_owned);
        let mapping = guess("t.csv", &header, None, &[]).unwrap();
        let row = b"1, \"a\" ,9,2026-01-01";
        assert_eq!(&*Veil::of(&mapping, b',', &Keys::Shortened).row(row), row);
    }
}
