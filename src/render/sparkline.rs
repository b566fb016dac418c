//! A series of values as a row of bars. Knows nothing of periods and of what was measured.

use super::clean::clean;
use super::number;
use crate::report::Line;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// A period without a value: a space at which no line is broken.
const GAP: char = '\u{a0}';

/// The label of a line, and its bars between its first and its last period, with the lowest and the highest value.
pub fn drawn(line: &Line) -> (String, String) {
    let values = || line.values.iter().flatten().copied().filter(|x| x.is_finite());
    let (lowest, highest) =
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let [from, to] = &line.ends;
    let bars = bars(&line.values, lowest, highest);
    let range = if lowest > highest {
        String::new()
    } else {
        format!(", {} … {}", number::bare(lowest, line.unit), number::in_unit(highest, line.unit))
    };
    (clean(&line.label), format!("{from} {bars} {to}{range}"))
}

/// A bar a value, the lowest and the highest at both ends of the scale; half as high where all are equal.
fn bars(values: &[Option<f64>], lowest: f64, highest: f64) -> String {
    let bar = |x: &Option<f64>| match x.filter(|x| x.is_finite()) {
        None => GAP,
        Some(_) if lowest >= highest => BARS[3],
        Some(x) => {
            let height = (x / 2.0 - lowest / 2.0) / (highest / 2.0 - lowest / 2.0);
            let step = (height * (BARS.len() - 1) as f64).round() as usize;
            BARS[step.min(BARS.len() - 1)]
        }
    };
    values.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unit;

    fn of(values: &[Option<f64>]) -> String {
        let ends = ["2026-W01", "2026-W09"].map(str::to_owned);
        let line = Line { label: "web".to_owned(), ends, values: values.to_vec(), unit: Unit::Points };
        let (label, text) = drawn(&line);
        assert_eq!(label, "web");
        text.replace('\u{a0}', " ")
    }

    #[test]
    fn the_lowest_and_the_highest_are_the_ends_of_the_scale() {
        let text = of(&[Some(-10.0), Some(0.0), None, Some(60.0), Some(25.0)]);
        assert_eq!(text, "2026-W01 ▁▂ █▅ 2026-W09, −10.0 … 60.0");
    }

    #[test]
    fn equal_values_are_level_and_no_value_has_no_range() {
        assert_eq!(of(&[Some(3.0), None, Some(3.0)]), "2026-W01 ▄ ▄ 2026-W09, 3.0 … 3.0");
        assert_eq!(of(&[None, Some(f64::NAN)]), "2026-W01    2026-W09");
        assert_eq!(of(&[Some(f64::MAX), Some(f64::MIN)]).chars().filter(|c| BARS.contains(c)).count(), 2);
    }
}
