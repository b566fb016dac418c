//! Which groups are hidden, and what is hidden with them.

use super::*;
use crate::estimate::Figure;
use crate::report::Counts;

/// Groups of these sizes in one breakdown: `h` for each that is hidden, `s` for one that is shown.
fn hidden(min_n: u64, sizes: &[u64]) -> String {
    let mut records: Vec<(usize, Record)> = sizes.iter().map(|n| (1, sample("x", *n))).collect();
    hide(min_n, &mut records);
    records.iter().map(|(_, record)| if record.suppressed { 'h' } else { 's' }).collect()
}

fn sample(label: &str, n: u64) -> Record {
    Record {
        metric: "nps".to_owned(),
        definition: String::new(),
        period: None,
        group: Counts(vec![("channel".to_owned(), label.to_owned())]),
        n,
        value: Some(1.0),
        lower: Some(0.0),
        upper: Some(2.0),
        unit: crate::report::Unit::Points,
        partial: false,
        suppressed: false,
        note: String::new(),
        detail: Detail(vec![("promoters", Figure::Count(3))]),
    }
}

#[test]
fn one_small_group_takes_the_next_smallest_with_it() {
    assert_eq!(hidden(5, &[4, 9, 6, 8]), "hshs");
    assert_eq!(hidden(5, &[6, 4, 6]), "hhs", "of two equally small the first");
    assert_eq!(hidden(5, &[4, 9, 3, 8]), "hshs", "two hide each other");
    assert_eq!(hidden(5, &[5, 9]), "ss");
    assert_eq!(hidden(5, &[4]), "h");
    assert_eq!(hidden(5, &[4, 0, 7]), "hsh", "an empty group hides nothing");
    assert_eq!(hidden(1, &[1, 2]), "ss");
    assert_eq!(hidden(0, &[1, 2]), "ss");
}

#[test]
fn a_hidden_group_tells_nothing_but_that_it_is() {
    let mut records = vec![(1, sample("web", 4)), (1, sample("app", 50))];
    hide(5, &mut records);
    for (_, record) in &records {
        assert_eq!((record.value, record.lower, record.upper, record.suppressed), (None, None, None, true));
        assert_eq!(record.detail, Detail::default());
    }
    assert_eq!(records[0].1.note, "fewer than 5");
    assert_eq!(records[1].1.note, "hidden so that the small group cannot be computed back");
}

/// The figures of that name beside groups of these sizes, once the small ones are blank.
fn beside(name: &'static str, sizes: &[u64]) -> Vec<Option<f64>> {
    let with = |n: &u64| {
        let detail = Detail(vec![("active", Figure::Count(99)), (name, Figure::Count(*n))]);
        (1, Record { detail, ..sample("x", 50) })
    };
    let mut records: Vec<(usize, Record)> = sizes.iter().map(with).collect();
    hide(5, &mut records);
    records.iter().map(|(_, record)| record.detail.number(name)).collect()
}

#[test]
fn a_small_figure_beside_a_number_cannot_be_computed_back_from_the_total() {
    assert_eq!(beside("new_or_returning", &[3, 7, 9]), [None, None, None]);
    assert_eq!(beside("new_or_returning", &[0, 7]), [Some(0.0), Some(7.0)]);
    assert_eq!(beside("retained_n", &[3, 9, 7]), [None, Some(9.0), None]);
    assert_eq!(beside("retained_n", &[3, 4, 7]), [None, None, Some(7.0)]);
    assert_eq!(beside("retained_n", &[5, 0]), [Some(5.0), Some(0.0)]);
}

#[test]
fn each_breakdown_and_each_period_hides_for_itself() {
    let in_period = |breakdown, period: &str, n| {
        (breakdown, Record { period: Some(period.to_owned()), ..sample("x", n) })
    };
    let mut records = vec![
        in_period(1, "2026-01", 4),
        in_period(1, "2026-01", 9),
        in_period(1, "2026-02", 9),
        in_period(1, "2026-02", 9),
        in_period(2, "2026-02", 9),
    ];
    hide(5, &mut records);
    let suppressed: Vec<bool> = records.iter().map(|(_, record)| record.suppressed).collect();
    assert_eq!(suppressed, [true, true, false, false, false]);
}

#[test]
fn an_overall_number_is_never_hidden() {
    let mut records = vec![(0, Record { group: Counts(Vec::new()), ..sample("x", 1) })];
    hide(5, &mut records);
    assert!(!records[0].1.suppressed);
}

#[test]
fn hidden_groups_together_are_at_least_so_many() {
    // 1 and 2 are 3 together, whose value the total less the others would be.
    assert_eq!(hidden(5, &[1, 2, 7, 9]), "hhhs");
    assert_eq!(hidden(5, &[1, 1, 1, 1, 6]), "hhhhh");
    assert_eq!(hidden(5, &[1, 4, 7]), "hhs");
    assert_eq!(hidden(20, &[1, 20, 30]), "hhs");
}

