//! A gate as it is written, `csat by channel >= 80`, read into what it demands. It must not know any number of a run.

use crate::dimension;
use crate::error::{Error, Result};
use crate::metric::{Better, METRICS, Metric, TallyKind};
use crate::report::Unit;
use crate::text;

/// What a gate demands of which number.
#[derive(Debug, Clone)]
pub struct Gate {
    /// As it was written, on one line.
    pub text: String,
    /// The metric, the first of its definitions.
    pub metric: &'static Metric,
    /// A statistic beside the metric's own value; `None` for the value.
    pub statistic: Option<&'static Statistic>,
    /// The dimensions by which each group is judged for itself; none for the overall number.
    pub by: Vec<String>,
    /// What is demanded.
    pub demand: Demand,
}

/// A statistic of a metric that has an interval of its own, by its names in the record's detail.
#[derive(Debug, PartialEq, Eq)]
pub struct Statistic {
    /// As a gate names it: `p90`.
    pub name: &'static str,
    /// The value.
    pub value: &'static str,
    /// The lower limit.
    pub lower: &'static str,
    /// The upper limit.
    pub upper: &'static str,
    /// The cases, where they are others than those of the metric's value.
    pub n: Option<&'static str>,
}

/// What a gate demands.
#[derive(Debug, Clone, PartialEq)]
pub enum Demand {
    /// A level: `>= 30`.
    Level(Level),
    /// No significant change for the worse against a baseline: `no-drop`, `no-rise`.
    Steady(Steady),
    /// No signal of a control chart: `no-signal`.
    NoSignal,
}

/// A limit and the side on which the number has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The side.
    pub side: Side,
    /// The limit, in the metric's unit.
    pub bound: f64,
}

/// A side of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
}

/// No significant change for the worse.
#[derive(Debug, Clone, PartialEq)]
pub struct Steady {
    /// Whether a rise is the worse, and not a drop.
    pub rise: bool,
    /// How much worse it may have become, in the metric's unit; `None` where nothing was said.
    pub margin: Option<f64>,
    /// The baseline that the gate itself names.
    pub file: Option<String>,
}

const P90: Statistic =
    Statistic { name: "p90", value: "p90", lower: "p90_lower", upper: "p90_upper", n: None };
const RETAINED: Statistic = Statistic {
    name: "retained",
    value: "retained_value",
    lower: "retained_lower",
    upper: "retained_upper",
    n: Some("retained_n"),
};
const DIFFERENCE: Statistic = Statistic {
    name: "difference",
    value: "difference",
    lower: "difference_lower",
    upper: "difference_upper",
    n: None,
};

/// The name of a time's own value.
const MEDIAN: &str = "median";

/// The statistics beside a metric's value that have an interval.
fn statistics(metric: &Metric) -> &'static [Statistic] {
    match metric.tally {
        TallyKind::Durations => &[P90],
        TallyKind::Arms => &[RETAINED, DIFFERENCE],
        TallyKind::Share | TallyKind::Histogram | TallyKind::Ratio => &[],
    }
}

/// The words that demand something without a limit.
const WORDS: [&str; 3] = ["no-drop", "no-rise", "no-signal"];

/// Two signs before one, so that none is read as another.
const SIDES: [(&str, Side); 6] = [
    (">=", Side::AtLeast),
    ("<=", Side::AtMost),
    ("≥", Side::AtLeast),
    ("≤", Side::AtMost),
    (">", Side::Above),
    ("<", Side::Below),
];

/// Why a text is no gate, to be read behind it.
fn wrong(what: impl AsRef<str>) -> Error {
    Error::usage(format!("is no gate: {}", what.as_ref())).hint(EXAMPLES)
}

const EXAMPLES: &str = "write e.g. nps >= 30, csat by channel >= 80 or nps no-drop vs last-week.json";

