//! Which character separates the columns, told from the header line; it must not know the rows below it.

/// The candidates; of two that are as frequent, the earlier one.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most frequent candidate in the first line of `text` that is not blank, outside quotes. One
/// column has none of them, and is read as comma-separated.
pub fn detect(text: &[u8]) -> u8 {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if let Some(said) = said(first) {
        return said;
    }
    let mut counts = [0u32; CANDIDATES.len()];
    let mut quoted = false;
    let mut before = b'\n';
    let start = text.iter().position(|byte| !b"\r\n".contains(byte)).unwrap_or(text.len());
    for &byte in &text[start..] {
        let candidate = CANDIDATES.iter().position(|&candidate| candidate == byte);
        match (byte, candidate) {
            // A doubled quote closes and opens again, so it needs no case of its own.
            (b'"', _) if quoted => quoted = false,
            (b'"', _) => quoted = before == b'"' || before == b'\n' || CANDIDATES.contains(&before),
            (b'\n', _) if !quoted => break,
            (_, Some(index)) if !quoted => counts[index] += 1,
            _ => {}
        }
        before = byte;
    }
    let best = (0..CANDIDATES.len()).rev().max_by_key(|&index| counts[index]).unwrap_or(0);
    CANDIDATES[best]
}

/// The delimiter that a first line such as `sep=;` says, as Excel writes and reads it.
pub fn said(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', said] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            CANDIDATES.contains(said).then_some(*said)
        }
        // The tab is white space.
        [s, e, p, b'='] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(b'\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_outside_quotes() {
        assert_eq!(detect(b"id,at,score\n1;2;3;4;5"), b',');
        assert_eq!(detect(b"id;at;score, in %\r\n"), b';');
        assert_eq!(detect(b"\r\n\nid\tat\n"), b'\t');
        assert_eq!(detect(b"id|\"Q1: good, bad, or neither?\"|at"), b'|');
        assert_eq!(detect(b"\"a \"\"b\"\", c, d\";\"two\nlines, with, commas\";at"), b';');
        assert_eq!(detect(b"height 5\";b;c,d"), b';');
    }

    #[test]
    fn a_first_line_may_say_it() {
        assert_eq!(detect(b"sep=;\r\na,b,c\n"), b';');
        assert_eq!(detect(b"\"SEP=|\"\na,b,c\n"), b'|');
        assert_eq!(detect(b"sep=\t\na,b,c\n"), b'\t');
        assert_eq!(detect(b"sep=x,b,c\n"), b',');
    }

    #[test]
    fn a_comma_where_nothing_tells() {
        assert_eq!(detect(b"score\n1;2\n"), b',');
        assert_eq!(detect(b"a|b;c"), b';');
        assert_eq!(detect(b""), b',');
    }
}
