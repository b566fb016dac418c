//! Which groups are too small to show, and which others would give them away. It must not know what is shown of them.

/// Why a group is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// It has too few cases.
    Small,
    /// It stands beside the only one that has too few.
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

/// Which groups of one total are hidden, by their numbers of cases: those of fewer than `min_n`; and where that is just
/// one, the next smallest too, since one alone could be computed back from the total. Without cases there is nothing to
/// hide.
pub fn hidden(min_n: u64, counts: &[u64]) -> Vec<Option<Hidden>> {
    let is_small = |n: u64| n > 0 && n < min_n;
    let small = counts.iter().filter(|n| is_small(**n)).count();
    let large = (0..counts.len()).filter(|at| counts[*at] > 0 && !is_small(counts[*at]));
    let next = large.min_by_key(|at| counts[*at]).filter(|_| small == 1);
    let why = |(at, n): (usize, &u64)| {
        let beside = (next == Some(at)).then_some(Hidden::Beside);
        if is_small(*n) { Some(Hidden::Small) } else { beside }
    };
    counts.iter().enumerate().map(why).collect()
}

#[cfg(test)]
mod tests {
    use super::Hidden::{Beside, Small};
    use super::hidden;

    #[test]
    fn a_small_group_is_never_hidden_alone() {
        assert_eq!(hidden(5, &[9, 4, 7, 7]), [None, Some(Small), Some(Beside), None]);
        assert_eq!(hidden(5, &[9, 4, 3]), [None, Some(Small), Some(Small)]);
        assert_eq!(hidden(5, &[4]), [Some(Small)]);
    }

    #[test]
    fn without_small_groups_nothing_is_hidden() {
        assert_eq!(hidden(5, &[5, 0, 6]), [None; 3]);
        assert_eq!(hidden(0, &[0, 1]), [None; 2]);
        assert_eq!(hidden(1, &[0, 1]), [None; 2]);
    }
}
