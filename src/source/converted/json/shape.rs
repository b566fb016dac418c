//! What the objects of a file have in common, a tree of names, and the cells of one of them; it must not know files.

use hashbrown::HashMap;

use super::scan::{Quoted, Scan, Step, Stop, unescape};

/// How many columns there may be. A file with more has names that are data, such as ids.
pub const MOST_COLUMNS: usize = 10_000;

/// From how many names on they are looked up by their hash.
const MANY: usize = 12;

/// What an object of pairs calls its name, where its other member is called `value`.
const PAIRS: [&[u8]; 3] = [b"id", b"name", b"key"];

/// A name, and the names in the objects behind it.
#[derive(Debug, Default, Clone)]
struct Node {
    name: Vec<u8>,
    parent: usize,
    children: Vec<usize>,
    by_name: HashMap<Vec<u8>, usize, foldhash::fast::FixedState>,
    /// Whether something stands there that is no object: a value, a list, or nothing.
    is_cell: bool,
    is_blank: bool,
}

/// The names of a file's objects, in the order in which they appear first.
#[derive(Debug, Clone)]
pub struct Shape {
    nodes: Vec<Node>,
}

impl Default for Shape {
    fn default() -> Self {
        Shape { nodes: vec![Node::default()] }
    }
}

impl Shape {
    /// The columns by number, each with its dotted name.
    pub fn columns(&self) -> Vec<(usize, Vec<u8>)> {
        let is_column = |node: &Node| node.is_cell || (node.is_blank && node.children.is_empty());
        let columns = self.nodes.iter().enumerate().skip(1).filter(|(_, node)| is_column(node));
        columns.map(|(place, _)| (place, self.path(place))).collect()
    }

    /// Whether there are too many names.
    pub fn is_too_wide(&self) -> bool {
        self.nodes.len() > MOST_COLUMNS
    }

    fn path(&self, mut place: usize) -> Vec<u8> {
        let mut names = Vec::new();
        while let Some(node) = self.nodes.get(place).filter(|_| place > 0) {
            names.push(node.name.as_slice());
            place = node.parent;
        }
        names.reverse();
        names.join(&b'.')
    }

    /// The place of a name; `next` is where it stands if objects keep an order.
    #[inline]
    fn child(&self, parent: usize, name: &[u8], next: &mut usize) -> Option<usize> {
        let node = &self.nodes[parent];
        if let Some(&child) = node.children.get(*next)
            && self.nodes[child].name == name
        {
            *next += 1;
            return Some(child);
        }
        if node.children.len() > MANY {
            return node.by_name.get(name).copied();
        }
        let place = node.children.iter().position(|child| self.nodes[*child].name == name)?;
        *next = place + 1;
        Some(node.children[place])
    }

    fn add(&mut self, parent: usize, name: &[u8]) -> usize {
        let place = self.nodes.len();
        self.nodes.push(Node { name: name.to_vec(), parent, ..Node::default() });
        let node = &mut self.nodes[parent];
        node.children.push(place);
        node.by_name.insert(name.to_vec(), place);
        place
    }
}

/// Reads one object after the other: first to learn their names, then for their cells.
#[derive(Debug)]
pub struct Objects {
    pub shape: Shape,
    /// Whether names are learned, and cells are not kept.
    learns: bool,
    /// The cells of the object, one behind the other, and where each stands by its place in the shape.
    text: Vec<u8>,
    cells: Vec<(usize, usize)>,
    /// A name that is not written as it reads.
    name: Vec<u8>,
}

impl Objects {
    /// To learn the names.
    pub fn to_learn() -> Self {
        Self::with(Shape::default(), true)
    }

    /// To read the cells of objects of that shape.
    pub fn to_read(shape: Shape) -> Self {
        Self::with(shape, false)
    }

    fn with(shape: Shape, learns: bool) -> Self {
        Objects { shape, learns, text: Vec::new(), cells: Vec::new(), name: Vec::new() }
    }

    /// The text of the cell at a place of the shape.
    pub fn cell(&self, place: usize) -> &[u8] {
        let (start, end) = self.cells.get(place).copied().unwrap_or_default();
        self.text.get(start..end).unwrap_or_default()
    }

    /// Reads the object that is next.
    pub fn read(&mut self, scan: &mut Scan<'_>) -> Step<()> {
        self.text.clear();
        self.cells.clear();
        self.cells.resize(self.shape.nodes.len(), (0, 0));
        self.members(scan, 0, 0)
    }

    fn members(&mut self, scan: &mut Scan<'_>, node: usize, depth: usize) -> Step<()> {
        scan.deepen(depth)?;
        scan.take(b'{', "holds a value that is no object")?;
        if scan.is_next(b'}')? {
            return Ok(());
        }
        let mut next = 0;
        loop {
            let name = scan.string()?;
            let child = self.named(node, name, scan.at, &mut next)?;
            scan.take(b':', "has no colon behind a name")?;
            match child {
                Some(child) => self.value(scan, child, depth + 1)?,
                None => drop(scan.skip(depth + 1)?),
            }
            if scan.is_over(b'}')? {
                return Ok(());
            }
        }
    }

    /// The place of a name, which is new only while names are learned.
    #[inline]
    fn named(&mut self, node: usize, name: Quoted<'_>, at: usize, next: &mut usize) -> Step<Option<usize>> {
        let mut unescaped = std::mem::take(&mut self.name);
        let name = if name.is_escaped {
            unescaped.clear();
            unescape(name, &mut unescaped).map_err(|what| Stop::Wrong(at, what))?;
            unescaped.as_slice()
        } else {
            name.raw
        };
        let child = match self.shape.child(node, name, next) {
            None if self.learns && !self.shape.is_too_wide() => {
                *next = self.shape.nodes[node].children.len() + 1;
                Some(self.shape.add(node, name))
            }
            known => known,
        };
        self.name = unescaped;
        Ok(child)
    }

