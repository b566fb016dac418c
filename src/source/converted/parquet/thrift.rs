//! The headers of Parquet's pages: structures in Thrift's compact form. It must not know what a page holds.

use std::collections::BTreeMap;

/// How deep structures may lie in each other.
const DEEPEST: usize = 16;

/// What is read of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Whole(i64),
    Flag(bool),
    Struct(Struct),
    /// Something else, which no header of a page needs.
    Other,
}

/// The fields of a structure by their numbers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Struct(BTreeMap<i64, Value>);

impl Struct {
    /// A whole number.
    pub fn whole(&self, field: i64) -> Option<i64> {
        match self.0.get(&field) {
            Some(Value::Whole(number)) => Some(*number),
            _ => None,
        }
    }

    /// A whole number that counts something.
    pub fn count(&self, field: i64) -> Option<u32> {
        self.whole(field)?.try_into().ok()
    }

    /// True or false.
    pub fn flag(&self, field: i64) -> Option<bool> {
        match self.0.get(&field) {
            Some(Value::Flag(is)) => Some(*is),
            _ => None,
        }
    }

    /// A structure within this one.
    pub fn inner(&self, field: i64) -> Option<&Struct> {
        match self.0.get(&field) {
            Some(Value::Struct(inner)) => Some(inner),
            _ => None,
        }
    }
}

/// The structure that `bytes` begin with, which they are then behind; none if it is damaged.
pub fn read(bytes: &mut &[u8]) -> Option<Struct> {
    structure(bytes, 0)
}

fn structure(bytes: &mut &[u8], depth: usize) -> Option<Struct> {
    let (mut fields, mut last) = (BTreeMap::new(), 0_i64);
    if depth > DEEPEST {
        return None;
    }
    loop {
        let head = byte(bytes)?;
        if head == 0 {
            return Some(Struct(fields));
        }
        last = match head >> 4 {
            0 => signed(bytes)?,
            step => last.checked_add(i64::from(step))?,
        };
        let value = match head & 15 {
            1 => Value::Flag(true),
            2 => Value::Flag(false),
            kind => value(bytes, kind, depth)?,
        };
        fields.insert(last, value);
    }
}

fn value(bytes: &mut &[u8], kind: u8, depth: usize) -> Option<Value> {
    Some(match kind {
        // In a list; in a structure the kind itself says which.
        1 | 2 => Value::Flag(byte(bytes)? == 1),
        3 => Value::Whole(i64::from(byte(bytes)? as i8)),
        4..=6 => Value::Whole(signed(bytes)?),
        7 => skip(bytes, 8)?,
        8 => {
            let length = unsigned(bytes)?;
            skip(bytes, length)?
        }
        9 | 10 => {
            let head = byte(bytes)?;
            let count = if head >> 4 == 15 { unsigned(bytes)? } else { u64::from(head >> 4) };
            for _ in 0..count {
                value(bytes, head & 15, depth + 1)?;
            }
            Value::Other
        }
        12 => Value::Struct(structure(bytes, depth + 1)?),
        _ => return None,
    })
}

fn skip(bytes: &mut &[u8], length: u64) -> Option<Value> {
    *bytes = bytes.get(usize::try_from(length).ok()?..)?;
    Some(Value::Other)
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

fn unsigned(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let part = byte(bytes)?;
        number |= u64::from(part & 127) << shift;
        if part < 128 {
            return Some(number);
        }
    }
    None
}

fn signed(bytes: &mut &[u8]) -> Option<i64> {
    let number = unsigned(bytes)?;
    Some((number >> 1) as i64 ^ -((number & 1) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_numbers() {
        // 1: 0, 2: 300, 5: { 1: 7, 2: [1, 2], 4: true, 6: "ab" }, and a byte that follows.
        let bytes = [
            0x15, 0x00, 0x15, 0xd8, 0x04, 0x3c, 0x15, 0x0e, 0x19, 0x25, 0x02, 0x04, 0x21, 0x28, 0x02, b'a',
            b'b', 0, 0, 9,
        ];
        let mut rest = &bytes[..];
        let header = read(&mut rest).unwrap();
        assert_eq!((header.whole(1), header.count(2), header.whole(3)), (Some(0), Some(300), None));
        let inner = header.inner(5).unwrap();
        assert_eq!((inner.whole(1), inner.flag(4), inner.whole(6)), (Some(7), Some(true), None));
        assert_eq!(rest, [9]);
        for end in 0..bytes.len() - 1 {
            assert_eq!(read(&mut &bytes[..end]), None);
        }
        assert_eq!(read(&mut [0x1c; 1000].as_slice()), None);
    }
}
