//! Small numbers in a column: codes of words or customers, and counts. A byte each, until one does not fit.

use std::borrow::Cow;

use super::words::NONE;

/// The numbers of a column, [`NONE`] where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Below 255, which stands for [`NONE`].
    Narrow(Vec<u8>),
    /// Any.
    Wide(Vec<u32>),
}

/// A column that the export lacks.
pub static NO_CODES: Codes = Codes::NONE;

impl Codes {
    /// No rows.
    pub const NONE: Codes = Codes::Narrow(Vec::new());

    /// A column of `rows` blanks, with room for any number if it `is_wide`.
    pub fn blank(rows: usize, is_wide: bool) -> Codes {
        if is_wide { Codes::Wide(vec![NONE; rows]) } else { Codes::Narrow(vec![u8::MAX; rows]) }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Codes::Narrow(codes) => codes.len(),
            Codes::Wide(codes) => codes.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether some number may need more than a byte.
    pub fn is_wide(&self) -> bool {
        matches!(self, Codes::Wide(_))
    }

    /// Whether some row has no number.
    pub fn has_blank(&self) -> bool {
        match self {
            Codes::Narrow(codes) => codes.contains(&u8::MAX),
            Codes::Wide(codes) => codes.contains(&NONE),
        }
    }

    /// The number of a row; [`NONE`] beyond the last.
    #[inline]
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Codes::Narrow(codes) => codes.get(row).map_or(NONE, |code| widened(*code)),
            Codes::Wide(codes) => codes.get(row).copied().unwrap_or(NONE),
        }
    }

    /// The numbers of so many rows, four bytes each.
    pub fn wide(&self, rows: usize) -> Cow<'_, [u32]> {
        match self {
            Codes::Wide(codes) if codes.len() == rows => Cow::Borrowed(codes),
            _ => (0..rows).map(|row| self.get(row)).collect(),
        }
    }

    /// The numbers, row by row.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Adds a row.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match self {
            Codes::Wide(codes) => codes.push(code),
            Codes::Narrow(codes) => match narrowed(code) {
                Some(code) => codes.push(code),
                None => {
                    self.widen();
                    self.push(code);
                }
            },
        }
    }

    /// Adds rows.
    #[inline]
    pub fn extend(&mut self, mut more: impl Iterator<Item = u32>) {
        if let Codes::Narrow(codes) = self {
            codes.reserve(more.size_hint().0);
            let is_last = |code: &u32| narrowed(*code).map(|code| codes.push(code)).is_none();
            let Some(first) = more.find(is_last) else { return };
            self.push(first);
        }
        if let Codes::Wide(codes) = self {
            codes.extend(more);
        }
    }

    /// Replaces each number by what `codes` says of it.
    pub fn translate(&mut self, codes: &[u32]) {
        let narrow: Option<Vec<u8>> = match self {
            Codes::Narrow(_) => codes.iter().map(|code| narrowed(*code)).collect(),
            Codes::Wide(_) => None,
        };
        match (&mut *self, narrow) {
            (Codes::Narrow(values), Some(mut codes)) => {
                // A blank stays one, however many numbers there are.
                codes.resize(usize::from(u8::MAX), u8::MAX);
                values.iter_mut().for_each(|value| {
                    *value = codes.get(usize::from(*value)).copied().unwrap_or(u8::MAX);
                });
            }
            (Codes::Wide(values), _) => {
                values
                    .iter_mut()
                    .for_each(|value| *value = codes.get(*value as usize).copied().unwrap_or(NONE));
            }
            (Codes::Narrow(_), None) => {
                self.widen();
                self.translate(codes);
            }
        }
    }

    /// Puts each number where `places` says into a column; one whose place is beyond its end is left out.
    pub fn scatter(&self, places: &[u32], into: &mut Codes) {
        match (self, into) {
            (Codes::Narrow(from), Codes::Narrow(into)) => scatter(from, places, into),
            (Codes::Wide(from), Codes::Wide(into)) => scatter(from, places, into),
            (from, into) => {
                into.widen();
                if let Codes::Wide(into) = into {
                    scatter(&from.iter().collect::<Vec<u32>>(), places, into);
                }
            }
        }
    }

    /// No rows, and room for so many of the same width.
    pub fn with_room(&self, rows: usize) -> Codes {
        match self {
            Codes::Narrow(_) => Codes::Narrow(Vec::with_capacity(rows)),
            Codes::Wide(_) => Codes::Wide(Vec::with_capacity(rows)),
        }
    }

    /// How many rows can be added before more memory is needed.
    pub fn room(&self) -> usize {
        match self {
            Codes::Narrow(codes) => codes.capacity() - codes.len(),
            Codes::Wide(codes) => codes.capacity() - codes.len(),
        }
    }

    /// Adds the rows of another column.
    pub fn append(&mut self, other: &Codes) {
        match (&mut *self, other) {
            (Codes::Narrow(codes), Codes::Narrow(other)) => codes.extend_from_slice(other),
            (Codes::Wide(codes), Codes::Wide(other)) => codes.extend_from_slice(other),
            (_, other) => other.iter().for_each(|code| self.push(code)),
        }
    }

    /// The rows of several columns, one below the other.
    pub fn stacked(columns: impl IntoIterator<Item = Codes>) -> Codes {
        let mut columns = columns.into_iter();
        let mut all = columns.next().unwrap_or(Codes::NONE);
        columns.for_each(|column| all.append(&column));
        all
    }

    /// Forgets all rows.
    pub fn clear(&mut self) {
        match self {
            Codes::Narrow(codes) => codes.clear(),
            Codes::Wide(codes) => codes.clear(),
        }
    }

    fn widen(&mut self) {
        if let Codes::Narrow(codes) = self {
            *self = Codes::Wide(codes.iter().map(|code| widened(*code)).collect());
        }
    }
}

