//! The sentences around the numbers: what was read, what to keep in mind, what was left out. Knows nothing of
//! layout.

use std::collections::BTreeSet;

use super::number::{self, count};
use super::series::Series;
use crate::report::{Caveat, Counts, Journey, Match, MetricLedger, Record, Repeated, Report, StageCounts};

/// `CX report · as of 25 Jun 2026 22:03 UTC · 95 % intervals`.
pub fn title(report: &Report, series: &[Series]) -> String {
    let name = match series {
        [one] => one.title.as_str(),
        _ => "CX report",
    };
    titled(name, report)
}

/// A title with the moment and the confidence behind it.
pub fn titled(name: &str, report: &Report) -> String {
    let as_of = report.as_of.map_or(String::new(), |at| format!(" · as of {}", at.readable()));
    format!("{name}{as_of} · {} intervals", number::level(report.confidence))
}

/// What the numbers are restricted to: `Only where country = "NL", from 2026-01-01T00:00:00Z`; empty where nothing is.
pub fn restriction(report: &Report) -> String {
    let parts = [("where", "where"), ("since", "from"), ("until", "until")];
    let said =
        parts.iter().filter_map(|(name, word)| Some(format!("{word} {}", report.settings.named(name)?)));
    let said: Vec<String> = said.collect();
    if said.is_empty() { String::new() } else { format!("Only {}", said.join(", ")) }
}

/// The rows used of each kind of export, the customers, and how well they join; empty without exports.
pub fn read(report: &Report) -> String {
    let mut kinds: Vec<(&str, u64)> = Vec::new();
    for source in &report.sources {
        match kinds.iter_mut().find(|(kind, _)| *kind == source.kind) {
            Some((_, used)) => *used += source.used,
            None => kinds.push((&source.kind, source.used)),
        }
    }
    // A survey's rows are not all answers: what counts is what the metrics used.
    let answers = report.ledger.iter().filter(|ledger| ledger.of == "answers");
    // Two definitions of one metric count the same answers.
    let questions: BTreeSet<(&str, u64)> =
        answers.map(|ledger| (ledger.metric.as_str(), ledger.used)).collect();
    let answered = (!questions.is_empty()).then(|| questions.iter().map(|(_, used)| used).sum::<u64>());
    let told = |(kind, used): (&str, u64)| match answered {
        Some(answers) if kind == "surveys" => counted(answers, "answers"),
        None if kind == "surveys" => counted(used, "survey rows"),
        // Beside all customers of the run, these are those of the list.
        _ if kind == "customers" => format!("{} in the {}", count(used), export(kind)),
        _ => counted(used, kind),
    };
    let mut parts: Vec<String> = kinds.into_iter().map(told).collect();
    if report.join.customers > 0 {
        parts.push(counted(report.join.customers, "customers"));
    }
    let matched = matched(&report.join.matches);
    parts.join(" · ") + &if matched.is_empty() { matched } else { format!(" ({matched})") }
}

/// What the customers of the first kind did elsewhere: `81 % of surveyed customers bought, 64 % wrote in`.
fn matched(matches: &[Match]) -> String {
    let first = ["surveys", "tickets"].into_iter().find(|kind| matches.iter().any(|one| one.of == *kind));
    let Some(of) = first.or(matches.first().map(|one| one.of.as_str())) else { return String::new() };
    let mut parts: Vec<String> = Vec::new();
    for one in matches.iter().filter(|one| one.of == of) {
        let Some(percent) = one.percent else { continue };
        let who = if parts.is_empty() { format!(" of {}", people_of(of)) } else { String::new() };
        parts.push(format!("{}{who} {}", number::whole_percent(percent), deed(&one.within)));
    }
    parts.join(", ")
}

/// What a kind of export is called where customers are counted.
pub fn export(kind: &str) -> &str {
    if kind == "customers" { "list of customers" } else { kind }
}

fn rows_of(kind: &str) -> &str {
    if kind == "surveys" { "answers" } else { kind }
}

