//! What answers of unequal weight are worth, and which of them belong to one customer. Exact in integers; it must not know
//! what a score means.

use std::collections::BTreeMap;

use super::Score;

/// A weight of one, in millionths.
pub const UNIT: u64 = 1_000_000;

/// A weight that answers share is kept this much finer, so that it comes out even for up to ten of them.
const FINER: u64 = 2_520;

/// How much an answer counts, and with which others it counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// In millionths.
    pub millionths: u64,
    /// Whose answer it is, where answers of one customer are not independent. Those of one customer follow each other.
    pub cluster: Option<u32>,
    /// Where a customer counts as one case, the number of their answers, which share the weight.
    pub shared: Option<u32>,
}

/// Weights by score, with the sums that an effective n takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weights {
    answers: u64,
    /// In units of [`Weights::unit`].
    by_score: BTreeMap<Score, u128>,
    /// Σw².
    squares: u128,
    clusters: Option<Clusters>,
    /// Whether a customer counts as one case.
    by_customer: bool,
}

/// Σ over customers of the products of what each gave to every two scores: with them the variance between customers is
/// known for whatever a score is taken to be worth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Clusters {
    count: u64,
    open: Option<(u32, BTreeMap<Score, u128>)>,
    products: BTreeMap<(Score, Score), u128>,
}

impl Weights {
    /// Adds an answer.
    pub fn add(&mut self, score: Score, weight: Weight) {
        let worth = weight.shared.map_or(u128::from(weight.millionths), |answers| {
            (u128::from(weight.millionths) * u128::from(FINER) / u128::from(answers.max(1))).max(1)
        });
        self.answers += 1;
        *self.by_score.entry(score).or_insert(0) += worth;
        // Weights of a thousand million, and many of them, come to more than fits.
        self.squares = self.squares.saturating_add(worth.saturating_mul(worth));
        self.by_customer |= weight.shared.is_some();
        if let Some(customer) = weight.cluster {
            self.clusters.get_or_insert_default().add(customer, score, worth);
        }
    }

    /// Adds the sums of another part, in which there is no customer of this one.
    pub fn merge(&mut self, other: &Weights) {
        for (score, worth) in &other.by_score {
            *self.by_score.entry(*score).or_insert(0) += worth;
        }
        self.answers += other.answers;
        self.squares = self.squares.saturating_add(other.squares);
        self.by_customer |= other.by_customer;
        if let Some(clusters) = &other.clusters {
            let own = self.clusters.get_or_insert_default();
            own.close();
            let mut closed = clusters.clone();
            closed.close();
            own.count += closed.count;
            for (pair, product) in closed.products {
                own.add_product(pair, product);
            }
        }
    }

    /// Ends what was open, so that nothing more can belong to it.
    pub fn settle(&mut self) {
        if let Some(clusters) = &mut self.clusters {
            clusters.close();
        }
    }

    /// Scores with their weights, from the lowest.
    pub fn scores(&self) -> impl Iterator<Item = (Score, f64)> + Clone + '_ {
        let unit = self.unit();
        self.by_score.iter().map(move |(score, worth)| (*score, *worth as f64 / unit))
    }

    /// What a weight of one is kept as.
    fn unit(&self) -> f64 {
        (if self.by_customer { UNIT * FINER } else { UNIT }) as f64
    }

    /// How many customers there are, where each counts as one case.
    pub fn customers(&self) -> Option<u64> {
        let open = |clusters: &Clusters| u64::from(clusters.open.is_some());
        self.clusters.as_ref().filter(|_| self.by_customer).map(|clusters| clusters.count + open(clusters))
    }

    /// What is known of the mean of `value`.
    pub fn spread(&self, value: impl Fn(Score) -> f64) -> Spread {
        let total = |of: &dyn Fn(Score) -> f64| -> f64 {
            self.scores().fold(0.0, |sum, (score, worth)| sum + worth * of(score))
        };
        let weight = total(&|_| 1.0);
        let squared = |worth: u128| worth as f64 / (self.unit() * self.unit());
        // From the first value on, so that equal ones have no variance to the last bit.
        let first = self.by_score.keys().next().map_or(0.0, |score| value(*score));
        let mean = first + total(&|score| value(score) - first) / weight;
        let from_mean = |score: Score| value(score) - mean;
        let clusters = self.clusters.as_ref().map(|clusters| {
            let mut clusters = clusters.clone();
            clusters.close();
            let of = |((one, other), product): (&(Score, Score), &u128)| {
                from_mean(*one) * from_mean(*other) * squared(*product)
            };
            (clusters.count, clusters.products.iter().fold(0.0, |sum, product| sum + of(product)))
        });
        Spread {
            answers: self.answers,
            weight,
            squares: squared(self.squares),
            variance: total(&|score| from_mean(score).powi(2)) / weight,
            clusters,
        }
    }
}

