//! Reports as real runs give them, for the tests of this room.

use crate::estimate::{Detail, Figure};
use crate::instant::Instant;
use crate::report::*;

pub const CHANNELS: [&str; 8] =
    ["app", "chat", "email", "marketplace and partner resellers", "phone", "shop", "social", "web"];
pub const STAGES: [&str; 8] =
    ["awareness", "consideration", "purchase", "onboarding", "use", "support", "renewal", "advocacy"];

type Sketch = (&'static str, &'static str, &'static str, Unit, &'static str, f64, f64, u64);

/// Id, title, short title, unit, definition, value, half an interval, n.
const METRICS: [Sketch; 17] = {
    use Unit::{Hours, Percent, Points, Score};
    [
        ("nps", "Net Promoter Score", "NPS", Points, "0-10", -28.56553998351195, 3.15, 2426),
        ("csat", "Customer satisfaction", "CSAT", Percent, "top2", 41.653, 2.75, 1246),
        ("ces", "Customer effort", "CES", Score, "2.0", 4.5279, 0.069, 1203),
        ("response_rate", "Response rate", "Response", Percent, "mature", 24.318, 0.8, 10033),
        ("fcr", "First-contact resolution", "FCR", Percent, "no-repeat-7d", 64.157, 1.85, 2550),
        ("first_reply_time", "First reply, median", "First reply", Hours, "km-median", 0.3457, 0.051, 2654),
        ("resolution_time", "Resolution time, median", "Resolution", Hours, "km-median", 118.52, 21.3, 2654),
        ("reopen_rate", "Reopened", "Reopened", Percent, "ever", 7.914, 1.1, 2411),
        ("escalation_rate", "Escalated", "Escalated", Percent, "ever", 11.229, 1.2, 2654),
        ("bot_containment", "Bot containment", "Contained", Percent, "no-repeat-7d", 38.461, 4.4, 468),
        ("channel_hop", "Had to change channel", "Channel hop", Percent, "issue", 22.727, 3.0, 748),
        ("retention", "Retention (90 days)", "Retention", Percent, "90d", 61.065, 4.3, 488),
        ("churn", "Churn (90 days)", "Churn", Percent, "90d", 38.934, 4.3, 488),
        ("repeat_rate", "Repeat purchase rate", "Repeat", Percent, "2-orders", 71.9, 2.1, 1804),
        ("grr", "Gross revenue retention", "GRR", Percent, "90d", 44.05, 5.1, 488),
        ("nrr", "Net revenue retention", "NRR", Percent, "90d", 103.7, 11.9, 488),
        (
            "satisfied_defectors",
            "Satisfied before leaving",
            "Satisfied left",
            Percent,
            "csat",
            44.1,
            9.5,
            102,
        ),
    ]
};

/// What each of them counts.
const ABOUT: [&str; 17] = [
    "promoters (9–10) less detractors (0–6), in percent of all answers",
    "answers of 4 or 5 on 1–5",
    "mean answer on 1–7, 7 = easy",
    "answered of those invited more than 14 days ago",
    "issues settled by one contact, none within 7 days after it",
    "half of all tickets had a first reply within this time",
    "half of all tickets were resolved within this time",
    "resolved tickets that were opened again",
    "tickets that were escalated or handed from bot to human",
    "issues begun by a bot and settled by it in one contact",
    "issues of two tickets or more that changed channel",
    "buyers of the 90 days before the last 90 who bought again",
    "100 less retention",
    "customers with two orders or more",
    "spend kept of the base customers, growth not counted",
    "spend of the base customers now, in percent of then",
    "of the churned, those whose last answer was satisfied",
];

/// Seventeen metrics overall, by channel and by stage.
pub fn whole() -> Report {
    let mut report = frame(&METRICS);
    report.breakdowns = vec![vec![], vec!["channel".to_owned()], vec!["stage".to_owned()]];
    for metric in &METRICS {
        report.results.push(record(metric, None, &[], 1));
        for (dimension, values) in [("channel", CHANNELS), ("stage", STAGES)] {
            for (at, value) in values.iter().enumerate() {
                report.results.push(record(metric, None, &[(dimension, value)], at as u64 + 2));
            }
        }
    }
    report
}

