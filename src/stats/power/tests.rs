//! What the searches and formulas do at their edges.

use super::*;

#[test]
fn what_cannot_be_planned_has_no_number() {
    for bad in [0.0, -0.1, f64::NAN] {
        assert_eq!(n_for_margin(0.5, bad, 0.95), None, "{bad}");
        assert_eq!(n_for_margin(bad, 0.05, 0.95), None, "{bad}");
        assert_eq!(n_for_score_interval(0.2, 0.5, bad, 0.95), None, "{bad}");
        assert_eq!(n_for_wilson(0.5, bad, 0.95), None, "{bad}");
        assert_eq!(in_population(bad, 10.0), None, "{bad}");
        assert_eq!(n_per_group(0.5, 0.5, 0.1, bad, 0.95), None, "{bad}");
        assert_eq!(detectable((0.5, bad), (0.5, 9.0), 0.8, 0.95), None, "{bad}");
    }
    assert_eq!(n_per_group(0.5, 0.5, 0.0, 0.8, 0.95), None);
    assert_eq!(detectable((0.0, 9.0), (0.0, 9.0), 0.8, 0.95), None);
    assert_eq!(n_for_score_interval(0.7, 0.7, 0.1, 0.95), None);
    assert_eq!(n_for_wilson(1.2, 0.1, 0.95), None);
    assert_eq!((shares_n_per_group(0.5, 0.5, 0.8, 0.95), shares_power(9.0, 0.0, 0.0, 0.95)), (None, None));
    assert_eq!(shares_n_per_group(-0.1, 0.5, 0.8, 0.95), None);
}

#[test]
fn one_answer_is_enough_for_any_margin_that_wide() {
    assert_eq!(n_for_wilson(0.5, 0.5, 0.95), Some(1.0));
    assert_eq!(n_for_score_interval(0.2, 0.5, 1.0, 0.95), Some(1.0));
}

#[test]
fn the_detectable_difference_undoes_the_number_per_group() {
    let n = n_per_group(0.61, 0.3, 0.08, 0.9, 0.9).unwrap();
    assert!((detectable((0.61, n), (0.3, n), 0.9, 0.9).unwrap() - 0.08).abs() < 1e-14);
    let n = shares_n_per_group(0.3, 0.36, 0.9, 0.9).unwrap();
    assert!((shares_power(n, 0.3, 0.36, 0.9).unwrap() - 0.9).abs() < 1e-14);
}
