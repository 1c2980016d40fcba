//! Decides what stands at each path of the merge.

use std::{
    collections::{BTreeMap, HashSet},
    rc::Rc,
};

use super::{
    BASE, ConflictKind, FORMAT, LINK_MODE, Leaf, OURS, SUBMODULE_MODE, THEIRS,
    bench::Bench,
    folder::parent,
    rename::Renames,
    text::{Markers, Texts},
    walk::{Differences, Item, Path, bit},
};
use crate::{ObjectId, Result, diff::is_binary};

/// How a merge is done.
pub(super) struct Manner {
    /// How many merges this one is made for: 0 for the merge that was asked for. An inner one settles every conflict
    /// somehow, with markers, as git does.
    pub(super) depth: usize,
    /// What the sides are called in conflict markers.
    pub(super) labels: [&'static str; 2],
}

/// The names of the sides of a merge that makes a virtual base, as git gives them: they stand in its texts.
pub(super) const INNER_LABELS: [&str; 2] = ["Temporary merge branch 1", "Temporary merge branch 2"];
/// The names of the sides in texts that a person edits.
pub(super) const OUTER_LABELS: [&str; 2] = ["ours", "theirs"];
const MARKER_SIZE: usize = 7;

/// A path that was not settled by itself.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) kind: ConflictKind,
    pub(super) item: Item,
}

/// What a merge comes to.
#[derive(Default)]
pub(super) struct Settled {
    /// What stands at each path that may differ from ours; `None` for nothing.
    pub(super) leaves: BTreeMap<Path, Option<Leaf>>,
    /// What was not settled by itself.
    pub(super) open: BTreeMap<Path, Open>,
}

/// The outcome of merging one file; an inner merge may leave nothing.
struct File {
    leaf: Option<Leaf>,
    trouble: Option<ConflictKind>,
}

pub(super) fn settle(
    bench: &Bench<'_>,
    mut found: Differences,
    renames: &[Renames; 2],
    manner: &Manner,
) -> Result<Settled> {
    let mut work =
        Work { bench, manner, items: std::mem::take(&mut found.items), settled: Settled::default() };
    let leaves = found.taken.into_iter().map(|(path, leaf)| (path, Some(leaf)));
    work.settled.leaves = leaves.collect();
    work.follow(renames)?;
    work.decide()?;
    Ok(work.settled)
}

struct Work<'a, 'git> {
    bench: &'a Bench<'git>,
    manner: &'a Manner,
    items: BTreeMap<Path, Item>,
    settled: Settled,
}

impl Work<'_, '_> {
    /// Brings what belongs to one file together at its new path.
    fn follow(&mut self, renames: &[Renames; 2]) -> Result<()> {
        let sources: std::collections::BTreeSet<&Path> =
            renames.iter().flat_map(|renames| renames.pairs.keys()).collect();
        for source in sources {
            if !self.items.contains_key(source) {
                continue;
            }
            match [OURS, THEIRS].map(|side| renames[side - 1].pairs.get(source)) {
                [Some(ours), Some(theirs)] if ours == theirs => self.renamed_alike(source, ours),
                [Some(ours), Some(theirs)] => self.renamed_apart(source, ours, theirs)?,
                [Some(ours), None] => self.renamed(source, ours, OURS)?,
                [None, Some(theirs)] => self.renamed(source, theirs, THEIRS)?,
                [None, None] => {}
            }
        }
        Ok(())
    }

    fn renamed_alike(&mut self, source: &Path, target: &Path) {
        let Some(base) = self.leaf(source, BASE) else { return };
        self.with(target, |item| {
            item.leaves[BASE] = Some(base);
            item.names[BASE] = Rc::clone(source);
        });
        self.with(source, |item| item.is_gone = true);
    }

    /// Both sides gave it another name: each gets the merged content, and a person decides.
    fn renamed_apart(&mut self, source: &Path, ours: &Path, theirs: &Path) -> Result<()> {
        let sides = (self.leaf(source, BASE), self.leaf(ours, OURS), self.leaf(theirs, THEIRS));
        let (base, Some(mine), Some(yours)) = sides else { return Ok(()) };
        let names = [source, ours, theirs].map(Rc::clone);
        if mine.is_like(yours) {
            let merged = self.merge_file([base, Some(mine), Some(yours)], &names, 1)?;
            // What is not text is not merged: each side keeps its own.
            let (here, there) = match merged.trouble {
                Some(_) if merged.leaf == Some(mine) => (Some(mine), Some(yours)),
                _ => (merged.leaf, merged.leaf),
            };
            self.with(ours, |item| item.leaves[OURS] = here);
            self.with(theirs, |item| item.leaves[THEIRS] = there);
        }
        for path in [ours, theirs, source] {
            self.with(path, |item| item.dispute = Some(ConflictKind::RenamedBoth));
        }
        Ok(())
    }

