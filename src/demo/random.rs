//! A small seeded generator of whole numbers (SplitMix64), equal on every platform; it knows nothing of exports.

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers fixed by a seed and the number of the stream.
pub struct Random(u64);

impl Random {
    /// Stream `stream` of `seed`: neighbouring streams have nothing in common.
    pub fn new(seed: u64, stream: u64) -> Self {
        Random(scramble(scramble(seed.wrapping_add(STEP)) ^ stream.wrapping_mul(STEP)))
    }

    /// A number in `0..bound`, or 0 where the bound is not positive.
    pub fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(STEP);
        let wide = u128::from(scramble(self.0)) * u128::from(bound.max(0).unsigned_abs());
        (wide >> 64) as i64
    }

    /// A number in `low..high`, or `low` where that is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low)
    }

    /// A number in `-width..=width` that is most often near 0.
    pub fn about_zero(&mut self, width: i64) -> i64 {
        self.below(width + 1) - self.below(width + 1)
    }

    /// True `share` times in a thousand.
    pub fn chance(&mut self, share: i64) -> bool {
        self.below(1000) < share
    }

    /// One of the choices, each as likely.
    pub fn pick<'a, T, const N: usize>(&mut self, choices: &'a [T; N]) -> &'a T {
        const { assert!(N > 0) };
        &choices[self.below(N as i64) as usize]
    }

    /// One of the choices, each as likely as its weight is heavy.
    pub fn weighted<'a, T, const N: usize>(&mut self, choices: &'a [(i64, T); N]) -> &'a T {
        const { assert!(N > 0) };
        let mut left = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            if left < *weight {
                return choice;
            }
            left -= weight;
        }
        &choices[0].1
    }
}

fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_repeats_itself_and_no_other() {
        let draw = |seed, stream| -> Vec<i64> {
            let mut random = Random::new(seed, stream);
            (0..8).map(|_| random.below(1 << 40)).collect()
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 1));
    }

    #[test]
    fn numbers_fill_their_range_and_stay_in_it() {
        let mut random = Random::new(7, 0);
        let mut seen = [0; 6];
        for _ in 0..6000 {
            seen[random.below(6) as usize] += 1;
        }
        assert!(seen.iter().all(|&n| (850..1150).contains(&n)), "{seen:?}");
        assert!((0..1000).all(|_| (-3..=3).contains(&random.about_zero(3))));
        assert_eq!((random.below(0), random.between(5, 5), random.below(-4)), (0, 5, 0));
    }

    #[test]
    fn weights_decide() {
        let mut random = Random::new(7, 1);
        let heavy = (0..1000).filter(|_| *random.weighted(&[(9, true), (0, true), (1, false)])).count();
        assert!((850..950).contains(&heavy), "{heavy}");
    }
}
