//! The least that any program must do over the exports, as fast as safe Rust reasonably does it: the time
//! that `cxm` is held against. Three files are read, records split, fields typed, customers numbered, and the
//! columns that a report needs are kept. No metrics, no joins. Prints rows, customers, the sum of all values,
//! and seconds.
//!
//!     cargo bench --bench yardstick -- FOLDER [THREADS]
//!
//! Quotes are respected, but no line may end within them; such a line, a field that is not of its type, a
//! record of another width and a last line without its end stop the run.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "it prints, and stops where it cannot run")]

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// The bytes of a block before it is cut at line ends.
const BLOCK: u64 = 1 << 20;
/// The longest line, and the zeros after a block's text, so that whole words can be loaded at its end.
const LINE: usize = 1 << 16;
const PAD: usize = 64;
/// Stands in a column of times where the field is empty.
const NEVER: i64 = i64::MIN;

/// What the fields of a column are turned into.
#[derive(Clone, Copy)]
enum Type {
    Hash,
    Customer,
    Time,
    TimeOrNone,
    Word,
    Count,
    Amount,
}

use Type::{Amount, Count, Customer, Hash, Time, TimeOrNone, Word};

const SURVEYS: &[(&str, Type)] = &[
    ("response_id", Hash),
    ("customer_id", Customer),
    ("responded_at", Time),
    ("metric", Word),
    ("score", Count),
    ("channel", Word),
    ("stage", Word),
];
const TICKETS: &[(&str, Type)] = &[
    ("ticket_id", Hash),
    ("customer_id", Customer),
    ("created_at", Time),
    ("first_reply_at", TimeOrNone),
    ("resolved_at", TimeOrNone),
    ("status", Word),
    ("channel", Word),
    ("reopens", Count),
    ("handled_by", Word),
];
const PURCHASES: &[(&str, Type)] = &[
    ("order_id", Hash),
    ("customer_id", Customer),
    ("purchased_at", Time),
    ("amount", Amount),
    ("currency", Word),
    ("channel", Word),
];

/// A column as it is kept. Words and customers are codes: of their block, and once it is merged of all.
enum Column {
    Hashes(Vec<u64>),
    Customers(Vec<u32>),
    Integers(Vec<i64>),
    Words(Vec<u8>),
    Small(Vec<u8>),
}

impl Column {
    fn sum(&self) -> u64 {
        let add = |sum: u64, value| sum.wrapping_add(value);
        match self {
            Self::Hashes(values) => values.iter().copied().fold(0, add),
            Self::Customers(values) => values.iter().map(|&value| value.into()).fold(0, add),
            Self::Integers(values) => values.iter().map(|&value| value as u64).fold(0, add),
            Self::Words(bytes) | Self::Small(bytes) => bytes.iter().map(|&byte| byte.into()).fold(0, add),
        }
    }
}

/// An open file, its size, the end of its header, the width of its records, and the wanted fields' places.
struct Export {
    file: File,
    size: u64,
    body: u64,
    width: usize,
    wanted: Vec<(usize, Type)>,
}

impl Export {
    fn open(path: &Path, columns: &[(&str, Type)]) -> Self {
        let file = File::open(path).expect("an export");
        let size = file.metadata().expect("a size").len();
        let mut head = vec![0; LINE];
        let read = file.read_at(&mut head, 0).expect("a header");
        let end = memchr::memchr(b'\n', &head[..read]).expect("a line end");
        let header = str::from_utf8(&head[..end]).expect("a header in UTF-8").trim_end();
        let names: Vec<&str> = header.split(',').collect();
        let place = |name| names.iter().position(|other| *other == name).expect("a column");
        let wanted = columns.iter().map(|&(name, kind)| (place(name), kind)).collect();
        Self { file, size, body: end as u64 + 1, width: names.len(), wanted }
    }

    fn blocks(&self) -> u64 {
        (self.size - self.body).div_ceil(BLOCK)
    }

    /// Reads the lines that begin in one block into the buffer, and pads them; gives their place in it.
    fn read(&self, block: u64, buffer: &mut [u8]) -> (usize, usize) {
        let begin = self.body + block * BLOCK - 1;
        let wanted = (self.size - begin).min(BLOCK + LINE as u64) as usize;
        self.file.read_exact_at(&mut buffer[..wanted], begin).expect("a block");
        let after = |from| {
            let more = memchr::memchr(b'\n', &buffer[from..wanted]);
            from + more.expect("lines of 64 KiB at most, each with its end") + 1
        };
        let start = after(0);
        let end = if wanted as u64 > BLOCK { after(BLOCK as usize) } else { wanted };
        buffer[end..end + PAD].fill(0);
        (start, end)
    }
}

