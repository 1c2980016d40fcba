//! The changed lines between two texts, as bytes: what patches, their identities and following lines are made
//! of. The algorithm is the default one of git, with the same habit of placing a change that could slide.

use std::ops::Range;

use gix::diff::blob::{Algorithm, InternedInput, diff_with_slider_heuristics};

/// The lines around a change that git shows by default.
pub(crate) const CONTEXT_LINES: u32 = 3;

/// Lines that were replaced by others; one of the ranges may be empty. Counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replaced {
    pub(crate) old: Range<u32>,
    pub(crate) new: Range<u32>,
}

/// What a line of a patch says, as the character in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Both,
    Removed,
    Added,
}

impl Sign {
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Both => b' ',
            Self::Removed => b'-',
            Self::Added => b'+',
        }
    }
}

/// Two texts by lines, and where they differ.
pub(crate) struct LineDiff<'text> {
    pub(crate) old: Vec<&'text [u8]>,
    pub(crate) new: Vec<&'text [u8]>,
    pub(crate) replaced: Vec<Replaced>,
}

/// A part of a patch: changes that are near each other, with the lines around them.
pub(crate) struct Part {
    pub(crate) old: Range<u32>,
    pub(crate) new: Range<u32>,
    /// Which changes, as indices.
    changes: Range<usize>,
}

/// A text as its lines, each with its line break; the last one may have none.
pub(crate) fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

impl<'text> LineDiff<'text> {
    pub(crate) fn of(old: &'text [u8], new: &'text [u8]) -> Self {
        let input = InternedInput::new(old, new);
        let diff = diff_with_slider_heuristics(Algorithm::Myers, &input);
        let replaced = diff.hunks().map(|hunk| Replaced { old: hunk.before, new: hunk.after }).collect();
        Self { old: lines_of(old), new: lines_of(new), replaced }
    }

    /// The changes with `context` lines around each, those that would touch joined.
    pub(crate) fn parts(&self, context: u32) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let (old_end, new_end) = (count(&self.old), count(&self.new));
        for (index, change) in self.replaced.iter().enumerate() {
            let before = change.old.start.min(context);
            let old = change.old.start - before..change.old.end.saturating_add(context).min(old_end);
            let new = change.new.start - before.min(change.new.start)
                ..change.new.end.saturating_add(context).min(new_end);
            match parts.last_mut() {
                Some(last) if last.old.end >= old.start => {
                    last.old.end = old.end;
                    last.new.end = new.end;
                    last.changes.end = index + 1;
                }
                _ => parts.push(Part { old, new, changes: index..index + 1 }),
            }
        }
        parts
    }

    /// Passes the lines of a part on, in the order of a patch.
    pub(crate) fn each_line(&self, part: &Part, mut visit: impl FnMut(Sign, &'text [u8])) {
        let mut at = part.old.start;
        let old = |range: Range<u32>| self.old[range.start as usize..range.end as usize].iter();
        for change in &self.replaced[part.changes.clone()] {
            old(at..change.old.start).for_each(|line| visit(Sign::Both, line));
            old(change.old.clone()).for_each(|line| visit(Sign::Removed, line));
            let added = &self.new[change.new.start as usize..change.new.end as usize];
            for line in added {
                visit(Sign::Added, line);
            }
            at = change.old.end;
        }
        old(at..part.old.end).for_each(|line| visit(Sign::Both, line));
    }
}

/// A number of lines; a text of more than four billion is never read.
pub(crate) fn count<T>(lines: &[T]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(u32::MAX)
}
