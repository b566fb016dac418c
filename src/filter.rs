//! `--where`: a condition on dimensions, read into a tree and judged label by label. Knows no table.

mod tokens;

use std::cmp::Ordering;
use std::ops::Range;

use tokens::{Token, tokens};

use crate::error::{Error, Result};

/// Longer conditions could nest deeper than the stack.
const MOST_TOKENS: usize = 2_000;

/// The most digits that every fraction keeps.
const MOST_EXACT: usize = 15;

/// A condition on the groups of dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What the user typed.
    pub text: String,
    tree: Tree,
}

#[derive(Debug, Clone, PartialEq)]
enum Tree {
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    Not(Box<Tree>),
    Compare { dimension: String, operator: Operator, values: Vec<Value> },
}

/// What a dimension is compared with.
#[derive(Debug, Clone, PartialEq)]
struct Value {
    /// What labels are compared with.
    sought: String,
    /// What the user typed, and where in the condition.
    typed: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

impl Filter {
    /// Reads `country = "NL" and channel != "bot"`: comparisons by `=`, `!=`, `<`, `<=`, `>`, `>=`, `in (…)` and `not in (…)`, joined by
    /// `and`, `or`, `not` and parentheses.
    /// `named` tells which dimension a word names.
    ///
    /// # Errors
    /// When the text is not such a condition; the error says where.
    pub fn parse(text: &str, named: fn(&str) -> String) -> Result<Filter> {
        let (tokens, places) = tokens(text)?.into_iter().unzip();
        let mut parser = Parser { tokens, places, next: 0, text, named };
        if parser.tokens.len() > MOST_TOKENS {
            return Err(parser.wrong("is too long"));
        }
        let tree = parser.either()?;
        match parser.peek() {
            None => Ok(Filter { text: text.to_owned(), tree }),
            Some(token) => Err(parser.wrong(&format!("does not go on with `{}`", token.text()))),
        }
    }

    /// The dimensions that it asks for.
    pub fn dimensions(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.tree.compared(&mut |dimension, _| names.push(dimension));
        names
    }

    /// What it compares the labels of a dimension with.
    pub fn values(&self, dimension: &str) -> Vec<&str> {
        let mut found = Vec::new();
        self.tree.compared(&mut |of, value| {
            if of == dimension {
                found.push(value.sought.as_str());
            }
        });
        found
    }

    /// The same condition, with other values in place of some of those of a dimension.
    #[must_use]
    pub fn with_values(mut self, dimension: &str, other: &impl Fn(&str) -> Option<String>) -> Filter {
        self.tree.exchange(dimension, other);
        self
    }

    /// The text, with other values where they are not to be shown as they were typed: `shown` is given the dimension, the
    /// value as it was typed and as it is compared.
    pub fn shown(&self, shown: impl Fn(&str, &str, &str) -> String) -> String {
        let mut values: Vec<(Range<usize>, String)> = Vec::new();
        self.tree.compared(&mut |dimension, value| {
            let typed = self.text.get(value.typed.clone()).unwrap_or_default();
            values.push((value.typed.clone(), shown(dimension, typed, &value.sought)));
        });
        let mut text = self.text.clone();
        values.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        values.into_iter().for_each(|(place, value)| text.replace_range(place, &value));
        text
    }

    /// Whether a case counts, given its label in each dimension.
    pub fn holds<'a>(&self, label: &impl Fn(&str) -> &'a str) -> bool {
        self.tree.holds(label)
    }
}

impl Tree {
    fn compared<'a>(&'a self, see: &mut impl FnMut(&'a str, &'a Value)) {
        match self {
            Tree::And(a, b) | Tree::Or(a, b) => {
                a.compared(see);
                b.compared(see);
            }
            Tree::Not(tree) => tree.compared(see),
            Tree::Compare { dimension, values, .. } => {
                values.iter().for_each(|value| see(dimension, value));
            }
        }
    }

    fn exchange(&mut self, of: &str, other: &impl Fn(&str) -> Option<String>) {
        match self {
            Tree::And(a, b) | Tree::Or(a, b) => {
                a.exchange(of, other);
                b.exchange(of, other);
            }
            Tree::Not(tree) => tree.exchange(of, other),
            Tree::Compare { dimension, values, .. } if dimension == of => {
                for value in values {
                    if let Some(other) = other(&value.sought) {
                        value.sought = other;
                    }
                }
            }
            Tree::Compare { .. } => {}
        }
    }

    fn holds<'a>(&self, label: &impl Fn(&str) -> &'a str) -> bool {
        match self {
            Tree::And(a, b) => a.holds(label) && b.holds(label),
            Tree::Or(a, b) => a.holds(label) || b.holds(label),
            Tree::Not(tree) => !tree.holds(label),
            Tree::Compare { dimension, operator, values } => operator.holds(label(dimension), values),
        }
    }
}