fn people_of(kind: &str) -> String {
    match kind {
        "surveys" => "surveyed customers".to_owned(),
        "tickets" => "those who wrote in".to_owned(),
        "purchases" => "buyers".to_owned(),
        "subscriptions" => "subscribers".to_owned(),
        "customers" => "listed customers".to_owned(),
        other => format!("the customers in {other}"),
    }
}

fn deed(kind: &str) -> String {
    match kind {
        "surveys" => "answered".to_owned(),
        "tickets" => "wrote in".to_owned(),
        "purchases" => "bought".to_owned(),
        "subscriptions" => "subscribed".to_owned(),
        "customers" => "are in the list of customers".to_owned(),
        other => format!("are in {other}"),
    }
}

/// The cause of a caveat, then what to do about it.
pub fn caveat(caveat: &Caveat) -> String {
    let remedy = if caveat.remedy.is_empty() { String::new() } else { format!("; {}", caveat.remedy) };
    caveat.cause.clone() + &remedy
}

/// The rows that no table could take or that are no data, by reason; empty without exports.
pub fn left_out(report: &Report) -> String {
    let rows: u64 = report.sources.iter().map(|source| source.rows).sum();
    let used: u64 = report.sources.iter().map(|source| source.used).sum();
    let mut reasons: Vec<(String, u64)> = Vec::new();
    for (reason, n) in
        report.sources.iter().flat_map(|source| source.rejected.0.iter().chain(&source.left_out.0))
    {
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, sum)) => *sum += n,
            None => reasons.push((reason.clone(), *n)),
        }
    }
    reasons.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    let lost = rows.saturating_sub(used);
    match (rows, lost) {
        (0, _) => String::new(),
        (_, 0) => format!("Left out: none of {}", counted(rows, "rows")),
        _ => format!(
            "Left out: {} of {}{}: --rejects FILE writes them",
            count(lost),
            counted(rows, "rows"),
            in_brackets(&Counts(reasons))
        ),
    }
}

/// The rows after the as-of moment; empty where there is none.
pub fn after_as_of(report: &Report) -> String {
    let kinds: Vec<String> =
        report.after_as_of.0.iter().map(|(kind, n)| counted(*n, rows_of(kind))).collect();
    if kinds.is_empty() {
        String::new()
    } else {
        format!("After the as-of moment, and left out: {}", kinds.join(", "))
    }
}

/// For each series whose metric left rows out: its name and its account; those with the same account together.
pub fn exclusions(report: &Report, series: &[Series]) -> Vec<(String, String)> {
    let account = |ledger: &MetricLedger| {
        let own = |one: &&Series| one.metric == ledger.metric && one.definition == ledger.definition;
        let heading = report.heading(&ledger.metric).map(|heading| heading.short.clone());
        let name = series.iter().find(own).map(|one| one.short.clone()).or(heading);
        let text = format!(
            "{} of {} used{}{}",
            count(ledger.used),
            counted(ledger.rows, &ledger.of),
            excluded(&ledger.excluded),
            repeated(ledger)
        );
        (name.unwrap_or(ledger.metric.clone()), text)
    };
    let mut accounts: Vec<(String, String)> = Vec::new();
    for (name, text) in report
        .ledger
        .iter()
        .filter(|ledger| ledger.excluded.total() > 0 || ledger.repeats.is_some())
        .map(account)
    {
        match accounts.iter_mut().find(|(_, known)| *known == text) {
            Some((names, _)) => *names = format!("{names}, {name}"),
            None => accounts.push((name, text)),
        }
    }
    accounts
}

fn excluded(excluded: &Counts<u64>) -> String {
    match excluded.total() {
        0 => String::new(),
        n => format!("; {} excluded{}", count(n), in_brackets(excluded)),
    }
}

fn repeated(ledger: &MetricLedger) -> String {
    ledger.repeats.map_or(String::new(), |Repeated { answers, respondents }| {
        let who = if respondents == 1 { "customer" } else { "customers" };
        format!("; {} from {} {who} who answered again", count(answers), count(respondents))
    })
}

