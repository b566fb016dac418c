//! Text from exports made safe and short enough to show: no control characters, no two equal labels. Knows
//! nothing of reports.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthChar;

use super::wrap::width;

/// The text on one line, without characters that steer a terminal or reorder what is around them.
pub fn clean(text: &str) -> String {
    let breaks = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let spaced = text.chars().map(|c| if breaks(c) { ' ' } else { c });
    spaced.filter(|c| !c.is_control() && !is_invisible(*c)).collect::<String>().trim().to_owned()
}

/// The value of a dimension as it is shown in full: clean, and never nothing.
pub fn shown(value: &str) -> String {
    match clean(value) {
        text if text.is_empty() => "(blank)".to_owned(),
        text => text,
    }
}

/// Marks of direction, joiners without width and tags: what makes two equal-looking labels differ or one
/// label read as another.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Labels at most `widest` columns wide, in the order given. Equal texts keep equal labels; different texts
/// never share one, and a shortened label fits no other text of the list.
pub fn labels(texts: &[&str], widest: usize) -> Vec<String> {
    let mut given: BTreeMap<&str, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut long: Vec<(&str, String)> = Vec::new();
    for text in texts.iter().copied().collect::<BTreeSet<_>>() {
        let label = shown(text);
        if width(&label) <= widest && taken.insert(label.clone()) {
            given.insert(text, label);
        } else {
            long.push((text, label));
        }
    }
    let cut = long.iter().any(|(_, label)| width(label) > widest);
    for tail in if cut { tails(widest) } else { Vec::new() } {
        give_unique(&mut long, &mut given, &mut taken, widest, tail);
    }
    for (text, label) in long {
        given.insert(text, numbered(&label, widest, &mut taken));
    }
    texts.iter().map(|text| given.get(text).cloned().unwrap_or_default()).collect()
}

/// How many columns of the end to try: half of the room first, then ever more lopsided.
fn tails(widest: usize) -> Vec<usize> {
    let room = widest.saturating_sub(1);
    let mut tails: Vec<usize> = (0..=room).collect();
    tails.sort_by_key(|tail| tail.abs_diff(room / 2));
    tails
}

/// Gives its label to each text that is alone in having this beginning and this end.
fn give_unique<'a>(
    long: &mut Vec<(&'a str, String)>,
    given: &mut BTreeMap<&'a str, String>,
    taken: &mut BTreeSet<String>,
    widest: usize,
    tail: usize,
) {
    let short: Vec<String> = long.iter().map(|(_, label)| shortened(label, widest, tail)).collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for label in &short {
        *times.entry(label).or_default() += 1;
    }
    let mut left = Vec::new();
    for (entry, label) in long.drain(..).zip(&short) {
        if times.get(label.as_str()) == Some(&1) && width(&entry.1) > widest && taken.insert(label.clone()) {
            given.insert(entry.0, label.clone());
        } else {
            left.push(entry);
        }
    }
    *long = left;
}

fn shortened(label: &str, widest: usize, tail: usize) -> String {
    let end = end(label, tail);
    format!("{}…{end}", start(label, widest.saturating_sub(1 + tail)))
}

/// The last resort for texts that differ only in the middle, or only in what cannot be shown.
fn numbered(label: &str, widest: usize, taken: &mut BTreeSet<String>) -> String {
    let mut number = 2;
    loop {
        let mark = format!("…{number}");
        let candidate = start(label, widest.saturating_sub(width(&mark))).to_owned() + &mark;
        if taken.insert(candidate.clone()) {
            return candidate;
        }
        number += 1;
    }
}

/// The longest beginning that is at most `room` columns wide.
pub fn start(text: &str, room: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| width(&text[..*end]) <= room).last().unwrap_or(0);
    &text[..end]
}

/// The longest end that is at most `room` columns wide and does not begin inside a character.
fn end(text: &str, room: usize) -> &str {
    let starts = text.char_indices().rev().filter(|(_, c)| c.width() != Some(0)).map(|(at, _)| at);
    let at = starts.take_while(|at| width(&text[*at..]) <= room).last().unwrap_or(text.len());
    &text[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\tc\r\nd\u{202e}e\u{9b}"), "a[31mb c  de");
        assert_eq!(clean("Zürich 日本 👩‍🔧"), "Zürich 日本 👩‍🔧");
    }

    #[test]
    fn labels_that_fit_stay_whole_and_others_lose_their_middle() {
        let labels = labels(&["email", "marketplace and partner resellers", ""], 16);
        assert_eq!(labels, ["email", "marketpl…sellers", "(blank)"]);
    }

    #[test]
    fn different_texts_never_share_a_label() {
        let texts = [
            "store north of the river",
            "store south of the river",
            "a\u{1b}",
            "a",
            "日本語の店舗一覧表の例",
        ];
        for widest in 6..30 {
            let labels = labels(&texts, widest);
            let distinct: BTreeSet<&String> = labels.iter().collect();
            assert_eq!(distinct.len(), texts.len(), "{labels:?}");
            assert!(labels.iter().all(|label| width(label) <= widest), "{labels:?}");
        }
        assert_eq!(labels(&["b", "a", "b"], 9), ["b", "a", "b"]);
    }

    #[test]
    fn a_shortened_label_shows_what_tells_it_apart() {
        let labels = labels(&["support tier 1 weekday shift", "support tier 2 weekday shift"], 18);
        assert_eq!(labels, ["support tier 1…ift", "support tier 2…ift"]);
    }
}
