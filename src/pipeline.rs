//! A plan becomes a report: open, recognise, read, settle, join, reduce, estimate. Prints nothing.

use std::collections::BTreeMap;

use crate::assemble;
use crate::customer::{Joined, Latest};
use crate::error::{Error, Result};
use crate::metric::Metric;
use crate::parallel;
use crate::plan::Plan;
use crate::reduce::reduce;
use crate::report::Report;
use crate::scope;
use crate::source::columns::{Mapping, recognise};
use crate::source::field::Kind;
use crate::source::input::Input;
use crate::source::records::{Options, Reader};
use crate::table::Exports;
use crate::table::ledger::FileLedger;
use crate::table::read::{Wanted, read};
use crate::table::settle::{FileBatch, Scales, reject_duplicates, settle_scales};

/// An export whose header is known.
pub struct Opened {
    /// Where its bytes come from.
    pub input: Input,
    /// Its name for messages.
    pub name: String,
    /// What its columns mean.
    pub mapping: Mapping,
    /// The character between its columns.
    pub delimiter: u8,
    reader: Option<Reader>,
}

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
    let mut files = Vec::new();
    for request in &plan.requests {
        let input = if plan.keep_rejects { request.input.clone().buffered()? } else { request.input.clone() };
        let name = input.display().to_string();
        let reader = Reader::open(&input, options)?;
        let mapping = recognise(&name, reader.header(), request.kind, &plan.maps)?;
        files.push(Opened { input, name, mapping, delimiter: reader.delimiter(), reader: Some(reader) });
    }
    Ok(files)
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
    let scales = settled.into_iter().collect::<Result<Vec<Scales>>>()?.into_iter().flatten().collect();
    let ledger = |(kind, place): &(Kind, usize)| {
        kinds
            .get(kind)
            .and_then(|files| files.get(*place))
            .map(|file| FileLedger::of(&file.name, &file.batch))
    };
    let ledgers = order.iter().filter_map(ledger).collect();
    Ok(Read { files, ledgers, exports: Exports::of(kinds.into_iter().collect(), scales)? })
}

/// Parses the files on as many threads as the plan allows, each file on one.
fn parse(plan: &Plan, files: &mut [Opened], wanted: &[Wanted]) -> Result<Vec<FileBatch>> {
    let jobs =
        files.iter_mut().zip(wanted).map(|(file, wanted)| (file.reader.take(), file, wanted)).collect();
    let batches = parallel::map(
        plan.threads,
        jobs,
        |(reader, file, wanted): (Option<Reader>, &mut Opened, &Wanted)| {
            let reader = reader.ok_or_else(|| Error::export(format!("`{}` is read already", file.name)))?;
            let batch = read(reader, &file.mapping, wanted, plan.reading, &file.name)?;
            Ok(FileBatch { name: file.name.clone(), batch })
        },
    );
    batches.into_iter().collect()
}

/// # Errors
/// When a file has too many rejects, or no row is left.
pub fn check(plan: &Plan, ledgers: &[FileLedger]) -> Result<()> {
    ledgers.iter().try_for_each(|ledger| ledger.check(plan.tolerance))
}

/// The exports joined as they stood at the as-of moment.
pub struct Standing {
    /// The customers.
    pub joined: Joined,
    /// The scale of each question.
    pub scales: Scales,
    /// The latest time in the exports.
    pub latest: Latest,
}

/// Joins what was read.
///
/// # Errors
/// When no row has a time, or the tables cannot be put in order.
pub fn join(plan: &Plan, exports: Exports) -> Result<Standing> {
    let latest = Latest::of(&exports).ok_or_else(|| Error::export("no row of the exports has a time"))?;
    let scales = exports.scales.clone();
    let as_of = plan.as_of.unwrap_or(latest.at);
    let joined = Joined::of(exports, as_of, plan.windows.attribution, &plan.journey, plan.threads)?;
    Ok(Standing { joined, scales, latest })
}

/// Computes every metric of the plan that the exports allow.
///
/// # Errors
/// When a metric or a dimension that was asked for is not to be had from these exports.
pub fn report(plan: &Plan, files: &[Opened], ledgers: &[FileLedger], standing: &Standing) -> Result<Report> {
    let (metrics, skipped): (Vec<&'static Metric>, _) = scope::allowed(plan, files, &standing.joined)?;
    let plan = scope::with_relation(plan, &standing.joined, &metrics);
    let reduced = reduce(&plan, &standing.joined, &standing.scales, &metrics);
    Ok(assemble::report(&plan, files, ledgers, standing, reduced, skipped))
}