/// One bit for each of 64 bytes: whether `is` holds. In two steps, so that many bytes are compared at once.
#[inline]
fn bits(bytes: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0; 64];
    for (flag, &byte) in flags.iter_mut().zip(bytes) {
        *flag = u8::from(is(byte));
    }
    // The product's highest byte holds the lowest bit of each of the eight.
    let product = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080);
    flags.as_chunks().0.iter().fold(0, |bits, eight| bits >> 8 | product(eight) >> 56 << 56)
}

/// Puts the place of every separator outside quotes in order into `ends`, and gives their number.
fn split(text: &[u8], ends: &mut [u32]) -> usize {
    let (mut count, mut inside) = (0, 0_u64);
    let quoted = memchr::memchr(b'"', text).is_some();
    for (index, bytes) in text.as_chunks().0.iter().enumerate() {
        let mut separators = bits(bytes, |byte| (byte == b',') | (byte == b'\n'));
        if quoted {
            // A bit is set from an opening quote up to its closing one; doubled quotes close and open again.
            let mut open = bits(bytes, |byte| byte == b'"');
            for shift in [1, 2, 4, 8, 16, 32] {
                open ^= open << shift;
            }
            open ^= inside;
            inside = ((open as i64) >> 63) as u64;
            separators &= !open;
        }
        let found = separators.count_ones() as usize;
        // Eight at a time, wanted or not: a branch on their very number would be guessed wrong too often.
        for eight in ends[count..].as_chunks_mut::<8>().0.iter_mut().take(found.div_ceil(8)) {
            for end in eight {
                *end = (index * 64) as u32 + separators.trailing_zeros();
                separators &= separators.wrapping_sub(1);
            }
        }
        count += found;
    }
    assert!(inside == 0, "a line end within quotes");
    count
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::with_seed(0).build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// Names by number, in the order of their first appearance.
#[derive(Default)]
struct Names {
    codes: HashTable<u32>,
    hashes: Vec<u64>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Names {
    fn name(&self, code: u32) -> &[u8] {
        let from = if code == 0 { 0 } else { self.ends[code as usize - 1] };
        &self.bytes[from as usize..self.ends[code as usize] as usize]
    }

    #[inline]
    fn code(&mut self, name: &[u8], hash: u64) -> u32 {
        if let Some(&code) = self.codes.find(hash, |&code| self.name(code) == name) {
            return code;
        }
        let code = self.hashes.len() as u32;
        self.codes.insert_unique(hash, code, |&other| self.hashes[other as usize]);
        self.hashes.push(hash);
        self.bytes.extend_from_slice(name);
        self.ends.push(u32::try_from(self.bytes.len()).expect("4 GiB of names at most"));
        code
    }
}

/// Few and short names, fewer than 256 and of fifteen bytes at most, which are one number to compare.
struct Words {
    /// One more than the code of a word, at its place or the next free one; so many that few clash.
    slots: [u8; 4096],
    keys: Vec<u128>,
}

impl Words {
    fn new() -> Self {
        Self { slots: [0; 4096], keys: Vec::new() }
    }

    #[inline]
    fn code(&mut self, key: u128) -> u8 {
        let halves = key as u64 ^ (key >> 64) as u64;
        let mut place = (halves.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize;
        loop {
            let taken = &mut self.slots[place % 4096];
            if *taken == 0 {
                self.keys.push(key);
                *taken = u8::try_from(self.keys.len()).expect("255 words at most");
            }
            if self.keys[usize::from(*taken - 1)] == key {
                return *taken - 1;
            }
            place += 1;
        }
    }
}

/// The bytes of a short field as one number: those that follow it are masked away.
#[inline]
fn key(text: &[u8], from: usize, length: usize) -> u128 {
    const MASKS: [u128; 16] = {
        let mut masks = [0; 16];
        let mut length = 0;
        while length < 16 {
            masks[length] = (1 << (8 * length)) - 1;
            length += 1;
        }
        masks
    };
    let mask = MASKS.get(length).expect("a word of fifteen bytes at most");
    u128::from_le_bytes(*text[from..].first_chunk().expect("padding")) & mask
}

fn eight(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(*bytes.first_chunk().expect("eight bytes"))
}

/// The two-digit numbers at the zeros of `shape`, in their first digits' bytes; other bytes must be equal.
#[inline]
fn pairs(bytes: &[u8], shape: &[u8; 8]) -> Option<u64> {
    let digits = eight(bytes) ^ eight(shape);
    let most = eight(&shape.map(|byte| if byte == b'0' { 0x76 } else { 0x7f }));
    let wrong = (digits | digits.wrapping_add(most)) & 0x8080_8080_8080_8080;
    (wrong == 0).then(|| digits.wrapping_mul(10).wrapping_add(digits >> 8))
}

/// Microseconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`.
#[inline]
fn time(field: &[u8]) -> Option<i64> {
    const DAYS: [i64; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let field: &[u8; 20] = field.try_into().ok()?;
    let date = pairs(field, b"0000-00-")?.to_le_bytes().map(i64::from);
    let clock = pairs(&field[8..], b"00T00:00")?.to_le_bytes().map(i64::from);
    let second = i64::from(pairs(&field[12..], b"0:00:00Z")?.to_le_bytes()[5]);
    let (year, month, day) = (date[0] * 100 + date[2], date[5], clock[0]);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = DAYS.get(month as usize)? + i64::from(leap && month == 2);
    if day == 0 || day > last || clock[3] > 23 || clock[6] > 59 || second > 59 {
        return None;
    }
    // Years from March on put the leap day last; counted from 400 years before year 0, they stay positive.
    let (year, month) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 865_566;
    Some((((days * 24 + clock[3]) * 60 + clock[6]) * 60 + second) * 1_000_000)
}

/// Ten-thousandths of `-123.45`: four decimals at most.
#[inline]
fn amount(field: &[u8]) -> Option<i64> {
    let (sign, digits) = if let [b'-', rest @ ..] = field { (-1, rest) } else { (1, field) };
    let (mut value, mut decimals) = (0_i64, None);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?,
            b'.' if decimals.is_none() => {}
            _ => return None,
        }
        decimals = if byte == b'.' { Some(0) } else { decimals.map(|many: usize| many + 1) };
    }
    let scale = [10_000, 1_000, 100, 10, 1].get(decimals.unwrap_or(0))?;
    (digits.len() > usize::from(decimals.is_some())).then_some(())?;
    value.checked_mul(sign * scale)
}

fn count(field: &[u8]) -> Option<u8> {
    match *field {
        [one @ b'0'..=b'9'] => Some(one - b'0'),
        [ten @ b'1'..=b'9', one @ b'0'..=b'9'] => Some((ten - b'0') * 10 + one - b'0'),
        _ => None,
    }
}

/// A block's text and the ends of its fields, a record's in a row.
struct Records<'a> {
    text: &'a [u8],
    ends: &'a [u32],
    width: usize,
}

impl Records<'_> {
    /// What `parse` makes of one field of every record; it is given the field's span in the text.
    #[inline]
    fn column<T>(&self, place: usize, mut parse: impl FnMut(usize, usize) -> T) -> Vec<T> {
        let mut next = 0;
        let value = |record: &[u32]| {
            let from = if place == 0 { next } else { record[place - 1] as usize + 1 };
            let to = record[place] as usize;
            next = record[self.width - 1] as usize + 1;
            if self.text[from] == b'"' { parse(from + 1, to - 1) } else { parse(from, to) }
        };
        self.ends.chunks_exact(self.width).map(value).collect()
    }

    /// A column whose fields need nothing but themselves.
    #[inline]
    fn typed<T>(&self, place: usize, parse: impl Fn(&[u8]) -> Option<T>) -> Vec<T> {
        self.column(place, |from, to| parse(&self.text[from..to]).expect("a field of its column's type"))
    }

    /// Every record must end in a line end, and no other field may.
    fn check(&self) {
        let lines = memchr::memchr_iter(b'\n', self.text).count();
        let ended = |record: &[u32]| self.text[record[self.width - 1] as usize] == b'\n';
        let whole = self.ends.chunks_exact(self.width).all(ended);
        assert!(whole && lines * self.width == self.ends.len(), "records of the header's width");
    }
}

