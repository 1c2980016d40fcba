//! The merged tree: ours, with what differs. Only folders in which something differs are opened and made.

use std::collections::BTreeMap;

use super::{
    Leaf, TREE_MODE,
    bench::{Bench, Entry},
    walk::Path,
};
use crate::{ObjectId, Result};

/// What becomes of the names in a folder.
#[derive(Default)]
struct Folder(BTreeMap<Vec<u8>, Name>);

/// What was decided about a name itself.
#[derive(Clone, Copy, Default)]
enum Decision {
    #[default]
    None,
    Removed,
    Stands(Leaf),
}

#[derive(Default)]
struct Name {
    decision: Decision,
    below: Folder,
}

/// Makes the tree in memory.
pub(super) fn build(
    bench: &Bench<'_>,
    ours: ObjectId,
    leaves: &BTreeMap<Path, Option<Leaf>>,
) -> Result<ObjectId> {
    let mut root = Folder::default();
    for (path, leaf) in leaves {
        root.note(path, *leaf);
    }
    Ok(root.apply(bench, Some(ours))?.unwrap_or(ObjectId::EMPTY_TREE))
}

impl Folder {
    fn note(&mut self, path: &[u8], leaf: Option<Leaf>) {
        let mut folder = self;
        let mut rest = path;
        while let Some(slash) = rest.iter().position(|byte| *byte == b'/') {
            folder = &mut folder.0.entry(rest[..slash].to_vec()).or_default().below;
            rest = &rest[slash + 1..];
        }
        folder.0.entry(rest.to_vec()).or_default().decision =
            leaf.map_or(Decision::Removed, Decision::Stands);
    }

    /// The folder after the changes; `None` if nothing is left in it.
    fn apply(self, bench: &Bench<'_>, before: Option<ObjectId>) -> Result<Option<ObjectId>> {
        if self.0.is_empty() {
            return Ok(before);
        }
        let entries = before.map_or(Ok(Vec::new()), |tree| bench.entries(tree))?;
        let mut after: BTreeMap<Vec<u8>, Leaf> =
            entries.into_iter().map(|Entry { name, mode, id }| (name, Leaf { mode, id })).collect();
        for (name, Name { decision, below }) in self.0 {
            let present = after.remove(&name);
            let tree = present.filter(|entry| entry.mode == TREE_MODE).map(|entry| entry.id);
            let folder = below.apply(bench, tree)?.map(|id| Leaf { mode: TREE_MODE, id });
            // A folder with something in it takes the place of a file about which nothing was decided.
            let file = present.filter(|entry| entry.mode != TREE_MODE);
            let stays = match decision {
                Decision::Stands(leaf) => Some(leaf),
                Decision::Removed => folder,
                Decision::None => folder.or(file),
            };
            after.extend(stays.map(|leaf| (name, leaf)));
        }
        if after.is_empty() {
            return Ok(None);
        }
        let entries = after.into_iter().map(|(name, Leaf { mode, id })| Entry { name, mode, id });
        bench.make_tree(entries.collect()).map(Some)
    }
}
