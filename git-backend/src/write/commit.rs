//! Commits made by the server.

use crate::{
    BranchName, EntryKind, Error, Invalid, ObjectId, OpenRepository, RefUpdate, Repository, Result,
    Signature, TreePath, files, write::tree::Folder,
};

/// One change of a commit. They are applied in order.
#[derive(Debug, Clone)]
pub enum Change {
    /// Writes a file, new or not, creating parent folders.
    Put {
        /// Its path.
        path: TreePath,
        /// A file, an executable, or a link.
        kind: EntryKind,
        /// Its content.
        content: Content,
    },
    /// Removes a file or a whole folder.
    Delete {
        /// What to remove.
        path: TreePath,
    },
    /// Moves a file or a folder to another path, which must be free.
    Move {
        /// The path now.
        from: TreePath,
        /// The path afterwards.
        to: TreePath,
    },
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A blob that exists in the repository.
    Blob(ObjectId),
}

/// A commit to create.
#[derive(Debug, Clone)]
pub struct NewCommit {
    /// The branch to move to it.
    pub branch: BranchName,
    /// Where the caller saw that branch; `None` when it must not exist yet. If it has moved, nothing happens
    /// and the error is [`Error::Conflict`].
    pub branch_was: Option<ObjectId>,
    /// The commit's parent; `None` for a root commit. Mostly the same as `branch_was`.
    pub parent: Option<ObjectId>,
    /// Who wrote the change.
    pub author: Signature,
    /// Who creates the commit.
    pub committer: Signature,
    /// Title, blank line, body.
    pub message: String,
    /// What changes.
    pub changes: Vec<Change>,
    /// Whether a commit without changes is allowed.
    pub is_empty_allowed: bool,
}

/// Up to this many new objects are synced to disk one by one; more, by flushing the file system once.
const MAX_SINGLE_SYNCS: usize = 32;

impl Repository {
    /// Creates a commit and moves its branch, or does nothing.
    pub async fn commit_files(&self, commit: NewCommit) -> Result<RefUpdate> {
        let update = self.prepare_commit(commit).await?;
        self.update_references(std::slice::from_ref(&update)).await?;
        Ok(update)
    }

    /// Creates a commit and returns the update that moves its branch, for [`Repository::update_references`],
    /// when other references move with it. Nothing refers to the commit until then, so that has to happen
    /// within the two hours that [`Repository::maintain`] grants.
    pub async fn prepare_commit(&self, commit: NewCommit) -> Result<RefUpdate> {
        let (name, old) = (commit.branch.full(), commit.branch_was);
        let new = self.run(move |git| git.commit_changes(commit)).await?;
        Ok(RefUpdate { name, old, new: Some(new) })
    }
}

impl OpenRepository {
    /// Writes a blob that a later commit may name. Nothing refers to it until then, so it has to be used
    /// within the two hours that [`Repository::maintain`] grants.
    pub fn write_blob(&self, data: &[u8]) -> Result<ObjectId> {
        let id = ObjectId::from(self.git2()?.blob(data).map_err(Error::of_writing)?);
        self.sync(&[id])?;
        Ok(id)
    }

    fn commit_changes(&self, commit: NewCommit) -> Result<ObjectId> {
        if commit.message.contains('\0') {
            return Err(Invalid::Message.into());
        }
        let (author, committer) = (commit.author.git2()?, commit.committer.git2()?);
        let found = self.branch(&commit.branch)?;
        if found != commit.branch_was {
            return Err(Error::Conflict { name: commit.branch.full(), expected: commit.branch_was, found });
        }
        let before = match commit.parent {
            Some(parent) => self.tree_id(parent, &TreePath::root())?,
            None => ObjectId::EMPTY_TREE,
        };
        let mut written = Vec::new();
        let mut root = Folder::load(self, before)?;
        for change in commit.changes {
            self.apply(&mut root, change, &mut written)?;
        }
        let tree = root.write(self, &mut written)?;
        if tree == before && commit.parent.is_some() && !commit.is_empty_allowed {
            return Err(Error::NothingToCommit);
        }
        let git2 = self.git2()?;
        let tree = git2.find_tree(tree.git2())?;
        let parent = commit.parent.map(|parent| git2.find_commit(parent.git2())).transpose()?;
        let parents: Vec<_> = parent.iter().collect();
        let message = git2::message_prettify(&commit.message, None)?;
        let id = self.write_commit_object(git2, [&author, &committer], &message, &tree, &parents)?;
        written.push(id);
        self.sync(&written)?;
        Ok(id)
    }

    fn apply(&self, root: &mut Folder, change: Change, written: &mut Vec<ObjectId>) -> Result<()> {
        match change {
            Change::Put { path, kind, content } => {
                if !kind.is_blob() {
                    return Err(Error::WrongKind("file"));
                }
                let id = match content {
                    Content::Bytes(bytes) => {
                        let id = ObjectId::from(self.git2()?.blob(&bytes).map_err(Error::of_writing)?);
                        written.push(id);
                        id
                    }
                    Content::Blob(id) => {
                        self.blob_size(id)?;
                        id
                    }
                };
                root.put(self, &path, id, kind)
            }
            Change::Delete { path } => root.take(self, &path).map(drop),
            Change::Move { from, to } => {
                let slot = root.take(self, &from)?;
                root.place(self, &to, slot)
            }
        }
    }

    /// Waits until new loose objects are on disk, before a reference names them.
    pub(crate) fn sync(&self, ids: &[ObjectId]) -> Result<()> {
        let objects = self.repository.path().join("objects");
        if ids.len() > MAX_SINGLE_SYNCS {
            return files::sync_file_system(&objects);
        }
        for id in ids {
            let id = id.to_string();
            files::sync_if_exists(&objects.join(&id[..2]).join(&id[2..]))?;
        }
        Ok(())
    }
}
