//! Times the parts of `cxm report` on the demo exports of ten thousand customers: reading, joining, reducing.

#![expect(clippy::expect_used, reason = "a benchmark stops where it cannot run")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use cxm::demo::Demo;
use cxm::metric::METRICS;
use cxm::pipeline;
use cxm::plan::{Plan, Request};
use cxm::source::input::Input;

const CUSTOMERS: u32 = 10_000;

fn plan(folder: &std::path::Path) -> Plan {
    let exports = ["surveys.csv", "tickets.csv", "purchases.csv"];
    let requests = exports.map(|name| Request::new(Input::file(folder.join(name)), None));
    Plan {
        metrics: METRICS.to_vec(),
        every: true,
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        breakdowns: [vec![], vec!["channel".to_owned()], vec!["stage".to_owned()]].to_vec(),
        ..Plan::new(requests.to_vec())
    }
}

fn parts(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder for the exports");
    let demo = Demo { customers: CUSTOMERS, seed: 1, dirt: true, force: false };
    let rows = demo.write(folder.path()).expect("exports").files.iter().map(|file| file.rows).sum();
    let plan = plan(folder.path());
    let read = || pipeline::read_all(&plan, pipeline::open(&mut plan.clone()).expect("open")).expect("read");
    let mut group = criterion.benchmark_group("report");
    group.throughput(Throughput::Elements(rows)).sample_size(20);
    group.bench_function("read", |bench| bench.iter(|| black_box(read())));
    group.bench_function("join", |bench| {
        bench.iter_batched(
            || read().exports,
            |exports| pipeline::join(&plan, exports),
            BatchSize::LargeInput,
        );
    });
    let read = read();
    let (files, ledgers) = (read.files, read.ledgers);
    let joined = pipeline::join(&plan, read.exports).expect("join");
    group.bench_function("reduce and estimate", |bench| {
        bench.iter(|| pipeline::report(&plan, &files, &ledgers, &joined));
    });
    group.finish();
}

criterion_group!(benches, parts);
criterion_main!(benches);
