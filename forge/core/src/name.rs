use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a name was refused; the codes of the field error shown beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    #[error("empty")]
    Empty,
    #[error("too long")]
    TooLong,
    #[error("characters outside letters, digits, '-', '_' and '.'")]
    Characters,
    #[error("must start and end with a letter or a digit")]
    Edge,
    #[error("two punctuation marks in a row")]
    Doubled,
    #[error("a reserved word")]
    Reserved,
    #[error("a reserved ending")]
    Ending,
}

impl BadName {
    /// The code of the field error: the key `error-field-{code}` in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLong => "too-long",
            Self::Characters => "name-characters",
            Self::Edge => "name-edge",
            Self::Doubled => "name-doubled",
            Self::Reserved => "name-reserved",
            Self::Ending => "name-ending",
        }
    }
}

/// First path segments that are taken by pages and endpoints, so that no account may have them.
const RESERVED_USERS: &[&str] = &[
    "-",
    "_cas",
    "about",
    "admin",
    "ai_task",
    "aimodel",
    "api",
    "assets",
    "attachments",
    "avatars",
    "cloudbrains",
    "dataset",
    "datasets",
    "explore",
    "favicon.ico",
    "feedback",
    "ghost",
    "healthz",
    "hearth",
    "help",
    "hf",
    "images",
    "incubation",
    "issues",
    "login",
    "logout",
    "metrics",
    "model",
    "models",
    "new",
    "notifications",
    "org",
    "orgs",
    "pulls",
    "raw",
    "readyz",
    "repo",
    "repos",
    "robots.txt",
    "root",
    "sdk",
    "search",
    "services",
    "settings",
    "sign_up",
    "spaces",
    "static",
    "storage",
    "system",
    "task",
    "tasks",
    "upload",
    "user",
    "users",
];
const RESERVED_REPOSITORIES: &[&str] = &["-", ".", "..", "ai_task", "info", "new", "sdk", "settings"];
const RESERVED_ENDINGS: &[&str] = &[".atom", ".git", ".gpg", ".keys", ".lock", ".png", ".rss", ".wiki"];

fn has_reserved_ending(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    RESERVED_ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

fn is_reserved(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(name))
}

fn is_sign(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.')
}

fn check_account(name: &str) -> Result<(), BadName> {
    let bytes = name.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return Err(BadName::Empty) };
    if bytes.len() > UserName::LONGEST {
        return Err(BadName::TooLong);
    }
    if is_reserved(name, RESERVED_USERS) {
        return Err(BadName::Reserved);
    }
    if !bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || is_sign(byte)) {
        return Err(BadName::Characters);
    }
    if is_sign(*first) || is_sign(*last) {
        return Err(BadName::Edge);
    }
    if bytes.windows(2).any(|pair| is_sign(pair[0]) && is_sign(pair[1])) {
        return Err(BadName::Doubled);
    }
    if has_reserved_ending(name) { Err(BadName::Ending) } else { Ok(()) }
}

fn check_repository(name: &str) -> Result<(), BadName> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        return Err(BadName::Empty);
    }
    if bytes.len() > RepositoryName::LONGEST {
        return Err(BadName::TooLong);
    }
    if is_reserved(name, RESERVED_REPOSITORIES) {
        return Err(BadName::Reserved);
    }
    if !bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || is_sign(byte)) {
        return Err(BadName::Characters);
    }
    if bytes[0] == b'-' || name.ends_with('.') || name.contains("..") {
        return Err(BadName::Edge);
    }
    if has_reserved_ending(name) { Err(BadName::Ending) } else { Ok(()) }
}

macro_rules! names {
    ($($(#[$about:meta])* $name:ident by $check:ident, at most $longest:literal;)+) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
        #[serde(try_from = "String", into = "String")]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            /// In bytes.
            pub const LONGEST: usize = $longest;

            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The form in which names are compared: `Mei` and `mei` are one name.
            pub fn key(&self) -> String {
                self.0.to_ascii_lowercase()
            }
        }

        impl FromStr for $name {
            type Err = BadName;

            fn from_str(text: &str) -> Result<Self, BadName> {
                $check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadName;

            fn try_from(text: String) -> Result<Self, BadName> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// The name of a person or an organisation: the first segment of its URLs.
    UserName by check_account, at most 40;
    /// A repository's name: the second segment of its URLs, never ending in `.git`.
    RepositoryName by check_repository, at most 100;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_refused_in_any_case() {
        assert_eq!("API".parse::<UserName>(), Err(BadName::Reserved));
        assert_eq!("Models".parse::<UserName>(), Err(BadName::Reserved));
        assert_eq!("-".parse::<RepositoryName>(), Err(BadName::Reserved));
    }

    #[test]
    fn look_alikes_and_direction_marks_are_refused() {
        assert_eq!("аdmin".parse::<UserName>(), Err(BadName::Characters));
        assert_eq!("mei\u{202e}".parse::<UserName>(), Err(BadName::Characters));
    }

    #[test]
    fn endings_that_programs_use_are_refused() {
        for name in ["llm.git", "llm.WIKI", "a.rss", "b.keys"] {
            assert_eq!(name.parse::<RepositoryName>(), Err(BadName::Ending), "{name}");
        }
    }

    #[test]
    fn ordinary_names_are_kept_as_written() {
        assert_eq!("Mei-2".parse::<UserName>().expect("good").as_str(), "Mei-2");
        assert_eq!("llm.rs_v1".parse::<RepositoryName>().expect("good").key(), "llm.rs_v1");
        assert_eq!(".github".parse::<RepositoryName>().expect("good").as_str(), ".github");
    }
}