impl Default for Codes {
    fn default() -> Self {
        Codes::NONE
    }
}

impl FromIterator<u32> for Codes {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Codes {
        let mut all = Codes::Narrow(Vec::new());
        all.extend(codes.into_iter());
        all
    }
}

#[inline]
fn widened(code: u8) -> u32 {
    if code == u8::MAX { NONE } else { u32::from(code) }
}

#[inline]
fn narrowed(code: u32) -> Option<u8> {
    if code == NONE { Some(u8::MAX) } else { u8::try_from(code).ok().filter(|code| *code != u8::MAX) }
}

/// Puts each value where `places` says; one whose place is beyond the end is left out.
pub fn scatter<T: Copy>(values: &[T], places: &[u32], into: &mut [T]) {
    for (value, place) in values.iter().zip(places) {
        if let Some(slot) = into.get_mut(*place as usize) {
            *slot = *value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_does_not_fit_widens_the_column() {
        let mut codes: Codes = [3, NONE, 254].into_iter().collect();
        assert_eq!((&codes, codes.get(9)), (&Codes::Narrow(vec![3, 255, 254]), NONE));
        codes.push(255);
        assert_eq!(codes, Codes::Wide(vec![3, NONE, 254, 255]));
        assert_eq!(codes.iter().collect::<Vec<_>>(), [3, NONE, 254, 255]);
    }

    #[test]
    fn translating_keeps_blanks_and_widens_where_it_must() {
        let codes: Codes = [1, NONE, 0].into_iter().collect();
        let translated = |to: &[u32]| {
            let mut codes = codes.clone();
            codes.translate(to);
            codes
        };
        assert_eq!(translated(&[7, 8]), Codes::Narrow(vec![8, 255, 7]));
        assert_eq!(translated(&[7, 300]), Codes::Wide(vec![300, NONE, 7]));
        assert_eq!(translated(&[4; 300]), Codes::Narrow(vec![4, 255, 4]));
    }

    #[test]
    fn scattering_leaves_out_what_has_no_place() {
        let codes: Codes = [5, 6, 7].into_iter().collect();
        for is_wide in [false, true] {
            let mut into = Codes::blank(3, is_wide);
            codes.scatter(&[2, NONE, 0], &mut into);
            assert_eq!(into.iter().collect::<Vec<_>>(), [7, NONE, 5]);
        }
        let mut into = Codes::blank(1, false);
        Codes::Wide(vec![300]).scatter(&[0], &mut into);
        assert_eq!(into, Codes::Wide(vec![300]));
    }
}