/// One metric overall and by channel.
pub fn single() -> Report {
    let mut report = frame(&METRICS[..1]);
    report.breakdowns = vec![vec![], vec!["channel".to_owned()]];
    report.results.push(record(&METRICS[0], None, &[], 1));
    for (at, value) in CHANNELS.iter().enumerate() {
        report.results.push(record(&METRICS[0], None, &[("channel", value)], at as u64 + 2));
    }
    report
}

/// Three metrics by week, overall and by stage, the last week unfinished.
pub fn weekly() -> Report {
    let mut report = frame(&METRICS[..3]);
    report.breakdowns = vec![vec![], vec!["stage".to_owned()]];
    for metric in &METRICS[..3] {
        for (at, week) in ["2026-W23", "2026-W24", "2026-W25", "2026-W26"].into_iter().enumerate() {
            report.results.push(record(metric, Some(week), &[], at as u64 + 4));
            for (place, stage) in STAGES.iter().enumerate() {
                report.results.push(record(metric, Some(week), &[("stage", stage)], place as u64 + 20));
            }
        }
    }
    report
}

/// One metric by channel × stage and month.
pub fn crossed() -> Report {
    let mut report = frame(&METRICS[6..7]);
    report.breakdowns = vec![vec!["channel".to_owned(), "stage".to_owned()]];
    for month in ["2026-05", "2026-06"] {
        for (at, channel) in CHANNELS.iter().enumerate() {
            for stage in &STAGES[..2] {
                let group = [("channel", *channel), ("stage", *stage)];
                report.results.push(record(&METRICS[6], Some(month), &group, at as u64 + 2));
            }
        }
    }
    report
}

/// A record with plausible numbers: the larger `part`, the smaller the group and the wider the interval.
fn record(metric: &Sketch, period: Option<&str>, group: &[(&str, &str)], part: u64) -> Record {
    let (id, _, _, unit, definition, value, half, n) = *metric;
    let n = if part == 8 {
        3
    } else if part == 9 && id == "bot_containment" {
        0
    } else {
        n / part
    };
    let value = value + half * ((part * 7) % 5) as f64 / 3.0 - if part == 1 { 0.0 } else { half / 2.0 };
    let half = half * (part as f64).sqrt();
    let shown = n >= 5;
    Record {
        metric: id.to_owned(),
        definition: definition.to_owned(),
        period: period.map(str::to_owned),
        group: Counts(group.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()),
        n,
        value: shown.then_some(if part == 1 { metric.5 } else { value }),
        lower: shown.then_some(((value - half) * 10.0).round() / 10.0),
        upper: (shown && !(unit == Unit::Hours && part > 6))
            .then_some(((value + half) * 10.0).round() / 10.0),
        unit,
        partial: period == Some("2026-W26"),
        suppressed: n > 0 && !shown,
        note: if n == 0 { "no case".to_owned() } else { String::new() },
        detail: if shown { detail(id, n) } else { Detail::default() },
    }
}

fn detail(metric: &str, n: u64) -> Detail {
    let figures: Vec<(&'static str, Figure)> = match metric {
        "nps" => vec![
            ("promoters", Figure::Count(n * 26 / 100)),
            ("passives", Figure::Count(n * 19 / 100)),
            ("detractors", Figure::Count(n - n * 26 / 100 - n * 19 / 100)),
        ],
        "fcr" => vec![("pending", Figure::Count(38)), ("identity_coverage", Figure::Number(93.5))],
        "resolution_time" => vec![
            ("p90", Figure::Number(391.4)),
            ("open", Figure::Count(n * 9 / 100)),
            ("closed_only_median", Figure::Number(96.2)),
        ],
        "churn" => vec![("false_churn_rate", Figure::Number(11.3))],
        "satisfied_defectors" => vec![("retained_share", Figure::Number(45.9))],
        _ => vec![],
    };
    Detail(figures)
}

