//! One cell to one instant: the fast path for the two common shapes, and the rules around the grammar;
//! knows no column.

use chrono_tz::Tz;

use super::blank;
use super::civil::{DAY_SECONDS, SECOND_MICROS, day_number};
use super::clock::Clock;
use super::dates::{DateOrder, OpenDate, OrderEvidence, Place};
use super::place::{self, Written};
use super::stamp::{self, Stamp};
use super::zone::Zone;

/// Dates that systems write for "never" (year, month, day): no date at all, .NET's and the spreadsheets'
/// first days (Excel's is the 0th of January), the last day that most databases know.
const SENTINELS: [(u32, u32, u32); 6] =
    [(0, 0, 0), (1, 1, 1), (1899, 12, 30), (1900, 1, 0), (1900, 1, 1), (9999, 12, 31)];

/// What a cell says about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeCell {
    /// Nothing, a word for nothing, or a sentinel: one of 0000-00-00, 0001-01-01, 1899-12-30, 1900-01-00,
    /// 1900-01-01 and 9999-12-31 at any hour, or exactly 1970-01-01 00:00:00 on the wall or in UTC.
    Blank,
    /// Microseconds since 1970-01-01 00:00 UTC.
    At(i64),
    /// A date whose order of day and month is not known yet: see [`TimeParser::settle`].
    Open(OpenDate),
    /// Not a time, a date that does not exist, or a year outside 1900 to 2199.
    Bad,
}

/// Reads the times of one file, column by column.
pub struct TimeParser {
    /// The zone of the column at hand.
    zone: Zone,
    /// The other zones that were needed so far.
    others: Vec<Zone>,
    order: Option<DateOrder>,
    evidence: OrderEvidence,
}

impl TimeParser {
    /// A reader for one file: times without a zone are in `zone`; `order` is what the user
    /// said.
    pub fn new(zone: Tz, order: Option<DateOrder>) -> Self {
        TimeParser { zone: Zone::new(zone), others: Vec::new(), order, evidence: OrderEvidence::default() }
    }

    /// Reads what follows in another zone, such as that of another column. What is remembered of a zone is kept, so that
    /// going back and forth costs little.
    pub fn turn_to(&mut self, zone: Tz) {
        if self.zone.tz() == zone {
            return;
        }
        match self.others.iter_mut().find(|known| known.tz() == zone) {
            Some(known) => std::mem::swap(known, &mut self.zone),
            None => self.others.push(std::mem::replace(&mut self.zone, Zone::new(zone))),
        }
    }

    /// The instant of a cell of the two most common forms, `2026-03-04T05:06:07` with or without a `Z`; none where it
    /// has another form or needs a second look.
    #[inline]
    pub fn common(&mut self, cell: &[u8]) -> Option<i64> {
        let (text, suffix) = cell.split_first_chunk::<19>()?;
        let wall = fixed_shape(text)?;
        match suffix {
            b"Z" => Some(wall * SECOND_MICROS),
            [] => Some(self.zone.instant(wall) * SECOND_MICROS).filter(|time| *time != 0),
            _ => None,
        }
    }

    /// Reads one cell. The place is kept only where the cell is the first to show something about the
    /// order.
    ///
    /// Forms of a date: `2026-03-04` and `2026/3/4`; `04.03.2026` (dots: always the day first); `03/04/2026` and
    /// `03-04-2026` (by the order); with the month's name `14-Mar-2024`, `18/jul/26`, `Mar 14, 2024`,
    /// `Sat Jun 15 2024`; `20260304`. A year of two digits is one of 2000 to 2069; it is read behind a slash, a dot or
    /// a name. Each may be followed by a time (`T05:06`, ` 5:06:07.123 PM`, `, 5:06 p.m.`; 1 to 9 decimals, of
    /// which 6 are kept; `:60` is read as `:59`) and a zone (`Z`, `UTC`, `+02:00`, `GMT+2`, `EST`, `Europe/Amsterdam`;
    /// see [`place`]). Unix seconds have 10 digits and milliseconds 13, with decimals or without. A skipped or doubled
    /// local time is the earlier instant.
    pub fn parse(&mut self, cell: &[u8], place: Place<'_>) -> TimeCell {
        match self.common(cell) {
            Some(time) => TimeCell::At(time),
            None => self.parse_any(cell, place),
        }
    }

    fn parse_any(&mut self, cell: &[u8], place: Place<'_>) -> TimeCell {
        let cell = blank::trim(cell);
        match stamp::read(cell) {
            Some(Stamp::Instant(micros)) => TimeCell::At(micros),
            Some(Stamp::Certain { year, month, day, clock }) => self.certain((year, month, day), clock),
            Some(Stamp::Either { first, second, year, clock }) => {
                self.either(first, second, year, clock, cell, place)
            }
            None if blank::is_null_word(cell) => TimeCell::Blank,
            None => TimeCell::Bad,
        }
    }

    fn certain(&mut self, date: (u32, u32, u32), clock: Clock) -> TimeCell {
        if SENTINELS.contains(&date) {
            return TimeCell::Blank;
        }
        let (year, month, day) = date;
        day_number(year, month, day).map_or(TimeCell::Bad, |day| self.at(day, clock))
    }

