//! The bytes of one side of a file, as far as they can be compared.

use super::{
    DiffLimits,
    change::{Change, Side},
};
use crate::{OpenRepository, Result, read::EntryKind};

/// The content of one side of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Bytes(Vec<u8>),
    TooLarge,
}

impl Content {
    /// The content of a file that does not exist.
    pub(crate) const NOTHING: Self = Self::Bytes(Vec::new());

    /// The content, unless it is larger than the limits. A submodule is one line that names its commit.
    pub(crate) fn of(git: &OpenRepository, side: Option<&Side>, limits: &DiffLimits) -> Result<Self> {
        let Some(side) = side else { return Ok(Self::NOTHING) };
        if side.kind == EntryKind::Submodule {
            return Ok(Self::Bytes(format!("Subproject commit {}\n", side.id).into_bytes()));
        }
        let blob = git.blob(side.id, limits.file_bytes)?;
        Ok(match blob.data {
            Some(data) if line_count(&data) <= limits.compared_lines => Self::Bytes(data),
            Some(_) | None => Self::TooLarge,
        })
    }

    /// The contents before and after. A file that only moved, or only became executable, is not read: nothing
    /// against nothing is the same difference.
    pub(crate) fn of_both(
        git: &OpenRepository,
        change: &Change,
        limits: &DiffLimits,
    ) -> Result<(Self, Self)> {
        let (old, new) = (change.old.as_ref(), change.new.as_ref());
        let what = |side: &Side| (side.id, side.is_file());
        if old.map(what) == new.map(what) {
            return Ok((Self::NOTHING, Self::NOTHING));
        }
        Ok((Self::of(git, old, limits)?, Self::of(git, new, limits)?))
    }

    /// The bytes, if they are text by git's heuristic.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) if !is_binary(bytes) => Some(bytes),
            Self::Bytes(_) | Self::TooLarge => None,
        }
    }
}

/// A NUL among the first bytes, git's heuristic.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8000)].contains(&0)
}

fn line_count(data: &[u8]) -> usize {
    data.split(|byte| *byte == b'\n').skip(1).count()
}
