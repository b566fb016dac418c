//! What these exports allow: which columns are wanted, which dimensions exist, which metrics can be computed.

mod attributes;
mod pseudonyms;

pub use attributes::is_attribute;
pub use pseudonyms::by_key;

use crate::customer::Joined;
use crate::dimension::{CUSTOMER, CUSTOMER_DIMENSIONS, OF_COLUMN, OF_CUSTOMER, RELATION, column_of};
use crate::error::{Error, Result};
use crate::metric::Metric;
use crate::metric::case::Cases;
use crate::plan::Plan;
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};
use crate::source::opened::Opened;
use crate::table::column::CellType;
use crate::table::layout::Wanted;
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
    Field::Weight,
    Field::Channel,
    Field::Stage,
    Field::Touchpoint,
    Field::Ticket,
    Field::Order,
    Field::CreatedAt,
    Field::FirstReplyAt,
    Field::ResolvedAt,
    Field::Settled,
    Field::Status,
    Field::HandledBy,
    Field::Escalated,
    Field::Reopens,
    Field::Amount,
    Field::Currency,
    Field::Refunded,
    Field::Subscription,
    Field::StartedAt,
    Field::EndedAt,
    Field::Mrr,
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
            || (*field == Field::Survey && mapping.has(Field::SentAt))
            || (*field == Field::Rating && plan.metrics.iter().any(|metric| counts_ratings(metric)))
            || plan.metrics.iter().any(|metric| metric.needs.iter().any(|(_, fields)| fields.contains(field)))
    };
    let fields: Vec<Field> = Field::of(mapping.kind).iter().copied().filter(is_wanted).collect();
    let is_other = |name: &&str| {
        let canonical = Field::named(mapping.kind, name).is_some_and(|field| mapping.has(field));
        !canonical && *name != RELATION && mapping.other(name).is_some()
    };
    if mapping.kind == Kind::Customers {
        return Wanted { fields, others: attributes::wanted(&dimensions, mapping) };
    }
    let columns = dimensions.iter().copied().filter_map(column_of);
    Wanted { fields, others: columns.filter(is_other).map(str::to_owned).collect() }
}

/// What the ratings of tickets can stand in for.
const RATED: &[Field] = &[Field::Csat, Field::SentAt, Field::Customer];

/// Whether a metric may rest on the ratings of tickets.
fn counts_ratings(metric: &Metric) -> bool {
    metric.needs.iter().any(|(kind, fields)| {
        fields.contains(&Field::Rating)
            || (*kind == Kind::Surveys && fields.iter().any(|field| RATED.contains(field)))
    })
}

/// Whether the file has ratings of tickets that stand in for one of these columns of a survey.
fn rates(file: &Opened, fields: &[Field]) -> bool {
    let has = |field: Field| file.mapping.has(field);
    let stands_in = |field: &Field| RATED.contains(field) && (*field != Field::Customer || has(*field));
    file.mapping.kind == Kind::Tickets && has(Field::Rating) && fields.iter().any(stands_in)
}

