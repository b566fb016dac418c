//! Grammar for messages: counts, lists, near names; knows nothing of what is counted or listed.

/// A count and its noun: `1 row`, `2 rows`, `12 345 replies`.
pub fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {}", thousands(n), plural(noun)) }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// The text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A whole number with a plain space between its thousands: `1 234 567`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A list as it is read aloud: `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    joined(items, "and")
}

/// A list of which one holds: `a`, `a or b`, `a, b or c`.
pub fn either<S: AsRef<str>>(items: &[S]) -> String {
    joined(items, "or")
}

fn joined<S: AsRef<str>>(items: &[S], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", most.join(", "), last.as_ref())
        }
    }
}

/// A list of values in backticks, cut after `limit` of them: `` `a`, `b` and 7 more ``.
pub fn quoted<S: AsRef<str>>(items: &[S], limit: usize) -> String {
    let mut shown: Vec<String> =
        items.iter().take(limit).map(|item| format!("`{}`", item.as_ref())).collect();
    if items.len() > limit {
        shown.push(format!("{} more", thousands((items.len() - limit) as u64)));
    }
    list(&shown)
}

/// The candidates that `word` may be a slip of, the nearest first, at most three.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        assert_eq!(count(0, "row"), "0 rows");
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(12_345, "reply"), "12 345 replies");
        assert_eq!(count(2, "survey"), "2 surveys");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1 234 567");
    }

    #[test]
    fn lists() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(either(&["a", "b"]), "a or b");
        assert_eq!(quoted(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(quoted(&["a", "b", "c"], 2), "`a`, `b` and 1 more");
    }

    #[test]
    fn near_names_come_nearest_first() {
        assert_eq!(nearest("scroe", ["stage", "score"]), ["score"]);
        assert_eq!(nearest("Q12_1", ["Q12_2", "Q7", "q12_1"]), ["q12_1", "Q12_2"]);
        assert!(nearest("zzz", ["score"]).is_empty());
    }
}