/// Whether each group of `channel`, of `channel*plan` and of `plan` is hidden, of `(channel, plan, n)`.
fn crossed(cells: &[(&str, &str, u64)]) -> Vec<(String, bool)> {
    let mut groups: BTreeMap<(usize, Vec<(String, String)>), u64> = BTreeMap::new();
    for (channel, plan, n) in cells {
        let both = [("channel".to_owned(), (*channel).to_owned()), ("plan".to_owned(), (*plan).to_owned())];
        for (number, group) in [(1, &both[..1]), (2, &both[..]), (3, &both[1..])] {
            *groups.entry((number, group.to_vec())).or_default() += n;
        }
    }
    let record = |((number, group), n): ((usize, Vec<_>), u64)| {
        (number, Record { group: Counts(group), ..sample("", n) })
    };
    let mut records: Vec<(usize, Record)> = groups.into_iter().map(record).collect();
    hide(5, &mut records);
    let name = |record: &Record| {
        record.group.0.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(" ")
    };
    records.iter().map(|(_, record)| (name(record), record.suppressed)).collect()
}

fn names_of_hidden(groups: &[(String, bool)]) -> Vec<&str> {
    groups.iter().filter(|(_, hidden)| *hidden).map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_crossing_keeps_its_small_groups_from_its_margins() {
    // Two of web and B alone would be enough for the total; but web is shown, and so is B.
    let cells = [
        ("web", "A", 20),
        ("web", "B", 2),
        ("web", "C", 9),
        ("app", "A", 20),
        ("app", "B", 30),
        ("app", "C", 8),
    ];
    let found = crossed(&cells);
    assert_eq!(names_of_hidden(&found), ["app B", "app C", "web B", "web C"]);
}

#[test]
fn what_divides_a_hidden_group_is_hidden_with_it() {
    // Fax is small and takes app along: app's only plan would be app.
    let cells = [("web", "A", 20), ("web", "B", 30), ("app", "A", 9), ("fax", "B", 2)];
    let found = crossed(&cells);
    assert_eq!(names_of_hidden(&found), ["app", "fax", "app A", "fax B", "web A", "web B"]);
}

#[test]
fn a_group_that_is_all_of_a_hidden_one_is_hidden_too() {
    // Phone is all of C in one cell. That cell is hidden for fax's sake, and with it C, which says the same.
    let cells = [("web", "A", 20), ("web", "B", 30), ("fax", "A", 2), ("phone", "C", 6)];
    let found = crossed(&cells);
    let names = names_of_hidden(&found);
    for name in ["fax", "phone", "fax A", "phone C", "C"] {
        assert!(names.contains(&name), "{name} of {names:?}");
    }
}

#[test]
fn a_small_arm_of_a_hidden_group_takes_others_until_they_are_enough() {
    let with = |n: u64, retained: u64| {
        (1, Record { detail: Detail(vec![("retained_n", Figure::Count(retained))]), ..sample("x", n) })
    };
    // The first is hidden for its own few, and the second with it: two others stayed in them, and the third's seven go.
    let mut records = vec![with(3, 1), with(9, 1), with(20, 7), with(20, 8)];
    hide(5, &mut records);
    let arms: Vec<_> = records.iter().map(|(_, record)| record.detail.number("retained_n")).collect();
    assert_eq!(arms, [None, None, None, Some(8.0)]);
}

#[test]
fn a_crossing_turned_about_hides_the_same() {
    let group = |names: [&str; 2], labels: [&str; 2]| {
        let pairs = names.into_iter().zip(labels).map(|(name, label)| (name.to_owned(), label.to_owned()));
        Counts(pairs.collect())
    };
    let cells = [("web", "A", 9), ("web", "B", 2), ("app", "A", 9)];
    let one = cells.map(|(channel, plan, n)| {
        (1, Record { group: group(["channel", "plan"], [channel, plan]), ..sample("", n) })
    });
    // In the order of the other dimension the first of two equals is another one.
    let other = [cells[2], cells[0], cells[1]].map(|(channel, plan, n)| {
        (2, Record { group: group(["plan", "channel"], [plan, channel]), ..sample("", n) })
    });
    let mut records: Vec<(usize, Record)> = one.into_iter().chain(other).collect();
    hide(5, &mut records);
    let suppressed: Vec<bool> = records.iter().map(|(_, record)| record.suppressed).collect();
    assert_eq!(suppressed[..3], [suppressed[4], suppressed[5], suppressed[3]]);
    assert!(suppressed.iter().filter(|is| **is).count() >= 4);
}
