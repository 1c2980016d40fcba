//! The paths at which three trees differ. Trees that are equal are never opened.

use std::{
    collections::{BTreeMap, HashMap},
    iter::Peekable,
    rc::Rc,
};

use super::{
    BASE, Leaf, OURS, THEIRS, TREE_MODE,
    bench::{Bench, Entry},
};
use crate::{Bound, ObjectId, Result};

/// A path as it stands in trees, without a check.
pub(super) type Path = Rc<[u8]>;

/// A deeper tree is not merged.
const MOST_LEVELS: usize = 256;

/// A path at which the trees differ so that a decision is needed.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The files of base, ours and theirs.
    pub(super) leaves: [Option<Leaf>; 3],
    /// In which of the trees a folder stands here; a bit for each.
    pub(super) folders: u8,
    /// Which files were equal before renames were followed: none, or two of the bits.
    pub(super) equal: u8,
    /// Where each of the files was found.
    pub(super) names: [Path; 3],
    /// Set when a rename or a renamed folder leaves a conflict, whatever the contents are.
    pub(super) dispute: Option<super::ConflictKind>,
    /// Set when a rename took the file elsewhere: nothing is left here.
    pub(super) is_gone: bool,
}

impl Item {
    /// A path at which no tree has anything.
    pub(super) fn empty(path: &Path) -> Self {
        Self {
            leaves: [None; 3],
            folders: 0,
            equal: 0,
            names: [Rc::clone(path), Rc::clone(path), Rc::clone(path)],
            dispute: None,
            is_gone: false,
        }
    }

    /// A bit for each tree that has a file here.
    pub(super) fn files(&self) -> u8 {
        (0..3).filter(|side| self.leaves[*side].is_some()).map(bit).sum()
    }
}

/// The bit of one of the three trees.
pub(super) fn bit(side: usize) -> u8 {
    1 << side
}

/// Why a file that disappeared on one side is worth looking for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    /// The other side changed it.
    Content,
    /// It tells where its folder went, into which the other side put something.
    Place,
}

/// What the trees differ in.
#[derive(Default)]
pub(super) struct Differences {
    pub(super) items: BTreeMap<Path, Item>,
    /// What only theirs changed: it is taken as it is.
    pub(super) taken: BTreeMap<Path, Leaf>,
    /// For ours and theirs: the files of the base that are worth looking for there.
    pub(super) worth: [HashMap<Path, Worth>; 2],
    /// For ours and theirs: the folders that are gone there, and whether the other side put something directly into
    /// them.
    pub(super) gone_folders: [HashMap<Path, bool>; 2],
}

/// Compares the trees of base, ours and theirs.
pub(super) fn walk(bench: &Bench<'_>, trees: [ObjectId; 3]) -> Result<Differences> {
    let mut walk = Walk { bench, found: Differences::default(), path: Vec::new() };
    if trees[OURS] != trees[BASE] || trees[THEIRS] != trees[BASE] {
        walk.enter(trees.map(Some), Watch::Nothing, 0)?;
    }
    Ok(walk.found)
}

/// What the walk knows about a folder that one side removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watch {
    Nothing,
    /// Removed on one side; the bit is that of the side that kept it.
    Kept(u8),
    /// The side that kept it put something into it, or into a folder above.
    Filled,
}

struct Walk<'a, 'git> {
    bench: &'a Bench<'git>,
    found: Differences,
    path: Vec<u8>,
}

/// The entries of one name.
struct Row {
    name: Vec<u8>,
    entries: [Option<Leaf>; 3],
}

impl Row {
    fn bits(&self, is_folder: bool) -> u8 {
        let has =
            |side: &usize| self.entries[*side].is_some_and(|entry| (entry.mode == TREE_MODE) == is_folder);
        (0..3).filter(has).map(bit).sum()
    }

    fn are_equal(&self, one: usize, other: usize) -> bool {
        self.entries[one].is_some() && self.entries[one] == self.entries[other]
    }

    /// The trees whose entries are equal, as bits: three, two or none.
    fn equal(&self) -> u8 {
        let (ours, theirs) = (self.are_equal(BASE, OURS), self.are_equal(BASE, THEIRS));
        match (ours, theirs, self.are_equal(OURS, THEIRS)) {
            (true, true, _) => 7,
            (true, ..) => 3,
            (_, true, _) => 5,
            (.., true) => 6,
            _ => 0,
        }
    }
}

