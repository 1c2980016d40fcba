//! Paths inside a tree.

use std::{fmt, str::FromStr};

use crate::{Invalid, PathProblem};

/// A path inside a tree: `/` between segments, no leading or trailing slash. The empty path is the root.
///
/// Every value is safe to read *and* to write: no `.`, `..`, NUL, backslash, no absolute path, and no segment
/// that any file system takes for `.git`. Names in pushed trees that break these rules are still listed by
/// [`crate::OpenRepository::tree`], but cannot be addressed.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct TreePath(String);

const MAX_PATH_BYTES: usize = 4096;
const MAX_SEGMENT_BYTES: usize = 255;

impl TreePath {
    /// The root of the tree.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Checks a path. `""` is the root; use [`TreePath::file`] where a file is meant.
    pub fn new(path: impl Into<String>) -> Result<Self, Invalid> {
        let path = path.into();
        if path.is_empty() {
            return Ok(Self(path));
        }
        match problem(&path) {
            Some(problem) => Err(Invalid::Path(problem)),
            None => Ok(Self(path)),
        }
    }

    /// Checks a path that must not be the root.
    pub fn file(path: impl Into<String>) -> Result<Self, Invalid> {
        let path = Self::new(path)?;
        if path.is_root() { Err(Invalid::Path(PathProblem::Empty)) } else { Ok(path) }
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The segments, none for the root.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// The last segment; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The folder it lies in; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(self.0.rsplit_once('/').map_or_else(Self::root, |(parent, _)| Self(parent.to_owned())))
    }

    /// The path of something inside this folder.
    pub fn join(&self, name: &str) -> Result<Self, Invalid> {
        if self.is_root() { Self::file(name) } else { Self::file(format!("{}/{name}", self.0)) }
    }

    /// The path itself and all folders above it, root first.
    pub fn ancestors(&self) -> Vec<Self> {
        let mut all: Vec<Self> = std::iter::successors(Some(self.clone()), Self::parent).collect();
        all.reverse();
        all
    }
}

fn problem(path: &str) -> Option<PathProblem> {
    let mut start = path.bytes();
    let drive = start.next().is_some_and(|first| first.is_ascii_alphabetic()) && start.next() == Some(b':');
    if path.starts_with('/') || drive {
        return Some(PathProblem::Absolute);
    }
    if path.len() > MAX_PATH_BYTES {
        return Some(PathProblem::TooLong);
    }
    path.split('/').find_map(segment_problem)
}

fn segment_problem(segment: &str) -> Option<PathProblem> {
    if segment.is_empty() {
        Some(PathProblem::Empty)
    } else if segment == "." || segment == ".." {
        Some(PathProblem::Dots)
    } else if segment.chars().any(|character| character == '\\' || character.is_control()) {
        Some(PathProblem::Character)
    } else if segment.len() > MAX_SEGMENT_BYTES {
        Some(PathProblem::TooLong)
    } else if is_dot_git(segment) {
        Some(PathProblem::DotGit)
    } else {
        None
    }
}

/// Whether HFS+ or NTFS could take this name for `.git`: any case, ignored characters in between, trailing
/// dots and spaces, an alternate data stream, or the short name `git~1`.
fn is_dot_git(segment: &str) -> bool {
    let visible: String = segment
        .chars()
        .filter(|character| !is_ignored_by_hfs(*character))
        .flat_map(char::to_lowercase)
        .collect();
    let base = visible.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
    base == ".git" || base == "git~1"
}

fn is_ignored_by_hfs(character: char) -> bool {
    matches!(character, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Display for TreePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for TreePath {
    type Err = Invalid;

    fn from_str(path: &str) -> Result<Self, Invalid> {
        Self::new(path)
    }
}

impl TryFrom<String> for TreePath {
    type Error = Invalid;

    fn try_from(path: String) -> Result<Self, Invalid> {
        Self::new(path)
    }
}

impl From<TreePath> for String {
    fn from(path: TreePath) -> Self {
        path.0
    }
}

impl AsRef<str> for TreePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
