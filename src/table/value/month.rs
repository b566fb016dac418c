//! The names of months, as exports write them, and of weekdays, which say nothing new; knows no calendar.

const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// German, French, Spanish, Italian, Dutch and Portuguese names and their usual abbreviations, month by month. No word
/// is a month in two of them and not the same one.
const OTHERS: [&str; 12] = [
    "januar jänner jän janvier janv enero ene gennaio gen januari janeiro",
    "februar febr février févr fév fevrier febrero febbraio februari fevereiro fev",
    "märz mär mrz maerz mars marzo maart mrt março",
    "avril avr abril abr aprile",
    "mai mayo maggio mag mei maio",
    "juni juin junio giugno giu junho",
    "juli juillet juil julio luglio lug julho",
    "août aout agosto ago augustus",
    "sept septembre septiembre settembre setembro set",
    "oktober okt octobre octubre ottobre ott outubro out",
    "novembre noviembre novembro",
    "dezember dez décembre déc diciembre dic dicembre dezembro",
];

/// The number of the month that a text begins with, 1 to 12, and what follows its name and the point behind it.
pub(super) fn lead(text: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = word(text)?;
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let english = ENGLISH.iter().position(|name| is_short_or_whole(word, name));
    let month = english.or_else(|| {
        let word = word.to_lowercase();
        OTHERS.iter().position(|names| names.split(' ').any(|name| name == word))
    })?;
    Some((month as u32 + 1, rest))
}

/// What follows the English weekday that a text begins with, and the marks and spaces behind it.
pub(super) fn after_weekday(text: &[u8]) -> Option<&[u8]> {
    let (word, rest) = word(text)?;
    let is_weekday = WEEKDAYS.iter().any(|name| is_short_or_whole(word, name));
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    is_weekday.then(|| rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start())
}

/// `Mar` or `March`, in any case.
fn is_short_or_whole(word: &str, name: &str) -> bool {
    word.eq_ignore_ascii_case(name) || name.get(..3).is_some_and(|short| word.eq_ignore_ascii_case(short))
}

/// The letters at the start of a text, and the rest.
fn word(text: &[u8]) -> Option<(&str, &[u8])> {
    let text = std::str::from_utf8(text).ok()?;
    let (word, rest) = text.split_at(text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len()));
    Some((word, rest.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_any_case_and_several_languages() {
        for (text, month, rest) in [
            ("Jun 15", 6, " 15"),
            ("JUNE", 6, ""),
            ("jul/26", 7, "/26"),
            ("Sept. 3", 9, " 3"),
            ("may", 5, ""),
            ("März 2024", 3, " 2024"),
            ("AOÛT", 8, ""),
            ("dic.", 12, ""),
        ] {
            assert_eq!(lead(text.as_bytes()), Some((month, rest.as_bytes())), "{text}");
        }
        for text in ["", "J", "Ju", "Janu", "Sat", "15", "Junk", "Mayday", "\u{a0}Mar"] {
            assert_eq!(lead(text.as_bytes()), None, "{text}");
        }
        assert_eq!(lead(b"Mar\xff"), None);
    }

    #[test]
    fn no_word_is_two_months() {
        let mut words: Vec<&str> = OTHERS.iter().flat_map(|names| names.split(' ')).collect();
        words.extend(ENGLISH.iter().flat_map(|name| [*name, &name[..3]]));
        words.sort_unstable();
        // May is its own abbreviation.
        let twice: Vec<&str> =
            words.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert_eq!(twice, ["may"]);
    }

    #[test]
    fn weekdays_are_passed_over() {
        assert_eq!(after_weekday(b"Sat, 15 Jun"), Some(b"15 Jun".as_slice()));
        assert_eq!(after_weekday(b"saturday Jun"), Some(b"Jun".as_slice()));
        assert_eq!(after_weekday(b"Jun 15"), None);
        assert_eq!(after_weekday(b"Satur 15"), None);
    }
}
