//! Which cell each case falls in: the crossing of what several breakdowns ask for. A case is in one cell, and the groups
//! of a breakdown are sums of cells, so that each case is added once however many breakdowns there are.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::span::PeriodLabel;
use super::{Group, Known};
use crate::dimension::Grouping;
use crate::plan::Plan;
use crate::tally::Tally;

/// Breakdowns share their cells where there can be no more of them.
const FEW: usize = 1 << 10;

/// The cells of some breakdowns.
#[derive(Debug)]
pub struct Cells<'a> {
    /// The dimensions of all of them.
    dimensions: Vec<(&'a str, &'a Grouping<'a>)>,
    /// Each by its index in the plan, with the places of its dimensions among all.
    breakdowns: Vec<(usize, Vec<usize>)>,
    /// How many cells there can be, if no more than a few: each has its code for a number.
    few: Option<usize>,
    /// The number of each cell that was met, by the first instant of its period and its code, where there can be many.
    numbers: HashMap<(i64, u128), u32, foldhash::fast::FixedState>,
}

impl<'a> Cells<'a> {
    /// The cells of a plan's breakdowns. Those of cases that fall in periods are not shared: there may be many periods.
    pub fn of(plan: &'a Plan, known: &'a Known<'a>, by_period: bool) -> Vec<Cells<'a>> {
        let mut all: Vec<Cells<'a>> = Vec::new();
        for (number, names) in plan.breakdowns.iter().enumerate() {
            let own: Vec<_> =
                names.iter().filter_map(|name| Some((name.as_str(), known.get(name.as_str())?))).collect();
            let shared = all.iter_mut().find(|cells| cells.few.is_some() && cells.with(&own).is_some());
            match shared {
                Some(cells) => cells.join(number, &own),
                None => {
                    let mut cells = Cells {
                        dimensions: Vec::new(),
                        breakdowns: Vec::new(),
                        few: (!by_period).then_some(1),
                        numbers: HashMap::default(),
                    };
                    cells.join(number, &own);
                    all.push(cells);
                }
            }
        }
        all
    }

    /// How many cells there can be with the dimensions of another breakdown, if no more than a few.
    fn with(&self, own: &[(&str, &Grouping<'_>)]) -> Option<usize> {
        let new = own.iter().filter(|(name, _)| self.place(name).is_none());
        new.map(|(_, grouping)| grouping.labels.len())
            .try_fold(self.few?, |cells, labels| cells.checked_mul(labels))
            .filter(|cells| *cells <= FEW)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.dimensions.iter().position(|(known, _)| *known == name)
    }

    fn join(&mut self, breakdown: usize, own: &[(&'a str, &'a Grouping<'a>)]) {
        self.few = self.with(own);
        let place = |(name, grouping): &(&'a str, &'a Grouping<'a>)| {
            self.place(name).unwrap_or_else(|| {
                self.dimensions.push((name, grouping));
                self.dimensions.len() - 1
            })
        };
        let places = own.iter().map(place).collect();
        self.breakdowns.push((breakdown, places));
    }

    /// How many cells there are by now.
    pub fn len(&self) -> usize {
        self.few.unwrap_or(self.numbers.len())
    }

    /// Finds the cell of each row; `starts` are the first instants of the periods.
    pub fn find(&mut self, rows: &[u32], starts: &[i64], cells: &mut Vec<u32>) {
        cells.clear();
        if self.few.is_some() {
            cells.resize(rows.len(), 0);
            self.dimensions.iter().for_each(|(_, grouping)| grouping.cross(rows, cells));
            return;
        }
        for (row, start) in rows.iter().zip(starts) {
            let code = self.dimensions.iter().fold(0, |code: u128, (_, grouping)| {
                code * grouping.labels.len() as u128 + u128::from(grouping.of(*row))
            });
            let next = self.numbers.len() as u32;
            cells.push(*self.numbers.entry((*start, code)).or_insert(next));
        }
    }

    /// Adds the tallies of the cells up to the groups of each breakdown, in the order of period and labels.
    pub fn groups(&self, tallies: Vec<Tally>, periods: &BTreeMap<i64, PeriodLabel>) -> Vec<Group> {
        let mut keys: Vec<(i64, u128)> = (0..tallies.len() as u128).map(|code| (0, code)).collect();
        self.numbers.iter().for_each(|(key, number)| keys[*number as usize] = *key);
        let mut groups: BTreeMap<(usize, i64, Vec<usize>), Tally> = BTreeMap::new();
        for ((start, code), tally) in keys.into_iter().zip(tallies).filter(|(_, tally)| !tally.is_empty()) {
            let codes = self.codes(code);
            for (breakdown, places) in &self.breakdowns {
                let own = places.iter().map(|place| codes[*place]).collect();
                let group = groups.entry((*breakdown, start, own)).or_insert_with(|| tally.emptied());
                group.merge(&tally);
            }
        }
        let group = |((breakdown, start, codes), mut tally): ((usize, i64, Vec<usize>), Tally)| {
            tally.settle();
            let places = self.breakdowns.iter().find(|(known, _)| *known == breakdown);
            let labels = places.iter().flat_map(|(_, places)| places).zip(codes);
            let labels =
                labels.filter_map(|(place, code)| self.dimensions[*place].1.labels.get(code).cloned());
            Group { breakdown, period: periods.get(&start).cloned(), labels: labels.collect(), tally }
        };
        groups.into_iter().map(group).collect()
    }

    /// The code in each dimension.
    fn codes(&self, mut code: u128) -> Vec<usize> {
        let sizes = self.dimensions.iter().rev().map(|(_, grouping)| grouping.labels.len() as u128);
        let mut codes: Vec<usize> = sizes
            .map(|size| {
                let own = code % size;
                code /= size;
                own as usize
            })
            .collect();
        codes.reverse();
        codes
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::tally::{Observation, Share};

    fn grouping(labels: &[&str], codes: &[u32]) -> Grouping<'static> {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        Grouping::new(labels, Cow::Owned(codes.iter().copied().collect()))
    }

    fn by(breakdowns: &[&[&str]]) -> Plan {
        let names = |names: &&[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Plan { breakdowns: breakdowns.iter().map(names).collect(), ..Plan::new(Vec::new()) }
    }

    /// Each group's breakdown, period, labels and cases, where every row is a case.
    fn told(cells: &mut Cells<'_>, starts: &[i64], periods: &BTreeMap<i64, PeriodLabel>) -> Vec<String> {
        let (rows, mut places): (Vec<u32>, _) = ((0..starts.len() as u32).collect(), Vec::new());
        cells.find(&rows, starts, &mut places);
        let mut tallies = vec![Tally::Share(Share::default()); cells.len()];
        places.iter().for_each(|cell| tallies[*cell as usize].add(Observation::Success));
        let told = |Group { breakdown, period, labels, tally }: Group| {
            let period = period.map_or(String::new(), |(label, _)| label);
            format!("{breakdown} {period} {} {}", labels.join(" "), tally.n())
        };
        cells.groups(tallies, periods).into_iter().map(told).collect()
    }

    #[test]
    fn breakdowns_that_share_cells_have_the_groups_that_occur_in_order() {
        let (channel, stage) = (grouping(&["app", "web"], &[1, 0, 1, 1]), grouping(&["use"], &[0, 9, 0, 0]));
        let known = Known::from([("channel", channel), ("stage", stage)]);
        let plan = by(&[&[], &["channel"], &["stage", "channel"]]);
        let mut all = Cells::of(&plan, &known, false);
        assert_eq!((all.len(), all[0].len()), (1, 6));
        let groups = told(&mut all[0], &[0; 4], &BTreeMap::new());
        assert_eq!(groups, ["0   4", "1  app 1", "1  web 3", "2  use web 3", "2  (unknown) app 1"]);
    }

    #[test]
    fn periods_come_before_labels_whatever_came_first() {
        let known = Known::from([("channel", grouping(&["app", "web"], &[1, 0, 1, 1]))]);
        let plan = by(&[&[], &["channel"]]);
        let mut all = Cells::of(&plan, &known, true);
        assert_eq!(all.len(), 2);
        let periods =
            BTreeMap::from([(-5, ("2026-01".to_owned(), false)), (7, ("2026-02".to_owned(), true))]);
        let groups = told(&mut all[1], &[7, -5, -5, 7], &periods);
        assert_eq!(groups, ["1 2026-01 app 1", "1 2026-01 web 1", "1 2026-02 web 2"]);
    }

    #[test]
    fn many_possible_cells_are_numbered_as_they_are_met() {
        let labels: Vec<String> = (0..300).map(|label| format!("{label:03}")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let known =
            Known::from([("one", grouping(&labels, &[299, 0, 299])), ("two", grouping(&labels, &[5, 0, 5]))]);
        let plan = by(&[&["one"], &["two", "one"]]);
        let mut all = Cells::of(&plan, &known, false);
        assert_eq!((all.len(), all[0].len(), all[1].len()), (2, 301, 0));
        assert_eq!(told(&mut all[1], &[0; 3], &BTreeMap::new()), ["1  000 000 1", "1  005 299 2"]);
    }
}