fn frame(metrics: &[Sketch]) -> Report {
    Report {
        schema: SCHEMA,
        as_of: Some(Instant(1_782_424_980_000_000)),
        confidence: 0.95,
        timezone: "Europe/Amsterdam".to_owned(),
        sources: sources(),
        join: Join {
            customers: 2000,
            by_kind: counts(&[("surveys", 1690), ("tickets", 1411), ("purchases", 1804)]),
            matches: vec![
                matched("surveys", "purchases", 1690, 1369),
                matched("surveys", "tickets", 1690, 1082),
                matched("tickets", "surveys", 1411, 1082),
            ],
        },
        journey: Journey {
            stages: STAGES.map(str::to_owned).to_vec(),
            found_by: vec![StageCounts {
                kind: "surveys".to_owned(),
                given: 3462,
                rule: 1209,
                join: 205,
                unknown: 0,
            }],
        },
        settings: Counts(vec![("min_n".to_owned(), "5".to_owned())]),
        caveats: vec![Caveat {
            kind: "mixed-relation",
            cause: "14 % of the NPS answers are about a transaction and the others about the relation; \
                    pooled, they answer neither question"
                .to_owned(),
            remedy: "add --where 'survey = \"relational\"' or --by survey".to_owned(),
        }],
        ledger: vec![
            ledger("nps", "0-10", "answers", 2440, &[("after-as-of", 12), ("off-scale", 2)]),
            ledger("csat", "top2", "answers", 1246, &[]),
            ledger("fcr", "no-repeat-7d", "issues", 2761, &[("not-mature", 38), ("no-customer", 173)]),
        ]
        .into_iter()
        .filter(|ledger| metrics.iter().any(|metric| metric.0 == ledger.metric))
        .collect(),
        metrics: metrics.iter().map(heading).collect(),
        skipped: Counts::default(),
        after_as_of: Counts::default(),
        breakdowns: vec![],
        results: vec![],
    }
}

fn heading(&(id, title, short, unit, definition, ..): &Sketch) -> Heading {
    let place = METRICS.iter().position(|metric| metric.0 == id).unwrap();
    let about = ABOUT[place];
    let [id, title, short, definition, about] = [id, title, short, definition, about].map(str::to_owned);
    Heading { id, title, short, unit, definition, about }
}

fn sources() -> Vec<SourceSummary> {
    let source = |kind: &str, used: u64, customers: u64, rejected: &[(&str, u64)]| SourceSummary {
        kind: kind.to_owned(),
        path: format!("exports/{kind}.csv"),
        rows: used + counts(rejected).total(),
        used,
        rejected: counts(rejected),
        preset: None,
        beside: vec![],
        rejected_lines: Counts(vec![]),
        left_out: Counts(vec![]),
        customers,
        without_customer: 0,
    };
    vec![
        source("surveys", 4876, 1690, &[("off-scale", 2), ("duplicate", 3)]),
        source("tickets", 2654, 1411, &[("no-time", 2)]),
        source("purchases", 6197, 1804, &[("duplicate", 4)]),
    ]
}

fn ledger(metric: &str, definition: &str, of: &str, rows: u64, excluded: &[(&str, u64)]) -> MetricLedger {
    let [metric, definition, of] = [metric, definition, of].map(str::to_owned);
    let excluded = counts(excluded);
    MetricLedger { metric, definition, of, rows, used: rows - excluded.total(), excluded, repeats: None }
}

fn matched(of: &str, within: &str, customers: u64, found: u64) -> Match {
    let percent = Some(100.0 * found as f64 / customers as f64);
    Match { of: of.to_owned(), within: within.to_owned(), customers, found, percent }
}

fn counts(named: &[(&str, u64)]) -> Counts<u64> {
    Counts(named.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect())
}
