//! From what a preset writes of rows by a cell of theirs to the rules, every word in them checked; it knows no other part of
//! a preset.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Found, Key};
use crate::error::{Error, Result};
use crate::source::field::Field;
use crate::source::preset::{Condition, Drop, LeftOut, Names, Place, Test, When};
use crate::text;

/// A rule with the tests of a cell, of which it has one.
macro_rules! tested {
    ($(#[$doc:meta])+ $name:ident { $($(#[$key:meta])* $field:ident: $of:ty,)* }) => {
        $(#[$doc])+
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$key])* $field: $of,)*
            column: Spanned<Names>,
            is: Option<Vec<String>>,
            not: Option<Vec<String>>,
            blank: Option<bool>,
            begins: Option<Vec<String>>,
            holds: Option<Vec<String>>,
        }

        impl $name {
            /// Which rows are meant. `what` says what is told of them.
            fn rows(&self, what: &str) -> Found<Condition> {
                let lower = |words: &Vec<String>| words.iter().map(|word| word.trim().to_lowercase()).collect();
                let tests = [
                    self.is.as_ref().map(lower).map(Test::Is),
                    self.not.as_ref().map(lower).map(Test::Not),
                    self.blank.filter(|blank| *blank).map(|_| Test::Blank),
                    self.begins.as_ref().map(lower).map(Test::Begins),
                    self.holds.as_ref().map(lower).map(Test::Holds),
                ];
                let mut tests = tests.into_iter().flatten();
                match (tests.next(), tests.next()) {
                    (Some(test), None) => Ok(Condition { column: self.column.get_ref().clone(), test }),
                    _ => Err(format!("{what} by one of `is`, `not`, `blank = true`, `begins` and `holds`")),
                }
            }
        }
    };
}

tested! {
    /// Rows that are no data.
    WrittenDrop {
        #[serde(rename = "as")]
        why: Spanned<String>,
        needs: Option<Names>,
        unless: Option<WrittenUnless>,
        #[serde(rename = "final")]
        is_final: Option<bool>,
    }
}

tested! {
    /// Those that are data all the same.
    WrittenUnless {}
}

tested! {
    /// Rows in which fields stand elsewhere.
    WrittenWhen {
        needs: Option<Names>,
        columns: BTreeMap<Key, Place>,
    }
}

impl WrittenDrop {
    /// The rule. `at` tells where something is wrong.
    ///
    /// # Errors
    /// When its reason is not known, or it has no test, or two.
    pub(super) fn rule(self, at: impl Fn(usize, String) -> Error) -> Result<Drop> {
        let wrong = |cause: String| at(self.why.span().start, cause);
        let why = self.why.get_ref();
        let known = LeftOut::ALL.iter().copied().find(|known| known.as_str() == why);
        let names = || LeftOut::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>();
        let unknown = || format!("a row cannot be dropped as `{why}`; use {}", text::either(&names()));
        let known = known.ok_or_else(|| wrong(unknown()))?;
        let rows = self.rows(&format!("rows are dropped as `{why}`")).map_err(wrong)?;
        let spared = |unless: &WrittenUnless| {
            let rows = unless.rows(&format!("rows are not dropped as `{why}`"));
            rows.map_err(|cause| at(unless.column.span().start, cause))
        };
        let unless = self.unless.as_ref().map(spared).transpose()?;
        let is_final = self.is_final.unwrap_or_else(|| known.is_final());
        Ok(Drop { why: known, needs: self.needs, rows, unless, is_final })
    }
}

impl WrittenWhen {
    /// The rule. `at` tells where something is wrong, and `place` checks where a field stands.
    ///
    /// # Errors
    /// When it has no test, or two, or a place is not sound.
    pub(super) fn rule(
        self,
        at: impl Fn(usize, String) -> Error,
        place: impl Fn((Key, Place)) -> Result<(Field, Place)>,
    ) -> Result<When> {
        let rows = self.rows("rows in which fields stand elsewhere are known");
        let rows = rows.map_err(|cause| at(self.column.span().start, cause))?;
        let columns = self.columns.into_iter().map(|(name, column)| {
            let start = name.span().start;
            match place((name, column))? {
                (Field::Alias, _) => {
                    Err(at(start, "aliases stand in the same columns in every row".to_owned()))
                }
                known => Ok(known),
            }
        });
        let columns = columns.collect::<Result<_>>()?;
        Ok(When { needs: self.needs, rows, columns })
    }
}
