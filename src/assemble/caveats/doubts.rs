//! Where what was seen of the answers fits another reading as well. It reads no table.

use crate::customer::Joined;
use crate::plan::Plan;
use crate::report::Caveat;
use crate::table::settle::Seen;
use crate::tally::Score;
use crate::text;

/// Fewer answers than that may miss an end of the scale by chance.
const FEW: u64 = 30;
/// Fewer answers to NPS than that may hold no 0 although it was offered.
const FEW_WITHOUT_ZERO: u64 = 100;

/// Answers that look as if they were given on another scale. Who named the scale with `--scale` knows.
pub fn scales(plan: &Plan, joined: &Joined) -> impl Iterator<Item = Caveat> {
    let unsaid = joined.seen.iter().filter(|seen| !plan.scales.contains_key(seen.question));
    unsaid.filter_map(|seen| {
        let (why, remedy) = doubt(seen)?;
        let cause = format!(
            "the {} to {} run from {} to {} and are read on the scale of {}: {why}",
            text::count(seen.n, "answer"),
            seen.question,
            seen.lowest.value(),
            seen.highest.value(),
            seen.scale
        );
        let remedy =
            format!("{remedy}, or pass --scale {}={} if the scale is right", seen.question, seen.scale);
        Some(Caveat { kind: "scale-doubt", cause, remedy })
    })
}

/// What is odd about the answers, and what to do about it.
fn doubt(seen: &Seen) -> Option<(&'static str, &'static str)> {
    const ZERO_TO_TEN: &str = "export answers coded 1 to 10 or 1 to 11 as 0 to 10";
    if seen.n < FEW {
        return None;
    }
    let up_to_5 = seen.highest <= Score::whole(5);
    match seen.question {
        "ces" if up_to_5 => Some((
            "if the question was asked on 1-5, this is not the CES of 1-7",
            "leave its column out with --map surveys.ces=",
        )),
        "nps" if up_to_5 => Some((
            "no answer is above 5, and a question asked on 1-5 gives no NPS",
            "leave its column out with --map surveys.nps=",
        )),
        "nps"
            if seen.n >= FEW_WITHOUT_ZERO
                && seen.lowest >= Score::whole(1)
                && seen.highest == Score::whole(10) =>
        {
            Some(("0 never occurs, as where answers are coded 1 to 10 or 1 to 11", ZERO_TO_TEN))
        }
        _ => None,
    }
}
