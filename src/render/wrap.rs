//! Lines of at most a given width: words wrapped, names with texts aligned. Knows nothing of reports.

use unicode_width::UnicodeWidthStr;

use super::clean::start;

/// The columns that a text takes in a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text filled up with spaces on the right.
pub fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// The text moved to the right by spaces.
pub fn pushed(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}

/// Words wrapped at `room` columns; lines after the first begin with `hang` spaces. A word that is wider
/// than the room is broken, and nothing is lost.
pub fn wrap(text: &str, room: usize, hang: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut blank = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !blank && width(&line) + 1 + width(word) > room {
            lines.push(std::mem::replace(&mut line, " ".repeat(hang)));
            blank = true;
        }
        if !blank {
            line.push(' ');
        }
        let mut rest = word;
        while width(&line) + width(rest) > room {
            let piece = start(rest, room.saturating_sub(width(&line)));
            if piece.is_empty() {
                break;
            }
            line.push_str(piece);
            rest = &rest[piece.len()..];
            lines.push(std::mem::replace(&mut line, " ".repeat(hang)));
        }
        line.push_str(rest);
        blank = false;
    }
    if !blank || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Names with their texts beside them, the texts aligned and wrapped; below the names where those are wide.
pub fn listing(entries: &[(String, String)], room: usize) -> Vec<String> {
    let names = entries.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let beside = names <= room / 2;
    let line = |(name, text): &(String, String)| match beside {
        true => wrap_after(&format!("{}  ", padded(name, names)), text, room),
        false => wrap(&format!("{name}: {text}"), room, 4),
    };
    entries.iter().flat_map(line).collect()
}

/// The text after a lead on its first line; the others are as far to the right.
pub fn wrap_after(lead: &str, text: &str, room: usize) -> Vec<String> {
    let hang = width(lead);
    let lines = wrap(text, room.saturating_sub(hang), 0).into_iter().enumerate();
    lines.map(|(at, line)| if at == 0 { format!("{lead}{line}") } else { pushed("", hang) + &line }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_and_long_ones_break_without_loss() {
        assert_eq!(wrap("one two three", 8, 2), ["one two", "  three"]);
        assert_eq!(wrap("", 8, 0), [""]);
        let path = "exports/a-very-long-folder/surveys.csv of 2026";
        let lines = wrap(path, 12, 2);
        assert!(lines.iter().all(|line| width(line) <= 12), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), path.replace(' ', ""));
    }

    #[test]
    fn texts_stand_beside_their_names() {
        let entries = [("NPS", "one two three"), ("CSAT", "four")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(listing(&entries, 14), ["NPS   one two", "      three", "CSAT  four"]);
        assert_eq!(listing(&entries[1..], 7), ["CSAT:", "    fou", "    r"]);
    }
}
