//! Sums of pairs of amounts and of their products, exact in integers, for a ratio and its variance.

/// Σ over customers of base x, of y and of their products. Amounts are in 1/10 000 of the currency: a sum of
/// squares over ten million customers of a million each stays below 2¹²⁷.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio {
    /// Customers.
    pub n: u64,
    /// Σx.
    pub base: i128,
    /// Σy.
    pub now: i128,
    /// Σx².
    pub base_base: i128,
    /// Σxy.
    pub base_now: i128,
    /// Σy².
    pub now_now: i128,
}

impl Ratio {
    /// Adds one customer.
    pub fn add(&mut self, base: i64, now: i64) {
        let (x, y) = (i128::from(base), i128::from(now));
        self.n += 1;
        self.base += x;
        self.now += y;
        self.base_base = self.base_base.saturating_add(x * x);
        self.base_now = self.base_now.saturating_add(x * y);
        self.now_now = self.now_now.saturating_add(y * y);
    }

    /// Adds the sums of another part.
    pub fn merge(&mut self, other: &Ratio) {
        self.n += other.n;
        self.base += other.base;
        self.now += other.now;
        self.base_base = self.base_base.saturating_add(other.base_base);
        self.base_now = self.base_now.saturating_add(other.base_now);
        self.now_now = self.now_now.saturating_add(other.now_now);
    }
}
