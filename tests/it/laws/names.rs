//! What the registry says of itself: ids, commands, titles and the columns that metrics need.

use cxm::metric::{METRICS, Metric};
use cxm::source::field::Field;

#[test]
fn each_metric_is_found_by_its_names() {
    for metric in METRICS {
        let command = metric.command();
        assert!(!command.contains('_') && command == command.to_lowercase(), "{command}");
        for name in [metric.id, command.as_str()] {
            assert!(Metric::named(name).is_some_and(|found| found.id == metric.id), "{name}");
        }
    }
    assert!(Metric::named("no_such_metric").is_none());
    assert_eq!(METRICS.len(), 18, "seventeen, one of them in two definitions");
}

#[test]
fn names_are_unique_and_fit_their_columns() {
    let unique = |metrics: &[&Metric], name: fn(&Metric) -> String| {
        let mut names: Vec<String> = metrics.iter().map(|metric| name(metric)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), metrics.len(), "{names:?}");
    };
    // The definitions of one metric stand side by side and share its names.
    let mut metrics = METRICS.to_vec();
    metrics.dedup_by(|one, other| (one.id, one.title, one.short) == (other.id, other.title, other.short));
    unique(&metrics, |metric| metric.id.to_owned());
    unique(&metrics, |metric| metric.title.to_owned());
    unique(&metrics, |metric| metric.short.to_owned());
    unique(METRICS, |metric| metric.about.to_owned());
    unique(METRICS, |metric| format!("{} {}", metric.id, metric.definition));
    for metric in METRICS {
        assert!((1..=24).contains(&metric.title.chars().count()), "{}", metric.title);
        assert!((1..=10).contains(&metric.short.chars().count()), "{}", metric.short);
        assert!(metric.definition.chars().all(|c| c != ' '), "{}", metric.definition);
        assert!(!metric.about.ends_with('.') && !metric.about.contains('\n'), "{}", metric.about);
    }
}

#[test]
fn what_a_metric_needs_are_fields_of_their_kind() {
    for metric in METRICS {
        assert!(!metric.needs.is_empty(), "{}", metric.id);
        for (kind, fields) in metric.needs {
            assert!(!fields.is_empty(), "{}", metric.id);
            assert!(fields.iter().all(|field| Field::of(*kind).contains(field)), "{} {kind}", metric.id);
        }
    }
}
