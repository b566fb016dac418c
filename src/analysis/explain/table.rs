//! The change of a metric as a table, a row a group and one for all, and in words what moved it. It must not know how a
//! number is written.

use super::{Change, Of, Piece};
use crate::analysis;
use crate::analysis::periods::{self, Label};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::report::{Cell, Column, Findings, Record, Report, Unit};
use crate::text;

const ABOUT: &str = "Mix: what groups did by becoming a larger or smaller part of the whole. Rate: what they did by \
                     changing themselves. All of them add up to the change.";

/// The changes as a table with remarks. `chosen` says that nobody named the periods.
pub fn findings(
    plan: &Plan,
    changes: &[Change],
    periods: [Label; 2],
    chosen: bool,
    account: Report,
) -> Findings {
    let dimensions: Vec<String> = account.dimensions().into_iter().map(str::to_owned).collect();
    let several = changes.len() > 1;
    let mut metrics: Vec<&Metric> = changes.iter().map(|change| change.metric).collect();
    metrics.dedup_by_key(|metric| metric.definition);
    let counted = analysis::counted(plan, metrics.into_iter());
    let [from, to] = periods.map(|label| label.to_string());
    let noun = periods::noun(periods[0].period);
    let why =
        if chosen { format!(" (the last {noun} that is over, and the one before)") } else { String::new() };
    let title = changes.first().map_or("", |change| change.metric.title);
    let mut remarks = cut_short(&account, [&from, &to]);
    let mut rows = Vec::new();
    for change in changes {
        let all = change.groups.iter().chain([&change.all]);
        rows.extend(all.map(|piece| row(plan, change, piece, [&from, &to], &dimensions)));
        let name = if several { format!("{}: ", by(plan, change)) } else { String::new() };
        let said = told(change).into_iter().chain(pending(change, [&from, &to]));
        remarks.extend(said.map(|said| name.clone() + &said));
    }
    Findings {
        command: "explain",
        title: format!("{title} from {from} to {to}{why}"),
        about: counted.into_iter().chain([ABOUT.to_owned()]).collect(),
        lines: Vec::new(),
        columns: columns(&dimensions, several, changes),
        rows,
        remarks,
        account: Report { results: overall(account.results, [&from, &to]), ..account },
    }
}

/// Which of the periods has cases still to come in.
fn pending(change: &Change, periods: [&str; 2]) -> impl Iterator<Item = String> {
    let noun = change.metric.cases.noun();
    let said = move |(period, n): (&str, u64)| {
        let cases = text::thousands(n);
        format!("Of the {noun} of {period}, {cases} are not yet mature: its value may still change.")
    };
    periods.into_iter().zip(change.pending).filter(|(_, n)| *n > 0).map(said)
}

/// Which of the periods is not whole.
fn cut_short(account: &Report, periods: [&str; 2]) -> Vec<String> {
    let is_cut = |period: &&&str| {
        account.results.iter().any(|record| record.partial && record.period.as_deref() == Some(**period))
    };
    let said = |period: &&str| format!("{period} is cut short, by the as-of moment, --since or --until.");
    periods.iter().filter(is_cut).map(said).collect()
}

/// The records of all cases in these periods. Nothing else stands in the table that a mark would have to explain.
fn overall(records: Vec<Record>, periods: [&str; 2]) -> Vec<Record> {
    let is_of = |record: &Record| {
        record.group.0.is_empty() && record.period.as_deref().is_some_and(|period| periods.contains(&period))
    };
    let whole = |record: Record| Record { partial: false, suppressed: false, ..record };
    records.into_iter().filter(is_of).map(whole).collect()
}

fn by(plan: &Plan, change: &Change) -> String {
    let names = plan.breakdowns.get(change.breakdown).map(|names| names.join(" and ")).unwrap_or_default();
    format!("{} by {}", change.definition, names.replace('_', " "))
}

fn columns(dimensions: &[String], several: bool, changes: &[Change]) -> Vec<Column> {
    let definition =
        if several { Column::new("definition", "Definition") } else { Column::hidden("definition") };
    let has_note = changes.iter().flat_map(|change| &change.groups).any(|piece| !note(piece).is_empty());
    let note = if has_note { Column::new("note", "Note") } else { Column::hidden("note") };
    let head = [Column::hidden("metric"), definition, Column::hidden("from"), Column::hidden("to")];
    let dimensions = dimensions.iter().map(|name| Column::new(name.clone(), name.clone()));
    let tail = [
        Column::hidden("part"),
        Column::limits(["n_from", "n_to"], "n"),
        Column::limits(["share_from", "share_to"], "Share %"),
        Column::limits(["value_from", "value_to"], "Value"),
        Column::new("mix", "Mix"),
        Column::new("rate", "Rate"),
        Column::hidden("rate_error"),
        Column::limits(["rate_lower", "rate_upper"], "Interval of rate"),
        Column::new("change", "Change"),
        Column { title: None, ..Column::limits(["change_lower", "change_upper"], "") },
        Column::hidden("unit"),
        note,
    ];
    head.into_iter().chain(dimensions).chain(tail).collect()
}

