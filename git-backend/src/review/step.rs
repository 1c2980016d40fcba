//! Where lines go in one step: from one content of a file to the next.

use std::{collections::HashMap, rc::Rc};

use super::align::align;
use crate::{
    ObjectId, OpenRepository, Result,
    diff::{Change, Content, DiffLimits, LineDiff, Replaced, Side},
};

/// Where a line is after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Went {
    To(u32),
    /// It was removed: nothing after the step has its text.
    Away,
    /// It may be one of several lines, or was changed.
    Unclear,
}

/// What one step did to the lines of a file, read in one direction or the other.
pub(super) struct Step {
    replaced: Vec<Replaced>,
    /// For each old line the new one that it certainly is, and the other way round.
    new_of: Vec<Option<u32>>,
    old_of: Vec<Option<u32>>,
    /// For each line, whether its text stands on the other side at all.
    old_remains: Vec<bool>,
    new_existed: Vec<bool>,
    /// For each old line, whether it stands exactly once on either side.
    is_only: Vec<bool>,
}

impl Step {
    fn between(git: &OpenRepository, old: &[u8], new: &[u8]) -> Result<Self> {
        let new_of = align(git, old, new)?;
        let diff = LineDiff::of(old, new);
        let mut old_of = vec![None; diff.new.len()];
        for (at, counterpart) in (0..).zip(&new_of) {
            if let Some(counterpart) = counterpart {
                old_of[*counterpart as usize] = Some(at);
            }
        }
        let (old_counts, new_counts) = (counts(&diff.old), counts(&diff.new));
        let of = |counts: &HashMap<&[u8], u32>, line: &[u8]| counts.get(bare(line)).copied().unwrap_or(0);
        Ok(Self {
            old_remains: diff.old.iter().map(|line| of(&new_counts, line) > 0).collect(),
            new_existed: diff.new.iter().map(|line| of(&old_counts, line) > 0).collect(),
            is_only: (diff.old.iter())
                .map(|line| (of(&old_counts, line), of(&new_counts, line)) == (1, 1))
                .collect(),
            replaced: diff.replaced,
            new_of,
            old_of,
        })
    }

    /// Whether an old line stands exactly once on either side.
    pub(super) fn is_only(&self, line: u32) -> bool {
        self.is_only.get(line as usize).copied().unwrap_or(false)
    }

    /// Where an old line certainly is.
    pub(super) fn forward(&self, line: u32) -> Went {
        went(&self.new_of, &self.old_remains, line)
    }

    /// Where a new line certainly was.
    pub(super) fn backward(&self, line: u32) -> Went {
        went(&self.old_of, &self.new_existed, line)
    }

    /// Where the patch of this step puts an old line; `None` if it removes it. The second number says how many
    /// changes of the patch lie before the line.
    pub(super) fn patch_forward(&self, line: u32) -> Option<(u32, usize)> {
        let before = self.replaced.partition_point(|change| change.old.end <= line);
        if self.replaced.get(before).is_some_and(|change| change.old.contains(&line)) {
            return None;
        }
        let last = before.checked_sub(1).map(|last| &self.replaced[last]);
        Some((last.map_or(line, |last| line - last.old.end + last.new.end), before))
    }

    /// The same from a new line to the old one.
    pub(super) fn patch_backward(&self, line: u32) -> Option<(u32, usize)> {
        let before = self.replaced.partition_point(|change| change.new.end <= line);
        if self.replaced.get(before).is_some_and(|change| change.new.contains(&line)) {
            return None;
        }
        let last = before.checked_sub(1).map(|last| &self.replaced[last]);
        Some((last.map_or(line, |last| line - last.new.end + last.old.end), before))
    }

    /// Which of the lines that the patch adds a new line is, counted from 0.
    pub(super) fn place_among_added(&self, line: u32) -> u32 {
        let before = self.replaced.iter().take_while(|change| change.new.end <= line);
        let passed: u32 = before.map(|change| change.new.end - change.new.start).sum();
        let inside = self.replaced.iter().find(|change| change.new.contains(&line));
        passed + inside.map_or(0, |change| line - change.new.start)
    }

    /// The new line that is the `place`th added one.
    pub(super) fn added_at(&self, mut place: u32) -> Option<u32> {
        for change in &self.replaced {
            let added = change.new.end - change.new.start;
            if place < added {
                return Some(change.new.start + place);
            }
            place -= added;
        }
        None
    }
}

/// A line without its line break, which the last one may lack.
fn bare(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

fn counts<'text>(lines: &[&'text [u8]]) -> HashMap<&'text [u8], u32> {
    let mut counts = HashMap::new();
    for line in lines {
        *counts.entry(bare(line)).or_insert(0) += 1;
    }
    counts
}

fn went(counterparts: &[Option<u32>], remains: &[bool], line: u32) -> Went {
    let line = line as usize;
    match (counterparts.get(line).copied().flatten(), remains.get(line)) {
        (Some(counterpart), _) => Went::To(counterpart),
        (None, Some(false)) => Went::Away,
        (None, _) => Went::Unclear,
    }
}

/// Steps that were computed for one question.
#[derive(Default)]
pub(super) struct Steps(HashMap<Sides, Option<Rc<Step>>>);

/// The file before and after.
type Sides = (Option<ObjectId>, Option<ObjectId>);

impl Steps {
    /// The step of a changed file; `None` if a side is no text or too large.
    pub(super) fn of(&mut self, git: &OpenRepository, change: &Change) -> Result<Option<Rc<Step>>> {
        let id = |side: &Option<Side>| side.as_ref().map(|side| side.id);
        let key = (id(&change.old), id(&change.new));
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let read = |side: &Option<Side>| Content::of(git, side.as_ref(), &DiffLimits::PAGE);
        let (old, new) = (read(&change.old)?, read(&change.new)?);
        let step = match (old.text(), new.text()) {
            (Some(old), Some(new)) => Some(Rc::new(Step::between(git, old, new)?)),
            _ => None,
        };
        self.0.insert(key, step.clone());
        Ok(step)
    }
}
