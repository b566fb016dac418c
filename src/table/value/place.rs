//! The zone that is written behind a time: an offset, an abbreviation or a name; knows no date.
//!
//! An abbreviation is the offset that it stands for, whatever the date: `EST` in July is five hours behind UTC. One
//! that stands for several offsets is read only where one of its meanings is by far the usual one in exports (`CST`,
//! `BST`), and else it is no zone: see [`AMBIGUOUS`].

use chrono_tz::Tz;

use super::clock::{digits, sixtieths};

/// A zone that a cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// Seconds east of UTC.
    Offset(i64),
    /// Where clocks change.
    Named(Tz),
}

/// The furthest that any clock is from UTC, in minutes.
const FURTHEST_OFFSET: i64 = 14 * 60;

/// Abbreviations, each with the minutes that it is east of UTC. `CST` and `CDT` are those of North America, not of China
/// or Cuba, and `BST` is British Summer Time.
const ABBREVIATIONS: [(&str, i64); 48] = [
    ("NST", -210),
    ("NDT", -150),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("BRT", -180),
    ("ART", -180),
    ("COT", -300),
    ("PET", -300),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("TRT", 180),
    ("MSK", 180),
    ("WAT", 60),
    ("CAT", 120),
    ("SAST", 120),
    ("EAT", 180),
    ("PKT", 300),
    ("NPT", 345),
    ("ICT", 420),
    ("WIB", 420),
    ("SGT", 480),
    ("MYT", 480),
    ("HKT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("ACDT", 630),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
];

/// Abbreviations that stand for several zones, none of which is the usual one.
const AMBIGUOUS: [(&str, &str); 7] = [
    ("IST", "India, Israel or Ireland"),
    ("AST", "the Atlantic or Arabia"),
    ("ADT", "the Atlantic or Arabia"),
    ("GST", "the Gulf or South Georgia"),
    ("AMT", "the Amazon or Armenia"),
    ("ECT", "Ecuador or the Caribbean"),
    ("SST", "Samoa or Singapore"),
];

/// Names of zones in which clocks change, other than those of the zone database: of American systems.
const NAMES: [(&str, Tz); 8] = [
    ("ET", Tz::America__New_York),
    ("CT", Tz::America__Chicago),
    ("MT", Tz::America__Denver),
    ("PT", Tz::America__Los_Angeles),
    ("Eastern Time (US & Canada)", Tz::America__New_York),
    ("Central Time (US & Canada)", Tz::America__Chicago),
    ("Mountain Time (US & Canada)", Tz::America__Denver),
    ("Pacific Time (US & Canada)", Tz::America__Los_Angeles),
];

/// Reads all of a text: `Z`, `+02:00`, `GMT+2`, `EST`, `ET`, `Europe/Amsterdam`, `GMT+0200 (Central European Summer Time)`.
pub(super) fn read(text: &[u8]) -> Option<Written> {
    if let Some(seconds) = offset(text) {
        return Some(Written::Offset(seconds));
    }
    let text = std::str::from_utf8(text).ok()?;
    let called = |name: &str| text.eq_ignore_ascii_case(name);
    if let Some((_, minutes)) = ABBREVIATIONS.iter().find(|(name, _)| called(name)) {
        return Some(Written::Offset(minutes * 60));
    }
    if let Some((_, zone)) = NAMES.iter().find(|(name, _)| called(name)) {
        return Some(Written::Named(*zone));
    }
    if let Some((before, comment)) = text.split_once(" (") {
        let is_comment =
            comment.strip_suffix(')').is_some_and(|text| !text.contains(|c| "()0123456789".contains(c)));
        return offset(before.as_bytes()).filter(|_| is_comment).map(Written::Offset);
    }
    // `Cuba` and `Japan` are zones too, and here more likely something else.
    text.contains('/').then(|| text.parse().ok().map(Written::Named)).flatten()
}

/// Why a word is no zone, to be said of a cell that ends in it.
pub(super) fn why_not(word: &str) -> Option<String> {
    let is_abbreviation = (2..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let meanings = AMBIGUOUS.iter().find(|(name, _)| *name == word).map(|(_, meanings)| meanings);
    is_abbreviation.then(|| match meanings {
        Some(meanings) => format!("`{word}` may be the time of {meanings}"),
        None => format!("`{word}` is no zone that is known here"),
    })
}

/// `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `+02`, `GMT+2`, `GMT+5:30`, as seconds east of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    let (named, text) = match text.split_first_chunk::<3>() {
        _ if text.eq_ignore_ascii_case(b"z") => return Some(0),
        Some((name, [])) if is_utc(name) => return Some(0),
        Some((name, rest)) if is_utc(name) => (true, rest),
        _ => (false, text),
    };
    let (sign, text) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => (-1, text.strip_prefix("\u{2212}".as_bytes())?),
    };
    let minutes = match digits(text, 4)? {
        (hours, 1, []) if named => hours * 60,
        (hours, 2, []) => hours * 60,
        (hours, length, [b':', rest @ ..]) if length == 2 || named && length == 1 => match sixtieths(rest)? {
            (minutes, []) => hours * 60 + minutes,
            _ => return None,
        },
        (both, 4, []) if both % 100 < 60 => both / 100 * 60 + both % 100,
        _ => return None,
    };
    (minutes <= FURTHEST_OFFSET).then_some(sign * minutes * 60)
}