impl Gate {
    /// Reads a gate.
    ///
    /// # Errors
    /// When it is none: what is wrong, to be read behind its text.
    pub fn parse(text: &str) -> Result<Gate> {
        let text: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let word = words(&text).find(|(_, word)| WORDS.contains(word));
        let sign = SIDES.iter().find_map(|(sign, side)| Some((text.find(sign)?, *sign, *side)));
        let (metric, statistic, by, demand) = match (word, sign) {
            (Some((at, word)), _) => {
                let (metric, statistic, by) = subject(&text[..at])?;
                (metric, statistic, by, demand(metric, word, text[at + word.len()..].trim())?)
            }
            (None, Some((at, sign, side))) => {
                let (metric, statistic, by) = subject(&text[..at])?;
                let bound = bound(metric, side, text[at + sign.len()..].trim())?;
                (metric, statistic, by, Demand::Level(Level { side, bound }))
            }
            (None, None) => return Err(undemanding(&text)),
        };
        Ok(Gate { metric, statistic, by, demand, text })
    }

    /// The breakdown as it is typed: `channel*stage`; empty for the overall number.
    pub fn breakdown(&self) -> String {
        self.by.join("*")
    }
}

/// The words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// Why a text without a limit is no gate.
fn undemanding(text: &str) -> Error {
    if let Err(error) = metric(text.split_whitespace().next().unwrap_or_default()) {
        return error;
    }
    if text.contains('=') {
        return wrong("`=` is no demand on a number that has an interval").hint("write >= or <=");
    }
    let near = words(text).skip(1).flat_map(|(_, word)| text::nearest(word, WORDS)).next();
    let told = wrong("it ends with no limit");
    near.map_or(told.clone(), |near| told.hint(format!("did you mean {near}?")))
}

/// A metric, one of its statistics and the dimensions of a breakdown.
type Subject = (&'static Metric, Option<&'static Statistic>, Vec<String>);

/// `METRIC[.STATISTIC] [by DIMENSION]`.
fn subject(head: &str) -> Result<Subject> {
    let head = head.trim();
    let (first, rest) = head.split_once(char::is_whitespace).unwrap_or((head, ""));
    let (id, statistic) = first.split_once('.').map_or((first, None), |(id, name)| (id, Some(name)));
    let metric = metric(id)?;
    let statistic = statistic.map(|name| statistic_of(metric, name)).transpose()?.flatten();
    let rest = rest.trim();
    let by = match rest.split_once(char::is_whitespace) {
        _ if rest.is_empty() => Vec::new(),
        Some(("by", names)) => dimensions(names)?,
        _ if rest == "by" => return Err(wrong("it lacks the dimension behind `by`")),
        _ => return Err(wrong(format!("`{rest}` stands where `by DIMENSION` belongs"))),
    };
    Ok((metric, statistic, by))
}

fn metric(id: &str) -> Result<&'static Metric> {
    let id = id.to_lowercase();
    Metric::named(&id).ok_or_else(|| {
        let near = text::nearest(&id.replace('-', "_"), METRICS.iter().map(|metric| metric.id));
        let told = wrong("it begins with no metric");
        if near.is_empty() { told } else { told.hint(format!("did you mean {}?", text::either(&near))) }
    })
}

/// The statistic of that name; none for the metric's own value.
fn statistic_of(metric: &Metric, name: &str) -> Result<Option<&'static Statistic>> {
    let name = name.to_lowercase();
    let known = statistics(metric);
    let own = if metric.tally == TallyKind::Durations { MEDIAN } else { "value" };
    if name == own {
        return Ok(None);
    }
    known.iter().find(|statistic| statistic.name == name).map(Some).ok_or_else(|| {
        let names: Vec<&str> = std::iter::once(own).chain(known.iter().map(|known| known.name)).collect();
        wrong(format!("`{name}` is no statistic of {} with an interval to judge by", metric.id))
            .hint(format!("those are {}", text::list(&names)))
    })
}

