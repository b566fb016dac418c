//! Finds where one record and its fields end in a slice of bytes; it must not know files, headers or text.

use super::marks::{Marks, each_place};

/// What a slice of bytes begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// A whole record.
    Record(Bounds),
    /// The slice ends before the record does.
    Unfinished,
    /// The data ends inside a quoted field, which starts at `field`.
    OpenQuote { field: usize },
    /// Nothing is left.
    End,
}

/// Where a record and its fields end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The length of its own bytes; 0 for a blank line.
    pub len: usize,
    /// Where the next record starts.
    pub next: usize,
    /// How many line ends it holds, its own included.
    pub lines: u64,
    /// Which of the [`Fields`]' ends is that of its first field.
    pub first: usize,
    /// How many fields it has.
    pub fields: usize,
}

/// How the records of a slice are split.
#[derive(Debug, Clone, Copy, Default)]
pub struct Format {
    /// The character between fields.
    pub delimiter: u8,
    /// How many fields most records have; 0 where nobody knows.
    pub width: usize,
}

/// The fields of a chunk: up to the next record their ends, behind it the marks that may become ends.
#[derive(Debug, Default)]
pub struct Fields {
    marks: Marks,
    /// The first mark of the next record, and the first stop that is not before it.
    next: usize,
    stop: usize,
}

impl Fields {
    /// Begins with the first record of `bytes`, of which there must be less than 4 GiB.
    pub fn enter(&mut self, bytes: &[u8], delimiter: u8) {
        (self.next, self.stop) = (0, 0);
        self.marks.find(bytes, delimiter);
    }

    /// The end of each field of the records so far.
    #[inline]
    pub fn ends(&self) -> &[u32] {
        &self.marks.places
    }

    /// Splits off the record that starts at `start`, right behind the one before.
    ///
    /// A quote means something only where a field starts (or right after the quote that closed it, where
    /// it stands for one quote): `5" pipe` is text like any other. `last` says that no byte follows.
    #[inline(always)]
    pub fn split(&mut self, bytes: &[u8], start: usize, format: Format, last: bool) -> Split {
        match self.plain(bytes, start, format) {
            Some(bounds) => Split::Record(bounds),
            None => self.any(bytes, start, last),
        }
    }

    /// A record of the usual width without a quote: its marks are all delimiters, up to an LF, and the ends already.
    #[inline(always)]
    fn plain(&mut self, bytes: &[u8], start: usize, format: Format) -> Option<Bounds> {
        let (first, fields) = (self.next, format.width);
        let stop = *self.marks.stops.get(self.stop)? as usize;
        let at = *self.marks.places.get(stop)? as usize;
        if stop + 1 != first + fields || bytes.get(at) != Some(&b'\n') {
            return None;
        }
        let len = self.close(bytes, start, at, stop);
        self.next = first + fields;
        self.stop += 1;
        Some(Bounds { len, next: at + 1, lines: 1, first, fields })
    }

    /// Any record, from stop to stop: between them there are only delimiters.
    #[inline(never)]
    fn any(&mut self, bytes: &[u8], start: usize, last: bool) -> Split {
        let (first, mut read, mut end) = (self.next, self.next, self.next);
        let (mut quoted, mut may_open, mut field, mut lines) = (false, start, start, 0);
        while let Some(stop) = self.marks.stops.get(self.stop) {
            let stop = *stop as usize;
            self.stop += 1;
            if !quoted && read < stop {
                end = self.marks.shift(read..stop, end);
                field = self.marks.places[end - 1] as usize + 1;
                may_open = field;
            }
            read = stop + 1;
            let at = self.marks.places[stop] as usize;
            match (bytes.get(at), quoted) {
                (Some(b'"'), true) => (quoted, may_open) = (false, at + 1),
                (Some(b'"'), false) => quoted = at == may_open,
                (_, true) => lines += 1,
                (_, false) => {
                    self.next = read;
                    let len = self.close(bytes, start, at, end);
                    let fields = end + 1 - first;
                    return Split::Record(Bounds { len, next: at + 1, lines: lines + 1, first, fields });
                }
            }
        }
        if !quoted && read < self.marks.count {
            end = self.marks.shift(read..self.marks.count, end);
            field = self.marks.places[end - 1] as usize + 1;
        }
        match (last, bytes.len().saturating_sub(start), quoted) {
            (false, ..) => Split::Unfinished,
            (_, 0, _) => Split::End,
            (.., true) => Split::OpenQuote { field },
            _ => {
                let len = self.close(bytes, start, bytes.len(), end);
                // The end of the data takes the place of a mark that there is not.
                (self.next, self.marks.count) = (end + 1, end + 1);
                Split::Record(Bounds { len, next: bytes.len(), lines, first, fields: end + 1 - first })
            }
        }
    }