    /// One side gave it another name; `side` is that side.
    fn renamed(&mut self, source: &Path, target: &Path, side: usize) -> Result<()> {
        let other = 3 - side;
        let Some(old) = self.items.get(source).cloned() else { return Ok(()) };
        let Some(new) = self.items.get(target).cloned() else { return Ok(()) };
        let is_deleted = old.leaves[other].is_none();
        let types = (old.leaves[other], new.leaves[side]);
        let is_other_type = matches!(types, (Some(theirs), Some(mine)) if theirs.is_file() != mine.is_file());
        let is_taken = new.leaves[other].is_some() && !is_other_type;
        if is_taken && is_deleted {
            self.with(target, |item| item.dispute = Some(ConflictKind::RenamedAndDeleted));
        } else if is_taken {
            // Something else is there: the renamed file is merged first, and then meets it.
            let mut leaves = [old.leaves[BASE], None, None];
            leaves[side] = new.leaves[side];
            leaves[other] = old.leaves[other];
            let mut names = [Rc::clone(source), Rc::clone(source), Rc::clone(source)];
            names[side] = Rc::clone(target);
            let merged = self.merge_file(leaves, &names, 1)?;
            self.with(target, |item| {
                item.leaves[side] = merged.leaf;
                if merged.trouble.is_some() {
                    item.dispute = Some(ConflictKind::RenamedBoth);
                }
            });
        } else {
            self.with(target, |item| {
                item.leaves[BASE] = old.leaves[BASE];
                item.names[BASE] = Rc::clone(source);
                if !is_other_type && is_deleted {
                    item.dispute = Some(ConflictKind::RenamedAndDeleted);
                } else if !is_other_type {
                    item.leaves[other] = old.leaves[other];
                    item.names[other] = Rc::clone(source);
                }
            });
        }
        self.with(source, |item| {
            if is_other_type {
                item.leaves[BASE] = None;
            } else {
                item.is_gone = true;
            }
        });
        Ok(())
    }

    fn leaf(&self, path: &Path, side: usize) -> Option<Leaf> {
        self.items.get(path)?.leaves[side]
    }

    fn with(&mut self, path: &Path, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.get_mut(path) {
            change(item);
        }
    }

    /// Decides every path, the deepest first, because a folder may turn out to be empty.
    fn decide(&mut self) -> Result<()> {
        let mut occupied = HashSet::new();
        let taken: Vec<Path> = self.settled.leaves.keys().cloned().collect();
        for path in &taken {
            occupy(&mut occupied, path);
        }
        for (path, item) in std::mem::take(&mut self.items).into_iter().rev() {
            if item.is_gone {
                self.settled.leaves.entry(path).or_insert(None);
                continue;
            }
            let is_folder_there = item.folders != 0 && occupied.contains(&*path);
            let placed = if is_folder_there {
                self.beside_folder(&path, item)?
            } else {
                self.path(&path, item)?.map(|leaf| (path, leaf))
            };
            if let Some((path, _)) = placed {
                occupy(&mut occupied, &path);
            }
        }
        Ok(())
    }

    /// A file where a folder stays: only one of them can have the name.
    fn beside_folder(&mut self, path: &Path, mut item: Item) -> Result<Option<(Path, Leaf)>> {
        if item.files() & !1 == 0 {
            return Ok(None);
        }
        let side = if item.folders & bit(OURS) == 0 { OURS } else { THEIRS };
        let label = self.manner.labels[side - 1];
        let place: Path = [path, b"~".as_slice(), label.as_bytes()].concat().into();
        item.dispute = Some(ConflictKind::Folder);
        let leaf = self.path(&place, item)?;
        // The name beside the folder is only for a virtual base: a person sees the path itself.
        if self.manner.depth == 0
            && let Some(open) = self.settled.open.remove(&place)
        {
            self.settled.leaves.remove(&place);
            self.settled.open.insert(Rc::clone(path), open);
        }
        Ok(leaf.map(|leaf| (place, leaf)))
    }

    /// Settles one path, and notes it if a person has to decide.
    fn path(&mut self, path: &Path, item: Item) -> Result<Option<Leaf>> {
        let (leaf, trouble) = self.outcome(&item)?;
        self.settled.leaves.insert(Rc::clone(path), leaf);
        if let Some(kind) = trouble {
            self.settled.open.insert(Rc::clone(path), Open { kind, item });
        }
        Ok(leaf)
    }

    fn outcome(&self, item: &Item) -> Result<(Option<Leaf>, Option<ConflictKind>)> {
        let Item { leaves, dispute, .. } = item;
        let [base, ours, theirs] = *leaves;
        let is_inner = self.manner.depth > 0;
        if item.equal != 0 {
            let leaf = if item.equal == 3 { theirs } else { ours };
            // Nobody disputes what is gone on both sides.
            return Ok((leaf, dispute.filter(|_| leaf.is_some())));
        }
        Ok(match (ours, theirs) {
            (Some(mine), Some(yours)) if !mine.is_like(yours) => {
                let leaf = if is_inner { base } else { ours };
                (leaf, Some(dispute.unwrap_or(ConflictKind::Type)))
            }
            (Some(_), Some(_)) => {
                let merged = self.merge_file(*leaves, &item.names, 0)?;
                (merged.leaf, dispute.or(merged.trouble))
            }
            (Some(leaf), None) | (None, Some(leaf)) if base.is_some() => {
                let kept = if is_inner { base } else { Some(leaf) };
                let kind =
                    if ours.is_none() { ConflictKind::DeletedHere } else { ConflictKind::DeletedThere };
                (kept, Some(dispute.unwrap_or(kind)))
            }
            (Some(leaf), None) | (None, Some(leaf)) => (Some(leaf), *dispute),
            (None, None) => (None, *dispute),
        })
    }

