//! What a reader must keep in mind of these exports, with what to do about it.

mod doubts;

use std::collections::BTreeMap;

use crate::customer::Joined;
use crate::dimension::{Window, is_of_customer};
use crate::instant::{DAY, Instant};
use crate::plan::Plan;
use crate::report::Caveat;
use crate::scope;
use crate::source::field::{Field, Kind};
use crate::source::opened::Opened;
use crate::text;

/// The caveats of a report, the gravest first. An inspection has the zone of times beside each file.
pub fn of_report(plan: &Plan, files: &[Opened], joined: &Joined) -> Vec<Caveat> {
    all(plan, files, joined).into_iter().chain(doubts::zones(plan, files)).collect()
}

/// Every caveat of the exports together, the gravest first.
pub fn all(plan: &Plan, files: &[Opened], joined: &Joined) -> Vec<Caveat> {
    let of_exports = [
        low_match_rate(plan, joined),
        lonely_latest(plan, joined),
        mixed_currency(joined),
        mixed_relation(plan, joined),
        look_back(plan, files),
        events_only(plan),
        partial_period(plan, joined),
        other_questions(joined),
        weighted(files),
        idle_answers(plan),
        unused_subscriptions(joined),
        attributes_of_now(plan, files),
    ];
    let first = of_exports.into_iter().flatten().chain(outsized(plan, joined)).chain(one_currency(joined));
    let first = first.chain(doubts::one_order_each(joined));
    let first = first.chain(doubts::scales(plan, joined));
    first.chain(unused_ratings(plan, joined)).collect()
}

/// Under half of the respondents are known among those who bought or wrote in.
fn low_match_rate(plan: &Plan, joined: &Joined) -> Option<Caveat> {
    let unmatched = joined.unmatched.as_ref()?;
    let percent = 100.0 * unmatched.found as f64 / unmatched.respondents as f64;
    if percent >= 50.0 {
        return None;
    }
    let shown = |keys: &[String]| keys.iter().map(|key| plan.keys.shown(key)).collect::<Vec<_>>();
    let keys = |keys: &[String]| text::quoted(&shown(keys), 3);
    let cause = format!(
        "only {percent:.0} % of the {} are found among the customers of the other exports: answers name {}, the others \
         {}",
        text::count(unmatched.respondents, "respondent"),
        keys(&unmatched.answers_only),
        keys(&unmatched.others_only)
    );
    let remedy =
        "map the column that holds the same id in every export, --map surveys.customer=COLUMN, or give a list that says \
         whose ids they are, --customers FILE"
            .to_owned();
    Some(Caveat { kind: "low-match-rate", cause, remedy })
}

fn lonely_latest(plan: &Plan, joined: &Joined) -> Option<Caveat> {
    let before = joined.latest.lonely_after.filter(|_| plan.as_of.is_none())?;
    let gap = (joined.latest.at - before) / DAY;
    Some(Caveat {
        kind: "lonely-latest",
        cause: format!(
            "the latest time, {}, stands alone: the one before it is {gap} days earlier, and every window ends at it",
            Instant(joined.latest.at).readable()
        ),
        remedy: format!("if it is an error, pass --as-of {}", Instant(before).rfc3339()),
    })
}

fn mixed_currency(joined: &Joined) -> Option<Caveat> {
    let currencies = joined.currencies();
    (currencies.len() > 1).then(|| Caveat {
        kind: "mixed-currency",
        cause: format!(
            "the purchases are in {}, which are never added up: no spend is shown",
            text::list(&currencies)
        ),
        remedy: joined.one_currency(),
    })
}

/// A customer with a tenth of all rows or more is most likely none.
fn outsized(plan: &Plan, joined: &Joined) -> impl Iterator<Item = Caveat> {
    joined.outsized.iter().map(|one| {
        let shown = plan.keys.shown(&one.key);
        let (deed, who) = match one.kind {
            Kind::Surveys => ("gave", "a test account, or a form that several people share"),
            Kind::Tickets => ("wrote", "a mailbox or an integration"),
            _ => ("made", "a cash desk or a test account"),
        };
        let rows = if one.kind == Kind::Surveys { "answers" } else { one.kind.as_str() };
        let cause = format!(
            "one customer (`{}`) {deed} {:.0} % of all {rows}, {} of {}: {who}?",
            shown,
            100.0 * one.rows as f64 / one.all as f64,
            text::thousands(one.rows),
            text::thousands(one.all)
        );
        let is_plain = shown == one.key && !shown.contains(['"', '\'', '\\']);
        let key = if is_plain { shown.as_str() } else { "THE WHOLE KEY" };
        let remedy = format!("see what changes without it: --where 'customer != \"{key}\"'");
        Caveat { kind: "outsized-customer", cause, remedy }
    })
}

