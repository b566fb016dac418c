//! Net Promoter Score: promoters less detractors, of all who answered.

use super::case::{Cases, Question};
use super::{Metric, TallyKind};
use crate::estimate::Estimate;
use crate::report::Unit;
use crate::source::field::{Field, Kind};
use crate::stats::nps::score_interval;
use crate::tally::{Scale, Score, Tally};

pub static NPS: Metric = Metric {
    id: "nps",
    title: "NPS",
    short: "NPS",
    unit: Unit::Points,
    definition: "0-10",
    about: "promoters (9–10) less detractors (0–6), per hundred answers",
    needs: &[(Kind::Surveys, &[Field::Score, Field::Nps])],
    cases: Cases::Answers(Question { name: "nps", scales: &[Scale::new(0, 10)], whole_only: true }),
    tally: TallyKind::Histogram,
    estimate,
};

fn estimate(tally: &Tally, level: f64) -> Estimate {
    let Tally::Histogram(scores) = tally else { return Estimate::undefined(0, "no answers") };
    let n = scores.n();
    let detractors = scores.between(Score::whole(0), Score::whole(6));
    let passives = scores.between(Score::whole(7), Score::whole(8));
    let promoters = scores.between(Score::whole(9), Score::whole(10));
    let Some(interval) = score_interval(detractors as f64, passives as f64, promoters as f64, level) else {
        return Estimate::undefined(n, "no answers");
    };
    let percent = |part: u64| 100.0 * part as f64 / n as f64;
    Estimate {
        n,
        value: Some(100.0 * (promoters as f64 - detractors as f64) / n as f64),
        lower: Some(100.0 * interval.lower),
        upper: Some(100.0 * interval.upper),
        ..Estimate::default()
    }
    .with("promoters", promoters)
    .with("passives", passives)
    .with("detractors", detractors)
    .with("promoters_percent", percent(promoters))
    .with("passives_percent", percent(passives))
    .with("detractors_percent", percent(detractors))
}
