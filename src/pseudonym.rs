//! How the key of a customer is shown: shortened, or as a pseudonym that only whoever has the key file can make again.

use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Stands before what is hashed, so that the same key may serve elsewhere and give other texts.
const DOMAIN: &[u8] = b"cx-id-v1:";

/// How many of the 32 bytes of the hash are shown: 128 bits, so that no two of ten million customers meet.
const SHOWN: usize = 16;

/// Stands for what a customer wrote, in which names may be.
pub const COMMENT_LEFT_OUT: &str = "[comment left out]";

/// What stands for the keys of customers wherever one is shown.
#[derive(Clone, Default)]
pub enum Keys {
    /// The key itself; of an address the first letter and the domain.
    #[default]
    Shortened,
    /// A pseudonym of it.
    Pseudonyms(Hmac<Sha256>),
}

impl Keys {
    /// Pseudonyms by that secret.
    pub fn secret(secret: &[u8]) -> Keys {
        // A secret of any length will do.
        Hmac::new_from_slice(secret).map_or(Keys::Shortened, Keys::Pseudonyms)
    }

    /// Whether nobody is to be recognised by what is shown.
    pub fn are_pseudonyms(&self) -> bool {
        matches!(self, Keys::Pseudonyms(_))
    }

    /// Whether that text may be one of the pseudonyms.
    pub fn may_show(&self, text: &str) -> bool {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        self.are_pseudonyms() && text.len() == 2 * SHOWN && text.bytes().all(is_digit)
    }

    /// What is shown of a normal key. An address keeps its first letter and its domain: enough to see its form, not
    /// whose it is.
    pub fn shown(&self, key: &str) -> String {
        match self {
            Keys::Pseudonyms(hmac) => pseudonym(hmac, key.as_bytes()),
            Keys::Shortened => match key.split_once('@') {
                Some((name, domain)) => format!("{}…@{domain}", name.chars().next().unwrap_or('…')),
                None => key.to_owned(),
            },
        }
    }
}

fn pseudonym(hmac: &Hmac<Sha256>, key: &[u8]) -> String {
    let hash = hmac.clone().chain_update(DOMAIN).chain_update(key).finalize().into_bytes();
    hash.iter().take(SHOWN).fold(String::with_capacity(2 * SHOWN), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The secret is never shown, not even to who looks for an error.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.are_pseudonyms() { "Pseudonyms" } else { "Shortened" })
    }
}
