//! Which definition of each metric counts, and the scales that follow from it; it reads no export.

use super::values::{self, Definition};
use crate::error::{Error, Result};
use crate::metric::{self, Metric};
use crate::table::settle::Scales;

/// Refuses a definition that was typed for a metric of which nothing is counted: its number would not change.
///
/// # Errors
/// When there is one.
pub fn refuse_idle(typed: &[String], metrics: &[&'static Metric]) -> Result<()> {
    for (text, (id, _)) in typed.iter().filter_map(|text| Some((text, text.split_once('=')?))) {
        let id = values::metric(id)?;
        if !metrics.iter().any(|metric| metric.id == id) {
            return Err(Error::usage(format!("`--def {text}` is of {id}, which is not asked for here"))
                .hint("leave it out, or write it into the config, which may hold more than one run wants"));
        }
    }
    Ok(())
}

/// The metrics, each under the definitions that were asked for.
///
/// # Errors
/// When a definition is not of the metric that is asked for.
pub fn defined(metrics: &[&'static Metric], asked: &[Definition]) -> Result<Vec<&'static Metric>> {
    let mut ids: Vec<&'static str> = metrics.iter().map(|metric| metric.id).collect();
    ids.dedup();
    let mut wanted: Vec<&'static Metric> = Vec::new();
    for definition in asked {
        let metric = match (definition, ids.as_slice()) {
            (Definition::Named(id, name), _) => values::defined(id, name).ok_or((*id, *name)),
            (Definition::OfTheMetric(name), [id]) => values::defined(id, name).ok_or((*id, *name)),
            (Definition::OfTheMetric(name), _) => {
                return Err(Error::usage(format!("`--def {name}` does not say of which metric"))
                    .hint(format!("write --def METRIC={name}")));
            }
        };
        let metric = metric.map_err(|(id, name)| {
            Error::usage(format!("`--def {name}` names no definition of {id}"))
                .hint(values::definitions_of(id))
        })?;
        if !wanted.iter().any(|known| std::ptr::eq(*known, metric)) {
            wanted.push(metric);
        }
    }
    let is_asked = |id: &str| wanted.iter().any(|metric| metric.id == id);
    let of = |id: &'static str| -> Vec<&'static Metric> {
        let usual = metrics.iter().copied().filter(|metric| metric.id == id && !is_asked(id));
        usual.chain(wanted.iter().copied().filter(|metric| metric.id == id)).collect()
    };
    Ok(ids.iter().flat_map(|id| of(id)).collect())
}

/// The scales that definitions fix where the usual one has others.
///
/// # Errors
/// When two definitions, or a definition and the user, want different scales of one question.
pub fn with_scales_of(metrics: &[&'static Metric], mut scales: Scales) -> Result<Scales> {
    for metric in metrics {
        let Some(question) = metric.question() else { continue };
        let usual = metric::question(question.name).is_some_and(|usual| usual.scales == question.scales);
        let [scale] = question.scales else { continue };
        if usual && !scales.contains_key(question.name) {
            let others = metrics.iter().filter_map(|other| other.question());
            let differs = others
                .filter(|other| other.name == question.name)
                .any(|other| other.scales != question.scales);
            if !differs {
                continue;
            }
        }
        let known = *scales.entry(question.name).or_insert(*scale);
        if known != *scale {
            return Err(Error::usage(format!(
                "{} by its definition `{}` is on {scale}, and {known} is asked for too",
                metric.id,
                metric.definition_name()
            ))
            .hint("scales are not mixed: ask for one of them"));
        }
    }
    Ok(scales)
}
