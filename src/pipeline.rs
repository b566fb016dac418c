//! A plan becomes a report: open, recognise, read, settle, join, reduce, estimate. Prints nothing.

mod beside;

use std::collections::{BTreeMap, BTreeSet};

use crate::assemble;
use crate::customer::{Joined, Latest};
use crate::error::{Error, ErrorKind, Result};
use crate::metric;
use crate::parallel::{self, Spare};
use crate::plan::{Plan, Request};
use crate::reduce::{Reduced, reduce};
use crate::report::Report;
use crate::scope;
use crate::source::aliases;
use crate::source::columns::Mapping;
use crate::source::field::{Field, Kind};
use crate::source::input::Input;
use crate::source::opened::Opened;
use crate::source::records::{Options, Reader, reread};
use crate::table::Exports;
use crate::table::batch::Batch;
use crate::table::collect::{Collector, FileRows};
use crate::table::crosswalk;
use crate::table::duplicates::reject_duplicates;
use crate::table::exchange::exchange;
use crate::table::gone::reject_gone;
use crate::table::layout::{Layout, Wanted};
use crate::table::ledger::FileLedger;
use crate::table::ratings::{Judging, Ratings};
use crate::table::read::{Piece, Scratch, read};
use crate::table::settle::{Scales, settle_scales};
use crate::table::signed;
use crate::table::words;
use crate::tally::Scale;

/// Everything that was read, with the account of each file.
pub struct Read {
    /// The files, in the order given.
    pub files: Vec<Opened>,
    /// What happened to their rows, in the same order.
    pub ledgers: Vec<FileLedger>,
    /// What can be used.
    pub exports: Exports,
}

/// Opens every export and recognises its columns. Nothing below the headers is read, but for exports that hold the rest
/// of others' rows: these are read as a whole, and taken off the plan.
///
/// # Errors
/// When an export cannot be opened or recognised, or one that belongs to it is not given.
pub fn open(plan: &mut Plan) -> Result<Vec<Opened>> {
    let open = |request: &Request| open_one(plan, request);
    let files: Vec<Opened> = plan.requests.iter().map(open).collect::<Result<_>>()?;
    let (mut files, errors) = beside::join(plan, files)?;
    if let Some((_, error)) = errors.into_iter().next() {
        return Err(error);
    }
    claim_aliases(plan, &mut files)?;
    Ok(files)
}

/// Opens every export by itself: nothing is joined to it.
///
/// # Errors
/// When an export cannot be opened or recognised.
pub fn open_apart(plan: &Plan) -> Result<Vec<Opened>> {
    let open = |request: &Request| open_one(plan, request);
    let mut files: Vec<Opened> = plan.requests.iter().map(open).collect::<Result<_>>()?;
    claim_aliases(plan, &mut files)?;
    Ok(files)
}

/// Says which columns are aliases: by their names, by the flags, and by what the config says of a file.
///
/// # Errors
/// When one is named that is not there.
fn claim_aliases(plan: &Plan, files: &mut [Opened]) -> Result<()> {
    aliases::claim(files, &plan.aliases)?;
    for (file, request) in files.iter_mut().zip(&plan.requests) {
        aliases::claim_said(file, &request.said.alias, &plan.aliases)?;
    }
    Ok(())
}

/// The name of an export that cannot be opened, and why not.
pub type Unopened = (String, Error);

pub use beside::belonging;

