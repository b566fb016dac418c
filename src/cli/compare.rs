//! `cxm compare`: groups of a dimension, two conditions, or what came before and after a moment, with what their difference
//! is worth.

use clap::{Args, Command};

use super::args::RunArgs;
use super::run::{self, Run};
use super::settings::Settings;
use super::values;
use crate::analysis::compare::{self, Against, Asked, Comparison, Groups, findings};
use crate::assemble;
use crate::dimension;
use crate::error::{Error, Result};
use crate::filter::Filter;
use crate::instant::Instant;
use crate::metric::{METRICS, Metric};
use crate::pipeline::{self, Tallied};
use crate::plan::Plan;
use crate::reduce::Reduced;
use crate::report::{Caveat, Report};
use crate::tally::Tally;

/// The flags of `cxm compare`.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    /// The metric: nps, csat, fcr, first-reply-time … (cxm metrics lists them)
    #[arg(value_name = "METRIC", value_parser = values::metric)]
    metric: &'static str,

    /// Compare the cases that meet this condition, as of --where …
    #[arg(long, value_name = "CONDITION", value_parser = values::side_a, help_heading = "Comparing")]
    a: Option<Filter>,

    /// … less those that meet this one
    #[arg(long, value_name = "CONDITION", value_parser = values::side_b, help_heading = "Comparing")]
    b: Option<Filter>,

    /// Compare what came from this moment on, less what came before; metrics of customers are judged at both moments
    #[arg(long, value_name = "TIME", help_heading = "Comparing")]
    before: Option<String>,

    /// Compare each group with each (pairs), with all the others together (rest), or with the one of that label (default: pairs of up to 6 groups, else rest)
    #[arg(long, value_name = "pairs|rest|LABEL", help_heading = "Comparing")]
    against: Option<String>,

    #[command(flatten)]
    run: RunArgs,
}

/// `cxm compare`.
pub fn command() -> Command {
    let about = "Whether groups, conditions or times differ by more than noise: each difference with its interval, and p for \
                 as many as are looked at";
    CompareArgs::augment_args(Command::new("compare"))
        .about(about)
        .mut_arg("period", |arg| arg.hide(true))
        .mut_arg("by", |arg| {
            arg.help("Compare the groups of these dimensions, each alone; `a*b` crosses them")
                .help_heading("Comparing")
        })
}

/// What is compared.
enum Form<'a> {
    Groups(Option<Against>),
    Conditions(&'a Filter, &'a Filter),
    Moment(&'a str, i64),
}

/// Reads the exports and writes the comparisons.
pub fn run(args: &CompareArgs, settings: &Settings) -> anyhow::Result<()> {
    let form = form(args, settings)?;
    let mut asked = args.run.clone();
    if !matches!(form, Form::Groups(_)) {
        asked.by.clear();
    }
    let metrics: Vec<&'static Metric> =
        METRICS.iter().copied().filter(|metric| metric.id == args.metric).collect();
    let mut plan = run::plan(&asked, settings, &metrics, false)?;
    let own = plan.filter.clone();
    if let Form::Conditions(a, b) = form {
        plan.filter = Some(both(own.as_ref(), &joined(a, "or", b)?)?);
    }
    if let Form::Moment(text, at) = form {
        check_moment(&plan, text, at)?;
    }
    let mut run = Run::of(plan, &asked, settings)?;
    let found = match form {
        Form::Groups(against) => of_groups(&run, against.as_ref())?,
        Form::Conditions(a, b) => of_conditions(&run, own.as_ref(), [a, b])?,
        Form::Moment(text, at) => of_moment(&mut run, text, at)?,
    };
    run.destination.write_findings(&found, &run.console)?;
    Ok(())
}

