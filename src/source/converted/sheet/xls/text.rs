//! The texts in the records of an old workbook, and the texts that its cells share; it must not know cells.

use super::container::number;

/// A text of which the length was read: in BIFF8 a byte says how wide its characters are, before that they are those of
/// Windows-1252.
pub fn text(bytes: &[u8], count: usize, is_biff8: bool) -> Option<String> {
    if !is_biff8 {
        let bytes = bytes.get(..count).unwrap_or(bytes);
        return Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned());
    }
    let (flags, rest) = bytes.split_first()?;
    let size = if flags & 1 == 0 { 1 } else { 2 };
    let units = rest.get(..count.checked_mul(size)?).unwrap_or(rest).chunks(size);
    let units: Vec<u16> =
        units.filter_map(|unit| number(unit, 0, unit.len())).map(|unit| unit as u16).collect();
    Some(String::from_utf16_lossy(&units))
}

/// The texts that cells share, from the record that holds them and those that continue it; as many as are whole.
pub fn shared(parts: &[&[u8]]) -> Vec<String> {
    let mut parts = Parts { parts, at: 8 };
    let mut texts = Vec::new();
    while let Some(text) = parts.text() {
        texts.push(text);
    }
    texts
}

/// Records that are read as one.
struct Parts<'a> {
    parts: &'a [&'a [u8]],
    at: usize,
}

impl Parts<'_> {
    /// Goes to the next record at the end of one; says whether it did.
    fn goes_on(&mut self) -> bool {
        let is_over = self.parts.first().is_some_and(|part| self.at >= part.len());
        if is_over {
            self.parts = &self.parts[1..];
            self.at = 0;
        }
        is_over
    }

    fn number(&mut self, count: usize) -> Option<usize> {
        let mut sum = 0;
        for place in 0..count {
            while self.goes_on() {}
            let byte = *self.parts.first()?.get(self.at)?;
            sum |= usize::from(byte) << (8 * place);
            self.at += 1;
        }
        Some(sum)
    }

    fn skip(&mut self, mut count: usize) {
        while let Some(part) = self.parts.first() {
            let here = count.min(part.len().saturating_sub(self.at));
            self.at += here;
            count -= here;
            if count == 0 || !self.goes_on() {
                return;
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        let count = self.number(2)?;
        let flags = self.number(1)?;
        let runs = if flags & 8 > 0 { self.number(2)? } else { 0 };
        let more = if flags & 4 > 0 { self.number(4)? } else { 0 };
        let (mut is_wide, mut units) = (flags & 1 > 0, Vec::new());
        for _ in 0..count {
            // Where a text goes on in the next record, that says anew how wide its characters are.
            if self.goes_on() {
                is_wide = self.number(1)? & 1 > 0;
            }
            units.push(self.number(if is_wide { 2 } else { 1 })? as u16);
        }
        self.skip(runs.saturating_mul(4).saturating_add(more));
        Some(String::from_utf16_lossy(&units))
    }
}
