use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why an output path was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOutputPath {
    #[error("empty")]
    Empty,
    #[error("too long")]
    TooLong,
    #[error("too many folders")]
    TooDeep,
    #[error("a part that is empty, '.' or '..'")]
    Part,
    #[error("a backslash, a control character or one that changes the direction of text")]
    Characters,
}

/// The path of an output relative to the output folder: plain segments separated by `/`. Whatever a program
/// or an agent sends, such a path cannot escape its folder, be it on a disk, in an archive or in a Git tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OutputPath(String);

impl OutputPath {
    /// Of the whole path, in bytes.
    pub const LONGEST: usize = 1024;
    /// Of one segment, in bytes: the limit of common file systems.
    pub const LONGEST_PART: usize = 255;
    /// Segments, including the file's name.
    pub const DEEPEST: usize = 32;

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder, without a trailing `/` and empty at the root, and the file's name.
    pub fn split(&self) -> (&str, &str) {
        self.0.rsplit_once('/').unwrap_or(("", &self.0))
    }

    /// The same file, relative to a folder further up.
    pub fn below(&self, folder: &str) -> Result<Self, BadOutputPath> {
        format!("{folder}/{}", self.0).parse()
    }
}

fn check(path: &str) -> Result<(), BadOutputPath> {
    if path.is_empty() {
        return Err(BadOutputPath::Empty);
    }
    if path.len() > OutputPath::LONGEST {
        return Err(BadOutputPath::TooLong);
    }
    if path.chars().any(is_unprintable) {
        return Err(BadOutputPath::Characters);
    }
    let mut depth = 0;
    for part in path.split('/') {
        depth += 1;
        if matches!(part, "" | "." | "..") {
            return Err(BadOutputPath::Part);
        }
        if part.len() > OutputPath::LONGEST_PART {
            return Err(BadOutputPath::TooLong);
        }
    }
    if depth > OutputPath::DEEPEST { Err(BadOutputPath::TooDeep) } else { Ok(()) }
}

fn is_unprintable(letter: char) -> bool {
    let turns_text = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter == '\\' || letter.is_control() || turns_text
}

impl FromStr for OutputPath {
    type Err = BadOutputPath;

    fn from_str(path: &str) -> Result<Self, BadOutputPath> {
        check(path).map(|()| Self(path.to_owned()))
    }
}

impl TryFrom<String> for OutputPath {
    type Error = BadOutputPath;

    fn try_from(path: String) -> Result<Self, BadOutputPath> {
        check(&path).map(|()| Self(path))
    }
}

impl From<OutputPath> for String {
    fn from(path: OutputPath) -> Self {
        path.0
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_paths_are_taken_as_they_are() {
        for path in ["a", "model/weights.npz", "模型/权重.bin", "..a/b..", ".hidden", "a b/c"] {
            assert_eq!(path.parse::<OutputPath>().map(String::from).as_deref(), Ok(path));
        }
        let path: OutputPath = "a/b/c".parse().expect("plain");
        assert_eq!(path.split(), ("a/b", "c"));
        assert_eq!(path.below("node-1").expect("plain").as_str(), "node-1/a/b/c");
    }

    #[test]
    fn what_leaves_its_folder_or_hides_is_refused() {
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "./a",
            "a/.",
            "a/",
            "a\\b",
            "a\0",
            "a\nb",
            "a\u{202e}b",
        ] {
            assert!(path.parse::<OutputPath>().is_err(), "{path:?}");
        }
        assert_eq!("a".repeat(256).parse::<OutputPath>(), Err(BadOutputPath::TooLong));
        assert_eq!("a/".repeat(32).parse::<OutputPath>(), Err(BadOutputPath::Part));
        assert_eq!(format!("{}a", "a/".repeat(32)).parse::<OutputPath>(), Err(BadOutputPath::TooDeep));
        assert_eq!(format!("{}a", "abcdefg/".repeat(128)).parse::<OutputPath>(), Err(BadOutputPath::TooLong));
        assert!(serde_json_like("../x").is_err());
    }

    /// As deserialised from a protocol message.
    fn serde_json_like(path: &str) -> Result<OutputPath, serde::de::value::Error> {
        use serde::de::IntoDeserializer as _;
        OutputPath::deserialize(path.to_owned().into_deserializer())
    }

    proptest! {
        #[test]
        fn whatever_is_taken_stays_below_its_folder(path in "[./\\\\a-c\u{0}\u{202e}\n]{0,24}") {
            if let Ok(taken) = path.parse::<OutputPath>() {
                prop_assert_eq!(taken.as_str(), path.as_str());
                let components: Vec<Component> = Path::new(&path).components().collect();
                prop_assert!(components.iter().all(|part| matches!(part, Component::Normal(_))));
                prop_assert_eq!(components.len(), path.split('/').count());
                prop_assert!(Path::new("/root").join(&path).starts_with("/root"));
            }
        }
    }
}