    /// Merges what both sides have at one path; both are files, links or submodules alike.
    fn merge_file(&self, leaves: [Option<Leaf>; 3], names: &[Path; 3], level: usize) -> Result<File> {
        let [base, Some(ours), Some(theirs)] = leaves else {
            unreachable!("both sides have the file when it is merged");
        };
        let base_mode = base.map(|base| base.mode);
        let mut trouble = None;
        let mode = if ours.mode == theirs.mode || Some(ours.mode) == base_mode {
            theirs.mode
        } else {
            if Some(theirs.mode) != base_mode {
                trouble = Some(ConflictKind::Mode);
            }
            ours.mode
        };
        let base_id = base.map(|base| base.id);
        if ours.id == theirs.id || Some(ours.id) == base_id {
            return Ok(File { leaf: Some(Leaf { mode, id: theirs.id }), trouble });
        }
        if Some(theirs.id) == base_id {
            return Ok(File { leaf: Some(Leaf { mode, id: ours.id }), trouble });
        }
        let is_inner = self.manner.depth > 0;
        let like = base.filter(|base| base.is_like(ours));
        let leaf = match ours.mode & FORMAT {
            LINK_MODE => {
                trouble = Some(ConflictKind::Link);
                if is_inner { base } else { Some(Leaf { mode, id: ours.id }) }
            }
            SUBMODULE_MODE => {
                trouble = Some(ConflictKind::Submodule);
                if is_inner { base } else { Some(Leaf { mode, id: ours.id }) }
            }
            _ => {
                let (id, found) = self.merge_text([like, Some(ours), Some(theirs)], names, level)?;
                trouble = found.or(trouble);
                Some(Leaf { mode, id })
            }
        };
        Ok(File { leaf, trouble })
    }

    fn merge_text(
        &self,
        leaves: [Option<Leaf>; 3],
        names: &[Path; 3],
        level: usize,
    ) -> Result<(ObjectId, Option<ConflictKind>)> {
        let is_inner = self.manner.depth > 0;
        let kept = leaves[if is_inner && leaves[BASE].is_some() { BASE } else { OURS }];
        let kept = kept.map_or(ObjectId::ZERO, |leaf| leaf.id);
        let mut contents = Vec::new();
        for leaf in leaves {
            match leaf {
                None => contents.push(Rc::from(&b""[..])),
                Some(leaf) => match self.bench.blob(leaf.id)? {
                    None => return Ok((kept, Some(ConflictKind::TooLarge))),
                    Some(data) => contents.push(data),
                },
            }
        }
        if contents.iter().any(|data: &Rc<[u8]>| is_binary(data)) {
            // An inner merge takes the base, or an empty file, and calls that clean, as git does.
            let kept = match (is_inner, leaves[BASE]) {
                (true, None) => self.bench.make_blob(Vec::new())?,
                _ => kept,
            };
            return Ok((kept, (!is_inner).then_some(ConflictKind::Binary)));
        }
        let texts = Texts::new([&contents[0], &contents[1], &contents[2]]);
        if texts.is_too_long() {
            return Ok((kept, Some(ConflictKind::TooLarge)));
        }
        self.bench.git.budget.look()?;
        let labels = [OURS, THEIRS].map(|side| self.label(names, side));
        let size = MARKER_SIZE + 2 * self.manner.depth + level;
        let merged = texts.merge(&Markers { size, ours: &labels[0], theirs: &labels[1] });
        let kind = if leaves[BASE].is_none() { ConflictKind::BothAdded } else { ConflictKind::Content };
        Ok((self.bench.make_blob(merged.text)?, (!merged.overlaps.is_empty()).then_some(kind)))
    }

    /// What a side is called in conflict markers: with the path if the paths differ.
    fn label(&self, names: &[Path; 3], side: usize) -> Vec<u8> {
        let label = self.manner.labels[side - 1].as_bytes();
        if names.iter().all(|name| *name == names[BASE]) {
            return label.to_vec();
        }
        [label, b":", &names[side]].concat()
    }
}

/// Notes that the folders above a path are not empty.
fn occupy(occupied: &mut HashSet<Vec<u8>>, path: &[u8]) {
    let mut folder = parent(path);
    while !folder.is_empty() && occupied.insert(folder.to_vec()) {
        folder = parent(folder);
    }
}