/// `channel`, `channel*stage`.
fn dimensions(names: &str) -> Result<Vec<String>> {
    if names.contains(',') {
        return Err(wrong("it is broken down twice")
            .hint("write a gate for each dimension, or cross them: csat by channel*stage >= 80"));
    }
    let mut dimensions: Vec<String> = Vec::new();
    for name in names.split('*').map(dimension::named) {
        if name.is_empty() {
            return Err(wrong("it lacks a dimension"));
        }
        if !dimensions.contains(&name) {
            dimensions.push(name);
        }
    }
    Ok(dimensions)
}

/// The limit of a level: `30`, `80%`, `48h`.
fn bound(metric: &Metric, side: Side, number: &str) -> Result<f64> {
    let mut units = Metric::definitions(metric.id).map(|definition| definition.unit);
    let endings = [(Unit::Percent, '%'), (Unit::Hours, 'h')];
    let ending = units.find_map(|unit| Some(endings.iter().find(|(of, _)| *of == unit)?.1));
    let bare = ending.and_then(|ending| number.strip_suffix(ending)).unwrap_or(number).trim();
    let bound = bare.parse::<f64>().ok().filter(|bound| bound.is_finite());
    let Some(bound) = bound else {
        return Err(wrong(if number.is_empty() {
            "it ends with no limit".to_owned()
        } else {
            format!("`{number}` is no limit in {}", unit(metric))
        }));
    };
    if metric.unit == Unit::Percent && bound > 0.0 && bound < 1.0 && bare == number {
        let sign = SIDES.iter().find(|(_, known)| *known == side).map_or("", |(sign, _)| *sign);
        return Err(wrong("its limit may be a share or a percentage").hint(format!(
            "write {id} {sign} {} or {id} {sign} {bound}%",
            100.0 * bound,
            id = metric.id
        )));
    }
    Ok(bound)
}

fn unit(metric: &Metric) -> &'static str {
    match metric.unit {
        Unit::Points => "points from -100 to 100",
        Unit::Percent => "percent",
        Unit::Score => "points of its scale",
        Unit::Hours => "hours",
    }
}

/// Refuses to guard against what is good.
///
/// # Errors
/// When a rise, or a drop, of the metric is for the better.
pub fn guards(metric: &Metric, rise: bool) -> Result<()> {
    let (good, way, word, other) = if rise {
        (Better::Higher, "higher", "no-rise", "no-drop")
    } else {
        (Better::Lower, "lower", "no-drop", "no-rise")
    };
    if metric.better != good {
        return Ok(());
    }
    let told = wrong(format!("a {way} {} is better, so that `{word}` would guard against good", metric.id));
    Err(told.hint(format!("write {} {other}", metric.id)))
}

/// What stands behind a word: `no-drop [MARGIN] [vs FILE]`.
fn demand(metric: &Metric, word: &str, rest: &str) -> Result<Demand> {
    if word == "no-signal" {
        return if rest.is_empty() {
            Ok(Demand::NoSignal)
        } else {
            Err(wrong(format!("`{rest}` stands behind `no-signal`")))
        };
    }
    let rise = word == "no-rise";
    // By another definition the other way may be the better one: then the definition that counts decides.
    let all: Vec<&Metric> = Metric::definitions(metric.id).collect();
    if all.iter().all(|one| one.better == metric.better) {
        guards(metric, rise)?;
    }
    let (margin, file) = match rest.strip_prefix("vs ").or(rest.strip_prefix("vs").filter(|_| rest == "vs")) {
        Some(file) => ("", Some(file)),
        None => rest.split_once(" vs").map_or((rest, None), |(margin, file)| (margin, Some(file))),
    };
    let file = file.map(|file| file.trim().to_owned());
    if file.as_deref() == Some("") {
        return Err(wrong("it lacks the file behind `vs`"));
    }
    let margin = Some(margin.trim()).filter(|margin| !margin.is_empty());
    let margin = margin.map(|text| {
        let number = text.parse::<f64>().ok().filter(|margin| margin.is_finite() && *margin >= 0.0);
        number.ok_or_else(|| wrong(format!("`{text}` is no margin in {} behind `{word}`", unit(metric))))
    });
    Ok(Demand::Steady(Steady { rise, margin: margin.transpose()?, file }))
}

#[cfg(test)]
mod tests;