    fn either(
        &mut self,
        first: u32,
        second: u32,
        year: u32,
        clock: Clock,
        cell: &[u8],
        place: Place<'_>,
    ) -> TimeCell {
        if SENTINELS.contains(&(year, second, first)) || SENTINELS.contains(&(year, first, second)) {
            return TimeCell::Blank;
        }
        let day_first = day_number(year, second, first);
        let month_first = day_number(year, first, second);
        if let Some(order) = self.order {
            let day = if order == DateOrder::DayFirst { day_first } else { month_first };
            return day.map_or(TimeCell::Bad, |day| self.at(day, clock));
        }
        match (day_first, month_first) {
            (None, None) => TimeCell::Bad,
            (Some(day), None) => {
                self.evidence.saw_proof(DateOrder::DayFirst, cell, place);
                self.at(day, clock)
            }
            (None, Some(day)) => {
                self.evidence.saw_proof(DateOrder::MonthFirst, cell, place);
                self.at(day, clock)
            }
            (Some(day), Some(other)) if day == other => self.at(day, clock),
            (Some(day_first), Some(month_first)) => {
                let open = OpenDate { day_first, month_first, clock, zone: self.zone.tz() };
                match self.evidence.proven() {
                    Some(order) => TimeCell::At(self.settle(open, order)),
                    None => {
                        self.evidence.saw_open(cell, place);
                        TimeCell::Open(open)
                    }
                }
            }
        }
    }

    fn at(&mut self, day: i64, clock: Clock) -> TimeCell {
        if day == 0 && clock.micros == 0 {
            return TimeCell::Blank;
        }
        at_unless_zero(self.instant(day, clock))
    }

    /// What the dates have shown of their order so far.
    pub fn evidence(&self) -> &OrderEvidence {
        &self.evidence
    }

    /// What the dates have shown of their order.
    pub fn into_evidence(self) -> OrderEvidence {
        self.evidence
    }

    /// The instant of an open date, in microseconds, now that the order is known; in the zone in which it was met.
    pub fn settle(&mut self, open: OpenDate, order: DateOrder) -> i64 {
        let day = if order == DateOrder::DayFirst { open.day_first } else { open.month_first };
        self.turn_to(open.zone);
        self.instant(day, open.clock)
    }

    fn instant(&mut self, day: i64, clock: Clock) -> i64 {
        let midnight = day * DAY_SECONDS;
        let wall = midnight + clock.micros.div_euclid(SECOND_MICROS);
        let seconds = match clock.zone {
            None => self.zone.instant(wall),
            Some(Written::Offset(offset)) => wall - offset,
            Some(Written::Named(zone)) => {
                let own = self.zone.tz();
                self.turn_to(zone);
                let instant = self.zone.instant(wall);
                self.turn_to(own);
                instant
            }
        };
        seconds * SECOND_MICROS + clock.micros.rem_euclid(SECOND_MICROS)
    }
}

/// Why a cell that is no time is none, where it would be one but for the word that ends it.
pub fn why_bad(cell: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(blank::trim(cell)).ok()?;
    let (before, word) = text.rsplit_once(' ')?;
    stamp::read(blank::trim(before.as_bytes())).and_then(|_| place::why_not(word))
}

/// Whether a cell is a time of some day and names no zone.
pub fn lacks_zone(cell: &[u8]) -> bool {
    let cell = blank::trim(cell);
    let clock = match stamp::read(cell) {
        Some(Stamp::Certain { clock, .. } | Stamp::Either { clock, .. }) => clock,
        Some(Stamp::Instant(_)) | None => return false,
    };
    clock.zone.is_none() && cell.contains(&b':')
}

/// A zero that became a date in another system's export is a zero there too: no time.
fn at_unless_zero(micros: i64) -> TimeCell {
    if micros == 0 { TimeCell::Blank } else { TimeCell::At(micros) }
}

/// `YYYY-MM-DDTHH:MM:SS` or with a space, as seconds on the wall. Whatever needs a second thought (a
/// sentinel, a leap second, an error) is left to the grammar.
#[inline]
fn fixed_shape(text: &[u8; 19]) -> Option<i64> {
    let date = pairs(*text.first_chunk()?, *b"0000-00-")?;
    let [day_and_hour @ .., _, _, _] = text;
    let mut day_and_hour: [u8; 8] = *day_and_hour.last_chunk()?;
    if day_and_hour[2] == b' ' {
        day_and_hour[2] = b'T';
    }
    let hours = pairs(day_and_hour, *b"00T00:00")?;
    let clock = pairs(*text.last_chunk()?, *b"00:00:00")?;
    let year = date[0] * 100 + date[2];
    let (hour, minute, second) = (clock[0], clock[3], clock[6]);
    if hour > 23 || minute > 59 || second > 59 || year == 1900 {
        return None;
    }
    let day = day_number(year, date[5], hours[0])?;
    let wall = day * DAY_SECONDS + i64::from((hour * 60 + minute) * 60 + second);
    (wall != 0).then_some(wall)
}

/// The number of two digits that stands at each zero of `shape` and the byte behind it. Where `shape` has no zero the
/// text must be equal to it.
#[inline]
fn pairs(text: [u8; 8], shape: [u8; 8]) -> Option<[u32; 8]> {
    // What takes a byte over its highest bit: ten for a digit, one for what must be equal.
    let to_top = shape.map(|byte| if byte == b'0' { 0x76 } else { 0x7f });
    let [text, shape, to_top] = [text, shape, to_top].map(u64::from_le_bytes);
    let digits = text ^ shape;
    let wrong = (digits | digits.wrapping_add(to_top)) & 0x8080_8080_8080_8080;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    (wrong == 0).then_some(pairs.to_le_bytes().map(u32::from))
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