/// Which of the three forms is asked for.
///
/// # Errors
/// When none is, more than one is, or only a half of one.
fn form<'a>(args: &'a CompareArgs, settings: &Settings) -> Result<Form<'a>> {
    if settings.is_typed("period") || args.run.window == values::Retention::Calendar {
        return Err(Error::usage("`cxm compare` compares no calendar periods")
            .hint("name a moment with --before 2026-03-01, restrict both sides with --since and --until, or see cxm trend"));
    }
    let forms = [
        ("--by", settings.is_typed("by")),
        ("--a", args.a.is_some() || args.b.is_some()),
        ("--before", args.before.is_some()),
    ];
    let mut given = forms.iter().filter(|(_, is)| *is).map(|(flag, _)| *flag);
    if let (Some(one), Some(other)) = (given.next(), given.next()) {
        return Err(Error::usage(format!("`{one}` cannot go with `{other}`"))
            .hint("compare one thing at a time, and restrict all of it with --where"));
    }
    let against = args.against.as_deref().map(Against::read);
    let form = match (&args.a, &args.b, &args.before) {
        (Some(a), Some(b), _) => Form::Conditions(a, b),
        (Some(_), None, _) | (None, Some(_), _) => {
            let (given, lacking) = if args.a.is_some() { ("--a", "--b") } else { ("--b", "--a") };
            return Err(Error::usage(format!("`{given}` is given without `{lacking}`"))
                .hint(format!("write the other side as well: {lacking} 'country = \"BE\"'")));
        }
        (None, None, Some(text)) => {
            let at = run::moment("before", Some(text), &args.run.read, settings)?;
            Form::Moment(text.trim(), at.unwrap_or_default())
        }
        (None, None, None) if !args.run.by.is_empty() => Form::Groups(against.clone()),
        (None, None, None) => {
            return Err(Error::usage("nothing says what to compare").hint(
                "pass --by channel, or --a 'country = \"NL\"' --b 'country = \"BE\"', or --before 2026-03-01",
            ));
        }
    };
    if against.is_some() && !matches!(form, Form::Groups(_)) {
        return Err(Error::usage("`--against` is of groups").hint("pass it with --by"));
    }
    Ok(form)
}

/// # Errors
/// When nothing can lie on one side of the moment.
fn check_moment(plan: &Plan, text: &str, at: i64) -> Result<()> {
    let outside = [
        ("since", plan.since.filter(|since| at <= *since)),
        ("until", plan.until.filter(|until| at >= *until)),
    ];
    let flag = outside.iter().find(|(_, bound)| bound.is_some()).map(|(flag, _)| *flag);
    flag.map_or(Ok(()), |flag| {
        Err(Error::usage(format!(
            "`--before {text}` leaves nothing on one side of it, because of `--{flag}`"
        ))
        .hint("name a moment between --since and --until"))
    })
}

/// `(a) or (b)`, read again, so that every value keeps its place in the text.
fn joined(a: &Filter, word: &str, b: &Filter) -> Result<Filter> {
    Filter::parse(&format!("({}) {word} ({})", a.text, b.text), dimension::named)
}

/// A condition, within that of `--where` if there is one.
fn both(own: Option<&Filter>, condition: &Filter) -> Result<Filter> {
    own.map_or_else(|| Ok(condition.clone()), |own| joined(own, "and", condition))
}

/// The tallies of a plan that differs from that of the run in what it counts.
fn tallied(run: &Run, change: impl FnOnce(&mut Plan)) -> Result<Tallied> {
    let mut plan = run.plan.clone();
    change(&mut plan);
    pipeline::tallied(&plan, &run.files, &run.joined)
}

fn account(run: &Run, Tallied { plan, reduced, skipped }: Tallied) -> Report {
    assemble::report(&plan, &run.files, &run.ledgers, &run.joined, reduced, skipped)
}

fn of_groups(run: &Run, against: Option<&Against>) -> Result<crate::report::Findings> {
    let found = tallied(run, |_| {})?;
    let plan = found.plan.clone();
    let (mut comparisons, mut groups) = (Vec::new(), Vec::new());
    for reduced in ordered(&plan, &found.reduced) {
        for (at, dimensions) in plan.breakdowns.iter().enumerate().filter(|(_, names)| !names.is_empty()) {
            let mut one = Groups::of(&plan, reduced, at, against)?;
            comparisons.append(&mut one.comparisons);
            groups.push((dimensions.join(" × "), one));
        }
    }
    compare::adjust(&mut comparisons);
    Ok(findings(&plan, &Asked::Groups, &comparisons, &groups, account(run, found)))
}

/// What each definition came to, in the order of the plan.
fn ordered<'a>(plan: &Plan, reduced: &'a [Reduced]) -> Vec<&'a Reduced> {
    let own = |metric: &&'static Metric| reduced.iter().find(|one| std::ptr::eq(one.metric, *metric));
    plan.metrics.iter().filter_map(own).collect()
}

/// All cases of a definition together.
fn overall<'a>(reduced: &'a [Reduced], metric: &'static Metric) -> Option<&'a Tally> {
    let own = reduced.iter().find(|one| std::ptr::eq(one.metric, metric))?;
    own.groups.iter().find(|group| group.breakdown == 0).map(|group| &group.tally)
}

