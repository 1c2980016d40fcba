use std::{collections::BTreeSet, fmt, str::FromStr};

text_enum! {
    /// How somebody keeps a repository in mind.
    pub enum Interest {
        /// They like it, and say so.
        Star = "star",
        /// They want to know what happens in it.
        Watch = "watch",
    }
}

text_enum! {
    /// A part of a repository that can be watched alone.
    pub enum WatchedPart {
        Issues = "issues",
        Pulls = "pulls",
        Releases = "releases",
    }
}

/// What somebody who watches a repository wants to hear of. Stored as one word, or the words of the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WatchChoice {
    #[default]
    Everything,
    /// Only what concerns them: where they take part or are mentioned.
    Mentions,
    /// These parts; never none of them.
    Parts(BTreeSet<WatchedPart>),
}

const EVERYTHING: &str = "everything";
const MENTIONS: &str = "mentions";

impl WatchChoice {
    /// Some parts; all of them are everything, and none of them leaves the mentions.
    pub fn of_parts(parts: impl IntoIterator<Item = WatchedPart>) -> Self {
        let parts: BTreeSet<_> = parts.into_iter().collect();
        if parts.is_empty() { Self::Mentions } else { Self::Parts(parts) }
    }

    /// Whether they want to hear of this part.
    pub fn covers(&self, part: WatchedPart) -> bool {
        match self {
            Self::Everything => true,
            Self::Mentions => false,
            Self::Parts(parts) => parts.contains(&part),
        }
    }
}

impl fmt::Display for WatchChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => formatter.write_str(EVERYTHING),
            Self::Mentions => formatter.write_str(MENTIONS),
            Self::Parts(parts) => {
                let words: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
                formatter.write_str(&words.join(" "))
            }
        }
    }
}

impl FromStr for WatchChoice {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            EVERYTHING => Ok(Self::Everything),
            MENTIONS => Ok(Self::Mentions),
            parts => {
                let parts =
                    parts.split(' ').map(str::parse).collect::<Result<BTreeSet<WatchedPart>, ()>>()?;
                if parts.is_empty() { Err(()) } else { Ok(Self::Parts(parts)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_as_it_was_written() {
        let some = WatchChoice::of_parts([WatchedPart::Releases, WatchedPart::Issues]);
        assert_eq!(some.to_string(), "issues releases");
        for choice in [WatchChoice::Everything, WatchChoice::Mentions, some] {
            assert_eq!(choice.to_string().parse(), Ok(choice.clone()));
        }
        assert!("".parse::<WatchChoice>().is_err() && "moon".parse::<WatchChoice>().is_err());
    }

    #[test]
    fn without_any_part_only_mentions_are_left() {
        assert_eq!(WatchChoice::of_parts([]), WatchChoice::Mentions);
        assert!(!WatchChoice::Mentions.covers(WatchedPart::Issues));
        assert!(WatchChoice::Everything.covers(WatchedPart::Pulls));
    }
}