impl Operator {
    const ALL: [(&'static str, Operator); 6] = [
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("=", Operator::Equal),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];

    fn holds(self, label: &str, values: &[Value]) -> bool {
        let any =
            |wanted: fn(Ordering) -> bool| values.iter().any(|value| wanted(order(label, &value.sought)));
        match self {
            Operator::Equal | Operator::In => any(Ordering::is_eq),
            Operator::NotEqual => any(Ordering::is_ne),
            Operator::Less => any(Ordering::is_lt),
            Operator::LessOrEqual => any(Ordering::is_le),
            Operator::Greater => any(Ordering::is_gt),
            Operator::GreaterOrEqual => any(Ordering::is_ge),
        }
    }
}

/// Numbers compare as numbers, anything else as text. Whole numbers that are longer than a fraction is exact are ids:
/// they are the same only where every digit is.
fn order(label: &str, value: &str) -> Ordering {
    let is_id = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if label.len().max(value.len()) > MOST_EXACT && is_id(label) && is_id(value) {
        let [a, b] = [label, value].map(|text| text.trim_start_matches('0'));
        return a.len().cmp(&b.len()).then(a.cmp(b)).then(label.cmp(value));
    }
    match (label.parse::<f64>(), value.parse::<f64>()) {
        (Ok(a), Ok(b)) if a.is_finite() && b.is_finite() => (a + 0.0).total_cmp(&(b + 0.0)),
        _ => label.cmp(value),
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    places: Vec<Range<usize>>,
    next: usize,
    text: &'a str,
    /// The dimension that a word names.
    named: fn(&str) -> String,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(known)) if known.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn takes_mark(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.next += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Tree> {
        let mut tree = self.both()?;
        while self.takes_word("or") {
            tree = Tree::Or(Box::new(tree), Box::new(self.both()?));
        }
        Ok(tree)
    }

    fn both(&mut self) -> Result<Tree> {
        let mut tree = self.single()?;
        while self.takes_word("and") {
            tree = Tree::And(Box::new(tree), Box::new(self.single()?));
        }
        Ok(tree)
    }

    fn single(&mut self) -> Result<Tree> {
        if self.takes_word("not") {
            return Ok(Tree::Not(Box::new(self.single()?)));
        }
        if self.takes_mark('(') {
            let tree = self.either()?;
            return if self.takes_mark(')') { Ok(tree) } else { Err(self.wrong("lacks a `)`")) };
        }
        let dimension = match self.take() {
            Some(Token::Word(name) | Token::Quoted(name)) => (self.named)(&name),
            Some(other) => {
                return Err(self.wrong(&format!("has `{}` where a dimension should be", other.text())));
            }
            None => return Err(self.wrong("ends where a dimension should be")),
        };
        let negated = self.takes_word("not");
        if self.takes_word("in") {
            let found = Tree::Compare { dimension, operator: Operator::In, values: self.values()? };
            return Ok(if negated { Tree::Not(Box::new(found)) } else { found });
        }
        if negated {
            return Err(self.wrong(&format!("has no `in` after `{dimension} not`")));
        }
        let Some(Token::Operator(operator)) = self.take() else {
            return Err(self.wrong(&format!("has no comparison after `{dimension}`")));
        };
        Ok(Tree::Compare { dimension, operator, values: vec![self.value()?] })
    }

    fn values(&mut self) -> Result<Vec<Value>> {
        if !self.takes_mark('(') {
            return Err(self.wrong("has no `(` after `in`"));
        }
        let mut values = vec![self.value()?];
        while self.takes_mark(',') {
            values.push(self.value()?);
        }
        if self.takes_mark(')') { Ok(values) } else { Err(self.wrong("lacks a `)`")) }
    }

    fn value(&mut self) -> Result<Value> {
        let typed = self.places.get(self.next).cloned().unwrap_or_default();
        match self.take() {
            Some(Token::Word(sought) | Token::Quoted(sought)) => Ok(Value { sought, typed }),
            _ => Err(self.wrong("lacks a value to compare with")),
        }
    }

    fn wrong(&self, cause: &str) -> Error {
        Error::usage(format!("`--where {}` {cause}", self.text))
            .hint("write e.g. --where 'country = \"NL\" and channel != \"bot\"'")
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    fn holds(text: &str, country: &str, orders: &str) -> bool {
        let filter = Filter::parse(text, str::to_owned).unwrap();
        filter.holds(&|name| if name == "country" { country } else { orders }).to_owned()
    }

    #[test]
    fn and_binds_tighter_than_or_and_not_tighter_than_both() {
        let text = "country = NL or country = \"BE\" and not orders = 0";
        assert!(holds(text, "NL", "0"));
        assert!(holds(text, "BE", "1"));
        assert!(!holds(text, "BE", "0"));
        assert!(!holds("(country = NL or country = BE) and orders > 0", "NL", "0"));
    }

    #[test]
    fn numbers_compare_as_numbers() {
        assert!(holds("orders >= 9", "", "10"));
        assert!(!holds("orders in (1, 2.0)", "", "3"));
        assert!(holds("orders in (1, 2.0)", "", "2"));
        assert!(holds("orders not in (1, 3)", "", "2"));
    }

    #[test]
    fn long_fractions_are_numbers_and_long_ids_are_not() {
        assert!(holds("orders > 5", "", "12.333333333333334"));
        assert!(!holds("orders > 5", "", "2.3333333333333333"));
        assert!(holds("orders < 0", "", "-0.33333333333333331"));
        assert!(holds("orders != 90071992547409921", "", "90071992547409920"));
        assert!(!holds("orders = 123", "", "0000000000000123"));
        assert!(holds("orders > 9", "", "10000000000000000"));
        assert!(holds("orders < 10000000000000000", "", "00000000000000009"));
    }

    #[test]
    fn a_wrong_condition_says_where() {
        let wrong = |text: &str| Filter::parse(text, str::to_owned).unwrap_err().to_string();
        assert_eq!(wrong("country = 'NL"), "`--where country = 'NL` opens a quote that is never closed");
        assert_eq!(wrong("country NL"), "`--where country NL` has no comparison after `country`");
        assert_eq!(
            wrong("country = NL channel"),
            "`--where country = NL channel` does not go on with `channel`"
        );
        assert_eq!(wrong(""), "`--where ` ends where a dimension should be");
        assert_eq!(wrong("!"), "`--where !` has a `!` that nothing understands");
    }
}
