//! Gates as people write them, rightly and wrongly.

use super::*;

fn read(text: &str) -> (String, Option<&'static str>, String, Demand) {
    let gate = Gate::parse(text).unwrap_or_else(|error| panic!("{text} {error}"));
    let by = gate.breakdown();
    (gate.metric.id.to_owned(), gate.statistic.map(|statistic| statistic.name), by, gate.demand)
}

fn level(side: Side, bound: f64) -> Demand {
    Demand::Level(Level { side, bound })
}

fn steady(rise: bool, margin: Option<f64>, file: Option<&str>) -> Demand {
    Demand::Steady(Steady { rise, margin, file: file.map(str::to_owned) })
}

#[test]
fn levels_are_read_as_they_are_typed() {
    for (text, metric, statistic, by, demand) in [
        ("nps >= 30", "nps", None, "", level(Side::AtLeast, 30.0)),
        (" nps>=-5.5 ", "nps", None, "", level(Side::AtLeast, -5.5)),
        ("NPS ≥ 30", "nps", None, "", level(Side::AtLeast, 30.0)),
        ("csat by channel > 80%", "csat", None, "channel", level(Side::Above, 80.0)),
        ("csat by Channel * stage > 80", "csat", None, "channel*stage", level(Side::Above, 80.0)),
        ("resolution-time.p90 <= 48h", "resolution_time", Some("p90"), "", level(Side::AtMost, 48.0)),
        ("resolution_time.median < 24", "resolution_time", None, "", level(Side::Below, 24.0)),
        ("churn <= 0.5%", "churn", None, "", level(Side::AtMost, 0.5)),
        ("ces >= 0.5", "ces", None, "", level(Side::AtLeast, 0.5)),
        ("nps no-signal", "nps", None, "", Demand::NoSignal),
        ("nps no-drop", "nps", None, "", steady(false, None, None)),
        (
            "churn no-rise 2 vs last week.json",
            "churn",
            None,
            "",
            steady(true, Some(2.0), Some("last week.json")),
        ),
        ("nps by channel no-drop vs a>b.json", "nps", None, "channel", steady(false, None, Some("a>b.json"))),
        ("satisfied_defectors no-rise", "satisfied_defectors", None, "", steady(true, None, None)),
    ] {
        assert_eq!(read(text), (metric.to_owned(), statistic, by.to_owned(), demand), "{text}");
    }
}

#[test]
fn what_is_no_gate_says_why() {
    for (text, why, hint) in [
        ("", "it begins with no metric", EXAMPLES),
        ("npz >= 30", "it begins with no metric", "did you mean nps?"),
        ("nps", "it ends with no limit", EXAMPLES),
        ("nps no-drp", "it ends with no limit", "did you mean no-drop?"),
        ("nps = 30", "`=` is no demand on a number that has an interval", "write >= or <="),
        ("nps >= high", "`high` is no limit in points from -100 to 100", EXAMPLES),
        ("nps >= 80%", "`80%` is no limit in points from -100 to 100", EXAMPLES),
        ("nps >= NaN", "`NaN` is no limit in points from -100 to 100", EXAMPLES),
        ("csat >= 0.8", "its limit may be a share or a percentage", "write csat >= 80 or csat >= 0.8%"),
        ("csat chanel >= 80", "`chanel` stands where `by DIMENSION` belongs", EXAMPLES),
        ("csat by >= 80", "it lacks the dimension behind `by`", EXAMPLES),
        ("csat by channel* >= 80", "it lacks a dimension", EXAMPLES),
        (
            "resolution_time.p95 <= 48",
            "`p95` is no statistic of resolution_time with an interval to judge by",
            "those are median and p90",
        ),
        (
            "nps.promoters >= 9",
            "`promoters` is no statistic of nps with an interval to judge by",
            "those are value",
        ),
        (
            "churn no-drop",
            "a lower churn is better, so that `no-drop` would guard against good",
            "write churn no-rise",
        ),
        ("nps no-drop -5", "`-5` is no margin in points from -100 to 100 behind `no-drop`", EXAMPLES),
        ("nps no-drop vs", "it lacks the file behind `vs`", EXAMPLES),
        ("nps no-signal now", "`now` stands behind `no-signal`", EXAMPLES),
    ] {
        let error = Gate::parse(text).unwrap_err();
        assert_eq!(error.to_string(), format!("is no gate: {why}"), "{text}");
        assert_eq!(error.advice(), Some(hint), "{text}");
    }
}
