//! Renamed folders.
//!
//! When one side renamed a folder and the other put a file into it, git by default suggests the new place and leaves a
//! conflict (`merge.directoryRenames=conflict`). So it is here: such a file is a conflict at its new place, never a
//! clean merge.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use super::{
    ConflictKind, OURS, THEIRS,
    bench::Bench,
    rename::Renames,
    walk::{Differences, Item, Path, bit},
};
use crate::{ObjectId, Result};

/// The last part of a path.
pub(super) fn name(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').map_or(path, |slash| &path[slash + 1..])
}

/// The folder of a path; empty for the root.
pub(super) fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').map_or(b"", |slash| &path[..slash])
}

/// A path in a folder.
pub(super) fn join(folder: &[u8], rest: &[u8]) -> Vec<u8> {
    if folder.is_empty() { rest.to_vec() } else { [folder, b"/", rest].concat() }
}

/// How many files went from each folder to each other one.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, usize>>);

impl Counts {
    /// Counts one renamed file for its folder, and for the folders above as long as they end in the same names.
    pub(super) fn add(&mut self, from: &[u8], to: &[u8], gone: &HashMap<Path, bool>) {
        let (mut old, mut new) = (from, to);
        let mut is_first = true;
        loop {
            let (old_name, new_name) = (name(old), name(new));
            (old, new) = (parent(old), parent(new));
            if !is_first && old_name != new_name {
                return;
            }
            let state = gone.get(old);
            if is_first || state == Some(&true) {
                *self.0.entry(old.to_vec()).or_default().entry(new.to_vec()).or_default() += 1;
            }
            is_first = false;
            if state.is_none() || old.is_empty() || new.is_empty() {
                return;
            }
        }
    }

    /// Where most files of each folder went; the first of several.
    pub(super) fn most_frequent(&self) -> HashMap<Vec<u8>, Vec<u8>> {
        let most = |places: &BTreeMap<Vec<u8>, usize>| {
            places.iter().rev().max_by_key(|(_, count)| **count).map(|(place, _)| place.clone())
        };
        self.0.iter().filter_map(|(folder, places)| Some((folder.clone(), most(places)?))).collect()
    }
}

/// The folders that one side renamed and into which the other side put something. `None` for a folder whose files
/// went to several places equally.
type Moved = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

fn moved(found: &Differences, renames: &Renames, side: usize) -> Moved {
    let gone = &found.gone_folders[side - 1];
    let mut counts = Counts::default();
    for (from, to) in &renames.pairs {
        counts.add(from, to, gone);
    }
    let mut moved = Moved::new();
    for (folder, places) in counts.0 {
        if gone.get(folder.as_slice()) != Some(&true) {
            continue;
        }
        let most = places.values().max().copied().unwrap_or_default();
        let mut best = places.into_iter().filter(|(_, count)| *count == most).map(|(place, _)| place);
        let first = best.next();
        moved.insert(folder, first.filter(|_| best.next().is_none()));
    }
    moved
}

/// Moves what was put into a renamed folder to the new place, as a conflict. A place that is taken leaves a conflict
/// at the old one.
pub(super) fn follow(
    bench: &Bench<'_>,
    trees: [ObjectId; 3],
    found: &mut Differences,
    renames: &mut [Renames; 2],
) -> Result<()> {
    let mut folders = [OURS, THEIRS].map(|side| moved(found, &renames[side - 1], side));
    let both: Vec<Vec<u8>> =
        folders[0].keys().filter(|folder| folders[1].contains_key(*folder)).cloned().collect();
    for folder in &mut folders {
        folder.retain(|path, _| !both.contains(path));
    }
    for side in [OURS, THEIRS] {
        let [own, other] = [&folders[side - 1], &folders[2 - side]];
        if other.is_empty() {
            continue;
        }
        let renames = &mut renames[side - 1];
        let mut places: BTreeMap<Vec<u8>, Vec<(Option<Path>, Path)>> = BTreeMap::new();
        let paired = renames.pairs.iter().map(|(from, to)| (Some(Rc::clone(from)), Rc::clone(to)));
        let added = renames.added.iter().map(|path| (None, Rc::clone(path)));
        for (from, path) in paired.chain(added) {
            match place(&path, other, own) {
                Place::Same => {}
                Place::Unclear => dispute(found, &path),
                Place::New(place) => places.entry(place).or_default().push((from, path)),
            }
        }
        for (place, files) in places {
            let item = found.items.get(place.as_slice());
            let is_taken = item.is_some_and(|item| (item.files() | item.folders) & bit(side) != 0)
                || bench.has(trees[side], &place)?;
            if is_taken || files.len() > 1 {
                for (_, path) in &files {
                    dispute(found, path);
                }
                continue;
            }
            for (from, path) in files {
                let place: Path = place.as_slice().into();
                relocate(found, &path, &place, side);
                if let Some(from) = from {
                    renames.pairs.insert(from, place);
                }
            }
        }
    }
    Ok(())
}

enum Place {
    Same,
    Unclear,
    New(Vec<u8>),
}

/// Where a path belongs after the other side renamed its folder or one above.
fn place(path: &[u8], moved: &Moved, own: &Moved) -> Place {
    let mut folder = path;
    while !folder.is_empty() {
        folder = parent(folder);
        let Some(new) = moved.get(folder) else { continue };
        let Some(new) = new else { return Place::Unclear };
        // Otherwise the file would be renamed once more by the renaming of this side.
        if own.contains_key(new) {
            return Place::Same;
        }
        let rest = if folder.is_empty() { path } else { &path[folder.len() + 1..] };
        return Place::New(join(new, rest));
    }
    Place::Same
}

fn dispute(found: &mut Differences, path: &Path) {
    if let Some(item) = found.items.get_mut(path) {
        item.dispute = Some(ConflictKind::FolderRenamed);
    }
}

/// Takes what one side has at a path to another place.
fn relocate(found: &mut Differences, path: &Path, place: &Path, side: usize) {
    let Some(item) = found.items.get_mut(path) else { return };
    let leaf = item.leaves[side].take();
    item.equal = 0;
    if item.files() == 0 && item.folders == 0 {
        found.items.remove(path);
    }
    let there = found.items.entry(Rc::clone(place)).or_insert_with(|| Item::empty(place));
    there.leaves[side] = leaf;
    there.names[side] = Rc::clone(path);
    there.equal = 0;
    there.dispute = Some(ConflictKind::FolderRenamed);
}
