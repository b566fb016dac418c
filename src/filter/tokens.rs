//! The words of a condition, each with its place in the text; knows nothing of their order.

use std::ops::Range;

use super::Operator;
use crate::error::{Error, Result};

/// A word of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Quoted(String),
    Operator(Operator),
    Mark(char),
}

impl Token {
    /// As it is written.
    pub(super) fn text(&self) -> String {
        match self {
            Token::Word(word) | Token::Quoted(word) => word.clone(),
            Token::Operator(operator) => Operator::ALL
                .iter()
                .find(|(_, known)| known == operator)
                .map_or("in", |(text, _)| text)
                .to_owned(),
            Token::Mark(mark) => mark.to_string(),
        }
    }
}

/// The tokens, each with its place; that of a quoted word is within the quotes.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len;
        let at = text.len() - rest.len();
        if let Some((symbol, operator)) = Operator::ALL.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            tokens.push((Token::Operator(*operator), at..at));
            // `==` is what programmers type for `=`.
            len = if rest.starts_with("==") { 2 } else { symbol.len() };
        } else if first == '"' || first == '\'' {
            let Some(end) = rest[1..].find(first) else {
                return Err(Error::usage(format!("`--where {text}` opens a quote that is never closed")));
            };
            tokens.push((Token::Quoted(rest[1..1 + end].to_owned()), at + 1..at + 1 + end));
            len = end + 2;
        } else if matches!(first, '(' | ')' | ',') {
            tokens.push((Token::Mark(first), at..at));
            len = 1;
        } else {
            let is_end = |c: char| {
                c.is_whitespace() || matches!(c, '(' | ')' | ',' | '=' | '!' | '<' | '>' | '"' | '\'')
            };
            len = rest.find(is_end).unwrap_or(rest.len());
            if len == 0 {
                return Err(Error::usage(format!(
                    "`--where {text}` has a `{first}` that nothing understands"
                )));
            }
            tokens.push((Token::Word(rest[..len].to_owned()), at..at + len));
        }
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}
