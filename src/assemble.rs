//! From tallies to the report: estimates, small groups hidden, the account, the caveats. Reads no table's cells.

mod caveats;
mod hide;
mod inspection;
pub mod small;

pub use inspection::{Found, inspection, preset_notes};

use std::collections::BTreeSet;

use crate::customer::journey::Rules;
use crate::customer::{Answers, Joined};
use crate::dimension::{OF_CUSTOMER, RELATION, UNKNOWN, Window};
use crate::estimate::{Detail, Estimate, Figure};
use crate::filter::Filter;
use crate::instant::Instant;
use crate::metric::{METRICS, Metric, Page};
use crate::parallel;
use crate::plan::{Plan, Repeats, days};
use crate::reduce::{Group, Reduced};
use crate::report::{
    Counts, DefinitionNote, Heading, MetricLedger, MetricPage, PartSummary, Record, Repeated, Report, SCHEMA,
    SourceSummary,
};
use crate::scope;
use crate::source::beside::Account;
use crate::source::field::Kind;
use crate::source::opened::Opened;
use crate::table::ledger::FileLedger;

/// Makes the report.
pub fn report(
    plan: &Plan,
    files: &[Opened],
    ledgers: &[FileLedger],
    joined: &Joined,
    reduced: Vec<Reduced>,
    skipped: Vec<(String, String)>,
) -> Report {
    let mut reduced = reduced;
    reduced
        .sort_by_key(|reduced| plan.metrics.iter().position(|metric| std::ptr::eq(*metric, reduced.metric)));
    Report {
        schema: SCHEMA,
        as_of: Some(Instant(joined.as_of)),
        confidence: plan.confidence,
        timezone: plan.zone().name().to_owned(),
        sources: files.iter().zip(ledgers).map(|(file, ledger)| source(file, ledger)).collect(),
        join: joined.join.clone(),
        journey: joined.stages.summary(),
        settings: settings(plan, joined),
        caveats: caveats::of_report(plan, files, joined),
        after_as_of: after_as_of(joined),
        ledger: reduced.iter().map(|reduced| account(plan, reduced)).collect(),
        metrics: reduced.iter().map(|reduced| heading(plan, reduced.metric)).collect(),
        skipped: Counts(skipped),
        breakdowns: plan.breakdowns.clone(),
        results: parallel::map(plan.threads, reduced.iter().collect(), |reduced| {
            records(plan, joined, reduced)
        })
        .concat(),
    }
}

/// What a file held and lost, and what became of the rows of those that hold the rest of it.
fn source(file: &Opened, ledger: &FileLedger) -> SourceSummary {
    let accounts = file.input.parts().into_iter().flat_map(|parts| parts.accounts());
    let summary = |(path, preset, Account { rows, repeated, rejected, unmatched }): (&str, &str, Account)| {
        let (path, preset) = (path.to_owned(), preset.to_owned());
        PartSummary { path, preset, rows, repeated, rejected, unmatched }
    };
    SourceSummary { beside: accounts.map(summary).collect(), ..ledger.summary() }
}

/// What is told of a metric before its numbers.
pub fn heading(plan: &Plan, metric: &Metric) -> Heading {
    Heading {
        id: metric.id.to_owned(),
        title: metric.title.to_owned(),
        short: metric.short.to_owned(),
        unit: metric.unit,
        definition: plan.words(metric.definition),
        about: plan.words(metric.about),
    }
}

/// A metric in words, with every definition of it.
pub fn page(plan: &Plan, id: &str) -> MetricPage {
    let words = |texts: &[&str]| texts.iter().map(|text| plan.words(text)).collect();
    let definitions = Metric::definitions(id).map(|metric| DefinitionNote {
        definition: plan.words(metric.definition),
        name: metric.definition_name().to_owned(),
        usual: METRICS.iter().any(|usual| std::ptr::eq(*usual, metric)),
        unit: metric.unit,
        about: plan.words(metric.about),
        formula: plan.words(metric.formula),
        source: metric.source.to_owned(),
        found: None,
    });
    let first = Metric::named(id);
    let told = |of: fn(&Page) -> &'static [&'static str]| first.map(|metric| words(of(metric.page)));
    MetricPage {
        schema: SCHEMA,
        metric: id.to_owned(),
        title: first.map(|metric| metric.title.to_owned()).unwrap_or_default(),
        means: first.map(|metric| plan.words(metric.page.means)).unwrap_or_default(),
        assumes: told(|page| page.assumes).unwrap_or_default(),
        misleads: told(|page| page.misleads).unwrap_or_default(),
        as_of: None,
        confidence: None,
        definitions: definitions.collect(),
    }
}

