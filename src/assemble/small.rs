//! Which groups are too small to show, and which others would give them away. It must not know what is shown of them.

/// Why a group is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It has too few cases.
    Small,
    /// It stands beside those that have too few, which would be told without it.
    Beside,
}

impl Hidden {
    /// The reason in words.
    pub fn told(self, min_n: u64) -> String {
        match self {
            Hidden::Small => format!("fewer than {min_n}"),
            Hidden::Beside => "hidden so that the small group cannot be computed back".to_owned(),
        }
    }
}

/// Which groups of one total are hidden, by their numbers of cases: those of fewer than `min_n`; and with them as many of
/// the next smallest as it takes, so that more than one is hidden and at least `min_n` cases are: the total less the
/// others is what they say together. Without cases there is nothing to hide.
pub fn hidden(min_n: u64, counts: &[u64]) -> Vec<Option<Hidden>> {
    let mut hidden: Vec<bool> = counts.iter().map(|n| is_small(*n, min_n)).collect();
    let total = Sum { whole: None, parts: (0..counts.len()).collect() };
    spread(min_n, counts, &[total], &mut hidden);
    let why = |(n, is_hidden): (&u64, bool)| {
        is_hidden.then(|| if is_small(*n, min_n) { Hidden::Small } else { Hidden::Beside })
    };
    counts.iter().zip(hidden).map(why).collect()
}

/// Whether a group has cases, and fewer than are shown.
pub fn is_small(n: u64, min_n: u64) -> bool {
    n > 0 && n < min_n
}

/// Groups that add up to a total.
pub struct Sum {
    /// The group that they are parts of; `None` for the overall number, which is always shown.
    pub whole: Option<usize>,
    /// The groups.
    pub parts: Vec<usize>,
}

/// Hides more until every sum keeps what is hidden in it.
pub fn spread(min_n: u64, counts: &[u64], sums: &[Sum], hidden: &mut [bool]) {
    loop {
        let before = hidden.iter().filter(|hidden| **hidden).count();
        sums.iter().for_each(|sum| close(min_n, counts, sum, hidden));
        if hidden.iter().filter(|hidden| **hidden).count() == before {
            return;
        }
    }
}

fn close(min_n: u64, counts: &[u64], sum: &Sum, hidden: &mut [bool]) {
    let parts = || sum.parts.iter().copied().filter(|at| counts[*at] > 0);
    if sum.whole.is_some_and(|whole| hidden[whole]) {
        // What is known of its parts is known of it.
        parts().for_each(|at| hidden[at] = true);
        return;
    }
    let of_hidden = parts().filter(|at| hidden[*at]);
    let (mut groups, mut cases) = of_hidden.fold((0, 0), |(groups, n), at| (groups + 1, n + counts[at]));
    let is_open = |groups, cases| groups == 1 || groups > 0 && cases < min_n;
    if !is_open(groups, cases) {
        return;
    }
    let mut shown: Vec<usize> = parts().filter(|at| !hidden[*at]).collect();
    shown.sort_by_key(|at| (counts[*at], *at));
    for at in shown {
        hidden[at] = true;
        (groups, cases) = (groups + 1, cases + counts[at]);
        if !is_open(groups, cases) {
            return;
        }
    }
    // Nothing is left beside the hidden: the whole says what they are.
    if let Some(whole) = sum.whole {
        hidden[whole] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::Hidden::{Beside, Small};
    use super::hidden;

    #[test]
    fn a_small_group_is_never_hidden_alone() {
        assert_eq!(hidden(5, &[9, 4, 7, 7]), [None, Some(Small), Some(Beside), None]);
        assert_eq!(hidden(5, &[9, 4, 3]), [None, Some(Small), Some(Small)]);
        assert_eq!(
            hidden(5, &[9, 1, 3, 7]),
            [None, Some(Small), Some(Small), Some(Beside)],
            "4 in all are too few"
        );
        assert_eq!(hidden(5, &[4]), [Some(Small)]);
    }

    #[test]
    fn without_small_groups_nothing_is_hidden() {
        assert_eq!(hidden(5, &[5, 0, 6]), [None; 3]);
        assert_eq!(hidden(0, &[0, 1]), [None; 2]);
        assert_eq!(hidden(1, &[0, 1]), [None; 2]);
    }
}
