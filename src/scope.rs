//! What these exports allow: which columns are wanted, which dimensions exist, which metrics can be computed.

use crate::customer::Joined;
use crate::dimension::{CUSTOMER_DIMENSIONS, RELATION};
use crate::error::{Error, Result};
use crate::metric::Metric;
use crate::plan::Plan;
use crate::source::columns::{Mapping, normalise};
use crate::source::field::{Field, Kind};
use crate::source::opened::Opened;
use crate::table::column::CellType;
use crate::table::read::Wanted;
use crate::text;

/// The columns that every report reads, where the export has them.
const ALWAYS: &[Field] = &[
    Field::Customer,
    Field::At,
    Field::Metric,
    Field::Score,
    Field::Nps,
    Field::Csat,
    Field::Ces,
    Field::Response,
    Field::SentAt,
    Field::Channel,
    Field::Stage,
    Field::Touchpoint,
    Field::Ticket,
    Field::Order,
    Field::CreatedAt,
    Field::FirstReplyAt,
    Field::ResolvedAt,
    Field::Status,
    Field::HandledBy,
    Field::Escalated,
    Field::Reopens,
    Field::Amount,
    Field::Currency,
    Field::Refunded,
];

/// The columns of a file that the plan needs.
pub fn wanted(plan: &Plan, mapping: &Mapping) -> Wanted {
    let dimensions = plan.dimensions();
    let by_rule = [Field::Survey, Field::Topic];
    let is_wanted = |field: &Field| {
        ALWAYS.contains(field)
            || dimensions.contains(&field.as_str())
            || (by_rule.contains(field) && !plan.journey.words.is_empty())
            || (*field == Field::Topic && plan.same_topic)
            || (*field == Field::Survey && mapping.column(Field::SentAt).is_some())
    };
    let fields: Vec<Field> = Field::of(mapping.kind).iter().copied().filter(is_wanted).collect();
    let is_other = |name: &&str| {
        let canonical = Field::named(mapping.kind, name).is_some_and(|field| mapping.column(field).is_some());
        !canonical && !is_derived(name) && mapping.other(name).is_some()
    };
    Wanted { fields, others: dimensions.into_iter().filter(is_other).map(str::to_owned).collect() }
}

/// Whether a dimension is made by the join rather than read from a column.
fn is_derived(name: &str) -> bool {
    name == RELATION || CUSTOMER_DIMENSIONS.contains(&name)
}

/// # Errors
/// When a dimension of the plan is neither a column of any export nor known of customers.
pub fn check_dimensions(plan: &Plan, files: &[Opened]) -> Result<()> {
    let known = dimensions(files);
    for name in plan.dimensions() {
        if known.iter().any(|known| known == name) {
            continue;
        }
        // A time or a score is parsed, not kept as text: grouping by it would find nothing, and silently so.
        let parsed = files.iter().find_map(|file| {
            let field = Field::named(file.mapping.kind, name)?;
            file.mapping.column(field).map(|_| field)
        });
        if let Some(field) = parsed {
            return Err(Error::usage(format!(
                "`{name}` is read as the {}, which is no dimension",
                field.noun()
            ))
            .hint(format!("use one of {}", text::quoted(&known, 40))));
        }
        if !files.iter().any(|file| file.mapping.other(name).is_some()) {
            let near = text::nearest(name, known.iter().map(String::as_str));
            let hint = if near.is_empty() {
                format!("use one of {}", text::quoted(&known, 40))
            } else {
                format!("did you mean {}?", text::either(&near))
            };
            return Err(Error::usage(format!("no export has a dimension `{name}`")).hint(hint));
        }
    }
    Ok(())
}

