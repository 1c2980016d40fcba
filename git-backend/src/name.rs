//! Reference names: the rules of `git check-ref-format`, and a little stricter.

use std::{fmt, str::FromStr};

/// Which rule a text broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not 40 hexadecimal digits.
    #[error("object id")]
    ObjectId,
    /// Not an id of the store.
    #[error("storage id")]
    StorageId,
    /// Not a reference name.
    #[error("reference name")]
    RefName,
    /// Not a path inside a tree.
    #[error("path: {0}")]
    Path(PathProblem),
    /// A name or an email that a commit cannot contain.
    #[error("signature")]
    Signature,
    /// A NUL in a commit message.
    #[error("message")]
    Message,
    /// A search pattern that is empty, too long or no regular expression.
    #[error("pattern")]
    Pattern,
    /// A `.gitmodules` that git's own check refuses in a push.
    #[error("submodules")]
    Submodules,
}

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathProblem {
    /// Nothing left, or an empty segment.
    #[error("empty segment")]
    Empty,
    /// A segment `.` or `..`.
    #[error("dot segment")]
    Dots,
    /// Starts with a slash or a drive letter.
    #[error("absolute")]
    Absolute,
    /// A backslash, a NUL or another control character.
    #[error("forbidden character")]
    Character,
    /// A segment that some file system takes for `.git`.
    #[error("reserved name")]
    DotGit,
    /// Longer than a file system can hold.
    #[error("too long")]
    TooLong,
}

/// The longest reference name, which leaves room for lock file names on every file system.
pub const MAX_REF_NAME_BYTES: usize = 250;

/// A full reference name such as `refs/heads/main`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RefName(String);

impl RefName {
    /// Checks a full name, which has to start with `refs/`.
    pub fn new(name: impl Into<String>) -> Result<Self, Invalid> {
        let name = name.into();
        match name.strip_prefix("refs/") {
            Some(rest) if rest.contains('/') && is_valid(&name) => Ok(Self(name)),
            _ => Err(Invalid::RefName),
        }
    }

    /// The full name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The branch, when this is one.
    pub fn branch(&self) -> Option<BranchName> {
        self.0.strip_prefix(BranchName::PREFIX).and_then(|name| BranchName::new(name).ok())
    }

    /// The tag, when this is one.
    pub fn tag(&self) -> Option<TagName> {
        self.0.strip_prefix(TagName::PREFIX).and_then(|name| TagName::new(name).ok())
    }
}

/// Everything `git check-ref-format` requires, a bound on the length, and no component that starts with `-`.
fn is_valid(name: &str) -> bool {
    let forbidden = |character: char| {
        character.is_control() || matches!(character, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\')
    };
    name.len() <= MAX_REF_NAME_BYTES
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && !name.chars().any(forbidden)
        && name.split('/').all(|part| {
            !part.is_empty() && !part.starts_with(['.', '-']) && !part.to_ascii_lowercase().ends_with(".lock")
        })
}

macro_rules! short_name {
    ($name:ident, $prefix:literal, $what:literal) => {
        #[doc = concat!("The name of a ", $what, ", without `", $prefix, "`.")]
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The prefix in the full name.
            pub const PREFIX: &'static str = $prefix;

            /// Checks the name.
            pub fn new(name: impl Into<String>) -> Result<Self, Invalid> {
                let name = name.into();
                let is_fine = is_valid(&format!("{}{name}", Self::PREFIX)) && name != "HEAD" && name != "@";
                if is_fine { Ok(Self(name)) } else { Err(Invalid::RefName) }
            }

            /// The short name.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The full name of the reference.
            pub fn full(&self) -> RefName {
                RefName(format!("{}{}", Self::PREFIX, self.0))
            }
        }

        text!($name);
    };
}

macro_rules! text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(name: &str) -> Result<Self, Invalid> {
                Self::new(name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(name: String) -> Result<Self, Invalid> {
                Self::new(name)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

text!(RefName);
short_name!(BranchName, "refs/heads/", "branch");
short_name!(TagName, "refs/tags/", "tag");
