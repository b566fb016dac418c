//! The streams in a compound file, as old programs of Office write it; it must not know what they hold.

/// From here on a number of a sector stands for something else.
const LAST: u32 = 0xffff_fffa;

/// Streams shorter than this share sectors.
const SHORT: u64 = 4096;

/// The bytes of a shared sector.
const MINI: usize = 64;

/// The stream of one of these names; none if the file is damaged or has no such stream.
pub fn stream(file: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let size = match number(file, 30, 2)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let sectors = Sectors { bytes: file.get(size..)?, size };
    let chains = sectors.table(file)?;
    let folder = sectors.chain(number(file, 48, 4)? as u32, &chains)?;
    let entries = || folder.as_chunks::<128>().0.iter();
    let named = |entry: &&[u8; 128]| names.iter().any(|name| is_called(entry, name));
    let entry = entries().find(named)?;
    let (start, length) = (number(entry, 116, 4)? as u32, number(entry, 120, 4)?);
    let mut stream = if length < SHORT {
        let root = entries().next()?;
        let bytes = sectors.chain(number(root, 116, 4)? as u32, &chains)?;
        let table = sectors.chain(number(file, 60, 4)? as u32, &chains)?;
        Sectors { bytes: &bytes, size: MINI }.chain(start, &numbers(&table))?
    } else {
        sectors.chain(start, &chains)?
    };
    stream.truncate(usize::try_from(length).ok()?);
    Some(stream)
}

struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl Sectors<'_> {
    /// A sector, of which the last may be cut off.
    fn sector(&self, place: u32) -> Option<&[u8]> {
        let start = (place as usize).checked_mul(self.size)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        Some(rest.get(..self.size).unwrap_or(rest))
    }

    /// The sectors from `start` on, one behind the other.
    fn chain(&self, start: u32, chains: &[u32]) -> Option<Vec<u8>> {
        let (mut bytes, mut place) = (Vec::new(), start);
        while place < LAST {
            // A chain that is longer than the file goes in circles.
            if bytes.len() > self.bytes.len() {
                return None;
            }
            bytes.extend_from_slice(self.sector(place)?);
            place = *chains.get(place as usize)?;
        }
        Some(bytes)
    }

    /// Which sector follows which. The sectors that say so are listed in the head, and beyond it in further sectors.
    fn table(&self, file: &[u8]) -> Option<Vec<u32>> {
        let mut listed = numbers(file.get(76..512)?);
        let mut next = number(file, 68, 4)? as u32;
        let most = self.bytes.len() / self.size + 1;
        while next < LAST && listed.len() <= most {
            let mut more = numbers(self.sector(next)?);
            next = more.pop()?;
            listed.extend(more);
        }
        let mut table = Vec::new();
        for place in listed.into_iter().filter(|place| *place < LAST).take(most) {
            table.extend(numbers(self.sector(place)?));
        }
        Some(table)
    }
}

fn is_called(entry: &[u8; 128], name: &str) -> bool {
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect();
    entry.starts_with(&units)
}

/// The number in `count` bytes, the lowest first.
pub fn number(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(count)?)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
}
