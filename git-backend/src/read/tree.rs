//! Folders.

use std::ops::ControlFlow::{self, Break, Continue};

use gix::objs::{TreeRefIter, tree::EntryMode};

use crate::{Answer, Bound, Error, ObjectId, OpenRepository, Result, TreePath};

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A folder.
    Directory,
    /// A file.
    File,
    /// An executable file.
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

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TreeEntry {
    /// The name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// The blob, tree, or the submodule's commit.
    pub id: ObjectId,
    /// Size of a blob, once [`OpenRepository::fill_sizes`] was called.
    pub size: Option<u64>,
}

/// One file of a whole tree.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileEntry {
    /// The path from the root; bytes that are not UTF-8 are replaced.
    pub path: String,
    /// The raw path, if it is not UTF-8.
    pub raw_path: Option<Vec<u8>>,
    /// What it is; never a directory.
    pub kind: EntryKind,
    /// The blob, or the submodule's commit.
    pub id: ObjectId,
}

impl FileEntry {
    fn new(path: &[u8], kind: EntryKind, id: ObjectId) -> Self {
        match std::str::from_utf8(path) {
            Ok(text) => Self { path: text.to_owned(), raw_path: None, kind, id },
            Err(_) => {
                let text = String::from_utf8_lossy(path).into_owned();
                Self { path: text, raw_path: Some(path.to_owned()), kind, id }
            }
        }
    }

    /// The raw path.
    pub fn path_bytes(&self) -> &[u8] {
        self.raw_path.as_deref().unwrap_or(self.path.as_bytes())
    }
}

/// The entries of a folder; of very many, the first.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Listing {
    /// Folders first, each by name.
    pub entries: Vec<TreeEntry>,
    /// The number of all entries, listed or not.
    pub total: usize,
    /// How many of them pass the filter, listed or not.
    pub matching: usize,
}

/// Which entries of a folder are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TreePart {
    /// Only entries whose names contain this, whatever the case; empty for all.
    pub filter: String,
    /// How many of them are left out at the start.
    pub skip: usize,
    /// How many are given at most.
    pub most: usize,
}

/// The nesting depth to which a walk follows folders; anything deeper is left out.
const MAX_DEPTH: usize = 128;

impl OpenRepository {
    /// The entries of a folder, folders first, each by name, at most `most`.
    pub fn tree(&self, commit: ObjectId, path: &TreePath, most: usize) -> Result<Listing> {
        self.tree_entries(self.tree_id(commit, path)?, most)
    }

    /// The entries of a tree by its own id, folders first, each by name, at most `most`.
    pub fn tree_entries(&self, tree: ObjectId, most: usize) -> Result<Listing> {
        self.tree_part(tree, &TreePart { most, ..TreePart::default() })
    }

    /// A part of the entries of a tree, folders first, each by name.
    pub fn tree_part(&self, tree: ObjectId, part: &TreePart) -> Result<Listing> {
        let filter = part.filter.to_lowercase();
        let end = part.skip.saturating_add(part.most);
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        let (mut total, mut matching) = (0, 0);
        self.visit_tree(tree, |entry| {
            total += 1;
            if !filter.is_empty() && !entry.name.to_lowercase().contains(&filter) {
                return;
            }
            matching += 1;
            let is_folder = matches!(entry.kind, EntryKind::Directory | EntryKind::Submodule);
            let list = if is_folder { &mut folders } else { &mut files };
            if list.len() < end {
                list.push(entry);
            }
        })?;
        let entries = folders.into_iter().chain(files).skip(part.skip).take(part.most).collect();
        Ok(Listing { entries, total, matching })
    }

    /// Passes every entry of a tree to `visit`, in git's order. Nothing is collected.
    pub fn visit_tree(&self, tree: ObjectId, mut visit: impl FnMut(TreeEntry)) -> Result<()> {
        self.each_entry(tree.gix(), |name, mode, id| {
            visit(TreeEntry {
                name: String::from_utf8_lossy(name).into_owned(),
                kind: EntryKind::of(mode),
                id: id.into(),
                size: None,
            });
            Ok(Continue(()))
        })
    }

    /// The id of the tree of a folder.
    pub fn tree_id(&self, commit: ObjectId, path: &TreePath) -> Result<ObjectId> {
        if path.is_root() {
            return Ok(self.root_tree(commit)?.into());
        }
        let entry = self.entry(commit, path)?;
        if entry.kind == EntryKind::Directory { Ok(entry.id) } else { Err(Error::WrongKind("folder")) }
    }

