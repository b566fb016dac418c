//! A plan becomes a report: open, recognise, read, settle, join, reduce, estimate. Prints nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::assemble;
use crate::customer::{Joined, Latest};
use crate::error::{Error, Result};
use crate::parallel::{self, Spare};
use crate::plan::{Plan, Request};
use crate::reduce::reduce;
use crate::report::Report;
use crate::scope;
use crate::source::field::{Field, Kind};
use crate::source::input::Input;
use crate::source::opened::Opened;
use crate::source::records::{Options, Reader, reread};
use crate::table::Exports;
use crate::table::batch::Batch;
use crate::table::collect::{Collector, FileRows};
use crate::table::duplicates::reject_duplicates;
use crate::table::layout::Layout;
use crate::table::ledger::FileLedger;
use crate::table::ratings::{Judging, Ratings};
use crate::table::read::{Piece, Scratch, read};
use crate::table::settle::{Scales, settle_scales};
use crate::table::words;

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
    let open = |request: &Request| {
        let input = request.input.clone();
        let input = if plan.keep_rejects { input.buffered()? } else { input };
        Opened::of(input, request.kind, plan.options(request), &plan.maps(request))
    };
    plan.requests.iter().map(open).collect()
}

/// Reads the files, rejects what only all of them together can show, and stacks them.
///
/// # Errors
/// When a file cannot be read on, or the files contradict each other. A file with too many rejects is no error here:
/// see [`check`].
pub fn read_all(plan: &Plan, mut files: Vec<Opened>) -> Result<Read> {
    let mut read = parse(plan, &mut files)?;
    let mut scales = settle(plan, &mut read, &files)?;
    let ledger = |file: &FileRows| FileLedger::of(file, read.customers.len());
    let ledgers = parallel::map(plan.threads, read.files.iter().collect(), ledger);
    let judging = Judging { said: &plan.scales, as_of: plan.as_of, most: plan.tolerance.most };
    let ratings = Ratings::of(&mut read, &mut scales, judging)?;
    Ok(Read { files, ledgers, exports: Exports::of(read, scales, ratings, plan.threads) })
}

/// Parses the files, one after the other, each in chunks on as many threads as the plan allows.
fn parse(plan: &Plan, files: &mut [Opened]) -> Result<Collector> {
    let layout = |(file, request): (&Opened, &Request)| {
        let wanted = scope::wanted(plan, &file.mapping);
        let reading = plan.reading(request);
        let mut layout = Layout::of(&file.mapping, &wanted, reading, file.delimiter, &file.name);
        layout.keep_texts = file.input.is_read_once();
        layout
    };
    let layouts: Vec<Layout> = files.iter().zip(&plan.requests).map(layout).collect();
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

/// The files of a kind, and how each is opened again.
type OfKind<'a> = (Vec<&'a mut FileRows>, Vec<(&'a Input, Options)>);

/// Finds the scales of the questions, and rejects what is off them and what came before.
fn settle(plan: &Plan, read: &mut Collector, opened: &[Opened]) -> Result<Scales> {
    let metrics = read.words.of(Field::Metric.as_str());
    let mut kinds: BTreeMap<Kind, OfKind<'_>> = BTreeMap::new();
    for (file, opened) in read.files.iter_mut().zip(opened) {
        let (files, inputs) = kinds.entry(file.kind).or_default();
        files.push(file);
        inputs.push((&opened.input, opened.again()));
    }
    let settled = parallel::map(plan.threads, kinds.into_iter().collect(), |(kind, (mut files, inputs))| {
        let scales = match kind {
            Kind::Surveys => settle_scales(&mut files, &plan.scales, metrics)?,
            _ => Scales::new(),
        };
        check_rows(kind, &files)?;
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
        reread(input, options, lines, |line, text| {
            texts.insert(line, words::hash(text));
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
pub fn check(plan: &Plan, ledgers: &[FileLedger]) -> Result<()> {
    ledgers.iter().try_for_each(|ledger| ledger.check(plan.tolerance))
}

/// Joins what was read.
///
/// # Errors
/// When no row has a time, or the tables cannot be put in order.
pub fn join(plan: &Plan, exports: Exports) -> Result<Joined> {
    let latest = Latest::of(&exports, plan.threads)
        .ok_or_else(|| Error::export("no row of the exports has a time"))?;
    let as_of = plan.as_of.unwrap_or(latest.at);
    Ok(Joined::of(exports, latest, as_of, plan.windows.attribution, &plan.journey, plan.threads))
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
