//! The tokens of JSON in a slice of bytes, which may end anywhere; it must not know what an object means.

/// How deep values may lie in each other.
pub const DEEPEST: usize = 128;

/// Why a value could not be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// The slice ends before the value does.
    More,
    /// It is no JSON, from this byte on.
    Wrong(usize, &'static str),
}

/// The result of reading a token.
pub type Step<T> = Result<T, Stop>;

/// A text between its quotes, as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Quoted<'a> {
    /// What is written.
    pub raw: &'a [u8],
    /// Whether some of it stands for other characters.
    pub is_escaped: bool,
}

/// A slice and how far it is read.
#[derive(Debug)]
pub struct Scan<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Scan<'a> {
    /// The next byte that is not white space, which stays where it is.
    #[inline]
    pub fn peek(&mut self) -> Step<u8> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(Stop::More)
    }

    fn wrong<T>(&self, what: &'static str) -> Step<T> {
        Err(Stop::Wrong(self.at, what))
    }

    /// Goes behind `byte`, which must be next.
    #[inline]
    pub fn take(&mut self, byte: u8, what: &'static str) -> Step<()> {
        if self.peek()? != byte {
            return self.wrong(what);
        }
        self.at += 1;
        Ok(())
    }

    /// Whether `byte` is next; goes behind it if so.
    #[inline]
    pub fn is_next(&mut self, byte: u8) -> Step<bool> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Goes behind a comma or the end of an object or array, and says whether it was the end.
    #[inline]
    pub fn is_over(&mut self, end: u8) -> Step<bool> {
        let byte = self.peek()?;
        if byte != b',' && byte != end {
            return self.wrong("has no comma or closing bracket behind a value");
        }
        self.at += 1;
        Ok(byte == end)
    }

    /// A text.
    #[inline]
    pub fn string(&mut self) -> Step<Quoted<'a>> {
        self.take(b'"', "has no text in quotes where there should be one")?;
        let (start, mut is_escaped) = (self.at, false);
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            self.at += memchr::memchr3(b'"', b'\\', b'\n', rest).ok_or(Stop::More)?;
            match self.bytes[self.at] {
                b'"' => break,
                b'\\' => (self.at, is_escaped) = (self.at + 2, true),
                _ => return self.wrong("ends inside a text in quotes"),
            }
        }
        let raw = &self.bytes[start..self.at];
        self.at += 1;
        Ok(Quoted { raw, is_escaped })
    }

    /// A number as it is written, `true`, `false` or `null`.
    #[inline]
    pub fn word(&mut self) -> Step<&'a [u8]> {
        self.peek()?;
        let rest = &self.bytes[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let end = rest.iter().position(|byte| !is_part(byte)).ok_or(Stop::More)?;
        let word = &rest[..end];
        if !matches!(word, b"true" | b"false" | b"null") && !is_number(word) {
            return self.wrong("holds what is no JSON value");
        }
        self.at += end;
        Ok(word)
    }

    /// Goes behind a value and says where it began.
    pub fn skip(&mut self, depth: usize) -> Step<usize> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => drop(self.string()?),
            b'{' | b'[' => self.skip_members(first, depth)?,
            _ => drop(self.word()?),
        }
        Ok(start)
    }

    fn skip_members(&mut self, first: u8, depth: usize) -> Step<()> {
        self.deepen(depth)?;
        self.at += 1;
        let end = if first == b'{' { b'}' } else { b']' };
        if self.is_next(end)? {
            return Ok(());
        }
        loop {
            if first == b'{' {
                self.string()?;
                self.take(b':', "has no colon behind a name")?;
            }
            self.skip(depth + 1)?;
            if self.is_over(end)? {
                return Ok(());
            }
        }
    }

    /// Fails where no value may lie within the one at hand.
    pub fn deepen(&self, depth: usize) -> Step<()> {
        if depth >= DEEPEST { self.wrong("nests values more than 128 deep") } else { Ok(()) }
    }
}

