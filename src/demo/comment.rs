//! Words for the comments of the sample; they come from templates, never from a person.

use super::random::Random;

const THINGS: [&str; 6] = ["delivery", "agent", "price", "website", "app", "return"];
const GOOD: [&str; 4] = ["quick", "friendly", "easy", "tr\u{e8}s bien"];
const FAIR: [&str; 3] = ["ok", "as expected", "all right"];
const BAD: [&str; 4] = ["slow", "too dear", "hard to reach", "a disappointment"];

/// A comment that suits a score, given as the share of its scale in percent.
pub fn comment(share: i64, random: &mut Random) -> String {
    let thing = random.pick(&THINGS);
    let word = match share {
        75.. => random.pick(&GOOD),
        50..75 => random.pick(&FAIR),
        _ => random.pick(&BAD),
    };
    match random.below(20) {
        0..8 => format!("The {thing} was {word}"),
        8..13 => format!("The {thing} was, \"honestly\", {word}"),
        13..16 => format!("The {thing}: {word}, as last time"),
        16..19 => format!("{word}, that's all I can say"),
        _ => format!("The {thing} was {word}.\nThe rest, well, see above"),
    }
}
