//! Random small exports as the cells of three sheets, with the dirt of real ones; knows nothing of what they mean.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::sheet::{Sheet, Times};

/// What is run: up to one export of each kind.
#[derive(Debug, Clone)]
pub struct World {
    pub surveys: Option<Sheet>,
    pub tickets: Option<Sheet>,
    pub purchases: Option<Sheet>,
}

impl World {
    /// Each kind that is there, in the order in which the program is given them.
    pub fn sheets(&self) -> impl Iterator<Item = (&'static str, &Sheet)> {
        let kinds = [("surveys", &self.surveys), ("tickets", &self.tickets), ("purchases", &self.purchases)];
        kinds.into_iter().filter_map(|(kind, sheet)| Some((kind, sheet.as_ref()?)))
    }

    /// The same world with every sheet changed.
    pub fn map(&self, mut change: impl FnMut(&'static str, &Sheet) -> Sheet) -> World {
        World {
            surveys: self.surveys.as_ref().map(|sheet| change("surveys", sheet)),
            tickets: self.tickets.as_ref().map(|sheet| change("tickets", sheet)),
            purchases: self.purchases.as_ref().map(|sheet| change("purchases", sheet)),
        }
    }
}

/// A world with at least one export.
pub fn world() -> impl Strategy<Value = World> {
    let rare_absence = || prop::bool::weighted(0.9);
    let surveys = (any::<bool>(), vec(response(), 0..26));
    let counts = (vec(ticket(), 0..36), vec(purchase(), 0..36));
    (surveys, counts, rare_absence(), rare_absence(), rare_absence()).prop_map(
        |((wide, responses), (tickets, purchases), ask, help, sell)| {
            let surveys = if wide { wide_sheet(&responses) } else { long_sheet(&responses) };
            World {
                surveys: (ask || !(help || sell)).then_some(surveys),
                tickets: help.then(|| ticket_sheet(&tickets)),
                purchases: sell.then(|| purchase_sheet(&purchases)),
            }
        },
    )
}

/// Spellings of a few customers, and of none.
const CUSTOMERS: [&str; 17] = [
    "C1", " C1 ", "C2", "c2", "Ann@X.org", "ann@x.org ", "C  3", "C 3", "Jos\u{e9}", "Jose\u{301}", "C4", "C5", "",
    "n/a", "Anonymous", "-", "N/A",
];
const NAMED: usize = 12;
const CHANNELS: [&str; 5] = ["", "chat", "email", "phone", "chat"];
const STAGES: [&str; 8] = ["", "", "", "", "use", "onboarding", "support", "renewal"];
/// In quarter days from the start.
const LAST: i64 = 620;
const QUARTER_DAY: i64 = 6 * 3_600_000_000;

fn customer() -> impl Strategy<Value = usize> {
    0..CUSTOMERS.len()
}

/// A good time, coarse so that ties happen.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![3 => 0..LAST, 1 => select(vec![0, 40, 120, 240, 360, 480])].prop_map(|quarter| quarter * QUARTER_DAY)
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    NoTime,
    BadTime,
    Bad,
    Off,
    Twice,
    Updated,
    Longer,
    Shorter,
    Broken,
}

fn flaw() -> impl Strategy<Value = Flaw> {
    use Flaw::{Bad, BadTime, Longer, NoTime, Broken, Off, Shorter, Twice, Updated};
    prop_oneof![
        20 => Just(Flaw::None),
        1 => select(vec![NoTime, BadTime, Bad, Off, Longer, Shorter, Broken]),
        1 => select(vec![Twice, Updated]),
    ]
}