/// Sums of weighed answers about the mean of what they are worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// How many answers there are.
    pub answers: u64,
    /// Σw.
    pub weight: f64,
    /// Σw².
    pub squares: f64,
    /// The variance of one answer.
    pub variance: f64,
    /// How many customers there are, and Σ over them of the square of Σ w (value − mean).
    pub clusters: Option<(u64, f64)>,
}

impl Clusters {
    fn add(&mut self, customer: u32, score: Score, worth: u128) {
        if self.open.as_ref().is_none_or(|(open, _)| *open != customer || customer == u32::MAX) {
            self.close();
            self.open = Some((customer, BTreeMap::new()));
        }
        if let Some((_, given)) = &mut self.open {
            *given.entry(score).or_insert(0) += worth;
        }
    }

    fn close(&mut self) {
        let Some((_, given)) = self.open.take() else { return };
        self.count += 1;
        for (one, first) in &given {
            for (other, second) in &given {
                self.add_product((*one, *other), first.saturating_mul(*second));
            }
        }
    }

    fn add_product(&mut self, pair: (Score, Score), product: u128) {
        let known = self.products.entry(pair).or_insert(0);
        *known = known.saturating_add(product);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(answers: &[(i32, f64, Option<u32>)]) -> Weights {
        let mut weights = Weights::default();
        for (score, worth, cluster) in answers {
            let millionths = (worth * UNIT as f64) as u64;
            weights.add(Score::whole(*score), Weight { millionths, cluster: *cluster, shared: None });
        }
        weights
    }

    #[test]
    fn sums_are_about_the_weighted_mean() {
        // 1 of weight 1 and 5 of weight 3: mean 4, variance (9 + 3)/4.
        let spread = of(&[(1, 1.0, None), (5, 3.0, None)]).spread(Score::value);
        assert_eq!(spread, Spread { answers: 2, weight: 4.0, squares: 10.0, variance: 3.0, clusters: None });
        // Customer 1 gave 1 and 3, customer 2 gave 5 and 7: mean 4, deviations -4 and 4 in all.
        let two = [(1, 1.0, Some(1)), (3, 1.0, Some(1)), (5, 1.0, Some(2)), (7, 1.0, Some(2))];
        assert_eq!(of(&two).spread(Score::value).clusters, Some((2, 32.0)));
    }

    #[test]
    fn a_weight_that_answers_share_is_whole_again() {
        let mut weights = Weights::default();
        for (customer, answers) in [(1, 3), (2, 7), (3, 1)] {
            for score in 0..answers {
                let cluster = Some(customer);
                let weight = Weight { millionths: UNIT, cluster, shared: Some(answers) };
                weights.add(Score::whole(score as i32), weight);
            }
        }
        // Each of three customers is one case: 0 was given by 1/3, 1/7 and all of them.
        assert_eq!(weights.spread(|_| 1.0).weight, 3.0);
        assert!(
            (weights.spread(|score| f64::from(u8::from(score == Score::whole(0)))).variance - 0.249_937)
                .abs()
                < 1e-6
        );
        assert_eq!(weights.customers(), Some(3));
    }

    #[test]
    fn the_largest_weights_do_not_overflow() {
        let mut weights = Weights::default();
        let largest = Weight { millionths: 1_000_000_000 * UNIT, cluster: Some(1), shared: Some(1) };
        (0..100).for_each(|_| weights.add(Score::whole(9), largest));
        let whole = weights.clone();
        weights.merge(&whole);
        assert!(weights.spread(Score::value).weight == 2e11);
    }

    #[test]
    fn customers_of_unknown_name_are_each_their_own() {
        let unknown = [(9, 1.0, Some(u32::MAX)), (0, 1.0, Some(u32::MAX)), (9, 1.0, Some(u32::MAX))];
        let mut weights = of(&unknown);
        weights.by_customer = true;
        assert_eq!(weights.customers(), Some(3));
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let answers = [(9, 1.5, Some(1)), (3, 1.0, Some(1)), (10, 2.0, Some(2)), (0, 1.0, Some(3))];
        let mut whole = of(&answers);
        let (mut first, second) = (of(&answers[..2]), of(&answers[2..]));
        first.merge(&second);
        whole.settle();
        assert_eq!(first, whole);
    }
}
