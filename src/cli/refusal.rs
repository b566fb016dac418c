//! What clap refuses, said as every other error is: one sentence and a hint; it must not know what the flags do.

use std::error::Error as _;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::Error;
use crate::text;

/// How many possible values a message lists.
const SHOWN: usize = 12;

/// A usage error as one sentence. `typed` are the words of the command line, `command` is what they were read by.
pub fn told(error: &clap::Error, command: &Command, typed: &[String]) -> Error {
    let said = Said { error, name: command_name(command, typed) };
    match error.kind() {
        ErrorKind::ValueValidation => said.wrong_value(),
        ErrorKind::InvalidValue => said.none_of_the_values(),
        ErrorKind::UnknownArgument => said.unknown_argument(),
        ErrorKind::InvalidSubcommand => said.unknown_command(),
        ErrorKind::MissingSubcommand => {
            Error::usage("no command is given").hint("start with cxm report exports/*.csv, or see cxm --help")
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = said.words(ContextKind::InvalidArg);
            said.see(Error::usage(format!("`{}` needs {}", said.name, text::quoted(&missing, SHOWN))))
        }
        ErrorKind::ArgumentConflict => said.conflict(),
        ErrorKind::TooManyValues => Error::usage(format!("`{}` takes no value", said.flag())),
        ErrorKind::InvalidUtf8 => Error::usage("an argument is not text in UTF-8"),
        _ => said.see(Error::usage(first_sentence(&error.to_string()))),
    }
}

/// What clap says of one refusal.
struct Said<'a> {
    error: &'a clap::Error,
    name: String,
}

impl Said<'_> {
    /// The flag's own parser says what is wrong: the whole sentence, or what follows the flag and its value.
    fn wrong_value(&self) -> Error {
        // An argument without a flag has a placeholder for a name: `<METRIC>`.
        let flag = Some(self.flag()).filter(|flag| flag.starts_with('-')).unwrap_or_default();
        let given = format!("{flag} {}", self.word(ContextKind::InvalidValue)).trim().to_owned();
        let Some(cause) = self.error.source() else { return Error::usage(format!("`{given}` is wrong")) };
        let sentence = cause.to_string();
        let sentence =
            if sentence.starts_with('`') { sentence } else { format!("`{given}` {}", fragment(&sentence)) };
        let told = Error::usage(sentence);
        match cause.downcast_ref::<Error>().and_then(Error::advice) {
            Some(advice) => told.hint(advice),
            None => self.see(told),
        }
    }

    fn none_of_the_values(&self) -> Error {
        let (flag, value) = (self.flag(), self.word(ContextKind::InvalidValue));
        if value.is_empty() {
            return self.see(Error::usage(format!("`{flag}` needs a value")));
        }
        let values = self.words(ContextKind::ValidValue);
        let told =
            Error::usage(format!("`{flag} {value}` is none of its values: {}", text::quoted(&values, SHOWN)));
        let near = text::nearest(&value, values.iter().map(String::as_str));
        if near.is_empty() {
            told
        } else {
            told.hint(format!("did you mean {flag} {}?", text::either(&near)))
        }
    }

    fn unknown_argument(&self) -> Error {
        let argument = self.word(ContextKind::InvalidArg);
        let what = if argument.starts_with('-') { "option" } else { "argument" };
        let told = Error::usage(format!("`{}` has no {what} `{argument}`", self.name));
        match self.word(ContextKind::SuggestedArg) {
            near if near.is_empty() => self.see(told),
            near => told.hint(format!("did you mean {near}?")),
        }
    }

    fn unknown_command(&self) -> Error {
        let near = self.words(ContextKind::SuggestedSubcommand);
        let wrong = self.word(ContextKind::InvalidSubcommand);
        let told = Error::usage(format!("`{}` has no command `{wrong}`", self.name));
        if near.is_empty() {
            self.see(told)
        } else {
            told.hint(format!("did you mean {}?", text::either(&near)))
        }
    }

    fn conflict(&self) -> Error {
        let (flag, others) = (self.flag(), self.words(ContextKind::PriorArg));
        match others.iter().map(|other| flag_alone(other)).find(|other| *other != flag) {
            Some(other) => Error::usage(format!("`{flag}` cannot go with `{other}`")),
            None => Error::usage(format!("`{flag}` is given twice")).hint("pass it once"),
        }
    }

    /// The flag without its placeholder.
    fn flag(&self) -> String {
        flag_alone(&self.word(ContextKind::InvalidArg)).to_owned()
    }

    fn word(&self, kind: ContextKind) -> String {
        self.words(kind).into_iter().next().unwrap_or_default()
    }

    fn words(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(word)) => vec![word.clone()],
            Some(ContextValue::Strings(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    fn see(&self, told: Error) -> Error {
        told.hint(format!("see {} --help", self.name))
    }
}

fn flag_alone(argument: &str) -> &str {
    argument.split([' ', '=']).next().unwrap_or(argument)
}

/// What a parser that is not ours says reads on behind a colon.
fn fragment(sentence: &str) -> String {
    if sentence.starts_with("is ") { sentence.to_owned() } else { format!("is wrong: {sentence}") }
}

/// `cxm nps`, as far as the words name commands.
fn command_name(command: &Command, typed: &[String]) -> String {
    let sub = typed.get(1).and_then(|word| command.find_subcommand(word));
    sub.map_or_else(
        || command.get_name().to_owned(),
        |sub| format!("{} {}", command.get_name(), sub.get_name()),
    )
}

fn first_sentence(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
