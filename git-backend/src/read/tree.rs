//! Folders.

use gix::objs::{TreeRefIter, tree::EntryMode};

use crate::{Error, ObjectId, OpenRepository, Result, TreePath};

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A folder.
    Directory,
    /// A file.
    File,
    /// A file that may be run.
    Executable,
    /// A link: its content is the target.
    Symlink,
    /// A commit of another repository.
    Submodule,
}

impl EntryKind {
    pub(crate) fn of(mode: EntryMode) -> Self {
        if mode.is_tree() {
            Self::Directory
        } else if mode.is_commit() {
            Self::Submodule
        } else if mode.is_link() {
            Self::Symlink
        } else if mode.is_executable() {
            Self::Executable
        } else {
            Self::File
        }
    }

    /// The mode as git writes it.
    pub fn mode(self) -> u32 {
        match self {
            Self::Directory => 0o040_000,
            Self::File => 0o100_644,
            Self::Executable => 0o100_755,
            Self::Symlink => 0o120_000,
            Self::Submodule => 0o160_000,
        }
    }

    /// Whether the entry is a blob: a file of either kind, or a link.
    pub fn is_blob(self) -> bool {
        matches!(self, Self::File | Self::Executable | Self::Symlink)
    }
}

/// One line of a folder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TreeEntry {
    /// The name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// The blob, tree, or the submodule's commit.
    pub id: ObjectId,
    /// Bytes of a blob, once [`OpenRepository::fill_sizes`] has been asked.
    pub size: Option<u64>,
}

/// One file of a whole tree.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileEntry {
    /// The path from the root; bytes that are not UTF-8 are replaced.
    pub path: String,
    /// What it is; never a directory.
    pub kind: EntryKind,
    /// The blob, or the submodule's commit.
    pub id: ObjectId,
}

/// Folders inside folders that a walk follows; deeper trees are taken for hostile.
const MAX_DEPTH: usize = 512;

impl OpenRepository {
    /// The entries of a folder, folders first, each by name.
    pub fn tree(&self, commit: ObjectId, path: &TreePath) -> Result<Vec<TreeEntry>> {
        self.tree_entries(self.tree_id(commit, path)?)
    }

    /// The entries of a tree by its own id, folders first, each by name.
    pub fn tree_entries(&self, tree: ObjectId) -> Result<Vec<TreeEntry>> {
        let mut entries = Vec::new();
        self.each_entry(tree.gix(), |name, mode, id| {
            entries.push(TreeEntry {
                name: String::from_utf8_lossy(name).into_owned(),
                kind: EntryKind::of(mode),
                id: id.into(),
                size: None,
            });
            Ok(())
        })?;
        entries.sort_by_key(|entry| !matches!(entry.kind, EntryKind::Directory | EntryKind::Submodule));
        Ok(entries)
    }

    /// The id of the tree of a folder.
    pub fn tree_id(&self, commit: ObjectId, path: &TreePath) -> Result<ObjectId> {
        if path.is_root() {
            return Ok(self.root_tree(commit)?.into());
        }
        let entry = self.entry(commit, path)?;
        if entry.kind == EntryKind::Directory { Ok(entry.id) } else { Err(Error::WrongKind("folder")) }
    }

    /// What lies at a path.
    pub fn entry(&self, commit: ObjectId, path: &TreePath) -> Result<TreeEntry> {
        self.find_entry(commit, path)?.ok_or(Error::PathNotFound)
    }

    /// What lies at a path, if anything. The root is a directory without a name.
    pub fn find_entry(&self, commit: ObjectId, path: &TreePath) -> Result<Option<TreeEntry>> {
        let mut entry = TreeEntry {
            name: String::new(),
            kind: EntryKind::Directory,
            id: self.root_tree(commit)?.into(),
            size: None,
        };
        for segment in path.segments() {
            if entry.kind != EntryKind::Directory {
                return Ok(None);
            }
            let mut found = None;
            self.each_entry(entry.id.gix(), |name, mode, id| {
                if name == segment.as_bytes() {
                    found = Some((EntryKind::of(mode), ObjectId::from(id)));
                }
                Ok(())
            })?;
            let Some((kind, id)) = found else { return Ok(None) };
            entry = TreeEntry { name: segment.to_owned(), kind, id, size: None };
        }
        Ok(Some(entry))
    }

    /// Fills in the sizes of the blobs among the entries.
    pub fn fill_sizes(&self, entries: &mut [TreeEntry]) -> Result<()> {
        for entry in entries.iter_mut().filter(|entry| entry.kind.is_blob()) {
            entry.size = Some(self.blob_size(entry.id)?);
        }
        Ok(())
    }

    /// Every file of a commit, for "go to file".
    pub fn files(&self, commit: ObjectId) -> Result<Vec<FileEntry>> {
        let mut files = Vec::new();
        self.walk_tree(commit, |file| files.push(file))?;
        Ok(files)
    }

    /// Hands every file of a commit to `visit`, in the order of their paths.
    pub fn walk_tree(&self, commit: ObjectId, mut visit: impl FnMut(FileEntry)) -> Result<()> {
        let mut path = String::new();
        self.walk_into(self.root_tree(commit)?, &mut path, 0, &mut visit)
    }

    fn walk_into(
        &self,
        tree: gix::ObjectId,
        path: &mut String,
        depth: usize,
        visit: &mut impl FnMut(FileEntry),
    ) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(Error::Damaged("folders are nested too deeply".to_owned()));
        }
        self.each_entry(tree, |name, mode, id| {
            let length = path.len();
            path.push_str(&String::from_utf8_lossy(name));
            if mode.is_tree() {
                path.push('/');
                self.walk_into(id.to_owned(), path, depth + 1, visit)?;
            } else {
                visit(FileEntry { path: path.clone(), kind: EntryKind::of(mode), id: id.into() });
            }
            path.truncate(length);
            Ok(())
        })
    }

    /// Hands every entry of a tree object to `visit`, in git's order.
    pub(crate) fn each_entry(
        &self,
        tree: gix::ObjectId,
        mut visit: impl FnMut(&[u8], EntryMode, &gix::oid) -> Result<()>,
    ) -> Result<()> {
        if tree == ObjectId::EMPTY_TREE.gix() {
            return Ok(());
        }
        let object = self.object(tree, gix::objs::Kind::Tree)?;
        for entry in TreeRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1) {
            let entry = entry.map_err(|error| Error::Damaged(error.to_string()))?;
            visit(entry.filename, entry.mode, entry.oid)?;
        }
        Ok(())
    }
}