/// # Errors
/// When a dimension of the plan is neither a column of any export nor known of customers.
pub fn check_dimensions(plan: &Plan, files: &[Opened]) -> Result<()> {
    let known = dimensions(files);
    for name in plan.dimensions() {
        if let Some(file) =
            column_of(name).and_then(|name| files.iter().find(|file| is_named_as_a_field(file, name)))
        {
            let column = column_of(name).unwrap_or(name);
            return Err(Error::usage(format!(
                "column `{column}` of `{}` has the name of a field that it is not read as",
                file.name
            ))
            .hint(format!("rename it, or say what it is with --map {}.{column}=COLUMN", file.mapping.kind)));
        }
        if let Some(file) = files.iter().find(|file| is_ambiguous(file, name)) {
            return Err(Error::usage(format!(
                "`{name}` is a column of `{}` and what cxm knows of customers",
                file.name
            ))
            .hint(format!("write {OF_COLUMN}{name} or {OF_CUSTOMER}{name}")));
        }
        attributes::check(plan, files, name)?;
        if attributes::is_known(files, name)
            || known.iter().any(|known| known == name)
            || is_for_filter(plan, files, name)
        {
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
        if !column_of(name).is_some_and(|name| files.iter().any(|file| file.mapping.other(name).is_some())) {
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

/// Whether a name is that of the customer, and only asked for to leave some out.
fn is_for_filter(plan: &Plan, files: &[Opened], name: &str) -> bool {
    name == CUSTOMER
        && files.iter().any(|file| file.mapping.column(Field::Customer).is_some())
        && !plan.breakdowns.iter().flatten().any(|asked| asked == name)
}

/// Whether a name is that of a column that is only a dimension, and of a field that the file has no column for: such as
/// `score` beside the question columns of a wide survey.
fn is_named_as_a_field(file: &Opened, name: &str) -> bool {
    let own = file.mapping.other(name).and_then(|column| file.mapping.claimed.get(column));
    Field::named(file.mapping.kind, name).is_some() && own.is_some_and(Option::is_none)
}

/// Whether a name is that of a column that is only a dimension, and also known of customers.
fn is_ambiguous(file: &Opened, name: &str) -> bool {
    let own = file.mapping.other(name).and_then(|column| file.mapping.claimed.get(column));
    CUSTOMER_DIMENSIONS.contains(&name) && own.is_some_and(Option::is_none)
}

/// The name by which a column is a dimension, if it can be one.
pub fn column_dimension(files: &[Opened], file: &Opened, name: &str) -> Option<String> {
    if file.mapping.kind == Kind::Customers {
        return Some(attributes::dimension_of(files, file, name));
    }
    (!is_named_as_a_field(file, name)).then(|| dimension_of(file, name))
}

fn dimension_of(file: &Opened, name: &str) -> String {
    if is_ambiguous(file, name) { format!("{OF_COLUMN}{name}") } else { name.to_owned() }
}

/// Every dimension that these files can be grouped by.
pub fn dimensions(files: &[Opened]) -> Vec<String> {
    let mut names: Vec<String> = ["channel", "stage"].map(str::to_owned).to_vec();
    names.extend(CUSTOMER_DIMENSIONS.iter().map(|name| (*name).to_owned()));
    if files.iter().any(|file| file.mapping.kind == Kind::Surveys) {
        names.push(RELATION.to_owned());
    }
    for file in files.iter().filter(|file| file.mapping.kind != Kind::Customers) {
        let mapping = &file.mapping;
        for (column, name) in mapping.names.iter().enumerate() {
            let name = match mapping.claimed.get(column).copied().flatten() {
                Some(field) if CellType::of(field) == Some(CellType::Word) => field.as_str(),
                Some(_) => continue,
                None if is_named_as_a_field(file, name) => continue,
                None => name,
            };
            let name = dimension_of(file, name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    attributes::add(files, &mut names);
    names
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
        .hint(joined.one_currency()));
    }
    let (metrics, others) = divided(plan, files, Some(joined));
    if let Some((metric, why)) = others.first().filter(|_| !plan.every) {
        return Err(not_computed(metric, why.clone()));
    }
    if metrics.is_empty() {
        return Err(
            Error::export("these exports allow no metric").hint("see what was recognised: cxm inspect FILES")
        );
    }
    Ok((metrics, told(others)))
}

/// The metrics that can be computed, and why each of the others cannot.
pub fn considered(plan: &Plan, files: &[Opened], joined: Option<&Joined>) -> Allowed {
    let (metrics, others) = divided(plan, files, joined);
    (metrics, told(others))
}

/// A metric that cannot be computed, why, and what would help.
type Lacking = (&'static Metric, (String, String));

fn told(others: Vec<Lacking>) -> Vec<(String, String)> {
    others.into_iter().map(|(metric, (why, _))| (metric.id.to_owned(), why)).collect()
}

/// One definition of a metric is enough; where there is none, the first says why.
fn divided(plan: &Plan, files: &[Opened], joined: Option<&Joined>) -> (Vec<&'static Metric>, Vec<Lacking>) {
    let (mut metrics, mut others): (Vec<&'static Metric>, Vec<Lacking>) = (Vec::new(), Vec::new());
    for metric in plan.metrics.iter().copied() {
        match lacking(metric, files, joined) {
            None => metrics.push(metric),
            Some(why) => others.push((metric, why)),
        }
    }
    others.retain(|(metric, _)| !metrics.iter().any(|known| known.id == metric.id));
    others.dedup_by_key(|(metric, _)| metric.id);
    (metrics, others)
}

fn lacking(metric: &Metric, files: &[Opened], joined: Option<&Joined>) -> Option<(String, String)> {
    missing(metric, files).or_else(|| match joined {
        Some(joined) => unread(metric, files, joined),
        None => Some(("no row can be used".to_owned(), String::new())),
    })
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
    let lacks = |metric: &Metric| {
        let mut definitions = plan.metrics.iter().filter(|known| known.id == metric.id);
        definitions.all(|definition| missing(definition, files).is_some())
    };
    let asked = plan.metrics.iter().filter(|metric| !plan.every && lacks(metric));
    let mut lacking = asked.filter_map(|metric| Some(not_computed(metric, missing(metric, files)?)));
    lacking.next().map_or(Ok(()), Err)
}

/// Why the columns of these files do not allow a metric, and what would help; none if they do.
fn missing(metric: &Metric, files: &[Opened]) -> Option<(String, String)> {
    let lacking = |(kind, fields): &&(Kind, &[Field])| {
        *kind != Kind::Surveys || !files.iter().any(|file| rates(file, fields))
    };
    for (kind, fields) in metric.needs.iter().filter(lacking) {
        let mut of_kind = files.iter().filter(|file| file.mapping.kind == *kind).peekable();
        if of_kind.peek().is_none() {
            return Some((format!("no {kind} export"), format!("add one, or name it with --{kind} FILE")));
        }
        if !of_kind.any(|file| fields.iter().any(|field| file.mapping.has(*field))) {
            let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            let hint =
                names.first().map(|name| format!("pass --map {kind}.{name}=COLUMN")).unwrap_or_default();
            return Some((format!("no {} column in the {kind}", text::either(&names)), hint));
        }
    }
    None
}

/// Why what was read does not allow a metric, and what would help; none if it does.
fn unread(metric: &Metric, files: &[Opened], joined: &Joined) -> Option<(String, String)> {
    let asked = |name: &str| {
        let answers = joined.answers.as_ref();
        answers.is_some_and(|answers| {
            (0..answers.len()).any(|row| answers.question(row).is_some_and(|q| q.name == name))
        })
    };
    let question = metric.question().map(|question| question.name);
    let question = question.or((metric.id == "satisfied_defectors").then_some("csat"));
    if let Some(name) = question.filter(|name| !asked(name)) {
        return Some(unanswered(name, files, joined));
    }
    let sent = |file: &Opened| file.mapping.kind == Kind::Surveys && file.mapping.has(Field::SentAt);
    let invited = || {
        joined
            .answers
            .as_ref()
            .is_some_and(|answers| (0..answers.len()).any(|row| answers.sent_at(row).is_some()))
    };
    if matches!(metric.cases, Cases::Invitations(_)) && !files.iter().any(sent) && !invited() {
        let why = "no survey says when it was sent, and no rating of a ticket that it was offered in vain";
        return Some((why.to_owned(), "pass --map surveys.sent_at=COLUMN".to_owned()));
    }
    let currencies = joined.currencies();
    let of_money = metric.needs.iter().any(|(_, fields)| fields.contains(&Field::Amount));
    (of_money && currencies.len() > 1).then(|| {
        (
            format!("the purchases are in {}, which are never added up", text::list(&currencies)),
            joined.one_currency(),
        )
    })
}

/// Why a question has no answers.
fn unanswered(question: &str, files: &[Opened], joined: &Joined) -> (String, String) {
    let unusable = joined.unused_ratings.iter().find(|unused| unused.whole_file);
    let is_rated = question == "csat" && files.iter().any(|file| rates(file, &[Field::Csat]));
    match unusable.filter(|_| is_rated) {
        Some(unused) => (
            format!("{} of {} ratings in `{}` cannot be used", unused.unusable, unused.rated, unused.file),
            "map another column: --map tickets.rating=COLUMN".to_owned(),
        ),
        None if is_rated => {
            ("no answers to csat on a scale, in surveys or as ratings of tickets".to_owned(), String::new())
        }
        None => (format!("no {question} answers in the surveys"), String::new()),
    }
}

/// A report over answers of both relations shows both beside the pooled number.
pub fn with_relation(plan: &Plan, joined: &Joined, metrics: &[&'static Metric]) -> Plan {
    let mut plan = plan.clone();
    if plan.every && metrics.iter().any(|metric| is_mixed(joined, metric)) {
        let relation = vec![RELATION.to_owned()];
        if !plan.breakdowns.contains(&relation) {
            plan.breakdowns.push(relation);
            plan.relation_added = true;
        }
    }
    plan
}

/// Whether a metric's answers are in part transactional and in part relational.
pub fn is_mixed(joined: &Joined, metric: &Metric) -> bool {
    let answers = joined.answers.as_ref().filter(|answers| answers.has_both_relations());
    let (Some(answers), Some(question)) = (answers, metric.question()) else { return false };
    let is_one = |row: &usize| {
        answers.question(*row).is_some_and(|known| known.name == question.name)
            && answers.is_answer(*row, joined.as_of)
    };
    let mut relations = (0..answers.len()).filter(is_one).map(|row| answers.is_transactional(row));
    relations.next().is_some_and(|first| relations.any(|relation| relation != first))
}

/// Whether a breakdown says something of a metric: only answers are transactional or relational.
pub fn applies(metric: &Metric, breakdown: &[String]) -> bool {
    metric.question().is_some() || !breakdown.iter().any(|name| name == RELATION)
}
