//! Which character is the decimal mark, where amounts and scores show it; it knows neither fields nor files.

/// What the numbers seen so far show of the decimal mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DecimalProof {
    point: bool,
    comma: bool,
}

impl DecimalProof {
    /// Looks at a cell with a number in it. `9,5`, `0.25` and `1.234,56` show the mark; `1,234` may be either way, and
    /// `1.234.567` shows that the point is none.
    pub fn see(&mut self, cell: &[u8]) {
        match mark_of(cell) {
            Some(b'.') => self.point = true,
            Some(_) => self.comma = true,
            None => {}
        }
    }

    /// The mark, where some number shows it and none shows the other.
    pub fn mark(self) -> Option<char> {
        match (self.point, self.comma) {
            (true, false) => Some('.'),
            (false, true) => Some(','),
            _ => None,
        }
    }
}

/// The decimal mark that a number shows.
fn mark_of(cell: &[u8]) -> Option<u8> {
    let first = cell.iter().position(u8::is_ascii_digit)?;
    let last = cell.iter().rposition(u8::is_ascii_digit)?;
    let number = &cell[first..=last];
    let last_mark = number.iter().rposition(|byte| matches!(byte, b'.' | b','))?;
    let mark = number[last_mark];
    let (before, behind) = (&number[..last_mark], &number[last_mark + 1..]);
    let is_plain =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'\'' | b' ' | 0xc2 | 0xa0);
    if !before.iter().all(is_plain) || !behind.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let other = if mark == b'.' { b',' } else { b'.' };
    match (before.contains(&mark), before.contains(&other)) {
        (true, true) => None,
        (true, false) => (behind.len() == 3).then_some(other),
        (false, true) => Some(mark),
        (false, false) => (behind.len() != 3).then_some(mark),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_shows_its_mark_or_nothing() {
        let cases: [(&str, Option<u8>); 16] = [
            ("9,5", Some(b',')),
            ("0.25", Some(b'.')),
            ("-1.234,56 €", Some(b',')),
            ("$1,234.56", Some(b'.')),
            ("1 234,5", Some(b',')),
            ("1.234.567", Some(b',')),
            ("1,234,567", Some(b'.')),
            ("1,234", None),
            ("9.500", None),
            ("12", None),
            ("", None),
            ("1,23,456.7,8", None),
            ("4 - good. 5", None),
            ("12:30.5", None),
            ("0.1234", Some(b'.')),
            ("(12.00)", Some(b'.')),
        ];
        for (cell, mark) in cases {
            assert_eq!(mark_of(cell.as_bytes()), mark, "{cell}");
        }
    }

    #[test]
    fn numbers_that_contradict_each_other_show_nothing() {
        let mut proof = DecimalProof::default();
        assert_eq!(proof.mark(), None);
        proof.see(b"1,5");
        assert_eq!(proof.mark(), Some(','));
        proof.see(b"1.5");
        assert_eq!(proof.mark(), None);
    }
}