fn row(
    plan: &Plan,
    change: &Change,
    piece: &Piece,
    [from, to]: [&str; 2],
    dimensions: &[String],
) -> Vec<Cell> {
    let word = |text: &str| Cell::Text(text.to_owned());
    let unit = change.metric.unit;
    let own = plan.breakdowns.get(change.breakdown).map(Vec::as_slice).unwrap_or_default();
    let group = |name: &String| {
        let place = own.iter().position(|known| known == name);
        match (&piece.of, place) {
            (Of::Small(groups), Some(0)) => {
                Cell::Group(Some(format!("({})", text::count(*groups as u64, "small group"))))
            }
            (Of::Small(_), Some(_)) => word(""),
            (of, place) => Cell::Group(place.and_then(|place| of.labels()?.get(place).cloned())),
        }
    };
    let head = [word(change.metric.id), word(&change.definition), word(from), word(to)];
    let ends = |limits: Option<[f64; 2]>| [0, 1].map(|end| limits.map(|limits| limits[end]));
    let ([lower, upper], [change_lower, change_upper]) = (ends(piece.rate_limits), ends(piece.change_limits));
    let tail = [
        word(part(&piece.of)),
        Cell::CountFromTo(piece.n[0], piece.n[1]),
        Cell::FromTo(Some(piece.share[0]), Some(piece.share[1]), Unit::Percent),
        Cell::FromTo(piece.value[0], piece.value[1], unit),
        Cell::Change(Some(piece.mix), unit),
        Cell::Change(Some(piece.rate), unit),
        Cell::Value(piece.rate_error, unit),
        Cell::ChangeLimits(lower, upper, unit),
        Cell::Change(Some(piece.mix + piece.rate), unit),
        Cell::ChangeLimits(change_lower, change_upper, unit),
        word(unit.as_str()),
        Cell::Text(note(piece)),
    ];
    head.into_iter().chain(dimensions.iter().map(group)).chain(tail).collect()
}

/// What a row is, for programs.
fn part(of: &Of) -> &'static str {
    match of {
        Of::Group(_) => "group",
        Of::New(_) => "new",
        Of::Gone(_) => "gone",
        Of::Small(_) => "small",
        Of::All => "all",
    }
}

fn note(piece: &Piece) -> String {
    match &piece.of {
        Of::New(_) => "new".to_owned(),
        Of::Gone(_) => "gone".to_owned(),
        Of::Group(_) | Of::Small(_) | Of::All => String::new(),
    }
}

/// What moved the metric.
fn told(change: &Change) -> Vec<String> {
    let [before, after] = change.values;
    let title = change.metric.title;
    if before.to_bits() == after.to_bits() {
        return vec![format!("{title} is the same in both periods.")];
    }
    let verb = if after > before { "rose" } else { "fell" };
    let (mix, rate) = (change.all.mix, change.all.rate);
    let total = after - before;
    let along = |effect: f64| effect * total > 0.0;
    let source = match (along(mix), along(rate)) {
        (true, true) if rate.abs() >= mix.abs() => "for the most part by rate, and by mix as well",
        (true, true) => "for the most part by mix, and by rate as well",
        (true, false) if rate == 0.0 => "by mix alone",
        (true, false) => "by mix, while rate went the other way",
        (false, _) if mix == 0.0 => "by rate alone",
        (false, _) => "by rate, while mix went the other way",
    };
    let mut said = vec![format!("{title} {verb} {source}.")];
    said.extend(change.all.change_limits.map(|[lower, upper]| {
        let is_clear = lower > 0.0 || upper < 0.0;
        let noise = if is_clear { "is more than noise" } else { "may be noise: its interval holds 0" };
        format!("The change as a whole {noise}.")
    }));
    match change.groups.as_slice() {
        [only] => said.push(nothing_to_split(only)),
        _ => said.extend(largest(change).into_iter().chain(clear(change))),
    }
    said
}

fn nothing_to_split(only: &Piece) -> String {
    match &only.of {
        Of::Small(_) => "The groups are too small to be shown apart: --by names others.".to_owned(),
        _ => "All cases are in one group, so that there is nothing to split: --by names others.".to_owned(),
    }
}

/// The effect of one group that went furthest the way of the whole.
fn largest(change: &Change) -> Option<String> {
    let total = change.all.mix + change.all.rate;
    let effects =
        change.groups.iter().flat_map(|piece| [(piece, piece.mix, "mix"), (piece, piece.rate, "rate")]);
    let along = effects.filter(|(_, effect, _)| effect * total > 0.0);
    let (piece, _, what) = along.max_by(|one, other| one.1.abs().total_cmp(&other.1.abs()))?;
    Some(format!("The largest part of it: {}, by {what}.", name(&piece.of)?))
}

/// The groups whose own change is more than noise.
fn clear(change: &Change) -> Option<String> {
    let judged = change.groups.iter().filter(|piece| piece.rate_limits.is_some()).count();
    let clear = change.groups.iter().filter(|piece| piece.is_clear);
    let names: Vec<String> = clear.filter_map(|piece| name(&piece.of)).collect();
    match (names.as_slice(), judged - names.len()) {
        ([], 0) => None,
        ([], _) => Some("No group changed itself by more than noise.".to_owned()),
        (names, 0) => Some(format!("More than noise: the rate of {}.", text::list(names))),
        (names, _) => Some(format!(
            "More than noise: the rate of {}; of the others it may be chance.",
            text::list(names)
        )),
    }
}

fn name(of: &Of) -> Option<String> {
    match of {
        Of::Small(_) => Some("the small groups together".to_owned()),
        of => Some(of.labels()?.join(" × ")),
    }
}
