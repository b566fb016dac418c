//! The grammar of a written number, kept exact: sign, currency, thousands, decimals, exponent; decides
//! nothing about its use.

use super::{Cell, blank, currency};

/// Which mark stands between a number and its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimal {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl Decimal {
    fn mark(self) -> u8 {
        match self {
            Decimal::Point => b'.',
            Decimal::Comma => b',',
        }
    }

    /// What may stand between thousands: the other mark, a space of some width, an apostrophe.
    fn separators(self) -> [&'static [u8]; 7] {
        let other: &[u8] = if self == Decimal::Point { b"," } else { b"." };
        [other, b" ", b"'", "\u{a0}".as_bytes(), "\u{202f}".as_bytes(), "\u{2009}".as_bytes(), "’".as_bytes()]
    }
}

/// The powers of ten that most numbers are multiplied by.
const SMALL_POWERS: [u32; 5] = [1, 10, 100, 1_000, 10_000];

/// A factor has at most 18 digits: times any amount it fits into a mantissa.
const MOST_FACTOR: u128 = 1_000_000_000_000_000_000;

/// A number as it is written: `mantissa × 10^exponent`, with its sign apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digits {
    negative: bool,
    mantissa: u128,
    exponent: i32,
}

impl Digits {
    /// Reads a whole cell.
    #[inline]
    pub(super) fn read(cell: &[u8], decimal: Decimal) -> Cell<Self> {
        if let Some((digits, [])) = Self::lead(cell, decimal) {
            return Cell::Value(digits);
        }
        if blank::is_null_word(cell) || blank::trim(cell) == b"--" {
            return Cell::Blank;
        }
        amount(blank::trim(cell), decimal).map_or(Cell::Bad, Cell::Value)
    }

    /// The plain number (`-12.5`; up to 18 digits) at the start of a text, and what follows it.
    #[inline]
    pub(super) fn lead(text: &[u8], decimal: Decimal) -> Option<(Self, &[u8])> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let (mut mantissa, whole, mut rest) = run(0, text);
        let mut decimals = 0;
        if let [mark, tail @ ..] = rest
            && *mark == decimal.mark()
            && tail.first().is_some_and(u8::is_ascii_digit)
        {
            (mantissa, decimals, rest) = run(mantissa, tail);
        }
        let fits = whole > 0 && whole + decimals <= 18;
        let digits = Digits { negative, mantissa: u128::from(mantissa), exponent: -(decimals as i32) };
        fits.then_some((digits, rest))
    }

    /// Whether it is above zero and short enough to be multiplied with an amount.
    pub(super) fn is_factor(self) -> bool {
        !self.negative && (1..MOST_FACTOR).contains(&self.mantissa) && (-40..=18).contains(&self.exponent)
    }

    /// So many times the number, rounded half to even; none where that is out of reach.
    pub(super) fn times(self, count: i64) -> Option<i64> {
        let mantissa = self.mantissa.checked_mul(u128::from(count.unsigned_abs()))?;
        let product = Digits { negative: self.negative != (count < 0), mantissa, exponent: self.exponent };
        i64::try_from(product.scaled(0)?.0).ok()
    }

    /// The number in units of `10^-places`, rounded half to even, and whether that is exact.
    pub(super) fn scaled(self, places: i32) -> Option<(i128, bool)> {
        let shift = self.exponent.checked_add(places)?;
        let sign = if self.negative { -1 } else { 1 };
        // Nearly all numbers are small and lose nothing.
        if let (Some(power), Ok(mantissa)) = (SMALL_POWERS.get(shift as usize), u64::try_from(self.mantissa))
        {
            return Some((sign * i128::from(mantissa) * i128::from(*power), true));
        }
        let power = 10u128.checked_pow(shift.unsigned_abs());
        let (size, exact) = match (shift >= 0, power) {
            (true, Some(power)) => (self.mantissa.checked_mul(power)?, true),
            (true, None) if self.mantissa > 0 => return None,
            (_, None) => (0, self.mantissa == 0),
            (false, Some(power)) => {
                let (below, left) = (self.mantissa / power, self.mantissa % power);
                let odd = u128::from(below % 2 == 1);
                // With an odd number below, a tie rounds up too.
                (below + u128::from(left + odd > power / 2), left == 0)
            }
        };
        Some((sign * i128::try_from(size).ok()?, exact))
    }
}

/// Appends a run of digits to a value; a run that is too long to be used may wrap.
#[inline]
fn run(mut value: u64, text: &[u8]) -> (u64, usize, &[u8]) {
    let (mut length, mut rest) = (0, text);
    while let [digit @ b'0'..=b'9', tail @ ..] = rest {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        (length, rest) = (length + 1, tail);
    }
    (value, length, rest)
}

/// A number with what may stand around it.
fn amount(text: &[u8], decimal: Decimal) -> Option<Digits> {
    let Bare { rest, negative, before, behind } = bare(text);
    if before.is_some() && before == behind {
        return None;
    }
    let (mantissa, exponent) = number(rest, decimal)?;
    Some(Digits { negative: negative.unwrap_or(false), mantissa, exponent })
}

/// The signs of a currency before and behind an amount, `$` and `USD` of `$12.50 USD`.
pub(super) fn currencies(cell: &[u8]) -> [Option<&[u8]>; 2] {
    let Bare { before, behind, .. } = bare(blank::trim(cell));
    [before, behind].map(|sign| sign.map(blank::trim))
}