fn is_utc(name: &[u8; 3]) -> bool {
    name.eq_ignore_ascii_case(b"utc") || name.eq_ignore_ascii_case(b"gmt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_abbreviations() {
        for (text, minutes) in [
            ("Z", 0),
            ("utc", 0),
            ("+02", 120),
            ("+0230", 150),
            ("-05:30", -330),
            ("\u{2212}03:00", -180),
            ("GMT+8", 480),
            ("GMT+5:30", 330),
            ("UTC-03:30", -210),
            ("+14:00", 840),
            ("EST", -300),
            ("pdt", -420),
            ("CST", -360),
            ("AWST", 480),
            ("ACST", 570),
            ("GMT+0200 (Central European Summer Time)", 120),
        ] {
            assert_eq!(read(text.as_bytes()), Some(Written::Offset(minutes * 60)), "{text}");
        }
        for text in [
            "",
            "+2",
            "+14:01",
            "+02:0",
            "+0260",
            "ZZ",
            "UTCC",
            "+",
            "IST",
            "AST",
            "XYZ",
            "Cuba",
            "Europe/Nowhere",
            "EST (x)",
            "+02:00 (1)",
            "+02:00 (",
            "\u{2212}",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn names_of_places_and_of_american_systems() {
        assert_eq!(read(b"Europe/Amsterdam"), Some(Written::Named(Tz::Europe__Amsterdam)));
        assert_eq!(read(b"PT"), Some(Written::Named(Tz::America__Los_Angeles)));
        assert_eq!(read(b"Eastern Time (US & Canada)"), Some(Written::Named(Tz::America__New_York)));
    }

    #[test]
    fn a_word_that_is_no_zone_says_why() {
        assert_eq!(why_not("IST").as_deref(), Some("`IST` may be the time of India, Israel or Ireland"));
        assert_eq!(why_not("XYZ").as_deref(), Some("`XYZ` is no zone that is known here"));
        assert_eq!((why_not("yesterday"), why_not("X")), (None, None));
    }

    #[test]
    fn each_abbreviation_stands_once_and_means_one_thing() {
        let mut names: Vec<&str> = ABBREVIATIONS.iter().map(|(name, _)| *name).collect();
        names.extend(AMBIGUOUS.iter().map(|(name, _)| *name));
        names.extend(NAMES.iter().map(|(name, _)| *name));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    /// The standard and summer offsets of places whose clocks show these abbreviations, by the zone database.
    #[test]
    fn the_zone_database_knows_the_same_offsets() {
        use chrono::{Offset, TimeZone};
        for (place, winter, summer) in [
            (Tz::America__New_York, "EST", "EDT"),
            (Tz::America__Chicago, "CST", "CDT"),
            (Tz::America__Denver, "MST", "MDT"),
            (Tz::America__Los_Angeles, "PST", "PDT"),
            (Tz::America__Anchorage, "AKST", "AKDT"),
            (Tz::America__St_Johns, "NST", "NDT"),
            (Tz::Pacific__Honolulu, "HST", "HST"),
            (Tz::Europe__London, "GMT", "BST"),
            (Tz::Europe__Lisbon, "WET", "WEST"),
            (Tz::Europe__Amsterdam, "CET", "CEST"),
            (Tz::Europe__Berlin, "MEZ", "MESZ"),
            (Tz::Europe__Tallinn, "EET", "EEST"),
            (Tz::Europe__Moscow, "MSK", "MSK"),
            (Tz::Europe__Istanbul, "TRT", "TRT"),
            (Tz::Africa__Johannesburg, "SAST", "SAST"),
            (Tz::Africa__Lagos, "WAT", "WAT"),
            (Tz::Africa__Maputo, "CAT", "CAT"),
            (Tz::Africa__Nairobi, "EAT", "EAT"),
            (Tz::Asia__Karachi, "PKT", "PKT"),
            (Tz::Asia__Kathmandu, "NPT", "NPT"),
            (Tz::Asia__Bangkok, "ICT", "ICT"),
            (Tz::Asia__Jakarta, "WIB", "WIB"),
            (Tz::Asia__Singapore, "SGT", "SGT"),
            (Tz::Asia__Kuala_Lumpur, "MYT", "MYT"),
            (Tz::Asia__Hong_Kong, "HKT", "HKT"),
            (Tz::Asia__Tokyo, "JST", "JST"),
            (Tz::Asia__Seoul, "KST", "KST"),
            (Tz::Australia__Perth, "AWST", "AWST"),
            (Tz::America__Sao_Paulo, "BRT", "BRT"),
            (Tz::America__Argentina__Buenos_Aires, "ART", "ART"),
            (Tz::America__Bogota, "COT", "COT"),
            (Tz::America__Lima, "PET", "PET"),
        ] {
            for (month, name) in [(1, winter), (7, summer)] {
                let moment = place.with_ymd_and_hms(2026, month, 15, 12, 0, 0).unwrap();
                let seconds = i64::from(moment.offset().fix().local_minus_utc());
                assert_eq!(read(name.as_bytes()), Some(Written::Offset(seconds)), "{name}");
            }
        }
        for (place, winter, summer) in [
            (Tz::Australia__Sydney, "AEST", "AEDT"),
            (Tz::Australia__Adelaide, "ACST", "ACDT"),
            (Tz::Pacific__Auckland, "NZST", "NZDT"),
        ] {
            for (month, name) in [(7, winter), (1, summer)] {
                let moment = place.with_ymd_and_hms(2026, month, 15, 12, 0, 0).unwrap();
                let seconds = i64::from(moment.offset().fix().local_minus_utc());
                assert_eq!(read(name.as_bytes()), Some(Written::Offset(seconds)), "{name}");
            }
        }
    }
}