#[derive(Debug, Clone)]
struct Response {
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

fn response() -> impl Strategy<Value = Response> {
    let scores = (of(of(0..=10_i64)), of(of(1..=5_i64)), of(of(1..=7_i64)));
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
        let tail = [self.channel.to_owned(), self.stage.to_owned(), sent, ticket, order, touchpoint.to_owned()];
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

fn mar(cells: &mut Vec<String>, flaw: Flaw) {
    match flaw {
        Flaw::Longer => cells.push("more".to_owned()),
        Flaw::Shorter => drop(cells.pop()),
        Flaw::Broken => cells.last_mut().unwrap().push('\u{fffd}'),
        _ => {}
    }
}

const QUESTIONS: [&str; 3] = ["nps", "csat", "ces"];
const TAIL: &str = "channel,stage,sent_at,ticket_id,order_id,touchpoint,comment,region";

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

#[derive(Debug, Clone)]
struct Ticket {
    customer: usize,
    at: i64,
    reply: Option<i64>,
    resolution: Option<i64>,
    channel: &'static str,
    stage: &'static str,
    topic: &'static str,
    reopens: &'static str,
    handled_by: &'static str,
    escalated: &'static str,
    flaw: Flaw,
    form: u8,
}

fn ticket() -> impl Strategy<Value = Ticket> {
    let times = (time(), of(0..20_i64), of(0..60_i64));
    let place = (select(&CHANNELS[..]), select(&STAGES[..]), select(&["", "billing", "login"][..]));
    let reopens = select(&["0", "0", "0", "1", "2", ""][..]);
    let care = (reopens, select(&["bot", "human", "bot", ""][..]), select(&["false", "true", "no", ""][..]));
    (customer(), times, place, care, flaw(), any::<u8>()).prop_map(
        |(customer, (at, reply, resolution), (channel, stage, topic), (reopens, handled_by, escalated), flaw, form)| {
            let (reply, resolution) = (reply.map(|q| q * QUARTER_DAY / 2), resolution.map(|q| q * QUARTER_DAY));
            Ticket {
                customer, at, reply, resolution, channel, stage, topic, reopens, handled_by, escalated, flaw, form,
            }
        },
    )
}

fn ticket_sheet(tickets: &[Ticket]) -> Sheet {
    let mut sheet = Sheet::new(
        "ticket_id,customer_id,created_at,first_reply_at,resolved_at,status,channel,stage,topic,reopens,handled_by,\
         escalated,region",
    );
    for (index, ticket) in tickets.iter().enumerate() {
        let mut ticket = ticket.clone();
        let nameless = ticket.form % 16 == 1;
        // Which of two tickets at one moment comes first is said by their ids alone.
        ticket.at += if nameless { (index as i64 + 1) * 1_000_000 } else { 0 };
        let form = Times::of(ticket.form);
        let created = match ticket.flaw {
            Flaw::NoTime => String::new(),
            Flaw::BadTime => "soon".to_owned(),
            _ => form.write(ticket.at),
        };
        let early = ticket.flaw == Flaw::Off;
        let after = |wait: Option<i64>| {
            wait.map_or_else(String::new, |wait| form.write(ticket.at + if early { -wait - QUARTER_DAY } else { wait }))
        };
        let resolution = if early { ticket.resolution.or(Some(0)) } else { ticket.resolution };
        let id = if nameless { String::new() } else { format!("T{index}") };
        let mut cells = vec![id, CUSTOMERS[ticket.customer].to_owned(), created, after(ticket.reply), after(resolution)];
        cells.push(if resolution.is_some() { "solved" } else { "open" }.to_owned());
        cells.extend([ticket.channel, ticket.stage, ticket.topic].map(str::to_owned));
        cells.push(if ticket.flaw == Flaw::Bad { "some" } else { ticket.reopens }.to_owned());
        cells.extend([ticket.handled_by, ticket.escalated, ["north", "south"][index % 2]].map(str::to_owned));
        match ticket.flaw {
            Flaw::Twice => sheet.rows.push(cells.clone()),
            Flaw::Updated if !cells[0].is_empty() && ticket.resolution > Some(ticket.reply.unwrap_or(0)) => {
                // The earlier state, when it was still open.
                let mut earlier = cells.clone();
                earlier[4] = String::new();
                earlier[5] = "open".to_owned();
                sheet.rows.push(earlier);
            }
            _ => {}
        }
        mar(&mut cells, ticket.flaw);
        sheet.rows.push(cells);
    }
    sheet
}

#[derive(Debug, Clone)]
struct Purchase {
    customer: usize,
    at: i64,
    cents: i64,
    channel: &'static str,
    stage: &'static str,
    refund: u8,
    refunded: &'static str,
    flaw: Flaw,
    form: u8,
}

fn purchase() -> impl Strategy<Value = Purchase> {
    let place = (select(&CHANNELS[..]), select(&STAGES[..]));
    let refunded = prop_oneof![12 => Just(""), 3 => Just("no"), 1 => Just("yes")];
    let customer = prop_oneof![20 => 0..NAMED, 1 => NAMED..CUSTOMERS.len()];
    (customer, time(), 200..30_000_i64, place, (0..12_u8, refunded), flaw(), any::<u8>()).prop_map(
        |(customer, at, cents, (channel, stage), (refund, refunded), flaw, form)| {
            // One flaw a row: which of two reasons is named is nobody's promise.
            let customer = if flaw == Flaw::None { customer } else { customer % NAMED };
            Purchase { customer, at, cents, channel, stage, refund, refunded, flaw, form }
        },
    )
}

fn money(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

fn purchase_sheet(purchases: &[Purchase]) -> Sheet {
    let mut sheet =
        Sheet::new("order_id,customer_id,purchased_at,amount,currency,channel,stage,product,refunded,region");
    let mut taken: Vec<(usize, i64)> = Vec::new();
    for (index, purchase) in purchases.iter().enumerate() {
        let mut purchase = purchase.clone();
        // Which of two orders at one moment is a customer's first is nobody's promise.
        while taken.contains(&(purchase.customer, purchase.at)) {
            purchase.at += 1_000_000;
        }
        taken.extend((0..CUSTOMERS.len()).map(|customer| (customer, purchase.at)));
        let form = Times::of(purchase.form);
        let at = match purchase.flaw {
            Flaw::NoTime => String::new(),
            Flaw::BadTime => "soon".to_owned(),
            _ => form.write(purchase.at),
        };
        let amount = match purchase.flaw {
            Flaw::Bad => "much".to_owned(),
            _ if purchase.form % 32 == 2 => String::new(),
            _ => money(purchase.cents),
        };
        let id = if purchase.form % 16 == 1 { String::new() } else { format!("O{index}") };
        let who = if purchase.flaw == Flaw::Off { "" } else { CUSTOMERS[purchase.customer] };
        let place = [purchase.channel, purchase.stage, "SKU", purchase.refunded, ["north", "south"][index % 2]];
        let mut cells = vec![id.clone(), who.to_owned(), at, amount, "EUR".to_owned()];
        cells.extend(place.map(str::to_owned));
        match purchase.flaw {
            Flaw::Twice => sheet.rows.push(cells.clone()),
            Flaw::Updated if !id.is_empty() => {
                let mut earlier = cells.clone();
                earlier[2] = form.write(purchase.at - QUARTER_DAY);
                earlier[3] = money(purchase.cents + 100);
                sheet.rows.push(earlier);
            }
            Flaw::None if purchase.refund < 3 && purchase.refunded != "yes" => {
                let mut refund = cells.clone();
                refund[2] = form.write(purchase.at + i64::from(purchase.form) * QUARTER_DAY);
                refund[3] = money(-purchase.cents / if purchase.refund == 0 { 1 } else { 2 });
                if purchase.refund == 2 {
                    refund[0] = String::new();
                }
                sheet.rows.push(refund);
            }
            _ => {}
        }
        mar(&mut cells, purchase.flaw);
        sheet.rows.push(cells);
    }
    sheet
}

/// The key that a spelling stands for, and other keys in the same order of the alphabet.
const KEYS: [(&[usize], &str); 8] = [
    (&[6, 7], "k1"),
    (&[0, 1], "k2"),
    (&[2], "k3"),
    (&[10], "k4"),
    (&[11], "k5"),
    (&[8, 9], "k6"),
    (&[4, 5], "k7"),
    (&[3], "k8"),
];

/// A new name for the customer of that place in the order of keys.
pub fn forwards(place: usize) -> String {
    KEYS[place].1.to_owned()
}

/// The same, in the opposite order.
pub fn backwards(place: usize) -> String {
    KEYS[KEYS.len() - 1 - place].1.to_owned()
}

/// The sheet with every customer under a new name.
pub fn renamed(sheet: &Sheet, name: fn(usize) -> String) -> Sheet {
    let mut sheet = sheet.clone();
    for row in &mut sheet.rows {
        let spelling = CUSTOMERS.iter().position(|spelling| *spelling == row[1]);
        let place = KEYS.iter().position(|(spellings, _)| spelling.is_some_and(|s| spellings.contains(&s)));
        if let Some(place) = place {
            row[1] = name(place);
        }
    }
    sheet
}
