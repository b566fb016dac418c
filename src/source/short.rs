//! A short text as one number, to be compared and hashed at once; knows nothing of files.

/// A text of at most fifteen bytes with its length behind it: equal if and only if the texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short(u128);

/// A one in each byte.
const ONES: u128 = u128::from_le_bytes([1; 16]);
/// The highest bit of each byte.
const TOPS: u128 = ONES << 7;

impl Short {
    /// The most bytes that a short text has.
    pub const LONGEST: usize = 15;

    /// A text, if it is short.
    ///
    /// Halves that overlap are laid over each other: no byte is moved one by one.
    #[inline]
    pub fn of(text: &[u8]) -> Option<Short> {
        let len = text.len();
        let bytes = match len {
            8..=Self::LONGEST => {
                let [first, last] = [*text.first_chunk()?, *text.last_chunk()?].map(u64::from_le_bytes);
                u128::from(first) | u128::from(last) << (8 * (len - 8))
            }
            4..8 => {
                let [first, last] = [*text.first_chunk()?, *text.last_chunk()?].map(u32::from_le_bytes);
                u128::from(u64::from(first) | u64::from(last) << (8 * (len - 4)))
            }
            0 => 0,
            1..4 => {
                let [first, middle, last] = [0, len / 2, len - 1].map(|at| u32::from(text[at]) << (8 * at));
                u128::from(first | middle | last)
            }
            _ => return None,
        };
        Some(Short(bytes | (len as u128) << 120))
    }

    /// The text that stands in another from `start` to `end`, if it is short and not too near the other's end.
    ///
    /// What lengths texts have cannot be foreseen: here they are cut off without a branch.
    #[inline]
    pub fn within(text: &[u8], start: usize, end: usize) -> Option<Short> {
        let bytes: &[u8; 16] = text.get(start..)?.first_chunk()?;
        let len = end.checked_sub(start)?;
        let mask = MASKS.get(len)?;
        Some(Short(u128::from_le_bytes(*bytes) & mask | (len as u128) << 120))
    }

    /// The text that stands in another from `start` to `end`, if it is short, not too near the other's end, and consists
    /// of visible ASCII characters other than `"` and `@`, of at least one.
    #[inline]
    pub fn plain_within(text: &[u8], start: usize, end: usize) -> Option<Short> {
        let bytes: &[u8; 16] = text.get(start..)?.first_chunk()?;
        let len = end.checked_sub(start)?;
        let mask = MASKS.get(len)?;
        let bytes = u128::from_le_bytes(*bytes) & mask;
        // What is not text becomes a digit.
        let filled = bytes | (ONES * 0x30) & !mask;
        // Each sets the highest bit of a byte that is too small or too large; a carry comes from such a byte only.
        let small = filled.wrapping_sub(ONES * 0x21) & !filled;
        let large = filled.wrapping_add(ONES) | filled;
        let equal = |byte: u8| {
            let difference = filled ^ (ONES * u128::from(byte));
            difference.wrapping_sub(ONES) & !difference
        };
        let is_plain = (small | large | equal(b'@') | equal(b'"')) & TOPS == 0 && len > 0;
        is_plain.then_some(Short(bytes | (len as u128) << 120))
    }

    /// The text of a number, see [`Short::number`].
    pub fn from_number(number: u128) -> Short {
        Short(number)
    }

    /// The bytes of the text, then zeros, then the length, the first byte being the lowest.
    #[inline]
    pub fn number(self) -> u128 {
        self.0
    }

    /// Its bytes, then zeros, then its length.
    #[inline]
    pub fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// How many bytes it has.
    #[inline]
    pub fn len(self) -> usize {
        (self.0 >> 120) as usize
    }

    /// Whether it has none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The first byte; 0 if there is none.
    #[inline]
    pub fn first(self) -> u8 {
        self.0 as u8
    }

    /// The text with its letters in lower case, if all is visible ASCII; other bytes may become anything.
    #[inline]
    pub fn lower(self) -> Short {
        let mask = MASKS.get(self.len()).copied().unwrap_or(0);
        Short(self.0 | (ONES * 0x20) & mask)
    }

    /// A number that is greater for longer texts, and for those of one length by their bytes.
    #[inline]
    pub fn by_length(self) -> u128 {
        self.0.swap_bytes().rotate_right(8)
    }

    /// A hash of it, the same in every run and on every machine.
    #[inline]
    pub fn hash(self) -> u64 {
        let one = self.0 as u64 ^ 0x9e37_79b9_7f4a_7c15;
        let other = (self.0 >> 64) as u64 ^ 0xd1b5_4a32_d192_ed03;
        let product = u128::from(one) * u128::from(other);
        (product >> 64) as u64 ^ product as u64
    }
}

/// For each length the bits of so many bytes.
const MASKS: [u128; 16] = {
    let mut masks = [0; 16];
    let mut len = 0;
    while len < masks.len() {
        masks[len] = (1 << (8 * len)) - 1;
        len += 1;
    }
    masks
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_long_text_and_one_near_the_end_are_not_short() {
        let text = [b'a'; 32];
        assert_eq!((Short::of(&text[..16]), Short::within(&text, 0, 16)), (None, None));
        assert_eq!((Short::within(&text, 17, 18), Short::within(&text, 3, 2)), (None, None));
        assert_eq!(Short::within(&text, 16, 31), Short::of(&text[..15]));
    }

    proptest! {
        #[test]
        fn it_is_equal_if_the_text_is(one in "[ab\0]{0,15}", other in "[ab\0]{0,15}") {
            let [short, another] = [&one, &other].map(|text| Short::of(text.as_bytes()));
            prop_assert_eq!(short == another, one == other);
            let order = one.len().cmp(&other.len()).then_with(|| one.cmp(&other));
            prop_assert_eq!(short.map(Short::by_length).cmp(&another.map(Short::by_length)), order);
        }

        #[test]
        fn it_is_the_same_wherever_it_stands(text in proptest::collection::vec(any::<u8>(), 0..16), before in 0..9usize) {
            let whole = [vec![b'x'; before], text.clone(), vec![b'y'; 16]].concat();
            let short = Short::within(&whole, before, before + text.len());
            prop_assert_eq!(short, Short::of(&text));
            prop_assert_eq!(short.map(Short::len), Some(text.len()));
        }

        #[test]
        fn plain_is_what_one_sees(text in "[ -~]{0,15}|[\0-\u{7f}é@]{0,9}|[A-Za-z0-9]{0,15}") {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"@".contains(&byte));
            let Some(short) = Short::of(text.as_bytes()) else { return Ok(()) };
            let padded = [text.as_bytes(), &[b'"'; 16]].concat();
            prop_assert_eq!(Short::plain_within(&padded, 0, text.len()), Some(short).filter(|_| plain));
            prop_assert_eq!(short.first(), text.bytes().next().unwrap_or(0));
            if plain && !text.contains(['[', ']', '\\', '^', '_']) {
                prop_assert_eq!(Some(short.lower()), Short::of(text.to_ascii_lowercase().as_bytes()));
            }
        }
    }
}