/// Opens every export that can be opened and recognised; the others are taken off the plan, and told with the reason.
///
/// # Errors
/// When none can be, or what was asked for is wrong.
pub fn open_each(plan: &mut Plan) -> Result<(Vec<Opened>, Vec<Unopened>)> {
    let (mut requests, mut files, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for request in std::mem::take(&mut plan.requests) {
        match open_one(plan, &request) {
            Ok(file) => {
                requests.push(request);
                files.push(file);
            }
            Err(error) if error.kind() == ErrorKind::Export => {
                errors.push((request.input.display().to_string(), error));
            }
            Err(error) => return Err(error),
        }
    }
    plan.requests = requests;
    let (mut files, unjoined) = beside::join(plan, files)?;
    errors.extend(unjoined);
    if files.is_empty() && !errors.is_empty() {
        return Err(errors.swap_remove(0).1);
    }
    claim_aliases(plan, &mut files)?;
    Ok((files, errors))
}

fn open_one(plan: &Plan, request: &Request) -> Result<Opened> {
    let input = request.input.clone();
    let input = if plan.keep_rejects { input.buffered()? } else { input };
    let presets = match &request.said.preset {
        Some(name) => &plan.presets.asking(name)?,
        None => &plan.presets,
    };
    Opened::of(input, request.kind, plan.options(request), &plan.maps(request), presets)
}

/// Reads the files, rejects what only all of them together can show, and stacks them.
///
/// # Errors
/// When a file cannot be read on, or the files contradict each other. A file with too many rejects is no error here:
/// see [`check`].
pub fn read_all(plan: &Plan, mut files: Vec<Opened>) -> Result<Read> {
    let layouts = layouts(plan, &files, scope::wanted);
    let mut read = parse(plan, &mut files, &layouts)?;
    crosswalk::apply(&mut read, &plan.keys)?;
    let said = said_scales(plan, &files, Kind::Surveys)?;
    let mut scales = settle(plan, &mut read, &files, &said)?;
    // Even a cell that is no time may be somebody's name.
    if plan.keys.are_pseudonyms() {
        read.files.iter_mut().for_each(|file| file.samples.clear());
    }
    let ledger = |file: &FileRows| FileLedger::of(file, read.customers.len());
    let ledgers = parallel::map(plan.threads, read.files.iter().collect(), ledger);
    let said = said_scales(plan, &files, Kind::Tickets)?;
    let judging = Judging { said: &said, as_of: plan.as_of, most: plan.tolerance.most };
    let ratings = Ratings::of(&mut read, &mut scales, judging)?;
    Ok(Read { files, ledgers, exports: Exports::of(read, scales, ratings, plan.threads) })
}

/// The rows of files as they were understood.
pub struct Rows {
    /// The files, in the order given.
    pub files: Vec<Opened>,
    /// How each was read.
    pub layouts: Vec<Layout>,
    /// What happened to their rows.
    pub ledgers: Vec<FileLedger>,
    /// The rows, with the names of customers and words.
    pub collected: Collector,
}

/// Reads every field of the files, and rejects what cannot be used.
///
/// # Errors
/// When a file cannot be read on, or the files contradict each other.
pub fn rows(plan: &Plan, mut files: Vec<Opened>) -> Result<Rows> {
    let layouts = layouts(plan, &files, |_, mapping| Wanted::every_field(mapping.kind));
    let mut collected = parse(plan, &mut files, &layouts)?;
    if files.iter().any(|file| file.mapping.kind != Kind::Customers) {
        crosswalk::apply(&mut collected, &plan.keys)?;
    }
    let said = said_scales(plan, &files, Kind::Surveys)?;
    settle(plan, &mut collected, &files, &said)?;
    let customers = collected.customers.len();
    let ledgers = collected.files.iter().map(|file| FileLedger::of(file, customers)).collect();
    Ok(Rows { files, layouts, ledgers, collected })
}

/// What is read of each file.
fn layouts(plan: &Plan, files: &[Opened], wanted: impl Fn(&Plan, &Mapping) -> Wanted) -> Vec<Layout> {
    let layout = |(file, request): (&Opened, &Request)| {
        let wanted = wanted(plan, &file.mapping);
        let is_own_zone = request.said.zone.is_some();
        let how = plan.reading(request).of_file(&file.mapping, file.decimal, is_own_zone);
        let mut layout = Layout::of(&file.mapping, &wanted, how, file.delimiter, &file.name);
        layout.keep_texts = file.input.is_read_once();
        layout.has_others = files.iter().filter(|other| other.mapping.kind == file.mapping.kind).count() > 1;
        layout
    };
    files.iter().zip(&plan.requests).map(layout).collect()
}

/// Parses the files, one after the other, each in chunks on as many threads as the plan allows.
fn parse(plan: &Plan, files: &mut [Opened], layouts: &[Layout]) -> Result<Collector> {
    let inputs: Vec<Input> = files.iter().map(|file| file.input.clone()).collect();
    let mut collector = Collector::default();
    let (buffers, batches, scratches) =
        (Spare::<Vec<u8>>::new(), Spare::<Batch>::new(), Spare::<Scratch>::new());
    let mut queue = files.iter_mut().enumerate();
    let mut reader: Option<(usize, u64, Reader)> = None;
    let next = || loop {
        if let Some((file, number, open)) = &mut reader {
            let first_line = (*number == 0).then(|| open.line());
            if let Some(chunk) = open.next_chunk(buffers.take()) {
                *number += 1;
                return Some(Ok((*file, Piece { number: *number, first_line, chunk })));
            }
        }
        let (file, opened) = queue.next()?;
        match opened.records() {
            Ok(open) => reader = Some((file, 0, open)),
            Err(cause) => return Some(Err(cause)),
        }
    };
    parallel::in_turn(
        plan.threads,
        next,
        |piece: Result<(usize, Piece)>| {
            let (file, mut piece) = piece?;
            let mut scratch = scratches.take();
            let batch = read(&layouts[file], &mut piece, batches.take(), &mut scratch);
            scratches.give(scratch);
            buffers.give(piece.chunk.bytes);
            Ok((file, batch))
        },
        |batch: Result<(usize, Batch)>| {
            let (file, mut batch) = batch?;
            collector.add(&layouts[file], &inputs[file], &mut batch)?;
            batches.give(batch);
            Ok(())
        },
    )?;
    Ok(collector)
}

/// The scales that the user named, and those that the presets of files of that kind fix for other questions.
///
/// # Errors
/// When a preset's scale is none, or two fix different ones.
fn said_scales(plan: &Plan, files: &[Opened], kind: Kind) -> Result<Scales> {
    let mut scales = plan.scales.clone();
    let presets = files.iter().filter_map(|file| file.mapping.shape.preset.as_ref());
    for preset in presets.filter(|preset| preset.kind == kind) {
        for (field, ends) in &preset.scale {
            let cause =
                || Error::usage(format!("preset `{}`: `{ends}` is no scale for {field}", preset.name));
            let question = metric::question(field.as_str()).ok_or_else(cause)?;
            let scale = Scale::parse(ends).ok_or_else(cause)?;
            let known = *scales.entry(question.name).or_insert(scale);
            if known != scale && !plan.scales.contains_key(question.name) {
                let cause = format!("the presets of these {kind} have {field} on {known} and on {scale}");
                return Err(Error::export(cause).hint("report these exports apart: scales are not mixed"));
            }
        }
    }
    Ok(scales)
}

/// The files of a kind, and how each is opened again.
type OfKind<'a> = (Vec<&'a mut FileRows>, Vec<(&'a Input, Options)>);

/// Finds the scales of the questions, and rejects what is off them and what came before.
fn settle(plan: &Plan, read: &mut Collector, opened: &[Opened], said: &Scales) -> Result<Scales> {
    signed::state(read, plan.currency.as_ref().map(|target| target.code.as_str()))?;
    let metrics = read.words.of(Field::Metric.as_str());
    let mut kinds: BTreeMap<Kind, OfKind<'_>> = BTreeMap::new();
    for (file, opened) in read.files.iter_mut().zip(opened) {
        let (files, inputs) = kinds.entry(file.kind).or_default();
        files.push(file);
        inputs.push((&opened.input, opened.again()));
    }
    let settled = parallel::map(plan.threads, kinds.into_iter().collect(), |(kind, (mut files, inputs))| {
        let scales = match kind {
            Kind::Surveys => settle_scales(&mut files, said, metrics)?,
            _ => Scales::new(),
        };
        check_rows(kind, &files)?;
        reject_gone(&mut files);
        reject_duplicates(&mut files, metrics, |file, lines| texts(inputs[file], lines))?;
        Ok(scales)
    });
    Ok(settled.into_iter().collect::<Result<Vec<Scales>>>()?.into_iter().flatten().collect())
}

/// What the records on these lines of a file say, each as a hash; nothing of a file that can be read only once.
///
/// # Errors
/// When it cannot be read again, or has changed.
fn texts((input, options): (&Input, Options), lines: &BTreeSet<u64>) -> Result<BTreeMap<u64, u64>> {
    let mut texts = BTreeMap::new();
    if !input.is_read_once() && !lines.is_empty() {
        reread(input, options, lines, |line, record| {
            texts.insert(line, words::hash(record.raw()));
            Ok(())
        })?;
    }
    Ok(texts)
}

/// # Errors
/// When there are more rows than can be numbered.
fn check_rows(kind: Kind, files: &[&mut FileRows]) -> Result<()> {
    let rows: usize = files.iter().map(|file| file.rows()).sum();
    if rows >= 1 << 31 {
        return Err(Error::export(format!("the {kind} have {rows} rows, more than two thousand million"))
            .hint("report fewer of them at a time"));
    }
    Ok(())
}

/// # Errors
/// When a file has too many rejects, or no row is left.
pub fn check(plan: &Plan, files: &[Opened], ledgers: &[FileLedger]) -> Result<()> {
    let check = |(file, ledger): (&Opened, &FileLedger)| {
        ledger.check(plan.tolerance).map_err(|error| beside::blamed(file, error))
    };
    files.iter().zip(ledgers).try_for_each(check)
}

/// Joins what was read.
///
/// # Errors
/// When no row has a time, or an amount cannot be converted.
pub fn join(plan: &Plan, mut exports: Exports) -> Result<Joined> {
    if let Some(target) = &plan.currency {
        exchange(&mut exports, target)?;
    }
    let is_list = exports.stacks.iter().all(|stack| stack.kind == Kind::Customers);
    let latest = Latest::of(&exports, plan.threads).ok_or_else(|| {
        let error = Error::export("no row of the exports has a time");
        let hint =
            "a list of customers says who they are: name what they bought, asked or answered beside it";
        if is_list { error.hint(hint) } else { error }
    })?;
    let as_of = plan.as_of.unwrap_or(latest.at);
    let attribution = plan.windows.attribution;
    let mut joined = Joined::of(exports, latest, as_of, attribution, &plan.journey, plan.threads);
    if let Some((tickets, hours)) = joined.tickets.as_mut().zip(plan.hours.as_ref()) {
        tickets.count_in(hours);
    }
    Ok(joined)
}

/// Computes every metric of the plan that the exports allow.
///
/// # Errors
/// When a metric that was asked for is not to be had from these exports.
pub fn report(plan: &Plan, files: &[Opened], ledgers: &[FileLedger], joined: &Joined) -> Result<Report> {
    let Tallied { plan, reduced, skipped } = tallied(plan, files, joined)?;
    Ok(assemble::report(&plan, files, ledgers, joined, reduced, skipped))
}

/// The tallies of a run, before they become estimates.
pub struct Tallied {
    /// What was asked, as these exports allow it.
    pub plan: Plan,
    /// The metrics with the tallies of their groups.
    pub reduced: Vec<Reduced>,
    /// The metrics that these exports do not allow, each with the reason.
    pub skipped: Vec<(String, String)>,
}

/// Tallies every metric of the plan that the exports allow.
///
/// # Errors
/// When a metric that was asked for is not to be had from these exports.
pub fn tallied(plan: &Plan, files: &[Opened], joined: &Joined) -> Result<Tallied> {
    let (metrics, skipped) = scope::allowed(plan, files, joined)?;
    let plan = scope::with_relation(&scope::by_key(plan, joined), joined, &metrics);
    let reduced = reduce(&plan, joined, &metrics);
    Ok(Tallied { plan, reduced, skipped })
}
