//! Which files two trees have in different forms.

use gix::{
    diff::tree::{Recorder, State, recorder},
    objs::{TreeRefIter, tree::EntryMode},
};

use crate::{Error, ObjectId, OpenRepository, Result, read::EntryKind};

/// A file on one side.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// The path; bytes that are not UTF-8 are replaced.
    pub(super) path: String,
    pub(super) kind: EntryKind,
    pub(super) id: ObjectId,
}

impl Side {
    fn new(path: &[u8], mode: EntryMode, id: gix::ObjectId) -> Self {
        Self {
            path: String::from_utf8_lossy(path).into_owned(),
            kind: EntryKind::of(mode),
            id: ObjectId::from(id),
        }
    }

    /// The last part of the path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it may have come from, or gone to, another path.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.kind, EntryKind::File | EntryKind::Executable)
    }
}

/// A file that is not the same on both sides; at least one side is there.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

/// All changed files; folders themselves are none.
pub(super) fn between(
    git: &OpenRepository,
    from: Option<gix::ObjectId>,
    to: gix::ObjectId,
) -> Result<Vec<Change>> {
    let (from, to) = (tree_data(git, from)?, tree_data(git, Some(to))?);
    let sha1 = gix::hash::Kind::Sha1;
    let mut recorder = Recorder::default();
    gix::diff::tree(
        TreeRefIter::from_bytes(&from, sha1),
        TreeRefIter::from_bytes(&to, sha1),
        &mut State::default(),
        &git.gix.objects,
        &mut recorder,
    )
    .map_err(|error| Error::Damaged(error.to_string()))?;
    Ok(recorder.records.into_iter().filter_map(change).collect())
}

fn tree_data(git: &OpenRepository, tree: Option<gix::ObjectId>) -> Result<Vec<u8>> {
    match tree.filter(|tree| *tree != ObjectId::EMPTY_TREE.gix()) {
        Some(tree) => Ok(git.object(tree, gix::objs::Kind::Tree)?.detach().data),
        None => Ok(Vec::new()),
    }
}

fn change(record: recorder::Change) -> Option<Change> {
    match record {
        recorder::Change::Addition { entry_mode, oid, path, .. } => (!entry_mode.is_tree())
            .then(|| Change { old: None, new: Some(Side::new(&path, entry_mode, oid)) }),
        recorder::Change::Deletion { entry_mode, oid, path, .. } => (!entry_mode.is_tree())
            .then(|| Change { old: Some(Side::new(&path, entry_mode, oid)), new: None }),
        recorder::Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
            (!entry_mode.is_tree()).then(|| Change {
                old: Some(Side::new(&path, previous_entry_mode, previous_oid)),
                new: Some(Side::new(&path, entry_mode, oid)),
            })
        }
    }
}