    /// Ends the last field of a record before its line end at `at`, which may be a CR and an LF.
    #[inline(always)]
    fn close(&mut self, bytes: &[u8], start: usize, at: usize, end: usize) -> usize {
        let line = bytes.get(start..at).unwrap_or_default();
        let len = line.strip_suffix(b"\r").unwrap_or(line).len();
        if let Some(end) = self.marks.places.get_mut(end) {
            *end = (start + len) as u32;
        }
        len
    }
}

/// The end of the last record that ends in `bytes`, which begin with a record; none if none does.
///
/// Only quotes are looked at on the way: a line end counts if it stands between quoted fields.
pub fn last_record_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let (mut quoted, mut begun, mut plain) = (false, 0, Vec::new());
    each_place(bytes, b'"', |quote| {
        if quoted {
            (quoted, begun) = (false, quote + 1);
        } else if quote == begun || bytes[quote - 1] == delimiter || bytes[quote - 1] == b'\n' {
            if begun < quote {
                plain.push((begun, quote));
            }
            quoted = true;
        }
    });
    if !quoted {
        plain.push((begun, bytes.len()));
    }
    let line_end = |(from, to): &(usize, usize)| Some(from + memchr::memrchr(b'\n', &bytes[*from..*to])? + 1);
    plain.iter().rev().find_map(line_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the bytes begin with, and where its fields end.
    fn fields(bytes: &[u8], last: bool) -> (Split, Vec<u32>) {
        let one = |width: usize| {
            let mut fields = Fields::default();
            fields.enter(bytes, b',');
            let split = fields.split(bytes, 0, Format { delimiter: b',', width }, last);
            let ends = match split {
                Split::Record(Bounds { first, fields: count, .. }) => {
                    fields.ends()[first..first + count].to_vec()
                }
                _ => Vec::new(),
            };
            (split, ends)
        };
        // Whatever the header promises, a record is what it is.
        (1..4).for_each(|width| assert_eq!(one(0), one(width), "{width}"));
        one(0)
    }

    fn record(len: usize, next: usize, lines: u64, ends: &[u32]) -> (Split, Vec<u32>) {
        (Split::Record(Bounds { len, next, lines, first: 0, fields: ends.len() }), ends.to_vec())
    }

    #[test]
    fn a_record_ends_at_its_line_end() {
        assert_eq!(fields(b"a,bc\nd", false), record(4, 5, 1, &[1, 4]));
        assert_eq!(fields(b"a,bc\r\n", true), record(4, 6, 1, &[1, 4]));
        assert_eq!(fields(b"a,bc\r", true), record(4, 5, 0, &[1, 4]));
        assert_eq!(fields(b"\r\n", true), record(0, 2, 1, &[0]));
        assert_eq!(fields(b"a,bc\r", false).0, Split::Unfinished);
        assert_eq!(fields(b"", true).0, Split::End);
    }

    #[test]
    fn a_quote_counts_only_where_a_field_starts() {
        assert_eq!(fields(b"5\" pipe,x\n", true), record(9, 10, 1, &[7, 9]));
        assert_eq!(fields(b"\"a,\"\"\n\",b\n", true), record(9, 10, 2, &[7, 9]));
        assert_eq!(fields(b"\"a\"b\"c,d\n", true), record(8, 9, 1, &[6, 8]));
    }

    #[test]
    fn a_quote_left_open_is_seen_at_the_end_alone() {
        assert_eq!(fields(b"a,\"b\nc", false).0, Split::Unfinished);
        assert_eq!(fields(b"a,\"b\nc", true).0, Split::OpenQuote { field: 2 });
        assert_eq!(fields(b"\"a\"", false).0, Split::Unfinished);
    }

    #[test]
    fn the_records_of_a_slice_follow_each_other() {
        let bytes = b"a,b\n\"c\n\",d\ne,f";
        let mut fields = Fields::default();
        let format = Format { delimiter: b',', width: 2 };
        fields.enter(bytes, b',');
        let mut at = 0;
        for ends in [[1, 3], [8, 10], [12, 14]] {
            let Split::Record(bounds) = fields.split(bytes, at, format, true) else { panic!("a record") };
            assert_eq!(fields.ends()[bounds.first..bounds.first + bounds.fields], ends);
            at = bounds.next;
        }
        assert_eq!(fields.split(bytes, at, format, true), Split::End);
    }

    #[test]
    fn the_last_record_ends_outside_quotes() {
        for (bytes, end) in [
            (&b"a,b\nc"[..], Some(4)),
            (b"a\nb,\"x\n", Some(2)),
            (b"a\nb,\"x\n\"\nc", Some(9)),
            (b"\"x\n", None),
            (b"\"x\"\n\"", Some(4)),
            (b"a\n5\" pipe\nb", Some(10)),
            (b"a\n\"x\"\"\n\"\n\"", Some(9)),
            (b"a\n\"x\"y\"\n", Some(8)),
            (b"", None),
        ] {
            assert_eq!(last_record_end(bytes, b','), end, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
