//! The flags that say who is who: subscriptions and customers, their aliases, and pseudonyms. Reads the key file.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::Console;
use crate::error::{Error, Result};
use crate::pseudonym::Keys;
use crate::source::aliases::AliasFlags;

/// The shortest key that a pseudonym may rest on, in bytes: a shorter one can be found by trying.
const SHORTEST: usize = 16;

/// As many bytes does a key for one run have.
const RANDOM: usize = 32;

/// Who is who.
#[derive(Debug, Clone, Args)]
pub struct WhoArgs {
    /// An export of subscriptions: one term a row
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub subscriptions: Vec<String>,

    /// A list of customers, as from a CRM: their other ids and addresses, and attributes to break down by
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub customers: Vec<String>,

    /// More columns of that list that are ids or addresses of a customer (told from their names)
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = "Reading")]
    pub alias: Vec<String>,

    /// Columns of that list that are none, whatever their names
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = "Reading")]
    pub no_alias: Vec<String>,

    /// Show pseudonyms for customers, by the secret in a file, or by one of this run alone
    #[arg(long, value_name = "KEYFILE", num_args = 0..=1, require_equals = true, help_heading = "Output")]
    pub pseudonymise: Option<Option<PathBuf>>,
}

impl WhoArgs {
    /// The user's word on aliases.
    pub fn aliases(&self) -> AliasFlags {
        AliasFlags { more: self.alias.clone(), fewer: self.no_alias.clone() }
    }

    /// How the keys of customers are shown.
    ///
    /// # Errors
    /// When the key file cannot be read or holds too little.
    pub fn keys(&self) -> Result<Keys> {
        match &self.pseudonymise {
            None => Ok(Keys::Shortened),
            Some(Some(path)) => of_file(path),
            Some(None) => random(),
        }
    }

    /// Says what a reader of two reports would not see.
    pub fn warn(&self, console: &Console) {
        if self.pseudonymise == Some(None) {
            console.say(
                "the key of these pseudonyms is random: they cannot be compared with those of another run; \
                 --pseudonymise=KEYFILE keeps them",
            );
        }
    }
}

fn of_file(path: &Path) -> Result<Keys> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|cause| {
        Error::usage(format!("could not read the key file `{shown}`: {cause}"))
            .hint("write one of at least 16 bytes that nobody can guess, and keep it")
    })?;
    // An editor ends the last line, and with `\r\n` on some machines.
    let key = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let key = key.strip_suffix(b"\r").unwrap_or(key);
    if key.len() < SHORTEST {
        return Err(Error::usage(format!(
            "the key file `{shown}` holds {} bytes, and fewer than {SHORTEST} can be guessed",
            key.len()
        ))
        .hint("write at least 16 bytes that nobody can guess: head -c 32 /dev/urandom > KEYFILE"));
    }
    Ok(Keys::secret(key))
}

fn random() -> Result<Keys> {
    let mut key = [0; RANDOM];
    getrandom::fill(&mut key).map_err(|cause| {
        Error::usage(format!("this machine gives no random key: {cause}")).hint("pass --pseudonymise=KEYFILE")
    })?;
    Ok(Keys::secret(&key))
}