/// The comparison of two populations under each definition.
fn two(plan: &Plan, sides: [(&str, &Tallied); 2]) -> Vec<Comparison> {
    let [(a, first), (b, second)] = sides;
    let compared = ordered(plan, &first.reduced).into_iter().filter_map(|reduced| {
        let metric = reduced.metric;
        let tallies = (overall(&first.reduced, metric)?, overall(&second.reduced, metric)?);
        Some(Comparison::of(plan, metric, "", [(a, tallies.0), (b, tallies.1)]))
    });
    let mut comparisons: Vec<Comparison> = compared.collect();
    compare::adjust(&mut comparisons);
    comparisons
}

fn of_conditions(run: &Run, own: Option<&Filter>, sides: [&Filter; 2]) -> Result<crate::report::Findings> {
    let [a, b] = sides;
    let restricted = |condition: &Filter| {
        let filter = both(own, condition)?;
        tallied(run, |plan| plan.filter = Some(filter))
    };
    let (first, second, common) = (restricted(a)?, restricted(b)?, restricted(&joined(a, "and", b)?)?);
    let [a, b] = sides.map(|side| Plan::condition(&run.plan.keys, side));
    let comparisons = two(&run.plan, [(&a, &first), (&b, &second)]);
    let mut report = account(run, tallied(run, |_| {})?);
    let shared = common.reduced.iter().map(|reduced| reduced.used).max().unwrap_or(0);
    if shared > 0 {
        let noun = run.plan.metrics.first().map_or("cases", |metric| metric.cases.noun());
        report.caveats.push(Caveat {
            kind: "not-independent",
            cause: format!(
                "{} of the {noun} meet both conditions: the two sides are not independent, so that neither interval nor p holds",
                crate::text::thousands(shared)
            ),
            remedy: "write conditions that exclude each other".to_owned(),
        });
    }
    Ok(findings(&run.plan, &Asked::Conditions, &comparisons, &[], report))
}

fn of_moment(run: &mut Run, text: &str, at: i64) -> Result<crate::report::Findings> {
    let as_of = run.joined.as_of;
    if at > as_of {
        return Err(Error::usage(format!(
            "`--before {text}` lies after the as-of moment, {}: nothing came from then on",
            Instant(as_of).rfc3339()
        ))
        .hint("name an earlier moment"));
    }
    let of_customers = run.plan.metrics.iter().any(|metric| metric.is_of_customers());
    let (before, after) = if of_customers {
        // What the customers had done when the last instant before it was over.
        run.joined.as_of = at - 1;
        let before = tallied(run, |_| {});
        run.joined.as_of = as_of;
        (before?, tallied(run, |_| {})?)
    } else {
        (tallied(run, |plan| plan.until = Some(at))?, tallied(run, |plan| plan.since = Some(at))?)
    };
    let labels = if of_customers {
        [format!("as of {}", day(&run.plan, as_of)), format!("as of {text}")]
    } else {
        [format!("from {text}"), format!("before {text}")]
    };
    let comparisons = two(&run.plan, [(&labels[0], &after), (&labels[1], &before)]);
    let mut report = account(run, tallied(run, |_| {})?);
    if of_customers {
        report.caveats.push(same_customers(&run.plan, at, as_of));
    }
    Ok(findings(&run.plan, &Asked::Moment(text.to_owned()), &comparisons, &[], report))
}

/// The day of a moment, where the plan's periods are.
fn day(plan: &Plan, at: i64) -> String {
    let time = chrono::DateTime::from_timestamp_micros(at);
    let time = time.map(|time| time.with_timezone(&plan.zone()).date_naive().to_string());
    time.unwrap_or_else(|| Instant(at).rfc3339())
}

/// Customers are judged at both moments, many of them twice.
fn same_customers(plan: &Plan, at: i64, as_of: i64) -> Caveat {
    let window = plan.windows.retention;
    let overlap = if plan.moment(as_of).base_from < at {
        format!(
            "; they lie less than twice {window} apart, so that some of the same purchases are judged twice"
        )
    } else {
        String::new()
    };
    Caveat {
        kind: "not-independent",
        cause: format!(
            "customers are judged at both moments, many of them twice: the two sides are not independent, so that p is as a rule too large{overlap}"
        ),
        remedy: String::new(),
    }
}