/// What the user's `--currency` did.
fn one_currency(joined: &Joined) -> Vec<Caveat> {
    let Some(exchange) = &joined.exchange else { return Vec::new() };
    let target = &exchange.target;
    let mut caveats = Vec::new();
    let mut add = |kind: &'static str, cause: String, remedy: &str| {
        caveats.push(Caveat { kind, cause, remedy: remedy.to_owned() });
    };
    if exchange.leaves_out() {
        let all: u64 = exchange.left_out.values().sum();
        let parts: Vec<String> =
            exchange.left_out.iter().map(|(code, n)| format!("{} in {code}", text::thousands(*n))).collect();
        let cause = format!(
            "{} in other currencies than {target} ({}) {} left out of spend, and those who paid them out of what rests on \
             spend; their purchases count in all else",
            text::count(all, "amount"),
            text::list(&parts),
            if all == 1 { "is" } else { "are" },
        );
        add("other-currency", cause, "pass --rates FILE to convert them");
    }
    if !exchange.converted.is_empty() {
        let parts = exchange.converted.iter();
        let parts: Vec<String> = parts
            .map(|(code, (n, rate))| format!("{} at {rate} {target} for 1 {code}", text::count(*n, "amount")))
            .collect();
        let file = exchange.file.as_deref().unwrap_or_default();
        let cause = format!("spend is in {target}: {} converted by `{file}`", text::list(&parts));
        add("converted-currency", cause, "");
    }
    if exchange.unstated > 0 {
        let (name, are) = if exchange.unstated == 1 { ("names", "is") } else { ("name", "are") };
        let amounts = text::count(exchange.unstated, "amount");
        let but = exchange.sign.as_ref().map(|sign| format!(" but `{sign}`")).unwrap_or_default();
        add(
            "unstated-currency",
            format!("{amounts} {name} no currency{but} and {are} taken to be in {target}"),
            "",
        );
    }
    caveats
}

fn mixed_relation(plan: &Plan, joined: &Joined) -> Option<Caveat> {
    let mixed = plan.metrics.iter().filter(|metric| scope::is_mixed(joined, metric));
    let mut titles: Vec<&str> = mixed.map(|metric| metric.title).collect();
    titles.dedup();
    (!titles.is_empty()).then(|| Caveat {
        kind: "mixed-relation",
        cause: format!(
            "some answers to {} are about one contact (transactional) and some are not (relational): the pooled number \
             mixes two questions",
            text::list(&titles)
        ),
        remedy: "pass --by relation to see them apart".to_owned(),
    })
}

/// A metric of events by what is known of the customer now looks back.
fn look_back(plan: &Plan, files: &[Opened]) -> Option<Caveat> {
    let by: Vec<&str> = plan
        .dimensions()
        .into_iter()
        .filter(|name| is_of_customer(name) && !scope::is_attribute(files, name))
        .collect();
    let events = plan.metrics.iter().any(|metric| !metric.is_of_customers());
    (!by.is_empty() && events).then(|| Caveat {
        kind: "look-back",
        cause: format!(
            "answers and tickets by {} look back: they are grouped by what is known of the customer at the as-of \
             moment, not when they came",
            text::list(&by)
        ),
        remedy: String::new(),
    })
}

/// `--since` and `--until` bound events; the windows of customers end at the as-of moment.
fn events_only(plan: &Plan) -> Option<Caveat> {
    let customers: Vec<&str> =
        plan.metrics.iter().filter(|metric| metric.is_of_customers()).map(|metric| metric.title).collect();
    let bounded = (plan.since.is_some() || plan.until.is_some()) && plan.period.is_none();
    (bounded && !customers.is_empty()).then(|| Caveat {
        kind: "events-only",
        cause: format!(
            "--since and --until do not bound {}: their windows end at the as-of moment",
            text::list(&customers)
        ),
        remedy: "pass --as-of to move them".to_owned(),
    })
}

/// The calendar period that the as-of moment cuts is shorter than the one it is held against.
fn partial_period(plan: &Plan, joined: &Joined) -> Option<Caveat> {
    let Window::Calendar(period) = plan.windows.retention else { return None };
    let (as_of, zone) = (joined.as_of, plan.zone());
    let begins = period.begins(as_of, zone)?;
    let compares = plan.metrics.iter().any(|metric| metric.is_of_customers()) && joined.purchases.is_some();
    let is_shown = plan.until.is_none_or(|until| begins < until);
    (compares && is_shown && period.is_cut(as_of, zone)).then_some(())?;
    let first_day = period.start(as_of, zone)?;
    Some(Caveat {
        kind: "partial-period",
        cause: format!(
            "{} is not over at the as-of moment, {}: who would have bought in the rest of it counts as lost, so that \
             it does not compare with whole periods",
            period.label(first_day),
            Instant(as_of).readable()
        ),
        remedy: format!("pass --until {first_day} to leave it out"),
    })
}

