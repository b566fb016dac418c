//! Finds where one record and its fields end in a slice of bytes; it must not know files, headers or text.

/// What a slice of bytes begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// A whole record: the length of its own bytes, that of these and its line end, and how many
    /// line ends it holds, its own included. A blank line is a record of length 0.
    Record { len: usize, next: usize, lines: u64 },
    /// The slice ends before the record does.
    Unfinished,
    /// The data ends inside a quoted field.
    OpenQuote,
    /// Nothing is left.
    End,
}

/// The places in a slice that may end something: each delimiter, quote and LF, in order.
#[derive(Debug, Default)]
pub struct Marks {
    places: Vec<u32>,
    count: usize,
    next: usize,
}

impl Marks {
    /// Finds the marks of `bytes`, of which there must be less than 4 GiB.
    pub fn find(&mut self, bytes: &[u8], delimiter: u8) {
        (self.count, self.next) = (0, 0);
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut tail = [0; BLOCK];
        tail[..rest.len()].copy_from_slice(rest);
        for (block, start) in blocks.iter().chain([&tail]).zip((0u32..).step_by(BLOCK)) {
            self.add(hits(block, delimiter), start);
        }
    }

    /// Adds the places of the bits of `hits`.
    ///
    /// Eight at a time, wanted or not: how many marks a block holds cannot be foreseen, and a branch for each costs
    /// more than writing places that the next block overwrites.
    #[inline(always)]
    fn add(&mut self, mut hits: u64, start: u32) {
        if self.places.len() < self.count + BLOCK {
            self.places.resize((self.count + BLOCK).next_power_of_two(), 0);
        }
        let found = hits.count_ones() as usize;
        let eights = self.places[self.count..].as_chunks_mut::<8>().0;
        for eight in eights.iter_mut().take(found.div_ceil(8)) {
            for place in eight {
                *place = start.wrapping_add(hits.trailing_zeros());
                hits &= hits.wrapping_sub(1);
            }
        }
        self.count += found;
    }

    fn rest(&self) -> &[u32] {
        self.places.get(self.next..self.count).unwrap_or_default()
    }
}

/// How the records of a slice are split.
#[derive(Debug, Clone, Copy, Default)]
pub struct Format {
    /// The character between fields.
    pub delimiter: u8,
    /// How many fields most records have; 0 where nobody knows.
    pub width: usize,
}

/// Splits the record off that starts at `start` of the `bytes` that the marks are of, and adds the place of each
/// field's end to `ends`.
///
/// A quote means something only where a field starts (or right after the quote that closed it, where
/// it stands for one quote): `5" pipe` is text like any other. `last` says that no byte follows.
pub fn split(
    bytes: &[u8],
    start: usize,
    marks: &mut Marks,
    format: Format,
    last: bool,
    ends: &mut Vec<u32>,
) -> Split {
    if let Some(record) = plain(bytes, start, marks, format, ends) {
        return record;
    }
    let (mut quoted, mut may_open, mut lines, mut passed) = (false, start, 0, 0);
    for &mark in marks.rest() {
        let at = mark as usize;
        passed += 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        if byte == format.delimiter {
            if !quoted {
                ends.push(mark);
                may_open = at + 1;
            }
        } else if byte == b'"' {
            if quoted {
                quoted = false;
                may_open = at + 1;
            } else {
                quoted = at == may_open;
            }
        } else if quoted {
            lines += 1;
        } else {
            marks.next += passed;
            let len = close(bytes, start, at, ends);
            return Split::Record { len, next: at + 1 - start, lines: lines + 1 };
        }
    }
    marks.next += passed;
    let left = bytes.len().saturating_sub(start);
    match (last, left, quoted) {
        (false, ..) => Split::Unfinished,
        (_, 0, _) => Split::End,
        (.., true) => Split::OpenQuote,
        _ => Split::Record { len: close(bytes, start, bytes.len(), ends), next: left, lines },
    }
}

/// A record of the usual width without a quote: the next marks are all delimiters, and then an LF.
#[inline]
fn plain(
    bytes: &[u8],
    start: usize,
    marks: &mut Marks,
    format: Format,
    ends: &mut Vec<u32>,
) -> Option<Split> {
    let (line_end, delimiters) = marks.rest().get(..format.width)?.split_last()?;
    let is = |mark: &u32, byte: u8| bytes.get(*mark as usize) == Some(&byte);
    if !is(line_end, b'\n') || !delimiters.iter().all(|mark| is(mark, format.delimiter)) {
        return None;
    }
    ends.extend_from_slice(delimiters);
    let at = *line_end as usize;
    let len = close(bytes, start, at, ends);
    marks.next += format.width;
    Some(Split::Record { len, next: at + 1 - start, lines: 1 })
}

/// Ends the last field of a record before its line end at `at`, which may be a CR and an LF.
fn close(bytes: &[u8], start: usize, at: usize, ends: &mut Vec<u32>) -> usize {
    let line = bytes.get(start..at).unwrap_or_default();
    let len = line.strip_suffix(b"\r").unwrap_or(line).len();
    ends.push((start + len) as u32);
    len
}

