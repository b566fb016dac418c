//! The value of a field from its bytes, which may be quoted; knows no record.

use std::borrow::Cow;

/// The value of a field that stands in `bytes`.
#[inline]
pub(super) fn unquoted(bytes: &[u8], (start, end): (u32, u32)) -> Cow<'_, [u8]> {
    match bytes.get(start as usize..end as usize).unwrap_or_default() {
        [b'"', quoted @ ..] => unquote(quoted),
        plain => Cow::Borrowed(plain),
    }
}

/// The value of a field from behind its opening quote.
fn unquote(quoted: &[u8]) -> Cow<'_, [u8]> {
    let Some(close) = memchr::memchr(b'"', quoted) else { return Cow::Borrowed(quoted) };
    if close + 1 == quoted.len() {
        return Cow::Borrowed(&quoted[..close]);
    }
    let mut value = Vec::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        value.extend_from_slice(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix(b"\"") {
            Some(doubled) => rest = doubled,
            // Text behind the closing quote belongs to the value, its quotes too.
            None => break,
        }
        value.push(b'"');
    }
    value.extend_from_slice(rest);
    Cow::Owned(value)
}