    /// The entry at a path.
    pub fn entry(&self, commit: ObjectId, path: &TreePath) -> Result<TreeEntry> {
        self.find_entry(commit, path)?.ok_or(Error::PathNotFound)
    }

    /// The entry at a path, if any. The root is a directory without a name.
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
            let Some((mode, id)) = self.find_in_tree(entry.id.gix(), segment.as_bytes())? else {
                return Ok(None);
            };
            entry =
                TreeEntry { name: segment.to_owned(), kind: EntryKind::of(mode), id: id.into(), size: None };
        }
        Ok(Some(entry))
    }

    /// The entry of a tree with this name.
    pub(crate) fn find_in_tree(
        &self,
        tree: gix::ObjectId,
        wanted: &[u8],
    ) -> Result<Option<(EntryMode, gix::ObjectId)>> {
        let mut found = None;
        self.each_entry(tree, |name, mode, id| {
            if name == wanted {
                found = Some((mode, id.to_owned()));
                return Ok(Break(()));
            }
            Ok(Continue(()))
        })?;
        Ok(found)
    }

    /// Fills in the sizes of the blobs among the entries.
    pub fn fill_sizes(&self, entries: &mut [TreeEntry]) -> Result<()> {
        for entry in entries.iter_mut().filter(|entry| entry.kind.is_blob()) {
            entry.size = Some(self.blob_size(entry.id)?);
        }
        Ok(())
    }

    /// The files of a commit, at most `most`.
    pub fn files(&self, commit: ObjectId, most: usize) -> Result<Answer<Vec<FileEntry>>> {
        let mut files = Vec::new();
        let walked = self.walk_tree(commit, |file| {
            if files.len() == most {
                return Err(self.budget.over(Bound::Entries));
            }
            files.push(file);
            Ok(Continue(()))
        })?;
        Ok(walked.map(|()| files))
    }

    /// Passes the files of a commit to `visit`, in path order, until it breaks off or the budget is spent.
    pub fn walk_tree(
        &self,
        commit: ObjectId,
        visit: impl FnMut(FileEntry) -> Result<ControlFlow<()>>,
    ) -> Result<Answer<()>> {
        let root = self.root_tree(commit)?;
        let mut walk = TreeWalk { git: self, path: Vec::new(), is_too_deep: false, visit };
        let walked = walk.enter(root, 0).map(drop);
        let is_too_deep = walk.is_too_deep;
        let mut answer = self.budget.answer(walked, ())?;
        answer.left_out = answer.left_out.or(is_too_deep.then_some(Bound::Depth));
        Ok(answer)
    }

    /// Passes every entry of a tree object to `visit`, in git's order, until it breaks off.
    pub(crate) fn each_entry(
        &self,
        tree: gix::ObjectId,
        mut visit: impl FnMut(&[u8], EntryMode, &gix::oid) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        if tree == ObjectId::EMPTY_TREE.gix() {
            return Ok(());
        }
        self.with_object(tree, gix::objs::Kind::Tree, |data| {
            for entry in TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1) {
                self.budget.charge(1, 0)?;
                let entry = entry.map_err(|error| Error::Damaged(error.to_string()))?;
                if visit(entry.filename, entry.mode, entry.oid)?.is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}

struct TreeWalk<'git, Visit> {
    git: &'git OpenRepository,
    path: Vec<u8>,
    is_too_deep: bool,
    visit: Visit,
}

impl<Visit: FnMut(FileEntry) -> Result<ControlFlow<()>>> TreeWalk<'_, Visit> {
    fn enter(&mut self, tree: gix::ObjectId, depth: usize) -> Result<ControlFlow<()>> {
        if depth > MAX_DEPTH {
            self.is_too_deep = true;
            return Ok(Continue(()));
        }
        let git = self.git;
        let mut flow = Continue(());
        git.each_entry(tree, |name, mode, id| {
            let length = self.path.len();
            self.path.extend_from_slice(name);
            flow = if mode.is_tree() {
                self.path.push(b'/');
                self.enter(id.to_owned(), depth + 1)?
            } else {
                (self.visit)(FileEntry::new(&self.path, EntryKind::of(mode), id.into()))?
            };
            self.path.truncate(length);
            Ok(flow)
        })?;
        Ok(flow)
    }
}
