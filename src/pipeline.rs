//! A plan becomes a report: open, recognise, read, settle, join, reduce, estimate. Prints nothing.

use std::collections::BTreeMap;

use crate::assemble;
use crate::customer::{Joined, Latest};
use crate::error::{Error, Result};
use crate::parallel;
use crate::plan::{Plan, Request};
use crate::reduce::reduce;
use crate::report::Report;
use crate::scope;
use crate::source::field::Kind;
use crate::source::opened::Opened;
use crate::source::records::Options;
use crate::table::Exports;
use crate::table::ledger::FileLedger;
use crate::table::ratings::{Judging, Ratings};
use crate::table::read::{Wanted, read};
use crate::table::settle::{FileBatch, Scales, reject_duplicates, settle_scales};

/// Everything that was read, with the account of each file.
pub struct Read {
    /// The files, in the order given.
    pub files: Vec<Opened>,
    /// What happened to their rows, in the same order.
    pub ledgers: Vec<FileLedger>,
    /// What can be used.
    pub exports: Exports,
}

/// Opens every export and recognises its columns. Nothing below the headers is read.
///
/// # Errors
/// When an export cannot be opened or recognised.
pub fn open(plan: &Plan) -> Result<Vec<Opened>> {
    let options = Options { delimiter: plan.delimiter };
    let open = |request: &Request| {
        let input = request.input.clone();
        let input = if plan.keep_rejects { input.buffered()? } else { input };
        Opened::of(input, request.kind, options, &plan.maps)
    };
    plan.requests.iter().map(open).collect()
}

/// Reads the files, rejects what only all of them together can show, and stacks them.
///
/// # Errors
/// When a file cannot be read on, or the files contradict each other. A file with too many rejects is no error here:
/// see [`check`].
pub fn read_all(plan: &Plan, mut files: Vec<Opened>) -> Result<Read> {
    let wanted: Vec<Wanted> = files.iter().map(|file| scope::wanted(plan, &file.mapping)).collect();
    let mut batches = parse(plan, &mut files, &wanted)?;
    let mut kinds: BTreeMap<Kind, Vec<FileBatch>> = BTreeMap::new();
    let order: Vec<(Kind, usize)> = batches
        .drain(..)
        .map(|file| {
            let of_kind = kinds.entry(file.batch.kind).or_default();
            let place = (file.batch.kind, of_kind.len());
            of_kind.push(file);
            place
        })
        .collect();
    let settled = parallel::map(
        plan.threads,
        kinds.iter_mut().collect(),
        |(kind, files): (&Kind, &mut Vec<FileBatch>)| {
            let scales =
                if *kind == Kind::Surveys { settle_scales(files, &plan.scales)? } else { Scales::new() };
            reject_duplicates(files);
            Ok(scales)
        },
    );
    let mut scales: Scales =
        settled.into_iter().collect::<Result<Vec<Scales>>>()?.into_iter().flatten().collect();
    let ledger = |(kind, place): &(Kind, usize)| {
        kinds
            .get(kind)
            .and_then(|files| files.get(*place))
            .map(|file| FileLedger::of(&file.name, &file.batch))
    };
    let ledgers = order.iter().filter_map(ledger).collect();
    let judging = Judging { said: &plan.scales, as_of: plan.as_of, most: plan.tolerance.most };
    let ratings = Ratings::of(&mut kinds, &mut scales, judging)?;
    Ok(Read { files, ledgers, exports: Exports::of(kinds.into_iter().collect(), scales, ratings)? })
}

/// Parses the files on as many threads as the plan allows, each file on one.
fn parse(plan: &Plan, files: &mut [Opened], wanted: &[Wanted]) -> Result<Vec<FileBatch>> {
    let jobs = files.iter_mut().zip(wanted).collect();
    let batches = parallel::map(plan.threads, jobs, |(file, wanted): (&mut Opened, &Wanted)| {
        let batch = read(file.records()?, &file.mapping, wanted, plan.reading, &file.name)?;
        Ok(FileBatch { name: file.name.clone(), batch })
    });
    batches.into_iter().collect()
}

/// # Errors
/// When a file has too many rejects, or no row is left.
pub fn check(plan: &Plan, ledgers: &[FileLedger]) -> Result<()> {
    ledgers.iter().try_for_each(|ledger| ledger.check(plan.tolerance))
}

/// Joins what was read.
///
/// # Errors
/// When no row has a time, or the tables cannot be put in order.
pub fn join(plan: &Plan, exports: Exports) -> Result<Joined> {
    let latest = Latest::of(&exports).ok_or_else(|| Error::export("no row of the exports has a time"))?;
    let as_of = plan.as_of.unwrap_or(latest.at);
    Joined::of(exports, latest, as_of, plan.windows.attribution, &plan.journey, plan.threads)
}

/// Computes every metric of the plan that the exports allow.
///
/// # Errors
/// When a metric that was asked for is not to be had from these exports.
pub fn report(plan: &Plan, files: &[Opened], ledgers: &[FileLedger], joined: &Joined) -> Result<Report> {
    let (metrics, skipped) = scope::allowed(plan, files, joined)?;
    let plan = scope::with_relation(plan, joined, &metrics);
    let reduced = reduce(&plan, joined, &metrics);
    Ok(assemble::report(&plan, files, ledgers, joined, reduced, skipped))
}