/// A number without what stands around it.
#[derive(Debug, Clone, Copy)]
struct Bare<'a> {
    rest: &'a [u8],
    negative: Option<bool>,
    before: Option<&'a [u8]>,
    behind: Option<&'a [u8]>,
}

/// `-$1,234.56`, `€ 12`, `12 EUR`, `$(12.00)`: takes off what may stand around a number. A sign of a currency may stand on
/// either side, and on both where they differ: `$12.50 USD`.
fn bare(text: &[u8]) -> Bare<'_> {
    let mut bare = Bare { rest: text, negative: None, before: None, behind: None };
    loop {
        let rest = bare.rest;
        let inner = rest.strip_prefix(b"(").and_then(|text| text.strip_suffix(b")"));
        let after = if let Some(inner) = inner.filter(|_| bare.negative.is_none()) {
            bare.negative = Some(true);
            inner
        } else if bare.negative.is_none()
            && let Some((negative, after)) = strip_sign(rest)
        {
            bare.negative = Some(negative);
            after
        } else if bare.before.is_none()
            && let Some(after) = currency::before(rest)
        {
            bare.before = rest.strip_suffix(after);
            after
        } else if bare.behind.is_none()
            && let Some(front) = currency::behind(rest)
        {
            bare.behind = rest.strip_prefix(front);
            front
        } else {
            return bare;
        };
        bare.rest = blank::trim(after);
    }
}

fn strip_sign(text: &[u8]) -> Option<(bool, &[u8])> {
    let minus = text.strip_prefix(b"-").or_else(|| text.strip_prefix("\u{2212}".as_bytes()));
    minus.map(|rest| (true, rest)).or_else(|| text.strip_prefix(b"+").map(|rest| (false, rest)))
}

/// The digits themselves: mantissa and exponent.
fn number(text: &[u8], decimal: Decimal) -> Option<(u128, i32)> {
    let (mut mantissa, whole, mut rest) = long_run(0, text)?;
    let separator = decimal.separators().into_iter().find(|separator| rest.starts_with(separator));
    if let Some(separator) = separator {
        // `1,5` and `0,123` are decimals in the other notation, not thousands.
        if !(1..=3).contains(&whole) || mantissa == 0 {
            return None;
        }
        while let Some(after) = rest.strip_prefix(separator) {
            let length;
            (mantissa, length, rest) = long_run(mantissa, after)?;
            (length == 3).then_some(())?;
        }
    }
    let mut decimals = 0;
    if let [mark, tail @ ..] = rest
        && *mark == decimal.mark()
    {
        (mantissa, decimals, rest) = long_run(mantissa, tail)?;
    }
    if whole + decimals == 0 {
        return None;
    }
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', tail @ ..] if separator.is_none() => power_of_ten(tail)?,
        _ => return None,
    };
    Some((mantissa, exponent - i32::try_from(decimals).ok()?))
}

fn power_of_ten(text: &[u8]) -> Option<i32> {
    let (negative, text) = strip_sign(text).unwrap_or((false, text));
    match run(0, text) {
        (value, 1..=3, []) => i32::try_from(value).ok().map(|value| if negative { -value } else { value }),
        _ => None,
    }
}

/// As [`run`], for up to 38 digits.
fn long_run(mut value: u128, text: &[u8]) -> Option<(u128, usize, &[u8])> {
    let (mut length, mut rest) = (0, text);
    while let [digit @ b'0'..=b'9', tail @ ..] = rest {
        value = value.checked_mul(10)?.checked_add(u128::from(digit - b'0'))?;
        (length, rest) = (length + 1, tail);
    }
    Some((value, length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(text: &str, places: i32) -> Option<(i128, bool)> {
        match Digits::read(text.as_bytes(), Decimal::Point) {
            Cell::Value(digits) => digits.scaled(places),
            _ => panic!("{text}"),
        }
    }

    #[test]
    fn scaling_is_exact_or_half_to_even() {
        assert_eq!(scaled("12.3", 2), Some((1_230, true)));
        assert_eq!(scaled("-0.125", 2), Some((-12, false)));
        assert_eq!(scaled("0.135", 2), Some((14, false)));
        assert_eq!(scaled("0.1251", 2), Some((13, false)));
        assert_eq!(scaled("2.5", 0), Some((2, false)));
        assert_eq!(scaled("3.5", 0), Some((4, false)));
        assert_eq!(scaled("3.4", 0), Some((3, false)));
        assert_eq!(scaled("1e-99", 2), Some((0, false)));
        assert_eq!(scaled("0e99", 2), Some((0, true)));
        assert_eq!(scaled("1e99", 2), None);
    }

    #[test]
    fn the_plain_start_of_a_text() {
        let lead = |text: &'static str| Digits::lead(text.as_bytes(), Decimal::Point);
        let plain = |mantissa, exponent| Digits { negative: false, mantissa, exponent };
        assert_eq!(lead("10 - likely"), Some((plain(10, 0), " - likely".as_bytes())));
        assert_eq!(lead("4.50x"), Some((plain(450, -2), "x".as_bytes())));
        assert_eq!(lead("1. Poor"), Some((plain(1, 0), ". Poor".as_bytes())));
        assert_eq!(lead("1234567890123456789"), None);
        assert_eq!(lead("x1"), None);
    }
}
