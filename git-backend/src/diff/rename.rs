//! Detects renamed files, perhaps with changes.

use std::{
    cmp::Reverse,
    collections::{HashMap, VecDeque},
};

use super::{
    DiffLimits,
    change::{Change, Side},
};
use crate::{
    Error, ObjectId, OpenRepository, Result,
    similarity::{LEAST, LEAST_OF_SAME_NAME, Pieces},
};

/// With more files than this on either side only exact renames are looked for.
const MOST_COMPARED: usize = 60;
/// Of files with equal contents so many are looked at for one of the same name.
const MOST_EQUAL: usize = 101;
/// If all these files together have more bytes, or more distinct pieces, contents are not compared: each piece takes memory.
const MOST_BYTES: u64 = 16 << 20;
const MOST_PIECES: usize = 400_000;

/// Pairs deleted files with added ones where it is the same file, and sorts by path.
pub(crate) fn pair(git: &OpenRepository, changes: Vec<Change>, limits: &DiffLimits) -> Result<Vec<Change>> {
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

fn path(change: &Change) -> &[u8] {
    change.new.as_ref().or(change.old.as_ref()).map_or(&[], Side::path_bytes)
}

/// The same content under another path; of several candidates, the one with the same file name.
fn unchanged(gone: &mut Vec<Side>, new: &mut Vec<Side>) -> Vec<Change> {
    let mut pairs = Vec::new();
    let mut by_id: HashMap<ObjectId, VecDeque<Side>> = HashMap::new();
    for old in gone.drain(..) {
        by_id.entry(old.id).or_default().push_back(old);
    }
    new.retain(|added| {
        let Some(sources) = by_id.get_mut(&added.id) else { return true };
        let of_name = sources.iter().take(MOST_EQUAL).position(|old| old.name() == added.name());
        let Some(old) = sources.remove(of_name.unwrap_or(0)) else { return true };
        pairs.push(Change { old: Some(old), new: Some(added.clone()) });
        false
    });
    gone.extend(by_id.into_values().flatten());
    gone.sort_by(|one, other| one.path_bytes().cmp(other.path_bytes()));
    pairs
}

/// Pairs files by similarity, each once: first those whose name is only theirs, if they are very similar; then all others, the
/// most similar first.
fn similar(
    git: &OpenRepository,
    gone: &mut Vec<Side>,
    new: &mut Vec<Side>,
    limits: &DiffLimits,
) -> Result<Vec<Change>> {
    let mut room = Room { bytes: MOST_BYTES, pieces: MOST_PIECES };
    let mut cut = |sides: &[Side]| -> Result<Option<Vec<Pieces>>> {
        sides.iter().map(|side| room.cut(git, side, limits)).collect()
    };
    let (Some(old_pieces), Some(new_pieces)) = (cut(gone)?, cut(new)?) else {
        return Ok(Vec::new());
    };
    let (mut is_source, mut is_target) = (vec![false; gone.len()], vec![false; new.len()]);
    let mut pairs = Vec::new();
    for (from, to) in of_one_name(gone, new) {
        if old_pieces[from].score(&new_pieces[to]) >= LEAST_OF_SAME_NAME {
            (is_source[from], is_target[to]) = (true, true);
            pairs.push(Change { old: Some(gone[from].clone()), new: Some(new[to].clone()) });
        }
    }
    let mut scores = Vec::new();
    for (to, added) in new_pieces.iter().enumerate().filter(|(to, _)| !is_target[*to]) {
        for (from, old) in old_pieces.iter().enumerate().filter(|(from, _)| !is_source[*from]) {
            let score = old.score(added);
            if score >= LEAST {
                let kept_name = gone[from].name() == new[to].name();
                scores.push((Reverse(score), Reverse(kept_name), to, from));
            }
        }
    }
    scores.sort_unstable();
    for (_, _, to, from) in scores {
        if !is_source[from] && !is_target[to] {
            (is_source[from], is_target[to]) = (true, true);
            pairs.push(Change { old: Some(gone[from].clone()), new: Some(new[to].clone()) });
        }
    }
    retain_unmarked(gone, &is_source);
    retain_unmarked(new, &is_target);
    Ok(pairs)
}

/// The places of two files whose name nothing else has, on either side.
fn of_one_name(gone: &[Side], new: &[Side]) -> Vec<(usize, usize)> {
    let (sources, targets) = (only(gone), only(new));
    let mut pairs: Vec<(usize, usize)> = sources
        .into_iter()
        .filter_map(|(name, from)| from.zip(targets.get(name).copied().flatten()))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// The place of each name; none: several have it.
fn only(sides: &[Side]) -> HashMap<&str, Option<usize>> {
    let mut found = HashMap::new();
    for (place, side) in sides.iter().enumerate() {
        found.entry(side.name()).and_modify(|place| *place = None).or_insert(Some(place));
    }
    found
}

fn retain_unmarked(sides: &mut Vec<Side>, marks: &[bool]) {
    let mut marks = marks.iter();
    sides.retain(|_| !marks.next().copied().unwrap_or_default());
}

/// What is left of the bytes and of the pieces that are compared.
struct Room {
    bytes: u64,
    pieces: usize,
}

impl Room {
    /// `None` when there is not enough left.
    fn cut(&mut self, git: &OpenRepository, side: &Side, limits: &DiffLimits) -> Result<Option<Pieces>> {
        let blob = match git.blob(side.id, limits.file_bytes.min(self.bytes)) {
            Err(Error::OverBudget { .. }) => return Ok(None),
            blob => blob?,
        };
        // One that is too large is like no other.
        let data = blob.data.unwrap_or_default();
        let pieces = Pieces::cut(&data);
        let Some(left) = self.pieces.checked_sub(pieces.count()) else { return Ok(None) };
        self.bytes -= data.len() as u64;
        self.pieces = left;
        Ok(Some(pieces))
    }
}