/// The typed columns of a block, the names its codes stand for, and the sum of its values once it is merged.
struct Batch {
    columns: Vec<Column>,
    customers: Names,
    words: Vec<u128>,
    rows: usize,
    sum: u64,
}

impl Batch {
    fn new(records: &Records, wanted: &[(usize, Type)]) -> Self {
        let rows = records.ends.len() / records.width;
        // Room for a block's names from the start: growing step by step would hash most of them twice.
        let mut customers = Names { codes: HashTable::with_capacity(rows / 2), ..Names::default() };
        let mut words = Words::new();
        let column = |&(place, kind): &(usize, Type)| match kind {
            Hash => Column::Hashes(records.typed(place, |field| Some(hash(field)))),
            Time => Column::Integers(records.typed(place, time)),
            TimeOrNone => {
                let parse = |field: &[u8]| if field.is_empty() { Some(NEVER) } else { time(field) };
                Column::Integers(records.typed(place, parse))
            }
            Amount => Column::Integers(records.typed(place, amount)),
            Count => Column::Small(records.typed(place, count)),
            Word => Column::Words(records.column(place, |from, to| {
                let key = key(records.text, from, to - from);
                words.code(key)
            })),
            Customer => Column::Customers(records.column(place, |from, to| {
                let name = &records.text[from..to];
                customers.code(name, hash(name))
            })),
        };
        let columns = wanted.iter().map(column).collect();
        Self { columns, customers, words: words.keys, rows, sum: 0 }
    }

