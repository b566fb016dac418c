//! Gates as JUnit XML, which CI servers show as tests. Knows nothing of how a gate is judged.

use std::fmt::Write as _;

use super::account;
use super::findings::shown_columns;
use crate::report::{Cell, Datum, Findings, Verdict};

/// A test case a row: what fails is a failure, and what cannot be told is skipped.
pub fn render(found: &Findings) -> String {
    let count = |verdict: Verdict| found.rows.iter().filter(|row| verdict_of(row) == verdict).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\"",
        found.rows.len(),
        count(Verdict::Fail),
        count(Verdict::NotEnoughData)
    );
    let name = escaped(&account::titled(&found.title, &found.account));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cxm {}\" {counts}>\n",
        found.command
    );
    let _ = writeln!(xml, "  <testsuite name=\"{name}\" {counts}>");
    for at in 0..found.rows.len() {
        case(&mut xml, found, at);
    }
    xml + "  </testsuite>\n</testsuites>\n"
}

/// One row as a test case, with what people see of it as its output.
fn case(xml: &mut String, found: &Findings, at: usize) {
    let row = &found.rows[at];
    let word = |key: &str| escaped(&word(found, row, key));
    let labels = row.iter().filter_map(|cell| match cell {
        Cell::Group(Some(label)) => Some(escaped(label)),
        _ => None,
    });
    let name = std::iter::once(word("gate")).chain(labels).chain([word("period")]);
    let name: Vec<String> = name.filter(|part| !part.is_empty()).collect();
    let class = [word("metric"), word("definition")].join(" ");
    let _ = writeln!(xml, "    <testcase classname=\"{class}\" name=\"{}\" time=\"0\">", name.join(": "));
    let note = word("note");
    let _ = match verdict_of(row) {
        Verdict::Pass => Ok(()),
        Verdict::Fail => writeln!(xml, "      <failure type=\"gate\" message=\"{note}\"/>"),
        Verdict::NotEnoughData => writeln!(xml, "      <skipped message=\"not enough data: {note}\"/>"),
    };
    let lines = shown_columns(found).filter_map(|(title, _, cells)| {
        let cell = cells.get(at).filter(|cell| !cell.is_empty())?;
        Some(format!("{title}: {cell}"))
    });
    let lines: Vec<String> = lines.collect();
    let _ = writeln!(xml, "      <system-out>{}</system-out>\n    </testcase>", escaped(&lines.join("\n")));
}

fn verdict_of(row: &[Cell]) -> Verdict {
    let verdict = |cell: &Cell| if let Cell::Verdict(verdict) = cell { Some(*verdict) } else { None };
    row.iter().find_map(verdict).unwrap_or(Verdict::NotEnoughData)
}

/// The text under a key of a row.
fn word(found: &Findings, row: &[Cell], key: &str) -> String {
    let data = row.iter().flat_map(Cell::data);
    let datum = found.keys().zip(data).find(|(known, _)| *known == key);
    match datum {
        Some((_, Datum::Text(text))) => text.to_owned(),
        _ => String::new(),
    }
}

/// Text that is no markup, in an attribute or between tags, without the characters that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push('\n'),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::{escaped, render};
    use crate::report::{Cell, Column, Findings, Verdict};

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(
            escaped("a<b> & \"c\" 'd'\u{1b}\u{ffff}"),
            "a&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos; "
        );
    }

    #[test]
    fn a_failure_fails_and_doubt_is_skipped() {
        let row = |gate: &str, verdict: Verdict, note: &str| {
            vec![Cell::Text(gate.to_owned()), Cell::Verdict(verdict), Cell::Text(note.to_owned())]
        };
        let found = Findings {
            command: "check",
            title: "Gates".to_owned(),
            about: Vec::new(),
            lines: Vec::new(),
            columns: vec![
                Column::new("gate", "Gate"),
                Column::new("result", "Result"),
                Column::hidden("note"),
            ],
            rows: vec![
                row("nps >= 30", Verdict::Pass, ""),
                row("ces > 5", Verdict::Fail, "all below"),
                row("csat < 9", Verdict::NotEnoughData, "no \"answers\""),
            ],
            remarks: Vec::new(),
            account: sample::single(),
        };
        let xml = render(&found);
        assert_eq!(xml.matches("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"").count(), 2);
        assert_eq!(xml.matches("<testcase ").count(), 3);
        assert!(xml.contains(
            "name=\"ces &gt; 5\" time=\"0\">\n      <failure type=\"gate\" message=\"all below\"/>"
        ));
        assert!(xml.contains("<skipped message=\"not enough data: no &quot;answers&quot;\"/>"), "{xml}");
        assert!(xml.contains("<system-out>Gate: csat &lt; 9\nResult: NOT ENOUGH DATA</system-out>"), "{xml}");
    }
}
