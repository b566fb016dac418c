use cxm::pipeline;
use cxm::plan::{Plan, Request};
use cxm::source::input::Input;
use std::time::Instant;
fn main() {
    let threads: usize = std::env::args().nth(2).map_or(1, |t| t.parse().unwrap());
    let dir = std::env::args().nth(1).unwrap();
    let requests = ["surveys", "tickets", "purchases"]
        .map(|f| Request { input: Input::file(format!("{dir}/{f}.csv")), kind: None })
        .to_vec();
    let mut plan =
        Plan { threads, every: true, metrics: cxm::metric::METRICS.to_vec(), ..Plan::new(requests) };
    plan.breakdowns = vec![vec![], vec!["channel".into()], vec!["stage".into()]];
    for _ in 0..3 {
        let t = Instant::now();
        let files = pipeline::open(&plan).unwrap();
        let read = pipeline::read_all(&plan, files).unwrap();
        eprintln!("read {:?}", t.elapsed());
        let t = Instant::now();
        let st = pipeline::join(&plan, read.exports).unwrap();
        eprintln!("join {:?}", t.elapsed());
        let t = Instant::now();
        let r = pipeline::report(&plan, &read.files, &read.ledgers, &st).unwrap();
        eprintln!("report {:?} {}", t.elapsed(), r.results.len());
        let t = Instant::now();
        drop(st);
        eprintln!("drop {:?}", t.elapsed());
    }
}
