//! The objects of one merge: those of the repository, and those that the merge makes. What it makes stays in memory
//! until the merge is known to be clean, so that a conflict leaves nothing behind.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    ops::ControlFlow::Continue,
    rc::Rc,
};

use gix::objs::TreeRefIter;

use super::TREE_MODE;
use crate::{Error, ObjectId, OpenRepository, Result};

/// A larger file is not merged by lines, and is compared with others only as a whole.
const MOST_FILE_BYTES: u64 = 8 << 20;

/// One entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) mode: u32,
    pub(super) id: ObjectId,
}

pub(super) struct Bench<'git> {
    pub(super) git: &'git OpenRepository,
    made: RefCell<HashMap<ObjectId, Made>>,
}

#[derive(Clone)]
struct Made {
    kind: git2::ObjectType,
    data: Rc<[u8]>,
}

impl<'git> Bench<'git> {
    pub(super) fn new(git: &'git OpenRepository) -> Self {
        Self { git, made: RefCell::default() }
    }

    /// The content of a file; `None` if it is too large.
    pub(super) fn blob(&self, id: ObjectId) -> Result<Option<Rc<[u8]>>> {
        if let Some(made) = self.made.borrow().get(&id) {
            return Ok(Some(Rc::clone(&made.data)));
        }
        Ok(self.git.blob(id, MOST_FILE_BYTES)?.data.map(Rc::from))
    }

    /// The entries of a tree, by name.
    pub(super) fn entries(&self, tree: ObjectId) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let mut keep = |name: &[u8], mode: gix::objs::tree::EntryMode, id: &gix::oid| {
            // Old tools wrote odd permissions; git itself reads them as one of two.
            let mode = crate::EntryKind::of(mode).mode();
            entries.push(Entry { name: name.to_vec(), mode, id: id.into() });
        };
        let made = self.made.borrow().get(&tree).cloned();
        if let Some(made) = made {
            for entry in TreeRefIter::from_bytes(&made.data, gix::hash::Kind::Sha1) {
                let entry = entry.map_err(|error| Error::Damaged(error.to_string()))?;
                keep(entry.filename, entry.mode, entry.oid);
            }
        } else {
            self.git.each_entry(tree.gix(), |name, mode, id| {
                keep(name, mode, id);
                Ok(Continue(()))
            })?;
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    /// Whether something stands at a path of a tree.
    pub(super) fn has(&self, tree: ObjectId, path: &[u8]) -> Result<bool> {
        let mut folder = Some(tree);
        for name in path.split(|byte| *byte == b'/') {
            let Some(tree) = folder else { return Ok(false) };
            let found = self.entries(tree)?.into_iter().find(|entry| entry.name == name);
            let Some(entry) = found else { return Ok(false) };
            folder = (entry.mode == TREE_MODE).then_some(entry.id);
        }
        Ok(true)
    }

    /// Adds a file in memory.
    pub(super) fn make_blob(&self, data: Vec<u8>) -> Result<ObjectId> {
        self.make(git2::ObjectType::Blob, data)
    }

    /// Adds a tree in memory. The entries are in any order.
    pub(super) fn make_tree(&self, mut entries: Vec<Entry>) -> Result<ObjectId> {
        // Git orders a folder as if its name ended in a slash.
        entries.sort_by_cached_key(|entry| {
            let mut key = entry.name.clone();
            key.extend((entry.mode == TREE_MODE).then_some(b'/'));
            key
        });
        let mut data = Vec::new();
        for entry in &entries {
            data.extend_from_slice(format!("{:o} ", entry.mode).as_bytes());
            data.extend_from_slice(&entry.name);
            data.push(0);
            data.extend_from_slice(entry.id.as_bytes());
        }
        self.make(git2::ObjectType::Tree, data)
    }

    fn make(&self, kind: git2::ObjectType, data: Vec<u8>) -> Result<ObjectId> {
        self.git.budget.charge(1, data.len() as u64)?;
        let id = ObjectId::from(git2::Oid::hash_object(kind, &data)?);
        self.made.borrow_mut().entry(id).or_insert_with(|| Made { kind, data: data.into() });
        Ok(id)
    }

    /// Writes what was made and belongs to `tree`, and waits until it is on disk.
    pub(super) fn keep(&self, tree: ObjectId) -> Result<()> {
        let mut written = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![tree];
        while let Some(id) = waiting.pop() {
            let Some(made) = self.made.borrow().get(&id).cloned() else { continue };
            if !seen.insert(id) {
                continue;
            }
            if made.kind == git2::ObjectType::Tree {
                for entry in TreeRefIter::from_bytes(&made.data, gix::hash::Kind::Sha1) {
                    let entry = entry.map_err(|error| Error::Damaged(error.to_string()))?;
                    waiting.push(entry.oid.into());
                }
            }
            self.git.git2()?.odb()?.write(made.kind, &made.data).map_err(Error::of_writing)?;
            written.push(id);
        }
        self.git.sync(&written)
    }
}