    /// Turns the codes of this block into those of all files, whose names grow by what is new in this block.
    fn recode(&mut self, customers: &mut Names, words: &mut Words) {
        let local = std::mem::take(&mut self.customers);
        let name = |(code, &hash)| customers.code(local.name(code as u32), hash);
        let people: Vec<u32> = local.hashes.iter().enumerate().map(name).collect();
        let mut small = [0; 256];
        for (code, &key) in small.iter_mut().zip(&self.words) {
            *code = words.code(key);
        }
        for column in &mut self.columns {
            match column {
                Column::Customers(codes) => codes.iter_mut().for_each(|code| *code = people[*code as usize]),
                Column::Words(codes) => codes.iter_mut().for_each(|code| *code = small[*code as usize]),
                _ => {}
            }
            self.sum = self.sum.wrapping_add(column.sum());
        }
    }
}

/// The batches that wait for an earlier one, and what is merged of all before.
struct Merge {
    waiting: Mutex<BTreeMap<usize, Batch>>,
    merged: Mutex<Merged>,
}

struct Merged {
    customers: Names,
    words: Words,
    batches: Vec<Batch>,
}

impl Merge {
    fn put(&self, index: usize, batch: Batch) {
        self.waiting.lock().expect("no panic").insert(index, batch);
        self.advance();
    }

    /// Merges what is next unless another thread is at it: in the order of the blocks, whatever the threads.
    fn advance(&self) {
        let Ok(mut merged) = self.merged.try_lock() else { return };
        let Merged { customers, words, batches } = &mut *merged;
        let waiting = |index| self.waiting.lock().expect("no panic").remove(&index);
        while let Some(mut batch) = waiting(batches.len()) {
            batch.recode(customers, words);
            batches.push(batch);
        }
    }
}

/// One thread's work: blocks until none are left.
fn work(exports: &[Export], blocks: &[(usize, u64)], next: &AtomicUsize, merge: &Merge) {
    let mut buffer = vec![0; BLOCK as usize + LINE + PAD];
    let mut ends = vec![0; buffer.len() + 8];
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(&(export, block)) = blocks.get(index) else { return };
        let export = &exports[export];
        let (start, end) = export.read(block, &mut buffer);
        let count = split(&buffer[start..end + PAD], &mut ends);
        let records = Records { text: &buffer[start..end + PAD], ends: &ends[..count], width: export.width };
        records.check();
        merge.put(index, Batch::new(&records, &export.wanted));
    }
}

fn main() {
    let begun = Instant::now();
    // The flags are those that cargo gives to every benchmark.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(folder) = arguments.next() else {
        println!("usage: cargo bench --bench yardstick -- FOLDER [THREADS]");
        return;
    };
    let threads = arguments.next().map_or(2, |threads| threads.parse().expect("a number of threads"));
    let exports = [("surveys.csv", SURVEYS), ("tickets.csv", TICKETS), ("purchases.csv", PURCHASES)]
        .map(|(name, columns)| Export::open(&Path::new(&folder).join(name), columns));
    let numbered = exports.iter().enumerate();
    let blocks: Vec<_> =
        numbered.flat_map(|(at, export)| (0..export.blocks()).map(move |block| (at, block))).collect();
    let merged = Merged { customers: Names::default(), words: Words::new(), batches: Vec::new() };
    let merge = Merge { waiting: Mutex::default(), merged: Mutex::new(merged) };
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| work(&exports, &blocks, &next, &merge));
        }
        work(&exports, &blocks, &next, &merge);
    });
    merge.advance();
    let Merged { customers, batches, .. } = merge.merged.into_inner().expect("no panic");
    let rows: usize = batches.iter().map(|batch| batch.rows).sum();
    let sum = batches.iter().fold(0_u64, |sum, batch| sum.wrapping_add(batch.sum));
    let seconds = begun.elapsed().as_secs_f64();
    println!("rows {rows} customers {} sum {sum:016x} seconds {seconds:.3}", customers.hashes.len());
}
