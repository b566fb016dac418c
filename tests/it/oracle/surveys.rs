//! Random exports of surveys, long or wide, as cells.

use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

use super::sheet::{Sheet, Times};
use super::world::{CHANNELS, CUSTOMERS, Flaw, QUARTER_DAY, STAGES, customer, flaw, mar, time};

/// What was sent to one customer, and what came back.
#[derive(Debug, Clone)]
pub struct Response {
    customer: usize,
    sent: Option<i64>,
    at: i64,
    scores: [Option<Option<i64>>; 3],
    channel: &'static str,
    stage: &'static str,
    about: u8,
    with_id: bool,
    flaw: Flaw,
    form: u8,
}

pub fn response() -> impl Strategy<Value = Response> {
    let scores = (of(of(0..=10_i64)), weighted(0.8, weighted(0.8, 1..=5_i64)), of(of(1..=7_i64)));
    let place = (select(&CHANNELS[..]), select(&STAGES[..]));
    let shape = (any::<u8>(), prop::bool::weighted(0.85), flaw(), any::<u8>());
    (customer(), of(0..80_i64), time(), scores, place, shape).prop_map(
        |(customer, delay, at, scores, (channel, stage), (about, with_id, flaw, form))| {
            let mut scores = [scores.0, scores.1, scores.2];
            if scores.iter().all(Option::is_none) {
                scores[0] = Some(None);
            }
            let sent = delay.map(|delay| at - delay * QUARTER_DAY);
            Response { customer, sent, at, scores, channel, stage, about, with_id, flaw, form }
        },
    )
}

impl Response {
    /// The cells before the questions and after them; the time is the caller's.
    fn ends(&self, index: usize) -> ([String; 2], [String; 8]) {
        let id = if self.with_id { format!("R{index}") } else { String::new() };
        // Without an id the moment of sending tells invitations apart, so it must be its own.
        let alone = if self.with_id { 0 } else { (index as i64 + 1) * 1_000_000 };
        let sent = self.sent.map_or_else(String::new, |sent| Times::Zulu.write(sent + alone));
        let number = usize::from(self.about / 8);
        let (ticket, order, touchpoint) = match self.about % 8 {
            0 => (format!("T{number}"), String::new(), ""),
            1 => (String::new(), format!("O{number}"), ""),
            2 => (String::new(), String::new(), "checkout"),
            _ => (String::new(), String::new(), ""),
        };
        let region = ["north", "south"][index % 2].to_owned();
        let tail =
            [self.channel.to_owned(), self.stage.to_owned(), sent, ticket, order, touchpoint.to_owned()];
        let [channel, stage, sent, ticket, order, touchpoint] = tail;
        let comment = if self.form == 7 { "so, \"so\"\nreally".to_owned() } else { String::new() };
        let tail = [channel, stage, sent, ticket, order, touchpoint, comment, region];
        ([id, CUSTOMERS[self.customer].to_owned()], tail)
    }

    fn answered(&self) -> bool {
        self.scores.iter().flatten().any(Option::is_some)
    }

    fn time_cell(&self, later: i64) -> String {
        match self.flaw {
            Flaw::NoTime => String::new(),
            Flaw::BadTime => "soon".to_owned(),
            _ if !self.answered() && self.sent.is_some() => String::new(),
            _ => Times::of(self.form).write(self.at + later),
        }
    }

    /// How a score is written: some systems label the ends of the scale.
    fn score_cell(&self, question: usize, score: Option<i64>, update: bool) -> String {
        let Some(score) = score else { return String::new() };
        match (self.flaw, question) {
            (Flaw::Bad, 0) => return "6.5".to_owned(),
            (Flaw::Bad, _) => return "dunno".to_owned(),
            (Flaw::Off, 0) => return "11".to_owned(),
            (Flaw::Off, 1) => return "0".to_owned(),
            (Flaw::Off, _) => return "8".to_owned(),
            _ => {}
        }
        // An update says something else, on every scale.
        let score = if update { 1 + score % 5 } else { score };
        match (question, score, self.form) {
            (0, 10, 0..=80) => "10 - Extremely likely".to_owned(),
            (0, 0, 0..=80) => "0 - Not at all likely".to_owned(),
            _ => score.to_string(),
        }
    }

    /// Each state in which the response is exported: how much later, and whether it is an update.
    fn states(&self) -> &'static [(i64, bool)] {
        match self.flaw {
            Flaw::Twice => &[(0, false), (0, false)],
            Flaw::Updated if self.with_id && self.answered() => &[(3_600_000_000, true), (0, false)],
            _ => &[(0, false)],
        }
    }
}

const QUESTIONS: [&str; 3] = ["nps", "csat", "ces"];
const TAIL: &str = "channel,stage,sent_at,ticket_id,order_id,touchpoint,comment,region";

/// An export of these responses.
pub fn sheet(responses: &[Response], wide: bool) -> Sheet {
    if wide { wide_sheet(responses) } else { long_sheet(responses) }
}

fn long_sheet(responses: &[Response]) -> Sheet {
    let mut sheet = Sheet::new(&format!("response_id,customer_id,responded_at,metric,score,{TAIL}"));
    for (index, response) in responses.iter().enumerate() {
        let (head, tail) = response.ends(index);
        for &(later, update) in response.states() {
            for (question, score) in response.scores.iter().enumerate() {
                let Some(score) = *score else { continue };
                let mut cells = head.to_vec();
                cells.push(response.time_cell(later));
                cells.push(QUESTIONS[question].to_owned());
                cells.push(response.score_cell(question, score, update));
                cells.extend(tail.clone());
                mar(&mut cells, response.flaw);
                sheet.rows.push(cells);
            }
        }
    }
    sheet
}

fn wide_sheet(responses: &[Response]) -> Sheet {
    let mut sheet = Sheet::new(&format!("response_id,customer_id,responded_at,nps,csat,ces,{TAIL}"));
    for (index, response) in responses.iter().enumerate() {
        let (head, tail) = response.ends(index);
        for &(later, update) in response.states() {
            let mut cells = head.to_vec();
            cells.push(response.time_cell(later));
            for (question, score) in response.scores.iter().enumerate() {
                cells.push(response.score_cell(question, score.flatten(), update));
            }
            cells.extend(tail.clone());
            mar(&mut cells, response.flaw);
            sheet.rows.push(cells);
        }
    }
    sheet
}