/// Whether it is a number as JSON writes them.
fn is_number(word: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let word = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(word);
    let mut rest = &word[whole..];
    if whole == 0 || (whole > 1 && word[0] == b'0') {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

/// Adds a text to `text` as it reads.
///
/// # Errors
/// When it is escaped as JSON does not know.
pub fn unescape(quoted: Quoted<'_>, text: &mut Vec<u8>) -> Result<(), &'static str> {
    let mut rest = quoted.raw;
    while let Some(place) = memchr::memchr(b'\\', rest) {
        text.extend_from_slice(&rest[..place]);
        let escape = rest.get(place + 1).ok_or(WRONG_ESCAPE)?;
        rest = &rest[place + 2..];
        let byte = match escape {
            b'"' | b'\\' | b'/' => *escape,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let character = unit(&mut rest)?;
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            _ => return Err(WRONG_ESCAPE),
        };
        text.push(byte);
    }
    text.extend_from_slice(rest);
    Ok(())
}

const WRONG_ESCAPE: &str = "has a backslash in a text that JSON does not know";

/// The character of the four digits that `rest` begins with, and of the four of its second half.
fn unit(rest: &mut &[u8]) -> Result<char, &'static str> {
    let first = digits(rest, 0).ok_or(WRONG_ESCAPE)?;
    *rest = &rest[4..];
    if !(0xd800..0xdc00).contains(&first) {
        return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    let second = rest.starts_with(b"\\u").then(|| digits(rest, 2)).flatten();
    let Some(second) = second.filter(|second| (0xdc00..0xe000).contains(second)) else {
        return Ok(char::REPLACEMENT_CHARACTER);
    };
    *rest = &rest[6..];
    let whole = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    Ok(char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn digits(text: &[u8], start: usize) -> Option<u32> {
    let digits = text.get(start..start + 4)?;
    digits.iter().try_fold(0, |sum, byte| Some(sum * 16 + char::from(*byte).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(text: &str) -> Step<usize> {
        let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
        scan.skip(0).map(|_| scan.at)
    }

    #[test]
    fn goes_behind_one_value() {
        assert_eq!(skipped(r#" {"a":[1,-2.5e+3,"x\"y",{}],"b":null} rest"#), Ok(37));
        assert_eq!(skipped("[] "), Ok(2));
        assert_eq!(skipped("true,"), Ok(4));
        for unfinished in ["", "{", "[1", "\"abc", "\"abc\\", "12", "{\"a\"", "{\"a\":"] {
            assert_eq!(skipped(unfinished), Err(Stop::More), "{unfinished}");
        }
        for wrong in [
            "nil ",
            "01 ",
            "1. ",
            ".5 ",
            "+1 ",
            "1e ",
            "NaN ",
            "{a:1}",
            "[1 2]",
            "[1,]",
            "{\"a\" 1}",
            "\"a\nb\"",
        ] {
            assert!(matches!(skipped(wrong), Err(Stop::Wrong(..))), "{wrong}");
        }
        assert!(matches!(skipped(&"[".repeat(1 << 20)), Err(Stop::Wrong(..))));
    }

    #[test]
    fn texts_read_as_they_are_meant() {
        let read = |raw: &str| {
            let mut text = Vec::new();
            unescape(Quoted { raw: raw.as_bytes(), is_escaped: true }, &mut text)
                .map(|()| String::from_utf8(text).unwrap())
        };
        assert_eq!(read(r#"a\n\t\"\\\/"#).unwrap(), "a\n\t\"\\/");
        assert_eq!(read(r"caf\u00e9 \ud83d\ude00!").unwrap(), "café \u{1f600}!");
        assert_eq!(read(r"\ud83dx\ude00").unwrap(), "\u{fffd}x\u{fffd}");
        for wrong in [r"\x", r"\u12", r"\u12g4", "\\"] {
            assert_eq!(read(wrong), Err(WRONG_ESCAPE));
        }
    }
}