impl Walk<'_, '_> {
    fn enter(&mut self, trees: [Option<ObjectId>; 3], watch: Watch, level: usize) -> Result<()> {
        if level > MOST_LEVELS {
            return Err(self.bench.git.budget.over(Bound::Depth));
        }
        let rows = self.rows(trees)?;
        let is_filled = |row: &Row| matches!(watch, Watch::Kept(side) if row.bits(false) == side);
        let watch = if rows.iter().any(is_filled) { Watch::Filled } else { watch };
        let folder: Path = self.path.as_slice().into();
        for row in rows {
            let length = self.path.len();
            if length > 0 {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(&row.name);
            self.row(&row, &folder, watch, level)?;
            self.path.truncate(length);
        }
        Ok(())
    }

    /// The names at which the three trees are not all equal.
    fn rows(&self, trees: [Option<ObjectId>; 3]) -> Result<Vec<Row>> {
        let list = |tree: Option<ObjectId>| tree.map_or(Ok(Vec::new()), |tree| self.bench.entries(tree));
        let mut lists = [
            list(trees[BASE])?.into_iter().peekable(),
            list(trees[OURS])?.into_iter().peekable(),
            list(trees[THEIRS])?.into_iter().peekable(),
        ];
        let mut rows = Vec::new();
        while let Some(name) = lists.iter_mut().filter_map(|list| Some(list.peek()?.name.clone())).min() {
            let row = Row { entries: lists.each_mut().map(|list| take(list, &name)), name };
            if row.equal() != 7 {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn row(&mut self, row: &Row, folder: &Path, watch: Watch, level: usize) -> Result<()> {
        let (files, folders, equal) = (row.bits(false), row.bits(true), row.equal());
        let path: Path = self.path.as_slice().into();
        if files == 7 && (equal == 6 || equal == 5) {
            return Ok(());
        }
        if files == 7 && equal == 3 {
            self.found.taken.extend(row.entries[THEIRS].map(|leaf| (path, leaf)));
            return Ok(());
        }
        let watch = match watch {
            Watch::Nothing if folders == 3 || folders == 5 => Watch::Kept(folders & !1),
            watch => watch,
        };
        for side in [OURS, THEIRS] {
            if folders & 1 == 1 && folders & bit(side) == 0 {
                self.found.gone_folders[side - 1].insert(Rc::clone(&path), false);
            }
            if watch == Watch::Filled && files == bit(3 - side) {
                self.found.gone_folders[side - 1].insert(Rc::clone(folder), true);
            }
        }
        if files != 0 {
            self.file(row, path, watch);
        }
        if folders != 0 {
            let tree = |side: usize| row.entries[side].filter(|entry| entry.mode == TREE_MODE);
            let trees = [BASE, OURS, THEIRS].map(|side| tree(side).map(|entry| entry.id));
            self.enter(trees, watch, level + 1)?;
        }
        Ok(())
    }

    fn file(&mut self, row: &Row, path: Path, watch: Watch) {
        let (files, folders, equal) = (row.bits(false), row.bits(true), row.equal());
        for side in [OURS, THEIRS].into_iter().filter(|side| files & 1 == 1 && files & bit(*side) == 0) {
            let worth = if equal & files == 0 {
                Some(Worth::Content)
            } else {
                (watch == Watch::Filled).then_some(Worth::Place)
            };
            self.found.worth[side - 1].extend(worth.map(|worth| (Rc::clone(&path), worth)));
        }
        let leaves = row.entries.map(|entry| entry.filter(|entry| entry.mode != TREE_MODE));
        // Folders that are equal say nothing about files.
        let equal = equal & !folders;
        let equal = if equal.count_ones() == 2 { equal } else { 0 };
        let item = Item { leaves, folders, equal, ..Item::empty(&path) };
        self.found.items.insert(path, item);
    }
}

fn take(list: &mut Peekable<std::vec::IntoIter<Entry>>, name: &[u8]) -> Option<Leaf> {
    let entry = list.next_if(|entry| entry.name == name)?;
    Some(Leaf { mode: entry.mode, id: entry.id })
}