/// How stages were found: `Stages: 71 % given, 29 % inferred`; empty without stages.
pub fn stages(journey: &Journey) -> String {
    let sum = |of: fn(&StageCounts) -> u64| journey.found_by.iter().map(of).sum::<u64>();
    let ways = [
        ("given", sum(|found| found.given)),
        ("inferred", sum(|found| found.rule + found.join)),
        ("unknown", sum(|found| found.unknown)),
    ];
    let all = ways.iter().map(|(_, n)| n).sum();
    let parts: Vec<String> = ways
        .iter()
        .filter(|(way, n)| *n > 0 || *way != "unknown")
        .filter_map(|(way, n)| Some(format!("{} {way}", number::share(*n, all)?)))
        .collect();
    if parts.is_empty() { String::new() } else { format!("Stages: {}", parts.join(", ")) }
}

/// The same of a report; empty where no number depends on a stage.
pub fn stages_used(report: &Report) -> String {
    let used = report.dimensions().iter().any(|name| name.ends_with("stage"));
    if used { stages(&report.journey) } else { String::new() }
}

/// The marks that stand in the breakdowns, each with what it means.
pub fn marks(report: &Report) -> Vec<(String, String)> {
    let any = |is: fn(&Record) -> bool| report.results.iter().any(is);
    let least = ["min_n", "min-n"].into_iter().find_map(|name| report.settings.named(name));
    let under = least.map_or(String::new(), |n| {
        format!(" (n under {n}, or the next smallest, so that none can be worked out)")
    });
    let marks = [
        (any(|one| one.suppressed), number::TOO_SMALL, format!("group too small to show{under}")),
        (
            any(|one| !one.suppressed && (one.value.is_none() || one.lower.is_none() != one.upper.is_none())),
            number::UNDEFINED,
            "undefined, or not reached".to_owned(),
        ),
        (any(|one| one.partial), "*", "period cut by the as-of moment, --since or --until".to_owned()),
    ];
    let shown = marks.into_iter().filter(|(shown, ..)| *shown);
    shown.map(|(_, mark, meaning)| (mark.to_owned(), meaning)).collect()
}

/// `2 rows`, `1 row`.
fn counted(n: u64, things: &str) -> String {
    let things = if n == 1 { things.strip_suffix('s').unwrap_or(things) } else { things };
    format!("{} {things}", count(n))
}

fn in_brackets(reasons: &Counts<u64>) -> String {
    let parts: Vec<String> = reasons
        .0
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(reason, n)| format!("{} {reason}", count(*n)))
        .collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::super::{sample, series::Series};
    use super::*;

    #[test]
    fn the_sentences_say_what_was_read_and_lost() {
        let report = sample::whole();
        let series = Series::all(&report);
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(
            plain(title(&report, &series)),
            "CX report · as of 25 Jun 2026 22:03 UTC · 95 % intervals"
        );
        assert_eq!(
            plain(read(&report)),
            "3 672 answers · 2 654 tickets · 6 197 purchases · 2 000 customers \
             (81 % of surveyed customers bought, 64 % wrote in)"
        );
        assert_eq!(
            plain(left_out(&report)),
            "Left out: 11 of 13 738 rows (7 duplicate, 2 no-time, 2 off-scale): --rejects FILE writes them"
        );
        assert_eq!(plain(stages(&report.journey)), "Stages: 71 % given, 29 % inferred");
        let (name, text) = exclusions(&report, &series).swap_remove(0);
        assert_eq!(name, "NPS");
        assert_eq!(plain(text), "2 426 of 2 440 answers used; 14 excluded (12 after-as-of, 2 off-scale)");
        assert_eq!(marks(&report).len(), 2);
    }

    #[test]
    fn nothing_lost_is_said_too_and_no_exports_say_nothing() {
        let mut report = sample::single();
        for source in &mut report.sources {
            source.rows = source.used;
        }
        assert!(left_out(&report).starts_with("Left out: none of"));
        report.sources.clear();
        report.journey.found_by.clear();
        assert_eq!([left_out(&report), stages(&report.journey)], ["", ""]);
    }
}