fn account(plan: &Plan, reduced: &Reduced) -> MetricLedger {
    MetricLedger {
        metric: reduced.metric.id.to_owned(),
        definition: plan.words(reduced.metric.definition),
        of: reduced.metric.cases.noun().to_owned(),
        rows: reduced.rows,
        used: reduced.used,
        excluded: reduced.exclusions(),
        repeats: (reduced.again.answers > 0)
            .then_some(Repeated { answers: reduced.again.answers, respondents: reduced.again.respondents }),
    }
}

/// The settings that shape the numbers.
fn settings(plan: &Plan, joined: &Joined) -> Counts<String> {
    let windows = &plan.windows;
    let mut settings = vec![
        ("window", windows.retention.to_string()),
        ("repeat_window", days(windows.repeat)),
        ("attribution", days(windows.attribution)),
        ("response_window", days(windows.response)),
        ("min_n", plan.min_n.to_string()),
        ("same_topic", plan.same_topic.to_string()),
        ("anonymous", if plan.anonymous_single { "single" } else { "exclude" }.to_owned()),
    ];
    if plan.answers != Repeats::All {
        settings.push(("answers", plan.answers.as_str().to_owned()));
    }
    if plan.cluster {
        settings.push(("cluster", "true".to_owned()));
    }
    let methods = [("adjusted-wald", plan.adjusted_wald), ("exact", plan.exact)];
    let methods: Vec<&str> = methods.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    if !methods.is_empty() {
        settings.push(("interval", methods.join(", ")));
    }
    let (journey, usual) = (&plan.journey, Rules::default());
    let own = [
        ("onboarding", journey.onboarding, usual.onboarding),
        ("after_purchase", journey.after_purchase, usual.after_purchase),
    ];
    let own = own.into_iter().filter(|(_, window, usual)| window != usual);
    settings.extend(own.map(|(name, window, _)| (name, days(window))));
    settings.extend(plan.hours.iter().map(|hours| ("business_hours", hours.file.clone())));
    let instants = [("since", plan.since), ("until", plan.until)];
    settings.extend(instants.into_iter().filter_map(|(name, time)| Some((name, Instant(time?).rfc3339()))));
    settings.extend(plan.filter.iter().map(|filter| ("where", Plan::condition(&plan.keys, filter))));
    if let Some(exchange) = &joined.exchange {
        settings.push(("currency", exchange.target.clone()));
        let rates: Vec<String> =
            exchange.converted.iter().map(|(code, (_, rate))| format!("{code} {rate}")).collect();
        settings.extend(exchange.file.iter().map(|file| ("rates_file", file.clone())));
        settings.extend((!rates.is_empty()).then(|| ("rates", rates.join(", "))));
    }
    Counts(settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn records(plan: &Plan, joined: &Joined, reduced: &Reduced) -> Vec<Record> {
    let metric = reduced.metric;
    let shown: Vec<bool> =
        (0..plan.breakdowns.len()).map(|breakdown| shows(plan, metric, breakdown, &reduced.groups)).collect();
    let groups: Vec<&Group> =
        reduced.groups.iter().filter(|group| shown.get(group.breakdown).copied().unwrap_or(false)).collect();
    let mut records: Vec<(usize, Record)> = groups
        .iter()
        .map(|group| {
            let mut estimate = metric.estimated(&group.tally, plan.intervals());
            if !places_newcomers(plan, group.breakdown) {
                blank(&mut estimate.detail, |name| ARRIVALS.contains(&name));
            }
            let estimate = if group.labels.is_empty() {
                enriched(plan, joined, reduced, group, estimate)
            } else {
                estimate
            };
            (group.breakdown, record(plan, metric, group, estimate))
        })
        .collect();
    hide::hide(plan.min_n, &mut records);
    records.into_iter().map(|(_, record)| record).collect()
}

/// Whether a metric is shown in a breakdown: not where the dimension says nothing of it.
fn shows(plan: &Plan, metric: &Metric, breakdown: usize, groups: &[Group]) -> bool {
    let Some(dimensions) = plan.breakdowns.get(breakdown) else { return false };
    let known = || groups.iter().filter(|group| group.breakdown == breakdown).flat_map(|group| &group.labels);
    // A dimension that a metric's cases have no value of, or only one relation, says nothing.
    let least = if plan.relation_added && *dimensions == [RELATION] { 2 } else { 1 };
    let labels: BTreeSet<&String> = known().filter(|label| *label != UNKNOWN).collect();
    let says_something = !plan.every || dimensions.is_empty() || labels.len() >= least;
    scope::applies(metric, dimensions) && says_something
}

fn record(plan: &Plan, metric: &Metric, group: &Group, estimate: Estimate) -> Record {
    let dimensions = plan.breakdowns.get(group.breakdown).map(Vec::as_slice).unwrap_or_default();
    Record {
        metric: metric.id.to_owned(),
        definition: plan.words(metric.definition),
        period: group.period.as_ref().map(|(label, _)| label.clone()),
        group: Counts(dimensions.iter().cloned().zip(plan.labels(&group.labels)).collect()),
        n: estimate.n,
        value: estimate.value,
        lower: estimate.lower,
        upper: estimate.upper,
        unit: metric.unit,
        partial: group.period.as_ref().is_some_and(|(_, cut)| *cut),
        suppressed: false,
        note: estimate.note,
        detail: estimate.detail,
    }
}

/// The rows of each kind that came after the as-of moment and had not happened.
fn after_as_of(joined: &Joined) -> Counts<u64> {
    let late = |answers: &Answers| {
        // Nothing is later than the latest time, which most reports end at.
        let may_be_late = joined.latest.at > joined.as_of;
        let read = 0..if may_be_late { answers.rated_from } else { 0 };
        read.filter(|row| answers.at(*row).is_some_and(|at| at > joined.as_of)).count() as u64
    };
    let kinds = [
        (Kind::Surveys, joined.answers.as_ref().map_or(0, late)),
        (Kind::Tickets, joined.tickets.as_ref().map_or(0, |tickets| tickets.after_as_of)),
        (Kind::Purchases, joined.purchases.as_ref().map_or(0, |purchases| purchases.after_as_of)),
        (Kind::Subscriptions, joined.subscriptions.as_ref().map_or(0, |terms| terms.after_as_of)),
    ];
    Counts(kinds.into_iter().filter(|(_, n)| *n > 0).map(|(kind, n)| (kind.as_str().to_owned(), n)).collect())
}

/// What belongs beside the overall number of some metrics.
fn enriched(
    plan: &Plan,
    joined: &Joined,
    reduced: &Reduced,
    group: &Group,
    mut estimate: Estimate,
) -> Estimate {
    match reduced.metric.id {
        // A ticket without a customer cannot be seen to be a repeat contact: low coverage overstates it.
        "fcr" if !plan.anonymous_single && group.period.is_none() => {
            let of = |reason| reduced.excluded.get(reason).copied().unwrap_or(0);
            let (known, unknown) = (reduced.used + of("not-mature"), of("no-customer"));
            let coverage = 100.0 * known as f64 / (known + unknown) as f64;
            estimate = estimate.with("identity_coverage", coverage);
        }
        "churn" if group.period.is_none() && plan.filter.is_none() => {
            // Calendar windows come with periods.
            let Window::Length(window) = plan.windows.retention else { return estimate };
            let silences = joined.false_churn(window, plan.threads);
            let ended = 100.0 * silences.successes as f64 / silences.n() as f64;
            estimate = estimate
                .with("silences", silences.n())
                .with("silences_ended", silences.successes)
                .with("false_churn_rate", (silences.n() > 0).then_some(ended));
        }
        _ => {}
    }
    estimate
}

/// What rests on customers who were not in the base window.
const ARRIVALS: &[&str] = &["active", "new_or_returning"];

/// Whether a breakdown, and the filter, know where a new customer belongs: nothing but the channel that brought them is
/// known of them before the window.
fn places_newcomers(plan: &Plan, breakdown: usize) -> bool {
    let is_channel = |name: &str| {
        ["channel", "acquisition_channel"].contains(&name.strip_prefix(OF_CUSTOMER).unwrap_or(name))
    };
    let filter = plan.filter.iter().flat_map(Filter::dimensions);
    let names = plan.breakdowns.get(breakdown).into_iter().flatten().map(String::as_str);
    names.chain(filter).all(is_channel)
}

fn blank(detail: &mut Detail, is: impl Fn(&str) -> bool) {
    detail.0.iter_mut().filter(|(name, _)| is(name)).for_each(|(_, figure)| *figure = Figure::Missing);
}

#[cfg(test)]
mod tests;
