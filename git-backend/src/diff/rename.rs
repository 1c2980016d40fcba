//! Detects renamed files, perhaps with changes.

use std::{
    cmp::Reverse,
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::{
    DiffLimits,
    change::{Change, Side},
};
use crate::{Error, ObjectId, OpenRepository, Result};

/// With more files than this on either side only exact renames are looked for.
const MOST_COMPARED: usize = 60;
/// If all these files together have more bytes or lines, contents are not compared.
const MOST_BYTES: u64 = 16 << 20;
const MOST_LINES: usize = 400_000;
/// The similarity in percent from which two files count as a rename, as in git.
const LEAST_SIMILAR: u64 = 50;

/// Pairs deleted files with added ones where it is the same file, and sorts by path.
pub(super) fn pair(git: &OpenRepository, changes: Vec<Change>, limits: &DiffLimits) -> Result<Vec<Change>> {
    let (mut gone, mut new, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change { old: Some(old), new: None } if old.is_file() => gone.push(old),
            Change { old: None, new: Some(added) } if added.is_file() => new.push(added),
            other => rest.push(other),
        }
    }
    if !gone.is_empty() && !new.is_empty() {
        rest.extend(unchanged(&mut gone, &mut new));
        if gone.len() <= MOST_COMPARED && new.len() <= MOST_COMPARED {
            rest.extend(similar(git, &mut gone, &mut new, limits)?);
        }
    }
    rest.extend(gone.into_iter().map(|old| Change { old: Some(old), new: None }));
    rest.extend(new.into_iter().map(|new| Change { old: None, new: Some(new) }));
    rest.sort_by(|one, other| path(one).cmp(path(other)));
    Ok(rest)
}

fn path(change: &Change) -> &str {
    change.new.as_ref().or(change.old.as_ref()).map_or("", |side| &side.path)
}

/// The same content under another path; of several candidates, the one with the same file name.
fn unchanged(gone: &mut Vec<Side>, new: &mut Vec<Side>) -> Vec<Change> {
    let mut pairs = Vec::new();
    let mut by_id: HashMap<ObjectId, Vec<Side>> = HashMap::new();
    for old in gone.drain(..) {
        by_id.entry(old.id).or_default().push(old);
    }
    new.retain(|added| {
        let Some(sources) = by_id.get_mut(&added.id).filter(|sources| !sources.is_empty()) else {
            return true;
        };
        let at = sources.iter().position(|old| old.name() == added.name()).unwrap_or(0);
        pairs.push(Change { old: Some(sources.swap_remove(at)), new: Some(added.clone()) });
        false
    });
    gone.extend(by_id.into_values().flatten());
    pairs
}

/// Pairs files by similarity, the most similar first, each file once.
fn similar(
    git: &OpenRepository,
    gone: &mut Vec<Side>,
    new: &mut Vec<Side>,
    limits: &DiffLimits,
) -> Result<Vec<Change>> {
    let (mut bytes, mut lines) = (MOST_BYTES, MOST_LINES);
    let mut fingerprints = |sides: &[Side]| -> Result<Option<Vec<Fingerprint>>> {
        let fingerprint = |side| Fingerprint::of(git, side, limits, &mut bytes, &mut lines);
        sides.iter().map(fingerprint).collect()
    };
    let (Some(old_fingerprints), Some(new_fingerprints)) = (fingerprints(gone)?, fingerprints(new)?) else {
        return Ok(Vec::new());
    };
    let mut scores = Vec::new();
    for (from, old) in old_fingerprints.iter().enumerate() {
        for (to, added) in new_fingerprints.iter().enumerate() {
            let score = old.similarity(added);
            if score >= LEAST_SIMILAR {
                let kept_name = gone[from].name() == new[to].name();
                scores.push((Reverse(score), Reverse(kept_name), from, to));
            }
        }
    }
    scores.sort_unstable();
    let (mut is_source, mut is_target) = (vec![false; gone.len()], vec![false; new.len()]);
    let mut pairs = Vec::new();
    for (_, _, from, to) in scores {
        if !is_source[from] && !is_target[to] {
            (is_source[from], is_target[to]) = (true, true);
            pairs.push(Change { old: Some(gone[from].clone()), new: Some(new[to].clone()) });
        }
    }
    retain_unmarked(gone, &is_source);
    retain_unmarked(new, &is_target);
    Ok(pairs)
}

fn retain_unmarked(sides: &mut Vec<Side>, marks: &[bool]) {
    let mut marks = marks.iter();
    sides.retain(|_| !marks.next().copied().unwrap_or_default());
}

/// How many bytes of each distinct line a file has.
struct Fingerprint {
    size: u64,
    lines: HashMap<u64, u64>,
}

impl Fingerprint {
    /// `None` when this exceeds what is left of the bytes and lines.
    fn of(
        git: &OpenRepository,
        side: &Side,
        limits: &DiffLimits,
        bytes_left: &mut u64,
        lines_left: &mut usize,
    ) -> Result<Option<Self>> {
        let blob = match git.blob(side.id, limits.file_bytes.min(*bytes_left)) {
            Err(Error::OverBudget { .. }) => return Ok(None),
            blob => blob?,
        };
        let read = blob.data.as_ref().map_or(0, |data| data.len() as u64);
        *bytes_left -= read;
        let mut lines: HashMap<u64, u64> = HashMap::new();
        for line in blob.data.as_deref().unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            *lines.entry(hasher.finish()).or_default() += line.len() as u64;
            if lines.len() > *lines_left {
                return Ok(None);
            }
        }
        *lines_left -= lines.len();
        Ok(Some(Self { size: blob.size, lines }))
    }

    /// Bytes in common, as a percentage of the larger one.
    fn similarity(&self, other: &Self) -> u64 {
        let (small, large) = (self.size.min(other.size), self.size.max(other.size));
        if large == 0 || small * 100 / large < LEAST_SIMILAR {
            return 0;
        }
        let common: u64 = self
            .lines
            .iter()
            .map(|(line, bytes)| other.lines.get(line).map_or(0, |others| (*bytes).min(*others)))
            .sum();
        common * 100 / large
    }
}
