//! The identity of a change: equal for two differences that remove and add the same lines of the same files
//! in the same surroundings, wherever the base has moved these and whatever else lies in the trees.

use std::fmt;

use gix::hash::{Hasher, Kind, hasher};

use super::{
    DiffLimits,
    change::{self, Change},
    content::Content,
    lines::{CONTEXT_LINES, LineDiff, Part},
    rename,
};
use crate::{Error, ObjectId, OpenRepository, Result};

/// The identity of a change, as `git patch-id --verbatim` means it: paths, modes, removed and added lines
/// with three lines around them, without line numbers, and in addition which of several places it is that all look like
/// that. Blanks count: what only changes them is a change.
/// A file that is not text, or too large to compare, counts by its contents before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PatchId(ObjectId);

impl Default for PatchId {
    /// The identity that no change has.
    fn default() -> Self {
        Self(ObjectId::ZERO)
    }
}

impl fmt::Display for PatchId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl std::str::FromStr for PatchId {
    type Err = crate::Invalid;

    fn from_str(text: &str) -> Result<Self, crate::Invalid> {
        text.parse().map(Self)
    }
}

/// Collects what makes a change the change that it is.
struct Collected(Hasher);

impl Collected {
    fn new() -> Self {
        Self(hasher(Kind::Sha1))
    }

    /// With its length, so that two texts never read as two others.
    fn add(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn finish(self) -> Result<PatchId> {
        let id = self.0.try_finalize().map_err(|error| Error::Damaged(error.to_string()))?;
        Ok(PatchId(id.into()))
    }
}

/// Lines that are compared to find the places of one file's parts; with more, parts count by their line numbers.
const MOST_LINES_SEARCHED: usize = 500_000;

/// Where in the old file a part of a change is, among all places whose lines are the same as there. Where there is only
/// one, it stays the same wherever the base moves it; where there are several, the same lines added at another one are
/// another change.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    which: u32,
    of: u32,
}

impl Place {
    fn of(diff: &LineDiff<'_>, part: &Part) -> Self {
        let wanted = &diff.old[part.old.start as usize..part.old.end as usize];
        let starts = starts_of(wanted, &diff.old);
        let before = starts.iter().filter(|start| **start < part.old.start as usize).count();
        Self { which: number(before), of: number(starts.len()) }
    }

    const fn by_line(part: &Part) -> Self {
        Self { which: part.old.start, of: u32::MAX }
    }
}

/// Where these lines begin in a text, in a time that grows only with the length of both.
fn starts_of(wanted: &[&[u8]], text: &[&[u8]]) -> Vec<usize> {
    if wanted.is_empty() {
        return Vec::new();
    }
    // How many of the first lines are also the last ones, up to each line.
    let mut border = vec![0; wanted.len()];
    let mut held = 0;
    for at in 1..wanted.len() {
        while held > 0 && wanted[held] != wanted[at] {
            held = border[held - 1];
        }
        held += usize::from(wanted[held] == wanted[at]);
        border[at] = held;
    }
    let mut starts = Vec::new();
    let mut held = 0;
    for (at, line) in text.iter().enumerate() {
        while held > 0 && (held == wanted.len() || wanted[held] != *line) {
            held = border[held - 1];
        }
        held += usize::from(wanted[held] == *line);
        if held == wanted.len() {
            starts.push(at + 1 - held);
        }
    }
    starts
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The identity of what happened to one file.
pub(crate) fn of_file(change: &Change, old: &Content, new: &Content) -> Result<PatchId> {
    let mut collected = Collected::new();
    for side in [&change.old, &change.new] {
        let (path, mode) = side.as_ref().map_or(("", 0), |side| (side.path.as_str(), side.kind.mode()));
        collected.add(path.as_bytes());
        collected.add(&mode.to_be_bytes());
    }
    match (old.text(), new.text()) {
        (Some(old), Some(new)) => {
            let diff = LineDiff::of(old, new);
            let parts = diff.parts(CONTEXT_LINES);
            let is_searched = parts.len().saturating_mul(diff.old.len()) <= MOST_LINES_SEARCHED;
            for part in parts {
                collected.add(b"@@");
                let place = if is_searched { Place::of(&diff, &part) } else { Place::by_line(&part) };
                collected.add(&place.which.to_be_bytes());
                collected.add(&place.of.to_be_bytes());
                diff.each_line(&part, |sign, line| {
                    collected.add(&[sign.byte()]);
                    collected.add(line);
                });
            }
        }
        _ => {
            for side in [&change.old, &change.new] {
                collected.add(side.as_ref().map_or(ObjectId::ZERO, |side| side.id).as_bytes());
            }
        }
    }
    collected.finish()
}

/// The identity of many files' changes, which are sorted by path.
pub(crate) fn of_files(files: impl Iterator<Item = Result<PatchId>>) -> Result<PatchId> {
    let mut collected = Collected::new();
    for file in files {
        collected.add(file?.0.as_bytes());
    }
    collected.finish()
}

impl OpenRepository {
    /// The identity of the change from one commit to another; `None` stands for the empty tree. A change too
    /// large to be read is [`Error::OverBudget`].
    pub fn patch_id(&self, from: Option<ObjectId>, to: ObjectId) -> Result<PatchId> {
        let changes = self.changed_files(from, to, &DiffLimits::PAGE)?;
        of_files(changes.iter().map(|change| {
            let (old, new) = Content::of_both(self, change, &DiffLimits::PAGE)?;
            of_file(change, &old, &new)
        }))
    }

    /// The files that differ between two commits, all of them, renames found.
    pub(crate) fn changed_files(
        &self,
        from: Option<ObjectId>,
        to: ObjectId,
        limits: &DiffLimits,
    ) -> Result<Vec<Change>> {
        let from = from.map(|commit| self.root_tree(commit)).transpose()?;
        let changes = change::between(self, from, self.root_tree(to)?, limits.counted_files)?;
        rename::pair(self, self.budget.whole(changes)?, limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<&[u8]> {
        text.split_inclusive(' ').map(str::as_bytes).collect()
    }

    #[test]
    fn lines_are_found_wherever_they_are_and_where_they_overlap() {
        let starts = |wanted, text| starts_of(&lines(wanted), &lines(text));
        assert_eq!(starts("a b ", "a b a b c a b "), [0, 2, 5]);
        assert_eq!(starts("a a ", "a a a a "), [0, 1, 2]);
        assert_eq!(starts("a b a c ", "a b a b a c "), [2]);
        assert_eq!(starts("a ", ""), Vec::<usize>::new());
        assert_eq!(starts("", "a "), Vec::<usize>::new());
    }

    #[test]
    fn the_same_lines_at_another_place_that_looks_the_same_are_another_change() {
        let block = "a\nb\nc\nd\ne\nf\n";
        let old = format!("{block}middle\n{block}");
        let place = |old: &str, at: usize| {
            let mut lines: Vec<&str> = old.split_inclusive('\n').collect();
            lines.insert(at, "new\n");
            let new = lines.concat();
            let diff = LineDiff::of(old.as_bytes(), new.as_bytes());
            let parts = diff.parts(CONTEXT_LINES);
            assert_eq!(parts.len(), 1);
            Place::of(&diff, &parts[0])
        };
        assert_eq!(place(&old, 3), Place { which: 0, of: 2 });
        assert_eq!(place(&old, 10), Place { which: 1, of: 2 });
        assert_eq!(place(&format!("more\n{block}"), 4), place(block, 3), "a base that grew moved it");
    }
}
