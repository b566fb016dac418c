//! Which channels each customer used, in memory that grows with what they did and not with the number of channels.

use hashbrown::HashSet;

/// The channels of all customers.
#[derive(Debug)]
pub enum Channels {
    /// Up to 64 channels: a bit each, by customer.
    Few(Vec<u64>),
    /// More: the pairs that occurred, and how many each customer has.
    Many {
        /// Customer and channel.
        pairs: HashSet<(u32, u32), foldhash::fast::FixedState>,
        /// By customer.
        used: Vec<u32>,
    },
}

impl Channels {
    /// Nothing used yet.
    pub fn new(customers: usize, channels: usize) -> Self {
        if channels <= 64 {
            Channels::Few(vec![0; customers])
        } else {
            Channels::Many { pairs: HashSet::default(), used: vec![0; customers] }
        }
    }

    /// The customer used the channel.
    pub fn add(&mut self, customer: u32, channel: u32) {
        match self {
            Channels::Few(bits) => {
                if let Some(bits) = bits.get_mut(customer as usize) {
                    *bits |= 1 << (channel % 64);
                }
            }
            Channels::Many { pairs, used } => {
                let is_new = pairs.insert((customer, channel));
                if let Some(used) = used.get_mut(customer as usize).filter(|_| is_new) {
                    *used += 1;
                }
            }
        }
    }

    /// How many channels the customer used.
    pub fn used(&self, customer: u32) -> u32 {
        let customer = customer as usize;
        match self {
            Channels::Few(bits) => bits.get(customer).map_or(0, |bits| bits.count_ones()),
            Channels::Many { used, .. } => used.get(customer).copied().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Channels;

    #[test]
    fn a_channel_used_twice_is_one_however_many_there_are() {
        for channels in [3, 64, 65, 1000] {
            let mut known = Channels::new(2, channels);
            for channel in [2, 1, 2, 1] {
                known.add(1, channel);
            }
            assert_eq!([known.used(0), known.used(1), known.used(9)], [0, 2, 0], "{channels}");
        }
    }
}
