use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A syntactically plausible e-mail address: `local@domain`, at most 254 bytes, no spaces or control
/// characters.
///
/// Only a delivered message can tell whether it reaches anybody.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Email(String);

impl Email {
    pub const LONGEST: usize = 254;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = BadEmail;

    fn from_str(text: &str) -> Result<Self, BadEmail> {
        let (local, domain) = text.rsplit_once('@').ok_or(BadEmail)?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\",;".contains(c);
        let is_good = text.len() <= Self::LONGEST
            && !local.is_empty()
            && !domain.is_empty()
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with(['.', '-'])
            && text.chars().all(plain)
            && !local.contains('@');
        if is_good { Ok(Self(text.to_owned())) } else { Err(BadEmail) }
    }
}

impl TryFrom<String> for Email {
    type Error = BadEmail;

    fn try_from(text: String) -> Result<Self, BadEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct BadEmail;