    fn value(&mut self, scan: &mut Scan<'_>, node: usize, depth: usize) -> Step<()> {
        match scan.peek()? {
            b'{' => {
                self.shape.nodes[node].is_blank |= self.learns;
                self.members(scan, node, depth)
            }
            b'[' => self.list(scan, node, depth),
            _ => {
                let start = self.text.len();
                let is_null = self.scalar(scan)?;
                self.put(node, start, is_null);
                Ok(())
            }
        }
    }

    /// Notes that what was added to the text from `start` on is the cell at `node`.
    #[inline]
    fn put(&mut self, node: usize, start: usize, is_blank: bool) {
        if self.learns {
            let node = &mut self.shape.nodes[node];
            if is_blank {
                node.is_blank = true
            } else {
                node.is_cell = true
            }
            self.text.clear();
        } else if let Some(cell) = self.cells.get_mut(node) {
            *cell = (start, self.text.len());
        }
    }

    /// Adds a text, a number, true or false to the text; says whether it is null.
    #[inline]
    fn scalar(&mut self, scan: &mut Scan<'_>) -> Step<bool> {
        if scan.peek()? == b'"' {
            let text = scan.string()?;
            if text.is_escaped {
                unescape(text, &mut self.text).map_err(|what| Stop::Wrong(scan.at, what))?;
            } else {
                self.text.extend_from_slice(text.raw);
            }
            return Ok(false);
        }
        let word = scan.word()?;
        if word == b"null" {
            return Ok(true);
        }
        match plain(word) {
            Some(plain) => self.text.extend_from_slice(plain.as_bytes()),
            None => self.text.extend_from_slice(word),
        }
        Ok(false)
    }

    /// A list: pairs of a name and a value are members of an object, plain values one cell, and all else one cell of
    /// JSON.
    fn list(&mut self, scan: &mut Scan<'_>, node: usize, depth: usize) -> Step<()> {
        let before = scan.at;
        if let Some(pairs) = pairs(scan, depth)? {
            let after = scan.at;
            let mut next = 0;
            for (name, value) in pairs {
                let child = self.named(node, name, value, &mut next)?;
                scan.at = value;
                if let Some(child) = child {
                    self.value(scan, child, depth + 2)?;
                }
            }
            scan.at = after;
            return Ok(());
        }
        scan.at = before;
        let start = self.text.len();
        if !self.is_plain_list(scan)? {
            self.text.truncate(start);
            scan.at = before;
            scan.skip(depth)?;
            compact(&scan.bytes[before..scan.at], &mut self.text);
        }
        self.put(node, start, false);
        Ok(())
    }

    /// Adds the values of a list; says whether all of them are plain.
    fn is_plain_list(&mut self, scan: &mut Scan<'_>) -> Step<bool> {
        scan.take(b'[', "holds no list")?;
        let start = self.text.len();
        if scan.is_next(b']')? {
            return Ok(true);
        }
        loop {
            if matches!(scan.peek()?, b'{' | b'[') {
                return Ok(false);
            }
            if self.text.len() > start {
                self.text.extend_from_slice(b", ");
            }
            let before = self.text.len();
            let is_null = self.scalar(scan)?;
            if is_null && before > start {
                self.text.truncate(before - 2);
            }
            if scan.is_over(b']')? {
                return Ok(true);
            }
        }
    }
}

/// A number with an exponent as it is written without one, if that is exact and not long.
fn plain(word: &[u8]) -> Option<String> {
    if !word.iter().any(|byte| matches!(byte, b'e' | b'E')) || word[0].is_ascii_alphabetic() {
        return None;
    }
    let value: f64 = std::str::from_utf8(word).ok()?.parse().ok()?;
    (value == 0.0 || (1e-7..1e15).contains(&value.abs())).then(|| format!("{value}"))
}

/// The names of a list's pairs, each with the place of its value, if all are such pairs.
fn pairs<'a>(scan: &mut Scan<'a>, depth: usize) -> Step<Option<Vec<(Quoted<'a>, usize)>>> {
    scan.deepen(depth + 1)?;
    scan.take(b'[', "holds no list")?;
    let mut pairs = Vec::new();
    loop {
        if !scan.is_next(b'{')? {
            return Ok(None);
        }
        let (mut name, mut value) = (None, None);
        for member in 0..2 {
            if scan.peek()? != b'"' {
                return Ok(None);
            }
            let key = scan.string()?.raw;
            scan.take(b':', "has no colon behind a name")?;
            let first = scan.peek()?;
            if PAIRS.contains(&key) && first == b'"' {
                name = Some(scan.string()?);
            } else if PAIRS.contains(&key) && (first.is_ascii_digit() || first == b'-') {
                name = Some(Quoted { raw: scan.word()?, is_escaped: false });
            } else if key == b"value" {
                value = Some(scan.skip(depth + 2)?);
            } else {
                return Ok(None);
            }
            if scan.is_over(b'}')? != (member == 1) {
                return Ok(None);
            }
        }
        let (Some(name), Some(value)) = (name, value) else { return Ok(None) };
        pairs.push((name, value));
        if scan.is_over(b']')? {
            return Ok(Some(pairs));
        }
    }
}

/// Adds JSON without the white space between its tokens.
fn compact(json: &[u8], text: &mut Vec<u8>) {
    let (mut is_text, mut is_escaped) = (false, false);
    for &byte in json {
        if is_text || !byte.is_ascii_whitespace() {
            text.push(byte);
        }
        is_text ^= byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
    }
}
