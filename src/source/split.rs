//! Finds where one record and its fields end in a slice of bytes; it must not know files, headers or text.

use std::ops::ControlFlow;

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

/// Splits the first record off `bytes` and leaves the offset of each field's end in `ends`.
///
/// A quote means something only where a field starts (or right after the quote that closed it, where
/// it stands for one quote): `5" pipe` is text like any other. `last` says that no byte follows.
pub fn split(bytes: &[u8], delimiter: u8, last: bool, ends: &mut Vec<u32>) -> Split {
    ends.clear();
    let mut quoted = false;
    let mut may_open = 0;
    let mut lines = 0;
    let line_end = each_mark(bytes, delimiter, |at, byte| {
        if byte == delimiter {
            if !quoted {
                ends.push(at as u32);
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
            return ControlFlow::Break(at);
        }
        ControlFlow::Continue(())
    });
    match line_end {
        ControlFlow::Break(at) => {
            let len = close(bytes, at, ends);
            Split::Record { len, next: at + 1, lines: lines + 1 }
        }
        ControlFlow::Continue(()) if !last => Split::Unfinished,
        ControlFlow::Continue(()) if bytes.is_empty() => Split::End,
        ControlFlow::Continue(()) if quoted => Split::OpenQuote,
        ControlFlow::Continue(()) => {
            let len = close(bytes, bytes.len(), ends);
            Split::Record { len, next: bytes.len(), lines }
        }
    }
}

/// Ends the last field before the line end at `at`, which may be a CR and an LF.
fn close(bytes: &[u8], at: usize, ends: &mut Vec<u32>) -> usize {
    let line = &bytes[..at];
    let len = line.strip_suffix(b"\r").unwrap_or(line).len();
    ends.push(len as u32);
    len
}

const WORD: usize = size_of::<u64>();
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Shows `visit` each delimiter, quote and LF in turn, until it breaks off.
///
/// Eight bytes at a time: fields are short, so a search that starts anew at each hit (as `memchr3`
/// does) would spend most of its time on starting.
#[inline(always)]
fn each_mark(
    bytes: &[u8],
    delimiter: u8,
    mut visit: impl FnMut(usize, u8) -> ControlFlow<usize>,
) -> ControlFlow<usize> {
    let needle = u64::from(delimiter) * LOW;
    let (words, rest) = bytes.as_chunks::<WORD>();
    let mut tail = [0; WORD];
    tail[..rest.len()].copy_from_slice(rest);
    for (i, word) in words.iter().chain([&tail]).enumerate() {
        let value = u64::from_le_bytes(*word);
        let mut hits = (!HIGH | unlike(value, needle))
            & (!HIGH | unlike(value, u64::from(b'\n') * LOW))
            & (!HIGH | unlike(value, u64::from(b'"') * LOW));
        hits = !hits;
        while hits != 0 {
            let offset = hits.trailing_zeros() as usize / WORD;
            visit(i * WORD + offset, word[offset])?;
            hits &= hits - 1;
        }
    }
    ControlFlow::Continue(())
}

/// Sets the high bit of each byte of `value` that differs from that of `needle`; the others are noise.
#[inline(always)]
fn unlike(value: u64, needle: u64) -> u64 {
    let difference = value ^ needle;
    // No byte carries into the next one, so every hit is exact, not only the first.
    ((difference & !HIGH) + !HIGH) | difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8], last: bool) -> (Split, Vec<u32>) {
        let mut ends = vec![9];
        (split(bytes, b',', last, &mut ends), ends)
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
    fn every_mark_is_found_in_every_place() {
        let bytes: Vec<u8> = (0..=255).flat_map(|byte| [byte, b'x', byte, byte]).collect();
        let mut found = Vec::new();
        let _ = each_mark(&bytes, b';', |at, byte| {
            found.push((at, byte));
            ControlFlow::Continue(())
        });
        let wanted: Vec<_> =
            bytes.iter().copied().enumerate().filter(|(_, byte)| b";\n\"".contains(byte)).collect();
        assert_eq!(found, wanted);
    }
}