fn other_questions(joined: &Joined) -> Option<Caveat> {
    let answers = joined.answers.as_ref()?;
    let metrics = answers.table.codes(Field::Metric.as_str());
    let words = joined.words.of(Field::Metric.as_str())?;
    let mut names: BTreeMap<&str, u64> = BTreeMap::new();
    for row in (0..answers.len()).filter(|row| answers.question(*row).is_none()) {
        *names.entry(words.word(metrics.get(row))).or_insert(0) += 1;
    }
    let n: u64 = names.values().sum();
    let names: Vec<&str> = names.into_keys().collect();
    (n > 0).then(|| Caveat {
        kind: "other-questions",
        cause: format!(
            "{} to {} {} no metric and {} left out",
            text::count(n, "answer"),
            text::quoted(&names, 3),
            if n == 1 { "belongs to" } else { "belong to" },
            if n == 1 { "was" } else { "were" }
        ),
        remedy: "the metric column is to say nps, csat or ces".to_owned(),
    })
}

/// Weighted answers are fewer than they look, and other files' answers count once each beside them.
fn weighted(files: &[Opened]) -> Option<Caveat> {
    let surveys = files.iter().filter(|file| file.mapping.kind == Kind::Surveys);
    let (weighed, plain): (Vec<&Opened>, Vec<&Opened>) =
        surveys.partition(|file| file.mapping.has(Field::Weight));
    let first = weighed.first()?;
    let column = first.mapping.column(Field::Weight).and_then(|at| first.mapping.header.get(at));
    let beside = plain.first().map(|file| format!("; answers of `{}` count once each", file.name));
    Some(Caveat {
        kind: "weighted",
        cause: format!(
            "answers of `{}` are weighted by its column `{}`: n counts answers, and the intervals rest on the fewer that \
             they are worth (effective\u{a0}n){}",
            first.name,
            column.map_or("weight", String::as_str),
            beside.unwrap_or_default()
        ),
        remedy: "pass --map surveys.weight= to count each once".to_owned(),
    })
}

/// How answers count is asked for, and nothing counts answers.
fn idle_answers(plan: &Plan) -> Option<Caveat> {
    let are_counted = plan.metrics.iter().any(|metric| metric.question().is_some());
    (plan.joins_answers() && !are_counted).then(|| Caveat {
        kind: "idle-answers",
        cause: "--answers and --cluster say how the answers of a customer count, and no metric here counts answers"
            .to_owned(),
        remedy: String::new(),
    })
}

fn unused_subscriptions(joined: &Joined) -> Option<Caveat> {
    joined.subscriptions.as_ref().map(|_| Caveat {
        kind: "unused-subscriptions",
        cause: "no metric uses subscriptions yet: they count in the join, as touches, and as a dimension"
            .to_owned(),
        remedy: "pass --by subscribed to tell apart who has one".to_owned(),
    })
}

/// A list of customers says how they stand, not since when.
fn attributes_of_now(plan: &Plan, files: &[Opened]) -> Option<Caveat> {
    let by: Vec<&str> =
        plan.dimensions().into_iter().filter(|name| scope::is_attribute(files, name)).collect();
    (!by.is_empty()).then(|| Caveat {
        kind: "attributes-of-now",
        cause: format!(
            "{} {} what the list of customers says now, not what it would have said at the time",
            text::list(&by),
            if by.len() == 1 { "is" } else { "are" }
        ),
        remedy: String::new(),
    })
}

/// A ticket whose rating cannot be used is used for everything else, so that the rating is no reject.
fn unused_ratings(plan: &Plan, joined: &Joined) -> impl Iterator<Item = Caveat> {
    let most = 100.0 * plan.tolerance.most;
    joined.unused_ratings.iter().map(move |unused| {
        let lines: Vec<String> = unused.lines.iter().map(u32::to_string).collect();
        let more = if unused.unusable > lines.len() as u64 { " …" } else { "" };
        let (are, place) = if unused.unusable == 1 { ("is", "line") } else { ("are", "lines") };
        let cause = format!(
            "{} of {} in `{}` cannot be read or {are} off the scale ({place} {}{more})",
            text::thousands(unused.unusable),
            text::count(unused.rated, "rating"),
            unused.file,
            lines.join(", "),
        );
        let (outcome, remedy) = if unused.whole_file {
            let remedy =
                "pass --map tickets.rating=COLUMN for another column, or --map tickets.rating= for none";
            (format!(", more than --max-rejects {most}% allows: none of the file's ratings counts"), remedy)
        } else {
            (format!(" and {are} left out of CSAT; the tickets count in all else"), "")
        };
        Caveat { kind: "unused-ratings", cause: cause + &outcome, remedy: remedy.to_owned() }
    })
}