/// Every dimension that these files can be grouped by.
pub fn dimensions(files: &[Opened]) -> Vec<String> {
    let mut names: Vec<String> = ["channel", "stage"].map(str::to_owned).to_vec();
    names.extend(CUSTOMER_DIMENSIONS.iter().map(|name| (*name).to_owned()));
    if files.iter().any(|file| file.mapping.kind == Kind::Surveys) {
        names.push(RELATION.to_owned());
    }
    for Opened { mapping, .. } in files {
        for (column, name) in mapping.names.iter().enumerate() {
            let name = match mapping.claimed.get(column).copied().flatten() {
                Some(field) if CellType::of(mapping.kind, field) == Some(CellType::Word) => field.as_str(),
                Some(_) => continue,
                None => name,
            };
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// The dimension that a user's `--by` word names.
pub fn dimension_name(word: &str) -> String {
    normalise(word)
}

/// Metrics that can be computed, and the ids of the others, each with the reason.
pub type Allowed = (Vec<&'static Metric>, Vec<(String, String)>);

/// The metrics that can be computed, and why the others cannot.
///
/// # Errors
/// When a metric that was asked for by name cannot be computed.
pub fn allowed(plan: &Plan, files: &[Opened], joined: &Joined) -> Result<Allowed> {
    let currencies = joined.currencies();
    if currencies.len() > 1 && plan.dimensions().contains(&"spend_quartile") {
        return Err(Error::export(format!(
            "spend has no quartiles: the purchases are in {}, which are never added up",
            text::list(&currencies)
        ))
        .hint("give the purchases of one currency at a time"));
    }
    let (mut metrics, mut skipped) = (Vec::new(), Vec::new());
    for metric in plan.metrics.iter().copied() {
        match missing(metric, files).or_else(|| unread(metric, joined)) {
            None => metrics.push(metric),
            Some((why, _)) if plan.every => skipped.push((metric.id.to_owned(), why)),
            Some(why) => return Err(not_computed(metric, why)),
        }
    }
    if metrics.is_empty() {
        return Err(
            Error::export("these exports allow no metric").hint("see what was recognised: cxm inspect FILES")
        );
    }
    Ok((metrics, skipped))
}

fn not_computed(metric: &Metric, (why, hint): (String, String)) -> Error {
    let error = Error::export(format!("`{}` cannot be computed: {why}", metric.id));
    if hint.is_empty() { error } else { error.hint(hint) }
}

/// Refuses a metric that was asked for by name before anything below the headers is read.
///
/// # Errors
/// When no file has the columns that it needs.
pub fn check_metrics(plan: &Plan, files: &[Opened]) -> Result<()> {
    let asked = plan.metrics.iter().filter(|_| !plan.every);
    let lacking = asked.filter_map(|metric| Some(not_computed(metric, missing(metric, files)?)));
    lacking.into_iter().next().map_or(Ok(()), Err)
}

/// Why the columns of these files do not allow a metric, and what would help; none if they do.
fn missing(metric: &Metric, files: &[Opened]) -> Option<(String, String)> {
    for (kind, fields) in metric.needs {
        let mut of_kind = files.iter().filter(|file| file.mapping.kind == *kind).peekable();
        if of_kind.peek().is_none() {
            return Some((format!("no {kind} export"), format!("add one, or name it with --{kind} FILE")));
        }
        if !of_kind.any(|file| fields.iter().any(|field| file.mapping.column(*field).is_some())) {
            let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            let hint =
                names.first().map(|name| format!("pass --map {kind}.{name}=COLUMN")).unwrap_or_default();
            return Some((format!("no {} column in the {kind}", text::either(&names)), hint));
        }
    }
    None
}

/// Why what was read does not allow a metric, and what would help; none if it does.
fn unread(metric: &Metric, joined: &Joined) -> Option<(String, String)> {
    let asked = |name: &str| {
        let answers = joined.answers.as_ref();
        answers.is_some_and(|answers| answers.question.iter().flatten().any(|question| question.name == name))
    };
    let question = metric.question().map(|question| question.name);
    let question = question.or((metric.id == "satisfied_defectors").then_some("csat"));
    if let Some(name) = question.filter(|name| !asked(name)) {
        return Some((format!("no {name} answers in the surveys"), String::new()));
    }
    let currencies = joined.currencies();
    let of_money = metric.needs.iter().any(|(_, fields)| fields.contains(&Field::Amount));
    (of_money && currencies.len() > 1).then(|| {
        (
            format!("the purchases are in {}, which are never added up", text::list(&currencies)),
            "give the purchases of one currency at a time".to_owned(),
        )
    })
}

/// A report over answers of both relations shows both beside the pooled number.
pub fn with_relation(plan: &Plan, joined: &Joined, metrics: &[&'static Metric]) -> Plan {
    let mut plan = plan.clone();
    if plan.every && metrics.iter().any(|metric| is_mixed(joined, metric)) {
        let relation = vec![RELATION.to_owned()];
        if !plan.breakdowns.contains(&relation) {
            plan.breakdowns.push(relation);
        }
    }
    plan
}

/// Whether a metric's answers are in part transactional and in part relational.
pub fn is_mixed(joined: &Joined, metric: &Metric) -> bool {
    let (Some(answers), Some(question)) = (joined.answers.as_ref(), metric.question()) else { return false };
    let is_one = |row: &usize| {
        answers.question[*row].is_some_and(|known| known.name == question.name)
            && answers.is_answer(*row, joined.as_of)
    };
    let mut relations = (0..answers.at.len()).filter(is_one).map(|row| answers.transactional[row]);
    relations.next().is_some_and(|first| relations.any(|relation| relation != first))
}

/// Whether a breakdown says something of a metric: only answers are transactional or relational.
pub fn applies(metric: &Metric, breakdown: &[String]) -> bool {
    metric.question().is_some() || !breakdown.iter().any(|name| name == RELATION)
}