/// The end of the last record that ends in `bytes`, which begin with a record; none if none does.
///
/// Only quotes are looked at on the way: a line end counts if it stands between quoted fields.
pub fn last_record_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let (mut quoted, mut begun, mut plain) = (false, 0, Vec::new());
    for quote in memchr::memchr_iter(b'"', bytes) {
        if quoted {
            (quoted, begun) = (false, quote + 1);
        } else if quote == begun || bytes[quote - 1] == delimiter || bytes[quote - 1] == b'\n' {
            plain.push((begun, quote));
            quoted = true;
        }
    }
    if !quoted {
        plain.push((begun, bytes.len()));
    }
    let line_end = |(from, to): &(usize, usize)| Some(from + memchr::memrchr(b'\n', &bytes[*from..*to])? + 1);
    plain.iter().rev().find_map(line_end)
}

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// A bit for each byte of the block that is a delimiter, a quote or an LF.
///
/// Fields are short, so a search that starts anew at each hit (as `memchr3` does) would spend most of its time on
/// starting. The comparisons become vector instructions; a multiplication gathers the bits of eight bytes.
#[inline(always)]
fn hits(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let is_mark = block.map(|byte| u8::from((byte == delimiter) | (byte == b'\n') | (byte == b'"')));
    let eights = is_mark.as_chunks::<8>().0.iter();
    let bits = eights.map(|eight| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56);
    bits.rev().fold(0, |all, bits| all << 8 | bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8], last: bool) -> (Split, Vec<u32>) {
        let one = |width: usize| {
            let (mut ends, mut marks) = (Vec::new(), Marks::default());
            marks.find(bytes, b',');
            (split(bytes, 0, &mut marks, Format { delimiter: b',', width }, last, &mut ends), ends)
        };
        // Whatever the header promises, a record is what it is.
        (1..4).for_each(|width| assert_eq!(one(0), one(width), "{width}"));
        one(0)
    }

    #[test]
    fn a_record_ends_at_its_line_end() {
        assert_eq!(fields(b"a,bc\nd", false), (Split::Record { len: 4, next: 5, lines: 1 }, vec![1, 4]));
        assert_eq!(fields(b"a,bc\r\n", true), (Split::Record { len: 4, next: 6, lines: 1 }, vec![1, 4]));
        assert_eq!(fields(b"a,bc\r", true), (Split::Record { len: 4, next: 5, lines: 0 }, vec![1, 4]));
        assert_eq!(fields(b"\r\n", true), (Split::Record { len: 0, next: 2, lines: 1 }, vec![0]));
        assert_eq!(fields(b"a,bc\r", false).0, Split::Unfinished);
        assert_eq!(fields(b"", true).0, Split::End);
    }

    #[test]
    fn a_quote_counts_only_where_a_field_starts() {
        assert_eq!(fields(b"5\" pipe,x\n", true), (Split::Record { len: 9, next: 10, lines: 1 }, vec![7, 9]));
        assert_eq!(
            fields(b"\"a,\"\"\n\",b\n", true),
            (Split::Record { len: 9, next: 10, lines: 2 }, vec![7, 9])
        );
        assert_eq!(fields(b"\"a\"b\"c,d\n", true), (Split::Record { len: 8, next: 9, lines: 1 }, vec![6, 8]));
    }

    #[test]
    fn a_quote_left_open_is_seen_at_the_end_alone() {
        assert_eq!(fields(b"a,\"b\nc", false).0, Split::Unfinished);
        assert_eq!(fields(b"a,\"b\nc", true), (Split::OpenQuote, vec![1]));
        assert_eq!(fields(b"\"a\"", false).0, Split::Unfinished);
    }

    #[test]
    fn the_records_of_a_slice_follow_each_other() {
        let bytes = b"a,b\n\"c\n\",d\n";
        let (mut ends, mut marks) = (Vec::new(), Marks::default());
        let format = Format { delimiter: b',', width: 2 };
        marks.find(bytes, b',');
        let first = split(bytes, 0, &mut marks, format, false, &mut ends);
        assert_eq!(first, Split::Record { len: 3, next: 4, lines: 1 });
        let second = split(bytes, 4, &mut marks, format, false, &mut ends);
        assert_eq!(
            (second, ends.as_slice()),
            (Split::Record { len: 6, next: 7, lines: 2 }, &[1, 3, 8, 10][..])
        );
    }

    #[test]
    fn every_mark_is_found_in_every_place() {
        for shift in 0..64 {
            let bytes: Vec<u8> =
                std::iter::repeat_n(b'x', shift).chain((0..=255).flat_map(|b| [b, b'x', b, b])).collect();
            let mut marks = Marks::default();
            marks.find(&bytes, b';');
            let wanted = (0..bytes.len() as u32).filter(|at| b";\n\"".contains(&bytes[*at as usize]));
            assert_eq!(marks.rest(), wanted.collect::<Vec<_>>());
        }
        let mut marks = Marks::default();
        marks.find(&[b';'; 200], b';');
        assert_eq!(marks.rest(), (0..200).collect::<Vec<u32>>());
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
