//! Looking at what a push brings while it is still in quarantine.

use std::path::{Path, PathBuf};

use crate::{
    Commit, Error, ObjectId, RefUpdate, Repository, Result, UpdateKind, files, read::RawCommit,
    store::blocking,
};

/// How much a push brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IncomingSize {
    /// Objects.
    pub objects: u64,
    /// Bytes they take on disk.
    pub bytes: u64,
}

/// A repository together with the objects of a push that has not been accepted yet. Its methods block.
pub struct Incoming {
    git: git2::Repository,
    quarantine: Option<PathBuf>,
}

impl Incoming {
    fn open(repository: &Path, quarantine: Option<PathBuf>) -> Result<Self> {
        let git = git2::Repository::open_bare(repository)?;
        if let Some(path) = &quarantine {
            git.odb()?.add_disk_alternate(utf8(path)?)?;
        }
        Ok(Self { git, quarantine })
    }

    /// Whether the update leaves commits behind: the old place is not in the history of the new one.
    pub fn is_forced(&self, update: &RefUpdate) -> Result<bool> {
        match (update.old, update.new) {
            (Some(old), Some(new)) if old != new => {
                Ok(!self.git.graph_descendant_of(new.git2(), old.git2()).unwrap_or(false))
            }
            _ => Ok(false),
        }
    }

    /// The new commits of an update: those that no reference of the repository has yet, newest first, at most
    /// `limit`.
    pub fn new_commits(&self, update: &RefUpdate, limit: usize) -> Result<Vec<Commit>> {
        let (Some(new), false) = (update.new, update.kind() == UpdateKind::Delete) else {
            return Ok(Vec::new());
        };
        let Ok(commit) = self.git.find_object(new.git2(), None)?.peel_to_commit() else {
            return Ok(Vec::new());
        };
        let mut walk = self.git.revwalk()?;
        walk.push(commit.id())?;
        for reference in self.git.references()? {
            if let Some(tip) = reference?.target() {
                // A tag of something else than a commit hides nothing.
                let _ = walk.hide(tip);
            }
        }
        walk.take(limit).map(|id| self.commit(ObjectId::from(id?))).collect()
    }

    /// A commit, pushed or present.
    pub fn commit(&self, id: ObjectId) -> Result<Commit> {
        let objects = self.git.odb()?;
        let object = objects.read(id.git2())?;
        if object.kind() != git2::ObjectType::Commit {
            return Err(Error::WrongKind("commit"));
        }
        Ok(RawCommit::parse(object.data())?.into_commit(id))
    }

    /// How much came in.
    pub fn size(&self) -> Result<IncomingSize> {
        let mut size = IncomingSize::default();
        self.each(|_, _, _| size.objects += 1)?;
        if let Some(quarantine) = &self.quarantine {
            size.bytes = files::bytes_in(quarantine)?;
        }
        Ok(size)
    }

    /// The files that came in and are larger than `limit`, largest first.
    pub fn blobs_over(&self, limit: u64) -> Result<Vec<(ObjectId, u64)>> {
        let mut found = Vec::new();
        self.each(|id, size, kind| {
            if kind == git2::ObjectType::Blob && size > limit {
                found.push((id, size));
            }
        })?;
        found.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        Ok(found)
    }

    /// Hands every object in the quarantine to `visit`.
    fn each(&self, mut visit: impl FnMut(ObjectId, u64, git2::ObjectType)) -> Result<()> {
        let Some(quarantine) = &self.quarantine else { return Ok(()) };
        let objects = git2::Odb::new()?;
        objects.add_disk_alternate(utf8(quarantine)?)?;
        let mut ids = Vec::new();
        objects.foreach(|id| {
            ids.push(*id);
            true
        })?;
        for id in ids {
            let (size, kind) = objects.read_header(id)?;
            visit(id.into(), size as u64, kind);
        }
        Ok(())
    }
}

fn utf8(path: &Path) -> Result<&str> {
    path.to_str().ok_or(Error::Malformed("a path is not UTF-8"))
}

/// Lends the repository with its quarantine to `work` on a thread that may block.
pub(super) async fn inspect<T: Send + 'static>(
    repository: &Repository,
    quarantine: Option<PathBuf>,
    work: impl FnOnce(&Incoming) -> Result<T> + Send + 'static,
) -> Result<T> {
    let path = repository.path().to_owned();
    blocking(move || work(&Incoming::open(&path, quarantine)?)).await
}
