use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

text_enum! {
    /// One thing a token may be used for. `write:x` includes `read:x`; `all` includes everything but `admin`.
    pub enum Scope {
        All = "all",
        ReadUser = "read:user",
        WriteUser = "write:user",
        ReadRepository = "read:repository",
        WriteRepository = "write:repository",
        ReadIssue = "read:issue",
        WriteIssue = "write:issue",
        ReadTask = "read:task",
        WriteTask = "write:task",
        ReadOrganization = "read:organization",
        WriteOrganization = "write:organization",
        ReadAdmin = "read:admin",
        WriteAdmin = "write:admin",
    }
}

impl Scope {
    /// Whether holding `self` allows what `wanted` names. It follows from the words, so a new noun adds its two and nothing else.
    pub fn includes(self, wanted: Self) -> bool {
        let is_admin = matches!(wanted, Self::ReadAdmin | Self::WriteAdmin);
        self == wanted || (self == Self::All && !is_admin) || self.writes_what(wanted)
    }

    /// Whether `self` is `write:x` and `wanted` is `read:x`.
    fn writes_what(self, wanted: Self) -> bool {
        match (self.as_str().strip_prefix("write:"), wanted.as_str().strip_prefix("read:")) {
            (Some(written), Some(read)) => written == read,
            _ => false,
        }
    }
}

/// What a token may be used for. Never empty, because a token without scopes would be useless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Scopes(BTreeSet<Scope>);

/// An unknown scope, or an empty list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope {0:?}")]
pub struct BadScope(pub String);

impl Scopes {
    pub fn only(scope: Scope) -> Self {
        Self(BTreeSet::from([scope]))
    }

    pub fn allow(&self, wanted: Scope) -> bool {
        self.0.iter().any(|held| held.includes(wanted))
    }

    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }
}

impl FromStr for Scopes {
    type Err = BadScope;

    /// Scopes separated by commas or spaces.
    fn from_str(text: &str) -> Result<Self, BadScope> {
        text.split([',', ' '])
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .try_into()
    }
}

impl TryFrom<Vec<String>> for Scopes {
    type Error = BadScope;

    fn try_from(words: Vec<String>) -> Result<Self, BadScope> {
        let scopes: BTreeSet<Scope> = words
            .into_iter()
            .map(|word| word.parse().map_err(|()| BadScope(word)))
            .collect::<Result<_, _>>()?;
        if scopes.is_empty() { Err(BadScope(String::new())) } else { Ok(Self(scopes)) }
    }
}

impl From<Scopes> for Vec<String> {
    fn from(scopes: Scopes) -> Self {
        scopes.0.into_iter().map(|scope| scope.as_str().to_owned()).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Vec::from(self.clone()).join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_includes_reading_of_the_same_thing_alone() {
        let scopes: Scopes = "write:issue".parse().expect("known");
        assert!(scopes.allow(Scope::ReadIssue));
        assert!(!scopes.allow(Scope::ReadRepository));
    }

    #[test]
    fn whatever_is_read_can_be_written_with_a_scope_that_includes_it() {
        for scope in Scope::ALL.iter().filter(|scope| scope.as_str().starts_with("read:")) {
            let writers = Scope::ALL.iter().filter(|held| held.includes(*scope) && **held != Scope::All);
            assert_eq!(writers.count(), 2, "{scope} itself and its write:");
        }
    }

    #[test]
    fn all_does_not_include_administration() {
        assert!(Scopes::only(Scope::All).allow(Scope::WriteTask));
        assert!(!Scopes::only(Scope::All).allow(Scope::ReadAdmin));
    }

    #[test]
    fn unknown_and_empty_scopes_are_refused() {
        assert_eq!("read:everything".parse::<Scopes>(), Err(BadScope("read:everything".into())));
        assert_eq!(" ,".parse::<Scopes>(), Err(BadScope(String::new())));
    }
}
