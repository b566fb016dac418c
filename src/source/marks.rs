//! The bytes of a chunk that may end something, found many at a time; it must not know what a record is.

use std::ops::Range;

use wide::u8x16;

/// The places in a chunk that may end something: each delimiter, quote and LF, in order.
///
/// Once they are read, the places of a record become the ends of its fields, which are never more.
#[derive(Debug, Default)]
pub struct Marks {
    pub(super) places: Vec<u32>,
    /// How many of the places are of this chunk.
    pub(super) count: usize,
    /// The places that are of a quote or an LF, by their number.
    pub(super) stops: Vec<u32>,
}

/// Bytes that are looked at together.
const BLOCK: usize = 64;

impl Marks {
    /// Finds the marks of `bytes`, of which there must be less than 4 GiB.
    pub fn find(&mut self, bytes: &[u8], delimiter: u8) {
        self.count = 0;
        self.stops.clear();
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut tail = [0; BLOCK];
        tail[..rest.len()].copy_from_slice(rest);
        for (block, start) in blocks.iter().chain([&tail]).zip((0u32..).step_by(BLOCK)) {
            self.add(hits(block, delimiter), start);
        }
    }

    /// Moves some of the places down to `to`, and gives the place behind them.
    pub(super) fn shift(&mut self, from: Range<usize>, to: usize) -> usize {
        let end = to + from.len();
        if to != from.start {
            self.places.copy_within(from, to);
        }
        end
    }

    /// Adds the places of a block's marks.
    ///
    /// Eight at a time, wanted or not: how many marks a block holds cannot be foreseen, and a branch for each costs
    /// more than writing places that the next block overwrites.
    #[inline(always)]
    fn add(&mut self, Hits { mut all, mut stops }: Hits, start: u32) {
        while stops != 0 {
            let before = all & (stops & stops.wrapping_neg()).wrapping_sub(1);
            self.stops.push((self.count + before.count_ones() as usize) as u32);
            stops &= stops - 1;
        }
        // One more, for the end of a last record without a line end.
        if self.places.len() <= self.count + BLOCK {
            self.places.resize((self.count + BLOCK + 1).next_power_of_two(), 0);
        }
        let found = all.count_ones() as usize;
        let eights = self.places[self.count..].as_chunks_mut::<8>().0;
        for eight in eights.iter_mut().take(found.div_ceil(8)) {
            for place in eight {
                *place = start.wrapping_add(all.trailing_zeros());
                all &= all.wrapping_sub(1);
            }
        }
        self.count += found;
    }
}

/// Calls `each` with every place of a byte, in order.
///
/// Where the byte is frequent, this is faster than a search that starts anew behind each.
pub(super) fn each_place(bytes: &[u8], byte: u8, mut each: impl FnMut(usize)) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (block, start) in blocks.iter().zip((0..).step_by(BLOCK)) {
        let mut equal = bits(block, |bytes| bytes.simd_eq(u8x16::splat(byte)));
        while equal != 0 {
            each(start + equal.trailing_zeros() as usize);
            equal &= equal - 1;
        }
    }
    let start = bytes.len() - rest.len();
    rest.iter().zip(start..).filter(|(other, _)| **other == byte).for_each(|(_, at)| each(at));
}

/// A bit for each byte of a block that `is` sets.
#[inline(always)]
fn bits(block: &[u8; BLOCK], is: impl Fn(u8x16) -> u8x16) -> u64 {
    let sixteens = block.as_chunks::<16>().0.iter().zip((0..).step_by(16));
    sixteens.fold(0, |bits, (bytes, shift)| bits | u64::from(is(u8x16::new(*bytes)).to_bitmask()) << shift)
}

/// A bit for each byte of a block that is a mark, and for each that is a quote or an LF.
#[derive(Debug, Clone, Copy)]
struct Hits {
    all: u64,
    stops: u64,
}

#[inline(always)]
fn hits(block: &[u8; BLOCK], delimiter: u8) -> Hits {
    let [delimiter, quote, line_end] = [delimiter, b'"', b'\n'].map(u8x16::splat);
    let stops = bits(block, |bytes| bytes.simd_eq(quote) | bytes.simd_eq(line_end));
    Hits { all: stops | bits(block, |bytes| bytes.simd_eq(delimiter)), stops }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(bytes: &[u8], wanted: &[u8]) -> Vec<u32> {
        (0..bytes.len() as u32).filter(|at| wanted.contains(&bytes[*at as usize])).collect()
    }

    #[test]
    fn every_place_of_a_byte_is_told() {
        for length in 0..200 {
            let bytes: Vec<u8> =
                (0..length).map(|at| if at % 7 == 3 || at > 150 { b'"' } else { b'x' }).collect();
            let mut told = Vec::new();
            each_place(&bytes, b'"', |at| told.push(at as u32));
            assert_eq!(told, places(&bytes, b"\""));
        }
    }

    #[test]
    fn every_mark_is_found_in_every_place() {
        for shift in 0..64 {
            let bytes: Vec<u8> =
                std::iter::repeat_n(b'x', shift).chain((0..=255).flat_map(|b| [b, b'x', b, b])).collect();
            let mut marks = Marks::default();
            marks.find(&bytes, b';');
            assert_eq!(marks.places[..marks.count], places(&bytes, b";\n\""));
            let stops: Vec<u32> = marks.stops.iter().map(|stop| marks.places[*stop as usize]).collect();
            assert_eq!(stops, places(&bytes, b"\n\""));
        }
        let mut marks = Marks::default();
        marks.find(&[b';'; 200], b';');
        assert_eq!(marks.places[..marks.count], (0..200).collect::<Vec<u32>>());
        assert!(marks.places.len() > marks.count);
    }
}
