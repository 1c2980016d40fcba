//! A tree that is being changed in memory.

use std::{collections::BTreeMap, ops::ControlFlow::Continue};

use crate::{EntryKind, Error, ObjectId, OpenRepository, Result, TreePath, gitmodules};

/// A folder whose entries were loaded.
#[derive(Debug)]
pub(super) struct Folder(BTreeMap<Vec<u8>, Slot>);

/// What a name refers to.
#[derive(Debug)]
pub(super) enum Slot {
    /// An object in the repository, with its mode.
    Object(ObjectId, u32),
    /// A folder that was opened for changes.
    Folder(Folder),
}

const TREE_MODE: u32 = 0o040_000;

impl Folder {
    pub(super) fn load(git: &OpenRepository, tree: ObjectId) -> Result<Self> {
        let mut slots = BTreeMap::new();
        git.each_entry(tree.gix(), |name, mode, id| {
            slots.insert(name.to_vec(), Slot::Object(id.into(), u32::from(mode.value())));
            Ok(Continue(()))
        })?;
        Ok(Self(slots))
    }

    /// Writes a blob at a path, replacing an existing file.
    pub(super) fn put(
        &mut self,
        git: &OpenRepository,
        path: &TreePath,
        id: ObjectId,
        kind: EntryKind,
    ) -> Result<()> {
        gitmodules::check(git, path, kind.mode(), id)?;
        let folder = self.open_parent(git, path)?;
        if folder.0.get(path.name().as_bytes()).is_some_and(Slot::is_folder) {
            return Err(Error::WrongKind("file"));
        }
        folder.0.insert(path.name().into(), Slot::Object(id, kind.mode()));
        Ok(())
    }

    /// Removes and returns what is at a path.
    pub(super) fn take(&mut self, git: &OpenRepository, path: &TreePath) -> Result<Slot> {
        let mut folder = self;
        for segment in path.parent().unwrap_or_default().segments() {
            folder = folder.0.get_mut(segment.as_bytes()).ok_or(Error::PathNotFound)?.open(git)?;
        }
        folder.0.remove(path.name().as_bytes()).ok_or(Error::PathNotFound)
    }

    /// Puts something at a path that must be free.
    pub(super) fn place(&mut self, git: &OpenRepository, path: &TreePath, slot: Slot) -> Result<()> {
        if let Slot::Object(id, mode) = slot {
            gitmodules::check(git, path, mode, id)?;
        }
        let folder = self.open_parent(git, path)?;
        if folder.0.contains_key(path.name().as_bytes()) {
            return Err(Error::PathTaken(path.clone()));
        }
        folder.0.insert(path.name().into(), slot);
        Ok(())
    }

    /// Opens the folders above a path, creating missing ones.
    fn open_parent(&mut self, git: &OpenRepository, path: &TreePath) -> Result<&mut Self> {
        let parent = path.parent().ok_or(Error::WrongKind("file"))?;
        let mut folder = self;
        for segment in parent.segments() {
            let slot = folder.0.entry(segment.into()).or_insert_with(|| Slot::Folder(Self(BTreeMap::new())));
            folder = slot.open(git)?;
        }
        Ok(folder)
    }

    /// Writes the tree objects of this folder and of those opened in it. Folders that became empty are
    /// dropped.
    pub(super) fn write(self, git: &OpenRepository, written: &mut Vec<ObjectId>) -> Result<ObjectId> {
        let mut entries = Vec::new();
        for (name, slot) in self.0 {
            let (id, mode) = match slot {
                Slot::Object(id, mode) => (id, mode),
                Slot::Folder(folder) if folder.is_empty() => continue,
                Slot::Folder(folder) => (folder.write(git, written)?, TREE_MODE),
            };
            entries.push((name, mode, id));
        }
        // Git orders a folder as if its name ended in a slash.
        entries.sort_by_cached_key(|(name, mode, _)| {
            let mut key = name.clone();
            key.extend((*mode == TREE_MODE).then_some(b'/'));
            key
        });
        let mut data = Vec::new();
        for (name, mode, id) in &entries {
            data.extend_from_slice(format!("{mode:o} ").as_bytes());
            data.extend_from_slice(name);
            data.push(0);
            data.extend_from_slice(id.as_bytes());
        }
        let made = git.git2()?.odb()?.write(git2::ObjectType::Tree, &data);
        let id = ObjectId::from(made.map_err(Error::of_writing)?);
        written.push(id);
        Ok(id)
    }

    fn is_empty(&self) -> bool {
        self.0.values().all(|slot| matches!(slot, Slot::Folder(folder) if folder.is_empty()))
    }
}

impl Slot {
    fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_) | Self::Object(_, TREE_MODE))
    }

    fn open(&mut self, git: &OpenRepository) -> Result<&mut Folder> {
        if let Self::Object(id, TREE_MODE) = self {
            *self = Self::Folder(Folder::load(git, *id)?);
        }
        match self {
            Self::Folder(folder) => Ok(folder),
            Self::Object(..) => Err(Error::WrongKind("folder")),
        }
    }
}
